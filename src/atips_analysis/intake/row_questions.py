"""Rows whose format, or another column, may say that they do not count: they wait for an answer."""

from __future__ import annotations

import itertools
from collections.abc import Iterable

import pandas as pd

from atips_analysis.cleaning.values import is_placeholder
from atips_analysis.codebook import Column, fold, words
from atips_analysis.intake import receipt_words as say
from atips_analysis.intake.marks import Place
from atips_analysis.intake.questions import COUNT, LEAVE, Asked, Choice, Kind
from atips_analysis.intake.said_beside import LEAST_WIDTH
from atips_analysis.intake.sheet import FEEDBACK, Columns, Sheet
from atips_analysis.intake.taken_back import (
    MOST_WORDS,
    begins_by_taking_back,
    remark_takes_back,
    runs,
    spellings,
    takes_back,
)
from atips_analysis.words.said import Message

MOST_VALUES = 3
WAITING = r"(?:Question|Pregunta) ([0-9a-f]{8}(?:, [0-9a-f]{8})*)"
READ_FOR_WORDS = ("code", "codes", "bool", "count", "month")
COLOURED = 0.5  # share of a row's filled cells in one colour that makes it a row of that colour


def ask_about_rows(sheet: Sheet, chosen: Columns, asked: Asked) -> set[int]:
    """Ask about every row that the format or a word in it may take back.

    Returns the rows that an answer leaves out.
    """
    marks = sheet.grid.marks
    rows = sheet.rows.index
    out: set[int] = set()
    if sheet.grid.hidden and len(rows):
        out |= _count(asked, "hidden sheet", sheet.grid.name, say.HIDDEN_SHEET, rows)
    if sheet.grid.besides and len(rows):
        text = say.SECOND_SHEET.format(sheet=sheet.grid.name, other=sheet.grid.besides)
        out |= _count(asked, "second sheet", sheet.grid.name, text, rows)
    if marks.unseen and len(rows):
        out |= _count(asked, "not looked at", sheet.grid.name, say.UNSEEN, rows)
    hidden = [row for row in rows if row in marks.hidden_rows]
    if hidden and not sheet.grid.hidden:
        said = say.FILTERED_ROWS if marks.filtered else say.HIDDEN_ROWS
        text = said.format(number=len(hidden))
        out |= _count(asked, "hidden rows", "hidden rows", text, hidden)
    struck = _rows_of(sheet, marks.struck)
    if struck:
        text = say.STRUCK.format(number=len(struck))
        out |= _count(asked, "struck", "struck through", text, struck)
    if not sheet.is_feedback:
        out |= _about_format(sheet, chosen, asked)
    ruled = [row for row in rows if row in marks.by_rule]
    if ruled:
        text = say.BY_RULE.format(number=len(ruled))
        out |= _count(asked, "struck", "conditional formatting", text, ruled)
    out |= _still_open(sheet, asked)
    out |= _about_shape(sheet, chosen, asked)
    out |= _about_words(sheet, chosen, asked)
    _about_formulas(sheet, chosen, asked)
    return out


def _about_shape(sheet: Sheet, chosen: Columns, asked: Asked) -> set[int]:
    """Rows in which figures may stand in another column, or for other rows, than they seem to."""
    out: set[int] = set()
    narrower = [int(row) for row in sheet.rows.index if row in sheet.grid.narrower]
    shapes: tuple[tuple[Kind, str, Message, list[int]], ...] = (
        ("wider rows", "wider rows", say.WIDER_ROWS, _wider_than_header(sheet)),
        ("wider rows", "narrower rows", say.NARROWER_ROWS, narrower),
        ("merged", "merged counts", say.MERGED_COUNTS, _counts_in_merges(sheet, chosen)),
    )
    for kind, about, said, rows in shapes:
        if rows:
            out |= _count(asked, kind, about, said.format(number=len(rows)), rows)
    return out


def _counts(sheet: Sheet, chosen: Columns) -> set[int]:
    """The places of the columns of counts."""
    return {
        place for name, place in chosen.places.items() if sheet.stream.column(name).type == "count"
    }


def _counts_in_merges(sheet: Sheet, chosen: Columns) -> list[int]:
    """Rows of a count in a cell that is merged over other rows, or over other columns."""
    counts, headed, known = _counts(sheet, chosen), set(sheet.header.texts), set(sheet.rows.index)
    return sorted(
        {
            row
            for (top, left), (bottom, right) in sheet.grid.merges
            if left in counts and (bottom > top or headed & set(range(left + 1, right + 1)))
            for row in range(top, bottom + 1)
            if row in known
        }
    )


def _about_format(sheet: Sheet, chosen: Columns, asked: Asked) -> set[int]:
    out: set[int] = set()
    for colour, rows in _coloured(sheet, _counts(sheet, chosen)).items():
        text = say.COLOUR.format(number=len(rows), colour=say.COLOURS[colour])
        out |= _count(asked, "colour", colour, text, rows)
    noted = _rows_of(sheet, sheet.grid.marks.comments)
    if noted:
        text = say.COMMENT.format(number=len(noted))
        out |= _count(asked, "comment", "comments", text, noted)
    return out


def _count(
    asked: Asked, kind: Kind, about: str, text: str, rows: Iterable[int], column: str = ""
) -> set[int]:
    """Ask whether rows count; the rows, when the answer is no."""
    which = list(rows)
    choices = (Choice(COUNT, say.COUNT_THEM), Choice(LEAVE, say.LEAVE_THEM))
    answer = asked.ask(kind, about, text, choices, which, column)
    return set(which) if answer == LEAVE else set()


def _rows_of(sheet: Sheet, places: Iterable[Place]) -> list[int]:
    """Rows of the table with one of these places in a column that has a header."""
    known = set(sheet.rows.index)
    headed = set(sheet.header.texts)
    return sorted({row for row, column in places if row in known and column in headed})


def _coloured(sheet: Sheet, counts: set[int]) -> dict[str, list[int]]:
    """Rows of a colour that fewer than half of the rows have, by the colour: of a count, or of most.

    Bands of two colours that change from row to row are a design; a colour that most rows have is
    one too.
    """
    number = sheet.rows.notna().sum(axis=1)
    counted: dict[int, dict[str, int]] = {}
    for (row, position), colour in sheet.grid.marks.colours.items():
        if row in number.index and position in sheet.rows:
            of = counted.setdefault(row, {})
            of[colour] = of.get(colour, 0) + (int(number[row]) if position in counts else 1)
    of_row = {
        row: colour
        for row, found in counted.items()
        for colour, cells in found.items()
        if cells >= max(1, COLOURED * number[row])
    }
    if not of_row:
        return {}
    rows = [int(row) for row in sheet.rows.index]
    sequence = [of_row.get(row, "") for row in rows]
    usual = max(set(sequence), key=sequence.count)
    if len(set(sequence)) == 2 and len(rows) > 2 and _bands(sequence):
        return {}
    apart: dict[str, list[int]] = {}
    for row, colour in zip(rows, sequence, strict=True):
        if colour != usual and (colour or len(set(sequence)) > 1):
            apart.setdefault(colour or "not coloured", []).append(row)
    return apart


def _bands(sequence: list[str]) -> bool:
    """Whether two colours take turns, row by row."""
    changes = sum(a != b for a, b in itertools.pairwise(sequence))
    return changes >= 0.9 * (len(sequence) - 1)


def _wider_than_header(sheet: Sheet) -> list[int]:
    """Rows of a text file with cells beyond the last header: something in them shifted."""
    last = max(sheet.header.texts)
    beyond = [position for position in sheet.rows if int(position) > last]
    if sheet.grid.from_workbook or not beyond:
        return []
    filled = sheet.rows[beyond].notna().any(axis=1)
    return [int(row) for row in sheet.rows.index[filled]]


def _still_open(sheet: Sheet, asked: Asked) -> set[int]:
    """Rows of a feedback workbook that wait: what made them doubtful is not in it any more."""
    out: set[int] = set()
    for position, header in sheet.header.texts.items():
        if fold(header) not in FEEDBACK or position not in sheet.rows:
            continue
        texts = sheet.rows[position].dropna().astype("str")
        found = texts.str.extract(WAITING, expand=False).dropna()
        if len(found):
            names = ", ".join(sorted(set(found)))
            text = say.STILL_OPEN.format(number=len(found), names=names, header=header)
            out |= _count(asked, "still open", names, text, found.index)
    return out


def _about_words(sheet: Sheet, chosen: Columns, asked: Asked) -> set[int]:
    """Cells that say cancelled, postponed, planned and the like, in any column."""
    out: set[int] = set()
    used = {place: name for name, place in chosen.places.items()}
    # A text alone in its row is a title, and is asked about as one.
    rows = sheet.rows[sheet.rows.notna().sum(axis=1) > (len(sheet.header.texts) > LEAST_WIDTH)]
    for position in map(int, rows.columns):
        column = sheet.stream.column(used[position]) if position in used else None
        if column is not None and column.type not in READ_FOR_WORDS:
            continue
        values = rows[position].dropna()
        platform = position in sheet.grid.not_standing
        back = list(values.unique()) if platform else _taken_back(sheet, position, column, values)
        if not back:
            continue
        header = sheet.header.texts.get(position, "a column without a header")
        which = [int(row) for row in values.index[values.isin(back)]]
        shown = ", ".join(f"“{str(text)[:40]}”" for text in back[:MOST_VALUES])
        text = say.TAKEN_BACK.format(header=header, values=shown)
        name = column.name if column is not None else ""
        out |= _count(asked, "taken back", header, text, which, name)
    return out


def _taken_back(sheet: Sheet, position: int, column: Column | None, values: pd.Series) -> list[str]:
    """Which of the values of a column may take their rows back."""
    found = [str(text) for text in values.unique() if _says_back(str(text), column, sheet)]
    if column is None and fold(sheet.header.texts.get(position, "")) not in spellings("remark"):
        found = _but_stories(found, values, sheet)
    if column is None and _for_remarks(sheet.header.texts.get(position), values, sheet):
        found += [str(text) for text in values.unique() if text not in found and _remarks(text)]
    reading = sheet.header.readings.get(position)
    if reading is None or reading.match.how != "ignored":
        return found
    by_header = _by_header(sheet.header.texts.get(position, ""), values, sheet)
    return [*found, *(text for text in by_header if text not in found)]


def _but_stories(found: list[str], values: pd.Series, sheet: Sheet) -> list[str]:
    """Without the stories of a column of them (a summary in most rows): "Pending trial she …".

    There only two words that take back are more than the story's own: "Should read 25 …".
    """
    long = [text for text in values.astype("str") if len(words(text)) > MOST_WORDS]
    if 2 * len(long) <= len(sheet.rows):
        return found
    return [text for text in found if text not in long or begins_by_taking_back(text, least=2)]


def _for_remarks(header: str | None, values: pd.Series, sheet: Sheet) -> bool:
    """Whether a column remarks on few of its rows, which it may take back in words that no list has."""
    named = header is not None and fold(header) in spellings("remark")
    return named and not sheet.is_feedback and 2 * len(values) < len(sheet.rows)


def _remarks(text: str) -> bool:
    """Whether a remark says anything: a few words on a line, by which no row is said to stand."""
    said = len(words(text)) <= MOST_WORDS and "\n" not in text and any(map(str.isalpha, text))
    return said and not is_placeholder(text) and fold(text) not in spellings("stands")


def _says_back(text: str, column: Column | None, sheet: Sheet) -> bool:
    """Whether a cell says that its row is no longer so; never a value that the form has."""
    if text.isdecimal():
        return False
    if column is None:
        return not sheet.is_feedback and remark_takes_back(text, sheet.year)
    codelist = column.codelist or ("yes_no" if column.type == "bool" else "")
    if codelist and sheet.codebook.code_of(codelist, text):
        return False
    return len(words(text)) <= MOST_WORDS and takes_back(text)


def _by_header(header: str, values: pd.Series, sheet: Sheet) -> list[str]:
    """Cells that take a row back by what their header asks: Status, Held? no, Cancelled? x."""
    if fold(header) in FEEDBACK:
        return []
    texts = [str(text) for text in values.unique()]
    no = [text for text in texts if _means_no(text, sheet)]
    if runs(header) & spellings("back") or fold(header.strip("?¿ ")) in spellings("flag"):
        return [text for text in texts if text not in no]
    if not (fold(header) in spellings("header") or runs(header) & spellings("asks")):
        return []
    doubtful = [text for text in texts if text in no or not _stands(text, sheet)]
    if len(doubtful) < len(texts) or (no and len(texts) > 1):
        return doubtful if len(doubtful) < len(texts) else no
    # No word says that anything stands: what most rows say is usual, the others are asked about.
    if len(texts) == 1:
        return texts if len(values) < len(sheet.rows) else no
    counted = values.astype("str").value_counts()
    usual = counted.index[0] if 2 * counted.iloc[0] > len(values) else None
    if usual is None or fold(header) not in spellings("header"):
        return no
    return [text for text in texts if text != usual]


def _stands(text: str, sheet: Sheet) -> bool:
    return fold(text) in spellings("stands") or sheet.codebook.code_of("yes_no", text) == "yes"


def _means_no(text: str, sheet: Sheet) -> bool:
    return text.strip(" %") == "0" or sheet.codebook.code_of("yes_no", text) == "no"


def _about_formulas(sheet: Sheet, chosen: Columns, asked: Asked) -> None:
    """Formulas saved without a value: nobody here can compute them; Excel can."""
    used = {place: name for name, place in chosen.places.items()}
    found: dict[int, list[tuple[int, str]]] = {}
    for (row, position), text in sorted(sheet.grid.marks.unread.items()):
        if text.startswith("=") and position in used and row in sheet.rows.index:
            found.setdefault(position, []).append((row, text))
    for position, cells in found.items():
        text = say.FORMULA.format(header=sheet.text(position), formula=cells[0][1])
        rows = [row for row, _ in cells]
        asked.ask("formula", sheet.text(position), text, (), rows, used[position])
