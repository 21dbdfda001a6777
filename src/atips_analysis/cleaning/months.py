"""Months, however they are written, as yyyy-mm; what can be read two ways is left as it is."""

from __future__ import annotations

import re
from datetime import date, timedelta

from babel.dates import get_month_names

from atips_analysis.codebook import fold

ENGLISH, SPANISH = (
    [get_month_names("wide", locale=lang)[number].lower() for number in range(1, 13)]
    for lang in ("en", "es")
)
OTHER = {"sept": 9, "setiembre": 9, "set": 9, "sepbre": 9}
NAMES = (
    {name: number for names in (ENGLISH, SPANISH) for number, name in enumerate(names, start=1)}
    | {name[:3]: number for names in (ENGLISH, SPANISH) for number, name in enumerate(names, 1)}
    | OTHER
)

# Excel counts days from 1899-12-30 (its own 1900 is off by a leap day); 2000-01-01 to 2099-12-31.
EXCEL_EPOCH = date(1899, 12, 30)
LAST_DAY = 31
FIRST_SERIAL, LAST_SERIAL = 36526, 73050

# A time with an offset is another day, and at its edge another month, at home: see `_elsewhere`.
_OFFSET = re.compile(r"(\d{4}-\d{2}-\d{2})[ T].*(?:Z|[+-]\d{2}:?\d{2})", re.I)
_TIME = r"(?:[ T]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?: ?[ap]\.?m\.?)?(?:Z|[+-]\d{2}:?\d{2})?)?"
_YEAR_MONTH = re.compile(r"(\d{4}) ?[-/. ] ?(\d{1,2})")
_YEAR_MONTH_DAY = re.compile(r"(\d{4}) ?[-/. ] ?(\d{1,2}) ?[-/. ] ?(\d{1,2})" + _TIME, re.I)
_MONTH_YEAR = re.compile(r"(\d{1,2}) ?[-/. ] ?(\d{4})")
_DAY_MONTH_YEAR = re.compile(r"(\d{1,2}) ?[-/. ] ?(\d{1,2}) ?[-/. ] ?(\d{4})" + _TIME, re.I)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})?")
_SERIAL = re.compile(r"(\d{5})(?:\.\d+)?")
_WORDS = re.compile(r"[^\W\d_]+|\d+")
_FILLERS = {"de", "del", "of", "the", "st", "nd", "rd", "th"}
# By their first three letters; "mar" is March, and martes is known in full.
_WEEKDAYS = {
    *("mon", "tue", "wed", "thu", "fri", "sat", "sun"),
    *("lun", "mie", "jue", "vie", "sab", "dom"),
}


def month_of(text: str) -> str | None:
    """`text` as yyyy-mm, or None when it is no date or can be read as two different months.

    Read are yyyy-mm, yyyy/m, mm/yyyy, names of months in English and Spanish with a year ("Mar
    2024", "marzo de 2024", "5 March 2024"), full dates (the day is dropped), yyyymm,
    yyyymmdd, and Excel's serial numbers of the years 2000 to 2099. "March 20" may be a day or a year
    and is left; so is a time with an offset at the edge of a month. A full date in figures that
    does not begin with its year counts only when one order alone makes a date, or both orders
    give the same month: 25/03/2024 and 05/05/2024 do, 03/04/2024 does not.
    """
    text = text.strip()
    if match := _YEAR_MONTH.fullmatch(text):
        return _month(int(match[1]), int(match[2]))
    if (match := _OFFSET.fullmatch(text)) and _elsewhere(match[1]):
        return None
    if match := _YEAR_MONTH_DAY.fullmatch(text):
        return _full(int(match[1]), int(match[2]), int(match[3]))
    if match := _MONTH_YEAR.fullmatch(text):
        return _month(int(match[2]), int(match[1]))
    if match := _DAY_MONTH_YEAR.fullmatch(text):
        return _either_order(int(match[1]), int(match[2]), int(match[3]))
    if match := _SERIAL.fullmatch(text):
        return _from_serial(int(match[1]))
    if match := _COMPACT.fullmatch(text):
        year, month = int(match[1]), int(match[2])
        return _full(year, month, int(match[3])) if match[3] else _month(year, month)
    return _from_words(text)


def month_number(text: str) -> int | None:
    """The month that `text` names without a year: a name in either language, or 1 to 12."""
    if text.isdecimal():
        return int(text) if 1 <= int(text) <= 12 else None
    return NAMES.get(fold(text))


def _month(year: int, month: int) -> str | None:
    if 1900 <= year <= 2099 and 1 <= month <= 12:
        return f"{year:04d}-{month:02d}"
    return None


def _full(year: int, month: int, day: int) -> str | None:
    try:
        date(year, month, day)
    except ValueError:
        return None
    return _month(year, month)


def _elsewhere(text: str) -> bool:
    """Whether the day before or after, where a time with an offset may fall, is of another month."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return True
    return len({(day + timedelta(days=days)).month for days in (-1, 0, 1)}) > 1


def _either_order(first: int, second: int, year: int) -> str | None:
    readings = {_full(year, second, first), _full(year, first, second)} - {None}
    return readings.pop() if len(readings) == 1 else None


def _from_serial(serial: int) -> str | None:
    if not FIRST_SERIAL <= serial <= LAST_SERIAL:
        return None
    day = EXCEL_EPOCH + timedelta(days=serial)
    return _month(day.year, day.month)


def _from_words(text: str) -> str | None:
    """One name of a month, one year, and at most a day of the month and of the week."""
    parts = [fold(part) for part in _WORDS.findall(text)]
    if parts and parts[0] == "martes":
        parts = parts[1:]
    names = [NAMES[part] for part in parts if part in NAMES]
    numbers = [part for part in parts if part.isdecimal()]
    rest = [
        part
        for part in parts
        if not part.isdecimal() and part not in NAMES and part not in _FILLERS
    ]
    if len(names) != 1 or any(part[:3] not in _WEEKDAYS for part in rest):
        return None
    years = [number for number in numbers if len(number) == 4]
    days = [number for number in numbers if len(number) <= 2]
    if len(years) + len(days) != len(numbers) or len(years) > 1 or len(numbers) > 2:
        return None
    if years and days:
        return _full(int(years[0]), names[0], int(days[0]))
    if years:
        return _month(int(years[0]), names[0])
    # "March 20" is a day as well as a year; "March 99" is a year alone.
    if len(days) == 1 and len(days[0]) == 2 and parts[0] in NAMES and int(days[0]) > LAST_DAY:
        return _month(2000 + int(days[0]), names[0])
    return None


def month_and_two_digits(text: str) -> tuple[int, int] | None:
    """The month and the two digits of "March 24" or "mar-24": a year without its century, or a day."""
    parts = [fold(part) for part in _WORDS.findall(text)]
    if len(parts) != 2 or parts[0] not in NAMES or not re.fullmatch(r"\d{2}", parts[1]):
        return None
    return NAMES[parts[0]], int(parts[1])
