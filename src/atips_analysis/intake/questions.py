"""Questions: where a table can be read in two ways, its rows wait for an answer.

A question is asked once a style: it is known by its kind and what it is about (a header, a mark),
for one agency and stream, and an answer that was given holds for every later file of that style.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from atips_analysis.codebook import fold
from atips_analysis.intake.forgotten import Forgotten
from atips_analysis.words.said import Said, joined

Kind = Literal[
    "column",
    "meaning",
    "running total",
    "unit",
    "multiplier",
    "running number",
    "row each",
    "period",
    "order of days",
    "day or month first",
    "year not shown",
    "time zone",
    "country code",
    "letter of a sex",
    "merged",
    "blank below",
    "shown",
    "title",
    "hidden rows",
    "hidden sheet",
    "second sheet",
    "name of the sheet",
    "not looked at",
    "struck",
    "colour",
    "comment",
    "taken back",
    "formula",
    "year of the return",
    "same return",
    "still open",
    "wider rows",
    "turn of the year",
    "second header",
    "comma",
    "full stop",
    "not known",
]
Answers = Mapping[tuple[str, str], str]
"""Kind and folded subject to the answer that was given."""

COUNT, LEAVE = "count", "leave"


@dataclass(frozen=True)
class Choice:
    """An answer that can be given, and what it would give, in words."""

    answer: str
    gives: str


@dataclass(frozen=True)
class Question:
    """One question about a table.

    `about`: the header, mark or words that it is about; `rows`: the rows that wait for it, None
    for all of the table; `column`: the stream's column that it concerns, if one.
    """

    kind: Kind
    about: str
    text: str
    choices: tuple[Choice, ...]
    rows: frozenset[int] | None = None
    column: str = ""

    @property
    def key(self) -> tuple[str, str]:
        return (self.kind, fold(self.about))

    @property
    def said(self) -> Said:
        """The question with its choices, in one line."""
        if not self.choices:
            return joined("", [self.text])
        listed = [joined(": ", [choice.answer, choice.gives]) for choice in self.choices]
        return joined(" ", [self.text, joined("; ", listed, ".")])


def question_name(agency: str, stream: str, kind: str, about: str) -> str:
    """Eight hexadecimal digits that name a question, the same for every file of that style."""
    text = "\n".join((agency, stream, kind, fold(about)))
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def question_id(agency: str, stream: str, question: Question) -> str:
    """The name by which an answer finds its question: agency, stream and what is asked."""
    return question_name(agency, stream, question.kind, question.about)


@dataclass
class Asked:
    """The questions of one table while it is read: those that are open, those answered before.

    `answers`, `time_zone` (in which days are counted) and who is `forgotten` are settled beforehand.
    """

    answers: Answers = field(default_factory=dict)
    time_zone: str = ""
    open: list[Question] = field(default_factory=list)
    answered: list[tuple[Question, str]] = field(default_factory=list)
    forgotten: Forgotten = field(default_factory=Forgotten)

    def ask(
        self,
        kind: Kind,
        about: str,
        text: str,
        choices: Iterable[Choice] = (),
        rows: Iterable[int] | None = None,
        column: str = "",
    ) -> str | None:
        """The answer that was given to this question; None when it has to be asked."""
        which = None if rows is None else frozenset(map(int, rows))
        question = Question(kind, about, text, tuple(choices), which, column)
        given = self.answers.get(question.key)
        if given is not None and given in {choice.answer for choice in question.choices}:
            self.answered.append((question, given))
            return given
        if question.key not in {other.key for other in self.open}:
            self.open.append(question)
        return None

    def waiting(self, rows: Iterable[int]) -> dict[int, list[Question]]:
        """Each row that waits, with its questions."""
        found: dict[int, list[Question]] = {}
        every = [int(row) for row in rows]
        for question in self.open:
            for row in every:
                if question.rows is None or row in question.rows:
                    found.setdefault(row, []).append(question)
        return found
