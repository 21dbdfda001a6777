"""The embedded renderer: Pandoc and Typst out of their wheels, nothing else installed."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from atips_analysis.errors import InputError
from atips_analysis.render import pandoc
from atips_analysis.render.markdown import Flattened
from atips_analysis.render.publication import theme_words
from atips_analysis.render.staging import Staged, stage

if TYPE_CHECKING:
    from atips_analysis.render.publication import Report

FILTER = "publication.lua"
PICTURE_TYPES = {
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
}
TEMPLATE = "template.typ"
PDF_STANDARDS: tuple[Literal["a-2a"], Literal["ua-1"]] = ("a-2a", "ua-1")
"""PDF/A-2a for keeping, PDF/UA-1 for everybody's reading; as in `_extension.yml`."""


def render(
    report: Report, flattened: Flattened, extension: Path, work: Path, formats: Sequence[str]
) -> list[Path]:
    """Write the report's formats into `work`; return their paths. One parse serves both."""
    words = theme_words(report.publication)
    staged = stage(report, flattened, extension, work, renderer_versions(words))
    tree = _tree(report, flattened, staged)
    makers = {"html": _html, "pdf": _pdf}
    return [makers[kind](report, tree, staged) for kind in formats]


def renderer_versions(words: dict[str, str]) -> str:
    """What made it, for the colophon, in the words of the publication's language."""
    tools = f"Pandoc {pandoc.pandoc_version()}, Typst {version('typst')}"
    return words["renderer_embedded"].format(tools=tools)


def _tree(report: Report, flattened: Flattened, staged: Staged) -> dict[str, Any]:
    """Pandoc's tree of the text, with the page's mark."""
    tree = pandoc.parse(flattened.text, report.notebook.name, pandoc.AS_QUARTO)
    tree["meta"] = {"atips": {"t": "MetaInlines", "c": [code_span(staged.mark)]}}
    return tree


def code_span(mark: str) -> dict[str, Any]:
    """The mark as Pandoc reads it from the front matter."""
    return {"t": "Code", "c": [["", [], []], mark.strip("`")]}


def _write(
    report: Report, tree: dict[str, Any], to: str, staged: Staged, options: Sequence[str]
) -> str:
    return pandoc.write(
        tree,
        to,
        options=["--standalone", f"--lua-filter={staged.extension / FILTER}", *options],
        name=report.notebook.name,
        modules=staged.extension,
    )


def _html(report: Report, tree: dict[str, Any], staged: Staged) -> Path:
    options = [f"--template={staged.page}", "--section-divs", "--toc"]
    options += ["--toc-depth=3", "--mathml", "--metadata=pagetitle:-"]
    file = staged.work / f"{report.name}.html"
    whole = with_pictures(tree, staged.work)
    file.write_text(_write(report, whole, "html5", staged, options), encoding="utf-8", newline="\n")
    return file


def with_pictures(node: Any, folder: Path) -> Any:
    """A tree whose pictures are data: addresses, so that nobody has to fetch them."""
    if isinstance(node, list):
        return [with_pictures(one, folder) for one in node]
    if not isinstance(node, dict):
        return node
    if node.get("t") == "Image":
        attributes, words, (source, title) = node["c"]
        kind = PICTURE_TYPES[Path(source).suffix.lower()]
        content = base64.b64encode((folder / source).read_bytes()).decode("ascii")
        return {"t": "Image", "c": [attributes, words, [f"data:{kind};base64,{content}", title]]}
    return {name: with_pictures(value, folder) for name, value in node.items()}


def _pdf(report: Report, tree: dict[str, Any], staged: Staged) -> Path:
    import typst

    source = staged.work / f"{report.name}.typ"
    text = _write(report, tree, "typst", staged, [f"--template={staged.extension / TEMPLATE}"])
    source.write_text(text, encoding="utf-8", newline="\n")
    target = source.with_suffix(".pdf")
    try:
        _, warnings = typst.compile_with_warnings(
            str(source),
            output=str(target),
            root=str(staged.work),
            font_paths=[str(staged.fonts)],
            ignore_system_fonts=True,
            timestamp=report.publication.timestamp,
            pdf_standards=[*PDF_STANDARDS],
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
