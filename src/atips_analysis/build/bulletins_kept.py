"""Bulletins belong to a year's reports: a build makes those again whose inputs changed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from atips_analysis.build.asked_for import Build, published_folder
from atips_analysis.build.bulletin_inputs import inputs_of, noted, write_note
from atips_analysis.build.bulletins import PREFIX, bulletin_files, is_of_bulletin, make_within
from atips_analysis.errors import InputError
from atips_analysis.files import read_json
from atips_analysis.indicators.parts_of_year import part_of_a_year


def bulletins_of(build: Build, *, simulated: bool) -> list[str]:
    """Names of the bulletins that belong to the reports, asked before new reports take their place.

    What an interrupted build still owed counts too; who deletes the files of a bulletin takes it
    out of the reports.
    """
    folder = published_folder(build, simulated)
    there = bulletin_files(folder) if folder.is_dir() else []
    names = {file.stem for file in there if file.suffix == ".csv"}
    return sorted(names | {name for name, inputs in noted(build).items() if not inputs})


def forget_deleted(folder: Path) -> None:
    """Let the front page be made again where it leads to a bulletin whose files were deleted."""
    manifest = folder / "manifest.json"
    listed = read_json(manifest) if manifest.is_file() else {}
    if listed.get("state") == "draft" and any(
        is_of_bulletin(name) and not (folder / name).is_file() for name in listed["files"]
    ):
        (folder / "index.html").unlink(missing_ok=True)


def make_again(build: Build, names: Sequence[str], *, simulated: bool) -> list[str]:
    """Make what is out of date of some bulletins; which ones were made.

    Raises InputError if one cannot be made any more, as nothing is returned for its months: once,
    since it is no bulletin of the year from then on.
    """
    inputs = inputs_of(build)
    folder, made = published_folder(build, simulated), noted(build)
    stale = [
        name for name in names if made.get(name) != inputs or not (folder / f"{name}.csv").is_file()
    ]
    kept = {name: inputs for name in names if name not in stale}
    write_note(build, kept | dict.fromkeys(stale, ""))
    for name in stale:
        try:
            make_within(build, part_of_a_year(period_of(name)))
        except InputError:
            write_note(build, {one: made for one, made in noted(build).items() if one != name})
            raise
        kept[name] = inputs
        write_note(build, dict.fromkeys(stale, "") | kept)
    return stale


def period_of(name: str) -> str:
    """2024-Q3 of bulletin-2024-Q3."""
    return name.removeprefix(PREFIX).replace("-to-", "..")
