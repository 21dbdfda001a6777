"""From a folder of submissions to an edition: read, cleaned, judged, written."""

from __future__ import annotations

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
from atips_analysis.quality import Judgement, judge

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
        If the folder is not there, or a file in it cannot be used: nothing is written then.
    """
    codebook = load_codebook()
    progress(f"reading {submissions.name}")
    intake = read_submissions(submissions, codebook)
    progress("cleaning")
    cleaned = {
        stream: clean(stream, frame, codebook) for stream, frame in intake.frames.items()
    }
    progress("judging")
    frames = {stream: result.frame for stream, result in cleaned.items()}
    judgement = judge(frames, codebook, suites)
    changes = pd.concat([result.changes for result in cleaned.values()], ignore_index=True)
    progress("writing the edition")
    decided = {"suites": suites_fingerprint(suites), **(settings or {})}
    edition = write_edition(databank, intake, changes, judgement, decided)
    return Consolidation(edition, intake, judgement, changes)
