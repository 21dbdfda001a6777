"""`atips pseudonymise`: at the agency, names become keyed codes."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from atips_analysis.errors import FindingsError, InputError

if TYPE_CHECKING:
    from atips_analysis.intake.agency.pseudonymised_files import Summary

FIRST_ROWS = 20


def pseudonymise(
    file: Path | None = typer.Argument(None, help="Excel or CSV file with names."),
    key_file: Path | None = typer.Option(None, help="File with the secret key."),
    out: Path | None = typer.Option(None, help="The file to write, .xlsx or .csv."),
    page: Path | None = typer.Option(
        None,
        help="Write instead a page (.html) that does the same in a browser, for agencies "
        "that have no Python.",
    ),
    new_key: Path | None = typer.Option(
        None, help="Write instead a new secret key to this file, once for all agencies."
    ),
    code_column: str = typer.Option(
        "", help="victim_id or person_id; by default as the sheet's name tells."
    ),
    quiet: bool = typer.Option(False, "--quiet", help="Print nothing but errors."),
    verbose: bool = typer.Option(False, "--verbose", help="Name every row, not the first 20."),
) -> None:
    """Replace names and dates of birth by keyed codes, at the agency that holds the names."""
    alone = page or new_key
    if alone is not None:
        if sum(one is not None for one in (file, key_file, out, page, new_key)) > 1:
            raise InputError("--page and --new-key stand alone, without another file")
        said = _write_page(alone) if page else _write_key(alone)
        if not quiet:
            typer.echo(said)
        return
    if file is None or key_file is None or out is None:
        raise InputError("give FILE, --key-file and --out; or --page FILE or --new-key FILE alone")
    from atips_analysis.intake.agency.pseudonymised_files import pseudonymise_file

    most = sys.maxsize if verbose else FIRST_ROWS
    done = pseudonymise_file(file, key_file, out, code_column or None)
    for line in () if quiet else _told(out, done, most):
        typer.echo(line)
    if not quiet and key_file.resolve().parent in (out.resolve().parent, file.resolve().parent):
        typer.echo("the key lies beside the data: keep it elsewhere", err=True)
    if done.without_name:
        raise FindingsError(
            f"{out}: written, but these rows have no first name or no surname, and so no "
            f"code: {_some(done.without_name, most)}; fill them in and run again"
        )


def _told(out: Path, done: Summary, most: int) -> Iterator[str]:
    """A line for each thing that whoever sends the table has to know."""
    yield (
        f"wrote {out}: {done.rows} rows, {done.persons} persons, with the key of mark "
        f"{done.key_mark} (the same at every agency)"
    )
    for left_out in done.left_out:
        yield f"left out: {left_out}"
    if done.without_birth_date:
        yield (
            "no date of birth that could be read, so persons of the same name share a code; write "
            "it with its year in four digits (1999-03-15) and run again: "
            f"{_some(done.without_birth_date, most)}"
        )
    if done.order_of_day["month"] and done.order_of_day["either"]:
        yield (
            f"the month stands first in {_some(done.order_of_day['month'], most)}, but these were "
            f"read day first: {_some(done.order_of_day['either'], most)}; write all dates as "
            "1999-03-15 (in Excel: Format Cells) and run again"
        )


def _write_page(page: Path) -> str:
    if page.suffix.lower() != ".html":
        raise InputError("the page is HTML; give a name that ends in .html", file=page)
    from atips_analysis.intake.agency.pseudonymising_page import write_pseudonym_page

    write_pseudonym_page(page)
    return f"wrote {page}: open it in a browser, at the agency; the key goes another way"


def _write_key(file: Path) -> str:
    from atips_analysis.custody.vault import refuse_beside
    from atips_analysis.intake.agency.pseudonyms import mark_of, read_key, write_new_key
    from atips_analysis.project import find_registers

    project = find_registers()
    if not project.read_only:
        refuse_beside(file, project)
    write_new_key(file)
    return (
        f"{file}: a new key of mark {mark_of(read_key(file))}, for all agencies; hand it over "
        "yourself, keep a copy in a safe and none here: without it no code can be made again"
    )


def _some(rows: list[str], most: int) -> str:
    more = f" and {len(rows) - most} more" if len(rows) > most else ""
    return ", ".join(rows[:most]) + more
