"""A sheet of a stream as rows: header found, titles, totals and remarks set aside and counted."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import pandas as pd

from atips_analysis.cleaning.months import NAMES
from atips_analysis.codebook import Codebook, Stream, fold
from atips_analysis.errors import InputError
from atips_analysis.intake import receipt_words as say
from atips_analysis.intake.archive import column_letters
from atips_analysis.intake.columns import choose_columns, with_match
from atips_analysis.intake.grid import Grid
from atips_analysis.intake.header import Header, find_header, repeats_header
from atips_analysis.intake.personal import forbidden_content
from atips_analysis.intake.questions import Asked, Question
from atips_analysis.intake.row_questions import ask_about_rows
from atips_analysis.intake.said_beside import ask_about_words_beside, beside
from atips_analysis.intake.second_header import ask_about_second_header
from atips_analysis.intake.sheet import FEEDBACK, Beside, Columns, Sheet
from atips_analysis.intake.value_questions import ask_about_values

TOTAL = re.compile(
    r"\s*(?:grand\s+|sub-?\s*|overall\s+|gran\s+)?(?:totals?|totales|sum|suma|sumas|subtotal(?:es)?)"
    r"(?:\s+(?:general|anual|for|of|del?|rows?|annual|year|año)\b.*+|\s+\d{4})?\s*+(?:[:=.]\s*+)?(?:\d[\d.,\s]*+)?",
    re.IGNORECASE,
)
# Source: libhxl looks for a row of tags within the first 25 rows, half of its cells tags.
TAG = re.compile(r"#\s*[A-Za-z][A-Za-z0-9_]*(?:\s*\+\s*[A-Za-z][A-Za-z0-9_]*)*")
TAG_ROWS = 25
SUBTOTAL = re.compile(
    r"\s*(?:grand\s+|overall\s+|gran\s+)?(?:sub-?\s*)?total(?:s|es)?\b.*", re.IGNORECASE
)
_WORD = re.compile(r"[^\W\d_]{2}")
_BEHIND = re.compile(r"[\s:]")
NUMBER = r"\s*+(?:-[\d.,\s]++|[\d.,][\d.,\s]*+)(?:%\s*+)?"


@dataclass(frozen=True)
class Table:
    """The rows of a sheet: the stream's columns as text, indexed by Excel's row number."""

    rows: pd.DataFrame
    headers: list[tuple[str, str, str]]  # header, column, how
    titles: list[str] = field(default_factory=list)
    title_rows: int = 0
    totals_rows: int = 0
    forgotten_rows: int = 0
    blank_rows: int = 0
    notes: list[tuple[int | None, str, str]] = field(default_factory=list)  # row, column, note
    waiting: dict[int, list[Question]] = field(default_factory=dict)


def read_table(
    grid: Grid, stream: Stream, codebook: Codebook, file: str, year: int, asked: Asked | None = None
) -> Table:
    """The rows of a sheet that holds `stream`; what can be read in two ways is asked of `asked`.

    Raises InputError if no row looks like the stream's header, or a column must not be sent.
    """
    asked = Asked() if asked is None else asked
    cells = fill_merged(grid, header_only=True)
    header = find_header(cells, stream.name, codebook)
    if header is None:
        if cells.empty:
            return _nothing(stream)
        raise InputError(
            f"no row names the columns of {stream.name} (such as "
            f"{', '.join(column.name for column in stream.columns[:3])}); copy the header of the "
            "form above the rows",
            file=file,
            sheet=grid.name,
            row=int(cells.index[0]),
        )
    below = fill_merged(grid, stream, header).loc[lambda frame: frame.index > header.last_row]
    blank = _blank_between(below, header.last_row)
    forgotten = asked.forgotten.rows(below)
    gone = frozenset(map(int, below.index[forgotten]))
    below = below[~forgotten]
    tags = _tags(below)
    again = repeats_header(header, below) | tags
    totals = totals_rows(below, header, stream)
    totals |= below.index.isin(grid.marks.totals_rows)
    remarks = _remarks(below[~again & ~totals], len(header.texts))
    left_out = again | totals | below.index.isin(remarks)
    rows = below[~left_out]
    _refuse(header, rows, file, grid.name)
    _refuse_months_side_by_side(header, stream, file, grid.name)
    said = beside(grid, header, below[~again & ~totals], remarks) + _said_by_tags(below[tags])
    sheet = Sheet(grid, header, rows, stream, codebook, year, file, tuple(said))
    _refuse_content(sheet)
    chosen = choose_columns(sheet, asked)
    ask_about_values(sheet, chosen, asked)
    apart = ask_about_rows(sheet, chosen, asked)
    apart |= ask_about_words_beside(sheet, chosen, asked)
    apart |= ask_about_second_header(sheet, chosen, asked)
    header = with_match(header, chosen.places)
    notes = [note for note in _notes(grid, header, rows, remarks) if note[0] not in gone]
    notes += chosen.notes
    filled = _columns(rows, chosen, stream)
    known = filled.notna().any(axis=1) & ~filled.index.isin(apart)
    notes += [
        (int(row), "", say.N_NOTHING_KNOWN.format())
        for row in rows.index[~known & ~rows.index.isin(apart)]
    ]
    notes += [(row, "", say.N_LEFT_OUT.format()) for row in sorted(apart)]
    filled = filled[known]
    return Table(
        filled,
        [
            (header.texts[position], match.column, match.how)
            for position, match in header.matches.items()
        ],
        header.titles,
        header.title_rows + int(again.sum()) + len(remarks) + int((~known).sum()),
        int(totals.sum()),
        len(gone),
        blank,
        notes,
        asked.waiting(filled.index),
    )


def totals_rows(below: pd.DataFrame, header: Header, stream: Stream) -> pd.Series:
    """Rows that add up others: "Total" first, or beside nothing but figures."""
    if below.empty:
        return pd.Series(False, index=below.index)
    sex = [position for position, match in header.matches.items() if match.column == "sex"]
    said = pd.DataFrame(
        {position: _says_total(below[position]) for position in below}, index=below.index
    )
    maybe = below.map(lambda text: isinstance(text, str) and bool(SUBTOTAL.fullmatch(text)))
    candidates = (said | maybe).any(axis=1)
    totals = candidates.copy()
    if sums_up(below, header, stream):
        totals.iloc[-1] = True
    for row in below.index[candidates]:
        texts = below.loc[row].dropna()
        first = texts.index[0]
        others = [
            text
            for position, text in texts.items()
            if not (said.loc[row, position] or maybe.loc[row, position])
            and not re.fullmatch(NUMBER, text)
        ]
        first_is_total = bool(said.loc[row, first]) and first not in sex
        totals[row] = first_is_total or not others
    return totals


def sums_up(below: pd.DataFrame, header: Header, stream: Stream) -> bool:
    """Whether the last row holds nothing but the sums of the columns of counts above it."""
    last = below.iloc[-1].dropna()
    counts = {
        position
        for position, match in header.matches.items()
        if match.column and stream.column(match.column).type == "count"
    }
    if len(below) < 3 or last.empty or not set(last.index) <= counts:
        return False
    above = below.iloc[:-1][list(last.index)].apply(pd.to_numeric, errors="coerce")
    return bool((above.sum() == pd.to_numeric(last, errors="coerce")).all())


def _says_total(column: pd.Series) -> pd.Series:
    """Which cells are a word for total; each different text is looked at once."""
    totals = [text for text in column.unique() if isinstance(text, str) and TOTAL.fullmatch(text)]
    return column.isin(totals)


def fill_merged(
    grid: Grid,
    stream: Stream | None = None,
    header: Header | None = None,
    header_only: bool = False,
) -> pd.DataFrame:
    """The cells, with a merged cell's text in each of its rows, in its first column.

    A merged figure is not repeated: it would be counted once a row. So columns of numbers keep
    the figure in the first row, and the others stay blank.
    """
    if not grid.merges:
        return grid.cells
    cells = grid.cells.copy()
    numbers = set()
    if stream is not None and header is not None:
        numbers = {
            position
            for position, match in header.matches.items()
            if match.column and stream.column(match.column).type in ("count", "age")
        }
    for (top, left), (bottom, _) in grid.merges:
        if top == bottom or left not in cells or top not in cells.index or left in numbers:
            continue
        if header_only and bottom - top > 3:
            continue
        rows = cells.index[(cells.index > top) & (cells.index <= bottom)]
        text = cells[left].loc[top]
        if isinstance(text, str):
            cells[left] = cells[left].mask(cells.index.isin(rows) & cells[left].isna(), text)
    return cells


def _refuse(header: Header, rows: pd.DataFrame, file: str, sheet: str) -> None:
    """Refuse columns that must not be sent, all of them at once; a blank one does no harm."""
    found = {
        position: what
        for position, what in header.forbidden.items()
        if position in rows and rows[position].notna().any()
    }
    if found:
        named = ", ".join(
            f"{header.texts[position]!r} looks like {what}" for position, what in found.items()
        )
        several = len(found) > 1
        raise InputError(
            f"the column{'s' * several} {named}, which must not be sent; delete the "
            f"column{'s' * several} and send the file again",
            file=file,
            sheet=sheet,
            row=header.row,
        )


def _refuse_months_side_by_side(header: Header, stream: Stream, file: str, sheet: str) -> None:
    """A table with a column a month says nothing of the month in its rows."""
    months = [
        header.texts[position]
        for position, match in header.matches.items()
        if not match.column and fold(header.texts[position]) in NAMES
    ]
    if len(months) >= 2 and "month" in {column.name for column in stream.columns}:
        raise InputError(
            f"months stand side by side ({', '.join(months)}); write a row for each month, with "
            f"the month under {stream.column('month').label_en}",
            file=file,
            sheet=sheet,
            row=header.row,
        )


def _refuse_content(sheet: Sheet) -> None:
    header, stream = sheet.header, sheet.stream
    for position in map(int, sheet.rows.columns):
        if fold(header.texts.get(position, "")) in FEEDBACK:
            continue
        match = header.matches.get(position)
        column = stream.column(match.column) if match and match.column else None
        what = forbidden_content(
            sheet.rows[position], column, sheet.codebook, stream.about_persons, sheet.year
        )
        if what:
            name = repr(header.texts[position]) if position in header.texts else "without a header"
            advice = (
                "replace it by codes (persons by atips pseudonymise)"
                if column is not None
                else "delete the column"
            )
            raise InputError(
                f"the column {name} holds what looks like {what}, which must not be sent; "
                f"{advice} and send the file again",
                file=sheet.file,
                sheet=sheet.grid.name,
                row=header.row,
            )


def _columns(rows: pd.DataFrame, chosen: Columns, stream: Stream) -> pd.DataFrame:
    """The stream's columns, in the codebook's order; those that were not sent are missing."""
    blank = pd.Series(pd.NA, index=rows.index, dtype="str")
    found = {}
    for column in stream.columns:
        name = column.name
        values = rows[chosen.places[name]].astype("str") if name in chosen.places else blank
        if name in chosen.constant:
            values = pd.Series(chosen.constant[name], index=rows.index, dtype="str")
        found[name] = chosen.change[name](values) if name in chosen.change else values
    return pd.DataFrame(found, index=rows.index)


def _tags(below: pd.DataFrame) -> pd.Series:
    """Rows of hashtags below the header (HXL): half of what they hold are tags, "#date +month"."""
    found = pd.Series(False, index=below.index)
    for row in below.index[:TAG_ROWS]:
        texts = [str(text) for text in below.loc[row].dropna()]
        tags = sum(bool(TAG.fullmatch(text.strip())) for text in texts)
        found[row] = tags > 0 and 2 * tags >= len(texts)
    return found


def _said_by_tags(tags: pd.DataFrame) -> list[Beside]:
    """What tags say besides the column: "#targeted", "#reached +cumulative"."""
    texts = [str(text) for row in tags.index for text in tags.loc[row].dropna()]
    return [Beside(re.sub(r"[#+_]+", " ", text).strip()) for text in texts]


def _remarks(below: pd.DataFrame, width: int) -> list[int]:
    """Rows at the very end with one cell of several words: sources, signatures, remarks."""
    found: list[int] = []
    if width < 4:
        return found
    filled = below.notna().sum(axis=1)
    for row in reversed(below.index):
        if filled[row] != 1:
            break
        text = str(below.loc[row].dropna().iloc[0]).strip()
        if not _is_a_remark(text):
            break
        found.append(int(row))
    return found


def _is_a_remark(text: str) -> bool:
    """Whether letters, and behind them on their line a blank or a colon, stand in it."""
    lines = text.splitlines(keepends=True)
    return text.startswith(("*", "†")) or any(
        (word := _WORD.search(line)) and _BEHIND.search(line, word.end()) for line in lines
    )


def _notes(
    grid: Grid, header: Header, rows: pd.DataFrame, remarks: list[int]
) -> list[tuple[int | None, str, str]]:
    notes: list[tuple[int | None, str, str]] = []
    if grid.controls:
        notes.append((None, "", say.N_CONTROLS.format(number=grid.controls)))
    notes += [(row, "", say.N_BELOW.format()) for row in sorted(remarks)]
    for position in map(int, rows.columns):
        filled = rows.index[rows[position].notna()]
        if position not in header.texts and len(filled):
            said = (int(filled[0]), column_letters(position), say.N_NO_HEADER.format())
            notes.append(said)
    notes += [(row, "", text) for row, text in grid.notes]
    return notes


def _blank_between(below: pd.DataFrame, last_header_row: int) -> int:
    """Blank rows from the header to the last row that holds anything."""
    if below.empty:
        return 0
    return int(below.index[-1]) - last_header_row - len(below)


def _nothing(stream: Stream) -> Table:
    columns = {column.name: pd.Series([], dtype="str") for column in stream.columns}
    return Table(pd.DataFrame(columns, index=pd.Index([], dtype="int64", name="row")), [])
