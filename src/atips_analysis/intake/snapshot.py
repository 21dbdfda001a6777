"""The bytes of a file, all of one moment."""

from __future__ import annotations

import hashlib
from pathlib import Path

from atips_analysis.errors import InputError
from atips_analysis.intake.limits import check_size


def content_of(name: str, path: Path) -> bytes:
    """The bytes of the file at `path`, which errors call `name`."""
    try:
        before = path.stat()
        check_size(before.st_size, name)
        content = path.read_bytes()
        after = path.stat()
    except OSError as error:
        raise InputError(
            "cannot be opened; close it where it is open, and try again", file=name
        ) from error
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        raise _changed(name)
    return content


def check_unchanged(name: str, path: Path, digest: str) -> None:
    """Refuse a file whose bytes are no longer those that were registered."""
    try:
        same = hashlib.sha256(path.read_bytes()).hexdigest() == digest
    except OSError:
        same = False
    if not same:
        raise _changed(name)


def _changed(name: str) -> InputError:
    return InputError(
        "the file changed while it was read; close it where it is open, and try again", file=name
    )
