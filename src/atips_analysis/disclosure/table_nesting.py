"""Labels that say of themselves that they hold others: bands of numbers, and "Women and girls".

`18+` is `18-29` and `30+`; `Women and girls` are `Women` and `Girls`. Where labels overlap and do not
add up so, nobody can tell which sum holds: the table is refused, and not called safe.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from atips_analysis.disclosure.table_periods import span_of
from atips_analysis.disclosure.table_words import plain
from atips_analysis.errors import InputError

ENDLESS = 10**6
Band = tuple[int, int]
"""The first whole number of a band, and the one after its last."""

_YEARS = r"(?: (?:years?(?: old)?|yrs?|anos?))?"
_BETWEEN = re.compile(rf"(\d+)\s*(?:-|–|—|to|a)\s*(\d+){_YEARS}")
_FROM = re.compile(
    rf"(\d+)\s*\+{_YEARS}|(\d+){_YEARS} (?:and|or|y|o) (?:over|older|above|more|mas)"
)
_BELOW = re.compile(rf"(?:<|under|below|less than|menos de|menor(?:es)? de)\s*(\d+){_YEARS}")
_WORDS = {
    **dict.fromkeys(
        ("child", "children", "minors", "ninez", "menores", "menores de edad"), (0, 18)
    ),
    **dict.fromkeys(("adult", "adults", "adultos", "personas adultas"), (18, ENDLESS)),
}
_AND = re.compile(r" (?:and|y|e|&|\+) | ?, ")
_OF_WHICH = re.compile(r"(?:of which|of whom|thereof|de los cuales|de las cuales|de ell[oa]s)\b")


def band_of(label: str) -> Band | None:
    """The whole numbers that a label covers: 18-29, 30+, under 18; None where it is none."""
    word = plain(label)
    if span_of(label) is not None:
        return None
    if word in _WORDS:
        return _WORDS[word]
    if found := _BETWEEN.fullmatch(word):
        return int(found[1]), int(found[2]) + 1
    if found := _FROM.fullmatch(word):
        return int(found[1] or found[2]), ENDLESS
    if found := _BELOW.fullmatch(word):
        return 0, int(found[1])
    return None


def trees_by_meaning(labels: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Which labels are the sum of which, by what they say.

    Raises
    ------
    InputError
        If bands overlap that do not add up, or a label says that it lies in another.
    """
    listed = sorted(set(labels))
    for label in listed:
        if _OF_WHICH.match(plain(label)):
            raise InputError(
                f"{label!r} is part of another category; write it as 'North: Bay' is written under "
                "North, and what is left of North as 'North: other'"
            )
    known = {plain(label): label for label in listed}
    found: dict[str, tuple[str, ...]] = {}
    for label in listed:
        parts = [known.get(part) for part in _AND.split(plain(label))]
        if len(parts) > 1 and all(parts):
            found[label] = tuple(part for part in parts if part)
    return found | _trees_of_bands({one: band for one in listed if (band := band_of(one))})


def _trees_of_bands(bands: Mapping[str, Band]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for label, (start, end) in bands.items():
        inside = {one: b for one, b in bands.items() if start <= b[0] < b[1] <= end}
        crossing = [one for one, b in bands.items() if b[0] < start < b[1] < end]
        del inside[label]
        kids: list[str] = []
        while inside and start < end:
            fits = [one for one in inside if inside[one][0] == start]
            kids.append(max(fits, key=lambda one: inside[one][1]) if fits else "")
            start = inside[kids[-1]][1] if fits else end + 1
        if crossing or (kids and start != end):
            other = (crossing or sorted(inside))[0]
            raise InputError(
                f"{label!r} and {other!r} overlap, and the table does not say how they add up; keep "
                "bands that do not overlap, or add those that are missing"
            )
        if kids:
            found[label] = tuple(kids)
    return found
