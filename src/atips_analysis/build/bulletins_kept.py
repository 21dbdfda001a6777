"""Bulletins belong to a year's reports: a build makes those again whose inputs changed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence

from atips_analysis.build.bulletins import PREFIX, bulletin_files, make_within
from atips_analysis.build.pipeline import Build, published_folder
from atips_analysis.build.steps import ROOMS
from atips_analysis.databank.fingerprint import code_fingerprint
from atips_analysis.files import write_json
from atips_analysis.indicators.parts_of_year import part_of_a_year
from atips_analysis.words import languages
from atips_analysis.words.catalogues import SOURCE, catalogue_file

NOTE = "bulletins.json"
"""The bulletins of the year's reports and what each was made from, in the work folder."""


def bulletins_of(build: Build, *, simulated: bool) -> list[str]:
    """Periods of the bulletins that belong to the reports, asked before new reports take their place.

    What an interrupted build still owed counts too; who deletes the files of a bulletin takes it
    out of the reports.
    """
    folder = published_folder(build, simulated)
    there = bulletin_files(folder) if folder.is_dir() else []
    names = {file.stem for file in there if file.suffix == ".csv"}
    return sorted(names | {name for name, inputs in _noted(build).items() if not inputs})


def make_again(build: Build, names: Sequence[str], *, simulated: bool) -> list[str]:
    """Make what is out of date of some bulletins; which ones were made."""
    inputs = inputs_of(build)
    folder, noted = published_folder(build, simulated), _noted(build)
    stale = [
        name
        for name in names
        if noted.get(name) != inputs or not (folder / f"{name}.csv").is_file()
    ]
    kept = {name: inputs for name in names if name not in stale}
    _write(build, kept | dict.fromkeys(stale, ""))
    for name in stale:
        make_within(build, part_of_a_year(period_of(name)))
        kept[name] = inputs
        _write(build, dict.fromkeys(stale, "") | kept)
    return stale


def note_made(build: Build, name: str) -> None:
    """Note a bulletin that `atips bulletin` made, from what a build would make it."""
    if (build.public / "indicators.csv").is_file():
        _write(build, _noted(build) | {name: inputs_of(build)})


def period_of(name: str) -> str:
    """2024-Q3 of bulletin-2024-Q3."""
    return name.removeprefix(PREFIX).replace("-to-", "..")


def inputs_of(build: Build) -> str:
    """A hash over all that a bulletin is made from: edition, tables, notebook, words, looks, code."""
    project = build.project
    files = [
        build.public / "build.json",
        build.public / "indicators.csv",
        project.notebooks / "bulletin.ipynb",
        *project.framework.glob("*.csv"),
        *project.council_files(),
        *(file for file in project.extension.rglob("*") if file.is_file()),
        *(catalogue_file(lang) for lang in languages() if lang != SOURCE),
    ]
    whole = hashlib.sha256(code_fingerprint(ROOMS).encode())
    for file in sorted(files):
        whole.update(hashlib.sha256(file.read_bytes()).digest())
    return whole.hexdigest()


def _noted(build: Build) -> dict[str, str]:
    note = build.work / NOTE
    if not note.is_file():
        return {}
    content: dict[str, str] = json.loads(note.read_text(encoding="utf-8"))
    return content


def _write(build: Build, content: dict[str, str]) -> None:
    write_json(build.work / NOTE, content)
