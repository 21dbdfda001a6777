"""Sheets of one workbook that may say the same, and sheets whose name says what no column holds."""

from __future__ import annotations

from dataclasses import replace

import pytest

from atips_analysis.codebook import fold, load_codebook
from atips_analysis.intake import read_submissions
from atips_analysis.intake.grid import grid_of
from atips_analysis.intake.questions import Asked
from atips_analysis.intake.rows_of_sheet import read_table
from atips_analysis.intake.settled import Settled

CODEBOOK = load_codebook()
INSPECTED = [
    ["Month", "Type of inspection", "Economic sector", "District", "Finding", "Inspections"],
    ["2024-03", "ROUTINE", "I", "CY", "NONE", "5"],
]
LATER = [INSPECTED[0], ["2024-04", *INSPECTED[1][1:]]]


@pytest.fixture
def read(folder, write_workbook):
    def reading(sheets, answers=None):
        cover = [["Agency", "LABOUR"], ["Year", 2024]]
        write_workbook("LABOUR_2024.xlsx", sheets, cover=cover)
        given = {("LABOUR", "inspections"): answers} if answers else {}
        return read_submissions(folder, CODEBOOK, Settled(given))

    return reading


@pytest.mark.parametrize("second", ["Inspections (2)", "Inspections (old)", "What we did"])
def test_a_sheet_that_may_say_again_what_another_does_waits(read, second):
    sheets = {"Inspections": INSPECTED, second: LATER}
    intake = read(sheets)
    asked = intake.questions.loc[intake.questions["kind"] == "second sheet", "question"]
    assert asked.str.contains(f"The sheet {second} can hold the same", regex=False).all()
    assert set(intake.waiting["sheet"]) == {second} and len(asked)
    left = read(sheets, {("second sheet", fold(second)): "leave"})
    assert left.frames["inspections"]["month"].tolist() == ["2024-03"]
    kept = read(sheets, {("second sheet", fold(second)): "count"})
    assert kept.frames["inspections"]["month"].tolist() == ["2024-03", "2024-04"]


@pytest.mark.parametrize("names", [
    ("Inspections Jan-Jun", "Inspections Jul-Dec"), ("North", "South"), ("North", "North two"),
])  # fmt: skip
def test_sheets_that_share_a_stream_between_them_are_no_question(read, names):
    assert read({names[0]: INSPECTED, names[1]: LATER}).questions.empty


NAMED = [("district", 3, "Cayo", "Cayo"), ("month", 0, "March", "2024-03"),
         ("month", 0, "Marzo 2023", "2023-03")]  # fmt: skip


@pytest.mark.parametrize(("column", "place", "name", "value"), NAMED)
@pytest.mark.parametrize("answer", [None, "fill", "count"])
def test_a_name_that_says_what_no_column_holds_is_asked_about(column, place, name, value, answer):
    rows = [[*line[:place], *line[place + 1 :]] for line in INSPECTED]
    about = ("name of the sheet", fold(CODEBOOK.stream("inspections").column(column).label_en))
    asked = Asked({about: answer} if answer else {})
    grid = replace(grid_of(name, rows), from_workbook=True)
    table = read_table(grid, CODEBOOK.stream("inspections"), CODEBOOK, "f.xlsx", 2024, asked)
    assert [question.kind for question in asked.open] == ([] if answer else [about[0]])
    assert table.rows[column].dropna().tolist() == ([value] if answer == "fill" else [])


@pytest.mark.parametrize(("name", "from_workbook"), [
    ("Cayo", False), ("Cayo district office visits", True), ("Sheet1", True), ("3", True),
])  # fmt: skip
def test_a_name_that_says_nothing_of_its_rows_is_no_question(name, from_workbook):
    for place in (0, 3):
        rows = [[*line[:place], *line[place + 1 :]] for line in INSPECTED]
        asked = Asked()
        grid = replace(grid_of(name, rows), from_workbook=from_workbook)
        read_table(grid, CODEBOOK.stream("inspections"), CODEBOOK, "f.xlsx", 2024, asked)
        assert asked.open == []


def test_a_name_is_no_question_where_a_column_holds_it():
    asked = Asked()
    grid = replace(grid_of("Toledo", INSPECTED), from_workbook=True)
    read_table(grid, CODEBOOK.stream("inspections"), CODEBOOK, "f.xlsx", 2024, asked)
    assert asked.open == []


def test_the_name_of_a_stream_says_no_theme():
    rows = [["Month", "District", "People reached"], ["2024-03", "CY", "40"]]
    asked = Asked()
    grid = replace(grid_of("Awareness", rows), from_workbook=True)
    read_table(grid, CODEBOOK.stream("awareness"), CODEBOOK, "f.xlsx", 2024, asked)
    assert asked.open == []
