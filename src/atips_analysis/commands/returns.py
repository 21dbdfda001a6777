"""`atips returns`: what is owed, what came, and what to ask of whom."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from atips_analysis.project import YEARS

if TYPE_CHECKING:
    from atips_analysis.quality.reminders import Asked


def returns(
    databank: Path | None = typer.Option(
        None, help="Folder of the data bank; by default the project's."
    ),
    year: int | None = typer.Option(
        None, min=YEARS[0], max=YEARS[-1], help="Only what is owed for this year."
    ),
    on: str | None = typer.Option(
        None, metavar="DAY", help="Ask only for what was due by this day, such as 2025-04-15."
    ),
    letters: Path | None = typer.Option(
        None, metavar="DIR", help="Write a letter of reminder an agency (Word)."
    ),
    lang: str | None = typer.Option(
        None, help="Language of the letters; by default the agency's, else the project's."
    ),
    as_json: bool = typer.Option(False, "--json", help="Print what to ask as JSON alone."),
    quiet: bool = typer.Option(False, "--quiet", help="Print nothing but errors."),
    verbose: bool = typer.Option(False, "--verbose", help="Every stream, not agencies alone."),
) -> None:
    """What each agency owes, what came of it, what to ask of whom, and what comes next."""
    from atips_analysis.build.standard_streams import console
    from atips_analysis.build.what_next import what_next
    from atips_analysis.codebook import load_codebook
    from atips_analysis.databank import open_databank
    from atips_analysis.errors import InputError
    from atips_analysis.project import find_project
    from atips_analysis.quality.reminders import language_of, letter, to_ask, write_letter
    from atips_analysis.quality.returns_beyond import came_beyond, owing_nothing, say_beyond
    from atips_analysis.quality.returns_owed import REGISTER, read_register
    from atips_analysis.quality.returns_received import of_years
    from atips_analysis.quality.returns_shown import show_returns

    project, codebook = find_project(), load_codebook()
    owed = read_register(project.data / REGISTER, codebook)
    if not owed:
        raise InputError(
            "no return is owed: fill in the register (agency, stream, period, due)",
            file=f"data/{REGISTER.as_posix()}",
        )
    bank = open_databank(databank or project.databank)
    states = bank.kept("returns")
    found = of_years(states, year)
    if found.empty:
        raise InputError(
            "the edition knows of nothing that is owed"
            + (f" for {year}" if year else "")
            + "; consolidate again, or correct the register",
            file=f"data/{REGISTER.as_posix()}",
        )
    asked = to_ask(found, _day(on))
    if as_json:
        typer.echo(json.dumps([vars(one) | {"due": str(one.due)} for one in asked], indent=2))
    elif not quiet:
        show_returns(found, console(sys.stdout))
        agencies = codebook.codelist("source_agency").codes
        beyond = came_beyond(bank.account, states)
        told = [one for one in beyond if year is None or year in one.years]
        for line in (
            *_lines(asked, verbose=verbose),
            *say_beyond(told, owing_nothing(agencies, states)),
            "what comes next:",
            *(f"  {line}" for line in what_next(project, bank, _day(on))),
        ):
            typer.echo(line)
    for agency in sorted({one.agency for one in asked}) if letters else []:
        own = [one for one in asked if one.agency == agency]
        default = str(project.profile["languages"]["reports"][0])
        of = lang or language_of(agency, codebook, default)
        text = letter(agency, own, codebook, project.profile["council"], of)
        assert letters is not None
        file = letters / f"{agency}-reminder.docx"
        write_letter(file, text, of)
        if not (quiet or as_json):
            typer.echo(f"wrote {file}")


def _day(text: str | None) -> date | None:
    from atips_analysis.errors import InputError

    if text is None:
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise InputError(f"--on {text!r} is not a day; write it like 2025-04-15") from None


def _lines(asked: Iterable[Asked], *, verbose: bool) -> Iterator[str]:
    """What to ask of whom: a line an agency and run of months, or with `verbose` one a stream."""
    if not asked:
        yield "nothing to ask: all that is owed is there"
        return
    yield "to ask for:"
    together: dict[tuple[str, ...], list[str]] = {}
    for one in asked:
        months = one.first if one.first == one.last else f"{one.first} to {one.last}"
        key = (one.agency, months, str(one.due), one.state, *([one.stream] if verbose else []))
        together.setdefault(key, []).append(one.stream)
    for (agency, months, due, state, *_), streams in together.items():
        yield f"  {agency}: {months}, {', '.join(streams)} ({state}, due {due})"
