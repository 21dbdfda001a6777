"""Great Expectations asked as little as need be: once for each distinct combination of values.

Most rules judge a row by a few of its columns, so what stands in a million rows needs to be judged
once. The frame handed to Great Expectations holds the distinct combinations of the columns that
some rules read, numbered; the numbers of the unexpected ones lead back to the rows. A test compares
the outcome with Great Expectations run plainly on all rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd

from atips_analysis.quality.expectation_kinds import (
    KINDS,
    Boolean,
    Numbers,
    Returns,
    factorized,
    finer,
)
from atips_analysis.quality.suites import Rule

NUMBER = "value_number"
FEW = 2_000
"""Up to so many rows are asked about as they are; more are parted by what rules read of them."""

Question = tuple[list[int], pd.DataFrame, Numbers]
"""Places of rules, the distinct rows to ask about, and which of them each row of the frame is."""


def unexpected_rows(frame: pd.DataFrame, rules: Sequence[Rule], returns: Returns) -> list[Boolean]:
    """For each rule, which rows of `frame` fail it."""
    from atips_analysis.quality.expectations import looking_up_in, parameters

    found: list[Boolean] = [np.zeros(len(frame), dtype=bool) for _ in rules]
    if frame.empty or not rules:
        return found
    values = parameters(returns.codebook)
    with looking_up_in(returns):
        for places, distinct, number in _questions(frame, rules):
            asked = [rules[place].expectation for place in places]
            for place, numbers in zip(places, _unexpected(distinct, asked, values), strict=True):
                wrong = np.zeros(len(distinct), dtype=bool)
                wrong[numbers] = True
                found[place] = wrong[number]
    return found


def unexpected_columns(frame: pd.DataFrame, rule: Rule) -> list[str]:
    """The columns of `frame` that `expect_table_columns_to_match_set` does not allow."""
    result = run_suite(frame.head(1), [rule.expectation], {}, {"result_format": "COMPLETE"})[0]
    mismatched = result.result.get("details", {}).get("mismatched", {})
    return [str(name) for name in mismatched.get("unexpected", [])]


def run_suite(
    frame: pd.DataFrame,
    expectations: Iterable[Mapping[str, Any]],
    parameters: Mapping[str, Any],
    result_format: Mapping[str, Any],
) -> list[Any]:
    """The results of Great Expectations for `frame`, in the order of `expectations`."""
    from atips_analysis.quality.expectations import great_expectations as gx

    suite = gx.ExpectationSuite(name="suite", expectations=list(expectations))  # type: ignore[arg-type]
    for place, item in enumerate(suite.expectations):
        item.meta = {**(item.meta or {}), "place": place}
    outcome = (
        _batch_definition()
        .get_batch({"dataframe": frame})
        .validate(suite, result_format=dict(result_format), expectation_parameters=dict(parameters))
    )
    results = sorted(outcome.results, key=lambda r: r.expectation_config.meta["place"])
    for result in results:
        trouble = result.exception_info or {}
        if trouble.get("raised_exception") or any(
            isinstance(item, dict) and item.get("raised_exception") for item in trouble.values()
        ):
            kind = result.expectation_config.type
            raise RuntimeError(f"{kind} could not be judged: {trouble}")
    return results


def _questions(frame: pd.DataFrame, rules: Sequence[Rule]) -> Iterator[Question]:
    """What to ask of Great Expectations, so that each rule is asked once and of few rows."""
    every = np.arange(len(frame))
    if len(frame) <= FEW:
        yield list(range(len(rules))), frame, every
        return
    whole = [place for place, rule in enumerate(rules) if _reads_whole_frame(rule)]
    parted = []
    for places, columns, number in _bundles(frame, rules, set(whole)):
        if number.max() >= len(frame) // 2:
            whole += places
        else:
            parted.append((places, _first_of_each(frame[columns], number), number))
    if whole:
        columns = sorted({name for place in whole for name in rules[place].reads})
        yield whole, frame[columns], every
    yield from parted


def _reads_whole_frame(rule: Rule) -> bool:
    kind = KINDS.get(rule.expectation["type"])
    return kind is not None and not kind.by_row


def _bundles(
    frame: pd.DataFrame, rules: Sequence[Rule], aside: set[int]
) -> Iterator[tuple[list[int], list[str], Numbers]]:
    """Rules that are asked together: places, columns and the combination that each row is.

    Columns are taken in, those of the fewest values first, while the combinations stay few.
    """
    reads = {place: rule.reads for place, rule in enumerate(rules) if place not in aside}
    coded = {name: factorized(frame[name]) for name in sorted(set().union(*reads.values()))}
    left = sorted(reads, key=lambda place: (max(coded[name][1] for name in reads[place]), place))
    while left:
        columns: list[str] = []
        number = np.zeros(len(frame), dtype="int64")
        places: list[int] = []
        for place in left:
            added = [name for name in reads[place] if name not in columns]
            if places and any(coded[name][1] >= FEW for name in added):
                continue
            wider = finer(number, [coded[name] for name in added])
            if not places or not added or wider.max() < FEW:
                columns, number = [*columns, *added], wider
                places.append(place)
        yield places, columns, number
        left = [place for place in left if place not in places]


def _first_of_each(frame: pd.DataFrame, number: Numbers) -> pd.DataFrame:
    return frame[~pd.Series(number).duplicated().to_numpy()]


def _unexpected(
    distinct: pd.DataFrame, asked: list[Mapping[str, Any]], parameters: Mapping[str, Any]
) -> list[list[int]]:
    """The numbers of the unexpected rows: which expectations fail first, then where they do.

    Asking for the places of all takes twice as long, and most expectations hold.
    """
    distinct = distinct.reset_index(drop=True).assign(**{NUMBER: np.arange(len(distinct))})
    held = run_suite(distinct, asked, parameters, {"result_format": "BOOLEAN_ONLY"})
    failing = [place for place, result in enumerate(held) if not result.success]
    found: list[list[int]] = [[] for _ in asked]
    if failing:
        wanted = {"result_format": "COMPLETE", "unexpected_index_column_names": [NUMBER]}
        again = run_suite(distinct, [asked[place] for place in failing], parameters, wanted)
        for place, result in zip(failing, again, strict=True):
            found[place] = [int(item[NUMBER]) for item in result.result["unexpected_index_list"]]
    return found


@lru_cache(maxsize=1)
def _batch_definition() -> Any:
    """Frames in an ephemeral context: nothing is written, nothing is sent, no progress bars."""
    from great_expectations.data_context.types.base import ProgressBarsConfig

    from atips_analysis.quality.expectations import great_expectations as gx

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False, metric_calculations=False)
    asset = context.data_sources.add_pandas("rows").add_dataframe_asset("rows")
    return asset.add_batch_definition_whole_dataframe("all")
