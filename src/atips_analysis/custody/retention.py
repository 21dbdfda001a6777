"""`atips retain`: what may be deleted by the table of retention, and what is kept whatever its age.

The table, data/council/retention.csv, says for each kind of record how many months it is kept. The
latest edition is never deleted, nor one that a release or a frozen baseline names.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from atips_analysis.build.one_writer import one_writer
from atips_analysis.codebook.council import read_table_at
from atips_analysis.custody.repair import banks
from atips_analysis.databank.clearing import delete_edition
from atips_analysis.databank.edition import (
    DAMAGED,
    EDITIONS,
    MANIFEST,
    latest_name,
    set_aside,
    standing,
)
from atips_analysis.errors import InputError
from atips_analysis.files import remove
from atips_analysis.project import RETENTION, Project

KINDS = ("submissions", "editions", "feedback", "work")
COLUMNS = ("what", "keep_months", "why")


@dataclass(frozen=True)
class Due:
    """Something whose time is over: its kind, its place, since when, and why it is kept still."""

    what: str
    path: Path
    since: date
    kept: str = ""


def read_table(project: Project) -> dict[str, int | None]:
    """Months that each kind of record is kept; None for ever.

    Raises InputError if the table is not there, or a row of it cannot be used.
    """
    rows = read_table_at(project.council / RETENTION, COLUMNS)
    found: dict[str, int | None] = {}
    for number, row in rows.to_dict("index").items():
        what, months = row["what"], row["keep_months"]
        if what not in KINDS or what in found:
            raise InputError(
                f"{what!r} is not one of {', '.join(KINDS)}, each once; correct it",
                file=RETENTION,
                row=int(number),
            )
        if months and not (months.isascii() and months.isdigit()):
            raise InputError(
                f"{months!r} is not a whole number of months; write one, or nothing for ever",
                file=RETENTION,
                row=int(number),
            )
        found[what] = int(months) if months else None
    return found


def due(project: Project, day: date) -> list[Due]:
    """What is older than the table has it kept, on a day; what is kept all the same says why."""
    table = read_table(project)
    return [
        one
        for what, months in table.items()
        if months is not None
        for one in _of(project, what)
        if _months_later(one.since, months) <= day
    ]


def clear(project: Project, day: date) -> list[Due]:
    """Delete what is due and not kept; what was deleted."""
    with one_writer(project):
        gone = [one for one in due(project, day) if not one.kept]
        for one in gone:
            if one.what == "editions" and not one.path.name.startswith(DAMAGED):
                delete_edition(one.path.parents[1], one.path.name, "its time of retention was over")
            else:
                remove(one.path)
    return gone


def _of(project: Project, what: str) -> Iterator[Due]:
    if what == "editions":
        cited = _cited(project)
        for bank in banks(project):
            for name in standing(bank):
                folder = bank / EDITIONS / name
                kept = "it is the latest" if name == latest_name(bank) else ""
                kept = kept or ("a release or a baseline names it" if name in cited else "")
                yield Due(what, folder, _written(folder / MANIFEST), kept)
            for folder in set_aside(bank):
                yield Due(what, folder, max(map(_written, [folder, *folder.iterdir()])))
    elif what == "work":
        if project.work.is_dir():
            files = [path for path in project.work.rglob("*") if path.is_file()]
            if files:
                yield Due(what, project.work, max(map(_written, files)))
    else:
        folder = project.data / what
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                yield Due(what, path, _written(path))


def _cited(project: Project) -> str:
    """All that releases and baselines say, in which names of editions stand."""
    return "\n".join(
        path.read_text(encoding="utf-8", errors="replace")
        for folder in (project.ledger, project.baseline)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    )


def _written(path: Path) -> date:
    return datetime.fromtimestamp(path.stat().st_mtime, UTC).date()


def _months_later(day: date, months: int) -> date:
    """The first of the month that follows so many whole months: nothing goes a day too early."""
    month = day.month + months
    return date(day.year + month // 12, month % 12 + 1, 1)
