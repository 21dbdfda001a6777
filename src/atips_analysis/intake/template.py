"""The Excel form that an agency fills in: made from the codebook, so that it cannot drift.

A cover, a sheet for each stream that the agency sends, and a hidden sheet with the code lists
that the drop-downs point to. Headers are locked without a password; nothing is a macro.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from atips_analysis.codebook import Codebook, Column, Stream, load_codebook
from atips_analysis.errors import InputError, MachineError
from atips_analysis.files import for_readers, temporary_for
from atips_analysis.words import translator

ROWS = 2000
YEARS = range(2000, 2100)
COVER = "Cover"
LISTS = "Lists"
MADE_ON = datetime(2024, 1, 1)  # a fixed date: the same call writes the same bytes
COLUMNS_A_PAGE = 14  # in print
LONGEST_MESSAGE, LONGEST_TITLE = 255, 32  # Excel's limits for an input message
NAVY, PALE, WHITE = "#1B3A5C", "#E8EEF4", "#FFFFFF"


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
    try:
        with temporary_for(out) as temporary:
            _Form(agency, year, lang, codebook, council).write(temporary)
    except (OSError, xlsxwriter.exceptions.FileCreateError) as error:
        raise MachineError(
            f"{out}: cannot be written; close it if it is open in Excel, "
            "or choose another place with --out"
        ) from error
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


class _Form:
    """One form while it is being written."""

    def __init__(self, agency: str, year: int, lang: str, codebook: Codebook, council: str) -> None:
        self.agency, self.year, self.lang = agency, year, lang
        self.codebook, self.council = codebook, council
        self.words = words_of_form(lang)
        self.streams = streams_of(agency, codebook)

    def write(self, path: Path) -> None:
        self.book = Workbook(str(path), {"in_memory": True})
        self.book.set_properties(
            {"title": self.words.title, "subject": f"{self.agency} {self.year}", "created": MADE_ON}
        )
        self._make_formats()
        cover = self.book.add_worksheet(COVER)
        sheets = [self.book.add_worksheet(stream.label(self.lang)) for stream in self.streams]
        self._write_lists(self.book.add_worksheet(LISTS))
        self._write_cover(cover)
        for sheet, stream in zip(sheets, self.streams, strict=True):
            self._write_stream(sheet, stream)
        self.book.close()

    def _make_formats(self) -> None:
        add = self.book.add_format
        header = {"bold": True, "text_wrap": True, "valign": "top", "border": 1, "locked": True}
        open_cell = {"locked": False, "valign": "top"}
        self.title = add({"bold": True, "font_size": 16, "font_color": NAVY})
        self.label = add({"bold": True, "valign": "top", "text_wrap": True})
        self.prose = add({"text_wrap": True, "valign": "top"})
        self.number = add({"valign": "top", "align": "left"})
        self.header_required = add(header | {"bg_color": NAVY, "font_color": WHITE})
        self.header_optional = add(header | {"bg_color": PALE, "font_color": NAVY})
        self.open_text = add(open_cell | {"num_format": "@"})
        self.open_number = add(open_cell | {"num_format": "0"})
        self.field = add(open_cell | {"num_format": "@", "border": 1, "bg_color": PALE})
        self.field_number = add(open_cell | {"num_format": "0", "border": 1, "bg_color": PALE})

    # cover

    def _write_cover(self, sheet: Worksheet) -> None:
        words = self.words
        sheet.set_column(0, 0, 34)
        sheet.set_column(1, 1, 30)
        sheet.set_column(2, 2, 62)
        sheet.write_string(0, 0, words.title, self.title)
        sheet.write_string(1, 0, self.council)
        agencies = self.codebook.codelist("source_agency")
        sheet.write_string(3, 0, words.agency, self.label)
        sheet.write_string(3, 1, self.agency, self.prose)
        sheet.write_string(3, 2, agencies.label(self.agency, self.lang), self.prose)
        sheet.write_string(4, 0, words.year, self.label)
        sheet.write_number(4, 1, self.year, self.number)
        self._write_field(sheet, 5, words.contact_role, words.contact_role_help)
        self._write_field(sheet, 6, words.version, words.version_help, number=1)
        self._write_field(sheet, 7, words.replaces, words.replaces_help)
        self._write_field(sheet, 8, words.sent, words.sent_help)
        self._write_field(sheet, 9, words.covers, words.covers_help)
        row = self._write_nil_returns(sheet, 11)
        for number, text in enumerate(words.instructions, start=1):
            text = text.format(agency=self.agency, year=self.year, rows=ROWS)
            sheet.merge_range(row, 0, row, 2, f"{number}. {text}", self.prose)
            sheet.set_row(row, 15.5 * (1 + len(text) // 125))
            row += 1
        self._set_up_page(sheet, COVER)
        sheet.fit_to_pages(1, 1)
        sheet.activate()

    def _write_field(
        self, sheet: Worksheet, row: int, label: str, help_text: str, number: int | None = None
    ) -> None:
        """A label and the cell to fill; the help opens with the cell, nothing stands beside it.

        Whoever reads the cover takes the next text to the right of a label for the answer.
        """
        sheet.write_string(row, 0, label, self.label)
        rule: dict[str, Any] = {"validate": "any"}
        if number is None:
            sheet.write_blank(row, 1, None, self.field)
        else:
            sheet.write_number(row, 1, number, self.field_number)
            rule = {"validate": "integer", "criteria": ">=", "value": 1}
        sheet.data_validation(row, 1, row, 1, rule | self._messages(label, help_text))

    def _write_nil_returns(self, sheet: Worksheet, row: int) -> int:
        """The tick for each stream; returns the row after the table and a blank one."""
        words = self.words
        for column, text in enumerate((words.sheet, words.nil_return, words.nil_return_help)):
            sheet.write_string(row, column, text, self.header_optional)
        sheet.set_row(row, 31)
        for stream in self.streams:
            row += 1
            sheet.write_string(row, 0, stream.label(self.lang), self.label)
            sheet.write_blank(row, 1, None, self.field)
            rule = {"validate": "list", "source": f"={_list_name(YES_NO)}"}
            sheet.data_validation(
                row, 1, row, 1, rule | self._messages(words.nil_return, words.nil_return_help)
            )
        return row + 2

    # streams

    def _write_stream(self, sheet: Worksheet, stream: Stream) -> None:
        last = ROWS  # rows 1 to ROWS below the header, counted from 0
        for position, column in enumerate(stream.columns):
            number = column.type in {"year", "count", "age"}
            label = column.label(self.lang)
            width = max(12, min(28, len(label) + 2))
            # Unlocked by column, not by cell: empty rows stay empty, for us and in print.
            sheet.set_column(
                position, position, width, self.open_number if number else self.open_text
            )
            header = self.header_required if column.required else self.header_optional
            sheet.write_string(0, position, label, header)
            help_text = self._help(column)
            sheet.data_validation(
                0, position, 0, position, {"validate": "any"} | self._messages(label, help_text)
            )
            rule = self._rule(column, position)
            sheet.data_validation(
                1, position, last, position, rule | self._messages(label, help_text)
            )
        sheet.set_row(0, 45)
        sheet.freeze_panes(1, 0)
        self._set_up_page(sheet, stream.label(self.lang))
        sheet.repeat_rows(0)
        sheet.repeat_columns(0)
        sheet.fit_to_pages(1 + len(stream.columns) // COLUMNS_A_PAGE, 0)

    def _rule(self, column: Column, position: int) -> dict[str, Any]:
        """Excel's validation for a column."""
        match column.type:
            case "code":
                return {"validate": "list", "source": f"={_list_name(column.codelist)}"}
            case "codes":  # a drop-down offers one; several are typed, so nothing is refused
                source = f"={_list_name(column.codelist)}"
                return {"validate": "list", "source": source, "show_error": False}
            case "bool":
                return {"validate": "list", "source": f"={_list_name(YES_NO)}"}
            case "month" if column.name == "month":
                return {"validate": "list", "source": f"={_list_name(MONTHS)}"}
            case "month":
                return {"validate": "custom", "value": _is_month(position)}
            case "year":
                limits = {"minimum": YEARS[0], "maximum": self.year}
                return {"validate": "integer", "criteria": "between"} | limits
            case "count":
                return {"validate": "integer", "criteria": ">=", "value": 0}
            case "age":
                return {"validate": "integer", "criteria": "between", "minimum": 0, "maximum": 110}
            case _:
                return {"validate": "any"}

    def _help(self, column: Column) -> str:
        words = self.words
        own = column.help(self.lang)
        need = words.required if column.required else words.optional
        return " ".join(text for text in (need, words.entry[column.type], own) if text)

    def _messages(self, title: str, text: str) -> dict[str, Any]:
        return {
            "input_title": _shortened(title, LONGEST_TITLE),
            "input_message": _shortened(text, LONGEST_MESSAGE),
            "error_title": _shortened(title, LONGEST_TITLE),
            "error_message": _shortened(text, LONGEST_MESSAGE),
        }

    # lists and pages

    def _write_lists(self, sheet: Worksheet) -> None:
        """Two columns a list, codes and labels; a defined name for each column of labels."""
        for position, (name, codes, labels) in enumerate(self._lists()):
            left = 2 * position
            sheet.write_string(0, left, name)
            sheet.write_string(0, left + 1, f"label_{self.lang}")
            for row, (code, label) in enumerate(zip(codes, labels, strict=True), start=1):
                sheet.write_string(row, left, code)
                sheet.write_string(row, left + 1, label)
            letters = xlsxwriter.utility.xl_col_to_name(left + 1, col_abs=True)
            where = f"={LISTS}!{letters}$2:{letters}${len(codes) + 1}"
            self.book.define_name(_list_name(name), where)
        sheet.hide()
        sheet.protect()

    def _lists(self) -> list[tuple[str, tuple[str, ...], tuple[str, ...]]]:
        used = {
            column.codelist
            for stream in self.streams
            for column in stream.columns
            if column.codelist
        }
        months = tuple(f"{self.year}-{month:02d}" for month in range(1, 13))
        lists = [(YES_NO, ("yes", "no"), self.words.yes_no), (MONTHS, months, months)]
        for name in sorted(used):
            codelist = self.codebook.codelist(name)
            labels = tuple(codelist.label(code, self.lang) for code in codelist.codes)
            lists.append((name, codelist.codes, labels))
        return lists

    def _set_up_page(self, sheet: Worksheet, name: str) -> None:
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.set_margins(left=0.5, right=0.5)
        sheet.set_header(f"&L{self.agency} {self.year}&R{name.replace('&', '&&')}")
        sheet.set_footer(f"&L{self.words.confidential}&R&P / &N")
        may = {"format_columns": True, "format_rows": True, "sort": True}
        sheet.protect(options=may)


YES_NO, MONTHS = "yes_no", "months"


def _list_name(codelist: str) -> str:
    return f"list_{codelist}"


def _is_month(position: int) -> str:
    """Excel's test of text yyyy-mm in the first cell below the header of a column."""
    cell = f"{xlsxwriter.utility.xl_col_to_name(position)}2"
    return (
        f'=AND(ISTEXT({cell}),LEN({cell})=7,MID({cell},5,1)="-",'
        f"VALUE(LEFT({cell},4))>=1990,VALUE(LEFT({cell},4))<=2099,"
        f"VALUE(RIGHT({cell},2))>=1,VALUE(RIGHT({cell},2))<=12)"
    )


def _shortened(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"


@dataclass(frozen=True)
class FormWords:
    """What the form says, in one language."""

    title: str
    agency: str
    year: str
    contact_role: str
    contact_role_help: str
    version: str
    version_help: str
    replaces: str
    replaces_help: str
    sent: str
    sent_help: str
    covers: str
    covers_help: str
    sheet: str
    nil_return: str
    nil_return_help: str
    required: str
    optional: str
    confidential: str
    yes_no: tuple[str, str]
    entry: dict[str, str]
    instructions: tuple[str, ...]


def words_of_form(lang: str) -> FormWords:
    """The words of the form in a language."""
    _ = translator(lang)
    return FormWords(
        title=_("Trafficking in persons: yearly return"),
        agency=_("Agency"),
        year=_("Year"),
        contact_role=_("Contact role"),
        contact_role_help=_("The role to ask when something is unclear; not a person's name."),
        version=_("Version"),
        version_help=_(
            "1 for the first return of the year, 2 for its first correction, and so on."
        ),
        replaces=_("Replaces"),
        replaces_help=_("For a correction: the name of the file that this one replaces."),
        sent=_("Date sent"),
        sent_help=_("The day you send the file, as yyyy-mm-dd (2025-01-31)."),
        covers=_("Covers up to"),
        covers_help=_(
            "Only where it is not the whole year: the last month that the return covers, as yyyy-mm."
        ),
        sheet=_("Sheet"),
        nil_return=_("Nothing to report"),
        nil_return_help=_(
            "Yes only when there was truly nothing in the year: it is then counted as zero. An empty sheet without a yes counts as missing."
        ),
        required=_("Required."),
        optional=_("If known."),
        confidential=_("Confidential: for the Monitoring and Evaluation Committee"),
        yes_no=(_("Yes"), _("No")),
        entry={
            "id": _("A code, never a name."),
            "year": _("A year of four digits."),
            "month": _("yyyy-mm, such as 2024-03."),
            "bool": _("Choose yes or no."),
            "code": _("Choose from the list."),
            "codes": _("Choose from the list, or type several with semicolons between them."),
            "count": _("A whole number, 0 or more."),
            "age": _("Whole years, 0 to 110."),
        },
        instructions=(
            _(
                "Fill in one sheet after the other, a line for each record, from the line below the headers on. Dark headers are required, light ones are filled in when known. Select a header to read what belongs below it."
            ),
            _(
                "Where a list opens, choose from it. Write months as yyyy-mm (2024-03), never a full date. Leave a cell empty when it does not apply."
            ),
            _(
                "Never enter a name, date of birth, document or telephone number, address or remark about a person. Persons have codes, made at your agency with: atips pseudonymise."
            ),
            _("A sheet without records: choose yes under “Nothing to report” above."),
            _(
                "Do not change headers or the names of sheets. Lists are open for {rows} lines a sheet; send more records in a second file."
            ),
            _(
                "Save the file as {agency}_{year}.xlsx and send it by the confidential way agreed with the Monitoring and Evaluation Committee."
            ),
            _(
                "To correct a return, send the whole file again with a higher version and, under “Replaces”, the name of the file that it corrects: the later one counts."
            ),
            _(
                "What could not be used comes back to you in a feedback workbook: red cells must be corrected, yellow ones checked. Correct them there and send that workbook."
            ),
        ),
    )
