"""Values of a column that can be read in two ways, seen only when the column is looked at whole."""

from __future__ import annotations

from itertools import pairwise

import pandas as pd

from atips_analysis.cleaning.months import month_number, month_of
from atips_analysis.cleaning.values import is_placeholder
from atips_analysis.intake import receipt_words as say
from atips_analysis.intake.code_questions import ask_about_codes
from atips_analysis.intake.count_questions import ask_about_figures
from atips_analysis.intake.month_questions import ask_about_months
from atips_analysis.intake.naming import stream_of_sheet
from atips_analysis.intake.questions import COUNT, Asked, Choice
from atips_analysis.intake.sheet import ChosenColumn, Columns, Sheet
from atips_analysis.intake.year_beside import year_beside

WITHOUT_NUMBER = ("inspections", "reports", "screenings", "counts")
"""Streams whose rows have no number of their own: a row a total, or a row an event."""
OUTLINE = 0.3  # share of blank cells from which a column may be filled in a group's first row only


def ask_about_values(sheet: Sheet, chosen: Columns, asked: Asked) -> None:
    """Ask about each column that was chosen, and set down how its values are to be changed."""
    _no_count(sheet, chosen, asked)
    _named_by_sheet(sheet, chosen, asked)
    beside = year_beside(sheet, chosen)
    for name, place in list(chosen.places.items()):
        own = ChosenColumn(sheet, sheet.stream.column(name), place, chosen, asked)
        if own.column.type == "month":
            ask_about_months(own, beside)
        elif own.column.type in ("count", "age"):
            ask_about_figures(own)
        elif own.column.type in ("code", "codes"):
            ask_about_codes(own)
        _outline(own)


def _no_count(sheet: Sheet, chosen: Columns, asked: Asked) -> None:
    """A list of events without a column of counts: a row each?"""
    counts = [column for column in sheet.stream.columns if column.type == "count"]
    if (
        sheet.stream.name not in WITHOUT_NUMBER
        or len(counts) != 1
        or counts[0].name in chosen.places
        or not len(sheet.rows)
    ):
        return
    label, number = counts[0].label_en, len(sheet.rows)
    answer = asked.ask(
        "row each",
        f"no column of {label}",
        say.ROW_EACH.format(label=label),
        (Choice(COUNT, say.EACH_ROW_ONE.format(rows=number)),),
        column=counts[0].name,
    )
    if answer == COUNT:
        chosen.constant[counts[0].name] = "1"


def _named_by_sheet(sheet: Sheet, chosen: Columns, asked: Asked) -> None:
    """A sheet a district or a month: its name says what no column holds."""
    name = sheet.grid.name.strip()
    of_a_stream = stream_of_sheet(name, sheet.codebook) is not None  # "Awareness" is a theme too
    if not sheet.grid.from_workbook or not len(sheet.rows) or of_a_stream:
        return
    for column in sheet.stream.columns:
        said = None
        if column.name in chosen.places:
            continue
        if column.type == "month":
            number = None if name.isdecimal() else month_number(name)
            said = month_of(name) or (number and f"{sheet.year}-{number:02d}")
        elif column.codelist:
            said = sheet.codebook.code_of(column.codelist, name) and name
        if not said:
            continue
        label = column.label_en
        answer = asked.ask(
            "name of the sheet",
            label,
            say.SHEETS_NAME.format(name=repr(name), label=label),
            (
                Choice("fill", say.FROM_SHEETS_NAME.format(label=label, name=said)),
                Choice(COUNT, say.NOT_FROM_NAME.format(label=label)),
            ),
            column=column.name,
        )
        if answer == "fill":
            chosen.constant[column.name] = said


def _outline(own: ChosenColumn) -> None:
    """A column filled in on the first row of each group only, as people write lists."""
    values = own.values
    if own.column.type not in ("code", "month", "id") or len(values) < 3 or pd.isna(values.iloc[0]):
        return
    blank = values.isna()
    if blank.mean() < OUTLINE:
        return
    filled = [text for text in values.dropna() if not is_placeholder(str(text))]
    repeats = any(a == b for a, b in pairwise(filled))
    if repeats or len(filled) < 2:
        return
    # Left of all others a column groups; elsewhere only where every value heads blanks of its own.
    heads = not (values.notna() & values.shift(-1).notna()).any()
    apart = own.column.type == "code" and heads and len(set(filled)) == len(filled)
    if not (apart or own.place == min(own.chosen.places.values())):
        return
    answer = own.ask(
        "blank below",
        say.BLANK_BELOW.format(header=own.header),
        (Choice("fill", say.FILLED_DOWN), Choice(COUNT, say.STAY_BLANK)),
        values.index[blank],
    )
    if answer == "fill":
        own.then(lambda column_: column_.ffill())
