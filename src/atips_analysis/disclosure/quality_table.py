"""What the public page on data quality may show: scores, and protected counts of rows."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict
from typing import Any

import pandas as pd

from atips_analysis.disclosure.cells import CellKey, cell_key, table_relations
from atips_analysis.disclosure.knowledge import Known, Rule
from atips_analysis.disclosure.system import System
from atips_analysis.quality.returns_beyond import came_beyond
from atips_analysis.quality.returns_received import by_agency

VERDICTS = ("accepted", "quarantined", "duplicates")


def public_quality(  # noqa: PLR0913  (each by name)
    scores: pd.DataFrame,
    counts: pd.DataFrame,
    findings: pd.DataFrame,
    threshold: int,
    returns: pd.DataFrame,
    account: pd.DataFrame,
    *,
    withheld: Collection[str] = (),
) -> dict[str, Any]:
    """Scores by agency and stream, rows by stream and verdict, and findings by rule.

    Parameters
    ----------
    scores, counts : DataFrame
        As `quality.scores.protected_summary` gives them.
    findings : DataFrame
        The findings of the edition; only numbers a rule leave.
    threshold : int
        Counts of rows about persons below it are hidden, with what would give them away.
    returns : DataFrame
        What is owed by month and what became of it; that a month came is told, not what is in it.
    account : DataFrame
        The account of rows; told is only which returns came that are not in the register.
    withheld : collection of str, optional
        Streams of which no number is told: one row fewer, beside figures that are kept as they
        were printed, would say what the correction was.
    """
    return {
        "rows": [
            {
                name: None if name != "stream" and row["stream"] in withheld else value
                for name, value in row.items()
            }
            for row in _protected_rows(counts, threshold)
        ],
        "scores": _records(_mean_scores(scores, withheld)),
        "findings": _by_rule(findings, threshold, withheld),
        "returns": _records(by_agency(returns)),
        "beyond": [asdict(one) for one in came_beyond(account, returns)],
    }


def _protected_rows(counts: pd.DataFrame, threshold: int) -> list[dict[str, Any]]:
    by_stream = counts.groupby("stream", sort=False)
    cells: dict[CellKey, int] = {}
    exempt: set[CellKey] = set()
    for stream, own in by_stream:
        for name in ("read", *VERDICTS):
            categories = {} if name == "read" else {"verdict": name}
            key = cell_key(f"rows {stream}", "", categories)
            cells[key] = int(own[name].sum())
            if not own["about_persons"].any():
                exempt.add(key)
    known = Known(exempt=frozenset(exempt))
    protection = System(cells, table_relations(cells), known, rule=Rule(threshold)).protect()
    status = dict(zip(protection.cells["key"], protection.cells["public_status"], strict=True))
    shown = []
    for stream, _ in by_stream:
        row: dict[str, Any] = {"stream": stream}
        for name in ("read", *VERDICTS):
            key = cell_key(f"rows {stream}", "", {} if name == "read" else {"verdict": name})
            row[name] = None if status[key] == "C" else cells[key]
        shown.append(row)
    return shown


def _mean_scores(scores: pd.DataFrame, withheld: Collection[str]) -> pd.DataFrame:
    """One score an agency, stream and dimension: the mean over years; hidden ones stay hidden."""
    by = ["submitted_by", "stream", "dimension"]
    grouped = scores.groupby(by, sort=False)
    mean = grouped["score"].mean().round(0).rename("score").reset_index()
    hidden = grouped["status"].agg(lambda s: "C" if (s == "C").any() else s.iloc[0])
    mean["status"] = hidden.to_numpy()
    mean.loc[mean["stream"].isin(withheld), "status"] = "C"
    mean["score"] = mean["score"].mask(mean["status"] == "C")
    return mean


def _by_rule(
    findings: pd.DataFrame, threshold: int, withheld: Collection[str]
) -> list[dict[str, Any]]:
    numbers = findings.groupby(["severity", "rule"]).size().rename("rows").reset_index()
    numbers["rows"] = numbers["rows"].astype("Int64")
    untold = numbers["rule"].isin(set(findings.loc[findings["stream"].isin(withheld), "rule"]))
    numbers["rows"] = numbers["rows"].mask((numbers["rows"] < threshold) | untold)
    return _records(numbers)


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    return [
        {name: None if pd.isna(value) else value for name, value in row.items()}
        for row in table.astype(object).to_dict("records")
    ]
