"""The year of a month where it stands in a column of its own, beside months that have none."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pandas as pd

from atips_analysis.codebook import fold
from atips_analysis.intake import receipt_words as say
from atips_analysis.intake.sheet import Columns, Sheet

YEAR_HEADERS = {
    fold(text)
    for text in ("year", "reporting year", "calendar year", "año", "ano", "año calendario", "année")
}
_YEAR = r"^((?:19|20)\d{2})(?:\.0)?$"
_BARE = r"\d{1,2}|[^\W\d_]+\.?"  # a number or a name alone: nothing that could be a year


def year_beside(sheet: Sheet, chosen: Columns) -> Callable[[pd.Series], pd.Series] | None:
    """How months without a year take the one of their row; None where no column holds years."""
    for place, header in sheet.header.texts.items():
        if fold(header) not in YEAR_HEADERS or place in chosen.places.values():
            continue
        if place not in sheet.rows:
            continue
        years = sheet.rows[place].astype("str").str.strip().str.extract(_YEAR, expand=False)
        if years.dropna().empty:
            continue
        sheet.note(chosen, say.N_YEAR_BESIDE, place)
        return partial(_with_years, years)
    return None


def _with_years(years: pd.Series, values: pd.Series) -> pd.Series:
    text = values.astype("str").str.strip()
    bare = values.notna() & years.notna() & text.str.fullmatch(_BARE).fillna(False)
    number = text.str.fullmatch(r"\d{1,2}").fillna(False)
    dated = (years + "-" + text.str.zfill(2)).where(number, text + " " + years)
    return values.mask(bare, dated)
