"""What an attacker knows who has the program: which counts would have been printed so.

Of all fillings of the hidden cells that fit what is printed, some would have been printed in
another way, with other cells hidden. For small systems the program is run forward on the
fillings, and enough values must be left to each small count (that it is small, the rule itself
makes likely: it is hidden). Where a key tells
patterns of nearly the same cost apart, and the attacker does not have it, a filling is left when
some key would print it so.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from atips_analysis.disclosure.cells import Relation
from atips_analysis.disclosure.knowledge import Known, Rule
from atips_analysis.disclosure.ranges import components, narrow
from atips_analysis.disclosure.suppression import Protection

FILLINGS = 150
"""Systems with more fillings than this are not run forward: nobody can list them by hand."""
CELLS = 40
"""Nor are systems of more cells: a run of the program takes too long."""

Floats = NDArray[np.float64]
Filling = dict[Hashable, int]
Prints = Callable[[Mapping[Any, int], Sequence[Relation], frozenset[Hashable]], bool]


def told_by_rules(
    counts: Mapping[Any, int],
    relations: Sequence[Relation],
    known: Known,
    rule: Rule,
    pattern: Protection,
    prints: Prints,
) -> tuple[Hashable, ...]:
    """Small hidden counts that the rules tell, in the parts of a system that are small enough.

    A count is told when fewer values than `rule.values` are left to it among the fillings that
    would have been printed so, or not all of the small ones, where these are fewer, or of those
    that a printed total leaves. `prints` says
    whether the program would have.
    """
    told: list[Hashable] = []
    for part, own in _parts(relations):
        unknown = [key for key in part if key in pattern.hidden or key in known.unpublished]
        small = [key for key in unknown if 1 <= counts[key] < rule.threshold]
        small = [key for key in small if key not in known.exempt and key in pattern.hidden]
        if not small:
            continue
        inside = {key: counts[key] for key in part}
        fillings = _fillings(inside, own, sorted(unknown, key=repr), known, rule)
        if fillings is None:
            continue
        hidden = frozenset(key for key in unknown if key in pattern.hidden)
        wanted = {key: _wanted(key, fillings, rule) for key in small}
        values: dict[Hashable, set[int]] = {key: set() for key in small}
        for one in _spread(fillings):
            open_ones = [key for key in small if len(values[key]) < wanted[key]]
            if all(one[key] in values[key] for key in open_ones):
                continue
            if prints(inside | one, own, hidden):
                for key in small:
                    values[key].add(one[key])
        told += [key for key in small if len(values[key]) < wanted[key]]
    return tuple(sorted(told, key=repr))


def _wanted(key: Hashable, fillings: list[Filling], rule: Rule) -> int:
    """How many values must be left to a cell: fewer where a printed total leaves no more of them."""
    possible = len({one[key] for one in fillings})
    return min(rule.values, rule.threshold - 1, max(possible, 2))


def _spread(fillings: list[Filling]) -> Iterator[Filling]:
    """All fillings, far ones first: near ones are alike."""
    step = max(1, len(fillings) // 8)
    for start in range(step):
        yield from fillings[start::step]


def _parts(relations: Sequence[Relation]) -> Iterator[tuple[list[Hashable], list[Relation]]]:
    """The cells that sums tie together, where they are few, with their sums."""
    names = sorted({key for one in relations for key in (one.total, *one.parts)}, key=repr)
    place = {key: number for number, key in enumerate(names)}
    rows = [row for row, one in enumerate(relations) for _ in (one.total, *one.parts)]
    columns = [place[key] for one in relations for key in (one.total, *one.parts)]
    matrix = sp.csr_array((np.ones(len(rows)), (rows, columns)), (len(relations), len(names)))
    for cells, sums in components(matrix):
        if len(sums) and len(cells) <= CELLS:
            yield [names[cell] for cell in cells], [relations[row] for row in sums]


def _fillings(
    counts: Mapping[Any, int],
    relations: Sequence[Relation],
    unknown: list[Hashable],
    known: Known,
    rule: Rule,
) -> list[Filling] | None:
    """Every filling of the unknown cells that fits what is printed; None when there are too many."""
    place = {key: number for number, key in enumerate(unknown)}
    matrix = np.zeros((len(relations), len(unknown)))
    right = np.zeros(len(relations))
    for row, one in enumerate(relations):
        for key, sign in [(one.total, -1.0), *((part, 1.0) for part in one.parts)]:
            if key in place:
                matrix[row, place[key]] += sign
            else:
                right[row] -= sign * counts[key]
    low = np.array([0.0 if key in known.unpublished else 1.0 for key in unknown])
    few = np.array([key in known.totals for key in unknown])
    high = np.where(few, rule.threshold - 1.0, np.inf)
    found: list[Filling] = []
    for solution in _solutions(sp.csr_array(matrix), right, low, high):
        if solution is None or len(found) == FILLINGS:
            return None
        found.append(dict(zip(unknown, solution.astype(int).tolist(), strict=True)))
    return found


def _solutions(
    matrix: sp.csr_array, right: Floats, low: Floats, high: Floats
) -> Iterator[Floats | None]:
    """Whole solutions one by one; None, where a cell has no upper end."""
    narrowed = narrow(matrix, right, low, high)
    if narrowed is None:
        return
    low, high = narrowed
    if not np.all(np.isfinite(high)):
        yield None
        return
    open_cells = np.flatnonzero(low < high)
    if not len(open_cells):
        if np.array_equal(matrix @ low, right):
            yield low
        return
    cell = open_cells[np.argmin((high - low)[open_cells])]
    for value in range(int(low[cell]), int(high[cell]) + 1):
        at_least, at_most = low.copy(), high.copy()
        at_least[cell] = at_most[cell] = value
        yield from _solutions(matrix, right, at_least, at_most)
