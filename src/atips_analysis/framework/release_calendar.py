"""The release calendar: by which day each step of a reporting year is done, as the Council set it.

No clock is read. A calendar that has run out is known by the year that is built, and days that
cannot be by the year that they report on.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from atips_analysis.codebook import load_codebook, read_council_table, wrong_entry
from atips_analysis.project import Project
from atips_analysis.quality.returns_owed import REGISTER, read_register
from atips_analysis.words.said import Message

NAME = "calendar"
STEPS = ("forms", "questions", "build", "check", "approval", "release")
"""What is done by a day, in the order in which it is done."""
AFTER_THE_YEAR = STEPS[1:]
"""What cannot be done before the year that is reported on has ended."""


@dataclass(frozen=True)
class YearOfCalendar:
    """A reporting year: its row in the file, and the day of each step; None where none is set."""

    year: int
    row: int
    days: Mapping[str, date | None]


def load_calendar(project: Project) -> dict[int, YearOfCalendar]:
    """The years of `data/council/calendar.csv`, in their order; empty where there is no such file.

    Raises InputError naming the row: a year that is none or stands twice, a day that is none, or
    lies before the year has ended, before the step that comes first, or before the last return is
    due.
    """
    due = _last_due(project)
    if not (project.council / f"{NAME}.csv").is_file():
        return {}
    table = read_council_table(project, NAME, ("year", *STEPS))
    found: dict[int, YearOfCalendar] = {}
    for row, values in zip(table.index, table.to_dict("records"), strict=True):
        one = _year(int(row), values)
        if one.year in found:
            raise wrong_entry(
                NAME,
                Message("{year} stands already in row {row}; keep one").format(
                    year=one.year, row=found[one.year].row
                ),
                one.row,
            )
        _check_order(one)
        _check_due(one, due.get(one.year))
        found[one.year] = one
    return dict(sorted(found.items()))


def refuse_past(project: Project, year: int) -> None:
    """Stop where the calendar, or the register of returns, ends before the year that is asked for.

    Raises InputError naming the last row of the calendar, or the register; or as `load_calendar`.
    """
    calendar, due = load_calendar(project), _last_due(project)
    if calendar and max(calendar) < year:
        last = calendar[max(calendar)]
        raise wrong_entry(
            NAME,
            Message(
                "the calendar is in the past: it ends with {year}, and {asked} is asked for; add a row for {asked} (a day that nobody has set stays blank)"
            ).format(year=last.year, asked=year),
            last.row,
        )
    if due and max(due) < year:
        raise wrong_entry(
            "returns",
            Message(
                "the register is in the past: nothing is owed after {last}, and {year} is asked for; write who owes what for {year} (a period such as {year}- goes on)"
            ).format(last=max(due), year=year),
        )


def public_days(project: Project, year: int) -> dict[str, str]:
    """The days that every reader may know, as they are set: when the reports of a year are released
    (`released`), when the last return of the year after is due (`next_due`), and when its reports
    are released (`next_release`).
    """
    calendar, due = load_calendar(project), _last_due(project)
    own, after = calendar.get(year), calendar.get(year + 1)
    days = {
        "released": own.days["release"] if own else None,
        "next_due": due.get(year + 1),
        "next_release": after.days["release"] if after else None,
    }
    return {name: str(day) for name, day in days.items() if day}


def _last_due(project: Project) -> dict[int, date]:
    """By which day the last return of each year is due."""
    owed = read_register(project.data / REGISTER, load_codebook(project))
    return {one.year: one.due for one in sorted(owed, key=lambda one: one.due)}


def _year(row: int, values: Mapping[str, str]) -> YearOfCalendar:
    text = values["year"].strip()
    if not (text.isascii() and text.isdigit() and len(text) == 4):
        raise wrong_entry(
            NAME,
            Message("{text!r} is no year; write four digits, such as 2025").format(text=text),
            row,
        )
    return YearOfCalendar(int(text), row, {step: _day(step, values[step], row) for step in STEPS})


def _day(step: str, text: str, row: int) -> date | None:
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise wrong_entry(
            NAME,
            Message(
                "{step} {text!r} is no day; write it like 2025-06-30, or leave it blank"
            ).format(step=step, text=text),
            row,
        ) from None


def _check_order(one: YearOfCalendar) -> None:
    for step, day in _set(one):
        if step in AFTER_THE_YEAR and day <= date(one.year, 12, 31):
            raise wrong_entry(
                NAME,
                Message(
                    "{step} {day} lies in the past of {year}, which has to end first; write a day from {after}-01-01 on"
                ).format(step=step, day=day, year=one.year, after=one.year + 1),
                one.row,
            )
    days = list(_set(one))
    for (before, first), (step, day) in pairwise(days):
        if day < first:
            raise wrong_entry(
                NAME,
                Message("{step} {day} comes before {before} {first}; correct one of them").format(
                    step=step, day=day, before=before, first=first
                ),
                one.row,
            )


def _check_due(one: YearOfCalendar, due: date | None) -> None:
    for step, day in _set(one):
        if due and step in AFTER_THE_YEAR and day < due:
            raise wrong_entry(
                NAME,
                Message(
                    "{step} {day} comes before the last return of {year} is due ({due}, returns.csv); correct one of them"
                ).format(step=step, day=day, year=one.year, due=due),
                one.row,
            )


def _set(one: YearOfCalendar) -> Iterator[tuple[str, date]]:
    for step, day in one.days.items():
        if day is not None:
            yield step, day
