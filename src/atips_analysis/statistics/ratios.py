"""Two counts compared, and what a comparison of such counts could show at all."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from atips_analysis.statistics.inputs import (
    ImpossibleInput,
    Interval,
    Numbers,
    as_numbers,
    broadcast,
    counts_of,
    exposures_of,
    refuse_cases_without_exposure,
    shaped_like,
    tail_probability,
)


class RateRatio(NamedTuple):
    """The first rate over the second, its interval, and the p-value of "no difference"."""

    ratio: Any
    interval: Interval
    p_value: Any


class DetectableRatio(NamedTuple):
    """The ratios (first rate over second) nearest to 1 that a test would probably notice."""

    above: float
    below: float


def rate_ratio(
    count_1: Numbers,
    count_2: Numbers,
    exposure_1: Numbers = 1.0,
    exposure_2: Numbers = 1.0,
    confidence: float = 0.95,
) -> RateRatio:
    """The ratio of two Poisson rates, by the exact test given the sum of both counts.

    Interval and p-value come from the same central test: p is at most 1 - confidence exactly
    when the interval does not hold 1 inside.

    Parameters
    ----------
    count_1, count_2 : number or array
        Events in the first and the second group or period.
    exposure_1, exposure_2 : number or array
        What each count is divided by.
    confidence : float
        Between 0 and 1.

    Returns
    -------
    RateRatio
        The ratio is infinite when only the second count is 0, and NaN, with the interval 0 to
        infinity and p = 1, when both are: such counts say nothing. Missing input, or an exposure
        of 0 without events, gives NaN throughout.

    Raises
    ------
    ImpossibleInput
        For negative, fractional or infinite counts, and counts above 0 without exposure.

    Notes
    -----
    Przyborowski and Wilenski (1940), Biometrika 31, 313-323: given the sum, the first count is
    binomial; Clopper and Pearson's limits for its share, turned into a ratio. The p-value is
    twice the smaller tail (central), as Fay (2010), R Journal 2(1), 53-58, has it.
    """
    from scipy.special import betainc

    tail = tail_probability(confidence)
    back = shaped_like(count_1, count_2, exposure_1, exposure_2)
    first, second, time_1, time_2 = broadcast(
        counts_of(count_1, "count_1"),
        counts_of(count_2, "count_2"),
        exposures_of(exposure_1, "exposure_1"),
        exposures_of(exposure_2, "exposure_2"),
    )
    refuse_cases_without_exposure(first, time_1)
    refuse_cases_without_exposure(second, time_2)
    known = ~np.isnan(first) & ~np.isnan(second) & (time_1 > 0) & (time_2 > 0)
    ratio, low, high, p_value = (np.full(first.shape, np.nan) for _ in range(4))
    if known.any():
        a, b, scale = first[known], second[known], time_2[known] / time_1[known]
        share = time_1[known] / (time_1[known] + time_2[known])
        with np.errstate(divide="ignore", invalid="ignore"):
            ratio[known] = a / b * scale
            low[known] = _odds_low(a, b, tail) * scale
            high[known] = scale / _odds_low(b, a, tail)
            at_least_a = np.where(a == 0, 1.0, betainc(a, b + 1.0, share))
            at_most_a = np.where(
                b == 0, 1.0, betainc(b, a + 1.0, time_2[known] / (time_1[known] + time_2[known]))
            )
        p_value[known] = np.minimum(1.0, 2.0 * np.minimum(at_least_a, at_most_a))
    return RateRatio(back(ratio), Interval(back(low), back(high)), back(p_value))


def share_ratio(
    count_1: float, n_1: float, count_2: float, n_2: float, confidence: float = 0.95
) -> RateRatio:
    """The ratio of two shares, by the score test; numbers may be effective ones, not whole.

    Interval and p-value come from the same test.

    Notes
    -----
    Koopman (1984), Biometrics 40, 513-517; by `statsmodels`.
    """
    from statsmodels.stats.proportion import confint_proportions_2indep, test_proportions_2indep

    alpha = 2 * tail_probability(confidence)
    low, high = confint_proportions_2indep(
        count_1, n_1, count_2, n_2, compare="ratio", method="score", alpha=alpha, correction=False
    )
    found = test_proportions_2indep(
        count_1, n_1, count_2, n_2, compare="ratio", method="score", correction=False
    )
    ratio = (count_1 / n_1) / (count_2 / n_2) if count_2 else float("inf")
    return RateRatio(ratio, Interval(float(low), float(high)), float(found.pvalue))


def detectable_ratio(
    count_1: float,
    count_2: float,
    exposure_1: float = 1.0,
    exposure_2: float = 1.0,
    confidence: float = 0.95,
    power: float = 0.8,
) -> DetectableRatio:
    """What change could numbers of this size show at all?

    The smallest ratio above 1, and the largest below 1, that the exact test of `rate_ratio` would
    find with the given power when both counts together are as many as here.

    Returns
    -------
    DetectableRatio
        `above` is infinite and `below` 0 when no split of so few events would do (fewer than 6
        in all at 95 % and equal exposures); both are NaN when something is missing.

    Notes
    -----
    Given the sum, the first count is binomial; the rejection region is that of the central exact
    test, and the share at which it is reached with the wanted power is a beta quantile.
    """
    tail = tail_probability(confidence)
    level = as_numbers(power, "power")
    if level.shape != () or not 0.0 < level < 1.0:
        raise ImpossibleInput(f"power must lie between 0 and 1, not {power}; for 80 % give 0.8")
    counts = counts_of([count_1, count_2])
    times = exposures_of([exposure_1, exposure_2])
    refuse_cases_without_exposure(counts, times)
    if np.isnan(counts).any() or not (times > 0).all():
        return DetectableRatio(float("nan"), float("nan"))
    total = float(counts.sum())
    above = _detectable_above(total, times[0], times[1], tail, power)
    below = 1.0 / _detectable_above(total, times[1], times[0], tail, power)
    return DetectableRatio(above, below)


def _odds_low(events: np.ndarray, others: np.ndarray, tail: float) -> np.ndarray:
    """Clopper and Pearson's lower limit of a share, as odds; the complement is not subtracted,
    so that one event against a thousand million keeps its digits."""
    from scipy.special import betainccinv, betaincinv

    some = np.maximum(events, 1.0)
    odds = betaincinv(some, others + 1.0, tail) / betainccinv(others + 1.0, some, tail)
    return np.where(events == 0, 0.0, odds)


def _detectable_above(
    total: float, time_1: float, time_2: float, tail: float, power: float
) -> float:
    from scipy.special import betainccinv, betaincinv
    from scipy.stats import binom

    needed = float(binom.isf(tail, total, time_1 / (time_1 + time_2))) + 1.0
    if total == 0 or needed > total:
        return float("inf")
    rest = total - needed + 1.0
    odds = betaincinv(needed, rest, power) / betainccinv(rest, needed, power)
    return float(odds * time_2 / time_1)
