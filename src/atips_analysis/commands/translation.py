"""`atips translation`: how far each language is, and who has read it."""

from __future__ import annotations

import typer

from atips_analysis.errors import InputError


def register(app: typer.Typer) -> None:
    @app.command("translation")
    def translation(
        lang: str = typer.Option("", help="One language; by default all that have a catalogue."),
        reviewed_by: str = typer.Option(
            "", help="Role that has read the drafts, and not written them: they are drafts no more."
        ),
    ) -> None:
        """Show how many messages of each language are drafts; mark them as read.

        A page that says a draft is built with a line that says so, and stays out of releases.
        """
        from atips_analysis.words.catalogues import SOURCE, languages, shown_name
        from atips_analysis.words.upkeep import mark_as_read

        chosen = [lang] if lang else [one for one in languages() if one != SOURCE]
        if reviewed_by and not lang:
            raise InputError(f"say which language was read: --lang {' or '.join(chosen)}")
        for one in chosen:
            if reviewed_by:
                read = mark_as_read(one, reviewed_by)
                typer.echo(f"{shown_name(one)}: {read} messages marked as read by {reviewed_by}")
            typer.echo(_said(one))


def _said(lang: str) -> str:
    from atips_analysis.words.upkeep import state_of

    state = state_of(lang)
    empty = f"; {len(state.empty)} without a translation" if state.empty else ""
    return (
        f"{lang}: {state.messages} messages; {len(state.drafts)} drafts that nobody has read{empty}"
    )
