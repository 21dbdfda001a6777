"""The key that tells apart patterns of hidden cells that cost the same, or nearly.

Who has the program, and not the key, cannot tell which of them would have been printed. It is an
input like any other: the same records with the same key give the same tables, and what was made
with it names it by its hash. A data bank gets one with its first edition of agencies' records, and
keeps it. The example's key is tracked, as its records are invented.
"""

from __future__ import annotations

import hashlib
import secrets
from contextlib import suppress
from pathlib import Path

from atips_analysis.errors import InputError
from atips_analysis.files import read_json, write_text
from atips_analysis.project import Project

ANSWERS = "answers"
"""The folder of a data bank with the record of what was answered from it."""
DATABANK = "disclosure.key"
EXAMPLE = "disclosure-key.txt"
LEAST = 16
WHAT_FOR = (
    "The key that says which cells are hidden beside small ones: secret, kept by atips backup"
)


def begin_key(databank: Path) -> None:
    """Draw the key of a data bank that has none yet: 32 random bytes, for its owner alone.

    Raises InputError if it had one, which is lost.
    """
    file = databank / DATABANK
    refuse_lost(databank)
    if not file.exists():
        write_text(file, secrets.token_hex(32) + "\n")
        file.chmod(0o600)


def refuse_lost(databank: Path) -> None:
    """Nothing, unless a data bank of agencies' records answered something and has no key.

    Raises
    ------
    InputError
        Tables made with another key differ from those that others have, and need not be safe
        beside them: what is lost is restored, not drawn again.
    """
    file = databank / DATABANK
    answered = any((databank / ANSWERS).glob("[0-9]*-*.json"))
    if answered and not file.exists() and _had_records(databank):
        raise InputError(
            "the key is lost with which all that left this data bank was protected; restore it "
            "from the last backup (lost for good: put 32 random letters or more in a file of "
            "this name, and check every table of the next release against the last one)",
            file=file,
        )


def _had_records(databank: Path) -> bool:
    """Whether any edition is of agencies' records, and not only of simulated ones to practise with."""
    for manifest in (databank / "editions").glob("*/manifest.json"):
        with suppress(
            OSError, ValueError, KeyError
        ):  # a damaged edition is told of where it is read
            if not read_json(manifest)["simulated"]:
                return True
    return False


def read_key(file: Path) -> bytes:
    """The key in a file: its bytes, without space around.

    Raises InputError if it cannot be read, or is shorter than 16 bytes.
    """
    try:
        key = file.read_bytes().strip()
    except OSError as error:
        raise InputError(f"the key cannot be read ({error.strerror})", file=file) from None
    if len(key) < LEAST:
        raise InputError(f"is too short for a key; give at least {LEAST} bytes", file=file)
    return key


def key_file(project: Project, databank: Path, *, simulated: bool) -> Path:
    """Where the key of a data bank lies, or that of the example for simulated records."""
    return project.example / EXAMPLE if simulated else databank / DATABANK


def key_of(project: Project, databank: Path | None = None, *, simulated: bool) -> bytes:
    """The key of a data bank (the project's), drawn where its record is begun and it has none.

    Nothing where there is neither key nor record.

    Raises InputError if it is lost, or too short.
    """
    folder = databank or project.databank
    if not simulated and (folder / ANSWERS).is_dir():
        begin_key(folder)
    file = key_file(project, folder, simulated=simulated)
    return read_key(file) if file.exists() else b""


def key_name(key: bytes) -> str:
    """How a key is named in public: by its hash; nothing where there is none."""
    return hashlib.sha256(key).hexdigest() if key else ""
