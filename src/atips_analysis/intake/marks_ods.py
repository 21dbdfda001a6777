"""What the sheets of an OpenDocument workbook carry besides their values."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import iterparse

from atips_analysis.intake.gathered_marks import Gathered
from atips_analysis.intake.limits import MOST_CELLS, MOST_COLUMNS, too_wide
from atips_analysis.intake.marks import Marks, Place, colour_word, format_word, is_white
from atips_analysis.intake.xlsx_package import local_name, place_of

MOST_REPEATED = 20_000  # rows that say the same, all written as one
RAISED = "raised"
ERRORS = ("#VALUE!", "#DIV/0!", "#N/A", "#NAME?", "#REF!", "#NUM!", "#NULL!", "Err:")


@dataclass(frozen=True)
class _Style:
    """What a style does to a cell: struck through, a colour in a word, the same by a rule."""

    struck: bool = False
    colour: str = ""
    by_rule: bool = False

    @property
    def hides(self) -> bool:
        return self.struck or self.colour == "white letters"


PLAIN = _Style()
Styles = dict[str, _Style]


def marks_of_ods(archive: zipfile.ZipFile, file: str) -> dict[str, Marks]:
    """Marks of each sheet, by the sheet's name.

    Raises InputError if a sheet holds something far to the right of, or far below, any return.
    """
    styles = _named_styles(archive)
    tables: list[_Table] = []
    since_1904 = False
    depth = 0
    for event, element in _elements(archive, "content.xml"):
        local = local_name(element)
        if event == "start":
            depth += local == "table"
            if local == "table" and depth == 1:
                tables.append(_Table(str(_get(element, "name")), file))
            continue
        if local == "style":
            styles[str(_get(element, "name"))] = _style(element, styles)
        elif local == "null-date":
            since_1904 = str(_get(element, "date-value", "")).startswith("1904")
        elif local == "table":
            depth -= 1
        elif tables and depth == 1:
            tables[-1].take(local, element, styles)
    return {table.name: table.marks(table.comments, (), since_1904) for table in tables}


def _named_styles(archive: zipfile.ZipFile) -> Styles:
    """The styles that people gave a name; those of the sheets build on them."""
    styles: Styles = {}
    for event, element in _elements(archive, "styles.xml"):
        if event == "end" and local_name(element) == "style":
            styles[str(_get(element, "name"))] = _style(element, styles)
    return styles


def _elements(archive: zipfile.ZipFile, part: str) -> Iterator[tuple[str, Element]]:
    for name in archive.namelist():
        if name.lower() == part:
            yield from iterparse(archive.open(name), ("start", "end"), forbid_dtd=True)
            return


class _Table(Gathered):
    """One sheet while it is read."""

    def __init__(self, name: str, file: str) -> None:
        super().__init__()
        self.name, self.file = name, file
        self.row, self.column = 1, 0
        self.columns = 0
        self.comments: dict[Place, str] = {}
        self.of_columns: list[tuple[int, str]] = []
        self.taken: list[int] = []

    def take(self, local: str, element: Element, styles: Styles) -> None:
        if local == "table-column":
            number = int(_get(element, "number-columns-repeated", "1"))
            style = str(_get(element, "default-cell-style-name", ""))
            self.of_columns.append((self.column + number, style))
            if _get(element, "visibility") in ("collapse", "filter"):
                last = min(self.column + number, MOST_COLUMNS)
                self.hidden_columns |= set(range(self.column, last))
            self.column += number
        elif local == "table-row":
            self._row(element, styles)
            element.clear()
        elif local == "conditional-format":
            named = (str(_get(rule, "apply-style-name", "")) for rule in element)
            if any(styles.get(name, PLAIN).hides for name in named):
                self.rule(str(_get(element, "target-range-address", "")), _place_of)

    def _row(self, element: Element, styles: Styles) -> None:
        number = int(_get(element, "number-rows-repeated", "1"))
        self.column, self.taken, holds = 0, [], False
        default = str(_get(element, "default-cell-style-name", ""))
        for cell in element:
            if local_name(cell) in ("table-cell", "covered-table-cell"):
                holds = self._cell(cell, styles, default) or holds
        if holds and number > MOST_REPEATED:
            raise too_wide(self.file, self.name)
        if holds:
            self.rows = self.row + number - 1
        if self.columns > MOST_COLUMNS or self.columns * self.rows > MOST_CELLS:
            raise too_wide(self.file, self.name)
        if holds and number > 1:
            self._repeat(number)
        visibility = _get(element, "visibility")
        if visibility in ("collapse", "filter") and holds:
            self.hidden_rows |= set(range(self.row, self.row + number))
            self.filtered = self.filtered or visibility == "filter"
        self.row += number

    def _repeat(self, number: int) -> None:
        """The same marks for the rows below that say the same, which are written as one."""
        below = range(self.row + 1, self.row + number)
        stores: tuple[dict[Place, Any], ...] = (
            self.colours, self.comments, self.unread, self.raised, self.shown
        )  # fmt: skip
        for column in self.taken:
            for store in stores:
                if (self.row, column) in store:
                    told = store[self.row, column]
                    store.update({(row, column): told for row in below})
            if (self.row, column) in self.struck:
                self.struck |= {(row, column) for row in below}
        if self.row in self.by_rule:
            self.by_rule |= set(below)

    def _style_of(self, cell: Element, column: int, default: str) -> str:
        """The name of a cell's style: its own, else its row's, else its column's."""
        columns = (name for end, name in self.of_columns if column < end)
        return str(_get(cell, "style-name", "")) or default or next(columns, "")

    def _cell(self, cell: Element, styles: Styles, default: str) -> bool:
        """Take one cell; whether it holds anything."""
        number = int(_get(cell, "number-columns-repeated", "1"))
        place = (self.row, self.column)
        self.taken.append(self.column)
        self.column += number
        kind = _get(cell, "value-type")
        text = "".join(
            "".join(child.itertext()) for child in cell if local_name(child) == "p"
        ).strip()
        for child in cell:
            if local_name(child) == "annotation":
                said = (part for part in child.iter() if local_name(part) == "p")
                self.comments[place] = " ".join("".join(part.itertext()) for part in said)
        formula = _get(cell, "formula")
        error = "error" in {
            value for key, value in cell.items() if key.rpartition("}")[2] == "value-type"
        }
        if error or (formula and text.startswith(ERRORS)):
            self.unread[place] = text or "#VALUE!"
        elif formula and not kind:
            self.unread[place] = "=" + formula.partition(":=")[2]
        if kind is None and not text:
            return False
        self.columns = max(self.columns, self.column)
        self._text(cell, place, text, styles)
        style = styles.get(self._style_of(cell, place[1], default), PLAIN)
        if style.struck:
            self.struck.add(place)
        if style.colour and style.colour != RAISED:
            self.colours[place] = style.colour
        if style.by_rule:
            self.by_rule.add(self.row)
        return True

    def _text(self, cell: Element, place: Place, text: str, styles: Styles) -> None:
        """What is raised in a text, and what is shown of a whole number."""
        off = "".join(
            "".join(part.itertext())
            for part in cell.iter()
            if local_name(part) == "span"
            and styles.get(str(_get(part, "style-name")), PLAIN).colour == RAISED
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


def _style(element: Element, known: Mapping[str, _Style]) -> _Style:
    """What a style does, from what it says itself and from the style that it builds on."""
    of = {
        key.rpartition("}")[2]: value
        for part in element
        if local_name(part).endswith("-properties")
        for key, value in part.items()
    }
    base = known.get(str(_get(element, "parent-style-name", "")), PLAIN)
    lines = [
        of[name] for name in ("text-line-through-style", "text-line-through-type") if name in of
    ]
    struck = any(line not in ("none", "") for line in lines) if lines else base.struck
    if of.get("text-position", "").startswith(("super", "sub")):
        return _Style(struck, RAISED)
    fill, ink = of.get("background-color", ""), of.get("color", "")
    said = [value for value in (fill, ink) if value.startswith("#")]
    colour = (
        format_word(
            colour_word(fill) if fill in said else "",
            colour_word(ink) if ink in said else "",
            ink in said and is_white(ink),
        )
        if said or fill == "transparent"
        else base.colour
    )
    rules = (
        str(_get(part, "apply-style-name", "")) for part in element if local_name(part) == "map"
    )
    by_rule = base.by_rule or any(known.get(name, PLAIN).hides for name in rules)
    return _Style(struck, colour, by_rule)


def _place_of(corner: str) -> Place | None:
    """The place of a cell of an address such as `Sheet1.A1` or `$'My.Sheet'.$B$7`."""
    return place_of(corner.rpartition(".")[2].replace("$", ""))


def _get(element: Element, name: str, default: Any = None) -> Any:
    """An attribute by its local name, the office namespace's before others'."""
    found = [value for key, value in element.items() if key.rpartition("}")[2] == name]
    return found[0] if found else default
