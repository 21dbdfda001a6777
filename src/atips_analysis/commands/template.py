"""`atips template`: the Excel form for an agency."""

from __future__ import annotations

from pathlib import Path

import typer

from atips_analysis.errors import InputError
from atips_analysis.project import YEARS


def template(
    agency: str = typer.Option(..., help="Code of the agency, such as DHS."),
    year: int = typer.Option(
        ..., min=YEARS[0], max=YEARS[-1], help="Year that the return reports on."
    ),
    lang: str = typer.Option(
        "en", help="Language of the form, such as es; atips translation lists all."
    ),
    out: Path = typer.Option(..., help="The Excel file to write."),
    quiet: bool = typer.Option(False, "--quiet", help="Print nothing but errors."),
    verbose: bool = typer.Option(False, "--verbose", help="Name the sheets too."),
) -> None:
    """Write the Excel form, with drop-downs, for an agency and a year."""
    from atips_analysis.codebook import load_codebook
    from atips_analysis.intake.agency.form import streams_of, write_template

    write_template(agency, year, lang, out, council=_council(lang))
    if not quiet:
        typer.echo(f"wrote {out}")
    if verbose:
        for stream in streams_of(agency.strip().upper(), load_codebook()):
            typer.echo(f"  {stream.label(lang)}: {len(stream.columns)} columns")


def _council(lang: str) -> str:
    """The collecting body's name, when the command works in a project."""
    from atips_analysis.project import find_project

    try:
        return str(find_project().profile["council"][f"name_{lang}"])
    except (InputError, KeyError):
        return ""
