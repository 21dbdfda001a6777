"""The gate of pages: what a page must be before it is put in place, whichever renderer made it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from atips_analysis.errors import FindingsError
from atips_analysis.render.links import pieces
from atips_analysis.render.page_content import (
    Caption,
    PageContent,
    numbers_in,
    page_content,
    squeezed,
)
from atips_analysis.render.page_html import read_page
from atips_analysis.render.page_pdf import PrintedPage, cut_off, overprinted, read_pages, structure
from atips_analysis.render.publication import Publication
from atips_analysis.render.staging import made_from

# Marks of Markdown, Pandoc and Quarto that a reader never sees, unless as code.
MARKS = {
    "the fence of a block": re.compile(r":{3,}"),
    "an identifier or class": re.compile(r"\{[#.][A-Za-z][^}\n]*\}?"),
    "an unresolved reference": re.compile(
        r"\?@[\w-]+|(?<![\w.])@(?:fig|tbl|sec|eq|lst)-[\w-]+|\?{3}"
    ),
    "a row of a table": re.compile(
        r"\|[ \t]*\||\|[ \t]*:?(?:-{2}|[–—])[-–—]*:?[ \t]*\||\|[ \t][^|\n]+[ \t]\|[ \t][^|\n]+[ \t]\|"
    ),
    "a placeholder": re.compile(r"\{\{"),
    "a mark of bold or italic type": re.compile(
        r"\*{2,}|(?<![\w*])\*\w(?:[^*\n]*\w)?\*(?!\w)|(?<!\w)_{1,2}[^\W_](?:[^_\n]*[^\W_])?_{1,2}(?!\w)"
    ),
    "an option whose hyphens became a dash": re.compile(r"(?<=\s)\N{EN DASH}[a-z][\w-]*"),
    "a full stop set twice": re.compile(r"(?<=\w)\.\.(?=\s|$)"),
    "a backquote": re.compile(r"`"),
    "a mark of struck type": re.compile(r"~~"),
    "a link or picture": re.compile(r"!?\[[^\]\n]*\]\([^)\n]*\)?"),
    "the mark of a note": re.compile(r"\[?\^\[|\[\^[\w-]+\]"),
    "the mark of a heading": re.compile(r"^[ \t]*#{1,6}[ \t]+\S", re.MULTILINE),
    "an escape": re.compile(r"\\[*_#@~$<>|`\[\]{}]"),
    "HTML": re.compile(r"</?(?:br|div|span|p|b|i|em|strong|table|tr|td|th|su[bp])\b[^>\n]*>"),
    "an HTML entity": re.compile(r"&(?:amp|lt|gt|quot|nbsp|#\d+);"),
}
# Shown as code too, it was never computed.
# One that was left over is code without its backquotes; in an example they stand.
EXPRESSION = re.compile(r"(?<!`)\{python\}[^`\n]*")
# A word so long may be parted anywhere at the end of a printed line, in a number too.
LONG_WORD = re.compile(r"\S{24,}")
# Renderers by name and version, as the colophon has them, squeezed.
TOOLS = re.compile(r"(?:(?:pandoc|typst|quarto)\d+)+")


def check_page(
    file: Path, tree: dict[str, Any], publication: Publication, words: dict[str, str]
) -> None:
    """Stop unless a made page is whole, readable and self-contained.

    Parameters
    ----------
    file : Path
        A page (`.html`) or PDF, as the renderer left it.
    tree : dict
        Pandoc's tree of the Markdown that both are made of.
    words : dict
        The extension's words, in the publication's language.

    Raises
    ------
    FindingsError
        If it shows marks of Markdown or an unresolved reference, loads something from elsewhere,
        prints words over one another, has a page with nothing but what every publication says, or
        lacks a heading, table, figure, caption or number of its Markdown.
    """
    kind = file.suffix.removeprefix(".")
    content = page_content(tree, kind)
    if kind == "html":
        faults = list(_html_faults(file, content, words))
    else:
        faults = list(_pdf_faults(file, content, publication, words))
    if faults:
        more = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
        raise FindingsError(f"{file.name}{faults[0]}{more}; the page was not put in place")


def _html_faults(file: Path, content: PageContent, words: Mapping[str, str]) -> Iterator[str]:
    page = read_page(file.read_text(encoding="utf-8"))
    for load in page.loads:
        yield f": {load[:80]} is loaded from elsewhere; save it beside the notebook"
    yield from (f": {fault}" for fault in _shown_marks(page.prose, page.text))
    yield from _missing(content, page.text, words)
    yield from _fewer(content, page.tables, page.pictures)


def _pdf_faults(
    file: Path, content: PageContent, publication: Publication, words: dict[str, str]
) -> Iterator[str]:
    pages = read_pages(file)
    furniture = _furniture(publication, words)
    closing = len(pages) if publication.layout == "brief" else None  # a brief ends in its colophon
    for number, page in enumerate(pages, start=1):
        own = furniture if number != closing else []
        yield from (f", page {number}: {fault}" for fault in _page_faults(number, page, own))
    yield from _missing(content, "\n".join(page.text for page in pages), words)
    tagged = structure(file)
    yield from _fewer(content, tagged["Table"], tagged["Figure"])


def _page_faults(number: int, page: PrintedPage, furniture: list[str]) -> Iterator[str]:
    for word, other in overprinted(page.words):
        yield (
            f"“{word.text}” and “{other.text}” are printed over one another; shorten the table or "
            "text there, or part it"
        )
    for word in cut_off(page):
        yield f"“{word.text}” runs over the edge of the paper; shorten the table or text there"
    yield from _shown_marks(page.prose, page.text)
    if number > 1 and not _own_words(number, page, furniture):
        yield "nothing stands there but what every publication says; remove a page break, or text"


def _own_words(number: int, page: PrintedPage, furniture: list[str]) -> str:
    """What a page says beyond its head, its foot, the colophon and the reporting lines."""
    left = squeezed(page.text)
    for phrase in furniture:
        left = left.replace(phrase, "", 1)
    return TOOLS.sub("", left).replace(str(number), "", 1)


def _furniture(publication: Publication, words: dict[str, str]) -> list[str]:
    """What every publication says on its pages, squeezed, the longest first."""
    phrases = [
        publication.running_title or publication.title,
        publication.period,
        publication.country,
        publication.issuing_body or "",
        *(words[name] for name in ("draft", "made_from_title", "report_title")),
        words["renderer_embedded"].format(tools=""),
    ]
    if publication.simulated:  # in the band and at the foot
        phrases += [words["simulated"], words["simulated"], words["simulated_note"]]
    for introduction, lines in publication.reporting_groups:
        phrases += [
            "".join(piece.text for piece in pieces(line)) for line in (introduction, *lines)
        ]
    for pair in made_from(publication, words, renderer=""):
        phrases += pair
    return sorted(filter(None, map(squeezed, phrases)), key=len, reverse=True)


def _shown_marks(prose: str, text: str) -> Iterator[str]:
    for expression in EXPRESSION.findall(text):
        yield f"the expression “{expression[:40]}” was not computed; run the notebook with atips run"
    for what, pattern in MARKS.items():
        for mark in pattern.findall(prose):
            yield (
                f"{what} is shown, “{mark.strip()[:40]}”; correct the Markdown there, or set as code "
                "what is meant as it stands"
            )


def _missing(content: PageContent, text: str, words: Mapping[str, str]) -> Iterator[str]:
    shown = squeezed(text)
    # By paragraphs: no word is made of the end of one and the beginning of the next.
    written = "\n".join(map(squeezed, content.text.splitlines()))
    for part in (part for heading in content.headings for part in heading if squeezed(part)):
        if shown.count(squeezed(part)) < written.count(squeezed(part)):
            yield f": the heading “{part}” is lost; see what stands before it in the Markdown"
    for caption in content.captions:
        if not _has_caption(caption, shown, words):
            yield (
                f": the caption of {caption.kind} {caption.number}, “{' … '.join(caption.parts)}”, "
                "is lost; see how it is written in the Markdown"
            )
    lost = numbers_in(LONG_WORD.sub(" ", content.text)) - numbers_in(text)
    for number, times in lost.items():
        yield (
            f": the number {number} stands there {times} times less than in the Markdown; "
            "see where it is lost, and write that passage otherwise"
        )


def _has_caption(caption: Caption, shown: str, words: Mapping[str, str]) -> bool:
    first, *others = map(squeezed, caption.parts)
    labelled = squeezed(f"{words[caption.kind]} {caption.number}") + first
    return shown.count(labelled) >= caption.times and all(part in shown for part in others)


def _fewer(content: PageContent, tables: int, figures: int) -> Iterator[str]:
    for what, written, shown in (
        ("tables", content.tables, tables),
        ("figures", content.figures, figures),
    ):
        if shown < written:
            yield f": {shown} {what} are shown, the Markdown has {written}; see how they are written"
