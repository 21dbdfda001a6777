"""Someone inside: a person who knows that she is the only one in a cell, and an agency."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pandas as pd
import pytest

from atips_analysis.disclosure import Aim, Relation, Rule, System, deviations, suppression
from atips_analysis.disclosure.cover_problem import Budget
from atips_analysis.disclosure.covering import cheapest_cover
from atips_analysis.disclosure.inside import told_to_agency

TWO_SINGLETONS = [[1, 9, 9], [9, 1, 9], [9, 9, 9]]
SINGLETONS = [[1, 1, 7, 1, 0], [1, 0, 0, 2, 8]]


def opened_by_persons(counts, sums, hidden):
    """What `report.inside` says of a pattern, with the counts told."""
    shown = {key: None if key in hidden else count for key, count in counts.items()}
    return System(counts, sums).attack(shown).inside


def test_the_four_cells_that_withstand_a_reader_are_opened_by_the_only_person_in_one(
    two_way, with_margins
):
    counts, sums = two_way(with_margins(TWO_SINGLETONS))
    four = {(0, 0), (0, 1), (1, 0), (1, 1)}
    shown = {key: None if key in four else count for key, count in counts.items()}
    report = System(counts, sums).attack(shown)
    assert report.opened.empty and not report.safe
    assert set(zip(report.inside["own"], report.inside["key"], strict=True)) == {
        ((0, 0), (1, 1)),
        ((1, 1), (0, 0)),
    }


@pytest.mark.parametrize("inner", [TWO_SINGLETONS, SINGLETONS])
def test_a_pattern_withstands_every_person_who_is_alone_in_a_cell(
    inner, two_way, with_margins, unsafe_cells
):
    counts, sums = two_way(with_margins(inner))
    pattern = System(counts, sums).protect()
    assert pattern.safe and not pattern.told_inside
    assert opened_by_persons(counts, sums, pattern.hidden).empty
    assert not unsafe_cells(counts, sums, pattern.hidden)


def test_without_the_attacker_inside_less_is_hidden_and_she_opens_it(two_way, with_margins):
    counts, sums = two_way(with_margins(TWO_SINGLETONS))
    wary = System(counts, sums).protect()
    unwary = System(counts, sums).protect(Aim(inside=False))
    assert unwary.hidden < wary.hidden
    assert not opened_by_persons(counts, sums, unwary.hidden).empty


def test_a_table_that_is_protected_strictly_tells_nobody_alone_any_other_hidden_count(
    two_way, with_margins, reader_ranges
):
    counts, sums = two_way(with_margins(TWO_SINGLETONS))
    hidden = System(counts, sums).protect(Aim(strict=True)).hidden
    for own in ((0, 0), (1, 1)):
        ranges = reader_ranges(counts, sums, hidden - {own})
        assert len(ranges) > 5 and all(low < high for low, high in ranges.values())


@pytest.mark.slow
def test_in_small_random_tables_nobody_alone_opens_another_small_cell(
    two_way, with_margins, unsafe_cells
):
    draw = np.random.default_rng(85)
    tried = 0
    while tried < 12:
        rows, columns = draw.integers(2, 4), draw.integers(3, 5)
        inner = draw.poisson(draw.gamma(0.8, 5.0, (rows, columns))).tolist()
        counts, sums = two_way(with_margins(inner))
        if sum(row.count(1) for row in inner) < 2:
            continue
        tried += 1
        assert not unsafe_cells(counts, sums, System(counts, sums).protect().hidden)


@pytest.mark.parametrize("seed", [4, 11])
def test_what_is_looked_at_for_many_at_once_is_what_is_found_for_each_alone(
    two_way, with_margins, monkeypatch, seed
):
    inner = np.random.default_rng(seed).poisson(2.0, (12, 14)).tolist()
    counts, sums = two_way(with_margins(inner))
    asked = Counter()

    def protected(many: int) -> frozenset:
        with monkeypatch.context() as patch:
            patch.setattr(deviations, "MANY", many)
            patch.setattr(
                suppression, "_cover", lambda of, nodes: cheapest_cover(of, Budget(nodes))
            )
            one = deviations.Deviations.cheapest
            patch.setattr(
                deviations.Deviations,
                "cheapest",
                lambda *given: asked.update([many]) or one(*given),
            )
            return System(counts, sums).protect()

    together, apart = protected(deviations.MANY), protected(10**9)
    assert together.safe and len(together.hidden) == len(apart.hidden)
    assert asked[deviations.MANY] < asked[10**9] / 2


def test_cells_that_count_the_same_person_are_not_told_to_her():
    sums = [Relation("all", ("a", "b")), Relation("a", ("a1", "a2"))]
    counts = {"all": 10, "a": 1, "b": 9, "a1": 1, "a2": 0}
    assert opened_by_persons(counts, sums, {"a", "a1", "b"}).empty


def test_where_counts_are_not_told_any_cell_that_can_be_one_is_taken_for_somebodys(
    two_way, with_margins
):
    counts, sums = two_way(with_margins(TWO_SINGLETONS))
    four = {(0, 0), (0, 1), (1, 0), (1, 1)}
    shown = {key: None if key in four else count for key, count in counts.items()}
    told = System({}, sums).attack(shown).inside
    assert ((0, 0), (1, 1)) in set(zip(told["own"], told["key"], strict=True))


def test_an_agency_takes_its_own_counts_out_of_what_is_shown():
    cells = pd.DataFrame(
        [("a", 7, 7), ("b", 6, 9), ("c", 5, 30), ("d", 4, 4)], columns=["key", "low", "high"]
    )
    left = told_to_agency(cells, {"a": 5, "b": 5, "c": 5, "d": 4}, Rule()).set_index("key")
    assert left.loc["a", ["low", "high", "told"]].tolist() == [2, 2, "exactly"]
    assert left.loc["b", ["low", "high", "told"]].tolist() == [1, 4, "small"]
    assert left.loc["c", "told"] == "" and left.loc["d", "told"] == ""


def test_what_an_agency_has_elsewhere_tells_a_cell_that_counts_none_of_its_own():
    cells = pd.DataFrame([("a", 8, 9), ("b", 1, 2), ("c", 1, 4)], columns=["key", "low", "high"])
    left = told_to_agency(cells, {"a": 8}, Rule(), closed={"a", "b"}).set_index("key")
    assert left["told"].to_dict() == {"a": "", "b": "small"}  # c was known to be small before
