"""Exact tests of a table of counts, and what many tests together are worth."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import numpy as np

from atips_analysis.statistics.inputs import ImpossibleInput, Numbers, as_numbers, counts_of

RESAMPLES = 99_999
SEED = 20_240_101


class ExactTest(NamedTuple):
    """The p-value of "rows and columns have nothing to do with one another", and its method."""

    p_value: float
    method: str


def exact_association(table: Numbers) -> ExactTest:
    """The exact test of association in a table of counts.

    Parameters
    ----------
    table : two-dimensional array or DataFrame of counts
        Without margins. Rows and columns that are all zero are left out.

    Returns
    -------
    ExactTest
        Fisher's test for two rows and two columns; Freeman and Halton's beyond, by 99,999 random
        tables of the same margins with a fixed seed (its p-value is then known to about 0.003).
        NaN where a count is missing, or fewer than two rows or columns have any.

    Notes
    -----
    Freeman and Halton (1951), Biometrika 38, 141-149; both by `scipy.stats.fisher_exact`.
    """
    from scipy.stats import MonteCarloMethod, fisher_exact

    counts = counts_of(table)
    if counts.ndim != 2:
        raise ImpossibleInput("a table of counts has rows and columns")
    if np.isnan(counts).any():
        return ExactTest(float("nan"), "none: a count is missing")
    counts = counts[counts.sum(axis=1) > 0][:, counts.sum(axis=0) > 0]
    if min(counts.shape) < 2:
        return ExactTest(float("nan"), "none: fewer than two rows or columns")
    whole = counts.astype(np.int64)
    if whole.shape == (2, 2):
        return ExactTest(float(fisher_exact(whole).pvalue), "Fisher's exact test")
    draw = MonteCarloMethod(n_resamples=RESAMPLES, rng=np.random.default_rng(SEED))
    return ExactTest(
        float(fisher_exact(whole, method=draw).pvalue),
        f"Freeman-Halton exact test, {RESAMPLES:,} random tables",
    )


def exact_power(each: int, share_1: float, share_2: float, significance: float = 0.05) -> float:
    """The probability that Fisher's exact test finds two shares to differ.

    Parameters
    ----------
    each : int
        Persons in each of two groups of the same size. All tables are added up: beyond some
        hundreds it takes long.
    share_1, share_2 : float
        What the shares truly are, between 0 and 1.
    significance : float
        The test finds a difference where its p-value is so small or smaller.

    Notes
    -----
    Agresti (2013), Categorical Data Analysis, 3rd ed., section 3.5: rejection at every table,
    weighted by its binomial probabilities. By `scipy.stats`.
    """
    from scipy.stats import binom

    if not (0.0 <= share_1 <= 1.0 and 0.0 <= share_2 <= 1.0):
        raise ImpossibleInput("a share lies between 0 and 1")
    heads = np.arange(each + 1)
    chances = np.outer(binom.pmf(heads, each, share_1), binom.pmf(heads, each, share_2))
    return float(chances[_rejected(each, significance)].sum())


@cache
def _rejected(each: int, significance: float) -> np.ndarray:
    """Whether Fisher's test rejects, by how many of each group have the characteristic."""
    from scipy.stats import fisher_exact

    rejected = np.zeros((each + 1, each + 1), dtype=bool)
    for a in range(each + 1):
        for b in range(a):  # which group comes first makes no difference
            p_value = fisher_exact([[a, each - a], [b, each - b]]).pvalue
            rejected[a, b] = rejected[b, a] = p_value <= significance
    return rejected


def holm_adjusted(p_values: Numbers) -> np.ndarray:
    """p-values raised so that all of them together err no more often than each would alone.

    Missing ones (tests that were not made) stay missing and are not counted.

    Notes
    -----
    Holm (1979), Scandinavian Journal of Statistics 6, 65-70; by statsmodels.
    """
    from statsmodels.stats.multitest import multipletests

    raw = np.atleast_1d(as_numbers(p_values, "p-value"))
    if ((raw < 0) | (raw > 1)).any():
        raise ImpossibleInput("a p-value lies between 0 and 1")
    adjusted = np.full(raw.shape, np.nan)
    made = ~np.isnan(raw)
    if made.any():
        adjusted[made] = multipletests(raw[made], method="holm")[1]
    return adjusted
