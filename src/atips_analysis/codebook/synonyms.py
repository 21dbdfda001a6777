"""Accepted spellings: what people write for a code, and for a column.

`synonyms/values.csv` holds spellings of codes (list `*`: spellings of "not known", good for every
list that has such a code; list `yes_no`: of yes and no). `synonyms/headers.csv` holds spellings of
columns, for one stream or (stream blank) for every stream that has the column. Codes, column names
and labels in both languages are spellings by themselves and are not repeated there. Countries' codes
of two letters are listed one by one: NA, NO, NR, SD, ES and others mean something else in a cell.
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

import pandas as pd

from atips_analysis.codebook.spelling import fold

How = Literal["exact", "label", "synonym", "near", "ignored"]
"""How a header was recognised, the surest way first."""

# The code of a list that says "asked or looked for, and not known", in order of preference.
UNKNOWN_CODES = ("UNK", "UNKNOWN", "NOT_SPECIFIED", "NR")
UNKNOWN_BY_LIST = {"sex": "U"}

# A header is taken for a near-spelling from this likeness on, when no other column comes close.
NEAR = 0.86
MARGIN = 0.06
SHORTEST_NEAR = 5


@dataclass(frozen=True)
class HeaderMatch:
    """The column that a header was taken for, and how it was recognised."""

    column: str
    how: How


def label_columns(table: pd.DataFrame) -> list[str]:
    """The columns of a table that hold labels, one a language; English stands first."""
    return [str(name) for name in table if str(name).startswith("label_")]


def value_spellings(
    codelists: dict[str, pd.DataFrame], synonyms: pd.DataFrame
) -> dict[str, dict[str, str]]:
    """For each code list: folded spelling to code.

    Codes win over labels, labels over synonyms, a list's own synonyms over those of "not known".
    """
    anywhere = synonyms[synonyms["codelist"] == "*"]["spelling"]
    spellings = {}
    for name in [*codelists, "yes_no"]:
        found: dict[str, str] = {}
        table = codelists.get(name)
        if table is not None:
            for attribute in ("code", *label_columns(table)):
                for text, code in zip(table[attribute], table["code"], strict=True):
                    found.setdefault(fold(text), code)
        own = synonyms[synonyms["codelist"] == name]
        for text, code in zip(own["spelling"], own["code"], strict=True):
            found.setdefault(fold(text), code)
        unknown = unknown_code(name, tuple(table["code"]) if table is not None else ())
        if unknown is not None:
            for text in anywhere:
                found.setdefault(fold(text), unknown)
        found.pop("", None)
        spellings[name] = found
    return spellings


def header_spellings(
    columns: pd.DataFrame, synonyms: pd.DataFrame
) -> dict[str, dict[str, HeaderMatch]]:
    """For each stream: folded header to the column that it names."""
    spellings: dict[str, dict[str, HeaderMatch]] = {}
    for stream, own in columns.groupby("stream", sort=False):
        found: dict[str, HeaderMatch] = {}
        labels = [(name, "label") for name in label_columns(columns)]
        for attribute, how in (("column", "exact"), *labels):
            for text, column in zip(own[attribute], own["column"], strict=True):
                found.setdefault(fold(text), HeaderMatch(column, how))  # type: ignore[arg-type]
        names = set(own["column"])
        for scope in (stream, ""):
            part = synonyms[synonyms["stream"] == scope]
            for text, column in zip(part["spelling"], part["column"], strict=True):
                if column in names:
                    found.setdefault(fold(text), HeaderMatch(column, "synonym"))
        found.pop("", None)
        spellings[str(stream)] = found
    return spellings


def near_spelling(header: str, known: dict[str, HeaderMatch]) -> HeaderMatch | None:
    """The column whose spelling is all but `header`, or None.

    Conservative: long enough, very alike (difflib ratio of at least 0.86), and clearly more alike
    than any spelling of another column; a doubtful header is left out and reported instead.
    """
    folded = fold(header)
    if len(folded) < SHORTEST_NEAR:
        return None
    best: dict[str, float] = {}
    matcher = SequenceMatcher(b=folded, autojunk=False)
    for spelling, match in known.items():
        if len(spelling) < SHORTEST_NEAR:
            continue
        matcher.set_seq1(spelling)
        if matcher.real_quick_ratio() < NEAR - MARGIN or matcher.quick_ratio() < NEAR - MARGIN:
            continue
        best[match.column] = max(best.get(match.column, 0.0), matcher.ratio())
    ranked = sorted(best.items(), key=lambda item: (-item[1], item[0]))
    if not ranked or ranked[0][1] < NEAR:
        return None
    if len(ranked) > 1 and ranked[0][1] - ranked[1][1] < MARGIN:
        return None
    return HeaderMatch(ranked[0][0], "near")


def unknown_code(codelist: str, codes: tuple[str, ...]) -> str | None:
    """The code of `codelist` for "not known", or None when the list has no such code."""
    if codelist in UNKNOWN_BY_LIST:
        return UNKNOWN_BY_LIST[codelist]
    return next((code for code in UNKNOWN_CODES if code in codes), None)
