"""Which column of a sheet is which of the form's; asked where it is not plain."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

import pandas as pd

from atips_analysis.cleaning.recipe import cleaner_of
from atips_analysis.codebook import Codebook, Column, HeaderMatch, fold
from atips_analysis.codebook.synonyms import How
from atips_analysis.errors import InputError
from atips_analysis.intake import receipt_words as say
from atips_analysis.intake.header import Header
from atips_analysis.intake.header_reading import Reading
from atips_analysis.intake.meaning_questions import ask_about_meaning
from atips_analysis.intake.questions import LEAVE, Asked, Choice
from atips_analysis.intake.sheet import ChosenColumn, Columns, Sheet
from atips_analysis.words.said import Message

SIDE_BY_SIDE = 3  # headers that all stand twice make two tables


def choose_columns(sheet: Sheet, asked: Asked) -> Columns:
    """The place of each column, with questions where a header or two say more than one thing.

    Raises InputError if two tables stand side by side.
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
        own = ChosenColumn(sheet, column, position, chosen, asked)
        if position in sheet.grid.marks.hidden_columns:
            own.note(say.N_HIDDEN_COLUMN)
        ask_about_meaning(own)
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
            sheet.note(chosen, why, place)
        else:
            kept.append(place)
    order = get_args(How)
    return sorted(
        kept,
        key=lambda place: (
            not readings[place].is_plain(sheet.year),
            order.index(readings[place].match.how),
        ),
    )


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
            sheet.note(chosen, say.N_TWICE, place)
        elif _rivals(sheet, column, best, place, cleaned[place]):
            rivals.append(place)
        else:
            sheet.note(chosen, say.N_NOT_USED, place)
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
