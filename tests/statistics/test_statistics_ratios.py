"""Two counts compared by the exact test, and the change that such counts could show."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from atips_analysis.statistics import ImpossibleInput, detectable_ratio, rate_ratio

quickly = settings(max_examples=80, deadline=None)
small = st.integers(0, 300)
exposures = st.floats(0.1, 1e6)


def test_the_p_value_is_that_of_the_binomial_test_when_exposures_are_equal():
    assert rate_ratio(17, 12).p_value == pytest.approx(stats.binomtest(17, 29).pvalue, rel=1e-9)


def test_the_interval_is_that_of_the_share_given_the_sum():
    ratio = rate_ratio(17, 12, 2.0, 1.0)
    share = stats.binomtest(17, 29).proportion_ci(0.95, "exact")
    assert ratio.ratio == pytest.approx(17 / 12 / 2)
    assert ratio.interval.low == pytest.approx(share.low / (1 - share.low) / 2, rel=1e-9)
    assert ratio.interval.high == pytest.approx(share.high / (1 - share.high) / 2, rel=1e-9)


def test_the_example_of_r_has_the_limits_that_r_gives_and_a_p_value_that_agrees_with_them():
    # poisson.test(c(11, 21), c(800, 3011)) prints 0.8584 to 4.2773 around 1.9715; its p-value
    # of 0.0797 belongs to another two-sided test, the central one has 0.1120.
    ratio = rate_ratio(11, 21, 800, 3011)
    assert round(ratio.ratio, 4) == 1.9715
    assert [round(limit, 4) for limit in ratio.interval] == [0.8584, 4.2773]
    assert ratio.p_value == pytest.approx(2 * stats.binom.sf(10, 32, 800 / 3811), rel=1e-9)


def test_counts_of_zero_have_defined_answers():
    only_first = rate_ratio(8, 0)
    assert only_first.ratio == float("inf") and only_first.interval.high == float("inf")
    assert only_first.interval.low > 1
    only_second = rate_ratio(0, 8)
    assert only_second.ratio == 0.0 and only_second.interval.low == 0.0
    assert only_second.interval.high < 1
    neither = rate_ratio(0, 0)
    assert np.isnan(neither.ratio) and neither.p_value == 1.0
    assert neither.interval == (0.0, float("inf"))


def test_missing_in_is_missing_out():
    for ratio in (rate_ratio(None, 3), rate_ratio(3, pd.NA), rate_ratio(3, 3, float("nan"))):
        assert np.isnan([ratio.ratio, *ratio.interval, ratio.p_value]).all()
    assert np.isnan(rate_ratio(0, 3, 0, 1).ratio)


def test_arrays_are_compared_place_by_place():
    ratio = rate_ratio([1, None, 0], [2, 3, 0])
    assert ratio.ratio[0] == 0.5 and np.isnan(ratio.p_value[1]) and ratio.p_value[2] == 1.0


@pytest.mark.parametrize("counts", [(-1, 2), (2, -1), (1.5, 2), (float("inf"), 2)])
def test_counts_that_cannot_be_are_refused(counts):
    with pytest.raises(ImpossibleInput):
        rate_ratio(*counts)
    with pytest.raises(ImpossibleInput):
        rate_ratio(2, 2, exposure_1=0)


def test_huge_counts_keep_their_digits():
    ratio = rate_ratio(10**9, 1)
    tail = stats.chi2.ppf(0.025, 2) / 2
    # Against so many events the single one is Poisson: its own exact limits bound the ratio.
    assert ratio.interval.high == pytest.approx(10**9 / 0.0253178079842899, rel=1e-4)
    assert tail == pytest.approx(0.0253178079842899, rel=1e-9)
    equal = rate_ratio(10**9, 10**9)
    assert equal.interval.low == pytest.approx(1 / equal.interval.high, rel=1e-9)


@quickly
@given(first=small, second=small, time_1=exposures, time_2=exposures)
def test_p_value_and_interval_always_agree(first, second, time_1, time_2):
    ratio = rate_ratio(first, second, time_1, time_2)
    excludes = ratio.interval.low > 1 or ratio.interval.high < 1
    if abs(ratio.p_value - 0.05) > 1e-9:
        assert excludes == (ratio.p_value < 0.05)


@quickly
@given(first=st.integers(1, 10**6), second=st.integers(1, 10**6), time=exposures)
def test_swapping_the_groups_inverts_ratio_and_interval(first, second, time):
    there, back = rate_ratio(first, second, time, 1.0), rate_ratio(second, first, 1.0, time)
    assert there.ratio == pytest.approx(1 / back.ratio, rel=1e-9)
    assert there.interval.low == pytest.approx(1 / back.interval.high, rel=1e-9)
    assert there.p_value == pytest.approx(back.p_value, rel=1e-6, abs=1e-12)


@quickly
@given(first=small, second=small, confidence=st.floats(0.5, 0.99))
def test_the_interval_holds_the_ratio_and_widens_with_confidence(first, second, confidence):
    narrow = rate_ratio(first, second, confidence=confidence)
    wide = rate_ratio(first, second, confidence=0.999)
    assert wide.interval.low <= narrow.interval.low
    assert narrow.interval.high <= wide.interval.high
    if first + second:
        assert narrow.interval.low <= narrow.ratio <= narrow.interval.high


def test_the_detectable_ratio_is_found_with_just_the_power_asked_for():
    above, below = detectable_ratio(12, 17)
    share = above / (1 + above)
    splits = np.arange(30)
    significant = np.array([rate_ratio(k, 29 - k).p_value <= 0.05 for k in splits])
    up = splits[significant & (splits > 15)]
    assert stats.binom.pmf(up, 29, share).sum() == pytest.approx(0.8, rel=1e-9)
    assert below == pytest.approx(1 / above, rel=1e-9)


def test_five_events_can_show_nothing_and_six_only_the_extreme():
    assert detectable_ratio(2, 3) == (float("inf"), 0.0)
    assert detectable_ratio(0, 0) == (float("inf"), 0.0)
    assert 20 < detectable_ratio(3, 3).above < 30
    assert np.isnan(detectable_ratio(None, 3)).all()


def test_larger_numbers_show_smaller_changes():
    shown = [detectable_ratio(n, n).above for n in (10, 100, 1000, 10**6)]
    assert shown == sorted(shown, reverse=True) and shown[-1] < 1.01
    with pytest.raises(ImpossibleInput, match="power"):
        detectable_ratio(10, 10, power=80)


@pytest.mark.parametrize("power", [None, "x", 0, 1, [0.8, 0.9]])
def test_a_power_that_is_no_share_is_refused(power):
    with pytest.raises(ImpossibleInput):
        detectable_ratio(5, 5, power=power)
