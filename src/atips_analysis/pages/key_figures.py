"""The figures of a year that a reader looks for first: on the front page, and where a report opens."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from atips_analysis.pages.drawing import Drawing, drawing, house_style
from atips_analysis.pages.edition import Edition
from atips_analysis.pages.numbers import MARKS, Cell, format_cell, number_in_words, status_label
from atips_analysis.pages.origins import LABELS, origin_of
from atips_analysis.pages.style import HATCH, INK, NAVY, PALE, SOFT
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

    def origin(self, edition: Edition, year: int) -> str:
        """Whether the figure was published, made to meet published ones, invented, or counted."""
        _ = translator(edition.lang)
        return _(LABELS[origin_of(edition, self.indicator_id, year, self.unit).kind])


KEY_FIGURES = (
    KeyFigure("PROS-01", "CASE", NC_("key figure", "suspected cases investigated")),
    KeyFigure("PROT-01", "VICTIM", NC_("key figure", "potential and confirmed victims identified")),
    KeyFigure("PROT-06", "VICTIM", NC_("key figure", "victims supported with services")),
    KeyFigure(
        "PROS-02", "SUSPECT", NC_("key figure", "persons arrested or otherwise in formal contact")
    ),
    KeyFigure("PROS-04", "CONVICTION_P", NC_("key figure", "persons convicted of trafficking")),
    KeyFigure("PROT-11", "CHILD", NC_("key figure", "migrant children sheltered (not victims)")),
    KeyFigure("PREV-02", "PARTICIPANT", NC_("key figure", "attendances at training")),
    KeyFigure("PREV-07", "SCREENING", NC_("key figure", "screenings of migrants")),
    KeyFigure("PREV-08", "INSPECTION", NC_("key figure", "labour inspections")),
)


def figure_alone(cell: Cell, lang: str) -> str:
    """A key figure as it stands large: its number, or in a word why there is none."""
    return status_label(cell.status, lang) if _without_number(cell) else format_cell(cell, lang)


def year_in_figures(edition: Edition, year: int) -> list[tuple[str, str]]:
    """The key figures of a year with what they count; of simulated records, whose each is."""
    shown = []
    for one in KEY_FIGURES:
        whose = f" – *{one.origin(edition, year)}*" if edition.simulated else ""
        shown.append(
            (figure_alone(one.cell(edition, year), edition.lang), one.said(edition.lang) + whose)
        )
    return shown


def small_years(years: Sequence[int], cells: Sequence[Cell], subject: str, lang: str) -> Drawing:
    """A bar a year with its number, small enough to stand below a key figure.

    A year without a number stands hatched, with its mark; the height of a rounded number is what
    was printed.
    """
    import seaborn as sns
    from matplotlib import pyplot

    values = [0.0 if _without_number(cell) else float(cell.value or 0) for cell in cells]
    top = max([*values, 1.0])
    names = [str(year) for year in years]
    text: dict[str, Any] = {"ha": "center", "va": "bottom", "fontsize": 9.5}
    with house_style():
        figure, axes = pyplot.subplots(figsize=(1.66, 1.0))
        sns.barplot(x=names, y=values, ax=axes, color=NAVY, width=0.62, linewidth=0)
        for place, (cell, value) in enumerate(zip(cells, values, strict=True)):
            if _without_number(cell):
                axes.bar(place, top * 0.55, width=0.62, color=PALE, hatch=HATCH, linewidth=0)
            height = top * 0.55 if _without_number(cell) else value
            newest = place == len(cells) - 1
            axes.annotate(
                format_cell(cell, lang),
                (place, height + top * 0.04),
                color=INK if newest else SOFT,
                fontweight="semibold" if newest else "normal",
                **text,
            )
        axes.set(xlabel="", ylabel="", yticks=[], ylim=(0, top * 1.32))
        axes.tick_params(axis="x", length=0, labelsize=9.5)
    said = "; ".join(
        f"{year}: {_said(cell, lang)}" for year, cell in zip(years, cells, strict=True)
    )
    return drawing(figure, f"{subject}. {said}.", rounded=any(cell.status == "R" for cell in cells))


def _without_number(cell: Cell) -> bool:
    return cell.value is None or cell.status in MARKS


def _said(cell: Cell, lang: str) -> str:
    return status_label(cell.status, lang) if _without_number(cell) else number_in_words(cell, lang)
