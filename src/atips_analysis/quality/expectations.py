"""The house's own kinds of expectation, for Great Expectations.

Importing this module registers them, so that Great Expectations reads the suites of `expectations/`
like any others; `parameters` fills their code lists. With plain Great Expectations::

    from atips_analysis.quality import expectations

    suite = gx.ExpectationSuite(**json.loads(Path("expectations/victims.json").read_text("utf-8")))
    batch.validate(suite, expectation_parameters=expectations.parameters())

What a row points to in another stream is looked up in the frames given by `looking_up_in`, and holds where
there are none.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import pandas as pd

os.environ["GX_ANALYTICS_ENABLED"] = "false"

import great_expectations
from great_expectations.execution_engine import PandasExecutionEngine  # type: ignore[attr-defined]
from great_expectations.expectations.expectation import (
    ColumnMapExpectation,
    Expectation,
    MulticolumnMapExpectation,
)
from great_expectations.expectations.metrics.map_metric_provider import (  # type: ignore[attr-defined]
    ColumnMapMetricProvider,
    MulticolumnMapMetricProvider,
)
from great_expectations.expectations.metrics.map_metric_provider.column_condition_partial import (
    column_condition_partial,
)
from great_expectations.expectations.metrics.map_metric_provider.multicolumn_condition_partial import (
    multicolumn_condition_partial,
)

from atips_analysis.codebook import Codebook, load_codebook
from atips_analysis.quality import between_rows, within_rows  # noqa: F401  they declare KINDS
from atips_analysis.quality.expectation_kinds import KINDS, Kind, Returns

logging.getLogger("great_expectations").setLevel(logging.ERROR)
ONE_COLUMN: tuple[Any, ...] = (
    ColumnMapExpectation,
    ColumnMapMetricProvider,
    column_condition_partial,
)
SEVERAL_COLUMNS: tuple[Any, ...] = (
    MulticolumnMapExpectation,
    MulticolumnMapMetricProvider,
    multicolumn_condition_partial,
)
_returns: ContextVar[Returns | None] = ContextVar("returns", default=None)


@contextmanager
def looking_up_in(returns: Returns) -> Iterator[None]:
    """While it lasts, expectations look up in `returns` what a row points to."""
    token = _returns.set(returns)
    try:
        yield
    finally:
        _returns.reset(token)


def parameters(codebook: Codebook | None = None) -> dict[str, Any]:
    """The values of the suites' parameters, from the code lists and the country's profile.

    `codes_LIST`: the codes that a row may carry; `several_LIST`: a pattern of one or more of them,
    separated by semicolons; `case_pattern`: the pattern of the Committee's codes of cases.
    """
    codebook = codebook or load_codebook()
    values: dict[str, Any] = {"case_pattern": codebook.case_pattern}
    for name, codelist in codebook.codelists.items():
        one = "|".join(codelist.codes)
        values[f"codes_{name}"] = list(codelist.codes)
        values[f"several_{name}"] = f"^(?:{one})(?:;(?:{one}))*$"
    return values


def _registered(name: str, kind: Kind) -> type[Expectation]:
    """A kind of the house as a class of Great Expectations, with the metric that it asks for."""
    metric, settings = f"rows.{name.removeprefix('expect_')}", kind.settings
    base, provider, condition = ONE_COLUMN if kind.one_column else SEVERAL_COLUMNS

    def holds(cls: type, own: Any, **values: Any) -> pd.Series:
        returns = _returns.get() or Returns(load_codebook())
        asked = {setting: values[setting] for setting in settings}
        frame = own.to_frame() if kind.one_column else own
        found = kind.function(frame.reset_index(drop=True), returns, **asked)
        return pd.Series(found.holds, index=own.index, dtype=bool)

    type(
        f"Metric{name}",
        (provider,),
        {
            "condition_metric_name": metric,
            "condition_value_keys": tuple(settings),
            "_pandas": condition(engine=PandasExecutionEngine)(holds),
        },
    )
    body: dict[str, Any] = {
        "__annotations__": {setting: found.annotation for setting, found in settings.items()},
        "__doc__": kind.function.__doc__,
        "__module__": __name__,
        "map_metric": metric,
        "success_keys": ("mostly", *settings),
    }
    if not kind.one_column:
        body["__annotations__"]["ignore_row_if"] = str
        body["ignore_row_if"] = "never"
    for setting, found in settings.items():
        if found.default is not found.empty:
            body[setting] = found.default
    words = "".join(part.capitalize() for part in name.split("_"))
    made: type[Expectation] = type(base)(words, (base,), body)
    return made


HOUSE = {name: _registered(name, kind) for name, kind in KINDS.items()}
"""The classes, by the name that a suite calls them by."""

__all__ = ["HOUSE", "great_expectations", "looking_up_in", "parameters"]
