"""Sentences that are made before it is known in which language they are read.

A message is filled in where its values are known; what comes out is English text that can still be
said in another language.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from atips_analysis.errors import AtipsError, Worded, printable
from atips_analysis.words.catalogues import SOURCE
from atips_analysis.words.translator import translator


class Said(str):
    """English text that knows how to say itself in another language."""

    in_language: Callable[[str], str]

    def __new__(cls, english: str, in_language: Callable[[str], str]) -> Said:
        text = super().__new__(cls, english)
        text.in_language = in_language
        return text

    def __getnewargs__(self) -> tuple[str, Callable[[str], str]]:  # type: ignore[override]
        return str(self), self.in_language


@dataclass(frozen=True)
class Filled:
    """A message with its values, to be said in a language; it can go to another process."""

    message: str
    values: Mapping[str, Any]

    def __call__(self, lang: str) -> str:
        own = {name: in_language(value, lang) for name, value in self.values.items()}
        return translator(lang)(self.message, **own)


@dataclass(frozen=True)
class _Joined:
    """Several texts one after the other, to be said in a language."""

    separator: str
    parts: tuple[Any, ...]
    end: str

    def __call__(self, lang: str) -> str:
        return self.separator.join(str(in_language(part, lang)) for part in self.parts) + self.end


@dataclass(frozen=True)
class _Line:
    """What an error says, after its place."""

    where: tuple[object | None, str | None, int | None]
    what: str

    def __call__(self, lang: str) -> str:
        _, (file, sheet, row) = translator(lang), self.where
        place = [
            str(file) if file is not None else "",
            _("sheet {sheet}", sheet=sheet) if sheet is not None else "",
            _("row {row}", row=row) if row is not None else "",
        ]
        said, what = ", ".join(filter(None, place)), in_language(self.what, lang)
        return printable(" ".join((f"{said}: {what}" if said else str(what)).split()))


def line_of(error: AtipsError) -> Said:
    """The line of an error, as far as its message has other languages in them."""
    return Said(str(error), _Line(error.where, error.what))


class Message(str):
    """A message of the catalogues, with placeholders; `format` gives what can be said."""

    def format(self, *_: object, **values: Any) -> Said:
        return Said(str.format(self, **values), Filled(str(self), values))


def in_language(text: Any, lang: str, known: Mapping[str, Said] | None = None) -> Any:
    """A text in a language where it can be said in it, else as it is.

    `known` gives what lost its way back: English text to what it was made from.
    """
    if isinstance(text, Message):
        return translator(lang)(str(text))
    if isinstance(text, Worded):
        text = Said(str(text), Filled(text.message, text.values))
    if not isinstance(text, Said) and known is not None:
        text = known.get(str(text), text)
    if isinstance(text, Said) and lang != SOURCE:
        return text.in_language(lang)
    return text


def joined(separator: str, parts: list[Any], end: str = "") -> Said:
    """Several texts one after the other, each in the language of the whole."""
    said = _Joined(separator, tuple(parts), end)
    return Said(separator.join(map(str, parts)) + end, said)
