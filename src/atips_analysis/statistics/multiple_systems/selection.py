"""The choice among models, by AIC and by BIC side by side."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import combinations
from typing import Literal

from atips_analysis.statistics.multiple_systems.lists import CaptureHistories, Pair
from atips_analysis.statistics.multiple_systems.models import (
    FittedModel,
    estimate_exists,
    fit_models,
)

Criterion = Literal["aic", "bic"]
Seen = dict[frozenset[Pair], FittedModel]
MOST_LISTS_FOR_ALL_MODELS = 5
BEST_TO_LOOK_AROUND = 3


def candidate_models(
    histories: CaptureHistories, declared: tuple[Pair, ...] = ()
) -> list[FittedModel]:
    """The models to choose from: all that hold the declared pairs, or those on the way.

    Up to five lists every set of pairs is fitted (at most 1,024 models), those that have no
    finite estimate too: what describes the lists better must not be set aside in silence. Beyond
    five lists it is every model that a stepwise search by AIC or by BIC looked at, and those
    around the three best of them. A model with more parameters than combinations is none.
    """
    if len(histories.lists) > MOST_LISTS_FOR_ALL_MODELS:
        return _models_on_the_way(histories, declared)
    free = _free(histories, declared)
    chosen = [
        frozenset(declared + added)
        for size in range(len(free) + 1)
        for added in combinations(free, size)
    ]
    models = fit_models(histories, [_in_order(histories, terms) for terms in chosen])
    return [model for model in models if model.degrees >= 0]


def best_model(
    histories: CaptureHistories, candidates: Iterable[FittedModel], criterion: Criterion
) -> FittedModel | None:
    """The best candidate whose estimate exists; None when no candidate's does."""
    ranked = sorted(candidates, key=lambda model: (_score(model, criterion), len(model.terms)))
    return next((model for model in ranked if estimate_exists(histories, model)), None)


def stepwise_model(
    histories: CaptureHistories,
    criterion: Criterion = "aic",
    declared: tuple[Pair, ...] = (),
    seen: Seen | None = None,
) -> FittedModel | None:
    """The model that adding or dropping one pair at a time arrives at, from the declared pairs.

    Only models whose estimate exists are stepped on; None when not even the first has one. Fits
    made on the way are kept in `seen`.
    """
    seen = {} if seen is None else seen
    free = _free(histories, declared)
    current = _fitted(histories, [frozenset(declared)], seen)[0]
    if not estimate_exists(histories, current):
        return None
    while True:
        chosen = frozenset(current.terms)
        neighbours = _fitted(histories, [chosen ^ {pair} for pair in free], seen, current)
        better = [
            model
            for model in neighbours
            if _score(model, criterion) < _score(current, criterion) - 1e-9
        ]
        step = best_model(histories, better, criterion)
        if step is None:
            return current
        current = step


def neighbouring_models(
    histories: CaptureHistories, model: FittedModel, declared: tuple[Pair, ...] = ()
) -> list[FittedModel]:
    """The models with one pair more or less than this one, the declared pairs always in."""
    chosen = frozenset(model.terms)
    return _fitted(histories, [chosen ^ {pair} for pair in _free(histories, declared)], {}, model)


def _models_on_the_way(
    histories: CaptureHistories, declared: tuple[Pair, ...]
) -> list[FittedModel]:
    seen: Seen = {}
    for criterion in ("aic", "bic"):
        if stepwise_model(histories, criterion, declared, seen) is None:
            return list(seen.values())  # with more terms there is no finite estimate either
    best = sorted(seen, key=lambda chosen: (seen[chosen].aic, len(chosen)))[:BEST_TO_LOOK_AROUND]
    around = (chosen ^ {pair} for chosen in best for pair in _free(histories, declared))
    _fitted(histories, list(dict.fromkeys(around)), seen, seen[best[0]])
    return list(seen.values())


def _free(histories: CaptureHistories, declared: tuple[Pair, ...]) -> list[Pair]:
    return [pair for pair in histories.pairs() if pair not in declared]


def _score(model: FittedModel, criterion: Criterion) -> float:
    return model.aic if criterion == "aic" else model.bic


def _fitted(
    histories: CaptureHistories,
    wanted: list[frozenset[Pair]],
    seen: Seen,
    near: FittedModel | None = None,
) -> list[FittedModel]:
    new = [chosen for chosen in wanted if chosen not in seen]
    if new:
        terms = [_in_order(histories, chosen) for chosen in new]
        seen.update(zip(new, fit_models(histories, terms, near), strict=True))
    return [seen[chosen] for chosen in wanted]


def _in_order(histories: CaptureHistories, chosen: Iterable[Pair]) -> tuple[Pair, ...]:
    wanted = set(chosen)
    return tuple(pair for pair in histories.pairs() if pair in wanted)
