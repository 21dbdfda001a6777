"""Keeping the catalogues: bringing them up to date, counting drafts, marking what was read."""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path
from string import Formatter
from typing import TYPE_CHECKING

from atips_analysis.errors import InputError
from atips_analysis.files import for_readers, write_text
from atips_analysis.profile import markup_in
from atips_analysis.words.catalogues import (
    LOCALE,
    SOURCE,
    Key,
    catalogue_file,
    key_of,
    languages,
    read_catalogue,
)
from atips_analysis.words.extraction import messages_said
from atips_analysis.words.paragraphs import expressions
from atips_analysis.words.said import Message

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog
    from babel.messages.catalog import Message as Kept

READ_BY = "Read by "
LONGEST_ROLE = 100


@dataclass(frozen=True)
class State:
    """How far a language is: its messages, those that nobody has read yet, those without words."""

    lang: str
    messages: int
    drafts: tuple[Key, ...]
    empty: tuple[Key, ...]


def update_catalogues(root: Path, package: Path, notebooks: Path) -> tuple[State, ...]:
    """Bring the template and every catalogue up to date with code and notebooks.

    What is no longer said is dropped. A sentence that was changed keeps its translation as a draft,
    with the old English above it, unless its placeholders changed too; what is new comes empty.
    """
    template = messages_said(root, package, notebooks)
    _write(LOCALE / "atips.pot", template)
    for lang in languages():
        if lang != SOURCE:
            catalogue = read_catalogue(catalogue_file(lang))
            catalogue.update(template)
            for message in catalogue:
                if message.id and message.previous_id:
                    _settle_changed(message)
            _write(catalogue_file(lang), catalogue)
    return tuple(state_of(lang) for lang in languages() if lang != SOURCE)


def state_of(lang: str) -> State:
    """How far the translation into a language is."""
    messages = [message for message in read_catalogue(catalogue_file(lang)) if message.id]
    return State(
        lang,
        len(messages),
        drafts=tuple(key_of(message) for message in messages if message.fuzzy and message.string),
        empty=tuple(key_of(message) for message in messages if not _has_translation(message)),
    )


@for_readers()
def mark_as_read(lang: str, role: str, only: Iterable[Key] | None = None) -> int:
    """Take the mark of a draft off messages that `role` has read, and write down who did.

    Parameters
    ----------
    only : messages, optional
        Those that were read; all drafts when it is left out.

    Returns
    -------
    int
        How many were marked as read.

    Raises
    ------
    InputError
        If `role` is none; see `role_named`.
    """
    role = role_named(role, "--reviewed-by")
    file = catalogue_file(lang)
    catalogue = read_catalogue(file)
    chosen = None if only is None else set(only)
    read = 0
    for message in catalogue:
        wanted = chosen is None or key_of(message) in chosen
        if message.id and message.fuzzy and _has_translation(message) and wanted:
            message.flags.discard("fuzzy")
            message.previous_id = []
            message.user_comments = [*_other_comments(message), f"{READ_BY}{role}"]
            read += 1
    _write(file, catalogue)
    return read


def role_named(role: str, option: str) -> str:
    """A role as it is written down: words that begin with a letter, in one line.

    Raises InputError if it is blank, an option or a number that slipped into its place, or holds
    what a page, a spreadsheet or a terminal would not take for words.
    """
    spaced = " ".join(role.split())
    if not spaced:
        said = Message("{option} is blank; give the role, such as 'M&E Officer'")
        raise InputError(said.format(option=option))
    if not (spaced[0].isalpha() and spaced.isprintable() and len(spaced) <= LONGEST_ROLE):
        said = Message("{option} {role} is no role; give one in words, such as 'M&E Officer'")
        raise InputError(said.format(option=option, role=ascii(spaced[:LONGEST_ROLE])))
    if mark := markup_in(spaced):
        said = Message("{option} holds {mark}, which is no word; give the role in words alone")
        raise InputError(said.format(option=option, mark=ascii(mark)))
    return spaced


def _settle_changed(message: Kept) -> None:
    """A changed sentence was read by nobody, and keeps no words that no longer fit it."""
    message.user_comments = _other_comments(message)
    before, now = message.previous_id[0], message.id
    if not _is_the_same_sentence(before, now) or _marks(now) != _marks(message.string):
        message.string = "" if isinstance(now, str) else ("", "")
        message.previous_id = []
        message.flags.discard("fuzzy")


def _is_the_same_sentence(before: object, now: object) -> bool:
    """Whether one is the other, edited; single words that look alike mean other things."""
    if not isinstance(before, str) or not isinstance(now, str):
        return False
    return len(now.split()) >= 8 and SequenceMatcher(None, before, now).ratio() >= 0.8


def _marks(text: object) -> tuple[set[str], set[str | None]]:
    """The expressions and placeholders of a message."""
    try:
        names = {name for _, name, _, _ in Formatter().parse(str(text))}
    except ValueError:
        names = set()
    return set(expressions(str(text))), names - {None}


def _other_comments(message: Kept) -> list[str]:
    return [text for text in message.user_comments if not text.startswith(READ_BY)]


def _has_translation(message: Kept) -> bool:
    return all(message.string) if isinstance(message.string, tuple) else bool(message.string)


def _write(file: Path, catalogue: Catalog) -> None:
    """Write a catalogue without the dates and names of machines that Babel puts at its head."""
    from babel.messages.pofile import write_po

    out = io.BytesIO()
    write_po(
        out,
        catalogue,
        width=100,
        omit_header=True,
        include_lineno=False,
        ignore_obsolete=True,
        include_previous=True,
    )
    head = ["Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: 8bit"]
    if catalogue.locale_identifier is not None:
        head.append(f"Language: {catalogue.locale_identifier}")
        head.append(f"Plural-Forms: {catalogue.plural_forms}")
    header = 'msgid ""\nmsgstr ""\n' + "".join(f'"{line}\\n"\n' for line in head)
    text = f"{header}\n{out.getvalue().decode('utf-8').strip()}\n"
    write_text(file, text)
