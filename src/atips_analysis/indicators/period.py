"""Periods of months: a year, several years, a half-year, a quarter, or any range of months."""

from __future__ import annotations

import re
from dataclasses import dataclass

from atips_analysis.errors import InputError


@dataclass(frozen=True)
class Period:
    """A run of whole months, both ends included.

    `name` is what people write: 2024, 2021-2023, 2024-H1, 2024-Q3 or 2024-03..2024-08.
    """

    name: str
    start: str
    end: str

    @property
    def years(self) -> tuple[int, ...]:
        return tuple(range(int(self.start[:4]), int(self.end[:4]) + 1))

    @property
    def whole_years(self) -> bool:
        return self.start.endswith("-01") and self.end.endswith("-12")

    @property
    def is_year(self) -> bool:
        return self.whole_years and len(self.years) == 1

    @property
    def start_date(self) -> str:
        return f"{self.start}-01"

    @property
    def end_date(self) -> str:
        year, month = int(self.end[:4]), int(self.end[5:])
        leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
        days = (31, 29 if leap else 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
        return f"{self.end}-{days[month - 1]:02d}"

    @property
    def months(self) -> int:
        first, last = self.start, self.end
        return (int(last[:4]) - int(first[:4])) * 12 + int(last[5:]) - int(first[5:]) + 1


def parse_period(text: str | int) -> Period:
    """The period that `text` names.

    Raises InputError if `text` is none of the forms above, or ends before it begins.
    """
    name = str(text).strip()
    if re.fullmatch(r"[0-9]{4}", name):
        return Period(name, f"{name}-01", f"{name}-12")
    if match := re.fullmatch(r"([0-9]{4})-([0-9]{4})", name):
        first, last = match.groups()
        if first == last:
            return Period(first, f"{first}-01", f"{first}-12")
        if first < last:
            return Period(name, f"{first}-01", f"{last}-12")
    if match := re.fullmatch(r"([0-9]{4})-[Hh]([12])", name):
        year, half = match.group(1), int(match.group(2))
        return Period(f"{year}-H{half}", f"{year}-{6 * half - 5:02d}", f"{year}-{6 * half:02d}")
    if match := re.fullmatch(r"([0-9]{4})-[Qq]([1-4])", name):
        year, quarter = match.group(1), int(match.group(2))
        start, end = 3 * quarter - 2, 3 * quarter
        return Period(f"{year}-Q{quarter}", f"{year}-{start:02d}", f"{year}-{end:02d}")
    month = r"[0-9]{4}-(?:0[1-9]|1[0-2])"
    if (match := re.fullmatch(rf"({month})\.\.({month})", name)) and match[1] <= match[2]:
        return Period(name, match[1], match[2])
    raise InputError(
        f"period {name!r} is not one that can be read; write a year (2024), years (2021-2023), "
        "a half-year (2024-H1), a quarter (2024-Q3) or months (2024-03..2024-08)"
    )


def years_of(text: str | int) -> tuple[Period, ...]:
    """The single years that a period of whole years is made of."""
    period = parse_period(text)
    if not period.whole_years:
        raise InputError(f"period {period.name} is not made of whole years; write 2021-2023")
    return tuple(parse_period(year) for year in period.years)
