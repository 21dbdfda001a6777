"""The charts of the reports: counts by category, counts by year. Hidden cells look hidden."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from atips_analysis.reporting.numbers import Cell, format_number
from atips_analysis.reporting.style import (
    GREY,
    NAVY,
    PALE,
    SOFT,
    WIDTH,
    Picture,
    house_style,
    save_figure,
)

HIDDEN_LABEL = {"en": "hidden for protection", "es": "oculto por protección"}
OTHER_LABEL = {
    "M": {"en": "no figure", "es": "sin cifra"},
    "NC": {"en": "not collected", "es": "no se recopila"},
    "NAP": {"en": "does not apply", "es": "no aplica"},
}


def counts_chart(
    breakdown: pd.DataFrame,
    name: str,
    *,
    unit: str,
    subject: str,
    lang: str = "en",
    folder: Path = Path(),
) -> Picture:
    """Horizontal bars, one a category, each with its number; hidden ones hatched, without length.

    Parameters
    ----------
    breakdown : DataFrame
        Columns label and cell, in the order to be drawn from the top.
    unit : str
        What is counted, for the axis and the alternative text ("persons").
    subject : str
        What the chart is about, for the alternative text.
    """
    from matplotlib import pyplot

    labels = [_wrap(label) for label in breakdown["label"]]
    cells: list[Cell] = list(breakdown["cell"])
    known = [cell.value for cell in cells if cell.value is not None]
    top = max([float(value) for value in known] or [1.0]) or 1.0
    height = 0.55 + sum(0.24 + 0.13 * label.count("\n") + 0.1 for label in labels)
    with house_style():
        figure, axes = pyplot.subplots(figsize=(WIDTH, max(1.4, height)))
        for place, cell in enumerate(cells):
            _bar(axes, place, cell, top, lang)
        axes.set_yticks(range(len(labels)), labels)
        axes.set_ylim(len(labels) - 0.4, -0.6)
        axes.set_xlim(0, top * 1.18)
        axes.tick_params(left=False)
        axes.set_xticks([])
        axes.spines["bottom"].set_visible(False)
        axes.set_xlabel(unit, loc="left")
        return save_figure(figure, folder, name, _alt(subject, unit, breakdown, lang))


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

    spans = list(intervals) or [None] * len(cells)
    known = [cell.value for cell in cells if cell.value is not None]
    tops = [span[1] for span in spans if span is not None]
    top = max([float(value) for value in [*known, *tops]] or [1.0]) or 1.0
    with house_style():
        figure, axes = pyplot.subplots(figsize=(WIDTH, 2.6))
        for place, (cell, span) in enumerate(zip(cells, spans, strict=True)):
            if cell.value is None:
                hatch = {"color": PALE, "hatch": "////", "edgecolor": GREY, "linewidth": 0}
                axes.bar(place, top, width=0.34, **hatch)
                axes.annotate(
                    _wrap(_status_label(cell.status, lang), 14),
                    (place, top / 2),
                    ha="center",
                    va="center",
                    fontsize=8.5,
                    color=SOFT,
                    bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.5},
                )
                continue
            if span is not None:
                axes.plot([place, place], span, color=NAVY, linewidth=1.6, alpha=0.45, zorder=2)
            axes.plot([place], [cell.value], "o", color=NAVY, markersize=8, zorder=3)
            axes.annotate(
                format_number(cell.value, lang),
                (place, float(cell.value)),
                xytext=(9, 0),
                textcoords="offset points",
                va="center",
                fontweight="semibold",
            )
        axes.set_xticks(range(len(years)), [str(year) for year in years])
        axes.set_xlim(-0.5, len(years) - 0.5)
        axes.set_ylim(0, top * 1.12)
        axes.set_ylabel(unit)
        axes.grid(axis="y", color=PALE, linewidth=1)
        axes.set_axisbelow(True)
        shown = pd.DataFrame({"label": [str(year) for year in years], "cell": list(cells)})
        return save_figure(figure, folder, name, _alt(subject, unit, shown, lang))


def _bar(axes, place: int, cell: Cell, top: float, lang: str) -> None:  # type: ignore[no-untyped-def]
    if cell.value is None:
        axes.barh(
            place, top * 0.12, height=0.62, color="white", hatch="////", edgecolor=GREY, linewidth=0
        )
        text, start, colour = _status_label(cell.status, lang), top * 0.135, SOFT
    else:
        colour = NAVY
        axes.barh(place, cell.value, height=0.62, color=NAVY)
        text, start, colour = format_number(cell.value, lang), float(cell.value), "#1c2530"
    axes.annotate(
        text,
        (start, place),
        xytext=(5, 0),
        textcoords="offset points",
        va="center",
        color=colour,
        fontsize=9 if cell.value is None else 10,
        fontweight="normal" if cell.value is None else "semibold",
    )


def _status_label(status: str, lang: str) -> str:
    if status in OTHER_LABEL:
        return OTHER_LABEL[status][lang]
    return HIDDEN_LABEL[lang]


def _alt(subject: str, unit: str, breakdown: pd.DataFrame, lang: str) -> str:
    """The chart in words, from its data."""
    said = [
        f"{label}: "
        + (
            format_number(cell.value, lang)
            if cell.value is not None
            else _status_label(cell.status, lang)
        )
        for label, cell in zip(breakdown["label"], breakdown["cell"], strict=True)
    ]
    return f"{subject}, {unit}. {'; '.join(said)}."


def _wrap(text: str, width: int = 38) -> str:
    import textwrap

    return "\n".join(textwrap.wrap(str(text), width)) or str(text)


__all__ = ["counts_chart", "years_chart"]
