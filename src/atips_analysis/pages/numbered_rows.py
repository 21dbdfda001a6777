"""Rows of a table that hold a number, and in one line those that hold none; columns likewise."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence

import pandas as pd

from atips_analysis.pages.numbers import Cell
from atips_analysis.pages.text import join_words, lower
from atips_analysis.words import N_, translator

WHY = {
    "no exact count": N_("Hidden: {rows}."),
    "hidden": N_("Hidden for protection in every period: {rows}."),
    "none": N_("None in any period: {rows}."),
    "not collected": N_("Not collected: {rows}."),
    "not received": N_("Not received from any agency: {rows}."),
    "no figure": N_("No figure for any period: {rows}."),
}
"""What is said of rows that hold no number worth a line, in this order."""

ABSENT = {frozenset({"NC"}): "not collected", frozenset({"M"}): "not received"}


def numbered_rows(
    frame: pd.DataFrame, lang: str = "en", *, exact: bool = False
) -> tuple[pd.DataFrame, str]:
    """The rows of a table that hold a number, and a line on the others, by reason.

    Parameters
    ----------
    frame : DataFrame
        The first column names the rows; numbers stand in `Cell`s. The range of a hidden count is
        as good as a number. A row whose every number is a true zero is said in the line too.
    lang : str
        Of the line.
    exact : bool
        Whether a row needs an exact count to be shown, and so does a column; a table of which most
        is hidden says more that way.

    Returns
    -------
    DataFrame, str
        The rows in their order; the line, blank where every row has a number.
    """
    _ = translator(lang)
    untold = _untold(frame) if exact else []
    frame = frame.drop(columns=untold)
    why = [_reason([cell for cell in row if isinstance(cell, Cell)], exact) for row in _rows(frame)]
    left = {
        reason: [str(row[0]) for row, own in zip(_rows(frame), why, strict=True) if own == reason]
        for reason in WHY
    }
    said = [
        _(WHY[reason], rows=join_words([lower(name) for name in names], lang))
        for reason, names in left.items()
        if names
    ]
    shown = frame[[reason == "" for reason in why]].reset_index(drop=True)
    if untold and len(shown):
        columns = join_words([str(name) for name in untold], lang)
        said.append(_("Left out, as every count is hidden: {columns}.", columns=columns))
    return shown, " ".join(said)


def _untold(frame: pd.DataFrame) -> list[Hashable]:
    """Columns of counts in which none is exact, and one at least is hidden."""
    cells = {name: [cell for cell in frame[name] if isinstance(cell, Cell)] for name in frame}
    return [
        name
        for name, own in cells.items()
        if any(cell.status == "C" for cell in own) and all(cell.value is None for cell in own)
    ]


def _rows(frame: pd.DataFrame) -> Iterable[tuple[object, ...]]:
    rows: Iterable[tuple[object, ...]] = frame.itertuples(index=False, name=None)
    return rows


def _reason(cells: Sequence[Cell], exact: bool) -> str:
    """Why a row holds no number that a reader could use; blank where it holds one."""
    numbers = [cell for cell in cells if cell.value is not None]
    statuses = {cell.status for cell in cells}
    if any(cell.value for cell in numbers):
        return ""
    if exact and "C" in statuses:
        return "no exact count"
    if "C" in statuses:
        ranged = any(cell.high is not None for cell in cells)
        return "" if numbers or ranged else "hidden"
    if numbers:
        return "none"
    return ABSENT.get(frozenset(statuses), "no figure")
