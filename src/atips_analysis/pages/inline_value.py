"""What may stand in a sentence: the words of the value of an inline expression."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from atips_analysis.errors import InputError
from atips_analysis.pages.numbers import Cell, is_missing, number_in_words
from atips_analysis.pages.statement_words import Said

HIDDEN = "is a number that is hidden or missing; edition.number(…) says so in words"


@dataclass(frozen=True)
class Markdown:
    """Words in Markdown. IPython's own class would fetch what an address leads to."""

    data: str

    def _repr_markdown_(self) -> str:
        return self.data


def said(value: Any) -> Markdown:
    """The words of a value, as Markdown.

    Texts stand as they are (the kit's own are escaped where they come from data), whole numbers
    without separators, as a year is written; ``number(…)`` writes a count.

    Raises
    ------
    InputError
        If the value is no text and no whole number: a frame, a hidden or missing value, a number
        whose decimals nobody chose. The line says what to write instead.
    """
    if isinstance(value, Cell):
        return Markdown(_of_cell(value))
    if _hidden(value):
        raise InputError(HIDDEN)
    if isinstance(value, Said):
        return Markdown(value.markdown)
    if isinstance(value, str):
        if not value.strip():
            raise InputError(
                "is an empty text; let it say something (of a hidden or missing number "
                "edition.number(…) says so)"
            )
        return Markdown(value)
    text = getattr(value, "_repr_markdown_", None)
    if callable(text) and not hasattr(value, "columns"):
        return said(text())
    return Markdown(_of_another(value))


def _of_another(value: Any) -> str:
    """The words of what is no text of its own: a whole number."""
    if isinstance(value, bool) or value is None:
        raise InputError(f"is {value}, which is no word; write what it means")
    if hasattr(value, "__index__"):
        return str(int(value))
    if isinstance(value, float):
        raise InputError("is a number with decimals; write number(…, 1) with as many as are meant")
    if hasattr(value, "shape"):
        raise InputError(
            f"is a {type(value).__name__}, which no sentence can hold; name one value of it, or "
            "show it in a code cell"
        )
    raise InputError(f"is a {type(value).__name__}, which is no word; write str or number(…) of it")


def _hidden(value: Any) -> bool:
    """Whether it is a number that a table hides or lacks, or what str() makes of one."""
    if value is None or getattr(value, "shape", ()) != ():
        return False
    return value in ("<NA>", "nan") if isinstance(value, str) else is_missing(value)


def _of_cell(cell: Cell) -> str:
    if cell.value is None:
        raise InputError(
            "is a value that is hidden or missing; edition.number(…) or edition.counted(…) says so "
            "in words"
        )
    return number_in_words(cell)
