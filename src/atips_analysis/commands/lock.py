"""`atips lock` and `atips unlock`: the confidential side encrypted while nobody works with it."""

from __future__ import annotations

from pathlib import Path

import typer

COMMANDS = ("lock", "unlock")


def lock(
    new_key: Path | None = typer.Option(
        None, "--new-key", help="Make a pair of keys first: the secret one in this file."
    ),
    quiet: bool = typer.Option(False, "--quiet", help="Print nothing but errors."),
    verbose: bool = typer.Option(False, "--verbose", help="Also where the files went."),
) -> None:
    """Encrypt the confidential side for the public keys in data/council/recipients.txt.

    What lies in data/databank, submissions, feedback and work, and the answers, becomes one file,
    data/confidential.age, and is deleted. With --new-key a secret key is written to a file outside
    of the project, and its public key added; nothing is encrypted then. A disk may keep what was
    deleted: encrypt the whole disk as well.
    """
    from atips_analysis.custody.locking import lock as encrypt
    from atips_analysis.custody.vault import KEYS
    from atips_analysis.custody.vault import new_key as make
    from atips_analysis.project import find_project

    project = find_project()
    if new_key is not None:
        make(new_key, project)
        if not quiet:
            typer.echo(
                f"{new_key}: a new secret key; keep it, and a copy, away from this machine. Its "
                f"public key was added to data/council/{KEYS}"
            )
        return
    number = encrypt(project)
    if not quiet:
        typer.echo(f"locked: {number} files; atips unlock --key-file FILE opens them")
    if verbose:
        typer.echo(f"{project.vault}")


def unlock(
    key_file: Path = typer.Option(..., "--key-file", help="The file with the secret key."),
    quiet: bool = typer.Option(False, "--quiet", help="Print nothing but errors."),
    verbose: bool = typer.Option(False, "--verbose", help="Also where the files went."),
) -> None:
    """Decrypt the confidential side into its place."""
    from atips_analysis.custody.locking import unlock as decrypt
    from atips_analysis.project import find_project

    project = find_project()
    number = decrypt(project, key_file)
    if not quiet:
        typer.echo(f"unlocked: {number} files")
    if verbose:
        typer.echo(f"{project.data}")
