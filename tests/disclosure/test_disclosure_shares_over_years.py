"""Shares of several years and of the years pooled: their numerators add up, and a reader adds."""

from __future__ import annotations

import pandas as pd
import pytest

from atips_analysis.disclosure.indicator_table import protect_table
from atips_analysis.indicators import compute, parse_period
from atips_analysis.indicators.place import is_total
from atips_analysis.indicators.rows import Rows
from atips_analysis.project import find_project

pytestmark = pytest.mark.usefixtures("cases_and_reports_as_persons")

REPORTS = ["month", "channel", "became_case", "n", "file", "sheet", "row", "submitted_by"]


def reports(per_year: dict[int, tuple[int, int]]) -> Rows:
    """Reports by year: (those that became a case, all)."""
    lines = []
    for year, (cases, whole) in per_year.items():
        for became, n in ((True, cases), (False, whole - cases)):
            lines.append([f"{year}-05", "HOTLINE", became, n, "a.xlsx", "R", len(lines) + 2, "BPD"])
    frame = pd.DataFrame(lines, columns=REPORTS).astype({"n": "Int64", "became_case": "boolean"})
    return Rows({"reports": frame}, {"reports": frozenset(per_year)}, simulated=False, edition="e")


def public_share(per_year: dict[int, tuple[int, int]]) -> pd.DataFrame:
    years = list(per_year)
    periods = [parse_period(year) for year in years] + [parse_period(f"{years[0]}-{years[-1]}")]
    table = compute(reports(per_year), periods, ["PREV-09"], population=pd.DataFrame())
    public = protect_table(table, find_project()).table
    rows = public[(public["statistic"] == "percent") & is_total(public)]
    return rows.set_index("period")[["value", "numerator", "status"]]


def test_a_small_numerator_cannot_be_had_by_taking_years_from_the_pool():
    # 14 in three years, 5 and 7 in two of them: the third would be 2.
    shown = public_share({2031: (5, 67), 2032: (2, 65), 2033: (7, 63)})
    assert shown.loc["2032", "status"] == "C"
    others = shown.drop("2032")
    assert (others["status"] == "C").any()
    assert others.loc[others["status"] == "C", "numerator"].isna().all()


def test_shares_that_are_all_large_enough_are_all_shown():
    shown = public_share({2031: (15, 67), 2032: (12, 65), 2033: (17, 63)})
    assert set(shown["status"]) == {"OK"}
