"""The XmR control chart: which months of a process stand out from its usual variation."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from atips_analysis.statistics.inputs import ImpossibleInput, Interval, Numbers, as_numbers

LEAST_POINTS = 12
LEAST_MEAN = 5.0
"""Counts a month or quarter. Below it chance alone signals in a third of steady series."""
LIMIT = 2.66
NEAR_LIMIT = 2 * LIMIT / 3
OUTLYING_RANGE = 3.267
RUN = 7
LARGEST = 1e150


class Signal(StrEnum):
    """What a point shows; the rules in the order in which they are tried."""

    OUTSIDE_LIMITS = "outside limits"
    TREND = "trend"
    TWO_IN_THREE = "two in three"
    SHIFT = "shift"
    NONE = "none"


@dataclass(frozen=True)
class XmrChart:
    """A chart's centre, limits and signals.

    values : the points as given; NaN where one is missing
    mean, mean_moving_range : of the baseline; ranges that stand out are screened once
    limits, near_limits : mean plus and minus 2.66, and two thirds of it, mean moving ranges. A
        low limit under 0 cannot be crossed by a count; draw it at 0
    signals : one a point
    baseline : how many points, from the first, the limits were computed from
    """

    values: tuple[float, ...]
    mean: float
    mean_moving_range: float
    limits: Interval
    near_limits: Interval
    signals: tuple[Signal, ...]
    baseline: int


def xmr_chart(values: Numbers, baseline: int | None = None) -> XmrChart:
    """The individuals chart of a monthly or quarterly process count.

    Parameters
    ----------
    values : sequence of numbers
        In order of time; at least 12 that are not missing. A missing value keeps its place: it
        has no moving range, and no run passes over it.
    baseline : int, optional
        Compute the limits from the first so many points (at least 12 of them with a value); by
        default from all.

    Raises
    ------
    ImpossibleInput
        For fewer than 12 points, for counts of under 5 on average (moving ranges of so few say
        nothing of how they vary), for infinite values and those beyond 1e150, and for a baseline
        that is no number of points.

    Notes
    -----
    Rules and constants as NHS England's "Making Data Count" has them (NHSRplotthedots): a point
    outside the limits; seven points all rising or all falling; two of three points between near
    limit and limit, all three on one side of the mean; seven points on one side of the mean. A
    point takes the first that applies. Moving ranges of 3.267 times their mean or more are
    dropped once and the mean computed again.
    """
    points = np.atleast_1d(as_numbers(values, "value"))
    if points.ndim != 1:
        raise ImpossibleInput("a control chart takes one series of values")
    if np.isinf(points).any():
        raise ImpossibleInput("a control chart takes finite values")
    _refuse_too_large(points)
    used = points if baseline is None else points[: _whole(baseline)]
    if np.count_nonzero(~np.isnan(used)) < LEAST_POINTS:
        raise ImpossibleInput(
            f"a control chart needs at least {LEAST_POINTS} points with a value, not "
            f"{np.count_nonzero(~np.isnan(used))}; show a table of the counts instead"
        )
    mean = float(np.nanmean(used))
    _refuse_low_counts(used, mean)
    moving_range = _mean_moving_range(used)
    limits = Interval(mean - LIMIT * moving_range, mean + LIMIT * moving_range)
    near = Interval(mean - NEAR_LIMIT * moving_range, mean + NEAR_LIMIT * moving_range)
    signals = _signals(points, mean, limits, near)
    return XmrChart(tuple(points.tolist()), mean, moving_range, limits, near, signals, len(used))


def _whole(baseline: object) -> int:
    number = as_numbers(baseline, "baseline")
    if number.shape != () or not number >= 0 or number != np.floor(number):
        raise ImpossibleInput(f"baseline is a number of points, such as 12, not {baseline!r}")
    return int(min(float(number), 1e9))


def _refuse_too_large(points: np.ndarray) -> None:
    if (np.abs(points) > LARGEST).any():
        raise ImpossibleInput(f"a control chart takes values up to {LARGEST:g}")


def _refuse_low_counts(points: np.ndarray, mean: float) -> None:
    known = points[~np.isnan(points)]
    if mean < LEAST_MEAN and (known >= 0).all() and (known == np.floor(known)).all():
        raise ImpossibleInput(
            f"a control chart of {mean:.1f} events at a time would signal by chance; take longer "
            f"periods, so that there are {LEAST_MEAN:g} or more in each"
        )


def _mean_moving_range(points: np.ndarray) -> float:
    ranges = np.abs(np.diff(points))
    ranges = ranges[~np.isnan(ranges)]
    if len(ranges) == 0:
        raise ImpossibleInput("no two neighbouring points have a value: there is no moving range")
    mean = ranges.mean()
    usual = ranges[ranges < OUTLYING_RANGE * mean]
    # A series that never moves has ranges of 0, all "outlying" by the rule; 0 is their mean.
    return float(usual.mean()) if len(usual) else float(mean)


def _signals(
    points: np.ndarray, mean: float, limits: Interval, near: Interval
) -> tuple[Signal, ...]:
    side = np.nan_to_num(np.sign(points - mean))
    outside = (points > limits.high) | (points < limits.low)
    close = ~outside & ((points > near.high) | (points < near.low))
    rules = {
        Signal.OUTSIDE_LIMITS: outside,
        Signal.TREND: _trend(points),
        Signal.TWO_IN_THREE: _two_in_three(close, side),
        Signal.SHIFT: _shift(side),
    }
    return tuple(
        next((signal for signal, where in rules.items() if where[place]), Signal.NONE)
        for place in range(len(points))
    )


def _trend(points: np.ndarray) -> np.ndarray:
    steps = np.nan_to_num(np.sign(np.diff(points)))
    flagged = np.zeros(len(points), dtype=bool)
    for start in range(len(points) - RUN + 1):
        if abs(steps[start : start + RUN - 1].sum()) == RUN - 1:
            flagged[start : start + RUN] = True
    return flagged


def _two_in_three(close: np.ndarray, side: np.ndarray) -> np.ndarray:
    flagged = np.zeros(len(close), dtype=bool)
    for start in range(len(close) - 2):
        window = slice(start, start + 3)
        if close[window].sum() >= 2 and abs(side[window].sum()) == 3:
            flagged[window] |= close[window]
    return flagged


def _shift(side: np.ndarray) -> np.ndarray:
    flagged = np.zeros(len(side), dtype=bool)
    for start in range(len(side) - RUN + 1):
        if abs(side[start : start + RUN].sum()) == RUN:
            flagged[start : start + RUN] = True
    return flagged
