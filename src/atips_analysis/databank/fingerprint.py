"""What a piece of code is, as a hash: the same code gives the same name on any machine."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1]
ROOMS_OF_AN_EDITION = ("codebook", "intake", "cleaning", "quality", "databank")
CODE_AND_TABLES = (".py", ".csv", ".json", ".toml")


def code_fingerprint(rooms: Iterable[str] = ROOMS_OF_AN_EDITION, package: Path = PACKAGE) -> str:
    """Hash of the source of `rooms`: their modules and tables, with the version of the package.

    By default the rooms that a row passes on its way into an edition, so that work on a
    figure or a report leaves editions valid, and work on a cleaning rule does not.
    """
    files = [package / "__init__.py", package / "errors.py"]
    for room in rooms:
        files += [path for path in (package / room).rglob("*") if path.suffix in CODE_AND_TABLES]
    return _hash_of_texts(package, files)


def suites_fingerprint(suites_folder: Path) -> str:
    """Hash of the expectation suites in a folder: their names and what they say."""
    return _hash_of_texts(suites_folder, suites_folder.rglob("*.json"))


def _hash_of_texts(root: Path, files: Iterable[Path]) -> str:
    """One hash over relative names and contents; line endings do not matter."""
    whole = hashlib.sha256()
    for path in sorted(files, key=lambda file: file.relative_to(root).as_posix()):
        content = path.read_bytes().replace(b"\r\n", b"\n")
        name = path.relative_to(root).as_posix().encode()
        whole.update(name + b"\0" + hashlib.sha256(content).digest())
    return whole.hexdigest()
