"""What is said of all figures of a table by a text that is none of its cells.

A line above the table or below it, a title between its rows, a comment on its header, the sheet's
name, tags under the header: "Cumulative", "Cancelled sessions", "in thousands", "2024".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

import pandas as pd

from atips_analysis.codebook import fold, words
from atips_analysis.intake import receipt_words as say
from atips_analysis.intake.grid import Grid
from atips_analysis.intake.header import Header
from atips_analysis.intake.header_reading import kind_of
from atips_analysis.intake.naming import YEAR, years_said
from atips_analysis.intake.questions import COUNT, LEAVE, Asked, Choice
from atips_analysis.intake.sheet import Beside, Columns, Sheet
from atips_analysis.intake.taken_back import runs, spellings, takes_back

TELLING = {"cumulative", "planned", "previous", "estimate", "fiscal"}
"""Kinds of words that, said of a table, make its figures others than the form asks for."""
LEAST_WIDTH = 2  # columns: in a narrower table a text alone in its row may be a row
_ORDINARY = {
    fold(text)
    for text in ("plan", "target", "meta", "registered", "running", "so far", "old", "original")
}
_FISCAL = re.compile(r"\bFY\s*['’]?\d", re.IGNORECASE)


def beside(grid: Grid, header: Header, below: pd.DataFrame, remarks: list[int]) -> list[Beside]:
    """The texts beside a table: `below` are its rows as they stand, `remarks` lines at its end."""
    comments = grid.marks.comments
    above = [text for (row, _), text in sorted(comments.items()) if row <= header.last_row]
    whole = [*header.titles, grid.name if grid.from_workbook else "", *above]
    whole += [str(text) for row in remarks for text in below.loc[row].dropna()]
    found = [Beside(text) for text in whole if text]
    return found + list(_between(below[~below.index.isin(remarks)], len(header.texts)))


def says_beside(text: str) -> bool:
    """Whether a text beside a table says that its figures are not what the form asks for."""
    kinds = set(_kinds_in(text))
    return bool(
        kinds & TELLING
        or any(kind.startswith("times ") for kind in kinds)
        or _FISCAL.search(text)
        or takes_back(text)
    )


def ask_about_words_beside(sheet: Sheet, chosen: Columns, asked: Asked) -> set[int]:
    """Ask about each text that says more of the figures; the rows that an answer leaves out."""
    out: set[int] = set()
    marked = bool(sheet.grid.marks.struck or sheet.grid.marks.colours)
    bare = _months_without_year(sheet, chosen)
    for one in sheet.beside:
        rows = [int(row) for row in sheet.rows.index if one.rows is None or row in one.rows]
        years = years_said(one.text)
        if marked and runs(one.text) & spellings("mark"):
            continue  # a legend: the rows that bear the mark are asked about by it
        if says_beside(one.text):
            text = say.SAYS_BESIDE.format(title=repr(one.text), year=sheet.year)
        elif years and years != {sheet.year} and bare & set(rows):
            rows = sorted(bare & set(rows))
            listed = ", ".join(map(str, sorted(years)))
            text = say.OTHER_YEAR.format(title=repr(one.text), years=listed, year=sheet.year)
        else:
            continue
        choices = (Choice(COUNT, say.COUNT_THEM), Choice(LEAVE, say.LEFT_OUT))
        if rows and asked.ask("title", one.text, text, choices, rows) == LEAVE:
            out |= set(rows)
    return out


def _between(below: pd.DataFrame, width: int) -> Iterator[Beside]:
    """Titles within the table: a text alone in its row, of the rows down to the next such title."""
    if width <= LEAST_WIDTH or below.empty:
        return
    filled = below.notna().sum(axis=1)
    alone = [int(row) for row in below.index[filled == 1]]
    texts = {row: str(below.loc[row].dropna().iloc[0]) for row in alone}
    titles = [row for row in alone if any(letter.isalnum() for letter in texts[row])]
    for row, end in pairwise([*titles, int(below.index[-1]) + 1]):
        rows = frozenset(int(one) for one in below.index if row < one < end)
        yield Beside(texts[row], rows)


def _months_without_year(sheet: Sheet, chosen: Columns) -> set[int]:
    """The rows whose months are all written without a year."""
    places = [
        place for name, place in chosen.places.items() if sheet.stream.column(name).type == "month"
    ]
    if not places:
        return set()
    months = sheet.rows[places].astype("str").where(sheet.rows[places].notna())
    dated = months.map(lambda text: isinstance(text, str) and bool(YEAR.search(text))).any(axis=1)
    return {int(row) for row in sheet.rows.index[~dated & months.notna().any(axis=1)]}


def _kinds_in(text: str) -> Iterator[str]:
    """Kinds of the words of a title; words of one or two letters say nothing there."""
    alone = fold(re.sub(r"[\W\d_]+", " ", text))  # "Plan 2026" is one, "Plan of Action" is none
    tokens = [token for token in text.replace("’", "'").split() if token]
    for at in range(len(tokens)):
        for length in (3, 2, 1):
            said = " ".join(tokens[at : at + length])
            run, kind = fold(said), kind_of(said)
            if (
                kind
                and len(run) > 2
                and (run not in _ORDINARY or run == alone or kind.startswith("times "))
            ):
                yield kind
    if "fy" in words(text):
        yield "fiscal"
