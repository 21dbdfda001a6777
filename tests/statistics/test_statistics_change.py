"""Change over years, in four verdicts."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from atips_analysis.statistics import ImpossibleInput, Verdict, annual_change

POTENTIAL_VICTIMS = [12, 17, 17, 24, 20]
YEARS = [2016, 2017, 2018, 2019, 2020]
LABOUR_INSPECTIONS = [970, 1020, 301, 584, 831]
quickly = settings(max_examples=30, deadline=None)


def test_potential_victims_2016_to_2020_are_no_trend():
    change = annual_change(YEARS, POTENTIAL_VICTIMS)
    assert round(change.ratio, 3) == 1.137
    assert [round(limit, 3) for limit in change.interval] == [0.981, 1.318]
    assert change.verdict is Verdict.NO_EVIDENCE
    assert change.dispersion < 1 and change.p_value > 0.05
    assert (change.years, change.events) == (5, 90)


def test_the_vocabulary_of_verdicts_is_closed():
    assert {str(verdict) for verdict in Verdict} == {
        "increase",
        "decrease",
        "no evidence of change",
        "too few years",
        "too few events",
        "not tested",
        "not known",
    }


def test_a_change_is_named_only_when_the_interval_excludes_one():
    assert annual_change(YEARS, [10, 20, 30, 40, 60]).verdict == "increase"
    assert annual_change(YEARS, [60, 40, 30, 20, 10]).verdict == "decrease"
    assert annual_change(YEARS, [20, 20, 20, 20, 20]).verdict == "no evidence of change"


def test_scatter_that_nobody_can_explain_stands_for_the_factor_that_nobody_knows():
    change = annual_change([2018, 2019, 2020, 2021, 2022], LABOUR_INSPECTIONS, factor=None)
    assert change.dispersion > 100
    assert change.method == "quasi-Poisson regression"
    assert change.verdict == "no evidence of change"


def test_whether_scatter_widens_hangs_on_what_is_counted_and_not_on_a_test():
    known = annual_change([2018, 2019, 2020, 2021, 2022], LABOUR_INSPECTIONS)
    assert known.method == "Poisson regression"
    nearly = [annual_change(YEARS, [12, 17, last, 24, 20], factor=None) for last in range(10, 60)]
    widths = [np.log(one.interval.high / one.interval.low) for one in nearly]
    assert max(np.abs(np.diff(widths))) < 0.12  # no jump from one count to the next


def test_a_design_factor_widens_the_interval_by_its_root_and_p_value_and_interval_agree():
    alone, clustered = (annual_change(YEARS, POTENTIAL_VICTIMS, factor=one) for one in (1.0, 4.0))
    widths = [np.log(one.interval.high / one.interval.low) for one in (alone, clustered)]
    assert widths[1] == pytest.approx(2 * widths[0])
    for one in (alone, clustered):
        assert (one.p_value <= 0.05) is not (one.interval.low <= 1 <= one.interval.high)


@pytest.mark.parametrize(
    ("years", "counts"),
    [
        ([2016, 2017], [100, 300]),
        ([2016, 2017, 2018], [100, None, 300]),
        (YEARS, [0, 0, 0, 0, 0]),
        (YEARS, [1, 2, 0, 1, 5]),
        ([], []),
        (2020, 50),
    ],
)
def test_too_few_years_or_events_say_nothing(years, counts):
    change = annual_change(years, counts)
    assert change.verdict in (Verdict.TOO_FEW_YEARS, Verdict.TOO_FEW_EVENTS)
    assert np.isnan([change.ratio, *change.interval, change.dispersion]).all()


def test_ten_events_in_three_years_are_the_least_that_is_judged():
    assert annual_change([1, 2, 3], [3, 3, 3]).verdict is Verdict.TOO_FEW_EVENTS
    assert annual_change([1, 2, 3], [3, 4, 3]).verdict is Verdict.NO_EVIDENCE


def test_missing_years_are_left_out_and_are_not_zero():
    with_gap = annual_change([*YEARS, 2021], [*POTENTIAL_VICTIMS, None])
    assert with_gap == annual_change(YEARS, POTENTIAL_VICTIMS)
    assert annual_change([*YEARS, 2021], [*POTENTIAL_VICTIMS, 0]) != with_gap


def test_events_in_the_last_year_alone_have_a_lower_bound_only():
    change = annual_change(YEARS, [0, 0, 0, 0, 20])
    assert change.ratio == float("inf") and change.interval.high == float("inf")
    low = change.interval.low
    share = low**4 / sum(low**k for k in range(5))
    assert share**20 == pytest.approx(0.025, rel=1e-9)
    assert change.verdict is Verdict.INCREASE
    mirrored = annual_change(YEARS, [20, 0, 0, 0, 0])
    assert mirrored.interval.high == pytest.approx(1 / low, rel=1e-9)
    assert mirrored.verdict is Verdict.DECREASE


@pytest.mark.parametrize(
    ("years", "counts", "exposure"),
    [
        ([2016, 2017], [1, 2, 3], None),
        ([2016, 2016, 2017], [1, 2, 3], None),
        ([2016, None, 2018], [1, 2, 3], None),
        ([2016, 2017, 2018], [1, -2, 3], None),
        ([2016, 2017, 2018], [1, 2.5, 3], None),
        ([2016, 2017, 2018], [1, 2, 3], [1, 0, 1]),
        ([2016, 2017, 2018], [1, 2, 3], [1, 1]),
    ],
)
def test_a_series_that_cannot_be_is_refused(years, counts, exposure):
    with pytest.raises(ImpossibleInput):
        annual_change(years, counts, exposure)


def test_growth_that_only_follows_the_population_is_no_change_of_the_rate():
    change = annual_change([1, 2, 3, 4], [100, 200, 400, 800], exposure=[1e5, 2e5, 4e5, 8e5])
    assert change.ratio == pytest.approx(1, rel=1e-9)
    assert change.verdict is Verdict.NO_EVIDENCE


def test_counts_of_thousands_of_millions_are_followed_exactly():
    change = annual_change([1, 2, 3, 4], [10**9, 2 * 10**9, 4 * 10**9, 8 * 10**9])
    assert change.ratio == pytest.approx(2, rel=1e-9)
    assert change.verdict is Verdict.INCREASE


@quickly
@given(
    counts=st.lists(st.integers(3, 500), min_size=4, max_size=8),
    scale=st.floats(0.01, 1e5),
    shuffled=st.randoms(use_true_random=False),
)
def test_the_order_of_years_and_the_unit_of_exposure_change_nothing(counts, scale, shuffled):
    pairs = list(enumerate(counts, start=2016))
    plain = annual_change(*zip(*pairs, strict=True))
    shuffled.shuffle(pairs)
    other = annual_change(*zip(*pairs, strict=True), exposure=scale)
    assert other.ratio == pytest.approx(plain.ratio, rel=1e-7)
    assert other.interval == pytest.approx(plain.interval, rel=1e-7)
    assert plain.interval.low <= plain.ratio <= plain.interval.high


@quickly
@given(counts=st.lists(st.integers(3, 500), min_size=4, max_size=8))
def test_time_run_backwards_inverts_the_ratio(counts):
    years = list(range(len(counts)))
    there, back = annual_change(years, counts), annual_change(years, counts[::-1])
    assert there.ratio == pytest.approx(1 / back.ratio, rel=1e-7)
    assert there.interval.low == pytest.approx(1 / back.interval.high, rel=1e-7)
