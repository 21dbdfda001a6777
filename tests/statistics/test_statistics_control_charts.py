"""The XmR chart keeps the rules of `spc_rules.csv`."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from atips_analysis.statistics import ImpossibleInput, Signal, xmr_chart

RULES = Path(__file__).parents[1] / "data" / "stats" / "spc_rules.csv"
STEADY = [10, 12, 10, 12, 10, 12, 10, 12, 10, 12, 10, 12]


def signals(values, baseline=12):
    return xmr_chart(values, baseline).signals


def test_the_signals_are_the_published_rules_in_their_order():
    with RULES.open(encoding="utf-8") as stream:
        published = [row["rule"] for row in csv.DictReader(stream) if row["order"]]
    assert [str(signal) for signal in Signal if signal != Signal.NONE] == published


def test_limits_are_the_mean_and_2_66_mean_moving_ranges():
    chart = xmr_chart(STEADY)
    assert chart.mean == 11 and chart.mean_moving_range == 2
    assert chart.limits == pytest.approx((11 - 5.32, 11 + 5.32))
    assert chart.near_limits == pytest.approx((11 - 2 * 1.7733333333333334, 11 + 3.5466666666667))
    assert set(chart.signals) == {Signal.NONE}


def test_eleven_points_make_no_chart_and_twelve_do():
    with pytest.raises(ImpossibleInput, match="at least 12"):
        xmr_chart(STEADY[:11])
    with pytest.raises(ImpossibleInput, match="at least 12"):
        xmr_chart([*STEADY[:11], None])
    with pytest.raises(ImpossibleInput, match="at least 12"):
        xmr_chart(STEADY * 2, baseline=11)
    assert xmr_chart(STEADY).baseline == 12


def test_a_point_just_beyond_the_limit_is_outside_and_one_on_it_is_not():
    assert signals([*STEADY, 16.33])[-1] is Signal.OUTSIDE_LIMITS
    assert signals([*STEADY, 5.67])[-1] is Signal.OUTSIDE_LIMITS
    limit = xmr_chart(STEADY).limits.high
    assert signals([*STEADY, limit])[-1] is Signal.NONE


def test_seven_rising_points_are_a_trend_and_all_seven_are_flagged():
    rising = [9, 9.5, 10, 10.5, 11.5, 12, 12.5]
    assert signals([*STEADY, *rising])[-7:] == (Signal.TREND,) * 7
    assert Signal.TREND not in signals([*STEADY, *rising[1:]])
    assert Signal.TREND not in signals([*STEADY, *rising[:3], 10, *rising[4:]])


def test_seven_falling_points_are_a_trend_too():
    assert signals([*STEADY, 13, 12.5, 12, 11.5, 10.5, 10, 9.5])[-7:] == (Signal.TREND,) * 7


def test_two_of_three_near_one_limit_are_flagged_and_the_third_is_not():
    found = signals([*STEADY, 10.5, 15, 11.5, 15])
    assert found[-3:] == (Signal.TWO_IN_THREE, Signal.NONE, Signal.TWO_IN_THREE)


def test_two_of_three_need_all_three_on_one_side_of_the_mean():
    assert Signal.TWO_IN_THREE not in signals([*STEADY, 10.5, 15, 10.5, 15])
    assert Signal.TWO_IN_THREE not in signals([*STEADY, 7, 15, 11.5])


def test_seven_points_on_one_side_are_a_shift():
    high = [11.5, 12, 11.5, 12, 11.5, 12, 11.5]
    assert signals([*STEADY, 10.9, *high])[-7:] == (Signal.SHIFT,) * 7
    assert Signal.SHIFT not in signals([*STEADY[:-1], 10.9, *high[1:]])


def test_a_point_on_the_mean_ends_a_run():
    assert Signal.SHIFT not in signals([*STEADY[::-1], 12, 12, 12, 11, 12, 12, 12])


def test_a_point_takes_the_first_rule_that_applies():
    rising = [10, 10.5, 11.5, 12, 13, 14, 17]
    found = signals([*STEADY, *rising])
    assert found[-1] is Signal.OUTSIDE_LIMITS
    assert found[-7:-1] == (Signal.TREND,) * 6


def test_outlying_moving_ranges_are_dropped_once():
    chart = xmr_chart([*STEADY[:-1], 40])
    ranges = np.abs(np.diff([*STEADY[:-1], 40]))
    assert ranges.max() >= 3.267 * ranges.mean()
    assert chart.mean_moving_range == 2
    assert chart.signals[-1] is Signal.OUTSIDE_LIMITS


def test_a_baseline_fixes_the_limits_whatever_comes_after():
    assert xmr_chart([*STEADY, 100, 200], baseline=12).limits == xmr_chart(STEADY).limits
    assert xmr_chart([*STEADY, 100, 200]).mean > 11


def test_a_series_that_never_moves_has_limits_at_its_mean_and_no_signal():
    for value in (5, 10**9):
        chart = xmr_chart([value] * 14)
        assert chart.limits == (value, value)
        assert set(chart.signals) == {Signal.NONE}


def test_no_run_passes_over_a_missing_month():
    high = [12, 12, 12, None, 12, 12, 12, 12]
    found = signals([*STEADY[:-1], 10.9, *high])
    assert set(found[-8:]) == {Signal.NONE}
    chart = xmr_chart([*STEADY, None, *STEADY])
    assert chart.mean_moving_range == 2 and chart.signals[12] is Signal.NONE


def test_moving_all_points_moves_the_limits_and_no_signal():
    values = [*STEADY, 15, 11.5, 15, 30]
    here, below = xmr_chart(values, 12), xmr_chart([value - 100 for value in values], 12)
    assert below.signals == here.signals
    assert below.limits.high == pytest.approx(here.limits.high - 100)


def test_infinite_values_and_tables_are_refused():
    with pytest.raises(ImpossibleInput, match="finite"):
        xmr_chart([*STEADY, float("inf")])
    with pytest.raises(ImpossibleInput, match="one series"):
        xmr_chart([STEADY, STEADY])


@pytest.mark.parametrize("baseline", ["x", -1, 12.5, [12, 13], float("nan")])
def test_a_baseline_that_is_no_number_of_points_is_refused(baseline):
    with pytest.raises(ImpossibleInput, match="baseline"):
        xmr_chart(range(20), baseline)


def test_values_too_large_to_be_added_up_are_refused():
    with pytest.raises(ImpossibleInput, match="up to"):
        xmr_chart([1e308, 0] * 6)


def test_counts_of_under_five_at_a_time_make_no_chart():
    with pytest.raises(ImpossibleInput, match="take longer periods"):
        xmr_chart([1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2])
    with pytest.raises(ImpossibleInput, match="take longer periods"):
        xmr_chart([4, 5] * 6)
    assert xmr_chart([5, 5] * 6).mean == 5
