"""Cleaning a stream: a recipe built from the types of its columns, and what the stream adds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd

from atips_analysis.cleaning import values
from atips_analysis.cleaning.changes import Change, change_between, change_table
from atips_analysis.cleaning.consent import KEPT, refused, withhold
from atips_analysis.cleaning.forms import form_by_age
from atips_analysis.cleaning.months import month_and_two_digits, month_number
from atips_analysis.cleaning.values import Cleansed
from atips_analysis.codebook import Codebook, Column

Cleaner = Callable[[str], Cleansed | None]

NO_YEAR = -1
"""Where a month stands alone; 0 are the two digits of a year, 2000."""


@dataclass(frozen=True)
class Cleaned:
    """A stream's rows in one form, and what was done to get there.

    `frame`: the rows that came in, in their order, every value text. `changes`: one row a value
    that was changed (`CHANGES`); blank `old` or `new` for no value. Rule "no consent" has no
    `old`: what was withheld is kept nowhere.
    """

    frame: pd.DataFrame
    changes: pd.DataFrame


def clean(stream: str, frame: pd.DataFrame, codebook: Codebook) -> Cleaned:
    """The rows of `stream`, each value in the form of its column's type.

    Months become yyyy-mm, years four digits, yes and no in either language yes or no, codes the
    list's code, whole numbers digits. A value that is no accepted way to write such a value is
    left as it is (without surrounding spaces) for the quality room to judge; nothing is guessed.
    Pure, and row by row but for consent: one victim's refusal covers the agency's rows on them.

    Parameters
    ----------
    stream : str
        Name of the stream.
    frame : DataFrame
        As `read_submissions` gives it: the stream's columns as text, and where each row is from.
    codebook : Codebook
        The words.
    """
    cleaned = frame.copy()
    changes: list[Change] = []

    def take(change: Change | None) -> None:
        """Put a change into the frame, and remember it."""
        if change is not None:
            cleaned[change.column] = change.applied(cleaned[change.column])
            changes.append(change)

    for column in codebook.stream(stream).columns:
        if column.name in cleaned:
            take(_clean_column(cleaned[column.name], column, codebook))
        if column.type == "month" and {column.name, "submitted_for"} <= set(cleaned):
            take(_month_of_return(cleaned[column.name], cleaned["submitted_for"], column.name))
    if stream == "victims" and len(cleaned):
        take(form_by_age(cleaned))
        without = refused(cleaned)
        if without.any():
            # What was changed before would still tell what is withheld now.
            changes = [
                change if change.column in KEPT else change.less(without) for change in changes
            ]
            for change in withhold(cleaned, without, codebook):
                take(change)
                changes[-1] = change.without_old()
    return Cleaned(cleaned, change_table(stream, frame, changes))


def cleaner_of(column: Column, codebook: Codebook) -> Cleaner:
    """The function that puts one value of `column` into form."""
    match column.type:
        case "year":
            return values.year
        case "month":
            return values.month
        case "bool":
            return partial(values.yes_or_no, codebook=codebook)
        case "code":
            return partial(values.code, codelist=column.codelist, codebook=codebook)
        case "codes":
            return partial(values.codes, codelist=column.codelist, codebook=codebook)
        case "count":
            return values.whole_number
        case "age":
            return values.age
        case "id" if column.name == "case_id":
            return partial(values.case_code, prefix=codebook.case_prefix)
        case "id" if column.sensitivity == "pseudonym":
            return values.pseudonym
    return lambda text: None


def _clean_column(written: pd.Series, column: Column, codebook: Codebook) -> Change | None:
    """What becomes of a column: each different text is cleaned once."""
    cleaner = cleaner_of(column, codebook)
    places, texts = pd.factorize(written, use_na_sentinel=True)
    pairs = [_cleansed(str(text), cleaner) for text in texts]
    changed = np.array(
        [new != text for (new, _), text in zip(pairs, texts, strict=True)] + [False], dtype=bool
    )
    positions = np.flatnonzero(changed[places])
    if not len(positions):
        return None
    which = places[positions]
    return Change(
        column.name,
        positions,
        written.iloc[positions].astype("str").array,
        pd.array([new for new, _ in pairs], dtype="str").take(which),
        pd.array([rule for _, rule in pairs], dtype="str").take(which),
    )


def _cleansed(text: str, cleaner: Cleaner) -> tuple[str | None, str]:
    stripped = " ".join(text.split()) if "\n" not in text else _lines(text)
    found = cleaner(stripped) if stripped else None
    if found is not None and found.value != stripped:
        return found.value, found.rule
    if values.is_placeholder(stripped):
        return None, "placeholder"
    return stripped, "spaces"


def _lines(text: str) -> str:
    """Lines within a cell stay apart: each may be a value of its own."""
    return "\n".join(line for part in text.split("\n") if (line := " ".join(part.split())))


def _month_of_return(months: pd.Series, submitted_for: pd.Series, name: str) -> Change | None:
    """ "March", "marzo" or 3 under "Month", in the return for 2024, is 2024-03; so is "March-24".

    24 is the year or the day of that month, and both give the same month. "March-20" gives two.
    A month alone counts in the column of the row's month only: other dates may be of other years.
    """
    places, texts = pd.factorize(months, use_na_sentinel=True)
    bare = name == "month"
    pairs = [_month_without_century(str(text), bare) for text in texts] + [(0, NO_YEAR)]
    numbers = np.array([number for number, _ in pairs], dtype="int64")
    if not numbers.any():
        return None
    number = pd.Series(numbers[places], index=months.index)
    digits = pd.Series(np.array([two for _, two in pairs], dtype="int64")[places], months.index)
    year = pd.to_numeric(submitted_for, errors="coerce")
    fits = (number > 0) & ((digits == NO_YEAR) | (digits == year % 100))
    named = submitted_for.astype("str") + "-" + number.astype("str").str.zfill(2)
    return change_between(months, months.mask(fits, named), "month of the return's year")


def _month_without_century(text: str, bare: bool) -> tuple[int, int]:
    """Month and the two digits of its year or NO_YEAR; month 0 when it is no such text.

    `bare`: whether a month alone, without a year, will do.
    """
    if bare and (number := month_number(text)):
        return number, NO_YEAR
    return month_and_two_digits(text) or (0, NO_YEAR)
