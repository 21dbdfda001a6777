"""One writer at a time for a data folder: a lock that ends with its process, however that ends.

The operating system holds the lock, not the file's being there: a process that was killed holds
none, and a number that another process has got since means nothing.
"""

from __future__ import annotations

import multiprocessing
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from atips_analysis.errors import InputError, MachineError
from atips_analysis.files import TEMPORARY, is_gone, remove
from atips_analysis.locks import lock, remove_left, unlock
from atips_analysis.project import Project

LOCK = ".writing"
"""The file in a data folder that is locked; it names who writes, and may stay for ever."""


@contextmanager
def one_writer(
    project: Project, databank: Path | None = None, *, even_locked: bool = False
) -> Iterator[list[Path]]:
    """Within this block no other command writes to the data of a project.

    A data bank that lies elsewhere has a lock of its own. What earlier processes left unfinished
    when they were killed is removed first, and is what the block is given. A lock that ends as it
    should is an empty file: a name in a lock that nobody holds is of a process that was killed.

    Raises InputError if another process writes there; the line says which, and on which machine. If
    the confidential side is encrypted (`atips lock`), unless `even_locked`. Raises MachineError if
    nothing can be locked there.
    """
    elsewhere = databank is not None and not databank.resolve().is_relative_to(
        project.data.resolve()
    )
    folder = databank if elsewhere and databank is not None else project.data
    project.refuse_published(folder)
    if not even_locked:
        refuse_locked(project)
    places = (folder,) if elsewhere else (project.council, *project.confidential)
    name = f"process {os.getpid()} on {socket.gethostname()}\n"
    with _held(folder, name), _nothing_unfinished(places) as removed:
        yield removed


@contextmanager
def one_publisher(out: Path) -> Iterator[None]:
    """Within this block no other command, of whatever project, puts reports into `out`.

    Its lock says no name: the folder is public, and every account that can publish there takes the
    same lock, whichever made it. Errors as `one_writer`.
    """
    with _held(out, "", 0o666):
        yield


@contextmanager
def _held(folder: Path, name: str, mode: int = 0o600) -> Iterator[None]:
    """The lock of a folder, made with a mode; `name` is what it says to whoever is refused."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file = os.fdopen(_opened(folder / LOCK, mode), "r+", encoding="utf-8")
    except OSError as error:
        raise MachineError(
            f"{folder}: nothing can be written there ({LOCK}: {error.strerror}); give your account "
            "the right to write in it"
        ) from None
    with file:
        if not lock(file):
            file.seek(0)
            raise InputError(
                f"another command ({file.read().strip() or 'it has not said which'}) is writing "
                "there; wait until it has ended",
                file=folder,
            )
        try:
            file.truncate(0)
            with suppress(OSError):  # on a full disk it is locked and says no name
                os.write(file.fileno(), name.encode())
            yield
        finally:
            file.truncate(0)
            unlock(file)


def _opened(lock: Path, mode: int) -> int:
    """No link is followed: who planted one would have another file emptied."""
    flags = os.O_RDWR | getattr(os, "O_NOFOLLOW", 0)
    try:
        return os.open(lock, flags)
    except FileNotFoundError:
        descriptor = os.open(lock, flags | os.O_CREAT, mode)
        if os.name == "posix":
            os.fchmod(descriptor, mode)  # whatever the umask
        return descriptor


def is_writing(project: Project) -> bool:
    """Whether another command holds the lock of a project now; nothing is written to know it."""
    try:
        with (project.data / LOCK).open("r+", encoding="utf-8") as file:
            held = not lock(file)
            if not held:
                unlock(file)
            return held
    except OSError:  # never locked, or not this account's
        return False


def refuse_locked(project: Project) -> None:
    """Nothing confidential is there while it is encrypted, and no command may begin it anew.

    Raises InputError if it is encrypted.
    """
    if project.vault.is_file():
        raise InputError(
            "the confidential side is locked; atips unlock --key-file FILE", file=project.data
        )


@contextmanager
def _nothing_unfinished(places: tuple[Path, ...]) -> Iterator[list[Path]]:
    """Before the block what killed commands left there goes; after it what its own workers left."""
    removed = [path for place in places for path in remove_unfinished(place)] + remove_left()
    try:
        yield removed
    except BaseException:
        for worker in multiprocessing.active_children():
            worker.join(10)
        for place in places:
            remove_unfinished(place)
        raise


def unfinished(folder: Path) -> list[Path]:
    """What processes that are gone were writing in a folder.

    On Windows nobody can be asked whether a process is gone without touching it: there it stays.
    """
    return [
        path
        for path in sorted(folder.rglob(".*"))
        if (named := TEMPORARY.fullmatch(path.name)) and is_gone(int(named[1]))
    ]


def remove_unfinished(folder: Path) -> list[Path]:
    """Remove what is `unfinished` in a folder; return it."""
    left = unfinished(folder)
    for path in left:
        with suppress(OSError):  # a worker that is ending may still write into it
            remove(path)
    return left
