"""The parts of an xlsx, and places in it."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from posixpath import normpath
from typing import IO
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import iterparse

from atips_analysis.intake.marks import Place


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
        for element in each(self.open(part), "Relationship"):
            target = str(element.get("Target", "")).replace("\\", "/")
            if element.get("TargetMode") == "External":
                continue
            whole = target.lstrip("/") if target.startswith("/") else normpath(f"{base}/{target}")
            kind = str(element.get("Type", "")).rpartition("/")[2].lower()
            found[str(element.get("Id"))] = (kind, whole)
        return found


def each(stream: IO[bytes], *names: str) -> Iterator[Element]:
    """The elements of these names, each whole."""
    with stream:
        for _, element in iterparse(stream, ("end",), forbid_dtd=True):
            if local_name(element) in names:
                yield element


def place_of(reference: str) -> Place | None:
    """Row and column, from 0, of a reference such as ``B7``; None when it is none."""
    digits = reference.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ$")
    letters = reference[: len(reference) - len(digits)].replace("$", "")
    if not (letters and digits.isdecimal()):
        return None
    return int(digits), column_number(letters)


def column_of(reference: str | None, before: int) -> int:
    """Column, from 0, of a reference; the one after `before` where there is none."""
    if not reference:
        return before + 1
    return column_number(reference.rstrip("0123456789"))


def column_number(letters: str) -> int:
    """Column, from 0, of its letters: ``A`` is 0, ``AA`` is 26."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number - 1


def local_name(element: Element) -> str:
    """The name of an XML element without its namespace."""
    return str(element.tag).rpartition("}")[2]


def is_true(text: str | None) -> bool:
    """Whether an XML attribute says yes: ``1``, ``true`` or ``on``."""
    return text in ("1", "true", "on")


def _key(name: str) -> str:
    return name.replace("\\", "/").lstrip("/").lower()
