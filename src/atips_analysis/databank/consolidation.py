"""From a folder of submissions to an edition: read, cleaned, judged, written."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from threading import Thread
from typing import Any

import pandas as pd

from atips_analysis.cleaning import clean
from atips_analysis.codebook import load_codebook
from atips_analysis.databank.clearing import delete_forgotten
from atips_analysis.databank.edition import Edition, notes_file, write_edition
from atips_analysis.databank.fingerprint import suites_fingerprint
from atips_analysis.databank.since import (
    Since,
    latest_manifest,
    since,
    withdrawn_returns,
    write_withdrawn,
)
from atips_analysis.databank.since import fingerprint as withdrawn_fingerprint
from atips_analysis.errors import InputError
from atips_analysis.files import frame_csv, read_json, write_json, write_text
from atips_analysis.intake import Intake, read_submissions
from atips_analysis.intake.limits import GENEROUS
from atips_analysis.intake.settled import settled_here
from atips_analysis.quality import Judgement
from atips_analysis.quality.edition_gate import note_of, quality_gate
from atips_analysis.quality.returns_owed import Owed, register_here
from atips_analysis.quality.returns_owed import fingerprint as owed_fingerprint
from atips_analysis.quality.returns_received import returns_by_month, units_of
from atips_analysis.quality.scores import protected_summary
from atips_analysis.quality.waiting import judge_with_waiting

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Consolidation:
    """An edition with what it was made from, still in memory. Confidential."""

    edition: Edition
    intake: Intake
    judgement: Judgement
    changes: pd.DataFrame
    returns: pd.DataFrame
    since: Since


def consolidate(
    submissions: Path,
    databank: Path,
    suites: Path,
    settings: dict[str, Any] | None = None,
    progress: Progress = lambda step: None,
    owed: Sequence[Owed] | None = None,
) -> Consolidation:
    """Make an edition of the data bank from the submissions in a folder.

    Parameters
    ----------
    submissions : Path
        Folder of workbooks and CSV files; never touched.
    databank : Path
        Folder of the data bank; made when it is not there.
    suites : Path
        Folder of the expectation suites.
    settings : dict, optional
        What else decides the result (the quality gate of the profile).
    progress : callable
        Told each step in a few words.
    owed : sequence of Owed, optional
        The register of returns; by default the project's.

    Raises
    ------
    InputError
        If the folder is not there, or none of its files can be used: nothing is written then.
        Files that cannot be used beside others are named in `intake.faults`.
    """
    codebook = load_codebook()
    owed = register_here(codebook) if owed is None else owed
    progress(f"reading {submissions.name}")
    settled = settled_here()
    # Two seconds of importing, while another process reads.
    Thread(target=import_module, args=("atips_analysis.quality.expectations",)).start()
    intake = read_submissions(submissions, codebook, settled, GENEROUS)
    progress("cleaning")
    cleaned = {stream: clean(stream, frame, codebook) for stream, frame in intake.frames.items()}
    progress("judging")
    frames = {stream: result.frame for stream, result in cleaned.items()}
    judgement = judge_with_waiting(frames, intake.waiting, codebook, suites)
    changes = pd.concat([result.changes for result in cleaned.values()], ignore_index=True)
    progress("writing the edition")
    before = latest_manifest(databank)
    there = units_of(intake)
    gone = withdrawn_returns(databank, there)
    owed_here = {(one.agency, one.year, one.stream) for one in owed}
    decided = {
        "suites": suites_fingerprint(suites),
        "council": codebook.fingerprint,
        **(settings or {}),
    }
    for name, digest in {
        "answers": settled.fingerprint,
        "forgotten": settled.forgotten.fingerprint,
        "returns owed": owed_fingerprint(owed),
        "withdrawn": withdrawn_fingerprint(gone & owed_here),
    }.items():
        if digest:
            decided[name] = digest
    returns = returns_by_month(owed, intake, judgement.verdicts, codebook, gone)
    edition = write_edition(databank, intake, changes, judgement, decided, returns)
    write_withdrawn(databank, gone)
    delete_forgotten(databank, edition.name, settled.forgotten)
    told = since(before, edition.manifest)
    return Consolidation(edition, intake, judgement, changes, returns, told)


def write_notes(done: Consolidation, folder: Path, settings: dict[str, Any]) -> None:
    """What the next steps of a build need to know of a consolidation; confidential.

    `edition.json` (its name, and whether its records are simulated), `quality-gate.json` (the
    critical failures), `quality-scores.csv` and `quality-counts.csv`. The data bank keeps them
    beside the edition, so that reports can be made again from it alone: `notes_of`.
    """
    files = done.intake.files
    scores, counts = protected_summary(done.judgement, load_codebook(), done.returns)
    failures = quality_gate(done.judgement, settings, done.intake.sheets, files)
    failures += list(done.intake.faults["fault"])
    edition = {"edition": done.edition.name, "simulated": done.edition.simulated}
    notes = {
        "quality-scores.csv": frame_csv(scores),
        "quality-counts.csv": frame_csv(counts),
        "quality-gate.json": json.dumps(note_of(failures), indent=2) + "\n",
        "edition.json": json.dumps(edition, indent=2, sort_keys=True) + "\n",
    }
    for name, text in notes.items():
        write_text(folder / name, text)
    write_json(notes_file(done.edition.folder.parents[1], done.edition.name), notes)


def notes_of(databank: Path, edition: str) -> dict[str, str]:
    """What `write_notes` wrote of an edition: texts by file name.

    Raises InputError if the data bank keeps none: an earlier version consolidated it.
    """
    file = notes_file(databank, edition)
    if not file.is_file():
        raise InputError(
            f"the data bank keeps no notes on the quality of edition {edition}, as earlier versions "
            "kept none; build once from the submissions that it was made of, with the code that made "
            "it, then run this again"
        )
    notes: dict[str, str] = read_json(file)
    return notes
