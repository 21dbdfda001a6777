"""The tidy table as a file: the same table, the same bytes."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pandas as pd

from atips_analysis.errors import InputError
from atips_analysis.indicators.compute import DIMENSIONS, TIDY_COLUMNS, TOTAL

NUMBERS = ["value", "numerator", "denominator", "ci_low", "ci_high"]


def write_table(table: pd.DataFrame, path: Path) -> None:
    """Write a tidy table as CSV, whole or not at all; whole numbers without a decimal point."""
    path.parent.mkdir(parents=True, exist_ok=True)
    out = table.copy()
    for column in NUMBERS:
        out[column] = out[column].map(_number)
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    out.to_csv(beside, index=False, encoding="utf-8", lineterminator="\n")
    os.replace(beside, path)


def read_table(path: Path) -> pd.DataFrame:
    """Read a tidy table; numbers as numbers (Float64), all else as text.

    A table written before a dimension was added was not broken down by it: Total.

    Raises
    ------
    InputError
        If the file is not there or lacks a column of the tidy table.
    """
    if not path.is_file():
        raise InputError("no such table; make it with atips build or atips indicators", file=path)
    table = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8")
    lacking = [name for name in TIDY_COLUMNS if name not in table and name not in DIMENSIONS]
    if lacking:
        raise InputError(f"not a table of indicators: no column {lacking[0]}", file=path)
    for dimension in DIMENSIONS:
        if dimension not in table:
            table[dimension] = TOTAL
    table = table[[*TIDY_COLUMNS, *table.columns.difference(list(TIDY_COLUMNS), sort=False)]]
    for column in NUMBERS:
        table[column] = pd.to_numeric(table[column].replace("", None)).astype("Float64")
    return table


def _number(value: Any) -> str:
    if pd.isna(value):
        return ""
    number = float(value)
    return str(int(number)) if number == int(number) else f"{number:.6g}"
