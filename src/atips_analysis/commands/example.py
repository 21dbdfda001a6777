"""`atips example`: simulated submissions to try everything with."""

from __future__ import annotations

from pathlib import Path

import typer


def example(
    out: Path = typer.Option(..., help="Folder to write: submissions, mistakes, README."),
    seed: int | None = typer.Option(None, help="Another seed gives other rows, same totals."),
    quiet: bool = typer.Option(False, "--quiet", help="Print nothing but errors."),
    verbose: bool = typer.Option(False, "--verbose", help="Also each file's name."),
) -> None:
    """Write simulated submissions of the project's country (its data/simulator)."""
    from atips_analysis.example import DEFAULT_SEED, read_scenario
    from atips_analysis.example.writing import write_example
    from atips_analysis.project import find_registers

    scenario = read_scenario(find_registers())
    _, mistakes = write_example(out, scenario, DEFAULT_SEED if seed is None else seed)
    files = sorted(file.name for file in (out / "submissions").iterdir())
    for name in files if verbose else []:
        typer.echo(name)
    if not quiet:
        typer.echo(
            f"wrote {len(files)} simulated submissions with {len(mistakes)} mistakes to {out}"
        )
