"""Zeros are shown; where they tell of everyone in a group, the crossing is not published."""

from __future__ import annotations

import pandas as pd
import pytest

from atips_analysis.disclosure.indicator_table import protect_table
from atips_analysis.disclosure.released_table import released_from
from atips_analysis.disclosure.releases import attack_releases
from atips_analysis.indicators import DIMENSIONS
from atips_analysis.indicators.compute import TIDY_COLUMNS
from atips_analysis.project import find_project


def crossed(inner):
    """Victims of pooled years by sex, by form and by both, as a raw tidy table."""
    cells = {}
    for (sex, form), count in inner.items():
        for cell in ((sex, form), (sex, "Total"), ("Total", form), ("Total", "Total")):
            cells[cell] = cells.get(cell, 0) + count
    table = pd.DataFrame("", index=range(len(cells)), columns=TIDY_COLUMNS, dtype=object)
    table[list(DIMENSIONS)] = "Total"
    table["indicator_id"], table["unit_of_count"], table["statistic"] = "PROT-01", "VICTIM", "count"
    table["period"], table["vintage"], table["source"] = "2031-2033", "e" * 12, "register"
    table["sex"] = [sex for sex, _ in cells]
    table["form"] = [form for _, form in cells]
    for column in ("value", "numerator", "denominator", "ci_low", "ci_high"):
        table[column] = pd.array([pd.NA] * len(cells), dtype="Float64")
    table["value"] = pd.array([float(count) for count in cells.values()], dtype="Float64")
    table["status"] = ["Z" if count == 0 else "OK" for count in cells.values()]
    return table


def both(table):
    return table[(table["sex"] != "Total") & (table["form"] != "Total")]


@pytest.mark.parametrize(
    ("inner", "told"),
    [
        # All thirty of one form are women.
        ({("F", "SEX"): 30, ("M", "SEX"): 0, ("F", "LAB"): 12, ("M", "LAB"): 11}, True),
        ({("F", "SEX"): 30, ("M", "SEX"): 9, ("F", "LAB"): 12, ("M", "LAB"): 11}, False),
        # The one man is hidden, and what he was used for is told all the same.
        (
            {("F", "SEX"): 30, ("F", "LAB"): 12, ("F", "OTHER"): 14}
            | {("M", "SEX"): 1, ("M", "LAB"): 0, ("M", "OTHER"): 0},
            True,
        ),
        # That nothing is known of some tells nothing of them.
        (
            {("F", "SEX"): 30, ("F", "LAB"): 12, ("F", "UNKNOWN"): 0}
            | {("U", "SEX"): 0, ("U", "LAB"): 0, ("U", "UNKNOWN"): 7}
            | {("M", "SEX"): 8, ("M", "LAB"): 12, ("M", "UNKNOWN"): 0},
            False,
        ),
    ],
)
def test_a_crossing_that_tells_of_everyone_in_a_group_is_left_out(inner, told):
    protected = protect_table(crossed(inner), find_project())
    assert both(protected.table).empty is told
    named = ["PROT-01 VICTIM, 2031-2033, by sex x form"]
    assert protected.public_account["crossings_left_out"] == (named if told else [])


def test_tables_by_one_dimension_stay_and_what_is_left_out_opens_nothing():
    raw = crossed({("F", "SEX"): 30, ("M", "SEX"): 0, ("F", "LAB"): 12, ("M", "LAB"): 11})
    public = protect_table(raw, find_project()).table
    assert sorted(public["value"]) == [11, 23, 30, 42, 53]
    released, counts = released_from(public, raw)
    truth = {(released.edition, key): count for key, count in counts.items()}
    assert attack_releases([released], counts=truth).safe
