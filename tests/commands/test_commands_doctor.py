"""`atips doctor` names what is wrong in the officer's files: file, row, what to do."""

from __future__ import annotations

import csv
import io
import json
import os
from pathlib import Path

import pytest

from atips_analysis.build.one_writer import one_writer
from atips_analysis.cli import run
from atips_analysis.commands.init import write_project
from atips_analysis.project import Project


@pytest.fixture
def project(tmp_path, monkeypatch) -> Path:
    write_project(tmp_path / "proyecto")
    monkeypatch.chdir(tmp_path / "proyecto")
    return tmp_path / "proyecto"


def cell(file: Path, column: str, value: str) -> int:
    """Write a value into the first row of a table with comments; its line in the file."""
    lines = file.read_text("utf-8").splitlines()
    head, first = [at for at, line in enumerate(lines) if line and not line.startswith("#")][:2]
    names, cells = next(csv.reader([lines[head]])), next(csv.reader([lines[first]]))
    cells[names.index(column)] = value
    written = io.StringIO()
    csv.writer(written, lineterminator="").writerow(cells)
    lines[first] = written.getvalue()
    file.write_text("\n".join(lines) + "\n", "utf-8")
    return first + 1


def faults(capsys) -> list[str]:
    code = run(["doctor", "--quiet"])
    said = [line for line in capsys.readouterr().out.splitlines() if line.startswith("WRONG")]
    assert code == (1 if said else 0)
    return said


def test_a_new_project_has_nothing_wrong(project, capsys):
    assert faults(capsys) == []


def test_the_officer_s_files_are_listed_with_what_each_is_for(project, capsys):
    room = project / "data" / "council"
    (room / "targets.csv").write_text(
        "indicator_id,year,target,set_by,set_on,note\n", encoding="utf-8"
    )
    assert run(["doctor"]) == 0
    said = capsys.readouterr().out
    for file in sorted(room.glob("*.csv")):
        assert f"data/council/{file.name} " in said
    assert "The release calendar: by which day each step of a reporting year is done" in said
    assert "Who owes which stream for which period, and by when" in said
    assert "in months from when the file was written\n" in said, "a line is a whole sentence"
    (line,) = (line for line in said.splitlines() if "council/targets.csv" in line)
    assert "no line says what it is for" in line


@pytest.mark.parametrize(
    ("file", "column", "value", "says"),
    [
        ("data/published/cells.map.csv", "indicator_id", "PROT-99", "'PROT-99' is not known"),
        ("data/published/countries.map.csv", "code", "QQQ", "'QQQ' is no code of citizenship"),
        ("data/council/districts.csv", "label_es", "", "label_es is blank; write the label"),
        ("data/council/agencies.csv", "streams", "victimz", "'victimz' is no stream; write one of"),
        ("data/council/returns.csv", "agency", "XXX", "the agency 'XXX' is not known"),
        ("data/council/spellings.csv", "code", "XXX", "'XXX' is no code of"),
        ("data/council/labels.csv", "code", "XXX", "'XXX' is no code of"),
        ("data/council/targets.csv", "indicator_id", "PROT-99", "PROT-99 is not an indicator"),
        ("data/council/calendar.csv", "release", "2024-06-30", "lies in the past of 2024"),
        ("data/framework/indicators.csv", "direction", "up", "direction is 'up'; use one of"),
    ],
)
def test_an_unknown_code_or_a_missing_label_is_one_line_with_file_and_row(
    project, capsys, file, column, value, says
):
    row = cell(project / file, column, value)
    (said,) = faults(capsys)
    assert Path(file).name in said and f"row {row}:" in said and says in said


def test_a_priority_area_that_the_register_has_and_the_profile_lacks_is_named(project, capsys):
    profile = project / "data" / "council" / "profile.toml"
    profile.write_text(profile.read_text("utf-8").replace('"PART"]', '"PARTX"]'), "utf-8")
    (said,) = faults(capsys)
    assert "profile.toml" in said and "lacks PART," in said and "add it" in said


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (
            lambda told: told["kwargs"].update(column="sexx"),
            "has no column sexx; did you mean sex?",
        ),
        (lambda told: told["kwargs"].pop("column"), "column: field required"),
    ],
)
def test_a_rule_that_names_no_column_is_named_with_its_number(project, capsys, change, says):
    file = project / "expectations" / "victims.json"
    suite = json.loads(file.read_text("utf-8"))
    change(suite["expectations"][5])
    file.write_text(json.dumps(suite), "utf-8")
    (said,) = faults(capsys)
    assert "victims.json: rule 6 (" in said and says in said


def test_faults_of_several_files_are_told_at_once(project, capsys):
    cell(project / "data/council/targets.csv", "indicator_id", "PROT-99")
    cell(project / "data/published/countries.map.csv", "code", "QQQ")
    assert len(faults(capsys)) == 2


def test_a_project_of_another_version_is_refused_with_what_to_do(project, capsys):
    (project / ".atips-version").write_text("0.0.1\n")
    assert run(["doctor"]) == 2
    assert "a project of atips-analysis 0.0.1" in capsys.readouterr().err


GONE = 2**22 + 1  # above the greatest process number of Linux


def left(capsys) -> list[str]:
    assert run(["doctor", "--quiet"]) == 0
    said = capsys.readouterr().out.splitlines()
    return [line.split(maxsplit=1)[1] for line in said if line.startswith("LEFT")]


@pytest.mark.skipif(
    os.name != "posix", reason="on Windows nobody can say whether a process is gone"
)
def test_what_a_killed_command_left_is_named_with_what_mends_it(project, capsys):
    names = [
        "data/.locking",
        "reports/.2024.old",
        "reports/2023/.releases.new",
        f"data/databank/editions/.{GONE}.2024-abc",
    ]
    for name in names:
        (project / name).mkdir(parents=True)
    (project / "data" / ".writing").write_text(f"process {GONE} on desk\n")
    mends = "a killed command left it; run atips doctor --repair"
    assert left(capsys) == [f"{name}: {mends}" for name in ["data/.writing", *names]]
    assert all((project / name).is_dir() for name in names)
    with one_writer(Project(project), even_locked=True):
        assert left(capsys) == []  # whoever writes now may be at it
    assert run(["doctor", "--repair", "--quiet"]) == 0
    capsys.readouterr()
    assert left(capsys) == []
