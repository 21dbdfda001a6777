"""`atips verify`: a pack, checked offline."""

from __future__ import annotations

from pathlib import Path

import typer

from atips_analysis.errors import InputError


def verify(
    pack: Path = typer.Argument(help="The pack, a zip."),
    ledger: Path | None = typer.Option(
        None, help="Folder of a ledger that has to know the pack; by default the project's."
    ),
    keys: Path | None = typer.Option(
        None,
        help="Folder of public keys (checked.pem, approved.pem) that must have signed the pack; "
        "by default the project's, where it has any.",
    ),
    quiet: bool = typer.Option(
        False, "--quiet", help="Print only what does not match, or is not proven."
    ),
    verbose: bool = typer.Option(False, "--verbose", help="Also the releases it follows."),
) -> None:
    """Check a pack: complete, unchanged, signed, in the ledger, adding up, safe from the attack."""
    from atips_analysis.project import find_registers
    from atips_analysis.release.pack_verification import bytes_of_pack
    from atips_analysis.release.pack_verification import verify as verified
    from atips_analysis.release.signing import published_keys

    _refuse(pack, ledger, keys)
    try:
        house = find_registers()
        verdict = verified(
            bytes_of_pack(pack),
            ledger or house.ledger,
            asked=ledger is not None,
            keys=keys or published_keys(house),
            keys_asked=keys is not None,
        )
    except InputError as error:
        raise InputError(str(error), file=pack.name) from None
    for finding in verdict.findings:
        typer.echo(f"does not match: {finding}")
    if verdict.findings:
        raise typer.Exit(1)
    if not quiet:
        for line in (*verdict.checked, *(verdict.releases if verbose else ())):
            typer.echo(line)
        if verdict.proven:
            typer.echo(f"{pack.name} is as it was released; SHA-256 {verdict.sha256}")
    if not verdict.proven:
        typer.echo(
            f"{pack.name} agrees with itself; compare what follows with what the issuing body gives "
            f"you, since a forged pack agrees with itself too; SHA-256 {verdict.sha256}"
        )


def _refuse(pack: Path, ledger: Path | None, keys: Path | None) -> None:
    """Refuse what is no pack, no ledger and no folder of keys by its kind."""
    if pack.is_dir():
        raise InputError(
            "is a folder; name the zip, or run the verify.py that lies in the folder",
            file=pack.name,
        )
    if not pack.is_file():
        raise InputError("no such file; name the zip of a release", file=pack.name)
    if ledger is not None and not ledger.is_dir():
        raise InputError("no such folder; name the folder of the ledger", file=ledger.name)
    if keys is not None and not any(keys.glob("*.pem")):
        raise InputError("holds no public key (.pem); name the folder of keys", file=keys.name)
