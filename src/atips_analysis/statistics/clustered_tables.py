"""Tests of tables whose units come in clusters: victims by case."""

from __future__ import annotations

import numpy as np

from atips_analysis.statistics.contingency import ExactTest, exact_association
from atips_analysis.statistics.inputs import ImpossibleInput, Numbers, counts_of


def clustered_association(table: Numbers, factor: float = 1.0) -> ExactTest:
    """The test of association in a table of two by two whose units come in clusters.

    Parameters
    ----------
    table : array or DataFrame of counts
        Two rows and two columns, without margins.
    factor : float
        The design factor of the units, 1 or more; 1 gives `exact_association`. That of a count is
        the most that clusters can widen the chance of any share of it: as if all units of a
        cluster were alike.

    Returns
    -------
    ExactTest
        NaN where `exact_association` gives it, and where the factor is not known (NaN).

    Notes
    -----
    The larger of two p-values: of Fisher's exact test, as in `exact_association`, and of Pearson's
    statistic over the design factor (Rao and Scott 1981, JASA 76, 221-230). The second alone rests
    on large numbers, and may say too much of few.
    """
    from scipy.stats import chi2

    exact = exact_association(table)
    if factor == 1 or np.isnan(exact.p_value):
        return exact
    if np.isnan(factor):
        return ExactTest(float("nan"), "none: the clusters are not known")
    if factor < 1:
        raise ImpossibleInput(f"a design factor is 1 or more, not {factor:g}")
    counts = counts_of(table)
    if counts.shape != (2, 2):
        raise ImpossibleInput("give a table of two rows and two columns")
    ((a, b), (c, d)) = counts
    margins = (a + b) * (c + d) * (a + c) * (b + d)
    pearson = counts.sum() * (a * d - b * c) ** 2 / margins
    widened = float(chi2.sf(pearson / factor, 1))
    return ExactTest(max(exact.p_value, widened), f"Fisher and Rao-Scott, design factor {factor:g}")
