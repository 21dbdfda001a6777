"""Reading the framework's tables: every value as text, required columns checked."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from atips_analysis.errors import InputError
from atips_analysis.words.said import Message


def read_framework_table(
    path: Path, *, columns: Sequence[str], key: Sequence[str] = ()
) -> pd.DataFrame:
    """A table of `data/framework` as text, blanks as empty strings.

    Parameters
    ----------
    path : Path
        A CSV file, UTF-8.
    columns : sequence of str
        Columns that must be there; others are kept.
    key : sequence of str
        Columns that together may not repeat.

    Raises
    ------
    InputError
        If the file is missing or cannot be read, lacks a column, or repeats a key.
    """
    name = "/".join(path.parts[-3:])
    if not path.is_file():
        raise InputError(
            Message("the file is missing; restore it from the repository").format(), file=name
        )
    try:
        table = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8")
    except (UnicodeDecodeError, pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise InputError(
            Message(
                "cannot be read as a CSV file in UTF-8 ({why}); save it again as CSV UTF-8"
            ).format(why=" ".join(str(error).split())),
            file=name,
        ) from error
    missing = [column for column in columns if column not in table.columns]
    if missing:
        raise InputError(
            Message("the column {missing} is missing; add it").format(missing=", ".join(missing)),
            file=name,
        )
    if key:
        twice = table.duplicated(list(key))
        if twice.any():
            at = int(twice.to_numpy().argmax())
            value = ", ".join(str(table[column].iloc[at]) for column in key)
            raise InputError(
                Message("{value} stands twice; keep one row").format(value=value),
                file=name,
                row=at + 2,
            )
    return table


def records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of a table as dictionaries, column name to value."""
    return [{str(name): value for name, value in row.items()} for row in table.to_dict("records")]
