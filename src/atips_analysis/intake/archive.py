"""A workbook as a zip archive, looked through before anything trusts it."""

from __future__ import annotations

import re
import zipfile
import zlib
from dataclasses import dataclass, field
from html import unescape
from io import BytesIO
from posixpath import normpath
from typing import IO

from atips_analysis.intake.limits import (
    LARGEST_UNPACKED,
    MIB,
    MOST_CELLS,
    MOST_COLUMNS,
    damaged,
    encrypted,
    too_wide,
    zip_bomb,
)

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # the container of xls, and of an encrypted xlsx
ZIP = b"PK"
LARGEST_SEARCHED = 256 * MIB  # larger sheets are not searched for formulas without a value
OVERLAP = 256

_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml")
_WIDE = re.compile(rb'<(?:\w+:)?c r="([A-Z]{2,3})\d+"[^>]*[^/]>')
_VALUED = re.compile(rb'<(?:\w+:)?c r="[A-Z]{1,3}(\d+)"[^>]*[^/]>')
_CELL = re.compile(rb'<(?:\w+:)?c r="([A-Z]{1,3})(\d+)"([^>]*[^/])?>(.*?)</(?:\w+:)?c>', re.DOTALL)
_FORMULA = re.compile(rb"<(?:\w+:)?f\b[^>]*?(?:/>|>(.*?)</(?:\w+:)?f>)", re.DOTALL)
_VALUE = re.compile(rb"<(?:\w+:)?v>(.+?)</(?:\w+:)?v>", re.DOTALL)
_ODS_WIDE = re.compile(
    rb'<table:table-cell(?=[^>]*office:value-type)[^>]*number-columns-repeated="(\d+)"'
)
_ODS_LONG = re.compile(
    rb'<table:table-row[^>]*number-rows-repeated="(\d+)"[^>]*>(?:(?!</table:table-row).){0,4000}?'
    rb"office:value-type",
    re.DOTALL,
)
MOST_REPEATED = 20_000


@dataclass
class Inspection:
    """What a look through the archive found.

    `unread`: for each sheet's name, (Excel's row, column from 0) to text of the cells that a
    reader of values would show as blank: formulas that were saved without a value, and errors.
    """

    unread: dict[str, dict[tuple[int, int], str]] = field(default_factory=dict)
    macros: bool = False
    links: bool = False


def inspect(content: bytes, file: str) -> Inspection:
    """Unpack every part once, counting, and keep nothing of it.

    What the archive says of its own sizes is not believed.

    Raises
    ------
    InputError
        If it is damaged, encrypted, or unpacks to more than any submission needs.
    """
    found = Inspection()
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            names = archive.namelist()
            found.macros = any(name.endswith("vbaProject.bin") for name in names)
            found.links = any(name.startswith("xl/externalLinks/") for name in names)
            left = LARGEST_UNPACKED
            suspects = []
            for part in archive.infolist():
                if part.flag_bits & 1:
                    raise encrypted(file)
                if part.file_size > left:
                    raise zip_bomb(file)
                with archive.open(part) as stream:
                    left, suspicious = _look_through(stream, part.filename, left, file)
                if suspicious and part.file_size <= LARGEST_SEARCHED:
                    suspects.append(part.filename)
            if "META-INF/manifest.xml" in names:
                manifest = archive.read("META-INF/manifest.xml")
                if b"encryption-data" in manifest:
                    raise encrypted(file)
            sheets = _names_of_sheets(archive) if suspects else {}
            for part_name in suspects:
                cells = _without_value(archive.read(part_name))
                if cells and part_name in sheets:
                    found.unread[sheets[part_name]] = cells
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        NotImplementedError,
        OSError,
        KeyError,
        RuntimeError,
    ) as error:
        raise damaged(file) from error
    return found


def column_number(letters: str) -> int:
    """A is 0, Z 25, AA 26."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def column_letters(number: int) -> str:
    """0 is A, 25 Z, 26 AA."""
    letters = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _look_through(stream: IO[bytes], name: str, left: int, file: str) -> tuple[int, bool]:
    """Bytes left of the allowance, and whether the part holds formulas or errors."""
    is_sheet = bool(_SHEET.fullmatch(name))
    is_xml = name.endswith((".xml", ".rels"))
    columns = rows = 0
    suspicious = False
    tail = b""
    while chunk := stream.read(MIB):
        left -= len(chunk)
        if left < 0:
            raise zip_bomb(file)
        text = tail + chunk
        if is_xml and not tail and b"<!DOCTYPE" in text[:4096]:
            raise damaged(file)
        if is_sheet:
            suspicious = suspicious or b"<f" in text or b't="e"' in text
            widest = max((len(letters), letters) for letters in [b"", *_WIDE.findall(text)])[1]
            columns = max(columns, column_number(widest.decode()) + 1)
            if columns > MOST_COLUMNS:
                raise too_wide(file)
            # Only a wide sheet can hold too many cells: Excel has no more rows than 1,048,576.
            if columns * 1_048_576 > MOST_CELLS:
                rows = max([rows, *(int(row) for row in _VALUED.findall(text))])
                if rows * columns > MOST_CELLS:
                    raise too_wide(file)
        elif name == "content.xml":
            repeated = [int(n) for n in _ODS_WIDE.findall(text)]
            if max(repeated, default=0) > MOST_COLUMNS:
                raise too_wide(file)
            if max((int(n) for n in _ODS_LONG.findall(text)), default=0) > MOST_REPEATED:
                raise too_wide(file)
        tail = text[-OVERLAP:]
    return left, suspicious


def _without_value(sheet: bytes) -> dict[tuple[int, int], str]:
    """Formulas without a cached value, as "=..."; errors as Excel shows them."""
    found = {}
    for letters, row, attributes, inside in _CELL.findall(sheet):
        value = _VALUE.search(inside)
        place = (int(row), column_number(letters.decode()))
        if b't="e"' in attributes and value:
            found[place] = unescape(value[1].decode("utf-8", "replace"))
        elif value is None and (formula := _FORMULA.search(inside)):
            found[place] = "=" + unescape((formula[1] or b"").decode("utf-8", "replace"))
    return found


def _names_of_sheets(archive: zipfile.ZipFile) -> dict[str, str]:
    """Part of the archive to the sheet's name."""
    book = archive.read("xl/workbook.xml").decode("utf-8", "replace")
    links = archive.read("xl/_rels/workbook.xml.rels").decode("utf-8", "replace")
    targets = {}
    for link in re.findall(r"<(?:\w+:)?Relationship\b[^>]*>", links):
        identifier, target = _attribute(link, "Id"), _attribute(link, "Target")
        part = target.lstrip("/") if target.startswith("/") else normpath(f"xl/{target}")
        targets[identifier] = part
    names = {}
    for sheet in re.findall(r"<(?:\w+:)?sheet\b[^>]*>", book):
        part = targets.get(_attribute(sheet, r"\w+:id"), "")
        names[part] = unescape(_attribute(sheet, "name"))
    return names


def _attribute(tag: str, name: str) -> str:
    found = re.search(rf"\s{name}=\"([^\"]*)\"|\s{name}='([^']*)'", tag)
    return (found[1] or found[2] or "") if found else ""
