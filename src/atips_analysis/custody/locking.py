"""`atips lock` and `atips unlock`: the confidential side as one encrypted file while nobody works.

In order, so that a command that is killed leaves one of the two whole, and `mend_lock` knows which:
locking moves the folders to `LOCKING`, writes the vault, then deletes `LOCKING`; unlocking writes
to `UNLOCKING`, marks it as verified, moves the folders to their places, then deletes the vault.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from atips_analysis.build.one_writer import one_writer, refuse_locked
from atips_analysis.custody.vault import (
    decrypt,
    encrypt,
    identity,
    members,
    recipients,
    write_below,
)
from atips_analysis.errors import InputError
from atips_analysis.files import sync_folder
from atips_analysis.project import ANSWERS, Project

LOCKING = ".locking"
UNLOCKING = ".unlocking"
VERIFIED = "verified"


def lock(project: Project) -> int:
    """Encrypt the confidential side, and delete it unencrypted; the number of its files.

    Raises InputError if it is locked already, there is nothing to lock, or no public key.
    """
    keys, data = recipients(project), project.data
    with one_writer(project, even_locked=True):
        mend_lock(project)
        refuse_locked(project)
        there = [place for place in _places(project) if place.exists()]
        if not members(data, there):
            raise InputError("there is nothing confidential here yet", file=data)
        aside = data / LOCKING
        for place in there:
            target = aside / place.relative_to(data)
            target.parent.mkdir(parents=True, exist_ok=True)
            place.replace(target)
        try:
            number = encrypt(members(aside, [aside]), keys, project.vault)
        except BaseException:
            _put_back(aside, data)
            shutil.rmtree(aside)
            raise
        sync_folder(data)
        shutil.rmtree(aside)
    return number


def unlock(project: Project, key_file: Path) -> int:
    """Decrypt the confidential side into its place; the number of its files.

    Raises InputError if it is not locked, the key does not open it, or files lie where it belongs.
    Raises FindingsError if the vault was changed.
    """
    key, data = identity(key_file, project), project.data
    with one_writer(project, even_locked=True):
        mend_lock(project)
        if not project.vault.is_file():
            raise InputError("is not locked: there is nothing to unlock", file=data)
        for file in members(data, [place for place in _places(project) if place.exists()]):
            raise InputError(
                "lies where what is locked belongs; move it away, unlock, and put it back",
                file=file.path,
            )
        return _unlocked(project, key)


def _unlocked(project: Project, key: Any) -> int:
    aside = project.data / UNLOCKING
    try:
        names = decrypt(project.vault, key, write_below(aside))
    except BaseException:
        shutil.rmtree(aside, ignore_errors=True)
        raise
    (aside / VERIFIED).touch()
    sync_folder(aside)
    _finish_unlocking(project)
    return len(names)


def mend_lock(project: Project) -> list[str]:
    """Finish or undo a lock or an unlock that was killed; what was done, a line each."""
    data = project.data
    locking, unlocking, locked = data / LOCKING, data / UNLOCKING, project.vault.is_file()
    lines = []
    if locking.is_dir() and locked:
        shutil.rmtree(locking)
        lines.append(f"data/{LOCKING}: removed; the lock that was killed had encrypted all of it")
    elif locking.is_dir():
        _put_back(locking, data)
        shutil.rmtree(locking)
        lines.append(f"data/{LOCKING}: put back in place; it is not locked")
    if (unlocking / VERIFIED).is_file():
        _finish_unlocking(project)
        lines.append(f"data/{UNLOCKING}: put in place; the unlock that was killed had verified it")
    elif unlocking.is_dir():
        shutil.rmtree(unlocking)
        lines.append(f"data/{UNLOCKING}: removed; it is still locked")
    return lines


def _finish_unlocking(project: Project) -> None:
    aside = project.data / UNLOCKING
    _put_back(aside, project.data)
    sync_folder(project.data)
    project.vault.unlink(missing_ok=True)
    shutil.rmtree(aside)


def _put_back(aside: Path, data: Path) -> None:
    """Each folder, and the answers, to its place; an empty folder that stands there gives way."""
    for source in sorted(aside.iterdir()):
        target = data / source.name
        if source.name == VERIFIED:
            continue
        if source.name == "council":
            for answers in source.iterdir():
                answers.replace(target / answers.name)
            continue
        if target.is_dir() and not any(path.is_file() for path in target.rglob("*")):
            shutil.rmtree(target)
        source.replace(target)


def _places(project: Project) -> tuple[Path, ...]:
    """What is confidential: folders, and what agencies answered."""
    return (*project.confidential, project.council / ANSWERS)
