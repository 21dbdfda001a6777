"""The gate: every reason why an estimate of those on no list must not be published."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import isfinite

from atips_analysis.statistics.inputs import Interval
from atips_analysis.statistics.multiple_systems.goodness import GoodnessOfFit
from atips_analysis.statistics.multiple_systems.lists import CaptureHistories, Pair
from atips_analysis.statistics.multiple_systems.models import FittedModel

LEAST_LISTS = 3
LEAST_OBSERVED = 100
LEAST_OVERLAP = 5
NESTED = 0.9
"""A list with so large a share of its persons on another is no observation of its own."""

LARGEST_RATIO_OF_MODELS = 2.0
LARGEST_RATIO_OF_INTERVAL = 3.0
STILL_SUPPORTED = 10.0
"""Models within so much of the best AIC are not ruled out (Burnham and Anderson, 2002, 2.6)."""

ALIKE = 1e-6
"""AIC that differ by rounding alone."""

BEYOND_TELLING = 100.0


@dataclass(frozen=True, eq=False)
class Evidence:
    """What the gate judges.

    terms : pairs in the model whose estimate would be published
    chosen, interval, fit : that model; None when it has no finite estimate
    as_declared : fit of the model with the declared pairs and no other; None without any model
    by_aic, by_bic : the best models that have a finite estimate
    supported : models within 10 of the best AIC with a finite estimate, the best first
    better : models better by AIC than the chosen
    neighbours : models with one pair more or less than the chosen
    unbounded : those of both that have no finite estimate
    """

    histories: CaptureHistories
    terms: tuple[Pair, ...]
    chosen: FittedModel | None
    interval: Interval | None
    fit: GoodnessOfFit | None
    as_declared: GoodnessOfFit | None
    by_aic: FittedModel | None
    by_bic: FittedModel | None
    supported: tuple[FittedModel, ...]
    better: tuple[FittedModel, ...]
    neighbours: tuple[FittedModel, ...]
    unbounded: frozenset[FittedModel]


def reasons_to_refuse(evidence: Evidence) -> tuple[str, ...]:
    """Every reason, in words; none when the estimate may be published.

    Reasons tell no count of persons: one under five would be somebody's.
    """
    return (
        *_of_the_lists(evidence.histories),
        *_of_overlaps(evidence.histories, evidence.terms),
        *_of_dependence(evidence),
        *_of_the_estimate(evidence),
        *_of_other_models(evidence),
    )


def _of_the_lists(histories: CaptureHistories) -> Iterator[str]:
    if len(histories.lists) < LEAST_LISTS:
        yield (f"fewer than {LEAST_LISTS} lists: nothing can show whether two depend on each other")
    if histories.observed < LEAST_OBSERVED:
        yield f"fewer than {LEAST_OBSERVED} persons were observed"
    for a, b in histories.pairs():
        shared = histories.overlap((a, b))
        smaller, larger = sorted((a, b), key=histories.size)
        if shared and shared >= NESTED * histories.size(larger):
            yield f"the lists {a} and {b} hold nearly the same persons: one copies the other"
        elif shared and shared >= NESTED * histories.size(smaller):
            yield f"the list {smaller} lies within {larger}: nearly everybody on it is there too"


def _of_overlaps(histories: CaptureHistories, terms: tuple[Pair, ...]) -> Iterator[str]:
    for a, b in terms:
        if histories.overlap((a, b)) < LEAST_OVERLAP:
            yield (
                f"fewer than {LEAST_OVERLAP} persons are on both {a} and {b}, an overlap the "
                "model needs"
            )
    for name in histories.lists:
        if histories.overlap_with_others(name) < LEAST_OVERLAP:
            yield f"fewer than {LEAST_OVERLAP} persons of the list {name} are on any other list"


def _of_dependence(evidence: Evidence) -> Iterator[str]:
    fit, as_declared = evidence.fit, evidence.as_declared
    if fit and not fit.tested:
        yield "the model has a term for every combination: nothing is left to test it by"
    elif fit and not fit.fits:
        yield "the model does not fit: lists that follow it would rarely lie so far from it"
    if not as_declared or not as_declared.tested:
        return
    if not as_declared.fits:
        yield (
            "the lists depend on one another in ways that were not declared: referral that is "
            "known must be declared, and what else it is the lists cannot tell"
        )
    elif as_declared.heterogeneous and evidence.chosen:
        yield (
            "some persons are found more easily than others by every list: an estimate that takes "
            "them all alike is too small"
        )


def _of_the_estimate(evidence: Evidence) -> Iterator[str]:
    interval = evidence.interval
    if interval is None:
        yield "no finite estimate: the overlaps do not bound the number of the unseen"
    elif not isfinite(interval.high):
        yield "no finite estimate: its interval has no upper end"
    elif interval.high > LARGEST_RATIO_OF_INTERVAL * interval.low:
        yield f"the interval spans more than a factor of {LARGEST_RATIO_OF_INTERVAL:g}"


def _of_other_models(evidence: Evidence) -> Iterator[str]:
    chosen = evidence.chosen
    if chosen is None:
        return
    if evidence.unbounded.intersection(evidence.better):
        yield "a model that describes the lists better by AIC has no finite estimate"
    # One pair, for among many models one is far better by chance.
    if any(model.aic < chosen.aic - STILL_SUPPORTED for model in evidence.neighbours):
        yield "a model with one pair more or less describes the lists far better by AIC"
    # Of a model without a finite estimate it is the limit that counts, often without bound.
    compared = [model.estimate for model in (chosen, *evidence.supported)]
    ratio = max(compared) / min(compared)
    if ratio > LARGEST_RATIO_OF_MODELS:
        fold = f"{ratio:.2f}-fold" if ratio < BEYOND_TELLING else "beyond telling"
        yield (
            f"models within {STILL_SUPPORTED:g} of the best AIC with a finite estimate differ "
            f"{fold}; more than twofold is too much"
        )
