"""What is settled before a file is read: answers that were given, and the time zone at home."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from atips_analysis.codebook import fold
from atips_analysis.codebook.loader import read_table
from atips_analysis.errors import AtipsError, InputError
from atips_analysis.files import as_it_was
from atips_analysis.intake.forgotten import Forgotten, read_forgotten
from atips_analysis.intake.questions import Answers

ANSWERS = Path("council") / "answers.csv"
COLUMNS = ("agency", "stream", "kind", "about", "answer")


@dataclass(frozen=True)
class Settled:
    """Answers by agency and stream, the time zone in which days are counted, and who is forgotten.

    `faults`: a line for each question that is answered in two ways, and so is still open.
    """

    answers: Mapping[tuple[str, str], Answers] = field(default_factory=dict)
    time_zone: str = ""
    faults: tuple[str, ...] = ()
    forgotten: Forgotten = field(default_factory=Forgotten)

    def of(self, agency: str, stream: str) -> Answers:
        return self.answers.get((agency, stream), {})

    @property
    def fingerprint(self) -> str:
        """Eight hexadecimal digits of the answers; blank where there are none."""
        if not self.answers:
            return ""
        listed = sorted(
            (*place, *key, answer)
            for place, answers in self.answers.items()
            for key, answer in answers.items()
        )
        return hashlib.sha256(json.dumps(listed).encode()).hexdigest()[:8]


def read_answers(path: Path, time_zone: str = "") -> Settled:
    """The answers in a file with the columns agency, stream, kind, about, answer.

    Of two rows that answer one question in two ways neither counts: the question stays open.

    Raises InputError if a column is missing.
    """
    if not path.is_file():
        return Settled(time_zone=time_zone)
    table = read_table(path)
    missing = [name for name in COLUMNS if name not in table]
    if missing:
        raise InputError(f"the column {missing[0]} is missing", file=path.name)
    found: dict[tuple[str, str], dict[tuple[str, str], str]] = {}
    contradicted: dict[tuple[tuple[str, str], tuple[str, str]], str] = {}
    for number, row in enumerate(table.map(as_it_was).to_dict("records"), start=2):
        answers = found.setdefault((row["agency"], row["stream"]), {})
        key = (row["kind"], fold(row["about"]))
        if answers.setdefault(key, row["answer"]) != row["answer"]:
            fault = InputError(
                f"{row['about']!r} of {row['agency']} is answered both {answers[key]!r} and "
                f"{row['answer']!r}: neither counts; keep one",
                file=path.name,
                row=number,
            )
            contradicted[(row["agency"], row["stream"]), key] = str(fault)
    for place, key in contradicted:
        del found[place][key]
    return Settled(found, time_zone, tuple(contradicted.values()))


def settled_here() -> Settled:
    """What the project around the working folder has settled; nothing where there is no project."""
    from atips_analysis.project import find_project

    try:
        project = find_project()
        zone = str(project.profile.get("country", {}).get("time_zone", ""))
    except AtipsError:
        return Settled()
    answered = read_answers(project.data / ANSWERS, zone)
    return replace(answered, forgotten=read_forgotten(project.databank))
