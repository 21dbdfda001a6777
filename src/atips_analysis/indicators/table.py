"""The tidy table as a file: the same table, the same bytes."""

from __future__ import annotations

from io import StringIO
from pathlib import Path
from typing import Any

import pandas as pd

from atips_analysis.errors import InputError
from atips_analysis.files import frame_csv, write_text
from atips_analysis.indicators.place import NAME, RANGE, SPAN, VALUE, narrow, wide

NUMBERS = ["value", "numerator", "denominator", "ci_low", "ci_high", *RANGE]


def write_table(table: pd.DataFrame, path: Path) -> None:
    """Write a tidy table as CSV, whole or not at all, a column a dimension.

    Whole numbers stand without a decimal point.
    """
    write_text(path, table_text(table))


def table_text(table: pd.DataFrame) -> str:
    """A tidy table as the text of its file."""
    out = wide(table)
    for column in NUMBERS:
        out[column] = out[column].map(_number)
    return frame_csv(out)


def read_table(path: Path) -> pd.DataFrame:
    """Read a tidy table as it is handled inside (`place.TIDY_COLUMNS`, rows by their ids).

    Numbers become numbers (Float64), all else stays text. A table written before a dimension was
    added was not broken down by it, and one written before hidden counts had a range has none.

    Raises InputError if the file is not there, lacks a column of the tidy table, or has a row that
    cannot be.
    """
    if not path.is_file():
        raise InputError("no such table; make it with atips build or atips indicators", file=path)
    return parse_table(path.read_text(encoding="utf-8"), path)


def parse_table(text: str, path: Path) -> pd.DataFrame:
    """A tidy table from the text of its file, as `read_table` gives it; `path` for messages."""
    table = pd.read_csv(StringIO(text), dtype=str, keep_default_na=False)
    table = table.reindex(
        columns=[*table.columns, *(r for r in RANGE if r not in table)], fill_value=""
    )
    lacking = [name for name in (*NAME, *SPAN, *VALUE) if name not in table]
    if lacking:
        raise InputError(f"not a table of indicators: no column {lacking[0]}", file=path)
    try:
        table = narrow(table)
    except InputError as error:
        raise InputError(str(error), file=path) from None
    for column in NUMBERS:
        table[column] = pd.to_numeric(table[column].replace("", None)).astype("Float64")
    return table


def _number(value: Any) -> str:
    if pd.isna(value):
        return ""
    number = float(value)
    return str(int(number)) if number == int(number) else f"{number:.6g}"
