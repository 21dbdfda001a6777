"""Periods as they stand in tables: years, quarters, half-years, months, and runs of them.

Every period is a sum of the smallest pieces between the first and last months of all periods
that are printed; a piece that is no period itself is a cell that nobody prints.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from atips_analysis.disclosure.table_words import plain

MONTHS = {
    **{word: n for n, word in enumerate(["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], 1)},
    "ene": 1, "abr": 4, "ago": 8, "dic": 12,
}  # fmt: skip
PARTS = {"q": 3, "t": 3, "h": 6, "s": 6}
DASH = r"\s*(?:-|–|—|to|a|/|\.\.)\s*"


@dataclass(frozen=True, order=True)
class Span:
    """Whole months, counted from year 0: the first, and the one after the last."""

    start: int
    end: int


def span_of(text: str) -> Span | None:
    """The months that a label covers; None when it is no period.

    2023 · 2021-2023 · 2021–23 (`is_two_ways` apart) · 2024-Q1 · Q1 2024 · 2024 T1 · 2024-H2 · 2024-S2 · 2024-03 ·
    Mar 2024 · 2021..2023 · 2024-01..2024-06
    """
    word = plain(text)
    if found := re.fullmatch(rf"((?:19|20)\d\d){DASH}(\d\d)", word):
        year, until = int(found[1]), int(found[1][:2] + found[2])
        if until > year and int(found[2]) > 12:
            return Span(year * 12, until * 12 + 12)
    if (one := _single(word)) is not None:
        return one
    for cut in re.finditer(DASH, word):
        first, last = _single(word[: cut.start()]), _single(word[cut.end() :])
        if first and last and first.start < last.start:
            return Span(first.start, last.end)
    return None


def is_two_ways(text: str) -> bool:
    """Whether a label may be a financial year or two years: 2023/24, 2023–24, 2023/2024."""
    found = re.fullmatch(r"((?:19|20)\d\d)\s*(-|–|—|/)\s*((?:\d\d)?\d\d)", plain(text))
    if not found or (found[2] != "/" and (len(found[3]) == 4 or int(found[3]) <= 12)):
        return False  # both years in full, or a month
    return (int(found[1]) + 1) % 100 == int(found[3]) % 100


def _single(word: str) -> Span | None:
    if re.fullmatch(r"(19|20)\d\d", word):
        return Span(int(word) * 12, int(word) * 12 + 12)
    for pattern in (r"(?P<y>(?:19|20)\d\d)[ -]?(?P<p>[qths])(?P<n>\d)",
                    r"(?P<p>[qths])(?P<n>\d)[ -]?(?P<y>(?:19|20)\d\d)"):  # fmt: skip
        if found := re.fullmatch(pattern, word):
            length = PARTS[found["p"]]
            start = int(found["y"]) * 12 + (int(found["n"]) - 1) * length
            inside = 1 <= int(found["n"]) <= 12 // length
            return Span(start, start + length) if inside else None
    if (found := re.fullmatch(r"((?:19|20)\d\d)-(\d\d?)", word)) and 1 <= int(found[2]) <= 12:
        return Span(int(found[1]) * 12 + int(found[2]) - 1, int(found[1]) * 12 + int(found[2]))
    found = re.fullmatch(r"([a-z]{3})[a-z]*\.? (?:de )?((?:19|20)\d\d)", word)
    if found and (month := MONTHS.get(found[1])):
        return Span(int(found[2]) * 12 + month - 1, int(found[2]) * 12 + month)
    return None


def overlapping(spans: Iterable[Span]) -> bool:
    """Whether any two share months, so that one less another may tell of a third."""
    ordered = sorted(set(spans))
    return any(later.start < one.end for one, later in itertools.pairwise(ordered))


def pieces_of(spans: Mapping[str, Span]) -> tuple[dict[str, tuple[str, ...]], frozenset[str]]:
    """For each label the smallest pieces that it is the sum of, and the pieces nobody prints.

    Labels that are pieces themselves are left out of the first; a stretch of time that no label
    covers is no piece.
    """
    cuts = sorted({month for span in spans.values() for month in (span.start, span.end)})
    own = {span: label for label, span in reversed(list(spans.items()))}
    pieces: dict[Span, str] = {}
    for start, end in itertools.pairwise(cuts):
        piece = Span(start, end)
        if any(span.start <= start and end <= span.end for span in spans.values()):
            pieces[piece] = own.get(piece, f"{_month(start)}..{_month(end - 1)}")
    sums = {
        label: tuple(name for piece, name in pieces.items() if span.start <= piece.start < span.end)
        for label, span in spans.items()
    }
    sums = {label: names for label, names in sums.items() if names != (label,)}
    return sums, frozenset(pieces.values()) - set(spans)


def _month(number: int) -> str:
    return f"{number // 12}-{number % 12 + 1:02d}"
