"""What of a Markdown cell is words: its paragraphs, headings and lists, with what stands between.

A message is a whole block between blank lines, with its inline expressions in it. Not messages:
code, raw blocks, comments, the markers of divs (but the title that one gives is), and blocks that
have no word outside an expression.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

EXPRESSION = re.compile(r"(?<!`)`\{python\}[ \t]++([^`]*[^` \t])[ \t]*`(?!`)")
"""An inline expression, as Quarto writes it."""
CODE = re.compile(
    r"^(?P<fence>`{3,}|~{3,})[^\n]*\n.*?^(?P=fence)[ \t]*$"
    r"|(?<!`)(?P<ticks>`{2,})(?!`)[^\n]*?(?<!`)(?P=ticks)(?!`)",
    re.MULTILINE | re.DOTALL,
)
"""Code in Markdown, a block or between two backquotes: an expression in it is an example."""

FENCE = re.compile(r"\s*(`{3,}|~{3,})")
DIV = re.compile(r"\s*:{3,}")
DIV_TITLE = re.compile(r'(\btitle=")([^"]+)(")')
HEADING = re.compile(r"(#{1,6}\s+)(.*?)(\s*(?:\{[^{}`]*\}\s*)?)$")
NO_WORDS = re.compile(
    r"`\{python\}[^`]*`|\{\{<.*?>\}\}|\{[^{}]*\}|\\[A-Za-z]+|&[a-z]+;|https?://\S+", re.DOTALL
)


@dataclass(frozen=True)
class Piece:
    """A stretch of a cell; those of a cell, one after the other, are the cell."""

    text: str
    line: int
    message: bool = False


def pieces(source: str) -> list[Piece]:
    """The source of a Markdown cell in pieces; `line` counts from 1."""
    found: list[Piece] = []
    block: list[str] = []
    lines = source.splitlines(keepends=True)
    at = 0
    while at < len(lines):
        line = lines[at]
        own = _own_lines(lines, at, bool(block))
        if own or not line.strip():
            found += _paragraph(block, at)
            block = []
            found += _not_paragraph("".join(lines[at : at + max(own, 1)]), at + 1)
            at += max(own, 1)
        else:
            block.append(line)
            at += 1
    return found + _paragraph(block, at)


def expressions(text: str) -> list[str]:
    """The inline expressions of a text, in order."""
    return EXPRESSION.findall(text)


def _own_lines(lines: list[str], at: int, inside: bool) -> int:
    """How many lines from here on are not of a paragraph: a fence, a div's marker, a heading."""
    line = lines[at]
    fence = FENCE.match(line)
    if fence:
        close = re.compile(rf"\s*{re.escape(fence.group(1))}[`~]*\s*$")
        return _until(lines, at, close)
    if not inside and line.lstrip().startswith("<!--"):
        return 1 if "-->" in line else _until(lines, at, re.compile(r".*-->"))
    if DIV.match(line) or (not inside and HEADING.match(line.rstrip("\n"))):
        return 1
    return 0


def _until(lines: list[str], at: int, close: re.Pattern[str]) -> int:
    for end in range(at + 1, len(lines)):
        if close.match(lines[end]):
            return end - at + 1
    return len(lines) - at


def _not_paragraph(text: str, line: int) -> Iterator[Piece]:
    end = "\n" if text.endswith("\n") else ""
    heading = HEADING.match(text.rstrip("\n")) if "\n" not in text.rstrip("\n") else None
    title = DIV_TITLE.search(text) if DIV.match(text) else None
    if heading and _has_words(heading.group(2)):
        yield Piece(heading.group(1), line)
        yield Piece(heading.group(2), line, message=True)
        yield Piece(heading.group(3) + end, line)
    elif title and _has_words(title.group(2)):
        yield Piece(text[: title.start(2)], line)
        yield Piece(title.group(2), line, message=True)
        yield Piece(text[title.end(2) :], line)
    else:
        yield Piece(text, line)


def _paragraph(block: list[str], end: int) -> list[Piece]:
    if not block:
        return []
    text, line = "".join(block), end - len(block) + 1
    if not _has_words(text):
        return [Piece(text, line)]
    inner = text.strip()
    start = text.index(inner)
    parts = (text[:start], inner, text[start + len(inner) :])
    return [Piece(part, line, message=part is inner) for part in parts if part]


def _has_words(text: str) -> bool:
    return any(letter.isalpha() for letter in NO_WORDS.sub("", text))
