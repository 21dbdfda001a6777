"""`atips audit`: what a reader of protected tables can work out. For the confidential side."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from atips_analysis.disclosure.attack import AttackReport
    from atips_analysis.disclosure.csv_tables import CountTable
    from atips_analysis.disclosure.tables_together import Audited


def audit(
    tables: list[Path] = typer.Argument(help="Protected CSV tables, attacked together."),
    count: str = typer.Option(..., "--count", help="The column of counts."),
    threshold: int = typer.Option(5, "--threshold", min=1, help="The smallest count shown."),
    already_public: bool = typer.Option(
        False, "--already-public", help="Small counts that are shown stand in public elsewhere."
    ),
    knows_agency: Path | None = typer.Option(
        None, "--knows-agency", help="A CSV table of one agency's own counts: it attacks as well."
    ),
    quiet: bool = typer.Option(False, "--quiet", help="Only what can be opened."),
    verbose: bool = typer.Option(False, "--verbose", help="List the sums that were found."),
) -> None:
    """Attack protected tables together, and print the range of each hidden cell.

    Tables link where dimension columns and labels are the same; what is taken for what is said.
    A cell is safe when its range has three values or more and reaches the threshold. Attackers
    are a reader, a person who knows that she is the only one in a cell, and, with --knows-agency,
    an agency that takes its own counts out. A count from 1 to threshold - 1 that is shown is a
    finding too, unless it is public already (--already-public) or nothing of persons is counted
    (--threshold 1); so is a group of whom zeros tell that all share a category. What this prints
    is confidential: it says what a reader could work out, and must not leave the house.
    """
    from atips_analysis.disclosure.csv_tables import not_read, read_protected
    from atips_analysis.disclosure.knowledge import Rule
    from atips_analysis.disclosure.table_shares import shares_of
    from atips_analysis.disclosure.tables_together import attack_together
    from atips_analysis.errors import FindingsError, InputError

    if len({table.resolve() for table in tables}) < len(tables):
        raise InputError("the same file is named twice; name each table once")
    sources = [read_protected(table, count) for table in tables]
    found = attack_together(sources, Rule(threshold))
    report = found.report
    typer.echo("CONFIDENTIAL: what a reader can work out; not for publication")
    _say_what_was_read(sources, found, verbose=verbose)
    for contradiction in report.contradictions:
        typer.echo(f"contradiction: {contradiction}")
    if not report.solvable:
        raise FindingsError("the tables contradict one another, so nothing is shown to be safe")
    findings = _found(sources, found, threshold, quiet=quiet, already_public=already_public)
    if knows_agency is not None:
        findings += _agency(read_protected(knows_agency, count), found, quiet=quiet)
    for source in sources:
        findings += not_read(source, read=shares_of(source))
    if not found.release.relations and not shares_told(sources):
        findings.append(
            "nothing could be attacked: no sum was found between the rows; a table needs its "
            "margins (Total), and labels that are the same in every table"
        )
    if findings:
        raise FindingsError("; ".join(findings))
    typer.echo(f"{len(report.cells)} hidden cells, all safe")


def shares_told(sources: list[CountTable]) -> bool:
    """Whether a column of shares was attacked."""
    from atips_analysis.disclosure.table_shares import shares_of

    return any(shares_of(source) for source in sources)


def _say_what_was_read(sources: list[CountTable], found: Audited, *, verbose: bool) -> None:
    from atips_analysis.disclosure.cells import describe
    from atips_analysis.disclosure.table_shares import shares_of

    for source in sources:
        typer.echo(f"{source.file}: {len(source.cells())} cells")
        for line in source.words():
            typer.echo(f"  {line}")
        for column, over in shares_of(source).items():
            typer.echo(f"  {column} is the share over {', '.join(over)}, attacked as well")
    for label, parts in found.sums.periods.items():
        typer.echo(f"  period {label} is the sum of {', '.join(parts)}")
    typer.echo(
        f"  {len(found.release.relations)} sums, of them {len(found.sums.across)} over files"
    )
    if verbose:
        for one in found.release.relations:
            typer.echo(f"  sum: {describe(one.total)} of {len(one.parts)} cells, {one.table}")


def _found(
    sources: list[CountTable], found: Audited, threshold: int, *, quiet: bool, already_public: bool
) -> list[str]:
    """Prints what is open, and gives the findings."""
    from atips_analysis.disclosure.cells import describe

    report, findings = found.report, []
    _print_ranges(report, quiet=quiet)
    small = [] if already_public else _small_counts(sources, threshold)
    for line in small:
        typer.echo(f"SMALL {line}")
    for group in found.groups if threshold > 1 else ():
        typer.echo(
            f"GROUP all of {describe(group.group)} are {group.told}: the zeros beside tell it"
        )
    for row in report.inside.itertuples():
        typer.echo(
            f"INSIDE whoever knows to be the only one in {describe(row.own)} works out "
            f"{describe(row.key)}: {row.low:.0f}"
        )
    if small:
        findings.append(f"small counts are shown (under {threshold}): {len(small)}")
    if len(report.opened):
        findings.append(f"{len(report.opened)} of {len(report.cells)} hidden cells can be opened")
    if len(report.inside):
        findings.append(f"{report.inside['key'].nunique()} can be opened by a person inside")
    if found.groups and threshold > 1:
        findings.append(f"groups told of: {len(found.groups)}")
    return findings


def _agency(own: CountTable, found: Audited, *, quiet: bool) -> list[str]:
    """Prints what is left of the cells of which an agency knows its own part."""
    from atips_analysis.disclosure.cells import describe
    from atips_analysis.disclosure.tables_together import attack_by_agency

    left = attack_by_agency(found, own)
    for row in left.itertuples():
        if row.told or not quiet:
            top = "and more" if row.high == float("inf") else f"to {row.high:.0f}"
            span = f"{row.low:.0f}" if row.low == row.high else f"{row.low:.0f} {top}"
            typer.echo(
                f"{'AGENCY' if row.told else 'agency'} others in {describe(row.key)}: {span}"
            )
    exactly, small = (left["told"] == "exactly").sum(), (left["told"] == "small").sum()
    typer.echo(f"  the agency knows {small} of {len(left)} others' counts to be small, not which")
    return [f"the agency opens {exactly} small counts of others"] if exactly else []


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
