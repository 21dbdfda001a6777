"""Which row is the header, and which column each header means."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import pandas as pd

from atips_analysis.codebook import Codebook, HeaderMatch, fold
from atips_analysis.codebook.synonyms import How
from atips_analysis.intake.personal import forbidden_header

Matcher = Callable[[str, str, Codebook], HeaderMatch]

SEARCHED_ROWS = 40
# A second header row (the other language, the columns' names) repeats at least this share of it.
REPEATED = 0.6
_BRACKETED = re.compile(r"[(\[].+[)\]]")
_ASIDE = re.compile(r"\s*[(\[][^()\[\]]*[)\]]|\s*[*†?¿]+")


@dataclass(frozen=True)
class Header:
    """A header row: its row number, and per position in the sheet the text and its match."""

    row: int
    texts: dict[int, str]
    matches: dict[int, HeaderMatch]
    forbidden: dict[int, str]
    title_rows: int
    last_row: int


def find_header(cells: pd.DataFrame, stream: str, codebook: Codebook) -> Header | None:
    """The row among the first that names most columns of `stream`; the first such row in a tie."""
    rows = list(_texts(cells.head(SEARCHED_ROWS)))
    best = _best(rows, stream, codebook, _listed) or _best(rows, stream, codebook, _match)
    if best is None:
        return None
    best = replace(best, matches=match_headers(best.texts, stream, codebook))
    forbidden = {
        position: what
        for position, match in best.matches.items()
        if match.how in ("ignored", "near") and (what := forbidden_header(best.texts[position]))
    }
    last = best.row
    for number, texts in rows[best.title_rows + 1 :]:
        if not (_repeats(best, texts, stream, codebook) or _units(texts)):
            break
        last = number
    title_rows = best.title_rows + sum(best.row < number <= last for number, _ in rows)
    return Header(best.row, best.texts, best.matches, forbidden, title_rows, last)


def match_headers(
    texts: dict[int, str], stream: str, codebook: Codebook, matcher: Matcher | None = None
) -> dict[int, HeaderMatch]:
    """The column each header means; a column is taken once, by the header that names it best."""
    order: tuple[How, ...] = ("exact", "label", "synonym", "near")
    matcher = matcher or _match
    found = {position: matcher(text, stream, codebook) for position, text in texts.items()}
    taken: dict[str, int] = {}
    for how in order:
        for position, match in found.items():
            if match.how == how:
                taken.setdefault(match.column, position)
    return {
        position: match if taken.get(match.column) == position else HeaderMatch("", "ignored")
        for position, match in found.items()
    }


def repeats_header(header: Header, cells: pd.DataFrame) -> pd.Series:
    """Rows below the header that say the header again, as on each printed page."""
    same = pd.Series(True, index=cells.index)
    for position, text in header.texts.items():
        same &= cells[position].astype("str") == text
    return same.fillna(False).astype(bool)


def _best(
    rows: list[tuple[int, dict[int, str]]], stream: str, codebook: Codebook, matcher: Matcher
) -> Header | None:
    """The row that names most columns: two at least, or its only cell."""
    best: Header | None = None
    for position, (number, texts) in enumerate(rows):
        matches = match_headers(texts, stream, codebook, matcher)
        named = {match.column for match in matches.values() if match.how != "ignored"}
        if len(named) < 2 and not (len(named) == len(texts) == 1):
            continue
        if best is None or len(named) > _named(best):
            best = Header(number, texts, matches, {}, position, number)
    return best


def _match(text: str, stream: str, codebook: Codebook) -> HeaderMatch:
    """The column by a listed spelling, else by a near one."""
    listed = _listed(text, stream, codebook)
    if listed.how == "ignored" and forbidden_header(text) is None:
        for candidate in (text, _ASIDE.sub("", text).strip()):
            if near := codebook.column_near(stream, candidate):
                return near
    return listed


def _listed(text: str, stream: str, codebook: Codebook) -> HeaderMatch:
    """The column by its name, label or a listed spelling, asides and a second language apart."""
    if match := codebook.column_of(stream, text):
        return match
    shorter = _ASIDE.sub("", text).strip()
    last_line = text.strip().splitlines()[-1] if text.strip() else ""
    first_line = text.strip().splitlines()[0] if text.strip() else ""
    parts = [part for part in re.split(r"\s*/\s*|\s+[-–|]\s+", shorter) if part]
    for candidate in (shorter, first_line, last_line):
        if match := codebook.column_of(stream, candidate):
            return match
    both = {codebook.column_of(stream, part) for part in parts}  # "Sex / Sexo"
    columns = {match.column if match else None for match in both}
    if len(parts) > 1 and len(columns) == 1 and None not in columns:
        return next(iter(match for match in both if match))
    return HeaderMatch("", "ignored")


def _repeats(header: Header, texts: dict[int, str], stream: str, codebook: Codebook) -> bool:
    known = {position: codebook.column_of(stream, text) for position, text in texts.items()}
    same = [
        position
        for position, match in known.items()
        if match
        and position in header.matches
        and header.matches[position].column == match.column
        and fold(texts[position]) != ""
    ]
    return len(same) >= 2 and len(same) >= REPEATED * len(texts)


def _units(texts: dict[int, str]) -> bool:
    """A line that says below each header how to fill it in: (yyyy-mm), (number)."""
    return len(texts) > 1 and all(_BRACKETED.fullmatch(text.strip()) for text in texts.values())


def _named(header: Header) -> int:
    return len({match.column for match in header.matches.values() if match.how != "ignored"})


def _texts(cells: pd.DataFrame) -> Iterator[tuple[int, dict[int, str]]]:
    for row in cells.itertuples():
        yield (
            int(row[0]),
            {
                position: " ".join(str(text).split(" "))
                for position, text in enumerate(row[1:])
                if isinstance(text, str)
            },
        )
