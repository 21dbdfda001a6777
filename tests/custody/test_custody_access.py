"""A colleague who is curious: who looks is written down, and raw values stay inside."""

from __future__ import annotations

import csv
import getpass
import subprocess
import sys

import pytest

from atips_analysis.cli import run
from atips_analysis.custody.access_log import LOG, log_access

pytestmark = pytest.mark.slow
TRACE = ("indicators", "--databank", "data/databank", "--year", "2024", "--trace", "PROT-01")
RAW = ("indicators", "--databank", "data/databank", "--year", "2024", "--confidential", "--quiet")
PROTECT = ("protect", "counts.csv", "--count", "n", "--by", "sex", "--quiet", "--confidential")
DIFF = ("databank", "diff", "latest", "latest", "--databank", "data/databank", "--quiet")


@pytest.fixture(autouse=True)
def _counts(project):
    (project.root / "counts.csv").write_text("sex,n\nF,12\nM,30\nTotal,42\n")


def entries(project) -> list[list[str]]:
    log = project.databank / LOG
    return [line.split(",") for line in log.read_text().splitlines()] if log.is_file() else []


def test_whoever_traces_a_value_or_takes_raw_tables_is_written_down(project):
    assert run([*TRACE]) == 0
    assert run([*RAW, "--out", "data/work/raw.csv"]) == 0
    assert run([*PROTECT, "--out", "data/work/inside.csv"]) == 0
    head, *lines = entries(project)
    assert head == ["when", "who", "what", "of", "to"]
    assert [line[2] for line in lines] == ["trace", "raw table", "confidential table"]
    assert {line[1] for line in lines} == {getpass.getuser()}
    assert "PROT-01 2024" in ",".join(lines[0])
    assert (project.databank / LOG).stat().st_mode & 0o077 == 0


def test_who_cannot_be_written_down_is_shown_nothing(project, capfd):
    (project.databank / LOG).mkdir()
    assert run([*TRACE]) == 3
    told = capfd.readouterr()
    assert "nothing is shown" in told.err and "CONFIDENTIAL" not in told.out
    assert run([*RAW, "--out", "data/work/new.csv"]) == 3
    assert not (project.work / "new.csv").exists()


@pytest.mark.parametrize("words", [RAW, PROTECT, DIFF], ids=["indicators", "protect", "databank"])
@pytest.mark.parametrize("out", ["table.csv", "reports/table.csv", "data/table.csv"])
def test_raw_values_go_outside_only_when_told_twice(project, capfd, words, out):
    assert run([*words, "--out", out]) == 2
    (line,) = capfd.readouterr().err.strip().splitlines()
    assert "outside of the confidential folders" in line and "--outside" in line
    assert not (project.root / out).exists() and not entries(project)
    assert run([*words, "--out", out, "--outside"]) == 0
    assert (project.root / out).stat().st_mode & 0o077 == 0
    assert len(entries(project)) == 2


def test_a_trace_that_is_led_into_a_file_is_told_twice_too(project):
    command = [sys.executable, "-m", "atips_analysis", *TRACE]
    with (project.root / "trace.txt").open("w") as file:
        done = subprocess.run(command, stdout=file, stderr=subprocess.PIPE, text=True)
    assert done.returncode == 2 and "standard output" in done.stderr
    assert (project.root / "trace.txt").read_text() == ""
    with (project.root / "trace.txt").open("w") as file:
        assert subprocess.run([*command, "--outside"], stdout=file).returncode == 0


def test_the_account_of_who_looked_is_in_nothing_that_the_command_makes(project, monkeypatch):
    monkeypatch.setattr("getpass.getuser", lambda: "curious-colleague")
    run([*RAW, "--out", "data/work/raw.csv"])
    run(
        ["indicators", "--databank", "data/databank", "--year", "2024", "--out", "t.csv", "--quiet"]
    )
    assert b"curious-colleague" in (project.databank / LOG).read_bytes()
    assert b"curious-colleague" not in (project.work / "raw.csv").read_bytes()
    assert b"curious-colleague" not in (project.root / "t.csv").read_bytes()


@pytest.mark.parametrize("name", ["=HYPERLINK(1).csv", "@SUM.csv", "+cmd.csv", "-1+2.csv"])
def test_a_file_s_name_is_no_formula_in_what_is_read_once_a_month(tmp_path, name):
    log_access(tmp_path, "confidential table", name, "terminal")
    with (tmp_path / "access.csv").open(encoding="utf-8", newline="") as file:
        _, line = csv.reader(file)
    assert line[3] == f"'{name}"
