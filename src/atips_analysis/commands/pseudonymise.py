"""`atips pseudonymise`: at the agency, names become keyed codes."""

from __future__ import annotations

import sys
from pathlib import Path

import typer

from atips_analysis.errors import FindingsError, InputError

FIRST_ROWS = 20


def register(app: typer.Typer) -> None:
    """Give `app` the command `atips pseudonymise`."""

    @app.command("pseudonymise")
    def pseudonymise(
        file: Path | None = typer.Argument(None, help="Excel or CSV file with names."),
        key_file: Path | None = typer.Option(None, help="File with the secret key."),
        out: Path | None = typer.Option(None, help="The file to write, .xlsx or .csv."),
        page: Path | None = typer.Option(
            None,
            help="Write instead a page (.html) that does the same in a browser, for agencies "
            "that have no Python.",
        ),
        code_column: str = typer.Option(
            "", help="victim_id or person_id; by default as the sheet's name tells."
        ),
        quiet: bool = typer.Option(False, "--quiet", help="Print nothing but errors."),
        verbose: bool = typer.Option(False, "--verbose", help="Name every row, not the first 20."),
    ) -> None:
        """Replace names and dates of birth by keyed codes, at the agency that holds the names."""
        if page is not None:
            _write_page(page, quiet, alone=file is None and key_file is None and out is None)
            return
        if file is None or key_file is None or out is None:
            raise InputError("give FILE, --key-file and --out, or --page FILE.html alone")
        from atips_analysis.intake.agency.pseudonymised_files import pseudonymise_file

        most = sys.maxsize if verbose else FIRST_ROWS
        done = pseudonymise_file(file, key_file, out, code_column or None)
        if not quiet:
            typer.echo(f"wrote {out}: {done.rows} rows, {done.persons} persons")
            for left_out in done.left_out:
                typer.echo(f"left out: {left_out}")
            if done.without_birth_date:
                typer.echo(
                    "no date of birth that could be read, so persons of the same name share a "
                    f"code: {_some(done.without_birth_date, most)}"
                )
            if key_file.resolve().parent in {out.resolve().parent, file.resolve().parent}:
                typer.echo("the key lies beside the data: keep it elsewhere", err=True)
        if done.without_name:
            raise FindingsError(
                f"{out}: written, but these rows have no first name or no surname, and so no "
                f"code: {_some(done.without_name, most)}; fill them in and run again"
            )


def _write_page(page: Path, quiet: bool, alone: bool) -> None:
    if not alone:
        raise InputError("--page stands alone: the page asks for the table and the key itself")
    if page.suffix.lower() != ".html":
        raise InputError("the page is HTML; give a name that ends in .html", file=page)
    from atips_analysis.intake.agency.pseudonymising_page import write_pseudonym_page

    write_pseudonym_page(page)
    if not quiet:
        typer.echo(f"wrote {page}: open it in a browser, at the agency; the key goes another way")


def _some(rows: list[str], most: int) -> str:
    more = f" and {len(rows) - most} more" if len(rows) > most else ""
    return ", ".join(rows[:most]) + more
