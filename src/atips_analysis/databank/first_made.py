"""What a data bank has from its first edition on: a key of its own, and a record of answers."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

KEY = "disclosure.key"
"""The file with the key that tells apart patterns of hidden cells that cost the same."""
ANSWERS = "answers"
"""The folder of the record of all that left the data bank, by whatever door."""


def first_made(databank: Path, *, simulated: bool) -> None:
    """Give a data bank its record, and its key, where it has none.

    The key is 32 bytes of the operating system's randomness, as digits, readable by its owner
    alone. Simulated records have the example's key, which is tracked: none is made for them.
    """
    (databank / ANSWERS).mkdir(parents=True, exist_ok=True)
    if simulated:
        return
    try:
        made = os.open(databank / KEY, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(made, "w", encoding="ascii") as file:
        file.write(secrets.token_hex(32) + "\n")
