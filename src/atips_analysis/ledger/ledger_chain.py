"""The ledger as a chain: every release names the one that went before it, of whatever year.

A version of a release carries a seal, the SHA-256 of all that it says but the hash of its pack
(which a pack cannot hold of itself), and in `follows` the seal and the pack of the release that
went before it. So an entry that was changed, taken out or put in between is found by anyone who
holds a later one.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from atips_analysis.disclosure.releases import Released
from atips_analysis.errors import InputError

NOT_SEALED = ("pack", "seal")
"""What a seal does not cover: the hash of the pack that holds it, and itself."""
RESTORE = "restore data/ledger from the repository"


@dataclass(frozen=True)
class Entry:
    """One release in the ledger: its file, year and version, all that is written of it.

    `released` is the table of indicators, `companions` what else was released with it.
    """

    file: Path
    year: int
    version: int
    content: Mapping[str, Any]
    released: Released
    companions: tuple[Released, ...] = ()

    @property
    def everything(self) -> tuple[Released, ...]:
        return (self.released, *self.companions)


def with_seal(version: Mapping[str, Any], last: Entry | None) -> dict[str, Any]:
    """A version as it goes into the ledger: what it follows, and its seal."""
    linked = {**version, "follows": None if last is None else link_to(last)}
    return {**linked, "seal": seal_of(linked)}


def link_to(entry: Entry) -> dict[str, Any]:
    """How a later release names this one."""
    return {
        "year": entry.year,
        "version": entry.version,
        "seal": entry.content["seal"],
        "pack": entry.content["pack"],
    }


def seal_of(version: Mapping[str, Any]) -> str:
    """The SHA-256 of a version as canonical JSON (sorted keys, no spaces, UTF-8)."""
    covered = {name: value for name, value in version.items() if name not in NOT_SEALED}
    text = json.dumps(covered, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def in_order(entries: Sequence[Entry]) -> tuple[Entry, ...]:
    """All releases from the first to the last, whatever their years.

    Raises InputError if one was changed, one is missing, or two follow the same one.
    """
    for entry in entries:
        if entry.content.get("seal") != seal_of(entry.content):
            raise InputError(
                f"version {entry.version} was changed after it was released; {RESTORE}",
                file=_shown(entry),
            )
    by_place = {(entry.year, entry.version): entry for entry in entries}
    after: dict[tuple[int, int] | None, Entry] = {}
    for entry in entries:
        link = entry.content["follows"]
        place = None if link is None else (int(link["year"]), int(link["version"]))
        if place is not None and place not in by_place:
            raise InputError(
                f"the ledger lacks the release of {place[0]} (version {place[1]}), which that of "
                f"{entry.year} (version {entry.version}) follows; {RESTORE}",
                file=_shown(entry),
            )
        if place is not None and link != link_to(by_place[place]):
            raise InputError(
                f"version {entry.version} follows another release of {place[0]} (version "
                f"{place[1]}) than the ledger holds; {RESTORE}",
                file=_shown(entry),
            )
        if place in after:
            first = after[place]
            raise InputError(
                f"the releases of {first.year} (version {first.version}) and {entry.year} (version "
                f"{entry.version}) both follow the same one, so one was made without the other; "
                f"{RESTORE}",
                file=_shown(entry),
            )
        after[place] = entry
    chain: list[Entry] = []
    place = None
    while place in after:
        chain.append(after[place])
        place = chain[-1].year, chain[-1].version
    return tuple(chain)


def _shown(entry: Entry) -> str:
    return f"data/ledger/{entry.file.name}"
