"""What the sheets of an xlsx or xlsm carry besides their values."""

from __future__ import annotations

import re
import zipfile
from collections import deque
from dataclasses import dataclass
from typing import IO

from atips_analysis.intake.limits import MOST_CELLS, MOST_COLUMNS, too_wide
from atips_analysis.intake.marks import Marks, Place
from atips_analysis.intake.xlsx_package import (
    Package,
    each,
    is_true,
    local_name,
    number_of,
    place_of,
)
from atips_analysis.intake.xlsx_sheet import SheetMarks
from atips_analysis.intake.xlsx_styles import (
    Strings,
    Style,
    cell_styles,
    hiding_rules,
    shared_strings,
)

MOST_TOTALS = 100
"""Rows of totals below one table; a file may say any number."""
OWN_AUTHOR = "atips check"  # the feedback's own comments come back with a correction
_TRIGGERS = (
    b"hidden",
    b"zeroHeight",
    b"<f",
    b":f",
    b'"e"',
    b"'e'",
    b"filterColumn",
    b"strike",
    b"vertAlign",
)
# A row or column of next to no height or width is hidden by hand.
_SMALL = re.compile(rb"\s(?:ht|width)\s*=\s*[\"'][0-2]?(?:\.\d+)?[\"']")
_SIZES = (b"ht=", b"width=", b"ht =", b"width =")

_WIDE = (b"\xff\xfe", b"\xfe\xff")  # how a text in UTF-16 begins
_FAR = re.compile(rb"[\"'][A-Z]{2,3}\d")


@dataclass(frozen=True)
class _Book:
    """What all sheets of a workbook share."""

    package: Package
    styles: list[Style]
    strings: Strings
    since_1904: bool
    rules: set[int]


def marks_of_xlsx(archive: zipfile.ZipFile, file: str) -> dict[str, Marks]:
    """Marks of each sheet, by the sheet's name.

    Raises InputError if a sheet holds something far to the right of, or far below, any return.
    """
    package = Package(archive)
    if "xl/workbook.xml" not in package:
        return {}
    links = package.links("xl/workbook.xml")
    parts = dict(links.values())
    style_part = parts.get("styles", "xl/styles.xml")
    styles, rules = cell_styles(package, style_part), hiding_rules(package, style_part)
    strings = shared_strings(package, parts.get("sharedstrings", "xl/sharedStrings.xml"))
    since_1904, sheets = False, {}
    for element in each(package.open("xl/workbook.xml"), "workbookPr", "sheet"):
        if local_name(element) == "workbookPr":
            since_1904 = is_true(element.get("date1904"))
        else:
            relation = next((v for k, v in element.items() if k.rpartition("}")[2] == "id"), "")
            sheets[str(element.get("name"))] = links.get(relation, ("", ""))[1]
    return {
        name: _marks(_Book(package, styles, strings, since_1904, rules), part, file, name)
        for name, part in sheets.items()
        if part in package
    }


def _marks(book: _Book, part: str, file: str, name: str) -> Marks:
    package, strings = book.package, book.strings
    sheet = SheetMarks(book.styles, strings, book.rules)
    until = _last_telling(package.open(part), book)
    if until:
        sheet.read(package.open(part), until)
    if sheet.columns > MOST_COLUMNS or sheet.columns * sheet.rows > MOST_CELLS:
        raise too_wide(file, name)
    related = package.links(part).values()
    comments: dict[Place, str] = {}
    totals: set[int] = set()
    for kind, other in related:
        if other not in package:
            continue
        if kind in ("comments", "threadedcomment"):
            comments |= _comments(package.open(other))
        elif kind == "table":
            totals |= _totals_rows(package.open(other))
    return sheet.marks(comments, totals, book.since_1904)


def _last_telling(stream: IO[bytes], book: _Book) -> int:
    """Up to which byte a sheet may hold anything that a reader of values leaves out.

    A look, no reading: it may see something where there is nothing, never the other way round.
    """
    telling_strings = bool(book.strings.raised or book.strings.struck)
    triggers = (*_TRIGGERS, b"conditionalFormatting") if book.rules else _TRIGGERS
    numbers = [str(number) for number, style in enumerate(book.styles) if not style.plain]
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
            places = [text.rfind(trigger) for trigger in triggers]
            sized = any(size in text for size in _SIZES)
            looked = [*found, _SMALL] if sized else found
            places += [
                match.end() for one in looked for match in list(deque(one.finditer(text), maxlen=1))
            ]
            if max(places) >= 0:
                last = at + max(places) + 1
            tail = text[-32:]
    return last


def _comments(stream: IO[bytes]) -> dict[Place, str]:
    """Cells with a comment, but for the feedback's own, and what it says."""
    authors: list[str] = []
    places: dict[Place, str] = {}
    for element in each(stream, "author", "comment", "threadedComment"):
        name = local_name(element)
        if name == "author":
            authors.append(element.text or "")
            continue
        number = number_of(element.get("authorId", ""))
        author = authors[number] if 0 <= number < len(authors) else ""
        if author != OWN_AUTHOR and (place := place_of(element.get("ref", ""))):
            said = (part.text or "" for part in element.iter() if local_name(part) in ("t", "text"))
            places[place] = "".join(said).strip()
    return places


def _totals_rows(stream: IO[bytes]) -> set[int]:
    for element in each(stream, "table"):
        count = min(number_of(element.get("totalsRowCount", "0")), MOST_TOTALS)
        last = place_of(str(element.get("ref", "")).rpartition(":")[2])
        if count > 0 and last:
            return set(range(last[0] - count + 1, last[0] + 1))
    return set()
