"""The receipt says how a file was read, and an answer that was given is taken in and taken back."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest

from atips_analysis.cli import run
from atips_analysis.errors import InputError
from atips_analysis.intake import read_files, read_submissions
from atips_analysis.intake.answering import Answer, answer_of, answers_in, keep_answers, take_back
from atips_analysis.intake.receipt import receipt_of
from atips_analysis.intake.settled import Settled, read_answers
from atips_analysis.project import find_project
from atips_analysis.quality.feedback import write_feedback
from atips_analysis.quality.waiting import judge_intake

HEAD = "Month,Type of inspection,Economic sector,District,Finding,{}\n"
ROWS = (
    "2024-01,Routine labour inspection,Construction,Cayo,No violation,5\n"
    "2024-02,Routine labour inspection,Construction,Cayo,No violation,11\n"
)
NAME = "LABOUR_2024_inspections.csv"


@pytest.fixture
def returned(folder: Path) -> Path:
    path = folder / NAME
    path.write_text(HEAD.format("Inspections (cumulative)") + ROWS, encoding="utf-8")
    return path


def checked(folder: Path, *arguments: str, capsys) -> tuple[int, str]:
    code = run(["check", *arguments, "--out", str(folder / "feedback")])
    return code, capsys.readouterr().out


def test_check_tells_columns_not_used_sums_by_month_and_encoding(folder, capsys):
    text = HEAD.format("Inspections,Inspector's car") + ROWS.replace("\n", ",red\n")
    (folder / NAME).write_text(text, encoding="utf-8")
    code, said = checked(folder, str(folder / NAME), capsys=capsys)
    assert code == 0 and "columns not used: Inspector's car" in said
    assert "UTF-8, comma between columns" in said and "months 2024-01 to 2024-02" in said
    code, said = checked(folder, str(folder / NAME), "--json", capsys=capsys)
    receipt = json.loads(said)["files"][0]["receipt"]
    (sheet,) = receipt["sheets"]
    assert sheet["columns_not_used"] == ["Inspector's car"]
    assert sheet["rows"] == {"read": 2, "accepted": 2, "quarantined": 0, "duplicate": 0}
    assert sheet["sums_by_month"] == [
        {"month": "2024-01", "rows": 1, "n": 5},
        {"month": "2024-02", "rows": 1, "n": 11},
    ]
    assert {"header": "Month", "column": "month", "how": "exact"} in sheet["columns"]


def test_check_takes_a_folder_names_what_cannot_be_used_and_goes_on(folder, capsys):
    (folder / NAME).write_text(HEAD.format("Inspections") + ROWS, encoding="utf-8")
    (folder / "DHS_2024.xlsx").write_bytes(b"PK\x03\x04 cut")
    (folder / "table.pdf").write_bytes(b"%PDF")
    code, said = checked(folder, str(folder), capsys=capsys)
    assert code == 1
    assert "cannot be used: DHS_2024.xlsx: the workbook is damaged" in said
    assert "not read: table.pdf (a letter or a picture of a table" in said
    assert "2 rows = 2 accepted" in said


def test_a_row_that_waits_is_quarantined_with_its_question_and_the_account_holds(
    returned, codebook, folder
):
    intake = read_submissions(folder, codebook, Settled())
    _, judgement = judge_intake(intake, codebook, find_project().expectations, "part")
    rows = judgement.verdicts["inspections"]
    assert rows["verdict"].tolist() == ["quarantined", "quarantined"]
    found = judgement.findings[judgement.findings["rule"] == "question"]
    assert len(found) == 2 and "running totals" in found["reason"].iloc[0]
    assert found["value"].tolist() == ["5", "11"]


def test_rows_that_wait_keep_their_place_among_the_others(folder, write_workbook, codebook):
    head = HEAD.format("Inspections,Status").strip().split(",")
    rows = [
        [*line.split(","), status]
        for line, status in zip(ROWS.splitlines(), ["Cancelled", "Held"], strict=True)
    ]
    write_workbook("LABOUR_2024.xlsx", {"Inspections": [head, *rows]}, cover=[])
    intake = read_submissions(folder, codebook, Settled())
    _, judgement = judge_intake(intake, codebook, find_project().expectations, "part")
    verdicts = judgement.verdicts["inspections"]
    assert verdicts["row"].tolist() == [2, 3]
    assert verdicts["verdict"].tolist() == ["quarantined", "accepted"]


def test_an_answer_in_the_feedback_workbook_is_taken_in_and_the_rows_count(
    returned, codebook, folder, tmp_path
):
    suites = find_project().expectations
    intake = read_files([returned], codebook, Settled())
    _, judgement = judge_intake(intake, codebook, suites, "part")
    path = write_feedback(tmp_path / "feedback.xlsx", intake, judgement)
    assert answers_in(path.read_bytes(), path.name) == []
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    (row,) = [cells[0].row for cells in sheet.iter_rows() if cells[0].value == "Question"]
    sheet.cell(row + 1, 2).value = "Differences"
    book.save(path)
    (answer,) = answers_in(path.read_bytes(), path.name)
    assert (answer.agency, answer.stream, answer.answer) == ("LABOUR", "inspections", "differences")
    kept = tmp_path / "council" / "answers.csv"
    keep_answers(kept, [answer])
    again = read_files([returned], codebook, read_answers(kept))
    assert again.frames["inspections"]["n"].tolist() == ["5", "6"] and again.waiting.empty
    assert again.questions["answer"].tolist() == ["differences"]
    assert take_back(kept, answer.id) == answer
    assert not read_files([returned], codebook, read_answers(kept)).waiting.empty
    sheet.cell(row + 1, 2).value = "perhaps"
    book.save(path)
    with pytest.raises(InputError, match="'perhaps' is none of the choices"):
        answers_in(path.read_bytes(), path.name)


def test_an_answer_is_to_a_question_that_these_files_ask(returned, codebook):
    intake = read_files([returned], codebook, Settled())
    (name,) = intake.questions["id"]
    given = answer_of(intake, name, "differences")
    assert (given.agency, given.stream, given.answer) == ("LABOUR", "inspections", "differences")
    with pytest.raises(InputError, match=f"their questions are {name}"):
        answer_of(intake, "none of them", "differences")


def test_each_receipt_is_of_its_own_rows_where_two_files_have_a_sheet_of_one_name(
    folder, write_workbook, codebook
):
    head, first, second = [line.split(",") for line in (HEAD.format("n") + ROWS).splitlines()]
    write_workbook("LABOUR_2024.xlsx", {"Inspections": [head, first]}, cover=[])
    earlier = [["2023-01", *first[1:]], ["2023-02", *second[1:]]]
    write_workbook("LABOUR_2023.xlsx", {"Inspections": [head, *earlier]}, cover=[])
    intake = read_submissions(folder, codebook, Settled())
    _, judgement = judge_intake(intake, codebook, find_project().expectations, "part")
    read = {
        file: receipt_of(intake, judgement.verdicts, file, codebook).sheets[0].rows["read"]
        for file in intake.files["file"]
    }
    assert read == {"LABOUR_2024.xlsx": 1, "LABOUR_2023.xlsx": 2}


def test_a_later_answer_takes_the_place_of_an_earlier_one(tmp_path):
    path = tmp_path / "answers.csv"
    first = Answer("LABOUR", "inspections", "period", "Period", "months")
    keep_answers(path, [first])
    keep_answers(path, [Answer("LABOUR", "inspections", "period", "PERIOD:", "other")])
    assert read_answers(path).answers == {
        ("LABOUR", "inspections"): {("period", "period"): "other"}
    }
    with pytest.raises(InputError, match="no answer to a question 'x'"):
        take_back(path, "x")


def test_answers_that_contradict_one_another_are_named_with_their_row(tmp_path):
    path = tmp_path / "answers.csv"
    rows = ["agency,stream,kind,about,answer", "L,i,period,Period,months", "L,i,period,Period,x"]
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    settled = read_answers(path)
    (fault,) = settled.faults
    assert fault.startswith("answers.csv, row 3: 'Period' of L is answered both 'months' and 'x'")
    assert settled.of("L", "i") == {}  # neither counts: the question stays open


def test_contradicting_answers_are_named_beside_the_files_and_the_rest_is_read(returned, codebook):
    settled = Settled(faults=("answers.csv, row 3: both",))
    intake = read_files([returned], codebook, settled)
    assert intake.faults["fault"].tolist() == ["answers.csv, row 3: both"]
    assert len(intake.frames["inspections"]) == 2


def test_two_answers_given_at_once_that_contradict_one_another_are_one_line(tmp_path):
    pair = [Answer("L", "i", "period", "Period", answer) for answer in ("months", "other")]
    with pytest.raises(InputError, match="answered both 'months' and 'other'; give one answer"):
        keep_answers(tmp_path / "answers.csv", pair)
    assert not (tmp_path / "answers.csv").exists()


def test_an_answer_to_a_header_that_is_gone_does_no_harm(returned, codebook):
    gone = {("LABOUR", "inspections"): {("running total", "anotherheader"): "differences"}}
    intake = read_files([returned], codebook, Settled(gone))
    assert len(intake.waiting) == 2
    (note,) = [text for text in intake.notes["note"] if "--take-back" in text]
    assert "is about a header that is not in this table" in note


def test_the_feedback_speaks_one_language_throughout(returned, codebook, tmp_path):
    intake = read_files([returned], codebook, Settled())
    _, judgement = judge_intake(intake, codebook, find_project().expectations, "part")
    path = write_feedback(tmp_path / "f.xlsx", intake, judgement, "es")
    book = openpyxl.load_workbook(path)
    assert book.sheetnames[0] == "Cómo se leyó este archivo"
    texts = [
        str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row if cell.value
    ]
    whole = "\n".join(texts)
    assert "¿son totales acumulados?" in whole and "En espera: 2 filas." in whole
    for word in ("Waiting", "Question", "rows", "question ", "Your answer", "columns", "the form"):
        assert word not in whole, word
    book[book.sheetnames[0]]["B20"] = None
    asked = [row for row in book[book.sheetnames[0]].iter_rows() if row[0].value == "Pregunta"]
    below = book[book.sheetnames[0]].cell(asked[0][0].row + 1, 2)
    below.value = "differences"
    book.save(path)
    assert [one.answer for one in answers_in(path.read_bytes(), path.name)] == ["differences"]


def test_one_row_that_waits_is_one_row():
    from atips_analysis.intake import receipt_words as say

    assert say.RECEIPT_WAITING[0].format() == "Waiting: 1 row."
    assert "1 rows" not in say.HIDDEN_ROWS.format(number=1)


def test_the_feedback_opens_with_the_receipt_and_comes_back_as_a_submission(
    returned, codebook, folder, tmp_path
):
    intake = read_files([returned], codebook, Settled())
    _, judgement = judge_intake(intake, codebook, find_project().expectations, "part")
    path = write_feedback(tmp_path / "LABOUR_2024_inspections_v2.xlsx", intake, judgement)
    assert openpyxl.load_workbook(path).sheetnames[0] == "How this file was read"
    again = read_files([path], codebook, Settled())
    assert again.files["submitted_by"].tolist() == ["LABOUR"]
    # The header of the form no longer says "cumulative": the rows wait all the same.
    assert again.frames["inspections"]["n"].tolist() == ["5", "11"]
    assert again.questions["kind"].tolist() == ["still open"] and len(again.waiting) == 2
