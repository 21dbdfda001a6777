"""How far the estimate moves when the lists are drawn again and the model is chosen again."""

from __future__ import annotations

from math import inf

import numpy as np

from atips_analysis.statistics.inputs import ImpossibleInput, Interval, tail_probability
from atips_analysis.statistics.multiple_systems.lists import CaptureHistories, Pair
from atips_analysis.statistics.multiple_systems.selection import stepwise_model

SEED = 20_240_101
LEAST_RESAMPLES = 10


def bootstrap_interval(
    histories: CaptureHistories,
    resamples: int,
    declared: tuple[Pair, ...] = (),
    confidence: float = 0.95,
    seed: int = SEED,
) -> Interval:
    """The bias-corrected and accelerated bootstrap interval, the model chosen anew each time.

    Each resample draws as many persons as were observed and chooses its model stepwise by AIC,
    the declared pairs always in it. The same seed gives the same interval; 1,000 are usual.

    Returns
    -------
    Interval
        The upper end is infinite when too many resamples have no finite estimate; both ends are
        NaN when the lists themselves have none.

    Notes
    -----
    Chan, Silverman and Vincent (2021), JASA 116, 1297-1306; Efron (1987), JASA 82, 171-185. The
    jackknife that gives the acceleration leaves out one person of each combination in turn.
    """
    if resamples < LEAST_RESAMPLES:
        raise ImpossibleInput(
            f"a bootstrap needs at least {LEAST_RESAMPLES} resamples; 1000 is usual"
        )
    tail = tail_probability(confidence)
    whole = _estimate(histories, declared)
    if not np.isfinite(whole):
        return Interval(float("nan"), float("nan"))
    shares = histories.counts / histories.counts.sum()
    drawn = np.random.default_rng(seed).multinomial(histories.observed, shares, size=resamples)
    estimates = np.array([_estimate(histories.with_counts(one), declared) for one in drawn])
    levels = _corrected_levels(tail, estimates, whole, _acceleration(histories, declared))
    low, high = np.quantile(estimates, levels, method="inverted_cdf")
    return Interval(float(low), float(high))


def _estimate(histories: CaptureHistories, declared: tuple[Pair, ...]) -> float:
    model = stepwise_model(histories, "aic", declared)
    return inf if model is None else model.estimate


def _acceleration(histories: CaptureHistories, declared: tuple[Pair, ...]) -> float:
    cells = np.flatnonzero(histories.counts)
    without = []
    for cell in cells:
        fewer = histories.counts.copy()
        fewer[cell] -= 1
        without.append(_estimate(histories.with_counts(fewer), declared))
    estimates, persons = np.array(without), histories.counts[cells]
    finite = np.isfinite(estimates)
    if not finite.any():
        return 0.0
    estimates, persons = estimates[finite], persons[finite]
    away = np.average(estimates, weights=persons) - estimates
    spread = float(np.sum(persons * away**2))
    return float(np.sum(persons * away**3) / (6.0 * spread**1.5)) if spread > 0 else 0.0


def _corrected_levels(
    tail: float, estimates: np.ndarray, whole: float, acceleration: float
) -> np.ndarray:
    from scipy.stats import norm

    # Kept off 0 and 1, where every resample lies on one side and the shift would be infinite.
    under = np.clip(np.mean(estimates < whole), 0.5 / len(estimates), 1 - 0.5 / len(estimates))
    shift = norm.ppf(under)
    reach = shift + norm.ppf([tail, 1.0 - tail])
    return np.asarray(norm.cdf(shift + reach / (1.0 - acceleration * reach)))
