"""Which cells are sensitive, and what rounding tells."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from atips_analysis.disclosure import check_additivity
from atips_analysis.disclosure.linear import LinearProgramme
from atips_analysis.disclosure.rounding import round_cells, rounding_interval
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


def test_rounding_intervals_are_those_of_the_handbook(examples):
    published = examples["controlled_rounding_existence_intervals"]["published"]
    for steps, name in ((0, "base5_zero_restricted"), (1, "base5_K1")):
        for rounded, interval in published[name].items():
            value = int(rounded.removeprefix("a="))
            assert list(rounding_interval(value, base=5, steps=steps)) == interval


tables = st.lists(st.lists(st.integers(0, 30), min_size=3, max_size=3), min_size=2, max_size=5)


@settings(max_examples=40, deadline=None)
@given(inner=tables)
def test_rounded_tables_add_up_and_stay_beside_the_counts(inner, two_way, with_margins, attack):
    counts, relations = two_way(with_margins(inner))
    rounding = round_cells(counts, relations)
    rounded = dict(zip(rounding.cells["key"], rounding.cells["rounded"], strict=True))
    check_additivity(rounded, relations)
    assert rounding.steps == 0
    for cell, count in counts.items():
        assert rounded[cell] % 5 == 0
        assert abs(rounded[cell] - count) < 5
    assert (rounding.cells["low"] <= rounding.cells["count"]).all()
    assert (rounding.cells["count"] <= rounding.cells["high"]).all()
    assert attack(rounding.release(relations)).solvable


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
