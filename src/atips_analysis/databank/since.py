"""What came, went or changed among the submissions since an earlier edition, by content.

A file is known by the hash of its bytes and not by its time: one that was renamed is said to be
renamed, one that is gone is withdrawn.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from atips_analysis.databank.edition import latest_name, read_edition
from atips_analysis.errors import AtipsError, InputError
from atips_analysis.files import write_text
from atips_analysis.words.said import Message, Said, joined

WITHDRAWN = "withdrawn.csv"
"""The record of a data bank: returns that an edition had, and that were not there any more."""
ROWS = ("read", "accepted", "quarantined", "duplicates")
"""The numbers of an edition's account that are told."""
UNIT = ("agency", "year", "stream")
Unit = tuple[str, int, str]


@dataclass(frozen=True)
class Since:
    """Names of files: new ones, ones with other contents, (old, new) names, ones that are gone.

    `rows` are the numbers of the account that differ: what, before, now.
    """

    new: tuple[str, ...] = ()
    replaced: tuple[str, ...] = ()
    renamed: tuple[tuple[str, str], ...] = ()
    withdrawn: tuple[str, ...] = ()
    rows: tuple[tuple[str, int, int], ...] = ()

    @property
    def lines(self) -> list[str]:
        """In words, at most five lines: one each kind of change of files, one for the rows."""
        renamed = [
            Message("{before} is now {name}").format(before=old, name=name)
            for old, name in self.renamed
        ]
        files = (
            (Message("new: {names}"), self.new),
            (Message("other contents under the same name: {names}"), self.replaced),
            (Message("renamed: {names}"), renamed),
            (Message("withdrawn, and counts no more: {names}"), self.withdrawn),
        )
        said: list[str] = [what.format(names=some_of(names)) for what, names in files if names]
        if self.rows:
            moved = [
                joined(" ", [IN_WORDS[what], f"{before} → {now}"])
                for what, before, now in self.rows
            ]
            said.append(Message("rows: {moved}").format(moved=joined(", ", moved)))
        elif said:
            said.append(Message("rows: as many read, accepted and set aside as before").format())
        return said


IN_WORDS = {
    "read": Message("read"),
    "accepted": Message("accepted"),
    "quarantined": Message("quarantined"),
    "duplicates": Message("duplicates"),
}


def some_of(names: Sequence[str], at_most: int = 3) -> Said:
    """The first few of some names, and how many more there are."""
    more, first = len(names) - at_most, joined(", ", list(names[:at_most]))
    if more <= 0:
        return first
    return Message("{names} and {more} more").format(names=first, more=more)


def since(before: Mapping[str, Any] | None, now: Mapping[str, Any]) -> Since:
    """The difference of the files of two manifests; nothing where there is no earlier one."""
    if before is None:
        return Since()
    old, new = _files(before), _files(now)
    gone = {name for name in old if name not in new}
    came = {name for name in new if name not in old}
    renamed = []
    for name in sorted(came):
        twin = next((other for other in sorted(gone) if old[other] == new[name]), None)
        if twin is not None:
            renamed.append((twin, name))
            gone.remove(twin)
    came -= {name for _, name in renamed}
    changed = sorted(name for name in old.keys() & new.keys() if old[name] != new[name])
    rows = tuple(
        (name, before["totals"][name], now["totals"][name])
        for name in ROWS
        if before["totals"][name] != now["totals"][name]
    )
    return Since(tuple(sorted(came)), tuple(changed), tuple(renamed), tuple(sorted(gone)), rows)


def latest_manifest(databank: Path, name: str | None = None) -> dict[str, Any] | None:
    """The manifest of an edition (default: the latest); none where it is not there to be read."""
    name = name or latest_name(databank)
    if name is None:
        return None
    try:
        return read_edition(databank, name).manifest
    except AtipsError:
        return None


def withdrawn_returns(databank: Path, there: set[Unit]) -> set[Unit]:
    """Returns (agency, year, stream) that the record or the latest edition knows and that are gone."""
    before = latest_manifest(databank)
    had = set() if before is None else {_unit(line) for line in before["account"] if _sent(line)}
    return (read_withdrawn(databank) | had) - there


def read_withdrawn(databank: Path) -> set[Unit]:
    """The record of withdrawn returns; empty where there is none.

    Raises InputError if a row of it is none.
    """
    path = databank / WITHDRAWN
    if not path.is_file():
        return set()
    found = set()
    rows = csv.DictReader(io.StringIO(path.read_text(encoding="utf-8")))
    for number, row in enumerate(rows, start=2):
        try:
            found.add((str(row["agency"]), int(row["year"]), str(row["stream"])))
        except (KeyError, TypeError, ValueError):
            raise InputError(
                f"not a row of {', '.join(UNIT)}; delete the row", file=path.name, row=number
            ) from None
    return found


def write_withdrawn(databank: Path, gone: set[Unit]) -> None:
    """Keep the record of what is gone; no file where nothing is."""
    path = databank / WITHDRAWN
    if not gone:
        path.unlink(missing_ok=True)
        return
    lines = [",".join(UNIT), *(",".join(map(str, unit)) for unit in sorted(gone))]
    write_text(path, "\n".join(lines) + "\n")


def fingerprint(gone: set[Unit]) -> str:
    """Eight hexadecimal digits of what is gone; blank where nothing is."""
    text = "\n".join(",".join(map(str, unit)) for unit in sorted(gone))
    return hashlib.sha256(text.encode()).hexdigest()[:8] if gone else ""


def _files(manifest: Mapping[str, Any]) -> dict[str, str]:
    return {file["file"]: file["sha256"] for file in manifest["files"]}


def _unit(line: Mapping[str, Any]) -> Unit:
    return (str(line["submitted_by"]), int(line["submitted_for"]), str(line["stream"]))


def _sent(line: Mapping[str, Any]) -> bool:
    return bool(line["read"] or line["nil_return"] or line.get("forgotten"))
