"""The estimate of how many there are in all, and the gate that refuses it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import isfinite

from atips_analysis.statistics.inputs import Interval
from atips_analysis.statistics.multiple_systems.bootstrap import bootstrap_interval
from atips_analysis.statistics.multiple_systems.lists import CaptureHistories, Pair
from atips_analysis.statistics.multiple_systems.models import (
    FittedModel,
    estimate_exists,
    fit_model,
    profile_interval,
)
from atips_analysis.statistics.multiple_systems.selection import best_model, candidate_models

LEAST_OBSERVED = 100
LEAST_OVERLAP = 5
LARGEST_RATIO_OF_MODELS = 2.0
ABOUT_AS_GOOD = 2.0
"""Models within so much of the best AIC describe the lists about as well."""

FAR_WORSE = 10.0
"""A given model so much behind the best by AIC has no support (Burnham and Anderson, 2002)."""

NOT_FOR_PUBLICATION = "not for publication: the gate was set aside to check the method"


@dataclass(frozen=True)
class Alternative:
    """A model that could have been taken, and what it would have said.

    chosen_by : "AIC", "BIC" or "within 2 of the best AIC"
    estimate : persons in all; None when the gate withholds it
    """

    chosen_by: str
    model: tuple[str, ...]
    estimate: float | None
    aic: float
    bic: float


@dataclass(frozen=True)
class PopulationEstimate:
    """What multiple systems estimation says, and whether it may be published.

    publishable : whether the gate lets it through
    reasons : why not; empty when publishable
    estimate, interval : persons in all, seen and unseen; None when withheld
    model : the two-list terms, such as ("LA:NG",); empty for independent lists
    alternatives : the choices of AIC and BIC, and models about as good as the best
    observed : persons on at least one list
    bootstrap_interval : with the model chosen anew; None when not asked for or withheld
    """

    publishable: bool
    reasons: tuple[str, ...]
    estimate: float | None
    interval: Interval | None
    model: tuple[str, ...]
    alternatives: tuple[Alternative, ...]
    lists: tuple[str, ...]
    observed: int
    bootstrap_interval: Interval | None = None


def estimate_population(
    histories: CaptureHistories,
    terms: tuple[Pair, ...] | None = None,
    resamples: int = 0,
    confidence: float = 0.95,
) -> PopulationEstimate:
    """Estimate how many there are in all, unless the gate refuses.

    Parameters
    ----------
    histories : CaptureHistories
        Persons by the lists they are on.
    terms : pairs of lists, optional
        The model; by default the best by AIC among models of pairs that overlap.
    resamples : int
        How many bootstrap resamples to draw, each with its own choice of model; 0 for none.
    confidence : float
        Of the intervals.

    Returns
    -------
    PopulationEstimate
        When the gate refuses, every estimated number is None, those of the alternatives too:
        what is refused cannot be quoted by mistake. Counts under five are not told in reasons.

    Notes
    -----
    The gate refuses fewer than 100 persons observed; an overlap under 5 that the model needs
    (of a pair in the model, or of a list with all others); an estimate or interval that is not
    finite; models about as good, or chosen by AIC and by BIC, that differ more than twofold; and
    a given model that is more than 10 behind the best by AIC.
    """
    full = estimate_without_gate(histories, terms, resamples, confidence)
    reasons = tuple(reason for reason in full.reasons if reason != NOT_FOR_PUBLICATION)
    judged = replace(full, publishable=not reasons, reasons=reasons)
    return judged if judged.publishable else _withheld(judged)


def estimate_without_gate(
    histories: CaptureHistories,
    terms: tuple[Pair, ...] | None = None,
    resamples: int = 0,
    confidence: float = 0.95,
) -> PopulationEstimate:
    """The numbers with the gate set aside, to check the method; never publishable.

    Parameters and fields are those of `estimate_population`; `reasons` holds what the gate would
    have said.
    """
    choices = _choices(histories)
    model = _model(histories, terms, choices)
    interval = profile_interval(histories, model, confidence) if model else None
    alternatives = tuple(
        Alternative(chosen_by, _names(choice.terms), choice.estimate, choice.aic, choice.bic)
        for chosen_by, choice in choices
    )
    needed = model.terms if model else terms or ()
    reasons = _reasons(histories, needed, model, interval, choices)
    drawn = bootstrap_interval(histories, resamples, confidence) if resamples and model else None
    return PopulationEstimate(
        publishable=False,
        reasons=(*reasons, NOT_FOR_PUBLICATION),
        estimate=model.estimate if model else None,
        interval=interval,
        model=_names(needed),
        alternatives=alternatives,
        lists=histories.lists,
        observed=histories.observed,
        bootstrap_interval=drawn,
    )


def _choices(histories: CaptureHistories) -> list[tuple[str, FittedModel]]:
    if histories.observed == 0:
        return []
    candidates = candidate_models(histories)
    by_aic = best_model(histories, candidates, "aic")
    by_bic = best_model(histories, candidates, "bic")
    if by_aic is None or by_bic is None:
        return []
    others = [
        model
        for model in sorted(candidates, key=lambda model: model.aic)
        if model.aic <= by_aic.aic + ABOUT_AS_GOOD
        and model.terms not in (by_aic.terms, by_bic.terms)
        and estimate_exists(histories, model.terms)
    ]
    label = f"within {ABOUT_AS_GOOD:g} of the best AIC"
    return [("AIC", by_aic), ("BIC", by_bic), *((label, model) for model in others)]


def _model(
    histories: CaptureHistories,
    terms: tuple[Pair, ...] | None,
    choices: list[tuple[str, FittedModel]],
) -> FittedModel | None:
    if terms is None:
        return choices[0][1] if choices else None
    return fit_model(histories, terms) if estimate_exists(histories, terms) else None


def _reasons(
    histories: CaptureHistories,
    terms: tuple[Pair, ...],
    model: FittedModel | None,
    interval: Interval | None,
    choices: list[tuple[str, FittedModel]],
) -> list[str]:
    reasons = []
    if histories.observed < LEAST_OBSERVED:
        reasons.append(f"fewer than {LEAST_OBSERVED} persons were observed")
    reasons += [
        f"fewer than {LEAST_OVERLAP} persons are on both {a} and {b}, an overlap the model needs"
        for a, b in terms
        if histories.overlap((a, b)) < LEAST_OVERLAP
    ]
    reasons += [
        f"fewer than {LEAST_OVERLAP} persons of the list {name} are on any other list"
        for name in histories.lists
        if histories.overlap_with_others(name) < LEAST_OVERLAP
    ]
    if model is None:
        return [*reasons, "no finite estimate: the overlaps do not bound the number of the unseen"]
    if not (interval and isfinite(interval.high)):
        reasons.append("no finite estimate: its interval has no upper end")
    estimates = [model.estimate, *(choice.estimate for _, choice in choices)]
    if choices and model.aic > choices[0][1].aic + FAR_WORSE:
        reasons.append("the given model describes the lists far worse than the best by AIC")
    ratio = max(estimates) / min(estimates)
    if ratio > LARGEST_RATIO_OF_MODELS:
        reasons.append(
            f"models that describe the lists about as well differ {ratio:.2f}-fold; more than "
            "twofold is too much"
        )
    return reasons


def _withheld(estimate: PopulationEstimate) -> PopulationEstimate:
    return replace(
        estimate,
        estimate=None,
        interval=None,
        bootstrap_interval=None,
        alternatives=tuple(replace(one, estimate=None) for one in estimate.alternatives),
    )


def _names(terms: tuple[Pair, ...]) -> tuple[str, ...]:
    return tuple(":".join(pair) for pair in terms)
