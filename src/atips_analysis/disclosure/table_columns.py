"""What the columns of a table of counts are taken for, and the words in which that is said.

A column is a dimension only if it is needed to tell rows apart, or groups them. One that says a
dimension again (a label in another language, a rank) is its label; what goes with a count (a
share, a rate, a mean, a note) stands beside it and is never a dimension.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from atips_analysis.disclosure.table_words import (
    LABEL_NAME,
    NUMBER_NAME,
    PERIOD_NAME,
    STATISTIC,
    TEXT_NAME,
    is_margin_word,
    plain,
)

OWN = ("status", "low", "high")
"""Columns that `atips protect` itself writes."""

NUMBER = re.compile(r"[-+]?\s*(\d{1,3}(,\d{3})+|\d+)?([.,]\d+)?\s*%?")
DAY = re.compile(r"\d{4}-\d{1,2}-\d{1,2}(T.*)?|\d{1,2}[/.]\d{1,2}[/.]\d{2,4}")


@dataclass(frozen=True)
class Columns:
    """Roles of the columns of a table.

    Attributes
    ----------
    by : dimensions.
    labels : for a column that says a dimension again, that dimension.
    beside : columns that go with the count.
    """

    by: tuple[str, ...]
    labels: dict[str, str]
    beside: tuple[str, ...]

    def words(self) -> str:
        """The roles in one line."""
        said = [f"dimensions {', '.join(self.by)}"]
        said += [f"{label} is a label of {of}" for label, of in self.labels.items()]
        if self.beside:
            said.append(f"beside the count: {', '.join(self.beside)}")
        return "; ".join(said)


def columns_given(frame: pd.DataFrame, count: str, by: Sequence[str]) -> Columns:
    """The roles where the dimensions are named: all others are labels or stand beside."""
    rest = [name for name in frame.columns if name not in (count, *by, *OWN)]
    labels = {name: of for name in rest if (of := _label_of(frame, name, by))}
    return Columns(tuple(by), labels, tuple(name for name in rest if name not in labels))


def columns_found(frame: pd.DataFrame, count: str) -> Columns:
    """The roles where nothing is named."""
    names = [name for name in frame.columns if name not in (count, *OWN)]
    beside = [name for name in names if _goes_with_the_count(frame, name)]
    at_first = frozenset(beside)
    by: list[str] = []
    labels: dict[str, str] = {}
    for name in names:
        if name in at_first:
            continue
        others = [other for other in names if other not in (name, *beside, *labels)]
        if _needless_number(frame, name, others):
            beside.append(name)
        elif of := _label_of(frame, name, by):
            labels[name] = of
        elif LABEL_NAME.search(plain(name)) and others and _unique(frame, others):
            labels[name] = " and ".join(others)
        else:
            by.append(name)
    return Columns(tuple(by), labels, tuple(n for n in names if n in beside))


def is_number(text: str) -> bool:
    """Whether a cell holds a number, with or without a percent sign."""
    return bool(text.strip()) and bool(NUMBER.fullmatch(text.strip()))


def tells_a_number(name: str, text: str) -> bool:
    """Whether a cell beside a count holds a number that may tell it: no date, no word."""
    first = text.strip().split("(")[0].strip()
    if not first or DAY.fullmatch(first) or TEXT_NAME.match(plain(name)):
        return False
    return is_number(first) or bool(NUMBER_NAME.search(plain(name)) and re.search(r"\d", text))


def _unique(frame: pd.DataFrame, names: Sequence[str]) -> bool:
    return not frame.duplicated(list(names)).any()


def _label_of(frame: pd.DataFrame, name: str, by: Sequence[str]) -> str | None:
    """The dimension of which a column is another writing: one word for one, both ways."""
    own = _categories(frame[name])
    if own.nunique() < 2 or NUMBER_NAME.search(plain(name)):
        return None
    for dimension in by:
        if _more_digits(frame[name], frame[dimension]):
            continue
        pairs = pd.DataFrame({"of": _categories(frame[dimension]), "own": own}).drop_duplicates()
        if pairs["of"].is_unique and pairs["own"].is_unique:
            return dimension
    return None


def _categories(column: pd.Series) -> pd.Series:
    return column.map(lambda text: "" if is_margin_word(text) else text.strip())


def _more_digits(column: pd.Series, dimension: pd.Series) -> bool:
    """Whether a column holds digits that the dimension does not: a label has none of its own."""
    pairs = zip(column, dimension, strict=True)
    return any(set(re.findall(r"\d+", one)) - set(re.findall(r"\d+", of)) for one, of in pairs)


def _needless_number(frame: pd.DataFrame, name: str, others: Sequence[str]) -> bool:
    """Whether a column holds whole numbers, no years, and rows are told apart without it."""
    filled = [text.strip() for text in frame[name] if not is_margin_word(text)]
    years = all(re.fullmatch(r"(19|20)\d\d", text) for text in filled)
    whole = bool(filled) and all(text.isdigit() for text in filled)
    named = PERIOD_NAME.search(plain(name))
    return whole and not years and not named and bool(others) and _unique(frame, others)


def _goes_with_the_count(frame: pd.DataFrame, name: str) -> bool:
    word = plain(name)
    if TEXT_NAME.match(word) or word in STATISTIC:
        return True
    filled = [text.strip() for text in frame[name] if text.strip() and not is_margin_word(text)]
    if not filled or PERIOD_NAME.search(word):
        return False
    if all(DAY.fullmatch(text) for text in filled):
        return True
    numbers = [text for text in filled if is_number(text.split("(")[0])]
    if NUMBER_NAME.search(word) and len(numbers) > len(filled) / 2:
        return True
    return len(numbers) == len(filled) and any(re.search(r"[.,]\d|%", text) for text in filled)
