"""`atips protect`: a table of counts with its small numbers hidden."""

from __future__ import annotations

from pathlib import Path

import typer


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("protect")(protect)


def protect(
    table: Path = typer.Argument(help="CSV, one row a cell; margins have Total (or nothing)."),
    count: str = typer.Option(..., "--count", help="The column of counts."),
    by: str = typer.Option(..., "--by", help="The dimension columns, as A,B."),
    out: Path = typer.Option(..., "--out", help="The CSV file to write."),
    threshold: int = typer.Option(5, "--threshold", min=1, help="The smallest count to show."),
    confidential: bool = typer.Option(
        False, "--confidential", help="Status P and S instead of C: not for publication."
    ),
    quiet: bool = typer.Option(False, "--quiet", help="Say nothing but errors."),
    verbose: bool = typer.Option(False, "--verbose", help="List the hidden cells."),
) -> None:
    """Hide small counts, and the fewest others without which they could be worked out.

    Counts from 1 to threshold - 1 are hidden, and with them the cells of the smallest sum of
    counts that keep them hidden; margins only where it cannot be done without. Zeros are shown.
    Without margins there is nothing to subtract from, and only small counts are hidden: add the
    margins when they are published anywhere.
    """
    from atips_analysis.disclosure.cells import describe
    from atips_analysis.disclosure.rules import group_disclosure
    from atips_analysis.disclosure.suppression import protect_cells
    from atips_analysis.disclosure.tables import (
        protected_frame,
        read_counts,
        relations_of,
        write_frame,
    )
    from atips_analysis.errors import FindingsError

    source = read_counts(table, count, [name.strip() for name in by.split(",") if name.strip()])
    counts = {key: shown for key, shown in source.cells().items() if isinstance(shown, int)}
    relations = relations_of(source)
    result = protect_cells(counts, relations, threshold=threshold)
    if not result.safe:
        raise FindingsError(
            f"{table}: {describe(result.open_cells[0])} cannot be protected; nothing was written: "
            "merge categories or leave a dimension out"
        )
    column = "status" if confidential else "public_status"
    statuses = dict(zip(result.cells["key"], result.cells[column], strict=True))
    hidden = result.cells.loc[result.cells["public_status"] == "C", "key"]
    write_frame(protected_frame(source, statuses, hidden), out)
    if quiet:
        return
    typer.echo(f"{out}: {len(counts)} cells, {result.hidden_cells} hidden")
    if not result.optimal:
        typer.echo(f"safe, but up to {result.gap:.0%} more may be hidden than is needed")
    if not relations and result.hidden_cells:
        typer.echo("no margins in the table: add them when they are published anywhere")
    for finding in group_disclosure(counts, relations):
        typer.echo(
            f"look again: all of {describe(finding.group)} are in one category; merge categories"
        )
    if verbose:
        for key in hidden:
            typer.echo(f"  hidden: {describe(key)}")
