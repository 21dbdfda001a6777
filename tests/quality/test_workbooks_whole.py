"""The form and the feedback workbook in full, as a person last looked at them: the texts beside say
what they hold.

A difference is no fault in itself: look at the workbook, and where it is meant, write the text anew
with ``ATIPS_GOLDENS=write`` set; the commit then shows what an agency will see otherwise.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from openpyxl.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet

from atips_analysis.codebook import load_codebook
from atips_analysis.intake import read_files
from atips_analysis.intake.agency.form import write_template
from atips_analysis.intake.settled import Settled
from atips_analysis.project import find_project
from atips_analysis.quality.feedback import write_feedback
from atips_analysis.quality.waiting import judge_intake

CODEBOOK = load_codebook()
SHEETS = {
    "Cover": [
        ["Agency", "DHS"],
        ["Year", 2024],
        ["Version", 3],
        ["Contact role", "Data officer"],
        ["Covers up to", "2024-09"],
        ["SIMULATED RECORDS"],
        ["Sheet", "Nothing to report"],
        ["Referrals", "yes"],
        ["Victims", ""],
    ],
    "Screenings": [
        ["Month", "Agency", "Citizenship group", "Outcome", "Persons screened (cumulative)"],
        ["2024-01", "IMM", "NCA", "NO_IND", 5],
        ["2024-02", "IMM", "NCA", "NO_IND", 11],
    ],
    "Services": [
        ["Victim", "Service", "Provider", "Month begun", "Month ended", "Type of shelter"],
        ["0123456789abcdef", "COUNSELLING", "DHS", "2024-06"],
        ["0123456789abcdef", "COUNSELLING", "DHS", "2024-06"],
        ["0123456789abcdef", "SHELTER", "DHS", "2024-06", "2024-05"],
        ["1123456789abcdef", "massage", "DHS", "2024-07", None, "a shelter of which nobody knows"],
    ],
    "Training sessions": [
        ["Session", "Month", "Audience", "Topic", "Facilitator", "Participants", "Women", "Men"],
        ["S-1", "2024-03", "TOURISM", "IDENT", "NCFC", 20, 9, 11],
        ["S-2", "2023-12", "TOURISM", "IDENT", "NCFC", 20],
        ["S-3", "2024-05", "TOURISM", "IDENT", "NCFC", 20, 12, 11],
    ],
    "Referrals": [["Referral"]],
    "Victims": [["Victim"]],
}


@pytest.fixture(scope="module")
def feedback(tmp_path_factory):
    """The feedback on a return with something of everything, as openpyxl reads it."""
    folder = tmp_path_factory.mktemp("whole")
    path = folder / "DHS_2024.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        for name, rows in SHEETS.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    intake = read_files([path], CODEBOOK, Settled())
    _, judgement = judge_intake(intake, CODEBOOK, find_project().expectations, "part")
    return openpyxl.load_workbook(write_feedback(folder / "back.xlsx", intake, judgement))


def told(sheet: Worksheet) -> Iterator[str]:
    """A sheet in lines: how it is laid out, what may be chosen, and each cell with its look."""
    widths = {
        f"{key} to {one.max}": (one.width, one.hidden, one.protection.locked, one.number_format)
        for key, one in sheet.column_dimensions.items()
    }
    heights = {key: one.height for key, one in sheet.row_dimensions.items() if one.height}
    yield f"== {sheet.title} ({sheet.sheet_state}; frozen {sheet.freeze_panes}; filter {sheet.auto_filter.ref})"
    yield f"   lines {sheet.sheet_view.showGridLines}; titles {sheet.print_title_rows} {sheet.print_title_cols}"
    page = sheet.page_setup
    printed = [page.orientation, page.paperSize, page.fitToWidth, page.fitToHeight]
    texts = [sheet.oddHeader, sheet.oddFooter]
    said = [part.text for text in texts for part in (text.left, text.center, text.right)]
    yield f"   printed {printed} {said} {sheet.page_margins.left} {sheet.page_margins.right}"
    closed = sheet.protection
    yield f"   protected {[closed.sheet, closed.formatColumns, closed.formatRows, closed.sort]}"
    yield f"   joined {' '.join(sorted(map(str, sheet.merged_cells.ranges)))}"
    yield f"   widths {widths}"
    yield f"   heights {heights}"
    for rule in sorted(sheet.data_validations.dataValidation, key=lambda one: str(one.sqref)):
        limits = [rule.operator, rule.formula1, rule.formula2, rule.showErrorMessage]
        yield f"   choice {rule.sqref}: {rule.type} {limits}"
        if rule.prompt:
            yield f"   told {rule.promptTitle!r} {rule.prompt!r}, {rule.error == rule.prompt}"
    for row in sheet.iter_rows():
        for cell in row:
            if cell.value is not None or cell.fill.fill_type or cell.comment:
                yield f"{cell.coordinate} {cell.value!r} {' '.join(_look(cell))}".rstrip()
                if note := cell.comment:
                    yield f"   note: {note.text!r}"


def _look(cell: Cell) -> Iterator[str]:
    font = cell.font
    colours = [cell.fill.fill_type and cell.fill.fgColor.rgb, font.color and font.color.rgb]
    yield from (colour[2:] for colour in colours if isinstance(colour, str))
    yield from ["bold"] * bool(font.b) + [f"{font.sz:.0f}"] * (font.sz != 11)
    yield from ["wrapped"] * bool(cell.alignment.wrap_text)
    yield from ["top"] * (cell.alignment.vertical == "top")
    yield from [cell.alignment.horizontal] * bool(cell.alignment.horizontal)
    yield from ["framed"] * (cell.border.left.style == "thin")
    yield from ["open"] * (not cell.protection.locked)
    yield from [cell.number_format] * (cell.number_format != "General")
    yield from [f"-> {cell.hyperlink.location}"] if cell.hyperlink else []


def compared(sheets: list[Worksheet], golden: str) -> tuple[list[str], list[str]]:
    path = Path(__file__).parent / golden
    said = "\n".join(line for sheet in sheets for line in told(sheet)) + "\n"
    if os.environ.get("ATIPS_GOLDENS") == "write":
        path.write_text(said, encoding="utf-8", newline="\n")
    return said.splitlines(), path.read_text(encoding="utf-8").splitlines()


def test_the_feedback_workbook_is_as_it_was_last_looked_at(feedback):
    said, before = compared(feedback.worksheets[:-1], "feedback.txt")
    assert said == before


def test_a_form_is_as_it_was_last_looked_at(tmp_path):
    form = write_template("DHS", 2024, "en", tmp_path / "form.xlsx", council="The Council")
    book = openpyxl.load_workbook(form)
    *sheets, lists = book.worksheets
    said, before = compared(sheets, "form.txt")
    assert said == before
    assert (lists.sheet_state, lists.protection.sheet) == ("hidden", True)
    assert book.defined_names["list_yes_no"].attr_text == "Lists!$B$2:$B$3"
    assert [lists[place].value for place in ("A2", "A3", "B2", "B3")] == ["yes", "no", "Yes", "No"]
    assert book.properties.title == sheets[0]["A1"].value
    assert book.properties.subject == "DHS 2024"
