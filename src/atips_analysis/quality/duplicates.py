"""Rows that say the same twice, and rows that contradict one another."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from atips_analysis.codebook import Column, Stream
from atips_analysis.quality.checking import Boolean, groups, text
from atips_analysis.quality.findings import finding_rows, no_findings

RETURN = ["submitted_by", "submitted_for"]
ALSO_TELLS_APART = {"services": ("shelter_type",)}
"""Beyond the key: two kinds of shelter that begin in one month are two services."""
NAMED = 5
"""Other rows that a finding names; beyond that it says how many more."""
COPY = {
    "rule": "duplicate",
    "reason_en": "The row repeats {detail} in every value; it is counted once.",
    "remedy_en": "Nothing to do, or delete the row.",
    "reason_es": "La fila repite {detail} en todos sus valores; se cuenta una vez.",
    "remedy_es": "No haga nada o elimine la fila.",
}
EVENT = {
    "rule": "repeated event",
    "reason_en": "The row says the same as {detail}; one row is one event here, so it counts.",
    "remedy_en": "Nothing to do; delete the row if it was sent twice.",
    "reason_es": "La fila dice lo mismo que {detail}; aquí una fila es un hecho, así que cuenta.",
    "remedy_es": "No haga nada; elimine la fila si se envió dos veces.",
}
CONFLICT = {
    "rule": "contradiction",
    "reason_en": "The row has the same key as another row, but other values: {detail}.",
    "remedy_en": "Keep the row that is right and delete the others, or correct the key.",
    "reason_es": "La fila tiene la misma clave que otra, pero otros valores: {detail}.",
    "remedy_es": "Conserve la fila correcta y elimine las demás, o corrija la clave.",
}


@dataclass(frozen=True)
class Copies:
    """`flag` marks the later copies among the rows; `findings` say which row each repeats."""

    flag: Boolean
    findings: pd.DataFrame


def later_copies(frame: pd.DataFrame, stream: Stream) -> Copies:
    """Rows equal in every column to an earlier row of the same agency and year.

    They are copies, unless the table is a list of single events: then each counts, and is named.
    """
    names = [column.name for column in stream.columns]
    equal = frame.duplicated([*RETURN, *names], keep="first").to_numpy(bool)
    if not equal.any():
        return Copies(equal, no_findings())
    events = single_events(frame, stream)
    # The third of five equal events is a copy of the third of another table that was sent too.
    table = ["file", "sheet", *RETURN, *names]
    number = frame.groupby(table, dropna=False, sort=False).cumcount()
    again = frame.assign(number=number).duplicated([*RETURN, *names, "number"]).to_numpy(bool)
    copy = np.where(events, again, equal)
    copies = _repeating(frame, stream, copy, COPY)
    counted = _repeating(frame, stream, equal & ~copy, EVENT)
    return Copies(copy, pd.concat([copies, counted], ignore_index=True))


def single_events(frame: pd.DataFrame, stream: Stream) -> Boolean:
    """Rows of tables that list events one by one: no number of their own, and never more than 1.

    A table is a sheet of a file. Where a record has a number of its own, or a row is a total, equal
    rows say the same thing twice.
    """
    counts = [column.name for column in stream.columns if column.type == "count"]
    if len(counts) != 1 or any(column.type == "id" for column in stream.columns if column.key):
        return np.zeros(len(frame), dtype=bool)
    one = frame[counts[0]].isin(["0", "1"])
    tables = [frame["file"].fillna(""), frame["sheet"].fillna("")]
    return np.asarray(one.groupby(tables).transform("all"), dtype=bool)


def _repeating(
    frame: pd.DataFrame, stream: Stream, flag: Boolean, meta: dict[str, str]
) -> pd.DataFrame:
    """A finding for each row of `flag`: which earlier row says the same."""
    names = [column.name for column in stream.columns]
    if not flag.any():
        return no_findings()
    alike = frame[frame.duplicated([*RETURN, *names], keep=False)]
    group = groups(alike, [*RETURN, *names])
    first = pd.Series(_named(alike)).groupby(group).transform("first").to_numpy(object)
    at = np.flatnonzero(flag)
    detail = first[np.searchsorted(alike.index.to_numpy(), at)]
    value = text(frame[stream.key[0]].iloc[at])
    meta = {**meta, "column": stream.key[0]}
    spanish = np.array([_in_spanish(words) for words in detail], dtype=object)
    return finding_rows(at, meta, "info", value, _in_both(value, detail, spanish))


def conflicting_rows(frame: pd.DataFrame, stream: Stream) -> pd.DataFrame:
    """Findings for rows that share the key within one agency and year and differ otherwise.

    All of them are named, since nobody but the agency knows which one is right. Rows whose
    needed key columns are blank are judged for that instead.
    """
    key = [*RETURN, *stream.key, *ALSO_TELLS_APART.get(stream.name, ())]
    needed = [column.name for column in stream.columns if column.key and column.required]
    whole = frame[needed].notna().all(axis=1) & ~single_events(frame, stream)
    shared = frame[whole & frame.duplicated(key, keep=False)]
    shared = shared[shared.duplicated(key, keep=False)]
    if shared.empty:
        return no_findings()
    others = [column for column in stream.columns if column.name not in key]
    order = np.argsort(groups(shared, key), kind="stable")
    edges = np.flatnonzero(np.diff(groups(shared, key)[order])) + 1
    english = np.full(len(shared), "", dtype=object)
    spanish = np.full(len(shared), "", dtype=object)
    names = _named(shared)
    places = groups(shared, ["file", "sheet"])
    for members in np.split(order, edges):
        rows = shared.iloc[members]
        differing = [column for column in others if rows[column.name].nunique(dropna=False) > 1]
        for member in members:
            there = _listed(names, places, member, [item for item in members if item != member])
            english[member] = f"{there} ({_labels(differing, 'en')})"
            spanish[member] = f"{_in_spanish(there)} ({_labels(differing, 'es')})"
    meta = {**CONFLICT, "column": stream.key[0]}
    value = text(shared[stream.key[0]])
    words = _in_both(value, english, spanish)
    return finding_rows(shared.index.to_numpy(), meta, "critical", value, words)


def _named(frame: pd.DataFrame) -> np.ndarray:
    """How a person finds a row again: file, sheet and row."""
    places = zip(text(frame["file"]), text(frame["sheet"]), text(frame["row"]), strict=True)
    return np.array(
        [
            f"row {row} of {f'sheet {sheet} in ' if sheet else ''}{file}"
            for file, sheet, row in places
        ],
        dtype=object,
    )


def _in_both(
    value: np.ndarray, english: np.ndarray, spanish: np.ndarray
) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    return {"en": (value, english), "es": (value, spanish)}


def _in_spanish(words: str) -> str:
    for english, spanish in (
        ("row ", "la fila "),
        ("rows ", "las filas "),
        (" of this sheet", " de esta hoja"),
        (" of sheet ", " de la hoja "),
        (" of ", " de "),
        (" in ", " en "),
        (" and ", " y "),
        (" more", " más"),
    ):
        words = words.replace(english, spanish)
    return words


def _listed(names: np.ndarray, places: np.ndarray, member: int, others: list[int]) -> str:
    """The other rows by name; those of the same sheet by their row alone."""
    near = [other for other in others if places[other] == places[member]]
    shown = [str(names[other]).split(" of ")[0].removeprefix("row ") for other in near[:NAMED]]
    parts = [f"row{'s' * (len(near) > 1)} {', '.join(shown)}"] if near else []
    if len(near) > NAMED:
        parts[0] += f" and {len(near) - NAMED} more"
    if near:
        parts[0] += " of this sheet"
    far = [str(names[other]) for other in others if places[other] != places[member]]
    parts += far[:NAMED] + ([f"and {len(far) - NAMED} more"] if len(far) > NAMED else [])
    return ", ".join(parts)


def _labels(columns: list[Column], lang: str) -> str:
    return ", ".join(column.label(lang) for column in columns)
