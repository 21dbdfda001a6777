"""What change a comparison with a baseline would notice, by simulation."""

from __future__ import annotations

import numpy as np

from atips_analysis.statistics.comparisons import Series
from atips_analysis.statistics.ratios import DetectableRatio
from atips_analysis.statistics.scatter import p_value_against_earlier_years

POWER = 0.8
RUNS = 4_000
SEED = 19_970_415
RISES = (1.1, 1.2, 1.3, 1.4, 1.5, 1.6, 1.8, 2.0, 2.2, 2.5, 3.0, 3.5, 4.0, 5.0, 6.0, 8.0, 10.0)
FALLS = (0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1, 0.0)


def noticeable_ratios(series: Series, level: float, power: float = POWER) -> DetectableRatio:
    """The nearest changes from the baseline that its test would notice with the given power.

    Parameters
    ----------
    series : Series
        Counts of a baseline and of the year that is judged, all known.
    level : float
        At which the comparison is made: that of the family over the number of comparisons.
    power : float
        The probability of noticing.

    Returns
    -------
    DetectableRatio
        `above` is infinite where not even a tenfold rise would be noticed, and `below` NaN where
        not even a fall to nothing would. From the ratios of `RISES` and `FALLS`.

    Notes
    -----
    Years are drawn as clusters of events (a compound Poisson with the series' design factor)
    about the baseline's mean, and tested as the series itself is. Seeded: the same series gives
    the same answer.
    """
    earlier = np.array(series.counts[:-1], dtype=float)
    mean = earlier.sum() / series.exposures[:-1].sum()
    above = next(
        (one for one in RISES if _noticed(series, mean, one, level) >= power), float("inf")
    )
    below = next(
        (one for one in FALLS if _noticed(series, mean, one, level) >= power), float("nan")
    )
    return DetectableRatio(above, below)


def clustered_counts(
    generator: np.random.Generator, means: np.ndarray, factor: float, runs: int
) -> np.ndarray:
    """Counts of events that come in clusters, an array (runs, years).

    Clusters are Poisson; sizes are geometric from 1 on, with the design factor as the mean size
    of the cluster that an event stands in.
    """
    stop = 2.0 / (factor + 1.0)
    clusters = generator.poisson(np.broadcast_to(means * stop, (runs, len(means))))
    if factor == 1:
        return clusters.astype(float)
    more = generator.poisson(generator.gamma(clusters) * (1.0 - stop) / stop)
    return (clusters + more).astype(float)


def _noticed(series: Series, mean: float, ratio: float, level: float) -> float:
    """How often a year of `ratio` times the mean is noticed."""
    exposures = series.exposures
    means = mean * exposures * np.array([1.0] * (len(exposures) - 1) + [ratio])
    generator = np.random.default_rng([SEED, round(100 * ratio)])
    counts = clustered_counts(generator, means, series.widening, RUNS)
    p_value = p_value_against_earlier_years(counts, exposures, series.widening)
    expected = counts[:, :-1].sum(axis=1) / exposures[:-1].sum() * exposures[-1]
    right = counts[:, -1] > expected if ratio > 1 else counts[:, -1] < expected
    return float(np.mean(right & (p_value <= level)))
