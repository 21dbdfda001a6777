"""One Poisson log-linear model of list overlaps: its fit, its existence, its interval."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from math import exp, inf, log

import numpy as np

from atips_analysis.statistics.inputs import Interval, tail_probability
from atips_analysis.statistics.multiple_systems.lists import CaptureHistories, Pair

LARGEST_HIDDEN_SHARE = 1e6
"""An interval that reaches this many times the observed number has no upper end."""


@dataclass(frozen=True, eq=False)
class FittedModel:
    """A model and what it says.

    terms : the pairs of lists that depend on one another
    estimate : persons in all, seen and unseen
    deviance, aic, bic : of the observed combinations (BIC's sample size: persons observed)
    coefficients : log-linear ones; intercept (log of the unseen), lists, terms
    """

    terms: tuple[Pair, ...]
    estimate: float
    deviance: float
    aic: float
    bic: float
    coefficients: np.ndarray


def fit_model(histories: CaptureHistories, terms: tuple[Pair, ...]) -> FittedModel:
    """Fit the Poisson log-linear model with these two-list terms, by statsmodels' GLM.

    Whether the estimate exists is not asked here: see `estimate_exists`.

    Notes
    -----
    Cormack (1989), Biometrics 45, 395-413; Silverman (2014), Modern slavery: an application of
    multiple systems estimation, Home Office. The unseen are the exponential of the intercept.
    """
    fit = _poisson(histories.counts, design_matrix(histories, terms))
    coefficients = fit.params
    log_likelihood = float(fit.llf)
    size = max(histories.observed, 1)
    unseen = exp(coefficients[0]) if coefficients[0] < 700 else inf
    return FittedModel(
        terms=terms,
        estimate=histories.observed + unseen,
        deviance=float(fit.deviance),
        aic=2 * len(coefficients) - 2 * log_likelihood,
        bic=log(size) * len(coefficients) - 2 * log_likelihood,
        coefficients=coefficients,
    )


def estimate_exists(histories: CaptureHistories, terms: tuple[Pair, ...]) -> bool:
    """Whether the model has a finite, unique maximum likelihood estimate.

    It has when some table of positive expectations shows the same margins as the observed one,
    and the model has no more parameters than combinations can tell apart.

    Notes
    -----
    Fienberg and Rinaldo (2012), Annals of Statistics 40, 996-1023; Chan, Silverman and Vincent
    (2021), JASA 116, 1297-1306. The linear programme makes the smallest expectation as large as
    the margins allow; the counts are scaled to sum to one, which changes no answer.
    """
    from scipy.optimize import linprog

    design = design_matrix(histories, terms)
    cells, parameters = design.shape
    if histories.observed == 0 or np.linalg.matrix_rank(design) < parameters:
        return False
    margins = design.T @ (histories.counts / histories.observed)
    # Expectation = smallest + excess, both at least 0; maximise smallest.
    answer = linprog(
        np.append(np.zeros(cells), -1.0),
        A_eq=np.column_stack([design.T, design.sum(axis=0)]),
        b_eq=margins,
        bounds=(0, None),
        method="highs",
    )
    return bool(answer.success and -answer.fun > 1e-10)


def profile_interval(
    histories: CaptureHistories, model: FittedModel, confidence: float = 0.95
) -> Interval:
    """The multinomial profile likelihood interval of the number in all.

    For each number of unseen persons the model is fitted to the table completed with it; the
    interval holds the numbers whose likelihood a chi-square test does not reject.

    Notes
    -----
    Cormack (1992), Biometrics 48, 567-576, as Rcapture computes it (Baillargeon and Rivest,
    2007, Journal of Statistical Software 19(5)).
    """
    from scipy.optimize import brentq, minimize_scalar
    from scipy.stats import chi2

    likelihood = _ProfileLikelihood(histories, model)
    observed = histories.observed
    centre = log(max(model.estimate - observed, 0.5))
    best = minimize_scalar(
        lambda at: -likelihood(at),
        bounds=(centre - 2.0, centre + 2.0),
        method="bounded",
        options={"xatol": 1e-6},
    )
    floor = -float(best.fun) - chi2.isf(2 * tail_probability(confidence), 1) / 2

    def above_floor(at: float) -> float:
        return likelihood(at) - floor

    ends = []
    for direction, furthest in ((-1.0, log(1e-3)), (1.0, log(observed * LARGEST_HIDDEN_SHARE))):
        reach, at = 0.25, float(best.x)
        while above_floor(at) > 0 and (furthest - at) * direction > 0:
            at, reach = at + direction * reach, reach * 2
        if above_floor(at) > 0:
            ends.append(float(observed) if direction < 0 else inf)
        else:
            ends.append(observed + exp(brentq(above_floor, float(best.x), at, xtol=1e-8)))
    return Interval(*ends)


def design_matrix(histories: CaptureHistories, terms: tuple[Pair, ...]) -> np.ndarray:
    """Columns: one, each list, each term; rows: the observable combinations."""
    patterns = histories.patterns.astype(float)
    both = [histories.on(a) & histories.on(b) for a, b in terms]
    return np.column_stack([np.ones(len(patterns)), patterns, *both]).astype(float)


class _ProfileLikelihood:
    """The multinomial log-likelihood of a completed table, at the log of the unseen."""

    def __init__(self, histories: CaptureHistories, model: FittedModel) -> None:
        design = design_matrix(histories, model.terms)
        unseen = np.zeros((1, design.shape[1]))
        unseen[0, 0] = 1.0
        self._design = np.vstack([design, unseen])
        self._counts = histories.counts
        self._coefficients = model.coefficients

    def __call__(self, log_unseen: float) -> float:
        from scipy.special import gammaln

        counts = np.append(self._counts, exp(log_unseen))
        total = counts.sum()
        fit = _poisson(counts, self._design, self._coefficients)
        self._coefficients = fit.params
        log_shares = self._design @ fit.params - log(total)
        return float(gammaln(total + 1) - gammaln(counts[-1] + 1) + counts @ log_shares)


def _poisson(counts: np.ndarray, design: np.ndarray, start: np.ndarray | None = None):  # type: ignore[no-untyped-def]
    import statsmodels.api as sm

    # Models without a finite estimate run into the wall of the parameter space on their way
    # through the choice of models; they are then refused by name, so the noise is not wanted.
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        return sm.GLM(counts, design, family=sm.families.Poisson()).fit(
            start_params=start, tol=1e-10, maxiter=200
        )
