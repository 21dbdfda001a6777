"""Workbooks (xlsx, xlsm, xls, ods) as grids: values only; macros and links are never run."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO

import python_calamine

from atips_analysis.errors import InputError
from atips_analysis.intake.grid import Grid, Merge, grid_of
from atips_analysis.intake.limits import (
    MOST_CELLS,
    MOST_COLUMNS,
    MOST_SHEETS,
    check_archive,
    damaged,
    too_wide,
)

SUFFIXES = (".xlsx", ".xlsm", ".xls", ".ods")
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def read_workbook(content: bytes, file: str) -> Iterator[Grid]:
    """The worksheets of a workbook, in its order, one at a time.

    Raises
    ------
    InputError
        If the workbook is damaged, encrypted, too large or has too many sheets.
    """
    if content[:4] == b"PK\x03\x04":
        check_archive(content, file)
    elif content[:8] != OLE:
        raise damaged(file)
    try:
        workbook = python_calamine.load_workbook(BytesIO(content))
    except python_calamine.PasswordError as error:
        raise _encrypted(file) from error
    except (python_calamine.CalamineError, OSError) as error:
        if "EncryptedPackage" in content[:65536].decode("utf-16-le", "ignore"):
            raise _encrypted(file) from error
        raise damaged(file) from error
    sheets = workbook.sheets_metadata
    if len(sheets) > MOST_SHEETS:
        raise InputError(
            f"the workbook has {len(sheets)} sheets, more than {MOST_SHEETS}; "
            "send one workbook an agency and year, a sheet a stream",
            file=file,
        )
    for about in sheets:
        if about.typ != python_calamine.SheetTypeEnum.WorkSheet:
            continue
        try:
            sheet = workbook.get_sheet_by_name(about.name)
        except (python_calamine.CalamineError, OSError) as error:
            raise damaged(file) from error
        height, width = sheet.total_height, sheet.total_width
        if width > MOST_COLUMNS or height * width > MOST_CELLS:
            raise too_wide(file, about.name)
        hidden = about.visible != python_calamine.SheetVisibleEnum.Visible
        yield grid_of(about.name, _rows(sheet), hidden, _merges(sheet))


def _rows(sheet: python_calamine.CalamineSheet) -> Iterator[list[object]]:
    """Rows from Excel's row 1 and column A on; the reader begins at the first used column."""
    if sheet.start is None:
        return
    margin: list[object] = [""] * sheet.start[1]
    for row in sheet.iter_rows():
        yield margin + row  # type: ignore[operator]


def _merges(sheet: python_calamine.CalamineSheet) -> tuple[Merge, ...]:
    ranges = sheet.merged_cell_ranges or []
    return tuple(((top + 1, left), (bottom + 1, right)) for (top, left), (bottom, right) in ranges)


def _encrypted(file: str) -> InputError:
    return InputError("the workbook is encrypted; save it without a password", file=file)
