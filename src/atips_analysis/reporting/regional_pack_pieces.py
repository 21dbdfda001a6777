"""What the chapters of the regional pack share: the pack itself, its tables and its figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from atips_analysis.codebook import load_codebook
from atips_analysis.indicators import years_of
from atips_analysis.pages.charts import yearly_counts
from atips_analysis.pages.last_build import public_side
from atips_analysis.pages.numbers import Cell
from atips_analysis.pages.statements_table import INTERVALS
from atips_analysis.pages.text import sentence_case
from atips_analysis.pages.tidy import Tidy, open_tidy
from atips_analysis.project import Project, find_project
from atips_analysis.reporting import page
from atips_analysis.reporting.charts import years_frame
from atips_analysis.words import Translator, translator

Line = tuple[str, str, str, dict[str, str]]
"""Words, indicator, unit of count, categories: a row of a table over the years."""


@dataclass(frozen=True)
class RegionalPack:
    """What the chapters need: the tidy table, the house, the year, the baseline, the words."""

    tidy: Tidy
    project: Project
    year: int
    baseline: str
    words: Translator

    @property
    def lang(self) -> str:
        return self.words.lang

    @property
    def shared(self) -> list[int]:
        """The years that Belize shared with the Coalition: those of the baseline."""
        return [period.years[0] for period in years_of(self.baseline)]

    @property
    def years(self) -> list[int]:
        return [*self.shared, *([self.year] if self.year not in self.shared else [])]

    @property
    def span(self) -> str:
        return self.baseline.replace("-", "–")

    @property
    def period(self) -> str:
        """What the report covers, in words."""
        if self.year in self.shared:
            return self.span
        _ = self.words
        return _("{span} and {year}", span=self.span, year=self.year)

    @property
    def country(self) -> str:
        return str(self.project.profile["country"][f"name_{self.lang}"])

    @property
    def source(self) -> str:
        """Where the numbers come from, for the line below a figure or table."""
        _ = self.words
        edition = self.tidy.about["edition"]
        if self.tidy.simulated:
            return _("Source: data bank, edition {edition} (simulated records)", edition=edition)
        return _("Source: data bank, edition {edition} (agencies' records)", edition=edition)

    def cell(self, line: Line, period: str | int) -> Cell:
        _words, indicator, unit, categories = line
        return self.tidy.cell(indicator, period, unit, "count", **categories)


def open_pack(inputs: Path, project: Path, year: int, baseline: str, lang: str) -> RegionalPack:
    """The regional pack of a build's public side (the one named, or the last of the year)."""
    house = find_project(Path(project))
    tidy = open_tidy(public_side(inputs, house, year), house, lang)
    return RegionalPack(tidy, house, year, baseline, translator(lang))


def heading(text: str, id: str) -> None:
    """A chapter's heading, to be referred to as `@sec-` and its id."""
    page.say(f"# {text} {{#sec-{id}}}")


def show_table(
    pack: RegionalPack,
    frame: pd.DataFrame,
    caption: str,
    id: str,
    *,
    note: str = "",
    source: bool = True,
    **options: Any,
) -> None:
    """A table with its source; options are those of `page.show_table`."""
    below = ". ".join(part for part in (pack.source if source else "", note) if part)
    page.show_table(frame, caption, id, lang=pack.lang, note=below, **options)


def show_lines(pack: RegionalPack, lines: Sequence[Line], caption: str, id: str) -> None:
    """A table with a row a line, its unit of count, and a column a year."""
    _ = pack.words
    labels = load_codebook().codelist("unit_of_count")
    rows = [
        [
            _(line[0]),
            labels.label(line[2], pack.lang),
            *[pack.cell(line, year) for year in pack.years],
        ]
        for line in lines
    ]
    heads = [_("What is counted"), _("Unit of count"), *map(str, pack.years)]
    widths = [38, 22, *[10] * len(pack.years)]
    show_table(pack, pd.DataFrame(rows, columns=heads), caption, id, widths=widths)


def show_breakdown(
    pack: RegionalPack, indicator_id: str, dimension: str, unit: str, caption: str, id: str
) -> None:
    """A table with a row a category and a column a year, or the words that there is none."""
    _ = pack.words
    table = pack.tidy.across(indicator_id, pack.years, dimension, unit=unit, statistic="count")
    if len(table) == 1:
        page.say("*" + _("{caption}: no breakdown is available.", caption=caption) + "*")
        return
    table[""] = [sentence_case(label) for label in table[""]]
    head = pack.tidy.unit_label(indicator_id, unit)
    widths = [44, *[56 // len(pack.years)] * len(pack.years)]
    show_table(pack, table.rename(columns={"": head}), caption, id, widths=widths)


def show_years(pack: RegionalPack, line: Line, unit: str, caption: str, id: str) -> None:
    """A figure of one line over the years, with intervals where they are published."""
    _ = pack.words
    cells, spans = [], []
    for year in pack.years:
        cells.append(pack.cell(line, year))
        rows = pack.tidy.rows(line[1], year, line[2], "count", **line[3])
        low = rows["ci_low"].iloc[0] if len(rows) else pd.NA
        spans.append(None if pd.isna(low) else (float(low), float(rows["ci_high"].iloc[0])))
    caption = _("{what}, {first}–{last}", what=caption, first=pack.years[0], last=pack.years[-1])
    frame = years_frame(cells, pack.years, spans)
    picture = yearly_counts(frame, unit=unit, subject=caption, lang=pack.lang)
    drawn = any(span is not None for span in spans)
    more = _(INTERVALS) if drawn else ""
    page.show_figure(
        picture, caption, id, note=". ".join(part for part in (pack.source, more) if part)
    )


def pooled(pack: RegionalPack, line: Line) -> Cell:
    """The pooled years; a stock has none."""
    rows = pack.tidy.rows(line[1], pack.baseline, line[2], "count", **line[3])
    return pack.cell(line, pack.baseline) if len(rows) else Cell(None, "NAP")
