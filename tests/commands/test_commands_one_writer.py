"""One command at a time writes to a data folder, and what a killed one leaves is mended."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from atips_analysis.build.one_writer import LOCK, one_publisher, one_writer, remove_unfinished
from atips_analysis.build.reports_folder import mend_reports, put_in_place
from atips_analysis.cli import run
from atips_analysis.commands.init import write_project
from atips_analysis.custody.repair import repair
from atips_analysis.errors import InputError
from atips_analysis.project import Project

HOLD = """
import sys
from pathlib import Path
from atips_analysis.build.one_writer import one_writer
from atips_analysis.project import Project
with one_writer(Project(Path(sys.argv[1]))):
    print("locked", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def holder():
    """Starts a process that writes to a project, and ends it when the test is over."""
    started = []

    def start(root: Path) -> subprocess.Popen:
        command = [sys.executable, "-c", HOLD, str(root)]
        pipe = subprocess.PIPE
        process = subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True)
        started.append(process)
        assert process.stdout.readline() == "locked\n"
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def test_a_second_writer_is_refused_by_the_first_ones_name_and_let_in_when_it_was_killed(
    tmp_path, holder
):
    project = Project(tmp_path)
    first = holder(tmp_path)
    told = f"process {first.pid} on .*wait until it has ended"
    with pytest.raises(InputError, match=told), one_writer(project):
        raise AssertionError("two writers at once")
    first.kill()
    first.wait()
    with one_writer(project):
        assert f"process {os.getpid()} on" in (project.data / LOCK).read_text()


@pytest.mark.parametrize("left", ["", f"process {os.getppid()} on this-machine\n", "\0\0"])
def test_a_lock_that_is_empty_or_names_a_living_stranger_refuses_nobody(tmp_path, left):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / LOCK).write_text(left)
    with one_writer(Project(tmp_path)):
        pass


@pytest.mark.parametrize(
    "words",
    [
        ["consolidate", "--submissions", "data/submissions", "--databank", "data/databank"],
        ["build", "--renderer", "embedded", "--submissions", "data/submissions"],
        ["bulletin", "--period", "2024-Q3", "--submissions", "data/submissions"],
        ["answer", "--take-back", "Q1"],
    ],
    ids=lambda words: words[0],
)
def test_no_command_writes_to_the_data_while_another_does(
    tmp_path, holder, monkeypatch, capfd, words
):
    root = tmp_path / "project"
    write_project(root)
    monkeypatch.chdir(root)
    holder(root)
    assert run(words) == 2
    assert "is writing there; wait until it has ended" in capfd.readouterr().err


def test_a_data_bank_elsewhere_has_a_lock_of_its_own(tmp_path):
    house, other, bank = Project(tmp_path / "a"), Project(tmp_path / "b"), tmp_path / "bank"
    with one_writer(house), one_writer(house, bank), pytest.raises(InputError):
        one_writer(other, bank).__enter__()


def test_two_projects_that_publish_into_one_folder_wait_for_each_other(
    tmp_path, monkeypatch, capfd
):
    out, root = tmp_path / "reports", tmp_path / "project"
    write_project(root)
    (root / "data/submissions/DHS_2024.csv").write_text("month,n\n")
    monkeypatch.chdir(root)
    words = ["--submissions", "data/submissions", "--out", str(out), "--renderer", "embedded"]
    with one_publisher(out):
        for command in (["build", *words], ["bulletin", "--period", "2024-Q3", *words]):
            code = "import sys; from atips_analysis.cli import run; sys.exit(run(sys.argv[1:]))"
            told = subprocess.run([sys.executable, "-c", code, *command], capture_output=True)
            assert told.returncode == 2 and b"is writing there; wait" in told.stderr
        assert (out / LOCK).read_text() == ""  # the folder is public: no process, no machine


@pytest.mark.skipif(os.name != "posix", reason="on Windows what is unfinished stays")
def test_what_a_killed_process_was_writing_goes_and_what_a_living_one_writes_stays(tmp_path):
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    edition = tmp_path / "editions" / f".{gone.pid}.0123456789ab"
    edition.mkdir(parents=True)
    (edition / "victims.parquet").write_bytes(b"rows")
    (tmp_path / f".{gone.pid}.raw.csv").write_text("n\n3\n")
    kept = tmp_path / f".{os.getppid()}.raw.csv"
    kept.write_text("n\n4\n")
    (tmp_path / ".gitkeep").touch()
    assert len(remove_unfinished(tmp_path)) == 2
    assert sorted(path.name for path in tmp_path.rglob("*")) == sorted(
        [kept.name, ".gitkeep", "editions"]
    )


def a_release(folder: Path) -> Path:
    (folder / "pack").mkdir(parents=True)
    (folder / "pack" / "atips-2024.zip").write_bytes(b"sealed")
    return folder


def test_a_sealed_pack_outlives_a_command_that_is_killed_between_two_renames(tmp_path, monkeypatch):
    target = a_release(tmp_path / "reports" / "2024")
    staged = tmp_path / "reports" / ".2024.new"
    staged.mkdir()
    replace, done = os.replace, []

    def killed(source, goal):
        if done:
            raise KeyboardInterrupt
        done.append(source)
        replace(source, goal)

    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(os, "replace", killed)
        put_in_place(staged, target)
    assert not target.exists()
    mend_reports(tmp_path / "reports")
    assert (target / "pack" / "atips-2024.zip").read_bytes() == b"sealed"


def test_files_that_are_called_like_what_a_build_moves_hinder_nothing(tmp_path, own_temporary):
    reports = tmp_path / "reports"
    target = a_release(reports / "2024")
    for name in (".2024.old", ".notes.old", ".2023.new"):
        (reports / name).write_text("somebody's")
    (reports / ".2024.new").mkdir()
    put_in_place(reports / ".2024.new", target)
    assert sorted(path.name for path in reports.iterdir()) == [".2023.new", ".notes.old", "2024"]
    (tmp_path / "data" / "databank").mkdir(parents=True)
    assert repair(Project(tmp_path)) == ["reports/.2023.new: removed; reports half made"]
    assert sorted(path.name for path in reports.iterdir()) == [".notes.old", "2024"]


def test_putting_in_place_keeps_a_folder_that_another_command_left_moved_away(tmp_path):
    reports = tmp_path / "reports"
    a_release(reports / ".2023.old")
    (reports / ".2024.new").mkdir()
    put_in_place(reports / ".2024.new", reports / "2024")
    assert (reports / "2023" / "pack" / "atips-2024.zip").is_file()
    assert sorted(path.name for path in reports.iterdir()) == ["2023", "2024"]
