"""Exact tests where counts are hidden: every table that a reader can think of, and no other."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import chi2, fisher_exact

from atips_analysis.statistics import (
    Association,
    ImpossibleInput,
    clustered_association,
    compatible_tables,
    design_factor,
    exact_associations,
)
from atips_analysis.statistics.bounded_tables import MOST_TABLES

INF = float("inf")
HIDDEN = (1, INF)
PLACES = pd.MultiIndex.from_product([["F", "M", "Total"], ["CHILD", "ADULT", "Total"]])


def bounds(*counts: int | tuple[float, float]) -> pd.DataFrame:
    """Counts row by row with their margins; a pair are the bounds of one that is not known."""
    pairs = [one if isinstance(one, tuple) else (one, one) for one in counts]
    return pd.DataFrame(pairs, index=PLACES, columns=["low", "high"], dtype=float)


KNOWN = bounds(3, 7, 10, 6, 9, 15, 9, 16, 25)


def tables(of: pd.DataFrame) -> list[tuple[int, ...]]:
    return list(compatible_tables(of).itertuples(index=False, name=None))


def test_with_nothing_hidden_there_is_one_table_and_its_test_is_fishers() -> None:
    assert tables(KNOWN) == [(3, 7, 6, 9)]
    found = exact_associations({"sex and age": KNOWN}, 0.05).loc["sex and age"]
    assert found.p_low == found.p_high == pytest.approx(fisher_exact([[3, 7], [6, 9]]).pvalue)
    assert (found.tables, found.n_low, found.n_high) == (1, 25, 25)


def test_hidden_counts_are_at_most_what_margins_leave() -> None:
    # The first row has 10 at most, 7 of them known; the second row is known.
    found = tables(bounds(HIDDEN, 7, 10, 6, 9, 15, 9, 16, 25))
    assert found == [(1, 7, 6, 9), (2, 7, 6, 9), (3, 7, 6, 9)]


def test_margins_may_hold_persons_of_further_categories() -> None:
    wide = bounds(HIDDEN, 7, 20, 6, 9, 20, 9, 20, 40)
    assert tables(wide) == [(1, 7, 6, 9), (2, 7, 6, 9), (3, 7, 6, 9)], "the column leaves three"


def test_the_whole_bounds_four_hidden_counts_together() -> None:
    found = tables(bounds(HIDDEN, HIDDEN, HIDDEN, HIDDEN, HIDDEN, HIDDEN, HIDDEN, HIDDEN, 5))
    # Four counts of at least 1 with a sum of 4 or 5: all ones, or one of them two.
    assert sorted(found) == [(1, 1, 1, 1), (1, 1, 1, 2), (1, 1, 2, 1), (1, 2, 1, 1), (2, 1, 1, 1)]


def test_without_any_total_hidden_counts_have_no_bound_and_no_test_is_made() -> None:
    nothing = bounds(*[HIDDEN] * 9)
    assert tables(nothing) == []
    found = exact_associations({"sex and age": nothing}, 0.05).loc["sex and age"]
    assert found.said == Association.NOT_TESTED
    assert found[["n_low", "p_low", "p_high", "holm_high"]].isna().all()


@pytest.mark.parametrize("most", [20, 30, 100_000])
def test_where_too_much_is_hidden_no_test_is_made(most: int) -> None:
    assert tables(bounds(*[HIDDEN] * 8, most)) == []
    few = tables(bounds(*[HIDDEN] * 8, 18))
    assert 0 < len(few) <= MOST_TABLES


def test_a_table_that_is_not_published_may_hold_nobody() -> None:
    left_out = (0, INF)
    found = tables(bounds(*[left_out] * 8, 1))
    assert (0, 0, 0, 0) in found and (1, 0, 0, 0) in found


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        ((20, 1, 21, 1, 20, 21, 21, 21, 42), Association.ASSOCIATED),
        (((14, 20), 1, 21, 1, 20, 21, 21, 21, 42), Association.ASSOCIATED),
        (((1, 20), 1, 21, 1, 20, 21, 21, 21, 42), Association.UNDECIDED),
        ((10, (9, 11), 21, 10, 11, 21, 21, 21, 42), Association.NO_EVIDENCE),
    ],
)
def test_what_is_said_holds_for_every_table_that_is_allowed(counts, said) -> None:
    table = bounds(*counts)
    p_values = [fisher_exact([[a, b], [c, d]]).pvalue for a, b, c, d in tables(table)]
    found = exact_associations({"one": table}, 0.05).loc["one"]
    assert found.said == said
    assert (found.p_low, found.p_high) == pytest.approx((min(p_values), max(p_values)))


def test_the_multiplicity_does_not_hang_on_what_is_hidden() -> None:
    nothing = bounds(*[HIDDEN] * 9)
    strong = bounds(9, 2, 11, 2, 9, 11, 11, 11, 22)
    alone = exact_associations({"made": strong}, 0.05).loc["made"]
    three = exact_associations({"a": nothing, "made": strong, "b": nothing}, 0.05)
    assert alone.said == Association.ASSOCIATED, "a p-value under 5 % when it is the only test"
    # Three were asked for, so the one that is made is raised by three.
    assert three.loc["made", "holm_high"] == pytest.approx(3 * alone.p_high)
    assert three.loc["made", "said"] == Association.ASSOCIATED
    assert exact_associations({"a": nothing, "made": strong}, alone.p_high).loc["made", "said"] == (
        Association.NO_EVIDENCE
    )


def test_a_table_with_an_empty_row_tells_nothing_of_an_association() -> None:
    found = exact_associations({"one": bounds(0, 0, 0, 6, 9, 15, 6, 9, 15)}, 0.05)
    assert found.loc["one", "p_high"] == 1.0
    assert not np.isnan(found.loc["one", "holm_high"])


def test_three_categories_are_no_table_of_two_by_two() -> None:
    places = pd.MultiIndex.from_product([["F", "M", "O"], ["CHILD", "ADULT"]])
    with pytest.raises(ImpossibleInput, match="two categories, not 3"):
        compatible_tables(pd.DataFrame({"low": 1.0, "high": 2.0}, index=places))


def test_persons_who_come_by_case_need_a_larger_difference() -> None:
    # 10 of 12 against 3 of 12: found of persons who come singly, not of those who come in threes.
    table = bounds(10, 2, 12, 3, 9, 12, 13, 11, 24)
    singly = exact_associations({"a": table}, 0.05).loc["a"]
    by_case = exact_associations({"a": table}, 0.05, factor=3).loc["a"]
    assert singly.said == Association.ASSOCIATED and by_case.said == Association.NO_EVIDENCE
    # Pearson's statistic is 24 (10 · 9 − 2 · 3)² / (12 · 12 · 13 · 11) = 8.224; a third of it counts.
    assert by_case.p_high == pytest.approx(chi2.sf(24 * 84**2 / (12 * 12 * 13 * 11) / 3, 1))


def test_where_nobody_knows_the_cases_nothing_is_tested() -> None:
    found = exact_associations({"a": KNOWN}, 0.05, factor=float("nan")).loc["a"]
    assert found.said == Association.NOT_TESTED


def test_among_victims_of_the_same_cases_false_associations_are_rare() -> None:
    """Cases of 1 to 8 victims, each case of one form and one sex that have nothing to do."""
    draw = np.random.default_rng(1)
    singly, by_case = 0, 0
    for _ in range(300):
        sizes = draw.choice([1, 1, 2, 2, 3, 4, 8], 17)
        rows, columns = draw.integers(0, 2, (2, 17))
        counts = [
            int(sizes[(rows == row) & (columns == column)].sum())
            for row in (0, 1)
            for column in (0, 1)
        ]
        table = np.reshape(counts, (2, 2))
        singly += clustered_association(table).p_value <= 0.05
        by_case += clustered_association(table, design_factor(sizes)).p_value <= 0.05
    assert singly > 60, "a test that takes victims for independent errs in a fifth or more"
    assert by_case <= 15, "one that knows the cases in 5 % at most"
