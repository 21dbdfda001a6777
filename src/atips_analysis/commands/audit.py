"""`atips audit`: what a reader of protected tables can work out. For the confidential side."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from atips_analysis.disclosure.attack import AttackReport
    from atips_analysis.disclosure.tables import CountTable


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("audit")(audit)


def audit(
    tables: list[Path] = typer.Argument(help="Protected CSV tables, attacked together."),
    count: str = typer.Option(..., "--count", help="The column of counts."),
    threshold: int = typer.Option(5, "--threshold", min=1, help="The smallest count shown."),
    already_public: bool = typer.Option(
        False, "--already-public", help="Small counts that are shown stand in public elsewhere."
    ),
    quiet: bool = typer.Option(False, "--quiet", help="Only the cells that can be opened."),
    verbose: bool = typer.Option(False, "--verbose", help="Name the tables that were linked."),
) -> None:
    """Attack protected tables together, and print the range of each hidden cell.

    Tables link where dimension columns and labels are the same. A cell is safe when its range
    has more than one value and reaches the threshold. A count from 1 to threshold - 1 that is
    shown is a finding too, unless it is public already (--already-public) or nothing of persons
    is counted (--threshold 1). What this prints is confidential: it says what a reader could work
    out, and must not leave the house.
    """
    from atips_analysis.disclosure.attack import Release, attack
    from atips_analysis.disclosure.tables import check_printed_sums, read_protected, relations_of
    from atips_analysis.errors import FindingsError, InputError

    if len({table.resolve() for table in tables}) < len(tables):
        raise InputError("the same file is named twice; name each table once")
    sources = [read_protected(table, count) for table in tables]
    for source in sources:
        check_printed_sums(source)
    releases = [Release("", s.cells(), relations_of(s)) for s in sources]
    report = attack(releases, threshold=threshold)
    typer.echo("CONFIDENTIAL: what a reader can work out; not for publication")
    if verbose:
        typer.echo(f"{len(sources)} tables, {sum(len(s.cells()) for s in sources)} cells")
    for contradiction in report.contradictions:
        typer.echo(f"contradiction: {contradiction}")
    if report.solvable:
        _print_ranges(report, quiet=quiet)
    elif len(releases) > 1:
        typer.echo("the tables do not fit one another; each is attacked alone")
        for source, release in zip(sources, releases, strict=True):
            typer.echo(source.file)
            _print_ranges(attack(release, threshold=threshold), quiet=quiet)
    if not report.solvable:
        raise FindingsError("the tables contradict one another, so nothing is shown to be safe")
    found = []
    small = [] if already_public else _small_counts(sources, threshold)
    for line in small:
        typer.echo(f"SMALL {line}")
    if small:
        found.append(f"small counts are shown (under {threshold}): {len(small)}")
    if not report.safe:
        found.append(f"{len(report.opened)} of {len(report.cells)} hidden cells can be opened")
    if found:
        raise FindingsError("; ".join(found))
    typer.echo(f"{len(report.cells)} hidden cells, all safe")


def _small_counts(sources: list[CountTable], threshold: int) -> list[str]:
    """A line for each small count that a table shows as it is."""
    from atips_analysis.disclosure.cells import describe
    from atips_analysis.disclosure.rules import small_count

    return [
        f"{describe(key)}: {shown} is shown in {source.file}; hide it with atips protect"
        for source in sources
        for key, shown in source.cells().items()
        if isinstance(shown, int) and small_count(shown, threshold=threshold)
    ]


def _print_ranges(report: AttackReport, *, quiet: bool) -> None:
    from atips_analysis.disclosure.cells import describe

    columns = ("key", "low", "high", "safe", "opened_by")
    for key, low, high, safe, opened_by in zip(*(report.cells[c] for c in columns), strict=True):
        top = "and more" if high == float("inf") else f"to {high:.0f}"
        span = f"{low:.0f}" if low == high else f"{low:.0f} {top}"
        if not safe:
            typer.echo(f"OPEN  {describe(key)}: {span}; opened by {opened_by}")
        elif not quiet:
            typer.echo(f"safe  {describe(key)}: {span}")
