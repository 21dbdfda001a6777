"""The one-file web page: the extension's frame around a report's contents list and body."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from atips_analysis.render.links import pieces
from atips_analysis.render.policy import policy
from atips_analysis.render.publication import Publication, typographic
from atips_analysis.render.web_fonts import font_faces

FRAME = "page.html"
STYLES = ("publication.css", "page.css")
SCRIPTS = ("publication.js", "page.js")
NAME = re.compile(r"\b[A-Z]{1,4}-[A-Z]\w*|\b\d{4}-\d\d(?:-\d\d)?\b")
"""Of an office, or a day: its hyphen is no place to break."""
CONTENTS = re.compile(r'<nav class="contents".*?</nav>\n', re.DOTALL)


def page_html(  # noqa: PLR0913  (what the frame shows, each by name)
    publication: Publication,
    words: dict[str, str],
    contents: str,
    body: str,
    made_from: Sequence[tuple[str, str]],
    extension: Path,
    programs: Sequence[str] = (),
) -> str:
    """A whole HTML page that loads nothing: styles and script inline, pictures embedded.

    `contents` (a list of links) and `body` are HTML and are put in as they are; everything else
    is escaped. The page forbids itself, by a content security policy, to load anything and to run
    other scripts than its own and `programs`, those that stand in its body, word for word;
    `policy.sealed` completes it.
    """
    from markupsafe import Markup

    styles, scripts = (
        "\n".join((extension / file).read_text(encoding="utf-8") for file in files)
        for files in (STYLES, SCRIPTS)
    )
    script = f"\n{scripts.strip()}\n"
    framed: str = template(FRAME, extension).render(
        publication=publication,
        words=words,
        contents=Markup(contents.strip()),
        body=Markup(body.strip()),
        made_from=made_from,
        styles=Markup(f"{font_faces()}\n{styles.strip()}".strip()),
        script=Markup(script),
        policy=Markup(policy([script, *programs])),
    )
    return framed


def page_template(
    publication: Publication,
    words: dict[str, str],
    made_from: Sequence[tuple[str, str]],
    extension: Path,
) -> str:
    """The page as a template of Pandoc's, in which `$toc$` and `$body$` are to be filled.

    Both renderers make their pages with it. Where there is no heading there is no contents list.
    """
    contents, body = "ATIPS-CONTENTS", "ATIPS-BODY"
    html = page_html(publication, words, contents, body, made_from, extension).replace("$", "$$")
    html = CONTENTS.sub(r"$if(toc)$\n\g<0>$endif$\n", html)
    return html.replace(contents, "$toc$").replace(body, "$body$")


def contents_of(body: str) -> str:
    """The list of contents of a page that is made of sections with headings."""
    found = re.findall(r'<section id="(\w+)"><h2>(.*?)</h2>', body)
    items = "".join(f'<li><a href="#{id}">{title}</a></li>' for id, title in found)
    return f"<ul>{items}</ul>"


def part_html(
    name: str,
    publication: Publication,
    words: dict[str, str],
    made_from: Sequence[tuple[str, str]],
    extension: Path,
) -> str:
    """A part of the page on its own, for a site that brings its own frame."""
    from markupsafe import Markup

    script = (extension / SCRIPTS[0]).read_text(encoding="utf-8")
    html = template(name, extension).render(
        publication=publication, words=words, made_from=made_from, script=Markup(script.strip())
    )
    return str(html)


def template(name: str, extension: Path) -> Any:
    """A template of the extension; whatever is put into it is escaped."""
    return _templates(extension).get_template(name)


@cache
def _templates(extension: Path) -> Any:
    """Where templates come from: each is compiled once, and again when its file changed."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    templates = Environment(
        loader=FileSystemLoader(extension, encoding="utf-8"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    templates.filters["pieces"] = pieces
    templates.filters["unparted"] = unparted
    templates.filters["typographic"] = typographic
    return templates


def unparted(text: str) -> Any:
    """The text with its names and days on one line each, as `whole` of publication.lua sets them."""
    from markupsafe import Markup, escape

    return Markup(NAME.sub(r'<span class="as-one">\g<0></span>', str(escape(text))))
