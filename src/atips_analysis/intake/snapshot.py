"""The bytes of a file, all of one moment."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from atips_analysis.errors import InputError
from atips_analysis.intake.limits import check_size


def content_of(name: str, path: Path) -> bytes:
    """The bytes of the file at `path`, which errors call `name`."""
    with _unchanging(name, path):
        return path.read_bytes()


def digest_of(name: str, path: Path) -> str:
    """SHA-256 of the file at `path`, which errors call `name`; its bytes are not kept in memory."""
    with _unchanging(name, path), path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


@contextmanager
def _unchanging(name: str, path: Path) -> Iterator[None]:
    """Refuse a file that cannot be opened, is too large or empty, or changes meanwhile."""
    try:
        before = path.stat()
        check_size(before.st_size, name)
        yield
        after = path.stat()
    except OSError as error:
        raise InputError(
            "cannot be opened; close it where it is open, and try again", file=name
        ) from error
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        raise _changed(name)


def check_unchanged(name: str, path: Path, digest: str) -> None:
    """Refuse a file whose bytes are no longer those that were registered."""
    try:
        with path.open("rb") as stream:
            same = hashlib.file_digest(stream, "sha256").hexdigest() == digest
    except OSError:
        same = False
    if not same:
        raise _changed(name)


def check_same(name: str, content: bytes, digest: str) -> None:
    """Refuse bytes that are not those that were registered."""
    if hashlib.sha256(content).hexdigest() != digest:
        raise _changed(name)


def _changed(name: str) -> InputError:
    return InputError(
        "the file changed while it was read; close it where it is open, and try again", file=name
    )
