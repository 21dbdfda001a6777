"""The baseline report keeps its promises on numbers of any kind; the notebook runs on made-up rows."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from atips_analysis.framework import load_indicators
from atips_analysis.indicators.compute import DIMENSIONS, TIDY_COLUMNS
from atips_analysis.notebooks.running import run_notebook
from atips_analysis.project import find_project
from atips_analysis.render.markdown import flatten

HERE = find_project(Path(__file__).parent)
COUNTS = {
    ("PROT-01", "VICTIM"): [20, 30, 60],
    ("PROS-02", "SUSPECT"): [20, None, 15],
    ("PREV-09", "REPORT"): [65, 70, 60],
    ("PREV-07", "SCREENING"): [47, 66, 400],
    ("PREV-08", "INSPECTION"): [584, 831, 802],
    ("PROT-06", "SERVICE"): [19, None, 36],
}
ROUNDED = {"PREV-09"}
PERIODS = (2021, 2022, 2023, "2021-2023")


def line(text, opening):
    found = next(part for part in text.splitlines() if part.startswith(f"| {opening} |"))
    return [cell.strip() for cell in found.strip("|").split("|")]


@pytest.fixture(scope="module")
def said(tmp_path_factory):
    """The report on these counts; what else the framework has nobody collects."""
    folder = tmp_path_factory.mktemp("public")
    rows = []
    for (code, unit), values in COUNTS.items():
        for period, value in zip(PERIODS, [*values, None], strict=True):
            status = "C" if value is None else "R" if code in ROUNDED else "OK"
            rows.append(_row(code, unit, period, value, status))
    counted = {code for code, _ in COUNTS}
    for one in load_indicators(HERE):
        if one.id not in counted:
            rows += [_row(one.id, one.unit_of_count, at, None, "NC") for at in PERIODS]
    pd.DataFrame(rows, columns=list(TIDY_COLUMNS)).to_csv(folder / "indicators.csv", index=False)
    about = {"simulated": False, "edition": "0" * 12, "baseline": "2021-2023", "year": 2024}
    (folder / "build.json").write_text(json.dumps(about))
    executed = run_notebook(
        HERE.root / "notebooks" / "baseline.ipynb",
        folder / "executed.ipynb",
        {"inputs": str(folder), "project": str(HERE.root)},
    )
    return flatten(executed).text


def _row(code, unit, period, value, status):
    return {
        **dict.fromkeys(TIDY_COLUMNS, ""),
        **dict.fromkeys(DIMENSIONS, "Total"),
        **dict.fromkeys(("numerator", "denominator", "ci_low", "ci_high"), pd.NA),
        "indicator_id": code,
        "unit_of_count": unit,
        "statistic": "" if status == "NC" else "count",
        "period": str(period),
        "value": value,
        "status": status,
    }


def test_counts_that_chance_moves_are_tested_with_their_interval(said):
    assert line(said, "Potential and confirmed victims")[-1] == "increase"
    assert line(said, "Potential and confirmed victims")[-2]


def test_planned_work_is_never_tested_however_much_it_grows(said):
    for what in ("Screenings of migrants", "Labour inspections", "Services given"):
        assert line(said, what)[-3:] == ["", "", "planned work: the counts only"]
    assert "makes 1 comparison" in said and "upward trend" not in said


def test_a_series_with_a_hidden_or_a_rounded_year_is_not_tested(said):
    for what in ("Persons brought into formal contact", "Reports through public channels"):
        assert line(said, what)[-3:] == [
            "",
            "",
            "not tested: a year is hidden, rounded, incomplete or missing",
        ]


def test_the_first_page_counts_what_is_printed_and_what_nobody_collects(said):
    many = len(load_indicators(HERE))
    assert f"has {many} indicators. For {len(COUNTS)} of them this report prints a value" in said
    assert f"{many - len(COUNTS)} nobody collects yet" in said
    assert "No main count of 2021–2023 can be printed." in said  # all years together are hidden
    assert "key-figures" not in said


def test_a_gap_is_named_with_who_could_fill_it(said):
    assert line(said, "PROT-12")[2] == "Department of Human Services"
    gaps = said.partition("{#sec-gaps}")[2].partition("{#sec-sources}")[0]
    assert "| PROT-01 |" not in gaps


def test_without_a_frozen_baseline_the_report_says_so_and_shows_no_seal(said):
    assert "has no seal yet" in said and "tbl-seal" not in said and "tbl-revised" not in said


def test_records_of_agencies_are_not_called_simulated(said):
    assert "simulated" not in said.lower()


def test_no_code_of_an_agency_and_no_column_of_unset_targets_shows(said):
    assert "BPD_ATIPS" not in said and "| Target |" not in said


def test_every_indicator_has_its_reference_sheet_with_its_baseline(said):
    for one in load_indicators(HERE):
        assert said.count(f"**{one.id} {one.name_en}**") == 1
    sheets = said.partition("{#sec-sheets}")[2]
    assert sheets.count("*Baseline:*") == len(load_indicators(HERE))
