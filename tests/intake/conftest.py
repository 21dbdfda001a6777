"""Submissions made on the spot, so that each test shows what it reads."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from pathlib import Path

import pytest
import xlsxwriter

from atips_analysis.codebook import Codebook, load_codebook

VICTIM = {
    "victim_id": "V-0001",
    "case_id": "BZ-CASE-2024-0001",
    "identified_year": 2024,
    "sex": "F",
    "age_group": "ADULT",
    "citizenship": "GTM",
    "status": "POTENTIAL",
    "status_date": "2024-03",
    "decision_by": "DHS",
    "form": "LAB_SECTOR",
    "primary_form": "yes",
    "country_of_exploitation": "BLZ",
    "consent_statistics": "yes",
}
INSPECTION = ["month", "inspection_type", "sector", "district", "finding", "n"]


@pytest.fixture(scope="session")
def codebook() -> Codebook:
    return load_codebook()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "submissions"
    path.mkdir()
    return path


@pytest.fixture
def write_workbook(folder: Path) -> Callable[..., Path]:
    """Write sheets (name to rows) to a workbook; with a cover unless told its own."""

    def write(
        name: str,
        sheets: dict[str, list[list[object]]],
        cover: list[list[object]] | None = None,
        hidden: tuple[str, ...] = (),
        merged: dict[str, list[str]] | None = None,
    ) -> Path:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        book = xlsxwriter.Workbook(str(path), {"default_date_format": "yyyy-mm-dd"})
        cover_rows = [["Agency", "DHS"], ["Year", 2024]] if cover is None else cover
        everything = {"Cover": cover_rows, **sheets} if cover_rows else sheets
        for sheet_name, rows in everything.items():
            sheet = book.add_worksheet(sheet_name)
            for number, row in enumerate(rows):
                for column, value in enumerate(row):
                    if isinstance(value, datetime.date):
                        sheet.write_datetime(number, column, value)
                    elif value is not None:
                        sheet.write(number, column, value)
            if sheet_name in hidden:
                sheet.hide()
            for area in (merged or {}).get(sheet_name, []):
                first = area.split(":")[0]
                row, column = xlsxwriter.utility.xl_cell_to_rowcol(first)
                sheet.merge_range(area, rows[row][column])
        book.close()
        return path

    return write


@pytest.fixture
def victims() -> Callable[..., list[list[object]]]:
    """A header and rows of victims: each row is a dict of what differs from a plain victim."""

    def rows(*differences: dict[str, object]) -> list[list[object]]:
        header = list(dict.fromkeys([*VICTIM, *(key for row in differences for key in row)]))
        return [header, *([(VICTIM | row).get(key) for key in header] for row in differences)]

    return rows
