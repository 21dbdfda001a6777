"""The cover of a workbook: whose return it is, of which year, and where there was nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from atips_analysis.codebook import Codebook, fold, words
from atips_analysis.errors import InputError
from atips_analysis.intake.grid import Grid
from atips_analysis.intake.months_covered import months_to
from atips_analysis.intake.naming import agency_of, stream_of_sheet, years_said
from atips_analysis.intake.word_lists import word_list

_WORDS = word_list(Path(__file__).with_name("cover_words.csv"))
COVERS = {fold(text) for text in _WORDS["cover"]}
KEYS = {key: texts for key, texts in _WORDS.items() if key not in ("cover", "nil")}
"""What a cover asks for, each with its labels."""
_KEYS = {fold(text): key for key, texts in KEYS.items() for text in texts}
NIL = {fold(text) for text in _WORDS["nil"]}
SIMULATED = re.compile(r"\bsimulated\b|\bsimulad[oa]s?\b", re.IGNORECASE)


@dataclass(frozen=True)
class Cover:
    """What a cover says. `nil` names the streams that had truly nothing.

    `beside` are its other texts. `sent` is the day the return was sent or received; `covers` what it says of the last month that
    it covers, `period` what stands beside the year (January to June 2024); `unread` lists answers
    that were given and could not be understood, with their row.
    """

    agency: str | None = None
    year: int | None = None
    version: int | None = None
    replaces: str = ""
    sent: date | None = None
    covers: str = ""
    period: str = ""
    contact_role: str = ""
    unread: tuple[tuple[int, str], ...] = ()
    nil: frozenset[str] = frozenset()
    simulated: bool = False
    beside: tuple[str, ...] = ()


def is_cover(name: str) -> bool:
    """Whether a sheet is a cover, by its name."""
    return fold(name) in COVERS


def is_simulated(text: str) -> bool:
    """Whether a line carries the mark of simulated records, in either language."""
    return bool(SIMULATED.search(text))


def read_cover(grid: Grid, codebook: Codebook, file: str) -> Cover:
    """Read a cover wherever its answers stand: right of their label, below it, or after a colon.

    Raises InputError if it names an agency that the code list does not have, or no single year.
    """
    cells = _cells(grid)
    said = {key: value for key, value, _ in reversed(list(_answers(cells)))}
    rows = {key: row for key, _, row in reversed(list(_answers(cells)))}
    agency = year = None
    if "agency" in said:
        agency = agency_of(said["agency"], codebook)
        if agency is None:
            raise InputError(
                f"the agency {said['agency']!r} is not known; write one of "
                f"{', '.join(codebook.codelist('source_agency').codes)}",
                file=file,
                sheet=grid.name,
                row=rows["agency"],
            )
    if "year" in said:
        year = year_of(said["year"], file, grid.name, rows["year"])
    version = re.search(r"\d{1,3}", said.get("version", ""))
    sent = day_of(said.get("sent", ""))
    unread = []
    if "sent" in said and sent is None:
        text = f"the date sent {said['sent']!r} is not one day; write yyyy-mm-dd"
        unread.append((rows["sent"], text))
    if "covers" in said and months_to(said["covers"], year or 2000) is None:
        text = f"the last month covered {said['covers']!r} is not one month; write yyyy-mm"
        unread.append((rows["covers"], text))
    return Cover(
        agency,
        year,
        int(version[0]) if version else None,
        said.get("replaces", ""),
        sent,
        said.get("covers", ""),
        said.get("year", ""),
        said.get("contact", ""),
        tuple(unread),
        frozenset(_nil_returns(cells, codebook)),
        any(is_simulated(text) for row in cells.values() for text in row.values()),
        tuple(text for row in cells.values() for text in row.values()),
    )


def year_of(text: str, file: str, sheet: str | None = None, row: int | None = None) -> int:
    """The one calendar year that a text names.

    Raises InputError if it names none, or several.
    """
    years = years_said(text)
    if len(years) != 1:
        raise InputError(
            f"the year {text!r} is not one year of four digits; write one, such as "
            "2024, and send each calendar year in a file of its own",
            file=file,
            sheet=sheet,
            row=row,
        )
    return years.pop()


def day_of(text: str) -> date | None:
    """The day that a date in figures means; None when it is none, or two orders make two days."""
    numbers = [int(part) for part in re.findall(r"\d+", text.partition(" ")[0])]
    if len(numbers) != 3:
        return None
    first, second, third = numbers
    orders = [(first, second, third)] if first > 31 else []
    orders = orders or [(third, second, first), (third, first, second)]
    days = set()
    for year, month, day in orders:
        try:
            days.add(date(year, month, day))
        except ValueError:
            continue
    found = days.pop() if len(days) == 1 else None
    return found if found and found.year >= 1990 else None


Cells = dict[int, dict[int, str]]


def _cells(grid: Grid) -> Cells:
    """Row number to column to text, what is not blank."""
    found: Cells = {}
    for row in grid.cells.itertuples():
        texts = {
            column: str(text).strip()
            for column, text in enumerate(row[1:])
            if isinstance(text, str)
        }
        found[int(row[0])] = texts
    return found


def _answers(cells: Cells) -> Iterator[tuple[str, str, int]]:
    for number, row in cells.items():
        for column, text in row.items():
            label, colon, rest = text.partition(":")
            key = _KEYS.get(fold(label))
            if key is None:
                continue
            if colon and rest.strip():
                yield key, rest.strip(), number
                continue
            right = [row[place] for place in sorted(row) if place > column]
            below = cells.get(number + 1, {}).get(column)
            if right and fold(right[0]) not in _KEYS:
                yield key, right[0], number
            elif below and fold(below) not in _KEYS:
                yield key, below, number + 1


def _nil_returns(cells: Cells, codebook: Codebook) -> Iterator[str]:
    """Streams whose tick is set: below a heading "nothing to report", or right of the name."""
    ticks: int | None = None
    for row in cells.values():
        headed = [column for column, text in row.items() if fold(text) in NIL]
        if headed and len(row) > 1:
            ticks = headed[0]
        for column, text in row.items():
            name = text
            for nil in (" nil return", ": nil", " - nil"):
                name = name.removesuffix(nil)
            stream = stream_of_sheet(name, codebook) if len(words(name)) <= 8 else None
            if stream is None:
                continue
            answers = (
                [row[ticks]]
                if ticks is not None and ticks != column and ticks in row
                else [row[place] for place in sorted(row) if place > column][:1]
                if ticks is None
                else []
            )
            if any(
                (codebook.code_of("yes_no", answer) == "yes" or fold(answer) in NIL)
                for answer in answers
            ):
                yield stream
            break


def title_answers(lines: list[str]) -> dict[str, str]:
    """What title lines above a table say ("Agency: DHS", "Year: 2024", "nothing to report")."""
    said = {}
    for line in lines:
        label, _, rest = line.partition(":")
        key = _KEYS.get(fold(label))
        if key and rest.strip():
            said[key] = rest.strip()
        if fold(line) in NIL or fold(label) in NIL:
            said["nil"] = rest.strip() or "yes"
    return said
