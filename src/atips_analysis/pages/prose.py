"""Words of a page that are more than one value: lists, key figures, boxes, where numbers come from."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass

from atips_analysis.pages.edition import Edition
from atips_analysis.pages.origins import totals_said
from atips_analysis.pages.text import one_line
from atips_analysis.words import by_language, in_language, translator

BOX = re.compile(r'^:::+ *\{\.[\w-]+(?: title="(?P<title>[^"]*)")?[^}]*\} *$', re.MULTILINE)
"""The line that opens a box."""
NAMED = re.compile(r"^(#{1,6} .*?) *\{[^{}]*\} *$", re.MULTILINE)
"""A heading with its identifier, which only renderers know."""


@dataclass(frozen=True)
class Words:
    """Markdown of a page, as JupyterLab can show it too: boxes with their titles, no marks."""

    markdown: str

    def _repr_markdown_(self) -> str:
        return self.markdown

    def _repr_html_(self) -> str:
        from markdown_it import MarkdownIt

        titled = BOX.sub(
            lambda found: f"**{found['title']}**\n" if found["title"] else "", self.markdown
        )
        plain = NAMED.sub(r"\1", re.sub(r"^:::+ *$", "", titled, flags=re.MULTILINE))
        return str(MarkdownIt().render(plain))


def paragraph(*texts: str) -> Words:
    """Paragraphs that the data decide on; blank ones are left out."""
    return Words("\n\n".join(text.strip() for text in texts if text.strip()))


def bullets(items: Iterable[str]) -> Words:
    """A list, an item a line; blank ones are left out."""
    return Words("\n".join(f"- {one_line(item)}" for item in items if item.strip()))


def key_figures(figures: Iterable[tuple[object, str]]) -> Words:
    """Large numbers with what they count: pairs of a number in words and what it is of."""
    lines = "\n".join(f"- **{number}** {words}" for number, words in figures)
    return Words(f"::: {{.key-figures}}\n{lines}\n:::")


def front_matter(**fields: str) -> Words:
    """What a page says of itself that follows from its data: period, subtitle."""
    lines = "\n".join(
        f"{name}: {json.dumps(text, ensure_ascii=False)}" for name, text in fields.items()
    )
    return Words(f"---\n{lines}\n---")


def where_from(edition: Edition) -> Words:
    """What the register's numbers on a page are, and whose they are not."""
    _ = translator(edition.lang)
    words = _(
        "Numbers of the register are read from the protected table of edition {edition}. {hidden} "
        "What is hidden stays hidden "
        "here: no such number on this page is worked out from others.",
        edition=edition.about["edition"],
        hidden=edition.hiding_said,
    )
    return Words(f"{simulated_box(edition)}{words}")


def simulated_box(edition: Edition) -> str:
    """The box that must be read where records are simulated; nothing where they are real."""
    if not edition.simulated:
        return ""
    _ = translator(edition.lang)
    names = by_language(edition.project.profile["country"], "name")
    title = _("Simulated records")
    said = _(
        "The rows behind the register's numbers on this page were invented so that the method can "
        "be tried and taught. Nothing about {country} can be learnt from them. Figures that others "
        "published are real; they are named as such, each with its source.",
        country=in_language(names, edition.lang, "name of the country", "profile.toml"),
    )
    return f'::: {{.callout-warning title="{title}"}}\n{said} {totals_said(edition)}\n:::\n\n'
