"""What must not be sent: columns that look like a name, a birth date, a document, a contact,
an address or free text about a person. By header, and by what the cells hold.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache, partial
from pathlib import Path

import pandas as pd

from atips_analysis.codebook import Codebook, Column, fold, label_columns, words
from atips_analysis.intake.word_lists import word_list

HERE = Path(__file__).parent
ENOUGH = 0.5  # share of a column's values that makes a doubtful likeness certain
FREE_TEXT_WORDS = 8

EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]++@[\w-]+\.[A-Za-z]{2,}")
PHONE = re.compile(r"(?:\+|00)?\(?50[1-9]\)?[ -]?\d{3,4}[ -]?\d{4}\b|\+\d{1,3}[ -]?\d{3}[\d -]{5,}")
LOCAL_PHONE = re.compile(r"[2-8]\d{2}[- ]\d{4}")
DOCUMENT = re.compile(r"[A-Z]{1,2}\d{6,9}", re.I)
DAY = re.compile(
    r"(?P<iso>(?:19|20)\d{2})[-/.]\d{1,2}[-/.]\d{1,2}(?: .*)?"
    r"|\d{1,2}[-/. ](?:\d{1,2}|[A-Za-z]{3,10})[-/. ](?P<last>(?:19|20)\d{2})(?: .*)?"
)
COORDINATES = re.compile(r"-?\d{1,2}\.\d{3,}\s*[,;]\s*-?\d{1,3}\.\d{3,}")
_NAME_PART = r"[^\W\d_]+(?:[’'-][^\W\d_]+)?\.?"
NAME_SHAPE = re.compile(rf"{_NAME_PART}(?:,? {_NAME_PART}){{1,4}}")
PARTICLES = {"de", "la", "las", "los", "del", "da", "van", "von", "y", "e"}
PLACES = {"san", "santa", "santo", "saint", "st", "puerto", "punta", "villa", "el", "ciudad"}


def forbidden_header(header: str) -> str | None:
    """What the header says that the column holds and that must not be sent ("a name"), or None."""
    said = {*words(header), fold(header)}  # D.O.B is one word
    of_a_thing = bool(said & set(word_list(HERE / "personal_words.csv")["a thing"]))
    for what, spelling in _personal_words():
        if spelling <= said and not (what == "a name" and len(spelling) == 1 and of_a_thing):
            return what
    return None


@cache
def _personal_words() -> tuple[tuple[str, frozenset[str]], ...]:
    """What the words of a header say, runs of several first. Source: the standard's validation rule
    "text" and the Spanish terms."""
    listed = [
        (what, frozenset(spelling.split()))
        for what, spellings in word_list(HERE / "personal_words.csv").items()
        for spelling in spellings
        if what != "a thing"
    ]
    return tuple(sorted(listed, key=lambda one: len(one[1]) == 1))


def forbidden_content(
    values: pd.Series, column: Column | None, codebook: Codebook, about_persons: bool, year: int
) -> str | None:
    """What the cells of a column hold that must not be sent, or None.

    Cells that a code list explains are left out first. An e-mail address, an international
    telephone number or coordinates are refused wherever one stands; other likenesses only in
    columns that are not in the codebook or hold codes made by people, where enough cells show
    them. A doubtful column of codes is never refused: its values go to the quality room.

    Parameters
    ----------
    values : Series
        The column's cells, as text.
    column : Column or None
        The column that it was taken for; None when it was ignored.
    codebook : Codebook
        The words, so that countries and agencies are not taken for names.
    about_persons : bool
        Whether the stream's rows are about persons.
    year : int
        The year that the return is for.
    """
    kind = column.type if column is not None else "ignored"
    if kind in ("year", "count", "age", "bool"):
        return None
    texts = [str(text).strip() for text in pd.unique(values.dropna())]
    together = "\n".join(texts)
    if EMAIL.search(together):
        return "an e-mail address"
    if COORDINATES.search(together):
        return "coordinates"
    if kind == "month":
        return None
    if any(PHONE.fullmatch(text) for text in texts if text[:1] in "+0(5"):
        return "a telephone number"
    if kind == "id":
        # Codes of persons are never words; codes of sessions and meetings may be.
        about_a_person = column is not None and column.sensitivity == "pseudonym"
        likeness = partial(_is_name, codebook=codebook) if about_a_person else _is_full_name
        return "a name" if any(map(likeness, texts)) else None
    unexplained = [text for text in texts if not _known(text, column, codebook)]
    if kind == "ignored":
        return _ignored(unexplained, about_persons, year)
    return "a name" if any(map(_is_full_name, unexplained)) else None


def _ignored(texts: list[str], about_persons: bool, year: int) -> str | None:
    if not texts:
        return None
    born = [match for text in texts if (match := DAY.fullmatch(text))]
    old = sum(int(match["iso"] or match["last"]) < year - 3 for match in born)
    checks = (
        ("a date of birth", old),
        ("a telephone number", sum(bool(LOCAL_PHONE.fullmatch(text)) for text in texts)),
        ("a document number", sum(bool(DOCUMENT.fullmatch(text)) for text in texts)),
        ("a name", sum(map(_has_given_name, texts))),
    )
    for what, number in checks:
        if number >= ENOUGH * len(texts):
            return what
    if any(map(_is_full_name, texts)):
        return "a name"
    if about_persons and any(len(text.split()) >= FREE_TEXT_WORDS for text in texts):
        return "free text"
    return None


def _known(text: str, column: Column | None, codebook: Codebook) -> bool:
    """Whether a code list explains the text; any list for a column that is not in the codebook."""
    if column is not None and column.codelist:
        return codebook.code_of(column.codelist, text) is not None
    spellings, _ = _words_of(codebook)
    return fold(text) in spellings


def _is_full_name(text: str) -> bool:
    """A listed given name and a listed surname, and nothing that makes it a place."""
    parts = _name_parts(text)
    if parts is None or PLACES & set(parts):
        return False
    given = [part for part in parts if part in given_names()]
    family = [part for part in parts if part in surnames()]
    return bool(given) and bool(family) and len(set(given) | set(family)) > 1


def _is_name(text: str, codebook: Codebook) -> bool:
    """The shape of a name, with a listed given name in it, and no word of the codebook."""
    parts = _name_parts(text)
    if parts is None or PLACES & set(parts):
        return False
    _, labels = _words_of(codebook)
    return not set(parts) & labels and any(part in given_names() for part in parts)


def _has_given_name(text: str) -> bool:
    parts = words(text)
    return 1 <= len(parts) <= 4 and parts[0] in given_names() and not PLACES & set(parts)


def _name_parts(text: str) -> tuple[str, ...] | None:
    if " " not in text or not NAME_SHAPE.fullmatch(text):
        return None
    return tuple(part for part in words(text) if part not in PARTICLES)


@cache
def given_names() -> frozenset[str]:
    """Given names, folded, by which a column of names is known."""
    return frozenset(map(fold, word_list(HERE / "common_names.csv")["given"]))


@cache
def surnames() -> frozenset[str]:
    """Surnames, folded, by which a column of names is known."""
    return frozenset(map(fold, word_list(HERE / "common_names.csv")["surname"]))


def _words_of(codebook: Codebook) -> tuple[frozenset[str], frozenset[str]]:
    """All accepted spellings, and all words of labels: what is no person's name."""
    return _words_in(_Held(codebook))


class _Held:
    """A codebook as a key of a cache: each is gone through once."""

    def __init__(self, codebook: Codebook) -> None:
        self.codebook = codebook

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Held) and self.codebook is other.codebook

    def __hash__(self) -> int:
        return id(self.codebook)


@lru_cache(maxsize=4)
def _words_in(held: _Held) -> tuple[frozenset[str], frozenset[str]]:
    codebook = held.codebook
    spellings = {text for known in codebook.spellings.values() for text in known}
    labels = {
        word
        for codelist in codebook.codelists.values()
        for label in label_columns(codelist.table)
        for text in codelist.table[label]
        for word in words(text)
    }
    return frozenset(spellings), frozenset(labels)
