"""`atips estimate`: multiple systems estimation with its gate."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from atips_analysis.statistics.inputs import Interval
    from atips_analysis.statistics.multiple_systems import Estimate
    from atips_analysis.statistics.multiple_systems.lists import CaptureHistories

NOTHING = "withheld"
INDEPENDENT = "lists independent of one another"
MOST_MODELS = 12


def estimate(
    lists: Path = typer.Argument(
        help="CSV file: a column of 0 and 1 for each list, then a last column named count."
    ),
    model: str = typer.Option(
        None,
        help="The two-list terms, such as A:B,C:D, or main for none; by default the referrals "
        "alone where that fits, else the best by AIC.",
    ),
    referral: list[str] = typer.Option(
        [],
        help="A>B in quotes, where who is on list A is passed on to B: in every model. "
        "Again for the next.",
    ),
    ungated: bool = typer.Option(
        False, "--ungated", help="Show what the gate refuses, to check the method."
    ),
    bootstrap: int = typer.Option(
        0, min=0, help="Draw the lists anew this often (10 or more; 1000 is usual)."
    ),
    as_json: bool = typer.Option(False, "--json", help="Print JSON, and nothing else."),
    quiet: bool = typer.Option(False, "--quiet", help="Print nothing but errors."),
    verbose: bool = typer.Option(False, "--verbose", help="Also the overlaps of the lists."),
) -> None:
    """How many persons there are in all, from who is on which lists, if that can be said.

    A gate refuses to say it, and tells every reason: fewer than three lists or 100 persons,
    lists that lie within one another, overlaps under 5, a model that does not fit,
    dependence that no --referral declares, no finite estimate, a wide interval, or models
    that differ more than twofold. A refusal is an answer: it leaves with exit code 0.
    """
    from atips_analysis.statistics import multiple_systems as mse

    histories = mse.read_lists(lists)
    terms = None if model is None else mse.named_terms(model, histories.lists)
    referrals = mse.declared_referrals(referral, histories.lists)
    compute = mse.estimate_without_gate if ungated else mse.estimate
    result = compute(histories, terms, referrals, bootstrap)
    if as_json:
        typer.echo(_as_json(result))
    elif not quiet:
        typer.echo(_as_text(result))
        for line in _overlaps(histories) if verbose else []:
            typer.echo(line)


def _as_json(result: Estimate) -> str:
    fit, average = result.fit, result.average
    fields: dict[str, Any] = {
        "publishable": result.publishable,
        "reasons": list(result.reasons),
        "estimate": _number(result.estimate),
        "interval": _ends(result.interval),
        "model": list(result.model),
        "referrals": list(result.referrals),
        "fit": fit and {name: _number(value) for name, value in asdict(fit).items()},
        "alternatives": [
            {
                "chosen_by": row["chosen_by"],
                "model": row["model"].split(", ") if row["model"] else [],
                "estimate": _number(row["estimate"]),
                "finite": row["finite"],
                "aic": _number(row["aic"]),
                "bic": _number(row["bic"]),
            }
            for row in result.models.to_dict("records")
        ],
        "model_average": average
        and {
            "estimate": _number(average.estimate),
            "interval": _ends(average.interval),
            "graphs": average.graphs,
        },
        "lists": list(result.lists),
        "observed": result.observed,
        "bootstrap_interval": _ends(result.bootstrap_interval),
    }
    return json.dumps(fields, indent=2, ensure_ascii=False)


def _as_text(result: Estimate) -> str:
    lines = [f"{result.observed:,} persons on at least one of {len(result.lists)} lists"]
    if result.reasons:
        lines.append("NOT FOR PUBLICATION, because")
        lines += [f"  - {reason}" for reason in result.reasons]
    if result.fit is None:
        lines.append("estimate: none that is finite")
    else:
        said = f"{_number_in_words(result.estimate)} persons in all{_between(result.interval)}"
        lines.append(f"estimate: {said}")
    if result.bootstrap_interval is not None:
        lines.append(f"bootstrap, model chosen anew:{_between(result.bootstrap_interval)}")
    lines.append(f"model: {', '.join(result.model) or INDEPENDENT}")
    if result.average is not None:
        average = result.average
        lines.append(
            f"averaged over {average.graphs} decomposable models: {_number_in_words(average.estimate)}"
            f"{_between(average.interval)}"
        )
    return "\n".join([*lines, *_alternatives(result)])


def _alternatives(result: Estimate) -> Iterator[str]:
    yield "best by AIC and by BIC of the models with a finite estimate, and others near or better:"
    if result.models.empty:
        yield "  none has a finite estimate"
    for row in result.models.head(MOST_MODELS).to_dict("records"):
        estimate = _number_in_words(_number(row["estimate"])) if row["finite"] else "not finite"
        yield (
            f"  {row['chosen_by']}: {row['model'] or INDEPENDENT}; estimate {estimate}; "
            f"AIC {row['aic']:.1f}, BIC {row['bic']:.1f}"
        )
    if len(result.models) > MOST_MODELS:
        yield f"  and {len(result.models) - MOST_MODELS} more (all of them with --json)"


def _overlaps(histories: CaptureHistories) -> list[str]:
    shared = [f"{a}:{b} {histories.overlap((a, b)):,}" for a, b in histories.pairs()]
    return [f"persons on both lists: {', '.join(shared)}"]


def _number(value: float | None) -> float | None:
    return None if value is None or not isfinite(value) else round(value, 3)


def _ends(interval: Interval | None) -> list[float | None] | None:
    return None if interval is None else [_number(interval.low), _number(interval.high)]


def _number_in_words(value: float | None) -> str:
    return NOTHING if value is None else f"{value:,.0f}"


def _between(interval: Interval | None) -> str:
    if interval is None:
        return ""
    return f" (95 % interval {interval.low:,.0f} to {interval.high:,.0f})"
