"""What a reader knows of each count that is published."""

from __future__ import annotations

import pandas as pd
import pytest

from atips_analysis.disclosure.known_counts import known_bounds

INF = float("inf")


@pytest.mark.parametrize(
    ("value", "status", "low", "high"),
    [
        (7, "OK", 7, 7),
        (0, "Z", 0, 0),
        (3, "PV", 3, 3),
        (None, "C", 1, INF),
        (0, "R", 0, 9),
        (5, "R", 0, 14),
        (20, "R", 11, 29),
        (None, "NAP", 0, INF),
        (None, "M", 0, INF),
    ],
)
def test_a_count_is_bounded_by_what_is_printed_of_it(value, status, low, high) -> None:
    found = known_bounds(pd.DataFrame({"value": [value], "status": [status]}, index=["one"]))
    assert found.loc["one"].to_list() == [low, high]


def test_bounds_stand_where_their_counts_do() -> None:
    places = pd.MultiIndex.from_product([["F", "Total"], ["CHILD", "Total"]])
    counts = pd.DataFrame(
        {"value": [None, 5.0, 6.0, 7.0], "status": ["C", "OK", "R", "OK"]}, places
    )
    found = known_bounds(counts)
    assert found.index.equals(places)
    assert found.loc[("F", "CHILD")].to_list() == [1, INF]
