"""A drawing: the house style of figures, and what makes a plot of any kind a thing to show."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from typing import Any

from atips_analysis.errors import InputError
from atips_analysis.pages.numbers import Cell
from atips_analysis.pages.style import house_style

__all__ = ["Drawing", "drawing", "house_style"]


@dataclass(frozen=True)
class Drawing:
    """A drawing and what it shows in words; a `chart` keeps its size on a phone, and scrolls there if it is wider.

    `marked` holds the cells that stand in it as tables write them, with their marks; its note then
    explains these.

    `svg` is the same for the same numbers, to the byte. In JupyterLab a drawing that is the last
    line of a cell shows itself.
    """

    svg: str
    alt: str
    chart: bool = False
    marked: tuple[Cell, ...] = ()

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
