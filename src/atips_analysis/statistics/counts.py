"""Intervals for a count or a rate: what year-to-year chance could make of it.

An interval on a complete count says nothing of counting errors or of what was not detected.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from atips_analysis.statistics.inputs import (
    Interval,
    Numbers,
    broadcast,
    counts_of,
    exposures_of,
    refuse_cases_without_exposure,
    shaped_like,
    tail_probability,
)

BYAR_FROM = 10
"""Byar's approximation is used from this count on; below it, the exact interval."""


def garwood_interval(count: Numbers, exposure: Numbers = 1.0, confidence: float = 0.95) -> Interval:
    """The exact central interval of a Poisson count, or of a rate.

    Parameters
    ----------
    count : number or array
        Events counted; whole, 0 or more.
    exposure : number or array
        What the count is divided by (years, persons); the limits are per unit of it.
    confidence : float
        Between 0 and 1.

    Returns
    -------
    Interval
        `low` is 0 for a count of 0. A missing count or exposure, or a count of 0 in an exposure
        of 0, gives NaN; a rate too large for a number (1e9 events in 1e-300 years) is infinite.

    Raises
    ------
    ImpossibleInput
        For negative, fractional or infinite counts, and counts above 0 without exposure.

    Notes
    -----
    Garwood (1936), Biometrika 28, 437-442; quantiles of the gamma distribution.
    """
    return _rate_interval(count, exposure, confidence, _garwood)


def byar_interval(count: Numbers, exposure: Numbers = 1.0, confidence: float = 0.95) -> Interval:
    """Byar's approximate interval of a Poisson count from 10 on, the exact one below.

    Parameters, returns and errors are those of `garwood_interval`. The change-over at 10 is that
    of Public Health England's tables.

    Notes
    -----
    Breslow and Day (1987), Statistical Methods in Cancer Research II, p. 69.
    """
    return _rate_interval(count, exposure, confidence, _byar)


def midp_interval(count: Numbers, exposure: Numbers = 1.0, confidence: float = 0.95) -> Interval:
    """The mid-p interval of a Poisson count: shorter than Garwood's, right on average.

    Parameters, returns and errors are those of `garwood_interval`. It may cover slightly less
    often than its confidence; published counts use `garwood_interval`.

    Notes
    -----
    Cohen and Yang (1994), Statistics in Medicine 13, 2189-2203. The observed count enters each
    tail with half its probability; both limits lie inside Garwood's, which bracket the search.
    As confidence goes to 0 both limits go to the median-unbiased estimate, which for a small count
    lies above it (1.146 for 1), so that below some 10 % the interval need not hold the count.
    """
    return _rate_interval(count, exposure, confidence, _midp)


def _rate_interval(
    count: Numbers,
    exposure: Numbers,
    confidence: float,
    method: Callable[[np.ndarray, float], tuple[np.ndarray, np.ndarray]],
) -> Interval:
    tail = tail_probability(confidence)
    back = shaped_like(count, exposure)
    counts, exposures = broadcast(counts_of(count), exposures_of(exposure))
    refuse_cases_without_exposure(counts, exposures)
    known = ~np.isnan(counts) & (exposures > 0)
    low, high = np.full(counts.shape, np.nan), np.full(counts.shape, np.nan)
    if known.any():
        least, most = method(counts[known], tail)
        with np.errstate(over="ignore"):
            low[known], high[known] = least / exposures[known], most / exposures[known]
    return Interval(back(low), back(high))


def _garwood(counts: np.ndarray, tail: float) -> tuple[np.ndarray, np.ndarray]:
    from statsmodels.stats.rates import confint_poisson

    low, high = confint_poisson(counts, 1.0, method="exact-c", alpha=2 * tail)
    return np.where(counts == 0, 0.0, low), high


def _byar(counts: np.ndarray, tail: float) -> tuple[np.ndarray, np.ndarray]:
    from scipy.stats import norm

    z = norm.isf(tail)
    exact_low, exact_high = _garwood(counts, tail)
    large = np.maximum(counts, BYAR_FROM)
    after = large + 1.0
    low = large * (1.0 - 1.0 / (9.0 * large) - z / (3.0 * np.sqrt(large))) ** 3
    high = after * (1.0 - 1.0 / (9.0 * after) + z / (3.0 * np.sqrt(after))) ** 3
    exact = counts < BYAR_FROM
    return np.where(exact, exact_low, np.maximum(low, 0.0)), np.where(exact, exact_high, high)


def _midp(counts: np.ndarray, tail: float) -> tuple[np.ndarray, np.ndarray]:
    from scipy.optimize import elementwise
    from scipy.special import gammainc, gammaincc

    def above(mean: np.ndarray, count: np.ndarray) -> np.ndarray:
        return np.asarray(0.5 * (gammainc(count + 1.0, mean) + gammainc(count, mean)) - tail)

    def below(mean: np.ndarray, count: np.ndarray) -> np.ndarray:
        return np.asarray(0.5 * (gammaincc(count + 1.0, mean) + gammaincc(count, mean)) - tail)

    exact_low, exact_high = _garwood(counts, tail)
    precisely = {"xatol": 0.0, "xrtol": 1e-14, "fatol": 0.0, "frtol": 0.0}
    low, high = np.zeros(counts.shape), np.zeros(counts.shape)
    some = counts > 0
    if some.any():
        bracket = (exact_low[some], exact_high[some])
        arguments = (counts[some],)
        low[some] = elementwise.find_root(above, bracket, args=arguments, tolerances=precisely).x
        high[some] = elementwise.find_root(below, bracket, args=arguments, tolerances=precisely).x
    high[~some] = -np.log(2.0 * tail)
    return low, high
