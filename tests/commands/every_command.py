"""Every command of the parser under what a machine does to it: pipes, full disks, read-only folders.

Run as a program of its own: `every_command.py FOLDER`. Prints a line of JSON a try: the command,
what was done to it, its exit code, what it said on standard error, and what of its files is torn.
Each try is a forked child with a copy of the project; where the system lets an ordinary user mount
(`unshare`), the copy lies on a small disk that is full, or cannot be written to.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import great_expectations  # noqa: F401  (imported once, before any child)
import highspy  # noqa: F401
import pandas  # noqa: F401
import pyrage
import typer

from atips_analysis import cli
from atips_analysis.build import building, bulletins  # noqa: F401
from atips_analysis.databank import consolidation, open_databank  # noqa: F401
from atips_analysis.indicators import parse_period
from atips_analysis.indicators.rows import rows_of
from atips_analysis.intake.answering import Answer, keep_answers
from atips_analysis.ledger.answers import answer
from atips_analysis.ledger.question import declared
from atips_analysis.ledger.record import begin_record
from atips_analysis.project import Project

PROJECT = "project"
"""Below the folder of a try; beside it a stick, with keys and backups."""
SLOW = {"build", "bulletin", "run"}
"""Commands that start kernels: the whole of their work is tried in `tests/end_to_end`."""
ANSWERED = Answer("DHS", "victims", "order of days", "date_identified", "day first")
# What a build keeps in `data/work` to know what is out of date is looked at by the next one.
RANDOM = (".age", ".key", ".pem", "forgotten.csv")
"""How files end that hold what is drawn anew each time: as long as they are to be, they are whole."""
LISTS = "a,b,n\n1,0,30\n0,1,40\n1,1,20\n"
TABLE = "sex,place,n\n" + "".join(
    f"{sex},{place},{number}\n"
    for sex, row in (("female", (2, 14, 16)), ("male", (9, 8, 17)), ("Total", (11, 22, 33)))
    for place, number in zip(("north", "south", "Total"), row, strict=True)
)
PROTECTED = TABLE.replace("female,north,2", "female,north,")
NAMES = "first_name,surname,birth_date,district\nAna,Pech,1999-02-03,Cayo\n"


def words_of(project: Path) -> dict[str, list[str]]:
    """A command of the parser, and words with which it has something to do."""
    bank = ["--databank", "data/databank"]
    edition = next(
        path.name for path in (project / "data/databank/editions").iterdir() if path.is_dir()
    )
    recorded = next(file.stem for file in (project / "data/databank/answers").glob("*.json"))
    return {
        "answer": ["--take-back", ANSWERED.id],
        "audit": ["protected.csv", "--count", "n"],
        "backup": ["--out", "../stick/new.age"],
        "restore": ["../stick/old.age", "--key-file", "../stick/key", "--out", "../restored"],
        "build": ["--submissions", "data/submissions", "--renderer", "embedded", "--quiet"],
        "bulletin": ["--period", "2024-Q3", "--submissions", "data/submissions"],
        "check": ["data/submissions"],
        "coalition": ["reports/2024/pack/atips-2024.zip", "--out", "data/work/coalition"],
        "consolidate": ["--submissions", "data/submissions", "--databank", "data/new", "--quiet"],
        "doctor": ["--repair"],
        "estimate": ["lists.csv", "--ungated"],
        "example": ["--out", "example"],
        "forget": ["0123456789abcdef"],
        "indicators": [*bank, "--year", "2024", "--confidential", "--out", "data/work/new.csv"],
        "init": ["../a-new-project"],
        "keys": ["--role", "checked"],
        "lock": [],
        "unlock": ["--key-file", "../stick/key"],
        "new-analysis": ["demonstration"],
        "protect": ["table.csv", "--count", "n", "--by", "sex,place", "--out", "new.csv"],
        "pseudonymise": ["names.csv", "--key-file", "../stick/agency-key", "--out", "new.csv"],
        "release": ["--year", "2024", "--checked-by", "One", "--approved-by", "Other"],
        "reproduce": ["reports/2024/pack/atips-2024.zip", *bank],
        "retain": ["--delete", "--on", "2099-01-01"],
        "returns": ["--letters", "letters"],
        "run": ["--list"],
        "template": ["--agency", "DHS", "--year", "2024", "--out", "form.xlsx"],
        "translation": ["--lang", "es"],  # who has read it would be written into the package itself
        "verify": ["reports/2024/pack/atips-2024.zip"],
        "baseline freeze": ["--period", "2023-2024", *bank],
        "baseline show": ["--period", "2023-2024"],
        "baseline diff": ["--period", "2023-2024", *bank],
        "databank list": bank,
        "databank show": bank,
        "databank diff": [edition, edition, *bank, "--out", "data/work/difference"],
        "databank verify": bank,
        "databank link": bank,
        "databank answers": bank,
        "databank withdraw": [recorded.split("-")[1], *bank],
    }


def commands(group: object, before: tuple[str, ...] = ()) -> Iterator[str]:
    """The names of all commands, as the parser has them."""
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, (*before, name))
        else:
            yield " ".join((*before, name))


def furnish(root: Path) -> None:
    """What the commands take, besides what the project has."""
    stick = root.parent / "stick"
    stick.mkdir()
    identity = pyrage.x25519.Identity.generate()
    (stick / "key").write_text(f"{identity}\n")
    (stick / "agency-key").write_text(f"{secrets.token_hex(32)}\n")
    (root / "data/council/recipients.txt").write_text(f"{identity.to_public()}\n")
    keep_answers(root / "data/council/answers.csv", [ANSWERED])
    give_an_answer(root)
    for name, text in (
        ("lists.csv", LISTS),
        ("table.csv", TABLE),
        ("protected.csv", PROTECTED),
        ("names.csv", NAMES),
    ):
        (root / name).write_text(text)


def give_an_answer(root: Path) -> None:
    """The record of the data bank holds one, for a year."""
    folder, project = root / "data/databank", Project(root)
    begin_record(folder)
    bank = open_databank(folder)
    answer(
        declared([parse_period("2024")], ["PROT-01"]), bank, rows_of(bank), project, "indicators"
    )


# -- what is done to a command -----------------------------------------------------------------


def nobody_reads(number: int) -> None:
    """Its reader has gone, as after `| head`."""
    reading, writing = os.pipe()
    os.close(reading)
    os.dup2(writing, number)
    os.close(writing)


def full(number: int) -> None:
    """It leads into a file on a full disk."""
    opened = os.open("/dev/full", os.O_WRONLY)
    os.dup2(opened, number)
    os.close(opened)


STREAMS: dict[str, Callable[[], None]] = {
    "nobody reads it, and its errors have no room": lambda: (nobody_reads(1), full(2)),
    "all three are closed": lambda: [os.close(number) for number in range(3)],
    "standard output is full": lambda: full(1),
}


def child(words: list[str], done_to: Callable[[], None], said: Path, folder: Path) -> int:
    """Run a command in a child that goes on in `folder`; its exit code."""
    sys.stdout.flush()
    pid = os.fork()
    if pid:
        status = os.waitpid(pid, 0)[1]
        return os.waitstatus_to_exitcode(status)
    try:
        code = 99
        os.chdir(folder / PROJECT)
        for number, place in ((0, os.devnull), (1, f"{said}.out"), (2, f"{said}.err")):
            flags = os.O_RDONLY if number == 0 else os.O_WRONLY | os.O_CREAT | os.O_TRUNC
            opened = os.open(place, flags, 0o600)
            os.dup2(opened, number)
            os.close(opened)
        done_to()
        for number, name in ((1, "stdout"), (2, "stderr")):
            setattr(sys, name, _as_python_opens(number))
        try:
            cli.main(words)
        except SystemExit as leaving:
            code = leaving.code if isinstance(leaving.code, int) else 98
            code = _as_python_ends(code)
        except BaseException:
            traceback.print_exc()
    finally:
        os._exit(code)


def _as_python_opens(number: int):
    try:
        os.fstat(number)
    except OSError:
        return None
    return open(number, "w", encoding="utf-8", closefd=False)


def _as_python_ends(code: int) -> int:
    """Python flushes standard output when it ends, and says 120 where it cannot."""
    for stream in (sys.stdout, sys.stderr):
        try:
            if stream is not None:
                stream.flush()
        except OSError:
            code = 120
    return code


def contents(folder: Path) -> dict[str, bytes]:
    return {
        file.relative_to(folder).as_posix(): file.read_bytes()
        for file in sorted(folder.rglob("*"))
        if file.is_file() and not file.is_symlink()
    }


def mount(*words: str) -> None:
    subprocess.run(["mount", *words], check=True, capture_output=True)


@contextmanager
def small_disk(place: Path, size: int) -> Iterator[Path]:
    place.mkdir()
    mount("-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(place))
    try:
        yield place
    finally:
        subprocess.run(["umount", "-l", str(place)], check=True)
        place.rmdir()


def fill(place: Path, room: int) -> None:
    """Write to a disk until it is full, and leave `room` bytes."""
    filler = place / "filler"
    with filler.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(b"0" * 65536)
        except OSError:
            pass
    os.truncate(filler, max(filler.stat().st_size - room, 0))


# -- the tries ---------------------------------------------------------------------------------


def copy_of(start: Path, place: Path) -> Path:
    shutil.copytree(start, place, symlinks=True)
    return place


def told(name: str, done: str, code: int, said: Path, torn: list[str]) -> None:
    texts = {
        kind: file.read_text(errors="replace") if (file := Path(f"{said}.{kind}")).is_file() else ""
        for kind in ("out", "err")
    }
    print(json.dumps({"command": name, "done": done, "code": code, "torn": torn, **texts}))


def torn(folder: Path, before: dict[str, bytes], ideal: dict[str, bytes]) -> list[str]:
    """Files that are neither as they were nor as the command makes them where nothing hinders it."""
    there = contents(folder)

    def whole(name: str) -> bool:
        if name.endswith(RANDOM) and name in there and name in ideal:
            return len(there[name]) == len(ideal[name])
        return there.get(name) in (before.get(name), ideal.get(name))

    return sorted(
        name
        for name in before.keys() | there.keys()
        if not (
            name.endswith(("data/.writing", "access.csv")) or "/data/work/2" in name or whole(name)
        )
    )


def prepared(name: str, start: Path, said: Path) -> Path:
    """The project that a command begins with: for `unlock` a locked one."""
    if name == "unlock":
        assert child(["lock"], lambda: None, said, start) == 0
    if name == "restore":
        words = ["backup", "--out", "../stick/old.age"]
        assert child(words, lambda: None, said, start) == 0
    return start


def try_streams(name: str, words: list[str], start: Path, scratch: Path) -> None:
    said = scratch / "said"
    for done, how in {"nothing": lambda: None, **STREAMS}.items():
        place = copy_of(start, scratch / "try")
        told(name, done, child(words, how, said, place), said, [])
        shutil.rmtree(place)


def try_disks(name: str, words: list[str], start: Path, scratch: Path) -> None:
    said = scratch / "said"
    before = contents(start)
    place = copy_of(start, scratch / "try")
    usual = child(words, lambda: None, said, place)
    ideal = contents(place)
    shutil.rmtree(place)
    for room in (0, 1 << 14, 1 << 18):
        with small_disk(scratch / "disk", 64 << 20) as disk:
            place = copy_of(start, disk / "try")
            (disk / "tmp").mkdir()
            fill(disk, room)

            def elsewhere(disk: Path = disk) -> None:
                os.environ["TMPDIR"] = str(disk / "tmp")
                tempfile.tempdir = None

            code = child(words, elsewhere, said, place)
            told(name, f"{room} bytes of room", code, said, torn(place, before, ideal))
            if code == usual and contents(place) == ideal:
                break  # it needs no room: more changes nothing
    place = copy_of(start, scratch / "try")
    mount("--bind", str(place), str(place))
    try:
        mount("-o", "remount,ro,bind", str(place))
        code = child(words, lambda: None, said, place)
        told(name, "read-only", code, said, torn(place, before, ideal))
    finally:
        subprocess.run(["umount", "-l", str(place)], check=True)
    shutil.rmtree(place)


def main(root: str, kind: str, *asked: str) -> None:
    """Try each command, or those that are asked for: what is done to its `streams`, or `disks`."""
    start = Path(root)
    furnish(start / PROJECT)
    words = words_of(start / PROJECT)
    unknown = sorted(set(commands(typer.main.get_command(cli.app))) ^ set(words))
    if unknown:
        sys.exit(f"not tried, or no command any more: {unknown}")
    for name in asked or words:
        with tempfile.TemporaryDirectory() as folder:
            scratch = Path(folder)
            own = prepared(name, copy_of(start, scratch / "start"), scratch / "said")
            given = [*name.split(), *words[name]]
            if kind == "disks":
                try_disks(name, given, own, scratch)
            elif name not in SLOW:
                try_streams(name, given, own, scratch)


if __name__ == "__main__":
    sys.stdout.reconfigure(line_buffering=True)
    main(*sys.argv[1:])
