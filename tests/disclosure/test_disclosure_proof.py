"""A pattern is proven safe by solutions of the reader's system, checked without any solver."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import scipy.sparse as sp

from atips_analysis.disclosure.cover_problem import CoverProblem
from atips_analysis.disclosure.proof import proven

# Two rows of two cells with their sums: a + b = s, c + d = t, a + c = u, b + d = v.
SUMS = sp.csr_array(
    [
        [1, 1, 0, 0, -1, 0, 0, 0],
        [0, 0, 1, 1, 0, -1, 0, 0],
        [1, 0, 1, 0, 0, 0, -1, 0],
        [0, 1, 0, 1, 0, 0, 0, -1],
    ]
)
COUNTS = np.array([3.0, 6, 7, 9, 9, 16, 10, 15])
HIDDEN = np.array([True] * 4 + [False] * 4)
RISE = np.array([2, 0, 0, 0, 0, 0, 0, 0])
PROBLEM = CoverProblem(
    matrix=SUMS,
    room_below=COUNTS - 1,
    room_above=np.full(len(COUNTS), np.inf),
    stages=(),
    forced=HIDDEN,
    requirements=(),
    judged=np.ones(8, dtype=bool),
)
SWAP = np.array([2.0, -2, -2, 2, 0, 0, 0, 0])


def shown(*proofs, hidden=HIDDEN, problem=PROBLEM, rise=RISE):
    return proven([np.asarray(proof, dtype=float) for proof in proofs], hidden, problem, rise)


def test_a_swap_that_lifts_the_small_count_proves_it_safe():
    assert shown(SWAP)


@pytest.mark.parametrize(
    "proof",
    [
        [2, -2, -2, 1, 0, 0, 0, 0],  # breaks a sum
        [2, -2, 0, 0, 0, 0, 2, -2],  # moves what is shown
        SWAP / 2,  # does not reach the level
        SWAP * 4,  # a cell falls under 1
        SWAP * 0,  # moves nothing
    ],
)
def test_what_is_no_solution_of_the_readers_proves_nothing(proof):
    assert not shown(proof)


def test_halves_prove_nothing_of_whole_numbers():
    assert not shown(SWAP * 1.25)


def test_a_hidden_cell_that_nothing_moves_is_not_proven():
    also = HIDDEN.copy()
    also[4] = True
    assert not shown(SWAP, hidden=also)


def test_two_values_are_no_three():
    low = RISE // 2
    assert not shown(SWAP / 2, rise=low)
    assert shown(SWAP / 2, -SWAP / 2, rise=low)


def test_what_moves_with_her_own_cell_proves_nothing_to_a_person_alone():
    inside = replace(PROBLEM, alone=((3,),))
    assert not shown(SWAP, problem=inside)
    assert shown(SWAP, problem=replace(PROBLEM, alone=((0,),), judged=np.zeros(8, dtype=bool)))


def test_nothing_hidden_needs_no_proof():
    nothing = np.zeros(8, dtype=bool)
    assert proven([], nothing, PROBLEM, np.zeros(8, dtype=int))
    assert not proven([], HIDDEN, PROBLEM, RISE)
