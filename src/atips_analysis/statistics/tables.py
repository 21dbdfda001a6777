"""Exact tests of a table of counts, and what many tests together are worth."""

from __future__ import annotations

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
