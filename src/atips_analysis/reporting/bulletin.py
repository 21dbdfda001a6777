"""The bulletin: two pages on a part of a year and the same months a year before.

Every number is read from the protected table of the two periods.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pandas as pd

from atips_analysis.errors import InputError
from atips_analysis.indicators import Period, parse_period
from atips_analysis.pages.charts import bars
from atips_analysis.pages.last_build import is_pointer, last_bulletin, public_side
from atips_analysis.pages.numbers import Cell, format_cell
from atips_analysis.pages.text import counted, join_words, lower
from atips_analysis.pages.tidy import Tidy, open_tidy
from atips_analysis.project import Project, find_project
from atips_analysis.reporting import page


@dataclass(frozen=True)
class Line:
    """A count that a bulletin prints; a category ``"*"`` stands for a breakdown."""

    words: str
    indicator_id: str
    unit: str
    categories: Mapping[str, str] = field(default_factory=dict)


OPENED = Line("Suspected cases opened", "PROS-01", "CASE", {"carried_over": "NO"})
CONTACT = Line("Persons in formal contact with the justice system", "PROS-02", "SUSPECT")
CONVICTED = Line("Persons convicted of trafficking", "PROS-04", "CONVICTION_P")
IDENTIFIED = Line("Potential and confirmed victims identified", "PROT-01", "VICTIM")
SERVED = Line("Victims who received services", "PROT-06", "VICTIM")
SERVICES = Line("Services given", "PROT-06", "SERVICE")
SCREENED = Line("Migrants screened for indicators", "PREV-07", "SCREENING")
INSPECTED = Line("Labour inspections", "PREV-08", "INSPECTION")
REPORTED = Line("Reports received through public channels", "PREV-09", "REPORT")
SESSIONS = Line("Training sessions", "PREV-01", "SESSION")
ATTENDED = Line("Attendances at training", "PREV-02", "PARTICIPANT")
PRODUCTS = Line("Awareness products released", "PREV-05", "PRODUCT")
BY_STATUS = Line("Victims by status", "PROT-01", "VICTIM", {"status_of_victim": "*"})
BY_AUDIENCE = Line("Attendances by audience", "PREV-02", "PARTICIPANT", {"audience": "*"})

PRINTED = (
    OPENED,
    CONTACT,
    CONVICTED,
    IDENTIFIED,
    Line("of them, potential", "PROT-01", "VICTIM", {"status_of_victim": "POTENTIAL"}),
    Line("of them, confirmed", "PROT-01", "VICTIM", {"status_of_victim": "CONFIRMED"}),
    SERVED,
    SERVICES,
    SCREENED,
    INSPECTED,
    REPORTED,
    SESSIONS,
    ATTENDED,
    PRODUCTS,
)
PARTS = ("Q1", "Q2", "Q3", "Q4", "H1", "H2")
LINES = (*PRINTED, BY_STATUS, BY_AUDIENCE)
"""All counts of a bulletin: a bulletin of any period prints these and no others."""

KEY_FIGURES = (
    (OPENED, "suspected cases opened"),
    (IDENTIFIED, "potential and confirmed victims identified"),
    (SERVED, "victims who received services"),
    (SERVICES, "services given to victims"),
    (SCREENED, "migrants screened for indicators of trafficking"),
    (INSPECTED, "labour inspections"),
    (REPORTED, "reports received through public channels"),
    (SESSIONS, "training sessions"),
    (ATTENDED, "attendances at training"),
)
"""In the order in which they are wanted: the first six that are not hidden are printed."""
SHOWN_FIGURES = 6
BESIDE = (
    (IDENTIFIED, "Victims, potential and confirmed"),
    (SERVICES, "Services given"),
    (SCREENED, "Screenings of migrants"),
)
"""Counts that are set beside those of a year before."""
AUDIENCES = 6
MISSING_IN = ("M", "NC")
UNTOLD = {
    ("C",): "Hidden in both periods for protection: {names}.",
    MISSING_IN: "Not returned or not recorded in both periods: {names}.",
}
"""Counts without any number are named below the table, not in it."""


@dataclass(frozen=True)
class Bulletin:
    """What the chapters need: the protected table, the period and the one a year before."""

    tidy: Tidy
    project: Project
    period: Period

    @property
    def earlier(self) -> Period:
        return earlier_period(self.period)

    def cell(self, line: Line, period: Period) -> Cell:
        rows = self.tidy.rows(
            line.indicator_id, period.name, line.unit, "count", **dict(line.categories)
        )
        if len(rows) == 1:
            value, status = rows["value"].iloc[0], str(rows["status"].iloc[0])
            return Cell(None if pd.isna(value) else float(value), status)
        table = self.tidy.table
        own = (table["indicator_id"] == line.indicator_id) & (table["unit_of_count"] == line.unit)
        missing = table[own & (table["period"] == period.name) & table["status"].isin(["M", "NC"])]
        # No row at all: the measure is withheld for all parts of the year.
        return Cell(None, str(missing["status"].iloc[0]) if len(missing) else "C")


def open_bulletin(inputs: Path, project: Path, period: str) -> Bulletin:
    """The bulletin of a period, from the public side of its making: the one named, or the last."""
    house = find_project(Path(project))
    asked = checked_period(period)
    latest = is_pointer(inputs)
    public = last_bulletin(house, asked.name) if latest else public_side(inputs, house)
    return Bulletin(open_tidy(public, house), house, asked)


def checked_period(text: str) -> Period:
    """The period, when it is one that a bulletin may have."""
    period = parse_period(text)
    if period.whole_years:
        raise InputError(
            f"{period.name} is made of whole years: atips build --year {period.years[-1]} makes the "
            "annual report; a bulletin is for a quarter (2024-Q3), a half-year (2024-H1) or "
            "months (2024-03..2024-08)"
        )
    if period.months > 12:
        raise InputError(
            f"{period.name} is longer than a year; name at most 12 months, such as 2024-03..2024-08"
        )
    for year in period.years:
        for part in PARTS:
            canonical = parse_period(f"{year}-{part}")
            if (canonical.start, canonical.end) == (period.start, period.end):
                return canonical
    return period


def earlier_period(period: Period) -> Period:
    """The same months a year before: 2023-Q3 for 2024-Q3."""
    if ".." in period.name:
        start, end = (f"{int(month[:4]) - 1}{month[4:]}" for month in (period.start, period.end))
        return parse_period(f"{start}..{end}")
    return parse_period(f"{int(period.name[:4]) - 1}{period.name[4:]}")


def file_name(period: Period) -> str:
    """bulletin-2024-Q3, bulletin-2024-03-to-2024-08."""
    return f"bulletin-{period.name.replace('..', '-to-')}"


def period_words(period: Period) -> str:
    """The months in words: July to September 2024, November 2023 to February 2024, May 2024."""
    from babel.dates import format_date

    def month(text: str, pattern: str) -> str:
        return str(format_date(date.fromisoformat(f"{text}-01"), pattern, locale="en_BZ"))

    if period.start == period.end:
        return month(period.start, "MMMM y")
    same_year = len(period.years) == 1
    first = month(period.start, "MMMM" if same_year else "MMMM y")
    return f"{first} to {month(period.end, 'MMMM y')}"


def front_matter(bulletin: Bulletin) -> None:
    """Title and period."""
    page.say(
        "---\ntitle: Trafficking in persons bulletin\n"
        f"period: {period_words(bulletin.period)}\nlang: en\n---"
    )


def key_figures(bulletin: Bulletin) -> None:
    """The first six numbers of the period that may be shown."""
    cells = [(bulletin.cell(line, bulletin.period), words) for line, words in KEY_FIGURES]
    known = [(format_cell(cell), words) for cell, words in cells if cell.value is not None]
    if known:
        page.say_key_figures(*known[:SHOWN_FIGURES])


def counts(bulletin: Bulletin) -> None:
    """Every count of the bulletin beside the same months a year before; hidden pairs in words."""
    before, now = bulletin.earlier, bulletin.period
    pairs = [(line, bulletin.cell(line, before), bulletin.cell(line, now)) for line in PRINTED]
    told = [pair for pair in pairs if any(cell.value is not None for cell in pair[1:])]
    if told:
        page.show_table(
            pd.DataFrame(
                [(line.words, first, second) for line, first, second in told],
                columns=["Counted", period_words(before), period_words(now)],
            ),
            "The period and the same months a year before",
            "tbl-counts",
            widths=[56, 22, 22],
            align="lrr",
            note=bulletin.tidy.source_line,
        )
    for statuses, said in UNTOLD.items():
        names = [
            lower(line.words.replace("of them,", "victims who are"))
            for line, *cells in pairs
            if all(cell.value is None for cell in cells)
            and any(cell.status in statuses for cell in cells)
            and not (statuses == MISSING_IN and any(cell.status == "C" for cell in cells))
        ]
        if names:
            page.say(said.format(names=join_words(names)))


def audiences(bulletin: Bulletin) -> None:
    """Attendances by audience, the largest first."""
    cells = bulletin.tidy.breakdown(
        "PREV-02", bulletin.period.name, "audience", "PARTICIPANT", "count"
    )
    cells = cells[[cell.value != 0 for cell in cells["cell"]]]
    if cells.empty:
        page.say("*Attendances by audience: none, or not returned.*")
        return
    caption = f"Attendances at training by audience, {period_words(bulletin.period)}"
    drawn = cells[:AUDIENCES]
    picture = bars(drawn, label="label", cell="cell", unit="attendances", subject=caption)
    more = len(cells) - len(drawn)
    smaller = counted(more, "smaller audience is", "smaller audiences are")
    note = f"; {smaller} not drawn" if more > 0 else ""
    page.show_figure(picture, caption, "fig-audiences", note=bulletin.tidy.source_line + note)


def change(bulletin: Bulletin) -> None:
    """The counts of the period beside those of a year before; parts of a year are not tested."""
    before, now = bulletin.earlier, bulletin.period
    rows = [
        (subject, bulletin.cell(line, before), bulletin.cell(line, now)) for line, subject in BESIDE
    ]
    known = [row for row in rows if not {cell.status for cell in row[1:]} & set(MISSING_IN)]
    if known:
        page.show_table(
            pd.DataFrame(known, columns=["What is counted", "A year before", "This period"]),
            "Counts of this period and of the same one a year before",
            "tbl-change",
            widths=[44, 18, 18],
            align="lrr",
            note=bulletin.tidy.source_line,
        )
    page.say(
        "Counts of a part of a year are set side by side, and no change is tested: what is said of "
        "a year stands in the annual report."
    )


def notes(bulletin: Bulletin) -> None:
    """How to read the numbers, and how they were protected."""
    most = int(bulletin.project.profile["disclosure"]["threshold"]) - 1
    page.say(
        "**Units.** Cases, victims, persons in formal contact and persons convicted are different "
        "populations: none is a share of another. Parts of a year need not add up to it, because a "
        "person counts once in a year. Late returns may still change these numbers.",
        f"**Protection.** Counts of persons from 1 to {most} are hidden (c), and with them what "
        "would give them away; a true zero is shown as 0. All quarters and half-years were protected and attacked together "
        "with the yearly tables, which stay as published.",
    )
