"""A year against the years before it, whose own trend and scatter are told apart.

Everything here takes one series or many at once: counts of shape (…, years), so that a simulation
asks the very functions that decide what is said.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from atips_analysis.statistics.inputs import Interval, tail_probability

MOVES_BELOW = 0.05
"""The p-value under which a baseline's own line counts as a move."""


class AgainstEarlier(NamedTuple):
    """The last year over the mean of the earlier ones.

    without_scatter : the p-value as it would be if the earlier years did not scatter
    """

    ratio: Any
    interval: Interval
    p_value: Any
    without_scatter: Any


def against_earlier_years(
    counts: np.ndarray, exposures: np.ndarray, factor: float, confidence: float
) -> AgainstEarlier:
    """The last count's rate over that of all earlier ones, as exactly as their clusters allow.

    Parameters
    ----------
    counts : array, (…, years)
        Known counts, the judged year last.
    exposures : array, (years,)
        What each is divided by.
    factor : float
        The design factor.
    """
    now, before = counts[..., -1], counts[..., :-1].sum(axis=-1)
    time_now, time_before = float(exposures[-1]), float(exposures[:-1].sum())
    known = clusters_ratio(now / factor, before / factor, time_now, time_before, confidence)
    wider = factor * scatter_of(counts[..., :-1], exposures[:-1], factor)
    widened = clusters_ratio(now / wider, before / wider, time_now, time_before, confidence)
    return AgainstEarlier(known[0], widened[1], widened[2], known[2])


def clusters_ratio(
    first: Any, second: Any, time_1: float, time_2: float, confidence: float
) -> tuple[Any, Interval, Any]:
    """`rate_ratio` for numbers of clusters, which need not be whole."""
    from scipy.special import betainc, betainccinv, betaincinv

    tail = tail_probability(confidence)
    a, b = np.asarray(first, dtype=float), np.asarray(second, dtype=float)
    scale, share = time_2 / time_1, time_1 / (time_1 + time_2)
    tiny = 1e-300

    def odds_low(events: np.ndarray, others: np.ndarray) -> np.ndarray:
        some = np.where(events > 0, events, 1.0)
        odds = betaincinv(some, others + 1.0, tail) / betainccinv(others + 1.0, some, tail)
        return np.where(events > 0, odds, 0.0)

    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = a / b * scale
        interval = Interval(_plain(odds_low(a, b) * scale), _plain(scale / odds_low(b, a)))
    at_least = np.where(a == 0, 1.0, betainc(np.maximum(a, tiny), b + 1.0, share))
    at_most = np.where(b == 0, 1.0, betainc(np.maximum(b, tiny), a + 1.0, 1.0 - share))
    p_value = np.minimum(1.0, 2.0 * np.minimum(at_least, at_most))
    return _plain(ratio), interval, _plain(p_value)


def scatter_of(counts: np.ndarray, exposures: np.ndarray, factor: float) -> Any:
    """How many times more than by chance the years scatter about their own line, at least 1.

    Notes
    -----
    Pearson's dispersion about a straight line through the rates (McCullagh and Nelder 1989,
    section 4.5.2). With two years there is nothing left to scatter: 1.
    """
    years = counts.shape[-1]
    if years < 3:
        return np.ones(counts.shape[:-1])
    _, residual = _line(counts, exposures, factor)
    return np.maximum(1.0, residual / (years - 2))


def moved_by_itself(counts: np.ndarray, exposures: np.ndarray, factor: float) -> int:
    """Whether the years rise (1) or fall (-1) along a line by more than chance, or not (0)."""
    from scipy.stats import norm

    if len(counts) < 2 or not counts.sum():
        return 0
    slope, _ = _line(counts, exposures, factor)
    wide = float(np.sqrt(scatter_of(counts, exposures, factor)))
    moved = abs(float(slope)) / wide > norm.isf(MOVES_BELOW / 2)
    return int(np.sign(slope)) if moved else 0


def _line(counts: np.ndarray, exposures: np.ndarray, factor: float) -> tuple[Any, Any]:
    """The slope of a line through the rates in standard errors, and the chi-square around it."""
    years = np.arange(len(exposures), dtype=float)
    rate = counts.sum(axis=-1, keepdims=True) / exposures.sum()
    centred = years - (years * exposures).sum() / exposures.sum()
    expected = exposures * rate
    safe = np.where(rate > 0, rate, 1.0)
    score = ((counts - expected) * centred).sum(axis=-1)
    information = safe[..., 0] * (exposures * centred**2).sum()
    whole = ((counts - expected) ** 2 / (exposures * safe)).sum(axis=-1) / factor
    slope = score / np.sqrt(information * factor)
    return slope, np.maximum(whole - slope**2, 0.0)


def _plain(values: np.ndarray) -> Any:
    return float(values) if np.ndim(values) == 0 else values
