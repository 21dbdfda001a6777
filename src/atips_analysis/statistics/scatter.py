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
    counts : array, (years,)
        Known counts, the judged year last.
    exposures : array, (years,)
        What each is divided by.
    factor : float
        The design factor.
    """
    now, before, times = _two_sides(counts, exposures)
    wider = factor * scatter_of(counts[:-1], exposures[:-1], factor)
    scale = times[1] / times[0]
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = float(now / before * scale)
    interval = _interval(float(now / wider), float(before / wider), scale, confidence)
    p_value = float(_p_value(now / wider, before / wider, times))
    return AgainstEarlier(
        ratio, interval, p_value, float(_p_value(now / factor, before / factor, times))
    )


def p_value_against_earlier_years(
    counts: np.ndarray, exposures: np.ndarray, factor: float
) -> np.ndarray:
    """The p-values of `against_earlier_years` for many series at once: counts (series, years)."""
    now, before, times = _two_sides(counts, exposures)
    wider = factor * scatter_of(counts[..., :-1], exposures[:-1], factor)
    return _p_value(now / wider, before / wider, times)


def _two_sides(counts: np.ndarray, exposures: np.ndarray) -> tuple[Any, Any, tuple[float, float]]:
    times = float(exposures[-1]), float(exposures[:-1].sum())
    return counts[..., -1], counts[..., :-1].sum(axis=-1), times


def _interval(now: float, before: float, scale: float, confidence: float) -> Interval:
    """Clopper and Pearson's limits for a share of clusters, as a ratio of rates."""
    from scipy.special import betainccinv, betaincinv

    tail = tail_probability(confidence)

    def odds_low(events: float, others: float) -> float:
        if events == 0:
            return 0.0
        return float(betaincinv(events, others + 1, tail) / betainccinv(others + 1, events, tail))

    above = odds_low(before, now)
    return Interval(odds_low(now, before) * scale, scale / above if above else float("inf"))


def _p_value(now: Any, before: Any, times: tuple[float, float]) -> Any:
    """Twice the smaller tail of the exact test, for numbers of clusters, which need not be whole."""
    from scipy.special import betainc

    share, tiny = times[0] / sum(times), 1e-300
    at_least = np.where(now == 0, 1.0, betainc(np.maximum(now, tiny), before + 1.0, share))
    at_most = np.where(before == 0, 1.0, betainc(np.maximum(before, tiny), now + 1.0, 1.0 - share))
    return np.minimum(1.0, 2.0 * np.minimum(at_least, at_most))


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
