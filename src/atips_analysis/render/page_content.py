"""What a page must hold: read from the Markdown it is made of, for one format."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

NUMBER = re.compile(r"(?<![\w.,])\d+(?:[.,]\d+)*(?!\w)")
# What stands on a line of its own; what a renderer sets apart from the words around it.
BLOCKS = frozenset({"Para", "Plain", "Header", "CodeBlock", "LineBreak", "Div", "Figure", "Table"})
APART = frozenset({"Note", "Superscript", "Subscript"})
BETWEEN = re.compile(r"[\W_]+")  # whatever is no letter and no digit
GAP = "\f"
# Quarto's reader leaves a table's identifier at the end of its caption.
IDENTIFIER = re.compile(r"\s*\{#[\w-]+\}\s*$")


@dataclass(frozen=True)
class Caption:
    """A caption's words, parted where a renderer puts its own (references, formulas, notes).

    `times` counts the places that show it: a figure's caption stands a second time above the
    figure's numbers where these are printed.
    """

    kind: str
    number: int
    parts: tuple[str, ...]
    times: int = 1


@dataclass
class PageContent:
    """What one format of a page shows of its Markdown.

    `text` are its words in order, a line a block; `headings` are parted as captions are; `tables`
    and `figures` count those without a caption too.
    """

    text: str = ""
    headings: list[tuple[str, ...]] = field(default_factory=list)
    captions: list[Caption] = field(default_factory=list)
    tables: int = 0
    figures: int = 0


def page_content(tree: dict[str, Any], kind: str) -> PageContent:
    """What a page of the format `kind` ("html" or "pdf") must hold, by Pandoc's tree of its text."""
    reader = _Reader(kind)
    reader.visit(tree["blocks"])
    return reader.result()


def numbers_in(text: str) -> Counter[str]:
    """The numbers of a text and how often each stands there.

    Signs are left out, as a hyphen and a minus are set alike; a number with a space in it counts
    as two, in what is expected and in what is found.
    """
    return Counter(NUMBER.findall(text))


def squeezed(text: str) -> str:
    """Letters and digits alone, in small letters: what no line break or hyphen can change."""
    return BETWEEN.sub("", unicodedata.normalize("NFKC", text).casefold())


class _Reader:
    """Walks Pandoc's tree. A method that bears an element's name reads it; others read inside."""

    def __init__(self, kind: str, *, whole: bool = True) -> None:
        self.kind = kind
        self.whole = whole
        self.content = PageContent()
        self.pieces: list[str] = []
        self.captions: list[tuple[str, str, tuple[str, ...]]] = []
        self.data_for: Counter[str] = Counter()

    def result(self) -> PageContent:
        self.content.text = "".join(self.pieces)
        count: Counter[str] = Counter()
        for kind, identifier, parts in self.captions:
            count[kind] += 1
            times = 1 + (self.data_for[identifier] if self.kind == "pdf" else 0)
            self.content.captions.append(Caption(kind, count[kind], parts, times))
        return self.content

    def visit(self, node: Any) -> None:
        if isinstance(node, list):
            for part in node:
                self.visit(part)
        elif isinstance(node, dict) and "t" in node:
            name = node["t"]
            apart = "\n" if name in BLOCKS else " " if name in APART else ""
            self.pieces.append(apart)
            getattr(self, f"read_{name}", self.visit)(node.get("c"))
            self.pieces.append(apart)

    def read_Str(self, text: str) -> None:
        self.pieces.append(text)

    def read_Space(self, _: None) -> None:
        self.pieces.append(" ")

    read_SoftBreak = read_Space

    def read_Code(self, inside: list[Any]) -> None:
        self.pieces.append(inside[1])

    read_CodeBlock = read_Code

    def read_Cite(self, _: list[Any]) -> None:
        self.pieces.append(GAP)

    read_Math = read_Cite

    def read_RawBlock(self, _: list[Any]) -> None:
        """Markup and a picture's own words are not text of the page."""

    read_RawInline = read_RawBlock

    def read_Image(self, _: list[Any]) -> None:
        self.content.figures += 1

    def read_Note(self, inside: list[Any]) -> None:
        self.pieces.append(GAP)
        if self.whole:
            self.visit(inside)

    def read_Header(self, inside: list[Any]) -> None:
        self.visit(inside[2])
        self.content.headings.append(_parts(inside[2]))

    def read_Div(self, inside: list[Any]) -> None:
        (_, classes, pairs), blocks = inside
        attributes = dict(pairs)
        wanted = "html" if attributes.get("when-format") == "html" else "pdf"
        if "figure-tables" in classes or ("content-visible" in classes and wanted != self.kind):
            return
        if "figure-data" in classes:
            self.data_for[attributes.get("for", "")] += 1
        self.visit(blocks)

    def read_Figure(self, inside: list[Any]) -> None:
        self._caption("figure", inside)
        self.visit(inside[2:])

    def read_Table(self, inside: list[Any]) -> None:
        self.content.tables += 1
        self._caption("table", inside)
        self.visit(inside[2:])

    def _caption(self, kind: str, inside: list[Any]) -> None:
        words = inside[1][1]
        if words:
            self.captions.append((kind, inside[0][0], _parts(words)))
            start = len(self.pieces)
            self.visit(words)
            text = IDENTIFIER.sub("", "".join(self.pieces[start:]))
            self.pieces[start:] = [text]


def _parts(words: Any) -> tuple[str, ...]:
    reader = _Reader("html", whole=False)
    reader.visit(words)
    text = IDENTIFIER.sub("", "".join(reader.pieces))
    return tuple(part.strip() for part in text.split(GAP))
