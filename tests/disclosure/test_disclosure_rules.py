"""Which cells are sensitive."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.sparse as sp
from scipy.optimize import linprog

from atips_analysis.disclosure.linear import LinearProgramme
from atips_analysis.disclosure.rules import (
    dominated,
    estimated_too_closely,
    group_disclosure,
    small_count,
    upper_protection,
)


@pytest.mark.parametrize(("count", "small"), [(0, False), (1, True), (4, True), (5, False)])
def test_small_counts_are_from_one_to_four(count, small):
    assert small_count(count) is small


@pytest.mark.parametrize(("coalition", "which"), [(0, "k=0 disclosive"), (1, "k=1 disclosive")])
def test_groups_that_share_an_attribute_are_found(coalition, which, examples):
    from atips_analysis.disclosure import Relation

    example = examples["group_attribute"]
    counts, relations = {}, []
    for group, (first, second) in example["table"].items():
        counts |= {group: first + second, (group, 1): first, (group, 2): second}
        relations.append(Relation(group, ((group, 1), (group, 2))))
    found = group_disclosure(counts, relations, coalition=coalition)
    assert [finding.group for finding in found] == example["published"][which]


def test_dominance_and_p_percent_for_money():
    assert dominated([90, 5, 5], n=1, k=85)
    assert not dominated([50, 30, 20], n=1, k=85)
    assert estimated_too_closely([100, 50, 5], p=10)
    assert not estimated_too_closely([100, 50, 20], p=10)
    assert upper_protection([100, 50, 5], p=10) == 5


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
