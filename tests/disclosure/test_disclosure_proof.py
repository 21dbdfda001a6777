"""A pattern is proven safe by solutions of the reader's system, checked without any solver."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.sparse as sp

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
LEAST = np.ones(8)
RISE = np.array([2, 0, 0, 0, 0, 0, 0, 0])
SWAP = np.array([2.0, -2, -2, 2, 0, 0, 0, 0])


def shown(proof, hidden=HIDDEN, counts=COUNTS, rise=RISE):
    return proven([np.asarray(proof, dtype=float)], SUMS, counts, hidden, LEAST, rise)


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


def test_nothing_hidden_needs_no_proof():
    assert proven([], SUMS, COUNTS, np.zeros(8, dtype=bool), LEAST, np.zeros(8, dtype=int))
    assert not proven([], SUMS, COUNTS, HIDDEN, LEAST, RISE)
