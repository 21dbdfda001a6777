"""A sheet while its columns are chosen, and each of the form's columns where it stands in it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import pandas as pd

from atips_analysis.codebook import Codebook, Column, Stream, fold
from atips_analysis.intake.grid import Grid
from atips_analysis.intake.header import Header
from atips_analysis.intake.header_reading import Reading
from atips_analysis.intake.questions import Asked, Choice, Kind
from atips_analysis.words.said import Message

SAMPLE = 3
FEEDBACK = {fold(text) for text in ("Verdict", "Dictamen", "What to do", "Qué hacer")}
"""Columns that the feedback workbook adds for the agency; they come back with the correction."""
ISO_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?: .*)?")

Note = tuple[int | None, str, str]
Change = Callable[[pd.Series], pd.Series]


@dataclass
class Columns:
    """Where each of the form's columns stands in the sheet, and what becomes of its figures."""

    places: dict[str, int]
    change: dict[str, Change] = field(default_factory=dict)
    constant: dict[str, str] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)


@dataclass(frozen=True)
class Beside:
    """A text beside the table, or between its rows: of which rows it may say something (all: None)."""

    text: str
    rows: frozenset[int] | None = None


@dataclass(frozen=True)
class Sheet:
    """What is known of a sheet when its columns are chosen."""

    grid: Grid
    header: Header
    rows: pd.DataFrame
    stream: Stream
    codebook: Codebook
    year: int
    file: str
    beside: tuple[Beside, ...] = ()

    @property
    def is_feedback(self) -> bool:
        """Whether it is a sheet of a feedback workbook, whose colours and comments are ours."""
        return any(fold(text) in FEEDBACK for text in self.header.texts.values())

    def text(self, position: int) -> str:
        return self.header.texts[position]

    def in_a_line(self, position: int) -> str:
        """The header, its two rows in one line: an answer that names it is one line of a file."""
        return " / ".join(self.header.texts[position].split("\n"))

    def sample(self, values: pd.Series) -> str:
        return ", ".join(values.dropna().astype(str).head(SAMPLE)) or "-"

    def first(self, position: int) -> str:
        filled = self.rows[position].dropna()
        return str(filled.iloc[0]) if len(filled) else "-"

    def note(self, chosen: Columns, message: Message, position: int, **more: object) -> None:
        """Tell something of a header on the receipt."""
        note = message.format(header=repr(self.text(position)), **more)
        chosen.notes.append((self.header.row, "", note))


@dataclass(frozen=True)
class ChosenColumn:
    """One of the form's columns where it stands in a sheet: what is asked of it and done to it."""

    sheet: Sheet
    column: Column
    place: int
    chosen: Columns
    asked: Asked

    @property
    def header(self) -> str:
        return self.sheet.text(self.place)

    @property
    def reading(self) -> Reading:
        return self.sheet.header.readings[self.place]

    @property
    def values(self) -> pd.Series:
        return self.sheet.rows[self.place]

    @property
    def first_value(self) -> str:
        return self.sheet.first(self.place)

    def ask(
        self, kind: Kind, text: str, choices: Iterable[Choice], rows: Iterable[int] | None = None
    ) -> str | None:
        """The answer to a question about its header, if it was given (`Asked.ask`)."""
        return self.asked.ask(kind, self.header, text, choices, rows, self.column.name)

    def note(self, message: Message, **more: object) -> None:
        """Tell something of its header on the receipt."""
        self.sheet.note(self.chosen, message, self.place, **more)

    def then(self, change: Change) -> None:
        """Do `change` after what is to be done to the column already."""
        before = self.chosen.change.get(self.column.name, lambda values: values)
        self.chosen.change[self.column.name] = lambda values: change(before(values))

    def first(self, known: dict[str, str]) -> None:
        """Put figures in place of others before what is to be done to the column already."""
        then = self.chosen.change.get(self.column.name, lambda values: values)
        changed = mapped(known)
        self.chosen.change[self.column.name] = lambda values: then(changed(values.str.strip()))


def mapped(known: dict[str, str]) -> Change:
    """Texts that are known, each for another; the others stay."""
    return lambda values: values.map(lambda text: known.get(text, text), na_action="ignore").astype(
        "str"
    )


def in_rows(rows: set[int], change: Callable[[str], str]) -> Change:
    """A change of the texts in some rows."""

    def changed(values: pd.Series) -> pd.Series:
        found = [
            change(text) if row in rows and isinstance(text, str) else text
            for row, text in values.items()
        ]
        return pd.Series(found, index=values.index, dtype="str")

    return changed
