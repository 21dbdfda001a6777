"""A person who takes back consent: taken out, never taken in again; what is kept too long goes."""

from __future__ import annotations

import os
import shutil
from datetime import date

import openpyxl
import pytest

from atips_analysis.cli import run
from atips_analysis.custody.retention import KINDS, due, read_table
from atips_analysis.databank import open_databank
from atips_analysis.databank.clearing import LOG
from atips_analysis.databank.edition import DAMAGED
from atips_analysis.databank.storage import sha256_of
from atips_analysis.errors import InputError
from atips_analysis.intake import read_submissions
from atips_analysis.intake.forgotten import MARKS

from .contents import contents

pytestmark = pytest.mark.slow
CONSOLIDATE = ("consolidate", "--submissions", "data/submissions", "--databank", "data/databank")
INDICATORS = ("indicators", "--databank", "data/databank", "--year", "2024", "--quiet")


@pytest.fixture
def code(project) -> str:
    """A victim of the edition who was served too."""
    bank = open_databank(project.databank)
    both = set(bank.frame("victims")["victim_id"]) & set(bank.frame("services")["victim_id"])
    return min(both)


def rows_of(bank, code: str) -> int:
    return sum(
        int((bank.frame(stream)[name] == code).sum())
        for stream, name in (("victims", "victim_id"), ("services", "victim_id"))
    )


def test_a_forgotten_person_is_in_no_edition_and_the_account_of_rows_holds(project, code, capfd):
    before = open_databank(project.databank)
    own = rows_of(before, code)
    manifest = sha256_of(before.folder / "manifest.json")
    assert own > 1
    assert run(["forget", code]) == 0
    said = capfd.readouterr().out
    assert f"edition {before.edition} in data/databank: " in said
    assert "data/submissions/DHS_2024.xlsx: still holds them" in said
    assert before.folder.is_dir()  # until another stands
    assert run([*CONSOLIDATE]) == 0
    assert (
        f"beside them {own} rows of persons who are forgotten: not taken in"
        in capfd.readouterr().out
    )
    after = open_databank(project.databank)
    assert after.edition != before.edition and rows_of(after, code) == 0
    assert not before.folder.exists()
    told, then = after.manifest["totals"], before.manifest["totals"]
    assert told["forgotten"] == own and told["read"] == then["read"] - own
    assert told["read"] == told["accepted"] + told["quarantined"] + told["duplicates"]
    log = (project.databank / LOG).read_text()
    assert f"{before.edition},{manifest},it held a person who is forgotten\n" in log
    everything = b"".join(contents(project.databank).values()) + b"".join(
        contents(project.work).values()
    )
    assert code.encode() not in everything


@pytest.mark.parametrize("written", ["{}", " {} ", "{upper}"])
@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_rows_sent_again_in_another_file_or_spelling_are_not_taken_in(
    project, code, tmp_path, written, form
):
    from atips_analysis.intake.forgotten import add_marks

    add_marks(project.databank, [code])
    folder = tmp_path / "sent"
    folder.mkdir()
    head = ["victim_id", "case_id", "identified_month", "status", "sex", "age_group", "form"]
    cell = written.format(code, upper=code.upper())
    body = [["0123456789abcdef", "BZ-CASE-2024-0001"], [cell, "BZ-CASE-2024-0001"]]
    rows = [head, *([*row, "2024-03", "CONFIRMED", "F", "A18_24", "LAB"] for row in body)]
    if form == "csv":
        text = "".join(",".join(row) + "\n" for row in rows)
        (folder / "DHS_2024_victims.csv").write_text(text)
    else:
        book = openpyxl.Workbook()
        book.active.title = "victims"
        for row in rows:
            book.active.append(row)
        book.save(folder / "DHS_2024.xlsx")
    taken = read_submissions(folder)
    assert list(taken.frames["victims"]["victim_id"]) == ["0123456789abcdef"]
    assert taken.sheets["forgotten_rows"].sum() == 1
    assert taken.sheets["blank_rows"].sum() == 0


def test_records_that_linkage_holds_for_the_same_person_are_forgotten_with_her(project, capfd):
    one, other, third = sorted(set(open_databank(project.databank).frame("victims")["victim_id"]))[
        :3
    ]
    review = project.databank / "review.csv"
    lines = [f"DHS:{one},DHS:{other},x,x,same,officer", f"DHS:{other},DHS:{third},x,x,different,o"]
    review.write_text("one,other,rule,reason,decision,decided_by\n" + "\n".join(lines) + "\n")
    assert run(["forget", one]) == 0
    assert "with 1 that are linked to it" in capfd.readouterr().out
    assert one not in review.read_text() and run([*CONSOLIDATE, "--quiet"]) == 0
    left = set(open_databank(project.databank).frame("victims")["victim_id"])
    assert third in left and not {one, other} & left


def test_marks_say_nobodys_code_and_without_their_key_nothing_is_read(project, code, capfd):
    run(["forget", code, "--quiet"])
    marks = project.databank / MARKS
    assert code not in marks.read_text()
    (project.databank / "forgotten.key").unlink()
    capfd.readouterr()
    assert run([*CONSOLIDATE]) == 2
    assert "restore it from a backup" in capfd.readouterr().err.splitlines()[-1]


def test_a_code_that_no_edition_holds_is_marked_and_said(project, capfd):
    assert run(["forget", "0123456789abcdef"]) == 1
    assert "no edition holds this code" in capfd.readouterr().err
    assert run(["forget", "Maria"]) == 2
    assert "is no person's code" in capfd.readouterr().err


@pytest.mark.parametrize("readable", [True, False])
def test_nothing_that_lies_beside_an_edition_keeps_a_forgotten_person(project, code, readable):
    bank = project.databank
    first = open_databank(bank)
    notes = bank / "quality" / f"{first.edition}.json"
    moved = project.work / "2024" / "confidential" / "what-moved.csv"
    own_key = project.keys / "checked.key"
    for file in (notes, moved, own_key):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(code if file != own_key else "secret")
    shutil.copytree(first.folder, bank / "editions" / f"{DAMAGED}{first.edition}")
    if not readable:
        (bank / "editions" / f"{DAMAGED}{first.edition}" / "victims.parquet").write_bytes(b"half")
    assert run(["forget", code, "--quiet"]) == 0
    assert not list((bank / "editions").glob(f"{DAMAGED}*")) and not moved.exists()
    assert run([*CONSOLIDATE, "--quiet"]) == 0
    assert not notes.exists() and own_key.read_text() == "secret"
    everything = contents(bank) | contents(project.work)
    assert not [name for name, content in everything.items() if code.encode() in content]


def test_tables_that_hold_a_forgotten_person_are_named_wherever_the_commands_write_them(
    project, code, capfd
):
    for place in ("out.csv", "feedback/DHS.csv", "submissions/late/DHS.tsv"):
        (project.root / place).parent.mkdir(parents=True, exist_ok=True)
        (project.root / place).write_text(f"victim_id,n\n{code.upper()},1\n")
    (project.root / "other.csv").write_text("victim_id,n\n0123456789abcdef,1\n")
    assert run(["forget", code]) == 0
    said = capfd.readouterr().out
    for place in ("out.csv", "feedback/DHS.csv", "submissions/late/DHS.tsv"):
        assert f"{place}: still holds them" in said
    assert "other.csv" not in said


def test_a_damaged_edition_of_others_stays_set_aside_when_somebody_is_forgotten(project, code):
    aside = project.databank / "editions" / f"{DAMAGED}0123456789ab"
    shutil.copytree(open_databank(project.databank).folder, aside)
    assert run(["forget", "0123456789abcdef", "--quiet"]) == 1
    assert aside.is_dir()


def test_forgetting_and_retaining_say_what_is_so_where_no_edition_stands(project, code, capfd):
    bank = project.databank
    shutil.rmtree(bank / "editions")
    (bank / "editions").mkdir()
    (bank / "latest").unlink()
    capfd.readouterr()
    assert run(["forget", code, "--quiet"]) == 1
    assert "no edition holds this code" in capfd.readouterr().err
    assert run(["retain", "--quiet"]) == 0


def older(path, months: int) -> None:
    then = path.stat().st_mtime - months * 31 * 86400
    os.utime(path, (then, then))


def test_retain_lists_and_deletes_nothing_unless_told_and_what_is_named_stays(project, capfd):
    bank = project.databank
    first = open_databank(bank)
    (project.data / "submissions" / "LABOUR_2024.xlsx").unlink()
    run([*CONSOLIDATE, "--quiet"])
    for edition in (bank / "editions").iterdir():
        older(edition / "manifest.json", 40)
    older(project.work / "raw.csv", 40)
    (project.work / "memory").mkdir(exist_ok=True)
    for file in project.work.rglob("*"):
        if file.is_file():
            older(file, 40)
    notes = bank / "quality" / f"{first.edition}.json"
    notes.parent.mkdir(exist_ok=True)
    notes.write_text("{}")
    aside = bank / "editions" / f"{DAMAGED}0123456789ab"
    aside.mkdir()
    older(aside, 40)
    capfd.readouterr()
    assert run(["retain", "--verbose"]) == 0
    said = capfd.readouterr().out
    assert f"data/databank/editions/{first.edition}: may be deleted" in said
    assert f"{open_databank(bank).edition}: stays; it is the latest" in said
    assert "atips retain --delete deletes them" in said
    assert first.folder.is_dir() and project.work.is_dir()
    named = project.ledger / "releases-2024.json"
    named.write_text(f'[{{"edition": "{first.edition}"}}]')
    assert run(["retain", "--delete", "--quiet"]) == 0
    assert first.folder.is_dir() and notes.is_file()
    assert not project.work.is_dir() and not aside.exists()
    named.unlink()
    assert run(["retain", "--delete", "--quiet"]) == 0
    assert not first.folder.exists() and not notes.exists()
    assert first.edition in (bank / LOG).read_text()
    assert (project.data / "submissions" / "DHS_2024.xlsx").is_file()


def test_nothing_goes_a_day_too_early(project):
    table = project.council / "retention.csv"
    table.write_text("what,keep_months,why\nsubmissions,2,x\nfeedback,,for ever\n")
    (file,) = [path for path in (project.data / "submissions").iterdir() if "DHS" in path.name]
    when = 1735646400  # 2024-12-31
    os.utime(file, (when, when))
    older_ones = [one.path for one in due(project, date(2025, 2, 28))]
    assert file not in older_ones
    assert [one.path for one in due(project, date(2025, 3, 1))] == [file]


@pytest.mark.parametrize(
    ("row", "said"),
    [("backups,3,x", "is not one of submissions"), ("work,soon,x", "not a whole number of months")],
)
def test_a_wrong_row_of_the_table_is_named(project, row, said):
    (project.council / "retention.csv").write_text(f"# note\nwhat,keep_months,why\n{row}\n")
    with pytest.raises(InputError, match=rf"retention.csv, row 3: .*{said}"):
        read_table(project)


def test_the_projects_own_table_names_every_kind(project):
    assert set(read_table(project)) == set(KINDS)
