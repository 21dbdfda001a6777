"""A workbook as a zip archive, looked through before anything trusts it."""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from io import BytesIO
from typing import IO
from xml.etree.ElementTree import ParseError

from atips_analysis.intake.limits import LARGEST_UNPACKED, MIB, damaged, encrypted, zip_bomb
from atips_analysis.intake.marks import Marks
from atips_analysis.intake.marks_ods import marks_of_ods
from atips_analysis.intake.marks_xlsb import WORKBOOK, marks_of_xlsb
from atips_analysis.intake.marks_xlsx import marks_of_xlsx

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # the container of xls, and of an encrypted xlsx
ZIP = b"PK"


@dataclass
class Inspection:
    """What a look through the archive found: each sheet's marks, macros, links to other files.

    `unseen`: whether the sheets carry more than could be looked at.
    """

    marks: Mapping[str, Marks] = field(default_factory=dict)
    macros: bool = False
    links: bool = False
    unseen: bool = False


def inspect(content: bytes, file: str) -> Inspection:
    """Unpack every part once, counting, and read what the sheets carry besides their values.

    What the archive says of its own sizes is not believed.

    Raises InputError if it is damaged, encrypted, or unpacks to more than any submission needs.
    """
    found = Inspection()
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            names = [name.replace("\\", "/").lower() for name in archive.namelist()]
            found.macros = any(name.endswith("vbaproject.bin") for name in names)
            found.links = any(name.startswith("xl/externallinks/") for name in names)
            left = LARGEST_UNPACKED
            for part in archive.infolist():
                if part.flag_bits & 1:
                    raise encrypted(file)
                if part.file_size > left:
                    raise zip_bomb(file)
                with archive.open(part) as stream:
                    left = _look_through(stream, part.filename, left, file)
            if "meta-inf/manifest.xml" in names:
                manifest = archive.read(archive.namelist()[names.index("meta-inf/manifest.xml")])
                if b"encryption-data" in manifest:
                    raise encrypted(file)
            if WORKBOOK in names:
                found.marks, found.unseen = _marks_of_xlsb(archive)
            elif "content.xml" in names:
                found.marks = marks_of_ods(archive, file)
            else:
                found.marks = marks_of_xlsx(archive, file)
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        NotImplementedError,
        OSError,
        LookupError,
        RuntimeError,
        ParseError,
        ValueError,
        OverflowError,
        TypeError,
    ) as error:
        raise damaged(file) from error
    return found


def _marks_of_xlsb(archive: zipfile.ZipFile) -> tuple[Mapping[str, Marks], bool]:
    try:
        return marks_of_xlsb(archive), False
    except (struct.error, LookupError, ValueError):
        return {}, True


def column_letters(number: int) -> str:
    """0 is A, 25 Z, 26 AA."""
    letters = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _look_through(stream: IO[bytes], name: str, left: int, file: str) -> int:
    """Bytes left of the allowance."""
    is_xml = name.lower().endswith((".xml", ".rels"))
    first = True
    while chunk := stream.read(MIB):
        left -= len(chunk)
        if left < 0:
            raise zip_bomb(file)
        if is_xml and first and b"<!DOCTYPE" in chunk[:4096]:
            raise damaged(file)
        first = False
    return left
