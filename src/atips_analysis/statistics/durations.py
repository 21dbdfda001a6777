"""How long things take, and how many come to an end, when some are not finished yet.

Everybody is followed from the beginning, and each is in one of three states: still open (0), come
to the outcome that is asked for (1), or come to another end that rules it out (2): a case that is
closed is never charged, and waits no longer.
"""

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
OPEN, REACHED, ENDED_OTHERWISE = 0, 1, 2


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


class Incidence(NamedTuple):
    """The share that has come to the outcome, by the time since the beginning.

    times : in the unit of the durations, rising; every time at which something ended or was left
    share : of all, between 0 and 1, from each time on
    low, high : ends of the pointwise interval; NaN while nobody has come to it
    at_risk : how many were still open just before each time
    """

    times: np.ndarray
    share: np.ndarray
    low: np.ndarray
    high: np.ndarray
    at_risk: np.ndarray

    def first_at(self, share: float) -> float:
        """The time by which a share has come to the outcome; infinite where it is not reached."""
        reached = np.flatnonzero(self.share > share - 1e-12)
        return float(self.times[reached[0]]) if len(reached) else float("inf")

    def by(self, time: float) -> tuple[float, Interval]:
        """The share by a time, with its interval; NaN where nobody was followed for so long."""
        nothing = float("nan")
        if not len(self.times) or time > self.times[-1]:
            return nothing, Interval(nothing, nothing)
        last = int(np.searchsorted(self.times, time, side="right")) - 1
        if last < 0:
            return 0.0, Interval(nothing, nothing)
        return float(self.share[last]), Interval(float(self.low[last]), float(self.high[last]))


def cumulative_incidence(
    durations: Numbers, outcomes: Numbers, confidence: float = 0.95
) -> Incidence:
    """The share that comes to an outcome, where another end may come first.

    Parameters
    ----------
    durations : sequence of numbers
        Time to the outcome or to the other end; of an open case, how long it was followed.
    outcomes : sequence of 0, 1 or 2
        Open, come to the outcome, or ended otherwise.
    confidence : float
        Between 0 and 1.

    Returns
    -------
    Incidence
        Rows with a missing duration or outcome are left out.

    Raises
    ------
    ImpossibleInput
        For negative or infinite durations, other outcomes, and lengths that differ.

    Notes
    -----
    Aalen and Johansen (1978), Scandinavian Journal of Statistics 5, 141-150; variance by Marubini
    and Valsecchi (1995), section 10.2; interval on the scale log(-log(1 - share)). Where nothing
    but the outcome can happen, it is one less the curve of Kaplan and Meier. To take other ends
    as open ones instead would give too large a share: what is closed would come to the outcome
    later (Kalbfleisch and Prentice 1980, section 7.2).
    """
    tail = tail_probability(confidence)
    times, states = _cases(durations, outcomes, (OPEN, REACHED, ENDED_OTHERWISE))
    if not len(times):
        return Incidence(*[np.array([])] * 5)
    return _incidence(times, states, tail)


def median_time(durations: Numbers, outcomes: Numbers, confidence: float = 0.95) -> MedianDuration:
    """The time by which half of all have come to an outcome, where another end may come first.

    Parameters and errors are those of `cumulative_incidence`.

    Returns
    -------
    MedianDuration
        `median` is infinite where fewer than half come to the outcome as far as they were followed;
        what ended otherwise counts among all and never comes to it. `events` is how many did.

    Notes
    -----
    Where nothing ended otherwise, it is `kaplan_meier_median`. Else the interval holds the times
    at which a share of one half is not rejected (Brookmeyer and Crowley 1982, Biometrics 38,
    29-41, with the interval of `cumulative_incidence`).
    """
    tail = tail_probability(confidence)
    times, states = _cases(durations, outcomes, (OPEN, REACHED, ENDED_OTHERWISE))
    if not (states == ENDED_OTHERWISE).any():
        return kaplan_meier_median(times, states, confidence)
    events, n = int((states == REACHED).sum()), len(times)
    if events < LEAST_EVENTS:
        nothing = float("nan")
        return MedianDuration(nothing, Interval(nothing, nothing), events, n)
    curve = _incidence(times, states, tail)
    level = np.isclose(curve.share, 0.5, rtol=0, atol=1e-12)
    reached = np.flatnonzero((curve.share > 0.5) | level)
    median = float(curve.times[reached[0]]) if len(reached) else float("inf")
    if len(reached) and level[reached[0]]:
        over = np.flatnonzero((curve.share > 0.5) & ~level)
        median = (median + float(curve.times[over[0]])) / 2 if len(over) else median
    early = np.flatnonzero(curve.high >= 0.5)
    late = np.flatnonzero(curve.low > 0.5)
    low = float(curve.times[early[0]]) if len(early) else median
    high = float(curve.times[late[0]]) if len(late) else float("inf")
    return MedianDuration(median, Interval(low, high), events, n)


def _cases(
    durations: Numbers, outcomes: Numbers, known: tuple[int, ...] = (OPEN, REACHED)
) -> tuple[np.ndarray, np.ndarray]:
    times = np.atleast_1d(as_numbers(durations, "duration"))
    endings = (
        np.ones(times.shape) if outcomes is None else np.atleast_1d(as_numbers(outcomes, "ending"))
    )
    if times.ndim != 1 or times.shape != endings.shape:
        raise ImpossibleInput(f"{times.size} durations and {endings.size} endings: one each")
    if (times < 0).any() or np.isinf(times).any():
        raise ImpossibleInput("a duration must be finite and not negative; check its two dates")
    if not np.isin(endings[~np.isnan(endings)], known).all():
        raise ImpossibleInput(
            "whether a case ended is yes or no (True or False)"
            if len(known) == 2
            else "a case is open (0), come to the outcome (1), or ended otherwise (2)"
        )
    there = ~np.isnan(times) & ~np.isnan(endings)
    return times[there], endings[there]


def _incidence(durations: np.ndarray, states: np.ndarray, tail: float) -> Incidence:
    from scipy.stats import norm

    times = np.unique(durations)
    now = durations == times[:, None]
    at_risk = (durations >= times[:, None]).sum(axis=1)
    ended, reached = ((now & which).sum(axis=1) for which in (states != OPEN, states == REACHED))
    open_before = np.cumprod(np.r_[1, 1 - ended / at_risk])[:-1]
    steps = open_before * reached / at_risk
    share = np.cumsum(steps)
    # Greenwood's variance of the share at each time (Marubini and Valsecchi 1995, section 10.2).
    # Nobody may be left after the last of all: what the share still gains is nothing, and so is its part.
    hazard = ended / (at_risk * np.maximum(at_risk - ended, 1))
    gained = np.tril(share[:, None] - share)
    own = np.cumsum(open_before * steps * (at_risk - reached) / at_risk**2)
    variance = gained**2 @ hazard + own - 2 * gained @ (steps / at_risk)
    with np.errstate(all="ignore"):
        scale = np.log(-np.log1p(-share))
        width = norm.isf(tail) * np.sqrt(variance) / ((1 - share) * -np.log1p(-share))
        low, high = (1 - np.exp(-np.exp(scale + sign * width)) for sign in (-1, 1))
    return Incidence(times, share, low, high, at_risk)


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
