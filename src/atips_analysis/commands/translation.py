"""`atips translation`: how far each language is, and who has read it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from atips_analysis.errors import InputError

if TYPE_CHECKING:
    from atips_analysis.words.upkeep import State


def translation(
    lang: str = typer.Option("", help="One language; by default all that have a catalogue."),
    reviewed_by: str | None = typer.Option(
        None, help="Role that has read the drafts, and not written them: they are drafts no more."
    ),
    page: str = typer.Option(
        "", help="With --reviewed-by: only what this page of a build says, such as methods-es."
    ),
    quiet: bool = typer.Option(False, "--quiet", help="Print nothing but errors."),
    verbose: bool = typer.Option(False, "--verbose", help="List the drafts too."),
) -> None:
    """Show how many messages of each language are drafts; mark them as read.

    A page that says a draft is built with a line that says so, and stays out of releases.
    """
    from atips_analysis.words.catalogues import SOURCE, languages, shown_name
    from atips_analysis.words.upkeep import mark_as_read, state_of

    chosen = [lang] if lang else [one for one in languages() if one != SOURCE]
    if reviewed_by is not None and not lang:
        raise InputError(f"say which language was read: --lang {' or '.join(chosen)}")
    if page and reviewed_by is None:
        raise InputError("--page goes with --reviewed-by, the role that has read the page")
    for one in chosen:
        if reviewed_by is not None:
            read = mark_as_read(one, reviewed_by, _said_by(page, one) if page else None)
            if not quiet:
                typer.echo(f"{shown_name(one)}: {read} messages read by {reviewed_by}")
        if not quiet:
            typer.echo(_state_in_words(state_of(one), verbose=verbose))


def _said_by(page: str, lang: str) -> set[tuple[str, str]]:
    """The drafts that a page of the last builds says."""
    from atips_analysis.project import find_project
    from atips_analysis.render.drafts import drafts_of_page

    built = sorted(find_project().work.glob(f"*/executed/{page}/*.ipynb"))
    if not built:
        raise InputError(
            f"no build has a page {page}; run atips build first, or leave --page out for all"
        )
    return {key for executed in built for key in drafts_of_page(executed, lang)}


def _state_in_words(state: State, *, verbose: bool) -> str:
    empty = f"; {len(state.empty)} without a translation" if state.empty else ""
    drafts = [f"  {' '.join(message.split())}" for _, message in state.drafts] if verbose else []
    counts = f"{state.messages} messages; {len(state.drafts)} drafts that nobody has read{empty}"
    return "\n".join([f"{state.lang}: {counts}", *drafts])
