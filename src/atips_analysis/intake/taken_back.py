"""Words by which a text says that something is no longer so, was never so, or is counted elsewhere."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from atips_analysis.codebook import fold, words
from atips_analysis.intake.header_reading import kind_of
from atips_analysis.intake.naming import YEAR
from atips_analysis.intake.word_lists import word_list

HERE = Path(__file__).parent
OTHER_KINDS = {"planned", "cumulative", "previous", "estimate"}
"""Kinds of words that, alone in a cell, make the row of another kind than the form's: Target, Plan."""
MOST_WORDS = 12
"""A text of more words tells a story, in which a word such as "removed" is of somebody: a remark
that takes its row back so says it at its beginning."""


def takes_back(text: str) -> bool:
    """Whether a text holds a word that takes back: cancelled, void, postponed, draft."""
    return bool(runs(text) & spellings("back"))


def remark_takes_back(text: str, year: int) -> bool:
    """Whether a remark may take its row back: by such a word, a "not", another row or another year."""
    if len(words(text)) > MOST_WORDS:
        return begins_by_taking_back(text)
    said = runs(text)
    if said & (spellings("back") | spellings("not") | spellings("refers")):
        return True
    if kind_of(text) in OTHER_KINDS and fold(text) not in spellings("stands"):
        return True
    return any(int(found) != year for found in YEAR.findall(text)) and len(words(text)) > 1


def begins_by_taking_back(text: str, least: int = 1) -> bool:
    """Whether a text begins with words that take back, at least so many: "(This row) should read 25"."""
    said = list(words(text))
    about = spellings("about")
    start = next((at for at, word in enumerate(said) if word not in about), 0)
    begins = {"".join(said[start : start + length]) for length in range(least, 5)}
    return bool(begins & spellings("back"))


def runs(text: str) -> set[str]:
    """Runs of one to four words of a text, folded."""
    parts = list(words(text))
    return {"".join(parts[at : at + length]) for at in range(len(parts)) for length in range(1, 5)}


@lru_cache(maxsize=8)
def spellings(says: str) -> frozenset[str]:
    """The folded words of one kind in the list of words that take back."""
    return frozenset(map(fold, word_list(HERE / "taken_back.csv").get(says, ())))
