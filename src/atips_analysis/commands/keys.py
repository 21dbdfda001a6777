"""`atips keys`: the keys that two roles sign releases with."""

from __future__ import annotations

import typer


def keys(
    role: str | None = typer.Option(None, help="Make the key of a role: checked or approved."),
    replace: bool = typer.Option(False, "--replace", help="Make another in place of the old."),
    quiet: bool = typer.Option(False, "--quiet", help="Print nothing but errors."),
    verbose: bool = typer.Option(False, "--verbose", help="Also where the files lie."),
) -> None:
    """Make the key that a role signs releases with, or show the keys that there are.

    The private key stays in data/keys (confidential; its passphrase is asked for, never an
    argument), the public one goes into data/council/keys, to be published.
    """
    from atips_analysis.project import find_project
    from atips_analysis.release.signing import ROLES, known_keys, make_key, published_keys

    project = find_project()
    if role is not None:
        made = make_key(project, role, replace=replace)
        if not quiet:
            typer.echo(f"{role}: key {made}")
            typer.echo(
                f"now add data/council/keys/{role}.pem to the repository, publish the key's "
                f"name, and keep a copy of data/keys/{role}.key where nobody else has it"
            )
        return
    there = known_keys(published_keys(project))
    for one in ROLES if not quiet else ():
        said = ", ".join(sorted(there.get(one, ()))) or (
            f"none: releases are not signed (atips keys --role {one} makes one)"
        )
        typer.echo(f"{one}: {said}")
    if verbose:
        typer.echo("private keys: data/keys; public keys: data/council/keys")
