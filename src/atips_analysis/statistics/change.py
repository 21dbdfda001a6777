"""Change over years: a yearly rate ratio, and one of four things that may be said of it."""

from __future__ import annotations

from enum import StrEnum
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

LEAST_YEARS = 3
LEAST_EVENTS = 10
OVERDISPERSED_BELOW = 0.05


class Verdict(StrEnum):
    """All that may be said of a series. There is no fifth word."""

    INCREASE = "increase"
    DECREASE = "decrease"
    NO_EVIDENCE = "no evidence of change"
    TOO_FEW_DATA = "too few data"


class AnnualChange(NamedTuple):
    """The yearly rate ratio of a series, and what follows from it.

    ratio : the factor by which the rate changes from one year to the next
    interval : of the ratio; widened where the counts scatter more than chance alone makes them
    dispersion : Pearson's chi-square over its degrees of freedom; about 1 for Poisson counts
    dispersion_p_value : probability of such scatter, or more, from Poisson counts
    verdict : what may be said
    method : how the interval was made
    years, events : how many years had a count, and how many events they sum to
    """

    ratio: float
    interval: Interval
    dispersion: float
    dispersion_p_value: float
    verdict: Verdict
    method: str
    years: int
    events: float


def annual_change(
    years: Numbers,
    counts: Numbers,
    exposure: Numbers = None,
    confidence: float = 0.95,
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

    Returns
    -------
    AnnualChange
        With fewer than three years or ten events: NaN, and the verdict "too few data". When all
        events fall in the last (first) year the ratio is infinite (0), with an exact bound on
        the other side.

    Raises
    ------
    ImpossibleInput
        For lengths that differ, a year that stands twice or is missing, negative or fractional
        counts, and counts above 0 without exposure.

    Notes
    -----
    Poisson log-linear regression on the year, with Wald's interval on the log scale. When the
    dispersion test rejects at 5 %, the standard error is multiplied by the root of the dispersion
    and Student's t takes the place of the normal (quasi-Poisson: McCullagh and Nelder, 1989,
    sections 4.5 and 6.2.3). A verdict of change needs an interval that excludes 1.
    """
    tail = tail_probability(confidence)
    year, count, at_risk = _series(years, counts, exposure)
    events = float(count.sum())
    if len(year) < LEAST_YEARS or events < LEAST_EVENTS:
        return _too_few(len(year), events)
    if _all_in_one_end(year, count):
        ratio, interval = _one_sided(year, count, at_risk, tail)
        dispersion, p_value, method = 0.0, 1.0, "exact, all events in one end year"
    else:
        ratio, interval, dispersion, p_value, method = _regression(year, count, at_risk, tail)
    return AnnualChange(
        ratio, interval, dispersion, p_value, _verdict(interval), method, len(year), events
    )


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
        Verdict.TOO_FEW_DATA,
        "none",
        years,
        events,
    )


def _all_in_one_end(year: np.ndarray, count: np.ndarray) -> bool:
    with_events = np.flatnonzero(count)
    return len(with_events) == 1 and with_events[0] in (0, len(year) - 1)


def _regression(
    year: np.ndarray, count: np.ndarray, at_risk: np.ndarray, tail: float
) -> tuple[float, Interval, float, float, str]:
    import warnings

    import statsmodels.api as sm
    from scipy.stats import chi2, norm
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
    p_value = float(chi2.sf(fit.pearson_chi2, freedom))
    if p_value < OVERDISPERSED_BELOW:
        reach, method = student.isf(tail, freedom) * np.sqrt(dispersion), "quasi-Poisson regression"
    else:
        reach, method = norm.isf(tail), "Poisson regression"
    slope, error = fit.params[1], fit.bse[1]
    with np.errstate(over="ignore"):
        interval = Interval(
            float(np.exp(slope - reach * error)), float(np.exp(slope + reach * error))
        )
    return float(np.exp(slope)), interval, dispersion, p_value, method


def _one_sided(
    year: np.ndarray, count: np.ndarray, at_risk: np.ndarray, tail: float
) -> tuple[float, Interval]:
    """Given their sum, all events fall in one year with a probability that bounds the ratio."""
    from scipy.optimize import brentq
    from scipy.special import logsumexp

    end = int(np.flatnonzero(count)[0])
    distance = np.abs(year - year[end])
    wanted = np.log(tail) / count.sum()

    def excess(log_ratio: float) -> float:
        share = np.log(at_risk) - log_ratio * distance
        return float(np.log(at_risk[end]) - logsumexp(share) - wanted)

    spread = 1.0
    while excess(-spread) > 0 or excess(spread) < 0:
        spread *= 2.0
    bound = brentq(excess, -spread, spread, xtol=1e-13)
    if end == 0:
        return 0.0, Interval(0.0, float(np.exp(-bound)))
    return float("inf"), Interval(float(np.exp(bound)), float("inf"))


def _verdict(interval: Interval) -> Verdict:
    if interval.low > 1:
        return Verdict.INCREASE
    if interval.high < 1:
        return Verdict.DECREASE
    return Verdict.NO_EVIDENCE
