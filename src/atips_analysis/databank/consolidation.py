"""From a folder of submissions to an edition: read, cleaned, judged, written."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from atips_analysis.cleaning import clean
from atips_analysis.codebook import load_codebook
from atips_analysis.databank.edition import Edition, write_edition
from atips_analysis.databank.fingerprint import suites_fingerprint
from atips_analysis.intake import Intake, read_submissions
from atips_analysis.intake.settled import settled_here
from atips_analysis.quality import Judgement
from atips_analysis.quality.gate import quality_gate
from atips_analysis.quality.scores import due_dates, first_sent, protected_summary
from atips_analysis.quality.waiting import judge_with_waiting

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Consolidation:
    """An edition with what it was made from, still in memory. Confidential."""

    edition: Edition
    intake: Intake
    judgement: Judgement
    changes: pd.DataFrame


def consolidate(
    submissions: Path,
    databank: Path,
    suites: Path,
    settings: dict[str, Any] | None = None,
    progress: Progress = lambda step: None,
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

    Raises
    ------
    InputError
        If the folder is not there, or none of its files can be used: nothing is written then.
        Files that cannot be used beside others are named in `intake.faults`.
    """
    codebook = load_codebook()
    progress(f"reading {submissions.name}")
    settled = settled_here()
    intake = read_submissions(submissions, codebook, settled)
    progress("cleaning")
    cleaned = {stream: clean(stream, frame, codebook) for stream, frame in intake.frames.items()}
    progress("judging")
    frames = {stream: result.frame for stream, result in cleaned.items()}
    judgement = judge_with_waiting(frames, intake.waiting, codebook, suites)
    changes = pd.concat([result.changes for result in cleaned.values()], ignore_index=True)
    progress("writing the edition")
    decided = {"suites": suites_fingerprint(suites), **(settings or {})}
    if settled.fingerprint:
        decided["answers"] = settled.fingerprint
    edition = write_edition(databank, intake, changes, judgement, decided)
    return Consolidation(edition, intake, judgement, changes)


def write_notes(done: Consolidation, folder: Path, settings: dict[str, Any]) -> None:
    """What the next steps of a build need to know of a consolidation; confidential.

    `edition.json` (its name, and whether its records are simulated), `quality-gate.json` (the
    critical failures), `quality-scores.csv` and `quality-counts.csv`.
    """
    files = done.intake.files
    due = due_dates(sorted(set(files["submitted_for"])), settings.get("returns_due"))
    scores, counts = protected_summary(done.judgement, load_codebook(), first_sent(files), due)
    failures = quality_gate(done.judgement, settings, done.intake.sheets, files)
    failures += list(done.intake.faults["fault"])
    folder.mkdir(parents=True, exist_ok=True)
    _write(folder / "quality-scores.csv", scores.to_csv(index=False, lineterminator="\n"))
    _write(folder / "quality-counts.csv", counts.to_csv(index=False, lineterminator="\n"))
    _write(folder / "quality-gate.json", json.dumps({"failures": failures}, indent=2) + "\n")
    edition = {"edition": done.edition.name, "simulated": done.edition.simulated}
    _write(folder / "edition.json", json.dumps(edition, indent=2, sort_keys=True) + "\n")


def _write(path: Path, text: str) -> None:
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    beside.write_text(text, encoding="utf-8", newline="\n")
    os.replace(beside, path)
