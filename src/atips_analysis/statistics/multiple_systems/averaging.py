"""The number in all averaged over every decomposable model, beside the one that was chosen."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import combinations

import numpy as np

from atips_analysis.statistics.inputs import Interval, tail_probability
from atips_analysis.statistics.multiple_systems.lists import CaptureHistories, Pair

FEWEST_LISTS, MOST_LISTS = 3, 5
MOST_UNSEEN = 10
"""Times the observed: the furthest that the prior goes."""

POINTS = 8_000
"""Of the grid of unseen persons: every number where they are few, closer than 1 in 500 beyond."""

Clique = frozenset[int]


@dataclass(frozen=True)
class ModelAverage:
    """The posterior of the number in all over decomposable models.

    estimate : its median
    mean : its mean
    interval : the central credible interval
    graphs : how many models were averaged
    """

    estimate: float
    mean: float
    interval: Interval
    graphs: int


def model_average(
    histories: CaptureHistories,
    declared: tuple[Pair, ...] = (),
    most_unseen: int | None = None,
    confidence: float = 0.95,
) -> ModelAverage | None:
    """Average over the decomposable graphs of three to five lists by posterior probability.

    Parameters
    ----------
    histories : CaptureHistories
        Persons by the lists they are on.
    declared : pairs of lists
        Pairs that every graph joins.
    most_unseen : int, optional
        The furthest number of unseen persons; by default ten times the observed.
    confidence : float
        Of the credible interval.

    Returns
    -------
    ModelAverage or None
        None for fewer than three lists, more than five, or nobody observed.

    Notes
    -----
    Madigan and York (1997), Biometrika 84, 19-31: a hyper-Dirichlet prior of weight 2**-k a
    combination, every graph alike, and a prior of the number in all proportional to one over it,
    as the R package dga takes them (Johndrow, Lum and Ball, 2015). Unlike log-linear models of
    pairs, cliques of three lists and more have their interaction of all lists.
    """
    k = len(histories.lists)
    if not FEWEST_LISTS <= k <= MOST_LISTS or histories.observed == 0:
        return None
    joined = {frozenset(map(histories.lists.index, pair)) for pair in declared}
    graphs = [cliques for edges, cliques in decomposable_graphs(k) if joined <= edges]
    unseen, width = _grid(most_unseen or MOST_UNSEEN * histories.observed)
    log_evidence = _log_evidence(histories, graphs, unseen)
    log_evidence += np.log(width) - np.log(histories.observed + unseen)
    weights = np.exp(log_evidence - log_evidence.max()).sum(axis=0)
    weights /= weights.sum()
    below = np.cumsum(weights)
    tail = tail_probability(confidence)
    ends = np.searchsorted(below, [tail, 0.5, 1 - tail]).clip(max=len(unseen) - 1)
    low, middle, high = histories.observed + unseen[ends]
    mean = histories.observed + float(weights @ unseen)
    return ModelAverage(float(middle), mean, Interval(float(low), float(high)), len(graphs))


@cache
def decomposable_graphs(
    k: int,
) -> tuple[tuple[frozenset[Clique], tuple[tuple[Clique, int], ...]], ...]:
    """The chordal graphs of k vertices: edges, and cliques with +1 and separators with -1."""
    edges = [frozenset(pair) for pair in combinations(range(k), 2)]
    found = []
    for size in range(len(edges) + 1):
        for chosen in combinations(edges, size):
            parts = _cliques_and_separators(k, frozenset(chosen))
            if parts is not None:
                found.append((frozenset(chosen), parts))
    return tuple(found)


def _cliques_and_separators(
    k: int, edges: frozenset[Clique]
) -> tuple[tuple[Clique, int], ...] | None:
    """By taking away one vertex after the other whose neighbours are all joined.

    Each vertex with its neighbours counts once, the neighbours alone are taken off again; what
    is no clique of the whole graph cancels. None where no such vertex is left: not chordal.
    """
    left = set(range(k))
    parts: dict[Clique, int] = {}
    while left:
        for vertex in sorted(left):
            near = frozenset(other for other in left if frozenset((vertex, other)) in edges)
            if all(frozenset(pair) in edges for pair in combinations(near, 2)):
                break
        else:
            return None
        left.remove(vertex)
        for part, sign in ((near | {vertex}, 1), (near, -1)):
            parts[part] = parts.get(part, 0) + sign
    return tuple((part, sign) for part, sign in parts.items() if sign and part)


def _grid(most_unseen: int) -> tuple[np.ndarray, np.ndarray]:
    """Numbers of unseen persons, and how many whole numbers each stands for."""
    points = np.unique(np.round(np.geomspace(1, max(most_unseen, 2), POINTS)))
    edges = np.concatenate([[0.5], (points[1:] + points[:-1]) / 2, [points[-1] + 0.5]])
    return points, np.diff(edges)


def _log_evidence(
    histories: CaptureHistories, graphs: list[tuple[tuple[Clique, int], ...]], unseen: np.ndarray
) -> np.ndarray:
    """Array (graphs, unseen): log probability of the completed table, up to a constant."""
    from scipy.special import gammaln

    parts = {part for graph in graphs for part, _ in graph}
    marginal = {part: _log_marginal(histories, part, unseen) for part in parts}
    ways = gammaln(histories.observed + unseen + 1) - gammaln(unseen + 1)
    return np.array([ways + sum(sign * marginal[part] for part, sign in graph) for graph in graphs])


def _log_marginal(histories: CaptureHistories, part: Clique, unseen: np.ndarray) -> np.ndarray:
    """The Dirichlet-multinomial probability of who is on the lists of a part."""
    from scipy.special import gammaln

    places = histories.patterns[:, sorted(part)] @ (1 << np.arange(len(part)))
    counts = np.bincount(places, histories.counts, minlength=1 << len(part))
    weight = 2.0 ** -len(part)  # the sum of 2**-k over the combinations that a cell pools
    known = gammaln(counts[1:] + weight).sum() - len(counts) * gammaln(weight)
    whole = gammaln(histories.observed + unseen + 1)  # the weights of all cells add up to one
    return np.asarray(known + gammaln(counts[0] + unseen + weight) - whole)
