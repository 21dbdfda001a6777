"""What pages say of a series: marked, read back, and compared with the register.

Whatever a page says from the register stands in a span of Pandoc's, ``[words]{.statement
of=PROT-01}``, which readers do not see. `check_agreement` reads the executed pages back and stops
where one says something else than the register, or speaks of a change outside a mark.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from atips_analysis.errors import FindingsError
from atips_analysis.statements.family import WORDS_OF_CHANGE
from atips_analysis.statements.statement_register import Statements
from atips_analysis.words import translator

MARK = re.compile(r"\[(?P<words>(?:\\.|[^\[\]\\])*)\]\{\.statement of=(?P<id>[\w-]+)\}")
TITLE = "as_title"
ENDS = re.compile(r"(?<=[.!?])\s+(?=[A-ZÁÉÍÓÚÑ¿¡])|\n")
ESCAPED = re.compile(r"\\([^\w\s]|_)")
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)


def marked(words: str, id: str) -> str:
    """Words as a page says them: with the mark of their series."""
    return f"[{words}]{{.statement of={id}}}"


def said_on(page: str) -> Iterator[tuple[str, str]]:
    """What a page's Markdown says from the register: pairs of a series' name and the words."""
    for found in MARK.finditer(FENCE.sub("", page)):
        yield found["id"], " ".join(ESCAPED.sub(r"\1", found["words"]).split())


def check_agreement(pages: Mapping[str, tuple[str, str]], statements: Statements) -> None:
    """Stop where a page says something of a series that the register does not.

    Parameters
    ----------
    pages : mapping
        Markdown and language of each page, by name.
    statements : Statements
        What the edition says.

    Raises
    ------
    FindingsError
        Names the page, the series and the words; of two pages that disagree, at least one says
        what the register does not.
    """
    subjects = {one.id: one for one in statements.all}
    for name, (text, lang) in pages.items():
        for id, words in said_on(text):
            own = subjects.get(id)
            if own is None or words not in own.said[lang].values():
                raise FindingsError(
                    f"{name} says of {id} “{words}”, which the edition does not say; take the "
                    "words from edition.said(…), and build again"
                )
        for sentence in _unmarked(text, statements, lang):
            raise FindingsError(
                f"{name} speaks of a change in its own words: “{sentence[:160]}”; take them from "
                "edition.said(…), and build again"
            )


def _unmarked(text: str, statements: Statements, lang: str) -> Iterator[str]:
    """Sentences and rows of tables that, outside marks, name a declared series and a change.

    A title of the register's that a picture's alternative text repeats word for word, where no
    mark can stand, is the register's.
    """
    pattern = re.compile(
        translator(lang).pgettext("pattern: words of change", WORDS_OF_CHANGE), re.IGNORECASE
    )
    names = [
        name.lower()
        for one in statements.all
        for name in (one.subject.get(lang, ""), *one.also.get(lang, ()))
        if name
    ]
    outside = MARK.sub("", FENCE.sub("", text))
    for one in statements.all:
        outside = outside.replace(one.said.get(lang, {}).get(TITLE) or "\0", "")
    for sentence in ENDS.split(outside):
        low = sentence.lower()
        if pattern.search(sentence) and any(name in low for name in names):
            yield " ".join(sentence.split())
