"""The parts of an xlsx, and places in it."""

from __future__ import annotations

import re
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


REFERENCE = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{0,7})")
"""A column's letters and a row's number; no sheet has more of either, whatever a file says."""


NUMBER = re.compile(r"[0-9]{1,9}")


def number_of(text: str, without: int = -1) -> int:
    """The number in an attribute; `without` where it is none, or more than any file counts."""
    return int(text) if NUMBER.fullmatch(text) else without


def place_of(reference: str) -> Place | None:
    """Row and column, from 0, of a reference such as ``B7``; None when it is none."""
    found = REFERENCE.fullmatch(reference)
    return (int(found[2]), column_number(found[1])) if found and found[2] else None


def column_of(reference: str | None, before: int) -> int:
    """Column, from 0, of a reference; the one after `before` where there is none."""
    found = REFERENCE.fullmatch(reference) if reference else None
    return column_number(found[1]) if found else before + 1


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
