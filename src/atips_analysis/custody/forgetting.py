"""`atips forget`: a person who takes back consent, taken out and never taken in again.

What is known of a person is rows under one code or several that linkage holds for one person. They
are marked; intake passes over marked rows; as soon as an edition without them stands, those that
hold them are deleted (`databank.clearing`). What was published stays: counts that name nobody.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook

from atips_analysis.build.one_writer import one_writer
from atips_analysis.custody.repair import banks
from atips_analysis.databank import open_databank
from atips_analysis.databank.clearing import delete_set_aside, holds
from atips_analysis.databank.decisions import REVIEW
from atips_analysis.databank.edition import EDITIONS, latest_name, standing
from atips_analysis.databank.persons import link_persons, link_victims
from atips_analysis.errors import InputError
from atips_analysis.files import write_text
from atips_analysis.intake.forgotten import CODE, Forgotten, add_marks
from atips_analysis.project import Project

SENT = ("submissions", "feedback")
TEXTS = (".csv", ".txt", ".tsv")
TABLES = (*TEXTS, ".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")


@dataclass(frozen=True)
class Forgot:
    """What came of it.

    `codes`: how many codes were marked, the linked ones with the one that was named. `editions`: data
    bank, name and stored rows of each edition that holds them still. `files`: submissions and feedback that
    hold them, and files that could not be looked into, by their place in the project.
    """

    codes: int
    editions: tuple[tuple[Path, str, int], ...]
    files: tuple[str, ...]


def forget(project: Project, code: str) -> Forgot:
    """Mark a person, and delete what can be made again without her.

    Raises InputError if `code` is not a person's code.
    """
    code = code.strip().lower()
    if not CODE.fullmatch(code):
        raise InputError(
            f"{code!r} is no person's code; give the 16 hexadecimal digits that atips pseudonymise made"
        )
    with one_writer(project):
        codes = {code} | {other for bank in banks(project) for other in _linked(bank, code)}
        forgotten = add_marks(project.databank, codes)
        for bank in banks(project):
            _drop_review(bank / REVIEW, codes)
            delete_set_aside(bank, forgotten)
        shutil.rmtree(project.work, ignore_errors=True)
        editions = tuple(
            (bank, name, rows)
            for bank in banks(project)
            for name in standing(bank)
            if (rows := holds(bank / EDITIONS / name, forgotten))
        )
        return Forgot(len(codes), editions, tuple(_files_with(project, forgotten)))


def _linked(bank: Path, code: str) -> Iterator[str]:
    """Codes of the latest edition that linkage holds for the same person."""
    if latest_name(bank) is None:
        return
    opened = open_databank(bank)
    for linkage in (link_victims(opened), link_persons(opened)):
        clusters = linkage.clusters
        own = set(clusters.loc[clusters["id"] == code, "cluster"])
        yield from clusters.loc[clusters["cluster"].isin(own), "id"]


def _drop_review(review: Path, codes: set[str]) -> None:
    """Lines of the list of doubtful pairs that name a code."""
    if review.is_file():
        lines = review.read_text(encoding="utf-8-sig").splitlines(keepends=True)
        write_text(
            review, "".join(line for line in lines if not any(code in line for code in codes))
        )


def _files_with(project: Project, forgotten: Forgotten) -> Iterator[str]:
    """Files that agencies sent, or were sent, in which a cell holds a marked code."""
    for file in _sent(project):
        name = project.shown(file)
        try:
            if any(forgotten.knows(cell) for cell in _cells(file)):
                yield name
        except (OSError, CalamineError):
            yield f"{name} (cannot be read: look yourself)"


def _sent(project: Project) -> list[Path]:
    """Files in the folders of returns and feedback, wherever the commands write them, and tables
    that lie in the root."""
    folders = [place / name for place in (project.data, project.root) for name in SENT]
    inside = [path for folder in folders for path in folder.rglob("*")]
    loose = [path for path in project.root.glob("*") if path.suffix.lower() in TABLES]
    return sorted(path for path in [*inside, *loose] if path.is_file())


def _cells(file: Path) -> Iterable[object]:
    if file.suffix.lower() in TEXTS:
        text = file.read_bytes().decode("latin-1")
        return text.translate(str.maketrans(',;\t\n\r"', "      ")).split()
    book = CalamineWorkbook.from_path(file)
    return (
        cell
        for name in book.sheet_names
        for row in book.get_sheet_by_name(name).to_python()
        for cell in row
    )
