"""Exact tests where counts are hidden: every table that a reader can think of, and no other."""

from __future__ import annotations

import pytest

from atips_analysis.reporting.numbers import Cell
from atips_analysis.reporting.research_vulnerability import (
    PairTest,
    Profile,
    _power,
    _verdict,
    allowed_tables,
)

HIDDEN = Cell(None, "C")


def shown(*counts: int | None) -> list[Cell]:
    return [HIDDEN if count is None else Cell(float(count), "OK") for count in counts]


def test_with_nothing_hidden_there_is_one_table() -> None:
    assert allowed_tables(shown(3, 7, 6, 9), shown(10, 15), shown(9, 16), Cell(25.0)) == [
        (3, 7, 6, 9)
    ]


def test_hidden_counts_are_at_least_one_and_at_most_what_margins_leave() -> None:
    # The first row has 10 at most, 7 of them known; the second row is known.
    found = allowed_tables(shown(None, 7, 6, 9), shown(10, 15), shown(9, 16), Cell(25.0))
    assert found == [(1, 7, 6, 9), (2, 7, 6, 9), (3, 7, 6, 9)]


def test_the_whole_bounds_four_hidden_counts_together() -> None:
    found = allowed_tables([HIDDEN] * 4, [HIDDEN] * 2, [HIDDEN] * 2, Cell(5.0))
    # Four counts of at least 1 with a sum of 4 or 5: all ones, or one of them two.
    assert sorted(found) == [(1, 1, 1, 1), (1, 1, 1, 2), (1, 1, 2, 1), (1, 2, 1, 1), (2, 1, 1, 1)]
    assert all(sum(table) <= 5 for table in found)


def test_without_any_total_hidden_counts_have_no_bound_and_no_test_is_made() -> None:
    assert allowed_tables([HIDDEN] * 4, [HIDDEN] * 2, [HIDDEN] * 2, HIDDEN) == []


def test_a_rounded_count_is_less_than_ten_away_from_what_is_printed() -> None:
    rounded = Cell(5.0, "R")
    found = allowed_tables([rounded, *shown(7, 6, 9)], [HIDDEN] * 2, [HIDDEN] * 2, Cell(40.0))
    assert [table[0] for table in found] == list(range(15))


@pytest.mark.parametrize(
    ("low", "high", "told"),
    [
        (0.001, 0.04, "associated"),
        (0.001, 0.2, "cannot be said: what is hidden decides"),
        (0.3, 0.9, "no evidence of an association"),
    ],
)
def test_what_may_be_said_holds_for_every_table_that_is_allowed(low, high, told) -> None:
    assert _verdict(low, high, 0.05) == told


def test_the_multiplicity_does_not_hang_on_what_is_hidden(monkeypatch) -> None:
    untested = PairTest("a", float("nan"), float("nan"), 0)
    made = PairTest("b", 0.01, 0.02, 3, (40, 44))
    profile = Profile.__new__(Profile)
    profile.__dict__["tests"] = [untested, made, untested]
    adjusted = profile.adjusted
    # Three were asked for, so the one that is made is raised by three.
    assert adjusted[1] == (pytest.approx(0.03), pytest.approx(0.06))


def test_two_groups_of_twenty_have_the_power_that_adding_up_every_table_gives() -> None:
    from scipy.stats import binom, fisher_exact

    one, two = binom.pmf(range(21), 20, 0.5), binom.pmf(range(21), 20, 0.9)
    power = sum(
        one[a] * two[b]
        for a in range(21)
        for b in range(21)
        if fisher_exact([[a, 20 - a], [b, 20 - b]]).pvalue <= 0.05
    )
    assert (
        _power(20, 0.5, 0.9, 0.05)
        == pytest.approx(power, abs=1e-6)
        == pytest.approx(0.742, abs=1e-3)
    )
    assert _power(20, 0.5, 0.5, 0.05) < 0.05, "the exact test keeps its level"
