"""`atips release`: a checked and approved build, sealed and entered in the ledger."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import typer

from atips_analysis.project import YEARS


def release(
    year: int = typer.Option(..., min=YEARS[0], max=YEARS[-1], help="Year of the build."),
    checked_by: str = typer.Option(..., "--checked-by", help="Role that checked it."),
    approved_by: str = typer.Option(..., "--approved-by", help="Another role, that approved."),
    out: Path | None = typer.Option(None, help="Where the reports lie."),
    date: str | None = typer.Option(
        None, help="Date of the release (yyyy-mm-dd); by default the calendar's."
    ),
    quiet: bool = typer.Option(False, "--quiet", help="Print nothing but errors."),
    verbose: bool = typer.Option(False, "--verbose", help="Also the SHA-256 of the pack."),
) -> None:
    """Seal the build of a year: check it once more, take off the draft mark, pack it.

    Roles are free text, such as "M&E Officer"; they must differ. Give roles, not names.
    """
    from atips_analysis.build.what_changed import kept_as_printed
    from atips_analysis.project import find_project
    from atips_analysis.release.desk import write_desk
    from atips_analysis.release.release_checks import find_build, told_to_agencies
    from atips_analysis.release.releasing import release_year

    made = release_year(
        year=year, checked_by=checked_by, approved_by=approved_by, out=out, day=date
    )
    project = find_project()
    build = find_build(project, year, (out or project.reports).resolve())
    write_desk(project, build.databank)
    if quiet:
        return
    mark = " from SIMULATED records" if made.simulated else ""
    where = f"{made.folder.name}/{made.pack.parent.name}/{made.pack.name}"
    if made.unchanged:
        typer.echo(f"{year}{mark} is released already, version {made.version}: nothing changed")
    else:
        typer.echo(f"released {year}{mark}, version {made.version}: {where}")
        typer.echo(f"SHA-256 of the pack, to be told by another way: {made.sha256}")
        if made.left_out:
            typer.echo(
                f"left out, as nobody has reviewed their translation: {', '.join(made.left_out)}; "
                "whoever has read it says so: atips translation --lang LANG --reviewed-by ROLE"
            )
        typer.echo(_signatures(made.signed_by))
        typer.echo("now add data/ledger to the repository: later releases are attacked with it")
    for line in filter(None, (kept_as_printed(build), *told_to_agencies(build))):
        typer.echo(line)
    if verbose and made.unchanged:
        typer.echo(f"SHA-256 of the pack: {made.sha256}")


def _signatures(signed_by: Mapping[str, str]) -> str:
    """Who signed, or that nobody did and how it is done."""
    if not signed_by:
        return (
            "not signed: no keys are set up; atips keys --role checked and atips keys --role approved "
            "make them"
        )
    return f"signed: {', '.join(f'{role} (key {key})' for role, key in signed_by.items())}"
