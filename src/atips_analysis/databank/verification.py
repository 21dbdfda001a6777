"""Is an edition still what was written? Names, hashes and rows, counted again."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq

from atips_analysis.databank.account import COUNTED_AS
from atips_analysis.databank.edition import MANIFEST, Edition, list_editions, name_of, show
from atips_analysis.databank.storage import sha256_of


def verify(databank_folder: Path, edition: str | None = None) -> list[str]:
    """What does not match in an edition, or in all of them: a line each, none when all is well.

    Checked are the name against what the manifest says went in, the sha256 of each file,
    files that are missing or do not belong, and the account of rows against the rows stored.
    """
    chosen = list_editions(databank_folder) if edition is None else [show(databank_folder, edition)]
    return [fault for one in chosen for fault in _faults(one)]


def _faults(edition: Edition) -> list[str]:
    manifest, faults = edition.manifest, []
    if {"code", "files", "settings", "parquet", "account"} - set(manifest):
        return [f"edition {edition.name}: {MANIFEST} is not complete"]
    if edition.name != name_of(manifest):
        faults.append(f"its name does not follow from what {MANIFEST} says went in")
    there = {path.name for path in edition.folder.iterdir()}
    for file, sha256 in manifest["parquet"].items():
        if file not in there:
            faults.append(f"{file} is missing")
        elif sha256_of(edition.folder / file) != sha256:
            faults.append(f"{file} is not what was written")
    faults += [
        f"{file} does not belong here" for file in sorted(there - {MANIFEST, *manifest["parquet"]})
    ]
    if not faults:
        faults += _faults_of_account(edition)
    return [f"edition {edition.name}: {fault}" for fault in faults]


def _faults_of_account(edition: Edition) -> list[str]:
    account = pd.DataFrame(edition.account, columns=["stream", "read", *COUNTED_AS.values()])
    faults = []
    if (account["read"] != account[list(COUNTED_AS.values())].sum(axis=1)).any():
        faults.append("rows read are not accepted + quarantined + duplicates")
    stored = {"quarantined": "quarantine", "duplicates": "duplicates"}
    for verdict, table in stored.items():
        if int(account[verdict].sum()) != _rows(edition, table):
            faults.append(f"{table}.parquet does not hold the rows of the account")
    for stream, rows in account.groupby("stream")["accepted"].sum().items():
        if int(rows) != _rows(edition, str(stream)):
            faults.append(f"{stream}.parquet does not hold the rows of the account")
    return faults


def _rows(edition: Edition, table: str) -> int:
    return int(pq.read_metadata(edition.folder / f"{table}.parquet").num_rows)
