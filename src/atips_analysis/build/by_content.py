"""What a step depends on, known by content and never by a file's time; all without pytask.

All that people write and a step reads is one node of pytask's graph, whose state names each file
with its hash: hundreds of nodes and not thousands, and a change can still be said by its file.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import metadata
from pathlib import Path

OURS = "atips-analysis"
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


def digest_of(path: Path) -> str:
    """Hash of a file's content; empty where there is none."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
        return ""


def name_from(path: Path, here: Path) -> str:
    """The name of a file as seen from a folder that holds it; the whole one of any other."""
    return path.relative_to(here).as_posix() if path.is_relative_to(here) else str(path)


def state_of(parts: Mapping[str, str]) -> str:
    """The state of what is made of named parts: their names and hashes, as a text."""
    return json.dumps(dict(parts), sort_keys=True)


def changed_parts(old: str, new: str) -> list[str]:
    """What lies between two states, in words: "indicators.csv changed"."""
    before, now = json.loads(old), json.loads(new)
    said = []
    for name in sorted(before.keys() | now.keys()):
        if before.get(name) != now.get(name):
            how = "changed" if name in before and now.get(name) else "is gone"
            said.append(f"{Path(name).name} {how if name in before else 'is new'}")
    return said


@cache
def libraries() -> dict[str, str]:
    """The version of every library that this package needs, and of what those need, by name."""
    found: dict[str, str] = {}
    seen: set[str] = set()
    waiting = [OURS]
    while waiting:
        name = waiting.pop()
        key = re.sub(r"[-_.]+", "-", name).lower()
        if key in seen:
            continue
        seen.add(key)
        try:
            about = metadata.metadata(name)
        except metadata.PackageNotFoundError:  # an extra, or for another system
            continue
        found[key] = about["Version"]
        waiting += _needed(about.get_all("Requires-Dist") or ())
    del found[OURS]  # known by its code
    return found


def _needed(requirements: Iterable[str]) -> list[str]:
    names = (NAME.match(text) for text in requirements if "extra ==" not in text)
    return [name[0] for name in names if name]
