"""Points with intervals: counts by year and source, never joined, and rates as a list.

Each function draws one figure, writes it as SVG into the folder and returns it with a text that
says what it shows, made from the same data.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from atips_analysis.framework.tables import records
from atips_analysis.reporting.numbers import MARKS, format_number, is_missing
from atips_analysis.reporting.style import (
    GREY,
    HATCH,
    INK,
    NAVY,
    SOFT,
    WIDTH,
    Picture,
    house_style,
    light_grid,
    save_figure,
)
from atips_analysis.words import N_, translator

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MARKERS = ("o", "D", "^", "s")
PLATE = {"facecolor": "white", "edgecolor": "none", "pad": 1.0}
BLOCK_TITLE: dict[str, Any] = {"fontweight": "semibold", "va": "center", "bbox": PLATE}
REFERENCE: dict[str, Any] = {"fontsize": 9, "va": "center", "bbox": PLATE}
HIDDEN = N_("hidden by its publisher")


@dataclass(frozen=True)
class Series:
    """One series of a chart: its name, its colour, and a frame of points.

    Columns of `points`: x (year or label), value, low, high, status, hollow. `low` and `high`
    are the interval of a known value, or the range that the publisher states for a hidden one
    (status C); `hollow` marks second-hand values.
    """

    name: str
    points: pd.DataFrame
    colour: str = NAVY


def counts_over_years(
    series: Sequence[Series],
    *,
    unit: str,
    folder: Path,
    name: str,
    break_after: int | None = None,
    break_label: str = "",
    lang: str = "en",
) -> Picture:
    """Counts by year as points with intervals, a colour and a marker each series, never joined.

    Parameters
    ----------
    series : sequence of Series
        At most four; x is the year.
    unit : str
        What is counted, for the axis.
    folder, name
        Where the file goes, and its name without ending.
    break_after : int, optional
        Year after which what is counted changes: a line, with `break_label`.
    """
    from matplotlib import pyplot

    with house_style():
        figure, axes = pyplot.subplots(figsize=(WIDTH, 4.1))
        years = sorted({int(x) for one in series for x in one.points["x"]})
        place = _places(series)
        for at, one in enumerate(series):
            for point in records(one.points):
                _draw(axes, one, point, place[at, int(point["x"])], MARKERS[at % 4], lang)
        axes.set_xticks(range(years[0], years[-1] + 1))
        axes.set_xlim(years[0] - 0.6, years[-1] + 0.6)
        axes.set_ylim(bottom=0)
        axes.set_ylabel(unit)
        light_grid(axes)
        if break_after is not None:
            top = axes.get_ylim()[1]
            axes.axvline(break_after + 0.5, color=SOFT, linewidth=1, linestyle=(0, (4, 3)))
            axes.text(break_after + 0.6, top * 0.985, break_label, color=SOFT, fontsize=9, va="top")
        _legend(axes, series)
        return save_figure(figure, folder, name, _alt(series, unit, lang))


def rates_with_intervals(
    groups: Sequence[Series],
    *,
    unit: str,
    folder: Path,
    name: str,
    references: Sequence[tuple[str, float]] = (),
    lang: str = "en",
) -> Picture:
    """Rates as a list of points with intervals, a block a group, the numbers at the side.

    `references` are values of other areas that compare with the first group alone: thin lines
    with their names. A hidden value has no point; its row says so.
    """
    from matplotlib import pyplot

    points = [point for group in groups for point in records(group.points)]
    tops = [float(point["high"]) for point in points if not is_missing(point["high"])]
    high = max(tops, default=1.0)
    lines = len(points) + 1.35 * len(groups)
    with house_style():
        figure, axes = pyplot.subplots(figsize=(WIDTH, 0.9 + 0.25 * lines))
        at, ticks, names, spoken = 0.0, [], [], []
        blocks = []
        for group in groups:
            start = at
            axes.text(0.03, at, group.name, color=group.colour, **BLOCK_TITLE)
            at += 1
            for point in records(group.points):
                ticks.append(at)
                names.append(str(point["x"]))
                text = _rate_row(axes, group, point, at, high, lang)
                spoken.append(f"{group.name} {point['x']}: {text}")
                at += 1
            blocks.append((start, at - 0.5))
            at += 0.35
        for number, (label, value) in enumerate(references):
            row = -1.0 - 0.85 * (len(references) - 1 - number)
            text = f"{label}: {format_number(value, lang, 2)}"
            look: dict[str, Any] = {
                "color": GREY,
                "linewidth": 1.2,
                "linestyle": (0, (2, 2)),
                "zorder": 0,
            }
            axes.plot([value, value], [row + 0.1, blocks[0][1]], **look)
            axes.text(value + 0.06, row, text, color=SOFT, **REFERENCE)
            spoken.append(text)
        axes.set_yticks(ticks, names)
        axes.set_ylim(at - 0.3, -0.7 - 0.85 * len(references))
        axes.set_xlim(0, high * 1.3)
        axes.set_xlabel(unit)
        axes.tick_params(axis="y", length=0)
        axes.set_xticks(range(int(high) + 1))
        light_grid(axes, "x")
        return save_figure(figure, folder, name, f"{unit}, with intervals. {'; '.join(spoken)}.")


def _rate_row(
    axes: Axes, group: Series, point: dict[str, Any], at: float, high: float, lang: str
) -> str:
    if point["status"] in MARKS:
        axes.text(0.03, at, translator(lang)(HIDDEN), color=SOFT, style="italic", **REFERENCE)
        return translator(lang)(HIDDEN)
    value, low, top = (float(point[key]) for key in ("value", "low", "high"))
    axes.plot([low, top], [at, at], color=group.colour, linewidth=2.2, alpha=0.4)
    face = "white" if point.get("hollow") else group.colour
    axes.plot(value, at, "o", color=group.colour, markerfacecolor=face, markersize=6)
    limits = f"{format_number(low, lang, 1)}\N{EN DASH}{format_number(top, lang, 1)}"
    text = f"{format_number(value, lang, 1)} ({limits})"
    axes.text(high * 1.05, at, text, va="center", color=INK, fontsize=9)
    return text


def _places(series: Sequence[Series]) -> dict[tuple[int, int], float]:
    """Where a point of a series stands: side by side where several share a year."""
    owners: dict[int, list[int]] = {}
    for at, one in enumerate(series):
        for x in one.points["x"]:
            owners.setdefault(int(x), []).append(at)
    step = 0.3
    return {
        (at, year): year + (order - (len(sharing) - 1) / 2) * step
        for year, sharing in owners.items()
        for order, at in enumerate(sharing)
    }


def _draw(axes: Axes, one: Series, point: dict[str, Any], x: float, marker: str, lang: str) -> None:
    from matplotlib.patches import Rectangle

    low, high = point["low"], point["high"]
    if point["status"] in {"C", "P", "S"}:
        axes.add_patch(
            Rectangle(
                (x - 0.11, float(low)),
                0.22,
                float(high) - float(low),
                facecolor="white",
                edgecolor=one.colour,
                hatch=HATCH,
                linewidth=0.8,
            )
        )
        axes.text(x, float(high) + 0.4, "c", color=one.colour, ha="center", fontsize=9)
        return
    if is_missing(point["value"]):
        return
    value = float(point["value"])
    if not is_missing(low) and not is_missing(high):
        axes.plot([x, x], [float(low), float(high)], color=one.colour, linewidth=1.6, alpha=0.35)
    face = "white" if point.get("hollow") else one.colour
    axes.plot(x, value, marker, color=one.colour, markerfacecolor=face, markersize=6.5)
    axes.annotate(
        format_number(value, lang),
        (x, value),
        textcoords="offset points",
        xytext=(0, 6.5),
        ha="center",
        fontsize=9,
        color=one.colour,
        fontweight="semibold",
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.4, "alpha": 0.8},
    )


def _legend(axes: Axes, series: Sequence[Series]) -> None:
    """Names of the series above the plot, each with its own marker and colour."""
    from matplotlib.lines import Line2D

    handles = [
        Line2D([], [], marker=MARKERS[at % 4], color=one.colour, linestyle="", markersize=6.5)
        for at, one in enumerate(series)
    ]
    legend = axes.legend(
        handles,
        [one.name for one in series],
        loc="lower left",
        bbox_to_anchor=(-0.02, 1.01),
        ncols=min(len(series), 2),
        frameon=False,
        fontsize=10,
        handletextpad=0.1,
        columnspacing=1.6,
        borderaxespad=0.2,
    )
    for text, one in zip(legend.get_texts(), series, strict=True):
        text.set_color(one.colour)


def _alt(series: Sequence[Series], unit: str, lang: str) -> str:
    parts = []
    for one in series:
        said = []
        for point in records(one.points):
            if point["status"] in MARKS:
                said.append(f"{int(point['x'])} {translator(lang)(HIDDEN)}")
            elif not is_missing(point["value"]):
                said.append(f"{int(point['x'])}: {format_number(point['value'], lang)}")
        parts.append(f"{one.name}: {', '.join(said)}")
    return f"{unit} by year, points that are not joined. {'; '.join(parts)}."
