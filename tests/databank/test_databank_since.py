"""What is there is what counts: files that came, changed, were renamed or withdrawn are noticed."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from atips_analysis.build.asked_for import Build
from atips_analysis.build.plan import plan_records
from atips_analysis.build.steps import out_of_date, run_steps
from atips_analysis.databank.consolidation import consolidate
from atips_analysis.databank.since import read_withdrawn
from atips_analysis.errors import AtipsError, InputError
from atips_analysis.project import find_project
from atips_analysis.quality.returns_owed import Owed

HEAD = "month,inspection_type,sector,district,finding,n\n"
NAME = "LABOUR_2024_inspections.csv"
OWED = [Owed("LABOUR", "inspections", "2024-01", "2024-12", date(2025, 3, 31))]


@pytest.fixture
def folder(tmp_path):
    """Submissions of two agencies; `write` writes or replaces the one of the Labour Department."""
    path = tmp_path / "submissions"
    path.mkdir()
    (path / "IMM_2024_screenings.csv").write_text(
        "month,origin_group,outcome,n\n2024-05,CAM,NOT,3\n", encoding="utf-8"
    )
    write(path)
    return path


def write(folder: Path, number: int = 5, name: str = NAME) -> Path:
    rows = "".join(f"2024-{m:02d},ROUTINE,I,CY,NONE,{number}\n" for m in range(1, 13))
    (folder / name).write_text(HEAD + rows, encoding="utf-8")
    return folder / name


@pytest.fixture
def make(folder, tmp_path):
    suites = find_project().expectations

    def making(owed=()):
        return consolidate(folder, tmp_path / "bank", suites, {}, owed=owed)

    return making


def test_the_first_edition_tells_of_nothing_new_and_the_same_files_are_the_same_edition(make):
    first, again = make(), make()
    assert first.since.lines == again.since.lines == []
    assert first.edition.name == again.edition.name


def test_a_file_that_is_added_ends_in_a_new_edition_and_is_said(make, folder):
    first = make()
    write(folder, 9, "LABOUR_2023_inspections.csv")
    then = make()
    assert then.since.new == ("LABOUR_2023_inspections.csv",)
    assert then.edition.name != first.edition.name


def test_other_contents_under_the_same_name_and_time_are_noticed(make, folder):
    first = make()
    times = (folder / NAME).stat()
    path = write(folder, 7)
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
    then = make()
    assert then.since.replaced == (NAME,) and then.edition.name != first.edition.name
    assert set(then.intake.frames["inspections"]["n"]) == {"7"}


def test_a_file_that_was_renamed_is_neither_new_nor_withdrawn(make, folder):
    first = make()
    (folder / NAME).rename(folder / "LABOUR 2024 inspections.csv")
    then = make()
    assert then.since.renamed == ((NAME, "LABOUR 2024 inspections.csv"),)
    assert not then.since.new and not then.since.withdrawn
    assert then.edition.name != first.edition.name
    assert then.since.lines == [
        f"renamed: {NAME} is now LABOUR 2024 inspections.csv",
        "rows: as many read, accepted and set aside as before",
    ]


def test_a_file_that_is_gone_is_withdrawn_its_rows_go_and_it_stays_on_record(
    make, folder, tmp_path
):
    first = make(OWED)
    assert set(first.returns["state"].head(12)) == {"received"}
    (folder / NAME).unlink()
    then = make(OWED)
    assert then.since.withdrawn == (NAME,) and then.edition.name != first.edition.name
    assert then.intake.frames["inspections"].empty
    assert set(then.returns["state"]) == {"withdrawn"}
    decided = {"suites", "council", "returns owed", "withdrawn"}
    assert set(then.edition.manifest["settings"]) == decided
    again = make(OWED)
    assert set(again.returns["state"]) == {"withdrawn"}
    assert again.edition.name == then.edition.name and again.since.lines == []
    write(folder)
    back = make(OWED)
    assert set(back.returns["state"]) == {"received"}
    assert back.edition.name == first.edition.name
    assert read_withdrawn(tmp_path / "bank") == set()


def test_a_withdrawn_return_that_nobody_owes_changes_no_name(make, folder, tmp_path):
    make()
    (folder / NAME).unlink()
    then = make()
    assert "withdrawn" not in then.edition.manifest["settings"]
    assert read_withdrawn(tmp_path / "bank") == {("LABOUR", 2024, "inspections")}


def test_a_damaged_record_of_what_was_withdrawn_is_one_line(make, tmp_path):
    make()
    (tmp_path / "bank" / "withdrawn.csv").write_text("agency,year,stream\nDHS,soon,victims\n")
    with pytest.raises(InputError, match=r"withdrawn.csv, row 2: not a row of agency, year"):
        make()


def test_the_register_is_an_input_of_an_edition(make):
    assert make().edition.name != make(OWED).edition.name


# the plan of a build: what decides whether its first step runs


def note(reads: list[Path], writes: list[Path], **settings: object) -> None:
    for path in writes:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("done", encoding="utf-8")


def fail(reads: list[Path], writes: list[Path], **settings: object) -> None:
    raise InputError("the disk was full")


@pytest.fixture
def first_step(folder, tmp_path):
    """The first step of a build's plan, which then does next to nothing, or fails."""
    build = Build(find_project(), 2024, "2021-2023", folder, tmp_path / "reports")

    def step(action=note):
        planned = plan_records(build)[0]
        own = tuple(tmp_path / "made" / path.name for path in planned.writes)
        return replace(planned, action=action, writes=own)

    return step


CHANGES = {
    "added": lambda folder: write(folder, 3, "LABOUR_2022_inspections.csv"),
    "renamed": lambda folder: (folder / NAME).rename(folder / "LABOUR_2024.csv"),
    "withdrawn": lambda folder: (folder / NAME).unlink(),
    "replaced": lambda folder: write(folder, 6),
}


@pytest.mark.parametrize("what", CHANGES)
@pytest.mark.parametrize("failed", [False, True])
def test_a_build_starts_anew_for_any_change_of_the_folder_also_after_one_that_failed(
    what, failed, first_step, folder, tmp_path
):
    run_steps([first_step()], tmp_path / "work")
    assert out_of_date([first_step()], tmp_path / "work") == {}
    CHANGES[what](folder)
    assert out_of_date([first_step()], tmp_path / "work")
    if failed:
        with pytest.raises(AtipsError, match="disk was full"):
            run_steps([first_step(fail)], tmp_path / "work")
        assert out_of_date([first_step()], tmp_path / "work")
    run_steps([first_step()], tmp_path / "work")
    assert out_of_date([first_step()], tmp_path / "work") == {}


def test_a_build_notices_other_contents_under_the_old_time_and_size(first_step, folder, tmp_path):
    run_steps([first_step()], tmp_path / "work")
    times = (folder / NAME).stat()
    path = write(folder, 8)
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert path.stat().st_size == times.st_size
    assert (
        "the settings changed"
        in out_of_date([first_step()], tmp_path / "work")["consolidate the submissions"]
    )


def test_a_release_is_refused_where_a_submission_is_not_what_the_reports_were_made_from(
    first_step, folder, tmp_path, monkeypatch
):
    from atips_analysis.release import release_checks as checks

    build = Build(find_project(), 2024, "2021-2023", folder, tmp_path / "reports")
    monkeypatch.setattr(Build, "work", property(lambda self: tmp_path / "work"))
    run_steps([first_step()], build.work / "records")
    monkeypatch.setattr(checks, "plan_records", lambda build: [first_step()])
    monkeypatch.setattr(checks, "plan_reports", lambda build, simulated: [])
    times = (folder / NAME).stat()
    os.utime(write(folder, 8), ns=(times.st_atime_ns, times.st_mtime_ns))
    with pytest.raises(InputError, match="the build is out of date: 'consolidate the submissions'"):
        checks.check_current(build, simulated=False)
