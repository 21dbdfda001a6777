"""The judge: each row's verdict, and what was found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from atips_analysis.codebook import Codebook, Stream
from atips_analysis.errors import InputError
from atips_analysis.quality import duplicates
from atips_analysis.quality.agencies_and_years import compare
from atips_analysis.quality.expectation_kinds import KINDS, Extent, Returns
from atips_analysis.quality.findings import FINDING_COLUMNS, as_findings, no_findings
from atips_analysis.quality.sparing import sparing, without_spared
from atips_analysis.quality.suites import PROVENANCE, Rule, load_suite
from atips_analysis.quality.validation import unexpected_columns, unexpected_rows
from atips_analysis.words.catalogues import SOURCE

ACCEPTED, QUARANTINED, DUPLICATE = "accepted", "quarantined", "duplicate"


@dataclass(frozen=True)
class Judgement:
    """What became of each row that was read.

    Attributes
    ----------
    verdicts : dict of str to DataFrame
        A stream's cleaned rows with `verdict`: accepted, quarantined or duplicate.
    findings : DataFrame
        One row a finding: stream, file, sheet, row, submitted_by, submitted_for, column, value,
        rule, severity (critical, warning, info), reason, remedy, and both in each other language. A finding
        about several rows together has no file, sheet and row.
    """

    verdicts: dict[str, pd.DataFrame]
    findings: pd.DataFrame = field(repr=False)

    @property
    def account(self) -> pd.DataFrame:
        """Rows by stream, agency, year and file: read, accepted, quarantined, duplicates."""
        return row_account(self.verdicts)


def judge(
    frames: Mapping[str, pd.DataFrame],
    codebook: Codebook,
    suites_folder: Path,
    extent: Extent = "all",
) -> Judgement:
    """Judge cleaned rows (text, with provenance) of all streams by the suites of `suites_folder`.

    A row with a critical finding is quarantined, but a cell that need not be filled in costs
    that cell only: it is left blank, with a warning. A row that repeats an earlier one of the same
    agency and year in every value is a duplicate; all others are accepted. What points to a row
    that was itself set aside is accepted with a warning, so that one agency's slip does not cost
    another's rows.

    `extent` "part" is for a few files of a larger whole: what they point to may stand in the
    others, so a reference that is not found is a warning, unless the files hold the stream pointed
    to for the row's year and for an earlier one.

    Raises InputError if a frame has a column that the codebook does not know, or a suite is
    missing. Raises AssertionError if rows read are not accepted + quarantined + duplicates.
    """
    suites = {name: load_suite(suites_folder, name, codebook) for name in frames}
    texts = {name: _as_text(frame, name, codebook) for name, frame in frames.items()}
    for name, frame in texts.items():
        _refuse_unknown_columns(frame, suites[name])
    repeated = {
        name: duplicates.later_copies(frame, codebook.streams[name])
        for name, frame in texts.items()
    }
    judged = {
        name: frame[~repeated[name].flag].reset_index(drop=True) for name, frame in texts.items()
    }
    found: list[pd.DataFrame] = []
    accepted: dict[str, pd.DataFrame] = {}
    verdicts: dict[str, pd.DataFrame] = {}
    for name, frame in judged.items():
        stream = codebook.streams[name]
        returns = Returns(codebook, judged, extent=extent)
        conflicts = duplicates.conflicting_rows(frame, stream)
        first, _ = _in_turn(suites[name])
        own = sparing(_failing(first, frame, stream, returns), stream)
        frame = judged[name] = without_spared(frame, own)
        findings = pd.concat([own, conflicts], ignore_index=True)
        quarantined = np.zeros(len(frame), dtype=bool)
        quarantined[findings.loc[findings["severity"] == "critical", "at"].to_numpy(int)] = True
        accepted[name] = frame[~quarantined]
        verdict = np.where(quarantined, QUARANTINED, ACCEPTED)
        texts[name] = _with_rows(texts[name], ~repeated[name].flag, frame)
        verdicts[name] = _verdicts(texts[name], repeated[name].flag, verdict)
        found += [
            _placed(findings, frame, name),
            _placed(repeated[name].findings, texts[name], name),
        ]
    for name, frame in judged.items():
        returns = Returns(codebook, judged, accepted, extent)
        _, last = _in_turn(suites[name])
        second = _failing(last, frame, codebook.streams[name], returns)
        if not second.empty:
            still = frame.index.isin(accepted[name].index)[second["at"].to_numpy(int)]
            found.append(_placed(second[still], frame, name))
    found.append(compare(judged, accepted, codebook))
    kept = [item for item in found if not item.empty]
    findings = pd.concat(kept, ignore_index=True) if kept else pd.DataFrame(columns=FINDING_COLUMNS)
    _assert_every_row_counted(frames, verdicts)
    for name in ("row", "submitted_for"):
        findings[name] = pd.to_numeric(findings[name], errors="coerce").astype("Int64")
    return Judgement(verdicts, findings[list(FINDING_COLUMNS)])


def row_account(verdicts: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Rows by stream, agency, year and file: read, accepted, quarantined, duplicates."""
    by = ["stream", "submitted_by", "submitted_for", "file"]
    names = {ACCEPTED: "accepted", QUARANTINED: "quarantined", DUPLICATE: "duplicates"}
    parts = []
    for stream, frame in verdicts.items():
        if frame.empty:
            continue
        counted = frame.assign(stream=stream).groupby([*by, "verdict"], dropna=False).size()
        table = counted.unstack(fill_value=0).reindex(columns=list(names), fill_value=0)
        parts.append(table.rename(columns=names).reset_index())
    if not parts:
        return pd.DataFrame(columns=[*by, "read", *names.values()])
    account = pd.concat(parts, ignore_index=True)
    account.columns.name = None
    account.insert(len(by), "read", account[list(names.values())].sum(axis=1))
    return account


def _in_turn(suite: list[Rule]) -> tuple[list[Rule], list[Rule]]:
    """The rules about rows, and those that are asked once all streams are judged."""
    about_rows = [rule for rule in suite if rule.reads]
    last = [rule for rule in about_rows if _is_last(rule)]
    return [rule for rule in about_rows if not _is_last(rule)], last


def _is_last(rule: Rule) -> bool:
    kind = KINDS.get(rule.expectation["type"])
    return kind is not None and kind.last


def _failing(
    rules: list[Rule], own: pd.DataFrame, stream: Stream, returns: Returns
) -> pd.DataFrame:
    if own.empty or not rules:
        return no_findings()
    failing = unexpected_rows(own, rules, returns)
    return as_findings(own, stream, list(zip(rules, failing, strict=True)), returns)


def _placed(findings: pd.DataFrame, frame: pd.DataFrame, stream: str) -> pd.DataFrame:
    """Findings with the file, sheet and row of the rows that they are about."""
    at = findings["at"].to_numpy(int)
    place = frame[["file", "sheet", "row", "submitted_by", "submitted_for"]].iloc[at]
    return pd.concat(
        [place.reset_index(drop=True), findings.reset_index(drop=True)], axis=1
    ).assign(stream=stream)


def _as_text(frame: pd.DataFrame, stream: str, codebook: Codebook) -> pd.DataFrame:
    """The frame with every column of the stream, as text; provenance as it is."""
    frame = frame.reset_index(drop=True)
    added: dict[str, Any] = {}
    for column in codebook.streams[stream].columns:
        if column.name not in frame:
            added[column.name] = pd.Series(pd.NA, index=frame.index, dtype="str")
        elif frame[column.name].dtype != "str":
            added[column.name] = frame[column.name].astype("str")
    for name in PROVENANCE:
        if name not in frame:
            added[name] = pd.Series(pd.NA, index=frame.index, dtype="str")
    return frame.assign(**added)


def _refuse_unknown_columns(frame: pd.DataFrame, rules: list[Rule]) -> None:
    for rule in rules:
        known = rule.expectation["kwargs"].get("column_set")
        if known is None or set(frame) == set(known):
            continue  # nothing to ask: each question to Great Expectations takes its time
        unknown = unexpected_columns(frame, rule)
        if unknown:
            raise InputError(
                f"column {', '.join(unknown)} is not in the form; {rule.words[SOURCE][1]}",
                file=frame["file"].iloc[0] if len(frame) else None,
            )


def _with_rows(frame: pd.DataFrame, places: np.ndarray, rows: pd.DataFrame) -> pd.DataFrame:
    """The frame with `rows` in these places."""
    if len(rows) == len(frame):
        return rows
    both = pd.concat([rows.set_axis(np.flatnonzero(places)), frame[~places]])
    return both.sort_index()


def _verdicts(frame: pd.DataFrame, repeated: np.ndarray, verdict: np.ndarray) -> pd.DataFrame:
    whole = np.full(len(frame), DUPLICATE, dtype=object)
    whole[~repeated] = verdict
    return frame.assign(verdict=pd.Series(whole, index=frame.index, dtype="str"))


def _assert_every_row_counted(
    frames: Mapping[str, pd.DataFrame], verdicts: Mapping[str, pd.DataFrame]
) -> None:
    for name, frame in frames.items():
        counted = verdicts[name]["verdict"].isin([ACCEPTED, QUARANTINED, DUPLICATE]).sum()
        if counted != len(frame):
            raise AssertionError(
                f"{name}: {len(frame)} rows were read and {counted} have a verdict; this is a defect"
            )
