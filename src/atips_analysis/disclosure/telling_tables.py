"""Crossed tables that tell something of everyone in a group, by the zeros that they show.

Where all victims of one citizenship stand in one form, every other cell of the group is a true
zero, and hiding the one that is left hides nothing: whoever belongs to the group is in that form.
Such a crossing is not published at all; its categories have to be merged in the indicator first.
"""

from __future__ import annotations

import pandas as pd

from atips_analysis.indicators.place import NAME

NOT_KNOWN = frozenset({"U", "UNK", "UNKNOWN"})
"""Codes that tell nothing of a person: a group of which nothing is known is no finding."""


def telling_tables(public: pd.DataFrame) -> dict[str, frozenset[str]]:
    """Crossings of counts that tell of a whole group, by name: the ids of their rows.

    Parameters
    ----------
    public : DataFrame
        The tidy table as it would be published. A group is a category of one dimension of a
        crossing with anybody in it, one person too; it is told of when a single cell of it,
        of a category that says something, is not shown as a true zero. A rounded 0 is no zero.

    Source: Hundepool and others (2012), Statistical Disclosure Control, section 5.2 (group
    attribute disclosure).
    """
    found: dict[str, frozenset[str]] = {}
    crossed = public[(public["statistic"] == "count") & public["by_2"].ne("")]
    for (*table, first, second), rows in crossed.groupby([*NAME, "by_1", "by_2"], sort=True):
        if any(
            _tells(group, other)
            for one, other in (("category_1", "category_2"), ("category_2", "category_1"))
            for _, group in rows.groupby(one)
        ):
            found[f"{table[0]} {table[1]}, {table[3]}, by {first} x {second}"] = frozenset(
                rows.index
            )
    return found


def _tells(group: pd.DataFrame, other: str) -> bool:
    """Whether everyone of a group is in one category that says something of them."""
    left = group.loc[group["value"].ne(0).fillna(True), other]
    return len(group) > 1 and len(left) == 1 and left.iloc[0] not in NOT_KNOWN
