"""What the sheets of an OpenDocument workbook carry besides their values."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass, field
from typing import Any
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import iterparse

from atips_analysis.intake.limits import MOST_CELLS, MOST_COLUMNS, too_wide
from atips_analysis.intake.marks import Marks, Place, colour_word, format_word, is_white

MOST_REPEATED = 20_000  # rows that say the same, all written as one
RAISED = "raised"
ERRORS = ("#VALUE!", "#DIV/0!", "#N/A", "#NAME?", "#REF!", "#NUM!", "#NULL!", "Err:")


def marks_of_ods(archive: zipfile.ZipFile, file: str) -> dict[str, Marks]:
    """Marks of each sheet, by the sheet's name.

    Raises
    ------
    InputError
        If a sheet holds something far to the right of, or far below, any return.
    """
    name = next(name for name in archive.namelist() if name.lower() == "content.xml")
    styles: dict[str, tuple[bool, str]] = {}
    tables: list[_Table] = []
    since_1904 = False
    depth = 0
    for event, element in iterparse(archive.open(name), ("start", "end"), forbid_dtd=True):
        local = _local(element)
        if event == "start":
            depth += local == "table"
            if local == "table" and depth == 1:
                tables.append(_Table(str(_get(element, "name")), file))
            continue
        if local == "style":
            styles[str(_get(element, "name"))] = _style(element)
        elif local == "null-date":
            since_1904 = str(_get(element, "date-value", "")).startswith("1904")
        elif local == "table":
            depth -= 1
        elif tables and depth == 1:
            tables[-1].take(local, element, styles)
    return {table.name: table.marks(since_1904) for table in tables}


@dataclass
class _Table:
    """One sheet while it is read."""

    name: str
    file: str
    row: int = 1
    column: int = 0
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    filtered: bool = False
    struck: set[Place] = field(default_factory=set)
    colours: dict[Place, str] = field(default_factory=dict)
    comments: dict[Place, str] = field(default_factory=dict)
    unread: dict[Place, str] = field(default_factory=dict)
    raised: dict[Place, tuple[str, str]] = field(default_factory=dict)
    shown: dict[Place, str] = field(default_factory=dict)
    columns: int = 0
    rows: int = 0

    def take(self, local: str, element: Element, styles: dict[str, tuple[bool, str]]) -> None:
        if local == "table-column":
            number = int(_get(element, "number-columns-repeated", "1"))
            if _get(element, "visibility") in ("collapse", "filter"):
                last = min(self.column + number, MOST_COLUMNS)
                self.hidden_columns |= set(range(self.column, last))
            self.column += number
        elif local == "table-row":
            self._row(element, styles)
            element.clear()

    def _row(self, element: Element, styles: dict[str, tuple[bool, str]]) -> None:
        number = int(_get(element, "number-rows-repeated", "1"))
        self.column, holds = 0, False
        for cell in element:
            if _local(cell) in ("table-cell", "covered-table-cell"):
                holds = self._cell(cell, styles) or holds
        if holds and number > MOST_REPEATED:
            raise too_wide(self.file, self.name)
        if holds:
            self.rows = self.row + number - 1
        if self.columns > MOST_COLUMNS or self.columns * self.rows > MOST_CELLS:
            raise too_wide(self.file, self.name)
        visibility = _get(element, "visibility")
        if visibility in ("collapse", "filter") and holds:
            self.hidden_rows |= set(range(self.row, self.row + number))
            self.filtered = self.filtered or visibility == "filter"
        self.row += number

    def _cell(self, cell: Element, styles: dict[str, tuple[bool, str]]) -> bool:
        """Take one cell; whether it holds anything."""
        number = int(_get(cell, "number-columns-repeated", "1"))
        place = (self.row, self.column)
        self.column += number
        kind = _get(cell, "value-type")
        text = "".join("".join(child.itertext()) for child in cell if _local(child) == "p").strip()
        for child in cell:
            if _local(child) == "annotation":
                said = (part for part in child.iter() if _local(part) == "p")
                self.comments[place] = " ".join("".join(part.itertext()) for part in said)
        formula = _get(cell, "formula")
        error = "error" in _values(cell, "value-type")
        if error or (formula and text.startswith(ERRORS)):
            self.unread[place] = text or "#VALUE!"
        elif formula and not kind:
            self.unread[place] = "=" + formula.partition(":=")[2]
        if kind is None and not text:
            return False
        self.columns = max(self.columns, self.column)
        self._text(cell, place, text, styles)
        struck, colour = styles.get(str(_get(cell, "style-name")), (False, ""))
        if struck:
            self.struck.add(place)
        if colour and colour != RAISED:
            self.colours[place] = colour
        return True

    def _text(
        self, cell: Element, place: Place, text: str, styles: dict[str, tuple[bool, str]]
    ) -> None:
        """What is raised in a text, and what is shown of a whole number."""
        off = "".join(
            "".join(part.itertext())
            for part in cell.iter()
            if _local(part) == "span"
            and RAISED in styles.get(str(_get(part, "style-name")), ("", ""))
        )
        if off and text.endswith(off):
            self.raised[place] = (text.removesuffix(off), off)
        value = _get(cell, "value")
        if value is None or _get(cell, "value-type") not in ("float", "percentage"):
            return
        digits = "".join(letter for letter in text if letter in "0123456789.-")
        whole = value.removesuffix(".0")
        if whole.lstrip("-").isdecimal() and text and digits.partition(".")[0] != whole:
            self.shown[place] = text

    def marks(self, since_1904: bool) -> Marks:
        return Marks(
            frozenset(self.hidden_rows),
            frozenset(self.hidden_columns),
            self.filtered,
            frozenset(self.struck),
            self.colours,
            self.comments,
            self.raised,
            self.unread,
            self.shown,
            since_1904=since_1904,
        )


def _style(element: Element) -> tuple[bool, str]:
    """Whether a style strikes through, and its colour in a word."""
    struck, fill, ink, white = False, "", "", False
    for part in element:
        for key, value in part.items():
            name = key.rpartition("}")[2]
            if name in ("text-line-through-style", "text-line-through-type"):
                struck = struck or value not in ("none", "")
            elif name == "background-color" and value.startswith("#"):
                fill = colour_word(value)
            elif name == "text-position" and value.startswith(("super", "sub")):
                return struck, RAISED
            elif name == "color" and value.startswith("#"):
                ink, white = colour_word(value), is_white(value)
    return struck, format_word(fill, ink, white)


def _get(element: Element, name: str, default: Any = None) -> Any:
    """An attribute by its local name, the office namespace's before others'."""
    found = [value for key, value in element.items() if key.rpartition("}")[2] == name]
    return found[0] if found else default


def _values(element: Element, name: str) -> set[str]:
    return {value for key, value in element.items() if key.rpartition("}")[2] == name}


def _local(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]
