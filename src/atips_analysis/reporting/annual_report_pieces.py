"""What the chapters of the annual report share: the report, its charts, tables and passages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from atips_analysis.codebook import load_codebook
from atips_analysis.indicators import years_of
from atips_analysis.pages.charts import bars, yearly_counts
from atips_analysis.pages.drawing import Drawing
from atips_analysis.pages.known_names import CODELIST
from atips_analysis.pages.last_build import public_side
from atips_analysis.pages.numbers import (
    LEGEND,
    ROUNDED,
    Cell,
    format_cell,
    format_number,
    number_in_words,
)
from atips_analysis.pages.passages import Passage, passage
from atips_analysis.pages.statements_table import INTERVALS
from atips_analysis.pages.style import Picture
from atips_analysis.pages.text import in_words, join_words, lower
from atips_analysis.pages.tidy import Tidy, open_tidy
from atips_analysis.project import Project, find_project
from atips_analysis.reporting import page
from atips_analysis.reporting.charts import Parts, bars_frame, parts_of, years_frame

IN_LIST_ORDER = frozenset({"stage", "age_group", "status_of_victim", "carried_over", "sex"})
"""Dimensions whose categories have an order of their own; the others go by size."""


FEW = 2
"""Up to so many rows without any number stay in a table; more are named below it."""

HEADS = {
    "CASE": "Cases",
    "VICTIM": "Victims",
    "SUSPECT": "Persons",
    "SERVICE": "Services",
    "SCREENING": "Screenings",
    "INSPECTION": "Inspections",
    "SESSION": "Sessions",
    "PARTICIPANT": "Attendances",
    "PRODUCT": "Products",
    "ACTION": "Actions",
}
"""Units of count as the heads of tables."""


@dataclass(frozen=True)
class AnnualReport:
    """What the chapters need: the tidy table, the house, the year and the baseline."""

    tidy: Tidy
    project: Project
    inputs: Path
    year: int
    baseline: str

    @property
    def years(self) -> list[int]:
        """The baseline's years and all up to the year of the report."""
        first = years_of(self.baseline)[0].years[0]
        return list(range(first, self.year + 1))

    @property
    def span(self) -> str:
        """The years in words: 2021–2024."""
        return f"{self.years[0]}–{self.year}"

    @property
    def profile(self) -> dict[str, Any]:
        return self.project.profile

    @property
    def source_line(self) -> str:
        return self.tidy.source_line


def open_report(inputs: Path, project: Path, year: int, baseline: str) -> AnnualReport:
    """The annual report of a build's public side: the one named, or the last of the year."""
    house = find_project(Path(project))
    public = public_side(inputs, house, year)
    return AnnualReport(open_tidy(public, house), house, public, year, baseline)


def say_passage(report: AnnualReport, name: str, heading: str = "") -> Passage:
    """Say a narrative passage, below its heading; say nothing where there is none."""
    found = passage(report.tidy, report.project, report.year, name)
    if found:
        page.say(heading, found.text)
    return found


def say_breakdown(
    report: AnnualReport,
    indicator_id: str,
    dimension: str,
    unit: str,
    words: str,
    caption: str,
    id: str,
) -> None:
    """A bar a category for the year, with the table of all years behind it.

    What the chart leaves out (zeros, many hidden categories) is named below it. Where every
    category is hidden a sentence says so, and the chart shows the baseline's years together.
    """
    tidy = report.tidy
    cells = ordered(tidy.breakdown(indicator_id, report.year, dimension, unit, "count"), dimension)
    whole = tidy.cell(indicator_id, report.year, unit, "count")
    if cells.empty or whole.value == 0:
        page.say(f"{caption}: {nothing(whole)}.")
        return
    parts = parts_of(cells)
    period = str(report.year)
    if parts.all_hidden:
        _say_all_hidden(caption, words, whole, parts)
        period = report.baseline
        cells = ordered(tidy.breakdown(indicator_id, period, dimension, unit, "count"), dimension)
        parts = parts_of(cells) if len(cells) else parts
        if parts.all_hidden:
            return
    shown = f"{caption}, {period.replace('-', '–')}"
    _say_lead(id, cells, tidy.cell(indicator_id, period, unit, "count"), words, period)
    frame = bars_frame(parts.bars)
    picture = bars(frame, label="label", cell="cell", note="note", unit=words, subject=shown)
    order = [*cells["label"]]
    periods: list[int | str] = [*report.years]
    if period != str(report.year):
        periods.append(period)
    data = years_table(report, indicator_id, dimension, unit, order, periods)
    show(report, picture, shown, id, data, note=left_out(parts))


def _say_all_hidden(caption: str, words: str, whole: Cell, parts: Parts) -> None:
    names = [lower(bar.label) for bar in parts.bars]
    many = "both" if len(names) == 2 else f"all {in_words(len(names))}"
    page.say(
        f"{caption}: the {figure_in_words(whole)} {words} are in {many} of these categories, and "
        f"each number is hidden for protection: {join_words(names)}."
    )


def _say_lead(id: str, cells: pd.DataFrame, whole: Cell, words: str, period: str) -> None:
    """The largest number of the next figure, where it is beyond doubt; which years it pools."""
    pooled = "-" in period
    years = period.replace("-", "–")
    known = sorted((cell.value for cell in cells["cell"] if cell.value is not None), reverse=True)
    exact = len(known) == len(cells) and all(cell.status != "R" for cell in cells["cell"])
    if whole.value is not None and exact and len(known) > 1 and known[0] > known[1]:
        label = next(
            label
            for label, cell in zip(cells["label"], cells["cell"], strict=True)
            if cell.value == known[0]
        )
        page.say(
            f"In @{id}, {format_number(known[0])} of the {figure(whole)} {words} of {years} stand "
            f"under “{label}”, the largest number."
        )
    elif pooled:
        of = "" if whole.value is None else f": {figure(whole)} {words}"
        page.say(f"@{id} takes the years {years} together{of}.")


def say_years(
    report: AnnualReport,
    indicator_id: str,
    unit: str,
    words: str,
    caption: str,
    id: str,
    *,
    intervals: bool = True,
) -> None:
    """A mark a year with its interval, or a sentence where no year can be shown."""
    tidy, years = report.tidy, report.years
    cells = [tidy.cell(indicator_id, year, unit, "count") for year in years]
    if not any(cell.value for cell in cells):
        words_of = [figure_in_words(cell) for cell in cells]
        said = [f"{word} in {year}" for year, word in zip(years, words_of, strict=True)]
        same = f"{words_of[0]} in any year" if words_of[0].startswith("no") else words_of[0]
        page.say(f"{caption}: {same if len(set(words_of)) == 1 else join_words(said)}.")
        return
    spans: list[tuple[float, float] | None] = []
    for year in years:
        rows = tidy.rows(indicator_id, year, unit, "count")
        low = rows["ci_low"].iloc[0] if len(rows) else pd.NA
        known = intervals and not pd.isna(low)
        spans.append((float(low), float(rows["ci_high"].iloc[0])) if known else None)
    picture = yearly_counts(years_frame(cells, years, spans), unit=words, subject=caption)
    more = f"{INTERVALS}. " if intervals else ""
    table = pd.DataFrame([[caption, *cells]], columns=["What is counted", *map(str, years)])
    show(report, picture, f"{caption}, {report.span}", id, table, note=more)


def say_across(
    report: AnnualReport, indicator_id: str, dimension: str, unit: str, caption: str, id: str
) -> None:
    """A table with a row a category and a column a year, or a sentence where all is hidden."""
    tidy = report.tidy
    cells = ordered(tidy.breakdown(indicator_id, report.year, dimension, unit, "count"), dimension)
    table = years_table(report, indicator_id, dimension, unit, [*cells["label"]])
    body, total = table.iloc[:-1], table.iloc[-1:]
    told = [any(cell.value for cell in row[1:]) for row in body.itertuples(index=False, name=None)]
    if not any(told):
        page.say(f"{caption}: {nothing(tidy.cell(indicator_id, report.year, unit, 'count'))}.")
        return
    rest = [lower(label) for label, one in zip(body.iloc[:, 0], told, strict=True) if not one]
    note = report.source_line
    if len(rest) > FEW:
        table = pd.concat([body[told], total], ignore_index=True)
        note = (
            f"Left out, as each of their numbers is hidden, zero or ≈0: {join_words(rest)}. {note}"
        )
    page.show_table(table, f"{caption}, {report.span}", id, note=note)


def show(
    report: AnnualReport,
    picture: Picture | Drawing,
    caption: str,
    id: str,
    data: pd.DataFrame,
    *,
    note: str = "",
) -> None:
    """A figure with its source and the table behind it; what ≈ means where it is drawn."""
    if "about" in picture.alt:
        note = f"{LEGEND[ROUNDED]}. {note}"
    page.show_figure(picture, caption, id, note=f"{note}{report.source_line}", data=data)


def years_table(
    report: AnnualReport,
    indicator_id: str,
    dimension: str,
    unit: str,
    order: Sequence[str] = (),
    periods: Sequence[int | str] = (),
) -> pd.DataFrame:
    """Categories by year with their total; rows in the order given, further ones behind."""
    table = report.tidy.across(
        indicator_id, list(periods) or report.years, dimension, unit=unit, statistic="count"
    ).rename(columns=lambda name: name.replace("-", "–"))
    head = HEADS.get(unit) or report.tidy.unit_label(indicator_id, unit)
    body, total = table.iloc[:-1], table.iloc[-1:]
    place = {label: at for at, label in enumerate(order)}
    rank = body[""].map(lambda label: place.get(label, len(place)))
    body = body.iloc[rank.to_numpy().argsort(kind="stable")]
    return pd.concat([body, total], ignore_index=True).rename(columns={"": head})


def ordered(cells: pd.DataFrame, dimension: str) -> pd.DataFrame:
    """Categories with an order of their own in it; the others by size, as they come."""
    if dimension not in IN_LIST_ORDER or cells.empty:
        return cells
    listed = load_codebook().codelist(CODELIST.get(dimension, dimension)).table["code"]
    own = list(load_codebook().own_labels(dimension))
    place = {code: at for at, code in enumerate(own if dimension != "stage" else listed)}
    place |= {code: at for at, code in enumerate(listed) if code not in place}
    rank = cells["code"].map(lambda code: place.get(code, len(place)))
    return cells.iloc[rank.to_numpy().argsort(kind="stable")].reset_index(drop=True)


def left_out(parts: Parts) -> str:
    """What a chart does not draw one by one, in a sentence or two."""
    said = []
    if parts.hidden:
        said.append(f"Hidden, each by itself: {join_words([lower(one) for one in parts.hidden])}.")
    if parts.nearly_zero:
        names = join_words([lower(one) for one in parts.nearly_zero])
        said.append(f"≈0, each by itself: {names}.")
    if parts.zero:
        said.append(f"None: {join_words([lower(one) for one in parts.zero])}.")
    return "".join(f"{sentence} " for sentence in said)


def nothing(whole: Cell) -> str:
    """Why there is no breakdown."""
    return {
        "NC": "not collected",
        "M": "no return was received",
        "Z": "none",
        "C": "hidden for protection, and every part of it with it",
    }.get(whole.status, "every number of this breakdown is hidden for protection")


def figure(cell: Cell) -> str:
    """A key figure: its number, or a word for why there is none."""
    if cell.value is None:
        return {"C": "hidden", "NC": "not collected"}.get(cell.status, "not known")
    return format_cell(cell)


def figure_in_words(cell: Cell) -> str:
    """A number in a sentence: the number, none, or why it is not said."""
    if cell.value is None:
        return {"C": "a number hidden for protection", "NC": "not collected"}.get(
            cell.status, "not known"
        )
    return "none" if cell.value == 0 and cell.status == "Z" else number_in_words(cell)


def count(cell: Cell) -> int | None:
    """A count that may be computed with: none where it is hidden, missing or rounded."""
    return None if cell.value is None or cell.status == "R" else int(cell.value)
