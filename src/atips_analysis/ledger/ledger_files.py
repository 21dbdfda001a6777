"""The ledger's files: `data/ledger/YEAR[-simulated].json` and the table of each version beside it
(public), and true counts (confidential).

The ledgers of real and of simulated records are kept apart: neither is attacked with the other.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from atips_analysis.disclosure.cells import CellKey, cell_key
from atips_analysis.disclosure.releases import Released, from_json
from atips_analysis.errors import InputError
from atips_analysis.files import read_json, write_text
from atips_analysis.ledger.ledger_chain import Entry, in_order

SIMULATED = "-simulated"
COUNTS = "released"
"""Folder of a data bank that keeps the true counts behind what was released."""


def entry_file(ledger: Path, year: int, *, simulated: bool) -> Path:
    """Where the releases of a year are kept."""
    return ledger / f"{year}{SIMULATED if simulated else ''}.json"


def table_file(file: Path, version: int) -> Path:
    """Where the table of indicators of a version lies, beside the file of its year."""
    return file.with_name(f"{file.stem}-version-{version}.csv")


def released_table(entry: Entry) -> str | None:
    """The table of indicators of a release as it was printed; None where the ledger has none.

    Raises InputError if it is another one.
    """
    file = table_file(entry.file, entry.version)
    if not file.is_file():
        return None
    content = file.read_bytes()
    if hashlib.sha256(content).hexdigest() != entry.content["table"]:
        raise InputError(
            "is not the table that was released; restore it from the repository",
            file=f"data/ledger/{file.name}",
        )
    return content.decode("utf-8")


def ledger_files(ledger: Path, *, simulated: bool) -> tuple[Path, ...]:
    """The ledger's files of one kind of records, by year."""
    files = sorted(ledger.glob("[0-9]*.json"))
    return tuple(file for file in files if file.stem.endswith(SIMULATED) == simulated)


def read_ledger(files: Iterable[Path]) -> tuple[Entry, ...]:
    """All releases of some ledger files, from the first that was made to the last.

    Raises InputError if a file is not one of the ledger's, or a release in it was changed or is
    missing.
    """
    entries = []
    for file in files:
        shown = f"data/ledger/{file.name}"
        try:
            content = read_json(file)
            for one in content["versions"]:
                table, *beside = released_in(one, file=shown)
                place = int(content["year"]), int(one["version"])
                entries.append(Entry(file, *place, one, table, tuple(beside)))
        except InputError:
            raise
        except (OSError, ValueError, KeyError, TypeError, ArithmeticError):
            raise InputError(
                "is not a file of the ledger, or was changed; restore it from the repository",
                file=shown,
            ) from None
    return in_order(entries)


def year_text(year: int, *, simulated: bool, versions: Iterable[Mapping[str, Any]]) -> str:
    """The ledger file of a year as text."""
    records = "simulated" if simulated else "submitted by agencies"
    return ledger_text({"year": year, "records": records, "versions": list(versions)})


def files_of(entries: Iterable[Entry]) -> dict[str, str]:
    """The ledger's files, by name, as they were when these releases were all."""
    years: dict[str, list[Entry]] = {}
    for entry in entries:
        years.setdefault(entry.file.name, []).append(entry)
    return {
        name: year_text(
            own[0].year,
            simulated=own[0].file.stem.endswith(SIMULATED),
            versions=[one.content for one in sorted(own, key=lambda one: one.version)],
        )
        for name, own in years.items()
    }


def released_in(version: Mapping[str, Any], *, file: str = "ledger") -> list[Released]:
    """All that one version of a release printed: the table of indicators first, then the others.

    Raises InputError if it is not what a release writes.
    """
    beside = version.get("beside", {})
    contents = [version["release"], *(beside[name]["release"] for name in sorted(beside))]
    return [from_json(content, file=file) for content in contents]


def ledger_text(content: Mapping[str, Any]) -> str:
    """A ledger file as text: a line a cell and a sum, so that changes can be read in git."""
    return _indented(content, 0) + "\n"


def read_counts(databank: Path) -> dict[tuple[str, CellKey], int]:
    """True counts behind earlier releases, by (edition, key); none where they are not kept."""
    counts: dict[tuple[str, CellKey], int] = {}
    for file in sorted((databank / COUNTS).glob("*.json")):
        try:
            rows = read_json(file)
            for measure, period, categories, count in rows:
                pairs = dict(pair.split("=", 1) for pair in categories.split(";") if pair)
                counts[file.stem.split("-")[0], cell_key(measure, period, pairs)] = int(count)
        except (OSError, ArithmeticError, ValueError, TypeError, AttributeError):
            raise InputError("was changed; delete it and release again", file=file.name) from None
    return counts


def write_counts(databank: Path, edition: str, counts: Mapping[CellKey, int]) -> Path:
    """Keep the true counts behind a release, beside the editions; confidential."""
    file = databank / COUNTS / f"{edition}.json"
    kept = {key: count for (name, key), count in read_counts(databank).items() if name == edition}
    rows = [
        [key[0], key[1], ";".join(f"{name}={code}" for name, code in key[2]), count]
        for key, count in sorted({**kept, **counts}.items())
    ]
    write_text(file, _indented(rows, 0) + "\n")
    return file


def _indented(content: Any, depth: int) -> str:
    """JSON with a line for each plain list, keys sorted."""
    pad, inner = "  " * depth, "  " * (depth + 1)
    if isinstance(content, Mapping) and content:
        lines = [
            f"{inner}{json.dumps(name)}: {_indented(content[name], depth + 1)}"
            for name in sorted(content)
        ]
        return "{\n" + ",\n".join(lines) + f"\n{pad}}}"
    if isinstance(content, list) and content and isinstance(content[0], (list, Mapping)):
        lines = [
            inner
            + (
                json.dumps(one, ensure_ascii=False)
                if isinstance(one, list)
                else _indented(one, depth + 1)
            )
            for one in content
        ]
        return "[\n" + ",\n".join(lines) + f"\n{pad}]"
    return json.dumps(content, ensure_ascii=False)
