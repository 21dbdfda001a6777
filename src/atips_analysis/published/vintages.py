"""What UNODC changed about past years between one vintage of its file and the next."""

from __future__ import annotations

import pandas as pd

from atips_analysis.published.sources import UNODC_KEY

CHANGES = ("added", "removed", "zero now shown", "changed")
"""Closed vocabulary. A hidden count that is now printed as 0 is the newer file's rule, no change."""


def vintage_differences(unodc: pd.DataFrame) -> pd.DataFrame:
    """Every cell that differs between the oldest and the newest vintage.

    Countries that the vintages spell differently are compared under one name. Keys that stand
    more than once are compared as what they print, each value once.

    Returns
    -------
    DataFrame
        indicator, dimension, category, sex, age, year, before, after (as printed, blank where
        the vintage has no such cell) and change, one of `CHANGES`.
    """
    named = unodc.assign(category=unodc["name"])
    oldest, newest = named["vintage"].min(), named["vintage"].max()
    key = [*UNODC_KEY, "year"]
    before = _printed(named[named["vintage"] == oldest], key, "before")
    after = _printed(named[named["vintage"] == newest], key, "after")
    both = before.merge(after, on=key, how="outer").fillna({"before": "", "after": ""})
    both = both[both["before"] != both["after"]].reset_index(drop=True)
    both["change"] = [
        _change(old, new) for old, new in zip(both["before"], both["after"], strict=True)
    ]
    return both.sort_values(["year", *UNODC_KEY], kind="stable").reset_index(drop=True)


def count_differences(differences: pd.DataFrame) -> pd.DataFrame:
    """How many cells of each year and indicator changed, in each way of `CHANGES`."""
    table = differences.pivot_table(
        index=["indicator", "year"], columns="change", values="before", aggfunc="size", fill_value=0
    )
    table = table.reindex(columns=list(CHANGES), fill_value=0).astype(int)
    return table.reset_index().rename_axis(columns=None)


def categories_renamed(unodc: pd.DataFrame) -> list[tuple[str, str, str]]:
    """Cells of past years that one category lost and another gained, as (found, where, sources).

    Only where a category disappears and a new one appears in the same indicator, year and
    dimension: the newer file may have moved people from one group to another.
    """
    differences = vintage_differences(unodc)
    sources = unodc.drop_duplicates("vintage").sort_values("vintage")["source_id"]
    found = []
    for (indicator, dimension, year), rows in differences.groupby(
        ["indicator", "dimension", "year"]
    ):
        lost = rows.loc[rows["change"] == "removed", "category"].tolist()
        gained = rows.loc[rows["change"] == "added", "category"].tolist()
        if lost and gained:
            found.append(
                (
                    f"{indicator} {year}, {dimension}: {', '.join(lost)} in the older file, "
                    f"{', '.join(gained)} in the newer one",
                    f"{indicator}, {year}, {dimension}",
                    f"{sources.iloc[0]}, {sources.iloc[-1]}",
                )
            )
    return found


def _printed(rows: pd.DataFrame, key: list[str], name: str) -> pd.DataFrame:
    joined = rows.groupby(key)["printed"].agg(lambda values: " and ".join(sorted(set(values))))
    return joined.rename(name).reset_index()


def _change(before: str, after: str) -> str:
    if not before:
        return "added"
    if not after:
        return "removed"
    if before == "<5" and set(after.split(" and ")) <= {"0", "<5"}:
        return "zero now shown"
    return "changed"
