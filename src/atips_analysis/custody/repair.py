"""What a crash leaves, mended: `atips doctor --repair`.

Everything is written beside its place and moved there in one step, so a command that is killed,
or a machine whose cable is pulled, leaves the old or the new, and beside it what was unfinished.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from atips_analysis.build.one_writer import (
    LOCK,
    is_writing,
    one_writer,
    remove_unfinished,
    unfinished,
)
from atips_analysis.build.reports_folder import finish_released, mend_reports
from atips_analysis.custody.locking import LOCKING, UNLOCKING, mend_lock
from atips_analysis.databank.edition import (
    DAMAGED,
    EDITIONS,
    LATEST,
    latest_name,
    read_edition,
    refuse_damaged,
)
from atips_analysis.errors import InputError
from atips_analysis.files import remove
from atips_analysis.project import Project


def repair(project: Project) -> list[str]:
    """Mend what killed commands left in a project; a line for each thing that was done.

    Raises InputError if another command writes there.
    """
    before = _who_held(project.data / LOCK)
    with one_writer(project, even_locked=True) as removed:
        lines = [f"{LOCK}: freed; {before} held it and has ended"] if before else []
        lines += mend_lock(project)
        # Reports first: a folder that was moved away, .2024.old, is called like what process 2024
        # was writing.
        lines += list(_mend_reports(project))
        removed += [
            path
            for place in (project.baseline, project.ledger, project.notebooks, project.reports)
            for path in remove_unfinished(place)
        ]
        lines += [_removed(path, project) for path in removed]
        for bank in banks(project):
            lines += list(_mend_bank(bank, project))
    return lines


def left_over(project: Project) -> list[str]:
    """What killed commands left in a project and `repair` would mend; nothing while one writes."""
    if is_writing(project):
        return []
    reports = project.reports
    asides = [project.data / name for name in (LOCKING, UNLOCKING)]
    moved = [
        path
        for mark in ("old", "new")
        for path in sorted([*reports.glob(f".*.{mark}"), *reports.glob(f"*/.*.{mark}")])
    ]
    places = (
        *(project.council, *project.confidential, project.baseline, project.ledger),
        *(project.notebooks, reports),
    )
    found = [
        *filter(Path.is_dir, [*asides, *moved]),
        *(path for at in places for path in unfinished(at)),
    ]
    if _who_held(project.data / LOCK):
        found.insert(0, project.data / LOCK)
    return [project.shown(path) for path in dict.fromkeys(found)]


def banks(project: Project) -> list[Path]:
    """The data banks of a project: of agencies' records, and of the example."""
    return [
        bank
        for bank in (project.databank, project.databank / "example")
        if (bank / EDITIONS).is_dir()
    ]


def _who_held(lock: Path) -> str:
    return (
        lock.read_text(encoding="utf-8", errors="replace").strip("\0 \n") if lock.is_file() else ""
    )


def _removed(path: Path, project: Project) -> str:
    if not path.is_relative_to(project.root):
        return f"{path}: removed; a temporary folder of a command that was killed"
    what = "an edition half made" if path.parent.name == EDITIONS else "a file half written"
    return f"{project.shown(path)}: removed; {what}"


def _mend_reports(project: Project) -> Iterator[str]:
    """Reports that were moved away and not replaced come back; what was to replace them goes."""
    reports = project.reports
    for folder in mend_reports(reports):
        yield f"{project.shown(folder)}: put back as it was before the command that was killed"
    for folder in finish_released(reports, project.ledger):
        yield f"{project.shown(folder)}: put in place; the release that was killed had entered it in the ledger"
    for staged in sorted([*reports.glob(".*.new"), *reports.glob("*/.*.new")]):
        remove(staged)
        yield f"{project.shown(staged)}: removed; reports half made"


def _mend_bank(bank: Path, project: Project) -> Iterator[str]:
    """Editions that are not what was written are set aside; `latest` names one that is there."""
    for folder in sorted((bank / EDITIONS).iterdir()):
        if folder.name.startswith("."):
            continue
        try:
            refuse_damaged(read_edition(bank, folder.name))
        except (InputError, KeyError):
            aside = folder.with_name(f"{DAMAGED}{folder.name}")
            remove(aside)
            folder.replace(aside)
            yield (
                f"{project.shown(folder)}: damaged, set aside as {aside.name}; "
                "atips consolidate makes it again from the submissions"
            )
    name = latest_name(bank)
    if name is not None and not (bank / EDITIONS / name).is_dir():
        (bank / LATEST).unlink()
        yield f"{project.shown(bank / LATEST)}: removed; it named {name or 'nothing'}, which is not there"
