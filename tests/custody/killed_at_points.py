"""A command is killed before each of its steps on the disk, in turn: what is there after repair?

Run as a program of its own: `killed_at_points.py SCENARIO PROJECT KEY`. Each try is a child that
kills itself (SIGKILL, as a power cut looks to the files) before the n-th rename, removal or sync.
Prints a line of JSON a try: the point, what repair said, and what was left.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pyrage  # noqa: F401  (imported once, before any child)

from atips_analysis import locks
from atips_analysis.build import reports_folder
from atips_analysis.build.one_writer import one_writer
from atips_analysis.custody import locking
from atips_analysis.custody.repair import repair
from atips_analysis.databank import consolidation, edition
from atips_analysis.files import write_text
from atips_analysis.project import Project

STEPS = ("replace", "unlink", "rmdir", "fsync")
NEVER = 1 << 20
MOST = 6
"""Points that are tried, spread over all of them, the last four always."""
LEFT_OVER = (".locking", ".unlocking")


def killed_at(point: int, action: Callable[[], object]) -> tuple[bool, int]:
    """Run `action` in a child that is killed before its step `point`; whether it was, its steps."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        left = point

        def counted(step: Callable[..., object]) -> Callable[..., object]:
            def stepping(*given: object, **named: object) -> object:
                nonlocal left
                if left == 0:
                    os.kill(os.getpid(), signal.SIGKILL)
                left -= 1
                return step(*given, **named)

            return stepping

        for name in STEPS:
            setattr(os, name, counted(getattr(os, name)))
        action()
        os.write(writing, str(point - left).encode())
        os._exit(0)
    os.close(writing)
    status = os.waitpid(child, 0)[1]
    told = os.read(reading, 20)
    os.close(reading)
    return os.WIFSIGNALED(status), int(told or 0)


def points(steps: int) -> list[int]:
    """Which steps are tried of so many, and one that is never reached."""
    spread = {round(step * (steps - 1) / MOST) for step in range(MOST)}
    return sorted({0, *spread, *range(max(steps - 4, 0), steps)})


def contents(folder: Path) -> dict[str, bytes]:
    return {
        file.relative_to(folder).as_posix(): file.read_bytes()
        for file in folder.rglob("*")
        if file.is_file()
    }


def scenario(
    name: str, project: Project, key: Path
) -> tuple[Callable[[], object], Callable[[], str]]:
    """What is done, and what is there afterwards: `old`, `new` or what is wrong."""
    return {
        "edition": an_edition,
        "lock": a_lock,
        "unlock": an_unlock,
        "reports": reports,
        "ledger": a_ledger,
    }[name](project, key)


@cache
def consolidated(project: Project) -> tuple[Path, tuple[Any, ...], Path]:
    """The same for each try: an edition, what it is written from, and a copy of its data bank."""
    given = []

    def keep(*words):
        given.append(words)
        return edition.write_edition(*words)

    consolidation.write_edition = keep
    made = consolidation.consolidate(
        project.data / "submissions", project.databank, project.expectations
    ).edition
    return made.folder, given[0], shutil.copytree(project.databank, project.root.with_name("bank"))


def an_edition(project: Project, key: Path):
    folder, given, bank = consolidated(project)
    shutil.copytree(bank, project.databank, dirs_exist_ok=True)
    before = contents(folder)
    shutil.rmtree(folder)

    def act():
        with one_writer(project):
            edition.write_edition(*given)

    def state():
        there = sorted(path.name for path in folder.parent.iterdir())
        known = {"new": contents(folder) == before} if folder.name in there else {"old": True}
        others = [name for name in there if name != folder.name and name.startswith(".")]
        return (
            "left: " + " ".join(others)
            if others
            else next((k for k, v in known.items() if v), "torn")
        )

    return act, state


def a_lock(project: Project, key: Path):
    before = plain(project)

    def state():
        if project.vault.is_file():
            if plain(project):
                return "both"
            locking.unlock(project, key)
            return "new" if plain(project) == before else "torn"
        return "old" if plain(project) == before else "torn"

    return lambda: locking.lock(project), state


def an_unlock(project: Project, key: Path):
    before = plain(project)
    locking.lock(project)

    def state():
        if project.vault.is_file():
            return "both" if plain(project) else "old"
        return "new" if plain(project) == before else "torn"

    return lambda: locking.unlock(project, key), state


def plain(project: Project) -> dict[str, bytes]:
    found = {}
    for place in project.confidential:
        if place.is_dir():
            found |= {f"{place.name}/{name}": one for name, one in contents(place).items()}
    return found


def reports(project: Project, key: Path):
    target, old = project.reports / "2024", contents(project.reports / "2024")

    def act():
        staged = project.reports / ".2024.new"
        shutil.copytree(target, staged)
        (staged / "index.html").write_text("new")
        with one_writer(project):
            reports_folder.put_in_place(staged, target)

    def state():
        there = contents(target) if target.is_dir() else {}
        if there.get("pack/atips-2024.zip") != b"sealed or raw":
            return "the pack is lost"
        return "old" if there == old else "new" if there["index.html"] == b"new" else "torn"

    return act, state


def a_ledger(project: Project, key: Path):
    file = project.ledger / "releases-2024.json"
    write_text(file, "[1]\n")

    def act():
        with one_writer(project):
            write_text(file, "[1, 2]\n")

    def state():
        return {"[1]\n": "old", "[1, 2]\n": "new"}.get(file.read_text(), "torn")

    return act, state


def left_over(project: Project) -> list[str]:
    """Names that only what was killed leaves."""
    return sorted(
        path.relative_to(project.root).as_posix()
        for path in project.root.rglob(".*")
        if path.name in LEFT_OVER
        or path.name.endswith((".new", ".old"))
        or path.name[1:].partition(".")[0].isdigit()
    )


def main(name: str, root: str, key: str) -> None:
    # What other programs left in the machine's temporary folder is no step of ours.
    own = Path(root).with_name("temporary")
    own.mkdir()
    locks.SHORT, tempfile.tempdir = (), str(own)
    steps = one_try(name, Path(root), Path(key), NEVER)
    for point in points(steps):
        one_try(name, Path(root), Path(key), point)


def one_try(name: str, start: Path, key: Path, point: int) -> int:
    copy = start.with_name("try")
    shutil.copytree(start, copy)
    os.chdir(copy)
    project = Project(copy)
    act, state = scenario(name, project, key)
    killed, steps = killed_at(point, act)
    lines = repair(project)
    told = {"point": point, "killed": killed, "lines": lines, "left": left_over(project)}
    again = repair(project)
    print(json.dumps({**told, "state": state(), "again": again}), flush=True)
    shutil.rmtree(copy)
    return steps


if __name__ == "__main__":
    main(*sys.argv[1:])
