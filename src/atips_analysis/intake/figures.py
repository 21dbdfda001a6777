"""Figures as people write them: read, multiplied, and running totals taken apart."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

import pandas as pd


def number_of(text: str) -> Decimal | None:
    """A figure as written, with or without a separator of thousands; 12,5 is 12.5."""
    bare = text.strip().replace(" ", "")
    parted = re.fullmatch(r"[1-9]\d{0,2}(,\d{3})+(\.\d*)?", bare)
    try:
        return Decimal(bare.replace(",", "" if parted else "."))
    except InvalidOperation:
        return None


def times(text: str, factor: int) -> str:
    """A figure times `factor`; what is none stays as it was written."""
    number = number_of(text)
    return text if number is None else plain(number * factor)


def plain(number: Decimal) -> str:
    """A number without exponent or needless zeros."""
    return str(int(number)) if number == number.to_integral_value() else f"{number.normalize():f}"


def multiplied(values: pd.Series, factor: int) -> pd.Series:
    """The same for a column of figures."""
    known = {text: times(str(text), factor) for text in values.dropna().unique()}
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
