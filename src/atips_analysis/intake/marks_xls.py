"""What the sheets of an xls (BIFF8) carry besides their values.

Left out, and said on the receipt: what comments say, raised and struck letters within a text, the
totals rows of lists.

Source of the layouts: Microsoft, [MS-CFB] Compound File Binary Format and [MS-XLS] Excel Binary
File Format (.xls) Structure.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from atips_analysis.intake.gathered_marks import Gathered
from atips_analysis.intake.marks import Marks, Place
from atips_analysis.intake.number_format import PERCENT
from atips_analysis.intake.xlsx_styles import BUILT_IN_YEARLESS, PLAIN_STYLE, Style, style_of

END = 0xFFFFFFFC  # sector numbers from here on end a chain
ERRORS = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
}
DATEMODE, FONT, XF, BOUNDSHEET, BOF = 0x22, 0x31, 0xE0, 0x85, 0x809
BIFF8 = 0x600
ROW, COLINFO, NOTE, AUTOFILTER, BOOLERR, FORMULA, EOF = 0x208, 0x7D, 0x1C, 0x9E, 0x205, 0x06, 0x0A
FORMAT, AREA_OF_RULE, RULE = 0x41E, 0x1B0, 0x1B1
CELLS = {0x203, 0x204, 0x27E, 0xFD, BOOLERR, FORMULA}
NUMBER, RK, MULRK = 0x203, 0x27E, 0xBD
WHITE = (1, 9)
PLAIN_FILLS = {9, 64, 65}


def marks_of_xls(content: bytes) -> dict[str, Marks]:
    """Marks of each sheet, by the sheet's name; nothing where the container cannot be followed."""
    try:
        book = _stream(content)
        return dict(_sheets(book)) if book else {}
    except (struct.error, LookupError, ValueError):
        return {}


def _sheets(book: bytes) -> Iterator[tuple[str, Marks]]:
    since_1904, sheets = False, []
    fonts: list[tuple[bool, str, bool]] = []
    styles: list[Style] = []
    codes: dict[int, str] = {**PERCENT, **BUILT_IN_YEARLESS}
    for kind, body in _records(book, 0):
        if kind == BOF and struct.unpack_from("<H", body)[0] != BIFF8:
            raise ValueError("its records are laid out in the way of Excel 5 and 95")
        if kind == DATEMODE:
            since_1904 = body[0] == 1
        elif kind == FONT:
            fonts.append((bool(body[2] & 0x08), "", body[4] in WHITE))
        elif kind == FORMAT:
            codes[struct.unpack_from("<H", body)[0]] = _text(body, 2)
        elif kind == XF:
            styles.append(_style(body, fonts, codes))
        elif kind == BOUNDSHEET:
            start, _, length, wide = struct.unpack_from("<IHBB", body)
            raw = body[8 : 8 + length * (1 + (wide & 1))]
            sheets.append((raw.decode("utf-16-le" if wide & 1 else "latin-1"), start))
    for name, start in sheets:
        yield name, _marks(book, start, styles, since_1904)


class _Sheet(Gathered):
    """One sheet while its records are read."""

    def __init__(self, styles: list[Style]) -> None:
        super().__init__()
        self.styles = styles
        self.comments: dict[Place, str] = {}
        self.area: set[int] = set()

    def take(self, kind: int, body: bytes) -> None:
        if kind == ROW and struct.unpack_from("<I", body, 12)[0] & 0x20:
            self.hidden_rows.add(struct.unpack_from("<H", body)[0] + 1)
        elif kind == COLINFO and struct.unpack_from("<H", body, 8)[0] & 1:
            left, right = struct.unpack_from("<HH", body)
            self.hidden_columns |= set(range(left, right + 1))
        elif kind == NOTE:
            self.comments[_place(body)] = ""
        elif kind == AUTOFILTER:
            self.filtered = True
        elif kind == AREA_OF_RULE:
            self.area = _area(body)
        elif kind == RULE and _hides(body):
            self.by_rule |= self.area
        elif kind in CELLS or kind == MULRK:
            self._cells(kind, body)

    def _cells(self, kind: int, body: bytes) -> None:
        for place, style, number in _cells(kind, body):
            self.rows = max(self.rows, place[0])
            how = self.styles[style] if style < len(self.styles) else PLAIN_STYLE
            if not how.plain:
                self.format(place, how, number)
        if (error := _error(kind, body)) is not None:
            self.unread[_place(body)] = error


def _marks(book: bytes, start: int, styles: list[Style], since_1904: bool) -> Marks:
    sheet = _Sheet(styles)
    for kind, body in _records(book, start):
        sheet.take(kind, body)
    sheet.by_rule = {row for row in sheet.by_rule if row <= sheet.rows}
    return sheet.marks(sheet.comments, (), since_1904)


def _place(body: bytes) -> Place:
    row, column = struct.unpack_from("<HH", body)
    return row + 1, column


def _area(body: bytes) -> set[int]:
    """The rows of the areas of a rule of conditional formatting."""
    rows: set[int] = set()
    for number in range(struct.unpack_from("<H", body, 12)[0]):
        first, last = struct.unpack_from("<HH", body, 14 + 8 * number)
        rows |= set(range(first + 1, last + 2))
    return rows


def _hides(body: bytes) -> bool:
    """Whether the format of a rule (DXFN) strikes through, or hides what a cell holds."""
    parts, more = struct.unpack_from("<IH", body, 6)
    at = 12
    if parts & 1 << 25:  # a number format: its own one, or the number of one
        if more & 1:
            if set(_text(body, at + 2)) == {";"}:
                return True
            at += int(struct.unpack_from("<H", body, at)[0])
        else:
            at += 2
    if not parts & 1 << 26:
        return False
    how, ink, kept = (struct.unpack_from("<I", body, at + place)[0] for place in (68, 80, 88))
    return bool(how & 0x80 and not kept & 0x80) or ink in WHITE


def _text(body: bytes, at: int) -> str:
    """A text that its length in letters stands before."""
    length, wide = struct.unpack_from("<HB", body, at)
    raw = body[at + 3 : at + 3 + length * (1 + (wide & 1))]
    return raw.decode("utf-16-le" if wide & 1 else "latin-1")


def _cells(kind: int, body: bytes) -> Iterator[tuple[Place, int, float | None]]:
    """The cells of a record, each with the number of its format, and its value if it is a number."""
    row, column = _place(body)
    if kind != MULRK:
        value = None
        if kind == NUMBER or (kind == FORMULA and body[12:14] != b"\xff\xff"):
            (value,) = struct.unpack_from("<d", body, 6)
        elif kind == RK:
            value = small_number(body[6:10])
        yield (row, column), struct.unpack_from("<H", body, 4)[0], value
        return
    for number in range((len(body) - 6) // 6):
        at = 4 + 6 * number
        style = struct.unpack_from("<H", body, at)[0]
        yield (row, column + number), style, small_number(body[at + 2 : at + 6])


def small_number(packed: bytes) -> float:
    """A number in four bytes (RkNumber): a whole one or the upper half of a real one, in hundredths
    or not."""
    (bits,) = struct.unpack("<i", packed)
    if bits & 2:
        number = float(bits >> 2)
    else:
        number = float(struct.unpack("<d", struct.pack("<Q", (bits & 0xFFFFFFFC) << 32))[0])
    return number / 100 if bits & 1 else number


def _error(kind: int, body: bytes) -> str | None:
    if kind == BOOLERR and body[7] == 1:
        return ERRORS.get(body[6], "#VALUE!")
    if kind == FORMULA and body[12:14] == b"\xff\xff" and body[6] == 2:
        return ERRORS.get(body[8], "#VALUE!")
    return None


def _style(body: bytes, fonts: list[tuple[bool, str, bool]], codes: dict[int, str]) -> Style:
    font, code = struct.unpack_from("<HH", body)
    font -= font > 4  # there is no font 4
    pattern = struct.unpack_from("<I", body, 14)[0] >> 26
    fill = struct.unpack_from("<H", body, 18)[0] & 0x7F
    coloured = pattern == 1 and fill not in PLAIN_FILLS
    own = fonts[font] if font < len(fonts) else (False, "", False)
    return style_of(own, "coloured" if coloured else "", codes.get(code, ""))


def _records(book: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    """The records of one part of the book, from its beginning to its end."""
    while at + 4 <= len(book):
        kind, length = struct.unpack_from("<HH", book, at)
        if kind == EOF:
            return
        yield kind, book[at + 4 : at + 4 + length]
        at += 4 + length


def _stream(content: bytes) -> bytes:
    """The stream "Workbook" (or "Book") of the container."""
    size = 1 << struct.unpack_from("<H", content, 0x1E)[0]
    small = 1 << struct.unpack_from("<H", content, 0x20)[0]
    first, cutoff, first_small = (
        struct.unpack_from("<I", content, at)[0] for at in (0x30, 0x38, 0x3C)
    )
    table = _table(content, size)
    folder = _chain(content, first, size, table, size)
    entries = {}
    for at in range(0, len(folder) - 127, 128):
        length = struct.unpack_from("<H", folder, at + 64)[0]
        name = folder[at : at + max(0, length - 2)].decode("utf-16-le", "replace")
        entries[name] = struct.unpack_from("<II", folder, at + 116)
    start, length = entries.get("Workbook") or entries.get("Book") or (END, 0)
    if length >= cutoff:
        return _chain(content, start, size, table, size)[:length]
    smalls = _chain(content, first_small, size, table, size)
    numbers = list(struct.unpack(f"<{len(smalls) // 4}I", smalls))
    inside = _chain(content, entries["Root Entry"][0], size, table, size)
    return _chain(inside, start, small, numbers, 0)[:length]


def _table(content: bytes, size: int) -> list[int]:
    """The table of sectors, with what the header has no room for."""
    sectors = list(struct.unpack_from("<109I", content, 0x4C))
    more, left = struct.unpack_from("<II", content, 0x44)
    for _ in range(min(left, len(content) // size)):  # a file does not hold more
        if more >= END:
            break
        *block, more = struct.unpack_from(f"<{size // 4}I", content, size * (more + 1))
        sectors += block
    table: list[int] = []
    for sector in sectors:
        if sector < END:
            table += struct.unpack_from(f"<{size // 4}I", content, size * (sector + 1))
    return table


def _chain(content: bytes, start: int, size: int, table: list[int], head: int) -> bytes:
    """The sectors of a chain, one after the other; `head` bytes stand before the first of all."""
    parts, seen = [], 0
    while start < END and seen <= len(table):
        parts.append(content[head + start * size : head + (start + 1) * size])
        start = table[start]
        seen += 1
    return b"".join(parts)
