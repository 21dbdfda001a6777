"""What each dimension of quality counts, in words: said here, for the quality page and PART-08."""

from __future__ import annotations

from atips_analysis.words.catalogues import SOURCE
from atips_analysis.words.said import Message, in_language

MEANINGS = {
    "completeness": Message(
        "cells that are needed and filled in, of all that are needed, times the share of the months "
        "owed that came; none where nothing came"
    ),
    "validity": Message("cells filled in with a value of the right kind"),
    "consistency": Message(
        "rows that contradict neither themselves nor other rows, streams and agencies"
    ),
    "timeliness": Message(
        "all of it for a return sent by the day it was due, by the first of its covers that bears a "
        "day, and a hundredth less for each day after; of a return whose covers bear none it is not "
        "known, and it is left out"
    ),
    "uniqueness": Message("rows that stand once"),
}
"""Dimension to what its score is a share of; the functions are in `scores`."""


def meaning(dimension: str, lang: str = SOURCE) -> str:
    """What a dimension counts, in a language."""
    return str(in_language(MEANINGS[dimension].format(), lang))


def with_meanings(text: str, lang: str = SOURCE) -> str:
    """A text with the meaning of each dimension that it names in braces in its place."""
    for dimension in MEANINGS:
        name = f"{{{dimension}}}"
        if name in text:
            text = text.replace(name, meaning(dimension, lang))
    return text
