"""The house style of figures: one typeface, four colours, direct labels, SVG that repeats."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.axes import Axes

NAVY = "#0b3a66"
ORANGE = "#d55e00"
TEAL = "#0a9396"
GREY = "#7b8794"
COLOURS = (NAVY, ORANGE, TEAL, GREY)
"""Four that readers with any kind of colour vision tell apart, in this order."""

PUBLISHERS = {"US": NAVY, "UNODC": ORANGE, "Council": TEAL}
"""The colour of who printed a figure, the same on every page."""

INK = "#1c2530"
SOFT = "#525d6a"
RULE = "#cfd7df"
PALE = "#e9eff5"
HATCH = "////"
"""What lies over a hidden count."""

WIDTH = 7.2
"""Inches: the text width of the page, so that type in figures is the size it says."""

NARROW = 3.64
"""Inches: a chart of this width is wholly seen on a phone, whose page holds 350 pixels."""


@contextmanager
def house_style() -> Iterator[None]:
    """Draw inside this: seaborn's theme with the house's settings, and what they were after."""
    import matplotlib as mpl
    import seaborn as sns
    from matplotlib import font_manager

    family = "DejaVu Sans"
    fonts = font_manager.fontManager
    own = _source_sans()
    if {*own} != {font.fname for font in fonts.ttflist[: len(own)]}:
        for file in own:  # all of them before any of the same name in the user's folder
            fonts.addfont(file)
            fonts.ttflist.insert(0, fonts.ttflist.pop())
    if own:
        family = "Source Sans Pro"
    with mpl.rc_context():
        mpl.rcdefaults()  # nothing of the user's own settings
        sns.set_theme(
            style="white",
            palette=list(COLOURS),
            rc={
                "font.family": "sans-serif",
                "font.sans-serif": [family, "DejaVu Sans"],
                "font.size": 10,
                "axes.titlesize": 11,
                "axes.labelsize": 9.5,
                "xtick.labelsize": 9.5,
                "ytick.labelsize": 9.5,
                "text.color": INK,
                "axes.labelcolor": SOFT,
                "axes.edgecolor": RULE,
                "xtick.color": SOFT,
                "ytick.color": SOFT,
                "axes.spines.top": False,
                "axes.spines.right": False,
                "axes.spines.left": False,
                "axes.unicode_minus": True,
                "axes.titlelocation": "left",
                "axes.titlepad": 12,
                "xtick.bottom": True,
                "xtick.major.size": 3,
                "figure.constrained_layout.use": True,
                "svg.fonttype": "path",
                "svg.hashsalt": "atips",
                "text.parse_math": False,  # a label is words: two $ in it open no formula
                "axes.facecolor": "none",
                "savefig.facecolor": "none",  # a page shows below it that there is more to scroll
            },
        )
        yield


def light_grid(axes: Axes, axis: str = "y") -> None:
    """Thin lines behind the marks, on one axis only."""
    axes.grid(axis=axis, color=PALE, linewidth=1)  # type: ignore[arg-type]
    axes.set_axisbelow(True)


def _source_sans() -> list[str]:
    found = importlib.util.find_spec("font_source_sans_pro")
    if found is None or found.origin is None:
        return []
    folder = Path(found.origin).parent / "files"
    faces = [folder / f"SourceSansPro-{face}.ttf" for face in ("Regular", "Semibold", "Bold", "It")]
    return [str(file) for file in faces if file.is_file()]
