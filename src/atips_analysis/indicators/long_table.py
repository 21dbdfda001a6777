"""The tidy table in its long form: the same columns whatever a value is broken down by."""

from __future__ import annotations

import pandas as pd

from atips_analysis.codebook import dimensions
from atips_analysis.errors import InputError
from atips_analysis.indicators.place import TOTAL

LONG = {
    "indicator_id": "code of the indicator, such as PROT-01",
    "unit_of_count": "what one is: VICTIM, CASE, SESSION, …; units are never added up",
    "statistic": "count, percent, ratio, rate (per 100,000), median or mean",
    "breakdown": "what the value is broken down by, as `by` names it: sex, sex x form, or Total",
    "category": "its category, or categories in the same order: F, F x LAB, or Total",
    "period": "2024, 2022-2024, 2024-Q3, 2024-H1 or 2024-03..2024-08",
    "value": "the number; missing where it is hidden or not known",
    "low": "the least that a hidden number can be, where the table says so",
    "high": "the most that it can be",
    "n": "how many units the number is of: the count itself, what a percent, ratio, median or mean "
    "is of, the count behind a rate",
    "ci_low": "lower end of the 95 % interval",
    "ci_high": "upper end of the 95 % interval",
    "status": "as in the wide table: OK, Z, C, M, NC, NAP",
    "source": "register, or simulated",
    "vintage": "the edition of the data bank",
    "note": "what is said of the row, such as that it stands as printed earlier",
}
"""Columns of `long_table`, and what they hold."""

BEHIND = {"count": "value", "rate": "numerator"}


def long_table(table: pd.DataFrame) -> pd.DataFrame:
    """The rows of an indicator table with one column for breakdowns and one for categories.

    Parameters
    ----------
    table : DataFrame
        As `atips.indicator` or `atips.public_table` gives it: one row a value.

    Returns
    -------
    DataFrame
        The same rows in the same order, with the columns of `LONG` that the table has. ``attrs``
        are those of `table`.

    Raises
    ------
    InputError
        If the frame is no indicator table.
    """
    lacking = [
        name for name in ("indicator_id", "statistic", "period", "value") if name not in table
    ]
    if lacking:
        raise InputError(
            f"this frame has no column {lacking[0]}; give one of atips.indicator or "
            "atips.public_table"
        )
    names = [name for name in table.columns if name in dimensions()]
    places = [
        [(name, str(code)) for name, code in zip(names, codes, strict=True) if code != TOTAL]
        for codes in table[names].itertuples(index=False, name=None)
    ]
    numbers = table[["value", "numerator", "denominator"]].astype("Float64")
    behind = table["statistic"].map(BEHIND).fillna("denominator")
    n = pd.Series(pd.NA, index=table.index, dtype="Float64")
    for column in numbers:
        n = n.mask(behind == column, numbers[column])
    long = table.assign(
        breakdown=[" x ".join(name for name, _ in place) or TOTAL for place in places],
        category=[" x ".join(code for _, code in place) or TOTAL for place in places],
        value=numbers["value"],
        n=n,
    )
    found = long[[name for name in LONG if name in long]].reset_index(drop=True)
    found.attrs = dict(table.attrs)
    return found
