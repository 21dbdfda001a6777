"""A step runs again when the content of what it depends on changed, and only then."""

from __future__ import annotations

import os
import shutil
import time
import warnings
from pathlib import Path

import pytest

from atips_analysis.build import by_content, steps
from atips_analysis.build.asked_for import Build
from atips_analysis.build.steps import Step, out_of_date, run_steps
from atips_analysis.project import Project

ROOM = "words"


def copy_file(reads: list[Path], writes: list[Path], *, mark: str = "", root: str = "") -> None:
    shutil.copyfile(reads[0], writes[0])


KEPT: list[bytes] = []


def keep_400_mb(reads: list[Path], writes: list[Path]) -> None:
    KEPT.append(b"kept" * 100_000_000)
    time.sleep(1.1)  # loky looks once a second
    copy_file(reads, writes)


def first_line(reads: list[Path], writes: list[Path]) -> None:
    writes[0].write_text(reads[0].read_text().splitlines()[0])


@pytest.fixture
def chain(tmp_path: Path) -> list[Step]:
    """A file that people write, its first line, and a page of that line."""
    source = tmp_path / "council" / "table.csv"
    source.parent.mkdir()
    source.write_text("head\nrow\n")
    return chain_in(tmp_path)


def chain_in(root: Path) -> list[Step]:
    source, work = root / "council" / "table.csv", root / "work"
    settings = {"mark": f"{root / 'marks'}", "root": f"{root}"}
    return [
        Step("table", copy_file, (source,), (work / "table",), ROOM, settings),
        Step("line", first_line, (work / "table",), (work / "line",), ROOM),
        Step("page", copy_file, (work / "line",), (work / "page",), ROOM),
    ]


def ran(chain: list[Step], tmp_path: Path, **options: object) -> dict[str, tuple[str, ...]]:
    outcomes = run_steps(chain, tmp_path / "work" / "memory", **options)  # type: ignore[arg-type]
    return {one.name: one.why for one in outcomes if one.state == "ran"}


def test_what_a_correction_does_not_change_is_not_made_again(chain, tmp_path):
    assert list(ran(chain, tmp_path)) == ["table", "line", "page"]
    (source,) = chain[0].reads
    source.write_text("head\nanother row\n")
    assert list(ran(chain, tmp_path)) == ["table", "line"]
    source.write_text("another head\n")
    assert list(ran(chain, tmp_path)) == ["table", "line", "page"]
    assert ran(chain, tmp_path) == {}


def test_content_decides_where_a_file_keeps_its_time_and_its_size(chain, tmp_path):
    ran(chain, tmp_path)
    for changed in (chain[0].reads[0], chain[0].writes[0]):
        times = changed.stat()
        changed.write_text(changed.read_text().swapcase())
        os.utime(changed, ns=(times.st_atime_ns, times.st_mtime_ns))
        assert "table" in ran(chain, tmp_path)


def test_a_file_that_was_only_touched_changes_nothing(chain, tmp_path):
    ran(chain, tmp_path)
    os.utime(chain[0].reads[0], (0, 0))
    assert ran(chain, tmp_path) == {}


def test_a_project_that_was_moved_with_what_it_made_is_not_built_anew(chain, tmp_path):
    ran(chain, tmp_path)
    moved = tmp_path / "moved"
    moved.mkdir()
    for name in ("council", "work"):
        (tmp_path / name).rename(moved / name)
    assert ran(chain_in(moved), moved) == {}
    chain = chain_in(moved)
    chain[0].settings["mark"] = f"{tmp_path / 'marks'}"  # lies where it lay, outside by now
    assert ran(chain, moved, explain=True) == {"table": ("the settings changed",)}


def test_a_folder_of_submissions_has_one_work_folder_wherever_the_project_lies(tmp_path):
    def work(root: str, submissions: Path) -> str:
        project = Project(tmp_path / root)
        return Build(project, 2024, "2023", submissions, project.reports).work.name

    here, there = (work(root, tmp_path / root / "data" / "sent") for root in ("here", "there"))
    assert here == there
    outside = {work("here", tmp_path / name) for name in ("sent", "data/sent", "there/data/sent")}
    assert len(outside | {here}) == 4


def test_a_setting_runs_its_own_step_alone_and_is_named(chain, tmp_path):
    ran(chain, tmp_path)
    chain[0].settings["mark"] = "b"
    assert ran(chain, tmp_path, explain=True) == {"table": ("the settings changed",)}


def test_a_change_is_said_by_the_name_of_its_file(chain, tmp_path):
    ran(chain, tmp_path)
    chain[0].reads[0].write_text("head\nanother row\n")
    why = ran(chain, tmp_path, explain=True)
    assert why["table"] == ("table.csv changed",)


def test_a_helper_runs_the_steps_that_reach_its_room(chain, tmp_path, monkeypatch):
    ran(chain, tmp_path)
    known = steps.code_fingerprint
    monkeypatch.setattr(steps, "code_fingerprint", lambda rooms: known(rooms) + "edited")
    found = out_of_date(chain, tmp_path / "work" / "memory")
    assert found["table"] == ("the code changed",)
    assert list(ran(chain, tmp_path)) == ["table", "line", "page"]


def test_a_library_of_another_version_runs_all_and_is_named(chain, tmp_path, monkeypatch):
    ran(chain, tmp_path)
    there = {**by_content.libraries(), "pandas": "0.0"}
    monkeypatch.setattr(by_content, "libraries", lambda: there)
    assert ran(chain, tmp_path, explain=True)["table"] == ("pandas changed",)


def test_the_libraries_are_those_that_ours_need_and_none_beside():
    there = by_content.libraries()
    assert {"pandas", "papermill", "nbclient", "numpy"} <= there.keys()
    assert "atips-analysis" not in there and "mypy" not in there


def test_a_step_that_ran_says_what_it_took(chain, tmp_path):
    outcomes = run_steps(chain, tmp_path / "work" / "memory")
    assert all(one.used and one.used.seconds > 0 and one.used.peak >= 0 for one in outcomes)


def test_where_nothing_changed_no_pytask_is_asked(chain, tmp_path, monkeypatch):
    ran(chain, tmp_path)
    monkeypatch.setattr(steps, "_build", None)
    assert ran(chain, tmp_path) == {}
    told: list[str] = []
    run_steps(chain, tmp_path / "work" / "memory", tell=lambda one: told.append(one.state))
    assert told == ["skipped"] * 3


@pytest.mark.parametrize("lost", [0, 1, 2])
def test_what_is_missing_is_made_again(chain, tmp_path, lost):
    ran(chain, tmp_path)
    chain[lost].writes[0].unlink()
    assert chain[lost].name in ran(chain, tmp_path)
    assert all(step.writes[0].is_file() for step in chain)


def change_the_source(reads: list[Path], writes: list[Path]) -> None:
    copy_file(reads, writes)
    reads[0].write_text("head\nsaved while it was read\n")


def test_what_is_changed_while_a_step_runs_is_seen_by_the_next_run(chain, tmp_path):
    step = Step("table", change_the_source, chain[0].reads, chain[0].writes, ROOM)
    assert list(ran([step], tmp_path)) == ["table"]
    assert list(ran([step], tmp_path)) == ["table"]
    assert "saved while" in step.writes[0].read_text()
    assert ran([step], tmp_path) == {}


def test_a_step_that_most_others_wait_for_begins_first_and_one_that_nothing_waits_for_last(
    tmp_path,
):
    source, work = tmp_path / "source", tmp_path / "work"
    source.write_text("row\n")
    turns = {7: "first", 4: "last"}
    chain = [
        Step(f"{n}", copy_file, (source,), (work / f"{n}",), ROOM, turn=turns.get(n, ""))
        for n in range(12)
    ]
    work.mkdir()
    order = list(ran(chain, tmp_path))
    assert (order[0], order[-1]) == ("7", "4")


def test_a_build_looks_soon_whether_a_worker_has_ended(chain, tmp_path):
    ran(chain, tmp_path, jobs=2)
    from pytask_parallel import execute

    sleeper = execute._Sleeper()
    for _ in range(20):
        sleeper.increment()
    assert sleeper.timings[sleeper.timing_idx] < 0.05


def test_a_worker_that_keeps_what_it_drew_is_not_replaced_nor_told_of_on_the_screen(
    chain, tmp_path, capfd
):
    source, work = chain[0].reads[0], tmp_path / "work"
    heavy = [
        Step(f"{n}", keep_400_mb, (source,), (work / f"{n}",), ROOM, turn="first") for n in range(3)
    ]
    with warnings.catch_warnings():
        ran([*heavy, *chain], tmp_path, jobs=2)
    assert "worker" not in capfd.readouterr().err
