"""Locks that the operating system holds for a process, however that ends.

Tried on Linux; on Windows, where the lock is `msvcrt.locking`'s, it was not tried.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

FAR = 1 << 30  # Windows locks bytes, and what is locked cannot be read: none of the writer's name
PAUSE = 0.05


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
