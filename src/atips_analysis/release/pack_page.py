"""`README.html` of a pack: what is in it and how to check it, in every language."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Any

from atips_analysis.project import Project
from atips_analysis.release.pack_metadata import Particulars
from atips_analysis.render.page import page_html
from atips_analysis.render.policy import sealed
from atips_analysis.render.publication import publication_from, theme_words
from atips_analysis.words import by_language, in_language, languages
from atips_analysis.words.documents import words_of

WORDS = Path(__file__).with_name("pack_page_words.toml")


def pack_page(
    particulars: Particulars,
    project: Project,
    *,
    checked_by: str,
    approved_by: str,
    threshold: int,
    file_name: str,
) -> bytes:
    """The page as HTML that loads nothing from elsewhere."""
    profile, said = project.profile, {lang: words_of(WORDS, lang) for lang in languages()}
    publication = publication_from(
        profile,
        lang="en",
        simulated=particulars.simulated,
        title=particulars.title,
        subtitle=" · ".join(own.subtitle for own in said.values()),
        period=str(particulars.year),
        layout="brief",
        draft=False,
        made_from=(),
    )
    words = theme_words(publication)
    facts = {
        "checked": escape(checked_by),
        "approved": escape(approved_by),
        "date": particulars.date,
        "version": particulars.version,
        "top": threshold - 1,
        "zip": escape(file_name),
        "mark": "-simulated" if particulars.simulated else "",
        "keys": ", ".join(f"{role} {key}" for role, key in particulars.signed_by.items()),
    }
    names = by_language(profile["country"], "name")
    body = "\n".join(_section(lang, facts, names) for lang in said)
    contents = "<ul>" + "".join(
        f'<li><a href="#{own.anchor}" lang="{lang}">{own.title}</a></li>'
        for lang, own in said.items()
    )
    status = (words["status"], words["status_released"])
    records = [(words["records"], words["records_simulated"])] if particulars.simulated else []
    lines = [
        status,
        *records,
        ("Edition", particulars.edition),
        ("Version", f"atips-analysis {particulars.software}"),
    ]
    html = page_html(publication, words, contents + "</ul>", body, lines, project.extension)
    return sealed(html).encode("utf-8")


def _section(lang: str, facts: Mapping[str, Any], names: Mapping[str, str]) -> str:
    words = words_of(WORDS, lang)
    warning = ""
    if facts["mark"]:
        country = in_language(names, lang, "name of the country", "data/council/profile.toml")
        simulated = words.simulated.format(country=escape(str(country)))
        warning = f"<p><strong>{simulated}</strong></p>"
    files = "".join(
        f"<dt>{_link(name.format(**facts))}</dt><dd>{escape(what)}</dd>"
        for name, what in words.files.items()
        if facts["keys"] or name != "signatures/"
    )
    checks = (*words.steps, words.signatures if facts["keys"] else words.not_signed)
    steps = "".join(f"<li>{step.format(**facts)}</li>" for step in checks)
    return (
        f'<section id="{words.anchor}" lang="{lang}"><h2>{words.title}</h2>'
        f"<p>{words.lead.format(**facts)}</p>{warning}"
        f"<h3>{words.contents}</h3><dl>{files}</dl>"
        f"<h3>{words.hidden_title}</h3><p>{words.hidden.format(**facts)}</p>"
        f"<h3>{words.check}</h3><ul>{steps}</ul></section>"
    )


def _link(name: str) -> str:
    return name if name.endswith("/") else f'<a href="{name}">{name}</a>'
