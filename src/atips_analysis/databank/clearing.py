"""Deleting editions: those that hold a person who is forgotten, and those that need not be kept.

An edition that is deleted leaves a line in the data bank's log: its name, the hash of its manifest
(which has the hashes of all its files), and why. What was computed from it can be named, and not
remade.
"""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from atips_analysis.databank.edition import (
    EDITIONS,
    MANIFEST,
    latest_name,
    notes_file,
    set_aside,
    standing,
)
from atips_analysis.databank.storage import sha256_of
from atips_analysis.errors import InputError
from atips_analysis.files import beside, csv_text, write_text
from atips_analysis.intake.forgotten import Forgotten

LOG = "deleted.csv"
COLUMNS = ("edition", "manifest_sha256", "why")
OF_A_PERSON = ("victim_id", "person_id")


def delete_edition(databank: Path, name: str, why: str) -> None:
    """Delete an edition and its notes, its hashes stay in the log: named as gone, then gone at once.

    Raises InputError if it is the latest one.
    """
    if name == latest_name(databank):
        raise InputError(f"edition {name} is the latest, and is not deleted", file=databank)
    folder, log = databank / EDITIONS / name, databank / LOG
    known = log.read_text(encoding="utf-8") if log.is_file() else ",".join(COLUMNS) + "\n"
    line = csv_text([[name, sha256_of(folder / MANIFEST), why]])
    if line not in known:
        write_text(log, known + line)
    notes_file(databank, name).unlink(missing_ok=True)
    aside = beside(folder)
    folder.replace(aside)
    shutil.rmtree(aside)


def why_deleted(databank: Path, name: str) -> str:
    """Why an edition was deleted, as the log has it; empty where it never was."""
    log = databank / LOG
    if not log.is_file():
        return ""
    with log.open(encoding="utf-8", newline="") as file:
        return next((row["why"] for row in csv.DictReader(file) if row["edition"] == name), "")


def holds(folder: Path, forgotten: Forgotten) -> int:
    """How many stored rows of an edition are of persons who are forgotten."""
    rows = 0
    for file in sorted(folder.glob("*.parquet")):
        names = pq.read_schema(file).names
        columns = [name for name in (*OF_A_PERSON, "value", "old", "new") if name in names]
        if columns:
            rows += int(forgotten.rows(pq.read_table(file, columns=columns).to_pandas()).sum())
    return rows


def delete_forgotten(databank: Path, latest: str, forgotten: Forgotten) -> list[str]:
    """Now that an edition without them stands, delete those that hold persons who are forgotten."""
    if not forgotten.marks:
        return []
    delete_set_aside(databank, forgotten)
    gone = [
        name
        for name in standing(databank)
        if name != latest and holds(databank / EDITIONS / name, forgotten)
    ]
    for name in gone:
        delete_edition(databank, name, "it held a person who is forgotten")
    return gone


def delete_set_aside(databank: Path, forgotten: Forgotten) -> list[Path]:
    """Delete damaged editions that hold persons who are forgotten, or cannot be looked into."""
    gone = [folder for folder in set_aside(databank) if _may_hold(folder, forgotten)]
    for folder in gone:
        shutil.rmtree(folder)
    return gone


def _may_hold(folder: Path, forgotten: Forgotten) -> bool:
    try:
        return bool(holds(folder, forgotten))
    except (OSError, pa.ArrowInvalid):
        return True
