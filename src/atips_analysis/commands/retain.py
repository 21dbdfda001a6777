"""`atips retain`: what may be deleted, by the table of retention."""

from __future__ import annotations

from datetime import datetime

import typer


def retain(
    delete: bool = typer.Option(False, "--delete", help="Delete it; otherwise only list it."),
    on: datetime | None = typer.Option(
        None, "--on", formats=["%Y-%m-%d"], help="The day that counts; by default today."
    ),
    quiet: bool = typer.Option(False, "--quiet", help="Print nothing but errors."),
    verbose: bool = typer.Option(False, "--verbose", help="Also what is kept whatever its age."),
) -> None:
    """List what data/council/retention.csv has kept long enough; with --delete, delete it.

    The latest edition stays, and so does one that a release or a frozen baseline names. Of an edition
    its hashes stay in the data bank's log. When a submission is deleted, its rows are in no later
    edition.
    """
    from atips_analysis.custody.retention import clear, due
    from atips_analysis.project import find_project

    project = find_project()
    day = (on or datetime.now()).date()
    found = due(project, day)
    gone = clear(project, day) if delete else [one for one in found if not one.kept]
    for one in gone if not quiet else ():
        said = "deleted" if delete else "may be deleted"
        typer.echo(f"{project.shown(one.path)}: {said}; of {one.since}")
    for one in found if verbose else ():
        if one.kept:
            typer.echo(f"{project.shown(one.path)}: stays; {one.kept}")
    if not (gone or quiet):
        typer.echo("nothing is due")
    elif not (delete or quiet):
        typer.echo(f"nothing was deleted: {len(gone)} are due; atips retain --delete deletes them")
