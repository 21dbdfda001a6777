"""The register of returns: which agency owes which stream for which period, and by when."""

from __future__ import annotations

import calendar
import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import astuple, dataclass
from datetime import date, timedelta
from pathlib import Path

from atips_analysis.codebook import Codebook
from atips_analysis.codebook.council import read_table_at
from atips_analysis.errors import AtipsError, InputError
from atips_analysis.words.said import Message

REGISTER = Path("council") / "returns.csv"
COLUMNS = ("agency", "stream", "period", "due")
ALL_YEARS = 50  # an open period ("2024-") is owed for that many years: longer than any register

_YEARS = re.compile(r"(\d{4})(?:\s*-\s*(\d{4})?)?")
_PART = re.compile(r"(\d{4})-(?:H([12])|Q([1-4])|(0[1-9]|1[0-2]))", re.IGNORECASE)
_DAYS = re.compile(r"(\d{1,3})\s*days?", re.IGNORECASE)


@dataclass(frozen=True, order=True)
class Owed:
    """One stream that an agency owes for the months `first` to `last` (yyyy-mm), by the day `due`."""

    agency: str
    stream: str
    first: str
    last: str
    due: date

    @property
    def year(self) -> int:
        return int(self.first[:4])

    @property
    def months(self) -> tuple[str, ...]:
        return tuple(months_between(self.first, self.last))


def months_between(first: str, last: str) -> Iterator[str]:
    """The months from one to another, as yyyy-mm, both included."""
    year, month = int(first[:4]), int(first[5:])
    while f"{year}-{month:02d}" <= last:
        yield f"{year}-{month:02d}"
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)


def runs_of_months(months: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Months (yyyy-mm) as runs of one after the other: first and last of each."""
    listed = sorted(set(months))
    start = before = listed[0] if listed else ""
    for month in listed[1:]:
        if list(months_between(before, month)) != [before, month]:
            yield start, before
            start = month
        before = month
    if listed:
        yield start, before


def read_register(path: Path, codebook: Codebook) -> tuple[Owed, ...]:
    """The register in a file with the columns agency, stream, period, due; empty where none is.

    Lines that begin with # are comments. `period` is a year (2024), a half-year (2024-H1), a
    quarter (2024-Q3), a month (2024-07), years that are each returned by themselves (2021-2024),
    or all years from one on (2024-). `due` is a day (2025-03-31) or a number of days after the end
    of the period (90 days).

    Raises InputError naming the row: an agency or a stream that the codebook lacks, a period or a
    day that cannot be read, or months that are owed twice.
    """
    if not path.is_file():
        return ()
    place = "/".join(path.parts[-3:])
    found: dict[tuple[str, str, str], int] = {}
    owed: list[Owed] = []
    for number, row in _rows(path):
        for one in _owed(row, codebook, place, number):
            for month in one.months:
                earlier = found.setdefault((one.agency, one.stream, month), number)
                if earlier != number:
                    raise InputError(
                        Message(
                            "{agency} owes {stream} of {month} twice (row {earlier} too); keep one of the rows"
                        ).format(
                            agency=one.agency, stream=one.stream, month=month, earlier=earlier
                        ),
                        file=place,
                        row=number,
                    )
            owed.append(one)
    return tuple(sorted(owed))


def register_here(codebook: Codebook) -> tuple[Owed, ...]:
    """The register of the project around the working folder; empty where there is no project."""
    from atips_analysis.project import find_project

    try:
        project = find_project()
    except AtipsError:
        return ()
    return read_register(project.data / REGISTER, codebook)


def fingerprint(owed: Iterable[Owed]) -> str:
    """Eight hexadecimal digits of a register; blank where nothing is owed."""
    listed = [[str(part) for part in astuple(one)] for one in sorted(owed)]
    return hashlib.sha256(json.dumps(listed).encode()).hexdigest()[:8] if listed else ""


def owed_up_to(owed: Iterable[Owed], year: int) -> tuple[Owed, ...]:
    """What is owed for the years up to `year`: an open period has no end of its own."""
    return tuple(one for one in owed if one.year <= year)


def _rows(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """Each row with its number in the file; further columns are the officer's own."""
    for number, row in read_table_at(path, COLUMNS, also=".*").to_dict("index").items():
        yield int(number), {str(name): str(cell).strip() for name, cell in row.items()}


def _owed(row: dict[str, str], codebook: Codebook, file: str, number: int) -> Iterator[Owed]:
    agencies = codebook.codelist("source_agency").codes
    if row["agency"] not in agencies:
        raise _wrong(Message("agency"), row["agency"], agencies, file, number)
    if row["stream"] not in codebook.streams:
        raise _wrong(Message("stream"), row["stream"], codebook.streams, file, number)
    periods = list(_periods(row["period"]))
    if not periods:
        raise InputError(
            Message(
                "the period {period!r} cannot be read; write 2024, 2024-H1, 2024-Q3, 2024-07, 2021-2024 (each year by itself) or 2024- (all years from there on)"
            ).format(period=row["period"]),
            file=file,
            row=number,
        )
    for first, last in periods:
        due = _due(row["due"], last, several=len(periods) > 1)
        if due is None:
            raise InputError(
                Message(
                    "the day {due!r} cannot be used; write a day after the period, such as {after}-03-31, or the days after its end, such as 90 days (several years take days only)"
                ).format(due=row["due"], after=int(last[:4]) + 1),
                file=file,
                row=number,
            )
        yield Owed(row["agency"], row["stream"], first, last, due)


def _wrong(what: str, value: str, known: Iterable[str], file: str, number: int) -> InputError:
    from difflib import get_close_matches

    codes = list(known)
    near = get_close_matches(value.upper(), [code.upper() for code in codes], 1, 0.6)
    meant = [code for code in codes if near and code.upper() == near[0]]
    remedy = (
        Message("did you mean {code}?").format(code=meant[0])
        if meant
        else Message("write one of {codes}").format(codes=", ".join(codes))
    )
    return InputError(
        Message("the {what} {value!r} is not known; {remedy}").format(
            what=what, value=value, remedy=remedy
        ),
        file=file,
        row=number,
    )


def _periods(text: str) -> Iterator[tuple[str, str]]:
    part, years = _PART.fullmatch(text.strip()), _YEARS.fullmatch(text.strip())
    if part:
        year, half, quarter, month = part.groups()
        length = 6 if half else 3 if quarter else 1
        end = length * int(half or quarter or month)
        yield f"{year}-{end - length + 1:02d}", f"{year}-{end:02d}"
    elif years:
        first = int(years[1])
        last = int(years[2]) if years[2] else first + ALL_YEARS * ("-" in text)
        for year in range(first, last + 1):
            yield f"{year}-01", f"{year}-12"


def _due(text: str, last: str, *, several: bool) -> date | None:
    year, month = int(last[:4]), int(last[5:])
    end = date(year, month, calendar.monthrange(year, month)[1])
    days = _DAYS.fullmatch(text.strip())
    if days:
        return end + timedelta(days=int(days[1]))
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        return None
    return day if day > end and not several else None
