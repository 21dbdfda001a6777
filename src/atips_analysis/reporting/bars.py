"""Bars of counts with their numbers; what has no number says why."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from atips_analysis.pages.numbers import (
    MARKS,
    Cell,
    format_cell,
    number_in_words,
)
from atips_analysis.pages.style import (
    GREY,
    HATCH,
    INK,
    NARROW,
    NAVY,
    ROUNDED_EDGE,
    ROUNDED_FACE,
    SOFT,
    Picture,
    house_style,
    save_figure,
)
from atips_analysis.words import N_, translator

WHY = {
    "c": N_("hidden"),
    ":": N_("no figure"),
    "nc": N_("not collected"),
    "\N{EN DASH}": N_("does not apply"),
}

ROUNDED_LEAST = 20.0
"""The scale of a chart with rounded counts reaches at least here: less is no difference."""

LINE, NEXT_LINE, STUB = 0.24, 0.14, 0.06
"""Inches a bar and a further line of its label; a hidden bar's length as a share of the longest."""


@dataclass(frozen=True)
class Bar:
    """One bar: a value, or the status (a code of `cell_status`) that says why there is none."""

    label: str
    value: float | None
    status: str = "OK"
    colour: str = NAVY
    note: str = ""

    def __post_init__(self) -> None:
        if self.status in MARKS:  # a status that hides or lacks the number wins over a value
            object.__setattr__(self, "value", None)


def lying_bars(
    bars: Sequence[Bar],
    *,
    unit: str,
    folder: Path,
    name: str,
    subject: str = "",
    lang: str = "en",
) -> Picture:
    """Bars from left to right, a line each, for categories with long names.

    Each bar ends in its number, so no axis is drawn; a hidden count is a hatched stub that says
    so, whatever its value.

    Parameters
    ----------
    unit : str
        What is counted, below the bars and in the alternative text.
    subject : str
        What the chart is about, for the alternative text.
    """
    from matplotlib import pyplot

    top = _top(bars)
    labels = [_wrapped(bar.label) for bar in bars]
    tall = sum(LINE + NEXT_LINE * label.count("\n") for label in labels)
    with house_style():
        figure, axes = pyplot.subplots(figsize=(NARROW, 0.32 + tall))
        for at, bar in enumerate(bars):
            length = _length(bar, top)
            if bar.value is None:
                axes.barh(
                    at, length, height=0.6, facecolor="white", edgecolor=GREY, hatch=HATCH, lw=0
                )
            else:
                axes.barh(at, length, height=0.6, **_face(bar))
            axes.text(
                length + top * 0.012,
                at,
                _text(bar, lang),
                va="center",
                color=_ink(bar),
                fontsize=9 if bar.value is None else 10,
                fontweight="normal" if bar.value is None else "semibold",
            )
        axes.set_yticks(range(len(bars)), labels)
        axes.set_ylim(len(bars) - 0.45, -0.55)
        axes.set_xlim(0, top * 1.2)
        axes.set_xticks([])
        axes.set_xlabel(unit, loc="left", fontsize=9)
        axes.tick_params(axis="y", length=0, labelcolor=INK)
        axes.spines["bottom"].set_visible(False)
        axes.axvline(0, color=SOFT, linewidth=0.8)
        return save_figure(figure, folder, name, _alt(bars, unit, lang, subject))


def _top(bars: Sequence[Bar]) -> float:
    """The longest bar; where counts are rounded, no shorter than what rounding may move."""
    top = max((bar.value for bar in bars if bar.value is not None), default=1.0) or 1.0
    return max(top, ROUNDED_LEAST) if any(bar.status == "R" for bar in bars) else top


def _length(bar: Bar, top: float) -> float:
    """A hidden count gets a hatched stub, so that it is seen; what is missing gets nothing."""
    if bar.value is not None:
        return bar.value
    return top * STUB if bar.status in {"C", "P", "S"} else 0.0


def _text(bar: Bar, lang: str) -> str:
    if bar.value is None:
        return bar.note or translator(lang)(WHY[MARKS.get(bar.status, ":")])
    number = format_cell(Cell(bar.value, bar.status), lang)
    return f"{number}  {bar.note}" if bar.note else number


def _face(bar: Bar) -> dict[str, Any]:
    """How a known bar is filled: a rounded one paler, with a broken edge."""
    if bar.status == "R":
        return {"fc": ROUNDED_FACE, "ec": bar.colour, "ls": ROUNDED_EDGE, "lw": 0.8}
    return {"color": bar.colour}


def _spoken(bar: Bar, lang: str) -> str:
    if bar.status != "R":
        return _text(bar, lang)
    number = number_in_words(Cell(bar.value, "R"), lang)
    return f"{number}, {bar.note}" if bar.note else number


def _ink(bar: Bar) -> str:
    return SOFT if bar.value is None else INK


def _alt(bars: Sequence[Bar], unit: str, lang: str, subject: str = "") -> str:
    said = "; ".join(f"{bar.label}: {_spoken(bar, lang)}" for bar in bars)
    opening = f"{subject}, " if subject else "Bars, "
    return f"{opening}{unit[:1].lower() + unit[1:]}. {said}."


def _wrapped(label: str, width: int = 36) -> str:
    return "\n".join(textwrap.wrap(label, width)) or label
