"""`atips coalition`: the Coalition's table and report from sealed packs of several countries."""

from __future__ import annotations

from pathlib import Path

import typer

from atips_analysis.errors import InputError


def coalition(
    packs: list[Path] = typer.Argument(help="Packs of releases of one year, one a country."),
    keys: Path | None = typer.Option(
        None,
        help="Folder with a folder of public keys a country (GTM/checked.pem, "
        "GTM/approved.pem): its pack must be signed by them.",
    ),
    out: Path | None = typer.Option(None, help="Where reports go."),
    renderer: str = typer.Option("auto", help="auto, quarto or embedded."),
    quiet: bool = typer.Option(False, "--quiet", help="Print only what was left out."),
    verbose: bool = typer.Option(False, "--verbose", help="Also each pack and file."),
) -> None:
    """Verify packs of several countries; lay them side by side, add up what may be, attack all."""
    from atips_analysis.coalition.regional_report import make_regional_report

    if keys is not None and not keys.is_dir():
        raise InputError("no such folder; name the folder of keys", file=keys.name)
    made = make_regional_report(packs, keys=keys, out=out, renderer=renderer)
    for line in made.refused:
        typer.echo(f"left out: {line}")
    if not quiet:
        first = made.packs[0]
        mark = "SIMULATED records" if first.simulated else "sealed packs"
        typer.echo(
            f"draft of the Coalition's report of {first.year}, {len(made.packs)} countries "
            f"({', '.join(pack.area for pack in made.packs)}), from {mark}: {made.folder.name}"
        )
        typer.echo(
            f"attack: of none of {made.withstood.hidden} hidden counts do {made.withstood.tables} "
            f"tables and {made.withstood.sums} sums together tell more than its own pack"
        )
        if not made.withstood.sums:
            typer.echo("nothing was added up: the section 'What was not added up' says why")
    if verbose:
        for pack in made.packs:
            typer.echo(f"{pack.area}: {pack.file}, SHA-256 {pack.sha256}")
        for file in made.files:
            typer.echo(file.relative_to(made.folder).as_posix())
    if made.refused:
        raise typer.Exit(1)
