"""Whoever stops a command stops all of it: one word, 130, no file and no kernel left behind."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import nbformat
import pytest

from atips_analysis.build.one_writer import one_writer
from atips_analysis.build.steps import Step, run_steps
from atips_analysis.custody.repair import repair
from atips_analysis.locks import held_folder
from atips_analysis.project import Project

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.name != "posix", reason="signals of POSIX; not tried on Windows"),
]
ADOPT = 36  # PR_SET_CHILD_SUBREAPER of Linux: orphans become ours, as in a desktop's session

RUN = "from atips_analysis.cli import main; main()"
WARM = f"from atips_analysis.notebooks import warm_kernels\nwith warm_kernels():\n    {RUN}"
STEPS = """
import sys
from pathlib import Path
import typer
from atips_analysis import cli
from atips_analysis.build.one_writer import one_writer
from atips_analysis.build.steps import Step, run_steps
from atips_analysis.files import temporary_for
from atips_analysis.project import Project
def slow(reads, writes):
    import time
    with temporary_for(writes[0]) as temporary:
        temporary.write_text("raw")
        Path(writes[0].parent, "begun").touch()
        time.sleep(60)
@cli.app.command("slow")
def command():
    project = Project(Path(sys.argv[2]))
    work, source = project.work, project.root / "source"
    steps = [Step("slow", slow, (source,), (work / "out.csv",), "render")]
    with one_writer(project):
        run_steps(steps, work / "memory", jobs=int(sys.argv[3]))
    print("went on as if nothing had been said")
sys.argv, given = [sys.argv[0], "slow", *sys.argv[1:]], None
cli.main(["slow"])
"""


def started(code: str, *words: object, **environment: str) -> subprocess.Popen:
    command = [sys.executable, "-c", code, *map(str, words)]
    pipe = subprocess.PIPE
    return subprocess.Popen(
        command,
        stdout=pipe,
        stderr=pipe,
        text=True,
        start_new_session=True,
        env={**os.environ, **environment},
    )


def wait_for(what, seconds: float = 60.0) -> None:
    until = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < until, "waited too long"
        time.sleep(0.1)


def is_running(process: int) -> bool:
    try:
        if os.waitpid(process, os.WNOHANG)[0]:
            return False
    except ChildProcessError:
        pass
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_command_that_is_stopped_says_so_leaves_with_130_and_nothing_half_written(
    tmp_path, number, jobs
):
    (tmp_path / "source").touch()
    process = started(STEPS, tmp_path, jobs)
    try:
        wait_for((tmp_path / "data/work/begun").exists)
        os.killpg(process.pid, number)
        out, err = process.communicate(timeout=30)
    finally:
        process.kill()
    assert (process.returncode, out) == (130, "")
    assert "atips: stopped" in err.splitlines()
    if number != signal.SIGHUP:  # which loky's tracker does not expect; nobody is there to read it
        assert err.splitlines()[-1] == "atips: stopped" and "Traceback" not in err
    assert [path.name for path in tmp_path.rglob("*out.csv")] == []


def test_workers_clean_up_when_only_the_command_itself_is_told_to_stop(tmp_path):
    (tmp_path / "source").touch()
    process = started(STEPS, tmp_path, 2)
    try:
        wait_for((tmp_path / "data/work/begun").exists)
        process.terminate()
        process.communicate(timeout=30)
    finally:
        process.kill()
    assert process.returncode == 130
    assert [path.name for path in tmp_path.rglob("*out.csv")] == []


def interrupted(reads, writes):
    raise KeyboardInterrupt


def test_a_step_that_is_interrupted_is_no_fault_of_the_machine(tmp_path):
    (tmp_path / "source").touch()
    step = Step("one", interrupted, (tmp_path / "source",), (tmp_path / "out",), "render")
    with pytest.raises(KeyboardInterrupt):
        run_steps([step], tmp_path / "memory")


@pytest.fixture
def sleeper(tmp_path):
    """A notebook that says which process runs it, and then sleeps."""
    said = tmp_path / "pid"
    code = f"import os, time\nfrom pathlib import Path\nPath({str(said)!r}).write_text(str(os.getpid()))\ntime.sleep(120)"
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code, id="sleep")])
    nbformat.write(book, tmp_path / "sleeper.ipynb")
    return tmp_path / "sleeper.ipynb", said


@pytest.fixture
def temporary():
    """A temporary folder with a short name: a kernel's sockets find no place in a long one."""
    with tempfile.TemporaryDirectory(prefix="t", dir="/tmp") as name:
        yield Path(name)


@pytest.mark.skipif(sys.platform != "linux", reason="orphans are adopted by prctl")
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGHUP, signal.SIGINT])
@pytest.mark.parametrize("code", [RUN, WARM], ids=["cold", "warm"])
def test_a_kernel_ends_with_the_command_however_that_ends(
    tmp_path, sleeper, code, number, monkeypatch, temporary
):
    ctypes.CDLL(None).prctl(ADOPT, 1, 0, 0, 0)
    notebook, said = sleeper
    words = ("run", notebook, "--out", tmp_path / "out", "--renderer", "embedded")
    process = started(code, *words, TMPDIR=str(temporary))
    try:
        wait_for(lambda: said.exists() and said.read_text().isdecimal())
        kernel = int(said.read_text())
        assert is_running(kernel)
        os.killpg(process.pid, number)
        process.communicate(timeout=30)
        wait_for(lambda: not is_running(kernel), 15)
    finally:
        process.kill()
        ctypes.CDLL(None).prctl(ADOPT, 0, 0, 0, 0)
    if number != signal.SIGKILL:
        assert process.returncode == 130
        assert list(temporary.iterdir()) == []
        return
    # Nobody can clean up after that but the next command, by itself or told to repair.
    left = sorted(temporary.iterdir())
    assert left
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    living, let_go = held_folder("kernels")
    somebodys = temporary / "atips.notes.2024"
    somebodys.mkdir()
    if code is RUN:
        with one_writer(Project(tmp_path / "project")) as removed:
            assert sorted(removed) == left
    else:
        said = "removed; a temporary folder of a command that was killed"
        assert sorted(repair(Project(tmp_path / "project"))) == [f"{one}: {said}" for one in left]
    assert sorted(temporary.iterdir()) == sorted([living, somebodys])
    let_go()
