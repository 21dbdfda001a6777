"""Windows of follow-up are cells like any other, and a reader knows what months alone tell."""

from __future__ import annotations

import pandas as pd
import pytest

from atips_analysis.disclosure.indicator_sums import cells_of
from atips_analysis.disclosure.indicator_table import protect_table
from atips_analysis.indicators.place import identity, narrow, wide, wide_columns
from atips_analysis.project import find_project

pytestmark = pytest.mark.usefixtures("cases_and_reports_as_persons")

NUMBERS = ["value", "numerator", "denominator", "ci_low", "ci_high"]


def shares(indicator, unit, dimension, whole, **parts):
    """Rows of a share of one whole: {period: n} and, by category, {period: count}."""
    rows = []
    for category, counts in parts.items():
        for period, count in counts.items():
            row = dict.fromkeys(wide_columns(), "") | dict.fromkeys(identity(), "Total")
            row |= {"indicator_id": indicator, "unit_of_count": unit, "statistic": "percent"}
            row |= {"period": period, dimension: category, "status": "OK" if count else "Z"}
            row |= {"numerator": count, "denominator": whole[period], "vintage": "e" * 12}
            rows.append(row | {"value": 100 * count / whole[period]})
    return rows


def table_of(*rows):
    table = pd.DataFrame([row for group in rows for row in group], columns=wide_columns())
    for column in NUMBERS:
        table[column] = pd.array(table[column].replace("", None), dtype="Float64")
    return narrow(table)


def statuses(*rows):
    public = wide(protect_table(table_of(*rows), find_project()).table)
    dimension = next(name for name in ("stage", "follow_up") if public[name].ne("Total").any())
    return public.set_index([dimension, "period"])["status"]


def test_those_served_between_two_windows_are_no_more_told_than_others():
    # 32 served within 30 days and 35 within 90 leave three in between.
    status = statuses(
        shares(
            "PROT-05",
            "VICTIM",
            "follow_up",
            {"2031": 60},
            Total={"2031": 35},
            DAYS_30={"2031": 32},
            NOT_FOLLOWED_90={"2031": 0},
        )
    )
    assert status["Total", "2031"] == "OK", "the headline stays"
    assert status["DAYS_30", "2031"] == "C"
    assert status["NOT_FOLLOWED_90", "2031"] == "Z"


def test_what_months_could_not_follow_is_known_to_be_all_that_is_open_of_the_newest_cohort():
    # 20 of 43 are open and were not followed for a year: those of 2033, of whom few are charged.
    periods = {"2031": 12, "2032": 11, "2033": 20, "2031-2033": 43}
    rows = shares(
        "PROS-08",
        "CASE",
        "stage",
        periods,
        CHARGED={"2031": 6, "2032": 6, "2033": 17, "2031-2033": 29},
        NOT_FOLLOWED_12={"2031": 0, "2032": 0, "2033": 20, "2031-2033": 20},
        OPEN={"2031": 6, "2032": 6, "2033": 20, "2031-2033": 32},
    )
    cells = cells_of(table_of(rows))
    of = "PROS-08 CASE percent numerator"
    not_followed = (of, "2033", (("stage", "NOT_FOLLOWED_12"),))
    still_open = cells.key_of((of, "2033", (("stage", "OPEN"),)))
    assert cells.key_of(not_followed) == still_open, "one unknown: all that is open of that year"
    known = {key[1] for key in cells.none_by_months}
    assert known == {"2031", "2032"}
    status = statuses(rows)
    hidden = status["CHARGED", "2033"], status["NOT_FOLLOWED_12", "2031-2033"]
    assert "C" in hidden, "20 opened and 17 charged leave three"


def test_a_stage_that_lies_within_two_others_leaves_a_rest_in_each():
    rows = shares(
        "PROS-08",
        "CASE",
        "stage",
        {"2031": 40},
        DISPOSED_12={"2031": 8},
        DISPOSED_24={"2031": 15},
        CHARGED_12={"2031": 21},
        CHARGED_24={"2031": 28},
    )
    cells = cells_of(table_of(rows))
    parts = {
        tuple(sorted(cells.counts[part] for part in relation.parts)): cells.counts[relation.total]
        for relation in cells.relations
    }
    assert {(7, 8): 15, (8, 13): 21, (7, 21): 28, (13, 15): 28}.items() <= parts.items()
