"""Diagrams: the way of a cohort of cases through justice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from atips_analysis.pages.numbers import Cell, format_cell, number_in_words, status_label
from atips_analysis.pages.style import (
    GREY,
    HATCH,
    INK,
    NARROW,
    NAVY,
    SOFT,
    Picture,
    house_style,
    save_figure,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@dataclass(frozen=True)
class Stage:
    """A stage of the way: its name, and how many of the cohort have reached it."""

    label: str
    cell: Cell


def justice_pathway(
    stages: Sequence[Stage],
    *,
    unit: str,
    subject: str,
    folder: Path,
    name: str,
    lang: str = "en",
) -> Picture:
    """Boxes from left to right, a stage each, whose bars are as long as their share of the first.

    The first stage is the whole cohort. A hidden number is a hatched box that says so; nothing
    about its size can be read off.
    """
    from matplotlib import pyplot

    whole = stages[0].cell.value
    with house_style():
        figure, axes = pyplot.subplots(figsize=(NARROW, 1.55))
        for at, stage in enumerate(stages):
            _draw(axes, at, stage, None if whole is None else float(whole), lang)
            if at:
                arrow = {"arrowstyle": "-|>", "color": GREY, "lw": 1.2, "shrinkA": 0, "shrinkB": 0}
                axes.annotate("", (at - 0.44, 0.0), (at - 0.56, 0.0), arrowprops=arrow)
        axes.set_xlim(-0.48, len(stages) - 0.52)
        axes.set_ylim(-0.62, 0.78)
        axes.set_axis_off()
        said = "; ".join(f"{stage.label}: {_said(stage.cell, lang)}" for stage in stages)
        return save_figure(figure, folder, name, f"{subject}, {unit}. {said}.")


def _draw(axes: Axes, at: int, stage: Stage, whole: float | None, lang: str) -> None:
    from matplotlib.patches import Rectangle

    hidden = stage.cell.value is None
    box: dict[str, Any] = {"linewidth": 1.0, "edgecolor": GREY if hidden else NAVY}
    axes.add_patch(
        Rectangle(
            (at - 0.42, -0.28),
            0.84,
            0.56,
            facecolor="white",
            hatch=HATCH if hidden else None,
            **box,
        )
    )
    if not hidden:
        number = float(stage.cell.value)  # type: ignore[arg-type]
        share = 1.0 if not whole else number / whole
        axes.add_patch(Rectangle((at - 0.42, -0.46), 0.84 * share, 0.11, facecolor=NAVY))
        axes.add_patch(
            Rectangle((at - 0.42, -0.46), 0.84, 0.11, fill=False, edgecolor=GREY, linewidth=0.6)
        )
    text = (
        format_cell(stage.cell, lang)
        if not hidden
        else _said(stage.cell, lang).replace(" for ", "\nfor ")
    )
    axes.text(
        at,
        0.0,
        text,
        ha="center",
        va="center",
        fontsize=7.5 if hidden else 15,
        fontweight="normal" if hidden else "semibold",
        color=SOFT if hidden else NAVY,
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.5} if hidden else None,
    )
    axes.text(
        at, 0.36, stage.label, ha="center", va="bottom", fontsize=8, color=INK, linespacing=1.1
    )


def _said(cell: Cell, lang: str) -> str:
    return status_label(cell.status, lang) if cell.value is None else number_in_words(cell, lang)
