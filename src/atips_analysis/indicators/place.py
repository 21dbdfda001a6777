"""Where a value stands: at most two (dimension, category) pairs, and an id made of its place.

Inside, a table of indicators has a row a value with the columns `TIDY_COLUMNS`: what it is broken
down by stands in `by_1`, `category_1`, `by_2`, `category_2` (all blank for a total), in the order
of the codebook's dimensions, and its index `row` is the id of the row. At the edge, in files and on
pages, every dimension has a column of its own (`wide_columns`); `wide` and `narrow` go between.
"""

from __future__ import annotations

import hashlib
from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from atips_analysis.codebook import dimensions
from atips_analysis.errors import InputError

TOTAL = "Total"
"""What the column of a dimension holds that a value is not broken down by."""

NAME = ("indicator_id", "unit_of_count", "statistic", "period")
SPAN = ("period_start", "period_end")
PLACE = ("by_1", "category_1", "by_2", "category_2")
VALUE = tuple(
    """value numerator denominator ci_low ci_high method status low high source vintage
    note""".split()
)
RANGE = ("low", "high")
"""The range of a hidden count; blank elsewhere."""
TIDY_COLUMNS = (*NAME, *SPAN, *PLACE, *VALUE)
MOST = 2
"""Dimensions that a value may be broken down by together."""


def wide_columns() -> tuple[str, ...]:
    """The columns of a table of indicators in files: the contract, a column a dimension."""
    return (*NAME, *SPAN, *dimensions(), *VALUE)


def identity() -> tuple[str, ...]:
    """The columns of a wide table that say where a value stands."""
    return (*NAME, *dimensions())


def row_id(place: Mapping[str, Any]) -> str:
    """The id of a row: the first 16 digits of the SHA-256 of its place.

    Parameters
    ----------
    place : mapping
        Column to value of all that says what the row is about; what is blank or `Total` counts for
        nothing, so that a table with a further dimension has the same ids.
    """
    said = sorted(f"{name}={value}" for name, value in place.items() if value not in ("", TOTAL))
    return hashlib.sha256("\n".join(said).encode("utf-8")).hexdigest()[:16]


def place(cell: Mapping[str, str]) -> dict[str, str]:
    """The columns `PLACE` of a row that is broken down by `cell` (dimension to category).

    Raises InputError if it is broken down by more than two dimensions.
    """
    if len(cell) > MOST:
        raise InputError(f"a table by {', '.join(cell)} has too many dimensions; give two")
    pairs = list(cell.items())
    if len(pairs) > 1:
        pairs.sort(key=lambda pair: dimensions().index(pair[0]))
    return dict(zip(PLACE, [*(x for pair in pairs for x in pair), "", "", "", ""], strict=False))


def cell_of(row: Mapping[Hashable, Any]) -> dict[str, str]:
    """What a row is broken down by: dimension to category, nothing for a total."""
    pairs = ((row["by_1"], row["category_1"]), (row["by_2"], row["category_2"]))
    return {str(by): str(category) for by, category in pairs if by}


def is_total(table: pd.DataFrame) -> pd.Series:
    """Which rows are broken down by nothing."""
    return table["by_1"].eq("")


def by_row_id(table: pd.DataFrame) -> pd.DataFrame:
    """The same table with its rows' ids as index.

    Raises InputError if two rows stand at one place.
    """
    names = [*NAME, *PLACE]
    columns = [table[name].astype("str") for name in names]
    ids = [
        row_id(
            dict(zip(NAME, line[:4], strict=True))
            | cell_of(dict(zip(PLACE, line[4:], strict=True)))
        )
        for line in zip(*columns, strict=True)
    ]
    index = pd.Index(ids, name="row", dtype="str")
    if index.has_duplicates:
        twice = table[names].iloc[int(index.duplicated().argmax())]
        raise InputError(
            f"{' '.join(part for part in map(str, twice) if part)} stands twice in the table of "
            "indicators; keep one row"
        )
    return table.set_axis(index, axis=0)


def wide(table: pd.DataFrame) -> pd.DataFrame:
    """A table as its file has it: a column a dimension, rows numbered, other columns behind."""
    columns: dict[str, Any] = {name: table[name].to_numpy() for name in (*NAME, *SPAN)}
    first, second = table["by_1"].to_numpy(), table["by_2"].to_numpy()
    for name in dimensions():
        inner = np.where(second == name, table["category_2"], TOTAL)
        columns[name] = np.where(first == name, table["category_1"], inner)
    out = pd.DataFrame(columns, index=range(len(table)))
    rest = table.drop(columns=[*NAME, *SPAN, *PLACE]).reset_index(drop=True)
    text = dict.fromkeys(dimensions(), "str")
    return pd.concat([out.astype(text), rest], axis=1)


def narrow(table: pd.DataFrame) -> pd.DataFrame:
    """A wide table as it is handled inside; a dimension that it lacks it is not broken down by.

    Raises InputError if a row is broken down by more than two dimensions, or stands twice.
    """
    there = [name for name in dimensions() if name in table]
    places = _places(table, there)
    rest = table.drop(columns=there)
    own = pd.DataFrame(places, columns=list(PLACE), index=rest.index, dtype="str")
    whole = pd.concat([rest, own], axis=1)
    others = [name for name in rest.columns if name not in TIDY_COLUMNS]
    return by_row_id(whole[[*TIDY_COLUMNS, *others]])


def _places(table: pd.DataFrame, there: Sequence[str]) -> list[list[str]]:
    codes = table[list(there)].to_numpy(dtype=object)
    broken = codes != TOTAL
    places = []
    for at, (line, own) in enumerate(zip(broken, codes, strict=True), start=2):
        used = [int(one) for one in np.flatnonzero(line)]
        if len(used) > MOST:
            names = ", ".join(there[one] for one in used)
            raise InputError(f"is broken down by {names}; at most two dimensions go", row=at)
        pairs = [part for one in used for part in (there[one], str(own[one]))]
        places.append([*pairs, *[""] * (2 * MOST - len(pairs))])
    return places
