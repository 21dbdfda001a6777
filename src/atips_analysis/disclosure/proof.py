"""Proof that a pattern of hidden cells is safe, which needs no solver to be checked."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from atips_analysis.disclosure.cover_problem import CoverProblem

Floats = NDArray[np.float64]
Integers = NDArray[np.int_]
Mask = NDArray[np.bool_]


def proven(proofs: Sequence[Floats], hidden: Mask, problem: CoverProblem, rise: Integers) -> bool:
    """Whether the deviations found show by themselves that every hidden cell is safe.

    Each must be a solution of the reader's system: whole numbers that keep every sum, move only
    hidden cells and leave each at the least that it can be. A sensitive cell is safe when some of
    them lift it to its level, also among those that leave a person's own cells where they are,
    for every person who knows that she is the only one in a cell; a judged cell when they move it
    over as many values as it must be able to take.

    Parameters
    ----------
    proofs : deviations from the true counts, each an array (cells,).
    hidden : (cells,) what is not shown.
    problem : the sums that a reader knows, how far below and above its count each cell can
        lie for a reader, which cells are judged, and the cells that each person alone in them knows.
    rise : (cells,) how far a sensitive cell must be able to lie above its count; 0 elsewhere.
    """
    if not proofs:
        return not hidden.any()
    moves = np.array(proofs)
    solves = (
        np.all(moves == np.rint(moves))
        and not np.any(problem.matrix @ moves.T)
        and not np.any(moves[:, ~hidden])
        and np.all(moves >= -problem.room_below)
        and np.all(moves <= problem.room_above)
    )
    if not solves or not _lift(moves, rise):
        return False
    for own in problem.alone:
        others = rise.copy()
        others[list(own)] = 0
        if not _lift(moves[~np.any(moves[:, list(own)], axis=1)], others):
            return False
    spread = np.maximum(moves.max(axis=0), 0) - np.minimum(moves.min(axis=0), 0)
    judged = np.zeros_like(hidden) if problem.judged is None else hidden & problem.judged
    return bool(np.all(spread[judged] >= problem.values - 1))


def _lift(moves: Floats, rise: Integers) -> bool:
    highest = moves.max(axis=0, initial=0.0)
    return bool(np.all(highest >= rise))
