"""How long things take, when some are not finished yet."""

from __future__ import annotations

import warnings
from typing import NamedTuple

import numpy as np

from atips_analysis.statistics.inputs import (
    ImpossibleInput,
    Interval,
    Numbers,
    as_numbers,
    tail_probability,
)

LEAST_EVENTS = 10


class MedianDuration(NamedTuple):
    """The median time to an event, in the unit of the durations.

    median, interval : infinite where too many are still open for it to be reached; NaN where
        fewer than ten events allow nothing to be shown
    events : how many were observed to end
    n : how many durations were used, open ones included
    """

    median: float
    interval: Interval
    events: int
    n: int


def kaplan_meier_median(
    durations: Numbers, observed: Numbers = None, confidence: float = 0.95
) -> MedianDuration:
    """The median duration with open cases censored.

    Parameters
    ----------
    durations : sequence of numbers
        Time to the event, or for an open case to the day of counting; 0 or more.
    observed : sequence of bool, optional
        True where the event happened, False where the case is still open; by default all True.
    confidence : float
        Between 0 and 1.

    Returns
    -------
    MedianDuration
        Rows with a missing duration or an unknown ending are left out, of `n` too.

    Raises
    ------
    ImpossibleInput
        For negative or infinite durations, endings that are not yes or no, and lengths that
        differ.

    Notes
    -----
    Kaplan and Meier (1958), JASA 53, 457-481; interval by Brookmeyer and Crowley (1982),
    Biometrics 38, 29-41, on the log-log scale. Where the curve runs level at one half, the
    median is the middle of that stretch.
    """
    tail = tail_probability(confidence)
    times, ended = _cases(durations, observed)
    events, n = int(ended.sum()), len(times)
    if events < LEAST_EVENTS:
        nothing = float("nan")
        return MedianDuration(nothing, Interval(nothing, nothing), events, n)
    median, interval = _estimate(times, ended, tail)
    return MedianDuration(median, interval, events, n)


def _cases(durations: Numbers, observed: Numbers) -> tuple[np.ndarray, np.ndarray]:
    times = np.atleast_1d(as_numbers(durations, "duration"))
    endings = (
        np.ones(times.shape) if observed is None else np.atleast_1d(as_numbers(observed, "ending"))
    )
    if times.ndim != 1 or times.shape != endings.shape:
        raise ImpossibleInput(f"{times.size} durations and {endings.size} endings: one each")
    if (times < 0).any() or np.isinf(times).any():
        raise ImpossibleInput("a duration must be finite and not negative; check its two dates")
    if not np.isin(endings[~np.isnan(endings)], (0.0, 1.0)).all():
        raise ImpossibleInput("whether a case ended is yes or no (True or False)")
    known = ~np.isnan(times) & ~np.isnan(endings)
    return times[known], endings[known]


def _estimate(times: np.ndarray, ended: np.ndarray, tail: float) -> tuple[float, Interval]:
    from statsmodels.duration.survfunc import SurvfuncRight

    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        curve = SurvfuncRight(times, ended)
        low, high = curve.quantile_ci(0.5, alpha=2 * tail, method="cloglog")
    level = np.isclose(curve.surv_prob, 0.5, rtol=0, atol=1e-12)
    under = np.flatnonzero((curve.surv_prob < 0.5) & ~level)
    after = float(curve.surv_times[under[0]]) if len(under) else float("inf")
    if not level.any():
        median = after
    else:
        at = float(curve.surv_times[np.flatnonzero(level)[0]])
        median = (at + after) / 2 if np.isfinite(after) else at
    # No time at which one half is not rejected: the curve jumps past it, or never comes near.
    return median, Interval(
        median if np.isnan(low) else float(low), median if np.isnan(high) else float(high)
    )
