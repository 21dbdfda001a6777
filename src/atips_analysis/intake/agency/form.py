"""The Excel form that an agency fills in: made from the codebook, so that it cannot drift.

A cover, a sheet for each stream that the agency sends, and a hidden sheet with the code lists
that the drop-downs point to. Headers are locked without a password; nothing is a macro.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from atips_analysis.codebook import Codebook, Column, Stream, load_codebook
from atips_analysis.errors import InputError
from atips_analysis.files import for_readers
from atips_analysis.intake.agency.workbook_writer import (
    COVER,
    LISTS,
    WORDS,
    YES_NO,
    About,
    AgencyWorkbook,
    Field,
    choices,
    height,
    messages,
    new_workbook,
)
from atips_analysis.project import YEARS
from atips_analysis.words.documents import words_of

ROWS = 2000
MONTHS = "months"
COVER_WIDTH = 125  # of its three columns, in characters


@for_readers()
def write_template(
    agency: str,
    year: int,
    lang: str,
    out: Path,
    codebook: Codebook | None = None,
    council: str = "",
) -> Path:
    """Write the form for an agency's return of one year; the same call writes the same bytes.

    Parameters
    ----------
    agency : str
        Code of `source_agency`.
    year : int
        The year that the return reports on.
    lang : str
        Language of labels, drop-downs, help and cover.
    out : Path
        The .xlsx file; replaced when it is there.
    council : str
        Name of the body that collects, for the cover.

    Raises
    ------
    InputError
        If the agency, the year, the language or the file's ending is not one we know.
    MachineError
        If the file cannot be written.
    """
    codebook = codebook or load_codebook()
    agency = _known_agency(agency, codebook)
    if year not in YEARS:
        raise InputError(
            f"year {year} is not between {YEARS[0]} and {YEARS[-1]}; give four digits: --year 2024"
        )
    if out.suffix.lower() != ".xlsx":
        raise InputError(f"a form is an Excel file; call it {out.stem or agency}.xlsx", file=out)
    about = About(agency, year, lang)
    title = words_of(WORDS, lang).title
    with new_workbook(out, {"title": title, "subject": f"{agency} {year}"}) as book:
        _Form(book, about, codebook).write(council)
    return out


def streams_of(agency: str, codebook: Codebook) -> tuple[Stream, ...]:
    """The streams that an agency sends; those that name no sender are sent by every agency."""
    return tuple(
        stream
        for stream in codebook.streams.values()
        if not stream.sent_by or agency in stream.sent_by
    )


def _known_agency(agency: str, codebook: Codebook) -> str:
    codes = codebook.codelist("source_agency").codes
    if agency.strip().upper() not in codes:
        raise InputError(f"agency {agency!r} is not one of {', '.join(codes)}")
    return agency.strip().upper()


class _Form(AgencyWorkbook):
    """One form while it is being written."""

    def __init__(self, book: Workbook, about: About, codebook: Codebook) -> None:
        super().__init__(book, about, codebook)
        self.streams = streams_of(about.agency, codebook)

    def write(self, council: str) -> None:
        cover = self.sheet(COVER)
        sheets = [self.sheet(stream.label(self.about.lang)) for stream in self.streams]
        months = [f"{self.about.year}-{month:02d}" for month in range(1, 13)]
        self.lists(self.sheet(LISTS), self.streams, {MONTHS: months})
        self._write_cover(cover, council)
        for sheet, stream in zip(sheets, self.streams, strict=True):
            self._write_stream(sheet, stream)

    def _write_cover(self, sheet: Worksheet, council: str) -> None:
        words = self.words
        fields = [
            Field(words.contact_role, words.contact_role_help),
            Field(words.version, words.version_help, 1),
            Field(words.replaces, words.replaces_help),
            Field(words.sent, words.sent_help),
            Field(words.covers, words.covers_help),
        ]
        ticks = dict.fromkeys((stream.name for stream in self.streams), "")
        row = self.cover(sheet, [(words.title, "title"), (council, "prose")], fields, ticks)
        for number, text in enumerate(words.instructions, start=1):
            text = text.format(agency=self.about.agency, year=self.about.year, rows=ROWS)
            sheet.merge_range(row, 0, row, 2, f"{number}. {text}", self.looks["prose"])
            sheet.set_row(row, height(text, COVER_WIDTH))
            row += 1
        self.page(sheet, COVER, tall=1)
        sheet.activate()

    def _write_stream(self, sheet: Worksheet, stream: Stream) -> None:
        for position, column in enumerate(stream.columns):
            number = column.type in {"year", "count", "age"}
            label = column.label(self.about.lang)
            width = max(12, min(28, len(label) + 2))
            # Unlocked by column, not by cell: empty rows stay empty, for us and in print.
            look = self.looks["open_number" if number else "open_text"]
            sheet.set_column(position, position, width, look)
            self.heading(sheet, position, column)
            told = messages(label, self._help(column))
            sheet.data_validation(0, position, 0, position, {"validate": "any"} | told)
            rule = self._rule(column, position)
            sheet.data_validation(1, position, ROWS, position, rule | told)
        sheet.set_row(0, 45)
        sheet.freeze_panes(1, 0)
        self.page(sheet, stream.label(self.about.lang), columns=len(stream.columns))
        sheet.repeat_rows(0)
        sheet.repeat_columns(0)

    def page(self, sheet: Worksheet, name: str, columns: int = 1, tall: int = 0) -> None:
        super().page(sheet, name, columns, tall)
        sheet.protect(options={"format_columns": True, "format_rows": True, "sort": True})

    def _rule(self, column: Column, position: int) -> dict[str, Any]:
        """Excel's validation for a column."""
        match column.type:
            case "code":
                return choices(column.codelist)
            case "codes":  # a drop-down offers one; several are typed, so nothing is refused
                return choices(column.codelist, refuses=False)
            case "bool":
                return choices(YES_NO)
            case "month" if column.name == "month":
                return choices(MONTHS)
            case "month":
                return {"validate": "custom", "value": _is_month(position)}
            case "year":
                limits = {"minimum": YEARS[0], "maximum": self.about.year}
                return {"validate": "integer", "criteria": "between"} | limits
            case "count":
                return {"validate": "integer", "criteria": ">=", "value": 0}
            case "age":
                return {"validate": "integer", "criteria": "between", "minimum": 0, "maximum": 110}
            case _:
                return {"validate": "any"}

    def _help(self, column: Column) -> str:
        words = self.words
        own = column.help(self.about.lang)
        need = words.required if column.required else words.optional
        return " ".join(text for text in (need, words.entry[column.type], own) if text)


def _is_month(position: int) -> str:
    """Excel's test of text yyyy-mm in the first cell below the header of a column."""
    cell = f"{xl_col_to_name(position)}2"
    return (
        f'=AND(ISTEXT({cell}),LEN({cell})=7,MID({cell},5,1)="-",'
        f"VALUE(LEFT({cell},4))>=1990,VALUE(LEFT({cell},4))<=2099,"
        f"VALUE(RIGHT({cell},2))>=1,VALUE(RIGHT({cell},2))<=12)"
    )
