"""Whether a model fits the lists: three tests, each by simulation."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from atips_analysis.statistics.multiple_systems.fitting import LogLinear
from atips_analysis.statistics.multiple_systems.lists import CaptureHistories
from atips_analysis.statistics.multiple_systems.models import FittedModel, design_matrix, deviances

SEED = 20_240_101
DRAWS = 499
LEAST_P = 0.05
LEAST_P_OF_HETEROGENEITY = 0.10
"""Larger, because persons who are hard to find always make an estimate too small."""


@dataclass(frozen=True)
class GoodnessOfFit:
    """How often lists that the model made would lie as far from it as these do.

    deviance, pearson : p-values of the two statistics of fit
    heterogeneity : p-value against persons who are found with unequal ease by all lists

    All are NaN when no degree of freedom is left to test with.
    """

    deviance: float
    pearson: float
    heterogeneity: float

    @property
    def tested(self) -> bool:
        """Whether the lists could have contradicted the model at all."""
        return not np.isnan(self.deviance)

    @property
    def fits(self) -> bool:
        """Whether neither deviance nor Pearson's statistic rejects the model at 5 %."""
        return self.tested and min(self.deviance, self.pearson) >= LEAST_P

    @property
    def heterogeneous(self) -> bool:
        """Whether the model is rejected at 10 % for one with heterogeneity."""
        return self.heterogeneity < LEAST_P_OF_HETEROGENEITY


def goodness_of_fit(
    histories: CaptureHistories, model: FittedModel, draws: int = DRAWS, seed: int = SEED
) -> GoodnessOfFit:
    """Test a model's fit by the parametric bootstrap.

    As many persons as were observed are drawn from the fitted model, the model is fitted to
    them anew, and the p-value is the share of draws, the lists themselves counted in, that are
    at least as far from their fit. Nothing is asked of the size of expectations, which small
    overlaps make too small for a chi-square distribution. The same seed, the same answer.

    Against heterogeneity the statistic is the signed root of the likelihood ratio to the model
    with one more parameter, an interaction of the same size between all pairs of lists; only a
    positive one counts. Three lists show it better so than by deviance, which looks everywhere.

    Notes
    -----
    Davison and Hinkley (1997), Bootstrap Methods and their Application, section 4.2.3;
    Langeheine, Pannekoek and van de Pol (1996), Sociological Methods and Research 24, 492-516.
    The model with heterogeneity: Darroch, Fienberg, Glonek and Junker (1993), JASA 88, 1137-1148.
    """
    if model.degrees <= 0:
        return GoodnessOfFit(float("nan"), float("nan"), float("nan"))
    shares = model.expected / model.expected.sum()
    drawn = np.random.default_rng(seed).multinomial(histories.observed, shares, size=draws)
    tables = np.vstack([histories.counts, drawn])
    design = design_matrix(histories, model.terms)
    expected = LogLinear(design).fit(tables, start=model.coefficients).expected
    deviance = deviances(tables, expected)
    return GoodnessOfFit(
        _share_as_far(deviance),
        _share_as_far(_pearson(tables, expected)),
        _share_as_far(_heterogeneity(histories, design, tables, deviance)),
    )


def _pearson(counts: np.ndarray, expected: np.ndarray) -> np.ndarray:
    # A cell that the fit drives to nothing holds nobody, and adds nothing.
    away = (counts - expected) ** 2
    return np.asarray(np.sum(away / np.maximum(expected, 1e-12), axis=-1))


def _heterogeneity(
    histories: CaptureHistories, design: np.ndarray, tables: np.ndarray, deviance: np.ndarray
) -> np.ndarray:
    on = histories.patterns.sum(axis=1)
    wider = LogLinear(np.column_stack([design, on * (on - 1) / 2]))
    fits = wider.fit(tables)
    gained = np.maximum(deviance - deviances(tables, fits.expected), 0.0)
    return np.asarray(np.sign(fits.coefficients[:, -1]) * np.sqrt(gained))


def _share_as_far(statistics: np.ndarray) -> float:
    """Share of all tables, the first being the lists themselves, as far as the first."""
    found = statistics[0]
    # Rounding is no distance: lists that fit without rest are as far as others that do.
    return float(np.mean(statistics >= found - 1e-7 * (1.0 + np.abs(found))))
