"""The feedback workbook as its reader meets it, and as it comes back."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import openpyxl
import pytest

from atips_analysis.cleaning import clean
from atips_analysis.cli import run
from atips_analysis.codebook import load_codebook
from atips_analysis.errors import InputError
from atips_analysis.intake import read_files
from atips_analysis.project import find_project
from atips_analysis.quality import judge
from atips_analysis.quality.feedback import write_feedback

CODEBOOK = load_codebook()
EXPECTATIONS = find_project().expectations
HEADER = (
    "session_id;month;audience;topic;facilitator;district;participants;women;men;"
    "pre_post_pairs;pre_post_gain"
)
ROWS = [
    "S-1;2024-03;TOURISM;HT101;NCFC;CY;20;9;11;;",
    "S-2;2024-04;TOURISM;HT101;NCFC;CY;20;12;11;;",
    "S-3;2024-05;=Karaoke bars;HT101;NCFC;CY;20;;;;",
    "S-4;2024-06;TOURISM;HT101;NCFC;CY;20;;;;5",
    "S-1;2024-03;TOURISM;HT101;NCFC;CY;20;9;11;;",
]


@pytest.fixture(scope="module")
def sent(tmp_path_factory):
    """A return of trainings: a row accepted, two to correct, one to check, one repeated."""
    file = tmp_path_factory.mktemp("sent") / "NCFC_2024_trainings.csv"
    file.write_text("SIMULATED RECORDS\n" + "\n".join([HEADER, *ROWS]) + "\n", encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def judged(sent):
    intake = read_files([sent], CODEBOOK)
    frames = {
        name: clean(name, frame, CODEBOOK).frame
        for name, frame in intake.frames.items()
        if len(frame)
    }
    return intake, judge(frames, CODEBOOK, EXPECTATIONS)


@pytest.fixture(scope="module")
def feedback(judged, tmp_path_factory):
    path = tmp_path_factory.mktemp("feedback") / "NCFC_2024_trainings-feedback.xlsx"
    return write_feedback(path, *judged)


def texts(sheet):
    return [[cell for cell in row if cell is not None] for row in sheet.iter_rows(values_only=True)]


def test_the_first_sheet_says_in_plain_words_what_arrived_and_what_to_do(feedback):
    sheet = openpyxl.load_workbook(feedback)["Read me first"]
    words = " ".join(str(cell) for row in texts(sheet) for cell in row)
    assert "2 of 5 rows were accepted. 2 cannot be used until they are corrected" in words
    assert "SIMULATED RECORDS" in words
    assert "Confidential" in words


def test_the_list_names_row_column_value_reason_and_remedy_most_important_first(feedback):
    rows = texts(openpyxl.load_workbook(feedback)["To correct"])[1:]
    assert [row[1] for row in rows] == [
        "Must be corrected",
        "Must be corrected",
        "Please check",
        "For information",
    ]
    one = next(row for row in rows if row[5] == "Participants")
    assert one[3] == 4
    assert one[6:9] == [
        "20",
        "Women and men together (23) are more than the participants (20).",
        "Correct the number of participants, of women or of men.",
    ]


def test_offending_cells_are_coloured_and_say_what_to_do(feedback):
    sheet = openpyxl.load_workbook(feedback)["Training sessions"]
    headers = {cell.value: cell.column for cell in sheet[1]}
    wrong = sheet.cell(3, headers["Participants"])
    doubtful = sheet.cell(5, headers["Participants with both tests"])
    assert wrong.fill.fgColor.rgb != doubtful.fill.fgColor.rgb
    assert "Correct the number of participants" in wrong.comment.text
    assert sheet.cell(3, 1).value == "to correct"
    assert sheet.cell(6, 1).value == "repeated"


def test_what_opens_like_a_formula_is_written_as_text(feedback):
    sheet = openpyxl.load_workbook(feedback)["Training sessions"]
    cells = [cell for row in sheet.iter_rows() for cell in row if str(cell.value).startswith("=")]
    assert [cell.data_type for cell in cells] == ["s"]


def test_cells_of_a_code_list_offer_its_labels(feedback):
    book = openpyxl.load_workbook(feedback)
    offered = {rule.formula1 for rule in book["Training sessions"].data_validations.dataValidation}
    assert "list_training_audience" in offered
    assert book["Lists"].sheet_state == "hidden"


def test_the_same_call_writes_the_same_bytes(judged, feedback, tmp_path):
    again = write_feedback(tmp_path / "again.xlsx", *judged)
    assert again.read_bytes() == feedback.read_bytes()


@pytest.mark.parametrize("lang", ["en", "es"])
def test_the_intake_reads_the_feedback_again_row_for_row(judged, tmp_path, lang):
    intake, judgement = judged
    back = write_feedback(tmp_path / "NCFC_2024_back.xlsx", intake, judgement, lang)
    again = read_files([back], CODEBOOK)
    names = [column.name for column in CODEBOOK.streams["trainings"].columns]
    assert again.frames["trainings"][names].equals(intake.frames["trainings"][names])
    assert list(again.files["submitted_by"]) == ["NCFC"]
    assert list(again.files["submitted_for"].astype(int)) == [2024]
    assert again.files["simulated"].all()
    assert sum(len(frame) for frame in again.frames.values()) == len(ROWS)


@pytest.mark.parametrize("lang", ["en", "es"])
def test_what_helps_to_fill_in_the_cover_is_not_read_as_the_answer(judged, tmp_path, lang):
    back = write_feedback(tmp_path / "NCFC_2024_back.xlsx", *judged, lang)
    again = read_files([back], CODEBOOK)
    (file,) = again.files.to_dict("records")
    assert not file["contact_role"]
    assert not [text for text in again.notes["note"] if "is not one" in text]
    cover = openpyxl.load_workbook(back)["Cover"]
    helps = {rule.promptTitle: rule.prompt for rule in cover.data_validations.dataValidation}
    titles = [cell.value for cell in cover["A"] if cell.value in helps]
    assert len(titles) == 5 and all(helps.values())


def test_a_corrected_feedback_sent_back_replaces_what_was_sent(sent, feedback, tmp_path):
    both = [Path(shutil.copy(file, tmp_path)) for file in (sent, feedback)]
    files = read_files(both, CODEBOOK).files.set_index("file")
    assert files.loc[sent.name, "state"] == "replaced"
    assert files.loc[feedback.name, "state"] == "current"


def test_feedback_on_several_files_asks_which(judged, tmp_path):
    intake, judgement = judged
    with pytest.raises(InputError, match="one file"):
        write_feedback(tmp_path / "x.xlsx", intake, judgement, file="other.xlsx")


def test_check_tells_people_and_leaves_with_1_when_there_is_something_to_correct(
    sent, tmp_path, capsys
):
    assert run(["check", str(sent), "--out", str(tmp_path)]) == 1
    told = capsys.readouterr().out
    assert "Women and men together (23)" in told
    assert "there is something to correct" in told
    assert (tmp_path / "NCFC_2024_trainings-feedback.xlsx").is_file()


def test_check_prints_json_alone(sent, tmp_path, capsys):
    assert run(["check", str(sent), "--out", str(tmp_path), "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert told["totals"] == {"read": 5, "accepted": 2, "quarantined": 2, "duplicates": 1}
    assert told["files"][0]["submitted_by"] == "NCFC"


def test_check_leaves_with_0_when_all_is_well_and_2_when_there_is_no_file(tmp_path, capsys):
    good = tmp_path / "NCFC_2024_trainings.csv"
    good.write_text("\n".join([HEADER, ROWS[0]]) + "\n", encoding="utf-8")
    assert run(["check", str(good), "--out", str(tmp_path / "out")]) == 0
    assert run(["check", str(tmp_path / "none.xlsx")]) == 2
    assert "no such file" in capsys.readouterr().err


def test_an_empty_return_without_a_nil_tick_leaves_with_1(tmp_path):
    empty = tmp_path / "NCFC_2024_trainings.csv"
    empty.write_text(HEADER + "\n", encoding="utf-8")
    assert run(["check", str(empty), "--out", str(tmp_path / "out")]) == 1
