"""Who looked at single rows or took raw values out: `access.csv` in the data bank. Confidential.

A line is written before anything is shown: who cannot be written down sees nothing. It is a record
for people who trust one another and answer for it, no lock: who can write the file can change it.
"""

from __future__ import annotations

import getpass
import os
import stat
import sys
from datetime import UTC, datetime
from pathlib import Path

from atips_analysis.errors import InputError, MachineError
from atips_analysis.files import csv_text
from atips_analysis.project import Project

LOG = "access.csv"
COLUMNS = ("when", "who", "what", "of", "to")
TWICE = "--outside"


def log_access(databank: Path, what: str, of: str, to: str) -> None:
    """Add a line: the time (UTC), the account, what was asked (`trace`, `confidential table`), of
    what, and where it went.

    Raises MachineError if it cannot be written; nothing may be shown then.
    """
    log, now = databank / LOG, datetime.now(UTC).isoformat(timespec="seconds")
    try:
        head = [] if log.is_file() else [COLUMNS]
        lines = csv_text([*head, [now, _who(), what, of, to]])
        with log.open("a", encoding="utf-8", newline="") as file:  # one write: lines do not mix
            file.write(lines)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise MachineError(
            f"{log}: who looks cannot be written down ({error.strerror}), and so nothing is shown; "
            "give your account the right to write there"
        ) from None


def refuse_outside(out: Path | None, inside: tuple[Path, ...], *, told_twice: bool) -> None:
    """Raw values go to confidential folders, or where the user says a second time that they may.

    `out` is the file; None is standard output, which may have been led into a file.

    Raises InputError if they would lie elsewhere, and `told_twice` is not so.
    """
    if told_twice or (out is None and not _led_into_a_file()):
        return
    if out is not None and any(out.resolve().is_relative_to(one.resolve()) for one in inside):
        return
    raise InputError(
        f"raw values would lie outside of the confidential folders; name a place in {inside[0].name}/, "
        f"or add {TWICE} to say that you mean it",
        file=out or "standard output",
    )


def confidential_places(project: Project | None, databank: Path | None = None) -> tuple[Path, ...]:
    """Where raw values may lie: the project's confidential folders, and the data bank."""
    own = project.confidential if project is not None else ()
    return (*((databank,) if databank is not None else ()), *own)


def _led_into_a_file() -> bool:
    """Whether standard output is a file with a name."""
    try:
        status = os.fstat(sys.stdout.fileno())
    except (OSError, ValueError, AttributeError):
        return False
    return stat.S_ISREG(status.st_mode) and status.st_nlink > 0


def _who() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return f"account {os.getuid()}" if hasattr(os, "getuid") else "unknown"
