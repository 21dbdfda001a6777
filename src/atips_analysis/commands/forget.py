"""`atips forget`: a person who takes back consent is taken out, and never taken in again."""

from __future__ import annotations

import typer


def forget(
    code: str = typer.Argument(help="The person's code, as atips pseudonymise made it."),
    quiet: bool = typer.Option(False, "--quiet", help="Print nothing but errors."),
    verbose: bool = typer.Option(False, "--verbose", help="Also what stays, and where it says so."),
) -> None:
    """Mark a person's rows, and those linked to them: no edition takes them in any more.

    Editions that hold them are deleted when the next one stands (atips consolidate, atips build);
    their hashes stay in the data bank's log. Intermediate files are deleted at once. Files that hold
    them are named: they are never read for these rows again, and go as the table of retention says.
    """
    from atips_analysis.custody.forgetting import forget as mark
    from atips_analysis.errors import FindingsError
    from atips_analysis.project import find_project

    project = find_project()
    done = mark(project, code)
    if not quiet:
        linked = f", with {done.codes - 1} that are linked to it" if done.codes > 1 else ""
        typer.echo(f"marked: the code{linked}; their rows are not taken in any more")
        for bank, name, rows in done.editions:
            typer.echo(
                f"edition {name} in {bank.relative_to(project.root).as_posix()}: {rows} stored rows; "
                "deleted when the next edition stands (atips consolidate or atips build)"
            )
        for file in done.files:
            typer.echo(f"{file}: still holds them; ask for one without, or delete it")
    if verbose:
        typer.echo(
            "published counts and frozen baselines stay: docs/operating.md says what that means"
        )
    if not done.editions:
        raise FindingsError("no edition holds this code: look whether it is the right one")
