"""Change over years: a yearly rate ratio, and what may be said of it."""

from __future__ import annotations

from typing import NamedTuple

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
    tail_probability,
)
from atips_analysis.statistics.verdicts import Verdict

LEAST_YEARS = 3
LEAST_EVENTS = 10


class AnnualChange(NamedTuple):
    """The yearly rate ratio of a series, and what follows from it.

    ratio : the factor by which the rate changes from one year to the next
    interval : of the ratio
    p_value : of "nothing changed", agreeing with the interval
    dispersion : Pearson's chi-square over its degrees of freedom; about 1 for Poisson counts
    verdict : what may be said
    method : how the interval was made
    years, events : how many years had a count, and how many events they sum to
    """

    ratio: float
    interval: Interval
    p_value: float
    dispersion: float
    verdict: Verdict
    method: str
    years: int
    events: float


def annual_change(
    years: Numbers,
    counts: Numbers,
    exposure: Numbers = None,
    confidence: float = 0.95,
    factor: float | None = 1.0,
) -> AnnualChange:
    """By what factor a year do the counts change, and may that be called a change?

    Parameters
    ----------
    years : sequence of numbers
        One a count, in any order, none twice.
    counts : sequence of numbers
        Events of each year. A missing count is left out: missing is not zero.
    exposure : number or sequence, optional
        What each count is divided by, such as the population; by default the same for all.
    confidence : float
        Between 0 and 1.
    factor : float, optional
        The design factor of counts that come in clusters (`design_factor`); 1 of independent
        events. None: nobody knows it, and the scatter of the series itself stands for it.

    Returns
    -------
    AnnualChange
        With fewer than three years or ten events: NaN, and the verdict "too few". When all
        events fall in the last (first) year the ratio is infinite (0), with an exact bound on
        the other side.

    Raises
    ------
    ImpossibleInput
        For lengths that differ, a year that stands twice or is missing, negative or fractional
        counts, and counts above 0 without exposure.

    Notes
    -----
    Poisson log-linear regression on the year, with Wald's interval on the log scale; the variance
    is the design factor times that of independent events. Where the factor is not known it is
    Pearson's dispersion, 1 or more, with Student's t (quasi-Poisson: McCullagh and Nelder, 1989,
    sections 4.5 and 6.2.3). Which of the two is a matter of what is counted, never of what a test
    of the same few years says.
    """
    tail = tail_probability(confidence)
    year, count, at_risk = _series(years, counts, exposure)
    events = float(count.sum())
    if len(year) < LEAST_YEARS or events < LEAST_EVENTS:
        return _too_few(len(year), events)
    if _all_in_one_end(year, count):
        found = _one_sided(year, count, at_risk, tail, factor or 1.0)
    else:
        found = _regression(year, count, at_risk, tail, factor)
    return AnnualChange(*found[:4], _verdict(found[1]), found[4], len(year), events)


def _series(
    years: Numbers, counts: Numbers, exposure: Numbers
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    year = np.atleast_1d(as_numbers(years, "year"))
    count = np.atleast_1d(counts_of(counts))
    at_risk = np.ones(1) if exposure is None else exposures_of(exposure)
    if year.ndim != 1 or year.shape != count.shape:
        raise ImpossibleInput(f"{year.size} years and {count.size} counts: give one count a year")
    if not np.isfinite(year).all():
        raise ImpossibleInput("a year is missing or infinite")
    if len(np.unique(year)) != len(year):
        raise ImpossibleInput("a year stands twice: give one count a year")
    at_risk = broadcast(at_risk, count)[0]
    if at_risk.shape != count.shape:
        raise ImpossibleInput(f"{at_risk.size} exposures for {count.size} counts")
    refuse_cases_without_exposure(count, at_risk)
    known = ~np.isnan(count) & (at_risk > 0)
    order = np.argsort(year[known], kind="stable")
    return year[known][order], count[known][order], at_risk[known][order]


def _too_few(years: int, events: float) -> AnnualChange:
    nothing = float("nan")
    return AnnualChange(
        nothing,
        Interval(nothing, nothing),
        nothing,
        nothing,
        Verdict.TOO_FEW_YEARS if years < LEAST_YEARS else Verdict.TOO_FEW_EVENTS,
        "none",
        years,
        events,
    )


def _all_in_one_end(year: np.ndarray, count: np.ndarray) -> bool:
    with_events = np.flatnonzero(count)
    return len(with_events) == 1 and with_events[0] in (0, len(year) - 1)


Found = tuple[float, Interval, float, float, str]
"""Ratio, interval, p-value, dispersion and method."""


def _regression(
    year: np.ndarray, count: np.ndarray, at_risk: np.ndarray, tail: float, factor: float | None
) -> Found:
    import warnings

    import statsmodels.api as sm
    from scipy.stats import norm
    from scipy.stats import t as student

    design = np.column_stack([np.ones(len(year)), year - year.mean()])
    # Far beyond a thousand million events the deviance cannot settle to the last digit; the
    # estimate has, and the warning about it would only frighten.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fit = sm.GLM(
            count, design, family=sm.families.Poisson(), offset=np.log(at_risk / at_risk.mean())
        ).fit(tol=1e-12)
    freedom = len(year) - 2
    dispersion = float(fit.pearson_chi2 / freedom)
    chance = norm if factor is not None else student(freedom)
    method = "quasi-Poisson regression" if factor is None else "Poisson regression"
    slope = float(fit.params[1])
    error = float(fit.bse[1] * np.sqrt(max(1.0, dispersion) if factor is None else factor))
    reach = chance.isf(tail) * error
    with np.errstate(over="ignore"):
        interval = Interval(float(np.exp(slope - reach)), float(np.exp(slope + reach)))
    p_value = float(2 * chance.sf(abs(slope) / error))
    return float(np.exp(slope)), interval, p_value, dispersion, method


def _one_sided(
    year: np.ndarray, count: np.ndarray, at_risk: np.ndarray, tail: float, factor: float
) -> Found:
    """Given their sum, all events fall in one year with a probability that bounds the ratio."""
    from scipy.optimize import brentq
    from scipy.special import logsumexp

    end = int(np.flatnonzero(count)[0])
    distance = np.abs(year - year[end])
    clusters = count.sum() / factor

    def excess(log_ratio: float) -> float:
        share = np.log(at_risk) - log_ratio * distance
        return float(np.log(at_risk[end]) - logsumexp(share) - np.log(tail) / clusters)

    spread = 1.0
    while excess(-spread) > 0 or excess(spread) < 0:
        spread *= 2.0
    bound = brentq(excess, -spread, spread, xtol=1e-13)
    p_value = float(min(1.0, 2 * (at_risk[end] / at_risk.sum()) ** clusters))
    method = "exact, all events in one end year"
    if end == 0:
        return 0.0, Interval(0.0, float(np.exp(-bound))), p_value, 0.0, method
    return float("inf"), Interval(float(np.exp(bound)), float("inf")), p_value, 0.0, method


def _verdict(interval: Interval) -> Verdict:
    if interval.low > 1:
        return Verdict.INCREASE
    if interval.high < 1:
        return Verdict.DECREASE
    return Verdict.NO_EVIDENCE
