"""Charts of what several sources print of one thing: never joined, each as it is printed.

What a publisher hides is drawn as the range that it states, and never as a number; what was read
second hand is drawn open. Each chart takes a frame and returns a drawing, with its words.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from atips_analysis.pages.drawing import Drawing, drawing, house_style
from atips_analysis.pages.numbers import MARKS, format_number
from atips_analysis.pages.style import HATCH, INK, NARROW, PALE, SOFT, WIDTH, light_grid

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MARKERS = ("o", "D", "^", "s")
HIDDEN = "hidden by its publisher"
SIDE_BY_SIDE = 0.3
"""How far apart, in years, the points of one year stand."""


def counts_by_source(
    frame: pd.DataFrame,
    *,
    unit: str,
    palette: Mapping[str, str],
    break_after: int | None = None,
    break_label: str = "",
) -> Drawing:
    """Counts by year as points, a colour and a marker each source.

    Parameters
    ----------
    frame : DataFrame
        series, year, value, low, high, status, second_hand. `low` and `high` are the range that
        its publisher states of a hidden value (status C).
    unit : str
        What is counted, for the axis.
    palette : mapping
        The series in their order, at most four, each with its colour.
    break_after : int, optional
        Year after which what is counted changes: a line, with `break_label`.
    """
    import seaborn as sns
    from matplotlib import pyplot

    points = _side_by_side(frame, palette)
    hidden = points["status"].isin(MARKS)
    known = points[~hidden & points["value"].notna()]
    with house_style():
        figure, axes = pyplot.subplots(figsize=(WIDTH, 4.1))
        series: dict[str, Any] = {"x": "x", "y": "value", "hue": "series", "style": "series"}
        look = {"palette": dict(palette), "markers": dict(zip(palette, MARKERS, strict=False))}
        for second_hand, own in known.groupby("second_hand"):
            kind = {"legend": False, "s": 52, "linewidth": 1.2, "zorder": 3, "ax": axes}
            sns.scatterplot(own, **series, **look, **kind)
            edges = [palette[name] for name in own["series"]]
            axes.collections[-1].set_edgecolor(edges)
            if second_hand:
                axes.collections[-1].set_facecolor("white")
        _say_values(axes, known, palette)
        _draw_ranges(axes, points[hidden], palette)
        axes.set_xticks(range(int(frame["year"].min()), int(frame["year"].max()) + 1))
        axes.set_xlim(frame["year"].min() - 0.6, frame["year"].max() + 0.6)
        axes.set_ylim(bottom=0)
        axes.set(xlabel="", ylabel=unit)
        light_grid(axes)
        if break_after is not None:
            axes.axvline(break_after + 0.5, color=SOFT, linewidth=1, linestyle=(0, (4, 3)))
            top = axes.get_ylim()[1] * 0.985
            axes.text(break_after + 0.6, top, break_label, color=SOFT, fontsize=9, va="top")
        _name_series(axes, palette, [name for name in palette if name in set(frame["series"])])
    said = "; ".join(
        f"{name}: {', '.join(_at_year(row) for row in own.to_dict('records'))}"
        for name, own in points.groupby("series", sort=False)
    )
    return drawing(figure, f"{unit} by year, points that are not joined. {said}.")


def rates_by_source(
    frame: pd.DataFrame,
    *,
    unit: str,
    palette: Mapping[str, str],
    references: Sequence[tuple[str, float]] = (),
) -> Drawing:
    """Rates as a list of points, a block a source, the numbers at the side.

    Parameters
    ----------
    frame : DataFrame
        series, year, value, status, second_hand, in the order of the list.
    unit : str
        What the rates are per, for the axis.
    palette : mapping
        The series, each with its colour.
    references : sequence of (name, rate)
        Rates elsewhere that compare with the first block alone: thin lines.
    """
    import seaborn as sns
    from matplotlib import pyplot

    points = _listed(frame)
    known = points[~points["status"].isin(MARKS)]
    top = max([*known["value"], *(rate for _, rate in references), 1.0])
    last = points["place"].max()
    plate = {"facecolor": "white", "edgecolor": "none", "pad": 1.0}
    beside: dict[str, Any] = {"va": "center", "fontsize": 9}
    with house_style():
        figure, axes = pyplot.subplots(figsize=(WIDTH, 0.9 + 0.25 * (last + 2)))
        colours = [palette[name] for name in known["series"]]
        look: dict[str, Any] = {"s": 42, "linewidth": 1.2, "zorder": 3, "legend": False}
        sns.scatterplot(x=known["value"], y=known["place"], color="white", ax=axes, **look)
        axes.collections[-1].set_edgecolor(colours)
        filled = zip(colours, known["second_hand"], strict=True)
        axes.collections[-1].set_facecolor(["white" if open_ else one for one, open_ in filled])
        for row in points.to_dict("records"):
            hidden = row["status"] in MARKS
            how = beside | ({"color": SOFT, "style": "italic"} if hidden else {"color": INK})
            axes.text(0.03 if hidden else top * 1.05, row["place"], row["said"], bbox=plate, **how)
        for name, own in points.groupby("series", sort=False):
            how = {"color": palette[str(name)], "fontweight": "semibold", "va": "center"}
            axes.text(0.03, own["place"].min() - 1, str(name), bbox=plate, **how)
        first = points.loc[points["series"] == points["series"].iloc[0], "place"].max() + 0.5
        for at, (name, rate) in enumerate(references):
            row = -1.0 - 0.85 * (len(references) - 1 - at)
            axes.vlines(rate, row + 0.1, first, color=SOFT, lw=1.2, linestyle=(0, (2, 2)), zorder=0)
            words = f"{name}: {format_number(rate, decimals=2)}"
            axes.text(rate + 0.06, row, words, color=SOFT, bbox=plate, **beside)
        axes.set_yticks(points["place"], [str(year) for year in points["year"]])
        axes.set_ylim(last + 0.7, -0.7 - 0.85 * len(references))
        axes.set_xlim(0, top * 1.3)
        axes.set_xticks(range(int(top) + 1))
        axes.spines["bottom"].set_bounds(0, top)  # what stands beyond are numbers, not values
        axes.set(xlabel=unit, ylabel="")
        axes.tick_params(axis="y", length=0)
        light_grid(axes, "x")
    said = [f"{row['series']} {row['year']}: {row['said']}" for row in points.to_dict("records")]
    said += [f"{name}: {format_number(rate, decimals=2)}" for name, rate in references]
    return drawing(figure, f"{unit}. {'; '.join(said)}.")


def bars_by_source(frame: pd.DataFrame, *, unit: str, palette: Mapping[str, str]) -> Drawing:
    """Counts that no two sources print of one year as bars, a colour a source.

    Parameters
    ----------
    frame : DataFrame
        series, year, value, a row a year in order; a year without a value has no figure.
    unit : str
        What is counted, for the alternative text.
    palette : mapping
        The series, each with its colour.
    """
    from matplotlib import pyplot

    rows = [row for row in frame.to_dict("records") if pd.notna(row["value"])]
    without = [str(year) for year in frame.loc[frame["value"].isna(), "year"]]
    years = [str(year) for year in frame["year"]]
    middle: dict[str, Any] = {"ha": "center", "va": "bottom", "fontsize": 9}
    with house_style():
        figure, axes = pyplot.subplots(figsize=(NARROW, 2.4))
        for row in rows:
            at, height = years.index(str(row["year"])), float(row["value"])
            axes.bar(at, height, width=0.66, color=palette[row["series"]])
            axes.text(at, height, format_number(height), fontweight="semibold", **middle)
        for year in without:
            axes.text(years.index(year), 0, " no figure", color=SOFT, rotation=90, **middle)
        axes.set_xticks(range(len(years)), years, fontsize=9)
        axes.tick_params(axis="x", length=0)
        axes.set_yticks([])
        axes.set_xlim(-0.6, len(years) - 0.4)
        _name_series(axes, palette, [name for name in palette if name in set(frame["series"])], "s")
    said = [f"{row['year']}: {format_number(row['value'])} ({row['series']})" for row in rows]
    said += [f"{year}: no figure" for year in without]
    return drawing(figure, f"Bars, {unit} by year. {'; '.join(sorted(said))}.")


def counts_over_periods(frame: pd.DataFrame, *, unit: str, palette: Mapping[str, str]) -> Drawing:
    """Counts as boxes over the months that they cover, a line a source.

    A filled box is a count, an empty one a zero, a hatched one a count hidden by its publisher; a
    dashed edge marks what was read second hand.

    Parameters
    ----------
    frame : DataFrame
        series, period (in words), start and end (first and last day), printed, status,
        second_hand.
    unit : str
        What is counted, for the alternative text.
    palette : mapping
        The series in their order, each with its colour.
    """
    from matplotlib import pyplot

    lines = [name for name in palette if name in set(frame["series"])]
    boxes = frame.assign(
        place=frame["series"].map(lines.index),
        left=_in_years(frame["start"]) + 0.06,
        right=_in_years(frame["end"] + pd.Timedelta(days=1)) - 0.06,
    )
    first, last = int(boxes["left"].min()), int(boxes["right"].max() + 1)
    with house_style():
        figure, axes = pyplot.subplots(figsize=(WIDTH, 0.7 + 0.56 * len(lines)))
        for box in boxes.to_dict("records"):
            _draw_box(axes, box, palette[box["series"]])
        axes.set_yticks(range(len(lines)), lines)
        axes.set_ylim(len(lines) - 0.5, -0.5)
        axes.set_xlim(first, last)
        years = range(first, last)
        axes.set_xticks([year + 0.5 for year in years], [str(year) for year in years])
        axes.set_xticks(range(first, last + 1), minor=True)
        axes.grid(axis="x", which="minor", color=PALE, linewidth=1)
        axes.set_axisbelow(True)
        axes.tick_params(axis="both", which="both", length=0)
        axes.tick_params(axis="y", labelcolor=INK)
    said = "; ".join(
        f"{box['series']}, {box['period']}: {box['printed']}"
        + (" (second hand)" if box["second_hand"] else "")
        for box in boxes.sort_values(["place", "left"], kind="stable").to_dict("records")
    )
    return drawing(figure, f"{unit} by source and period. {said}.")


def _side_by_side(frame: pd.DataFrame, palette: Mapping[str, str]) -> pd.DataFrame:
    """The points in the order of their series, where several share a year beside one another."""
    points = frame.astype({"value": float, "low": float, "high": float})
    points["order"] = points["series"].map(list(palette).index)
    points = points.sort_values(["order", "year"], kind="stable")
    shared = points.groupby("year")["order"]
    off = shared.rank(method="first") - (shared.transform("size") + 1) / 2
    return points.assign(x=points["year"] + SIDE_BY_SIDE * off)


def _say_values(axes: Axes, known: pd.DataFrame, palette: Mapping[str, str]) -> None:
    plate = {"facecolor": "white", "edgecolor": "none", "pad": 0.4, "alpha": 0.8}
    above: dict[str, Any] = {"textcoords": "offset points", "xytext": (0, 6.5), "ha": "center"}
    for row in known.to_dict("records"):
        how: dict[str, Any] = {"color": palette[row["series"]], "fontweight": 600, "fontsize": 9}
        at = (row["x"], row["value"])
        axes.annotate(format_number(row["value"]), at, bbox=plate, **above, **how)


def _draw_ranges(axes: Axes, hidden: pd.DataFrame, palette: Mapping[str, str]) -> None:
    """A hidden count as a hatched box, as wide as its publisher's rule allows."""
    for row in hidden.to_dict("records"):
        colour = palette[row["series"]]
        look: dict[str, Any] = {
            "facecolor": "white",
            "edgecolor": colour,
            "hatch": HATCH,
            "lw": 0.8,
        }
        axes.bar(row["x"], row["high"] - row["low"], bottom=row["low"], width=0.22, **look)
        axes.text(row["x"], row["high"] + 0.4, MARKS["HP"], color=colour, ha="center", fontsize=9)


def _name_series(
    axes: Axes, palette: Mapping[str, str], names: Sequence[str], marker: str = ""
) -> None:
    """The names of the series above the plot, each with its colour and its own marker, or the one."""
    from matplotlib.lines import Line2D

    markers = (
        dict.fromkeys(palette, marker) if marker else dict(zip(palette, MARKERS, strict=False))
    )
    handles = [
        Line2D([], [], marker=markers[name], color=palette[name], linestyle="", label=name)
        for name in names
    ]
    where: dict[str, Any] = {"loc": "lower left", "bbox_to_anchor": (-0.02, 1.01), "ncols": 2}
    where |= {"columnspacing": 1.0, "handletextpad": 0.2}
    axes.legend(handles=handles, frameon=False, labelcolor="linecolor", **where)


def _at_year(row: Mapping[str, Any]) -> str:
    if row["status"] in MARKS:
        return f"{row['year']} {HIDDEN}"
    return f"{row['year']}: {format_number(row['value'])}"


def _listed(frame: pd.DataFrame) -> pd.DataFrame:
    """The rates with their place in the list, a title's room before each block, and their words."""
    points = frame.astype({"value": float})
    block = points.groupby("series", sort=False).ngroup()
    points["place"] = range(1, len(points) + 1) + 1.35 * block
    points["said"] = [
        HIDDEN if row["status"] in MARKS else format_number(row["value"], decimals=1)
        for row in points.to_dict("records")
    ]
    return points


def _in_years(days: pd.Series) -> pd.Series:
    """Days as years with their fraction, for an axis."""
    return days.dt.year + (days.dt.dayofyear - 1) / 365.25


def _draw_box(axes: Axes, box: Mapping[str, Any], colour: str) -> None:
    hidden = box["status"] in MARKS
    filled = not hidden and box["status"] != "Z"
    wide = box["right"] - box["left"]
    look: dict[str, Any] = {
        "facecolor": colour if filled else "white",
        "edgecolor": SOFT if hidden else colour,
        "linestyle": "--" if box["second_hand"] else "-",
        "hatch": HATCH if hidden else None,
        "alpha": 0.75 if filled and box["second_hand"] else 1,
        "linewidth": 1.2,
    }
    axes.barh(box["place"], wide, left=box["left"], height=0.56, **look)
    plate = {"facecolor": "white", "edgecolor": "none", "pad": 1.2} if hidden else None
    middle: dict[str, Any] = {"ha": "center", "va": "center_baseline", "fontweight": "semibold"}
    ink = "white" if filled else INK
    axes.text(box["left"] + wide / 2, box["place"], box["printed"], color=ink, bbox=plate, **middle)
