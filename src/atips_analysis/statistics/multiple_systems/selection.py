"""The choice among models, by AIC and by BIC side by side."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import combinations
from typing import Literal

from atips_analysis.statistics.multiple_systems.lists import CaptureHistories, Pair
from atips_analysis.statistics.multiple_systems.models import (
    FittedModel,
    estimate_exists,
    fit_model,
)

Criterion = Literal["aic", "bic"]
MOST_LISTS_FOR_ALL_MODELS = 5
MAIN_EFFECTS: tuple[Pair, ...] = ()


def candidate_models(histories: CaptureHistories) -> list[FittedModel]:
    """The models to choose from: all of non-empty pairs, or beyond five lists those on the way.

    Up to five lists every subset of the pairs that overlap is fitted (at most 1,024 models);
    beyond, every model that a stepwise search by AIC or by BIC looked at.
    """
    if len(histories.lists) > MOST_LISTS_FOR_ALL_MODELS:
        seen: dict[frozenset[Pair], FittedModel] = {}
        for criterion in ("aic", "bic"):
            stepwise_model(histories, criterion, seen)
        return list(seen.values())
    pairs = histories.overlapping_pairs()
    return [
        fit_model(histories, terms)
        for size in range(len(pairs) + 1)
        for terms in combinations(pairs, size)
    ]


def best_model(
    histories: CaptureHistories, candidates: Iterable[FittedModel], criterion: Criterion
) -> FittedModel | None:
    """The best candidate whose estimate exists; None when no candidate's does."""
    ranked = sorted(candidates, key=lambda model: (_score(model, criterion), len(model.terms)))
    return next((model for model in ranked if estimate_exists(histories, model.terms)), None)


def stepwise_model(
    histories: CaptureHistories,
    criterion: Criterion = "aic",
    seen: dict[frozenset[Pair], FittedModel] | None = None,
) -> FittedModel | None:
    """The model that adding or dropping one pair at a time arrives at, from no pairs.

    Only models whose estimate exists are stepped on; None when not even main effects has one.
    Fits made on the way are kept in `seen`.
    """
    seen = {} if seen is None else seen
    pairs = histories.overlapping_pairs()
    current = _fitted(histories, frozenset(), seen)
    if not estimate_exists(histories, MAIN_EFFECTS):
        return None
    while True:
        chosen = frozenset(current.terms)
        neighbours = [_fitted(histories, chosen ^ {pair}, seen) for pair in pairs]
        better = [
            model
            for model in neighbours
            if _score(model, criterion) < _score(current, criterion) - 1e-9
        ]
        step = best_model(histories, better, criterion)
        if step is None:
            return current
        current = step


def _score(model: FittedModel, criterion: Criterion) -> float:
    return model.aic if criterion == "aic" else model.bic


def _fitted(
    histories: CaptureHistories,
    chosen: frozenset[Pair],
    seen: dict[frozenset[Pair], FittedModel],
) -> FittedModel:
    if chosen not in seen:
        terms = tuple(pair for pair in histories.pairs() if pair in chosen)
        seen[chosen] = fit_model(histories, terms)
    return seen[chosen]
