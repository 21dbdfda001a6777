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

from atips_analysis.reporting.bars import Bar, lying_bars
from atips_analysis.reporting.numbers import Cell, format_cell, format_number, number_in_words
from atips_analysis.reporting.style import (
    GREY,
    HATCH,
    INK,
    NARROW,
    NAVY,
    PALE,
    ROUNDED_EDGE,
    ROUNDED_FACE,
    SOFT,
    Picture,
    house_style,
    light_grid,
    save_figure,
)
from atips_analysis.words import N_, translator

HIDDEN_LABEL = N_("hidden for protection")
OTHER_LABEL = {"M": N_("no figure"), "NC": N_("not collected"), "NAP": N_("does not apply")}
SINGLY = 3
"""Up to so many hidden categories are drawn one by one; more are gathered into one line."""


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


def counts_chart(
    breakdown: pd.DataFrame,
    name: str,
    *,
    unit: str,
    subject: str,
    lang: str = "en",
    folder: Path = Path(),
) -> Picture:
    """Horizontal bars of a breakdown (label, cell), one a category, hidden ones hatched.

    Parameters
    ----------
    unit : str
        What is counted ("persons").
    subject : str
        What the chart is about, for the alternative text.
    """
    parts = parts_of(breakdown, lang)
    return lying_bars(parts.bars, unit=unit, folder=folder, name=name, subject=subject, lang=lang)


def years_chart(
    cells: Sequence[Cell],
    years: Sequence[int],
    name: str,
    *,
    unit: str,
    subject: str,
    intervals: Sequence[tuple[float, float] | None] = (),
    lang: str = "en",
    folder: Path = Path(),
) -> Picture:
    """One mark a year with its number and, where given, its interval; hidden years stand hatched."""
    from matplotlib import pyplot
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    spans = list(intervals) or [None] * len(cells)
    top = _top(cells, spans)
    with house_style():
        figure, axes = pyplot.subplots(figsize=(NARROW, 1.75))
        for place, (cell, span) in enumerate(zip(cells, spans, strict=True)):
            if cell.value is None:
                _hidden_year(axes, place, top, status_label(cell.status, lang))
            else:
                _known_year(axes, place, cell, span, lang)
        axes.set_xticks(range(len(years)), [str(year) for year in years])
        axes.set_xlim(-0.5, len(years) - 0.5)
        axes.set_ylim(-top * 0.07, top * 1.12)
        axes.yaxis.set_major_locator(MaxNLocator(nbins=4, integer=True))
        axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: format_number(value, lang)))
        axes.set_ylabel(unit)
        light_grid(axes)
        return save_figure(figure, folder, name, _alt(subject, unit, years, cells, lang))


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
                    translator(lang)(HIDDEN_LABEL),
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


def status_label(status: str, lang: str = "en") -> str:
    """Why a number is not there, in words."""
    return translator(lang)(OTHER_LABEL.get(status, HIDDEN_LABEL))


def _known_year(axes, place, cell, span, lang):  # type: ignore[no-untyped-def]
    value, face = float(cell.value), "white" if cell.status == "R" else NAVY
    if span is not None:
        axes.plot([place, place], span, color=NAVY, linewidth=1.6, alpha=0.45, zorder=2)
    axes.plot([place], [value], "o", color=NAVY, markerfacecolor=face, markersize=7, zorder=3)
    axes.annotate(
        format_cell(cell, lang),
        (place, value),
        xytext=(9, 0),
        textcoords="offset points",
        va="center",
        fontweight="semibold",
    )


def _hidden_year(axes, place, top, words):  # type: ignore[no-untyped-def]
    axes.bar(place, top, width=0.34, color=PALE, hatch=HATCH, edgecolor=GREY, linewidth=0)
    axes.annotate(
        words.replace(" for ", "\nfor "),
        (place, top / 2),
        ha="center",
        va="center",
        fontsize=8.5,
        color=SOFT,
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.5},
    )


def _top(cells: Sequence[Cell], spans: Sequence[tuple[float, float] | None]) -> float:
    known = [float(cell.value) for cell in cells if cell.value is not None]
    return max([*known, *[span[1] for span in spans if span is not None]] or [1.0]) or 1.0


def _said(cell: Cell, lang: str) -> str:
    return status_label(cell.status, lang) if cell.value is None else number_in_words(cell, lang)


def _alt(subject: str, unit: str, years: Sequence[int], cells: Sequence[Cell], lang: str) -> str:
    """The chart in words, from its data."""
    said = "; ".join(
        f"{year}: {_said(cell, lang)}" for year, cell in zip(years, cells, strict=True)
    )
    return f"{subject}, {unit}. {said}."


__all__ = ["Parts", "counts_chart", "parts_of", "stacked_years", "status_label", "years_chart"]
