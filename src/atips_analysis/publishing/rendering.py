"""A report rendered: one executed notebook in, one page and one PDF out."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from atips_analysis.errors import InputError, MachineError
from atips_analysis.project import find_project
from atips_analysis.publishing.confidential import refuse_beyond_published, refuse_confidential
from atips_analysis.publishing.files import write_whole
from atips_analysis.publishing.markdown import flatten
from atips_analysis.publishing.publication import Publication

Renderer = Literal["auto", "quarto", "embedded"]
FORMATS = ("html", "pdf")


@dataclass(frozen=True)
class Report:
    """What is rendered: the file name it gets, its executed notebook, its particulars.

    A `working` page is for the house, never part of a build: it may show numbers that are
    protected for it alone.
    """

    name: str
    notebook: Path
    publication: Publication
    working: bool = False


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
        "auto" takes Quarto where it is found and the embedded renderer where not.
    extension : Path, optional
        Default: the project's `_extensions/atips`.

    Raises
    ------
    InputError
        If the notebook leaves anything that a page cannot show (`flatten`), refers to what is not
        there, or lacks alternative texts.
    FindingsError
        If the notebook holds confidential numbers, or those of no published table and is not a
        working page: no page is made of it.
    MachineError
        If Quarto is asked for and not found, or a tool fails.
    """
    from atips_analysis.publishing import embedded, quarto

    unknown = sorted(set(formats) - set(FORMATS))
    if unknown:
        raise InputError(f"format {unknown[0]!r} is not known; use {' or '.join(FORMATS)}")
    extension = (extension or find_project().extension).resolve()
    refuse_confidential(report.notebook)
    if not report.working:
        refuse_beyond_published(report.notebook)
    flattened = flatten(report.notebook)
    completed = replace(report, publication=report.publication.completed(flattened.front_matter))
    program = quarto.find_quarto() if renderer in {"auto", "quarto"} else None
    if renderer == "quarto" and program is None:
        raise MachineError(
            "Quarto was not found; install it or the package quarto-cli, or use --renderer embedded"
        )
    with tempfile.TemporaryDirectory(prefix="atips-render-") as folder:
        work = Path(folder)
        if program is not None:
            made = quarto.render(completed, flattened, extension, work, formats, program)
        else:
            made = embedded.render(completed, flattened, extension, work, formats)
        return [
            write_whole(out_dir / f"{report.name}{file.suffix}", file.read_bytes()) for file in made
        ]
