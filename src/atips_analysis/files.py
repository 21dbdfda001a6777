"""Files written whole or not at all, where they can be written. Every room may use this module."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from atips_analysis.errors import MachineError

OUT = "name another folder with --out"
WORK = "a build keeps its intermediate files there: give your account the right to write in it"


def can_be_written(folder: Path, remedy: str = OUT) -> None:
    """Nothing, when files can be put into `folder` (made if it is not there).

    Raises
    ------
    MachineError
        Before any work is done, when they cannot; `remedy` ends its line.
    """
    trial = folder / f".{os.getpid()}.trial"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        trial.touch()
        trial.unlink()
    except OSError as error:
        raise MachineError(
            f"{folder}: nothing can be written there ({error.strerror}); {remedy}"
        ) from None


def write_whole(target: Path, content: bytes) -> Path:
    """Write `content` beside `target` and move it there in one step; return `target`."""
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=".", suffix=target.suffix)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(name).chmod(0o644)
        os.replace(name, target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return target


@contextmanager
def temporary_for(target: Path) -> Iterator[Path]:
    """A path next to `target` to write to; it takes the target's place when the block ends well."""
    temporary = target.with_name(f".{os.getpid()}.{target.name}")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        yield temporary
        os.replace(temporary, target)
    finally:
        temporary.unlink(missing_ok=True)


def write_text(target: Path, text: str) -> None:
    """Write a text file whole or not at all: UTF-8, line ends as they are in `text`."""
    write_whole(target, text.encode("utf-8"))


def write_json(target: Path, content: Any) -> None:
    """Write JSON whole or not at all: keys sorted, one line break at the end."""
    text = json.dumps(content, indent=2, sort_keys=True, ensure_ascii=False)
    write_text(target, text + "\n")
