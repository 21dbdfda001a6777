"""Controlled rounding: every count becomes a multiple of a base, and tables still add up."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import scipy.sparse as sp
from scipy.optimize import Bounds, LinearConstraint, milp

from atips_analysis.disclosure.attack import Release
from atips_analysis.disclosure.cells import Relation, check_additivity
from atips_analysis.disclosure.ranges import components
from atips_analysis.disclosure.solved_once import solved_once
from atips_analysis.errors import InputError

BASE = 5
MOST_STEPS = 10


@dataclass(frozen=True)
class Rounding:
    """A rounded table.

    Attributes
    ----------
    cells : one row a cell: key, count (confidential), rounded, low and high (what the rounded
        value tells a reader about the count).
    base : counts are rounded to its multiples.
    steps : 0 when zero-restricted: each count goes to one of the two multiples beside it, and
        multiples stay. Otherwise how many multiples further a count was allowed to go.
    """

    cells: pd.DataFrame
    base: int
    steps: int

    def release(self, relations: Iterable[Relation], *, edition: str = "") -> Release:
        """What the rounded table tells, as `attack` reads it."""
        shown = {
            key: (float(low), float(high))
            for key, low, high in zip(
                self.cells["key"], self.cells["low"], self.cells["high"], strict=True
            )
        }
        return Release(edition, shown, tuple(relations))


def round_cells(
    counts: Mapping[Any, int],
    relations: Iterable[Relation],
    *,
    base: int = BASE,
    least_steps: int = 0,
    most_steps: int = MOST_STEPS,
    beside: Iterable[Hashable] = (),
) -> Rounding:
    """Round counts to multiples of `base` so that every relation holds between rounded values.

    Zero-restricted when such a rounding exists, and with as few further steps as are needed when
    not. Among all of those the one with the least sum of |rounded − count|; what is still equal
    is decided by the order of the keys.

    Parameters
    ----------
    least_steps, most_steps : how many multiples further than the two beside it a count may go,
        from the first number that is tried to the last.
    beside : keys that go to one of the two multiples beside them in any case, such as totals that
        are printed as they are.

    Raises
    ------
    InputError
        If relations do not hold between the counts, or no rounding within the steps exists.

    Source: Cox (1987), J. Am. Statist. Assoc. 82, 520-524 (zero-restricted controlled rounding);
    Eurostat, Handbook on Statistical Disclosure Control, 2nd ed., section 5.5.
    """
    relations = list(relations)
    check_additivity(counts, relations)
    order = sorted(counts, key=repr)
    value = np.array([counts[key] for key in order], dtype=float)
    matrix = _matrix(relations, {key: number for number, key in enumerate(order)})
    near = set(beside)
    loose = np.array([key not in near for key in order], dtype=float)
    for steps in range(least_steps, most_steps + 1):
        rounded = _rounded_in_parts(value, matrix, base, steps * loose)
        if rounded is not None:
            return _result(counts, dict(zip(order, rounded, strict=True)), base, steps)
    raise InputError(f"no rounding to base {base} keeps these tables additive; hide cells instead")


def rounding_interval(rounded: int, *, base: int = BASE, steps: int = 0) -> tuple[int, int]:
    """The counts that a rounded value may stand for.

    Source: Eurostat, Handbook on Statistical Disclosure Control, 2nd ed., section 5.5.
    """
    reach = (steps + 1) * base
    return (0 if rounded < reach else rounded - reach + 1), rounded + reach - 1


def _matrix(relations: list[Relation], place: Mapping[Any, int]) -> sp.csr_array:
    matrix = sp.lil_array((len(relations), len(place)))
    for row, relation in enumerate(relations):
        matrix[row, place[relation.total]] -= 1.0
        for part in relation.parts:
            matrix[row, place[part]] += 1.0
    return sp.csr_array(matrix)


def _rounded_in_parts(
    value: np.ndarray, matrix: sp.csr_array, base: int, steps: np.ndarray
) -> np.ndarray | None:
    """Rounded values of cells that share no sum, one system after the other."""
    rounded = np.zeros(len(value))
    for cells, rows in components(matrix):
        if len(rows) == 0:
            rounded[cells] = np.ceil(value[cells] / base - 0.5) * base
            continue
        found = _rounded(value[cells], sp.csr_array(matrix[rows][:, cells]), base, steps[cells])
        if found is None:
            return None
        rounded[cells] = found
    return rounded


@solved_once
def _rounded(
    value: np.ndarray, matrix: sp.csr_array, base: int, steps: np.ndarray
) -> np.ndarray | None:
    """Rounded values, or None: whole multiples, with the distance from the count as a variable."""
    n = len(value)
    below, exact = np.floor(value / base), value % base == 0
    least = np.maximum(below - steps, 0.0)
    most = np.where(exact, below, below + 1.0) + steps
    one, nothing = sp.eye_array(n), sp.csr_array((matrix.shape[0], n))
    rules = [
        LinearConstraint(sp.hstack([matrix, nothing]), 0.0, 0.0),
        LinearConstraint(sp.hstack([base * one, -one]), -np.inf, value),
        LinearConstraint(sp.hstack([base * one, one]), value, np.inf),
    ]
    bounds = Bounds(
        np.concatenate([least, np.zeros(n)]), np.concatenate([most, np.full(n, np.inf)])
    )
    whole = np.concatenate([np.ones(n), np.zeros(n)])
    options = {"mip_rel_gap": 0.0}
    distance = np.concatenate([np.zeros(n), np.ones(n)])
    answer = milp(distance, bounds=bounds, constraints=rules, integrality=whole, options=options)
    if answer.x is None:
        return None
    rules.append(LinearConstraint(distance[np.newaxis, :], -np.inf, np.rint(answer.fun) + 0.5))
    by_order = np.concatenate([np.arange(1.0, n + 1.0), np.zeros(n)])
    settled = milp(by_order, bounds=bounds, constraints=rules, integrality=whole, options=options)
    multiples = (answer if settled.x is None else settled).x[:n]
    return np.asarray(np.rint(multiples) * base, dtype=float)


def _result(
    counts: Mapping[Any, int], rounded: Mapping[Any, float], base: int, steps: int
) -> Rounding:
    rows = []
    for key, count in counts.items():
        low, high = rounding_interval(int(rounded[key]), base=base, steps=steps)
        rows.append((key, count, int(rounded[key]), low, high))
    frame = pd.DataFrame(rows, columns=["key", "count", "rounded", "low", "high"])
    return Rounding(frame, base, steps)
