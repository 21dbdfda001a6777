"""A judge in a box: files are read in a process of their own, with limits of memory and time.

One file can then only fail by itself, whatever its reader does: one worker reads one file after the
other, and is started again when it dies. The limits are generous, and grow with the file: memory is
limited on Linux alone (`RLIMIT_DATA`; macOS has the name and does not keep it, Windows has none, and
there a file can still take all of it), time everywhere: what the worker computes, so that a busy
machine refuses nothing, and many times that by the clock (Windows counts by the clock alone). It is
no prison: the worker may do what its user may.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

from atips_analysis.errors import InputError
from atips_analysis.intake.limits import MIB, Limits

BUSY = 10
"""So many times the seconds that it may compute may pass by the clock."""
COUNTED = hasattr(signal, "setitimer")  # of the processor's time; not on Windows
# Arrow's own allocator reserves a GiB before it needs any of it, which a limit would count.
PLAIN_MEMORY = {"ARROW_DEFAULT_MEMORY_POOL": "system"}


@dataclass(frozen=True)
class _Task:
    """What a worker is asked to do, and how much memory (bytes) and computing (seconds) that may take."""

    function: Callable[..., Any]
    arguments: tuple[Any, ...]
    memory: int
    seconds: float


@dataclass(frozen=True)
class _Answer:
    """What came of it: a result, or why there is none (an `InputError`, or the name of a fault)."""

    result: Any = None
    error: InputError | None = None
    fault: str = ""


class Box:
    """Runs functions on files, one after the other, in a worker that may die.

    `common` is given to every function after its own arguments, and goes to the worker once.
    """

    def __init__(self, limits: Limits, *common: Any) -> None:
        self.limits, self.common = limits, common
        self.worker: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._end()

    def run(self, name: str, path: Path, function: Callable[..., Any], *arguments: Any) -> Any:
        """What `function(*arguments, *common)` returns; it reads `path`, which errors call `name`.

        Raises InputError as the function does, or if it takes more memory or time than the file
        may.
        """
        size = path.stat().st_size if path.is_file() else 0
        memory, seconds = self.limits.memory(size), self.limits.seconds(size)
        worker = self._worker()
        late = threading.Event()

        def stop() -> None:
            late.set()
            worker.kill()

        clock = threading.Timer(seconds * BUSY if COUNTED else seconds, stop)
        clock.daemon = True
        clock.start()
        try:
            _send(worker.stdin, _Task(function, arguments, memory, seconds))
            answer = pickle.load(_pipe(worker.stdout))
        except (EOFError, OSError, pickle.UnpicklingError) as error:
            self._end()
            slow = late.is_set() or (COUNTED and worker.returncode == -signal.SIGPROF)
            raise (_too_slow(seconds, name) if slow else _died(memory, name)) from error
        finally:
            clock.cancel()
        if answer.fault:
            self._end()
            raise _died(memory, name) if answer.fault == "MemoryError" else _fault(answer, name)
        if answer.error is not None:
            raise answer.error
        return answer.result

    def _worker(self) -> subprocess.Popen[bytes]:
        if self.worker is None:
            # -P: nothing that lies in the working folder is imported.
            command = [sys.executable, "-P", "-m", "atips_analysis.intake.box"]
            self.worker = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,  # compiled readers print what they did not foresee
                env={**os.environ, **PLAIN_MEMORY},
            )
            # Its start is no part of a file's time; a worker that is dead is found out by reading.
            with contextlib.suppress(OSError, EOFError):
                _send(self.worker.stdin, self.common)
                pickle.load(_pipe(self.worker.stdout))
        return self.worker

    def _end(self) -> None:
        worker, self.worker = self.worker, None
        if worker is None:
            return
        worker.kill()
        for pipe in (worker.stdin, worker.stdout):
            with contextlib.suppress(OSError):
                _pipe(pipe).close()
        worker.wait()


def _send(pipe: IO[bytes] | None, what: Any) -> None:
    into = _pipe(pipe)
    pickle.dump(what, into, protocol=pickle.HIGHEST_PROTOCOL)
    into.flush()


def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
    assert pipe is not None
    return pipe


def _died(memory: int, name: str) -> InputError:
    return InputError(
        f"reading it takes more than {memory // MIB} MiB of memory, or breaks the reader; copy the "
        "tables into a fresh form (a workbook can say that it is far larger than it is) and send "
        "that",
        file=name,
    )


def _too_slow(seconds: float, name: str) -> InputError:
    return InputError(
        f"reading it takes more than {seconds:.0f} seconds of computing; copy the tables into a fresh form, or "
        "send the streams as separate CSV files",
        file=name,
    )


def _fault(answer: _Answer, name: str) -> InputError:
    return InputError(
        f"its reading met a fault of this program ({answer.fault}): tell those who look after it; "
        "until then save the file again as .xlsx, or as CSV UTF-8, and send that",
        file=name,
    )


def serve(into: IO[bytes], out: IO[bytes]) -> None:
    """The worker: do what comes in, one task after the other, until nothing does."""
    common = pickle.load(into)
    _send(out, _Answer())
    before = 0
    while True:
        try:
            task = pickle.load(into)
        except EOFError:
            return
        before = before or _in_use()
        _limit_memory(before + task.memory)
        _limit_time(task.seconds)
        answer = _done(task, common)
        _limit_time(0)
        _limit_memory(None)
        _send(out, answer)


def _done(task: _Task, common: tuple[Any, ...]) -> _Answer:
    try:
        return _Answer(task.function(*task.arguments, *common))
    except InputError as error:
        return _Answer(error=error)
    except Exception as error:  # its text may hold what stands in a cell: its kind is enough
        kind = MemoryError if isinstance(error, MemoryError) else type(error)
        return _Answer(fault=kind.__name__)


def _in_use() -> int:
    """Bytes of memory of its own that this process has asked for; 0 where that is not said."""
    try:
        return int(Path("/proc/self/statm").read_text().split()[5]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError):
        return 0


def _limit_time(seconds: float) -> None:
    """End this process once it has computed so long, in all its threads; 0 takes the limit off."""
    if COUNTED:
        signal.setitimer(signal.ITIMER_PROF, seconds)  # SIGPROF ends it


def _limit_memory(most: int | None) -> None:
    """Let the memory of its own grow to so many bytes, on Linux."""
    if sys.platform != "linux":
        return
    import resource

    hard = resource.getrlimit(resource.RLIMIT_DATA)[1]
    wanted = hard if most is None else most
    if hard != resource.RLIM_INFINITY:
        wanted = min(wanted, hard)
    resource.setrlimit(resource.RLIMIT_DATA, (wanted, hard))
    resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))


if __name__ == "__main__":
    # What anybody prints goes nowhere: the answers have the pipe for themselves.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    from atips_analysis.intake import box  # what is pickled is known by this name

    box.serve(sys.stdin.buffer, answers)
