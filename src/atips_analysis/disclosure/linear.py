"""Linear programmes that are solved many times with other costs or bounds.

SciPy's public functions start every solve from nothing. HiGHS, reached through its own `highspy`,
goes on from the last basis, which is many times faster for the hundreds of small changes that an
attack makes.
"""

from __future__ import annotations

from dataclasses import dataclass

import highspy
import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Optimum:
    """A solution of least cost, and the multipliers of the sums."""

    x: Floats
    multipliers: Floats


class LinearProgramme:
    """The programme `matrix @ x == right`, `lower <= x <= upper`, minimised again and again."""

    def __init__(self, matrix: sp.csr_array, right: Floats, lower: Floats, upper: Floats) -> None:
        columns = sp.csc_array(matrix)
        programme = highspy.HighsLp()
        programme.num_row_, programme.num_col_ = columns.shape
        programme.a_matrix_.num_row_, programme.a_matrix_.num_col_ = columns.shape
        programme.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        programme.a_matrix_.start_ = columns.indptr.astype(np.int32)
        programme.a_matrix_.index_ = columns.indices.astype(np.int32)
        programme.a_matrix_.value_ = columns.data.astype(float)
        programme.col_cost_ = np.zeros(columns.shape[1])
        programme.col_lower_, programme.col_upper_ = lower.astype(float), upper.astype(float)
        programme.row_lower_ = programme.row_upper_ = right.astype(float)
        self._solver = highspy.Highs()
        for option, value in (
            ("output_flag", False),
            ("log_to_console", False),
            ("presolve", "off"),
            ("solver", "simplex"),
            ("threads", 1),
            ("random_seed", 0),
        ):
            self._solver.setOptionValue(option, value)
        self._solver.passModel(programme)
        self._numbers = np.arange(columns.shape[1], dtype=np.int32)

    def change_bounds(self, lower: Floats, upper: Floats) -> None:
        self._solver.changeColsBounds(
            len(self._numbers), self._numbers, lower.astype(float), upper.astype(float)
        )
        self._solver.setOptionValue("simplex_strategy", 1)

    def minimise(self, cost: Floats) -> Optimum | None:
        """The optimum, or None when there is no solution (or none that is bounded)."""
        self._solver.changeColsCost(len(self._numbers), self._numbers, cost.astype(float))
        self._solver.run()
        if self._solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            self._solver.clearSolver()
            self._solver.run()
            if self._solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
                self._solver.clearSolver()
                return None
        self._solver.setOptionValue("simplex_strategy", 4)
        solution = self._solver.getSolution()
        return Optimum(np.array(solution.col_value), np.array(solution.row_dual))
