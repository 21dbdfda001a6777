"""The pipeline on the example against the figures that the Council published for 2024.

The example's records are simulated so that they meet the published totals; what is tested is that
reading, judging, counting and protecting lead back to the very figures, read from data/published.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from atips_analysis.codebook import load_codebook
from atips_analysis.disclosure.indicator_table import protect_table
from atips_analysis.framework import load_indicators
from atips_analysis.indicators.place import cell_of, wide
from atips_analysis.indicators.rows import Rows
from atips_analysis.pages.back_test import BackTest, back_test
from atips_analysis.pages.tidy import Tidy
from atips_analysis.project import find_project
from atips_analysis.published.sources import load_council_figures, load_labour_enforcement


@pytest.fixture(scope="module")
def tested(raw: pd.DataFrame) -> BackTest:
    project = find_project()
    years = raw[~raw["period"].str.contains(r"\.\.")]
    table = wide(protect_table(years, project).table)
    tidy = Tidy(table, load_indicators(project), {"simulated": True, "edition": "e"})
    return back_test(tidy, project, 2024)


def published(figure_id: str) -> int:
    figures = load_council_figures(find_project()).set_index("figure_id")
    return int(figures.loc[figure_id, "value"])


def value(raw: pd.DataFrame, indicator: str, unit: str, period: str = "2024", **cell: str) -> int:
    hit = (raw["indicator_id"] == indicator) & (raw["unit_of_count"] == unit)
    hit &= (raw["period"] == period) & (raw["statistic"] == "count")
    hit &= pd.Series([cell_of(row) == cell for row in raw.to_dict("records")], raw.index)
    assert hit.sum() == 1
    return int(raw.loc[hit, "value"].iloc[0])


def test_no_figure_that_can_be_computed_differs_from_the_published_one(tested: BackTest) -> None:
    differing = tested.lines[tested.lines["result"] == "differs"]
    assert differing.empty, differing.to_string()


def test_every_numbered_figure_is_reproduced_hidden_or_explained(tested: BackTest) -> None:
    figures = load_council_figures(find_project())
    assert len(tested.lines) == int(figures["value"].notna().sum())
    assert set(tested.lines["result"]) <= {"reproduced", "hidden", "not reproduced"}
    unexplained = tested.lines[
        (tested.lines["result"] == "not reproduced") & (tested.lines["reason"].fillna("") == "")
    ]
    assert unexplained.empty, unexplained.to_string()
    assert tested.number("reproduced") >= 40


@pytest.mark.parametrize(
    ("figure", "indicator", "unit", "cell"),
    [
        ("PRS-01", "PROS-01", "CASE", {}),
        ("PRS-11", "PROS-02", "SUSPECT", {}),
        ("PRS-05", "PROS-04", "CONVICTION_P", {}),
        ("PRS-21", "PROS-04", "CONVICTION_C", {"sex": "M"}),
        ("PRS-03", "PREV-07", "SCREENING", {}),
        ("PRV-07", "PREV-02", "PARTICIPANT", {"audience": "POLICE"}),
        ("LAB-01", "PREV-08", "INSPECTION", {}),
        ("NGO-06", "PROT-06", "VICTIM", {}),
        ("NGO-07", "PROT-06", "SERVICE", {}),
        ("PRT-04", "PROT-11", "CHILD", {}),
    ],
)
def test_a_published_total_is_what_is_counted(raw, figure, indicator, unit, cell) -> None:
    assert value(raw, indicator, unit, **cell) == published(figure)


def test_the_month_tells_the_videos_streamed_in_december_from_the_television_appearance(raw):
    december = value(raw, "PREV-05", "PRODUCT", "2024-12..2024-12", channel="TV")
    assert december == published("PRV-10")
    assert value(raw, "PREV-05", "PRODUCT", channel="TV") - december == published("PRV-11")


def test_inspections_of_earlier_years_are_those_that_the_us_department_of_labor_prints(raw):
    labour = load_labour_enforcement(find_project())
    own = labour[(labour["indicator"] == "labour_inspections") & labour["value"].notna()]
    years = 0
    for row in own.to_dict("records"):
        year = str(row["period_start"])[:4]
        if year in ("2021", "2022") and str(row["period_end"]).startswith(year):
            assert value(raw, "PREV-08", "INSPECTION", year) == int(row["value"])
            years += 1
    assert years == 2


def test_no_row_of_the_books_is_needed_but_the_streams(rows: Rows) -> None:
    assert set(rows.frames) == set(load_codebook().streams)
    assert all(not Path(str(file)).is_absolute() for file in rows.frame("victims")["file"])
