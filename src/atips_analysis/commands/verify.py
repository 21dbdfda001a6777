"""`atips verify`: a pack, checked offline."""

from __future__ import annotations

from pathlib import Path
from typing import Optional

import typer


def register(app: typer.Typer) -> None:
    """Add the command."""

    @app.command("verify")
    def verify(
        pack: Path = typer.Argument(help="The pack, a zip."),
        ledger: Optional[Path] = typer.Option(  # noqa: UP045
            None, help="Folder of a ledger that has to know the pack; by default the project's."
        ),
        quiet: bool = typer.Option(False, "--quiet", help="Print only what does not match."),
        verbose: bool = typer.Option(False, "--verbose", help="Also the releases it follows."),
    ) -> None:
        """Check a pack: complete, unchanged, in the ledger, adding up, and safe from the attack."""
        from atips_analysis.errors import InputError
        from atips_analysis.project import find_registers
        from atips_analysis.release.pack_verification import verify as verified

        if pack.is_dir():
            raise InputError(
                "is a folder; name the zip, or run the verify.py that lies in the folder",
                file=pack.name,
            )
        if not pack.is_file():
            raise InputError("no such file; name the zip of a release", file=pack.name)
        if ledger is not None and not ledger.is_dir():
            raise InputError("no such folder; name the folder of the ledger", file=ledger.name)
        try:
            where = ledger or find_registers().ledger
            verdict = verified(pack.read_bytes(), where, asked=ledger is not None)
        except InputError as error:
            raise InputError(str(error), file=pack.name) from None
        for finding in verdict.findings:
            typer.echo(f"does not match: {finding}")
        if verdict.findings:
            raise typer.Exit(1)
        if not quiet:
            for line in (*verdict.checked, *(verdict.releases if verbose else ())):
                typer.echo(line)
            typer.echo(f"{pack.name} is as it was released; SHA-256 {verdict.sha256}")
