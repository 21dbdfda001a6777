"""What all checks share: a flag a row, and small helpers on columns of text."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd

from atips_analysis.codebook import Codebook

Extent = Literal["all", "part"]
FLAGS = ("not ok", "ok")
Boolean = np.ndarray[Any, np.dtype[np.bool_]]
Numbers = np.ndarray[Any, np.dtype[Any]]
Detail = Numbers | Mapping[str, Numbers] | None


@dataclass(frozen=True)
class Check:
    """A check column: `flag` is ok, not ok or blank (the rule does not apply) for each row.

    `detail` says, where the flag is not ok, what the value contradicts: a text a row, by language
    where it is words. Where it is a code, `detail_codelist` names the list with its labels.
    """

    flag: Any
    detail: Detail = None
    detail_codelist: str = ""


@dataclass(frozen=True)
class Rows:
    """The rows of one stream to check, with all streams' rows for what they point to.

    `accepted` holds the accepted rows of each stream in round 2, and nothing in round 1. `extent`
    says whether the rows are all that there are, or a part (some files of some years).
    """

    stream: str
    frames: Mapping[str, pd.DataFrame]
    codebook: Codebook
    accepted: Mapping[str, pd.DataFrame]
    extent: Extent = "all"

    @property
    def own(self) -> pd.DataFrame:
        return self.frames[self.stream]

    def of(self, stream: str) -> pd.DataFrame:
        """The rows of another stream; without rows when nobody sent it."""
        if stream in self.frames:
            return self.frames[stream]
        names = [column.name for column in self.codebook.streams[stream].columns]
        return pd.DataFrame(columns=names, dtype="str")


CheckFunction = Callable[[Rows], Check]


def check(
    applies: Any,
    ok: Any,
    detail: Detail = None,
    detail_codelist: str = "",
) -> Check:
    """The check of a rule that holds where `ok`, judged only where it `applies`."""
    codes = np.where(np.asarray(applies, dtype=bool), np.asarray(ok, dtype=bool), -1)
    small = np.asarray(codes, dtype=np.int8)
    flag = pd.Categorical.from_codes(small, categories=pd.Index(FLAGS))
    return Check(flag, detail, detail_codelist)


def given(column: pd.Series) -> Boolean:
    return np.asarray(column.notna(), dtype=bool)


def equals(column: pd.Series, value: str) -> Boolean:
    return np.asarray(column.eq(value).fillna(False), dtype=bool)


def within(column: pd.Series, values: Any) -> Boolean:
    return np.asarray(column.isin(list(values)), dtype=bool)


def text(column: pd.Series) -> Numbers:
    """The column as an array of text, blanks as nothing."""
    return np.asarray(column.astype("object").where(column.notna(), ""), dtype=object)


def each_distinct(column: pd.Series, value_of: Callable[[Any], Any], dtype: Any) -> Numbers:
    """`value_of` every value, computed once for each distinct one; a blank is passed as None."""
    codes, distinct = pd.factorize(column, use_na_sentinel=True)
    known = [value_of(value) for value in distinct] + [value_of(None)]
    return np.array(known, dtype=dtype)[codes]


def numbers(column: pd.Series) -> Numbers:
    """The column as numbers; what is not a whole number is missing (nan)."""
    return each_distinct(column, _number, float)


def months(column: pd.Series) -> Numbers:
    """Months since year 0 (12 × year + month − 1); what is not a month is missing (nan)."""
    return each_distinct(column, _month, float)


def return_year(frame: pd.DataFrame) -> Numbers:
    return np.asarray(pd.to_numeric(frame["submitted_for"], errors="coerce"), dtype=float)


def groups(frame: pd.DataFrame, columns: list[str]) -> Numbers:
    """The number of the group of rows that share `columns`, from 0; a blank is a value."""
    number = np.zeros(len(frame), dtype="int64")
    for name in columns:
        codes, distinct = pd.factorize(frame[name], use_na_sentinel=True)
        number = number * (len(distinct) + 1) + codes + 1
        number = pd.factorize(number)[0].astype("int64")
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
