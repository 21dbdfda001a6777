"""Facts of the intake that no other test states: what a figure, a tick, a merge or a colour says."""

from __future__ import annotations

import datetime

import pytest

from atips_analysis.errors import InputError
from atips_analysis.intake import read_submissions
from atips_analysis.intake.answering import take_back
from atips_analysis.intake.cover import day_of, title_answers
from atips_analysis.intake.grid import grid_of
from atips_analysis.intake.marks import colour_word
from atips_analysis.intake.months_covered import months_said, months_to
from atips_analysis.intake.number_format import shown
from atips_analysis.intake.questions import Choice, Question
from atips_analysis.intake.settled import Settled

INSPECTION = "month,inspection_type,sector,district,finding,n"


@pytest.mark.parametrize(
    ("value", "code", "said"),
    [
        (0, '0;-0;"none"', "none"),
        (3, '0;-0;"none"', None),
        (-3, '0;"minus";"none"', "minus"),
        (0, '0;"minus"', None),
        (5, '[=5]"five";0', "five"),
        (6, '[=5]"five";0', None),
        (5, '[<>5]"other";0', None),
        (4, '[<=4]"few";0', "few"),
        (4, '[>=4]"many";0', "many"),
        (4, '[<4]"few";0', None),
        (4, '[>4]"many";0', None),
        (9, '[<5]"few";[<8]"some"', "some"),
        (1234, "0,", "1.234"),
        (0.25, "0%", "25%"),
        (7, "0.00", None),
        (7, ";;;", "nothing"),
    ],
)
def test_a_number_format_says_what_is_shown_in_place_of_the_number(value, code, said):
    assert shown(value, code) == said


@pytest.mark.parametrize(
    ("rgb", "word"),
    [
        ("FFFF00", "yellow"), ("FFC000", "yellow"), ("FF8800", "orange"), ("FF0000", "red"),
        ("00B050", "green"), ("0070C0", "blue"), ("00B0F0", "blue"), ("7030A0", "purple"),
        ("808080", "grey"), ("FFFFFF", ""), ("000000", ""), ("F8F8F8", ""), ("zzzzzz", ""),
    ],
)  # fmt: skip
def test_a_colour_has_a_name_and_black_and_white_have_none(rgb, word):
    assert colour_word(rgb) == word


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("Nothing to report", {"nil": "yes"}),
        ("Nil return: yes", {"nil": "yes"}),
        ("Sin novedad", {"nil": "yes"}),
        ("Nothing to report: no", {"nil": "no"}),
        ("Agency: DHS", {"agency": "DHS"}),
        ("Covers up to: 2024-06", {"covers": "2024-06"}),
        ("Trainings of the year", {}),
    ],
)
def test_a_line_above_a_table_says_who_when_and_whether_there_was_nothing(line, said):
    assert title_answers([line]) == said


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2024-03-31", datetime.date(2024, 3, 31)),
        ("31/03/2024", datetime.date(2024, 3, 31)),
        ("03/31/2024", datetime.date(2024, 3, 31)),
        ("2024-03-31 10:00", datetime.date(2024, 3, 31)),
        ("04/03/2024", None),
        ("2024-13-01", None),
        ("1989-12-31", None),
        ("March 2024", None),
    ],
)
def test_a_day_that_can_be_two_days_is_none(text, day):
    assert day_of(text) == day


@pytest.mark.parametrize(
    ("text", "months"),
    [
        ("Jan-Jun 2024", ("2024-01", "2024-06")),
        ("January to March", ("2024-01", "2024-03")),
        ("enero a junio de 2024", ("2024-01", "2024-06")),
        ("LABOUR_2024_Q3", ("2024-07", "2024-09")),
        ("second half", ("2024-07", "2024-12")),
        ("2º trimestre 2024", ("2024-04", "2024-06")),
        ("primer semestre", ("2024-01", "2024-06")),
        ("2024-02 to 2024-05", ("2024-02", "2024-05")),
        ("June 2024", ("2024-06", "2024-06")),
        ("2024", None),
        ("Jan-Jun 2023", None),
        ("December to January 2024", None),
        ("DHS_2024_v2", None),
        ("", None),
    ],
)
def test_a_text_says_which_months_of_its_year_a_return_is_for(text, months):
    assert months_said(text, 2024) == months


def test_covers_up_to_begins_in_january():
    assert months_to("2024-06", 2024) == ("2024-01", "2024-06")
    assert months_to("soon", 2024) is None


def test_a_cover_that_says_part_of_a_year_and_a_file_named_by_its_quarter_say_so(
    folder, write_workbook, codebook
):
    rows = [INSPECTION.split(","), ["2024-01", "ROUTINE", "I", "CY", "NONE", 3]]
    cover = [["Agency", "LABOUR"], ["Reporting period", "January to June 2024"]]
    write_workbook("a.xlsx", {"Inspections": rows}, cover=cover)
    rows[1][5] = 4
    write_workbook("LABOUR_2024_Q3.xlsx", {"Inspections": rows}, cover=[])
    rows[1][5] = 5
    cover = [["Agency", "LABOUR"], ["Year", 2024], ["Covers up to", "next year"]]
    write_workbook("c.xlsx", {"Inspections": rows}, cover=cover)
    intake = read_submissions(folder, codebook, Settled())
    said = intake.files.set_index("file")[["first", "last"]].apply(tuple, axis=1).to_dict()
    assert said == {
        "a.xlsx": ("2024-01", "2024-06"),
        "LABOUR_2024_Q3.xlsx": ("2024-07", "2024-09"),
        "c.xlsx": ("", ""),
    }
    assert intake.notes["note"].str.contains("is not one month; write yyyy-mm").any()


@pytest.mark.parametrize(("cover", "place"), [([], ""), ([["Note", "x"]], "Cover")])
def test_that_the_sender_stands_above_the_table_alone_is_noted_at_the_cover(
    cover, place, folder, write_workbook, codebook
):
    above = [["Labour Department"], ["Inspections of 2024"], []]
    rows = [*above, INSPECTION.split(","), ["2024-01", "ROUTINE", "I", "CY", "NONE", 3]]
    write_workbook("a.xlsx", {"Inspections": rows}, cover=cover)
    intake = read_submissions(folder, codebook, Settled())
    assert intake.files[["submitted_by", "submitted_for"]].values.tolist() == [["LABOUR", 2024]]
    said = intake.notes[intake.notes["note"].str.contains("above the table|by a sheet's title")]
    assert said["sheet"].tolist() == [place, place]


@pytest.mark.parametrize(
    ("month", "year", "asked"),
    [("2023-05", 2023, False), ("March", 2024, True), ("45000", 2024, True)],
)
def test_where_cover_and_name_differ_dates_of_the_rows_tell_the_year_and_figures_do_not(
    month, year, asked, folder, write_workbook, codebook
):
    rows = [INSPECTION.split(","), [month, "ROUTINE", "I", "CY", "NONE", 45000]]
    cover = [["Agency", "LABOUR"], ["Year", 2024]]
    write_workbook("LABOUR_2023.xlsx", {"Inspections": rows}, cover=cover)
    intake = read_submissions(folder, codebook, Settled())
    assert intake.files["submitted_for"].tolist() == [year]
    assert ("year of the return" in set(intake.questions["kind"])) == asked


def test_only_the_blank_cells_of_a_merge_take_its_value(folder, write_workbook, codebook):
    rows = [INSPECTION.split(",")] + [
        [f"2024-0{n}", "ROUTINE", "I", district, "NONE", n]
        for n, district in enumerate(["CY", None, "BZ", None], start=1)
    ]
    write_workbook(
        "LABOUR_2024.xlsx", {"Inspections": rows}, cover=[], merged={"Inspections": ["D2:D3"]}
    )
    frame = read_submissions(folder, codebook, Settled()).frames["inspections"]
    assert frame["district"].fillna("").tolist() == ["CY", "CY", "BZ", ""]


def test_rows_keep_their_numbers_over_blank_ones():
    grid = grid_of("s", [["a", "b"], ["", None], [0, ""], [1, "x"]])
    assert grid.cells.index.tolist() == [1, 3, 4]
    assert not grid.hidden


def test_no_answer_that_is_kept_is_named_none(tmp_path):
    with pytest.raises(InputError, match="kept are none"):
        take_back(tmp_path / "answers.csv", "12345678")


def test_a_question_without_choices_is_its_text_and_one_with_choices_lists_them():
    assert Question("formula", "x", "Why?", ()).said == "Why?"
    choices = (Choice("a", "first"), Choice("b", "second"))
    assert Question("column", "x", "Which?", choices).said == "Which? a: first; b: second."


def test_a_nil_return_is_told_on_the_receipt(folder, write_workbook, codebook):
    from atips_analysis.intake.receipt import receipt_of

    cover = [
        ["Agency", "LABOUR"],
        ["Year", 2024],
        [],
        ["Sheet", "Nothing to report"],
        ["Inspections", "yes"],
    ]
    write_workbook("LABOUR_2024.xlsx", {"Inspections": [INSPECTION.split(",")]}, cover=cover)
    intake = read_submissions(folder, codebook, Settled())
    receipt = receipt_of(intake, intake.frames, "LABOUR_2024.xlsx", codebook)
    assert "nothing to report, as the cover says" in receipt.lines(codebook)
    assert "nada que informar, según la portada" in receipt.lines(codebook, "es")


def test_the_sample_of_a_question_is_of_three_values(folder, write_workbook, codebook):
    rows = [[*INSPECTION.split(",")[:5], "Inspections (planned)"]]
    rows += [[f"2024-0{n}", "ROUTINE", "I", "CY", "NONE", 10 + n] for n in range(1, 6)]
    write_workbook("LABOUR_2024.xlsx", {"Inspections": rows}, cover=[])
    (question,) = read_submissions(folder, codebook, Settled()).questions["question"]
    assert "(11, 12, 13)" in question
