"""Catalogues of messages: which languages there are, and what each catalogue holds.

A message that nobody but its drafter has read is marked `fuzzy`, as gettext does; whoever reads it
takes the mark off with `atips translation`.
"""

from __future__ import annotations

import gettext
import io
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from atips_analysis.errors import InputError

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog, Message

LOCALE = Path(__file__).parents[1] / "locale"
INSIDE = Path("LC_MESSAGES") / "atips.po"
SOURCE = "en"
"""The language of code and notebooks, which needs no catalogue."""
SOURCE_LOCALE = "en_001"

Key = tuple[str, str]
"""A message: its context (mostly empty) and its English."""


@dataclass(frozen=True)
class Messages:
    """What a catalogue says, ready to be looked up; `drafts` are the messages marked fuzzy.

    `known` are those without a context that it translates; blank for English, which knows all.
    """

    locale: str
    translations: gettext.NullTranslations
    drafts: frozenset[Key]
    known: frozenset[str] = frozenset()


def languages() -> tuple[str, ...]:
    """The languages that there are words in: English, and each that has a catalogue."""
    found = sorted(file.parents[1].name for file in LOCALE.glob(f"*/{INSIDE.as_posix()}"))
    return (SOURCE, *found)


def catalogue_file(lang: str) -> Path:
    """The catalogue of a language.

    Raises InputError if there is none.
    """
    file = LOCALE / lang / INSIDE
    if not file.is_file():
        raise InputError(
            f"language {lang!r} has no catalogue; use one of {', '.join(languages())}, "
            f"or add {shown_name(lang)}"
        )
    return file


def shown_name(lang: str) -> str:
    """How messages to people name the catalogue of a language."""
    return (Path("locale") / lang / INSIDE).as_posix()


def locale_of(lang: str) -> str:
    """The locale by which a language writes numbers and dates ("es_419"): its catalogue names it."""
    return messages_in(lang).locale


def messages_in(lang: str) -> Messages:
    """What the catalogue of a language says.

    Raises InputError if there is no catalogue, or its header names no locale that is known.
    """
    if lang == SOURCE:
        return Messages(SOURCE_LOCALE, gettext.NullTranslations(), frozenset())
    file = catalogue_file(lang)
    return _loaded(file, file.stat().st_mtime_ns)


def read_catalogue(file: Path) -> Catalog:
    """A catalogue as its file has it."""
    from babel.messages.pofile import PoFileError, read_po

    with file.open("rb") as stream:
        try:
            return read_po(stream, abort_invalid=True)
        except (PoFileError, UnicodeDecodeError) as error:
            raise InputError(
                f"not a gettext catalogue ({error}); open it in a translator's editor",
                file=file.name,
            ) from None


def key_of(message: Message) -> Key:
    """The message's context and its English (the singular, where it has a plural)."""
    one = message.id if isinstance(message.id, str) else message.id[0]
    return message.context or "", one


@lru_cache(maxsize=8)
def _loaded(file: Path, changed: int) -> Messages:
    from babel.messages.mofile import write_mo

    catalogue = read_catalogue(file)
    if catalogue.locale is None:
        raise InputError(
            f"the header names no language that is known ({catalogue.locale_identifier}); write "
            "there whose numbers and dates it takes, such as Language: es_419",
            file=shown_name(file.parents[1].name),
        )
    compiled = io.BytesIO()
    write_mo(compiled, catalogue, use_fuzzy=True)
    compiled.seek(0)
    drafts = frozenset(key_of(message) for message in catalogue if message.id and message.fuzzy)
    known = frozenset(str(one.id) for one in catalogue if one.string and not one.context)
    return Messages(str(catalogue.locale), gettext.GNUTranslations(compiled), drafts, known)
