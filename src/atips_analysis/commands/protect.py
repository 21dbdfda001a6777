"""`atips protect`: hide what is too small in tables of counts, and what would give it away."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from atips_analysis.files import for_readers

if TYPE_CHECKING:
    from atips_analysis.disclosure.cells import CellKey
    from atips_analysis.disclosure.csv_tables import CountTable
    from atips_analysis.disclosure.tables_together import Protected


def protect(
    tables: list[Path] = typer.Argument(help="CSV, one row a cell, with their margins."),
    count: str = typer.Option(..., "--count", help="The column of counts."),
    by: str = typer.Option(..., "--by", help="The dimension columns, as A,B."),
    out: Path = typer.Option(..., "--out", help="The CSV file; a folder for several tables."),
    threshold: int = typer.Option(5, "--threshold", min=1, help="The smallest count to show."),
    key_file: Path | None = typer.Option(
        None, "--key-file", help="A secret that tells apart patterns of the same cost."
    ),
    of: str | None = typer.Option(
        None, "--of", help="What the data bank counts here, as 'PROT-01 VICTIM 2024'."
    ),
    confidential: bool = typer.Option(
        False, "--confidential", help="Status P and S instead of C: not for publication."
    ),
    outside: bool = typer.Option(
        False,
        "--outside",
        help="The confidential form may lie outside of the confidential folders.",
    ),
    quiet: bool = typer.Option(False, "--quiet", help="Say nothing but errors."),
    verbose: bool = typer.Option(False, "--verbose", help="List the hidden cells."),
) -> None:
    """Hide small counts, and the fewest others without which they could be worked out.

    Counts from 1 to threshold - 1 are hidden, and with them the cells of the smallest sum of
    counts that keep them hidden from a reader; small counts also from a person who knows that she
    is the only one in a cell, who may still work out larger ones. Margins are hidden only where
    it cannot be done without. Zeros are shown. Beside each
    hidden count stands the range that a reader can work out (low, high). Several tables are
    linked by their shared labels and protected together. Without margins there is nothing to
    subtract from, and only small counts are hidden: add the margins when they are published
    anywhere. A table of the data bank is protected beside all that left it (--of), and remembered.
    """
    from atips_analysis.databank.disclosure_key import read_key
    from atips_analysis.disclosure.cells import describe
    from atips_analysis.disclosure.knowledge import Rule
    from atips_analysis.disclosure.suppression import Aim
    from atips_analysis.disclosure.tables_together import protect_together
    from atips_analysis.errors import FindingsError

    if confidential:
        _say_who(tables, out, outside)
    sources = _read(tables, count, by)
    if of is not None:
        _answer(sources, of, out, quiet=quiet)
        return
    aim = Aim(key=read_key(key_file) if key_file else b"", strict=True)
    found = protect_together(sources, Rule(threshold), aim)
    pattern = found.pattern
    if not pattern.safe:
        raise FindingsError(
            f"{_names(tables)}: {describe(pattern.open_cells[0])} cannot be protected; nothing was "
            "written: merge categories or leave a dimension out"
        )
    column = "status" if confidential else "public_status"
    statuses = dict(zip(pattern.cells["key"], pattern.cells[column], strict=True))
    files = [out / table.name if len(tables) > 1 else out for table in tables]
    with nullcontext() if confidential else for_readers():
        _write(sources, files, found, statuses)
    if not quiet:
        _say(sources, files, found, verbose=verbose)
        _ask_whether_ours(sources)
    if found.groups:
        first = found.groups[0]
        more = f" and {len(found.groups) - 1} groups more" if len(found.groups) > 1 else ""
        raise FindingsError(
            f"{_names(tables)}: the zeros tell that all of {describe(first.group)} are "
            f"{first.told}{more}: merge categories before this is published"
        )


def _answer(sources: list[CountTable], of: str, out: Path, *, quiet: bool) -> None:
    """A table of the latest edition, answered from the record of the data bank."""
    from atips_analysis.databank import open_databank
    from atips_analysis.disclosure.table_file import write_frame
    from atips_analysis.errors import InputError
    from atips_analysis.ledger.of_databank import of_databank
    from atips_analysis.project import find_project

    if len(sources) != 1:
        raise InputError("--of says what one table counts; give one table at a time")
    project = find_project()
    bank = open_databank(project.databank)
    frame = of_databank(sources[0], of, bank, project)
    with for_readers():
        write_frame(frame, out)
    if not quiet:
        hidden = int(frame["status"].eq("C").sum())
        typer.echo(f"{out}: {len(frame)} cells, {hidden} hidden, as edition {bank.edition} answers")


def _ask_whether_ours(sources: list[CountTable]) -> None:
    """In a project, a table whose every column is a dimension of the data bank may be of it."""
    from atips_analysis.codebook import dimensions
    from atips_analysis.project import project_around

    if project_around() is None:
        return
    for source in sources:
        if set(source.columns.by) <= set(dimensions()):
            typer.echo(
                f"{source.file}: if the data bank counts this, say so (--of 'PROT-01 VICTIM 2024'): only "
                "then is it protected beside what left it before, and remembered"
            )


def _say_who(tables: list[Path], out: Path, outside: bool) -> None:
    """The confidential form stays inside, and a project's data bank keeps who asked for it."""
    from atips_analysis.custody.access_log import confidential_places, log_access, refuse_outside
    from atips_analysis.project import project_around

    project = project_around()
    places = confidential_places(project) or (Path("data"),)
    refuse_outside(out, places, told_twice=outside)
    if project is not None and project.databank.is_dir():
        log_access(project.databank, "confidential table", _names(tables), str(out.resolve()))


def _read(tables: list[Path], count: str, by: str) -> list[CountTable]:
    from atips_analysis.disclosure.csv_tables import read_counts
    from atips_analysis.disclosure.table_file import read_frame
    from atips_analysis.errors import InputError

    names = [name.strip() for name in by.split(",") if name.strip()]
    if not names:
        raise InputError("no dimension was named; give them as --by A,B", file=tables[0])
    if len({table.resolve() for table in tables}) < len(tables):
        raise InputError("the same file is named twice; name each table once")
    if len({table.name for table in tables}) < len(tables):
        raise InputError("two tables have the same file name; rename one")
    if len(tables) == 1:
        return [read_counts(tables[0], count, names)]
    columns = {table: list(read_frame(table).columns) for table in tables}
    for name in names:
        if not any(name in own for own in columns.values()):
            raise InputError(f"no table has a column {name!r}; correct --by")
    sources = []
    for table, own in columns.items():
        inside = [name for name in names if name in own]
        if not inside:
            raise InputError("has none of the columns of --by; name its dimension", file=table)
        sources.append(read_counts(table, count, inside))
    return sources


def _write(
    sources: list[CountTable], files: list[Path], found: Protected, statuses: dict[CellKey, str]
) -> None:
    from atips_analysis.disclosure.csv_tables import protected_frame
    from atips_analysis.disclosure.table_file import write_frame

    for source, file in zip(sources, files, strict=True):
        write_frame(protected_frame(source, statuses, found.ranges, found.system.sums), file)


def _say(sources: list[CountTable], files: list[Path], found: Protected, *, verbose: bool) -> None:
    from atips_analysis.disclosure.cells import describe

    pattern = found.pattern
    for source, file in zip(sources, files, strict=True):
        hidden = sum(key in pattern.hidden for key in source.cells())
        typer.echo(f"{file}: {len(source.cells())} cells, {hidden} hidden")
        for line in source.words():
            typer.echo(f"  {line}")
    if not pattern.optimal:
        typer.echo(f"safe, but up to {pattern.gap:.0%} more may be hidden than is needed")
    if not found.system.sums and pattern.hidden_cells:
        typer.echo("no margins in the table: add them when they are published anywhere")
    for own, other in pattern.told_inside:
        typer.echo(
            f"look again: who knows to be the only one in {describe(own)} learns {describe(other)}"
        )
    for group in found.groups:
        typer.echo(f"GROUP all of {describe(group.group)}: {group.told}")
    if verbose:
        for key in sorted(pattern.hidden, key=repr):
            typer.echo(f"  hidden: {describe(key)}")


def _names(tables: list[Path]) -> str:
    return ", ".join(str(table) for table in tables)
