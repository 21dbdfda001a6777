"""Figures of the research pages: ratios with intervals, and what numbers of a size can show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from atips_analysis.reporting.numbers import format_number
from atips_analysis.reporting.style import (
    GREY,
    INK,
    NAVY,
    ORANGE,
    SOFT,
    WIDTH,
    Picture,
    house_style,
    light_grid,
    save_figure,
)


@dataclass(frozen=True)
class Ratio:
    """A ratio with its interval; `low` and `high` may lie beyond the axis."""

    label: str
    value: float
    low: float
    high: float
    colour: str = NAVY


def ratios_picture(
    ratios: Sequence[Ratio], *, unit: str, name: str, folder: Path = Path()
) -> Picture:
    """Ratios on a logarithmic axis around 1, the numbers at the side."""
    from matplotlib import pyplot
    from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

    ends = [end for one in ratios for end in (one.low, one.high) if 0 < end < float("inf")]
    least = max(min([*ends, 0.5]) * 0.92, 0.1)
    most = min(max([*ends, 2.0]) * 1.08, 10.0)
    with house_style():
        figure, axes = pyplot.subplots(figsize=(WIDTH, 0.85 + 0.4 * len(ratios)))
        axes.set_xscale("log")
        axes.axvline(1, color=SOFT, linewidth=1)
        spoken = []
        for at, one in enumerate(ratios):
            low, high = max(one.low, least), min(one.high, most)
            axes.plot([low, high], [at, at], color=one.colour, linewidth=2.4, alpha=0.4)
            axes.plot(min(max(one.value, least), most), at, "o", color=one.colour, markersize=6.5)
            text = (
                f"{format_number(one.value, decimals=2)} "
                f"({format_number(one.low, decimals=2)} to {format_number(one.high, decimals=2)})"
            )
            axes.annotate(
                text,
                (1.01, at),
                xycoords=("axes fraction", "data"),
                va="center",
                color=INK,
                fontsize=9,
            )
            spoken.append(f"{' '.join(one.label.split())}: {text}")
        ticks = [
            tick for tick in (0.1, 0.2, 0.5, 0.75, 1, 1.5, 2, 3, 5, 10) if least <= tick <= most
        ]
        axes.xaxis.set_major_locator(FixedLocator(ticks))
        axes.xaxis.set_minor_locator(NullLocator())
        axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: format_number(value)))
        axes.set_xlim(least, most)
        axes.set_yticks(range(len(ratios)), [one.label for one in ratios])
        axes.set_ylim(len(ratios) - 0.5, -0.5)
        axes.tick_params(axis="y", length=0, labelcolor=INK)
        axes.set_xlabel(unit)
        light_grid(axes, "x")
        return save_figure(figure, folder, name, f"{unit}, with intervals. {'; '.join(spoken)}.")


def power_picture(
    counts: Sequence[int],
    above: Sequence[float],
    below: Sequence[float],
    marks: Sequence[tuple[str, int]],
    *,
    unit: str,
    name: str,
    folder: Path = Path(),
) -> Picture:
    """The smallest rise and fall that a comparison would probably notice, by size of the count."""
    from matplotlib import pyplot
    from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

    shown = [
        (count, high, low)
        for count, high, low in zip(counts, above, below, strict=True)
        if high < 20
    ]
    with house_style():
        figure, axes = pyplot.subplots(figsize=(WIDTH, 3.4))
        axes.set_xscale("log")
        axes.set_yscale("log")
        x = [one[0] for one in shown]
        axes.plot(x, [one[1] for one in shown], color=ORANGE, linewidth=2)
        axes.plot(x, [one[2] for one in shown], color=NAVY, linewidth=2)
        axes.axhline(1, color=SOFT, linewidth=1)
        axes.annotate(
            "a rise at least so large",
            (x[-1], shown[-1][1]),
            xytext=(0, 8),
            textcoords="offset points",
            ha="right",
            color=ORANGE,
        )
        axes.annotate(
            "a fall at least so large",
            (x[-1], shown[-1][2]),
            xytext=(0, -15),
            textcoords="offset points",
            ha="right",
            color=NAVY,
        )
        for place, (label, count) in enumerate(marks):
            axes.axvline(count, color=GREY, linewidth=1, linestyle=(0, (2, 2)))
            axes.annotate(
                f"{label}: {format_number(count)}",
                (count, 0.98 - 0.085 * place),
                xycoords=("data", "axes fraction"),
                xytext=(4, 0),
                textcoords="offset points",
                va="top",
                fontsize=9,
                color=SOFT,
                bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.6},
            )
        plain = FuncFormatter(lambda value, _: format_number(value))
        axes.xaxis.set_major_locator(
            FixedLocator([tick for tick in (5, 10, 20, 50, 100, 200, 500) if tick <= x[-1]])
        )
        axes.yaxis.set_major_locator(FixedLocator([0.1, 0.2, 0.5, 1, 2, 5, 10]))
        for axis in (axes.xaxis, axes.yaxis):
            axis.set_minor_locator(NullLocator())
            axis.set_major_formatter(plain)
        axes.set_xlim(x[0], x[-1])
        axes.set_xlabel("Count in each of the two years")
        axes.set_ylabel("Second year over first")
        light_grid(axes)
        some = [one for one in shown if one[0] in (10, 20, 50, 100, 200)]
        said = "; ".join(
            f"from {count} a year, a rise to {format_number(high)} times or a fall to "
            f"{format_number(low)}"
            for count, high, low in some
        )
        return save_figure(figure, folder, name, f"{unit}. {said}.")
