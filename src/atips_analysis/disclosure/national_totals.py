"""National totals of a year: what is always printed, whatever a breakdown needs."""

from __future__ import annotations

from collections.abc import Hashable, Iterable

from atips_analysis.indicators.measure import measures


def national_totals(keys: Iterable[Hashable]) -> frozenset[Hashable]:
    """Of some cells those that are the number of persons of a whole year, broken down by nothing.

    They are printed exactly from the threshold on, as fewer than it from 1, and 0 as 0: as UNODC
    prints them, so that national and international tables never contradict one another.
    """
    counted = {
        f"{one.indicator_id} {one.unit}"
        for one in measures()
        if one.persons and one.statistic == "count"
    }
    return frozenset(
        key
        for key in keys
        if isinstance(key, tuple) and len(key) == 3 and not key[2]
        if key[0] in counted and str(key[1]).isdigit()
    )
