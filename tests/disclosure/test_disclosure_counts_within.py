"""A median says of how many: of persons who are counted elsewhere too, and a reader compares."""

from __future__ import annotations

import pandas as pd
import pytest

from atips_analysis.codebook import dimensions
from atips_analysis.disclosure.indicator_table import protect_table
from atips_analysis.indicators.place import narrow, wide, wide_columns
from atips_analysis.project import find_project

NUMBERS = ["value", "numerator", "denominator", "ci_low", "ci_high"]


def protected(rows, dimension):
    """Rows of (indicator, unit, statistic, category, value, numerator, denominator), protected."""
    table = pd.DataFrame("", index=range(len(rows)), columns=wide_columns(), dtype=object)
    table[list(dimensions())] = "Total"
    table["period"], table["vintage"], table["source"] = "2031-2033", "e" * 12, "register"
    given = pd.DataFrame(
        rows, columns=["indicator_id", "unit_of_count", "statistic", dimension, *NUMBERS[:3]]
    )
    for column in given.columns[:4]:
        table[column] = given[column]
    for column in NUMBERS:
        numbers = given[column] if column in given else [pd.NA] * len(given)
        table[column] = pd.array(numbers, dtype="Float64")
    table["status"] = "OK"
    public = wide(protect_table(narrow(table), find_project()).table)
    return public.set_index(["indicator_id", "statistic", dimension])["status"]


def test_a_median_over_everyone_identified_tells_no_hidden_number_of_them():
    # The days to a service are of all who were identified: 44 children leave 3 adults of 47.
    rows = []
    for age, victims in {"Total": 47, "CHILD": 44, "ADULT": 3}.items():
        rows.append(("PROT-01", "VICTIM", "count", age, victims, None, None))
        if age != "ADULT":
            rows.append(("PROT-07", "VICTIM", "median", age, 6, None, victims))
    status = protected(rows, "age_group")
    assert status["PROT-01", "count", "Total"] == status["PROT-07", "median", "Total"] == "OK"
    assert {status["PROT-01", "count", age] for age in ("ADULT", "CHILD")} == {"C"}
    assert status["PROT-07", "median", "CHILD"] == "C"


@pytest.mark.usefixtures("cases_and_reports_as_persons")
def test_cases_without_a_charge_cannot_be_had_from_those_that_wait_for_a_court():
    # 37 of 40 cases were charged: the months from charge to disposal are of 37 cases as well.
    rows = [
        ("PROS-08", "CASE", "percent", "CHARGED", 92.5, 37, 40),
        ("PROS-08", "CASE", "percent", "DISPOSED", 50.0, 20, 40),
        ("PROS-08", "CASE", "percent", "CLOSED", 12.5, 5, 40),
        ("PROS-08", "CASE", "percent", "OPEN", 37.5, 15, 40),
        ("PROS-09", "CASE", "median", "CHARGED", 4, 37, 40),
        ("PROS-09", "CASE", "median", "DISPOSED", 14, 20, 37),
    ]
    status = protected(rows, "stage")
    assert status["PROS-08", "percent", "CHARGED"] == "C"
    assert status["PROS-09", "median", "DISPOSED"] == "C"
