"""What a sheet carries besides its values: hidden, struck through, coloured, errors and the like.

Readers of values leave all of it out, and it can change what a value means. It is read here, once,
from the parts of the file, by an XML parser.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

Place = tuple[int, int]
"""The row as Excel numbers it, and the column from 0."""


@dataclass(frozen=True)
class Marks:
    """What one sheet carries.

    `unread`: cells that a reader of values shows as blank: errors as Excel shows them, formulas
    saved without a value as "=...". `shown`: what the number format shows where it is not the
    value. `yearless`: dates shown without their year. `raised`: text of a cell without what stands
    in superscript or subscript, and what does. `comments`: cells with a comment that people wrote.
    and what each says (blank where that is not read). `colours`: fill or font, in a word, of cells
    that hold something. `totals_rows`: rows that the sheet's own tables say are totals. `by_rule`:
    rows whose letters a rule of conditional formatting may strike through or hide. `since_1904`:
    whether days are counted from 1904. `merges`: first and last cell of merged ranges, where the
    reader of values does not tell them. `unseen`: whether none of this could be looked at.
    """

    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    filtered: bool = False
    struck: frozenset[Place] = frozenset()
    colours: Mapping[Place, str] = field(default_factory=dict)
    comments: Mapping[Place, str] = field(default_factory=dict)
    raised: Mapping[Place, tuple[str, str]] = field(default_factory=dict)
    unread: Mapping[Place, str] = field(default_factory=dict)
    shown: Mapping[Place, str] = field(default_factory=dict)
    yearless: frozenset[Place] = frozenset()
    totals_rows: frozenset[int] = frozenset()
    since_1904: bool = False
    by_rule: frozenset[int] = frozenset()
    merges: tuple[tuple[Place, Place], ...] = ()
    unseen: bool = False


PLAIN = Marks()
UNSEEN = Marks(unseen=True)


def format_word(fill: str, ink: str, white: bool) -> str:
    """A cell's colour in a word: its fill, else its letters; white ones on no fill are hidden."""
    if fill:
        return fill
    if white:
        return "white letters"
    return f"{ink} letters" if ink else ""


def is_white(rgb: str) -> bool:
    """Whether a colour of six hexadecimal digits is white, or so near it that nobody sees it."""
    digits = rgb[-6:].lower()
    return len(digits) == 6 and all(part in ("f", "e") for part in digits[::2])


def colour_word(rgb: str) -> str:
    """A colour of six hexadecimal digits in a word; nothing for black, white and near them."""
    try:
        red, green, blue = (int(rgb[-6:][at : at + 2], 16) for at in (0, 2, 4))
    except ValueError:
        return ""
    most, least = max(red, green, blue), min(red, green, blue)
    if least > 242 or most < 48:
        return ""
    if most - least < 24:
        return "grey"
    words = {
        (True, True, False): "yellow" if green > 0.75 * red else "orange",
        (True, False, False): "red",
        (False, True, False): "green",
        (False, False, True): "blue",
        (False, True, True): "blue",
        (True, False, True): "purple",
    }
    middle = (most + least) / 2
    return words.get((red > middle, green > middle, blue > middle), "coloured")
