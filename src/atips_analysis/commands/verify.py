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
            None, help="Folder of a ledger to compare with; by default the project's."
        ),
        quiet: bool = typer.Option(False, "--quiet", help="Print only what does not match."),
        verbose: bool = typer.Option(False, "--verbose", help="Also what was checked."),
    ) -> None:
        """Check a pack: complete, unchanged, in the ledger, adding up, and safe from the attack."""
        from atips_analysis.errors import InputError
        from atips_analysis.project import find_project
        from atips_analysis.publishing.verification import verify as verified

        if not pack.is_file():
            raise InputError("no such file; name the zip of a release", file=pack.name)
        if ledger is not None and not ledger.is_dir():
            raise InputError("no such folder; name the folder of the ledger", file=ledger.name)
        try:
            verdict = verified(pack.read_bytes(), ledger or find_project().ledger)
        except InputError as error:
            raise InputError(str(error), file=pack.name) from None
        for finding in verdict.findings:
            typer.echo(f"does not match: {finding}")
        if verdict.findings:
            raise typer.Exit(1)
        if not quiet:
            for line in verdict.checked if verbose else verdict.checked[2:]:
                typer.echo(line)
            typer.echo(f"{pack.name} is as it was released; SHA-256 {verdict.sha256}")
