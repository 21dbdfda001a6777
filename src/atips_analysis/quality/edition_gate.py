"""The quality gate: what must not be built on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from atips_analysis.codebook import load_codebook
from atips_analysis.quality.judgement import Judgement
from atips_analysis.words.said import Filled, Message

QUARANTINED_SHARE = 0.2


def quality_gate(
    judgement: Judgement,
    settings: Mapping[str, Any],
    sheets: pd.DataFrame | None = None,
    files: pd.DataFrame | None = None,
) -> list[str]:
    """The critical failures, a sentence each; none when the data may be built on.

    Parameters
    ----------
    judgement : Judgement
        Verdicts of all rows.
    settings : mapping
        `quarantined_share`: the largest share of a stream's rows in quarantine (default 0.2).
    sheets : DataFrame, optional
        `Intake.sheets`: then a sheet without rows must be a nil return, and the rows read must be
        those judged.
    files : DataFrame, optional
        `Intake.files`: then an empty sheet fails only when the agency is one that sends the stream,
        and files that a later one replaces are left aside.
    """
    limit = float(settings.get("quarantined_share", QUARANTINED_SHARE))
    account = judgement.account.groupby("stream", sort=False)[
        ["read", "accepted", "quarantined", "duplicates"]
    ].sum()
    failures: list[str] = []
    for stream, row in account.iterrows():
        if row["read"] != row["accepted"] + row["quarantined"] + row["duplicates"]:
            failures.append(
                Message("{stream}: rows read are not accepted + quarantined + duplicates").format(
                    stream=stream
                )
            )
        if row["quarantined"] > limit * row["read"]:
            failures.append(
                Message(
                    "{stream}: {held} of {read} rows are in quarantine, more than {limit}; have the agencies correct them before a report is built"
                ).format(
                    stream=stream,
                    held=int(row["quarantined"]),
                    read=int(row["read"]),
                    limit=f"{limit:.0%}",
                )
            )
    if sheets is not None:
        failures += _sheets_without_rows(empty_sheets(sheets, files))
        failures += _rows_lost(account, _current(sheets, files))
    return failures


def note_of(failures: Sequence[str]) -> dict[str, Any]:
    """Failures as a file keeps them: English lines, and of each its message with its values."""
    made = [getattr(one, "in_language", None) for one in failures]
    return {
        "failures": [str(one) for one in failures],
        "messages": [
            [one.message, one.values] if isinstance(one, Filled) else None for one in made
        ],
    }


def failures_of(note: Mapping[str, Any]) -> list[str]:
    """The failures of such a file, which can be said in other languages."""
    messages = note.get("messages") or [None] * len(note["failures"])
    return [
        Message(kept[0]).format(**kept[1]) if kept else line
        for line, kept in zip(note["failures"], messages, strict=True)
    ]


def empty_sheets(sheets: pd.DataFrame, files: pd.DataFrame | None = None) -> pd.DataFrame:
    """Sheets of a stream without rows whose cover does not say that there was nothing to report.

    A stream that stands on several sheets of a file is empty when all of them are.
    """
    sheets = _current(sheets, files)
    sheets = sheets[sheets["stream"].notna() & sheets["stream"].ne("")]
    by = [sheets["file"], sheets["stream"]]
    there = sheets["rows_read"] + sheets.get("forgotten_rows", 0)
    rows = there.groupby(by).transform("sum")
    nil = sheets["nil_return"].fillna(False).astype(bool).groupby(by).transform("any")
    empty = sheets[rows.eq(0) & ~nil].drop_duplicates(["file", "stream"])
    if files is None:
        return empty
    agency = empty["file"].map(dict(zip(files["file"], files["submitted_by"], strict=True)))
    streams = load_codebook().streams
    due = [
        one in streams[stream].sent_by for one, stream in zip(agency, empty["stream"], strict=True)
    ]
    return empty[np.array(due, dtype=bool)]


def _current(sheets: pd.DataFrame, files: pd.DataFrame | None) -> pd.DataFrame:
    if files is None:
        return sheets
    return sheets[sheets["file"].isin(files.loc[files["state"] != "replaced", "file"])]


def _sheets_without_rows(empty: pd.DataFrame) -> list[str]:
    return [
        Message(
            "{file}, sheet {sheet}: no row and no nil return; ask the agency for the rows, or to tick the nil return on the cover"
        ).format(file=sheet["file"], sheet=sheet["sheet"])
        for sheet in empty.to_dict("records")
    ]


def _rows_lost(account: pd.DataFrame, sheets: pd.DataFrame) -> list[str]:
    read = sheets.groupby("stream")["rows_read"].sum()
    judged = account["read"].reindex(read.index, fill_value=0)
    return [
        Message("{stream}: {read} rows were read and {judged} were judged").format(
            stream=stream, read=int(read[stream]), judged=int(judged[stream])
        )
        for stream in read.index
        if read[stream] != judged[stream]
    ]
