"""The estimate of how many there are in all, which the gate lets through or withholds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from atips_analysis.statistics.inputs import ImpossibleInput, Interval
from atips_analysis.statistics.multiple_systems.averaging import ModelAverage, model_average
from atips_analysis.statistics.multiple_systems.bootstrap import bootstrap_interval
from atips_analysis.statistics.multiple_systems.gate import (
    ALIKE,
    STILL_SUPPORTED,
    Evidence,
    reasons_to_refuse,
)
from atips_analysis.statistics.multiple_systems.goodness import GoodnessOfFit, goodness_of_fit
from atips_analysis.statistics.multiple_systems.lists import MOST_LISTS, CaptureHistories, Pair
from atips_analysis.statistics.multiple_systems.models import (
    FittedModel,
    estimate_exists,
    fit_model,
    profile_interval,
)
from atips_analysis.statistics.multiple_systems.selection import (
    Criterion,
    best_model,
    candidate_models,
    neighbouring_models,
)

if TYPE_CHECKING:
    import pandas as pd

CRITERIA: tuple[Criterion, ...] = ("aic", "bic")
NOT_FOR_PUBLICATION = "not for publication: the gate was set aside to check the method"
MODELS = ["chosen_by", "model", "estimate", "finite", "deviance", "degrees", "aic", "bic"]
WITHIN = f"within {STILL_SUPPORTED:g} of the best AIC with a finite estimate"


@dataclass(frozen=True, eq=False)
class Estimate:
    """What multiple systems estimation says, and why it may not be published.

    reasons : why not; empty when it may be published
    estimate, interval : persons in all, seen and unseen; None when withheld
    model : the two-list terms, such as ("LA:NG",); empty for independent lists
    referrals : what was declared, such as ("NG>LA",)
    fit : of the model; None when it has no finite estimate
    models : a row for the best by AIC and by BIC of those with a finite estimate, and each other
        model within 10 of that AIC or better: chosen_by, model (its terms, such as "LA:NG, NG:GP"), estimate (missing when
        withheld or not finite), finite, deviance, degrees, aic, bic
    average : over decomposable models; None when withheld, or for other than 3 to 5 lists
    bootstrap_interval : with the model chosen anew; None when not asked for or withheld
    lists : their names
    observed : persons on at least one list
    """

    reasons: tuple[str, ...]
    estimate: float | None
    interval: Interval | None
    model: tuple[str, ...]
    referrals: tuple[str, ...]
    fit: GoodnessOfFit | None
    models: pd.DataFrame
    average: ModelAverage | None
    bootstrap_interval: Interval | None
    lists: tuple[str, ...]
    observed: int

    @property
    def publishable(self) -> bool:
        """Whether the gate lets it through."""
        return not self.reasons


def estimate(
    histories: CaptureHistories,
    model: Sequence[Pair] | None = None,
    referrals: Sequence[Pair] = (),
    resamples: int = 0,
    confidence: float = 0.95,
) -> Estimate:
    """Estimate how many there are in all, unless the gate refuses.

    Parameters
    ----------
    histories : CaptureHistories
        Persons by the lists they are on.
    model : pairs of lists, optional
        The terms of the model; by default the referrals alone where that model fits, else the
        best by AIC. (Where no dependence shows, a term that AIC adds by chance costs coverage.)
    referrals : pairs of lists
        (from, to) where persons on one list are passed on to the other: such pairs depend on
        each other, and stand in every model that is considered.
    resamples : int
        How many bootstrap resamples to draw, each with its own choice of model; 0 for none.
    confidence : float
        Of the intervals.

    Returns
    -------
    Estimate
        When the gate refuses, every estimated number is missing, those of other models too:
        what is refused cannot be quoted by mistake. Counts under five are not told in reasons.

    Raises
    ------
    ImpossibleInput
        For more than ten lists.

    Notes
    -----
    The gate asks for three lists and 100 persons; no list within another; 5 persons in every
    overlap that the model needs (of a pair in the model, and of a list with all others); a model
    that fits, and referrals that explain all dependence which shows (`goodness_of_fit`); a
    finite estimate, with an interval within a factor of three; no better model without a finite
    estimate; and models within 10 of the best AIC within a factor of two of one another.
    Dependence too weak for the lists to show passes every gate: see
    `benchmarks/simulate_lists.py` for what is refused how often. The method, with what it assumes:
    Bird and King (2018), Annual Review of Statistics and Its Application 5, 95-118.
    """
    found = estimate_without_gate(histories, model, referrals, resamples, confidence)
    reasons = tuple(reason for reason in found.reasons if reason != NOT_FOR_PUBLICATION)
    return _withheld(replace(found, reasons=reasons)) if reasons else replace(found, reasons=())


def estimate_without_gate(
    histories: CaptureHistories,
    model: Sequence[Pair] | None = None,
    referrals: Sequence[Pair] = (),
    resamples: int = 0,
    confidence: float = 0.95,
) -> Estimate:
    """The numbers with the gate set aside, to check the method; never publishable.

    Parameters and fields are those of `estimate`; `reasons` holds what the gate would have said.
    """
    if len(histories.lists) > MOST_LISTS:
        raise ImpossibleInput(
            f"{len(histories.lists)} lists are more than {MOST_LISTS}; take together lists of "
            "one kind"
        )
    declared = _in_order(histories, referrals)
    given = None if model is None else _in_order(histories, (*model, *referrals))
    evidence = evidence_of(histories, given, declared, confidence)
    chosen = evidence.chosen
    wanted = resamples and chosen
    return Estimate(
        reasons=(*reasons_to_refuse(evidence), NOT_FOR_PUBLICATION),
        estimate=chosen.estimate if chosen else None,
        interval=evidence.interval,
        model=_names(evidence.terms),
        referrals=tuple(">".join(pair) for pair in referrals),
        fit=evidence.fit,
        models=_table(evidence),
        average=model_average(histories, declared, confidence=confidence),
        bootstrap_interval=(
            bootstrap_interval(histories, resamples, declared, confidence) if wanted else None
        ),
        lists=histories.lists,
        observed=histories.observed,
    )


def evidence_of(
    histories: CaptureHistories,
    given: tuple[Pair, ...] | None = None,
    declared: tuple[Pair, ...] = (),
    confidence: float = 0.95,
) -> Evidence:
    """All that the gate judges, of the given model or the one chosen; pairs in their order."""
    candidates = candidate_models(histories, declared)
    if given is not None and all(model.terms != given for model in candidates):
        candidates.append(fit_model(histories, given))
    by_aic, by_bic = (best_model(histories, candidates, name) for name in CRITERIA)
    plain = next((model for model in candidates if model.terms == declared), None)
    as_declared = goodness_of_fit(histories, plain) if plain else None
    wanted = plain if as_declared and as_declared.fits else by_aic
    if given is not None:
        wanted = next(model for model in candidates if model.terms == given)
    chosen = wanted if wanted and estimate_exists(histories, wanted) else None
    supported = _up_to(candidates, by_aic.aic + STILL_SUPPORTED) if by_aic else ()
    better = _up_to(candidates, chosen.aic - ALIKE) if chosen else ()
    return Evidence(
        histories=histories,
        terms=chosen.terms if chosen else given or declared,
        chosen=chosen,
        interval=profile_interval(histories, chosen, confidence) if chosen else None,
        fit=goodness_of_fit(histories, chosen) if chosen else None,
        as_declared=as_declared,
        by_aic=by_aic,
        by_bic=by_bic,
        supported=supported,
        better=better,
        neighbours=tuple(neighbouring_models(histories, chosen, declared)) if chosen else (),
        unbounded=frozenset(
            model for model in {*supported, *better} if not estimate_exists(histories, model)
        ),
    )


def _up_to(models: Iterable[FittedModel], aic: float) -> tuple[FittedModel, ...]:
    kept = [model for model in models if model.aic <= aic]
    return tuple(sorted(kept, key=lambda model: (model.aic, len(model.terms))))


def _table(evidence: Evidence) -> pd.DataFrame:
    import pandas as pd

    rows = [("AIC", evidence.by_aic), ("BIC", evidence.by_bic)]
    best = (evidence.by_aic, evidence.by_bic)
    rows += [(WITHIN, model) for model in evidence.supported if model not in best]
    return pd.DataFrame(
        [
            {
                "chosen_by": chosen_by,
                "model": ", ".join(_names(model.terms)),
                "estimate": float("nan") if model in evidence.unbounded else model.estimate,
                "finite": model not in evidence.unbounded,
                "deviance": model.deviance,
                "degrees": model.degrees,
                "aic": model.aic,
                "bic": model.bic,
            }
            for chosen_by, model in rows
            if model is not None
        ],
        columns=MODELS,
    )


def _withheld(found: Estimate) -> Estimate:
    return replace(
        found,
        estimate=None,
        interval=None,
        models=found.models.assign(estimate=float("nan")),
        average=None,
        bootstrap_interval=None,
    )


def _in_order(histories: CaptureHistories, pairs: Iterable[Pair]) -> tuple[Pair, ...]:
    wanted = {frozenset(pair) for pair in pairs}
    return tuple(pair for pair in histories.pairs() if frozenset(pair) in wanted)


def _names(terms: tuple[Pair, ...]) -> tuple[str, ...]:
    return tuple(":".join(pair) for pair in terms)
