"""Proof that a pattern of hidden cells is safe, which needs no solver to be checked."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int_]
Mask = NDArray[np.bool_]


def proven(
    proofs: Sequence[Floats],
    matrix: sp.csr_array,
    value: Floats,
    hidden: Mask,
    least: Floats,
    rise: Integers,
) -> bool:
    """Whether the deviations found show by themselves that every hidden cell is safe.

    Each must be a solution of the reader's system: whole numbers that keep every sum, move only
    hidden cells and leave each at the least that it can be. A cell is safe when some of them move
    it, and a sensitive one when some lift it to its level.

    Parameters
    ----------
    proofs : deviations from the true counts, each an array (cells,).
    matrix : (relations, cells), the sums that a reader knows.
    value : (cells,) true counts.
    hidden : (cells,) what is not shown.
    least : (cells,) the least that a reader takes a hidden cell to be: 1, or 0 where nothing is
        printed.
    rise : (cells,) how far a sensitive cell must be able to lie above its count; 0 elsewhere.
    """
    if not proofs:
        return not hidden.any()
    moves = np.array(proofs)
    solves = (
        np.all(moves == np.rint(moves))
        and not np.any(matrix @ moves.T)
        and not np.any(moves[:, ~hidden])
        and np.all((value + moves >= least) | (moves == 0))
    )
    moved, lifted = np.any(moves != 0, axis=0), np.maximum(moves.max(axis=0), 0)
    printed = hidden & (least > 0)
    return bool(solves and np.all(moved[printed]) and np.all(lifted >= rise))
