"""What the sheets of an xlsx or xlsm carry besides their values."""

from __future__ import annotations

import re
import zipfile
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from posixpath import normpath
from typing import IO
from xml.etree.ElementTree import Element
from xml.parsers import expat

from defusedxml.ElementTree import iterparse

from atips_analysis.intake.limits import MOST_CELLS, MOST_COLUMNS, too_wide
from atips_analysis.intake.marks import Marks, Place, colour_word
from atips_analysis.intake.number_format import PERCENT, hides_the_year, is_date, shown

OWN_AUTHOR = "atips check"  # the feedback's own comments come back with a correction
WHITE = {"9", "64", "65"}  # of the indexed colours: white, and the system's own
_BUILT_IN_YEARLESS = {16: "d-mmm"}
_TRIGGERS = (
    b"hidden",
    b"zeroHeight",
    b"<f",
    b":f",
    b'"e"',
    b"'e'",
    b"filterColumn",
    b' ht="0"',
    b" ht='0'",
    b'width="0"',
    b"width='0'",
)

_WIDE = (b"\xff\xfe", b"\xfe\xff")  # how a text in UTF-16 begins
CELL = 1 << 16  # more bytes than a cell of Excel takes, text and all
_FAR = re.compile(rb"[\"'][A-Z]{2,3}\d")


@dataclass(frozen=True)
class _Style:
    """A cell format, as far as it can change what a value means."""

    struck: bool = False
    colour: str = ""
    code: str = ""

    plain: bool = True


PLAIN_STYLE = _Style()


@dataclass
class _Strings:
    """Shared strings with raised or struck runs, by their number."""

    raised: dict[int, tuple[str, str]] = field(default_factory=dict)
    struck: set[int] = field(default_factory=set)


class Package:
    """The parts of the archive; their names are compared without case (ECMA-376, part 2)."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.archive = archive
        self.names = {_key(name): name for name in archive.namelist()}

    def __contains__(self, name: str) -> bool:
        return _key(name) in self.names

    def open(self, name: str) -> IO[bytes]:
        return self.archive.open(self.names[_key(name)])

    def links(self, name: str) -> dict[str, tuple[str, str]]:
        """Of a part's relations: identifier to the last word of its type, and the part."""
        base, _, leaf = _key(name).rpartition("/")
        part = f"{base}/_rels/{leaf}.rels"
        if part not in self:
            return {}
        found = {}
        for element in _each(self.open(part), "Relationship"):
            target = str(element.get("Target", "")).replace("\\", "/")
            if element.get("TargetMode") == "External":
                continue
            whole = target.lstrip("/") if target.startswith("/") else normpath(f"{base}/{target}")
            kind = str(element.get("Type", "")).rpartition("/")[2].lower()
            found[str(element.get("Id"))] = (kind, whole)
        return found


def marks_of_xlsx(archive: zipfile.ZipFile, file: str) -> dict[str, Marks]:
    """Marks of each sheet, by the sheet's name.

    Raises
    ------
    InputError
        If a sheet holds something far to the right of, or far below, any return.
    """
    package = Package(archive)
    if "xl/workbook.xml" not in package:
        return {}
    links = package.links("xl/workbook.xml")
    parts = dict(links.values())
    styles = _styles(package, parts.get("styles", "xl/styles.xml"))
    strings = _shared_strings(package, parts.get("sharedstrings", "xl/sharedStrings.xml"))
    since_1904, sheets = False, {}
    for element in _each(package.open("xl/workbook.xml"), "workbookPr", "sheet"):
        if _local(element) == "workbookPr":
            since_1904 = _true(element.get("date1904"))
        else:
            relation = next((v for k, v in element.items() if k.rpartition("}")[2] == "id"), "")
            sheets[str(element.get("name"))] = links.get(relation, ("", ""))[1]
    return {
        name: _marks(package, part, styles, strings, since_1904, file, name)
        for name, part in sheets.items()
        if part in package
    }


def _marks(
    package: Package,
    part: str,
    styles: list[_Style],
    strings: _Strings,
    since_1904: bool,
    file: str,
    name: str,
) -> Marks:
    sheet = _Sheet(styles, strings)
    until = _last_telling(package.open(part), styles, bool(strings.raised or strings.struck))
    if until:
        sheet.read(package.open(part), until)
    if sheet.columns > MOST_COLUMNS or sheet.columns * sheet.rows > MOST_CELLS:
        raise too_wide(file, name)
    related = package.links(part).values()
    comments: set[Place] = set()
    totals: set[int] = set()
    for kind, other in related:
        if other not in package:
            continue
        if kind in ("comments", "threadedcomment"):
            comments |= _comments(package.open(other))
        elif kind == "table":
            totals |= _totals_rows(package.open(other))
    return Marks(
        frozenset(sheet.hidden_rows),
        frozenset(sheet.hidden_columns),
        sheet.filtered,
        frozenset(sheet.struck),
        sheet.colours,
        frozenset(comments),
        sheet.raised,
        sheet.unread,
        sheet.shown,
        frozenset(sheet.yearless),
        frozenset(totals),
        since_1904,
    )


def _last_telling(stream: IO[bytes], styles: list[_Style], telling_strings: bool) -> int:
    """Up to which byte a sheet may hold anything that a reader of values leaves out.

    A look, no reading: it may see something where there is nothing, never the other way round.
    """
    numbers = [str(number) for number, style in enumerate(styles) if not style.plain]
    found = [_FAR]
    if numbers:
        found.append(re.compile(rf"s\s*=\s*[\"'](?:{'|'.join(numbers)})[\"']".encode()))
    last = read = 0
    tail = b""
    with stream:
        while chunk := stream.read(1 << 20):
            text = tail + chunk
            at = read - len(tail)
            read += len(chunk)
            if telling_strings or (not tail and (text[:2] in _WIDE or b"\x00" in text[:4])):
                telling_strings = True  # or not in UTF-8: all of it is read
                last = read
                tail = text[-32:]
                continue
            places = [text.rfind(trigger) for trigger in _TRIGGERS]
            places += [match.end() for one in found for match in _last_match(one, text)]
            if max(places) >= 0:
                last = at + max(places) + 1
            tail = text[-32:]
    return last


def _last_match(pattern: re.Pattern[bytes], text: bytes) -> list[re.Match[bytes]]:
    return list(deque(pattern.finditer(text), maxlen=1))


class _Sheet:
    """One sheet while its part is read.

    Read by expat itself, and text only where it matters: a form of many rows is mostly cells that
    carry nothing but their value, and each costs no more than being passed over.
    """

    def __init__(self, styles: list[_Style], strings: _Strings) -> None:
        self.styles, self.strings = styles, strings
        self.hidden_rows: set[int] = set()
        self.hidden_columns: set[int] = set()
        self.filtered = False
        self.struck: set[Place] = set()
        self.colours: dict[Place, str] = {}
        self.raised: dict[Place, tuple[str, str]] = {}
        self.unread: dict[Place, str] = {}
        self.shown: dict[Place, str] = {}
        self.yearless: set[Place] = set()
        self.columns = self.rows = 0
        self.row, self.column = 0, -1
        self.shared: dict[str, str] = {}
        self.kind, self.style = "n", PLAIN_STYLE
        self.holds = self.in_cell = False
        self.formula: str | None = None
        self.shared_number = ""
        self.value = ""
        self.runs: list[list[str]] = []
        self.locals: dict[str, str] = {}
        self.starts: dict[str, Callable[[dict[str, str]], None]] = {
            "row": self._begin_row,
            "c": self._begin_cell,
            "v": self._begin_value,
            "f": self._begin_formula,
            "is": self._begin_inline,
            "r": self._begin_run,
            "t": self._begin_text,
            "vertAlign": self._raise,
            "strike": self._strike,
            "col": self._col,
            "filterColumn": self._filter,
            "sheetData": lambda attributes: None,
        }
        self.telling_text = bool(strings.raised or strings.struck)

    def read(self, stream: IO[bytes], until: int) -> None:
        """Read the part, up to the cell in which byte `until` stands.

        Raises
        ------
        ValueError
            If it is no XML, or declares a document type.
        """
        self.parser = expat.ParserCreate(namespace_separator="}")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.StartDoctypeDeclHandler = _refuse_document_type
        try:
            with stream:
                while until > -CELL and (chunk := stream.read(min(1 << 20, until + CELL))):
                    self.parser.Parse(chunk)
                    until -= len(chunk)
        except expat.ExpatError as error:
            raise ValueError("no XML") from error
        self._end_cell()

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        local = self.locals.get(name)
        if local is None:
            local = self.locals[name] = name.rpartition("}")[2]
        begin = self.starts.get(local)
        if begin is not None:
            begin(attributes)

    def _begin_row(self, attributes: dict[str, str]) -> None:
        self._end_cell()
        number = attributes.get("r")
        self.row = int(number) if number else self.row + 1
        self.column = -1
        if _true(attributes.get("hidden")) or attributes.get("ht") == "0":
            self.hidden_rows.add(self.row)

    def _begin_cell(self, attributes: dict[str, str]) -> None:
        if self.in_cell:
            self._end_cell()
        self.in_cell, self.holds = True, False
        self.column = _column(attributes.get("r"), self.column)
        self.kind = attributes.get("t", "n")
        style = attributes.get("s", "")
        known = style.isdecimal() and int(style) < len(self.styles)
        self.style = self.styles[int(style)] if known else PLAIN_STYLE

    def _begin_value(self, attributes: dict[str, str]) -> None:
        self.holds = True
        if self.kind == "e" or self.style.code or (self.kind == "s" and self.telling_text):
            self._listen(self._hear_value)

    def _begin_formula(self, attributes: dict[str, str]) -> None:
        self.formula = ""
        self.shared_number = attributes.get("si", "")
        self._listen(self._hear_formula)

    def _begin_inline(self, attributes: dict[str, str]) -> None:
        self.holds, self.runs = True, [["", "", ""]]

    def _begin_run(self, attributes: dict[str, str]) -> None:
        self.runs.append(["", "", ""])

    def _begin_text(self, attributes: dict[str, str]) -> None:
        if self.runs:
            self._listen(self._hear_run)

    def _raise(self, attributes: dict[str, str]) -> None:
        if self.runs and attributes.get("val") in ("superscript", "subscript"):
            self.runs[-1][1] = "raised"

    def _strike(self, attributes: dict[str, str]) -> None:
        if self.runs and attributes.get("val") not in ("0", "false"):
            self.runs[-1][2] = "struck"

    def _col(self, attributes: dict[str, str]) -> None:
        if _true(attributes.get("hidden")) or attributes.get("width") == "0":
            first, last = int(attributes.get("min", 1)), int(attributes.get("max", 1))
            self.hidden_columns |= set(range(first - 1, min(last, MOST_COLUMNS)))

    def _filter(self, attributes: dict[str, str]) -> None:
        self.filtered = True

    def _listen(self, hear: Callable[[str], None]) -> None:
        """Hear the text of this element, up to its end."""
        self.parser.CharacterDataHandler = hear
        self.parser.EndElementHandler = self._deaf

    def _deaf(self, name: str) -> None:
        self.parser.CharacterDataHandler = None
        self.parser.EndElementHandler = None

    def _hear_value(self, text: str) -> None:
        self.value += text

    def _hear_formula(self, text: str) -> None:
        self.formula = (self.formula or "") + text

    def _hear_run(self, text: str) -> None:
        self.runs[-1][0] += text

    def _end_cell(self) -> None:
        """Take what the last cell carries, once all of it was read."""
        if not self.in_cell:
            return
        place = (self.row, self.column)
        if self.formula is not None:
            self._take_formula(place)
        if self.holds:
            self.columns, self.rows = max(self.columns, self.column + 1), max(self.rows, self.row)
            if self.kind == "e":
                self.unread[place] = self.value or "#VALUE!"
            if self.kind == "s" and self.value.isdecimal():
                self._take_string(place, int(self.value))
            if self.runs:
                self._take_runs(place)
            if not self.style.plain:
                self._take_format(place)
        self.in_cell, self.formula, self.value, self.runs = False, None, "", []

    def _take_formula(self, place: Place) -> None:
        if self.shared_number and self.formula:
            self.shared[self.shared_number] = self.formula
        if not self.holds:
            text = self.formula or self.shared.get(self.shared_number, "")
            self.unread[place] = "=" + (text or "...")

    def _take_string(self, place: Place, number: int) -> None:
        if number in self.strings.raised:
            self.raised[place] = self.strings.raised[number]
        if number in self.strings.struck:
            self.struck.add(place)

    def _take_runs(self, place: Place) -> None:
        off = "".join(text for text, up, _ in self.runs if up)
        if off.strip():
            self.raised[place] = ("".join(text for text, up, _ in self.runs if not up), off)
        if any(text.strip() and struck for text, _, struck in self.runs):
            self.struck.add(place)

    def _take_format(self, place: Place) -> None:
        how = self.style
        if how.struck:
            self.struck.add(place)
        if how.colour:
            self.colours[place] = how.colour
        if how.code and self.kind == "n" and self.value:
            try:
                number = float(self.value)
            except ValueError:
                return
            if is_date(how.code):
                if hides_the_year(how.code):
                    self.yearless.add(place)
            elif (text := shown(number, how.code)) is not None:
                self.shown[place] = text


def _refuse_document_type(*declaration: object) -> None:
    raise ValueError("a document type is declared")


def _styles(package: Package, part: str) -> list[_Style]:
    """The cell formats, in their order."""
    if part not in package:
        return []
    codes: dict[int, str] = {**PERCENT, **_BUILT_IN_YEARLESS}
    fonts: list[tuple[bool, str]] = []
    fills: list[str] = []
    styles: list[_Style] = []
    for element in _each(package.open(part), "numFmts", "fonts", "fills", "cellXfs"):
        name = _local(element)
        for item in element:
            if name == "numFmts":
                codes[int(item.get("numFmtId", -1))] = str(item.get("formatCode", ""))
            elif name == "fonts":
                fonts.append(_font(item))
            elif name == "fills":
                fills.append(_fill(item))
            else:
                styles.append(_style(item, codes, fonts, fills))
    return styles


def _style(
    item: Element, codes: dict[int, str], fonts: list[tuple[bool, str]], fills: list[str]
) -> _Style:
    font, fill = int(item.get("fontId", 0)), int(item.get("fillId", 0))
    struck, ink = fonts[font] if font < len(fonts) else (False, "")
    colour = fills[fill] if fill < len(fills) else ""
    code = codes.get(int(item.get("numFmtId", 0)), "")
    telling = code and (hides_the_year(code) or (not is_date(code) and _changes(code)))
    colour = colour or (f"{ink} letters" if ink else "")
    plain = not (struck or colour or telling)
    return _Style(struck, colour, code if telling else "", plain)


def _changes(code: str) -> bool:
    """Whether a format ever shows another figure than the one stored."""
    return any(shown(value, code) is not None for value in (1.0, 3.0, 7.0, 12000.0, 0.0, -3.0))


def _font(item: Element) -> tuple[bool, str]:
    struck, colour = False, ""
    for child in item:
        name = _local(child)
        if name == "strike":
            struck = child.get("val") not in ("0", "false")
        elif name == "color":
            colour = _colour(child)
    return struck, colour


def _fill(item: Element) -> str:
    for pattern in item.iter():
        if _local(pattern) == "patternFill" and pattern.get("patternType") == "solid":
            for child in pattern:
                if _local(child) == "fgColor":
                    return _colour(child)
    return ""


def _colour(element: Element) -> str:
    if rgb := element.get("rgb"):
        return colour_word(rgb)
    if (indexed := element.get("indexed")) is not None:
        return "" if indexed in WHITE or indexed in ("0", "1", "8") else "coloured"
    if (theme := element.get("theme")) is not None:
        return "" if theme in ("0", "1") else "coloured"
    return ""


def _shared_strings(package: Package, part: str) -> _Strings:
    """Raised and struck runs among the shared strings, where there are any."""
    found = _Strings()
    if part not in package:
        return found
    with package.open(part) as stream:
        tail, telling = b"", False
        while chunk := stream.read(1 << 20):
            text = tail + chunk
            telling = telling or b"vertAlign" in text or b"strike" in text or b"\x00" in text[:4]
            tail = text[-16:]
    if not telling:
        return found
    for number, element in enumerate(_each(package.open(part), "si")):
        raised, struck = _runs(element)
        if raised:
            found.raised[number] = raised
        if struck:
            found.struck.add(number)
    return found


def _runs(element: Element) -> tuple[tuple[str, str] | None, bool]:
    """Text on the line and text raised or lowered, if any; whether a run is struck through."""
    line, off, struck = "", "", False
    for run in element:
        name = _local(run)
        if name == "t":
            line += run.text or ""
        if name != "r":
            continue
        text = "".join(child.text or "" for child in run if _local(child) == "t")
        marks = {
            _local(mark): mark.get("val")
            for child in run
            if _local(child) == "rPr"
            for mark in child
        }
        if "strike" in marks and marks["strike"] not in ("0", "false") and text.strip():
            struck = True
        if marks.get("vertAlign") in ("superscript", "subscript"):
            off += text
        else:
            line += text
    return ((line, off) if off.strip() else None), struck


def _comments(stream: IO[bytes]) -> set[Place]:
    """Cells with a comment, but for the feedback's own."""
    authors: list[str] = []
    places = set()
    for element in _each(stream, "author", "comment", "threadedComment"):
        name = _local(element)
        if name == "author":
            authors.append(element.text or "")
            continue
        number = element.get("authorId", "")
        author = authors[int(number)] if number.isdecimal() and int(number) < len(authors) else ""
        if author != OWN_AUTHOR and (place := _place(element.get("ref", ""))):
            places.add(place)
    return places


def _totals_rows(stream: IO[bytes]) -> set[int]:
    for element in _each(stream, "table"):
        count = element.get("totalsRowCount", "0")
        last = _place(str(element.get("ref", "")).rpartition(":")[2])
        if count.isdecimal() and int(count) and last:
            return set(range(last[0] - int(count) + 1, last[0] + 1))
    return set()


def _each(stream: IO[bytes], *names: str) -> Iterator[Element]:
    """The elements of these names, each whole."""
    with stream:
        for _, element in iterparse(stream, ("end",), forbid_dtd=True):
            if _local(element) in names:
                yield element


def _place(reference: str) -> Place | None:
    digits = reference.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ$")
    letters = reference[: len(reference) - len(digits)].replace("$", "")
    if not (letters and digits.isdecimal()):
        return None
    return int(digits), _number(letters)


def _column(reference: str | None, before: int) -> int:
    if not reference:
        return before + 1
    return _number(reference.rstrip("0123456789"))


def _number(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number - 1


def _local(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _true(text: str | None) -> bool:
    return text in ("1", "true", "on")


def _key(name: str) -> str:
    return name.replace("\\", "/").lstrip("/").lower()
