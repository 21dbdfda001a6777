"""What a page may be made of: an allow-list over Pandoc's tree, the same whichever renderer.

Judged is the tree, not the text: what looks like text to one reader of Markdown may be markup to
Pandoc (``{=HTML}``, ``[x]{src=/any/file}``). What stands in no list is refused, before anything is
rendered. Notebooks are code, and reviewed as code: their pages may hold what the theme knows.
Passages are written by people: they hold headings, paragraphs, emphasis, lists, tables, links and
the closed set of calls. Pictures stand in the register of photographs, with what they show in words.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import Any
from urllib.parse import unquote

from atips_analysis.errors import InputError
from atips_analysis.profile import UNSEEN
from atips_analysis.render import pandoc
from atips_analysis.words.paragraphs import EXPRESSION
from atips_analysis.words.said import Message, joined
from atips_analysis.words.typed_numbers import line_of

Node = dict[str, Any]

PASSAGE = frozenset(
    """BulletList Code Emph Header LineBreak Link OrderedList Para Plain
        Quoted SoftBreak Space Str Strong Table""".split()
)
PAGE = PASSAGE | frozenset(
    """BlockQuote Cite CodeBlock DefinitionList Div Figure HorizontalRule Image LineBlock Math
        Note SmallCaps Span Strikeout Subscript Superscript Underline""".split()
)
ATTRIBUTES = {
    "Div": frozenset(["for", "label", "title", "when-format"]),
    "Header": frozenset(["area"]),
    "Image": frozenset(["fig-alt", "width"]),
    "Span": frozenset(["of"]),
}
"""What may stand between braces beside an identifier and classes, by element."""

STATEMENT = ["statement"]
"""The class of the only span that a page takes: words from the edition's register of statements."""

WHERE_ATTRIBUTES_ARE = {
    "Code": 0, "CodeBlock": 0, "Div": 0, "Figure": 0, "Header": 1, "Image": 0, "Link": 0, "Span": 0, "Table": 0
}  # fmt: skip
CALLED = {
    "RawBlock": Message("raw markup"), "RawInline": Message("raw markup"), "Span": Message("words between [ and ]{…}"),
    "Div": Message("a block between :::"), "Code": Message("code"), "CodeBlock": Message("a block of code"), "Math": Message("a formula"),
    "Note": Message("a footnote"), "Cite": Message("a reference with @"), "BlockQuote": Message("a quotation after >"),
    "HorizontalRule": Message("a ruled line"), "LineBlock": Message("lines after |"), "DefinitionList": Message("a definition"),
    "Figure": Message("a picture"), "Image": Message("a picture"), "Strikeout": Message("struck text"), "Subscript": Message("text set low"), "Superscript": Message("text set high"),
}  # fmt: skip
NOT_TAKEN = Message("{what} (“{words}”) is not taken")
MARKUP = Message("“{words}” is {kind} markup")
NO_ELEMENTS = frozenset(
    """AlignCenter AlignDefault AlignLeft AlignRight AuthorInText ColWidth ColWidthDefault
        Decimal DefaultDelim DefaultStyle DisplayMath DoubleQuote Example InlineMath
        LowerAlpha LowerRoman NormalCitation OneParen Period SingleQuote SuppressAuthor
        TwoParens UpperAlpha UpperRoman""".split()
)
"""What has a name in Pandoc's tree without being a block or an inline."""

NO_WORDS = re.compile(f"[{UNSEEN}]")
SCHEMES = frozenset(["http", "https", "mailto", "tel"])
SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE)
COMMENT = re.compile(r"\s*(?:<!--(?:(?!-->).)*-->\s*)+", re.DOTALL)
WIDTH = re.compile(r"[0-9]{1,4}(?:\.[0-9]+)?(?:%|cm|mm|in|pt|px|em)?")
OWN_CLASSES = {"Link": frozenset(["uri", "email"])}
"""Classes that Pandoc itself gives; others would have the theme, or Quarto, do what they name."""
HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]", re.IGNORECASE)
ADDRESS = {
    "mailto": re.compile(r"[\w.+-]+@[\w.-]+", re.ASCII),
    "tel": re.compile(r"\+?[0-9][0-9().-]*"),
}
"""What stands after the colon: no further fields of a letter, no codes that a telephone obeys."""
IN_REPORTS = re.compile(
    r"(?:[\w-]+/)*[\w-]+\.(?:html|pdf|csv|xlsx|json)(?:#[\w.-]+)?|#[\w.-]+", re.ASCII
)
"""A page or a table of the reports, or a place in one."""
TAG = re.compile(r"<(?!(?:https?|mailto|tel):|[\w.+-]+@)[a-z/!?][^>\n]*", re.IGNORECASE)
"""Pandoc drops some tags without a word, such as a script in a cell of a table."""
NO_TABLE_ID = re.compile(r"\{(?!#[\w-]+\}$)")
DIALECT = Message(
    "a passage holds headings, paragraphs, emphasis, lists, tables and links; a picture is named in "
    "photographs.csv"
)


def check_page_tree(tree: Node, name: str, pictures: Collection[str]) -> None:
    """Stop at what no page may hold.

    Parameters
    ----------
    tree : dict
        Pandoc's tree of the whole page.
    name : str
        What errors call the page's source.
    pictures : collection of str
        The pictures that are staged for it: it shows no others.

    Raises
    ------
    InputError
        In one line, with what stands there and what to do.
    """
    for fault, _ in _faults(tree["blocks"], PAGE, pictures, comments=True):
        raise InputError(fault, file=name)


def check_passage(text: str, file: str) -> None:
    """Stop unless a passage, its calls not filled in yet, keeps to the dialect of passages.

    Raises InputError with file and row.
    """
    tree = pandoc.parse(text, file, pandoc.AS_QUARTO)
    for name in tree["meta"]:  # it would set what the whole page is made with
        setting = Message("“{name}” between --- and --- is a setting, and is not taken").format(
            name=name
        )
        raise InputError(joined("; ", [setting, DIALECT]), file=file, row=_row(text, "---"))
    if tag := TAG.search(text):
        said = MARKUP.format(words=_short(tag[0]), kind="html")
        raise InputError(joined("; ", [said, DIALECT]), file=file, row=line_of(text, tag.start()))
    for fault, key in _faults(tree["blocks"], PASSAGE, (), comments=False):
        raise InputError(joined("; ", [fault, DIALECT]), file=file, row=_row(text, key))


def _row(text: str, key: str) -> int | None:
    """The first row that holds what is wrong, if it stands there as Pandoc returns it."""
    at = text.find(key.strip().split("\n")[0]) if key.strip() else -1
    return line_of(text, at) if at >= 0 else None


def _faults(
    node: Any, allowed: Collection[str], pictures: Collection[str], *, comments: bool
) -> Iterator[tuple[str, str]]:
    """What is wrong in a tree, in order, each with characters of the source that tell its place."""
    for element in _elements(node):
        kind: str = element["t"]
        content: Any = element.get("c")
        if kind in WHERE_ATTRIBUTES_ARE:
            yield from _attribute_faults(kind, content, of_passage=allowed is PASSAGE)
        if kind in ("RawBlock", "RawInline"):
            if not (comments and content[0] == "html" and COMMENT.fullmatch(content[1])):
                yield MARKUP.format(words=_short(content[1]), kind=content[0]), content[1]
        elif kind not in allowed:
            words = _words_of(element)
            called = CALLED.get(kind, kind)
            place = "![" if kind in ("Figure", "Image") else words.split(" ")[0]
            yield NOT_TAKEN.format(what=called, words=_short(words)), place
        elif kind == "Str":
            yield from _unseen_faults(content)
        elif kind == "Code" and allowed is PASSAGE:
            yield from _code_faults(content[1])
        elif kind == "Link":
            yield from _link_faults(content[2][0], out_of_reports=allowed is not PASSAGE)
        elif kind == "Image":
            yield from _picture_faults(content[2][0], pictures)


def _passage_faults(kind: str, content: Any) -> Iterator[tuple[str, str]]:
    """What notebooks may say of an element and people's passages need not."""
    (name, classes, values), said = content[WHERE_ATTRIBUTES_ARE[kind]], NOT_TAKEN
    for one in classes:
        if one not in OWN_CLASSES.get(kind, ()):
            yield said.format(what=Message("a class between braces"), words=_short(one)), one
    beside = [name, *(value for _, value in values)]
    beside += [*content[2]] if kind == "Link" else []
    beside += [content[1]] if kind == "Code" else []
    for text in beside:
        yield from _unseen_faults(text)
    caption = _words_of(content[1]) if kind == "Table" else ""
    if found := NO_TABLE_ID.search(caption):
        words = caption[found.start() :]
        yield said.format(what=Message("what stands between braces"), words=_short(words)), words


def _unseen_faults(text: str) -> Iterator[tuple[str, str]]:
    """Characters that nobody sees, which a source may hold as codes too: &#8238;."""
    if found := NO_WORDS.search(text):
        said = Message(
            "holds {unseen}, a character that nobody sees; take it out, or type the line again"
        )
        yield said.format(unseen=ascii(found[0])), text[: found.start()]


def _code_faults(code: str) -> Iterator[tuple[str, str]]:
    if not EXPRESSION.fullmatch(f"`{code}`"):
        yield Message("“{words}” is code").format(words=_short(code)), code


def _picture_faults(source: str, pictures: Collection[str]) -> Iterator[tuple[str, str]]:
    if source not in pictures or not _inside(source):
        yield (
            Message(
                "picture {source} is none of this text's own; save it beside the text, as .svg, .png or "
                ".jpg, and name it as it is called there"
            ).format(source=_short(source)),
            source,
        )


def _elements(node: Any) -> Iterator[Node]:
    """Blocks and inlines in order; parts of tables, items and captions are looked into."""
    if isinstance(node, list):
        for one in node:
            yield from _elements(one)
    elif isinstance(node, dict):
        if "t" in node and node["t"] not in NO_ELEMENTS:
            yield node
        for value in node.values():
            yield from _elements(value)


def _words_of(node: Any) -> str:
    """The words of an element, or its text where it has no words: a formula, code."""
    if isinstance(node, list):
        return "".join(map(_words_of, node))
    if not isinstance(node, dict):
        return ""
    kind = node.get("t")
    content: Any = node.get("c")
    if kind in ("Math", "Code", "CodeBlock"):
        return str(content[1])
    if kind == "Image":
        return str(content[2][0])
    if kind == "Cite":
        return str(content[0][0]["citationId"])
    return (
        " " if kind in ("Space", "SoftBreak") else content if kind == "Str" else _words_of(content)
    )


def _attribute_faults(kind: str, content: Any, *, of_passage: bool) -> Iterator[tuple[str, str]]:
    for name, value in content[WHERE_ATTRIBUTES_ARE[kind]][2]:
        if name not in ATTRIBUTES.get(kind, ()) or (name == "width" and not WIDTH.fullmatch(value)):
            said = Message("“{name}={value}” between braces is not taken; remove it")
            yield said.format(name=name, value=_short(value)), name
    if of_passage:
        yield from _passage_faults(kind, content)


def _link_faults(target: str, *, out_of_reports: bool) -> Iterator[tuple[str, str]]:
    """A browser drops blanks and control characters of an address, and takes \\ for /."""
    plain, written = (
        re.sub(r"[\x00-\x20\x7f]", "", one).replace("\\", "/") for one in (unquote(target), target)
    )
    yield from _unseen_faults(plain)
    scheme = SCHEME.match(plain)
    if scheme and scheme[1].lower() in SCHEMES:
        yield from _address_faults(target, scheme[1].lower(), written.partition(":")[2])
    elif scheme:
        yield (
            Message(
                "the link {target} is of a kind that is not taken; write https, mailto or tel"
            ).format(target=_short(target)),
            target,
        )
    elif plain.startswith("/") or not (out_of_reports or IN_REPORTS.fullmatch(plain)):
        yield (
            Message(
                "the link {target} leads to a place of this machine; write https://… or the name of a "
                "page"
            ).format(target=_short(target)),
            target,
        )


def _address_faults(target: str, scheme: str, rest: str) -> Iterator[tuple[str, str]]:
    """An address shows where it leads: a host by its name, one recipient, digits to dial."""
    if scheme in ADDRESS:
        plain = ADDRESS[scheme].fullmatch(rest)
    else:
        site = re.match(r"//([^/?#:]*)(?::[0-9]+)?(?=[/?#]|$)", rest)
        plain = HOST.fullmatch(site[1]) if site else None
    if not plain:
        yield (
            Message(
                "the link {target} does not say plainly where it leads; write https:// and the name of "
                "a site, mailto: and one address, or tel: and digits"
            ).format(target=_short(target)),
            target,
        )


def _inside(source: str) -> bool:
    return not (
        SCHEME.match(source) or source.startswith(("/", "\\")) or ".." in re.split(r"[/\\]", source)
    )


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 40 else f"{line[:39]}…"
