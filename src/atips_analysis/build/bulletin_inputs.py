"""What each bulletin of a year's reports was made from, noted in the work folder."""

from __future__ import annotations

import hashlib

from atips_analysis.build.asked_for import Build
from atips_analysis.build.steps import ROOMS
from atips_analysis.databank.fingerprint import code_fingerprint
from atips_analysis.files import read_json, write_json
from atips_analysis.words import languages
from atips_analysis.words.catalogues import SOURCE, catalogue_file

NOTE = "bulletins.json"
"""The bulletins of the year's reports and what each was made from; blank where it is owed."""


def note_made(build: Build, name: str) -> None:
    """Note a bulletin that `atips bulletin` made, from what a build would make it."""
    if (build.public / "indicators.csv").is_file():
        write_note(build, noted(build) | {name: inputs_of(build)})


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


def noted(build: Build) -> dict[str, str]:
    """Bulletins by name, each with a hash of what it was made from, blank where it is owed."""
    note = build.work / NOTE
    if not note.is_file():
        return {}
    content: dict[str, str] = read_json(note)
    return content


def write_note(build: Build, content: dict[str, str]) -> None:
    """Keep what `noted` gives."""
    write_json(build.work / NOTE, content)
