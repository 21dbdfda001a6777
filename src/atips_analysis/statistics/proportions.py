"""Intervals for a proportion: so many of so many."""

from __future__ import annotations

import numpy as np

from atips_analysis.statistics.inputs import (
    Interval,
    Numbers,
    broadcast,
    counts_of,
    refuse_more_than_observed,
    shaped_like,
    tail_probability,
)

WILSON_FROM = 30
"""Reports use Wilson's interval from this n on, and Clopper and Pearson's below."""


def wilson_interval(count: Numbers, n: Numbers, confidence: float = 0.95) -> Interval:
    """Wilson's score interval of a proportion, as a share between 0 and 1.

    Parameters
    ----------
    count, n : number or array
        `count` of `n`; whole, 0 or more.
    confidence : float
        Between 0 and 1.

    Returns
    -------
    Interval
        `low` is 0 for none, `high` is 1 for all. A missing count or n, and 0 of 0, give NaN.

    Raises
    ------
    ImpossibleInput
        For negative or fractional counts, and for a count above n.

    Notes
    -----
    Wilson (1927), JASA 22, 209-212; without continuity correction, as Public Health England.
    """
    return _proportion_interval(count, n, confidence, "wilson")


def clopper_pearson_interval(count: Numbers, n: Numbers, confidence: float = 0.95) -> Interval:
    """The exact central interval of a proportion, as a share between 0 and 1.

    Parameters, returns and errors are those of `wilson_interval`.

    Notes
    -----
    Clopper and Pearson (1934), Biometrika 26, 404-413; quantiles of the beta distribution.
    """
    return _proportion_interval(count, n, confidence, "beta")


def _proportion_interval(count: Numbers, n: Numbers, confidence: float, method: str) -> Interval:
    from statsmodels.stats.proportion import proportion_confint

    tail = tail_probability(confidence)
    back = shaped_like(count, n)
    counts, totals = broadcast(counts_of(count), counts_of(n, "n"))
    refuse_more_than_observed(counts, totals)
    known = ~np.isnan(counts) & (totals > 0)
    low, high = np.full(counts.shape, np.nan), np.full(counts.shape, np.nan)
    if known.any():
        part, whole = counts[known], totals[known]
        with np.errstate(invalid="ignore"):
            least, most = proportion_confint(part, whole, alpha=2 * tail, method=method)
        low[known] = np.where(part == 0, 0.0, least)
        high[known] = np.where(part == whole, 1.0, most)
    return Interval(back(low), back(high))
