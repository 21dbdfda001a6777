"""`atips estimate`: multiple systems estimation with its gate."""

from __future__ import annotations

import json
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from atips_analysis.statistics.inputs import Interval
    from atips_analysis.statistics.multiple_systems import PopulationEstimate
    from atips_analysis.statistics.multiple_systems.lists import CaptureHistories

NOTHING = "withheld"


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""

    @app.command("estimate")
    def estimate(
        lists: Path = typer.Argument(
            help="CSV file: a column of 0 and 1 for each list, then a last column named count."
        ),
        model: str = typer.Option(
            None,
            help="The two-list terms, such as A:B,C:D, or main for none; by default the best by AIC.",
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

        A gate refuses to say it from fewer than 100 persons, overlaps under 5, models without a
        finite estimate, and models that differ more than twofold. A refusal is an answer: it
        leaves with exit code 0, and tells its reasons.
        """
        from atips_analysis.statistics.multiple_systems import (
            estimate_population,
            estimate_without_gate,
            named_terms,
            read_lists,
        )

        histories = read_lists(lists)
        terms = None if model is None else named_terms(model, histories.lists)
        compute = estimate_without_gate if ungated else estimate_population
        result = compute(histories, terms, bootstrap)
        if as_json:
            typer.echo(_as_json(result))
        elif not quiet:
            typer.echo(_as_text(result))
            for line in _overlaps(histories) if verbose else []:
                typer.echo(line)


def _as_json(result: PopulationEstimate) -> str:
    fields: dict[str, Any] = {
        "publishable": result.publishable,
        "reasons": list(result.reasons),
        "estimate": _number(result.estimate),
        "interval": _ends(result.interval),
        "model": list(result.model),
        "alternatives": [
            {
                "chosen_by": one.chosen_by,
                "model": list(one.model),
                "estimate": _number(one.estimate),
                "aic": _number(one.aic),
                "bic": _number(one.bic),
            }
            for one in result.alternatives
        ],
        "lists": list(result.lists),
        "observed": result.observed,
        "bootstrap_interval": _ends(result.bootstrap_interval),
    }
    return json.dumps(fields, indent=2, ensure_ascii=False)


def _as_text(result: PopulationEstimate) -> str:
    lines = [f"{result.observed:,} persons on at least one of {len(result.lists)} lists"]
    if result.reasons:
        lines.append("NOT FOR PUBLICATION, because")
        lines += [f"  - {reason}" for reason in result.reasons]
    lines.append(f"estimate: {_words(result.estimate)} persons in all{_between(result.interval)}")
    if result.bootstrap_interval is not None:
        lines.append(f"bootstrap, model chosen anew:{_between(result.bootstrap_interval)}")
    lines.append(f"model: {_terms(result.model)}")
    lines.append("models that could have been taken:")
    lines += [
        f"  {one.chosen_by}: {_terms(one.model)}; estimate {_words(one.estimate)}; "
        f"AIC {one.aic:.1f}, BIC {one.bic:.1f}"
        for one in result.alternatives
    ] or ["  none has a finite estimate"]
    return "\n".join(lines)


def _overlaps(histories: CaptureHistories) -> list[str]:
    shared = [f"{a}:{b} {histories.overlap((a, b)):,}" for a, b in histories.pairs()]
    return [f"persons on both lists: {', '.join(shared)}"]


def _number(value: float | None) -> float | None:
    return None if value is None or not isfinite(value) else round(value, 3)


def _ends(interval: Interval | None) -> list[float | None] | None:
    return None if interval is None else [_number(interval.low), _number(interval.high)]


def _words(value: float | None) -> str:
    return NOTHING if value is None else f"{value:,.0f}"


def _between(interval: Interval | None) -> str:
    if interval is None:
        return ""
    return f" (95 % interval {interval.low:,.0f} to {interval.high:,.0f})"


def _terms(model: tuple[str, ...]) -> str:
    return " ".join(model) or "lists independent of one another"
