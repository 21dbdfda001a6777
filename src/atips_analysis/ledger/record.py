"""The record of a data bank: all that ever left its confidential side, by whatever door.

One file an answer in the folder `answers` of the data bank, in the order in which they were given:
what was asked, of which edition, what was printed, and the true counts behind it (so the folder is
as confidential as the rows). Nothing is changed or taken out: an answer that was never handed out
is withdrawn by a further file that names it. Each file names the hash of the one before it, so that
the hash of the last one names the whole record.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal

import pandas as pd

from atips_analysis.databank.first_made import ANSWERS
from atips_analysis.disclosure.cells import CellKey, cell_key
from atips_analysis.disclosure.releases import Released, from_json, to_json
from atips_analysis.errors import InputError
from atips_analysis.files import write_text
from atips_analysis.indicators.table import read_table, write_table
from atips_analysis.ledger.question import Question
from atips_analysis.locks import waiting_for

Door = Literal["build", "bulletin", "years", "indicators", "notebook", "baseline", "protect"]
"""By what an answer left; `years` are those that the parts of a bulletin stand beside."""
LOCK = ".asking"
RESTORE = "restore the data bank from its backup"


@dataclass(frozen=True)
class Answer:
    """What was given once: `text` is the table as it was printed, `follows` what stood before it.

    `follows` is the hash of the record, `ledger` the number of releases in the ledger and
    `baselines` the frozen baselines at that time.
    """

    name: str
    edition: str
    door: Door
    question: Question
    released: Released
    counts: Mapping[CellKey, int]
    text: str
    follows: str = ""
    ledger: int = 0
    baselines: tuple[str, ...] = ()

    @cached_property
    def table(self) -> pd.DataFrame:
        """The table that was printed, tidy."""
        with TemporaryDirectory() as folder:
            file = Path(folder) / "answer.csv"
            write_text(file, self.text)
            return read_table(file)

    @property
    def table_sha256(self) -> str:
        return hashlib.sha256(self.text.encode("utf-8")).hexdigest()

    @property
    def words(self) -> str:
        """How messages name it."""
        return f"answer {self.name} ({self.door}, {self.question.words})"


@dataclass(frozen=True)
class Record:
    """All answers that stand, oldest first; `digest` names the record, withdrawals and all.

    `kept` says whether the data bank has a record at all.
    """

    answers: tuple[Answer, ...] = ()
    digest: str = ""
    kept: bool = True
    withdrawn: tuple[str, ...] = ()

    def of(self, edition: str) -> list[Answer]:
        """What was answered from an edition."""
        return [one for one in self.answers if one.edition == edition]

    def before(self, answer: Answer) -> Record:
        """The record as it was when an answer was given, of what stands today."""
        return Record(self.answers[: self.answers.index(answer)], answer.follows, self.kept)


def read_record(databank: Path) -> Record:
    """The record of a data bank.

    Raises
    ------
    InputError
        If a file of it was changed, or is missing.
    """
    folder = databank / ANSWERS
    answers: dict[str, Answer] = {}
    digest, withdrawn = "", []
    for file in _files(folder):
        content = _content(file)
        if content.get("follows") != digest:
            raise InputError(f"does not follow the answer before it; {RESTORE}", file=file)
        digest = hashlib.sha256(file.read_bytes()).hexdigest()
        if "withdraws" in content:
            withdrawn.append(str(content["withdraws"]))
            answers.pop(withdrawn[-1], None)
        else:
            one = _answer(content, file)
            answers[one.name] = one
    return Record(tuple(answers.values()), digest, folder.is_dir(), tuple(withdrawn))


def enter(
    databank: Path,
    door: Door,
    question: Question,
    given: tuple[pd.DataFrame, Released, Mapping[CellKey, int]],
    known: tuple[int, Sequence[str]] = (0, ()),
) -> Answer:
    """Put an answer at the end of the record: its table, what it tells, the counts behind it."""
    table, released, counts = given
    record = read_record(databank)
    text = _as_csv(table)
    about = {"edition": released.edition, "door": door, "question": question.as_json()}
    said = json.dumps({**about, "table": text, "follows": record.digest}, sort_keys=True)
    name = hashlib.sha256(said.encode("utf-8")).hexdigest()[:12]
    content = {
        **about,
        "name": name,
        "follows": record.digest,
        "ledger": known[0],
        "baselines": sorted(known[1]),
        "release": to_json(released),
        "counts": [[*_key(key), count] for key, count in sorted(counts.items())],
        "table": text,
    }
    return _answer(content, _append(databank, content, name))


def withdraw(databank: Path, name: str) -> Answer:
    """Take back an answer that was never handed out, by its name or the first letters of it.

    Raises
    ------
    InputError
        If no answer that stands, or more than one, is called so.
    """
    with asking(databank):
        record = read_record(databank)
        found = [one for one in record.answers if name and one.name.startswith(name)]
        if len(found) != 1:
            there = ", ".join(one.name for one in record.answers) or "none"
            raise InputError(
                f"no single answer is called {name!r}; atips databank answers lists those that "
                f"stand: {there}"
            )
        content = {"withdraws": found[0].name, "follows": record.digest}
        _append(databank, content, f"withdraws-{found[0].name}")
        return found[0]


@contextmanager
def asking(databank: Path) -> Iterator[None]:
    """Within this block nobody else is answered: what one is told, the next one must reckon with."""
    folder = databank / ANSWERS
    if not folder.is_dir():
        yield
        return
    with waiting_for(folder / LOCK):
        yield


def _append(databank: Path, content: Mapping[str, Any], name: str) -> Path:
    folder = databank / ANSWERS
    file = folder / f"{len(_files(folder)) + 1:04d}-{name}.json"
    lines = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    write_text(file, lines + "\n")
    return file


def _files(folder: Path) -> list[Path]:
    return sorted(folder.glob("[0-9]*-*.json"))


def _content(file: Path) -> dict[str, Any]:
    try:
        content: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        content["follows"]
    except (OSError, ValueError, KeyError, TypeError):
        raise InputError(
            f"is not an answer of the record, or was changed; {RESTORE}", file=file
        ) from None
    return content


def _answer(content: Mapping[str, Any], file: Path) -> Answer:
    try:
        counts = {
            cell_key(measure, period, dict(pairs)): int(count)
            for measure, period, pairs, count in content["counts"]
        }
        return Answer(
            str(content["name"]),
            str(content["edition"]),
            content["door"],
            Question.from_json(content["question"]),
            from_json(content["release"], file=str(file)),
            counts,
            str(content["table"]),
            str(content["follows"]),
            int(content["ledger"]),
            tuple(content["baselines"]),
        )
    except (KeyError, TypeError, ValueError, AttributeError):
        raise InputError(
            f"is not an answer of the record, or was changed; {RESTORE}", file=file
        ) from None


def _key(key: CellKey) -> tuple[str, str, list[list[str]]]:
    return key[0], key[1], [list(pair) for pair in key[2]]


def _as_csv(table: pd.DataFrame) -> str:
    """The table as `write_table` writes it."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "answer.csv"
        write_table(table, file)
        return file.read_text(encoding="utf-8")
