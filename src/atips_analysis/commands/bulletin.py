"""`atips bulletin`: two pages on any quarter, half-year or range of months."""

from __future__ import annotations

from pathlib import Path

import typer


def bulletin(
    period: str = typer.Option(
        ..., help="A quarter (2024-Q3), a half-year (2024-H1) or months (2024-03..2024-08)."
    ),
    databank: Path | None = typer.Option(
        None, help="Folder of the data bank; its latest edition is used."
    ),
    submissions: Path | None = typer.Option(
        None, help="Folder with the agencies' files; by default the simulated example."
    ),
    out: Path | None = typer.Option(None, help="Where reports go."),
    renderer: str = typer.Option("auto", help="auto, quarto or embedded."),
    quiet: bool = typer.Option(False, "--quiet", help="Print nothing but errors."),
    verbose: bool = typer.Option(False, "--verbose", help="Also the size of each file."),
) -> None:
    """Make the bulletin of a period, protected together with the yearly tables."""
    from atips_analysis.build.bulletins import make_bulletin

    made = make_bulletin(
        period, databank=databank, submissions=submissions, out=out, renderer=renderer
    )
    if not quiet:
        typer.echo(made.text)
    for file in made.files if verbose else ():
        typer.echo(f"{file.name}: {file.stat().st_size:,} bytes")
