"""What a build is made with: this package and its commit, the lock, libraries and tools.

The same installation gives the same answer, whenever and wherever it is asked: nothing is read
from a clock, and nothing names a machine.
"""

from __future__ import annotations

import hashlib
import platform
import re
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.metadata import PackageNotFoundError, requires, version
from typing import Any, Literal

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from atips_analysis.project import LOCK, UNKNOWN_COMMIT, lock_file

PACKAGE = "atips-analysis"
PIN = re.compile(
    r"^([\w.-]+)==(\S+)(?: ; (.*?))? \\\n((?: +--hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)", re.M
)


Renderer = Literal["auto", "quarto", "embedded"]


def made_with(renderer: Renderer) -> dict[str, Any]:
    """What a manifest says of the software, beside its version and commit.

    `lock` (SHA-256 of `requirements.lock`, "unknown" where an installation has none), `python`,
    `libraries` (the installed version of each package that this one requires), `tools` (programs
    that render) and `not_as_locked` (libraries of another version than the lock has).
    """
    found = libraries()
    return {
        "lock": hash_of_lock(),
        "python": platform.python_version(),
        "libraries": found,
        "tools": _tools(renderer),
        "not_as_locked": not_as_locked(found),
    }


def hash_of_lock() -> str:
    """SHA-256 of `requirements.lock`, whatever its ends of line; "unknown" where there is none."""
    file = lock_file()
    if file is None:
        return UNKNOWN_COMMIT
    return hashlib.sha256(file.read_bytes().replace(b"\r\n", b"\n")).hexdigest()


@cache
def _libraries() -> tuple[tuple[str, str], ...]:
    found = {}
    for line in requires(PACKAGE) or ():
        wanted = Requirement(line)
        if wanted.name == "editables":  # of a development install alone: it changes no output
            continue
        if wanted.marker is None or wanted.marker.evaluate({"extra": ""}):
            try:
                found[canonicalize_name(wanted.name)] = version(wanted.name)
            except PackageNotFoundError:
                found[canonicalize_name(wanted.name)] = "not installed"
    return tuple(sorted(found.items()))


def libraries() -> dict[str, str]:
    """The installed version of each package that this one requires, by its name."""
    return dict(_libraries())


def not_as_locked(found: Mapping[str, str]) -> list[str]:
    """Libraries whose version the lock does not have, as "pandas 3.0.1"; none without a lock."""
    locked: dict[str, set[str]] = {}
    for name, number, _, _ in pins():
        locked.setdefault(canonicalize_name(name), set()).add(number)
    return [
        f"{name} {number}"
        for name, number in sorted(found.items())
        if locked and number not in locked.get(name, ())
    ]


def pins() -> Iterator[tuple[str, str, str, tuple[str, ...]]]:
    """Name, version, marker and SHA-256 hashes of each line of the lock; none without a lock."""
    file = lock_file()
    text = file.read_text(encoding="utf-8") if file else ""
    for name, number, marker, hashes in PIN.findall(text):
        yield name, number, marker, tuple(re.findall(r"[0-9a-f]{64}", hashes))


def changes(before: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """What differs between the software of two manifests, a few words each, the telling first.

    Each has `version`, `commit` and `made_with`; releases of earlier versions lack the last two.
    """
    first, second = before.get("made_with", {}), now.get("made_with", {})
    pairs = [("atips-analysis", before.get("version"), now.get("version"))]
    for kind in ("libraries", "tools"):
        one, other = first.get(kind, {}), second.get(kind, {})
        pairs += [(name, one.get(name), other.get(name)) for name in sorted({*one, *other})]
    pairs += [
        ("Python", first.get("python"), second.get("python")),
        ("commit", before.get("commit"), now.get("commit")),
        (LOCK, first.get("lock"), second.get("lock")),
    ]
    return [
        f"{name} {_short(one)} -> {_short(other)}" for name, one, other in pairs if one != other
    ]


def _short(said: str | None) -> str:
    """A hash by its beginning, so that a line can be read."""
    if said is None:
        return "none"
    return re.sub(r"^([0-9a-f]{12})[0-9a-f]{28,}", r"\1", said)


@cache
def _pandoc() -> str:
    from atips_analysis.render.pandoc import pandoc_version

    return pandoc_version()


def _tools(renderer: Renderer) -> dict[str, str]:
    from atips_analysis.render.rendering import usable_quarto

    tools = {"pandoc": _pandoc(), "typst": version("typst")}
    quarto = usable_quarto(renderer)
    return tools if quarto is None else {**tools, "quarto": quarto.version}
