"""What a careful printer would not let pass, looked for on every page of every PDF."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

HEAD, FOOT = 62, 57
"""Points at the head and foot of a page that hold what stands on every page."""
DARK = 200
LEAST_FILLED = 0.25
BELOW_HEADING = 30
"""Points below a heading that hold a line of its text at least."""


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
                Sheet(name, index + 1, index + 1 == len(pdf), height, highest, lowest, heads)
            )
    return found


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
