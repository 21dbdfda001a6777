"""Messages in one language, and a record of which of those said were drafts."""

from __future__ import annotations

import gettext
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, NoReturn

from atips_analysis.errors import InputError
from atips_analysis.words.catalogues import (
    SOURCE,
    Key,
    Messages,
    languages,
    messages_in,
    shown_name,
)

_records: list[set[Key]] = [set()]
"""Drafts said in this process; a notebook's kernel is a process of its own."""


def N_(message: str) -> str:
    """Mark a message of a constant, to be translated where it is said."""
    return message


def NC_(context: str, message: str) -> str:
    """The same for a message that has a context."""
    return message


class _Missing(gettext.NullTranslations):
    """What stands behind a catalogue: a message that it lacks is an error, not English."""

    def __init__(self, lang: str) -> None:
        super().__init__()
        self.lang = lang

    def gettext(self, message: str) -> NoReturn:
        short = message if len(message) <= 80 else f"{message[:79]}…"
        raise InputError(
            f'no translation of "{short}"; add it there (developers: make words adds the line)',
            file=shown_name(self.lang),
        )

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> NoReturn:
        self.gettext(msgid1)

    def pgettext(self, context: str, message: str) -> NoReturn:
        self.gettext(message)


@dataclass(frozen=True)
class Translator:
    """The messages of one language; call it with a message and the values of its placeholders.

    Raises InputError when a message is said that the catalogue lacks; the line names both.
    """

    lang: str
    messages: Messages

    def __call__(self, message: str, /, **values: Any) -> str:
        self._remember("", message)
        return _filled(self.messages.translations.gettext(message), values)

    def knows(self, message: str) -> bool:
        """Whether the catalogue has the message: what people add to a table need not be in it."""
        return self.lang == SOURCE or message in self.messages.known

    def ngettext(self, one: str, many: str, count: int, /, **values: Any) -> str:
        """The form of a message that goes with a count, as the language forms plurals."""
        self._remember("", one)
        return _filled(self.messages.translations.ngettext(one, many, count), values)

    def pgettext(self, context: str, message: str, /, **values: Any) -> str:
        """A message whose English alone does not say what it means: "no" as a number, as an answer."""
        self._remember(context, message)
        return _filled(self.messages.translations.pgettext(context, message), values)

    def _remember(self, context: str, message: str) -> None:
        key = (context, message)
        if key in self.messages.drafts:
            for record in _records:
                record.add(key)


def translator(lang: str = SOURCE) -> Translator:
    """The words of a language.

    Raises InputError if there is no catalogue for it.
    """
    messages = messages_in(lang)
    if lang != SOURCE and messages.translations._fallback is None:  # type: ignore[attr-defined]
        messages.translations.add_fallback(_Missing(lang))
    return Translator(lang, messages)


def drafts_used() -> frozenset[Key]:
    """The drafts that this process has said; none when all that it said was read by somebody."""
    return frozenset(_records[0])


def in_all_languages(message: str, /, context: str = "", **values: Any) -> dict[str, str]:
    """A message by language, English first: for what is said in all of them side by side."""
    said = {}
    for lang in languages():
        _ = translator(lang)
        said[lang] = _.pgettext(context, message, **values) if context else _(message, **values)
    return said


@contextmanager
def recording_drafts() -> Iterator[set[Key]]:
    """The drafts that are said inside the block: how a page learns that it is one."""
    record: set[Key] = set()
    _records.append(record)
    try:
        yield record
    finally:
        _records.remove(record)


def by_language(row: Mapping[str, Any], name: str) -> dict[str, Any]:
    """The values of a row that has a column a language (`name_en`, …), by language.

    A plain column `name` holds English.
    """
    plain = {SOURCE: row[name]} if name in row else {}
    own = re.compile(rf"{re.escape(name)}_([a-z]{{2,3}})")
    found = {key: own.fullmatch(key) for key in row}
    return plain | {match.group(1): row[key] for key, match in found.items() if match}


def in_language(values: Mapping[str, Any], lang: str, what: str, file: str = "") -> Any:
    """The value of a language, from `by_language`.

    Raises InputError if there is none: names what lacks it and its file.
    """
    if lang not in values:
        raise InputError(
            f"{what} is not there in language {lang}; add its column", file=file or None
        )
    return values[lang]


def _filled(text: str, values: Mapping[str, Any]) -> str:
    return text.format(**values) if values else text
