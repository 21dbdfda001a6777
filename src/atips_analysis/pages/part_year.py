"""The protected table of a part of a year, and of the same months a year before, for a bulletin."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd

from atips_analysis.files import read_json
from atips_analysis.framework import load_indicators
from atips_analysis.framework.bulletin_counts import BulletinCount, load_bulletin_counts
from atips_analysis.indicators import Period, wide
from atips_analysis.indicators.parts_of_year import a_year_before, part_of_a_year
from atips_analysis.indicators.table import read_table
from atips_analysis.pages.edition import Edition
from atips_analysis.pages.key_figures import large_figure, with_origin
from atips_analysis.pages.last_build import is_pointer, last_bulletin, public_side
from atips_analysis.pages.numbers import Cell
from atips_analysis.pages.origins import origin_said
from atips_analysis.project import find_project
from atips_analysis.words import locale_of

NOT_THERE = ("M", "NC")
"""Statuses of what was not returned, or is not collected."""


NO_PERIOD = Period("", "", "")


@dataclass(frozen=True)
class PartYear(Edition):
    """An edition of a part of a year: `period`, and `earlier`, the same months a year before."""

    period: Period = NO_PERIOD

    @property
    def earlier(self) -> Period:
        return a_year_before(self.period)

    def counted_beside(self) -> pd.DataFrame:
        """What a bulletin counts, in both periods.

        Returns
        -------
        DataFrame
            counted (in words), before, now (cells); a row a count of
            `data/framework/bulletin.csv`, breakdowns left out.
        """
        rows = [
            (count.counted, *(self._cell_of(count, of) for of in (self.earlier, self.period)))
            for count in load_bulletin_counts(self.project)
            if not count.is_breakdown
        ]
        return pd.DataFrame(rows, columns=["counted", "before", "now"])

    def in_figures(self, most: int) -> list[tuple[str, str]]:
        """The first of the headlines whose number may be shown, with what they count and whose it is."""
        counts = [count for count in load_bulletin_counts(self.project) if count.key_figure]
        shown = []
        for count in sorted(counts, key=lambda one: one.key_figure):
            place = count.indicator_id, self.period.name, count.unit
            whose = origin_said(self, *place, **count.categories)
            cell = self._cell_of(count, self.period)
            if cell.value is not None:
                number, words = large_figure(cell, count.headline)
                shown.append((number, with_origin(words, whose)))
        return shown[:most]

    def _cell_of(self, count: BulletinCount, period: Period) -> Cell:
        rows = self.rows(count.indicator_id, period.name, count.unit, "count", **count.categories)
        if len(rows) == 1:
            return Cell.of(rows.iloc[0].to_dict())
        own = self.table[
            (self.table["indicator_id"] == count.indicator_id)
            & (self.table["unit_of_count"] == count.unit)
            & (self.table["period"] == period.name)
        ]
        missing = own[own["status"].isin(NOT_THERE)]
        # No row at all: the measure is withheld for all parts of the year.
        return Cell(None, str(missing["status"].iloc[0]) if len(missing) else "C")


def open_part_year(
    inputs: Path | str, period: str, *, project: Path | str | None = None
) -> PartYear:
    """The protected side of a bulletin's making; the bulletin's notebook opens with it.

    Raises
    ------
    InputError
        If the period is no part of a year, or no bulletin of it was made.
    """
    from IPython.display import Markdown, display

    house = find_project(None if project is None else Path(project))
    asked = part_of_a_year(period)
    folder = last_bulletin(house, asked.name) if is_pointer(inputs) else public_side(inputs, house)
    about = read_json(folder / "build.json")
    issue = PartYear(
        wide(read_table(folder / "indicators.csv")),
        load_indicators(house),
        about,
        project=house,
        folder=folder,
        year=asked.years[-1],
        baseline=str(about["baseline"]),
        period=asked,
    )
    simulated = "simulated: true\n" if issue.simulated else ""
    display(Markdown(f"---\nperiod: {months_in_words(asked)}\n{simulated}---"))
    return issue


def months_in_words(period: Period, lang: str = "en") -> str:
    """July to September 2024, November 2023 to February 2024, May 2024."""
    from babel.dates import format_date

    def month(text: str, pattern: str) -> str:
        return str(format_date(date.fromisoformat(f"{text}-01"), pattern, locale=locale_of(lang)))

    if period.start == period.end:
        return month(period.start, "MMMM y")
    same_year = len(period.years) == 1
    first = month(period.start, "MMMM" if same_year else "MMMM y")
    return f"{first} to {month(period.end, 'MMMM y')}"
