"""One accessible spreadsheet of many tables: cover, contents, notes, then one table a sheet.

After the guidance of the UK's Government Analysis Function (2021), "Releasing statistics in
spreadsheets": tables begin in column A, nothing is merged, every sheet has one table and a title
above it, notes stand on a sheet of their own, and colour carries no meaning.

Written with XlsxWriter and not with `gptables`, made for the same guidance: tried on a table of the
example, its workbook (2.0.2) bore the hour, spoke English alone in sentences of its own, froze no
heads and took every hidden value for a mistake.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from xlsxwriter.workbook import Workbook

from atips_analysis.intake.agency.workbook_writer import A4, COVER, new_workbook
from atips_analysis.release.pack_tables import PackTable, is_number
from atips_analysis.words import NC_, in_all_languages

WIDEST = 60
RECORDS = "Records"
"""The line of the cover that says of what kind the records are, where that has to be said."""
HEADER_ROW = 4


def spreadsheet(
    tables: Sequence[PackTable],
    *,
    title: str,
    cover: Sequence[tuple[str, str]],
    notes: Sequence[tuple[str, str]],
    created: datetime,
) -> bytes:
    """The workbook as bytes; the same input, the same bytes.

    Parameters
    ----------
    cover : pairs of what and which, shown on the first sheet.
    notes : pairs of mark and meaning.
    created : the date that the file's properties carry.
    """
    out = io.BytesIO()
    with new_workbook(out, {"title": title}, created.replace(tzinfo=None)) as book:
        _write(book, tables, title, cover, notes)
    return out.getvalue()


def _write(
    book: Workbook,
    tables: Sequence[PackTable],
    title: str,
    cover: Sequence[tuple[str, str]],
    notes: Sequence[tuple[str, str]],
) -> None:
    styles = {
        "title": book.add_format({"bold": True, "font_size": 14}),
        "head": book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"}),
        "text": book.add_format({"text_wrap": True, "valign": "top"}),
        "link": book.add_format({"font_color": "#0b3a66", "underline": 1}),
    }
    names = {table.name: table.name[:31] for table in tables}  # what Excel takes
    mark = next((which for what, which in cover if what == RECORDS), "")
    _pairs_sheet(book, COVER, title, ("About", "What"), cover, styles)
    _contents(book, tables, names, mark, styles)
    heads = ("Mark", "Meaning")
    _pairs_sheet(book, "Notes", _marked("Notes and marks", mark), heads, notes, styles)
    for table in tables:
        _table_sheet(book, names[table.name], table, mark, styles)
    for sheet in book.worksheets():
        sheet.set_paper(A4)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        if mark:
            sheet.set_header(f"&C{mark.replace('&', '&&')}")


def _pairs_sheet(
    book: Workbook,
    name: str,
    title: str,
    heads: tuple[str, str],
    pairs: Sequence[tuple[str, str]],
    styles: dict[str, Any],
) -> None:
    sheet = book.add_worksheet(name)
    sheet.set_column(0, 0, 26)
    sheet.set_column(1, 1, 100)
    sheet.write_string(0, 0, title, styles["title"])
    for column, head in enumerate(heads):
        sheet.write_string(2, column, head, styles["head"])
    for row, pair in enumerate(pairs, start=3):
        for column, text in enumerate(pair):
            sheet.write_string(row, column, text, styles["text"])


def _contents(
    book: Workbook,
    tables: Sequence[PackTable],
    names: dict[str, str],
    mark: str,
    styles: dict[str, Any],
) -> None:
    sheet = book.add_worksheet("Contents")
    sheet.set_column(0, 0, 22)
    heads = in_all_languages(NC_("table of a pack", "Table"), context="table of a pack")
    sheet.set_column(1, len(heads), 70)
    sheet.write_string(0, 0, _marked("Contents", mark), styles["title"])
    for column, head in enumerate(("Sheet", *heads.values())):
        sheet.write_string(2, column, head, styles["head"])
    for row, table in enumerate(tables, start=3):
        name = names[table.name]
        sheet.write_url(row, 0, f"internal:'{name}'!A1", styles["link"], name)
        for column, lang in enumerate(heads, start=1):
            sheet.write_string(row, column, table.titles[lang], styles["text"])


def _table_sheet(
    book: Workbook, name: str, table: PackTable, mark: str, styles: dict[str, Any]
) -> None:
    sheet = book.add_worksheet(name)
    frame = table.frame
    sheet.write_string(0, 0, _marked(table.title, mark), styles["title"])
    sheet.write_string(1, 0, table.other_titles)
    if table.note:
        sheet.write_string(2, 0, table.note)
    for column, head in enumerate(frame.columns):
        numeric = is_number(str(head))
        longest = max([len(str(head)), *(len(str(text)) for text in frame.iloc[:, column])])
        sheet.set_column(column, column, min(longest + 2, WIDEST))
        for row, text in enumerate(frame.iloc[:, column], start=HEADER_ROW + 1):
            if numeric and text != "":
                sheet.write_number(row, column, float(text))
            elif text != "":
                sheet.write_string(row, column, str(text))
    last = HEADER_ROW + max(len(frame), 1)
    sheet.add_table(
        HEADER_ROW,
        0,
        last,
        len(frame.columns) - 1,
        {
            "columns": [{"header": str(head)} for head in frame.columns],
            "style": "Table Style Light 1",
            "autofilter": False,
            "name": "T_" + "".join(c if c.isalnum() else "_" for c in name),
        },
    )
    sheet.freeze_panes(HEADER_ROW + 1, 0)
    sheet.repeat_rows(HEADER_ROW)


def _marked(title: str, mark: str) -> str:
    """A sheet's title with the mark of simulated records: a sheet is copied without its cover."""
    return f"{title} ({mark})" if mark else title
