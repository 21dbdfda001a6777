"""What a chart of parts shows, for its title."""

from __future__ import annotations

from collections.abc import Sequence

from atips_analysis.pages.numbers import Cell, format_cell
from atips_analysis.pages.text import lower


def largest_said(labels: Sequence[str], cells: Sequence[Cell], whole: Cell | None = None) -> str:
    """The largest part, to stand behind a title: ": the largest part is teachers, 834 of 1,669".

    Blank where no part is certainly the largest: two are alike, or one that is hidden may be larger.

    Parameters
    ----------
    labels, cells
        The parts and their counts.
    whole : Cell, optional
        What they are parts of.
    """
    known = [cell.value if isinstance(cell.value, int | float) else None for cell in cells]
    most = max((value for value in known if value is not None), default=0)
    bounds = [cell.high for cell in cells if cell.status == "C"]
    beaten = any(high is None or high >= most for high in bounds)
    if not most or known.count(most) > 1 or beaten:
        return ""
    place = known.index(most)
    of_all = "" if whole is None or whole.value is None else f" of {format_cell(whole)}"
    return f": the largest part is {lower(labels[place])}, {format_cell(cells[place])}{of_all}"
