"""Reading the framework's tables: every value as text, required columns checked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from atips_analysis.codebook import read_saved
from atips_analysis.errors import InputError
from atips_analysis.profile import UNSEEN
from atips_analysis.words.said import Message

UNSEEN_OR_TAG = re.compile(f"[{UNSEEN}]|<[a-z/!?]", re.IGNORECASE)


def read_framework_table(
    path: Path, *, columns: Sequence[str], key: Sequence[str] = ()
) -> pd.DataFrame:
    """A table of `data/framework`, or the register of pages, as text, blanks as empty strings.

    Parameters
    ----------
    path : Path
        A CSV file, UTF-8, as Excel saves it: semicolons or tabs for commas, blank rows below.
    columns : sequence of str
        Columns that must be there; others are kept.
    key : sequence of str
        Columns that together may not repeat.

    Raises
    ------
    InputError
        If the file is missing or cannot be read, lacks a column, or repeats a key.
    """
    name = "/".join(path.parts[-3:] if "data" in path.parts[-3:] else path.parts[-2:])
    if not path.is_file():
        raise InputError(
            Message("the file is missing; restore it from the repository").format(), file=name
        )
    try:
        table = read_saved(path)
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
    _check_seen(table, name)
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


def _check_seen(table: pd.DataFrame, name: str) -> None:
    """Stop at what no reader sees and a page, a terminal or a browser would obey."""
    for column in table:
        for row, text in enumerate(table[column], start=2):
            if found := UNSEEN_OR_TAG.search(text):
                raise InputError(
                    Message(
                        "{column} holds {mark}, a character that nobody sees or a tag of HTML; take "
                        "it out, or type the cell again"
                    ).format(column=column, mark=ascii(found[0])),
                    file=name,
                    row=row,
                )


def numbers_of(
    table: pd.DataFrame, column: str, path: Path, *, whole: bool = True, blank: bool = False
) -> pd.Series:
    """A column of a table of `read_framework_table` as numbers, Int64 or Float64.

    Parameters
    ----------
    path : Path
        The file, for whoever reads what is wrong.
    whole : bool
        Whether they have to be whole numbers.
    blank : bool
        Whether nothing is a missing number; otherwise it is refused too.

    Raises
    ------
    InputError
        If a value is no such number, with its row.
    """
    said = table[column]
    right = said.str.fullmatch("-?[0-9]{1,15}" if whole else r"-?[0-9]{1,15}(\.[0-9]+)?")
    for row, value in said[~(right | (said.eq("") & blank))].items():
        raise InputError(
            Message("{value!r} in {column} is no number that can stand there; correct it").format(
                value=value, column=column
            ),
            file="/".join(path.parts[-3:]),
            row=int(str(row)) + 2,
        )
    return pd.to_numeric(said.replace("", None)).astype("Int64" if whole else "Float64")


def records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of a table as dictionaries, column name to value."""
    return [{str(name): value for name, value in row.items()} for row in table.to_dict("records")]
