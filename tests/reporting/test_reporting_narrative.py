"""Narrative passages: numbers come from the table, and a typed one is found."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from atips_analysis.errors import InputError
from atips_analysis.framework import load_indicators
from atips_analysis.indicators.compute import DIMENSIONS, TIDY_COLUMNS
from atips_analysis.project import Project, find_project
from atips_analysis.reporting.narrative import fill, passage
from atips_analysis.reporting.tidy import Tidy

HERE = find_project(Path(__file__).parent)


def row(indicator, unit, value, period="2024", statistic="count", status="OK", **categories):
    return {
        **dict.fromkeys(TIDY_COLUMNS, ""),
        **dict.fromkeys(DIMENSIONS, "Total"),
        "indicator_id": indicator,
        "unit_of_count": unit,
        "statistic": statistic,
        "period": period,
        "value": value,
        "status": status,
        **categories,
    }


@pytest.fixture(scope="module")
def tidy():
    rows = [
        row("PROS-01", "CASE", 18),
        row("PROS-01", "CASE", 13, period="2023"),
        row("PREV-02", "PARTICIPANT", 1669),
        row("PREV-02", "PARTICIPANT", 500, audience="POLICE"),
        row("PREV-02", "PARTICIPANT", 1169, audience="TEACHERS"),
        row("PROT-09", "VICTIM", pd.NA, status="C"),
        row("PREV-08", "INSPECTION", 834),
        row("PREV-08", "INSPECTION", 14.988, statistic="percent"),
        row("PROT-06", "SERVICE", 42),
        row("PROT-06", "VICTIM", 16),
    ]
    about = {"simulated": False, "edition": "0" * 12, "baseline": "2021-2023", "year": 2024}
    return Tidy(pd.DataFrame(rows), load_indicators(HERE), about)


def filled(text, tidy):
    return fill(text, tidy, HERE, 2024, "data/narrative/2024/x.md")


@pytest.mark.parametrize(
    ("placeholder", "becomes"),
    [
        ("{{PROS-01}}", "18"),
        ("{{ PROS-01 period=2023 }}", "13"),
        ("{{PREV-02}}", "1,669"),
        ("{{PREV-02 audience=POLICE}}", "500"),
        ("{{PREV-02 audience=RANGERS}}", "0"),
        ("{{PREV-08 statistic=percent}}", "15.0"),
        ("{{PROT-06 unit=VICTIM}}", "16"),
        ("{{published NGO-03}}", "143"),
        ("{{year}}", "2024"),
        ("{{baseline}}", "2021–2023"),
        ('{{"143"}}', "143"),
    ],
)
def test_a_placeholder_becomes_its_number(placeholder, becomes, tidy):
    assert filled(f"So {placeholder}.", tidy).text == f"So {becomes}."


def test_a_hidden_number_stays_hidden_in_words(tidy):
    assert "hidden for protection" in filled("{{PROT-09}} returned home.", tidy).text


@pytest.mark.parametrize(
    ("placeholder", "hint"),
    [
        ("{{PROS-99}}", "is not an indicator"),
        ("{{PREV-02 audience=POLCE}}", "POLICE is meant"),
        ("{{PROS-01 audience=POLICE}}", "not broken down by audience"),
        ("{{PREV-02 crowd=POLICE}}", "not understood"),
        ("{{PROS-01 period=1999}}", "no such value"),
        ("{{published NGO-99}}", "not a published figure"),
        ("{{}}", "nothing is named"),
    ],
)
def test_a_wrong_placeholder_is_refused_with_its_line_and_what_is_meant(placeholder, hint, tidy):
    with pytest.raises(InputError, match=hint) as error:
        filled(f"First line.\n\nThen {placeholder}.", tidy)
    assert "data/narrative/2024/x.md" in str(error.value) and "3" in str(error.value)


@pytest.mark.parametrize("text", ["18 cases", "about 1,669 people", "3.5 per cent", "two victims"])
def test_a_typed_number_is_found_with_its_line(text, tidy):
    assert [line for line, _ in filled(f"In the year\nthere were {text}.", tidy).typed] == [2]


@pytest.mark.parametrize(
    "text",
    [
        "the Strategy 2024–2028, launched in June 2024, and 2025.",
        "the 7th meeting",
        "call 911",
        "Human Trafficking 101",
        "1. first point",
        "{{PROS-01}} cases",
        '{{"40"}} as the law has it',
        "one of the first countries",
    ],
)
def test_years_names_and_ordinals_are_no_typed_numbers(text, tidy):
    assert filled(text, tidy).typed == ()


def test_a_passage_opens_no_chapter(tidy):
    with pytest.raises(InputError, match="##"):
        filled("# My chapter\n\ntext", tidy)


def test_a_missing_or_blank_passage_is_empty(tidy, tmp_path):
    folder = tmp_path / "data" / "narrative" / "2024"
    folder.mkdir(parents=True)
    (folder / "blank.md").write_text(" \n")
    assert not passage(tidy, Project(tmp_path), 2024, "absent")
    assert not passage(tidy, Project(tmp_path), 2024, "blank")


def test_passages_of_a_real_year_are_not_read_for_simulated_records(tidy, tmp_path):
    for name, words in (("2024", "The real year."), ("example", "An example.")):
        folder = tmp_path / "data" / "narrative" / name
        folder.mkdir(parents=True)
        (folder / "foreword.md").write_text(words)
    simulated = replace(tidy, about={**tidy.about, "simulated": True})
    assert passage(tidy, Project(tmp_path), 2024, "foreword").text == "The real year."
    assert passage(simulated, Project(tmp_path), 2024, "foreword").text == "An example."


def test_no_passage_that_is_kept_here_has_a_typed_number(tidy, tmp_path):
    shutil.copytree(HERE.root / "data" / "narrative", tmp_path / "narrative")
    for file in sorted((tmp_path / "narrative").glob("*/*.md")):
        text = file.read_text(encoding="utf-8").replace("{{PART-03}}", "{{PROS-01}}")
        text = text.replace("{{PROT-01}}", "{{PROS-01}}")
        assert filled(text, tidy).typed == (), file.name
