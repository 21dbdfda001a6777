"""Judging what was read, with the rows that wait for an answer set aside."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from atips_analysis.cleaning import Cleaned, clean
from atips_analysis.codebook import Codebook
from atips_analysis.intake import receipt_words as say
from atips_analysis.quality.expectation_kinds import Extent
from atips_analysis.quality.findings import FINDING_COLUMNS, said_in
from atips_analysis.quality.judgement import QUARANTINED, Judgement, judge
from atips_analysis.words import languages
from atips_analysis.words.said import in_language

PLACE = ["file", "sheet", "row"]


def judge_intake(
    intake: Any, codebook: Codebook, suites: Path, extent: Extent = "all"
) -> tuple[dict[str, Cleaned], Judgement]:
    """What was read, cleaned and judged.

    A row that can be read in two ways is not judged by values that may not be its own: it is
    quarantined with its question. All other rows are judged as if it were not there.
    """
    cleaned = {name: clean(name, frame, codebook) for name, frame in intake.frames.items()}
    frames = {name: result.frame for name, result in cleaned.items()}
    return cleaned, judge_with_waiting(frames, intake.waiting, codebook, suites, extent)


def judge_with_waiting(
    frames: Mapping[str, pd.DataFrame],
    waiting: pd.DataFrame,
    codebook: Codebook,
    suites: Path,
    extent: Extent = "all",
) -> Judgement:
    """`judge`, with the rows of `waiting` (`Intake.waiting`) quarantined for their questions."""
    if waiting.empty:
        return judge(frames, codebook, suites, extent)
    held = {
        name: _held(frame, waiting[waiting["stream"] == name]) for name, frame in frames.items()
    }
    judged = judge(
        {name: frame[~held[name].to_numpy()] for name, frame in frames.items()},
        codebook,
        suites,
        extent,
    )
    verdicts = {}
    for name, frame in frames.items():
        there = held[name].to_numpy()
        verdict = judged.verdicts[name]
        if not there.any():
            verdicts[name] = verdict
            continue
        aside = frame[there].reset_index(drop=True).assign(verdict=QUARANTINED)
        both = pd.concat([verdict, aside], ignore_index=True)
        order = [*(~there).nonzero()[0], *there.nonzero()[0]]
        verdicts[name] = both.set_axis(order).sort_index().reset_index(drop=True)[[*verdict]]
    findings = pd.concat([judged.findings, _findings(waiting, frames)], ignore_index=True)
    for name in ("row", "submitted_for"):
        findings[name] = pd.to_numeric(findings[name], errors="coerce").astype("Int64")
    return Judgement(verdicts, findings[list(FINDING_COLUMNS)])


def _held(frame: pd.DataFrame, waiting: pd.DataFrame) -> pd.Series:
    if waiting.empty or frame.empty:
        return pd.Series(False, index=frame.index)
    places = pd.MultiIndex.from_frame(waiting[PLACE].astype("str"))
    own = pd.MultiIndex.from_frame(frame[PLACE].astype("str"))
    return pd.Series(own.isin(places), index=frame.index)


def _findings(waiting: pd.DataFrame, frames: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """A critical finding for each question that a row waits for."""
    parts = []
    for name, own in waiting.groupby("stream", sort=False):
        frame = frames[str(name)]
        rows = own.assign(row=own["row"].astype("int64")).merge(
            frame.assign(row=frame["row"].astype("int64")), on=PLACE, suffixes=("", "_of_row")
        )
        first = frame.columns[0]
        column = rows["column"].where(rows["column"] != "", first)
        value = [
            row.get(f"{name}_of_row", row.get(name)) if name else ""
            for row, name in zip(rows.to_dict("records"), rows["column"], strict=True)
        ]
        remedies = [
            say.FORMULA_REMEDY if kind == "formula" else say.REMEDY for kind in rows["kind"]
        ]
        parts.append(
            pd.DataFrame(
                {
                    "stream": name,
                    **{place: rows[place] for place in PLACE},
                    "submitted_by": rows["submitted_by"],
                    "submitted_for": rows["submitted_for"],
                    "column": column,
                    "value": ["" if text is None or text != text else text for text in value],
                    "rule": "question",
                    "severity": "critical",
                    **{
                        said_in("reason", lang): rows[said_in("question", lang)]
                        for lang in languages()
                    },
                    **{
                        said_in("remedy", lang): [str(in_language(one, lang)) for one in remedies]
                        for lang in languages()
                    },
                }
            )
        )
    return pd.concat(parts, ignore_index=True)
