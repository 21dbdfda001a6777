"""Counts and ages that can be read in two ways, seen only when their column is looked at whole."""

from __future__ import annotations

import re
from datetime import date
from itertools import pairwise

import pandas as pd

from atips_analysis.cleaning.months import EXCEL_EPOCH
from atips_analysis.codebook import fold, words
from atips_analysis.intake import receipt_words as say
from atips_analysis.intake.figures import differences, number_of
from atips_analysis.intake.header_reading import says_nothing
from atips_analysis.intake.questions import COUNT, Choice, Kind
from atips_analysis.intake.sheet import ISO_DATE, ChosenColumn, mapped
from atips_analysis.words.said import Message

BARE = set(words("No N Num Number Numero Total Totals Count Quantity Qty Cantidad Cant Conteo"))
"""Headers of a count, folded, that may as well number the rows."""
LAST_SMALL = date(1990, 1, 1)
MANY_NUMBERS = 4
OWN_NAMES = 4  # headers that are the codebook's own names: then "n" is its column of counts
MARKS: tuple[tuple[Kind, Message, str], ...] = (
    ("comma", say.COMMA, ","),
    ("full stop", say.FULL_STOP, "."),
)
"""What may part thousands or decimals, and how it is asked about."""
SAME_DIGITS = r"([789])\1{2,4}"
"""999, 8888, 77777: what forms of surveys and registers have written where a number is not known."""


def ask_about_figures(own: ChosenColumn) -> None:
    """Ask what a column of counts or ages means where its figures leave it open."""
    _running_number(own)
    _shown(own)
    if own.column.type == "count":
        _parted(own)
        _not_known(own)
    _numbers_in_dates(own)


def _running_number(own: ChosenColumn) -> None:
    """ "No." over 1, 2, 3 numbers the rows, or counts."""
    readings = own.sheet.header.readings
    own_names = sum(own.sheet.text(other) == readings[other].match.column for other in readings)
    if fold(own.header) not in BARE or (own.header == own.column.name and own_names >= OWN_NAMES):
        return
    numbers = [number_of(str(text)) for text in own.values.dropna()]
    if len(numbers) < 2 or None in numbers:
        return
    whole = [int(number) for number in numbers if number is not None]
    spread = sorted(whole)
    without_gap = spread == list(range(spread[0], spread[0] + len(spread))) and (
        spread[0] == 1 or len(spread) >= MANY_NUMBERS
    )
    rising = len(whole) >= MANY_NUMBERS and all(a < b for a, b in pairwise(whole))
    if not (without_gap or rising):
        return
    label = own.column.label_en
    answer = own.ask(
        "running number",
        say.RUNNING_NUMBER.format(
            header=own.header, values=", ".join(map(str, whole[:3])) + " …", label=label
        ),
        (
            Choice("rows", say.EACH_ROW_ONE.format(rows=len(whole))),
            Choice(COUNT, say.COUNTS.format(total=sum(whole))),
        ),
    )
    if answer == "rows":
        del own.chosen.places[own.column.name]
        own.chosen.constant[own.column.name] = "1"


def _shown(own: ChosenColumn) -> None:
    """The number format shows another figure than the cell holds."""
    shown = own.sheet.grid.marks.shown
    values = own.values
    rows = [
        int(row)
        for row in own.sheet.rows.index
        if (row, own.place) in shown
        and not says_nothing(shown[row, own.place].replace(str(values.loc[row]), "", 1))
    ]
    if not rows:
        return
    value = str(own.values.loc[rows[0]])
    text = say.SHOWN.format(header=own.header, shown=shown[rows[0], own.place], value=value)
    choices = (Choice("stored", say.TAKE_STORED.format(value=value)),)
    own.ask("shown", text, choices, rows)


def _parted(own: ChosenColumn) -> None:
    """11,000 and 11.000 may be eleven thousand, or eleven with decimals.

    Figures that are clear by themselves are read (1,234,567; 11,5 is no count). So is 1,234 where
    the program is one whose decimal sign is the full stop: only such a program parts columns by
    commas, and agencies' Excel is one (en_BZ, and es of Central America but Costa Rica), so that a
    text in a workbook counts as its own. Programs with a decimal comma part columns by semicolons;
    a tab or a bar tells nothing. A full stop before three digits is the decimal sign of the former
    and parts thousands by the latter and by hand: it is always asked about.
    """
    values = own.values.dropna().astype("str").str.strip()
    by_point = own.sheet.grid.delimiter in ("", ",")
    in_units = own.chosen.change.get(own.column.name) not in (None, differences)  # thousands, years
    for kind, said, mark in MARKS:
        decimal = values[values.str.fullmatch(rf"\d+[{mark}]\d{{1,2}}")]
        parted = values[values.str.fullmatch(rf"[1-9]\d{{0,2}}[{mark}]\d{{3}}")]
        clear = decimal.empty if kind == "comma" else in_units
        if parted.empty or (by_point and clear):
            continue
        seen = (kind, said, decimal, parted)
        given = _thousands_or_decimals(own, seen, in_units)
        if given is not None:
            known = {text: _read_as(text, given) for text in parted.unique()}
            own.first(known)


def _thousands_or_decimals(
    own: ChosenColumn, seen: tuple[Kind, Message, pd.Series, pd.Series], in_units: bool
) -> str | None:
    """What was answered, if anything; decimals are a choice where they can make a count."""
    kind, said, decimal, parted = seen
    whole = parted[parted.str.endswith("000")]
    one = str((whole if len(whole) else parted).iloc[0])
    readings = ["thousands", *(["decimals"] if len(whole) or in_units else [])]
    choices = [
        Choice(answer, say.FIGURE_IS.format(figure=one, number=_read_as(one, answer)))
        for answer in readings
    ]
    figures = ", ".join([*decimal.iloc[:1], one])
    text = said.format(header=own.header, figures=figures, thousands=one)
    return own.ask(kind, text, choices, parted.index)


def _read_as(figure: str, answer: str) -> str:
    """A figure with one mark, as thousands or as decimals: 11,000 is 11000 or 11."""
    before, after = re.split("[.,]", figure)
    return before + after if answer == "thousands" else f"{before}.{after}".removesuffix(".000")


def _not_known(own: ChosenColumn) -> None:
    """999 above all other figures of a column is a count, or stands for one that is not known."""
    values = own.values.dropna().astype("str").str.strip()
    coded = values[values.str.fullmatch(SAME_DIGITS)]
    if coded.empty:
        return
    others = values.drop(coded.index).map(number_of).dropna()
    if len(others) and max(others) >= min(coded.astype(int)):
        return
    figures = list(coded.unique())
    text = say.SAME_DIGITS.format(header=own.header, figures=", ".join(figures))
    counts = Choice(COUNT, say.COUNTS.format(total=sum(coded.astype(int))))
    answer = own.ask(
        "not known", text, (counts, Choice("unknown", say.NOT_KNOWN)), map(int, coded.index)
    )
    if answer == "unknown":
        own.first(dict.fromkeys(figures, "-99"))


def _numbers_in_dates(own: ChosenColumn) -> None:
    """24 in a cell formatted as a date is 1900-01-24: the number is meant."""
    known = {}
    for text in own.values.dropna().unique():
        match = ISO_DATE.fullmatch(str(text))
        if match and own.sheet.grid.from_workbook:
            number = _serial_of(str(text)[:10], own.sheet.grid.marks.since_1904)
            if number is not None:
                known[text] = str(number)
    if known:
        own.then(mapped(known))
        own.note(say.N_DATE_CELLS)


def _serial_of(text: str, since_1904: bool) -> int | None:
    day = date.fromisoformat(text)
    if since_1904:
        number = (day - date(1904, 1, 1)).days
        return number if 0 <= number < 32_000 and day < date(1991, 8, 1) else None
    if day >= LAST_SMALL:
        return None
    # Excel's 1900 has a 29 February; up to it, days are counted from 1899-12-31.
    return (day - EXCEL_EPOCH).days - (day < date(1900, 3, 1))
