"""`atips baseline`: a baseline frozen, shown, and compared with what the data give today."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from atips_analysis.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

    from atips_analysis.ledger.frozen_baseline import FrozenBaseline
    from atips_analysis.project import Project

PERIOD = typer.Option(..., "--period", help="Whole years, such as 2021-2023.")
DATABANK = typer.Option(
    None, "--databank", help="Folder of the data bank; by default the project's data/databank."
)
EDITION = typer.Option("latest", "--edition", help="Edition of the data bank.")
SIMULATED = typer.Option(False, "--simulated", help="The baseline of simulated records.")
QUIET = typer.Option(False, "--quiet", help="Print nothing but errors.")
VERBOSE = typer.Option(False, "--verbose", help="Print every value, breakdowns too.")


GROUP = typer.Typer(
    name="baseline",
    help="Formalise a baseline; show it; say what has been revised since.",
    no_args_is_help=True,
    add_completion=False,
)


@GROUP.command("freeze")
def freeze(
    period: str = PERIOD,
    frozen_by: str = typer.Option(
        "Monitoring and Evaluation Committee",
        "--frozen-by",
        help="Role that freezes it, such as 'Chair, M&E Committee'.",
    ),
    databank: Path | None = DATABANK,
    edition: str = EDITION,
    quiet: bool = QUIET,
    verbose: bool = VERBOSE,
) -> None:
    """Freeze the protected values of a baseline in data/baseline."""
    from atips_analysis.build.one_writer import one_writer
    from atips_analysis.databank import open_databank
    from atips_analysis.ledger.freezing import freeze as freeze_baseline
    from atips_analysis.project import find_project

    project = find_project()
    bank = open_databank(databank or project.databank, edition)
    with one_writer(project):
        frozen, written = freeze_baseline(bank, project, period, frozen_by)
    if quiet:
        return
    if written:
        typer.echo(f"frozen: {project.shown(frozen.path)} (add both files to the repository)")
    else:
        typer.echo(f"frozen already, nothing was changed: {project.shown(frozen.path)}")
    _print_seal(frozen)


@GROUP.command("show")
def show(
    period: str = PERIOD, simulated: bool = SIMULATED, quiet: bool = QUIET, verbose: bool = VERBOSE
) -> None:
    """Print a frozen baseline: its seal and its values."""
    from atips_analysis.project import find_project

    frozen = _find(find_project(), period, simulated)
    if quiet:
        return
    typer.echo(f"{frozen.seal['title']}, {frozen.path.name}")
    _print_seal(frozen)
    _print_values(frozen, verbose)


@GROUP.command("diff")
def diff(
    period: str = PERIOD,
    databank: Path | None = DATABANK,
    edition: str = EDITION,
    quiet: bool = QUIET,
    verbose: bool = VERBOSE,
) -> None:
    """What has been revised since: values that differ today, and by how many rows."""
    from atips_analysis.databank import open_databank
    from atips_analysis.ledger.revision import revision
    from atips_analysis.project import find_project

    project = find_project()
    folder = databank or project.databank
    bank = open_databank(folder, edition)
    frozen = _find(project, period, bank.simulated)
    try:
        before = open_databank(folder, frozen.edition)
    except InputError:
        before = None
    found = revision(frozen, bank, before, project)
    if quiet:
        return
    typer.echo(f"{frozen.seal['title']}: edition {frozen.edition}, today {found.edition}")
    if frozen.simulated:
        typer.echo(frozen.seal["mark"])
    if found.differences.empty:
        typer.echo("nothing has been revised since it was frozen")
        return
    rows = found.differences
    typer.echo(f"{len(rows)} values differ; {found.attack}")
    if found.other_code:
        typer.echo(
            "the code is another than the one that froze it: values and breakdowns that no row "
            "explains come from definitions, not from data"
        )
    if not found.explained:
        typer.echo(
            f"edition {frozen.edition} is not in the data bank any more: "
            "the rows behind a difference cannot be told"
        )
    typer.echo(_difference_table(rows, verbose))


def _find(project: Project, period: str, simulated: bool) -> FrozenBaseline:
    from atips_analysis.ledger.frozen_baseline import find_baseline

    frozen = find_baseline(project, period, simulated=simulated)
    other = None if frozen else find_baseline(project, period, simulated=not simulated)
    if frozen is None and other is not None and not simulated:
        frozen = other
    if frozen is None:
        raise InputError(
            f"no baseline of {period} is frozen; freeze it with atips baseline freeze "
            f"--period {period} --frozen-by ROLE"
        )
    return frozen


def _print_seal(frozen: FrozenBaseline) -> None:
    seal = frozen.seal
    for name, text in (
        ("records", seal["mark"] or seal["records"]),
        ("edition", seal["edition"]),
        ("code", f"atips-analysis {seal['version']}, {seal['code'][:12]}"),
        ("frozen by", seal["frozen_by"]),
        ("sha256", seal["sha256"]),
    ):
        typer.echo(f"  {name:<10} {text}")


def _print_values(frozen: FrozenBaseline, verbose: bool) -> None:
    table = frozen.table
    cell = _cell_words(table)
    if not verbose:
        table, cell = table[cell == ""], cell[cell == ""]
    wide = table.assign(
        indicator=table["indicator_id"],
        unit=table["unit_of_count"],
        cell=cell,
        shown=[_value_words(v, s) for v, s in zip(table["value"], table["status"], strict=True)],
    )
    wide = wide.pivot_table(
        index=["indicator", "unit", "statistic", "cell"],
        columns="period",
        values="shown",
        aggfunc="first",
        sort=False,
    ).fillna("-")
    typer.echo(wide.reset_index().rename_axis(columns=None).to_string(index=False))
    typer.echo("C hidden for protection, NC not collected, M missing, NAP not applicable")


def _difference_table(rows, verbose: bool) -> str:  # type: ignore[no-untyped-def]
    lines = rows.assign(
        indicator=rows["indicator_id"],
        unit=rows["unit_of_count"],
        cell=_cell_words(rows),
        frozen=[
            _value_words(v, s) for v, s in zip(rows["frozen"], rows["frozen_status"], strict=True)
        ],
        today=[
            _value_words(v, s) for v, s in zip(rows["today"], rows["today_status"], strict=True)
        ],
    )
    if not verbose:
        lines = lines[lines["cell"] == ""]
    names = ["indicator", "unit", "statistic", "period", "cell", "frozen", "today"]
    text = lines[[*names, "rows_added", "rows_withdrawn", "rows_changed"]].to_string(index=False)
    note = (
        "\nrows are units counted that were added, withdrawn or changed (corrected) since; "
        "C hidden for protection, M not known; rounded numbers may differ by their rounding alone"
    )
    return str(text) + note + ("" if verbose else "\n(totals only; --verbose lists breakdowns too)")


def _cell_words(table: pd.DataFrame) -> pd.Series:
    """What each row is broken down by, a text a row."""
    import pandas as pd

    from atips_analysis.indicators.place import cell_of

    cells = (cell_of(row) for row in table.to_dict("records"))
    words = [" ".join(f"{name}={value}" for name, value in cell.items()) for cell in cells]
    return pd.Series(words, index=table.index, dtype="str")


def _value_words(value: object, status: str) -> str:
    import pandas as pd

    if pd.isna(value):
        return status
    return f"{float(value):g}" + (" (rounded)" if status == "R" else "")  # type: ignore[arg-type]
