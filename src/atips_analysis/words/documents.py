"""The sentences of whole documents (a form, a workbook, a receipt): TOML files beside their code.

A key names a sentence, a list holds those that follow one another, a table those that are chosen
from by name. Where the English alone does not say what it means, `context` does, as for
translators (a list with a context is the `items` of a table, a sentence with one its `text`).
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from atips_analysis.words.said import Message
from atips_analysis.words.translator import translator

Say = Callable[[str, str], Any]
"""What becomes of a context (blank: none) and a sentence."""


def words_of(path: Path, lang: str) -> SimpleNamespace:
    """The sentences of a document in a language, by their names.

    Raises InputError if the catalogue lacks one.
    """
    _ = translator(lang)
    return _document(path, lambda context, text: _.pgettext(context, text) if context else _(text))


@cache
def messages_of(path: Path) -> SimpleNamespace:
    """The same before it is known who reads them: as messages to be filled in."""
    return _document(path, lambda context, text: Message(text))


def sentences_of(path: Path) -> Iterator[tuple[str, str]]:
    """Every sentence of a document with its context, for the catalogues."""
    found: list[tuple[str, str]] = []
    _document(path, lambda context, text: found.append((context, text)))
    yield from found


def _document(path: Path, say: Say) -> SimpleNamespace:
    return SimpleNamespace(**_said(_read(path), say))


@cache
def _read(path: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        return tomllib.load(file)


def _said(node: Any, say: Say, context: str = "") -> Any:
    if isinstance(node, str):
        return say(context, node)
    if isinstance(node, list):
        return tuple(_said(one, say, context) for one in node)
    own = node.get("context", context)
    if node.keys() in ({"context", "items"}, {"context", "text"}):
        return _said(node.get("items", node.get("text")), say, own)
    return {name: _said(one, say, own) for name, one in node.items() if name != "context"}
