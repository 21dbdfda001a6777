"""A report rendered: one executed notebook in, one page and one PDF out."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Literal

from atips_analysis.errors import FindingsError, InputError, MachineError
from atips_analysis.files import write_whole
from atips_analysis.locks import temporary_folder
from atips_analysis.notebooks.confidential import refuse_beyond_published, refuse_confidential
from atips_analysis.project import find_registers
from atips_analysis.render import embedded, quarto
from atips_analysis.render.dialect import check_page_tree
from atips_analysis.render.drafts import line_of_draft
from atips_analysis.render.markdown import Flattened, flatten
from atips_analysis.render.page_gate import check_page
from atips_analysis.render.pandoc import AS_QUARTO, parse
from atips_analysis.render.policy import sealed
from atips_analysis.render.publication import Report, theme_words
from atips_analysis.render.quarto import Verdict

Renderer = Literal["auto", "quarto", "embedded"]
RENDERERS = ("auto", "quarto", "embedded")
FORMATS = ("html", "pdf")


def render(
    report: Report,
    out_dir: Path,
    *,
    renderer: Renderer = "auto",
    formats: Sequence[str] = FORMATS,
    extension: Path | None = None,
) -> list[Path]:
    """Write `NAME.html` and `NAME.pdf` into `out_dir`; return their paths.

    Files are replaced only when all formats were made: a failure leaves what was there.

    Parameters
    ----------
    renderer : {"auto", "quarto", "embedded"}
        "auto" takes Quarto where one that works is found (1.9 or later), and the embedded
        renderer where not, or where Quarto fails on this report: then it warns.
    extension : Path, optional
        Default: the project's `_extensions/atips`.

    Raises
    ------
    InputError
        If the notebook leaves anything that a page cannot show (`flatten`), refers to what is not
        there, or lacks alternative texts.
    FindingsError
        If the notebook holds confidential numbers, or those of no published table and is not a
        working page: no page is made of it; or if a page that was made does not pass the gate of
        pages (`check_page`).
    MachineError
        If Quarto is asked for and not found, or a tool fails.
    """
    unknown = sorted(set(formats) - set(FORMATS))
    if unknown:
        raise InputError(f"format {unknown[0]!r} is not known; use {' or '.join(FORMATS)}")
    extension = (extension or find_registers().extension).resolve()
    refuse_confidential(report.notebook)
    if not report.working:
        refuse_beyond_published(report.notebook)
    flattened = flatten(report.notebook)
    completed = replace(report, publication=report.publication.completed(flattened.front_matter))
    line = line_of_draft(report.notebook, completed.publication.lang)
    flattened = replace(flattened, text=line + flattened.text)
    tree = parse(flattened.text, report.notebook.name, AS_QUARTO)
    check_page_tree(tree, report.notebook.name, flattened.pictures)
    found = usable_quarto(renderer)
    if found is not None:
        try:
            with temporary_folder("render") as work:
                made = quarto.render(completed, flattened, extension, work, formats, found)
                return _passed(made, completed, flattened, extension, out_dir)
        except (MachineError, FindingsError) as error:
            if renderer == "quarto":
                raise
            print(
                f"warning: {report.name}: rendered by the embedded renderer, since {error}",
                file=sys.stderr,
            )
    with temporary_folder("render") as work:
        made = embedded.render(completed, flattened, extension, work, formats)
        return _passed(made, completed, flattened, extension, out_dir)


def _passed(
    made: Sequence[Path], report: Report, flattened: Flattened, extension: Path, out_dir: Path
) -> list[Path]:
    """Each made file at the gate of pages, the same for either renderer; then in its place."""
    tree = parse(flattened.text, report.notebook.name)
    words = theme_words(report.publication)
    for file in made:
        if file.suffix == ".html":
            whole = sealed(file.read_text(encoding="utf-8"))
            file.write_text(whole, encoding="utf-8", newline="\n")
        check_page(file, tree, report.publication, words)
    return [
        write_whole(out_dir / f"{report.name}{file.suffix}", file.read_bytes()) for file in made
    ]


def usable_quarto(renderer: Renderer) -> Verdict | None:
    """The Quarto to render with, or None for the embedded renderer.

    Raises InputError if there is no such renderer. Raises MachineError if Quarto is asked for and
    there is none that works.
    """
    if renderer not in RENDERERS:
        raise InputError(f"renderer {renderer!r} is not one of {', '.join(RENDERERS)}")
    if renderer == "embedded":
        return None
    found = quarto.verdict()
    if renderer == "quarto" and not found.works:
        raise MachineError(
            f"{found.why}; install Quarto or the package quarto-cli, or use --renderer embedded"
        )
    return found if found.works else None


def renderer_choice(renderer: Renderer) -> str:
    """One line: which renderer pages are made with, and why. Errors as `usable_quarto`."""
    found = usable_quarto(renderer)
    if found is not None:
        return (
            f"renderer: Quarto {found.version} ({'asked for' if renderer == 'quarto' else 'found'})"
        )
    why = "asked for" if renderer == "embedded" else quarto.verdict().why
    return f"renderer: embedded ({why})"
