"""The embedded renderer: Pandoc and Typst out of their wheels, nothing else installed."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from atips_analysis.errors import InputError
from atips_analysis.publishing import pandoc
from atips_analysis.publishing.fonts import copy_fonts, typefaces
from atips_analysis.publishing.markdown import Flattened
from atips_analysis.publishing.page import page_html
from atips_analysis.publishing.particulars import (
    made_from,
    publication_json,
    stage_filter,
    stage_pictures,
)
from atips_analysis.publishing.publication import theme_words

if TYPE_CHECKING:
    from atips_analysis.publishing.rendering import Report

FILTER = "publication.lua"
TYPST_FILES = ("publication.typ",)
CONTENTS_MARK = "<!-- contents end, body begins -->"


def render(
    report: Report, flattened: Flattened, extension: Path, work: Path, formats: Sequence[str]
) -> list[Path]:
    """Write the report's formats into `work`; return their paths. One parse serves both."""
    words = theme_words(extension, report.publication)
    tree = _tree(report, flattened, words, extension, work)
    makers = {"html": _html, "pdf": _pdf}
    return [makers[kind](report, tree, words, extension, work) for kind in formats]


def check(report: Report, flattened: Flattened, extension: Path, work: Path) -> None:
    """Refuse what a page and a PDF cannot both show, for a renderer that would only warn.

    Raises
    ------
    InputError
        As `render` does: a reference to nothing, a picture without an alternative text, a heading
        that skips a level.
    """
    words = theme_words(extension, report.publication)
    tree = _tree(report, flattened, words, extension, work)
    options = [f"--lua-filter={work / FILTER}"]
    pandoc.write(tree, "html5", options=options, folder=work, name=report.notebook.name)


def _tree(
    report: Report, flattened: Flattened, words: dict[str, str], extension: Path, work: Path
) -> dict[str, Any]:
    """Pandoc's tree of the text, with pictures and filter beside it in `work`."""
    tree = pandoc.parse(flattened.text, report.notebook.name)
    tree["meta"] = {"words": meta_map(words)}
    stage_pictures(flattened, work)
    stage_filter(extension, FILTER, work)
    return tree


def renderer_versions(words: dict[str, str]) -> str:
    """What made it, for the last page, in the words of the publication's language."""
    tools = f"Pandoc {pandoc.pandoc_version()}, Typst {version('typst')}"
    return words["renderer_embedded"].format(tools=tools)


def meta_map(values: dict[str, str]) -> dict[str, Any]:
    """Plain texts as a map of Pandoc's metadata."""
    return {
        "t": "MetaMap",
        "c": {key: {"t": "MetaString", "c": text} for key, text in values.items()},
    }


def _html(
    report: Report, tree: dict[str, Any], words: dict[str, str], extension: Path, work: Path
) -> Path:
    template = work / "fragment.html"
    template.write_text(f"$toc$\n{CONTENTS_MARK}\n$body$\n", encoding="utf-8")
    fragment = pandoc.write(
        tree,
        "html5",
        options=[
            "--standalone",
            f"--template={template.name}",
            "--embed-resources",
            "--section-divs",
            "--toc",
            "--toc-depth=3",
            "--mathml",
            "--metadata=pagetitle:-",
            f"--lua-filter={work / FILTER}",
        ],
        folder=work,
        name=report.notebook.name,
    )
    contents, body = fragment.split(CONTENTS_MARK)
    lines = made_from(report.publication, words, renderer_versions(words))
    file = work / f"{report.name}.html"
    html = page_html(report.publication, words, contents, body, lines, extension)
    file.write_text(html, encoding="utf-8", newline="\n")
    return file


def _pdf(
    report: Report, tree: dict[str, Any], words: dict[str, str], extension: Path, work: Path
) -> Path:
    import typst

    body = pandoc.write(
        tree,
        "typst",
        options=[f"--lua-filter={work / FILTER}"],
        folder=work,
        name=report.notebook.name,
    )
    for file in TYPST_FILES:
        shutil.copyfile(extension / file, work / file)
    particulars = publication_json(report.publication, words, renderer_versions(words))
    (work / "publication.json").write_text(json.dumps(particulars), encoding="utf-8")
    opening = '#import "publication.typ": *\n#show: publication.with(json("publication.json"))\n\n'
    source = work / "report.typ"
    source.write_text(opening + body, encoding="utf-8", newline="\n")
    target = work / f"{report.name}.pdf"
    try:
        _, warnings = typst.compile_with_warnings(
            str(source),
            output=str(target),
            root=str(work),
            font_paths=[str(copy_fonts(typefaces().files, work / "fonts"))],
            ignore_system_fonts=True,
            timestamp=report.publication.timestamp,
            pdf_standards="ua-1",
        )
    except typst.TypstError as error:
        raise InputError(
            f"Typst cannot set this: {_message(error)}", file=report.notebook.name
        ) from None
    if warnings:
        raise InputError(
            f"Typst warns: {_message(warnings[0])}; a report has to compile without warnings",
            file=report.notebook.name,
        )
    return target


def _message(problem: Any) -> str:
    """Typst's message and its hints in one line."""
    hints = "; ".join(getattr(problem, "hints", None) or [])
    text = getattr(problem, "message", None) or str(problem)
    return f"{text} ({hints})" if hints else text
