"""A drawing: the house style of figures, and what makes a plot of any kind a thing to show."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from atips_analysis.errors import InputError
from atips_analysis.pages.numbers import Cell
from atips_analysis.pages.style import NARROW, WIDTH, house_style

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["Drawing", "drawing", "house_style", "in_two_widths", "only_pixels"]


@dataclass(frozen=True)
class Drawing:
    """A drawing and what it shows in words; a `chart` keeps its size on a phone, and scrolls there if it is wider.

    `marked` holds the cells that stand in it as tables write them, with their marks; its note then
    explains these. `narrow` is the same drawn for a phone, which then has it in place of `svg`.

    `svg` is the same for the same numbers, to the byte. In JupyterLab a drawing that is the last
    line of a cell shows itself.
    """

    svg: str
    alt: str
    chart: bool = False
    marked: tuple[Cell, ...] = ()
    narrow: str = ""

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        return {"image/svg+xml": self.svg, "text/plain": self.alt}


def drawing(plot: Any, alt: str, *, marked: tuple[Cell, ...] = ()) -> Drawing:
    """The drawing of a Matplotlib figure or axes, or of seaborn's grids and plots; it is closed.

    Raises
    ------
    InputError
        If there is no plot in it, or no words for it.
    """
    from matplotlib import pyplot

    figure = _figure_of(plot)
    if figure is None:
        raise InputError(f"a {type(plot).__name__} is no plot; show a figure, axes or a frame")
    if not alt.strip():
        raise InputError("a figure has no alternative text; say in alt= what it shows")
    content = io.StringIO()
    with house_style():
        figure.savefig(content, format="svg", metadata={"Date": None, "Creator": None})
    pyplot.close(figure)
    told = tuple(cell._replace(value=None) if cell.status == "C" else cell for cell in marked)
    return Drawing(_of_one_size(content.getvalue()), " ".join(alt.split()), True, told)


def in_two_widths(draw: Callable[[float], Drawing]) -> Drawing:
    """What `draw` draws in the width of a page (inches), and in one that a phone shows whole."""
    return replace(draw(WIDTH), narrow=draw(NARROW).svg)


def only_pixels(file: Path, mode: str) -> Image:
    """A PNG or JPEG picture, upright, without anything that its file says besides.

    Writing it again would keep some of that: a comment, the profile of a device. No other format
    is opened: some run programs.

    Raises ValueError if it is no such picture.
    """
    from PIL import Image, ImageOps

    try:
        with Image.open(file, formats=("PNG", "JPEG")) as opened:
            picture = ImageOps.exif_transpose(opened).convert(mode)
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        raise ValueError("no picture that can be read") from None
    picture.info = {}
    return picture


def _figure_of(plot: Any) -> Any:
    from matplotlib.figure import Figure

    if hasattr(plot, "plot") and type(plot).__module__.startswith("seaborn._core"):
        return plot.plot(pyplot=True)._figure  # seaborn.objects.Plot
    for name in ("figure", "fig"):
        inner = getattr(plot, name, None)
        if isinstance(inner, Figure):
            return inner
    return plot if isinstance(plot, Figure) else None


def _of_one_size(svg: str) -> str:
    """Without the XML prologue, which HTML does not take."""
    return re.sub(r"^<\?xml[^>]*\?>\s*<!DOCTYPE[^>]*>\s*", "", svg)
