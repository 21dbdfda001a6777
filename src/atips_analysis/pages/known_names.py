"""Names that a page may ask for: a misspelt one would read as a true zero, and is refused."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from atips_analysis.codebook import dimensions, load_codebook
from atips_analysis.errors import InputError


def check_indicator(indicator_id: str, known: Iterable[str]) -> None:
    """Stop unless the framework has the indicator."""
    listed = list(known)
    if indicator_id not in listed:
        raise InputError(f"{indicator_id} is not an indicator{meant(indicator_id, listed)}")


def check_category(dimension: str, code: str, also: Iterable[str] = ()) -> None:
    """Stop unless a dimension has the category: by its code list, its own labels, or `also`."""
    if dimension not in dimensions():
        raise InputError(f"{dimension} is no dimension{meant(dimension, dimensions())}")
    codes = [*load_codebook().dimension(dimension).categories, *also]
    if code not in codes:
        raise InputError(f"{dimension} has no category {code}{meant(code, codes)}")


def meant(word: str, choices: Iterable[str]) -> str:
    """The nearest of the choices, asked after; nothing where none is near."""
    found = get_close_matches(word, list(choices), 1)
    return f"; {found[0]} is meant?" if found else ""
