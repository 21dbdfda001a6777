"""`atips indicators`: the tidy table of an edition, protected unless told otherwise."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from atips_analysis.files import for_readers

if TYPE_CHECKING:
    import pandas as pd

    from atips_analysis.databank import DataBank
    from atips_analysis.indicators import Period
    from atips_analysis.project import Project


def indicators(
    databank: Path = typer.Option(..., help="Folder of the data bank."),
    year: str = typer.Option(..., help="A year, or any period such as 2024-Q3."),
    out: Path | None = typer.Option(None, help="CSV file to write."),
    baseline: str | None = typer.Option(
        None, help="Also these years, and all of them together: 2021-2023."
    ),
    edition: str = typer.Option("latest", help="Edition of the data bank."),
    confidential: bool = typer.Option(
        False, "--confidential", help="Raw values, as they may not leave the house."
    ),
    trace: str | None = typer.Option(
        None, help="An indicator, such as PROT-01: list the rows behind it (confidential)."
    ),
    outside: bool = typer.Option(
        False, "--outside", help="Raw values may lie outside of the confidential folders."
    ),
    quiet: bool = typer.Option(False, "--quiet", help="Print nothing but errors."),
    verbose: bool = typer.Option(False, "--verbose", help="Also how many values of each status."),
) -> None:
    """Compute the indicators of an edition."""
    from atips_analysis.custody.access_log import confidential_places, log_access, refuse_outside
    from atips_analysis.databank import open_databank
    from atips_analysis.errors import InputError
    from atips_analysis.indicators import parse_period
    from atips_analysis.project import find_project

    project = find_project()
    bank = open_databank(databank, edition)
    period = parse_period(year)
    places = confidential_places(project, databank)
    if trace is not None:
        refuse_outside(None, places, told_twice=outside)
        log_access(databank, "trace", f"{trace.upper()} {year}, {bank.edition}", "terminal")
        _print_trace(bank, project, trace.upper(), period)
        if out is None:
            return
    if out is None:
        raise InputError("--out is missing; name the CSV file to write, such as table.csv")
    from atips_analysis.indicators.edition_table import (
        confidential_breakdowns,
        raw_table,
        years_and_pool,
    )
    from atips_analysis.indicators.table import write_table

    if confidential:
        refuse_outside(out, places, told_twice=outside)
        log_access(databank, "raw table", f"{year}, {bank.edition}", str(out.resolve()))
    periods = [*(years_and_pool(baseline) if baseline is not None else ()), period]
    coarser: tuple[str, ...] = ()
    if confidential:
        table = raw_table(bank, project, periods, also_by=confidential_breakdowns())
    else:
        table, coarser = _answered(bank, project, periods)
    with nullcontext() if confidential else for_readers():
        write_table(table, out)
    if quiet:
        return
    _say_unheard(bank, periods)
    counted = table.groupby("status", sort=True).size().items() if verbose else ()
    for line in (*coarser, *(f"{status:<4} {rows}" for status, rows in counted)):
        typer.echo(line)
    kind = "raw, CONFIDENTIAL" if confidential else "protected"
    mark = ", simulated records" if bank.simulated else ""
    typer.echo(f"{len(table)} values ({kind}{mark}) of edition {bank.edition}: {out}")


def _answered(
    bank: DataBank, project: Project, periods: list[Period]
) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """The table as it may leave, and what of it is coarser than it was asked for."""
    from atips_analysis.indicators.declared import registered
    from atips_analysis.indicators.rows import rows_of
    from atips_analysis.ledger.answers import answer
    from atips_analysis.ledger.question import declared

    question = declared(periods, [one.id for one in registered(project)])
    given = answer(question, bank, rows_of(bank), project, "indicators")
    return given.table, given.coarser


def _say_unheard(bank: DataBank, periods: list[Period]) -> None:
    for each in sorted({year for one in periods for year in one.years} - set(bank.years)):
        typer.echo(
            f"no agency's return for {each} is in this edition, which holds "
            f"{', '.join(map(str, bank.years))}: nothing of {each} is a zero"
        )


def _print_trace(bank: DataBank, project: Project, indicator_id: str, period: Period) -> None:
    from atips_analysis.framework import find_indicator, load_indicators
    from atips_analysis.indicators import trace as trace_of
    from atips_analysis.indicators.compute import NEVER_SENT
    from atips_analysis.indicators.denominators import mid_year_population
    from atips_analysis.indicators.rows import rows_of

    indicator = find_indicator(load_indicators(project), indicator_id)
    traced = trace_of(rows_of(bank), indicator_id, period, mid_year_population(project))
    if not traced:
        typer.echo(f"{indicator.id} ({indicator.name_en})")
        typer.echo(f"  edition     {bank.edition}")
        typer.echo(f"  period      {period.name}")
        typer.echo(f"  definition  {indicator.definition}")
        typer.echo("  streams     none: no sheet of the agencies' returns records it")
        typer.echo("  filters     none")
        typer.echo("  formula     none: it is reported as not collected, never as zero")
        typer.echo("  rows counted 0")
        return
    typer.echo("CONFIDENTIAL: lists keys of single rows")
    for steps in traced:
        unit = steps["unit"] or "none"
        typer.echo(f"\n{steps['indicator_id']} ({steps['statistic']}, unit {unit})")
        typer.echo(f"  edition     {bank.edition}")
        for name in ("period", "definition", "streams", "filters", "formula"):
            typer.echo(f"  {name:<11} {steps[name]}")
        population: Any = steps["population"]
        for year, persons in population.items():
            typer.echo(f"  population  {persons:.0f} in {year}")
        if steps["missing"]:
            gaps = steps["missing"]
            why = gaps if gaps == NEVER_SENT else f"not received: {gaps}"
            typer.echo(f"  not computed: {why}")
            continue
        rows: Any = steps["rows"]
        keys = f"different keys {rows['key'].nunique()}, "
        typer.echo(f"  rows counted {len(rows)}, {keys}n in all {int(rows['n'].sum())}")
        if len(rows):
            typer.echo(rows.to_string(index=False))
