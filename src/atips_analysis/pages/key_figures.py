"""The figures of a year that a reader looks for first: on the front page, and where a report opens."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from typing import NamedTuple

from atips_analysis.pages.charts import year_bars
from atips_analysis.pages.drawing import Drawing, drawing, house_style
from atips_analysis.pages.edition import Edition
from atips_analysis.pages.numbers import (
    MARKS,
    Cell,
    cell_in_words,
    format_cell,
    instead_of_number,
    kept_in_words,
)
from atips_analysis.pages.origins import origin_said
from atips_analysis.words import NC_, translator


class KeyFigure(NamedTuple):
    """An indicator's count of a year, and what it counts in words (a message of the catalogue)."""

    indicator_id: str
    unit: str
    words: str

    def said(self, lang: str) -> str:
        return translator(lang).pgettext("key figure", self.words)

    def cell(self, edition: Edition, year: int) -> Cell:
        return edition.cell(self.indicator_id, year, self.unit, "count")

    def card(self, edition: Edition, years: Sequence[int]) -> dict[str, str]:
        """The last of some years large, with its words, and a small picture of all of them."""
        cells = [self.cell(edition, year) for year in years]
        picture = small_years(years, cells, self.said(edition.lang), edition.lang)
        inside = base64.b64encode(picture.svg.encode("utf-8")).decode("ascii")
        return {
            "number": figure_alone(cells[-1], edition.lang),
            "words": self.said(edition.lang),
            "picture": f"data:image/svg+xml;base64,{inside}",
            "alt": picture.alt,
        }

    def origin(self, edition: Edition, year: int) -> str:
        """Whether the figure was published, made to meet published ones, invented, or counted.

        Nothing where records are not simulated, or there is no figure, hidden or not.
        """
        cell = self.cell(edition, year)
        if cell.value is None and cell.status != "C":
            return ""
        return origin_said(edition, self.indicator_id, year, self.unit)


KEY_FIGURES = (
    KeyFigure("PROS-01", "CASE", NC_("key figure", "suspected cases investigated")),
    KeyFigure("PROT-01", "VICTIM", NC_("key figure", "potential and confirmed victims identified")),
    KeyFigure("PROT-06", "VICTIM", NC_("key figure", "victims supported with services")),
    KeyFigure(
        "PROS-02",
        "SUSPECT",
        NC_("key figure", "persons brought into formal contact (arrested, suspected or cautioned)"),
    ),
    KeyFigure("PROS-04", "CONVICTION_P", NC_("key figure", "persons convicted of trafficking")),
    KeyFigure("PROT-11", "CHILD", NC_("key figure", "migrant children sheltered (not victims)")),
    KeyFigure("PREV-02", "PARTICIPANT", NC_("key figure", "attendances at training")),
    KeyFigure("PREV-07", "SCREENING", NC_("key figure", "screenings of migrants")),
    KeyFigure("PREV-08", "INSPECTION", NC_("key figure", "labour inspections")),
)


def figure_alone(cell: Cell, lang: str) -> str:
    """A key figure as it stands large: its number, or in a word why there is none."""
    nothing = cell.value is None or cell.status in MARKS
    return instead_of_number(cell, lang) if nothing else format_cell(cell, lang)


def year_in_figures(
    edition: Edition, year: int, of: Sequence[str] | None = None
) -> list[tuple[str, str]]:
    """The key figures of a year with what they count; of simulated records, whose each is.

    Parameters
    ----------
    of : sequence of str, optional
        Only these indicators, in this order; all without it.
    """
    known = {one.indicator_id: one for one in KEY_FIGURES}
    shown = []
    for one in (known[code] for code in of or known):
        number, words = large_figure(one.cell(edition, year), one.said(edition.lang), edition.lang)
        shown.append((number, with_origin(words, one.origin(edition, year))))
    return shown


def with_origin(words: str, whose: str) -> str:
    """What a large number counts, and whose it is."""
    return f"{words} – *{whose}*" if whose else words


def large_figure(cell: Cell, words: str, lang: str = "en") -> tuple[str, str]:
    """A figure to be shown large, and what it counts; the words say where it is kept."""
    return figure_alone(cell._replace(kept=False), lang), kept_in_words(words, cell, lang)


def small_years(years: Sequence[int], cells: Sequence[Cell], subject: str, lang: str) -> Drawing:
    """A bar a year with its number, small enough to stand below a key figure."""
    from matplotlib import pyplot

    with house_style():
        figure, axes = pyplot.subplots(figsize=(1.66, 1.0))
        year_bars(axes, list(zip(years, cells, strict=True)), lang)
    said = "; ".join(
        f"{year}: {cell_in_words(cell, lang)}" for year, cell in zip(years, cells, strict=True)
    )
    return drawing(figure, f"{subject}. {said}.", marked=tuple(cells))
