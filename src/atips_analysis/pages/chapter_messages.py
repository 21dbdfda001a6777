"""What the year means, a message a chapter: written by a person, with numbers of the tables.

They stand in one passage, ``messages.md``, each below the heading of its chapter. The report opens
with all of them, and each chapter with its own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from atips_analysis.errors import InputError
from atips_analysis.pages.edition import Edition
from atips_analysis.pages.passages import Passage, passage
from atips_analysis.pages.prose import Words
from atips_analysis.words.typed_numbers import line_of

NAME = "messages"
CHAPTERS = (
    "partnership",
    "ngo highlight",
    "prevention",
    "protection",
    "prosecution",
    "labour",
    "the year",
)
"""The headings that a message may stand below; of the whole year it opens no chapter."""
HEADING = re.compile(r"^##[ \t]+(.+?)[ \t]*$", re.MULTILINE)


def messages(edition: Edition) -> Words:
    """All messages as the report opens with them: what stands before the first, then a list.

    Raises
    ------
    InputError
        If the passage is wrong (`passages.passage`), or a message stands below the heading of no
        chapter, or of one that has a message already.
    """
    found = passage(edition, edition.project, edition.year, NAME)
    before = HEADING.split(found.text, maxsplit=1)[0].strip()
    points = "\n".join(f"- {text}" for text in _by_chapter(found).values())
    return Words("\n\n".join(filter(None, [before, points])))


def message(edition: Edition, chapter: str) -> Words:
    """The message that a chapter (of `CHAPTERS`) opens with; nothing where nobody wrote one."""
    found = _by_chapter(passage(edition, edition.project, edition.year, NAME))
    text = found.get(chapter, "")
    an_example = "*Example:* " if edition.simulated else ""
    return Words(f"{an_example}{text}" if text else "")


def _by_chapter(found: Passage) -> Mapping[str, str]:
    """Each chapter's message, on one line, in the order in which they were written."""
    parts = HEADING.split(found.text)
    written: dict[str, str] = {}
    for heading, text in zip(parts[1::2], parts[2::2], strict=True):
        chapter = heading.lower()
        if chapter not in CHAPTERS or chapter in written:
            what = "has two messages" if chapter in written else "is no chapter of the report"
            known = ", ".join(one.capitalize() for one in CHAPTERS)
            raise InputError(
                f'"{heading}" {what}; write one message below each of: {known}',
                file=found.file,
                row=line_of(found.text, found.text.index(f"## {heading}")),
            )
        written[chapter] = " ".join(text.split())
    return {chapter: text for chapter, text in written.items() if text}
