"""How far a build is: a bar with the time taken and the time left on a terminal, lines elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TextIO

from atips_analysis.build.standard_streams import console, shown
from atips_analysis.build.steps import Outcome

MARKS = {"ran": "done", "skipped": "up to date", "failed": "failed"}
HOUR = 3600.0
INDENT = " " * 8


@contextmanager
def progress(
    of: int, *, show_skipped: bool = False, stream: TextIO | None = None
) -> Iterator[Callable[..., None]]:
    """What to tell each outcome of a build of `of` steps as it comes, and lines to say below it.

    Every outcome is a line: how far, what, and whether it ran; one that was up to date only with
    `show_skipped`. Where `stream` (standard error by default) is a terminal, the time taken and
    an estimate of the time left stand below the lines while the build runs, and go at its end; a
    log or a pipe gets the lines and nothing else.
    """
    out = stream or sys.stderr
    lines = _bar(of, out) if out.isatty() else _plain(out)
    with lines as told:
        done = 0

        def tell(outcome: Outcome, below: Iterable[str] = ()) -> None:
            nonlocal done
            done += 1
            shown = show_skipped or outcome.state != "skipped"
            own = [_line(outcome, done, of)] if shown else []
            told(outcome, "\n".join([*own, *(f"{INDENT}{line}" for line in below)]))

        yield tell


def _line(outcome: Outcome, done: int, of: int) -> str:
    why = f"  ({'; '.join(outcome.why)})" if outcome.why else ""
    return f"[{done:>2}/{of}] {outcome.name:<44} {MARKS.get(outcome.state, '-')}{why}"


@contextmanager
def _plain(out: TextIO) -> Iterator[Callable[[Outcome, str], None]]:
    def told(outcome: Outcome, line: str) -> None:
        if line:
            print(line, file=out, flush=True)

    yield told


@contextmanager
def _bar(of: int, out: TextIO) -> Iterator[Callable[[Outcome, str], None]]:
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    bar = Progress(
        BarColumn(bar_width=24),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("taken,"),
        TimeRemainingColumn(),
        TextColumn("left"),
        console=console(out),
        refresh_per_second=2,
        speed_estimate_period=HOUR,
        redirect_stdout=False,
        redirect_stderr=out is sys.stderr,
        transient=True,
    )
    steps = bar.add_task("steps", total=of)
    (task,) = bar.tasks

    def told(outcome: Outcome, line: str) -> None:
        if line:
            bar.console.print(shown(line), markup=False, soft_wrap=True)
        if outcome.state == "skipped":  # it took no time: the estimate is of those that run
            task.total = (task.total or 0) - 1  # Progress.update would forget the speed so far
        else:
            bar.advance(steps)

    with bar:
        yield told
