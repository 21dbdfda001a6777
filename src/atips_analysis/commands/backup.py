"""`atips backup` and `atips restore`: a project in one encrypted file, and back again."""

from __future__ import annotations

from pathlib import Path

import typer

COMMANDS = ("backup", "restore")


def backup(
    out: Path = typer.Option(..., "--out", help="The file to write, on another medium (.age)."),
    key_file: Path | None = typer.Option(
        None, "--key-file", help="The file with a secret key: the backup is read again with it."
    ),
    quiet: bool = typer.Option(False, "--quiet", help="Print nothing but errors."),
    verbose: bool = typer.Option(False, "--verbose", help="Also what is left out."),
) -> None:
    """Write the project's data, reports, notebooks and rules into one encrypted file.

    It is encrypted for the public keys in data/council/recipients.txt (atips lock --new-key makes
    them).
    """
    from atips_analysis.custody.backup import backup as write
    from atips_analysis.project import find_project

    number = write(find_project(), out, key_file)
    if not quiet:
        how = (
            "and verified"
            if key_file
            else "not verified: give --key-file, or atips restore --check"
        )
        typer.echo(f"{out}: {number} files, encrypted, {how}")
    if verbose:
        typer.echo("left out: data/work, which atips build makes again")


def restore(
    file: Path = typer.Argument(help="The backup."),
    key_file: Path = typer.Option(..., "--key-file", help="The file with the secret key."),
    out: Path | None = typer.Option(None, "--out", help="A folder that is empty, or not there."),
    check: bool = typer.Option(False, "--check", help="Verify the backup and write nothing."),
    quiet: bool = typer.Option(False, "--quiet", help="Print nothing but errors."),
    verbose: bool = typer.Option(False, "--verbose", help="Also what was compared."),
) -> None:
    """Restore a backup into an empty folder: whole and verified, or not at all."""
    from atips_analysis.custody import backup as backups
    from atips_analysis.errors import InputError

    if (out is None) is not check:
        raise InputError("give --out FOLDER to restore, or --check to verify alone")
    number = backups.check(file, key_file) if out is None else backups.restore(file, key_file, out)
    if not quiet:
        where = "" if out is None else f" in {out}"
        typer.echo(f"{number} files{where}, each as it was")
    if verbose:
        typer.echo("compared: the hash of every file" + ("" if out is None else ", every edition"))
