"""The annual report's chapters, from tables that hold much, little and nothing."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pandas as pd
import pytest

from atips_analysis.codebook import dimensions
from atips_analysis.indicators.place import wide_columns
from atips_analysis.indicators.table import read_table
from atips_analysis.project import find_project
from atips_analysis.reporting import annual_report, page
from atips_analysis.statements import statements_of_edition, write_statements

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
WITH_PASSAGES = (
    annual_report.foreword,
    annual_report.introduction,
    annual_report.partnership,
    annual_report.ngo_highlight,
    annual_report.prevention,
    annual_report.protection,
    annual_report.prosecution,
    annual_report.labour,
)
HIDDEN = pd.NA


def row(indicator, unit, value, period="2024", statistic="count", status=None, **more):
    status = status or ("C" if value is HIDDEN else "Z" if value == 0 else "OK")
    return {
        **dict.fromkeys(wide_columns(), ""),
        **dict.fromkeys(dimensions(), "Total"),
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
    table = pd.DataFrame(rows, columns=list(wide_columns()))
    table.to_csv(folder / "indicators.csv", index=False)
    about = {"simulated": simulated, "edition": "0" * 12, "baseline": "2021-2023", "year": 2024}
    about["design_factors"] = {"independent events": 1.0, "events by case": 1.0}
    (folder / "build.json").write_text(json.dumps(about))
    statements = statements_of_edition(HERE, read_table(folder / "indicators.csv"), about)
    (folder / "statements.json").write_text(json.dumps(write_statements(statements)))
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


def test_the_year_beside_the_baseline_is_told_in_the_words_of_the_edition(said):
    def of(code, unit, *values):
        return [row(code, unit, one, str(2021 + at)) for at, one in enumerate(values)]

    rows = [
        *of("PREV-07", "SCREENING", 47, 66, 81, 102),
        *of("PREV-09", "REPORT", 50, 51, 52, 150),
        *of("PROS-02", "SUSPECT", 9, 7, 9, 7),
        *of("PROS-04", "CONVICTION_P", HIDDEN, HIDDEN, HIDDEN, 2),
    ]
    text = said(rows, annual_report.change_from_baseline, annual_report.summary)
    line = {part.split("|")[1].strip(): part for part in text.splitlines() if part.startswith("|")}
    assert "[planned work: not tested]{.statement of=PREV-07}" in line["Screenings of migrants"]
    assert "[an increase]{.statement" in line["Reports received through public channels"]
    assert "[no evidence of a change]" in line["Persons brought into formal contact"]
    assert "[not compared]" in line["Persons convicted of trafficking"]
    assert (
        "102 in 2024; before, 47 (2021), 66 (2022), 81 (2023)" in text
    )  # planned work: no interval, no test
    assert "150 in 2024, against 51.0 a year in 2021–2023: an increase" in text


def test_no_code_of_the_data_model_shows_in_the_report(said):
    rows = [*NARRATIVE_NEEDS, *cases(STAGES), row("PREV-02", "PARTICIPANT", 9, audience="NGO_IO")]
    text = re.sub(r"\{[^}]*\}|\([a-z-]+\.svg\)|for=\S+", "", said(rows, *CHAPTERS))
    codes = set(re.findall(r"\b(?:[A-Z]{2,}_[A-Z_]+|P(?:REV|ROT|ROS|ART)-\d\d)\b", text))
    assert codes == set()


ROUNDED = {"status": "R"}


def test_rounded_counts_are_drawn_and_read_as_rounded(said):
    rows = [
        row("PREV-02", "PARTICIPANT", 23),
        row("PREV-02", "PARTICIPANT", 15, audience="POLICE", **ROUNDED),
        row("PREV-02", "PARTICIPANT", 0, audience="TEACHERS", **ROUNDED),
    ]
    text = said(rows, annual_report.prevention)
    alt = re.search(r'fig-training-audience fig-alt="([^"]*)"', text)[1]
    assert "Police officers: about 15" in alt and "Teachers: about 0" in alt
    assert "| ≈15 |" in text and "≈ = rounded for protection" in text
    assert "largest number" not in text  # rounded numbers have no order
    assert "None: teachers" not in text  # a rounded zero is no true zero


def test_a_rounded_count_is_not_compared(said):
    rows = [row("PREV-09", "REPORT", 50, str(year)) for year in (2021, 2022, 2024)]
    rows.append(row("PREV-09", "REPORT", 50, "2023", **ROUNDED))
    text = said(rows, annual_report.change_from_baseline)
    assert "[not compared]{.statement of=PREV-09}" in text


def test_the_largest_number_is_named_only_where_nothing_is_hidden(said):
    audiences = {"POLICE": 500, "TEACHERS": 834}
    rows = [
        row("PREV-02", "PARTICIPANT", 1334),
        *[row("PREV-02", "PARTICIPANT", n, audience=code) for code, n in audiences.items()],
    ]
    text = said(rows, annual_report.prevention)
    assert "834 of the 1,334 attendances of 2024 stand under “Teachers”, the largest number" in text
    more = [*rows, row("PREV-02", "PARTICIPANT", HIDDEN, audience="RANGERS")]
    assert "largest number" not in said(more, annual_report.prevention)


def test_rows_without_any_number_are_named_below_a_table_and_not_in_it(said):
    rows = [
        row("PROS-01", "CASE", 18),
        row("PROS-01", "CASE", 5, district="CY"),
        *[row("PROS-01", "CASE", HIDDEN, district=code) for code in ("CZL", "OW", "BZ", "TOL")],
    ]
    text = said(rows, annual_report.prosecution)
    table = text[: text.index("{#tbl-active-district}")].rsplit("\n\n", 2)[-2]
    assert "Cayo" in table and "Toledo" not in table
    note = text[text.index("{#tbl-active-district}") :]
    assert "hidden, zero or ≈0: Corozal, Orange Walk, Belize and Toledo" in note


def test_hidden_and_unknown_numbers_read_as_words_in_every_sentence(said):
    rows = [
        *NARRATIVE_NEEDS,
        row("PROS-02", "SUSPECT", HIDDEN),
        row("PROS-04", "CONVICTION_P", 1),
        row("PROT-01", "VICTIM", 5, **ROUNDED),
        row("PROS-01", "CASE", 0),
    ]
    text = said(rows, annual_report.summary, annual_report.prosecution)
    assert "(suspected or cautioned), a hidden number of persons." in text
    assert "convicted 1\xa0person of trafficking" in text
    assert "identified about 5\xa0potential and confirmed victims" in text
    assert "investigated no\xa0suspected cases" in text
    assert not re.search(
        r"\bc (persons|cases)|number that is hidden for protection (persons|mig)", text
    )


def test_the_first_page_names_what_nobody_records(said):
    text = said(
        [row("PREV-04", "POST", pd.NA, status="NC"), *NARRATIVE_NEEDS], annual_report.summary
    )
    assert "training coverage of frontline posts" in text
    assert "How to read the numbers" in text


def test_a_passage_that_is_taken_away_leaves_no_trace(said, tmp_path, monkeypatch):
    """Each passage of the year in turn: its words are gone, everything else stands as before."""
    import shutil

    root = tmp_path / "house"
    for folder in ("data/narrative", "data/framework", "data/published"):
        shutil.copytree(HERE.root / folder, root / folder)
    shutil.copytree(HERE.council, root / "data" / "council")
    texts: list[str] = []
    monkeypatch.setattr(page, "_show", texts.append)
    monkeypatch.chdir(tmp_path)
    rows = NARRATIVE_NEEDS
    (root / "data/narrative/2024/foreword.md").write_text("Words of a minister.", encoding="utf-8")

    def whole() -> list[str]:
        texts.clear()
        report = annual_report.open_report(
            inputs(tmp_path / "public", rows, False), root, 2024, "2021-2023"
        )
        for chapter in WITH_PASSAGES:
            chapter(report)
        return [text for text in texts if text.strip()]

    complete = whole()
    for file in sorted((root / "data/narrative/2024").glob("*.md")):
        words = file.read_text(encoding="utf-8")
        file.unlink()
        without = whole()
        gone = [text for text in complete if text not in without]
        assert len(gone) == 1 and len(without) == len(complete) - 1, file.name
        assert words.strip()[:20] in gone[0], file.name
        file.write_text(words, encoding="utf-8")


def test_many_counts_that_are_rounded_to_zero_are_named_below_the_figure(said):
    stages = dict.fromkeys(("INVEST_CLOSED", "MAGISTRATE", "AWAIT_TRIAL", "CHARGED"), 0)
    rows = [
        row("PROS-01", "CASE", 18),
        row("PROS-01", "CASE", 15, stage="INVEST", **ROUNDED),
        *[row("PROS-01", "CASE", n, stage=code, **ROUNDED) for code, n in stages.items()],
    ]
    text = said(rows, annual_report.prosecution)
    alt = re.search(r'fig-case-stage fig-alt="([^"]*)"', text)[1]
    assert "Investigation opened: about 15" in alt and "Awaiting" not in alt
    assert "≈0, each by itself: investigation closed without charge" in text
