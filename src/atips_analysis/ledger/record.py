"""The record of a data bank: all that ever left its confidential side, by whatever door.

One file an answer in the folder `answers` of the data bank, in the order in which they were given:
what was asked of which edition, the table as it was printed, what it tells, and the true counts
behind it (so the folder is as confidential as the rows). Nothing is changed or taken out: an
answer that was never handed out is withdrawn by a further file that names it. Each file names the
hash of the one before it, so that a file that was changed or is missing is found.

What a build or a bulletin prints is a draft: until it is released and stands in the ledger it is
not handed out, and binds nothing but its own edition. Any other answer binds all that follows.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

import pandas as pd

from atips_analysis.databank.disclosure_key import ANSWERS
from atips_analysis.disclosure.cells import CellKey, cell_key
from atips_analysis.disclosure.releases import Released, from_json, to_json
from atips_analysis.errors import InputError
from atips_analysis.files import parse_json, write_text
from atips_analysis.indicators.table import parse_table, table_text
from atips_analysis.ledger.question import Question
from atips_analysis.locks import waiting_for

Door = Literal["build", "bulletin", "indicators", "notebook", "baseline", "protect"]
DRAFTS: tuple[Door, ...] = ("build", "bulletin")
RESTORE = "restore the data bank's folder from its backup"


@dataclass(frozen=True)
class Answer:
    """What was given once: `text` is the table as it was printed.

    `released` is what it tells, `counts` what stands behind it, by (edition, key); `name` is made
    of what was asked and given.
    """

    name: str
    edition: str
    door: Door
    question: Question
    released: tuple[Released, ...]
    counts: Mapping[tuple[str, CellKey], int]
    text: str

    @property
    def draft(self) -> bool:
        """Whether it is handed out only once it is released."""
        return self.door in DRAFTS

    @cached_property
    def table(self) -> pd.DataFrame:
        """The table that was printed, tidy."""
        return parse_table(self.text, Path(ANSWERS) / self.name)

    @property
    def sha256(self) -> str:
        """Of the table, as the ledger names it."""
        return hashlib.sha256(self.text.encode("utf-8")).hexdigest()

    @property
    def year(self) -> int:
        """The last year that it tells of: a build's year."""
        return max(year for period in self.question.periods for year in period.years)

    @property
    def words(self) -> str:
        """How messages name it."""
        return f"answer {self.name} ({self.door}, {self.question.words})"


@dataclass(frozen=True)
class Record:
    """All answers that stand, oldest first; `withdrawn` names those that do not any more."""

    answers: tuple[Answer, ...] = ()
    withdrawn: tuple[str, ...] = ()

    def of(self, edition: str) -> list[Answer]:
        """What was answered from an edition."""
        return [one for one in self.answers if one.edition == edition]

    def binding(self, edition: str) -> list[Answer]:
        """What binds whatever is made from an edition: drafts of others do not."""
        return [one for one in self.answers if one.edition == edition or not one.draft]


def names_of(answers: Iterable[Answer]) -> str:
    """One hash for some answers, whatever their order; empty where there are none."""
    names = sorted(one.name for one in answers)
    return hashlib.sha256("\n".join(names).encode()).hexdigest() if names else ""


def begin_record(databank: Path) -> bool:
    """Begin the record of a data bank that has none, empty; say whether it had none."""
    folder = databank / ANSWERS
    if folder.is_dir():
        return False
    folder.mkdir(parents=True)
    return True


def read_record(databank: Path, *, before: str | None = None) -> Record | None:
    """The record of a data bank; None where it has none.

    Parameters
    ----------
    before : str, optional
        SHA-256 of a table: the record as it stood when that was first answered.

    Raises
    ------
    InputError
        If a file of it was changed, or one before the last is missing.
    """
    if not (databank / ANSWERS).is_dir():
        return None
    answers: dict[str, Answer] = {}
    withdrawn: dict[str, None] = {}
    last = ""
    for file in _files(databank):
        text = file.read_bytes()
        try:
            content = parse_json(text)
            follows, gone = content["follows"], content["withdraws"]
            one = _answer(content, file) if "table" in content else None
        except (ArithmeticError, ValueError, KeyError, TypeError, AttributeError):
            raise InputError(f"is no answer of the record; {RESTORE}", file=file) from None
        if follows != last:
            raise InputError(f"does not follow the answer before it; {RESTORE}", file=file)
        if one is not None and one.sha256 == before:
            break
        last = hashlib.sha256(text).hexdigest()
        for name in gone:
            answers.pop(name, None)
            withdrawn[name] = None
        if one is not None:
            answers[one.name] = one
            withdrawn.pop(one.name, None)
    return Record(tuple(answers.values()), tuple(withdrawn))


def enter(
    databank: Path,
    door: Door,
    question: Question,
    given: tuple[pd.DataFrame, Sequence[Released], Mapping[tuple[str, CellKey], int]],
    replaces: Iterable[Answer] = (),
) -> Answer:
    """Put an answer at the end of the record; those that it `replaces` are withdrawn.

    `given` is the table, what it tells, and the true counts by (edition, key).
    """
    table, released, counts = given
    about = {
        "edition": released[0].edition,
        "door": door,
        "question": question.as_json(),
        "table": table_text(table),
    }
    said = json.dumps(about, sort_keys=True)
    content = {
        **about,
        "name": hashlib.sha256(said.encode("utf-8")).hexdigest()[:12],
        "released": [to_json(one) for one in released],
        "counts": [
            [of, key[0], key[1], [list(pair) for pair in key[2]], count]
            for (of, key), count in sorted(counts.items())
        ],
    }
    file = _append(databank, content, [one.name for one in replaces])
    return _answer(content, file)


@contextmanager
def asking(databank: Path) -> Iterator[None]:
    """Within this block nobody else is answered: what one is told, the next one must reckon with."""
    if not (databank / ANSWERS).is_dir():
        yield
        return
    with waiting_for(databank / ANSWERS / ".asking"):
        yield


def withdraw(databank: Path, name: str) -> Answer:
    """Take back an answer that was never handed out, by its name or the first letters of it.

    Raises InputError if no answer that stands, or more than one, is called so.
    """
    with asking(databank):
        record = read_record(databank)
        standing = record.answers if record else ()
        found = [one for one in standing if name and one.name.startswith(name)]
        if len(found) != 1:
            there = ", ".join(one.name for one in standing) or "none"
            raise InputError(
                f"no single answer is called {name!r}; atips databank answers lists those that "
                f"stand: {there}"
            )
        _append(databank, {"name": f"withdraws-{found[0].name}"}, [found[0].name])
        return found[0]


def _append(databank: Path, content: Mapping[str, Any], withdraws: Sequence[str]) -> Path:
    files = _files(databank)
    last = hashlib.sha256(files[-1].read_bytes()).hexdigest() if files else ""
    whole = {**content, "follows": last, "withdraws": list(withdraws)}
    file = databank / ANSWERS / f"{len(files) + 1:05d}-{content['name']}.json"
    write_text(file, json.dumps(whole, sort_keys=True, separators=(",", ":")) + "\n")
    return file


def _files(databank: Path) -> list[Path]:
    return sorted((databank / ANSWERS).glob("[0-9]*-*.json"))


def _answer(content: Mapping[str, Any], file: Path) -> Answer:
    return Answer(
        str(content["name"]),
        str(content["edition"]),
        content["door"],
        Question.from_json(content["question"]),
        tuple(from_json(one, file=str(file)) for one in content["released"]),
        {
            (edition, cell_key(measure, period, dict(pairs))): int(count)
            for edition, measure, period, pairs, count in content["counts"]
        },
        str(content["table"]),
    )
