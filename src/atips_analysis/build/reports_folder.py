"""A folder of reports is exchanged whole: the old one stands until the new one is in its place."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from atips_analysis.databank.storage import sha256_of
from atips_analysis.errors import MachineError
from atips_analysis.files import OUT, open_to_readers, remove


def can_be_replaced(folder: Path) -> None:
    """Nothing, when this account can take away what is published in a folder, if it is there.

    Raises MachineError if another account published it, for itself alone to change.
    """
    inside = (path for path in (folder, *folder.rglob("*")) if path.is_dir())
    if not all(os.access(path, os.W_OK) for path in inside):
        raise MachineError(
            f"{folder}: published by another account, and yours may not replace it; let that account "
            f"build, or give the group the right to write there (chmod -R g+w), or {OUT}"
        )


def put_in_place(staged: Path, target: Path) -> None:
    """Exchange the folder for the new one, whole, and open to its readers.

    Errors as `can_be_replaced`.
    """
    try:
        can_be_replaced(target)
    except MachineError:
        remove(staged)  # or it would be in the other account's way
        raise
    open_to_readers(staged)
    mend_reports(target.parent)
    old = target.with_name(f".{target.name}.old")
    remove(old)
    if target.exists():
        os.replace(target, old)
    os.replace(staged, target)
    shutil.rmtree(old, ignore_errors=True)


def mend_reports(reports: Path) -> list[Path]:
    """Put back a folder that was moved away when a command was killed before the new one came.

    It may hold the only copy of a sealed pack. Returns the folders that were put back.
    """
    back = []
    for old in sorted([*reports.glob(".*.old"), *reports.glob("*/.*.old")]):
        if not old.is_dir():  # somebody's own: only folders are moved away
            continue
        target = old.with_name(old.name[1 : -len(".old")])
        if target.exists():
            remove(old)
        else:
            os.replace(old, target)
            back.append(target)
    return back


def finish_released(reports: Path, ledger: Path) -> list[Path]:
    """Put in place what was sealed and entered in the ledger when the command was killed.

    Its pack is the only one there is: once a record has changed nobody can make it again. Returns
    the folders that were put in place.
    """
    entered = b"".join(file.read_bytes() for file in ledger.glob("[0-9]*.json"))
    done = []
    for staged in sorted([*reports.glob(".*.new"), *reports.glob("*/.*.new")]):
        packs = [file for file in staged.glob("pack/*.zip") if "-version-" not in file.name]
        if packs and all(sha256_of(file).encode() in entered for file in packs):
            done.append(staged.with_name(staged.name[1 : -len(".new")]))
            put_in_place(staged, done[-1])
    return done
