"""Workbooks (xlsx, xlsm, xlsb, xls, ods) as grids: values only; macros and links are never run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from io import BytesIO

import python_calamine

from atips_analysis.intake import receipt_words as say
from atips_analysis.intake.archive import OLE, ZIP, Inspection, column_letters, inspect
from atips_analysis.intake.grid import Grid, Merge, grid_of
from atips_analysis.intake.limits import (
    MOST_CELLS,
    MOST_COLUMNS,
    MOST_SHEETS,
    damaged,
    encrypted,
    text_not_workbook,
    too_many_sheets,
    too_wide,
)
from atips_analysis.intake.marks import PLAIN, UNSEEN, Marks, Place
from atips_analysis.intake.marks_xls import marks_of_xls

SUFFIXES = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
# The names of an encrypted workbook's streams, as its container writes them.
ENCRYPTED = ("EncryptedPackage".encode("utf-16-le"), "EncryptionInfo".encode("utf-16-le"))


@dataclass(frozen=True)
class Workbook:
    """The worksheets, in the workbook's order, and what was not run or followed."""

    grids: tuple[Grid, ...]
    notes: tuple[str, ...]


def read_workbook(content: bytes, file: str) -> Workbook:
    """Read all worksheets of a workbook.

    Raises InputError if the workbook is damaged, encrypted, too large or has too many sheets.
    """
    looked = _looked_through(content, file)
    notes = (
        (content.startswith(OLE) and not looked.unseen, say.N_OLD_FORMAT),
        (looked.macros, say.N_MACROS),
        (looked.links, say.N_LINKS),
    )
    try:
        grids = tuple(_grids(content, looked, file))
    except python_calamine.PasswordError as error:
        raise encrypted(file) from error
    except (python_calamine.CalamineError, OSError, ValueError, OverflowError) as error:
        raise damaged(file) from error
    except BaseException as error:
        # The reader is compiled; what it did not foresee surfaces as a panic.
        if type(error).__name__ == "PanicException":
            raise damaged(file) from error
        raise
    return Workbook(grids, tuple(text.format() for said, text in notes if said))


def _looked_through(content: bytes, file: str) -> Inspection:
    """What the file carries besides its values."""
    if content.startswith(ZIP):
        return inspect(content, file)
    if not content.startswith(OLE):
        raise text_not_workbook(file) if is_text(content) else damaged(file)
    if any(name in content for name in ENCRYPTED):
        raise encrypted(file)
    marks = marks_of_xls(content)
    return Inspection(marks, unseen=not marks)


def is_text(content: bytes) -> bool:
    """Whether a file is plain text, such as CSV or a web page, whatever its name says."""
    sample = content[:4096]
    return not sample.startswith(b"%PDF") and not any(
        byte < 32 and byte not in b"\t\r\n\f" for byte in sample
    )


def _grids(content: bytes, looked: Inspection, file: str) -> Iterator[Grid]:
    workbook = python_calamine.load_workbook(BytesIO(content))
    sheets = workbook.sheets_metadata
    if len(sheets) > MOST_SHEETS:
        raise too_many_sheets(len(sheets), file)
    for about in sheets:
        if about.typ != python_calamine.SheetTypeEnum.WorkSheet:
            continue
        sheet = workbook.get_sheet_by_name(about.name)
        height, width = sheet.total_height, sheet.total_width
        if width > MOST_COLUMNS or height * width > MOST_CELLS:
            raise too_wide(file, about.name)
        hidden = about.visible != python_calamine.SheetVisibleEnum.Visible
        marks = looked.marks.get(about.name, UNSEEN if looked.unseen else PLAIN)
        texts = {
            **{place: line for place, (line, _) in marks.raised.items() if line},
            **marks.unread,
        }
        rows = _with_texts(_rows(sheet), texts) if texts else _rows(sheet)
        merges = _merges(sheet) or marks.merges
        grid = grid_of(about.name, rows, hidden, merges, _marks_in_words(marks))
        yield replace(grid, marks=marks, from_workbook=True)


def _rows(sheet: python_calamine.CalamineSheet) -> Iterator[Sequence[object]]:
    """Rows from Excel's row 1 and column A on; the reader begins at the first used column."""
    if sheet.start is None:
        return
    margin: list[object] = [""] * sheet.start[1]
    for row in sheet.iter_rows():
        yield margin + row if margin else row


def _with_texts(
    rows: Iterator[Sequence[object]], texts: Mapping[Place, str]
) -> Iterator[Sequence[object]]:
    """The rows, with these texts in their cells: errors, formulas without a value, notes apart."""
    by_row: dict[int, dict[int, str]] = {}
    for (place, column), text in texts.items():
        by_row.setdefault(place, {})[column] = text
    number = 0
    for number, row in enumerate(rows, start=1):
        yield _filled(row, by_row.get(number, {}))
    for later in range(number + 1, max(by_row, default=0) + 1):
        yield _filled([], by_row.get(later, {}))


def _filled(row: Sequence[object], texts: dict[int, str]) -> Sequence[object]:
    if not texts:
        return row
    width = max(len(row), max(texts) + 1)
    return [
        texts.get(column) or (row[column] if column < len(row) else "") for column in range(width)
    ]


def _marks_in_words(marks: Marks) -> tuple[tuple[int, str], ...]:
    unread = [
        (row, say.N_FORMULA.format())
        if text.startswith("=")
        else (row, say.N_ERROR.format(error=text))
        for (row, _), text in sorted(marks.unread.items())
    ]
    raised = [
        (row, say.N_RAISED.format(column=column_letters(column), text=repr(off.strip())))
        for (row, column), (_, off) in sorted(marks.raised.items())
    ]
    return (*unread, *raised)


def _merges(sheet: python_calamine.CalamineSheet) -> tuple[Merge, ...]:
    ranges = sheet.merged_cell_ranges or []
    return tuple(((top + 1, left), (bottom + 1, right)) for (top, left), (bottom, right) in ranges)
