"""Tiles: the districts as a grid that needs no map."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from atips_analysis.pages.numbers import (
    MARKS,
    Cell,
    format_cell,
    is_missing,
    number_in_words,
    status_label,
)
from atips_analysis.pages.style import (
    HATCH,
    INK,
    NAVY,
    PALE,
    RULE,
    Picture,
    house_style,
    save_figure,
)
from atips_analysis.pages.text import join_words

if TYPE_CHECKING:
    from collections.abc import Callable

    from matplotlib.axes import Axes


def district_tiles(
    districts: Sequence[Mapping[str, Any]],
    values: Mapping[str, Cell],
    *,
    unit: str,
    folder: Path,
    name: str,
    lang: str = "en",
) -> Picture:
    """The districts as tiles that keep their neighbourhood, with their counts.

    `districts` are those of `districts_on_the_map` (code, name, tile as column and row); a
    district without a value shows the mark of its status, one without an entry "nc".
    """
    return district_maps(districts, [("", values)], unit=unit, folder=folder, name=name, lang=lang)


def district_maps(
    districts: Sequence[Mapping[str, Any]],
    maps: Sequence[tuple[str, Mapping[str, Cell]]],
    *,
    unit: str,
    folder: Path,
    name: str,
    lang: str = "en",
) -> Picture:
    """Several counts on the same grid of districts, side by side: pairs of title and counts."""
    from matplotlib import pyplot

    columns = 1 + max(int(item["tile"][0]) for item in districts)
    rows = 1 + max(int(item["tile"][1]) for item in districts)
    wide, high = (1.5, 1.0) if len(maps) == 1 else (1.1, 0.56)
    size = (len(maps) * (wide * columns + 0.3), high * rows + 0.2)
    said = []
    with house_style():
        figure, all_axes = pyplot.subplots(1, len(maps), figsize=size, squeeze=False)
        for axes, (title, values) in zip(all_axes[0], maps, strict=True):
            words = _draw_districts(axes, districts, values, lang)
            said.append(f"{title or unit} by district: {join_words(words, lang)}.")
            axes.set_title(title, fontsize=10, fontweight="semibold", pad=4)
            axes.set_xlim(-0.5, columns - 0.5)
            axes.set_ylim(rows - 0.5, -0.5)
            axes.set_axis_off()
        return save_figure(figure, folder, name, " ".join(said))


def _draw_districts(
    axes: Axes, districts: Sequence[Mapping[str, Any]], values: Mapping[str, Cell], lang: str
) -> list[str]:
    """Draw one grid; return what it says, a district each."""
    from matplotlib.patches import Rectangle

    cells = {
        str(item["code"]): values.get(str(item["code"]), Cell(None, "NC")) for item in districts
    }
    known = [float(cell.value) for cell in cells.values() if _shown(cell)]  # type: ignore[arg-type]
    shade = _shades(max(known, default=1.0))
    said = []
    for item in districts:
        x, y = (int(place) for place in item["tile"])
        cell = cells[str(item["code"])]
        empty = not _shown(cell)
        text = MARKS.get(cell.status, ":") if empty else format_cell(cell, lang)
        face, ink = ("white", INK) if empty else shade(float(cell.value))  # type: ignore[arg-type]
        hatch = HATCH if cell.status in {"C", "P", "S"} else None
        axes.add_patch(
            Rectangle((x - 0.47, y - 0.46), 0.94, 0.92, facecolor=face, edgecolor=RULE, hatch=hatch)
        )
        middle = {"ha": "center", "va": "center", "color": ink}
        axes.text(x, y - 0.22, str(item["name"]), fontsize=9, **middle)  # type: ignore[arg-type]
        axes.text(x, y + 0.16, text, fontsize=14, fontweight="semibold", **middle)  # type: ignore[arg-type]
        spoken = status_label(cell.status, lang) if empty else number_in_words(cell, lang)
        said.append(f"{item['name']} {spoken}")
    return said


def _shown(cell: Cell) -> bool:
    """Whether the number may be drawn: a status that hides or lacks it wins over a value."""
    return not is_missing(cell.value) and cell.status not in MARKS


def _shades(top: float) -> Callable[[float], tuple[Any, str]]:
    """From a number to the colour of its tile, and of the text on it."""
    from matplotlib.colors import LinearSegmentedColormap, Normalize

    scale = LinearSegmentedColormap.from_list("house", [PALE, NAVY])
    norm = Normalize(0, max(top, 1.0) * 1.15)

    def shade(value: float) -> tuple[Any, str]:
        share = float(norm(value))
        return scale(share), "white" if share > 0.42 else INK

    return shade
