"""Editions: what one set of submissions became, in a folder named by the hash of what went in."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from atips_analysis import __version__
from atips_analysis.codebook import Codebook, load_codebook
from atips_analysis.databank.account import row_account, totals
from atips_analysis.databank.disclosure_key import ANSWERS, begin_key
from atips_analysis.databank.fingerprint import code_fingerprint
from atips_analysis.databank.handed_in import Intake, Judgement
from atips_analysis.databank.storage import (
    NEVER_STORED,
    rejected_schema,
    sha256_of,
    stream_schema,
    text_schema,
    typed_columns,
    write_parquet,
)
from atips_analysis.errors import InputError, MachineError
from atips_analysis.files import beside, read_json, sync_folder, temporary_for
from atips_analysis.project import VAULT

EDITIONS = "editions"
LATEST = "latest"
MANIFEST = "manifest.json"
NOTES = "quality"
"""Folder of a data bank that keeps what judging said of each edition as a whole."""
"""Folder of a data bank with the record of all that left it; begun, empty, with its first edition."""
DAMAGED = ".damaged."
"""In front of the name of an edition that is set aside: no command reads it, nothing is lost."""
FORMAT = 1
FINDING = """stream file sheet row submitted_by submitted_for column value rule severity reason
    remedy""".split()
CHANGE = "stream file sheet row submitted_by column old new rule".split()
FILE = (
    """file sha256 submitted_by submitted_for state replaced_by simulated sent first last""".split()
)
HEADER = ["file", "sheet", "header", "column", "how"]
RETURN = ["agency", "stream", "month", "state", "due", "sent"]
KEPT = ("quarantine", "duplicates", "findings", "changes", "files", "headers", "returns")


@dataclass(frozen=True)
class Edition:
    """An edition: its name (12 hex), its folder and what its manifest says."""

    name: str
    folder: Path
    manifest: dict[str, Any]

    @property
    def simulated(self) -> bool:
        """Whether any row came from simulated submissions."""
        return bool(self.manifest["simulated"])

    @property
    def account(self) -> pd.DataFrame:
        """The account of rows, a line for each file, sheet and stream."""
        return pd.DataFrame(self.manifest["account"])


def write_edition(
    databank_folder: Path,
    intake: Intake,
    cleaned_changes: pd.DataFrame,
    judgement: Judgement,
    settings: Mapping[str, Any],
    returns: pd.DataFrame | None = None,
) -> Edition:
    """Write an edition whole, or find that it stands already, and let `latest` point to it.

    The name is the hash of what went in: the submitted files, the code of the rooms that a
    row passes, and `settings`. The same input therefore names the same edition, and nothing
    is written again.

    Parameters
    ----------
    databank_folder : Path
        The data bank; made when it is not there.
    intake, judgement
        See `received`.
    cleaned_changes : DataFrame
        stream, file, sheet, row, submitted_by, column, old, new, rule.
    settings : mapping
        What else decides the result, as JSON can hold it; the fingerprint of the suites
        (`suites_fingerprint`) belongs here. No paths: they would differ between machines.
    returns : DataFrame, optional
        What is owed by month and what became of it, as `quality.returns_received` has it.

    Raises
    ------
    RowAccountError
        If rows read are not accepted + quarantined + duplicates; nothing is written then.
    InputError
        If an edition of this name stands there and is damaged, or the data bank's key is lost.
    MachineError
        If the folder cannot be written.
    """
    account = row_account(intake.sheets, intake.files, judgement.verdicts)
    went_in = {
        "code": {"version": __version__, "fingerprint": code_fingerprint()},
        "files": _records(intake.files.sort_values("file").reindex(columns=FILE)),
        "settings": dict(settings),
    }
    name = name_of(went_in)
    folder = databank_folder / EDITIONS / name
    simulated = bool(intake.files["simulated"].astype("boolean").any())
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        if not any(folder.parent.iterdir()):
            (databank_folder / ANSWERS).mkdir(exist_ok=True)
        if not simulated:
            begin_key(databank_folder)
        if not folder.exists():
            manifest = {
                **went_in,
                "format": FORMAT,
                "edition": name,
                "account": _records(account),
                "totals": totals(account),
                "simulated": simulated,
            }
            returns = pd.DataFrame(columns=RETURN) if returns is None else returns
            tables = {"changes": cleaned_changes, "returns": returns[RETURN]}
            _write_whole(folder, manifest, intake, judgement, tables)
        edition = read_edition(databank_folder, name)
        refuse_damaged(edition)
        _point_latest(databank_folder, name)
    except OSError as error:
        raise MachineError(
            f"{databank_folder}: the data bank cannot be written ({error.strerror or error}); "
            "free some space or choose another folder with --databank"
        ) from error
    return edition


def list_editions(databank_folder: Path) -> list[Edition]:
    """All editions of a data bank, by name; an error when there is none."""
    return [read_edition(databank_folder, name) for name in edition_names(databank_folder)]


def show(databank_folder: Path, edition: str = LATEST) -> Edition:
    """The edition with its manifest: which files, settings and code, and the account of rows."""
    return read_edition(databank_folder, resolve(databank_folder, edition))


def latest_name(databank_folder: Path) -> str | None:
    """The name that `latest` holds, if any."""
    pointer = databank_folder / LATEST
    return pointer.read_text(encoding="utf-8").strip() if pointer.is_file() else None


def _as_typed(folder: Path) -> Path:
    """The folder as somebody would type it, from where the command runs."""
    here = Path.cwd()
    return folder.relative_to(here) if folder.is_relative_to(here) else folder


def standing(databank_folder: Path) -> list[str]:
    """Names of the editions that stand in a data bank; empty where there is none."""
    folder = databank_folder / EDITIONS
    names = [path.name for path in folder.iterdir()] if folder.is_dir() else []
    return sorted(name for name in names if not name.startswith("."))


def edition_names(databank_folder: Path) -> list[str]:
    """Names of all editions; an error that says how to make one when there is none."""
    names = standing(databank_folder)
    if not names and (databank_folder.parent / VAULT).is_file():
        raise InputError("is locked; atips unlock --key-file FILE", file=_as_typed(databank_folder))
    if not names:
        example = databank_folder / "example"
        if (example / EDITIONS).is_dir():
            raise InputError(
                "no edition of agencies' records here, only of the simulated example; to take that "
                f"one, add --databank {_as_typed(example)}",
                file=_as_typed(databank_folder),
            )
        raise InputError(
            "no edition of the data bank here; make one with: "
            f"atips consolidate --submissions DIR --databank {_as_typed(databank_folder)}",
            file=_as_typed(databank_folder),
        )
    return names


def notes_file(databank_folder: Path, name: str) -> Path:
    """Where the notes on the quality of an edition lie; they go when the edition goes."""
    return databank_folder / NOTES / f"{name}.json"


def set_aside(databank_folder: Path) -> list[Path]:
    """Folders of editions that were damaged, which `atips doctor --repair` set aside."""
    return sorted((databank_folder / EDITIONS).glob(f"{DAMAGED}*"))


def resolve(databank_folder: Path, edition: str) -> str:
    """The full name of `latest` or of the one edition that begins with the letters given."""
    names = edition_names(databank_folder)
    wanted = latest_name(databank_folder) if edition == LATEST else edition
    hits = [name for name in names if wanted and name.startswith(wanted)]
    if len(hits) != 1:
        problem = "stands for more than one edition" if hits else "is not an edition"
        raise InputError(
            f"{wanted or edition!r} {problem}; choose one of {', '.join(names)}",
            file=databank_folder,
        )
    return hits[0]


def read_edition(databank_folder: Path, name: str) -> Edition:
    """The edition of this full name."""
    folder = databank_folder / EDITIONS / name
    try:
        manifest = read_json(folder / MANIFEST)
    except (OSError, ValueError) as error:
        raise InputError(
            f"edition {name} has no readable {MANIFEST}; delete the folder and consolidate again",
            file=folder,
        ) from error
    return Edition(name, folder, manifest)


def name_of(went_in: Mapping[str, Any]) -> str:
    """Twelve hex digits of the sha256 over files (name, hash, agency, year), code and settings."""
    inputs = {
        "code": went_in["code"],
        "files": [
            {name: file[name] for name in ("file", "sha256", "submitted_by", "submitted_for")}
            for file in went_in["files"]
        ],
        "settings": went_in["settings"],
    }
    text = json.dumps(inputs, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def refuse_damaged(edition: Edition) -> None:
    """Raise unless every Parquet file is the one that was written."""
    for file, sha256 in edition.manifest["parquet"].items():
        path = edition.folder / file
        if not path.is_file() or sha256_of(path) != sha256:
            raise InputError(
                f"edition {edition.name} is damaged ({file} is not what was written); "
                "move the folder away and consolidate again",
                file=edition.folder,
            )


def _write_whole(
    folder: Path,
    manifest: dict[str, Any],
    intake: Intake,
    judgement: Judgement,
    beside_rows: Mapping[str, pd.DataFrame],
) -> None:
    """Write beside the final place and move there in one step, or leave nothing."""
    unfinished = beside(folder)
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir()
    try:
        hashes = _write_frames(unfinished, intake, judgement, beside_rows)
        _write_text(unfinished / MANIFEST, _as_json(manifest | {"parquet": hashes}))
        sync_folder(unfinished)
        try:
            unfinished.replace(folder)
        except OSError:
            # Another process may have been first, with the same content.
            if not (folder / MANIFEST).is_file():
                raise
        sync_folder(folder.parent)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def _write_frames(
    folder: Path, intake: Intake, judgement: Judgement, beside_rows: Mapping[str, pd.DataFrame]
) -> dict[str, str]:
    codebook = load_codebook()
    hashes, rejected, changes = {}, [], [beside_rows["changes"]]
    for name, stream in codebook.streams.items():
        schema = stream_schema(stream)
        judged = judgement.verdicts.get(name)
        if judged is None:
            judged = pd.DataFrame(columns=[*schema.names, "verdict"])
        accepted = judged[judged["verdict"] == "accepted"]
        typed, left_blank = typed_columns(accepted, stream)
        if len(left_blank):
            changes.append(left_blank.assign(stream=name, rule="databank: no value of this type"))
        hashes[f"{name}.parquet"] = write_parquet(typed, schema, folder / f"{name}.parquet")
        rejected.append(judged[judged["verdict"] != "accepted"].assign(stream=name))
    everything = pd.concat(rejected)
    tables = {
        "quarantine": everything[everything["verdict"] == "quarantined"],
        "duplicates": everything[everything["verdict"] == "duplicate"],
        "findings": judgement.findings,
        "changes": _without_ages(pd.concat(changes, ignore_index=True), codebook),
        "files": intake.files.assign(simulated=intake.files["simulated"].map(_yes_no)),
        "headers": intake.headers,
        "returns": beside_rows["returns"].astype("str"),
    }
    for name in KEPT:
        schema = {
            "quarantine": rejected_schema(codebook),
            "duplicates": rejected_schema(codebook),
            "findings": text_schema(FINDING),
            "changes": text_schema(CHANGE),
            "files": text_schema(FILE),
            "headers": text_schema(HEADER),
            "returns": text_schema(RETURN),
        }[name]
        hashes[f"{name}.parquet"] = write_parquet(tables[name], schema, folder / f"{name}.parquet")
    return hashes


def _without_ages(changes: pd.DataFrame, codebook: Codebook) -> pd.DataFrame:
    """That an age was changed is kept, the age is not."""
    ages = {
        column.name
        for stream in codebook.streams.values()
        for column in stream.columns
        if column.type in NEVER_STORED
    }
    about_age = changes["column"].isin(ages)
    return changes.assign(old=changes["old"].mask(about_age), new=changes["new"].mask(about_age))


def _point_latest(databank_folder: Path, name: str) -> None:
    if latest_name(databank_folder) == name:
        return
    with temporary_for(databank_folder / LATEST) as beside:
        _write_text(beside, f"{name}\n")


def _write_text(path: Path, text: str) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows as JSON can hold them: missing is null, numbers are numbers."""
    rows: list[dict[str, Any]] = json.loads(frame.to_json(orient="records", force_ascii=False))
    return rows


def _as_json(content: Mapping[str, Any]) -> str:
    return json.dumps(content, sort_keys=True, ensure_ascii=False, indent=2) + "\n"


def _yes_no(value: object) -> str:
    return "yes" if value else "no"
