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
Day = tuple[int, int, int | None]
"""Year, month, and the day where it is said."""
FIRST_SERIAL, LAST_SERIAL = 36526, 73050

OFFSET = r"Z|(?:GMT|UTC)(?: ?[+-]\d{1,2}(?::?\d{2})?)?|[+-]\d{2}:?\d{2}"
# A time with an offset is another day, and at its edge another month, at home: see `_elsewhere`.
_TIME = re.compile(
    r"[ T,]{1,2}\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?: ?[ap]\.? ?m\.?)?" + f"(?: ?({OFFSET}))?$",
    re.I,
)
_YEAR_MONTH = re.compile(r"(\d{4}) ?[-/. ] ?(\d{1,2})")
_YEAR_MONTH_DAY = re.compile(r"(\d{4}) ?[-/. ] ?(\d{1,2}) ?[-/. ] ?(\d{1,2})")
_MONTH_YEAR = re.compile(r"(\d{1,2}) ?[-/. ] ?(\d{4})")
_DAY_MONTH_YEAR = re.compile(r"(\d{1,2}) ?[-/. ] ?(\d{1,2}) ?[-/. ] ?(\d{4})")
_DAY_NAME_YEAR = re.compile(r"(\d{1,2})[-/ ][^\W\d_]+\.?[-/ ](\d{2})")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})?")
_SERIAL = re.compile(r"(\d{5})(?:\.\d+)?")
_WORDS = re.compile(r"[^\W\d_]+|\d+")
_FILLERS = set("de del of the st nd rd th o ro er ero primero al a to y and".split())
# By their first three letters; "mar" is March, and martes is known in full.
_WEEKDAYS = {
    *("mon", "tue", "wed", "thu", "fri", "sat", "sun"),
    *("lun", "mie", "jue", "vie", "sab", "dom"),
}


def month_of(text: str) -> str | None:
    """`text` as yyyy-mm, or None when it is no date or can be read as two different months.

    Read are yyyy-mm, yyyy/m, mm/yyyy, names of months in English and Spanish with a year ("Mar
    2024", "marzo de 2024", "5 March 2024"), full dates (the day is dropped), yyyymm,
    yyyymmdd, and Excel's serial numbers of the years 2000 to 2099, with or without a time; two days
    of one month are that month ("12-14 Feb 2024"), and 03-Apr-24 ends with its year. "March 20" may
    be a day or a year and is left; so is a time with an offset at the edge of a month. A full date in figures that
    does not begin with its year counts only when one order alone makes a date, or both orders
    give the same month: 25/03/2024 and 05/05/2024 do, 03/04/2024 does not.
    """
    text = text.strip()
    time = _TIME.search(text)
    found = _read(text[: time.start()].rstrip() if time else text)
    if found is None or (time and time[1] and _elsewhere(found)):
        return None
    return f"{found[0]:04d}-{found[1]:02d}"


def _read(text: str) -> Day | None:
    if match := _YEAR_MONTH.fullmatch(text):
        return _month(int(match[1]), int(match[2]))
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


def _month(year: int, month: int) -> Day | None:
    return (year, month, None) if 1900 <= year <= 2099 and 1 <= month <= 12 else None


def _full(year: int, month: int, day: int) -> Day | None:
    try:
        date(year, month, day)
    except ValueError:
        return None
    return (year, month, day) if _month(year, month) else None


def _elsewhere(found: Day) -> bool:
    """Whether the day before or after, where a time with an offset may fall, is of another month."""
    year, month, day = found
    if day is None:
        return True
    own = date(year, month, day)
    return len({(own + timedelta(days=days)).month for days in (-1, 0, 1)}) > 1


def _either_order(first: int, second: int, year: int) -> Day | None:
    readings = {_full(year, second, first), _full(year, first, second)} - {None}
    return readings.pop() if len(readings) == 1 else None


def _from_serial(serial: int) -> Day | None:
    if not FIRST_SERIAL <= serial <= LAST_SERIAL:
        return None
    day = EXCEL_EPOCH + timedelta(days=serial)
    return _month(day.year, day.month)


def _from_words(text: str) -> Day | None:
    """One name of a month, one year, and at most two days of it and one of the week."""
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
    (month,) = names
    years = [int(number) for number in numbers if len(number) == 4]
    days = [int(number) for number in numbers if len(number) <= 2]
    if len(years) + len(days) != len(numbers):
        return None
    if len(years) == 1 and len(days) <= 2:
        found = [_full(years[0], month, day) for day in days]
        if len(days) == 2:  # from one day of the month to another
            return _month(years[0], month) if all(found) and days[0] < days[1] else None
        return found[0] if found else _month(years[0], month)
    if match := _DAY_NAME_YEAR.fullmatch(text):
        return _full(2000 + int(match[2]), month, int(match[1]))
    # "March 20" is a day as well as a year; "March 99" is a year alone.
    if not years and len(days) == 1 and len(numbers[0]) == 2 and parts[0] in NAMES:
        return _month(2000 + days[0], month) if days[0] > LAST_DAY else None
    return None


def month_and_two_digits(text: str) -> tuple[int, int] | None:
    """The month and the two digits of "March 24" or "mar-24": a year without its century, or a day."""
    parts = [fold(part) for part in _WORDS.findall(text)]
    if len(parts) != 2 or parts[0] not in NAMES or not re.fullmatch(r"\d{2}", parts[1]):
        return None
    return NAMES[parts[0]], int(parts[1])
