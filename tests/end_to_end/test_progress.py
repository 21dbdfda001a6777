"""Progress of a build: lines in a log, and on a terminal a bar with the time taken and left."""

from __future__ import annotations

import io
import re
import time

import pytest

from atips_analysis.build.progress import progress
from atips_analysis.build.steps import Outcome

OUTCOMES = (
    Outcome("consolidate", "ran", ("records.csv changed",)),
    Outcome("protect and attack", "skipped"),
    Outcome("render baseline [draft]", "failed"),
)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def _told(stream: io.StringIO, **options: bool) -> str:
    with progress(3, stream=stream, **options) as tell:
        for outcome in OUTCOMES:
            tell(outcome)
    return stream.getvalue()


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch):
    for name in ("NO_COLOR", "COLUMNS", "TTY_COMPATIBLE", "TTY_INTERACTIVE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm")


@pytest.mark.parametrize("force", ["", "1"])
def test_a_log_gets_a_line_a_step_and_nothing_else(monkeypatch, force):
    monkeypatch.setenv("FORCE_COLOR", force)
    assert _told(io.StringIO()).splitlines() == [
        f"[ 1/3] {'consolidate':<44} done  (records.csv changed)",
        f"[ 3/3] {'render baseline [draft]':<44} failed",
    ]


def test_a_step_that_was_up_to_date_is_a_line_where_it_is_asked_for():
    assert f"[ 2/3] {'protect and attack':<44} up to date" in _told(
        io.StringIO(), show_skipped=True
    )


def test_a_terminal_gets_the_same_lines_and_the_time_taken_and_left():
    told = _told(Terminal())
    assert f"[ 3/3] {'render baseline [draft]':<44} failed" in told
    assert "taken," in told and "left" in told
    assert "2/2" in told  # of the steps that had to run


def test_the_time_left_is_estimated_from_the_steps_that_ran():
    terminal = Terminal()
    with progress(9, stream=terminal) as tell:
        for state in ("ran", "skipped", "ran", "skipped", "ran"):
            time.sleep(0.05)
            tell(Outcome("step", state))
    plain = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", terminal.getvalue())
    assert "0/9 0:00:00 taken, -:--:-- left" in plain
    assert re.search(r"3/7 0:00:0\d taken, 0:00:0\d left", plain)
