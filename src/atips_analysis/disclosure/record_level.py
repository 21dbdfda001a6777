"""What a record-level file would be at this size: computed where records are, told as shares.

k-anonymity (Sweeney 2002; Samarati 2001): a record may leave when at least k records agree in all
characteristics that somebody could know of a person. The counter-trafficking data collaborative
used k = 11 for its k-anonymised file.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

CHARACTERISTICS = ("identified_year", "sex", "age_group", "citizenship_group", "form")
GROUP = 11
STEP = 10
"""Shares are told in steps of ten percentage points, so that no count can be read off them."""


def shares_left(
    victims: pd.DataFrame, k: int = GROUP, characteristics: tuple[str, ...] = CHARACTERISTICS
) -> list[dict[str, Any]]:
    """Share of records that k-anonymity leaves, as characteristics are added one by one.

    Parameters
    ----------
    victims : DataFrame
        One row a victim and year.
    k : int
        Smallest group of records that agree in every characteristic.
    characteristics : tuple of str
        Columns in the order in which they are added.

    Returns
    -------
    list of dict
        `characteristics`, and `percent_left` rounded down to tens.
    """
    found = []
    for number in range(1, len(characteristics) + 1):
        used = list(characteristics[:number])
        sizes = victims.groupby(used, dropna=False)[used[0]].transform("size")
        share = float((sizes >= k).mean()) if len(victims) else 0.0
        found.append({"characteristics": used, "percent_left": int(100 * share) // STEP * STEP})
    return found
