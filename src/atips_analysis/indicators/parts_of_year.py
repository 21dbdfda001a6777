"""Parts of a year: which ones a bulletin may have, and the same months a year before."""

from __future__ import annotations

from atips_analysis.errors import InputError
from atips_analysis.indicators.period import Period, parse_period

PARTS = ("Q1", "Q2", "Q3", "Q4", "H1", "H2")
"""Quarters and half-years, which are protected together whichever is asked for."""


def part_of_a_year(text: str) -> Period:
    """The period that is named, when it is a part of a year or at most twelve months.

    Months that are a quarter or a half-year are that one.

    Raises InputError if it is made of whole years, or is longer than a year.
    """
    period = parse_period(text)
    if period.whole_years:
        raise InputError(
            f"{period.name} is made of whole years: atips build --year {period.years[-1]} makes the "
            "annual report; a bulletin is for a quarter (2024-Q3), a half-year (2024-H1) or "
            "months (2024-03..2024-08)"
        )
    if period.months > 12:
        raise InputError(
            f"{period.name} is longer than a year; name at most 12 months, such as 2024-03..2024-08"
        )
    for year in period.years:
        for part in PARTS:
            canonical = parse_period(f"{year}-{part}")
            if (canonical.start, canonical.end) == (period.start, period.end):
                return canonical
    return period


def a_year_before(period: Period) -> Period:
    """The same months of the year before: 2023-Q3 for 2024-Q3."""
    if ".." in period.name:
        start, end = (f"{int(month[:4]) - 1}{month[4:]}" for month in (period.start, period.end))
        return parse_period(f"{start}..{end}")
    return parse_period(f"{int(period.name[:4]) - 1}{period.name[4:]}")
