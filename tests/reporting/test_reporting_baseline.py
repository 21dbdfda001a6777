"""The baseline report: each indicator with its status, gaps as gaps, the seal where there is one."""

from __future__ import annotations

import json
import re
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest

from atips_analysis.indicators.compute import DIMENSIONS, TIDY_COLUMNS
from atips_analysis.project import find_project
from atips_analysis.reporting import baseline_report, page
from atips_analysis.reporting.frozen import Standing

HERE = find_project(Path(__file__).parent)
HIDDEN = pd.NA


def row(indicator, unit, value, period="2021-2023", statistic="count", status=None, **more):
    status = status or ("C" if value is HIDDEN else "Z" if value == 0 else "OK")
    return {
        **dict.fromkeys(TIDY_COLUMNS, ""),
        **dict.fromkeys(DIMENSIONS, "Total"),
        **dict.fromkeys(("numerator", "denominator", "ci_low", "ci_high"), pd.NA),
        "indicator_id": indicator,
        "unit_of_count": unit,
        "statistic": statistic,
        "period": period,
        "value": value,
        "status": status,
        **more,
    }


def years(indicator, unit, values, **more):
    return [
        row(indicator, unit, value, period=str(2021 + at), **more)
        for at, value in enumerate(values)
    ]


@pytest.fixture
def said(monkeypatch, tmp_path):
    """Run one chapter on rows; return what it says."""

    def run(rows, chapter, *arguments):
        folder = tmp_path / "public"
        folder.mkdir(exist_ok=True)
        pd.DataFrame(rows, columns=list(TIDY_COLUMNS)).to_csv(
            folder / "indicators.csv", index=False
        )
        about = {"simulated": False, "edition": "0" * 12, "baseline": "2021-2023", "year": 2024}
        (folder / "build.json").write_text(json.dumps(about))
        texts: list[str] = []
        monkeypatch.setattr(page, "_show", texts.append)
        monkeypatch.chdir(tmp_path)
        report = baseline_report.open_report(folder, HERE.root, "2021-2023")
        getattr(baseline_report, chapter)(report, *arguments)
        return "\n\n".join(texts)

    return run


def line(text, opening):
    found = next(part for part in text.splitlines() if part.startswith(f"| {opening}"))
    return [cell.strip() for cell in found.strip("|").split("|")]


def test_each_indicator_has_a_status_in_words(said):
    rows = [
        *years("PREV-02", "PARTICIPANT", [583, 878, 1192]),
        row("PREV-02", "PARTICIPANT", 2653),
        row("PREV-04", "POST", pd.NA, status="NC"),
        *years("PREV-07", "SCREENING", [47, HIDDEN, HIDDEN]),
        row("PREV-07", "SCREENING", HIDDEN),
        *years("PREV-09", "REPORT", [65, 65, 65], status="R"),
        row("PREV-09", "REPORT", 195, status="R", ci_low=168.6, ci_high=224.4),
    ]
    text = said(rows, "area_table", "PREV")
    assert line(text, "PREV-02")[-1] == "published"
    assert line(text, "PREV-04")[-1] == "not collected"
    assert line(text, "PREV-07")[-1] == "hidden"
    assert line(text, "PREV-09")[-3:] == ["≈195", "169 to 224", "rounded"]


def test_what_does_not_add_up_or_rests_on_too_few_says_so(said):
    notes = {
        "PROS-03": "not pooled: it does not add up over years",
        "PROS-06": "fewer than 10: not shown",
    }
    rows = [row(code, "SUSPECT", pd.NA, status="NAP", note=note) for code, note in notes.items()]
    text = said(rows, "area_table", "PROS")
    assert line(text, "PROS-03")[-1] == "not pooled"
    assert line(text, "PROS-06")[-1] == "fewer than 10"


def test_shares_of_a_row_have_the_same_decimals(said):
    rows = [
        *years("PART-01", "EVENT", [87.5, 56.26, 50], statistic="percent"),
        row("PART-01", "EVENT", 64.583, statistic="percent"),
    ]
    assert line(said(rows, "area_table", "PART"), "PART-01")[1:5] == [
        "87.5",
        "56.3",
        "50.0",
        "64.6",
    ]


def test_the_first_page_counts_what_is_printed_held_back_and_not_collected(said):
    rows = [
        row("PROT-01", "VICTIM", 44),
        row("PROS-04", "CONVICTION_P", HIDDEN),
        *[row(code, "POST", pd.NA, status="NC") for code in ("PREV-04", "PROT-12")],
    ]
    text = said(rows, "summary")
    assert "**44** potential and confirmed victims identified" in text
    assert "persons convicted" not in text  # hidden: another figure takes its place
    assert "2 are collected by nobody yet" in text
    assert "**not frozen**" in text


def test_the_seal_stands_in_the_report_once_the_baseline_is_frozen(said, monkeypatch):
    seal = {"frozen_by": "Chair, M&E Committee", "edition": "a" * 12, "sha256": "b" * 64}
    frozen = SimpleNamespace(seal=seal, table=pd.DataFrame({"value": range(1297)}))
    monkeypatch.setattr(
        baseline_report, "standing", lambda *of: Standing(frozen, pd.DataFrame(), "2021-2023")
    )
    text = said([row("PROT-01", "VICTIM", 44)], "seal")
    assert "Chair, M&E Committee" in text and "b" * 64 in text and "1,297" in text
    assert "has no seal yet" not in text


def test_a_year_that_is_hidden_or_rounded_is_not_followed(said):
    series = [
        ("PREV-07", "SCREENING", "Migrants screened", False),
        ("PROT-06", "SERVICE", "Services given", False),
        ("PREV-08", "INSPECTION", "Labour inspections", False),
    ]
    rows = [
        *years("PREV-07", "SCREENING", [47, HIDDEN, 81]),
        *years("PROT-06", "SERVICE", [20, 35, 35], status="R"),
        *years("PREV-08", "INSPECTION", [600, 600, 600]),
    ]
    text = said(rows, "trends", series)
    assert "missing: migrants screened and services given" in text
    assert line(text, "Labour inspections")[-1] == "no evidence of a change"
    assert "makes 1 comparison" in text


def test_gaps_are_named_with_who_could_fill_them(said):
    text = said([row("PREV-04", "POST", pd.NA, status="NC"), row("PROT-01", "VICTIM", 44)], "gaps")
    assert line(text, "PREV-04")[2]
    assert "PROT-01" not in text


def test_no_code_of_an_agency_shows_in_the_framework(said):
    text = said([row("PROT-01", "VICTIM", 44)], "results_framework")
    assert "BPD_ATIPS" not in text and "Target |" not in text
    assert not re.search(r"\b(?:IMM|JUD|AGM|MFA)\b", text)


def test_sources_are_named_without_their_technical_locators():
    short = baseline_report.in_short
    assert short("UNODC (dataUNODC); copy in GitHub repo x sha256 20") == "UNODC (dataUNODC)"
    assert (
        short("U.S. Department of Labor, ILAB (GitHub Y @b8)") == "U.S. Department of Labor, ILAB"
    )
    assert short("2018 Trafficking in Persons Report: Belize") == (
        "2018 Trafficking in Persons Report: Belize"
    )
