"""Rows that say the same twice, and rows that contradict one another."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from atips_analysis.codebook import Stream
from atips_analysis.quality.expectation_kinds import Boolean, groups, text
from atips_analysis.quality.findings import finding_rows, no_findings
from atips_analysis.words import N_, Translator, languages, translator

RETURN = ["submitted_by", "submitted_for"]
ALSO_TELLS_APART = {"services": ("shelter_type",)}
"""Beyond the key: two kinds of shelter that begin in one month are two services."""
NAMED = 5
"""Other rows that a finding names; beyond that it says how many more."""
COPY = {
    "rule": "duplicate",
    "reason": N_("The row repeats {detail} in every value; it is counted once."),
    "remedy": N_("Nothing to do, or delete the row."),
}
EVENT = {
    "rule": "repeated event",
    "reason": N_("The row says the same as {detail}; one row is one event here, so it counts."),
    "remedy": N_("Nothing to do; delete the row if it was sent twice."),
}
CONFLICT = {
    "rule": "contradiction",
    "reason": N_("The row has the same key as another row, but other values: {detail}."),
    "remedy": N_("Keep the row that is right and delete the others, or correct the key."),
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
    equal = np.zeros(len(frame), dtype=bool)
    # What is equal in all is equal in the key: most returns are done with looking at the key.
    alike = frame.duplicated([*RETURN, *stream.key], keep=False).to_numpy(bool)
    equal[alike] = frame[alike].duplicated([*RETURN, *names], keep="first")
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
    frame: pd.DataFrame, stream: Stream, flag: Boolean, rule: dict[str, str]
) -> pd.DataFrame:
    """A finding for each row of `flag`: which earlier row says the same."""
    names = [column.name for column in stream.columns]
    if not flag.any():
        return no_findings()
    alike = frame[frame.duplicated([*RETURN, *names], keep=False)]
    group = groups(alike, [*RETURN, *names])
    first = pd.Series(np.arange(len(alike))).groupby(group).transform("first").to_numpy()
    at = np.flatnonzero(flag)
    repeated = alike.iloc[first[np.searchsorted(alike.index.to_numpy(), at)]]
    value = text(frame[stream.key[0]].iloc[at])
    details = {lang: _place_in_words(repeated, translator(lang)) for lang in languages()}
    words = _in_words(rule, details)
    return finding_rows(at, stream.key[0], value, rule["rule"], "info", words)


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
    places = groups(shared, ["file", "sheet"])
    value = text(shared[stream.key[0]])
    details = {}
    for lang in languages():
        _ = translator(lang)
        detail = [""] * len(shared)
        names = _place_in_words(shared, _)
        for members in np.split(order, edges):
            rows = shared.iloc[members]
            differing = [column for column in others if rows[column.name].nunique(dropna=False) > 1]
            labels = ", ".join(column.label(lang) for column in differing)
            for member in members:
                others_there = [item for item in members if item != member]
                near = [item for item in others_there if places[item] == places[member]]
                far = [names[item] for item in others_there if places[item] != places[member]]
                there = _listed([str(row) for row in text(shared["row"].iloc[near])], far, _)
                detail[member] = f"{there} ({labels})"
        details[lang] = detail
    at, words = shared.index.to_numpy(), _in_words(CONFLICT, details)
    return finding_rows(at, stream.key[0], value, CONFLICT["rule"], "critical", words)


def _in_words(
    rule: dict[str, str], details: dict[str, list[str]]
) -> dict[str, tuple[np.ndarray, str]]:
    """The words of a rule that no suite has, by language, with the detail of each row."""
    reason, remedy = rule["reason"], rule["remedy"]
    words = {}
    for lang, own in details.items():
        _ = translator(lang)
        said = np.array([_(reason, detail=detail) for detail in own], dtype=object)
        words[lang] = said, _(remedy)
    return words


def _place_in_words(frame: pd.DataFrame, _: Translator) -> list[str]:
    """How a person finds a row again: file, sheet and row."""
    names = []
    for file, sheet, row in zip(
        text(frame["file"]), text(frame["sheet"]), text(frame["row"]), strict=True
    ):
        if sheet:
            names.append(_("row {row} of sheet {sheet} in {file}", row=row, sheet=sheet, file=file))
        else:
            names.append(_("row {row} of {file}", row=row, file=file))
    return names


def _listed(near: list[str], far: list[str], _: Translator) -> str:
    """The other rows by name; those of the same sheet (`near`) by their row alone."""
    shown, more = ", ".join(near[:NAMED]), len(near) - NAMED
    parts = []
    if more > 0:
        parts.append(_("rows {rows} and {more} more of this sheet", rows=shown, more=more))
    elif near:
        parts.append(
            _.ngettext(
                "row {rows} of this sheet", "rows {rows} of this sheet", len(near), rows=shown
            )
        )
    parts += far[:NAMED]
    if len(far) > NAMED:
        parts.append(_("and {more} more", more=len(far) - NAMED))
    return ", ".join(parts)
