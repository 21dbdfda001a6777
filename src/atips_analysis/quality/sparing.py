"""A cell that need not be filled in and cannot be read costs that cell, and not its row."""

from __future__ import annotations

import pandas as pd

from atips_analysis.codebook import Stream

RULES = ("format", "value set", "text")
"""Rules about one value by itself. What contradicts another value costs the row as before."""
LEFT_EN = " The cell is left blank until then; the row counts."
LEFT_ES = " La celda queda en blanco hasta entonces; la fila cuenta."


def sparing(findings: pd.DataFrame, stream: Stream) -> pd.DataFrame:
    """The findings, those about single cells that may be blank made warnings that say so.

    Columns of the key are never spared: without them a row is another one.
    """
    spared = _spared(findings, stream)
    if not spared.any():
        return findings
    found = findings.copy()
    found.loc[spared, "severity"] = "warning"
    found.loc[spared, "remedy"] = found.loc[spared, "remedy"] + LEFT_EN
    found.loc[spared, "remedy_es"] = found.loc[spared, "remedy_es"] + LEFT_ES
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
