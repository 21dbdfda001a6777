"""`atips build`: everything that is out of date, from submissions to reports."""

from __future__ import annotations

from pathlib import Path

import typer

from atips_analysis.project import YEARS


def build(
    year: int = typer.Option(2024, min=YEARS[0], max=YEARS[-1], help="Year of the annual report."),
    baseline: str = typer.Option("2021-2023", help="Years of the baseline."),
    submissions: Path | None = typer.Option(
        None, help="Folder with the agencies' files; by default the simulated example."
    ),
    out: Path | None = typer.Option(None, help="Where reports go."),
    renderer: str = typer.Option("auto", help="auto, quarto or embedded."),
    jobs: int = typer.Option(1, help="How many steps at once."),
    scheduler: str | None = typer.Option(
        None, help="A Dask scheduler (tcp://…, tls://…) whose workers do the steps."
    ),
    explain: bool = typer.Option(False, "--explain", help="Why each step ran or was skipped."),
    quiet: bool = typer.Option(False, "--quiet", help="Print nothing but errors."),
    verbose: bool = typer.Option(False, "--verbose", help="Also the steps that were skipped."),
) -> None:
    """Build the reports of a year; do only what is out of date."""
    from atips_analysis.build.as_it_was import before
    from atips_analysis.build.asked_for import asked_for
    from atips_analysis.project import find_project

    project = find_project()
    known = before(asked_for(project, year, baseline, submissions, out, renderer))
    aside = scheduler or explain or verbose  # asked for more than what is there
    if jobs >= 1 and not aside and (said := known.said()):
        if not quiet:
            typer.echo(said[0], err=True)
            typer.echo("\n".join(said[1:]))
        return
    from atips_analysis.build.building import build_reports
    from atips_analysis.release.desk import write_desk

    result = build_reports(
        year=year,
        baseline=baseline,
        submissions=submissions,
        out=out,
        renderer=renderer,
        jobs=jobs,
        scheduler=scheduler,
        explain=explain,
        show=not quiet,
        show_skipped=verbose or explain,
        project=project,
    )
    desk = f"the officer's desk (confidential): {write_desk(project, result.databank)}"
    if not quiet:
        typer.echo(f"{result.text}\n{desk}")
    known.note([result.renderer, result.nothing_new, desk])
