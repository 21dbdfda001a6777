"""The problem of hiding as little as protects: what is asked of a pattern, and what is found.

Deviations from the true counts are what a reader cannot exclude; `covering` holds the search.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Requirement:
    """What must be possible of cell `target` while the cells `frozen` stay at their true counts.

    It must be able to deviate upwards by `rise`; or, where `values` is given, to take that many
    values in all, upwards or downwards, unless it is shown.
    """

    target: int
    rise: int
    frozen: tuple[int, ...] = ()
    values: int = 0


@dataclass(frozen=True)
class CoverProblem:
    """One connected system of cells.

    Attributes
    ----------
    matrix : (relations, cells) whole coefficients, relations hold between true values.
    room_below : (cells,) how far the reader lets a hidden cell lie under its true value.
    room_above : (cells,) how far the reader lets it lie above; without end but for totals that are
        printed as fewer than the threshold.
    stages : (cells,) whole costs, minimised one after the other; ties that remain go to the
        pattern that shows the earlier cells.
    forced : (cells,) hidden whatever it costs.
    requirements : what the pattern must allow. All must be possible when every cell is hidden.
    judged : (cells,) bool: when hidden, they must be able to take `values` values. None: no cell.
    alone : for each person who knows that she is the only one in a cell, the cells that count her
        alone. Knowing them, she must not be told of the small ones more than a reader is.
    strict : whether she must not work out any other hidden count either, small or not.
    """

    matrix: sp.csr_array
    room_below: Floats
    room_above: Floats
    stages: tuple[Floats, ...]
    forced: Mask
    requirements: tuple[Requirement, ...]
    judged: Mask | None = None
    values: int = 3
    alone: tuple[tuple[int, ...], ...] = ()
    strict: bool = False


@dataclass
class Budget:
    """Branch-and-bound nodes that may still be spent. Never a time: machines differ in speed."""

    nodes: int

    @property
    def spent(self) -> bool:
        return self.nodes <= 0


@dataclass(frozen=True)
class Cover:
    """A safe pattern. `bound` is a proven lower end of the first stage not solved to its end.

    `witnesses` are the whole-number deviations that were found to meet the requirements within
    it: a proof that anybody can check. `unmet` are the requirements of width and of persons
    alone that no pattern can meet.
    """

    hidden: Mask
    optimal: bool
    cost: tuple[float, ...]
    bound: tuple[float, ...]
    witnesses: tuple[Floats, ...] = ()
    unmet: tuple[Requirement, ...] = ()
