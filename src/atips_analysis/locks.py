"""Locks that the operating system holds for a process, and its temporary folders, however it ends.

Tried on Linux; on Windows, where the lock is `msvcrt.locking`'s, it was not tried.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

FAR = 1 << 30  # Windows locks bytes, and what is locked cannot be read: none of the writer's name
PAUSE = 0.05
SHORT = ("/tmp", "/var/tmp")
"""Temporary folders with short names, which every POSIX system has."""
HELD = re.compile(r"atips\.[a-z]+\.[a-z0-9_]{8}")
"""How `held_folder` names what it makes."""


if sys.platform == "win32":
    import msvcrt

    def lock(file: IO[str]) -> bool:
        """Whether the file could be locked; it is not waited for."""
        os.lseek(file.fileno(), FAR, os.SEEK_SET)
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def unlock(file: IO[str]) -> None:
        """Give the lock back."""
        os.lseek(file.fileno(), FAR, os.SEEK_SET)
        msvcrt.locking(file.fileno(), msvcrt.LK_UNLCK, 1)

    def remove_left() -> list[Path]:
        """Nothing: a folder cannot be locked here, so nobody can tell whose process has ended."""
        return []

else:
    import fcntl

    def lock(file: IO[str]) -> bool:
        """Whether the file could be locked; it is not waited for."""
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def unlock(file: IO[str]) -> None:
        """Give the lock back, also for a child that was forked meanwhile."""
        fcntl.flock(file, fcntl.LOCK_UN)

    def remove_left() -> list[Path]:
        """Remove this user's temporary folders whose process was killed (`held_folder`); return them."""
        return [
            folder
            for place in _temporary_folders()
            for folder in sorted(Path(place).glob("atips.*"))
            if HELD.fullmatch(folder.name) and _removed_if_left(folder)
        ]

    def _temporary_folders() -> set[str]:
        with suppress(OSError):  # nowhere may anything be written
            return {tempfile.gettempdir(), *SHORT}
        return set(SHORT)

    def _removed_if_left(folder: Path) -> bool:
        with suppress(OSError):  # gone meanwhile, held, or another user's
            descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
            try:
                if os.fstat(descriptor).st_uid == os.getuid():
                    fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    shutil.rmtree(folder)
                    return True
            finally:
                os.close(descriptor)
        return False


@contextmanager
def waiting_for(path: Path) -> Iterator[None]:
    """Within this block no other process is in such a block of the same file; it is waited for."""
    with path.open("a+", encoding="utf-8") as file:
        while not lock(file):
            time.sleep(PAUSE)
        try:
            yield
        finally:
            unlock(file)


def held_folder(what: str, place: str | None = None) -> tuple[Path, Callable[[], None]]:
    """A new temporary folder of the user's own, and what removes it.

    This process holds it by a lock of the system, so that `remove_left` knows which are nobody's.
    """
    held: list[int] = []
    while True:
        folder = Path(tempfile.mkdtemp(prefix=f"atips.{what}.", dir=place))
        if sys.platform != "win32":
            with suppress(OSError):  # a file system without locks: it stays if we are killed
                held.append(os.open(folder, os.O_RDONLY))
                fcntl.flock(held[-1], fcntl.LOCK_EX)
        if folder.is_dir():  # nobody took it for left before it was locked
            break

    def let_go() -> None:
        shutil.rmtree(folder, ignore_errors=True)
        while held:
            os.close(held.pop())

    return folder, let_go


@contextmanager
def temporary_folder(what: str) -> Iterator[Path]:
    """A temporary folder that is there within this block; if it is killed, until `remove_left`."""
    folder, let_go = held_folder(what)
    try:
        yield folder
    finally:
        let_go()
