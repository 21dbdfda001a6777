"""The release calendar: days that the Council sets, refused with their row where they cannot be."""

from __future__ import annotations

import shutil

import pytest

from atips_analysis.cli import run
from atips_analysis.errors import InputError
from atips_analysis.framework.release_calendar import load_calendar, public_days, refuse_past
from atips_analysis.project import Project, find_project

HEAD = "# by when\nyear,forms,questions,build,check,approval,release\n"
GOOD = "2024,2024-01-15,2025-04-30,2025-05-05,2025-05-19,2025-06-09,2025-06-30\n"


@pytest.fixture
def project(tmp_path) -> Project:
    shutil.copytree(find_project().council, tmp_path / "data" / "council")
    (tmp_path / "data" / "council" / "returns.csv").write_text(
        "agency,stream,period,due\nIMM,screenings,2024-,90 days\n", encoding="utf-8"
    )
    return Project(tmp_path)


def write(project: Project, *rows: str) -> None:
    (project.council / "calendar.csv").write_text(HEAD + "".join(rows), encoding="utf-8")


def test_the_calendar_of_the_project_can_be_read_and_says_what_readers_may_know():
    own = find_project()
    assert list(load_calendar(own)) == sorted(load_calendar(own))
    assert public_days(own, 2024).keys() == {"released", "next_due", "next_release"}


def test_a_day_that_nobody_has_set_is_told_to_nobody(project):
    write(project, "2024,,,,,,\n")
    assert load_calendar(project)[2024].days["release"] is None
    assert public_days(project, 2024) == {"next_due": "2026-03-31"}


def test_a_project_without_a_calendar_has_none_and_its_register_is_still_read(project):
    (project.council / "calendar.csv").unlink()
    assert load_calendar(project) == {}
    (project.council / "returns.csv").write_text("agency,stream,period,due\nX,y,2024,1 day\n")
    with pytest.raises(InputError, match=r"row 2: the agency 'X'"):
        load_calendar(project)


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("24,,,,,,\n", "row 4: '24' is no year"),
        ("²²²²,,,,,,\n", "row 4: '²²²²' is no year"),
        ("2025,soon,,,,,\n", "row 4: forms 'soon' is no day; write it like 2025-06-30"),
        ("2025,30/06/2026,,,,,\n", "row 4: forms '30/06/2026' is no day"),
        ("2025,,,,,,2025-06-30\n", "release 2025-06-30 lies in the past of 2025, which has to end"),
        ("2025,,,2026-05-05,2026-05-01,,\n", "check 2026-05-01 comes before build 2026-05-05"),
        ("2025,,2026-02-01,,,,\n", "questions 2026-02-01 comes before the last return of 2025 is due"),
        (GOOD, "2024 stands already in row 3; keep one"),
        ("2025,,,,,,,soon\n", "row 4: has 8 cells under 7 names of columns"),
    ],
)  # fmt: skip
def test_a_wrong_day_is_one_line_with_its_row(project, row, says):
    write(project, GOOD, row)
    with pytest.raises(InputError) as refused:
        load_calendar(project)
    text = str(refused.value)
    assert text.startswith("data/council/calendar.csv") and says in text and "\n" not in text


def test_a_calendar_that_has_run_out_is_refused_with_its_last_row(project):
    write(project, GOOD)
    refuse_past(project, 2024)
    refuse_past(project, 2023)  # an earlier year may always be built again
    with pytest.raises(InputError, match=r"row 3: the calendar is in the past: it ends with 2024"):
        refuse_past(project, 2025)
    (project.council / "calendar.csv").unlink()
    refuse_past(project, 2025)


def test_a_register_of_returns_that_has_run_out_is_refused_and_none_is_not(project):
    register = project.council / "returns.csv"
    register.write_text("agency,stream,period,due\nIMM,screenings,2021-2023,90 days\n", "utf-8")
    refuse_past(project, 2023)
    with pytest.raises(
        InputError, match=r"returns\.csv: the register is in the past: .* after 2023"
    ):
        refuse_past(project, 2024)
    register.unlink()
    refuse_past(project, 2024)


def test_a_build_stops_at_a_past_calendar_before_anything_is_computed(tmp_path, monkeypatch, capfd):
    from atips_analysis.commands.init import write_project

    write_project(tmp_path / "p")
    monkeypatch.chdir(tmp_path / "p")
    write(Project(tmp_path / "p"), GOOD)
    (tmp_path / "p" / "data" / "submissions").mkdir(exist_ok=True)
    assert run(["build", "--year", "2025", "--submissions", "data/submissions"]) == 2
    said = capfd.readouterr().err.strip().splitlines()
    assert len(said) == 1 and "calendar.csv, row 3: the calendar is in the past" in said[0]
    assert not (tmp_path / "p" / "data" / "work").exists()
