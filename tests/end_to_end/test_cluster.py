"""Steps on a Dask cluster: the same results, and nothing but paths and names on the way."""

from __future__ import annotations

import os
import pickle
import signal
import socket
import threading
import time
from contextlib import contextmanager
from pathlib import Path

import pandas as pd
import pytest

from atips_analysis.build.cluster import cluster
from atips_analysis.build.steps import Step, run_steps
from atips_analysis.errors import InputError, MachineError

distributed = pytest.importorskip("distributed", reason="needs the extra cluster")
config = pytest.importorskip("dask.config", reason="needs the extra cluster")
CANARY = "Xiomara-Quetzalhuitl-918273"


def shout(reads: list[Path], writes: list[Path], *, said: str = "") -> None:
    print(reads[0].read_text(), said)
    writes[0].write_text(reads[0].read_text().upper() + said)
    writes[0].with_suffix(".process").write_text(str(os.getpid()))


def linger(reads: list[Path], writes: list[Path], *, said: str) -> None:
    while not writes[0].with_suffix(".go").exists():
        time.sleep(0.05)
    shout(reads, writes, said=said)


def die_once(reads: list[Path], writes: list[Path]) -> None:
    noted = writes[0].with_suffix(".killed")
    if not noted.exists():
        noted.write_text(str(os.getpid()))
        os.kill(os.getpid(), signal.SIGKILL)
    shout(reads, writes)


def die(reads: list[Path], writes: list[Path]) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def wait_long(reads: list[Path], writes: list[Path]) -> None:
    time.sleep(20)


def refuse(reads: list[Path], writes: list[Path], *, said: str = "") -> None:
    raise InputError(f"{reads[0].read_text()} is no month", file="return.xlsx", row=7)


def fill(reads: list[Path], writes: list[Path]) -> None:
    with Path("/dev/full").open("w") as full:
        full.write("x" * 100_000)


def local(**shape):
    return distributed.LocalCluster(
        **{"threads_per_worker": 1, **shape}, processes=True, dashboard_address=":0"
    )


@pytest.fixture(scope="module")
def dask():
    """A real cluster of two worker processes, which gives a step up at its second worker lost."""
    with (
        config.set({"distributed.scheduler.allowed-failures": 1}),
        local(n_workers=2) as two,
    ):
        yield two


@pytest.fixture
def steps(tmp_path):
    """A chain of steps that do such actions: ``steps(action, …, **settings)``."""
    source, first, second = (tmp_path / name for name in ("source", "first", "second"))
    source.write_text("a")

    def of(*actions, **settings) -> list[Step]:
        made = (source, first, second)
        return [
            Step(f"step {n}", action, (made[n],), (made[n + 1],), "words", settings)
            for n, action in enumerate(actions)
        ]

    return of


def refused(address: str, tmp_path: Path, said: str) -> None:
    with (
        pytest.raises(MachineError, match=said) as error,
        cluster(address, tmp_path, "embedded"),
    ):
        pass
    assert "\n" not in str(error.value)
    assert not list(tmp_path.glob(".*"))


@contextmanager
def workers(dask, tmp_path):
    with cluster(dask.scheduler_address, tmp_path, "embedded") as several:
        yield several


def test_steps_are_done_by_workers_and_leave_what_they_leave_here(dask, tmp_path, steps):
    told = []
    with workers(dask, tmp_path) as several:
        run_steps(steps(shout, shout), tmp_path / "far", jobs=several, tell=told.append)
    assert [one.state for one in told] == ["ran", "ran"]
    assert all(one.used.seconds > 0 for one in told)
    assert int((tmp_path / "second.process").read_text()) != os.getpid()
    far = (tmp_path / "second").read_bytes()
    run_steps(steps(shout, shout), tmp_path / "here")
    assert int((tmp_path / "second.process").read_text()) == os.getpid()
    assert (tmp_path / "second").read_bytes() == far
    assert not list(tmp_path.glob(".*"))


def test_a_worker_that_is_killed_in_the_middle_of_a_step_costs_time_and_no_result(
    dask, tmp_path, steps, caplog
):
    with workers(dask, tmp_path) as several:
        run_steps(steps(shout, die_once), tmp_path / "far", jobs=several)
    killed = int((tmp_path / "second.killed").read_text())
    assert f"Worker process {killed} was killed by signal 9" in caplog.text
    assert int((tmp_path / "second.process").read_text()) not in (killed, os.getpid())
    assert (tmp_path / "second").read_text() == "A"


def test_a_step_that_kills_whoever_does_it_is_one_line(dask, tmp_path, steps):
    with (
        workers(dask, tmp_path) as several,
        pytest.raises(MachineError, match=r"the cluster lost a step \(KilledWorker"),
    ):
        run_steps(steps(die), tmp_path / "far", jobs=several)


def test_no_word_of_a_row_is_in_what_scheduler_and_workers_know_and_log(dask, tmp_path, steps):
    (tmp_path / "source").write_text(CANARY)

    known = []

    def look() -> None:
        """What the scheduler holds of a step that a worker is at, and what it tells of it."""
        tasks = list(dask.scheduler.tasks.values())
        known.extend(pickle.dumps(one.run_spec).decode("latin-1") for one in tasks)
        with distributed.Client(dask.scheduler_address, set_as_default=False) as client:
            client.dump_cluster_state(str(tmp_path / "during"), format="yaml")
        (tmp_path / "first.go").touch()

    with workers(dask, tmp_path) as several:
        threading.Timer(2.0, look).start()
        run_steps(steps(linger, said=CANARY), tmp_path / "far", jobs=several)
        with pytest.raises(InputError, match=f"row 7: {CANARY} is no month"):
            run_steps(steps(refuse, said=CANARY), tmp_path / "refused", jobs=several)
    known += [(tmp_path / "during.yaml").read_text(), str(dask.get_logs())]
    assert f"{tmp_path}/.{os.getpid()}.handed/0.step" in known[0] and "step 0" in known[0]
    assert CANARY not in "".join(known)


def test_an_error_says_what_it_says_on_one_machine(dask, tmp_path, steps):
    (tmp_path / "source").write_text("thirteen")
    said = []
    with workers(dask, tmp_path) as several:
        for jobs in (1, several):
            with pytest.raises(InputError) as error:
                run_steps(steps(refuse), tmp_path / "work", jobs=jobs)
            said.append(str(error.value))
    assert said == ["return.xlsx, row 7: thirteen is no month"] * 2


def test_a_full_disk_on_a_worker_is_one_line_that_names_the_machine(dask, tmp_path, steps):
    with workers(dask, tmp_path) as several, pytest.raises(MachineError) as error:
        run_steps(steps(fill), tmp_path / "far", jobs=several)
    line = f"the disk is full on {socket.gethostname()}, at a file; make room and build again"
    assert str(error.value) == line


def test_a_scheduler_that_is_not_there_is_one_line_within_seconds(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        nobody = f"tcp://127.0.0.1:{taken.getsockname()[1]}"
        began = time.monotonic()
        refused(nobody, tmp_path, rf"{nobody}: no scheduler answers there")
    assert time.monotonic() - began < 15


def as_another_version() -> None:
    from atips_analysis.build import cluster

    made = cluster.made_with("embedded")
    other = {**made, "libraries": {**made["libraries"], "pandas": "1.5.3"}}
    cluster.made_with = lambda renderer: other
    cluster.software.cache_clear()


def test_a_worker_with_another_version_is_given_nothing(tmp_path):
    with local(n_workers=1) as dask:
        with distributed.Client(dask, set_as_default=False) as client:
            client.run(as_another_version)
        refused(dask.scheduler_address, tmp_path, r"another version \(pandas 1.5.3 -> 3")


def test_a_worker_that_joins_with_another_version_does_no_step(tmp_path, steps):
    with local(n_workers=1) as dask, workers(dask, tmp_path) as several:
        with distributed.Client(dask, set_as_default=False) as client:
            client.run(as_another_version)
        with pytest.raises(MachineError, match="has another version"):
            run_steps(steps(shout), tmp_path / "far", jobs=several)
    assert not (tmp_path / "first").exists()


def test_a_cluster_without_workers_or_whose_workers_do_two_steps_at_once_is_refused(tmp_path):
    for shape, said in (
        ({"n_workers": 0}, "has no worker"),
        ({"n_workers": 1, "threads_per_worker": 2}, "start it with --nthreads 1"),
    ):
        with local(**shape) as dask:
            refused(dask.scheduler_address, tmp_path, said)


def test_a_worker_that_does_not_see_the_folder_is_refused(dask, tmp_path, monkeypatch):
    monkeypatch.setattr("atips_analysis.build.cluster.sees", lambda folder, renderer: None)
    refused(dask.scheduler_address, tmp_path, "does not see")


def test_a_scheduler_that_goes_while_a_step_runs_is_one_line(tmp_path, steps):
    with local(n_workers=1) as dask, workers(dask, tmp_path) as several:
        threading.Timer(2.0, dask.close).start()
        with pytest.raises(MachineError, match="the cluster lost a step"):
            run_steps(steps(wait_long), tmp_path / "far", jobs=several)


@pytest.mark.whole
def test_a_build_on_a_cluster_is_that_of_one_machine_to_the_byte_though_a_worker_is_killed(
    dask, built, make_project, make_build, tmp_path, caplog
):
    project = make_project(tmp_path / "project")
    ended = threading.Event()
    killer = threading.Thread(target=kill_one, args=(dask, project.work, ended))
    killer.start()
    try:
        result = make_build(project, scheduler=dask.scheduler_address)
    finally:
        ended.set()
        killer.join()
    assert files_of(result.folder) == files_of(built[1])
    assert "was killed by signal 9" in caplog.text
    logs = str(dask.get_logs()) + caplog.text
    ids = pd.read_parquet(next(project.databank.rglob("victims.parquet")))["victim_id"]
    assert len(ids) > 10 and not [one for one in ids if one in logs]


def kill_one(dask, work: Path, ended: threading.Event) -> None:
    """Kill a worker once pages are made, in the middle of whatever it does."""
    while not list(work.glob("*/executed/*/*.ipynb")):
        if ended.wait(0.2):
            return
    with distributed.Client(dask.scheduler_address, set_as_default=False) as client:
        os.kill(min(client.run(os.getpid).values()), signal.SIGKILL)


def files_of(folder: Path) -> dict[str, bytes]:
    return {
        file.relative_to(folder).as_posix(): file.read_bytes()
        for file in folder.rglob("*")
        if file.is_file()
    }


@pytest.mark.parametrize(
    "address", ["elsewhere", "nowhere.invalid:8786", "tcp://", "http://host:8786", ""]
)
def test_what_is_no_address_of_a_scheduler_is_refused_before_any_is_looked_for(address, tmp_path):
    from atips_analysis.build.cluster import cluster
    from atips_analysis.errors import InputError

    with pytest.raises(InputError, match="write tcp://HOST:PORT"), cluster(address, tmp_path, "x"):
        pass
