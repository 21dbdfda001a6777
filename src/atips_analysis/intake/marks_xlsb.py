"""What the sheets of an xlsb carry besides their values.

Source of the layouts: Microsoft, [MS-XLSB] Excel (.xlsb) Binary File Format; the numbers of its
records are those of its table 2.3.2.
"""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from atips_analysis.intake.gathered_marks import Gathered
from atips_analysis.intake.marks import Marks, Place
from atips_analysis.intake.marks_xls import ERRORS, small_number
from atips_analysis.intake.number_format import PERCENT
from atips_analysis.intake.xlsx_package import Package
from atips_analysis.intake.xlsx_styles import (
    BUILT_IN_YEARLESS,
    PLAIN_STYLE,
    Strings,
    Style,
    colour_of,
    is_white_colour,
    style_of,
)

WORKBOOK = "xl/workbook.bin"
WORKBOOK_PROPERTIES, SHEET = 153, 156
FONT, FORMAT, FILL, XF, FIRST_XF, LAST_XF, RULE_FORMAT = 43, 44, 45, 47, 617, 618, 507
STRING = 19
ROW, COLUMNS, MERGE, FILTER, AREA_OF_RULE, RULE = 0, 60, 176, 163, 461, 463
CELLS = {*range(2, 12), 62}
ERROR_CELLS, STRING_CELL, REAL_CELLS, SMALL_CELL = (3, 11), 7, (5, 9), 2
AUTHOR, COMMENT, COMMENT_TEXT, TABLE = 632, 635, 637, 343
COLOUR_PROPERTY, STRUCK_PROPERTY, FORMAT_PROPERTY = 0x05, 0x1D, 0x26
LEAST_HEIGHT = 60  # twentieths of a point of a row: a row of text takes 240 and more
OWN_AUTHOR = "atips check"


@dataclass(frozen=True)
class _Font:
    struck: bool
    ink: str
    white: bool
    raised: bool


@dataclass
class _Book:
    """What all sheets share."""

    fonts: list[_Font] = field(default_factory=list)
    styles: list[Style] = field(default_factory=list)
    rules: set[int] = field(default_factory=set)
    strings: Strings = field(default_factory=Strings)
    since_1904: bool = False


def marks_of_xlsb(archive: zipfile.ZipFile) -> dict[str, Marks]:
    """Marks of each sheet, by the sheet's name.

    Raises
    ------
    struct.error, LookupError, ValueError
        If a part is not as the format has it.
    """
    package = Package(archive)
    links = package.links(WORKBOOK)
    parts = dict(links.values())
    book = _Book()
    _read_styles(_part(package, parts.get("styles", "")), book)
    _read_strings(_part(package, parts.get("sharedstrings", "")), book)
    sheets = {}
    for kind, body in _records(_part(package, WORKBOOK)):
        if kind == WORKBOOK_PROPERTIES:
            book.since_1904 = bool(body[0] & 1)
        elif kind == SHEET:
            relation, at = _text(body, 8)
            sheets[_text(body, at)[0]] = links.get(relation, ("", ""))[1]
    return {name: _marks(package, part, book) for name, part in sheets.items() if part in package}


def _part(package: Package, name: str) -> bytes:
    if name not in package:
        return b""
    with package.open(name) as stream:
        return stream.read()


def _records(part: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at < len(part):
        kind = part[at]
        at += 1
        if kind & 0x80:
            kind = (kind & 0x7F) | (part[at] & 0x7F) << 7
            at += 1
        length = shift = 0
        while True:
            byte = part[at]
            at += 1
            length |= (byte & 0x7F) << shift
            shift += 7
            if not byte & 0x80 or shift == 28:
                break
        yield kind, part[at : at + length]
        at += length


def _text(body: bytes, at: int) -> tuple[str, int]:
    """A text that its length stands before, and where it ends."""
    (length,) = struct.unpack_from("<I", body, at)
    if length == 0xFFFFFFFF:
        return "", at + 4
    end = at + 4 + 2 * length
    return body[at + 4 : end].decode("utf-16-le", "replace"), end


def _colour(body: bytes, at: int) -> Mapping[str, str]:
    """A colour with the attributes that it has in an xlsx."""
    kind, index, tint = body[at] >> 1, body[at + 1], struct.unpack_from("<h", body, at + 2)[0]
    if kind == 2:
        return {"rgb": body[at + 4 : at + 7].hex()}
    if kind == 0:
        return {}
    return {{1: "indexed", 3: "theme"}.get(kind, "other"): str(index), "tint": str(tint)}


def _read_styles(part: bytes, book: _Book) -> None:
    codes: dict[int, str] = {**PERCENT, **BUILT_IN_YEARLESS}
    fills: list[str] = []
    in_cells, rules = False, 0
    for kind, body in _records(part):
        if kind == FORMAT:
            codes[struct.unpack_from("<H", body)[0]] = _text(body, 2)[0]
        elif kind == FONT:
            colour = _colour(body, 12)
            struck, raised = bool(body[2] & 0x08), body[6] in (1, 2)
            book.fonts.append(_Font(struck, colour_of(colour), is_white_colour(colour), raised))
        elif kind == FILL:
            fills.append(colour_of(_colour(body, 4)) if body[0] == 1 else "")
        elif kind in (FIRST_XF, LAST_XF):
            in_cells = kind == FIRST_XF
        elif kind == XF and in_cells:
            _, number, font, fill = struct.unpack_from("<4H", body)
            own = book.fonts[font]
            book.styles.append(
                style_of((own.struck, own.ink, own.white), fills[fill], codes.get(number, ""))
            )
        elif kind == RULE_FORMAT:
            book.rules |= {rules} if _hides(body) else set()
            rules += 1


def _hides(body: bytes) -> bool:
    """Whether the format of a rule strikes through, or hides what a cell holds."""
    at = 6
    for _ in range(struct.unpack_from("<H", body, 4)[0]):
        kind, length = struct.unpack_from("<HH", body, at)
        if kind == STRUCK_PROPERTY and body[at + 4]:
            return True
        if kind == COLOUR_PROPERTY and is_white_colour(_colour(body, at + 4)):
            return True
        if kind == FORMAT_PROPERTY:
            code = body[at + 8 : at + length].decode("utf-16-le", "replace")
            if set(code) == {";"}:
                return True
        at += max(length, 4)
    return False


def _read_strings(part: bytes, book: _Book) -> None:
    """Raised and struck runs among the shared strings."""
    number = -1
    for kind, body in _records(part):
        if kind != STRING:
            continue
        number += 1
        if not body[0] & 1:
            continue
        text, at = _text(body, 1)
        (count,) = struct.unpack_from("<I", body, at)
        runs = [struct.unpack_from("<HH", body, at + 4 + 4 * one) for one in range(count)]
        runs.append((len(text), 0))
        line, off, struck = text[: runs[0][0]], "", False
        for (first, font), (end, _) in pairwise(runs):
            said, how = text[first:end], book.fonts[font]
            struck = struck or (how.struck and bool(said.strip()))
            line, off = (line, off + said) if how.raised else (line + said, off)
        if off.strip():
            book.strings.raised[number] = (line, off)
        if struck:
            book.strings.struck.add(number)


class _Sheet(Gathered):
    """One sheet while its records are read."""

    def __init__(self, book: _Book) -> None:
        super().__init__()
        self.book = book
        self.row = 0
        self.ruled: list[tuple[int, int]] = []

    def take(self, kind: int, body: bytes) -> None:
        if kind in CELLS:
            self._cell(kind, body)
        elif kind == ROW:
            self._row(body)
        elif kind == COLUMNS and struct.unpack_from("<H", body, 16)[0] & 1:
            first, last = struct.unpack_from("<II", body)
            self.hidden_columns |= set(range(first, min(last, 1 << 14) + 1))
        elif kind == FILTER:
            self.filtered = True
        elif kind == MERGE:
            top, bottom, left, right = struct.unpack_from("<4I", body)
            self.merges.append(((top + 1, left), (bottom + 1, right)))
        elif kind == AREA_OF_RULE:
            (count,) = struct.unpack_from("<I", body, 8)
            self.ruled = [struct.unpack_from("<II", body, 12 + 16 * one) for one in range(count)]
        elif kind == RULE and struct.unpack_from("<I", body, 8)[0] in self.book.rules:
            for top, bottom in self.ruled:
                self.by_rule |= set(range(top + 1, min(bottom + 1, self.rows) + 1))

    def _row(self, body: bytes) -> None:
        self.row = struct.unpack_from("<I", body)[0] + 1
        height = struct.unpack_from("<H", body, 8)[0]
        if body[11] & 0x10 or height < LEAST_HEIGHT:
            self.hidden_rows.add(self.row)

    def _cell(self, kind: int, body: bytes) -> None:
        column, style = struct.unpack_from("<II", body)
        place = (self.row, column)
        self.rows = max(self.rows, self.row)
        styles = self.book.styles
        how = styles[style & 0xFFFFFF] if style & 0xFFFFFF < len(styles) else PLAIN_STYLE
        if kind in ERROR_CELLS:
            self.unread[place] = ERRORS.get(body[8], "#VALUE!")
        if kind == STRING_CELL:
            self.string(place, struct.unpack_from("<I", body, 8)[0], self.book.strings)
        if not how.plain:
            self.format(place, how, _number(kind, body))


def _number(kind: int, body: bytes) -> float | None:
    if kind in REAL_CELLS:
        return float(struct.unpack_from("<d", body, 8)[0])
    return small_number(body[8:12]) if kind == SMALL_CELL else None


def _marks(package: Package, part: str, book: _Book) -> Marks:
    sheet = _Sheet(book)
    for kind, body in _records(_part(package, part)):
        sheet.take(kind, body)
    comments: dict[Place, str] = {}
    totals: set[int] = set()
    for kind_of, other in package.links(part).values():
        if kind_of == "comments":
            comments |= _comments(_part(package, other))
        elif kind_of == "table":
            totals |= _totals_rows(_part(package, other))
    return sheet.marks(comments, totals, book.since_1904)


def _comments(part: bytes) -> dict[Place, str]:
    authors: list[str] = []
    found: dict[Place, str] = {}
    place, author = (0, 0), ""
    for kind, body in _records(part):
        if kind == AUTHOR:
            authors.append(_text(body, 0)[0])
        elif kind == COMMENT:
            number, row, _, column = struct.unpack_from("<4I", body)
            place = (row + 1, column)
            author = authors[number] if number < len(authors) else ""
            if author != OWN_AUTHOR:
                found[place] = ""
        elif kind == COMMENT_TEXT and place in found:
            found[place] = _text(body, 1)[0].strip()
    return found


def _totals_rows(part: bytes) -> set[int]:
    for kind, body in _records(part):
        if kind == TABLE:
            bottom = struct.unpack_from("<I", body, 4)[0] + 1
            (count,) = struct.unpack_from("<I", body, 28)
            return set(range(bottom - count + 1, bottom + 1))
    return set()
