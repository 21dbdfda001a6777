"""The one writer of workbooks, with XlsxWriter: the same call writes the same bytes.

`new_workbook` opens and saves any workbook of the house; `AgencyWorkbook` is one that an agency fills in
or corrects, with a cover that the intake reads again and drop-downs of the code lists.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from atips_analysis.codebook import Codebook, Column, Stream
from atips_analysis.files import write_whole
from atips_analysis.words.documents import words_of

WORDS = Path(__file__).with_name("form_words.toml")
COVER, LISTS = "Cover", "Lists"
YES_NO = "yes_no"
MADE_ON = datetime(2024, 1, 1)  # a fixed date: no workbook bears the hour
A4 = 9
COLUMNS_A_PAGE = 14
LINE = 15.5  # the height of a line, in points
HELP = 62  # the width of what explains a cover, in characters
LONGEST_MESSAGE, LONGEST_TITLE = 255, 32  # Excel's limits for an input message
NAVY, PALE, WHITE, RULE = "#1B3A5C", "#E8EEF4", "#FFFFFF", "#BFBFBF"
RED, YELLOW, GREY = "#F4B6AE", "#FFE699", "#D9D9D9"

_TOP = {"valign": "top"}
_FRAMED = _TOP | {"border": 1, "border_color": RULE}
_HEAD = _FRAMED | {"bold": True, "text_wrap": True}
# What was sent stays on one line, so that rows can be looked through.
_VALUE = _FRAMED | {"num_format": "@"}
_OPEN = _FRAMED | {"bg_color": PALE, "locked": False}
LOOKS: dict[str, dict[str, Any]] = {
    "title": {"bold": True, "font_size": 16, "font_color": NAVY},
    "section": {"bold": True, "font_size": 12, "font_color": NAVY},
    "mark": {"bold": True, "font_color": "#9C0006"},
    "label": _TOP | {"bold": True, "text_wrap": True},
    "prose": _TOP | {"text_wrap": True},
    "number": _TOP | {"align": "left"},
    "required": _HEAD | {"bg_color": NAVY, "font_color": WHITE},
    "optional": _HEAD | {"bg_color": PALE, "font_color": NAVY},
    "cell": _FRAMED | {"text_wrap": True, "num_format": "@"},
    "count": _FRAMED | {"num_format": "0"},
    "link": _FRAMED | {"text_wrap": True, "font_color": "#0563C1", "underline": 1},
    "value": _VALUE,
    "info": _VALUE,
    "critical": _VALUE | {"bg_color": RED},
    "warning": _VALUE | {"bg_color": YELLOW},
    "duplicate": _VALUE | {"bg_color": GREY},
    "field": _OPEN | {"num_format": "@"},
    "field_number": _OPEN | {"num_format": "0"},
    "open_text": _TOP | {"locked": False, "num_format": "@"},
    "open_number": _TOP | {"locked": False, "num_format": "0"},
}
"""How cells look, by what they are for."""


@contextmanager
def new_workbook(
    out: Path | io.BytesIO, said: Mapping[str, str], created: datetime = MADE_ON
) -> Iterator[Workbook]:
    """A workbook, saved to `out` at the end; `said` are its properties, such as a title.

    Raises MachineError if the file cannot be written; then what stood there stays.
    """
    content = out if isinstance(out, io.BytesIO) else io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(content, options)
    book.set_properties({**said, "created": created})
    yield book
    book.close()
    if isinstance(out, Path):
        write_whole(out, content.getvalue())


@dataclass(frozen=True)
class About:
    """Whose workbook it is, in which language, and the mark that every printed page bears."""

    agency: str
    year: int
    lang: str
    mark: str = ""


@dataclass(frozen=True)
class Field:
    """A line of the cover: what is asked, what helps to answer it, and what already stands there."""

    label: str
    help: str
    value: str | int = ""


class AgencyWorkbook:
    """A workbook that an agency fills in or corrects, while it is being written."""

    def __init__(self, book: Workbook, about: About, codebook: Codebook) -> None:
        self.book, self.about, self.codebook = book, about, codebook
        self.words = words_of(WORDS, about.lang)
        self.looks: dict[str, Format] = {
            name: book.add_format(look) for name, look in LOOKS.items()
        }

    def sheet(self, name: str) -> Worksheet:
        """A further sheet."""
        return self.book.add_worksheet(name)

    def cover(
        self,
        sheet: Worksheet,
        top: Sequence[tuple[str, str]],
        fields: Iterable[Field],
        ticks: Mapping[str, str],
    ) -> int:
        """Lines (text and look), the return, what is asked, and a tick for each stream.

        Returns the row that is free below. The help opens with a cell and does not stand beside it:
        whoever reads the cover takes the next text to the right of a label for the answer.
        """
        words, looks = self.words, self.looks
        for column, width in enumerate((34, 30, HELP)):
            sheet.set_column(column, column, width)
        for row, (text, look) in enumerate(top):
            sheet.write_string(row, 0, text, looks[look])
        row = len(top) + 1
        name = self.codebook.codelist("source_agency").label(self.about.agency, self.about.lang)
        sheet.write_string(row, 0, words.agency, looks["label"])
        sheet.write_string(row, 1, self.about.agency, looks["prose"])
        sheet.write_string(row, 2, name, looks["prose"])
        sheet.write_string(row + 1, 0, words.year, looks["label"])
        sheet.write_number(row + 1, 1, self.about.year, looks["number"])
        row += 2
        for field in fields:
            self._field(sheet, row, field)
            row += 1
        return self._ticks(sheet, row + 1, ticks)

    def _field(self, sheet: Worksheet, row: int, field: Field) -> None:
        sheet.write_string(row, 0, field.label, self.looks["label"])
        rule: dict[str, Any] = {"validate": "any"}
        if isinstance(field.value, int):
            sheet.write_number(row, 1, field.value, self.looks["field_number"])
            rule = {"validate": "integer", "criteria": ">=", "value": 1}
        else:
            self.text(sheet, row, 1, field.value, "field")
        sheet.data_validation(row, 1, row, 1, rule | messages(field.label, field.help))

    def _ticks(self, sheet: Worksheet, row: int, ticks: Mapping[str, str]) -> int:
        words = self.words
        for column, text in enumerate((words.sheet, words.nil_return, words.nil_return_help)):
            sheet.write_string(row, column, text, self.looks["optional"])
        sheet.set_row(row, height(words.nil_return_help, HELP - 8))
        told = messages(words.nil_return, words.nil_return_help)
        for stream, tick in ticks.items():
            row += 1
            label = self.codebook.stream(stream).label(self.about.lang)
            sheet.write_string(row, 0, label, self.looks["label"])
            self.text(sheet, row, 1, tick, "field")
            sheet.data_validation(row, 1, row, 1, choices(YES_NO) | told)
        return row + 2

    def text(self, sheet: Worksheet, row: int, column: int, text: str, look: str) -> None:
        """A cell, always as text: what opens with = + - @ must not become a formula."""
        if text:
            sheet.write_string(row, column, text, self.looks[look])
        else:
            sheet.write_blank(row, column, None, self.looks[look])

    def heading(self, sheet: Worksheet, at: int, column: Column) -> None:
        """The head of a column of a stream, dark where the column is required."""
        look = self.looks["required" if column.required else "optional"]
        sheet.write_string(0, at, column.label(self.about.lang), look)

    def lists(
        self, sheet: Worksheet, streams: Iterable[Stream], more: Mapping[str, Sequence[str]]
    ) -> None:
        """The code lists of `streams`, and `more`, on a hidden sheet that drop-downs point to.

        Two columns a list, codes and labels; the labels have a name in the workbook.
        """
        lang = self.about.lang
        used = {column.codelist for stream in streams for column in stream.columns}
        pairs = {YES_NO: dict(zip(("yes", "no"), self.words.yes_no, strict=True))}
        pairs |= {name: dict(zip(values, values, strict=True)) for name, values in more.items()}
        for name in sorted(used - {""}):
            codelist = self.codebook.codelist(name)
            pairs[name] = {code: codelist.label(code, lang) for code in codelist.codes}
        for left, (name, labels) in zip(range(0, 2 * len(pairs), 2), pairs.items(), strict=True):
            sheet.write_column(0, left, [name, *labels])
            sheet.write_column(0, left + 1, [f"label_{lang}", *labels.values()])
            letters = xl_col_to_name(left + 1, col_abs=True)
            where = f"={LISTS}!{letters}$2:{letters}${len(labels) + 1}"
            self.book.define_name(_list_name(name), where)
        sheet.hide()
        sheet.protect()

    def page(self, sheet: Worksheet, name: str, columns: int = 1, tall: int = 0) -> None:
        """How a sheet of so many columns is printed: across, agency and year above it."""
        sheet.set_landscape()
        sheet.set_paper(A4)
        sheet.set_margins(left=0.5, right=0.5)
        sheet.fit_to_pages(1 + columns // COLUMNS_A_PAGE, tall)
        mark = f"&C{_plain(self.about.mark)}" if self.about.mark else ""
        head = f"&L{self.about.agency} {self.about.year}{mark}&R{_plain(name)}"
        sheet.set_header(head)
        sheet.set_footer(f"&L{_plain(self.words.confidential)}&R&P / &N")


def choices(name: str, refuses: bool = True) -> dict[str, Any]:
    """A drop-down of the list `name`; one that does not refuse takes what is typed instead."""
    return {"validate": "list", "source": f"={_list_name(name)}", "show_error": refuses}


def messages(title: str, text: str) -> dict[str, Any]:
    """What Excel shows when a cell is chosen, and when what is typed there is refused."""
    title, text = _shortened(title, LONGEST_TITLE), _shortened(text, LONGEST_MESSAGE)
    told = {"input_title": title, "input_message": text}
    return told | {"error_title": title, "error_message": text}


def height(text: str, width: int) -> float:
    """The height of a row whose text runs over so many characters a line."""
    return LINE * (1 + len(text) // width)


def _list_name(codelist: str) -> str:
    return f"list_{codelist}"


def _plain(text: str) -> str:
    """Words in the head or foot of a page, where & begins an order to Excel."""
    return text.replace("&", "&&")


def _shortened(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"
