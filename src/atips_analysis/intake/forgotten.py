"""Persons who took back their consent, by keyed marks: their rows are never taken in again.

A mark is the HMAC-SHA256 (RFC 2104) of a person's code with a key that is made for this alone and
lies beside the marks: the list by itself says nobody's code, and codes of a returned form cannot be
tried against it. `atips forget` writes both; both are confidential.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from atips_analysis.errors import InputError
from atips_analysis.files import write_text

MARKS = "forgotten.csv"
KEY = "forgotten.key"
HEADER = "mark"
CODE = re.compile(r"[0-9a-f]{16}")
"""What a person's code is; no other cell of a return looks like one by chance."""


@dataclass(frozen=True)
class Forgotten:
    """Marks, and the key that they were made with; without marks nobody is forgotten."""

    key: bytes = b""
    marks: frozenset[str] = frozenset()

    def knows(self, text: object) -> bool:
        """Whether a cell holds the code of a person who is forgotten."""
        code = str(text).strip().lower()
        return bool(self.marks and CODE.fullmatch(code)) and mark_of(code, self.key) in self.marks

    def rows(self, cells: pd.DataFrame) -> pd.Series:
        """Which rows of a table hold such a code in any of their cells."""
        found = pd.Series(False, index=cells.index)
        for column in cells if self.marks else ():
            known = [text for text in cells[column].dropna().unique() if self.knows(text)]
            found |= cells[column].isin(known)
        return found

    @property
    def fingerprint(self) -> str:
        """Eight hexadecimal digits of the marks; blank where there are none."""
        text = "\n".join(sorted(self.marks))
        return hashlib.sha256(text.encode()).hexdigest()[:8] if self.marks else ""


def mark_of(code: str, key: bytes) -> str:
    """The keyed mark of a code: 64 hexadecimal digits."""
    return hmac.new(key, code.encode(), "sha256").hexdigest()


def read_forgotten(databank: Path) -> Forgotten:
    """The marks of a data bank; none where nobody was forgotten yet.

    Raises InputError if there are marks and their key is gone or another: rows could come back
    unseen.
    """
    marks, key = databank / MARKS, databank / KEY
    if not marks.is_file():
        return Forgotten()
    if not key.is_file():
        raise InputError(f"{KEY} is not beside it; restore it from a backup", file=marks)
    lines = marks.read_text(encoding="utf-8").split()
    if lines[:1] != [HEADER] or not all(re.fullmatch(r"[0-9a-f]{64}", line) for line in lines[1:]):
        raise InputError("is not as atips forget wrote it; restore it from a backup", file=marks)
    return Forgotten(bytes.fromhex(key.read_text(encoding="ascii")), frozenset(lines[1:]))


def add_marks(databank: Path, codes: Iterable[str]) -> Forgotten:
    """Mark persons by their codes, and return all marks; a key is made with the first."""
    key = databank / KEY
    if not key.is_file():
        write_text(key, secrets.token_hex(32))
    now = read_forgotten(databank)
    secret = bytes.fromhex(key.read_text(encoding="ascii"))
    marks = now.marks | {mark_of(code, secret) for code in codes}
    write_text(databank / MARKS, "\n".join([HEADER, *sorted(marks)]) + "\n")
    return Forgotten(secret, marks)
