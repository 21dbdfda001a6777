"""`atips consolidate`: submissions become an edition of the data bank."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from atips_analysis.databank.consolidation import Consolidation


def consolidate(
    submissions: Path = typer.Option(..., help="Folder with the agencies' files."),
    databank: Path = typer.Option(..., help="Folder of the data bank."),
    as_json: bool = typer.Option(False, "--json", help="Print the account as JSON alone."),
    quiet: bool = typer.Option(False, "--quiet", help="Print nothing but errors."),
    verbose: bool = typer.Option(False, "--verbose", help="A line for each file."),
) -> None:
    """Make an edition from the submissions in a folder; print the account of rows."""
    from atips_analysis.build.one_writer import one_writer
    from atips_analysis.databank.consolidation import consolidate as make
    from atips_analysis.framework.release_calendar import load_calendar
    from atips_analysis.project import find_project
    from atips_analysis.release.desk import write_desk

    def step(text: str) -> None:
        if not (quiet or as_json):
            typer.echo(f"  {text}", err=True)

    project = find_project()
    settings = project.profile["quality"]
    load_calendar(project)  # what comes next is told at the end: wrong days stop at the start
    with one_writer(project, databank):
        done = make(submissions, databank, project.expectations, settings, progress=step)
    desk = write_desk(project, databank)
    if as_json:
        typer.echo(json.dumps(_as_json(done), indent=2, ensure_ascii=False))
    else:
        for fault in done.intake.faults["fault"]:
            typer.echo(f"cannot be used: {fault}", err=True)
        if not quiet:
            _say_account(done, verbose=verbose)
            _say_what_follows(done, databank)
            if desk:
                typer.echo(f"the officer's desk (confidential): {desk}")
    if len(done.intake.faults):
        raise typer.Exit(1)


def _as_json(done: Consolidation) -> dict[str, Any]:
    return {
        "edition": done.edition.name,
        "simulated": done.edition.simulated,
        "totals": done.edition.manifest["totals"],
        "account": json.loads(done.edition.account.to_json(orient="records")),
        "unusable": done.intake.faults.to_dict("records"),
        "questions": done.intake.questions.to_dict("records"),
        "since": asdict(done.since),
        "returns": done.returns.to_dict("records"),
    }


def _say_account(done: Consolidation, *, verbose: bool) -> None:
    """What became of the rows; a line for each file and each note where `verbose`."""
    account, totals = done.edition.account, done.edition.manifest["totals"]
    if verbose:
        shown = account[["file", "sheet", "read", "accepted", "quarantined", "duplicates"]]
        typer.echo(shown.to_string(index=False))
    by_stream = account.groupby("stream")[["read", "accepted", "quarantined", "duplicates"]]
    typer.echo(by_stream.sum().to_string())
    typer.echo(
        f"rows read {totals['read']} = accepted {totals['accepted']} + quarantined "
        f"{totals['quarantined']} + duplicates {totals['duplicates']}"
    )
    if totals.get("forgotten"):
        typer.echo(
            f"beside them {totals['forgotten']} rows of persons who are forgotten: not taken in"
        )
    notes = done.intake.notes
    unread = notes[notes["note"].str.contains("not read|not followed", na=False)]
    for note in unread.to_dict("records") if verbose else []:
        where = f", {note['sheet']}" if note["sheet"] else ""
        typer.echo(f"{note['file']}{where}: {note['note']}")
    if len(unread) and not verbose:
        what = unread.groupby("note").size()
        said = "; ".join(f"{text} ({number})" for text, number in what.items())
        typer.echo(f"set aside, see --verbose: {said}")
    if totals["quarantined"]:
        typer.echo("what to correct, row by row: atips check FILE… writes it for each agency")


def _say_what_follows(done: Consolidation, databank: Path) -> None:
    """What changed since the edition before, which returns are owed, what waits for an answer."""
    from atips_analysis.build.standard_streams import console
    from atips_analysis.quality.returns_beyond import came_beyond, say_beyond
    from atips_analysis.quality.returns_received import of_years
    from atips_analysis.quality.returns_shown import show_returns

    for line in done.since.lines:
        typer.echo(line)
    if len(done.returns):
        typer.echo("")
        show_returns(of_years(done.returns), console(sys.stdout))
        for line in say_beyond(came_beyond(done.edition.account, done.returns), ()):
            typer.echo(line)
    mark = " (simulated records)" if done.edition.simulated else ""
    typer.echo(f"edition {done.edition.name}{mark} in {databank}")
    asked = done.intake.questions
    waiting = asked[asked["answer"] == ""]
    if len(waiting):
        typer.echo(
            f"{waiting['id'].nunique()} questions wait for an answer, and their rows with them: "
            "atips check FILE… says which"
        )
