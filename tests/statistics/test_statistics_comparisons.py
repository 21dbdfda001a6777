"""The engine of comparisons: clusters, a baseline's own trend and scatter, families, power."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from atips_analysis.statistics import (
    ComesAbout,
    Comparison,
    ImpossibleInput,
    Interval,
    Quantity,
    Reason,
    Series,
    Verdict,
    annual_change,
    change_from_baseline,
    clopper_pearson_interval,
    clustered_counts,
    clustered_interval,
    clustered_share_interval,
    design_factor,
    fay_feuer_interval,
    garwood_interval,
    judged,
    noticeable_ratios,
    rate_ratio,
    share_design_factor,
    trend,
)

ROOT = Path(__file__).parents[2]
R = pd.read_csv(ROOT / "tests" / "data" / "stats" / "comparisons_r.csv")
BIRTHS = [327, 30666, 123419, 149919, 104088, 34392]
CASES = [0, 8, 63, 112, 262, 295]
STANDARD = [319933, 931318, 786511, 488235, 237863, 61313]
YEARS = (2021, 2022, 2023, 2024)
quickly = settings(max_examples=40, deadline=None)


def of_r(what):
    return R[R["what"] == what]


def change(counts, comes_about=ComesAbout.EVENTS, factor=1.0, years=YEARS):
    return change_from_baseline(Series(years, counts, comes_about, factor=factor))


def test_fay_and_feuers_published_example_is_reproduced():
    """Down's syndrome by order of birth, as dsrTest 1.0.0 prints it for their Table II."""
    weights = np.array(STANDARD) / sum(STANDARD) / np.array(BIRTHS) * 1e5
    assert sum(weights * CASES) == pytest.approx(75.52901, abs=5e-6)
    assert fay_feuer_interval(CASES, weights) == pytest.approx((67.70212, 188.30017), abs=5e-6)


def test_gamma_intervals_are_those_of_epitools():
    births = np.array(
        [
            [230061, 329449, 114920, 39487, 14208, 3052],
            [72202, 326701, 208667, 83228, 28466, 5375],
            [15050, 175702, 207081, 117300, 45026, 8660],
            [2293, 68800, 132424, 98301, 46075, 9834],
            BIRTHS,
        ]
    )
    cases = [
        [107, 141, 60, 40, 39, 25],
        [25, 150, 110, 84, 82, 39],
        [3, 71, 114, 103, 108, 75],
        [1, 26, 64, 89, 137, 96],
        CASES,
    ]
    standard = births.mean(axis=0)
    for row, own, of in zip(of_r("ageadjust.direct").itertuples(), cases, births, strict=True):
        weights = standard / standard.sum() / of
        assert fay_feuer_interval(own, weights) == pytest.approx((row.low, row.high), rel=1e-9)


def test_without_clusters_a_count_has_the_exact_interval_of_r():
    for row in of_r("poisson.test").itertuples():
        assert clustered_interval(int(row.a)) == pytest.approx((row.low, row.high), rel=1e-9)
        assert garwood_interval(int(row.a)) == pytest.approx((row.low, row.high), rel=1e-9)


def test_without_clusters_a_share_has_the_exact_interval_of_r():
    for row in of_r("binom.exact").itertuples():
        found = clustered_share_interval(int(row.a), row.b)
        assert found == pytest.approx((row.low, row.high), rel=1e-9, abs=1e-12)
        assert found == pytest.approx(clopper_pearson_interval(int(row.a), row.b), abs=1e-12)


def test_without_clusters_or_scatter_a_year_is_compared_as_r_compares_two_counts():
    for row in of_r("poisson.test of two").itertuples():
        a, b = int(row.a), int(row.b)
        found = rate_ratio(a, b, 1, 3)
        assert found.interval == pytest.approx((row.low, row.high), rel=1e-7)
        assert found.p_value == pytest.approx(row.p, rel=1e-7)
        steady = change((b // 3, b - 2 * (b // 3), b // 3, a))
        if steady.tested:
            assert steady.p_value == pytest.approx(row.p, rel=1e-6)


def test_trends_have_the_estimates_errors_and_p_values_of_r():
    for family, factor in (("poisson", 1.0), ("quasipoisson", None)):
        for row in of_r(family).itertuples():
            counts = [int(one) for one in row.a.split()]
            found = annual_change(range(len(counts)), counts, factor=factor)
            assert found.ratio == pytest.approx(row.estimate, rel=1e-8)
            if factor is not None or found.dispersion >= 1:  # ours is never narrower than chance
                assert found.p_value == pytest.approx(row.p, rel=1e-5)


@quickly
@given(st.integers(0, 2000), st.sampled_from([1.5, 2.0, 3.0, 6.5]))
def test_a_clustered_count_is_fay_and_feuers_with_equal_weights(clusters, size):
    assert fay_feuer_interval([clusters], [size]) == pytest.approx(
        tuple(size * one for one in garwood_interval(clusters)), rel=1e-9
    )
    if (size * clusters) % 1 == 0:
        found = clustered_interval(int(size * clusters), size)
        assert found == pytest.approx(fay_feuer_interval([clusters], [size]), rel=1e-9)


def test_forty_four_victims_in_seventeen_cases_are_known_less_well_than_forty_four_alone():
    sizes = [1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 4, 5, 6, 8]
    assert (sum(sizes), len(sizes)) == (44, 17)
    alone, by_case = garwood_interval(44), clustered_interval(44, design_factor(sizes))
    assert by_case.low < 27 < alone.low and alone.high < 60 < by_case.high


def test_the_interval_is_a_function_of_the_count_and_the_published_factor_alone():
    one, other = design_factor([1] * 9 + [5]), design_factor([1] * 8 + [2, 5])
    assert one == other == 2.5  # cases that differ, one number in print


@pytest.mark.parametrize("sizes", [[], [3], [2] * 9, [0] * 30])
def test_fewer_than_ten_clusters_cannot_tell_a_factor_and_give_no_interval(sizes):
    factor = design_factor(sizes)
    assert np.isnan(factor)
    assert np.isnan(clustered_interval(12, factor)).all()
    assert np.isnan(clustered_share_interval(3, 12, factor)).all()
    found = change((11, 12, 13, 40), ComesAbout.BY_CASE, factor)
    assert (found.verdict, found.reason) == (Verdict.NOT_KNOWN, Reason.CLUSTERS_NOT_KNOWN)


def test_a_share_of_whole_sessions_has_the_factor_of_their_size_and_a_mixed_one_has_less():
    assert share_design_factor([10, 0] * 10, [10] * 20) == 11.0  # 10.53, rounded up
    assert share_design_factor([5] * 20, [10] * 20) == 1.0
    assert np.isnan(share_design_factor([0] * 20, [10] * 20))


def test_a_baseline_that_rises_steadily_is_not_one_that_scatters():
    found = change((47, 66, 81, 102))
    assert [round(one, 2) for one in found.interval] == [1.23, 2.01]
    assert (found.verdict, found.reason) == (Verdict.INCREASE, Reason.BASELINE_MOVED_TOO)
    scattered = change((66, 36, 92, 102))
    assert scattered.interval.low < 1 < scattered.interval.high
    assert (scattered.verdict, scattered.reason) == (
        Verdict.TOO_FEW_YEARS,
        Reason.YEARS_SCATTER,
    )


def test_a_year_like_the_mean_of_a_baseline_that_moves_is_no_answer():
    found = change((20, 60, 100, 60))
    assert (found.verdict, found.reason) == (Verdict.TOO_FEW_YEARS, Reason.BASELINE_MOVES)


def test_interval_and_p_value_change_step_by_step_with_the_scatter():
    found = [change((60, 60 + more, 60, 100)) for more in range(60)]
    assert not any(np.isnan(one.p_value) for one in found)
    steps = np.abs(np.diff([one.p_value for one in found]))
    assert steps.max() < 0.05
    for one in found:
        assert (one.p_value <= 0.05) is not (one.interval.low <= 1 <= one.interval.high)


def test_planned_work_and_attendances_are_never_tested():
    for comes_about in (ComesAbout.PLANNED, ComesAbout.BY_SESSION):
        found = change((47, 66, 81, 102), comes_about, 2.0)
        assert (found.verdict, found.reason) == (Verdict.NOT_TESTED, Reason.PLANNED)
        assert not found.tested and np.isnan(found.interval).all()
        followed = trend(Series((1, 2, 3, 4, 5), (40, 50, 60, 70, 90), comes_about))
        assert (followed.verdict, followed.reason) == (Verdict.NOT_TESTED, Reason.PLANNED)


def test_a_trend_over_a_year_that_is_not_known_is_not_known():
    found = trend(Series((1, 2, 3, 4, 5), (40, 50, None, 70, 90), ComesAbout.EVENTS))
    assert (found.verdict, found.reason) == (Verdict.NOT_KNOWN, Reason.NUMBER_NOT_SHOWN)


def test_a_change_just_at_the_level_of_the_family_stands_as_holm_has_it():
    found = Comparison(2.0, Interval(1.0001, 4.0), 0.05, Verdict.INCREASE, Reason.BEYOND_CHANCE)
    assert judged([found])[0].verdict is Verdict.INCREASE


def test_a_share_of_participants_is_compared_by_session_and_one_that_is_known_stands():
    series = Series(
        YEARS, (30, 40, 35, 60), ComesAbout.BY_SESSION, Quantity.SHARE, (100, 100, 100, 100), 1.0
    )
    alone = change_from_baseline(series)
    clustered = change_from_baseline(
        Series(
            YEARS, series.counts, ComesAbout.BY_SESSION, Quantity.SHARE, series.sizes, factor=3.0
        )
    )
    assert alone.ratio == clustered.ratio == pytest.approx(60 / 35)
    assert clustered.interval.low < alone.interval.low and clustered.p_value > alone.p_value


def test_a_rate_that_only_follows_its_exposure_has_not_changed():
    counts, exposure = (50, 100, 150, 200), (1.0, 2.0, 3.0, 4.0)
    found = change_from_baseline(Series(YEARS, counts, ComesAbout.EVENTS, Quantity.RATE, exposure))
    assert found.ratio == pytest.approx(1.0) and found.verdict is Verdict.NO_EVIDENCE


@pytest.mark.parametrize(
    ("counts", "years", "verdict"),
    [
        ((), (), Verdict.NOT_KNOWN),
        ((5, None, 7, 9), YEARS, Verdict.NOT_KNOWN),
        ((0, 0, 0, 0), YEARS, Verdict.TOO_FEW_EVENTS),
        ((1, 2, 1, 3), YEARS, Verdict.TOO_FEW_EVENTS),
        ((50, 90), (2023, 2024), Verdict.TOO_FEW_YEARS),
        ((50, 60, 90), (2022, 2023, 2024), Verdict.TOO_FEW_YEARS),
        ((0, 0, 0, 40), YEARS, Verdict.INCREASE),
        ((40, 40, 40, 0), YEARS, Verdict.DECREASE),
        ((10**12, 10**12, 10**12, 10**12), YEARS, Verdict.NO_EVIDENCE),
        ((10**12, 10**12, 10**12, 2 * 10**12), YEARS, Verdict.INCREASE),
    ],
)
def test_every_series_has_a_defined_answer(counts, years, verdict):
    assert change(counts, years=years).verdict is verdict


@pytest.mark.parametrize(
    ("counts", "years"),
    [((1, 2), (2021,)), ((1, 2), (2021, 2021)), ((1, 2), (2022, 2021)), ((-1, 2), (2021, 2022))],
)
def test_what_is_no_series_is_refused_in_one_line(counts, years):
    with pytest.raises(ImpossibleInput) as refused:
        Series(years, counts, ComesAbout.EVENTS)
    assert "\n" not in str(refused.value)


def test_a_trend_needs_five_years_and_an_unknown_factor_is_told_by_the_scatter_of_the_series():
    years, counts = (2016, 2017, 2018, 2019, 2020), (12, 17, 17, 24, 20)
    unknown = trend(Series(years, counts, ComesAbout.BY_CASE, factor=float("nan")))
    alone = trend(Series(years, counts, ComesAbout.EVENTS))
    assert [round(one, 3) for one in alone.interval] == [0.981, 1.318]
    assert unknown.interval.low < alone.interval.low and unknown.verdict is Verdict.NO_EVIDENCE
    short = trend(Series(years[1:], counts[1:], ComesAbout.EVENTS))
    assert (short.verdict, short.reason) == (Verdict.TOO_FEW_YEARS, Reason.FEW_YEARS)


def test_a_change_that_does_not_stand_beside_the_other_comparisons_is_none():
    def alone(p_value):
        below = p_value <= 0.05
        verdict = Verdict.INCREASE if below else Verdict.NO_EVIDENCE
        reason = Reason.BEYOND_CHANCE if below else Reason.WITHIN_CHANCE
        return Comparison(2.0, Interval(1.1 if below else 0.9, 3.0), p_value, verdict, reason)

    untested = change((1, 2), ComesAbout.PLANNED, years=(2023, 2024))
    family = judged([alone(0.03), alone(0.2), untested, alone(0.004)])
    assert [one.adjusted for one in family if one.tested] == pytest.approx([0.06, 0.2, 0.012])
    assert [one.verdict for one in family] == [
        Verdict.NO_EVIDENCE,
        Verdict.NO_EVIDENCE,
        Verdict.NOT_TESTED,
        Verdict.INCREASE,
    ]
    assert family[0].reason is Reason.MANY_COMPARISONS
    assert judged([]) == []


def test_drawn_counts_have_the_mean_and_the_factor_that_they_are_drawn_with():
    drawn = clustered_counts(np.random.default_rng(1), np.array([40.0, 10.0]), 3.0, 40_000)
    assert drawn.mean(axis=0) == pytest.approx([40, 10], rel=0.02)
    assert drawn.var(axis=0) / drawn.mean(axis=0) == pytest.approx([3, 3], rel=0.05)


def test_what_would_be_noticed_is_the_same_each_time_and_less_where_events_come_in_clusters():
    singly = Series(YEARS, (60, 60, 60, 60), ComesAbout.BY_CASE, factor=1.0)
    clustered = Series(YEARS, (60, 60, 60, 60), ComesAbout.BY_CASE, factor=3.0)
    assert noticeable_ratios(singly, 0.01) == noticeable_ratios(singly, 0.01)
    assert noticeable_ratios(singly, 0.01).above < noticeable_ratios(clustered, 0.01).above
    assert noticeable_ratios(singly, 0.01).below > noticeable_ratios(clustered, 0.01).below


def test_the_more_is_counted_the_smaller_the_fall_that_would_be_noticed_in_tenths():
    sizes = (10, 12, 16, 25, 30, 60, 80, 200, 400, 2000)
    found = [noticeable_ratios(Series(YEARS, (n,) * 4, ComesAbout.EVENTS), 0.05) for n in sizes]
    assert [one.below for one in found] == [at / 10 for at in range(10)]
    above = [one.above for one in found]
    assert above == sorted(above, reverse=True) and above[0] == 3 and above[-1] == 1.1


@pytest.fixture(scope="module")
def editions(module_at):
    return module_at(ROOT / "benchmarks" / "simulate_editions.py")


def test_in_twelve_editions_in_which_nothing_changes_almost_nothing_is_said_to_have(editions):
    rows = [editions.false_statements(number) for number in range(12)]
    assert sum(bool(row["said"]) for row in rows) <= 1
    assert sum(bool(row["independent"]) for row in rows) >= 2  # without clusters and family


def test_the_results_that_are_committed_hold_at_most_a_twentieth_of_false_statements(editions):
    text = (ROOT / "benchmarks" / "simulate_editions.json").read_text(encoding="utf-8")
    found = json.loads(text)
    assert found["commit"] and not found["commit"].endswith("dirty")
    assert found["summary"] == editions.summary(found["rows"])
    assert found["summary"]["editions"] >= 500
    assert found["summary"]["with_a_false_statement"] <= 0.05 * found["summary"]["editions"]
    assert found["rows"][:3] == [editions.false_statements(number) for number in range(3)]
    noticed = {(one["mean"], one["years"]): one["noticed"] for one in found["trends"]}
    assert noticed[15, 3] < 0.2 < 0.8 < noticed[60, 8]
