"""Systems of sums over whole numbers: the least and the greatest value that each unknown can take.

The solver is not believed: what it finds is rounded to whole numbers and must keep every sum and
every bound exactly, and the ends of a range are values of such solutions.

`feasible_ranges` answers for all unknowns of a system at once. It splits the system into parts
that share no unknown, narrows bounds relation by relation, and asks a solver only for the ends
of ranges that no solution found on the way has reached.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse.csgraph import connected_components

from atips_analysis.disclosure.linear import LinearProgramme
from atips_analysis.disclosure.solved_once import solved_once

Floats = NDArray[np.float64]
TOLERANCE = 1e-6


@dataclass(frozen=True)
class Ranges:
    """Ends of the feasible range of each unknown; `solvable` is False where no solution exists."""

    low: Floats
    high: Floats
    solvable: NDArray[np.bool_]


def feasible_ranges(
    matrix: sp.csr_array,
    right: Floats,
    lower: Floats,
    upper: Floats,
    *,
    wanted: NDArray[np.bool_] | None = None,
) -> Ranges:
    """The range of every unknown x with `matrix @ x == right`, `lower <= x <= upper`, x whole.

    Parameters
    ----------
    matrix : (relations, unknowns) sparse, whole coefficients.
    right : (relations,).
    lower, upper : (unknowns,); `upper` may be infinite, `lower` not.
    wanted : (unknowns,) bool, whose ranges are needed; all by default. The others keep bounds
        that hold, but may be wide.

    Method: linear programming over each connected part (Gopal, Goes and Garfinkel 1998, "interval
    protection"), with whole-number solutions wherever the linear one is fractional.
    """
    n = matrix.shape[1]
    wanted = np.ones(n, dtype=bool) if wanted is None else wanted
    low, high = lower.astype(float).copy(), upper.astype(float).copy()
    solvable = np.ones(n, dtype=bool)
    for unknowns, rows, part in _parts(matrix):
        if len(rows) == 0:
            solvable[unknowns] = low[unknowns] <= high[unknowns]
            continue
        ends = _part_ranges(part, right[rows], low[unknowns], high[unknowns], wanted[unknowns])
        if ends is None:
            solvable[unknowns] = False
        else:
            low[unknowns], high[unknowns] = ends[0] + 0.0, ends[1] + 0.0
    return Ranges(low, high, solvable)


def components(matrix: sp.csr_array) -> list[tuple[NDArray[np.intp], NDArray[np.intp]]]:
    """(unknowns, rows) of each part of a system that shares no unknown with the others."""
    rows, n = matrix.shape
    pattern = abs(matrix)
    graph = sp.block_array([[None, pattern], [pattern.T, None]], format="csr") if rows else None
    if graph is None:
        return [(np.array([i]), np.array([], dtype=np.intp)) for i in range(n)]
    count, labels = connected_components(graph, directed=False)
    row_label, unknown_label = labels[:rows], labels[rows:]
    order = np.argsort(unknown_label, kind="stable")
    cuts = np.searchsorted(unknown_label[order], np.arange(count + 1))
    row_order = np.argsort(row_label, kind="stable")
    row_cuts = np.searchsorted(row_label[row_order], np.arange(count + 1))
    found = []
    for label in range(count):
        unknowns = order[cuts[label] : cuts[label + 1]]
        if len(unknowns):
            found.append((unknowns, row_order[row_cuts[label] : row_cuts[label + 1]]))
    return found


def _parts(
    matrix: sp.csr_array,
) -> Iterator[tuple[NDArray[np.intp], NDArray[np.intp], sp.csr_array]]:
    """(unknowns, rows, system of those) of each part; rows are cut out of the arrays at once."""
    matrix = sp.csr_array(matrix)
    matrix.sort_indices()
    own = np.empty(matrix.shape[1], dtype=matrix.indices.dtype)
    found = components(matrix)
    for unknowns, _ in found:
        own[unknowns] = np.arange(len(unknowns))
    sorted_rows = matrix[np.concatenate([np.empty(0, dtype=np.intp), *(rows for _, rows in found)])]
    ends, columns, values = sorted_rows.indptr, own[sorted_rows.indices], sorted_rows.data
    first = 0
    for unknowns, rows in found:
        last = first + len(rows)
        within = slice(ends[first], ends[last])
        arrays = (values[within], columns[within], ends[first : last + 1] - ends[first])
        yield unknowns, rows, sp.csr_array(arrays, shape=(len(rows), len(unknowns)))
        first = last


def narrow(
    matrix: sp.csr_array, right: Floats, low: Floats, high: Floats
) -> tuple[Floats, Floats] | None:
    """Bounds narrowed relation by relation until nothing moves; None when they cross."""
    low = low.astype(float)
    high = high.astype(float)
    entries = matrix.tocoo()
    row, column, value = entries.coords[0], entries.coords[1], entries.data
    rows = matrix.shape[0]
    for _ in range(100):
        ends = np.where(value > 0, low[column], high[column]) * value
        tops = np.where(value > 0, high[column], low[column]) * value
        least, free_below = _sums(row, ends, rows)
        most, free_above = _sums(row, tops, rows)
        others_least = _without(least, free_below, row, ends, -np.inf)
        others_most = _without(most, free_above, row, tops, np.inf)
        top = (right[row] - others_least) / value
        bottom = (right[row] - others_most) / value
        up, down = np.where(value > 0, top, bottom), np.where(value > 0, bottom, top)
        new_low: Floats = low.copy()
        new_high: Floats = high.copy()
        np.minimum.at(new_high, column, np.floor(up + TOLERANCE))
        np.maximum.at(new_low, column, np.ceil(down - TOLERANCE))
        if np.any(new_low > new_high):
            return None
        if np.array_equal(new_low, low) and np.array_equal(new_high, high):
            break
        low, high = new_low, new_high
    return np.asarray(low, dtype=float), np.asarray(high, dtype=float)


def _sums(row: NDArray[np.intp], terms: Floats, rows: int) -> tuple[Floats, Floats]:
    finite = np.isfinite(terms)
    total = np.bincount(row[finite], weights=terms[finite], minlength=rows).astype(float)
    return total, np.bincount(row[~finite], minlength=rows).astype(float)


def _without(
    total: Floats, free: Floats, row: NDArray[np.intp], terms: Floats, endless: float
) -> Floats:
    """Each term's relation summed over the other terms; `endless` when one of those is."""
    finite = np.isfinite(terms)
    others_free = free[row] - ~finite
    return np.where(others_free > 0, endless, total[row] - np.where(finite, terms, 0.0))


@solved_once
def _part_ranges(
    matrix: sp.csr_array, right: Floats, low: Floats, high: Floats, wanted: NDArray[np.bool_]
) -> tuple[Floats, Floats] | None:
    narrowed = narrow(matrix, right, low, high)
    if narrowed is None:
        return None
    low, high = narrowed
    if matrix.shape[0] == 1 and np.all(np.abs(matrix.data) == 1):
        return low, high
    system = _Part(matrix, right, low, high)
    return system.ranges(wanted)


class _Part:
    """One connected system, the outer bounds known of it and the solutions found so far."""

    def __init__(self, matrix: sp.csr_array, right: Floats, low: Floats, high: Floats) -> None:
        self.low, self.high = low, high
        known = low[low > 0].sum() + np.abs(right).sum() + high[np.isfinite(high)].sum()
        self.ceiling = 1000.0 * (1.0 + known)
        self.bounds = Bounds(low, np.minimum(high, self.ceiling))
        self.matrix, self.right = matrix, right
        self.programme = LinearProgramme(matrix, right, self.bounds.lb, self.bounds.ub)
        self.sums = LinearConstraint(matrix, right, right)
        self.least = np.full(len(low), np.inf)
        self.most = np.full(len(low), -np.inf)

    def ranges(self, wanted: NDArray[np.bool_]) -> tuple[Floats, Floats] | None:
        if self.solution(np.zeros(len(self.low))) is None:
            return None
        self._stretch(wanted)
        for direction in (-1.0, 1.0):
            for unknown in np.flatnonzero(wanted):
                if self._open(direction)[unknown]:
                    objective = np.zeros(len(self.low))
                    objective[unknown] = -direction
                    self.solution(objective)
        low, high = np.where(wanted, self.least, self.low), np.where(wanted, self.most, self.high)
        return low, np.where(high > self.ceiling / 100, np.inf, high)

    def _open(self, direction: float) -> NDArray[np.bool_]:
        if direction > 0:
            return np.asarray(self.most < np.minimum(self.high, self.ceiling / 100), dtype=bool)
        return np.asarray(self.least > self.low, dtype=bool)

    def _stretch(self, wanted: NDArray[np.bool_]) -> None:
        """Move many unknowns to their ends at once: sets of which no two share a relation.

        Such unknowns seldom stand in one another's way, so that a solve closes many ranges.
        """
        columns = sp.csc_array(self.matrix)
        relations = [
            columns.indices[columns.indptr[u] : columns.indptr[u + 1]].tolist()
            for u in range(columns.shape[1])
        ]
        for direction in (-1.0, 1.0):
            waiting = np.flatnonzero(wanted & self._open(direction)).tolist()
            while waiting:
                taken: set[int] = set()
                moving, later = [], []
                for unknown in waiting:
                    if taken.isdisjoint(relations[unknown]):
                        moving.append(unknown)
                        taken.update(relations[unknown])
                    else:
                        later.append(unknown)
                objective = np.zeros(columns.shape[1])
                objective[moving] = -direction
                self.solution(objective)
                still_open = self._open(direction)
                waiting = [unknown for unknown in later if still_open[unknown]]

    def solution(self, objective: Floats) -> Floats | None:
        """A whole-number solution with the least value of `objective`; None when there is none."""
        optimum = self.programme.minimise(objective)
        whole = None
        if optimum is not None:
            whole = np.rint(optimum.x)
            cost = float(objective @ optimum.x)
            if not self._holds(whole) or abs(objective @ whole - cost) > 0.5:
                whole = None
        for presolve in (True, False):
            if whole is None:
                whole = self._whole_solution(objective, presolve=presolve)
        if whole is None:
            return None
        self.least = np.minimum(self.least, whole)
        self.most = np.maximum(self.most, whole)
        return whole

    def _whole_solution(self, objective: Floats, *, presolve: bool) -> Floats | None:
        answer = milp(
            objective,
            bounds=self.bounds,
            constraints=self.sums,
            integrality=np.ones(len(objective)),
            options={"mip_rel_gap": 0.0, "presolve": presolve},
        )
        if answer.x is None:
            return None
        whole = np.rint(answer.x)
        return whole if self._holds(whole) else None

    def _holds(self, whole: Floats) -> bool:
        return bool(
            np.all(self.matrix @ whole == self.right)
            and np.all(whole >= self.bounds.lb)
            and np.all(whole <= self.bounds.ub)
        )
