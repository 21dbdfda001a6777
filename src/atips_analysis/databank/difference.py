"""The difference of two editions: which rows came, went or changed, and in which column."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from atips_analysis.codebook import Stream, load_codebook
from atips_analysis.databank.bank import DataBank
from atips_analysis.databank.storage import stored_columns
from atips_analysis.files import frame_csv, write_text

WHO = ["submitted_by", "submitted_for"]
DIFFERENCE = ["stream", "change", *WHO, "key", "column", "old", "new"]


def diff(old: DataBank, new: DataBank) -> pd.DataFrame:
    """What changed from one edition to another, among accepted rows.

    Returns
    -------
    DataFrame
        stream, change (added, withdrawn or changed), submitted_by, submitted_for, key (the
        stream's key as `name=value` parts), and for a changed row a line for each column:
        column, old, new (text; missing stays missing). Confidential.
    """
    parts = [
        _of_stream(stream, old.frame(name), new.frame(name))
        for name, stream in load_codebook().streams.items()
    ]
    return pd.concat(parts, ignore_index=True).astype({"submitted_for": "Int64"})


def summary(difference: pd.DataFrame) -> pd.DataFrame:
    """Rows added, withdrawn and changed, a line a stream, streams without a change left out."""
    rows = difference.drop_duplicates(["stream", "change", *WHO, "key"])
    counts = rows.groupby(["stream", "change"]).size().unstack(fill_value=0)
    wide = counts.reindex(columns=["added", "withdrawn", "changed"], fill_value=0)
    order = [name for name in load_codebook().streams if name in wide.index]
    return wide.loc[order].reset_index().rename_axis(columns=None)


def write_difference(difference: pd.DataFrame, out: Path) -> None:
    """Write the difference as a CSV file, whole or not at all."""
    write_text(out, frame_csv(difference))


def _of_stream(stream: Stream, old: pd.DataFrame, new: pd.DataFrame) -> pd.DataFrame:
    before, after = _by_key(old, stream), _by_key(new, stream)
    came = after.index.difference(before.index)
    went = before.index.difference(after.index)
    both = before.index.intersection(after.index)
    parts = [_lines(stream, "added", came), _lines(stream, "withdrawn", went)]
    for column in (column.name for column in stored_columns(stream) if not column.key):
        earlier, later = before.loc[both, column], after.loc[both, column]
        changed = (earlier.fillna("\0") != later.fillna("\0")).to_numpy()
        lines = _lines(stream, "changed", both[changed])
        lines["column"] = column
        lines["old"], lines["new"] = (earlier[changed].to_numpy(), later[changed].to_numpy())
        parts.append(lines)
    found = pd.concat([part for part in parts if len(part)] or parts[:1])
    return found[DIFFERENCE].sort_values(["change", *WHO, "key", "column"])


def _by_key(frame: pd.DataFrame, stream: Stream) -> pd.DataFrame:
    """Rows as text under agency, year, key and, should a key repeat, its turn."""
    text = frame.astype("str")
    key = pd.Series([""] * len(text), index=text.index, dtype="str")
    for name in stream.key:
        key = key + f"{name}=" + text[name].fillna("") + "; "
    text["key"] = key.str.removesuffix("; ")
    text["turn"] = text.groupby([*WHO, "key"]).cumcount()
    return text.set_index([*WHO, "key", "turn"])


def _lines(stream: Stream, change: str, index: pd.Index) -> pd.DataFrame:
    lines = index.to_frame(index=False).reindex(columns=[*WHO, "key"])
    return lines.assign(stream=stream.name, change=change, column=None, old=None, new=None)
