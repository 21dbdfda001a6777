"""Which cells are sensitive."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.sparse as sp
from scipy.optimize import linprog

from atips_analysis.disclosure.linear import LinearProgramme
from atips_analysis.disclosure.rules import small_count


@pytest.mark.parametrize(("count", "small"), [(0, False), (1, True), (4, True), (5, False)])
def test_small_counts_are_from_one_to_four(count, small):
    assert small_count(count) is small


def test_a_programme_changed_many_times_has_the_optimum_that_scipy_finds_from_nothing():
    draw = np.random.default_rng(2)
    matrix = sp.csr_array(draw.integers(-1, 2, (6, 15)).astype(float))
    right = matrix @ draw.integers(1, 9, 15).astype(float)
    lower, upper = np.zeros(15), np.full(15, 20.0)
    programme = LinearProgramme(matrix, right, lower, upper)
    found = 0
    for step in range(30):
        if step % 3 == 0:
            upper = draw.integers(8, 20, 15).astype(float)
            programme.change_bounds(lower, upper)
        cost = draw.integers(-3, 4, 15).astype(float)
        optimum = programme.minimise(cost)
        other = linprog(cost, A_eq=matrix, b_eq=right, bounds=np.column_stack([lower, upper]))
        assert (optimum is None) == (other.status != 0)
        if optimum is not None:
            found += 1
            assert cost @ optimum.x == pytest.approx(other.fun)
    assert found > 0
