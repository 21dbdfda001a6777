"""What the house's own kinds of expectation share: a check a row, and helpers on columns of text."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import pandas as pd

from atips_analysis.codebook import Codebook

Extent = Literal["all", "part"]
Boolean = np.ndarray[Any, np.dtype[np.bool_]]
Numbers = np.ndarray[Any, np.dtype[Any]]


@dataclass(frozen=True)
class Check:
    """Whether the rule holds for each row; where it does not apply it holds.

    `detail` says, where the rule fails, what the row contradicts: a text a row. `told_as` names the
    code list whose labels tell it; "columns" stands for names of columns, separated by semicolons.
    """

    holds: Boolean
    detail: Numbers | None = None
    told_as: str = ""


@dataclass(frozen=True)
class Returns:
    """The rows of all streams that were sent together, for what a row points to.

    `accepted` holds the accepted rows of each stream once the streams are judged, and nothing
    before. `extent` says whether the rows are all that there are, or a part (some files of some
    years).
    """

    codebook: Codebook
    frames: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    accepted: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    extent: Extent = "all"

    def of(self, stream: str) -> pd.DataFrame:
        """The rows of a stream; without rows when nobody sent it."""
        if stream in self.frames:
            return self.frames[stream]
        names = [column.name for column in self.codebook.streams[stream].columns]
        return pd.DataFrame(columns=[*names, "submitted_for"], dtype="str")


CheckFunction = Callable[..., Check]


@dataclass(frozen=True)
class Kind:
    """A kind of expectation of the house: the function that checks, and how it is asked.

    `by_row`: the check of a row depends on its own columns alone (and on other streams), so that
    equal rows need to be asked once. `last`: it is asked once the other streams are judged.
    `one_column`: it reads one column, named by `column`; the others name theirs by `column_list`.
    """

    function: CheckFunction
    by_row: bool = True
    last: bool = False
    one_column: bool = False

    @property
    def settings(self) -> dict[str, inspect.Parameter]:
        """The arguments beyond `column_list`, with their types and defaults."""
        return dict(list(inspect.signature(self.function, eval_str=True).parameters.items())[2:])


KINDS: dict[str, Kind] = {}
"""The house's own kinds of expectation, by the name that a suite calls them by."""


def expectation(**asked: bool) -> Callable[[CheckFunction], CheckFunction]:
    """Declare a check of rows, `f(own, returns, **settings)`, as a kind of expectation (see `Kind`).

    `own` holds the columns that the rule names, in that order.
    """

    def declared(function: CheckFunction) -> CheckFunction:
        KINDS[function.__name__] = Kind(function, **asked)
        return function

    return declared


def check(applies: Any, ok: Any, detail: Numbers | None = None, told_as: str = "") -> Check:
    """The check of a rule that holds where `ok`, judged only where it `applies`."""
    holds = ~np.asarray(applies, dtype=bool) | np.asarray(ok, dtype=bool)
    return Check(holds, detail, told_as)


def given(column: pd.Series) -> Boolean:
    """Where a value is there."""
    return np.asarray(column.notna(), dtype=bool)


def equals(column: pd.Series, value: str) -> Boolean:
    """Where the column is `value`; a blank is not."""
    return np.asarray(column.eq(value).fillna(False), dtype=bool)


def within(column: pd.Series, values: Any) -> Boolean:
    """Where the column is one of `values`; a blank is not."""
    return np.asarray(column.isin(list(values)), dtype=bool)


def text(column: pd.Series) -> Numbers:
    """The column as an array of text, blanks as nothing."""
    return np.asarray(column.astype("object").where(column.notna(), ""), dtype=object)


def each_distinct(column: pd.Series, value_of: Callable[[Any], Any], dtype: Any) -> Numbers:
    """`value_of` every value, computed once for each distinct one; a blank is passed as None."""
    codes, distinct = pd.factorize(column, use_na_sentinel=True)
    known = [value_of(value) for value in distinct] + [value_of(None)]
    return np.asarray(np.array(known, dtype=dtype)[codes])


def numbers(column: pd.Series) -> Numbers:
    """The column as numbers; what is not a whole number is missing (nan)."""
    return each_distinct(column, _number, float)


def months(column: pd.Series) -> Numbers:
    """Months since year 0 (12 × year + month − 1); what is not a month is missing (nan)."""
    return each_distinct(column, _month, float)


def return_year(submitted_for: pd.Series) -> Numbers:
    """The year of the return of each row; missing (nan) where none is said."""
    return np.asarray(pd.to_numeric(submitted_for, errors="coerce"), dtype=float)


def groups(frame: pd.DataFrame, columns: list[str]) -> Numbers:
    """The number of the group of rows that share `columns`, from 0; a blank is a value."""
    return finer(np.zeros(len(frame), dtype="int64"), [factorized(frame[c]) for c in columns])


def factorized(column: pd.Series) -> tuple[Numbers, int]:
    """A number for each distinct value in order of appearance, a blank -1, and how many there are."""
    codes, distinct = pd.factorize(column, use_na_sentinel=True)
    return codes, len(distinct)


def finer(number: Numbers, columns: list[tuple[Numbers, int]]) -> Numbers:
    """Groups by number, each parted by the values of columns (`factorized`) too."""
    for codes, distinct in columns:
        number = pd.factorize(number * (distinct + 1) + codes)[0].astype("int64")
    return number


def broad_age(codebook: Codebook) -> dict[str, str]:
    """Each code of the age groups that tells CHILD (under 18) from ADULT."""
    table = codebook.codelist("age_group").table
    broad = {}
    for row in table.to_dict("records"):
        if row["max_age"] and int(row["max_age"]) < 18:
            broad[row["code"]] = "CHILD"
        elif row["min_age"] and int(row["min_age"]) >= 18:
            broad[row["code"]] = "ADULT"
    return broad


def stage_order(codebook: Codebook) -> dict[str, int]:
    """Each stage of a case and its place in the order in which stages follow."""
    order = codebook.codelist("case_stage").attribute("order")
    return {code: int(value) for code, value in order.items()}


def _number(value: Any) -> float:
    written = "" if value is None else str(value)
    return float(written) if written.isascii() and written.isdigit() else np.nan


def _month(value: Any) -> float:
    written = "" if value is None else str(value)
    if len(written) != 7 or written[4] != "-":
        return np.nan
    year, month = _number(written[:4]), _number(written[5:])
    return 12 * year + month - 1 if 1 <= month <= 12 else np.nan
