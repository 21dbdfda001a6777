"""Five dimensions of quality, each a share of 100, for each agency, year and stream.

After the usual dimensions of data quality (DAMA UK, 2013); each function says what it counts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from atips_analysis.codebook import Codebook, Stream
from atips_analysis.quality.judgement import DUPLICATE, Judgement
from atips_analysis.quality.returns_received import COLUMNS as OWED
from atips_analysis.quality.returns_received import due_days, of_years, sent_days, share_returned

DIMENSIONS = ("completeness", "validity", "consistency", "timeliness", "uniqueness")
ABOUT_ONE_CELL = ("value set", "leaf", "format", "text", "plausible month", "return year")
"""Rules that look at one cell: validity. Every other critical rule compares: consistency."""
BY = ["submitted_by", "submitted_for"]
ALWAYS_NEEDED = tuple(
    "victim_id case_id identified_year status status_date consent_statistics".split()
)
"""What is needed of a victim without consent to statistics: everything else stays unknown."""
FEWEST_ROWS = 100  # a share of fewer rows, even in tens, would tell a count under 5
FEWEST_CELLS_OF = 20


@dataclass(frozen=True)
class _Stream:
    """What the dimensions are computed from: a stream's rows and its findings."""

    stream: Stream
    rows: pd.DataFrame
    findings: pd.DataFrame


def quality_scores(
    judgement: Judgement, codebook: Codebook, returns: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Scores by agency, year and stream, one row a dimension.

    Columns: submitted_by, submitted_for, stream, dimension, score (0 to 100, one decimal; missing
    when it cannot be computed), met and of (what the score divides: cells or rows), status (OK, or
    NC for not collected). `returns` is what is owed by month and what became of it
    (`returns_received`): of a stream that is owed, the completeness is that of its months too, and
    none where nothing came; timeliness needs the day that a cover bears, and is not collected
    without it.
    """
    returns = pd.DataFrame(columns=OWED, dtype="str") if returns is None else returns
    received, due = sent_days(returns), due_days(returns)
    parts = []
    for name, rows in judgement.verdicts.items():
        if rows.empty:
            continue
        found = judgement.findings[judgement.findings["stream"] == name]
        own = _Stream(codebook.streams[name], rows, found[found["row"].notna()])
        for dimension, function in (
            ("completeness", completeness),
            ("validity", validity),
            ("consistency", consistency),
            ("uniqueness", uniqueness),
        ):
            parts.append(function(own).assign(stream=name, dimension=dimension))
        parts.append(_timeliness(rows, received, due).assign(stream=name))
    columns = [*BY, "stream", "dimension", "score", "met", "of", "status"]
    if not parts and returns.empty:
        return pd.DataFrame(columns=columns)
    table = pd.concat([pd.DataFrame(columns=columns), *parts], ignore_index=True)
    shares = (100 * table["met"] / table["of"].replace(0, np.nan)).round(1)
    table["score"] = table["score"].where(table["score"].notna(), shares)
    table = _of_what_is_owed(table, returns)
    table["status"] = np.where(table["score"].isna(), "NC", "OK")
    order = {name: place for place, name in enumerate(DIMENSIONS)}
    table = table.assign(place=table["dimension"].map(order))
    return table.sort_values([*BY, "stream", "place"])[columns].reset_index(drop=True)


def completeness(own: _Stream) -> pd.DataFrame:
    """Needed cells that are filled in, of all needed cells of the rows that are no duplicates.

    Of a victim without consent to statistics only what a count needs is expected.
    """
    rows = own.rows[own.rows["verdict"] != DUPLICATE]
    needed = [column.name for column in own.stream.columns if column.required]
    filled, expected = np.zeros(len(rows)), np.zeros(len(rows))
    silent = np.zeros(len(rows), dtype=bool)
    if "consent_statistics" in rows:
        silent = rows["consent_statistics"].eq("no").fillna(False).to_numpy(bool)
    for name in needed:
        asked = ~silent if name not in ALWAYS_NEEDED else np.ones(len(rows), dtype=bool)
        expected += asked
        filled += asked & rows[name].notna().to_numpy(bool)
    return _summed(rows, filled, expected)


def validity(own: _Stream) -> pd.DataFrame:
    """Cells that are filled in with a value of the right kind, of all cells filled in."""
    rows = own.rows[own.rows["verdict"] != DUPLICATE]
    names = [column.name for column in own.stream.columns]
    filled = rows[names].notna().sum(axis=1).to_numpy(float)
    wrong = _cells_with(rows, own.findings, ABOUT_ONE_CELL)
    return _summed(rows, filled - wrong, filled)


def consistency(own: _Stream) -> pd.DataFrame:
    """Rows that contradict neither themselves nor other rows, streams and agencies, of all rows."""
    rows = own.rows[own.rows["verdict"] != DUPLICATE]
    single = (*ABOUT_ONE_CELL, "required", "duplicate", "contradiction", "pseudonym")
    comparing = own.findings[
        ~own.findings["rule"].isin(single) & (own.findings["severity"] == "critical")
    ]
    contradicted = _has_finding(rows, comparing)
    return _summed(rows, (~contradicted).astype(float), np.ones(len(rows)))


def uniqueness(own: _Stream) -> pd.DataFrame:
    """Rows that stand once, of all rows read: neither a later copy nor a contradicting twin."""
    twins = own.findings[own.findings["rule"] == "contradiction"]
    twice = _has_finding(own.rows, twins) | (own.rows["verdict"] == DUPLICATE).to_numpy(bool)
    return _summed(own.rows, (~twice).astype(float), np.ones(len(own.rows)))


def timeliness(received: date, due: date) -> float:
    """100 for a return received by the day it was due, a point less for each day after, never under 0."""
    return float(max(0, 100 - max(0, (received - due).days)))


def protected_summary(
    judgement: Judgement, codebook: Codebook, returns: pd.DataFrame | None = None
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """What the public quality page shows: scores, and counts of rows by stream and agency.

    Scores come without what they divide, since a share of a known whole is a count. Counts carry
    `about_persons`: of those streams they are counts of persons' records, to be protected before
    they are printed. So that no such count can be worked back from a score, the shares of rows
    (consistency, uniqueness) of those streams are rounded to tens and hidden (status C) below
    `FEWEST_ROWS`; shares of cells are rounded to whole numbers and hidden below `FEWEST_CELLS_OF`
    rows.
    """
    scores = quality_scores(judgement, codebook, returns)
    account = judgement.account
    by = ["stream", "submitted_by", "submitted_for"]
    counted = ["read", "accepted", "quarantined", "duplicates"]
    counts = account.groupby(by, as_index=False, dropna=False)[counted].sum()
    persons = {name: stream.about_persons for name, stream in codebook.streams.items()}
    counts["about_persons"] = counts["stream"].map(persons)
    rows = scores.merge(counts[[*by, "read", "about_persons"]], on=by, how="left")
    # Of what never came there is no row to protect: that it is missing is no secret.
    rows = rows.fillna({"read": np.inf, "about_persons": False})
    about_persons = rows["about_persons"].to_numpy(bool)
    of_rows = scores["dimension"].isin(["consistency", "uniqueness"]).to_numpy(bool)
    of_cells = scores["dimension"].isin(["completeness", "validity"]).to_numpy(bool)
    read = rows["read"].to_numpy(float)
    few = (of_rows & (read < FEWEST_ROWS)) | (of_cells & (read < FEWEST_CELLS_OF))
    hidden = about_persons & few
    public = scores.drop(columns=["met", "of"])
    score = public["score"].astype("float64")
    score = score.mask(about_persons & of_cells, score.round()).mask(
        about_persons & of_rows, (score / 10).round() * 10
    )
    public["score"] = score.mask(hidden)
    public["status"] = public["status"].mask(hidden, "C")
    return public, counts


def _of_what_is_owed(table: pd.DataFrame, returns: pd.DataFrame) -> pd.DataFrame:
    """Completeness over the months that are owed; a return that is missing has none of it."""
    shares = share_returned(
        of_years(returns)
    )  # what is owed after the last that came is not late yet
    if shares.empty:
        return table
    complete = table["dimension"] == "completeness"
    units = list(zip(table["submitted_by"], table["submitted_for"], table["stream"], strict=True))
    share = pd.Series([shares.get(unit, 1.0) for unit in units], table.index)
    table["score"] = table["score"].mask(complete, (table["score"] * share).round(1))
    known = set(units)
    missing = [
        {**dict(zip([*BY, "stream"], unit, strict=True)), "dimension": "completeness", "score": 0.0}
        for unit, there in shares.items()
        if unit not in known and there == 0
    ]
    if not missing:
        return table
    return pd.concat([table, pd.DataFrame(missing)], ignore_index=True)


def _summed(rows: pd.DataFrame, met: np.ndarray, of: np.ndarray) -> pd.DataFrame:
    table = rows[BY].assign(met=met, of=of).groupby(BY, as_index=False, dropna=False).sum()
    return table.assign(score=np.nan)


def _timeliness(
    rows: pd.DataFrame,
    received: Mapping[tuple[str, int], date],
    due: Mapping[tuple[str, int], date],
) -> pd.DataFrame:
    returns = rows[BY].drop_duplicates()
    scores = [
        timeliness(received[agency, year], due[agency, year])
        if (agency, year) in received and (agency, year) in due
        else np.nan
        for agency, year in returns.itertuples(index=False)
    ]
    return returns.assign(met=np.nan, of=np.nan, score=scores, dimension="timeliness")


def _cells_with(rows: pd.DataFrame, findings: pd.DataFrame, rules: tuple[str, ...]) -> np.ndarray:
    """How many different cells of each row have a finding of `rules` (critical)."""
    own = findings[findings["rule"].isin(rules) & (findings["severity"] == "critical")]
    cells = own.drop_duplicates(["file", "sheet", "row", "column"])
    counted = cells.groupby(_place(cells)).size()
    return np.asarray(counted.reindex(_place(rows), fill_value=0), dtype=float)


def _has_finding(rows: pd.DataFrame, findings: pd.DataFrame) -> np.ndarray:
    return np.asarray(_place(rows).isin(set(_place(findings))), dtype=bool)


def _place(frame: pd.DataFrame) -> pd.Series:
    """One text a row that says where it stands, to look findings up by."""
    sheet, row = frame["sheet"].fillna("").astype("str"), frame["row"].astype("str")
    return frame["file"].fillna("").astype("str") + "|" + sheet + "|" + row
