"""What a sheet or CSV file holds, as text: rows with the numbers that Excel shows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

import numpy as np
import pandas as pd

from atips_analysis.intake.marks import PLAIN, Marks

ROWS_AT_ONCE = 50_000

# Control characters, and signs of no width, are nothing that anybody typed on purpose.
CONTROLS = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060\ufeff\ufffe\uffff]"
    "|_x00[01][0-9A-Fa-f]_"
)

Merge = tuple[tuple[int, int], tuple[int, int]]


@dataclass(frozen=True)
class Grid:
    """The rows of a sheet that are not blank.

    `cells`: text, one column a column of the sheet (0, 1, ...), missing where a cell is blank,
    indexed by the row number that Excel shows. `merges`: merged ranges, (first row, first column)
    and (last row, last column), rows as Excel numbers them, columns from 0. `controls`: number of
    cells that control characters were taken out of. `notes`: row and what was odd in it. `marks`:
    what the sheet carries besides its values. `from_workbook`: whether dates are true dates;
    `read_as`: encoding and delimiter of a text file, in words; `delimiter`: the sign itself. `not_standing`: columns in which an
    exporting platform says, row by row, that a record does not stand (rejected, incomplete).
    `narrower`: rows of a text file with fewer cells than most. `besides`: the sheet of the same workbook that this one may say again.
    """

    name: str
    cells: pd.DataFrame
    hidden: bool = False
    merges: tuple[Merge, ...] = ()
    controls: int = 0
    notes: tuple[tuple[int, str], ...] = ()
    marks: Marks = PLAIN
    from_workbook: bool = False
    read_as: str = ""
    delimiter: str = ""
    not_standing: frozenset[int] = frozenset()
    narrower: frozenset[int] = frozenset()
    besides: str = ""


def grid_of(
    name: str,
    rows: Iterable[Sequence[object]],
    hidden: bool = False,
    merges: tuple[Merge, ...] = (),
    notes: tuple[tuple[int, str], ...] = (),
) -> Grid:
    """A grid from rows of cells, the first of which is Excel's row 1; blank rows are left out."""
    chunks, controls, numbers, batch = [], 0, [], []
    for number, row in enumerate(rows, start=1):
        if not any(row) and all(cell == "" or cell is None for cell in row):
            continue
        numbers.append(number)
        batch.append([text_of(cell) for cell in row])
        if len(batch) >= ROWS_AT_ONCE:
            frame, cleared = _frame(batch, numbers)
            chunks.append(frame)
            controls += cleared
            numbers, batch = [], []
    frame, cleared = _frame(batch, numbers)
    chunks.append(frame)
    cells = pd.concat(chunks) if len(chunks) > 1 else frame
    return Grid(name, cells, hidden, merges, controls + cleared, notes)


def text_of(cell: object) -> str:
    """A cell as text: whole numbers without ".0", true dates as yyyy-mm-dd, nothing as ""."""
    if isinstance(cell, str):
        return cell
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, int):
        return str(cell)
    if isinstance(cell, float):
        return _number_text(cell)
    if isinstance(cell, datetime):
        if cell.time() == time():
            return cell.date().isoformat()
        return cell.isoformat(sep=" ", timespec="seconds")
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell)


def _number_text(number: float) -> str:
    if number != number:
        return ""
    if number.is_integer():
        # Excel keeps 15 digits; a longer code was rounded, and must not pass for one.
        return str(int(number)) if abs(number) < 1e15 else f"{number:.14E}"
    return repr(number)


def tidy(cells: pd.DataFrame, strange: bool) -> tuple[pd.DataFrame, int]:
    """Blanks made missing, column by column, and the number of cells cleared of controls.

    `strange` says whether there are control characters at all, which is quicker to ask of a whole
    text than of each cell.
    """
    cleared = 0
    columns = {}
    for name in cells:
        column = cells[name]
        if strange:
            found = column.str.contains(CONTROLS, na=False)
            cleared += int(found.sum())
            column = column.where(~found, column.str.replace(CONTROLS, "", regex=True))
        columns[name] = column.mask(column.str.strip() == "")
    return pd.DataFrame(columns, index=cells.index), cleared


def _frame(batch: list[list[str]], numbers: list[int]) -> tuple[pd.DataFrame, int]:
    width = max(map(len, batch), default=0)
    padded = (row if len(row) == width else row + [""] * (width - len(row)) for row in batch)
    cleared = 0
    columns = {}
    for position, column in enumerate(zip(*padded, strict=True)):
        texts: list[str | None] = list(column)
        if CONTROLS.search("\n".join(column)):
            strange = [place for place, text in enumerate(column) if CONTROLS.search(text)]
            cleared += len(strange)
            for place in strange:
                texts[place] = CONTROLS.sub("", column[place])
        columns[position] = [text if text and not text.isspace() else None for text in texts]
    index = pd.Index(np.array(numbers, dtype="int64"), name="row")
    cells = pd.DataFrame(columns, index=index, dtype="str")
    return cells.dropna(how="all") if width else cells, cleared
