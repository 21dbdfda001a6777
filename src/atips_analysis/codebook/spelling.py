"""One way to compare what people write: without case, accents, spaces and punctuation."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

# Signs that change the meaning are spelled out before the rest is dropped: `18+` is not `18`.
SIGNS = str.maketrans(
    {
        "+": " plus ",
        "<": " under ",
        ">": " over ",
        "≥": " atleast ",
        "≤": " atmost ",
        "&": " and ",
        "%": " percent ",
        "#": " number ",
        "№": " number ",
        "?": " question ",
        "✓": " tick ",
        "✔": " tick ",
        "☑": " tick ",
        "☒": " tick ",
        "✗": " cross ",
        "✘": " cross ",
        "☐": " unticked ",
    }
)


@lru_cache(maxsize=65536)
def fold(text: str) -> str:
    """`text` reduced to what distinguishes one spelling from another.

    >>> fold("  Guatemalteca. "), fold("AÑO"), fold("18+"), fold("O.W.")
    ('guatemalteca', 'ano', '18plus', 'ow')
    """
    plain = unicodedata.normalize("NFKD", text.translate(SIGNS)).casefold()
    return "".join(letter for letter in plain if letter.isalnum())


@lru_cache(maxsize=65536)
def words(text: str) -> tuple[str, ...]:
    """The words of `text`, folded one by one; `dateOfBirth` and `date_of_birth` give the same."""
    plain = unicodedata.normalize("NFKD", text.translate(SIGNS))
    letters: list[str] = []
    before = ""
    for letter in plain:
        if unicodedata.combining(letter):
            continue
        if letter.isupper() and before.islower():
            letters.append(" ")
        letters.append(letter.casefold() if letter.isalnum() else " ")
        before = letter
    return tuple("".join(letters).split())
