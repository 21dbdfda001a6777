"""Counts over the periods that they cover, a lane a source: periods that overlap are seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from atips_analysis.reporting.numbers import MARKS
from atips_analysis.reporting.style import (
    HATCH,
    INK,
    PALE,
    SOFT,
    WIDTH,
    Picture,
    house_style,
    save_figure,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@dataclass(frozen=True)
class Span:
    """One figure over its period: start and end in years with their fraction, what is printed."""

    start: float
    end: float
    printed: str
    period: str
    status: str = "OK"
    second_hand: bool = False


@dataclass(frozen=True)
class Lane:
    """One source: its name, its colour, and its figures."""

    name: str
    colour: str
    spans: tuple[Span, ...]


def period_lanes(lanes: Sequence[Lane], *, unit: str, folder: Path, name: str) -> Picture:
    """Draw the lanes over an axis of calendar years.

    A filled box is a count, an empty one a zero, a hatched one a count hidden by its publisher;
    a dashed line marks what was read second hand.
    """
    from matplotlib import pyplot

    with house_style():
        figure, axes = pyplot.subplots(figsize=(WIDTH, 0.7 + 0.56 * len(lanes)))
        for at, lane in enumerate(lanes):
            for span in lane.spans:
                _draw(axes, at, lane.colour, span)
        first = int(min(span.start for lane in lanes for span in lane.spans))
        last = int(max(span.end for lane in lanes for span in lane.spans) + 0.99)
        axes.set_yticks(range(len(lanes)), [lane.name for lane in lanes])
        axes.set_ylim(len(lanes) - 0.5, -0.5)
        axes.set_xlim(first, last)
        years = range(first, last)
        axes.set_xticks([year + 0.5 for year in years], [str(year) for year in years])
        axes.set_xticks(range(first, last + 1), minor=True)
        axes.grid(axis="x", which="minor", color=PALE, linewidth=1)
        axes.set_axisbelow(True)
        axes.tick_params(axis="both", which="both", length=0)
        axes.tick_params(axis="y", labelcolor=INK)
        said = "; ".join(
            f"{lane.name}, {span.period}: {span.printed}"
            + (" (second hand)" if span.second_hand else "")
            for lane in lanes
            for span in lane.spans
        )
        return save_figure(figure, folder, name, f"{unit} by source and period. {said}.")


def _draw(axes: Axes, at: int, colour: str, span: Span) -> None:
    from matplotlib.patches import FancyBboxPatch

    hidden = span.status in MARKS
    filled = not hidden and span.status != "Z"
    axes.add_patch(
        FancyBboxPatch(
            (span.start + 0.06, at - 0.28),
            span.end - span.start - 0.12,
            0.56,
            boxstyle="round,pad=0,rounding_size=0.06",
            facecolor=colour if filled else "white",
            edgecolor=SOFT if hidden else colour,
            linestyle="--" if span.second_hand else "-",
            hatch=HATCH if hidden else None,
            linewidth=1.2,
            alpha=0.75 if filled and span.second_hand else 1,
        )
    )
    axes.text(
        (span.start + span.end) / 2,
        at,
        span.printed,
        ha="center",
        va="center_baseline",
        fontweight="semibold",
        color="white" if filled else INK,
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.2} if hidden else None,
    )
