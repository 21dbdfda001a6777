"""Submissions as agencies write them: their own words, sheets and habits. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from atips_analysis.codebook import Codebook, Column, Stream
from atips_analysis.example.generation import Example
from atips_analysis.example.month_steps import split
from atips_analysis.example.scenario import Row, Scenario

Verdict = Literal[
    "accepted", "accepted after cleaning", "quarantined", "duplicate", "warning", "left out"
]
Key = tuple[str, int, str]
"""Agency, year, stream."""

SIMULATED_MARK = "SIMULATED RECORDS – not records of real persons"


@dataclass(frozen=True)
class Slip:
    """A mistake (or an oddity) that was planted, and what should become of it."""

    column: str
    what: str
    verdict: Verdict
    rule: str


@dataclass
class Entry:
    """A line of a sheet: the true row in codes, what is written instead, and the slips in it.

    A line of kind `blank` or `totals` is no data row.
    """

    row: Row
    written: dict[str, str] = field(default_factory=dict)
    slips: list[Slip] = field(default_factory=list)
    kind: Literal["data", "blank", "totals"] = "data"


Drafts = dict[Key, list[Entry]]


@dataclass(frozen=True)
class Habit:
    """How an agency writes: codes or labels of which language, months, yes and no."""

    words: Literal["codes", "en", "es"] = "en"
    months: Literal["iso", "date", "named", "short"] = "iso"
    yes_no: tuple[str, str] = ("Yes", "No")
    headers: Mapping[str, str] = field(default_factory=dict)
    sheets: Literal["codes", "labels"] = "labels"


Labels = Mapping[str, Mapping[str, str]]
"""Column to code to label, in the agency's language."""


@dataclass(frozen=True)
class Cell:
    """What stands in a cell: text, a whole number, or the first day of a month as a date."""

    text: str
    kind: Literal["text", "number", "date"] = "text"


@dataclass(frozen=True)
class WrittenLine:
    """A line of data, the values that it stands for and what is wrong with it on purpose."""

    cells: tuple[Cell, ...]
    values: Mapping[str, str]
    slips: tuple[Slip, ...]
    kind: str


@dataclass(frozen=True)
class WrittenSheet:
    """A sheet or CSV: lines of title, a header, lines of data."""

    name: str
    stream: str
    titles: tuple[str, ...]
    header: tuple[str, ...]
    lines: tuple[WrittenLine, ...]


@dataclass(frozen=True)
class Submission:
    """One file. `nil_returns` are streams whose cover says that there was nothing to report."""

    file: str
    agency: str
    year: int
    lang: Literal["en", "es"]
    sheets: tuple[WrittenSheet, ...]
    nil_returns: tuple[str, ...] = ()
    version: int = 1
    replaces: str = ""
    notes: tuple[str, ...] = ()
    separator: str = ","
    encoding: str = "utf-8"
    slips: tuple[tuple[str, Slip], ...] = ()

    @property
    def is_csv(self) -> bool:
        return self.file.endswith(".csv")


def draft(example: Example) -> Drafts:
    """The true rows, sheet by sheet."""
    drafts: Drafts = {}
    for record in example.records:
        drafts.setdefault((record.agency, record.year, record.stream), []).append(
            Entry(dict(record.row))
        )
    for (agency, year), streams in _nil_returns(example.scenario).items():
        for stream in streams:
            drafts.setdefault((agency, year, stream), [])
    return drafts


def _nil_returns(scenario: Scenario) -> dict[tuple[str, int], tuple[str, ...]]:
    """Agency and year to the streams of which the cover says that there was nothing."""
    return {
        (agency, year): tuple(streams) for agency, year, streams in scenario.said["returns"]["nil"]
    }


def write_down(drafts: Drafts, codebook: Codebook, scenario: Scenario) -> list[Submission]:
    """The drafts as files: a workbook an agency and year, and some CSV files."""
    said = scenario.said["returns"]
    in_csv = {tuple(key) for key in said["csv"]}
    nil = _nil_returns(scenario)
    notes = {(agency, year): tuple(lines) for agency, year, *lines in said["notes"]}
    books: dict[tuple[str, int], list[WrittenSheet]] = {}
    files: list[Submission] = []
    streams = list(codebook.streams)
    for key in sorted(drafts, key=lambda key: (key[0], key[1], streams.index(key[2]))):
        agency, year, _ = key
        sheet = sheet_of(key, drafts[key], codebook, scenario)
        if key in in_csv:
            files.append(_csv(key, sheet, scenario))
        else:
            books.setdefault((agency, year), []).append(sheet)
    for (agency, year), sheets in books.items():
        files.append(
            Submission(
                file=f"{agency}_{year}.xlsx",
                agency=agency,
                year=year,
                lang="es" if habit_of(scenario, agency, year).words == "es" else "en",
                sheets=tuple(sheets),
                nil_returns=nil.get((agency, year), ()),
                notes=notes.get((agency, year), ()),
            )
        )
    return sorted(files, key=lambda submission: (submission.year, submission.file))


def _csv(key: Key, sheet: WrittenSheet, scenario: Scenario) -> Submission:
    agency, year, stream = key
    spanish = habit_of(scenario, agency, year).words == "es"
    return Submission(
        file=f"{agency}_{year}_{stream}.csv",
        agency=agency,
        year=year,
        lang="es" if spanish else "en",
        sheets=(sheet,),
        separator=";" if spanish else ",",
        encoding="cp1252" if spanish else "utf-8",
    )


def habit_of(scenario: Scenario, agency: str, year: int) -> Habit:
    """How an agency writes its return of a year; the plain form where the scenario says nothing."""
    said = scenario.said["habits"].get(agency, {})
    if year < said.get("from", year):
        said = {}
    habit = {name: value for name, value in said.items() if name != "from"}
    if "yes_no" in habit:
        habit["yes_no"] = tuple(habit["yes_no"])
    return Habit(**habit)


def sheet_of(
    key: Key, entries: list[Entry], codebook: Codebook, scenario: Scenario
) -> WrittenSheet:
    """One sheet in the agency's own words."""
    agency, year, name = key
    stream = codebook.stream(name)
    habit = habit_of(scenario, agency, year)
    lang: Literal["en", "es"] = "es" if habit.words == "es" else "en"
    columns = _columns_sent(stream, entries)
    own = codebook.codelist("source_agency").label(agency, lang)
    labels = {
        column.name: codebook.codelist(column.codelist).attribute(f"label_{lang}")
        for column in columns
        if column.codelist
    }
    return WrittenSheet(
        name=name if habit.sheets == "codes" else stream.label(lang),
        stream=name,
        titles=(SIMULATED_MARK, f"{own}: {stream.label(lang)} {year}"),
        header=tuple(habit.headers.get(column.name, column.label(lang)) for column in columns),
        lines=tuple(_line(entry, columns, habit, labels) for entry in entries),
    )


def _columns_sent(stream: Stream, entries: list[Entry]) -> list[Column]:
    """Required columns, and the optional ones in which the agency has anything."""
    return [
        column
        for column in stream.columns
        if column.required
        or any(entry.row.get(column.name) or entry.written.get(column.name) for entry in entries)
    ]


def _line(entry: Entry, columns: list[Column], habit: Habit, labels: Labels) -> WrittenLine:
    if entry.kind == "data":
        cells = {
            column.name: Cell(entry.written[column.name])
            if column.name in entry.written
            else _cell(column, entry.row.get(column.name, ""), habit, labels)
            for column in columns
        }
    else:
        cells = {column.name: Cell(entry.written.get(column.name, "")) for column in columns}
    return WrittenLine(
        cells=tuple(cells.values()),
        values={name: cell.text for name, cell in cells.items()},
        slips=tuple(entry.slips),
        kind=entry.kind,
    )


def _cell(column: Column, value: str, habit: Habit, labels: Labels) -> Cell:
    if not value:
        return Cell("")
    match column.type:
        case "year" | "count" | "age":
            return Cell(value, "number")
        case "bool":
            return Cell(habit.yes_no[0] if value == "yes" else habit.yes_no[1])
        case "month":
            return Cell(*_month(value, habit))
        case "code" | "codes" if habit.words != "codes":
            return Cell("; ".join(labels[column.name].get(code, code) for code in value.split(";")))
        case _:
            return Cell(value)


MONTHS_EN = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
MONTHS_ES = (
    "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre",
    "octubre", "noviembre", "diciembre",
)  # fmt: skip


def _month(value: str, habit: Habit) -> tuple[str, Literal["text", "date"]]:
    year, number = split(value)
    names = MONTHS_ES if habit.words == "es" else MONTHS_EN
    match habit.months:
        case "date":
            return value, "date"
        case "named":
            return f"{names[number - 1]} {year}", "text"
        case "short":
            return f"{names[number - 1][:3]} {year}", "text"
        case _:
            return value, "text"
