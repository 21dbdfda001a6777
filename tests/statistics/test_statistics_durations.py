"""Median durations with open cases, and exact tests of tables."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from atips_analysis.statistics import (
    ImpossibleInput,
    cumulative_incidence,
    exact_association,
    exact_power,
    holm_adjusted,
    kaplan_meier_median,
    median_time,
)

COMPUTED_IN_R = Path(__file__).parents[1] / "data" / "stats"

# Freireich and others (1963), Blood 21, 699-716: weeks of remission.
PLACEBO = [1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23]
TREATED = [6, 6, 6, 7, 10, 13, 16, 22, 23, 6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
ENDED = [1] * 9 + [0] * 12


def test_remission_under_placebo_has_the_median_that_textbooks_give():
    assert kaplan_meier_median(PLACEBO) == (8.0, (4.0, 11.0), 21, 21)


def test_nine_events_show_nothing_and_ten_do():
    nine = kaplan_meier_median(TREATED, ENDED)
    assert np.isnan([nine.median, *nine.interval]).all()
    assert (nine.events, nine.n) == (9, 21)
    # With the last open case ended the curve is known to cross one half at 23 weeks.
    ten = kaplan_meier_median(TREATED, [*ENDED[:-1], 1])
    assert ten.median == 23.0 and ten.interval.low == 13.0
    assert (ten.events, ten.n) == (10, 21)


def test_a_curve_level_at_one_half_has_its_median_in_the_middle():
    assert kaplan_meier_median(range(1, 11)).median == 5.5


def test_a_median_that_is_not_reached_is_infinite():
    durations = kaplan_meier_median([*range(1, 11), *[100] * 30], [1] * 10 + [0] * 30)
    assert durations.median == float("inf") and durations.interval.high == float("inf")


def test_open_cases_count_and_lengthen_the_median():
    closed = kaplan_meier_median(PLACEBO)
    with_open = kaplan_meier_median([*PLACEBO, *[30] * 6], [1] * 21 + [0] * 6)
    assert with_open.n == 27 and with_open.median > closed.median


def test_missing_durations_and_unknown_endings_are_left_out():
    with_missing = kaplan_meier_median([*PLACEBO, None, 4], [True] * 21 + [True, pd.NA])
    assert with_missing == kaplan_meier_median(PLACEBO)
    assert kaplan_meier_median([]).n == 0


def test_the_interval_holds_the_median_and_widens_with_confidence():
    narrow, wide = kaplan_meier_median(PLACEBO, confidence=0.8), kaplan_meier_median(PLACEBO)
    assert wide.interval.low <= narrow.interval.low <= narrow.median
    assert narrow.median <= narrow.interval.high <= wide.interval.high


@pytest.mark.parametrize(
    ("durations", "observed"),
    [([1, -2, 3], None), ([1, 2], [1, 0, 1]), ([1, 2], [1, 2]), ([float("inf")], None)],
)
def test_durations_that_cannot_be_are_refused(durations, observed):
    with pytest.raises(ImpossibleInput):
        kaplan_meier_median(durations, observed)


def in_r(table: str) -> dict[str, pd.DataFrame]:
    read = pd.read_csv(COMPUTED_IN_R / f"durations_{table}.csv")
    return dict(iter(read.groupby("set")))


@pytest.mark.parametrize("name", ["mgus2", "mgus2 turned", "statsmodels"])
def test_shares_with_another_end_and_their_limits_are_those_of_r(name):
    data, computed = in_r("data")[name], in_r("incidence")[name]
    found = cumulative_incidence(data["time"], data["status"])
    at = np.searchsorted(found.times, computed["time"])
    for ours, column in (("share", "share"), ("share", "etm"), ("low", "low"), ("high", "high")):
        np.testing.assert_allclose(getattr(found, ours)[at], computed[column], rtol=1e-9)


@pytest.mark.parametrize("name", ["mgus2", "mgus2 turned"])
def test_medians_of_either_end_are_those_of_r(name):
    data, computed = in_r("data")[name], in_r("medians")[name].iloc[0]
    for median in (median_time, kaplan_meier_median):
        found = median(data["time"], data["status"] > 0)
        assert (found.median, *found.interval) == (
            computed["median"],
            computed["low"],
            computed["high"],
        )


def test_a_median_with_another_end_is_where_the_curve_of_r_and_its_limits_pass_one_half():
    data, computed = in_r("data")["mgus2 turned"], in_r("incidence")["mgus2 turned"]
    found = median_time(data["time"], data["status"])
    assert found.median == computed["time"][computed["share"] > 0.5].iloc[0]
    assert found.interval.low == computed["time"][computed["high"] >= 0.5].iloc[0]
    assert found.interval.high == computed["time"][computed["low"] > 0.5].iloc[0]
    assert (found.events, found.n) == (72, 80)


def test_what_ended_otherwise_never_comes_to_the_outcome():
    # Of 20, 10 are charged in months 1 to 10 and 10 are closed in month 5: half are charged in the
    # end. Were the closed ones taken as open, more than half would be.
    months, states = [*range(1, 11), *[5] * 10], [1] * 10 + [2] * 10
    found = cumulative_incidence(months, states)
    assert found.share[-1] == pytest.approx(0.5)
    assert median_time(months, states).median == 10
    assert kaplan_meier_median(months, [one == 1 for one in states]).median < 10


def test_a_share_that_stays_at_one_half_has_its_median_in_the_middle_of_the_stretch():
    # Of 20, 10 are charged in months 1 to 10, two more in 13 and 14; eight are closed in month 20.
    months, states = [*range(1, 11), 13, 14, *[20] * 8], [1] * 12 + [2] * 8
    assert median_time(months, states).median == 11.5
    curve = cumulative_incidence(months, states)
    assert [curve.first_at(share) for share in (0.05, 0.25, 0.5, 0.6)] == [1, 5, 10, 14]
    assert curve.first_at(0.75) == float("inf")


def test_the_share_within_a_window_counts_all_and_nobody_was_followed_beyond_the_last_time():
    found = cumulative_incidence([3, 14, 20, 20], [1, 1, 2, 0])
    assert found.by(12)[0] == pytest.approx(1 / 4)
    assert found.by(2)[0] == 0 and found.by(20)[0] == pytest.approx(1 / 2)
    assert np.isnan(found.by(21)[0])
    low, high = found.by(14)[1]
    assert 0 < low < 1 / 2 < high < 1


def test_no_follow_up_at_all_is_an_answer():
    for months, states in (([], []), ([0, 0, 0], [0, 0, 0]), ([None], [1])):
        found = cumulative_incidence(months, states)
        assert np.isnan(found.by(12)[0])
        assert np.isnan(median_time(months, states).median)
    nobody = cumulative_incidence([5, 8, 12], [0, 2, 0])
    assert nobody.by(12)[0] == 0
    with pytest.raises(ImpossibleInput, match="ended otherwise"):
        cumulative_incidence([1, 2], [1, 3])


def test_the_lady_tasting_tea():
    # Fisher (1935), The Design of Experiments: two-sided 34/70.
    assert exact_association([[3, 1], [1, 3]]).p_value == pytest.approx(34 / 70, rel=1e-12)


def test_larger_tables_are_tested_with_a_fixed_seed():
    # Exact p-value by full enumeration of the 2 by 3 tables with these margins.
    table = [[8, 2, 3], [1, 5, 4]]
    first, second = exact_association(table), exact_association(np.array(table))
    assert first == second
    assert first.p_value == pytest.approx(enumerated(table), abs=0.003)
    assert "Freeman-Halton" in first.method


def enumerated(table) -> float:
    from scipy.special import gammaln

    rows, columns = np.sum(table, axis=1), np.sum(table, axis=0)
    logs = {}
    for a in range(columns[0] + 1):
        for b in range(columns[1] + 1):
            c = rows[0] - a - b
            if 0 <= c <= columns[2]:
                cells = np.array([a, b, c, columns[0] - a, columns[1] - b, columns[2] - c])
                logs[a, b] = -gammaln(cells + 1).sum()
    weights = np.exp(np.array(list(logs.values())) - max(logs.values()))
    observed = np.exp(logs[table[0][0], table[0][1]] - max(logs.values()))
    return weights[weights <= observed * (1 + 1e-9)].sum() / weights.sum()


def test_tables_that_cannot_be_tested_say_so():
    assert np.isnan(exact_association([[1, None], [2, 3]]).p_value)
    assert np.isnan(exact_association([[1, 2], [0, 0]]).p_value)
    with pytest.raises(ImpossibleInput):
        exact_association([1, 2, 3])
    with pytest.raises(ImpossibleInput):
        exact_association([[1, -1], [2, 3]])


def test_two_groups_of_twenty_have_the_power_that_adding_up_every_table_gives():
    from scipy.stats import binom, fisher_exact

    one, two = binom.pmf(range(21), 20, 0.5), binom.pmf(range(21), 20, 0.9)
    power = sum(
        one[a] * two[b]
        for a in range(21)
        for b in range(21)
        if fisher_exact([[a, 20 - a], [b, 20 - b]]).pvalue <= 0.05
    )
    assert exact_power(20, 0.5, 0.9) == pytest.approx(power, abs=1e-12)
    assert exact_power(20, 0.5, 0.9) == pytest.approx(0.742, abs=1e-3)
    assert exact_power(20, 0.5, 0.5) < 0.05, "the exact test keeps its level"
    assert exact_power(20, 0.5, 0.9, 0.01) < exact_power(20, 0.5, 0.9)
    with pytest.raises(ImpossibleInput):
        exact_power(20, 0.5, 90)


def test_holm_multiplies_the_smallest_by_all_and_never_falls():
    adjusted = holm_adjusted([0.01, 0.04, None, 0.03])
    np.testing.assert_allclose(adjusted, [0.03, 0.06, np.nan, 0.06])
    assert len(holm_adjusted([])) == 0
    with pytest.raises(ImpossibleInput):
        holm_adjusted([1.5])
