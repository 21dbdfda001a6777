"""The key that tells apart patterns of hidden cells that cost the same, or nearly.

Who has the program, and not the key, cannot tell which of them would have been printed. It is an
input like any other: the same records with the same key give the same tables, and what was made
with it names it by its hash. The example's key is tracked, as its records are invented.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from atips_analysis.errors import InputError
from atips_analysis.project import Project

LEAST = 16
EXAMPLE = "disclosure-key.txt"
DATABANK = "disclosure.key"


def read_key(file: Path) -> bytes:
    """The key in a file: its bytes, without space around.

    Raises
    ------
    InputError
        If it cannot be read, or is shorter than 16 bytes.
    """
    try:
        key = file.read_bytes().strip()
    except OSError as error:
        raise InputError(f"the key cannot be read ({error.strerror})", file=file) from None
    if len(key) < LEAST:
        raise InputError(f"is too short for a key; give at least {LEAST} bytes", file=file)
    return key


def key_of(project: Project, *, simulated: bool) -> bytes:
    """The key of the data bank, or of the example for simulated records; nothing where none is."""
    file = project.example / EXAMPLE if simulated else project.databank / DATABANK
    return read_key(file) if file.exists() else b""


def key_name(key: bytes) -> str:
    """How a key is named in public: by its hash; nothing where there is none."""
    return hashlib.sha256(key).hexdigest() if key else ""
