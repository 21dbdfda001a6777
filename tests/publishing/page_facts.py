"""What a page says, so that pages of two renderers can be compared: headings, tables, captions,
figures, alternative texts and numbers; and what no page may show as text."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
LITERAL = re.compile(r":::|\{#|\?@|\| \||\{\.[a-z]|\$(?:body|toc|if)\b")
RENDERER = re.compile(
    r"(?:embedded: Pandoc|integrado: Pandoc) [\d.]+, Typst [\d.]+|Quarto \d+\.\d+\.\d+\S*"
)


@dataclass
class Facts:
    """What a page says, in order."""

    headings: list[tuple[str, str]] = field(default_factory=list)
    tables: list[list[list[str]]] = field(default_factory=list)
    captions: list[str] = field(default_factory=list)
    figures: list[str] = field(default_factory=list)
    alternatives: list[str] = field(default_factory=list)
    identifiers: list[str] = field(default_factory=list)
    title: str = ""
    text: str = ""

    @property
    def words(self) -> list[str]:
        """Words and numbers, without what names the renderer."""
        return RENDERER.sub("", self.text).split()

    @property
    def literal_syntax(self) -> list[str]:
        return LITERAL.findall(self.text)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.facts = Facts()
        self.open: list[tuple[str, str]] = []
        self.words: list[str] = []
        self.collected: dict[int, list[str]] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if given.get("id"):
            self.facts.identifiers.append(str(given["id"]))
        if tag == "img":
            self.facts.alternatives.append(given.get("alt") or "")
        if tag == "figure":
            self.facts.figures.append(str(given.get("id")))
        if tag == "table":
            self.facts.tables.append([])
        if tag == "tr":
            self.facts.tables[-1].append([])
        if tag in {"img", "br", "meta", "link", "input", "hr", "col", "wbr"}:
            return
        self.open.append((tag, given.get("class") or ""))
        self.collected[len(self.open)] = []

    def handle_endtag(self, tag: str) -> None:
        if not any(tag == one for one, _ in self.open):
            return
        while self.open:
            one, classes = self.open[-1]
            said = " ".join("".join(self.collected.pop(len(self.open))).split())
            self.open.pop()
            self._note(one, classes, said)
            if one == tag:
                return

    def _note(self, tag: str, classes: str, said: str) -> None:
        if tag == "title":
            self.facts.title = said
        if tag in HEADINGS:
            self.facts.headings.append((tag, said))
        if tag in {"td", "th"}:
            self.facts.tables[-1][-1].append(said)
        if tag in {"figcaption", "caption"} or "table-caption" in classes:
            self.facts.captions.append(said)

    def handle_data(self, data: str) -> None:
        if any(tag in {"style", "script"} for tag, _ in self.open):
            return
        for depth in self.collected:
            self.collected[depth].append(data)
        if not any(tag in {"title", "pre", "code"} for tag, _ in self.open):
            self.words.append(data)


def facts_of(html: str) -> Facts:
    reader = _Reader()
    reader.feed(html)
    reader.facts.text = " ".join(" ".join(reader.words).split())
    return reader.facts


def words_of_pdf(pdf: bytes) -> str:
    """The words of a PDF, without the line that names the renderer."""
    from pypdf import PdfReader

    pages = PdfReader(io.BytesIO(pdf)).pages
    return " ".join(RENDERER.sub("", " ".join(page.extract_text() for page in pages)).split())
