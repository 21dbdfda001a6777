"""What is remembered of a part of a system is what solving it anew would give."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.sparse as sp

from atips_analysis.disclosure import ranges
from atips_analysis.disclosure.solved_once import solved_once, solving_once


@pytest.fixture
def asked():
    return []


@pytest.fixture
def total(asked):
    @solved_once
    def added(values, mark=""):
        asked.append(mark)
        return float(values.sum())

    return added


def test_the_same_content_is_solved_once_within_the_block_and_anew_outside(total, asked):
    with solving_once():
        assert [total(np.array([1.0, 2.0])) for _ in range(3)] == [3.0] * 3
        with solving_once():
            assert total(np.array([1.0, 2.0])) == 3.0
        assert len(asked) == 1
    assert [total(np.array([1.0, 2.0])) for _ in range(2)] == [3.0] * 2
    assert len(asked) == 3


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (np.array([1.0, 2.0]), np.array([2.0, 1.0])),
        (np.array([[1.0, 2.0]]), np.array([[1.0], [2.0]])),
        (np.array([1, 0]), np.array([True, False])),
        (np.array([0.0]), np.array([-0.0])),
        (sp.csr_array(np.array([[0.0, 3.0]])), sp.csr_array(np.array([[3.0, 0.0]]))),
    ],
)
def test_what_differs_in_value_shape_or_kind_is_not_the_same(total, asked, one, other):
    with solving_once():
        total(one)
        total(other)
        total(one, mark="named")
    assert len(asked) == 3


def test_a_value_whose_content_is_not_known_is_refused(total):
    with solving_once(), pytest.raises(TypeError, match="object cannot be known by its content"):
        total(np.array([1.0]), mark=object())


@pytest.mark.slow
def test_ranges_are_the_same_whether_remembered_or_not():
    rng = np.random.default_rng(20240101)
    for _ in range(20):
        matrix = sp.csr_array(rng.integers(-1, 2, size=(3, 6)).astype(float))
        right = matrix @ rng.integers(0, 9, size=6).astype(float)
        bounds = np.zeros(6), np.full(6, 12.0)
        plain = ranges.feasible_ranges(matrix, right, *bounds)
        with solving_once():
            for _ in range(2):
                found = ranges.feasible_ranges(matrix, right, *bounds)
                assert np.array_equal(found.low, plain.low)
                assert np.array_equal(found.high, plain.high)
