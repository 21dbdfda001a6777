"""The average over decomposable models, against the R package dga and by hand."""

from __future__ import annotations

from math import lgamma
from pathlib import Path

import numpy as np
import pytest

from atips_analysis.statistics import multiple_systems as mse

DATA = Path(__file__).parents[1] / "data" / "mse"
PLAIN = mse.read_lists(DATA / "plain.csv")


@pytest.mark.parametrize(
    ("file", "most", "mean", "median", "low", "high"),
    [
        # dga 2.0.2, bma.cr, as reference_results.csv has it.
        ("kosovo.csv", 30_000, 12749.35, 12595, 9827, 16544),
        ("uk2013_5lists.csv", 40_000, 21264.94, 22985, 10387, 33439),
    ],
)
def test_posteriors_are_those_of_the_package_dga(file, most, mean, median, low, high):
    found = mse.model_average(mse.read_lists(DATA / file), most_unseen=most)
    assert found.mean == pytest.approx(mean, rel=1e-5)
    assert [found.estimate, *found.interval] == pytest.approx([median, low, high], rel=1e-3)


@pytest.mark.parametrize(("lists", "graphs"), [(1, 1), (2, 2), (3, 8), (4, 61), (5, 822)])
def test_there_are_so_many_decomposable_graphs(lists, graphs):
    # Labelled chordal graphs, OEIS A058862.
    assert len(mse.decomposable_graphs(lists)) == graphs


def test_three_lists_are_averaged_as_by_hand():
    seen = {tuple(p): int(n) for p, n in zip(PLAIN.patterns, PLAIN.counts, strict=True)}

    def marginal(lists, unseen):
        cells = {}
        for pattern, count in {**seen, (0, 0, 0): unseen}.items():
            cell = tuple(pattern[place] for place in lists)
            cells[cell] = cells.get(cell, 0) + count
        weight = 1 / len(cells)
        terms = (lgamma(count + weight) - lgamma(weight) for count in cells.values())
        return sum(terms) - lgamma(PLAIN.observed + unseen + 1)

    graphs = [
        ([(0,), (1,), (2,)], []),
        ([(0, 1), (2,)], []),
        ([(0, 2), (1,)], []),
        ([(1, 2), (0,)], []),
        ([(0, 1), (1, 2)], [(1,)]),
        ([(0, 1), (0, 2)], [(0,)]),
        ([(0, 2), (1, 2)], [(2,)]),
        ([(0, 1, 2)], []),
    ]
    unseen = range(1, 1501)
    log_posterior = np.array(
        [
            [
                sum(marginal(part, u) for part in cliques)
                - sum(marginal(part, u) for part in separators)
                + lgamma(PLAIN.observed + u + 1)
                - lgamma(u + 1)
                - np.log(PLAIN.observed + u)
                for u in unseen
            ]
            for cliques, separators in graphs
        ]
    )
    weights = np.exp(log_posterior - log_posterior.max())

    def mean(rows):
        return PLAIN.observed + rows.sum(axis=0) @ np.array(unseen) / rows.sum()

    found = mse.model_average(PLAIN, most_unseen=1500)
    assert found.mean == pytest.approx(mean(weights), rel=1e-9)
    declared = mse.model_average(PLAIN, (("A", "B"),), most_unseen=1500)
    assert declared.mean == pytest.approx(mean(weights[[1, 4, 5, 7]]), rel=1e-9)
    assert (found.graphs, declared.graphs) == (8, 4)


def test_two_lists_six_lists_and_nobody_have_no_average():
    six = mse.read_lists(DATA / "uk2013_6lists.csv")
    nobody = PLAIN.with_counts(np.zeros(7))
    two = mse.capture_histories(("A", "B"), {(1, 0): 50, (0, 1): 50, (1, 1): 10})
    assert [mse.model_average(lists) for lists in (six, nobody, two)] == [None, None, None]
