"""Great Expectations, asked once for each distinct value.

Every expectation of the suites judges a column value by value, so a value that stands in a
million rows needs to be judged once. The frame handed to Great Expectations holds each column's
distinct values, numbered; the numbers of the unexpected ones lead back to the rows. A test
compares the outcome with Great Expectations run plainly on all rows.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd

from atips_analysis.quality.checking import Boolean

NUMBER = "value_number"
FEW = 2_000
"""Columns of up to so many distinct values are judged together, the others one by one."""

Expectation = dict[str, Any]


def unexpected_rows(
    frame: pd.DataFrame, expectations: list[Expectation], parameters: Mapping[str, Any]
) -> list[Boolean]:
    """For each column expectation, which rows of `frame` fail it."""
    columns = sorted({item["kwargs"]["column"] for item in expectations})
    found: list[Boolean] = [np.zeros(len(frame), dtype=bool) for _ in expectations]
    if frame.empty or not expectations:
        return found
    numbered = {name: pd.factorize(frame[name], use_na_sentinel=False) for name in columns}
    few = [name for name in columns if len(numbered[name][1]) <= FEW]
    together = [few] if few else []
    for names in [*together, *([name] for name in columns if name not in few)]:
        places = [i for i, item in enumerate(expectations) if item["kwargs"]["column"] in names]
        distinct = _side_by_side({name: numbered[name][1] for name in names})
        asked = [expectations[i] for i in places]
        for place, numbers in zip(places, _unexpected(distinct, asked, parameters), strict=True):
            codes, values = numbered[expectations[place]["kwargs"]["column"]]
            wrong = np.zeros(max(len(values), len(distinct)), dtype=bool)
            wrong[numbers] = True
            found[place] = wrong[codes]
    return found


def unexpected_columns(frame: pd.DataFrame, expectation: Expectation) -> list[str]:
    """The columns of `frame` that `expect_table_columns_to_match_set` does not allow."""
    result = run_suite(frame.head(1), [expectation], {}, {"result_format": "COMPLETE"})[0]
    mismatched = result.result.get("details", {}).get("mismatched", {})
    return [str(name) for name in mismatched.get("unexpected", [])]


def run_suite(
    frame: pd.DataFrame,
    expectations: Iterable[Expectation],
    parameters: Mapping[str, Any],
    result_format: Mapping[str, Any],
) -> list[Any]:
    """The results of Great Expectations for `frame`, in the order of `expectations`."""
    gx = _great_expectations()
    suite = gx.ExpectationSuite(name="suite", expectations=list(expectations))
    places = {id(item): place for place, item in enumerate(suite.expectations)}
    for item in suite.expectations:
        item.meta = {**(item.meta or {}), "place": places[id(item)]}
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


def _unexpected(
    distinct: pd.DataFrame, expectations: list[Expectation], parameters: Mapping[str, Any]
) -> list[list[int]]:
    """The numbers of the unexpected values: which expectations fail first, then where they do.

    Asking for the places of all takes twice as long, and most expectations hold.
    """
    held = run_suite(distinct, expectations, parameters, {"result_format": "BOOLEAN_ONLY"})
    failing = [place for place, result in enumerate(held) if not result.success]
    found: list[list[int]] = [[] for _ in expectations]
    if failing:
        asked = {"result_format": "COMPLETE", "unexpected_index_column_names": [NUMBER]}
        again = [expectations[place] for place in failing]
        for place, result in zip(
            failing, run_suite(distinct, again, parameters, asked), strict=True
        ):
            found[place] = [int(item[NUMBER]) for item in result.result["unexpected_index_list"]]
    return found


def _side_by_side(distinct: Mapping[str, Any]) -> pd.DataFrame:
    """The distinct values of each column as one frame; shorter columns repeat their first value."""
    height = max(len(values) for values in distinct.values())
    columns = {}
    for name, values in distinct.items():
        filled = np.empty(height, dtype=object)
        filled[: len(values)] = np.asarray(values, dtype=object)
        filled[len(values) :] = filled[0]
        columns[name] = pd.Series(filled, dtype="str")
    return pd.DataFrame({**columns, NUMBER: np.arange(height)})


@lru_cache(maxsize=1)
def _great_expectations() -> Any:
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    import great_expectations as gx

    logging.getLogger("great_expectations").setLevel(logging.ERROR)
    return gx


@lru_cache(maxsize=1)
def _batch_definition() -> Any:
    """Frames in an ephemeral context: nothing is written, nothing is sent, no progress bars."""
    gx = _great_expectations()
    from great_expectations.data_context.types.base import ProgressBarsConfig

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False, metric_calculations=False)
    asset = context.data_sources.add_pandas("rows").add_dataframe_asset("rows")
    return asset.add_batch_definition_whole_dataframe("all")
