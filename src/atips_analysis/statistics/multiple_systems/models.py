"""The Poisson log-linear models of list overlaps: their fits, their existence, their intervals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, inf, log

import numpy as np

from atips_analysis.statistics.inputs import Interval, tail_probability
from atips_analysis.statistics.multiple_systems.fitting import LogLinear
from atips_analysis.statistics.multiple_systems.lists import CaptureHistories, Pair

LARGEST_HIDDEN_SHARE = 1e6
"""An estimate or interval that reaches this many times the observed number has no upper end."""

SURELY_POSITIVE = 1e-10
"""Where no finite estimate exists a fit leaves a smaller share of persons in some cell: its
margins are met within a hundredth of that."""


@dataclass(frozen=True, eq=False)
class FittedModel:
    """A model and what it says.

    terms : the pairs of lists that depend on one another
    estimate : persons in all, seen and unseen; the limit where no finite estimate exists
    deviance, aic, bic : of the observed combinations (BIC's sample size: persons observed)
    degrees : degrees of freedom, combinations less parameters
    coefficients : log-linear ones; intercept (log of the unseen), lists, terms
    expected : persons by combination as the model has them, in the order of the histories
    """

    terms: tuple[Pair, ...]
    estimate: float
    deviance: float
    degrees: int
    aic: float
    bic: float
    coefficients: np.ndarray
    expected: np.ndarray


def fit_model(histories: CaptureHistories, terms: tuple[Pair, ...]) -> FittedModel:
    """Fit the Poisson log-linear model with these two-list terms.

    Whether the estimate exists is not asked here: see `estimate_exists`.

    Notes
    -----
    Cormack (1989), Biometrics 45, 395-413; Silverman (2014), Modern slavery: an application of
    multiple systems estimation, Home Office. The unseen are the exponential of the intercept.
    """
    return fit_models(histories, [terms])[0]


def fit_models(
    histories: CaptureHistories, models: Sequence[tuple[Pair, ...]], near: FittedModel | None = None
) -> list[FittedModel]:
    """Fit several models to the same lists at once, faster still from a model near to them."""
    pairs = [pair for pair in histories.pairs() if any(pair in terms for terms in models)]
    always = [True] * (1 + len(histories.lists))
    included = np.array([always + [pair in terms for pair in pairs] for terms in models])
    start = None if near is None else included * _start(histories, pairs, near)
    design = design_matrix(histories, tuple(pairs))
    fits = LogLinear(design).fit(histories.counts, included, start)
    return [
        _described(histories, terms, coefficients[chosen], expected)
        for terms, chosen, coefficients, expected in zip(models, included, *fits, strict=True)
    ]


def estimate_exists(histories: CaptureHistories, model: FittedModel) -> bool:
    """Whether the model has a finite, unique maximum likelihood estimate.

    It has when some table of positive expectations shows the same margins as the observed one,
    and the model has no more parameters than there are combinations.

    Notes
    -----
    Fienberg and Rinaldo (2012), Annals of Statistics 40, 996-1023; Chan, Silverman and Vincent
    (2021), JASA 116, 1297-1306. A fit well inside the parameter space is such a table; near its
    edge a linear programme makes the smallest expectation as large as the margins allow.
    """
    on_lists = histories.patterns.T @ histories.counts
    shared = [histories.overlap(pair) for pair in model.terms]
    if model.degrees < 0 or min(*on_lists, *shared, histories.observed) == 0:
        return False
    off = np.abs(design_matrix(histories, model.terms).T @ (model.expected - histories.counts))
    least = SURELY_POSITIVE * histories.observed
    if model.expected.min() > least and off.max() <= least / 50:
        return True
    return _smallest_expectation(histories, model.terms) > 1e-10


def _smallest_expectation(histories: CaptureHistories, terms: tuple[Pair, ...]) -> float:
    from scipy.optimize import linprog

    design = design_matrix(histories, terms)
    # Expectation = smallest + excess, both at least 0; maximise smallest. Counts sum to one.
    answer = linprog(
        np.append(np.zeros(len(design)), -1.0),
        A_eq=np.column_stack([design.T, design.sum(axis=0)]),
        b_eq=design.T @ (histories.counts / histories.observed),
        bounds=(0, None),
        method="highs",
    )
    return -float(answer.fun) if answer.success else 0.0


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
        return float(likelihood(at) - floor)

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


def deviances(counts: np.ndarray, expected: np.ndarray) -> np.ndarray:
    """The deviance of each row of counts from its expectations."""
    from scipy.special import xlogy

    ratio = counts / np.maximum(expected, 1e-300)
    return np.asarray(2.0 * np.sum(xlogy(counts, ratio) - (counts - expected), axis=-1))


def _described(
    histories: CaptureHistories,
    terms: tuple[Pair, ...],
    coefficients: np.ndarray,
    expected: np.ndarray,
) -> FittedModel:
    from scipy.special import gammaln, xlogy

    counts, parameters = histories.counts, len(coefficients)
    log_likelihood = float(np.sum(xlogy(counts, expected) - expected - gammaln(counts + 1)))
    unseen = exp(coefficients[0]) if coefficients[0] < 700 else inf
    return FittedModel(
        terms=tuple(terms),
        estimate=histories.observed + unseen,
        deviance=max(float(deviances(counts, expected)), 0.0),
        degrees=len(counts) - parameters,
        aic=2 * parameters - 2 * log_likelihood,
        bic=log(max(histories.observed, 1)) * parameters - 2 * log_likelihood,
        coefficients=coefficients,
        expected=expected,
    )


def _start(histories: CaptureHistories, pairs: list[Pair], near: FittedModel) -> np.ndarray:
    always, terms = np.split(near.coefficients, [1 + len(histories.lists)])
    known = dict(zip(near.terms, terms, strict=True))
    return np.append(always, [known.get(pair, 0.0) for pair in pairs])


class _ProfileLikelihood:
    """The multinomial log-likelihood of a completed table, at the log of the unseen."""

    def __init__(self, histories: CaptureHistories, model: FittedModel) -> None:
        design = design_matrix(histories, model.terms)
        unseen = np.zeros((1, design.shape[1]))
        unseen[0, 0] = 1.0
        self._model = LogLinear(np.vstack([design, unseen]))
        self._counts = histories.counts
        self._coefficients = model.coefficients

    def __call__(self, log_unseen: float) -> float:
        from scipy.special import gammaln

        counts = np.append(self._counts, exp(log_unseen))
        total = counts.sum()
        self._coefficients = self._model.fit(counts, start=self._coefficients).coefficients[0]
        log_shares = self._model.design @ self._coefficients - log(total)
        return float(gammaln(total + 1) - gammaln(counts[-1] + 1) + counts @ log_shares)
