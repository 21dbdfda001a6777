"""The baseline report keeps its promises on numbers of any kind; the notebook runs on made-up rows."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pandas as pd
import pytest

from atips_analysis.codebook import dimensions
from atips_analysis.framework import load_indicators
from atips_analysis.indicators.measure import unit_of
from atips_analysis.indicators.place import wide_columns
from atips_analysis.indicators.table import read_table
from atips_analysis.notebooks.running import run_notebook
from atips_analysis.project import find_project
from atips_analysis.render.markdown import flatten
from atips_analysis.statements import statements_of_edition, write_statements

HERE = find_project(Path(__file__).parent)
COUNTS = {
    ("PROT-01", "VICTIM"): [20, 30, 60],
    ("PROS-02", "SUSPECT"): [20, None, 15],
    ("PREV-09", "REPORT"): [65, 70, 60],
    ("PREV-07", "SCREENING"): [47, 66, 400],
    ("PREV-08", "INSPECTION"): [584, 831, 802],
    ("PROT-06", "SERVICE"): [19, None, 36],
}
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
            status = "C" if value is None else "OK"
            rows.append(_row(code, unit, period, value, status))
        if code == "PROS-02":  # 20 and 15 and, hidden, 1 to 4
            rows[-1] |= {"low": 36, "high": 39}
    counted = {code for code, _ in COUNTS}
    for one in load_indicators(HERE):
        if one.id not in counted:
            rows += [_row(one.id, unit_of(one.id), at, None, "NC") for at in PERIODS]
    pd.DataFrame(rows, columns=list(wide_columns())).to_csv(folder / "indicators.csv", index=False)
    about = {"simulated": False, "edition": "0" * 12, "baseline": "2021-2023", "year": 2024}
    about["design_factors"] = {"independent events": 1.0, "events by case": 3.0}
    (folder / "build.json").write_text(json.dumps(about))
    statements = statements_of_edition(HERE, read_table(folder / "indicators.csv"), about)
    (folder / "statements.json").write_text(json.dumps(write_statements(statements)))
    executed = run_notebook(
        HERE.root / "notebooks" / "baseline.ipynb",
        folder / "executed.ipynb",
        {"inputs": str(folder), "project": str(HERE.root)},
    )
    return flatten(executed).text


def _row(code, unit, period, value, status):
    return {
        **dict.fromkeys(wide_columns(), ""),
        **dict.fromkeys(dimensions(), "Total"),
        **dict.fromkeys(("numerator", "denominator", "ci_low", "ci_high"), pd.NA),
        "indicator_id": code,
        "unit_of_count": unit,
        "statistic": "" if status == "NC" else "count",
        "period": str(period),
        "value": value,
        "status": status,
    }


def test_a_baseline_shows_how_each_count_comes_about_and_tests_nothing_within_itself(said):
    assert line(said, "Potential and confirmed victims identified")[-1] == "events by case"
    for what in ("Screenings of migrants", "Labour inspections"):
        assert line(said, what)[-1] == "planned work"
    assert not re.search(r"\b(increase|decrease|upward|downward)\b", said)


def test_a_mean_is_of_exact_counts_and_of_hidden_ones_lies_between_two(said):
    assert line(said, "Screenings of migrants")[-2] == "171.0"
    assert line(said, "Persons brought into formal contact")[-2] == "12–13"
    assert line(said, "Services given to victims")[-2] == "c"


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


def test_the_years_stand_in_one_panel_and_sheets_in_a_book_of_their_own(said):
    assert said.count("{#fig-") == 1 and "#fig-glance" in said
    assert "sec-sheets" not in said and "tbl-logframe" not in said


def test_the_acronyms_are_those_that_the_report_uses(said):
    body, _, acronyms = said.partition("{#sec-acronyms}")
    listed = re.findall(r"\*\*([A-Z][\w&-]+)\*\* ", acronyms)
    assert "UNODC" in listed and "BCG" not in listed
    where_it_opens = str(HERE.profile["reporting"])
    assert [one for one in listed if one not in body + where_it_opens] == []
