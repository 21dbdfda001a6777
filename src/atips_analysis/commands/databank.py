"""`atips databank`: editions listed, shown, compared and verified; what was answered from them."""

from __future__ import annotations

from pathlib import Path

import typer

from atips_analysis.errors import FindingsError

FOLDER = typer.Option(
    None, "--databank", help="Folder of the data bank; by default the project's data/databank."
)
QUIET = typer.Option(False, "--quiet", help="Print less: names, totals, or nothing but errors.")
VERBOSE = typer.Option(False, "--verbose", help="Print more: settings, rows or rules.")


GROUP = typer.Typer(
    name="databank", help="Editions of the data bank.", no_args_is_help=True, add_completion=False
)


@GROUP.command("list")
def list_editions(
    databank: Path | None = FOLDER, quiet: bool = QUIET, verbose: bool = VERBOSE
) -> None:
    """List the editions: name, files, rows accepted, whether simulated; * marks the latest."""
    from atips_analysis.databank import list_editions as editions_of
    from atips_analysis.databank.edition import latest_name

    folder = _folder(databank)
    editions, latest = editions_of(folder), latest_name(folder)
    if quiet:
        for edition in editions:
            typer.echo(edition.name)
        return
    typer.echo("  edition       files  read  accepted  quarantined  duplicates")
    for edition in editions:
        totals = edition.manifest["totals"]
        files = len(edition.manifest["files"])
        typer.echo(
            f"{'*' if edition.name == latest else ' '} {edition.name}  {files:5}  "
            f"{totals['read']:4}  {totals['accepted']:8}  {totals['quarantined']:11}  "
            f"{totals['duplicates']:10}{_mark(edition.simulated)}"
        )
        if verbose:
            for file in edition.manifest["files"]:
                typer.echo(f"    {file['file']}  {file['sha256'][:12]}  {file['state']}")


@GROUP.command("show")
def show(
    edition: str = typer.Argument("latest", help="Name, its first letters, or latest."),
    databank: Path | None = FOLDER,
    as_json: bool = typer.Option(False, "--json", help="Print the manifest as JSON alone."),
    quiet: bool = QUIET,
    verbose: bool = VERBOSE,
) -> None:
    """Show an edition: what went in, and the account of rows. Confidential."""
    import json

    from atips_analysis.databank import show as read

    chosen = read(_folder(databank), edition)
    manifest = chosen.manifest
    if as_json:
        typer.echo(json.dumps(manifest, indent=2, sort_keys=True, ensure_ascii=False))
        return
    typer.echo(f"CONFIDENTIAL  edition {chosen.name}{_mark(chosen.simulated)}")
    typer.echo(
        f"code {manifest['code']['version']}, fingerprint {manifest['code']['fingerprint'][:12]}"
    )
    if verbose:
        typer.echo(f"settings {json.dumps(manifest['settings'], sort_keys=True)}")
    if quiet:
        typer.echo(", ".join(f"{name} {number}" for name, number in manifest["totals"].items()))
        return
    for file in manifest["files"]:
        state = (
            f"{file['state']} by {file['replaced_by']}" if file["replaced_by"] else file["state"]
        )
        typer.echo(
            f"{file['file']}  {file['submitted_by']} {file['submitted_for']}  "
            f"sha256 {file['sha256'][:12]}  {state}"
        )
    columns = ["file", "stream", "read", "accepted", "quarantined", "duplicates"]
    typer.echo(chosen.account[[*columns, "blank", "title", "totals"]].to_string(index=False))


@GROUP.command("diff")
def diff(
    old: str = typer.Argument(..., help="The earlier edition: name or first letters."),
    new: str = typer.Argument("latest", help="The later edition."),
    databank: Path | None = FOLDER,
    out: Path | None = typer.Option(
        None, help="CSV file for every row and column that differs. Confidential."
    ),
    outside: bool = typer.Option(
        False, "--outside", help="Rows may lie outside of the confidential folders."
    ),
    quiet: bool = QUIET,
    verbose: bool = VERBOSE,
) -> None:
    """Say what changed between two editions, by stream; with --out by row and column."""
    from atips_analysis.custody.access_log import confidential_places, log_access, refuse_outside
    from atips_analysis.databank import diff as difference_of
    from atips_analysis.databank import open_databank
    from atips_analysis.databank.difference import summary, write_difference
    from atips_analysis.project import project_around

    folder = _folder(databank)
    before, after = open_databank(folder, old), open_databank(folder, new)
    difference = difference_of(before, after)
    places = confidential_places(project_around(), folder)
    for to in (*([out] if out is not None else ()), *([None] if verbose else ())):
        refuse_outside(to, places, told_twice=outside)
        of = f"{before.edition} to {after.edition}"
        log_access(folder, "difference", of, str(to.resolve()) if to else "terminal")
    if not quiet:
        mark = _mark(before.simulated or after.simulated)
        typer.echo(f"CONFIDENTIAL  from {before.edition} to {after.edition}{mark}")
        nothing = "no accepted row differs"
        typer.echo(nothing if difference.empty else summary(difference).to_string(index=False))
        if not difference.empty:
            typer.echo(
                "added: accepted now and not before; withdrawn: accepted before and no longer "
                "there; changed: same key, other values"
            )
    if verbose and not difference.empty:
        typer.echo(difference.to_string(index=False))
    if out is not None:
        write_difference(difference, out)
        if not quiet:
            typer.echo(f"wrote {out}: confidential, it holds records")


@GROUP.command("verify")
def verify(
    edition: str = typer.Argument("", help="Name, its first letters, or latest; by default all."),
    databank: Path | None = FOLDER,
    quiet: bool = QUIET,
    verbose: bool = VERBOSE,
) -> None:
    """Check that editions are what was written: names, hashes and the account of rows."""
    from atips_analysis.databank import list_editions as editions_of
    from atips_analysis.databank import show as read
    from atips_analysis.databank import verify as faults_of

    folder = _folder(databank)
    editions = [read(folder, edition)] if edition else editions_of(folder)
    faults = [fault for one in editions for fault in faults_of(folder, one.name)]
    for fault in faults:
        typer.echo(fault)
    if faults:
        raise FindingsError(
            f"{folder}: {len(faults)} thing(s) do not match; move the edition away and consolidate "
            "the same submissions again"
        )
    if verbose:
        for one in editions:
            typer.echo(f"edition {one.name}: {len(one.manifest['parquet'])} files match")
    if not quiet:
        typer.echo(f"{len(editions)} edition(s) are what was written")


@GROUP.command("link")
def link(
    edition: str = typer.Argument("latest", help="Name, its first letters, or latest."),
    databank: Path | None = FOLDER,
    quiet: bool = QUIET,
    verbose: bool = VERBOSE,
) -> None:
    """Count victims once over all agencies; list doubtful pairs to decide in review.csv."""
    from atips_analysis.build.one_writer import one_writer
    from atips_analysis.databank import link_persons, link_victims, open_databank
    from atips_analysis.databank.decisions import REVIEW, write_review
    from atips_analysis.databank.linkage import RULES
    from atips_analysis.databank.persons import unduplicated_counts
    from atips_analysis.project import find_project

    folder = _folder(databank)
    bank = open_databank(folder, edition)
    linkages = {"victims": link_victims(bank), "persons": link_persons(bank)}
    with one_writer(find_project(), folder):
        to_decide = write_review(folder, *linkages.values())
    if verbose:
        for name, linkage in linkages.items():
            for rule, text in RULES.items():
                number = int((linkage.links["rule"] == rule).sum())
                if number:
                    typer.echo(f"{name}: {number} link(s) by {rule}: {text}")
    if quiet:
        return
    typer.echo(f"edition {bank.edition}{_mark(bank.simulated)}: confidential counts of persons")
    typer.echo(unduplicated_counts(bank).to_string(index=False))
    if len(to_decide):
        typer.echo(
            f"{len(to_decide)} pair(s) to decide in {folder / REVIEW}: write same or different "
            "under decision, the role that decided under decided_by, and run again"
        )


@GROUP.command("answers")
def answers(databank: Path | None = FOLDER, quiet: bool = QUIET, verbose: bool = VERBOSE) -> None:
    """List all that ever left the data bank and stands, oldest first: name, edition, door, what."""
    from atips_analysis.ledger.record import read_record

    folder = _folder(databank)
    record = read_record(folder)
    if record is None:
        typer.echo(f"{folder}: no record is kept here; atips build begins one")
        return
    for one in record.answers:
        if quiet:
            typer.echo(one.name)
            continue
        hidden = int((one.table["status"] == "C").sum())
        typer.echo(
            f"{one.name}  edition {one.edition}  {one.door:<10}  {one.question.words}: "
            f"{len(one.table)} values, {hidden} hidden{', a draft' if one.draft else ''}"
        )
        if verbose:
            for line in one.question.as_json():
                typer.echo(f"    {' '.join(line)}")
    if not quiet:
        gone = f", {len(record.withdrawn)} withdrawn" if record.withdrawn else ""
        typer.echo(f"{len(record.answers)} answers{gone}")


@GROUP.command("withdraw")
def withdraw(
    name: str = typer.Argument(..., help="Name of the answer, or its first letters."),
    databank: Path | None = FOLDER,
    quiet: bool = QUIET,
    verbose: bool = VERBOSE,
) -> None:
    """Take back an answer that was never handed out: later ones need not stand beside it.

    Whoever has seen it can still lay it beside them: withdraw none that left the house.
    """
    from atips_analysis.ledger.record import withdraw as taken_back

    gone = taken_back(_folder(databank), name)
    if not quiet:
        typer.echo(f"withdrawn: {gone.words}; delete every copy of it")
    if verbose:
        typer.echo(f"  {gone.name}")


def _folder(databank: Path | None) -> Path:
    from atips_analysis.project import find_project

    return databank or find_project().databank


def _mark(simulated: bool) -> str:
    return "  SIMULATED RECORDS" if simulated else ""
