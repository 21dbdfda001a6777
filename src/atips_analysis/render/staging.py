"""What both renderers are given beside the text: the publication's particulars and its pictures."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from atips_analysis.notebooks.confidential import BEYOND, CONFIDENTIAL
from atips_analysis.render.fonts import copy_fonts, typefaces
from atips_analysis.render.links import codes, pieces
from atips_analysis.render.markdown import Flattened
from atips_analysis.render.page import page_template
from atips_analysis.render.publication import Publication, theme_words
from atips_analysis.render.reports_gate import never_leaves

if TYPE_CHECKING:
    from atips_analysis.render.publication import Report

LOGO = "logo.png"
"""In the folder in which a report is rendered."""


def mark(
    publication: Publication,
    words: dict[str, str],
    lines: Sequence[tuple[str, str]],
    *,
    working: bool = False,
    **parts: str,
) -> str:
    """The mark of an edition, as the filter and the template read it: JSON in a code span.

    It holds the particulars, the words, the typefaces, and what no page may show. In a code span
    no reader of Markdown changes it. `parts` are HTML that a site's page opens and closes with.
    """
    faces = typefaces()
    reporting = [
        (pieces(introduction), [pieces(line) for line in lines])
        for introduction, lines in publication.reporting_groups
    ]
    linked = [piece.target for said, lines in reporting for piece in sum(lines, said)]
    marks = (CONFIDENTIAL,) if working else (CONFIDENTIAL, BEYOND)
    about = {
        "refused": [[what, text] for what, texts in never_leaves().items() for text in texts],
        "refused_marks": list(marks),
        **parts,
        "title": publication.title,
        "subtitle": publication.subtitle,
        "running_title": publication.running_title or publication.title,
        "period": publication.period,
        "country": publication.country,
        "lang": publication.lang,
        "issuing_body": publication.issuing_body,
        "logo": f"/{LOGO}" if publication.logo_uri else "",
        "draft": publication.draft,
        "simulated": publication.simulated,
        "layout": publication.layout,
        "description": publication.description,
        "keywords": list(publication.keywords),
        "reporting_lines": reporting,
        "codes": list(codes([*linked, publication.website])),
        "made_from": [list(line) for line in lines],
        "date": [publication.date.year, publication.date.month, publication.date.day],
        "words": words,
        "fonts": {"text": list(faces.text), "display": list(faces.display)},
    }
    return "`" + json.dumps(about, ensure_ascii=False).replace("`", "\\u0060") + "`"


def made_from(
    publication: Publication, words: dict[str, str], renderer: str
) -> list[tuple[str, str]]:
    """The lines of the colophon: status, what went in, what made it."""
    status = words["status_draft"] if publication.draft else words["status_released"]
    records = [(words["records"], words["records_simulated"])] if publication.simulated else []
    return [
        (words["status"], status),
        *records,
        *publication.made_from,
        (words["renderer"], renderer),
    ]


@dataclass(frozen=True)
class Staged:
    """A folder in which one report is rendered, and what lies in it."""

    work: Path
    extension: Path
    page: Path
    fonts: Path
    mark: str


def stage(
    report: Report, flattened: Flattened, extension: Path, work: Path, renderer: str
) -> Staged:
    """Fill the folder with what either renderer needs beside the text.

    The extension (where Typst's template looks for it), the page as a template of Pandoc's, the
    fonts and the pictures.
    """
    words = theme_words(report.publication)
    lines = made_from(report.publication, words, renderer)
    staged = work / "_extensions" / "atips"
    shutil.copytree(extension, staged)
    page = work / "page.html"
    template = page_template(report.publication, words, lines, extension)
    page.write_text(template, encoding="utf-8", newline="\n")
    if report.publication.logo_uri:
        (work / LOGO).write_bytes(report.publication.logo)
    for picture in flattened.pictures:
        target = work / picture
        target.parent.mkdir(parents=True, exist_ok=True)
        if picture in flattened.drawn:
            target.write_text(flattened.drawn[picture], encoding="utf-8", newline="\n")
        else:
            shutil.copyfile(flattened.folder / picture, target)
    fonts = copy_fonts(typefaces().files, work / "fonts")
    about = mark(report.publication, words, lines, working=report.working)
    return Staged(work, staged, page, fonts, about)
