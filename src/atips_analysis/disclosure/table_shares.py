"""Shares printed beside counts: what a percentage tells of a hidden count, or of a hidden total.

A column is a share where every percentage in it is its count over the count of one margin, as far
as both are printed; where the margin is hidden, one count of it has to fit two percentages or more. A percentage beside a hidden count of a printed total then bounds the count,
and one beside a printed count bounds a hidden total. What stands beside a hidden count and is no
share is not read: `tables.check_beside` refuses it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import combinations
from math import ceil, floor

from atips_analysis.disclosure.attack import Shown
from atips_analysis.disclosure.cells import CellKey
from atips_analysis.disclosure.csv_tables import CountTable
from atips_analysis.disclosure.table_sums import Sums

Row = tuple[CellKey, Shown, float, float]
"""A cell, what is printed of it, its percentage, and half of the last digit that is printed."""


def told_by_shares(tables: Sequence[CountTable], sums: Sums) -> dict[CellKey, Shown]:
    """The bounds that shares give to hidden cells."""
    bounds: dict[CellKey, Shown] = {}
    for table in tables:
        for column in shares_of(table):
            for key, low, high in _bounds(table, column):
                before = bounds.get(key)
                if isinstance(before, tuple):
                    low, high = max(low, before[0]), min(high, before[1])
                bounds[key] = (low, high)
    return bounds


def shares_of(table: CountTable) -> dict[str, tuple[str, ...]]:
    """The columns of shares of a table, and the dimensions that each adds up over."""
    found = {}
    for column in table.columns.beside:
        rows = list(_rows(table, column))
        for size in range(len(table.columns.by), 0, -1):
            for over in combinations(table.columns.by, size):
                if column not in found and _is_share(table, rows, over):
                    found[column] = over
    return found


def _rows(table: CountTable, column: str) -> Iterator[Row]:
    for key, shown, text in zip(table.keys, table.shown, table.frame[column], strict=True):
        bare = text.strip().rstrip("%").strip().replace(",", ".")
        if key is not None and re.fullmatch(r"\d+(\.\d+)?", bare):
            digits = len(bare.split(".")[1]) if "." in bare else 0
            yield key, shown, float(bare), 0.5 * 10.0**-digits


def _is_share(table: CountTable, rows: Sequence[Row], over: tuple[str, ...]) -> bool:
    cells = table.cells()
    spans: dict[CellKey, tuple[float, float, int]] = {}
    for key, shown, percent, half in rows:
        whole = _whole(key, over)
        if whole not in cells or whole == key or not isinstance(shown, int) or not shown:
            continue
        low, high, number = spans.get(whole, (0.0, float("inf"), 0))
        least, most = max(percent - half, 0.0) / 100.0, (percent + half) / 100.0
        low = max(low, shown / most)
        high = min(high, shown / least if least else float("inf"))
        spans[whole] = (low, high, number + 1)
    fits = [_fits(cells[whole], *span) for whole, span in spans.items()]
    return bool(fits) and all(fits)


def _fits(total: Shown, low: float, high: float, number: int) -> bool:
    """Whether the shares of some counts are shares of a total, printed or not."""
    if isinstance(total, int):
        return low - 1e-9 <= total <= high + 1e-9
    return number > 1 and low <= high and floor(high + 1e-9) >= ceil(low - 1e-9)


def _bounds(table: CountTable, column: str) -> Iterator[tuple[CellKey, float, float]]:
    over = shares_of(table)[column]
    cells = table.cells()
    for key, shown, percent, half in _rows(table, column):
        whole = _whole(key, over)
        total = cells.get(whole)
        least, most = max(percent - half, 0.0) / 100.0, (percent + half) / 100.0
        if whole == key:
            continue
        if isinstance(total, int) and not isinstance(shown, int):
            yield key, float(ceil(least * total - 1e-9)), float(floor(most * total + 1e-9))
        elif isinstance(shown, int) and shown and whole in cells and not isinstance(total, int):
            highest = floor(shown / least + 1e-9) if least > 0 else float("inf")
            yield whole, float(ceil(shown / most - 1e-9)), float(highest)


def _whole(key: CellKey, over: tuple[str, ...]) -> CellKey:
    return key[0], key[1], tuple(pair for pair in key[2] if pair[0] not in over)
