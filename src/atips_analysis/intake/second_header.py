"""Another header below the first: a second table on the sheet, whose rows are not the first's."""

from __future__ import annotations

from itertools import pairwise

from atips_analysis.intake import receipt_words as say
from atips_analysis.intake.header_reading import Reading, read_header
from atips_analysis.intake.questions import COUNT, LEAVE, Asked, Choice
from atips_analysis.intake.sheet import Columns, Sheet

LEAST_NAMES = 2  # cells of a row that name columns make it a header, where they are half of it
NAMES_HELD = ("month", "code", "codes", "bool", "year")


def ask_about_second_header(sheet: Sheet, chosen: Columns, asked: Asked) -> set[int]:
    """Ask about the rows below each further header; the rows that an answer leaves out.

    Where its columns stand in other places there is no answer but to leave the rows out: they would
    be read under the first header.
    """
    out: set[int] = set()
    starts = _headers(sheet, chosen)
    last = int(sheet.rows.index[-1]) if starts else 0
    for row, end in pairwise([*starts, last + 1]):
        rows = [int(one) for one in sheet.rows.index if row < one < end]
        readings = starts[row]
        same = all(
            readings.get(place, Reading()).match.column == name
            for name, place in chosen.places.items()
        )
        header = ", ".join(
            str(text) for text in sheet.rows.loc[row].dropna() if isinstance(text, str)
        )
        text = say.SECOND_HEADER.format(row=row, header=header)
        choices = [Choice(COUNT, say.COUNT_THEM)] * same + [Choice(LEAVE, say.LEAVE_THEM)]
        if rows and asked.ask("second header", header, text, choices, rows) == LEAVE:
            out |= set(rows)
    return out


def _headers(sheet: Sheet, chosen: Columns) -> dict[int, dict[int, Reading]]:
    """Rows that name columns, by their number: what each of their cells says.

    Looked for among the few different texts of columns that hold names, so that a long table costs
    next to nothing.
    """
    hits: set[int] = set()
    for name, place in chosen.places.items():
        if sheet.stream.column(name).type not in NAMES_HELD:
            continue
        values = sheet.rows[place].dropna()
        known = [
            text
            for text in values.unique()
            if (
                not str(text)[:1].isdecimal()
                and sheet.codebook.column_of(sheet.stream.name, str(text))
            )
            or str(text) == sheet.text(place)
        ]
        hits.update(map(int, values.index[values.isin(known)]))
    found = {}
    for row in sorted(hits):
        texts = {int(place): str(text) for place, text in sheet.rows.loc[row].dropna().items()}
        readings = {
            place: read_header(text, sheet.stream.name, sheet.codebook, near=False)
            for place, text in texts.items()
        }
        names = {one.match.column for one in readings.values() if one.match.how != "ignored"}
        if len(names) >= LEAST_NAMES and 2 * len(names) >= len(texts):
            found[row] = readings
    return found
