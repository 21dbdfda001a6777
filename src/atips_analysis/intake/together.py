"""What all submissions hold, as frames a stream and tables of files, sheets and headers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from atips_analysis.codebook import Codebook
from atips_analysis.intake import receipt_words as say
from atips_analysis.intake.questions import Asked, Choice, question_id
from atips_analysis.intake.received import Received
from atips_analysis.intake.resubmission import Sent, copies_of, replaced_by
from atips_analysis.intake.rows_of_sheet import Table
from atips_analysis.words.catalogues import SOURCE, languages
from atips_analysis.words.said import Said, in_language

FILES = tuple(
    """file sha256 submitted_by submitted_for state replaced_by simulated version sent
    first last contact_role""".split()
)
SHEETS = tuple(
    """file sheet stream rows_read blank_rows title_rows totals_rows forgotten_rows
    nil_return""".split()
)
HEADERS = ("file", "sheet", "header", "column", "how")
NOTES = ("file", "sheet", "row", "column", "note")
QUESTIONS = tuple("id file sheet stream kind about column question choices rows answer".split())
OTHER_LANGUAGES = tuple(lang for lang in languages() if lang != SOURCE)
WAITING = (
    *("stream", "file", "sheet", "row", "column", "id", "kind", "question"),
    *(f"question_{lang}" for lang in OTHER_LANGUAGES),
)
FAULTS = ("file", "fault")
PROVENANCE = ("file", "sheet", "row", "submitted_by", "submitted_for", "source")
Row = tuple[object, ...]


@dataclass(frozen=True)
class Intake:
    """What was read; every table sorted by file.

    frames : stream to its rows: the stream's columns as text (missing where blank), and file,
        sheet, row (as Excel shows it), submitted_by (agency), submitted_for (year), source
        (register or simulated). All streams are there, also those without rows.
    files : file, sha256, submitted_by, submitted_for, state (current or replaced), replaced_by,
        simulated, version (1 for the first return), sent (yyyy-mm-dd by the cover, or blank),
        first, last (months that it says it is for, yyyy-mm, or blank), contact_role (by the cover;
        in memory only).
    sheets : file, sheet, stream, rows_read, blank_rows, title_rows, totals_rows, forgotten_rows (of
        persons who are forgotten), nil_return; of a sheet that a later file replaces no row is read.
    headers : file, sheet, header, column, how (exact, label, synonym, near or ignored).
    notes : file, sheet, row, column, note: what was set aside, read in spite of something, or
        left unread, and why.
    questions : id, file, sheet, stream, kind, about, column, question (in words), choices
        (a line each), rows (how many wait), answer (blank while it is open).
    waiting : stream, file, sheet, row, column, id, kind, question (in English, and in question_es
        and so on in the other languages): one row a row that waits and a
        question that it waits for.
    faults : file, fault: files that could not be used, and why.
    read_as : file to the encoding and delimiter of a text file, in words.
    said : a note or question in English to what says it in other languages.
    """

    frames: dict[str, pd.DataFrame]
    files: pd.DataFrame
    sheets: pd.DataFrame
    headers: pd.DataFrame
    notes: pd.DataFrame
    questions: pd.DataFrame = field(default_factory=lambda: _table([], QUESTIONS))
    waiting: pd.DataFrame = field(default_factory=lambda: _table([], WAITING))
    faults: pd.DataFrame = field(default_factory=lambda: _table([], FAULTS))
    read_as: dict[str, str] = field(default_factory=dict)
    said: dict[str, Said] = field(default_factory=dict)


def together(
    received: list[Received],
    twins: dict[str, str],
    others: list[str],
    codebook: Codebook,
    faults: Sequence[tuple[str, str]] = (),
) -> Intake:
    """The tables of all files; what a later file replaces is listed and not read."""
    sent = [
        Sent(
            file.name,
            file.agency,
            file.year,
            tuple(sorted({stream for _, stream, _ in file.tables})),
            file.about,
            file.cover.version,
            file.cover.replaces,
        )
        for file in received
    ]
    replaced = replaced_by(sent)
    _ask_about_copies(received, sent, replaced)
    files: list[Row] = []
    sheets: list[Row] = []
    headers: list[Row] = []
    notes: list[Row] = []
    questions: list[Row] = []
    waiting: list[Row] = []
    frames: dict[str, list[pd.DataFrame]] = {stream: [] for stream in codebook.streams}
    by_name = {file.name: file for file in received}
    for file in received:
        units = {stream: replaced.get((file.name, stream)) for _, stream, _ in file.tables}
        later = sorted({name for name in units.values() if name})
        whole = all(units.values())
        files.append(_file_row(file, file.name, later[-1] if whole else ""))
        for sheet, stream, table in file.tables:
            gone = units[stream]
            if gone and not whole:
                notes.append((file.name, sheet, None, "", say.N_REPLACED.format(file=gone)))
            rows = table.rows.iloc[:0] if gone else table.rows
            nil = stream in file.nil and not len(table.rows) and not gone
            sheets.append(
                (
                    file.name,
                    sheet,
                    stream,
                    len(rows),
                    table.blank_rows,
                    table.title_rows,
                    table.totals_rows,
                    table.forgotten_rows,
                    nil,
                )
            )
            headers += [(file.name, sheet, *header) for header in table.headers]
            if len(rows):
                frames[stream].append(_with_provenance(rows, file, sheet))
                waiting += _waiting(file, sheet, stream, table)
        notes += [(file.name, *note) for note in file.notes]
        questions += _questions(file, {stream for stream, gone in units.items() if not gone})
    for name, first in twins.items():
        files.append(_file_row(by_name[first], name, first))
    notes += [(name, "", None, "", say.N_NO_SUBMISSION.format()) for name in others]
    return Intake(
        {stream: _one_frame(parts, stream, codebook) for stream, parts in frames.items()},
        _table(files, FILES).sort_values("file", ignore_index=True),
        _table(sheets, SHEETS).sort_values(["file"], kind="stable", ignore_index=True),
        _table(headers, HEADERS),
        _table(notes, NOTES).astype({"row": "Int64"}),
        _table(questions, QUESTIONS),
        _table(waiting, WAITING),
        _table([*faults], FAULTS),
        {file.name: file.read_as for file in received if file.read_as},
        {
            str(text): text
            for row in (*notes, *questions, *waiting)
            for text in row
            if isinstance(text, Said)
        },
    )


def _ask_about_copies(
    received: list[Received], sent: list[Sent], replaced: dict[tuple[str, str], str]
) -> None:
    """Ask of each file that is named as the copy of another whether it replaces it."""
    by_name = {file.name: file for file in received}
    for earlier, later in copies_of(sent, replaced):
        shared = [stream for stream in later.streams if stream in earlier.streams]
        asked = Asked(by_name[later.name].settled.of(later.agency, ""))
        answer = asked.ask(
            "same return",
            f"{earlier.name} {later.name}",
            say.SAME_RETURN.format(earlier=earlier.name, later=later.name),
            (
                Choice("replaces", say.REPLACES_IT.format(later=later.name)),
                Choice("both", say.BOTH_COUNT),
            ),
        )
        if answer == "replaces":
            replaced.update({(earlier.name, stream): later.name for stream in shared})
        for name in (earlier.name, later.name):
            by_name[name].of_the_file.open += asked.open
            by_name[name].of_the_file.answered += asked.answered


def _waiting(file: Received, sheet: str, stream: str, table: Table) -> Iterator[Row]:
    """Each row that waits, once for each of its questions."""
    whole = file.of_the_file.waiting(table.rows.index)
    for row in map(int, table.rows.index):
        for scope, found in (("", whole), (stream, table.waiting)):
            for question in found.get(row, ()):
                name = question_id(file.agency, scope, question)
                place = (stream, file.name, sheet, row, question.column, name)
                told = (in_language(question.said, lang) for lang in OTHER_LANGUAGES)
                yield (*place, question.kind, question.said, *told)


def _questions(file: Received, current: set[str]) -> Iterator[Row]:
    """The questions of a file, open and answered; each file-wide one once."""
    rows = sum(len(table.rows) for _, stream, table in file.tables if stream in current)
    for sheet, stream, asked in [("", "", file.of_the_file), *file.asked]:
        if stream and stream not in current:
            continue
        every = (
            rows
            if not stream
            else next(
                len(table.rows)
                for name, other, table in file.tables
                if (name, other) == (sheet, stream)
            )
        )
        both = [*((question, "") for question in asked.open), *asked.answered]
        for question, answer in both:
            number = every if question.rows is None else len(question.rows)
            yield (
                question_id(file.agency, stream, question),
                file.name,
                sheet,
                stream,
                question.kind,
                question.about,
                question.column,
                question.said,
                "\n".join(choice.answer for choice in question.choices),
                number,
                answer,
            )


def _file_row(file: Received, name: str, later: str) -> Row:
    state = "replaced" if later else "current"
    version = max(file.about.version.number + file.about.version.marked, file.cover.version or 1)
    sent = file.cover.sent.isoformat() if file.cover.sent else ""
    first, last = file.months or ("", "")
    about = (file.agency, file.year, state, later, file.simulated, version, sent, first, last)
    return (name, file.sha256, *about, file.cover.contact_role)


def _with_provenance(rows: pd.DataFrame, file: Received, sheet: str) -> pd.DataFrame:
    place: dict[str, Any] = {
        "file": file.name,
        "sheet": sheet,
        "row": rows.index.to_numpy(dtype="int64"),
        "submitted_by": file.agency,
        "submitted_for": file.year,
        "source": "simulated" if file.simulated else "register",
    }
    return rows.assign(**place).reset_index(drop=True)


def _one_frame(parts: list[pd.DataFrame], stream: str, codebook: Codebook) -> pd.DataFrame:
    names = [*(column.name for column in codebook.stream(stream).columns), *PROVENANCE]
    if parts:
        return pd.concat(parts, ignore_index=True)[names]
    frame = pd.DataFrame(columns=names, dtype="str")
    return frame.astype({"row": "int64", "submitted_for": "int64"})


def _table(rows: list[Row], names: tuple[str, ...]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=list(names))
    counted = set(
        """rows_read blank_rows title_rows totals_rows forgotten_rows submitted_for version
        rows""".split()
    )
    true_or_false = {"nil_return", "simulated"}
    types = {
        name: "int64" if name in counted else "bool" if name in true_or_false else "str"
        for name in names
        if name != "row"
    }
    return table.astype(types)
