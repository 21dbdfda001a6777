"""Charts of the house, drawn with seaborn: each takes a frame and returns a drawing.

The alternative text is made from the same frame.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from atips_analysis.pages.drawing import Drawing, drawing, house_style, in_two_widths
from atips_analysis.pages.numbers import (
    MARKS,
    Cell,
    cell_in_words,
    format_cell,
    format_interval,
    format_number,
    instead_of_number,
    number_in_words,
)
from atips_analysis.pages.style import (
    COLOURS,
    GREY,
    HATCH,
    INK,
    NARROW,
    NAVY,
    PALE,
    SOFT,
    WIDTH,
    light_grid,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


STUB = 0.06
"""The length of a hidden bar, as a share of the longest."""

EARLIER = "#9fb4c9"
"""The bars of earlier years, beside which the year in question stands out."""

PANEL = 2.4
"""Inches of a small chart: a page holds three in a row, and a phone two that are narrower."""
TITLE_PITCH = 14.2
"""Characters of a small chart's title to the inch."""
RATIO_TICKS = (0.1, 0.2, 0.5, 0.75, 1, 1.5, 2, 3, 5, 10)


def ratios(
    frame: pd.DataFrame, *, label: str, ratio: str, low: str, high: str, unit: str, group: str = ""
) -> Drawing:
    """Ratios with their intervals on a logarithmic axis around 1, the numbers at the side.

    Parameters
    ----------
    frame : DataFrame
        A row a ratio, from the top; `label`, `ratio`, `low`, `high` name its columns, and `group`
        the one that decides the colour. Of a limit beyond the axis an arrow says that it goes on.
    unit : str
        What the ratio is of.
    """
    import seaborn as sns
    from matplotlib import pyplot
    from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

    ends = [end for end in (*frame[low], *frame[high]) if 0 < end < float("inf")]
    least = max(min([*ends, 0.5]) * 0.92, RATIO_TICKS[0])
    most = min(max([*ends, 2.0]) * 1.08, RATIO_TICKS[-1])
    groups = list(dict.fromkeys(frame[group])) if group else [""]
    of_group = list(frame[group]) if group else [""] * len(frame)
    colour = {one: COLOURS[at] for at, one in enumerate(groups)}
    texts = [
        f"{format_number(row[ratio], decimals=2)} ({format_interval(row[low], row[high], decimals=2)})"
        for row in frame.to_dict("records")
    ]
    said = "; ".join(f"{one}: {text}" for one, text in zip(frame[label], texts, strict=True))

    def draw(width: float) -> Drawing:
        beside = width == WIDTH  # the names; on a phone they stand above their line
        pitch = 0.4 if beside else 0.72
        with house_style():
            figure, axes = pyplot.subplots(figsize=(width, 0.85 + pitch * len(frame)))
            axes.set_xscale("log")
            axes.axvline(1, color=SOFT, linewidth=1)
            places = list(range(len(frame)))
            colours = [colour[one] for one in of_group]
            axes.hlines(
                places,
                frame[low].clip(lower=least),
                frame[high].clip(upper=most),
                colors=colours,
                linewidth=2.4,
                alpha=0.4,
            )
            for marker, end, beyond in (
                ("<", least, frame[low] < least),
                (">", most, frame[high] > most),
            ):
                on = [place for place in places if beyond.iloc[place]]
                axes.scatter(
                    [end] * len(on),
                    on,
                    marker=marker,
                    s=34,
                    linewidth=0,
                    color=[colours[place] for place in on],
                    clip_on=False,
                    zorder=3,
                )
            sns.scatterplot(
                x=frame[ratio].clip(least, most).to_list(),
                y=places,
                hue=of_group,
                palette=colour,
                s=48,
                linewidth=0,
                legend=False,
                zorder=3,
                ax=axes,
            )
            _name_ratios(axes, list(frame[label]), texts, beside)
            ticks = [tick for tick in RATIO_TICKS if least <= tick <= most]
            axes.xaxis.set_major_locator(FixedLocator(ticks))
            axes.xaxis.set_minor_locator(NullLocator())
            axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: format_number(value)))
            axes.set_xlim(least, most)
            axes.set(xlabel=unit, ylabel="")
            light_grid(axes, "x")
        return drawing(figure, f"{unit}, with intervals. {said}.")

    return in_two_widths(draw)


def _name_ratios(axes: Axes, names: list[object], texts: list[str], beside: bool) -> None:
    """What each ratio is of, and its numbers: beside its line, or above and below it."""
    places = range(len(names))
    axes.set_yticks(places, [_in_lines(name) if beside else "" for name in names])
    axes.set_ylim(len(names) - 0.5, -0.5 if beside else -0.75)
    axes.tick_params(axis="y", length=0, labelcolor=INK)
    look: dict[str, Any] = {"xycoords": ("axes fraction", "data"), "color": INK, "fontsize": 9}
    for place, name, text in zip(places, names, texts, strict=True):
        if beside:
            axes.annotate(text, (1.01, place), va="center", **look)
        else:
            axes.annotate(_in_lines(name), (0, place - 0.12), va="bottom", **look)
            axes.annotate(text, (0, place + 0.12), va="top", **look | {"color": SOFT})


def _in_lines(label: object) -> str:
    """A long label broken once, and cut where two lines do not hold it."""
    import textwrap

    lines = textwrap.wrap(str(label), 36)
    return "\n".join(lines[:2]) + ("…" if len(lines) > 2 else "")


def by_year(
    frame: pd.DataFrame,
    *,
    x: str,
    y: str,
    hue: str,
    unit: str,
    break_after: int | None = None,
    break_label: str = "",
) -> Drawing:
    """Counts by year as points, a colour and a marker each series, never joined.

    Parameters
    ----------
    frame : DataFrame
        A row a series and year; `x`, `y`, `hue` name its columns. At most four series.
    unit : str
        What is counted, for the axis.
    break_after : int, optional
        Year after which what is counted changes: a line, with `break_label`.
    """
    import seaborn as sns
    from matplotlib import pyplot

    known = frame.dropna(subset=[y]).astype({y: float})
    with house_style():
        figure, axes = pyplot.subplots(figsize=(WIDTH, 4.1))
        series: dict[str, Any] = {"x": x, "y": y, "hue": hue, "style": hue}
        sns.scatterplot(known, **series, s=52, linewidth=0, ax=axes)
        for row in known.to_dict("records"):
            at = (row[x], row[y])
            beside: dict[str, Any] = {
                "xytext": (7, 0),
                "textcoords": "offset points",
                "va": "center",
            }
            axes.annotate(format_number(row[y]), at, **beside)
        axes.set_xticks(range(int(known[x].min()), int(known[x].max()) + 1))
        axes.set_xlim(known[x].min() - 0.6, known[x].max() + 0.6)
        axes.set_ylim(bottom=0)
        axes.set(xlabel="", ylabel=unit)
        axes.legend(title=None, frameon=False, loc="lower left", bbox_to_anchor=(0, 1), ncols=4)
        light_grid(axes)
        if break_after is not None:
            axes.axvline(break_after + 0.5, color=SOFT, linewidth=1, linestyle=(0, (4, 3)))
            top = axes.get_ylim()[1] * 0.985
            axes.text(break_after + 0.6, top, break_label, color=SOFT, fontsize=9, va="top")
    said = "; ".join(
        f"{name}: "
        + ", ".join(f"{row[x]}: {format_number(row[y])}" for row in own.to_dict("records"))
        for name, own in known.groupby(hue, sort=False)
    )
    return drawing(figure, f"{unit} by year, points that are not joined. {said}.")


def bars(
    frame: pd.DataFrame,
    *,
    label: str,
    cell: str,
    unit: str,
    note: str = "",
    subject: str = "",
    lang: str = "en",
) -> Drawing:
    """Bars from left to right, a line each, for categories with long names.

    Each bar ends in its number, so that no axis is drawn; a hidden count is hatched from one end of
    its range to the other, and a stub that says so where it has none.

    Parameters
    ----------
    frame : DataFrame
        A row a category, from the top; `label` names it, `cell` holds a `Cell` each, and `note`
        names the column of what stands behind a number, such as its share.
    unit : str
        What is counted, below the bars and in the alternative text.
    subject : str
        What the chart is about, for the alternative text.
    """
    import textwrap

    import seaborn as sns
    from matplotlib import pyplot

    labels = ["\n".join(textwrap.wrap(str(one), 28)) for one in frame[label]]
    cells = list(map(_as_told, frame[cell]))
    notes = list(frame[note]) if note else [""] * len(cells)
    top = _highest(cells)
    spans = [_span(one, top) for one in cells]
    lengths = [end for _, end in spans]
    tall = sum(0.24 + 0.14 * one.count("\n") for one in labels)
    with house_style():
        figure, axes = pyplot.subplots(figsize=(NARROW, 0.32 + tall))
        places = [str(place) for place in range(len(cells))]
        sns.barplot(x=lengths, y=places, orient="y", color=NAVY, saturation=1, width=0.6, ax=axes)
        for place, (one, length) in enumerate(zip(cells, lengths, strict=True)):
            hidden = one.value is None
            if hidden:
                start = spans[place][0]
                bar = axes.patches[place]
                bar.set(facecolor="white", edgecolor=GREY, hatch=HATCH, linewidth=0)
                bar.set(x=start, width=length - start)
            look: dict[str, object] = {"fontsize": 9 if hidden else 10, "va": "center"}
            look |= {"color": SOFT if hidden else INK, "fontweight": "normal" if hidden else 600}
            words = _with_note(one, notes[place], lang, format_cell)
            axes.text(length + top * 0.012, place, words, **look)  # type: ignore[arg-type]
        axes.set_yticks(range(len(labels)), labels)
        axes.set_xlim(0, top * 1.2)
        axes.set_xticks([])
        axes.set(ylabel="")
        axes.set_xlabel(unit, loc="left", fontsize=9)
        axes.tick_params(axis="y", length=0, labelcolor=INK)
        axes.spines["bottom"].set_visible(False)
        axes.axvline(0, color=SOFT, linewidth=0.8)
    said = "; ".join(
        f"{one}: {_with_note(of, beside, lang, number_in_words)}"
        for one, of, beside in zip(frame[label], cells, notes, strict=True)
    )
    alt = f"{subject or 'Bars'}, {unit[:1].lower() + unit[1:]}. {said}."
    return drawing(figure, alt, marked=_marked(cells))


def _marked(cells: Iterable[Cell]) -> tuple[Cell, ...]:
    """The cells that stand in a drawing as tables write them; of the others it says why in words."""
    told = map(_as_told, cells)
    return tuple(cell for cell in told if cell.hidden_range or cell.value is not None)


def _as_told(cell: Cell) -> Cell:
    """A cell without a number where its status hides or lacks it: it wins over a value."""
    return cell._replace(value=None) if cell.status in MARKS else cell


def _with_note(cell: Cell, note: str, lang: str, words: Callable[[Cell, str], str]) -> str:
    """A number and what stands behind it, or why there is none."""
    if cell.value is None:
        return note or instead_of_number(cell, lang)
    return f"{words(cell, lang)} {note}".rstrip()


def _span(cell: Cell, top: float) -> tuple[float, float]:
    """Where a bar begins and ends: at a number, over a range, or as a stub without either."""
    if cell.value is not None and cell.status not in MARKS:
        return 0.0, float(cell.value)
    return cell.hidden_range or (0.0, STUB * top)


def _highest(cells: Iterable[Cell]) -> float:
    """The largest number, or end of a range, among cells."""
    return max([1.0, *(_span(cell, 0.0)[1] for cell in cells)])


def interval_panels(frames: Mapping[str, pd.DataFrame], *, lang: str = "en") -> Drawing:
    """Several series as small charts side by side, each on a scale of its own.

    Parameters
    ----------
    frames : mapping
        As `Edition.counts` gives them, one row a period: period, value, status, ci_low, ci_high,
        cell; by what they count, the title of the panel.
    """
    drawn = {title: _known_or_hidden(frame) for title, frame in frames.items()}
    said = [f"{title}: {_counts_in_words(own, lang)}" for title, own in drawn.items()]
    cells = [cell for frame in frames.values() for cell in frame["cell"]]

    def draw(width: float) -> Drawing:
        with house_style():
            figure, panels = _panels(
                list(drawn), width, 1.75, left=0.3, fontsize=9.5, fontweight="normal"
            )
            for axes, own in zip(panels, drawn.values(), strict=True):
                _draw_counts(axes, own, lang)
                axes.set(xlabel="", ylabel="")
        return drawing(figure, f"{'. '.join(said)}.", marked=_marked(cells))

    return in_two_widths(draw)


def _known_or_hidden(frame: pd.DataFrame) -> pd.DataFrame:
    """Counts by year; what a status hides has no number, whatever stands there."""
    numbers = ["value", "ci_low", "ci_high"]
    own = frame.reset_index(drop=True).astype(dict.fromkeys(numbers, float))
    own.loc[own["status"].isin(MARKS), numbers] = float("nan")
    return own


def _draw_counts(axes: Axes, own: pd.DataFrame, lang: str) -> None:
    """A mark a year with its number and interval; a year without a number stands hatched, over its range."""
    import seaborn as sns
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    known = own[own["value"].notna()]
    top = float(max([*known["ci_high"].dropna(), _highest(own["cell"])]))
    number: dict[str, Any] = {"xytext": (6, 0), "textcoords": "offset points", "va": "center"}
    number["fontsize"] = 9
    why: dict[str, Any] = {"ha": "center", "va": "center", "fontsize": 9, "color": SOFT}
    plate: dict[str, Any] = {"facecolor": "white", "edgecolor": "none", "pad": 1.5}
    hatched: dict[str, Any] = {"width": 0.34, "color": PALE, "hatch": HATCH, "edgecolor": GREY}
    hatched["linewidth"] = 0
    axes.vlines(known.index, known["ci_low"], known["ci_high"], color=NAVY, lw=1.6, alpha=0.45)
    look: dict[str, Any] = {"color": NAVY, "edgecolor": NAVY, "linewidth": 1, "s": 49, "zorder": 3}
    sns.scatterplot(x=known.index, y=known["value"], ax=axes, **look)
    for place, row in own.iterrows():
        if place in known.index:
            at = (place, row["value"])
            axes.annotate(format_cell(row["cell"], lang), at, fontweight="semibold", **number)
            continue
        low, high = row["cell"].hidden_range or (0.0, top)
        axes.bar(place, high - low, bottom=low, **hatched)
        words = instead_of_number(row["cell"], lang).replace(" for ", "\nfor ")
        axes.annotate(words, (place, (low + high) / 2), bbox=plate, **why)
    axes.set_xticks(own.index, list(own["period"]))
    axes.set_xlim(-0.5, len(own) - 0.3)
    # The last tick stands at or above the highest end of an interval, so that each can be read.
    ticks = MaxNLocator(nbins=4, integer=True).tick_values(0, top)
    axes.set_ylim(-ticks[-1] * 0.07, ticks[-1] * 1.05)
    axes.set_yticks(ticks)
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: format_number(value, lang)))
    light_grid(axes)


def _counts_in_words(own: pd.DataFrame, lang: str) -> str:
    return "; ".join(f"{row.period}: {cell_in_words(row.cell, lang)}" for row in own.itertuples())


def tiles(
    frame: pd.DataFrame, *, label: str, place: str, cells: list[str], unit: str, lang: str = "en"
) -> Drawing:
    """Counts on tiles that keep their neighbourhood, a map a count: a map that needs no borders.

    A hidden count is a hatched tile that says so, whatever its value.

    Parameters
    ----------
    frame : DataFrame
        A row a tile; `label` names it, `place` is its column and row (0, 0 is top left), and
        `cells` are columns of `Cell`s, each of which is a map with the column's name above it.
    unit : str
        What is counted, for the alternative text.
    """
    import seaborn as sns
    from matplotlib import pyplot
    from matplotlib.colors import LinearSegmentedColormap
    from matplotlib.patches import Rectangle

    # ends where the ink on it can still be read
    shades = LinearSegmentedColormap.from_list("house", [PALE, "#7fa3c7"])
    wide, high = (1 + max(at[way] for at in frame[place]) for way in (0, 1))
    said = []
    with house_style():
        figure, all_axes = pyplot.subplots(
            1, len(cells), figsize=(NARROW, 0.2 + 0.4 * high), squeeze=False
        )
        for axes, name in zip(all_axes[0], cells, strict=True):
            grid = pd.DataFrame(float("nan"), range(high), range(wide))
            words = pd.DataFrame("", range(high), range(wide))
            for (x, y), of, cell in zip(frame[place], frame[label], frame[name], strict=True):
                hidden = cell.value is None or cell.status in MARKS
                grid.loc[y, x] = float("nan") if hidden else float(cell.value)
                words.loc[y, x] = f"{of}\n{format_cell(cell, lang)}"
                if hidden:
                    axes.add_patch(
                        Rectangle((x, y), 1, 1, facecolor="white", edgecolor=GREY, hatch=HATCH)
                    )
                    axes.text(
                        x + 0.5, y + 0.5, words.loc[y, x], ha="center", va="center", fontsize=9.5
                    )
            sns.heatmap(
                grid,
                annot=words,
                fmt="",
                cmap=shades,
                vmin=0,
                cbar=False,
                linewidths=2,
                linecolor="white",
                annot_kws={"fontsize": 9.5, "color": INK},
                xticklabels=False,
                yticklabels=False,
                ax=axes,
            )
            axes.set_title(name, fontsize=9.5, pad=3, loc="center")
            told = "; ".join(
                f"{of}: {cell_in_words(cell, lang)}"
                for of, cell in zip(frame[label], frame[name], strict=True)
            )
            said.append(f"{name}. {told}.")
    drawn = tuple(_as_told(cell) for name in cells for cell in frame[name])
    return drawing(figure, f"{unit}, on a map of tiles. {' '.join(said)}", marked=drawn)


def yearly_panels(
    frame: pd.DataFrame, *, title: str, year: str, cell: str, lang: str = "en"
) -> Drawing:
    """A small chart a series, several to a row, on one scale of years; the last year stands out.

    Each has its own scale of counts, since the series are of different units. A hidden count is
    hatched over its range, or a stub that says so.

    Parameters
    ----------
    frame : DataFrame
        A row a series and year, in order; `title` says of a series what was found, and `cell`
        holds a `Cell` each.
    """
    series = {str(name): own for name, own in frame.groupby(title, sort=False)}
    said = " ".join(
        f"{name}. "
        + "; ".join(
            f"{at}: {cell_in_words(one, lang)}"
            for at, one in zip(own[year], own[cell], strict=True)
        )
        + "."
        for name, own in series.items()
    )

    def draw(width: float) -> Drawing:
        with house_style():
            figure, panels = _panels(list(series), width, 1.38, fontsize=9, color=INK, pad=8)
            for axes, own in zip(panels, series.values(), strict=True):
                year_bars(axes, list(zip(own[year], own[cell], strict=True)), lang)
        return drawing(figure, said, marked=tuple(map(_as_told, frame[cell])))

    return in_two_widths(draw)


def _panels(
    titles: list[str], width: float, height: float, *, left: float = 0, **look: Any
) -> tuple[Figure, list[Axes]]:
    """A small chart a title, as many to a row as the width holds; longer titles make it taller.

    The title stands behind what an axis of numbers takes on the `left` (inches).
    """
    import textwrap

    from matplotlib import pyplot

    columns = round(width / PANEL)
    rows = -(-len(titles) // columns)
    per_line = int(TITLE_PITCH * (width / columns - left))
    in_lines = [textwrap.wrap(title, per_line) for title in titles]
    taller = 0.13 * max(0, max(map(len, in_lines), default=0) - 3)
    size = (width, (height + taller) * rows)
    figure, grid = pyplot.subplots(rows, columns, figsize=size, squeeze=False)
    for axes, lines in zip(grid.flat, in_lines, strict=False):
        axes.set_title("\n".join(lines), loc="left", **{"fontweight": "semibold"} | look)
    for axes in grid.flat[len(titles) :]:
        axes.set_visible(False)
    figure.get_layout_engine().set(h_pad=0.07, w_pad=0.06)  # type: ignore[union-attr, call-arg]
    return figure, list(grid.flat[: len(titles)])


def year_bars(axes: Any, counts: list[tuple[Any, Cell]], lang: str) -> None:
    """The bars of one series on its axes, each with its number; the last year stands out."""
    top = _highest(cell for _, cell in counts)
    for place, (_, cell) in enumerate(counts):
        hidden = cell.value is None or cell.status in MARKS
        start, height = _span(cell, top)
        last = place == len(counts) - 1
        look: dict[str, Any] = {"color": NAVY if last else EARLIER, "width": 0.62}
        if hidden:
            look |= {"color": "white", "edgecolor": GREY, "hatch": HATCH, "linewidth": 0}
        axes.bar(place, height - start, bottom=start, **look)
        axes.text(
            place,
            height + 0.03 * top,
            format_cell(cell, lang),
            ha="center",
            va="bottom",
            fontsize=9.5,
            color=NAVY if last else SOFT,
            fontweight="bold" if last else "normal",
        )
    axes.set_xticks(range(len(counts)), [str(year) for year, _ in counts])
    axes.tick_params(axis="x", length=0, labelsize=9, labelbottom=True)
    axes.set_yticks([])
    axes.set_ylim(0, top * 1.22)
    axes.set_xlim(-0.5, len(counts) - 0.5)
