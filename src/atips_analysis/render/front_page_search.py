"""Search without a server: the pages' sections, read once and put into the front page."""

from __future__ import annotations

import json
from collections.abc import Sequence
from html.parser import HTMLParser
from pathlib import Path

from atips_analysis.errors import InputError
from atips_analysis.framework.register_files import read_framework_table
from atips_analysis.project import Project
from atips_analysis.words import translator

SCRIPT = "search.js"
LONGEST = 1200
"""Characters of text that are kept of a section."""
TEXT_IN = frozenset({"p", "li", "dd", "figcaption", "dt", "th"})
NOT_SEARCHED = frozenset({"number", "header-section-number", "visually-hidden"})
HEADINGS = frozenset({"h1", "h2", "h3", "h4"})


def search_section(
    folder: Path,
    pages: Sequence[tuple[str, str, str, bool]],
    answers: Sequence[tuple[str, str, str]],
    project: Project,
    lang: str,
) -> str:
    """A search box with its index and script.

    The index lists every section that has a heading with its opening text. It stands in the
    page, so that it can be read from a file. Without scripts the box stays hidden.

    Parameters
    ----------
    pages : sequence of (name, title, language, annex)
        In the order in which what is found in them stands; annexes and other languages stand behind.
    answers : sequence of (text, anchor, year or nothing)
        What the front page itself says, found before all else.
    project : Project
        Its `data/framework/search_words.csv` says which words mean the same, and which nothing.
    lang : str
        The language of the box.
    """
    _ = translator(lang)
    label = _("Search all pages")
    sections: list[list[object]] = [[0, anchor, text, year] for text, anchor, year in answers]
    for at, (name, *_rest) in enumerate(pages, start=1):
        found = sections_of((folder / f"{name}.html").read_text(encoding="utf-8"))
        sections += [[at, anchor, title, text] for anchor, title, text in found]
    index = {
        "pages": [
            ["", "", "", 0],
            *(
                [f"{name}.html", title, "" if own == lang else own, annex + (own != lang)]
                for name, title, own, annex in pages
            ),
        ],
        "sections": sections,
        "same": search_words(project, "same"),
        "skip": [word for group in search_words(project, "skip") for word in group],
        "said": {
            "one": _("one passage"),
            "many": _("{number} passages"),
            "none": _("nothing found; try one word"),
        },
    }
    inside = json.dumps(index, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    return (
        '<section id="search" class="search" aria-labelledby="search-label" hidden>'
        f'<h2 id="search-label"><label for="search-words">{label}</label></h2>'
        '<input id="search-words" type="search" autocomplete="off" spellcheck="false">'
        '<p id="search-count" role="status"></p><ol id="search-found"></ol></section>\n'
        f'<script type="application/json" id="search-index">{inside}</script>\n'
        f"<script>{search_program(project.extension)}</script>\n"
    )


def search_words(project: Project, kind: str) -> list[list[str]]:
    """Groups of words of a kind: those that mean the `same`, or those to `skip` in a question.

    Raises InputError if a row is of another kind, or has no word.
    """
    place = "data/framework/search_words.csv"
    groups = []
    table = read_framework_table(project.framework / "search_words.csv", columns=("kind", "words"))
    for number, row in enumerate(table.to_dict("records"), start=2):
        words = row["words"].split()
        if row["kind"] not in ("same", "skip") or not words:
            raise InputError(
                f"kind {row['kind']!r} with words {row['words']!r}; write same or skip, and "
                "words with spaces between",
                file=place,
                row=number,
            )
        if row["kind"] == kind:
            groups.append(words)
    return groups


def search_program(extension: Path) -> str:
    """The search's script, as it stands between its tags."""
    return f"\n{(extension / SCRIPT).read_text(encoding='utf-8').strip()}\n"


def sections_of(html: str) -> list[tuple[str, str, str]]:
    """Anchor, heading and opening text of each section of a page's main part.

    A table counts as a section of its own: its caption and what its rows and columns are called.
    """
    reader = _Reader()
    reader.feed(html)
    return [
        (anchor, " ".join(title.split()), " ".join(text.split())[:LONGEST])
        for anchor, title, text in reader.sections
        if title.strip()
    ]


class _Reader(HTMLParser):
    """Collects headings, captions and paragraphs inside `main`; cells of tables are not searched."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.sections: list[tuple[str, str, str]] = [("", "", "")]
        self._inside = False
        self._anchors: list[str] = []
        self._into = ""
        self._skip = 0
        self._has_caption = True

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "main" or given.get("class") == "made-from":  # the latter is the same everywhere
            self._inside = tag == "main"
        if not self._inside:
            return
        if tag in {"script", "style"} or given.get("class") in NOT_SEARCHED:
            self._skip += 1
        if tag == "section":
            self._anchors.append(given.get("id") or "")
        name = given.get("id") or ""
        if tag == "div" and name.startswith("tbl-") and not name.endswith("-caption"):
            self.sections.append((name, "", ""))
            self._has_caption = False
        if not self._has_caption and (
            tag == "figcaption" or "table-caption" in str(given.get("class"))
        ):
            self._into, self._has_caption = "title", True
            return
        if tag == "table":
            self._into = ""
        if tag in HEADINGS:
            anchor = given.get("id") or (self._anchors[-1] if self._anchors else "")
            self.sections.append((anchor, "", ""))
            self._into = "title"
        elif tag in TEXT_IN and self._into != "title":
            self._into = "text"

    def handle_endtag(self, tag: str) -> None:
        if self._skip and tag in {"script", "style", "span"}:
            self._skip -= 1
        if tag == "main":
            self._inside = False
        if tag == "section" and self._anchors:
            self._anchors.pop()
        if tag in HEADINGS or tag in TEXT_IN:
            self._into = ""
            self._add(" ", "text")

    def handle_data(self, data: str) -> None:
        if self._inside and not self._skip and self._into:
            self._add(data, self._into)

    def _add(self, data: str, where: str) -> None:
        anchor, title, text = self.sections[-1]
        if where == "title":
            self.sections[-1] = (anchor, title + data, text)
        elif len(text) < LONGEST:
            self.sections[-1] = (anchor, title, text + data)
