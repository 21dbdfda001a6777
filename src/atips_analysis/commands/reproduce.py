"""`atips reproduce`: a release made again from its pack and the data bank, and compared."""

from __future__ import annotations

from pathlib import Path

import typer

from atips_analysis.errors import InputError


def reproduce(
    pack: Path = typer.Argument(help="The pack, a zip."),
    databank: Path = typer.Option(..., help="Data bank that has the edition the pack names."),
    quiet: bool = typer.Option(False, "--quiet", help="Print only what differs."),
    verbose: bool = typer.Option(False, "--verbose", help="Also every file that is equal."),
) -> None:
    """Make a release again in a clean folder, and say file by file what is equal.

    Nothing is written to reports, ledger or data bank.
    """
    from atips_analysis.release.reproducing import reproduce as made_again

    for path, what in ((pack, "file"), (databank, "folder")):
        if not (path.is_file() if what == "file" else path.is_dir()):
            raise InputError(f"no such {what}; check the name", file=path.name)
    found = made_again(pack, databank.resolve())
    for line in found.changed:
        typer.echo(f"software: {line}")
    for line in found.differs:
        typer.echo(f"differs  {line}")
    if verbose:
        for name in found.equal:
            typer.echo(f"equal    {name}")
    if not quiet:
        signed = f"; {len(found.taken)} keys and signatures were not made again" * bool(found.taken)
        typer.echo(
            f"{pack.name}: {len(found.equal)} files are equal, {len(found.differs)} differ{signed}"
        )
    if not found.whole:
        raise typer.Exit(1)
