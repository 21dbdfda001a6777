"""A cell that need not be filled in and cannot be read costs that cell, and not its row."""

from __future__ import annotations

import pandas as pd

from atips_analysis.codebook import Stream
from atips_analysis.quality.findings import said_in
from atips_analysis.words import N_, languages, translator

RULES = ("format", "value set", "text")
"""Rules about one value by itself. What contradicts another value costs the row as before."""
LEFT = N_("The cell is left blank until then; the row counts.")


def sparing(findings: pd.DataFrame, stream: Stream) -> pd.DataFrame:
    """The findings, those about single cells that may be blank made warnings that say so.

    Columns of the key are never spared: without them a row is another one.
    """
    spared = _spared(findings, stream)
    if not spared.any():
        return findings
    found = findings.copy()
    found.loc[spared, "severity"] = "warning"
    for lang in languages():
        column = said_in("remedy", lang)
        found.loc[spared, column] = found.loc[spared, column] + f" {translator(lang)(LEFT)}"
    found["spared"] = spared
    return found


def without_spared(frame: pd.DataFrame, findings: pd.DataFrame) -> pd.DataFrame:
    """The rows, the cells that were spared blank."""
    if "spared" not in findings:
        return frame
    cells = findings[findings["spared"]]
    kept = frame.copy()
    for column, own in cells.groupby("column"):
        gone = kept.index.isin(kept.index[own["at"].to_numpy(int)])
        kept[str(column)] = kept[str(column)].mask(gone)
    return kept


def _spared(findings: pd.DataFrame, stream: Stream) -> pd.Series:
    optional = {column.name for column in stream.columns if not (column.required or column.key)}
    return (
        findings["column"].isin(optional)
        & findings["rule"].isin(RULES)
        & findings["severity"].eq("critical")
    )
