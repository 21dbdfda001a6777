"""Which row is the header, and what each header says."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import get_args

import pandas as pd

from atips_analysis.codebook import Codebook, HeaderMatch, fold
from atips_analysis.codebook.synonyms import How
from atips_analysis.intake.header_reading import Reading, below_group, read_header, says_something
from atips_analysis.intake.personal import forbidden_header

SEARCHED_ROWS = 40
# A second header row (the other language, the columns' names) repeats at least this share of it.
REPEATED = 0.6
_BRACKETED = re.compile(r"[(\[].+[)\]]")

SEXES = {"m": "mujeres", "h": "hombres", "v": "hombres"}

Rows = list[tuple[int, dict[int, str]]]
Reader = Callable[[str], Reading]


@dataclass(frozen=True)
class Header:
    """A header row: its row number, and per position in the sheet the text and what it says.

    `matches` holds the column of each position: until columns are chosen, the first that names it
    best. `titles` are the texts above it.
    """

    row: int
    texts: dict[int, str]
    readings: dict[int, Reading]
    matches: dict[int, HeaderMatch]
    forbidden: dict[int, str]
    title_rows: int
    last_row: int
    titles: list[str] = field(default_factory=list)


def find_header(cells: pd.DataFrame, stream: str, codebook: Codebook) -> Header | None:
    """The row among the first that names most columns of `stream`; the first such row in a tie."""
    rows = list(_texts(cells.head(SEARCHED_ROWS)))

    def listed(text: str) -> Reading:
        return read_header(text, stream, codebook, near=False)

    def near(text: str) -> Reading:
        return read_header(text, stream, codebook)

    best = _best(rows, listed) or _best(rows, near)
    if best is None:
        return None
    readings = {position: near(text) for position, text in best.texts.items()}
    best = replace(best, readings=readings)
    named = best.texts
    best = _below_another(best, rows, stream, codebook)
    above = best.title_rows - (best.texts != named)  # a row of groups is no title
    best, last = _above_another(best, rows, stream, codebook)
    for number, texts in rows[best.title_rows + 1 :]:
        if number <= last:
            continue
        if not _repeats(best, texts, stream, codebook):
            break
        last = number
    best = _with_letters_of_sexes(best, stream, codebook)
    best = replace(best, matches=matches_of(best.readings))
    forbidden = {
        position: what
        for position, match in best.matches.items()
        if match.how in ("ignored", "near")
        and (what := forbidden_header(best.texts[position]))
        # Remarks on a session or an inspection are about no person; what they hold is looked at.
        and (what != "free text" or codebook.stream(stream).about_persons)
    }
    titles = [text for _, texts in rows[:above] for text in texts.values()]
    title_rows = best.title_rows + sum(best.row < number <= last for number, _ in rows)
    return replace(best, forbidden=forbidden, title_rows=title_rows, last_row=last, titles=titles)


def _with_letters_of_sexes(header: Header, stream: str, codebook: Codebook) -> Header:
    """The header with M read as mujeres where it stands beside H (hombres) or V (varones)."""
    letters = {place: fold(text.rpartition("\n")[2]) for place, text in header.texts.items()}
    found = set(letters.values())
    if not ("m" in found and "f" not in found and found & {"h", "v"}):
        return header
    readings = dict(header.readings)
    for place, letter in letters.items():
        if letter in SEXES:
            readings[place] = read_header(SEXES[letter], stream, codebook, near=False)
    return replace(header, readings=readings)


def matches_of(readings: dict[int, Reading]) -> dict[int, HeaderMatch]:
    """The column of each header; a column is taken once, by the header that names it best."""
    taken: dict[str, int] = {}
    for plain in (True, False):
        for how in get_args(How):
            for position, reading in readings.items():
                if reading.match.how == how and reading.plain == plain:
                    taken.setdefault(reading.match.column, position)
    return {
        position: reading.match
        if taken.get(reading.match.column) == position
        else HeaderMatch("", "ignored")
        for position, reading in readings.items()
    }


def repeats_header(header: Header, cells: pd.DataFrame) -> pd.Series:
    """Rows below the header that say the header again, as on each printed page."""
    same = pd.Series(True, index=cells.index)
    for position, text in header.texts.items():
        last = text.rpartition("\n")[2]
        same &= (cells[position].astype("str") == text) | (cells[position].astype("str") == last)
    return same.fillna(False).astype(bool)


def _best(rows: Rows, reader: Reader) -> Header | None:
    """The row that names most columns: two at least, or its only cell."""
    best: Header | None = None
    most = 0
    for position, (number, texts) in enumerate(rows):
        readings = {place: reader(text) for place, text in texts.items()}
        named = {
            reading.match.column for reading in readings.values() if reading.match.how != "ignored"
        }
        if len(named) < 2 and not (len(named) == len(texts) == 1):
            continue
        if best is None or len(named) > most:
            best, most = Header(number, texts, readings, {}, {}, position, number), len(named)
    return best


def _below_another(best: Header, rows: Rows, stream: str, codebook: Codebook) -> Header:
    """The header with what the row right above it says of groups of its columns."""
    if not best.title_rows:
        return best
    number, groups = rows[best.title_rows - 1]
    first = min(best.texts)
    if best.row - number != 1 or (len(groups) == 1 and first in groups):
        return best
    texts, readings = dict(best.texts), dict(best.readings)
    for position, text in best.texts.items():
        group = _group(groups, position)
        if group is None or fold(group) == fold(text) or not _tells(group, stream, codebook):
            continue
        if readings[position].match.how == "ignored" or says_something(group):
            readings[position] = below_group(group, text, stream, codebook)
            texts[position] = f"{group}\n{text}"
    return replace(best, texts=texts, readings=readings)


def _above_another(best: Header, rows: Rows, stream: str, codebook: Codebook) -> tuple[Header, int]:
    """The header with a second level below it, and the last row of the two.

    A second level holds words of headers only, at least two of them or one below a blank: parts
    of a group ("Women", "Men", "Total"), what they mean ("Planned", "2024"), or their units.
    """
    at = best.title_rows + 1
    if at >= len(rows) or rows[at][0] != best.row + 1:
        return best, best.row
    number, lower = rows[at]
    texts, readings = dict(best.texts), dict(best.readings)
    parts_of_a_count = _parts_of_a_count(best, lower, stream, codebook)
    for position, text in lower.items():
        group = best.texts.get(position) or _group(best.texts, position)
        if group is None:
            return best, best.row
        if _BRACKETED.fullmatch(text.strip()):
            reading = readings.get(position, Reading())
            if reading.match.how != "ignored":
                reading = read_header(f"{group} {text}", stream, codebook, near=False)
            if position in best.texts:
                readings[position] = (
                    reading if reading.match.how != "ignored" else readings[position]
                )
                texts[position] = f"{group} {text}"
            continue
        reading = below_group(group, text, stream, codebook)
        if reading.match.how == "ignored":
            if not parts_of_a_count:
                return best, best.row
            # Words that nobody knows are about the figures below them: they are asked about.
            reading = read_header(group, stream, codebook, near=False)
            reading = replace(reading, other=(*reading.other, text))
        readings[position], texts[position] = reading, f"{group}\n{text}"
    units = len(lower) > 1 and all(_BRACKETED.fullmatch(text.strip()) for text in lower.values())
    group_parts = len(lower) > 1 and any(position not in best.texts for position in lower)
    told = any(says_something(text) for text in lower.values()) and (
        len(lower) > 1 or not any(text.strip().isdecimal() for text in lower.values())
    )
    repeats = _repeats(best, lower, stream, codebook)
    if repeats or not (units or group_parts or told):
        return best, best.row
    return replace(best, texts=texts, readings=readings), number


def _parts_of_a_count(best: Header, lower: dict[int, str], stream: str, codebook: Codebook) -> bool:
    """Whether a row of words, without a figure, stands below a count and blanks to its right."""
    if any(letter.isdigit() for text in lower.values() for letter in text):
        return False
    for position in lower:
        of = max((place for place in best.texts if place <= position), default=position)
        column = best.readings[of].match.column if of in best.readings else ""
        counts = bool(column) and codebook.stream(stream).column(column).type == "count"
        if counts and of != position and of in lower:
            return True
    return False


def _group(groups: dict[int, str], position: int) -> str | None:
    """The text of the upper row that stands over a position: there, or the nearest to the left."""
    left = [place for place in groups if place <= position]
    return groups[max(left)] if left else None


def _tells(group: str, stream: str, codebook: Codebook) -> bool:
    """Whether a text above headers can be about them: a column's name, or words that say more."""
    return (
        says_something(group)
        or read_header(group, stream, codebook, near=False).match.how != "ignored"
    )


def _repeats(header: Header, texts: dict[int, str], stream: str, codebook: Codebook) -> bool:
    known = {position: codebook.column_of(stream, text) for position, text in texts.items()}
    same = [
        position
        for position, match in known.items()
        if match
        and position in header.readings
        and header.readings[position].match.column == match.column
        and fold(texts[position]) != ""
    ]
    return len(same) >= 2 and len(same) >= REPEATED * len(texts)


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
