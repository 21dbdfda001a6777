"""What someone inside opens: a person who knows her own row, or an agency that knows its rows.

A person who knows that she is the only one in a hidden cell knows that cell, and every other that
a sum shows to count nobody but her. What she opens beside are the other small cells that a reader
from outside cannot open (the singleton problem; Eurostat, Handbook on Statistical Disclosure
Control, 2nd ed., section 4.3; Langsrud 2024, "Secondary Cell Suppression by Gaussian Elimination:
An Algorithm Suitable for Handling Issues with Zeros and Singletons"). An agency takes its own counts out of every cell: what is
left counts the others.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import scipy.sparse as sp
from numpy.typing import NDArray

from atips_analysis.disclosure.knowledge import Rule
from atips_analysis.disclosure.ranges import Ranges, components, feasible_ranges, narrow

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Tables:
    """The sums of a system, each `{unknown: coefficient}` and nought, and what is known outside."""

    sums: Sequence[Mapping[int, float]]
    low: Floats
    high: Floats


def told_to_persons(
    tables: Tables, own: Mask, small: Mask, rule: Rule
) -> list[tuple[int, int, float, float]]:
    """(own cell, other cell, low, high) of each other cell that she opens.

    Parameters
    ----------
    tables : the system with the range that a reader has of each unknown.
    own : (unknowns,) cells that count one person, or may for all that is known.
    small : (unknowns,) cells that must not be opened.

    Returns
    -------
    list
        Cells of which she is left a single value under the threshold.
    """
    found = []
    for unknowns, matrix, right in _parts(tables):
        low, high = tables.low[unknowns], tables.high[unknowns]
        for place in np.flatnonzero(own[unknowns]).tolist():
            ends = _knowing(place, matrix, right, low, high, small[unknowns])
            if ends is None:
                continue
            hers = _hers(place, matrix, ends)
            one = (ends.low == ends.high) & (ends.high < rule.threshold) & (ends.low >= 1)
            for other in np.flatnonzero(one & small[unknowns]).tolist():
                if other not in hers:
                    found.append(
                        (
                            int(unknowns[place]),
                            int(unknowns[other]),
                            ends.low[other],
                            ends.high[other],
                        )
                    )
    return found


def told_to_agency(
    cells: pd.DataFrame,
    own: Mapping[Hashable, int],
    rule: Rule,
    closed: Collection[Hashable] = frozenset(),
) -> pd.DataFrame:
    """What is left of each cell for an agency that knows how many of it are its own.

    Parameters
    ----------
    cells : DataFrame
        key, low, high: what it knows of each cell, its own counts already taken as a lower end.
    own : its own counts by key.
    closed : cells that are not known to be small without its counts.

    Returns
    -------
    DataFrame
        key, low, high of the others' count, and `told`: `exactly` where it is a single value from
        1 to the threshold, `small` where it is known to lie there, else empty. Of cells that count
        none of its own those that its counts elsewhere tell to be small.
    """
    counts = pd.to_numeric(cells["key"].map(own)).fillna(0)
    left = cells[["key", "low", "high"]].copy()
    left["low"] = np.maximum(cells["low"] - counts, 0)
    left["high"] = cells["high"] - counts
    small = (left["low"] >= 1) & (left["high"] < rule.threshold)
    exactly = small & (left["low"] == left["high"])
    left["told"] = np.select([exactly, small], ["exactly", "small"], "")
    elsewhere = left["key"].isin(closed) & left["told"].ne("")
    return left[counts.gt(0) | elsewhere]


def _parts(tables: Tables) -> list[tuple[NDArray[np.intp], sp.csr_array, Floats]]:
    """The connected systems of what is not known to a reader: unknowns, sums, right sides."""
    fixed = tables.low == tables.high
    rows, columns, values = [], [], []
    right = np.zeros(len(tables.sums))
    for row, terms in enumerate(tables.sums):
        for column, value in terms.items():
            if fixed[column]:
                right[row] -= value * tables.low[column]
            elif value:
                rows.append(row)
                columns.append(column)
                values.append(value)
    shape = (len(tables.sums), len(fixed))
    matrix = sp.csr_array((values, (rows, columns)), shape=shape, dtype=float)
    return [
        (unknowns, sp.csr_array(matrix[within][:, unknowns]), right[within])
        for unknowns, within in components(matrix)
        if len(within)
    ]


def _knowing(
    place: int, matrix: sp.csr_array, right: Floats, low: Floats, high: Floats, wanted: Mask
) -> Ranges | None:
    """The ranges for one who knows that a cell is 1; None where it cannot be."""
    mine, most = low.copy(), high.copy()
    mine[place] = most[place] = 1.0
    narrowed = narrow(matrix, right, mine, most)
    if narrowed is None:
        return None
    # What stays wide when bounds are narrowed sum by sum may still be pinned by several sums.
    ends = feasible_ranges(matrix, right, *narrowed, wanted=wanted)
    return ends if ends.solvable.all() else None


def _hers(place: int, matrix: sp.csr_array, ends: Ranges) -> set[int]:
    """The cells that sums show to count her and nobody else."""
    single = (ends.low == 1) & (ends.high == 1)
    hers, waiting = {place}, [place]
    rows = sp.csr_array(matrix)
    columns = sp.csc_array(matrix)
    while waiting:
        cell = waiting.pop()
        for row in columns.indices[columns.indptr[cell] : columns.indptr[cell + 1]]:
            span = slice(rows.indptr[row], rows.indptr[row + 1])
            others = rows.indices[span][rows.data[span] < 0]
            parts = rows.indices[span][rows.data[span] > 0]
            linked = parts if cell in others else others
            for other in linked[single[linked]].tolist():
                if other not in hers:
                    hers.add(other)
                    waiting.append(other)
    return hers
