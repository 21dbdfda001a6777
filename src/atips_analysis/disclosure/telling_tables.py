"""Crossed tables that tell something of everyone in a group, by the zeros that they show.

Where all victims of one citizenship stand in one form, every other cell of the group is a true
zero, and hiding the one that is left hides nothing: whoever belongs to the group is in that form.
Such a crossing is not published at all; its categories have to be merged in the indicator first.
"""

from __future__ import annotations

import pandas as pd

from atips_analysis.indicators import DIMENSIONS

NOT_KNOWN = frozenset({"U", "UNK", "UNKNOWN"})
"""Codes that tell nothing of a person: a group of which nothing is known is no finding."""

TABLE = ["indicator_id", "unit_of_count", "statistic", "period"]
IDENTITY = [*TABLE, *DIMENSIONS]


def telling_tables(public: pd.DataFrame, raw: pd.DataFrame) -> dict[str, frozenset[int]]:
    """Crossings of counts that tell of a whole group, by name: the numbers of their rows in `raw`.

    Parameters
    ----------
    public : DataFrame
        The tidy table as it would be published. A group is a category of one dimension of a
        crossing with anybody in it, one person too; it is told of when a single cell of it,
        of a category that says something, is not shown as a true zero. A rounded 0 is no zero.
    raw : DataFrame
        The table that it was made from.

    Source: Hundepool and others (2012), Statistical Disclosure Control, section 5.2 (group
    attribute disclosure).
    """
    found: dict[str, frozenset[int]] = {}
    counted = public[public["statistic"] == "count"]
    dimensions = list(DIMENSIONS)
    crossing = (counted[dimensions] != "Total").apply(
        lambda row: tuple(name for name in dimensions if row[name]), axis=1
    )
    number_of = {tuple(row): number for number, row in zip(raw.index, _identity(raw), strict=True)}
    for (*table, by), rows in counted.groupby([*TABLE, crossing], sort=True):
        if len(by) == 2 and any(
            _tells(group, other) for one, other in (by, by[::-1]) for _, group in rows.groupby(one)
        ):
            name = f"{table[0]} {table[1]}, {table[3]}, by {' x '.join(by)}"
            found[name] = frozenset(number_of[tuple(row)] for row in _identity(rows))
    return found


def _identity(table: pd.DataFrame) -> list[tuple]:
    return list(table[IDENTITY].itertuples(index=False, name=None))


def _tells(group: pd.DataFrame, other: str) -> bool:
    """Whether everyone of a group is in one category that says something of them."""
    left = group.loc[group["status"] != "Z", other]
    return len(group) > 1 and len(left) == 1 and left.iloc[0] not in NOT_KNOWN
