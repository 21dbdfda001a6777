"""Which months of its year a return is for, where a file says it: "January to June", "Q1", "S2"."""

from __future__ import annotations

import re
from itertools import pairwise

from atips_analysis.cleaning.months import NAMES
from atips_analysis.codebook import fold
from atips_analysis.intake.naming import YEAR

Months = tuple[str, str]
ORDINALS = {
    **dict.fromkeys(("1st", "first", "primer", "primero", "primera", "i"), 1),
    **dict.fromkeys(("2nd", "second", "segundo", "segunda", "ii"), 2),
    **dict.fromkeys(("3rd", "third", "tercer", "tercero", "tercera", "iii"), 3),
    **dict.fromkeys(("4th", "fourth", "cuarto", "cuarta", "iv"), 4),
}
LENGTHS = {
    **dict.fromkeys(("quarter", "trimestre", "qtr", "q", "t"), 3),
    **dict.fromkeys(("half", "semester", "semestre", "h", "s"), 6),
}
_SHORT = re.compile(r"([qhts])([1-4])")
_NUMERIC = re.compile(r"(?<!\d)(\d{4})[-/.](\d{1,2})(?!\d)|(?<!\d)(\d{1,2})[-/.](\d{4})(?!\d)")


def months_said(text: str, year: int) -> Months | None:
    """First and last month (yyyy-mm) of `year` that a text names; None where it names no part.

    "Jan-Jun 2024", "first half", "2º trimestre", "Q3", "2024-01 to 2024-06". A text with one month
    alone is that month; of a text that names another year nothing is said.
    """
    apart = re.sub(r"(?<=\d)[ºª°](?!\w)|(?<=\d)(?:er|ro|do|to)(?!\w)", "", text)
    numbers = [(int(one[0] or one[3]), int(one[1] or one[2])) for one in _NUMERIC.findall(apart)]
    tokens = [token for token in re.split(r"[^\w]+|_", apart) if token]
    words = [fold(token) for token in tokens]
    part = _part(words)
    named = [NAMES[word] for word in words if word in NAMES]
    if set(YEAR.findall(text)) - {str(year)}:
        return None
    if part:
        first, last = part
    elif numbers and all(of == year and 1 <= month <= 12 for of, month in numbers):
        first, last = numbers[0][1], numbers[-1][1]
    elif named and len(named) <= 2:
        first, last = named[0], named[-1]
    else:
        return None
    return (f"{year}-{first:02d}", f"{year}-{last:02d}") if first <= last else None


def months_to(text: str, year: int) -> Months | None:
    """From January to the month that a text names last: what "covers up to" says."""
    said = months_said(text, year)
    return (f"{year}-01", said[1]) if said else None


def _part(words: list[str]) -> tuple[int, int] | None:
    """A quarter or a half-year, by one word (q1) or by two (first quarter, trimestre 2)."""
    found = set()
    for word, follower in pairwise([*words, ""]):
        short = _SHORT.fullmatch(word)
        length = LENGTHS.get(word) or LENGTHS.get(follower)
        number = ORDINALS.get(word) or ORDINALS.get(follower)
        for one in (word, follower):
            number = number or (int(one) if one.isdecimal() and len(one) == 1 else None)
        if short:
            found.add((LENGTHS[short[1]], int(short[2])))
        elif length and number and (word in LENGTHS) != (follower in LENGTHS):
            found.add((length, number))
    if len(found) != 1:
        return None
    ((length, number),) = found
    return (length * (number - 1) + 1, length * number) if length * number <= 12 else None
