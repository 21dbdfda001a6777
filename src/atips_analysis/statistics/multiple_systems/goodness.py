"""Whether a model fits the lists: deviance and Pearson's statistic, each by simulation."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from atips_analysis.statistics.multiple_systems.fitting import LogLinear
from atips_analysis.statistics.multiple_systems.lists import CaptureHistories
from atips_analysis.statistics.multiple_systems.models import (
    FittedModel,
    design_matrix,
    deviances,
)

SEED = 20_240_101
DRAWS = 499
LEAST_P = 0.05


@dataclass(frozen=True)
class GoodnessOfFit:
    """How often lists that the model made would fit it as badly as these do.

    deviance_p, pearson_p : p-values; NaN when no degree of freedom is left to test with
    """

    deviance_p: float
    pearson_p: float

    @property
    def tested(self) -> bool:
        """Whether the lists could have contradicted the model at all."""
        return not np.isnan(self.deviance_p)

    @property
    def fits(self) -> bool:
        """Whether neither statistic rejects the model at 5 %."""
        return self.tested and min(self.deviance_p, self.pearson_p) >= LEAST_P


def goodness_of_fit(
    histories: CaptureHistories, model: FittedModel, draws: int = DRAWS, seed: int = SEED
) -> GoodnessOfFit:
    """Test a model's fit by the parametric bootstrap.

    As many persons as were observed are drawn from the fitted model, the model is fitted to
    them anew, and the p-value is the share of draws, the lists themselves counted in, that are
    at least as far from their fit. Nothing is asked of the size of expectations, which small
    overlaps make too small for a chi-square distribution. The same seed, the same answer.

    Notes
    -----
    Davison and Hinkley (1997), Bootstrap Methods and their Application, section 4.2.3;
    Langeheine, Pannekoek and van de Pol (1996), Sociological Methods and Research 24, 492-516.
    """
    if model.degrees <= 0:
        return GoodnessOfFit(float("nan"), float("nan"))
    shares = model.expected / model.expected.sum()
    drawn = np.random.default_rng(seed).multinomial(histories.observed, shares, size=draws)
    refitted = LogLinear(design_matrix(histories, model.terms)).fit(drawn, start=model.coefficients)
    return GoodnessOfFit(
        _share_as_far(deviances(histories.counts, model.expected), deviances(drawn, refitted[1])),
        _share_as_far(_pearson(histories.counts, model.expected), _pearson(drawn, refitted[1])),
    )


def _pearson(counts: np.ndarray, expected: np.ndarray) -> np.ndarray:
    # A cell that the fit drives to nothing holds nobody, and adds nothing.
    away = (counts - expected) ** 2
    return np.asarray(np.sum(away / np.maximum(expected, 1e-12), axis=-1))


def _share_as_far(found: np.ndarray, drawn: np.ndarray) -> float:
    # Ties are told from rounding: lists that fit without rest are as far as lists that do too.
    as_far = np.sum(drawn >= found - 1e-7 * (1.0 + np.abs(found)))
    return float((1 + as_far) / (1 + len(drawn)))
