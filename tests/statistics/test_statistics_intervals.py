"""Intervals of counts, rates and proportions, against published tables and their own laws."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from atips_analysis.errors import InputError
from atips_analysis.statistics import (
    ImpossibleInput,
    Interval,
    annual_change,
    byar_interval,
    clopper_pearson_interval,
    garwood_interval,
    midp_interval,
    rate_ratio,
    wilson_interval,
)

DATA = Path(__file__).parents[1] / "data" / "stats"
OF_COUNTS = [garwood_interval, byar_interval, midp_interval]
OF_PROPORTIONS = [wilson_interval, clopper_pearson_interval]
PUBLISHED_LEVELS = [(0.95, "lower95_0cl", "upper95_0cl"), (0.998, "lower99_8cl", "upper99_8cl")]

counts = st.integers(0, 10**6)
confidences = st.floats(0.5, 0.999)
quickly = settings(max_examples=60, deadline=None)


def phe(name: str) -> pd.DataFrame:
    return pd.read_csv(DATA / name)


@pytest.mark.parametrize(("confidence", "low", "high"), PUBLISHED_LEVELS)
def test_rates_have_the_limits_of_public_health_england(confidence, low, high):
    table = phe("phe_rate.csv").dropna(subset=["value"])
    exposure = table["Denominator"] / table["multiplier"]
    exact = garwood_interval(table["Numerator"], exposure, confidence)
    byar = byar_interval(table["Numerator"], exposure, confidence)
    is_exact = table["method"] == "Exact"
    assert is_exact.any() and not is_exact.all()
    np.testing.assert_allclose(exact.low[is_exact], table[low][is_exact], rtol=1e-9)
    np.testing.assert_allclose(exact.high[is_exact], table[high][is_exact], rtol=1e-9)
    np.testing.assert_allclose(byar.low, table[low], rtol=1e-9)
    np.testing.assert_allclose(byar.high, table[high], rtol=1e-9)


@pytest.mark.parametrize(("confidence", "low", "high"), PUBLISHED_LEVELS)
def test_proportions_have_the_limits_of_public_health_england(confidence, low, high):
    table = phe("phe_proportion.csv").dropna(subset=["value"])
    interval = wilson_interval(table["Numerator"], table["Denominator"], confidence)
    np.testing.assert_allclose(interval.low * table["multiplier"], table[low], rtol=1e-9)
    np.testing.assert_allclose(interval.high * table["multiplier"], table[high], rtol=1e-9)


def test_a_published_rate_without_numerator_or_denominator_has_no_limits():
    table = phe("phe_rate.csv")
    missing = table[table["value"].isna()]
    assert len(missing) == 3
    interval = garwood_interval(missing["Numerator"], missing["Denominator"])
    assert interval.low.isna().all() and interval.high.isna().all()


def test_the_exact_limits_of_no_event_are_zero_and_minus_the_logarithm_of_the_tail():
    assert garwood_interval(0) == Interval(0.0, pytest.approx(-np.log(0.025), rel=1e-12))
    assert midp_interval(0) == Interval(0.0, pytest.approx(-np.log(0.05), rel=1e-12))


def test_garwood_limits_leave_exactly_their_tail():
    for count in (1, 7, 12, 400):
        low, high = garwood_interval(count)
        assert stats.poisson.sf(count - 1, low) == pytest.approx(0.025, rel=1e-9)
        assert stats.poisson.cdf(count, high) == pytest.approx(0.025, rel=1e-9)


def test_midp_limits_count_half_of_what_was_observed():
    for count in (1, 7, 12, 400):
        low, high = midp_interval(count)
        half = stats.poisson.pmf(count, [low, high]) / 2
        assert stats.poisson.sf(count, low) + half[0] == pytest.approx(0.025, rel=1e-9)
        assert stats.poisson.cdf(count - 1, high) + half[1] == pytest.approx(0.025, rel=1e-9)


def test_clopper_pearson_limits_leave_exactly_their_tail():
    low, high = clopper_pearson_interval(3, 17)
    assert stats.binom.sf(2, 17, low) == pytest.approx(0.025, rel=1e-9)
    assert stats.binom.cdf(3, 17, high) == pytest.approx(0.025, rel=1e-9)


def test_byar_is_exact_at_nine_and_approximate_at_ten():
    assert byar_interval(9) == garwood_interval(9)
    low, high = byar_interval(10)
    z = stats.norm.isf(0.025)
    assert low == pytest.approx(10 * (1 - 1 / 90 - z / (3 * 10**0.5)) ** 3, rel=1e-12)
    assert high == pytest.approx(11 * (1 - 1 / 99 + z / (3 * 11**0.5)) ** 3, rel=1e-12)


@pytest.mark.parametrize("interval", OF_COUNTS)
@pytest.mark.parametrize("count", [10**9, 10**12])
def test_huge_counts_come_near_to_the_normal_interval(interval, count):
    low, high = interval(count)
    z = stats.norm.isf(0.025)
    assert (count - low) / count**0.5 == pytest.approx(z, rel=1e-3)
    assert (high - count) / count**0.5 == pytest.approx(z, rel=1e-3)


@pytest.mark.parametrize("interval", OF_COUNTS)
@pytest.mark.parametrize("missing", [None, float("nan"), pd.NA, np.nan])
def test_a_missing_count_or_exposure_has_a_missing_interval(interval, missing):
    assert np.isnan(interval(missing)).all()
    assert np.isnan(interval(5, missing)).all()


@pytest.mark.parametrize("interval", OF_PROPORTIONS)
@pytest.mark.parametrize("missing", [None, float("nan"), pd.NA])
def test_a_missing_part_or_whole_has_a_missing_interval(interval, missing):
    assert np.isnan(interval(missing, 10)).all()
    assert np.isnan(interval(5, missing)).all()


@pytest.mark.parametrize("interval", OF_COUNTS)
@pytest.mark.parametrize(
    ("count", "exposure"),
    [(-1, 1), (2.5, 1), (float("inf"), 1), (3, -1), (3, 0), (3, float("inf")), ("three", 1)],
)
def test_counts_that_cannot_be_are_refused_in_one_line(interval, count, exposure):
    with pytest.raises(ImpossibleInput) as refused:
        interval(count, exposure)
    assert "\n" not in str(refused.value)
    assert isinstance(refused.value, ValueError) and isinstance(refused.value, InputError)


@pytest.mark.parametrize("interval", OF_PROPORTIONS)
@pytest.mark.parametrize(("count", "n"), [(-1, 5), (6, 5), (1, 0), (1.5, 5), (1, -5)])
def test_parts_that_cannot_be_are_refused(interval, count, n):
    with pytest.raises(ImpossibleInput):
        interval(count, n)


def test_a_number_that_cannot_be_is_named():
    with pytest.raises(ImpossibleInput, match=r"^n must not be negative"):
        wilson_interval(1, -1)
    with pytest.raises(ImpossibleInput, match=r"^exposure_1 must not be negative"):
        rate_ratio(1, 1, -1, 1)
    with pytest.raises(ImpossibleInput, match=r"^exposure_2 must be finite"):
        rate_ratio(1, 1, 1, float("inf"))
    with pytest.raises(ImpossibleInput, match=r"^year must be a number"):
        annual_change(["x", 2022, 2023], [10, 20, 30])


@pytest.mark.parametrize("interval", OF_PROPORTIONS)
def test_none_of_none_has_no_proportion(interval):
    assert np.isnan(interval(0, 0)).all()


@pytest.mark.parametrize("interval", OF_COUNTS)
def test_no_event_without_exposure_has_no_rate(interval):
    assert np.isnan(interval(0, 0)).all()


@pytest.mark.parametrize("interval", OF_PROPORTIONS)
@pytest.mark.parametrize("n", [1, 18, 10**9])
def test_none_begins_at_exactly_zero_and_all_ends_at_exactly_one(interval, n):
    assert interval(0, n).low == 0.0
    assert interval(n, n).high == 1.0
    assert 0 < interval(0, n).high <= 1 and 0 <= interval(n, n).low < 1


@pytest.mark.parametrize("confidence", [0, 1, 95, -0.5, "high", None, float("nan")])
def test_a_confidence_that_is_none_is_refused(confidence):
    with pytest.raises(ImpossibleInput, match=r"0\.95"):
        garwood_interval(5, confidence=confidence)
    with pytest.raises(ImpossibleInput, match=r"0\.95"):
        wilson_interval(5, 10, confidence=confidence)


@pytest.mark.parametrize("interval", OF_COUNTS)
def test_scalars_give_floats_arrays_arrays_and_series_series(interval):
    assert type(interval(5).low) is float
    many = interval([0, 5, None, 10**9])
    assert isinstance(many.low, np.ndarray)
    assert many.low[1] == interval(5).low and many.high[3] == interval(10**9).high
    named = interval(pd.Series([5, pd.NA], index=["a", "b"], dtype="Int64"), 2.0)
    assert named.low["a"] == interval(5, 2.0).low and np.isnan(named.high["b"])
    assert interval(np.array([[1, 2], [3, 4]])).low.shape == (2, 2)
    assert interval([]).low.shape == (0,)


def test_series_that_are_not_aligned_are_refused():
    with pytest.raises(ImpossibleInput, match="index"):
        garwood_interval(pd.Series([1, 2]), pd.Series([1, 2], index=[1, 0]))
    with pytest.raises(ImpossibleInput, match="shapes"):
        garwood_interval([1, 2, 3], [1, 2])


@pytest.mark.parametrize("interval", OF_COUNTS)
@quickly
@given(count=counts, confidence=confidences)
def test_the_interval_of_a_count_holds_the_count(interval, count, confidence):
    low, high = interval(count, confidence=confidence)
    assert low <= count <= high


@pytest.mark.parametrize("interval", OF_PROPORTIONS)
@quickly
@given(n=st.integers(1, 10**6), share=st.floats(0, 1), confidence=confidences)
def test_the_interval_of_a_proportion_holds_it_within_zero_and_one(interval, n, share, confidence):
    count = round(n * share)
    low, high = interval(count, n, confidence)
    assert 0 <= low <= count / n <= high <= 1


@pytest.mark.parametrize("interval", OF_COUNTS)
@quickly
@given(count=counts, confidence=st.floats(0.5, 0.99))
def test_more_confidence_is_a_wider_interval(interval, count, confidence):
    narrow, wide = interval(count, confidence=confidence), interval(count, confidence=0.999)
    assert wide.low <= narrow.low and narrow.high < wide.high


@pytest.mark.parametrize("interval", OF_COUNTS)
@quickly
@given(count=counts, exposure=st.floats(1e-3, 1e9))
def test_the_limits_of_a_rate_are_those_of_the_count_over_the_exposure(interval, count, exposure):
    rate, whole = interval(count, exposure), interval(count)
    assert rate.low == pytest.approx(whole.low / exposure, rel=1e-12)
    assert rate.high == pytest.approx(whole.high / exposure, rel=1e-12)


@quickly
@given(count=st.integers(0, 10**5), confidence=confidences)
def test_the_midp_interval_lies_inside_the_exact_one(count, confidence):
    exact, midp = garwood_interval(count, 1, confidence), midp_interval(count, 1, confidence)
    assert exact.low <= midp.low and midp.high < exact.high


@pytest.mark.parametrize("interval", OF_PROPORTIONS)
@quickly
@given(n=st.integers(1, 10**4), share=st.floats(0, 1))
def test_counting_the_others_mirrors_the_interval(interval, n, share):
    count = round(n * share)
    some, others = interval(count, n), interval(n - count, n)
    assert some.low == pytest.approx(1 - others.high, abs=1e-12)
    assert some.high == pytest.approx(1 - others.low, abs=1e-12)


def test_exact_intervals_cover_at_least_as_often_as_they_claim_and_midp_on_average():
    counts = np.arange(120)
    exact, midp = garwood_interval(counts), midp_interval(counts)
    means = np.linspace(0.1, 40, 300)
    chance = stats.poisson.pmf(counts[None, :], means[:, None])
    by_exact = (chance * ((exact.low <= means[:, None]) & (means[:, None] <= exact.high))).sum(1)
    by_midp = (chance * ((midp.low <= means[:, None]) & (means[:, None] <= midp.high))).sum(1)
    assert by_exact.min() >= 0.95
    assert by_midp.mean() >= 0.95 > by_midp.min()


@pytest.mark.parametrize("interval", [garwood_interval, byar_interval, midp_interval])
@pytest.mark.filterwarnings("error")
def test_a_rate_too_large_for_a_number_is_infinite_and_warns_nobody(interval):
    assert interval(1e9, 1e-300) == (np.inf, np.inf)
    assert interval(1e9, 1e300).low > 0
