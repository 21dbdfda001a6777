"""What a careful printer would not let pass, looked for on every page of every PDF."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

HEAD, FOOT = 62, 57
"""Points at the head and foot of a page that hold what stands on every page."""
DARK = 200
LEAST_FILLED = 0.25
BELOW_HEADING = 30
"""Points below a heading that hold a line of its text at least."""
SMALL_PRINT = 9.0
"""Points: notes and sources are set smaller, sentences are not."""


@dataclass(frozen=True)
class Tag:
    """An element of a page's structure, as a screen reader meets it: its kind and what it holds."""

    kind: str
    parts: tuple[Tag, ...]

    def holds(self, kind: str) -> bool:
        return any(part.kind == kind for part in self.parts)

    @property
    def rows(self) -> int:
        return sum(len(part.parts) for part in self.parts if part.kind in ("TBody", "TFoot"))


@dataclass(frozen=True)
class Sheet:
    """A page of a PDF: which, its height, the lowest and highest ink between head and foot (points)."""

    pdf: str
    number: int
    last: bool
    height: float
    highest: float
    lowest: float
    headings: tuple[tuple[str, float], ...]
    tags: tuple[Tag, ...]
    starts_in_small_print: bool
    ends_in_small_print: bool

    def __str__(self) -> str:
        return f"{self.pdf}, page {self.number}"


@pytest.fixture(scope="module")
def sheets(site) -> list[Sheet]:
    files = sorted(file for file in site.rglob("*.pdf") if "pack" not in file.parts)
    return [sheet for file in files for sheet in _sheets(file, site)]


def _sheets(file: Path, site: Path) -> list[Sheet]:
    import pypdfium2

    found = []
    with pypdfium2.PdfDocument(file) as pdf:
        marks: dict[int, list[tuple[str, float]]] = {}
        for mark in pdf.get_toc():
            dest = mark.get_dest()
            if dest is not None:
                _mode, place = dest.get_view()
                marks.setdefault(dest.get_index(), []).append((mark.get_title(), place[1]))
        for index, page in enumerate(pdf):
            picture = np.asarray(page.render(scale=1, grayscale=True).to_pil())
            rows = np.flatnonzero((picture < DARK).any(axis=1))
            height = page.get_height()
            own = rows[(rows > HEAD) & (rows < height - FOOT)]
            highest, lowest = (own.min(), own.max()) if own.size else (HEAD, HEAD)
            name = file.relative_to(site).as_posix()
            heads = tuple((title, height - top) for title, top in marks.get(index, ()))
            found.append(
                Sheet(
                    name,
                    index + 1,
                    index + 1 == len(pdf),
                    height,
                    highest,
                    lowest,
                    heads,
                    _tags(page),
                    *_small_print_at_its_ends(page),
                )
            )
    return found


def _tags(page: Any) -> tuple[Tag, ...]:
    import pypdfium2.raw as pdfium

    def tag(element: Any) -> Tag:
        size = pdfium.FPDF_StructElement_GetType(element, None, 0)
        kind = ctypes.create_string_buffer(size)
        pdfium.FPDF_StructElement_GetType(element, kind, size)
        count = pdfium.FPDF_StructElement_CountChildren(element)
        parts = [pdfium.FPDF_StructElement_GetChildAtIndex(element, at) for at in range(count)]
        return Tag(kind.raw.decode("utf-16-le").rstrip("\0"), tuple(tag(p) for p in parts if p))

    tree = pdfium.FPDF_StructTree_GetForPage(page.raw)
    try:
        count = pdfium.FPDF_StructTree_CountChildren(tree)
        roots = [pdfium.FPDF_StructTree_GetChildAtIndex(tree, at) for at in range(count)]
        return tuple(part for root in roots if root for part in tag(root).parts)
    finally:
        pdfium.FPDF_StructTree_Close(tree)


def _small_print_at_its_ends(page: Any) -> tuple[bool, bool]:
    """Whether the first and the last line between head and foot are set small."""
    import pypdfium2.raw as pdfium

    signs, height = page.get_textpage(), page.get_height()
    first, last = (0.0, 0.0), (height, 0.0)
    for at in range(signs.count_chars()):
        bottom = signs.get_charbox(at)[1]
        if not FOOT < bottom < height - HEAD or signs.get_text_range(at, 1).isspace():
            continue
        size = pdfium.FPDFText_GetFontSize(signs, at)
        first = (bottom, size) if bottom > first[0] + 1 else first
        last = (bottom, size) if bottom < last[0] - 1 else last
    return 0 < first[1] < SMALL_PRINT, 0 < last[1] < SMALL_PRINT


def _turned(sheets: list[Sheet]) -> list[tuple[Sheet, Sheet]]:
    """Each page with text, and the one after it in the same PDF."""
    return [
        (before, after)
        for before, after in pairwise(sheets)
        if before.pdf == after.pdf and before.tags and after.tags
    ]


def test_no_heading_stands_at_a_pages_foot(sheets):
    assert [
        f"{sheet}: {title}"
        for sheet in sheets
        for title, top in sheet.headings
        if sheet.lowest < top + BELOW_HEADING
    ] == []


def test_no_page_but_the_last_is_less_than_a_quarter_full(sheets):
    assert [
        str(sheet)
        for sheet in sheets
        if not sheet.last and (sheet.lowest - HEAD) < LEAST_FILLED * (sheet.height - HEAD - FOOT)
    ] == []


def test_no_table_leaves_one_row_alone_on_a_page(sheets):
    assert [
        str(after)
        for before, after in _turned(sheets)
        if after.tags[0].kind == "Table"
        and not after.tags[0].holds("THead")
        and min(before.tags[-1].rows, after.tags[0].rows) < 2
    ] == []


def test_no_figure_is_parted_from_its_sentence(sheets):
    assert [
        str(after)
        for before, after in _turned(sheets)
        if after.tags[0].holds("Figure")
        and before.tags[-1].kind == "P"
        and not before.ends_in_small_print
    ] == []


def test_no_note_is_broken_over_pages(sheets):
    assert [
        str(after)
        for before, after in _turned(sheets)
        if before.ends_in_small_print
        and after.starts_in_small_print
        and after.tags[0].kind == "P"
        and before.tags[-1].kind == "P"
    ] == []
