"""`atips answer`: takes answers to questions about how a return is read."""

from __future__ import annotations

from pathlib import Path

import typer


def answer(
    files: list[Path] = typer.Argument(
        None, metavar="[FILE…]", help="Feedback workbooks with answers; with --answer, submissions."
    ),
    given: list[str] = typer.Option(
        [], "--answer", metavar="ID=ANSWER", help="Answer a question of the submissions given."
    ),
    back: list[str] = typer.Option([], "--take-back", metavar="ID", help="Remove an answer."),
    quiet: bool = typer.Option(False, "--quiet", help="Print nothing but errors."),
    verbose: bool = typer.Option(False, "--verbose", help="Print the file of answers."),
) -> None:
    """Keep answers to questions that atips check asked; the rows that waited count then."""
    from atips_analysis.build.one_writer import one_writer
    from atips_analysis.errors import InputError
    from atips_analysis.intake import read_files
    from atips_analysis.intake.answering import answer_of, answers_of, keep_answers, take_back
    from atips_analysis.intake.box import Box
    from atips_analysis.intake.limits import GENEROUS
    from atips_analysis.intake.settled import ANSWERS
    from atips_analysis.project import find_project

    project = find_project()
    path = project.data / ANSWERS
    if not (files or back):
        raise InputError("give a feedback workbook with answers, or --take-back ID")
    for name in back:
        with one_writer(project):
            gone = take_back(path, name)
        if not quiet:
            typer.echo(f"taken back: {name} ({gone.about}: {gone.answer})")
    if not files:
        return
    if given:
        intake = read_files(files, limits=GENEROUS)
        pairs = [text.partition("=") for text in given]
        found = [answer_of(intake, name, said) for name, _, said in pairs]
    else:
        with Box(GENEROUS) as box:
            found = [item for file in files for item in box.run(file.name, file, answers_of, file)]
    if not found:
        raise InputError(
            "no answer is filled in; choose one under “Your answer”", file=files[0].name
        )
    with one_writer(project):
        keep_answers(path, found)
    for item in found if not quiet else []:
        where = item.stream or "the whole file"
        typer.echo(f"kept: {item.id} {item.agency}, {where}: {item.about}: {item.answer}")
    if verbose:
        typer.echo(path.read_text(encoding="utf-8"))
