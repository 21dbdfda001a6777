"""Names that a page may ask for: a misspelt one would read as a true zero, and is refused."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from atips_analysis.codebook import dimensions, load_codebook
from atips_analysis.errors import InputError
from atips_analysis.words.said import Message, Said, joined


def check_indicator(indicator_id: str, known: Iterable[str]) -> None:
    """Stop unless the framework has the indicator."""
    listed = list(known)
    if indicator_id not in listed:
        raise InputError(
            meant(
                Message("{name} is not an indicator").format(name=indicator_id),
                indicator_id,
                listed,
            )
        )


def check_category(dimension: str, code: str, also: Iterable[str] = ()) -> None:
    """Stop unless a dimension has the category: by its code list, its own labels, or `also`."""
    if dimension not in dimensions():
        raise InputError(
            meant(Message("{name} is no dimension").format(name=dimension), dimension, dimensions())
        )
    codes = [*load_codebook().dimension(dimension).categories, *also]
    if code not in codes:
        raise InputError(
            meant(
                Message("{dimension} has no category {name}").format(
                    dimension=dimension, name=code
                ),
                code,
                codes,
            )
        )


def meant(wrong: Said, word: str, choices: Iterable[str]) -> Said:
    """What is wrong, and the nearest of the choices, asked after, where one is near."""
    found = get_close_matches(word, list(choices), 1)
    if not found:
        return wrong
    return joined("; ", [wrong, Message("{nearest} is meant?").format(nearest=found[0])])
