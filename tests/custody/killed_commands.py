"""Every command that writes, killed before each of its steps on the disk: what is there afterwards?

Run as a program of its own: `killed_commands.py FOLDER SIGNAL COMMAND…`, where FOLDER holds a
project. Prints a line of JSON a try: where it was, how it ended, what `atips doctor` names and
mends, what is neither old nor new, and what comes of the same command once more.
"""

from __future__ import annotations

import json
import mmap
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1] / "commands"))

from every_command import child, contents, copy_of, furnish, prepared, torn, words_of
from killed_at_points import NEVER

from atips_analysis import locks

PACK = "reports/2024-simulated/pack/atips-2024.zip"
RELEASED = {
    "release": ["--year", "2024", "--checked-by", "One", "--approved-by", "Other"],
    "reproduce": [PACK, "--databank", "data/databank/example"],
    "coalition": [PACK, "--renderer", "embedded"],
}
MOST = 3
"""Points that are tried, spread over all of them, besides the last two."""
STEPS = ("replace", "rename", "unlink", "rmdir", "fsync", "mkdir")


def its_own_temporary_folder() -> None:
    """Beside the project, so that what is left in it is seen."""
    temporary = Path.cwd().parent / "tmp"
    temporary.mkdir(exist_ok=True)
    os.environ["TMPDIR"], tempfile.tempdir = str(temporary), None


def stopped_at(point: int, number: signal.Signals, seen: mmap.mmap) -> Callable[[], None]:
    """What makes a child send itself a signal before its step `point`; `seen` counts its steps."""

    def prepare() -> None:
        its_own_temporary_folder()

        def counted(step: Callable[..., object]) -> Callable[..., object]:
            def stepping(*given: object, **named: object) -> object:
                done = int.from_bytes(seen[:4], "little")
                seen[:4] = (done + 1).to_bytes(4, "little")
                if done == point:
                    os.kill(os.getpid(), number)
                return step(*given, **named)

            return stepping

        for name in STEPS:
            setattr(os, name, counted(getattr(os, name)))

    return prepare


def one_try(
    words: list[str], kept: Path, place: Path, point: int, number: signal.Signals
) -> tuple[int, int]:
    """In a copy of what is kept the command is stopped at a point; its exit code, and its steps."""
    seen = mmap.mmap(-1, 4)
    shutil.rmtree(place)  # the same place: a build knows where it lies
    copy_of(kept, place)
    code = child(words, stopped_at(point, number, seen), kept.with_name("said"), place)
    return code, int.from_bytes(seen[:4], "little")


def said(kept: Path, kind: str) -> list[str]:
    return Path(f"{kept.with_name('said')}.{kind}").read_text(errors="replace").splitlines()


def try_kills(name: str, words: list[str], place: Path, kept: Path, number: signal.Signals) -> None:
    log = kept.with_name("said")
    usual, steps = one_try(words, kept, place, NEVER, number)
    before, ideal = contents(kept), contents(place)
    spread = {round(step * (steps - 1) / MOST) for step in range(MOST + 1)}
    for point in sorted({*spread, *range(max(steps - 2, 0), steps)}):
        code, _ = one_try(words, kept, place, point, number)
        told = {"command": name, "point": point, "steps": steps, "code": code, "usual": usual}
        told["err"] = said(kept, "err")
        child(["doctor"], its_own_temporary_folder, log, place)
        told["named"] = [line for line in said(kept, "out") if "doctor --repair" in line]
        told["repair"] = child(["doctor", "--repair"], its_own_temporary_folder, log, place)
        told["mended"] = [line for line in said(kept, "out") if line.startswith("MENDED")]
        told["torn"] = torn(place, before, ideal)
        told["again"] = child(words, its_own_temporary_folder, log, place)
        told["said"] = said(kept, "err")
        told["differs"] = torn(place, ideal, ideal)
        print(json.dumps(told), flush=True)


def ready(name: str, start: Path, said: Path) -> None:
    """The project that a command begins with: for what takes a pack, one that is released."""
    if name in ("reproduce", "coalition"):
        assert child(["release", *RELEASED["release"]], its_own_temporary_folder, said, start) == 0
    prepared(name, start, said)


def main(root: str, number: str, *names: str) -> None:
    """Try each command on a project; on one that is built, what is done with releases."""
    locks.SHORT = ()  # what other programs left in the machine's temporary folder is no step of ours
    start = Path(root)
    words = RELEASED
    if not (start / "project" / "reports" / "2024-simulated").is_dir():
        furnish(start / "project")
        words = words_of(start / "project")
    with tempfile.TemporaryDirectory() as folder:
        first, kept = copy_of(start, Path(folder) / "first"), Path(folder) / "kept"
        for name in names or words:
            shutil.rmtree(start)
            ready(name, copy_of(first, start), kept.with_name("said"))
            shutil.copytree(start, kept, symlinks=True)
            given = [*name.split(), *words[name]]
            try_kills(name, given, start, kept, getattr(signal, number))
            shutil.rmtree(kept)


if __name__ == "__main__":
    main(*sys.argv[1:])
