"""Answers to questions about how a return is read: taken in, kept, and taken back.

They are kept in `data/council/answers.csv`, a row an answer: agency, stream (blank for a whole
file), kind, about, answer. Whoever opens the file reads what was decided.
"""

from __future__ import annotations

from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Any

from atips_analysis.codebook import fold
from atips_analysis.codebook.loader import read_table
from atips_analysis.errors import InputError
from atips_analysis.files import as_it_was, csv_text, write_text
from atips_analysis.intake.questions import question_name
from atips_analysis.intake.settled import COLUMNS
from atips_analysis.intake.snapshot import content_of
from atips_analysis.intake.workbook import read_workbook
from atips_analysis.words import languages
from atips_analysis.words.said import Message, in_language

QUESTION_HEADINGS = (
    Message("Question"),
    Message("Your answer"),
    Message("Agency"),
    Message("Stream"),
    Message("Kind"),
    Message("Text"),
    Message("About"),
    Message("Choices"),
)
"""The table of questions on the first sheet of a feedback workbook, by its columns."""


@dataclass(frozen=True)
class Answer:
    """One answer: to which question of an agency and stream, and what it says."""

    agency: str
    stream: str
    kind: str
    about: str
    answer: str

    @property
    def id(self) -> str:
        return question_name(self.agency, self.stream, self.kind, self.about)


def answers_of(path: Path) -> list[Answer]:
    """The answers in the feedback workbook at `path`, as `answers_in` finds them."""
    return answers_in(content_of(path.name, path), path.name)


def answers_in(content: bytes, file: str) -> list[Answer]:
    """The answers that were filled in on the first sheet of a feedback workbook.

    Raises InputError if the workbook has no table of questions, or an answer is none of the
    choices.
    """
    headings = {tuple(in_language(one, lang) for one in QUESTION_HEADINGS) for lang in languages()}
    for grid in read_workbook(content, file).grids:
        rows = grid.cells.fillna("")
        heads = [
            at
            for at, row in enumerate(rows.itertuples(index=False, name=None))
            if tuple(row[: len(QUESTION_HEADINGS)]) in headings
        ]
        if not heads:
            continue
        found = []
        for number, row in zip(
            rows.index[heads[0] + 1 :],
            rows.iloc[heads[0] + 1 :].itertuples(index=False, name=None),
            strict=True,
        ):
            if not row[0] or not row[4]:
                break
            _, given, agency, stream, kind, _, about, choices = row[: len(QUESTION_HEADINGS)]
            if not given.strip():
                continue
            found.append(
                Answer(
                    agency,
                    stream,
                    kind,
                    about,
                    _chosen(given, choices.split("\n"), file, grid.name, int(number)),
                )
            )
        return found
    raise InputError(
        "no table of questions in this workbook; give the feedback workbook that atips check wrote",
        file=file,
    )


def answer_of(intake: Any, name: str, given: str) -> Answer:
    """The answer to the question `name` of files that were read.

    Raises InputError if no file asks that question, or the answer is none of its choices.
    """
    asked = intake.questions[intake.questions["id"] == name]
    if asked.empty:
        open_ones = ", ".join(sorted(set(intake.questions["id"]))) or "none"
        raise InputError(f"no question {name!r} in these files; their questions are {open_ones}")
    question = asked.to_dict("records")[0]
    files = intake.files.set_index("file")["submitted_by"]
    chosen = _chosen(given, str(question["choices"]).split("\n"), str(question["file"]))
    return Answer(
        str(files[question["file"]]),
        str(question["stream"]),
        str(question["kind"]),
        str(question["about"]),
        chosen,
    )


def keep_answers(path: Path, answers: list[Answer]) -> None:
    """Add answers to the file; one to a question that was answered before takes its place.

    Raises InputError if two of the answers contradict one another.
    """
    given: dict[str, str] = {}
    for answer in answers:
        if given.setdefault(answer.id, answer.answer) != answer.answer:
            raise InputError(
                f"question {answer.id} ({answer.about}) is answered both {given[answer.id]!r} and "
                f"{answer.answer!r}; give one answer"
            )
    kept = {answer.id: answer for answer in _read(path)}
    kept.update({answer.id: answer for answer in answers})
    _write(path, list(kept.values()))


def take_back(path: Path, name: str) -> Answer:
    """Remove the answer to the question `name`.

    Raises InputError if there is none.
    """
    kept = {answer.id: answer for answer in _read(path)}
    if name not in kept:
        raise InputError(
            f"no answer to a question {name!r} is kept; kept are {', '.join(sorted(kept)) or 'none'}",
            file=path.name,
        )
    gone = kept.pop(name)
    _write(path, list(kept.values()))
    return gone


def _chosen(
    given: str, choices: list[str], file: str, sheet: str | None = None, row: int | None = None
) -> str:
    for choice in choices:
        if choice and fold(choice) == fold(given) and (fold(given) or choice == given.strip()):
            return choice
    raise InputError(
        f"the answer {given!r} is none of the choices; write one of {', '.join(choices)}",
        file=file,
        sheet=sheet,
        row=row,
    )


def _read(path: Path) -> list[Answer]:
    if not path.is_file():
        return []
    rows = read_table(path).to_dict("records")
    return [Answer(*(as_it_was(str(row.get(name, ""))) for name in COLUMNS)) for row in rows]


def _write(path: Path, answers: list[Answer]) -> None:
    write_text(path, csv_text([COLUMNS, *map(astuple, sorted(answers, key=astuple))]))
