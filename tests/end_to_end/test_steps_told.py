"""What becomes of a step is told as it comes, in one process and in several."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from atips_analysis.build.steps import Step, run_steps
from atips_analysis.errors import InputError


def copy_file(reads: list[Path], writes: list[Path]) -> None:
    shutil.copyfile(reads[0], writes[0])


def refuse(reads: list[Path], writes: list[Path]) -> None:
    raise InputError("cannot be used")


@pytest.mark.parametrize("jobs", [1, 2])
def test_every_step_is_told_when_it_has_run_and_when_nothing_had_changed(tmp_path, jobs):
    source, first, second = (tmp_path / name for name in ("source", "first", "second"))
    source.write_text("a")
    steps = [
        Step("one", copy_file, (source,), (first,), "words"),
        Step("two", copy_file, (first,), (second,), "words"),
    ]
    for state in ("ran", "skipped"):
        told = []
        run_steps(steps, tmp_path / "work", jobs=jobs, tell=told.append)
        assert [(outcome.name, outcome.state) for outcome in told] == [
            ("one", state),
            ("two", state),
        ]


def test_a_step_that_fails_is_told_with_its_error(tmp_path):
    (tmp_path / "source").write_text("a")
    step = Step("one", refuse, (tmp_path / "source",), (tmp_path / "first",), "words")
    told = []
    with pytest.raises(InputError, match="cannot be used"):
        run_steps([step], tmp_path / "work", tell=told.append)
    assert [(outcome.state, str(outcome.error)) for outcome in told] == [
        ("failed", "cannot be used")
    ]


def test_a_dry_look_tells_nothing(tmp_path):
    (tmp_path / "source").write_text("a")
    step = Step("one", copy_file, (tmp_path / "source",), (tmp_path / "first",), "words")
    told = []
    (outcome,) = run_steps([step], tmp_path / "work", tell=told.append, explain=True)
    assert outcome.why == ("never run before",)
    assert [one.state for one in told] == ["ran"]
