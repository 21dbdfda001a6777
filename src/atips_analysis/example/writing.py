"""Writes the simulated submissions, the list of their mistakes and the page that explains them.

The same seed writes the same bytes.
"""

from __future__ import annotations

import csv
import io
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import astuple, dataclass, fields, replace
from datetime import date
from pathlib import Path

from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from atips_analysis.cleaning.months import ENGLISH
from atips_analysis.codebook import Codebook
from atips_analysis.errors import InputError
from atips_analysis.example.explanation import explain
from atips_analysis.example.generation import DEFAULT_SEED, Example, simulate
from atips_analysis.example.mistakes import plant, replaced_return
from atips_analysis.example.month_steps import split
from atips_analysis.example.scenario import Scenario
from atips_analysis.example.written_returns import (
    SIMULATED_MARK,
    Cell,
    Slip,
    Submission,
    WrittenLine,
    WrittenSheet,
    draft,
    write_down,
)
from atips_analysis.files import csv_text, for_readers
from atips_analysis.intake.agency.workbook_writer import COVER, new_workbook

SUBMISSIONS = "submissions"
WORDS = {
    "en": ("Trafficking in persons: yearly return", "Agency", "Year", "Contact role",
           "M&E focal point", "Version", "Replaces", "Sheet", "Nothing to report", "Yes"),
    "es": ("Trata de personas: informe anual de registros", "Institución", "Año",
           "Cargo de contacto", "Punto focal de M&E", "Versión", "Reemplaza a", "Hoja",
           "Nada que informar", "Sí"),
}  # fmt: skip


@dataclass(frozen=True)
class Mistake:
    """A planted mistake and where it stands; `row` is the number that Excel shows."""

    file: str
    sheet: str
    row: str
    column: str
    value: str
    what_is_wrong: str
    expected_verdict: str
    expected_rule: str


@for_readers()
def write_example(
    out: Path, scenario: Scenario, seed: int = DEFAULT_SEED
) -> tuple[Example, list[Mistake]]:
    """Write `out`/submissions, `out`/mistakes.csv and `out`/README.md.

    Everything is written beside `out` first and then put in place; an example that was there is
    replaced.

    Raises InputError if `out` holds something that is not an example.
    """
    _refuse_foreign_folder(out)
    codebook = scenario.codebook
    example = simulate(scenario, seed)
    submissions = make_submissions(example, codebook)
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".example-", dir=out) as beside:
        folder = Path(beside)
        (folder / SUBMISSIONS).mkdir()
        mistakes = [
            mistake
            for submission in submissions
            for mistake in _write(submission, folder / SUBMISSIONS, codebook)
        ]
        names = [one.name for one in fields(Mistake)]
        _write_text(folder / "mistakes.csv", csv_text([names, *map(astuple, mistakes)]))
        _write_text(folder / "README.md", explain(example, submissions, len(mistakes)))
        _put_in_place(folder, out)
    return example, mistakes


def make_submissions(example: Example, codebook: Codebook) -> list[Submission]:
    """All files of the example, mistakes included, by year and agency."""
    drafts, scenario = draft(example), example.scenario
    said, replaced = scenario.said.get("replaced"), []
    if said is not None:
        correction = f"{said['agency']}_{said['year']}_v2.xlsx"
        replaced = [replaced_return(scenario, drafts, codebook, correction)]
    plant(drafts, example)
    submissions = [
        replace(one, file=correction, version=2, replaces=one.file)
        if any(one.file == first.file for first in replaced)
        else one
        for one in write_down(drafts, codebook, scenario)
    ]
    return sorted([*submissions, *replaced], key=lambda one: (one.year, one.file))


# --- files ------------------------------------------------------------------------------------


def _write(submission: Submission, folder: Path, codebook: Codebook) -> list[Mistake]:
    path = folder / submission.file
    if submission.is_csv:
        return _write_csv(submission, path)
    return _write_workbook(submission, path, codebook)


def _write_workbook(submission: Submission, path: Path, codebook: Codebook) -> list[Mistake]:
    said = {
        "title": f"{SIMULATED_MARK}: {submission.agency} {submission.year}",
        "subject": SIMULATED_MARK,
        "comments": "Made by atips example. Not a substitute for data.",
    }
    with new_workbook(path, said) as book:
        return _write_sheets(book, submission, codebook)


def _write_sheets(book: Workbook, submission: Submission, codebook: Codebook) -> list[Mistake]:
    bold = book.add_format({"bold": True})
    warning = book.add_format({"bold": True, "font_color": "#B00020"})
    month = book.add_format({"num_format": "mmm yyyy", "align": "left"})
    _write_cover(submission, book.add_worksheet(COVER), codebook, bold, warning)
    mistakes = [_mistake(submission, sheet, slip) for sheet, slip in submission.slips]
    for sheet in submission.sheets:
        worksheet = book.add_worksheet(sheet.name)
        mistakes += _write_sheet(submission, sheet, worksheet, bold, warning, month)
    if submission.notes:
        notes = book.add_worksheet("Notes")
        notes.write_string(0, 0, SIMULATED_MARK, warning)
        for place, text in enumerate(submission.notes, start=1):
            notes.write_string(place, 0, text)
        notes.hide()
        slip = Slip("", "A hidden sheet holds working notes.", "left out", "not a stream")
        mistakes.append(_mistake(submission, "Notes", slip))
    for stream in submission.nil_returns:
        label = codebook.stream(stream).label(submission.lang)
        slip = Slip(
            "",
            "The sheet has a header and no row; the cover says that there was nothing to report.",
            "left out",
            "nil return: a true zero",
        )
        mistakes.append(_mistake(submission, label, slip))
    return mistakes


def _write_cover(
    submission: Submission, cover: Worksheet, codebook: Codebook, bold: object, warning: object
) -> None:
    (title, agency, year, contact, role, version, replaces, sheet, nil, yes) = WORDS[
        submission.lang
    ]
    cover.set_column(0, 1, 34)
    cover.write_string(0, 0, SIMULATED_MARK, warning)
    cover.write_string(1, 0, title, bold)
    label = codebook.codelist("source_agency").label(submission.agency, submission.lang)
    cover.write_row(3, 0, [agency, submission.agency, label])
    cover.write_row(4, 0, [year, submission.year])
    cover.write_row(5, 0, [contact, role])
    cover.write_row(6, 0, [version, submission.version])
    cover.write_row(7, 0, [replaces, submission.replaces])
    cover.write_row(9, 0, [sheet, nil], bold)
    for place, written in enumerate(submission.sheets, start=10):
        cover.write_string(place, 0, written.name)
        if written.stream in submission.nil_returns:
            cover.write_string(place, 1, yes)


def _write_sheet(
    submission: Submission,
    sheet: WrittenSheet,
    worksheet: Worksheet,
    bold: object,
    warning: object,
    month: object,
) -> list[Mistake]:
    for place, title in enumerate(sheet.titles):
        worksheet.write_string(place, 0, title, warning if place == 0 else bold)
    header = len(sheet.titles) + 1
    worksheet.set_column(0, len(sheet.header) - 1, 18)
    for column, text in enumerate(sheet.header):
        worksheet.write_string(header, column, text, bold)
    worksheet.freeze_panes(header + 1, 0)
    mistakes: list[Mistake] = []
    for row, line in enumerate(sheet.lines, start=header + 1):
        for column, cell in enumerate(line.cells):
            _write_cell(worksheet, row, column, cell, month)
        mistakes += _mistakes(submission, sheet, line, row + 1)
    return mistakes


def _write_cell(worksheet: Worksheet, row: int, column: int, cell: Cell, month: object) -> None:
    if not cell.text:
        return
    match cell.kind:
        case "number":
            worksheet.write_number(row, column, int(cell.text))
        case "date":
            year, number = split(cell.text)
            worksheet.write_datetime(row, column, date(year, number, 1), month)
        case _:
            worksheet.write_string(row, column, cell.text)


def _write_csv(submission: Submission, path: Path) -> list[Mistake]:
    (sheet,) = submission.sheets
    text = io.StringIO()
    writer = csv.writer(text, delimiter=submission.separator, lineterminator="\r\n")
    for title in sheet.titles:
        writer.writerow([title])
    writer.writerow(sheet.header)
    first = len(sheet.titles) + 2
    mistakes: list[Mistake] = []
    if submission.lang == "es":
        what = "The file is in Spanish, with semicolons, in the coding of Windows."
        mistakes.append(_mistake(submission, "", Slip("", what, "accepted", "file format")))
    for row, line in enumerate(sheet.lines, start=first):
        writer.writerow([cell.text for cell in line.cells])
        mistakes += _mistakes(submission, sheet, line, row)
    path.write_bytes(text.getvalue().encode(submission.encoding))
    return mistakes


def _mistakes(
    submission: Submission, sheet: WrittenSheet, line: WrittenLine, row: int
) -> Iterator[Mistake]:
    for slip in line.slips:
        # Excel names the sheet of a CSV after its file.
        name = Path(submission.file).stem if submission.is_csv else sheet.name
        yield _mistake(submission, name, slip, row, _as_shown(line, slip.column))


def _as_shown(line: WrittenLine, column: str) -> str:
    """The text of a cell as Excel shows it: a date by its month."""
    text = line.values.get(column, "")
    if any(cell.kind == "date" and cell.text == text for cell in line.cells):
        year, number = split(text)
        return f"{ENGLISH[number - 1][:3].title()} {year}"
    return text


def _mistake(
    submission: Submission, sheet: str, slip: Slip, row: int | None = None, value: str = ""
) -> Mistake:
    return Mistake(
        file=submission.file,
        sheet=sheet,
        row="" if row is None else str(row),
        column=slip.column,
        value=value,
        what_is_wrong=slip.what,
        expected_verdict=slip.verdict,
        expected_rule=slip.rule,
    )


def _write_text(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")


# --- the folder -------------------------------------------------------------------------------

OURS = {SUBMISSIONS, "mistakes.csv", "README.md"}


def _refuse_foreign_folder(out: Path) -> None:
    if out.is_file():
        raise InputError("this is a file; name a folder for the example", file=out)
    if not out.is_dir():
        return
    there = {path.name for path in out.iterdir() if not path.name.startswith(".")}
    if there and not there <= OURS:
        other = ", ".join(sorted(there - OURS)[:3])
        raise InputError(f"the folder holds other things ({other}); name an empty one", file=out)
    if (out / SUBMISSIONS).exists() and not (out / "mistakes.csv").exists():
        raise InputError(
            "the folder holds submissions that are no example (no mistakes.csv beside them); "
            "name an empty one",
            file=out,
        )


def _put_in_place(folder: Path, out: Path) -> None:
    old = out / SUBMISSIONS
    if old.exists():
        old.replace(folder / "old")
    (folder / SUBMISSIONS).replace(old)
    for name in sorted(OURS - {SUBMISSIONS}):
        (folder / name).replace(out / name)
    if (folder / "old").exists():
        shutil.rmtree(folder / "old")
