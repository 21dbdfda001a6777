"""`atips returns`: what is owed, what came, what to ask of whom; and what consolidating says."""

from __future__ import annotations

import json
import shutil

import pytest

from atips_analysis.cli import run
from atips_analysis.project import find_project

ROWS = "month,inspection_type,sector,district,finding,n\n" + "".join(
    f"2024-{month:02d},ROUTINE,I,CY,NONE,{month}\n" for month in range(1, 7)
)


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A project with one agency's half year, and a register of two agencies."""
    ours = find_project().root
    shutil.copytree(ours / "expectations", tmp_path / "expectations")
    (profile,) = ours.glob("data/**/profile.toml")
    for file in profile.parent.iterdir():  # the profile, and what may stand beside it
        if file.is_file():
            target = tmp_path / file.relative_to(ours)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, target)
    submissions = tmp_path / "data" / "submissions"
    submissions.mkdir(parents=True)
    (submissions / "LABOUR_2024_inspections.csv").write_text(ROWS, encoding="utf-8")
    register = tmp_path / "data" / "council" / "returns.csv"
    register.parent.mkdir(exist_ok=True)
    register.write_text(
        "agency,stream,period,due\nLABOUR,inspections,2024,90 days\nIMM,screenings,2024-,90 days\n",
        encoding="utf-8",
    )
    monkeypatch.chdir(tmp_path)
    return tmp_path


def consolidate() -> int:
    return run(["consolidate", "--submissions", "data/submissions", "--databank", "data/databank"])


def test_consolidating_shows_what_is_owed_and_what_went(project, capfd):
    assert consolidate() == 0
    assert "■■■■■■······" in capfd.readouterr().out
    path = project / "data" / "submissions" / "LABOUR_2024_inspections.csv"
    (project / "data" / "submissions" / "IMM_2024_screenings.csv").write_text(
        "month,origin_group,outcome,n\n2024-05,CAM,NOT,3\n", encoding="utf-8"
    )
    path.unlink()
    consolidate()
    said = capfd.readouterr().out
    assert "withdrawn, and counts no more: LABOUR_2024_inspections.csv" in said
    assert "new: IMM_2024_screenings.csv" in said and "×" in said


def test_what_to_ask_is_listed_and_written_to_each_agency(project, capfd):
    consolidate()
    capfd.readouterr()
    assert run(["returns", "--letters", "letters", "--year", "2024"]) == 0
    said = capfd.readouterr().out
    assert "LABOUR: 2024-07 to 2024-12, inspections (missing, due 2025-03-31)" in said
    assert "IMM: 2024-01 to 2024-12, screenings (missing, due 2025-03-31)" in said
    written = {file.name for file in (project / "letters").iterdir()}
    assert written == {"LABOUR-reminder.docx", "IMM-reminder.docx"}


def test_json_stands_alone_and_nothing_is_asked_before_its_day(project, capfd):
    consolidate()
    capfd.readouterr()
    assert run(["returns", "--json", "--on", "2025-03-30"]) == 0
    assert json.loads(capfd.readouterr().out) == []
    assert run(["returns", "--json", "--on", "2025-03-31"]) == 0
    asked = json.loads(capfd.readouterr().out)
    assert {one["agency"] for one in asked} == {"LABOUR", "IMM"}


@pytest.mark.parametrize(
    ("row", "words", "said"),
    [
        ("DSH,victims,2024,90 days", ["returns"], "row 2: the agency 'DSH' is not known"),
        ("", ["returns"], "no return is owed: fill in the register"),
        ("IMM,screenings,2024,90 days", ["returns", "--on", "soon"], "--on 'soon' is not a day"),
        ("IMM,screenings,2024,90 days", ["returns", "--year", "2001"], "nothing that is owed for 2001"),
        ("IMM,screenings,2024,90 days", ["returns", "--lang", "xx", "--letters", "l"], "xx"),
    ],
)  # fmt: skip
def test_a_wrong_register_or_word_is_one_line(row, words, said, project, capfd):
    consolidate()
    register = project / "data" / "council" / "returns.csv"
    register.write_text(f"agency,stream,period,due\n{row}\n", encoding="utf-8")
    capfd.readouterr()
    assert run(words) == 2
    lines = capfd.readouterr().err.strip().splitlines()
    assert len(lines) == 1 and said in lines[0]


def test_an_option_that_takes_a_number_says_so_in_words(capfd):
    assert run(["template", "--agency", "DHS", "--year", "twenty", "--out", "x.xlsx"]) == 2
    said = capfd.readouterr().err
    assert "--year 'twenty' is not a whole number; write digits alone" in said
    assert run(["build", "--jobs=many"]) == 2
    assert "--jobs 'many' is not a whole number" in capfd.readouterr().err


def test_what_came_and_is_not_in_the_register_is_said_with_who_owes_nothing(project, capfd):
    (project / "data" / "submissions" / "RET_2024_trainings.csv").write_text(
        "session_id,month,audience,topic,facilitator,participants\nR-1,2024-05,TEACHERS,HT101,RET,9\n",
        encoding="utf-8",
    )
    consolidate()
    assert "RET: trainings (2024)" in capfd.readouterr().out
    run(["returns", "--year", "2024"])
    said = capfd.readouterr().out
    assert "not in the register" in said and "RET: trainings (2024)" in said
    assert "LABOUR" not in said.partition("owe nothing")[2].splitlines()[0]


BAD = [
    (
        "a register that names an unknown agency",
        {"council/returns.csv": "agency,stream,period,due\nLABUOR,inspections,2024,90 days\n"},
        ["returns.csv", "row 2", "'LABUOR' is not known", "did you mean LABOUR?"],
    ),
    (
        "two answers that contradict one another",
        {
            "council/answers.csv": "agency,stream,kind,about,answer\n"
            "LABOUR,inspections,meaning,Inspections (net),count\n"
            "LABOUR,inspections,meaning,Inspections (net),leave\n"
        },
        ["answers.csv", "row 3", "'count' and 'leave'", "keep one"],
    ),
    (
        "an answer for a header that is gone",
        {
            "council/answers.csv": "agency,stream,kind,about,answer\n"
            "LABOUR,inspections,meaning,Inspections (net),count\n"
        },
        ["about a header that is not in this table", "atips answer --take-back"],
    ),
]


@pytest.mark.parametrize(("what", "files", "said"), BAD, ids=[what for what, *_ in BAD])
def test_what_is_wrong_in_the_officers_room_is_one_line_and_names_its_place(
    project, capfd, what, files, said
):
    for name, text in files.items():
        (project / "data" / name).write_text(text, encoding="utf-8")
    run(["check", "data/submissions/LABOUR_2024_inspections.csv", "--out", "feedback"])
    if "returns.csv" in " ".join(files):
        consolidate()
    told = capfd.readouterr()
    lines = [line for line in (told.out + told.err).splitlines() if said[0] in line]
    assert lines and all(any(part in line for line in lines) for part in said), told
    assert "Traceback" not in told.out + told.err


def test_a_workbook_of_two_hundred_sheets_is_named_and_the_others_are_read(project, capfd):
    import openpyxl

    book = openpyxl.Workbook()
    for number in range(199):
        book.create_sheet(f"S{number}")
    book.save(project / "data" / "submissions" / "IMM_2024.xlsx")
    assert consolidate() == 1
    told = capfd.readouterr()
    assert "IMM_2024.xlsx: the workbook has 200 sheets, more than 100" in told.err
    assert "rows read 6 = accepted 6" in told.out


def test_a_wrong_calendar_stops_consolidating_before_an_edition_is_made(project, capfd):
    (project / "data" / "council" / "calendar.csv").write_text(
        "# by when\nyear,forms,questions,build,check,approval,release\n2024,,,,,,2024-06-30\n"
    )
    assert consolidate() == 2
    told = capfd.readouterr().err.strip().splitlines()
    assert len(told) == 1 and "calendar.csv, row 3: release 2024-06-30" in told[0]
    assert not (project / "data" / "databank" / "editions").exists()


def next_lines(capfd, *options: str) -> list[str]:
    capfd.readouterr()
    assert run(["returns", *options]) == 0
    return capfd.readouterr().out.partition("what comes next:\n")[2].splitlines()


def test_what_comes_next_is_told_in_three_lines_and_overdue_only_where_a_day_is_given(
    project, capfd
):
    consolidate()
    first, second, third = next_lines(capfd)
    assert first.strip() == (
        "returns: due 2025-03-31: IMM, LABOUR; forms for 2025 to send to 1 agency by "
        "2025-01-15 (atips template), first due 2026-03-31"
    )
    assert second.strip() == "questions: none is open"
    assert third.strip() == ("reports: 2024 is to be built by 2025-05-05 (atips build --year 2024)")
    asked = next_lines(capfd, "--on", "2025-04-01")
    assert "overdue since 2025-03-31: IMM, LABOUR" in asked[0]


@pytest.mark.parametrize(
    ("edition", "state", "says"),
    [
        ("another", "draft", "2024 was made from edition another: build it again"),
        (
            "own",
            "draft",
            "2024 is a draft: to be read, checked by 2025-05-19, approved by 2025-06-09 and "
            "released by 2025-06-30",
        ),
        ("own", "released", "2024 is released, and nothing has come in since"),
    ],
)
def test_what_comes_next_knows_where_the_reports_stand(project, capfd, edition, state, says):
    consolidate()
    own = next((project / "data" / "databank" / "editions").iterdir()).name
    folder = project / "reports" / "2024"
    folder.mkdir(parents=True)
    made = {"edition": own if edition == "own" else edition, "state": state}
    (folder / "manifest.json").write_text(json.dumps(made))
    assert says in next_lines(capfd)[2]


def test_rows_that_wait_for_an_answer_are_counted_once_and_told_with_their_file(project):
    from types import SimpleNamespace

    import pandas as pd

    from atips_analysis.build.what_next import what_next
    from atips_analysis.databank import open_databank

    consolidate()
    bank = open_databank(project / "data" / "databank")
    findings = pd.DataFrame(
        {
            "rule": ["question", "question", "question", "VALID"],
            "file": ["a.csv", "a.csv", "b.csv", "c.csv"],
            "sheet": "",
            "row": [3, 3, 4, 5],
        }
    )
    kept = {"findings": findings, "returns": bank.kept("returns")}
    asked = SimpleNamespace(kept=kept.__getitem__, simulated=False, edition=bank.edition)
    assert what_next(find_project(), asked)[1] == (
        "questions: 2 rows wait for an answer by 2025-04-30, in a.csv, b.csv "
        "(atips check says which)"
    )


def test_a_letter_is_written_in_the_agency_s_own_language(project, capfd):
    import zipfile

    agencies = project / "data" / "council" / "agencies.csv"
    lines = agencies.read_text(encoding="utf-8").splitlines()
    head = next(at for at, line in enumerate(lines) if line.startswith("code,"))
    lines[head] += ",lang"
    for at in range(head + 1, len(lines)):
        lines[at] += ",es" if lines[at].startswith("LABOUR,") else ","
    agencies.write_text("\n".join(lines) + "\n", encoding="utf-8")
    consolidate()
    assert run(["returns", "--letters", "letters"]) == 0
    words = {}
    for agency in ("LABOUR", "IMM"):
        with zipfile.ZipFile(project / "letters" / f"{agency}-reminder.docx") as letter:
            words[agency] = letter.read("word/document.xml").decode("utf-8")
    assert "Departamento de Trabajo" in words["LABOUR"] and "Recordatorio" in words["LABOUR"]
    assert "Immigration Department" in words["IMM"] and "Reminder" in words["IMM"]


def test_a_language_of_an_agency_that_no_catalogue_has_is_refused_with_its_row(project, capfd):
    agencies = project / "data" / "council" / "agencies.csv"
    lines = agencies.read_text(encoding="utf-8").splitlines()
    head = next(at for at, line in enumerate(lines) if line.startswith("code,"))
    lines[head] += ",lang"
    lines[head + 1] += ",xx"
    for at in range(head + 2, len(lines)):
        lines[at] += ","
    agencies.write_text("\n".join(lines) + "\n", encoding="utf-8")
    capfd.readouterr()
    assert consolidate() == 2
    said = capfd.readouterr().err
    assert f"agencies.csv, row {head + 2}: the language 'xx'" in said and "en, es" in said
