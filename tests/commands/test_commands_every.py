"""Every command of the parser, one line each: nobody listens, the disk is full, nothing can be written."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(
    os.name != "posix", reason="pipes, disks and forks of POSIX; not tried on Windows"
)
PROGRAM = Path(__file__).with_name("every_command.py")
ALONE = ("unshare", "--user", "--map-root-user", "--mount")
FEW = ("backup", "databank list", "template")
"""Tried each time; all of them by `make test-all`."""
SILENT = ("nobody reads it, and its errors have no room", "all three are closed")


def tries(kept_project: Path, folder: Path, kind: str, *names: str) -> list[dict]:
    shutil.copytree(kept_project, folder / "start" / "project")
    command = [*(ALONE if kind == "disks" else ()), sys.executable, str(PROGRAM)]
    done = subprocess.run(
        [*command, str(folder / "start"), kind, *names], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr[-2000:]
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert len({one["command"] for one in found}) >= max(len(names), 3)
    return found


def refuse_faults(one: dict) -> None:
    """One line for a person where it could not, a code of the design, nothing half written."""
    lines = one["err"].splitlines()
    assert one["code"] in (0, 1, 2, 3), one
    assert len(lines) <= 1 and all(line.startswith("atips: ") for line in lines), one
    assert "unexpected fault" not in one["err"] and one["torn"] == [], one
    assert one["code"] in (0, 1) or lines or one["done"] in SILENT, one


def look_at_streams(found: list[dict]) -> None:
    """Who listens changes nothing of what is done; where the text has no room, it is said."""
    usual = {one["command"]: one for one in found if one["done"] == "nothing"}
    for one in found:
        refuse_faults(one)
        before = usual[one["command"]]
        if one["done"] in SILENT:
            assert (one["code"], one["out"], one["err"]) == (before["code"], "", ""), one
        elif one["done"] == "standard output is full" and before["out"] and not before["err"]:
            assert one["code"] == 3 and "standard output" in one["err"], one


def look_at_disks(found: list[dict]) -> None:
    """A full or a closed disk is the machine's: 3, and one line that says so."""
    for one in found:
        refuse_faults(one)
        if one["code"] == 3:
            assert any(
                said in one["err"]
                for said in ("make room", "No space left", "Read-only file system")
            ), one
    assert {3} < {one["code"] for one in found}


@pytest.fixture(scope="module")
def mounts() -> None:
    """Skips where an ordinary user may mount nothing of their own."""
    done = shutil.which("unshare") and subprocess.run(
        [*ALONE, "mount", "-t", "tmpfs", "tmpfs", "/mnt"], capture_output=True
    )
    if not done or done.returncode:
        pytest.skip("no disk of a user's own can be mounted here (unshare)")


@pytest.mark.slow
def test_who_listens_changes_nothing_of_what_a_command_does(kept_project, tmp_path):
    look_at_streams(tries(kept_project, tmp_path, "streams", *FEW))


@pytest.mark.slow
def test_a_disk_without_room_is_one_line_and_leaves_the_old_or_the_new(
    kept_project, tmp_path, mounts
):
    look_at_disks(tries(kept_project, tmp_path, "disks", *FEW))


@pytest.mark.long
def test_it_is_so_of_every_command_whoever_listens(kept_project, tmp_path):
    look_at_streams(tries(kept_project, tmp_path, "streams"))


@pytest.mark.long
def test_it_is_so_of_every_command_on_any_disk(kept_project, tmp_path, mounts):
    look_at_disks(tries(kept_project, tmp_path, "disks"))
