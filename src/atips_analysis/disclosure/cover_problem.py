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
    """Cell `target` must be able to deviate upwards by `rise` while the cells `frozen` stay."""

    target: int
    rise: int
    frozen: tuple[int, ...] = ()


@dataclass(frozen=True)
class CoverProblem:
    """One connected system of cells.

    Attributes
    ----------
    matrix : (relations, cells) whole coefficients, relations hold between true values.
    room_below : (cells,) how far the reader lets a hidden cell lie under its true value.
    stages : (cells,) whole costs, minimised one after the other; ties that remain go to the
        pattern that shows the earlier cells.
    forced : (cells,) hidden whatever it costs.
    requirements : what the pattern must allow. All must be possible when every cell is hidden.
    """

    matrix: sp.csr_array
    room_below: Floats
    stages: tuple[Floats, ...]
    forced: Mask
    requirements: tuple[Requirement, ...]


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
    it, each met by one of them: a proof that anybody can check.
    """

    hidden: Mask
    optimal: bool
    cost: tuple[float, ...]
    bound: tuple[float, ...]
    witnesses: tuple[Floats, ...] = ()
