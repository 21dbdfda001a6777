"""The charts that reports make of protected cells: by category, by year, what came before what.

They draw with `bars`; here cells of the tidy table are put in order and what is hidden or zero
is gathered, so that a chart stays small enough to be read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from atips_analysis.pages.numbers import MARKS, Cell, format_cell, number_in_words, status_label
from atips_analysis.pages.style import (
    GREY,
    HATCH,
    INK,
    NARROW,
    NAVY,
    ROUNDED_EDGE,
    ROUNDED_FACE,
    SOFT,
    Picture,
    house_style,
    save_figure,
)
from atips_analysis.words import translator

SINGLY = 3
"""Up to so many hidden categories are drawn one by one; more are gathered into one line."""


@dataclass(frozen=True)
class Bar:
    """One bar: a value, or the status (a code of `cell_status`) that says why there is none."""

    label: str
    value: float | None
    status: str = "OK"
    note: str = ""

    def __post_init__(self) -> None:
        if self.status in MARKS:  # a status that hides or lacks the number wins over a value
            object.__setattr__(self, "value", None)


@dataclass(frozen=True)
class Parts:
    """The categories of a breakdown, as a chart takes them.

    `bars` are drawn; `hidden`, `zero` and `nearly_zero` (rounded to 0) are labels that a sentence
    below the chart names because they are not drawn one by one.
    """

    bars: tuple[Bar, ...]
    hidden: tuple[str, ...] = ()
    zero: tuple[str, ...] = ()
    nearly_zero: tuple[str, ...] = ()

    @property
    def all_hidden(self) -> bool:
        return all(bar.value is None for bar in self.bars)


def parts_of(breakdown: pd.DataFrame, lang: str = "en", *, drop_zero: bool = True) -> Parts:
    """The cells of a breakdown as bars: zeros left out, many hidden ones gathered at the foot.

    Parameters
    ----------
    breakdown : DataFrame
        Columns label and cell, in the order to be drawn from the top.
    drop_zero : bool
        Whether true zeros are named in words only; they are always in the table.
    """
    rows = list(zip(map(str, breakdown["label"]), breakdown["cell"], strict=True))
    zero = [label for label, cell in rows if cell.value == 0 and cell.status != "R"]
    zero = zero if drop_zero else []
    hidden = [label for label, cell in rows if cell.value is None]
    nearly = [label for label, cell in rows if cell.value == 0 and cell.status == "R"]
    if len(nearly) <= SINGLY or len(nearly) == len(rows):
        nearly = []
    drawn = [(label, cell) for label, cell in rows if label not in {*zero, *nearly}]
    none = tuple(zero), tuple(nearly)
    if len(hidden) <= SINGLY or len(hidden) == len(drawn):
        return Parts(tuple(_bar(label, cell, lang) for label, cell in drawn), (), *none)
    bars = [_bar(label, cell, lang) for label, cell in drawn if cell.value is not None]
    _ = translator(lang)
    gathered = _("{n} other categories", n=len(hidden))
    bars.append(Bar(gathered, None, "C", note=_("each hidden for protection")))
    return Parts(tuple(bars), tuple(hidden), *none)


def stacked_years(
    groups: Sequence[tuple[str, Sequence[Cell]]],
    years: Sequence[int],
    name: str,
    *,
    unit: str,
    subject: str,
    lang: str = "en",
    folder: Path = Path(),
) -> Picture:
    """A bar a year of at most two parts that add up, each with its number inside.

    Where a part is hidden, the whole year stands hatched: a visible rest would give it away.
    """
    from matplotlib import pyplot

    colours, inks = (NAVY, "#9fb6cc"), ("white", "#1c2530")
    totals = [
        sum((float(cells[at].value or 0) for _, cells in groups), 0.0)
        if all(cells[at].value is not None for _, cells in groups)
        else None
        for at in range(len(years))
    ]
    top = max([total for total in totals if total is not None] or [1.0]) or 1.0
    with house_style():
        figure, axes = pyplot.subplots(figsize=(NARROW, 0.55 + 0.36 * len(years)))
        for place, total in enumerate(totals):
            if total is None:
                axes.barh(place, top * 0.1, height=0.66, fc="white", ec=GREY, hatch=HATCH, lw=0)
                axes.text(
                    top * 0.11,
                    place,
                    status_label("C", lang),
                    va="center",
                    color=SOFT,
                    fontsize=9,
                )
                continue
            start = 0.0
            for (_, cells), colour, ink in zip(groups, colours, inks, strict=False):
                value = float(cells[place].value)  # type: ignore[arg-type]
                look: dict[str, Any] = {"fc": colour, "lw": 0}
                if cells[place].status == "R":
                    look = {"fc": ROUNDED_FACE, "ec": colour, "ls": ROUNDED_EDGE, "lw": 0.8}
                    ink = INK
                axes.barh(place, value, left=start, height=0.66, **look)
                if value:
                    number = format_cell(cells[place], lang)
                    middle: dict[str, Any] = {
                        "ha": "center",
                        "va": "center",
                        "fontweight": "semibold",
                    }
                    axes.text(start + value / 2, place, number, color=ink, **middle)
                start += value
        axes.set_yticks(range(len(years)), [str(year) for year in years])
        axes.set_ylim(len(years) - 0.5, -1.15)
        axes.set_xlim(0, top * 1.08)
        axes.set_xticks([])
        axes.spines["bottom"].set_visible(False)
        axes.tick_params(axis="y", length=0)
        axes.set_xlabel(unit, loc="left", fontsize=9)
        start = 0.0
        for (label, cells), colour in zip(groups, colours, strict=False):
            first = cells[0].value if cells[0].value is not None else top / 2
            axes.barh(-0.78, top * 0.018, left=start, height=0.3, color=colour)
            axes.text(start + top * 0.027, -0.78, label, va="center", fontsize=9)
            start += max(float(first), top * 0.42)
        said = "; ".join(
            f"{label}: "
            + ", ".join(
                f"{year} {_said(cell, lang)}" for year, cell in zip(years, cells, strict=True)
            )
            for label, cells in groups
        )
        return save_figure(figure, folder, name, f"{subject}, {unit}. {said}.")


def _bar(label: str, cell: Cell, lang: str) -> Bar:
    if cell.value is None:
        return Bar(label, None, cell.status, note=status_label(cell.status, lang))
    return Bar(label, float(cell.value), cell.status)


def _said(cell: Cell, lang: str) -> str:
    return status_label(cell.status, lang) if cell.value is None else number_in_words(cell, lang)


__all__ = ["Bar", "Parts", "bars_frame", "parts_of", "stacked_years", "years_frame"]


def bars_frame(bars: Sequence[Bar]) -> pd.DataFrame:
    """Bars as the frame that `pages.charts.bars` draws: label, cell and note."""
    rows = [(bar.label, Cell(bar.value, bar.status), bar.note) for bar in bars]
    return pd.DataFrame(rows, columns=["label", "cell", "note"])


def years_frame(
    cells: Sequence[Cell], years: Sequence[int], spans: Sequence[tuple[float, float] | None]
) -> pd.DataFrame:
    """Yearly cells with their intervals as the frame that `pages.charts.yearly_counts` draws."""
    known = [span or (None, None) for span in spans] or [(None, None)] * len(cells)
    return pd.DataFrame(
        {
            "period": [str(year) for year in years],
            "value": [cell.value for cell in cells],
            "status": [cell.status for cell in cells],
            "ci_low": [low for low, _ in known],
            "ci_high": [high for _, high in known],
            "cell": list(cells),
        }
    )
