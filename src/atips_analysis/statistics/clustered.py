"""Counts and shares of what comes in clusters: victims by case, services by victim, by session.

Seventeen cases with forty-four victims are seventeen chances, not forty-four. A *design factor*
says by how much that widens chance: the mean size of the cluster that a counted unit stands in
(sum of squared sizes over the sum of sizes); 1 where every unit comes alone. It is pooled over
all years of an edition and published, so that an interval is worked out from a protected count
alone, and tells nothing of the cases of a year.
"""

from __future__ import annotations

from math import ceil

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
    refuse_more_than_observed,
    shaped_like,
    tail_probability,
)

LEAST_CLUSTERS = 10
"""From so many clusters on a design factor can be told."""
STEP = 0.5
"""A published design factor is rounded up to the next of these: it errs on the wide side, and
tells less of single cases."""


def fay_feuer_interval(counts: Numbers, weights: Numbers, confidence: float = 0.95) -> Interval:
    """The gamma interval of a weighted sum of Poisson counts.

    Parameters
    ----------
    counts : array
        Independent Poisson counts: cases of each size, deaths of each age group.
    weights : array
        What each counts: the size, the weight of the age group.
    confidence : float
        Between 0 and 1.

    Returns
    -------
    Interval
        Of ``sum(weights * counts)``. With equal weights it is Garwood's, times the weight.

    Raises
    ------
    ImpossibleInput
        For counts that are missing, negative or fractional, and weights that are not above 0.

    Notes
    -----
    Fay and Feuer (1997), Statistics in Medicine 16, 791-801, equations 3 and 4.
    """
    tail = tail_probability(confidence)
    count, weight = broadcast(
        np.atleast_1d(counts_of(counts)), np.atleast_1d(as_numbers(weights, "weight"))
    )
    if np.isnan(count).any() or not (np.isfinite(weight) & (weight > 0)).all():
        raise ImpossibleInput("give every count, with a weight above 0 each")
    if count.size == 0:
        return Interval(0.0, float("nan"))
    total, variance, heaviest = (
        float((weight * count).sum()),
        float((weight**2 * count).sum()),
        float(weight.max()),
    )
    low = 0.0 if total == 0 else _quantile(total, variance, tail)
    return Interval(low, _quantile(total + heaviest, variance + heaviest**2, 1 - tail))


def clustered_interval(
    count: Numbers, factor: float = 1.0, exposure: Numbers = 1.0, confidence: float = 0.95
) -> Interval:
    """The interval of a count, or rate, whose units come in clusters.

    Parameters
    ----------
    count : number or array
        Units counted; whole, 0 or more.
    factor : float
        The design factor, 1 or more; 1 gives `garwood_interval`.
    exposure : number or array
        What the count is divided by.
    confidence : float
        Between 0 and 1.

    Returns
    -------
    Interval
        Missing counts, an exposure of 0, and a factor that is not known (NaN), give NaN.

    Raises
    ------
    ImpossibleInput
        For impossible counts, and a factor below 1.

    Notes
    -----
    Fay and Feuer's (1997) gamma interval where every cluster weighs as much as the design factor,
    so that the variance of a count is the factor times the count.
    """
    from scipy.special import gammainccinv, gammaincinv

    tail = tail_probability(confidence)
    back = shaped_like(count, exposure)
    counts, exposures = broadcast(counts_of(count), exposures_of(exposure))
    refuse_cases_without_exposure(counts, exposures)
    clusters = counts / _factor_of(factor)
    known = ~np.isnan(clusters) & (exposures > 0)
    low, high = np.full(counts.shape, np.nan), np.full(counts.shape, np.nan)
    some = np.where(clusters > 0, clusters, 1.0)
    least = np.where(clusters == 0, 0.0, gammaincinv(some, tail))
    with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
        low[known] = (factor * least / exposures)[known]
        high[known] = (factor * gammainccinv(clusters + 1.0, tail) / exposures)[known]
    return Interval(back(low), back(high))


def clustered_share_interval(
    count: Numbers, n: Numbers, factor: float = 1.0, confidence: float = 0.95
) -> Interval:
    """The interval of a share whose units come in clusters.

    Parameters
    ----------
    count, n : number or array
        Units with the characteristic, and all units.
    factor : float
        By how much clusters widen the share's variance, 1 or more.

    Returns
    -------
    Interval
        Of the share. Of no units at all, and with a factor that is not known, NaN.

    Notes
    -----
    Korn and Graubard (1998), Survey Methodology 24, 193-201: Clopper and Pearson's limits for the
    effective numbers, which are the numbers over the factor.
    """
    from scipy.special import betainccinv, betaincinv

    tail = tail_probability(confidence)
    back = shaped_like(count, n)
    found, of = broadcast(counts_of(count), counts_of(n, "n"))
    refuse_more_than_observed(found, of)
    widening = _factor_of(factor)
    hits, misses = found / widening, (of - found) / widening
    low = np.where(hits == 0, 0.0, betaincinv(np.maximum(hits, 1e-12), misses + 1.0, tail))
    high = np.where(misses == 0, 1.0, betainccinv(hits + 1.0, np.maximum(misses, 1e-12), tail))
    unknown = np.isnan(hits + misses) | (of == 0)
    return Interval(back(np.where(unknown, np.nan, low)), back(np.where(unknown, np.nan, high)))


def design_factor(sizes: Numbers) -> float:
    """By how much clusters of these sizes widen the variance of a count.

    Parameters
    ----------
    sizes : array
        Units in each cluster. Clusters of nobody count for nothing.

    Returns
    -------
    float
        The sum of squared sizes over the sum of sizes, rounded up to the next half. NaN under
        ten clusters: so few cannot tell it.

    Notes
    -----
    Of a compound Poisson count the variance over the mean (Johnson, Kemp and Kotz 2005,
    Univariate Discrete Distributions, section 9.3).
    """
    size = np.atleast_1d(counts_of(sizes, "size"))
    size = size[size > 0]
    if len(size) < LEAST_CLUSTERS:
        return float("nan")
    return published_factor(float((size**2).sum() / size.sum()))


def share_design_factor(counts: Numbers, sizes: Numbers) -> float:
    """By how much clusters widen the variance of a share.

    Parameters
    ----------
    counts, sizes : array
        Units with the characteristic and all units, of each cluster.

    Returns
    -------
    float
        Rounded up to the next half, 1 or more; NaN under ten clusters, and where all or none
        have the characteristic.

    Notes
    -----
    Cochran (1977), Sampling Techniques, 3rd ed., section 9A: the variance of a ratio of cluster
    totals over that of a share of as many units drawn singly.
    """
    found, of = broadcast(np.atleast_1d(counts_of(counts)), np.atleast_1d(counts_of(sizes, "size")))
    refuse_more_than_observed(found, of)
    found, of = found[of > 0], of[of > 0]
    clusters = len(of)
    share = found.sum() / of.sum() if clusters else 0.0
    if clusters < LEAST_CLUSTERS or share in (0.0, 1.0):
        return float("nan")
    between = float(((found - share * of) ** 2).sum()) * clusters / (clusters - 1)
    return published_factor(between / (share * (1 - share) * float(of.sum())))


def published_factor(factor: float) -> float:
    """A design factor as it is published: rounded up to the next half, never under 1."""
    return max(1.0, ceil(round(factor / STEP, 9)) * STEP)


def _factor_of(factor: float) -> float:
    if factor < 1:
        raise ImpossibleInput(f"a design factor is 1 or more, not {factor:g}")
    return float(factor)


def _quantile(mean: float, variance: float, probability: float) -> float:
    """Of the gamma distribution with that mean and variance."""
    from scipy.special import gammaincinv

    return float(gammaincinv(mean**2 / variance, probability) * variance / mean)
