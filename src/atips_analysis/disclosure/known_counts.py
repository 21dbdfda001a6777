"""What a reader knows of each count that is printed, hidden, rounded or left out: its bounds."""

from __future__ import annotations

import pandas as pd

from atips_analysis.disclosure.rounded_tables import SHOWN, interval_of

HIDDEN_LEAST = 1
"""Zeros are printed, so that a hidden count is at least this."""


def known_bounds(counts: pd.DataFrame) -> pd.DataFrame:
    """The smallest and the largest count that each published one may stand for.

    Parameters
    ----------
    counts : DataFrame
        One row a count, of any index: value (missing where none is printed), status (a code of
        `cell_status`; a count of a table that is not published has none of OK, Z, R and C).

    Returns
    -------
    DataFrame
        low, high of the same index. A count that is printed is known; one that was rounded is what
        its number may stand for; a hidden one is 1 or more, and one that is not published 0 or
        more, both without an upper end: sums that they stand in have to give one.
    """
    pairs = zip(counts["value"], counts["status"], strict=True)
    bounds = [_bounds(value, str(status)) for value, status in pairs]
    return pd.DataFrame(bounds, columns=["low", "high"], index=counts.index, dtype=float)


def _bounds(value: float, status: str) -> tuple[float, float]:
    if status == "R":
        return interval_of(int(value))
    if status in SHOWN and pd.notna(value):
        return value, value
    return HIDDEN_LEAST if status == "C" else 0, float("inf")


def hidden_between(row: pd.Series) -> tuple[int, int] | None:
    """The range that is printed beside a hidden count; None where it has no upper end, or none."""
    low, high = row.get("low"), row.get("high")
    return None if pd.isna(low) or pd.isna(high) else (int(low), int(high))
