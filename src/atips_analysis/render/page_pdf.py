"""What a printed page shows: its words with their boxes, and how the whole is tagged."""

from __future__ import annotations

import re
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from atips_analysis.errors import FindingsError

Floats = NDArray[np.float64]
# Two words overprint when their boxes share more than this part of the smaller one, both ways.
SHARED = 0.2
# A digit so much smaller than the one before it is the mark of a note.
SMALLER = 0.85
# What PDFium reports where a word is parted at the end of a line.
PARTED = frozenset("\x02\xad\ufffe")
FIXED_PITCH = 1
STRUCTURE = re.compile(rb"/S\s*/([A-Za-z0-9]+)")
OBJECTS = re.compile(rb"/ObjStm\b.*?\bstream\r?\n(.*?)\r?\nendstream", re.DOTALL)


@dataclass(frozen=True)
class Word:
    """A word, or the part of it on one line: the box of its ink in points from the lower left."""

    text: str
    left: float
    bottom: float
    right: float
    top: float


@dataclass(frozen=True)
class PrintedPage:
    """One page: its text, a line a line; the same without code; its words; its size in points."""

    text: str
    prose: str
    words: tuple[Word, ...]
    width: float
    height: float


def read_pages(pdf: Path) -> list[PrintedPage]:
    """The pages of a PDF, by PDFium. Code is what is set in a typeface of fixed pitch.

    Raises FindingsError if it is no whole PDF.
    """
    import pypdfium2

    try:
        with pypdfium2.PdfDocument(pdf) as document:
            return [_read_page(page) for page in document]
    except pypdfium2.PdfiumError:
        raise FindingsError(f"{pdf.name} is not a whole PDF; render it again") from None


def structure(pdf: Path) -> Counter[str]:
    """How many elements of each kind (Table, Figure, …) the PDF is tagged with."""
    content = pdf.read_bytes()
    parts = [content, *map(zlib.decompress, OBJECTS.findall(content))]
    return Counter(name.decode() for part in parts for name in STRUCTURE.findall(part))


def overprinted(words: tuple[Word, ...]) -> Iterator[tuple[Word, Word]]:
    """Pairs of words that are printed over one another."""
    if not words:
        return
    left, bottom, right, top = np.array([(w.left, w.bottom, w.right, w.top) for w in words]).T
    shared = np.triu(_share(left, right) & _share(bottom, top), k=1)
    yield from ((words[one], words[other]) for one, other in np.argwhere(shared))


def cut_off(page: PrintedPage) -> Iterator[Word]:
    """Words that run over the edge of the paper."""
    for word in page.words:
        if min(word.left, word.bottom) < 0 or word.right > page.width or word.top > page.height:
            yield word


def _share(low: Floats, high: Floats) -> NDArray[np.bool_]:
    """Which words share more than a part of the smaller one with which, in one direction."""
    long = high - low
    both = np.minimum.outer(high, high) - np.maximum.outer(low, low)
    return np.asarray(both > SHARED * np.minimum.outer(long, long))


@dataclass
class _Reader:
    """Puts a page's signs together to words and lines."""

    lines: list[list[str]] = field(default_factory=lambda: [[]])
    prose: list[list[str]] = field(default_factory=lambda: [[]])
    words: list[Word] = field(default_factory=list)
    word: str = ""
    box: tuple[float, float, float, float] | None = None
    prose_word: str = ""
    digit: float = 0.0

    def add(self, sign: str, box: tuple[float, float, float, float], code: bool) -> None:
        """One more sign of a word; `box` as `Word` has it."""
        height = box[3] - box[1]
        if sign.isdigit():
            if height < SMALLER * self.digit:
                self.end_word()
            self.digit = height
        else:
            self.digit = 0.0
        self.word += sign
        self.prose_word += "" if code else sign
        if box[2] > box[0] and height > 0:
            known = self.box or box
            self.box = (
                min(known[0], box[0]),
                min(known[1], box[1]),
                max(known[2], box[2]),
                max(known[3], box[3]),
            )

    def end_word(self) -> None:
        if self.word:
            self.lines[-1].append(self.word)
            if self.prose_word:
                self.prose[-1].append(self.prose_word)
            if self.box is not None:
                self.words.append(Word(self.word, *self.box))
        self.word = self.prose_word = ""
        self.box, self.digit = None, 0.0

    def end_line(self) -> None:
        self.end_word()
        self.lines.append([])
        self.prose.append([])


def _read_page(page: Any) -> PrintedPage:
    from ctypes import byref, c_double, c_int

    import pypdfium2.raw as pdfium

    held = page.get_textpage()  # closed when nobody holds it
    signs = held.raw
    reader = _Reader()
    left, right, bottom, top = (c_double() for _ in range(4))
    corners = [byref(corner) for corner in (left, right, bottom, top)]
    flags = c_int()
    for index in range(pdfium.FPDFText_CountChars(signs)):
        sign = chr(pdfium.FPDFText_GetUnicode(signs, index))
        if sign in PARTED:
            reader.word += "-"
            reader.end_line()
        elif sign == "\n":
            reader.end_line()
        elif sign.isspace():
            reader.end_word()
        elif sign.isprintable():
            pdfium.FPDFText_GetCharBox(signs, index, *corners)
            pdfium.FPDFText_GetFontInfo(signs, index, None, 0, byref(flags))
            box = (left.value, bottom.value, right.value, top.value)
            reader.add(sign, box, bool(flags.value & FIXED_PITCH))
    reader.end_line()
    text, prose = (
        "\n".join(" ".join(line) for line in lines if line)
        for lines in (reader.lines, reader.prose)
    )
    return PrintedPage(text, prose, tuple(reader.words), *page.get_size())
