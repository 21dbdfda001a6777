"""Shares within a time: what is the least and what the most, and when an interval may stand."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from atips_analysis.codebook import dimensions
from atips_analysis.framework import load_indicators
from atips_analysis.indicators.place import wide_columns
from atips_analysis.pages import Edition, format_cell, outcomes_within
from atips_analysis.project import find_project

HERE = find_project(Path(__file__).parent)


def share(indicator, unit, dimension, category, count, of, **more):
    """A row of the table: so many of so many; a hidden count where `count` is None."""
    hidden = count is None
    return {
        **dict.fromkeys(wide_columns(), ""),
        **dict.fromkeys(dimensions(), "Total"),
        "indicator_id": indicator,
        "unit_of_count": unit,
        "statistic": "percent",
        "period": "2021-2023",
        dimension: category,
        "value": pd.NA if hidden else 100 * count / of,
        "numerator": pd.NA if hidden else count,
        "denominator": pd.NA if hidden else of,
        "ci_low": pd.NA,
        "ci_high": pd.NA,
        "status": "C" if hidden else "OK" if count else "Z",
        **more,
    }


@pytest.fixture
def outcomes():
    """The table of outcomes, marks and numbers as they are printed, from these rows."""

    def of(unit, rows, lang="en"):
        about = {"simulated": False, "edition": "0" * 12}
        table = pd.DataFrame(rows, columns=list(wide_columns()))
        edition = Edition(
            table, load_indicators(HERE), about, lang, HERE, Path(), 2024, "2021-2023"
        )
        found = outcomes_within(edition, "2021-2023", unit)
        return [[format_cell(cell, lang) for cell in row] for row in found.to_numpy()]

    return of


def test_what_was_not_followed_so_long_is_the_way_from_the_least_to_the_most(outcomes):
    rows = [
        share("PROS-08", "CASE", "stage", "CHARGED_12", 8, 20, ci_low=19.1, ci_high=63.9),
        share("PROS-08", "CASE", "stage", "CHARGED_24", 10, 20),
        share("PROS-08", "CASE", "stage", "DISPOSED_12", None, 20),
        share("PROS-08", "CASE", "stage", "DISPOSED_24", 6, 20),
        share("PROS-08", "CASE", "stage", "NOT_FOLLOWED_12", 0, 20),
        share("PROS-08", "CASE", "stage", "NOT_FOLLOWED_24", 5, 20),
    ]
    assert outcomes("CASE", rows) == [
        ["Charged within 12 months", "8", "40.0", "40.0", "19.1 to 63.9", "0.0"],
        ["Charged within 24 months", "10", "50.0", "75.0", "", "25.0"],
        ["Decided within 12 months", "c", "c", "c", "", "0.0"],
        ["Decided within 24 months", "6", "30.0", "55.0", "", "25.0"],
    ]


def test_where_those_not_followed_are_hidden_the_most_is_hidden_too(outcomes):
    rows = [
        share("PROT-05", "VICTIM", "follow_up", "DAYS_30", 20, 44),
        share("PROT-05", "VICTIM", "follow_up", "Total", 35, 44),
        share("PROT-05", "VICTIM", "follow_up", "NOT_FOLLOWED_90", None, 44),
    ]
    assert outcomes("VICTIM", rows) == [
        ["Served within 30 days", "20", "45.5", "c", "", "c"],
        ["Served within 90 days", "35", "79.5", "c", "", "c"],
    ]
