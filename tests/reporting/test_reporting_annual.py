"""The annual report's chapters, from tables that hold much, little and nothing."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pandas as pd
import pytest

from atips_analysis.indicators.compute import DIMENSIONS, TIDY_COLUMNS
from atips_analysis.project import find_project
from atips_analysis.reporting import annual_report, page

HERE = find_project(Path(__file__).parent)
CHAPTERS = (
    annual_report.summary,
    annual_report.acronyms,
    annual_report.foreword,
    annual_report.introduction,
    annual_report.partnership,
    annual_report.ngo_highlight,
    annual_report.prevention,
    annual_report.protection,
    annual_report.prosecution,
    annual_report.labour,
    annual_report.change_from_baseline,
    annual_report.data_quality,
    annual_report.methods,
    annual_report.back_test_chapter,
    annual_report.figure_tables,
)
HIDDEN = pd.NA


def row(indicator, unit, value, period="2024", statistic="count", status=None, **more):
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


def inputs(folder: Path, rows: list[dict], simulated: bool) -> Path:
    folder.mkdir(exist_ok=True)
    table = pd.DataFrame(rows, columns=list(TIDY_COLUMNS))
    table.to_csv(folder / "indicators.csv", index=False)
    about = {"simulated": simulated, "edition": "0" * 12, "baseline": "2021-2023", "year": 2024}
    (folder / "build.json").write_text(json.dumps(about))
    scores = [
        {
            "dimension": "validity",
            "score": 99.0,
            "status": "OK",
            "stream": "cases",
            "submitted_by": "DHS",
        }
    ]
    streams = [{"stream": "cases", "read": 12, "accepted": 12, "quarantined": 0, "duplicates": 0}]
    quality = {"rows": streams, "scores": scores, "findings": []}
    (folder / "quality.json").write_text(json.dumps(quality))
    return folder


@pytest.fixture
def said(monkeypatch, tmp_path):
    """Run chapters on rows; return what they say."""

    def run(rows, *chapters, simulated=False):
        texts: list[str] = []
        monkeypatch.setattr(page, "_show", texts.append)
        monkeypatch.chdir(tmp_path)
        report = annual_report.open_report(
            inputs(tmp_path / "public", rows, simulated), HERE.root, 2024, "2021-2023"
        )
        for chapter in chapters:
            chapter(report)
        return "\n\n".join(texts)

    return run


NARRATIVE_NEEDS = [row("PART-03", "EVENT", 4)]


def test_a_year_for_which_almost_nothing_was_returned_still_makes_every_chapter(said):
    text = said(NARRATIVE_NEEDS, *CHAPTERS)
    assert "no return was received" in text
    assert not re.search(r"\bnan\b|<NA>|\bNone\b:? in", text)


def test_passages_of_the_year_appear_from_real_records_only(said):
    real = said(NARRATIVE_NEEDS, annual_report.partnership, annual_report.ngo_highlight)
    assert "RET International led 3 projects" in real
    example = said(
        [*NARRATIVE_NEEDS, row("PROS-01", "CASE", 18), row("PROT-01", "VICTIM", 18)],
        annual_report.partnership,
        annual_report.ngo_highlight,
        annual_report.foreword,
        simulated=True,
    )
    assert "RET International led" not in example
    assert "shows where the foreword stands" in example


def test_a_missing_foreword_leaves_no_heading(said):
    assert "Foreword" not in said(NARRATIVE_NEEDS, annual_report.foreword)


STAGES = {"INVEST": 6, "INVEST_CLOSED": HIDDEN, "MAGISTRATE": HIDDEN, "AWAIT_TRIAL": HIDDEN}


def cases(stages):
    return [
        row("PROS-01", "CASE", 18),
        *[row("PROS-01", "CASE", value, stage=stage) for stage, value in stages.items()],
    ]


def test_few_hidden_categories_are_drawn_one_by_one_and_keep_the_order_of_the_stages(said):
    text = said(cases(STAGES), annual_report.prosecution)
    alt = re.search(r'fig-case-stage fig-alt="([^"]*)"', text)[1]
    order = ["Investigation opened", "closed without charge", "Magistrate", "Awaiting trial"]
    places = [alt.index(label) for label in order]
    assert places == sorted(places)
    assert alt.count("hidden for protection") == 3


def test_many_hidden_categories_are_one_line_and_are_named_below(said):
    stages = {**STAGES, "CHARGED": HIDDEN, "DISPOSED": 0}
    text = said(cases(stages), annual_report.prosecution)
    alt = re.search(r'fig-case-stage fig-alt="([^"]*)"', text)[1]
    assert "4 other categories: each hidden for protection" in alt
    assert "Hidden, each by itself: investigation closed without charge" in text
    assert "None: finally disposed at first instance" in text


def test_where_every_category_of_the_year_is_hidden_the_baseline_years_are_shown(said):
    rows = [
        row("PROT-01", "VICTIM", 18),
        row("PROT-01", "VICTIM", HIDDEN, sex="F"),
        row("PROT-01", "VICTIM", HIDDEN, sex="M"),
        row("PROT-01", "VICTIM", 40, period="2021-2023"),
        row("PROT-01", "VICTIM", 28, period="2021-2023", sex="F"),
        row("PROT-01", "VICTIM", 12, period="2021-2023", sex="M"),
    ]
    text = said(rows, annual_report.prosecution)
    assert "the 18 potential and confirmed victims are in both of these categories" in text
    assert "Victims identified, by sex, 2021–2023](victims-sex.svg)" in text


def test_the_pathway_is_of_one_cohort_and_hides_what_is_hidden(said):
    rows = [
        row(
            "PROS-08",
            "CASE",
            45.45,
            "2021-2023",
            "percent",
            stage="CHARGED",
            numerator=10,
            denominator=22,
        ),
        row("PROS-08", "CASE", HIDDEN, "2021-2023", "percent", stage="CONVICTED"),
    ]
    text = said(rows, annual_report.prosecution)
    alt = re.search(r'fig-pathway fig-alt="([^"]*)"', text)[1]
    assert "Cases opened: 22" in alt
    assert "charged: 10" in alt
    assert "trafficking: hidden for protection" in alt


def test_a_change_is_named_only_where_the_interval_leaves_no_doubt(said):
    rows = [
        row("PREV-07", "SCREENING", 153, "2021-2023"),
        row("PREV-07", "SCREENING", 102),
        row("PROS-02", "SUSPECT", 25, "2021-2023"),
        row("PROS-02", "SUSPECT", 7),
        row("PROS-04", "CONVICTION_P", HIDDEN, "2021-2023"),
        row("PROS-04", "CONVICTION_P", 2),
    ]
    text = said(rows, annual_report.change_from_baseline)
    line = {part.split("|")[1].strip(): part for part in text.splitlines() if part.startswith("|")}
    assert "an increase" in line["Migrants screened"] and "2.00" in line["Migrants screened"]
    assert "no evidence of a change" in line["Persons brought into formal contact"]
    assert "cannot be compared" in line["Persons convicted of trafficking"]


def test_no_code_of_the_data_model_shows_in_the_report(said):
    rows = [*NARRATIVE_NEEDS, *cases(STAGES), row("PREV-02", "PARTICIPANT", 9, audience="NGO_IO")]
    text = re.sub(r"\{[^}]*\}|\([a-z-]+\.svg\)|for=\S+", "", said(rows, *CHAPTERS))
    codes = set(re.findall(r"\b(?:[A-Z]{2,}_[A-Z_]+|P(?:REV|ROT|ROS|ART)-\d\d)\b", text))
    assert codes == set()
