"""What the tests of this room compare: the bytes of every file in a folder."""

from __future__ import annotations

from pathlib import Path


def contents(folder: Path, but: tuple[str, ...] = ()) -> dict[str, bytes]:
    """Name to bytes of every file in a folder, without those below the names in `but`."""
    files = {
        file.relative_to(folder).as_posix(): file.read_bytes()
        for file in folder.rglob("*")
        if file.is_file()
    }
    return {
        name: content
        for name, content in files.items()
        if not any(name == one or name.startswith(f"{one}/") for one in but)
    }
