"""Which column of a sheet is which of the form's, and in what unit; asked where it is not plain."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation
from itertools import pairwise
from typing import get_args

import pandas as pd

from atips_analysis.cleaning.recipe import cleaner_of
from atips_analysis.codebook import Codebook, Column, HeaderMatch, Stream, fold
from atips_analysis.codebook.synonyms import How
from atips_analysis.errors import InputError
from atips_analysis.intake import receipt_words as say
from atips_analysis.intake.grid import Grid
from atips_analysis.intake.header import Header
from atips_analysis.intake.header_reading import Reading
from atips_analysis.intake.questions import COUNT, LEAVE, Asked, Choice
from atips_analysis.words.said import Message

DOUBTFUL = {"planned", "estimate", "cumulative", "previous", "part", "fiscal"}
"""What a header may say besides its column that makes a figure another one."""
UNIT_OF = {
    "sentence_months": "month",
    "age_years_ident": "year",
    "days_from_identification": "day",
    "ack_working_days": "working day",
}
MUST_SAY_UNIT = {"sentence_months"}
FACTORS = {("year", "month"): 12, ("week", "day"): 7}
LONGEST = {"year": 60, "week": 260}
SIDE_BY_SIDE = 3  # headers that all stand twice make two tables
SAMPLE = 3
# Columns that the feedback workbook adds for the agency; they come back with the correction.
FEEDBACK = {fold(text) for text in ("Verdict", "Dictamen", "What to do", "Qué hacer")}

Note = tuple[int | None, str, str]


@dataclass
class Columns:
    """Where each of the form's columns stands in the sheet, and what becomes of its figures."""

    places: dict[str, int]
    change: dict[str, Callable[[pd.Series], pd.Series]] = field(default_factory=dict)
    constant: dict[str, str] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)


@dataclass(frozen=True)
class Beside:
    """A text beside the table, or between its rows: of which rows it may say something (all: None)."""

    text: str
    rows: frozenset[int] | None = None


@dataclass(frozen=True)
class Sheet:
    """What is known of a sheet when its columns are chosen."""

    grid: Grid
    header: Header
    rows: pd.DataFrame
    stream: Stream
    codebook: Codebook
    year: int
    file: str
    beside: tuple[Beside, ...] = ()

    @property
    def is_feedback(self) -> bool:
        """Whether it is a sheet of a feedback workbook, whose colours and comments are ours."""
        return any(fold(text) in FEEDBACK for text in self.header.texts.values())

    def text(self, position: int) -> str:
        return self.header.texts[position]

    def in_a_line(self, position: int) -> str:
        """The header, its two rows in one line: an answer that names it is one line of a file."""
        return " / ".join(self.header.texts[position].split("\n"))

    def sample(self, values: pd.Series) -> str:
        return ", ".join(values.dropna().astype(str).head(SAMPLE)) or "-"

    def first(self, position: int) -> str:
        filled = self.rows[position].dropna()
        return str(filled.iloc[0]) if len(filled) else "-"


def choose_columns(sheet: Sheet, asked: Asked) -> Columns:
    """The place of each column, with questions where a header or two say more than one thing.

    Raises
    ------
    InputError
        If two tables stand side by side.
    """
    _refuse_side_by_side(sheet)
    chosen = Columns({})
    for column in sheet.stream.columns:
        candidates = _candidates(sheet, column, chosen)
        if not candidates:
            continue
        position = (
            candidates[0]
            if len(candidates) == 1
            else _one_of(sheet, column, candidates, chosen, asked)
        )
        if position is None:
            continue
        chosen.places[column.name] = position
        if position in sheet.grid.marks.hidden_columns:
            note = say.N_HIDDEN_COLUMN.format(header=repr(sheet.text(position)))
            chosen.notes.append((sheet.header.row, "", note))
        _meaning(sheet, column, position, chosen, asked)
    if any("\n" in text for text in sheet.header.texts.values()) and (
        sheet.header.last_row > sheet.header.row
    ):
        said = ", ".join(
            f"{text.replace(chr(10), ' / ')!r}"
            for text in sheet.header.texts.values()
            if "\n" in text
        )
        chosen.notes.append((sheet.header.row, "", say.N_TWO_ROWS.format(said=said)))
    return chosen


def _candidates(sheet: Sheet, column: Column, chosen: Columns) -> list[int]:
    """Headers that name the column: shares and other years are no rivals of a count of this one."""
    readings = sheet.header.readings
    named = [
        place
        for place, reading in readings.items()
        if reading.match.column == column.name and place in sheet.rows
    ]
    kept = []
    for place in named:
        reading = readings[place]
        rivals = [readings[other] for other in named if other != place]
        why = _no_rival(reading, rivals, sheet.year)
        if why:
            note = why.format(header=repr(sheet.text(place)))
            chosen.notes.append((sheet.header.row, "", note))
        else:
            kept.append(place)
    return sorted(kept, key=lambda place: _rank(readings[place], sheet.year))


def _no_rival(reading: Reading, rivals: list[Reading], year: int) -> Message | None:
    """Why a header is certainly not the column, in words; None where it may be."""
    if "share" in reading.kinds:
        return say.N_SHARE
    others = [rival for rival in rivals if "share" not in rival.kinds]
    if (
        reading.years
        and year not in reading.years
        and any(rival.years == (year,) for rival in others)
    ):
        return say.N_OTHER_YEAR
    if "previous" in reading.kinds and any("previous" not in rival.kinds for rival in others):
        return say.N_OTHER_YEAR
    return None


def _rank(reading: Reading, year: int) -> tuple[bool, int]:
    return not _is_plain(reading, year), get_args(How).index(reading.match.how)


def _is_plain(reading: Reading, year: int) -> bool:
    """Whether it says nothing that could make the figures other than the form's."""
    return not (
        set(reading.kinds) & DOUBTFUL
        or reading.other
        or (reading.years and reading.years != (year,))
    )


def _one_of(
    sheet: Sheet, column: Column, candidates: list[int], chosen: Columns, asked: Asked
) -> int | None:
    """One of several headers of a column, by what stands below them; asked where they differ."""
    best = candidates[0]
    cleaned = {place: _cleaned(sheet.rows[place], column, sheet.codebook) for place in candidates}
    rivals = [best]
    for place in candidates[1:]:
        both = cleaned[best].notna() & cleaned[place].notna()
        if ((cleaned[best][both] == cleaned[place][both]).all() and both.any()) or (
            sheet.rows[place].isna().all()
        ):
            text = sheet.text(place)
            chosen.notes.append((sheet.header.row, "", say.N_TWICE.format(header=repr(text))))
        elif _rivals(sheet, column, best, place, cleaned[place]):
            rivals.append(place)
        else:
            chosen.notes.append(
                (sheet.header.row, "", say.N_NOT_USED.format(header=repr(sheet.text(place))))
            )
    if len(rivals) == 1:
        return best
    return _asked_which(sheet, column, rivals, asked)


def _rivals(sheet: Sheet, column: Column, best: int, place: int, cleaned: pd.Series) -> bool:
    """Whether a second header could be meant: it can be read as the column at all, and either the
    column counts or dates, or neither header is the form's own."""
    readings = sheet.header.readings
    same_words = fold(sheet.text(best)) == fold(sheet.text(place))
    said = not (readings[best].plain and readings[place].plain)
    own = readings[best].match.how in ("exact", "label")
    counts = column.type in ("count", "month", "age")
    return bool(cleaned.notna().any()) and (counts or same_words or said or not own)


def _asked_which(sheet: Sheet, column: Column, rivals: list[int], asked: Asked) -> int | None:
    label = column.label_en
    parts = [f"{sheet.in_a_line(place)} {sheet.first(place)}" for place in rivals]
    choices = [
        Choice(
            sheet.in_a_line(place),
            say.TAKE_COLUMN.format(
                label=label, header=sheet.in_a_line(place), sample=sheet.sample(sheet.rows[place])
            ),
        )
        for place in rivals
    ]
    answer = asked.ask(
        "column",
        " / ".join(sheet.in_a_line(place) for place in rivals),
        say.WHICH_COLUMN.format(headers=" · ".join(parts), label=label),
        [*choices, Choice(LEAVE, say.NO_COLUMN.format(label=label))],
        column=column.name,
    )
    if answer == LEAVE:
        return None
    return next((place for place in rivals if sheet.in_a_line(place) == answer), rivals[0])


def _meaning(sheet: Sheet, column: Column, position: int, chosen: Columns, asked: Asked) -> None:
    """What a header says besides the column's name: asked about, or its unit converted."""
    reading = sheet.header.readings[position]
    if any(question.column == column.name for question in asked.open):
        return
    if column.type == "count" and "cumulative" in reading.kinds:
        _running_total(sheet, column, position, chosen, asked)
    elif not _is_plain(reading, sheet.year) and not _chosen_by_answer(column, asked):
        _doubtful(sheet, column, position, chosen, asked)
    if column.type in ("count", "age"):
        _in_unit(sheet, column, position, chosen, asked)


def _chosen_by_answer(column: Column, asked: Asked) -> bool:
    """Whether somebody said which of several headers is the column, and so what it means."""
    return any(
        question.kind == "column" and question.column == column.name
        for question, _ in asked.answered
    )


def _doubtful(sheet: Sheet, column: Column, position: int, chosen: Columns, asked: Asked) -> None:
    values = sheet.rows[position]
    label = column.label_en
    answer = asked.ask(
        "meaning",
        sheet.text(position),
        say.WHAT_IT_MEANS.format(
            header=sheet.text(position), first=sheet.first(position), label=label
        ),
        (
            Choice(COUNT, say.AS_IT_STANDS.format(sample=sheet.sample(values))),
            Choice(LEAVE, say.NOT_THIS.format(label=label)),
        ),
        column=column.name,
    )
    if answer == LEAVE:
        del chosen.places[column.name]


def _running_total(
    sheet: Sheet, column: Column, position: int, chosen: Columns, asked: Asked
) -> None:
    values = sheet.rows[position]
    # Figures that fall are no single running total: several may stand below one another.
    rising = [number for text in values.dropna() if (number := number_of(str(text))) is not None]
    one_run = all(a <= b for a, b in pairwise(rising))
    steps = Choice("differences", say.DIFFERENCES.format(sample=sheet.sample(differences(values))))
    answer = asked.ask(
        "running total",
        sheet.text(position),
        say.RUNNING_TOTAL.format(header=sheet.text(position), first=sheet.first(position)),
        (
            *([steps] if one_run else []),
            Choice(COUNT, say.AS_IT_STANDS.format(sample=sheet.sample(values))),
        ),
        column=column.name,
    )
    if answer == "differences":
        chosen.change[column.name] = differences


def _in_unit(sheet: Sheet, column: Column, position: int, chosen: Columns, asked: Asked) -> None:
    reading = sheet.header.readings[position]
    own = UNIT_OF.get(column.name, "")
    if own and reading.unit != own:
        must = column.name in MUST_SAY_UNIT and reading.match.how not in ("exact", "label")
        if reading.unit or must:
            _other_unit(sheet, column, position, own, chosen, asked)
    elif not own and reading.unit and reading.unit not in ("month", "year"):
        _doubtful(sheet, column, position, chosen, asked)
    if reading.times != 1:
        _multiplied(sheet, column, position, reading.times, chosen, asked)


def _other_unit(
    sheet: Sheet, column: Column, position: int, own: str, chosen: Columns, asked: Asked
) -> None:
    """Years into months and weeks into days, unless a figure is too large for that."""
    unit = sheet.header.readings[position].unit
    values, text = sheet.rows[position], sheet.text(position)
    factor = FACTORS.get((unit, own))
    numbers = [number for value in values.dropna() if (number := number_of(str(value))) is not None]
    if factor and all(number <= LONGEST[unit] for number in numbers):
        chosen.change[column.name] = lambda column_: multiplied(column_, factor)
        note = say.N_UNITS.format(
            header=repr(text), unit=say.UNITS[str(unit)], own=say.UNITS[own], factor=factor
        )
        chosen.notes.append((sheet.header.row, "", note))
        return
    first = sheet.first(position)
    units = [own, *(other for other, to in FACTORS if to == own)]
    choices = [
        Choice(
            one,
            say.IN_UNIT.format(
                first=first,
                result=first if one == own else _times(first, FACTORS[(one, own)]),
                unit=f"{own}s",
            ),
        )
        for one in units
    ]
    answer = asked.ask(
        "unit",
        text,
        say.UNIT.format(header=text, unit=f"{own}s", first=first),
        choices,
        column=column.name,
    )
    if answer and answer != own:
        by = FACTORS[(answer, own)]
        chosen.change[column.name] = lambda column_: multiplied(column_, by)


def _multiplied(
    sheet: Sheet, column: Column, position: int, times: int, chosen: Columns, asked: Asked
) -> None:
    """'000: multiplied, unless the figures look whole already or the sheet shows others."""
    values, text = sheet.rows[position], sheet.text(position)
    numbers = [number for value in values.dropna() if (number := number_of(str(value))) is not None]
    shown = any((row, position) in sheet.grid.marks.shown for row in values.index)
    if not shown and all(number < 1000 for number in numbers):
        chosen.change[column.name] = lambda column_: multiplied(column_, times)
        note = say.N_TIMES.format(header=repr(text), times=times)
        chosen.notes.append((sheet.header.row, "", note))
        return
    first = sheet.first(position)
    answer = asked.ask(
        "multiplier",
        text,
        say.MULTIPLIER.format(header=text, times=times, first=first),
        (
            Choice("multiply", say.TIMES.format(first=first, result=_times(first, times))),
            Choice(COUNT, say.AS_IT_STANDS.format(sample=sheet.sample(values))),
        ),
        column=column.name,
    )
    if answer == "multiply":
        chosen.change[column.name] = lambda column_: multiplied(column_, times)


def _refuse_side_by_side(sheet: Sheet) -> None:
    """Headers that all stand twice, with different values: two tables, of which one would be lost."""
    header, twice = sheet.header, []
    first: dict[str, int] = {}
    for position, text in header.texts.items():
        if position not in sheet.rows or header.readings[position].match.how == "ignored":
            continue
        if fold(text) in first:
            twice.append((first[fold(text)], position))
        first.setdefault(fold(text), position)
    differ = [
        position
        for one, position in twice
        if not (sheet.rows[position].isna() | (sheet.rows[position] == sheet.rows[one])).all()
    ]
    if len(twice) >= SIDE_BY_SIDE and differ:
        raise InputError(
            f"the column {header.texts[differ[0]]!r} stands twice with different values; keep "
            "one (tables side by side go below one another)",
            file=sheet.file,
            sheet=sheet.grid.name,
            row=header.row,
        )


def _cleaned(values: pd.Series, column: Column, codebook: Codebook) -> pd.Series:
    """The values in the column's form; missing where they cannot be read as one."""
    if column.type == "id":
        return values
    cleaner = cleaner_of(column, codebook)
    known: dict[str, str | None] = {}
    for text in values.dropna().unique():
        found = cleaner(" ".join(str(text).split()))
        known[text] = found.value if found else None
        # Cleaning keeps what is no code among several for the rules to find.
        if found and column.type == "codes":
            codes = set(codebook.codelist(column.codelist).table["code"])
            known[text] = found.value if set(found.value.split(";")) <= codes else None
    return values.map(known)


def number_of(text: str) -> Decimal | None:
    """A figure as written, with or without a separator of thousands; 12,5 is 12.5."""
    bare = text.strip().replace(" ", "")
    parted = re.fullmatch(r"[1-9]\d{0,2}(,\d{3})+(\.\d*)?", bare)
    try:
        return Decimal(bare.replace(",", "" if parted else "."))
    except InvalidOperation:
        return None


def _times(text: str, factor: int) -> str:
    number = number_of(text)
    return text if number is None else plain(number * factor)


def plain(number: Decimal) -> str:
    """A number without exponent or needless zeros."""
    return str(int(number)) if number == number.to_integral_value() else f"{number.normalize():f}"


def multiplied(values: pd.Series, factor: int) -> pd.Series:
    """The figures times `factor`; what is no figure stays as it was written."""
    known = {text: _times(str(text), factor) for text in values.dropna().unique()}
    return values.map(known).astype("str").where(values.notna())


def differences(values: pd.Series) -> pd.Series:
    """A running total's steps; what is no figure, and what falls, stays as it was written."""
    before, found = Decimal(0), []
    for text in values:
        number = number_of(str(text)) if isinstance(text, str) else None
        if number is None or number < before:
            found.append(text)
            continue
        found.append(plain(number - before))
        before = number
    return pd.Series(found, index=values.index, dtype="str")


def with_match(header: Header, places: dict[str, int]) -> Header:
    """The header with the columns that were chosen; all other headers are not used."""
    by_place = {place: name for name, place in places.items()}
    return replace(
        header,
        matches={
            place: HeaderMatch(by_place[place], reading.match.how)
            if place in by_place
            else HeaderMatch("", "ignored")
            for place, reading in header.readings.items()
        },
    )
