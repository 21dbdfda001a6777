"""Returns as agencies make them when they do not use the form, each with the truth of its rows.

A style writes one file into a folder and says what a careful person takes from it. All is invented.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill

Rows = list[list[Any]]
Truth = dict[int, dict[str, str]]


@dataclass(frozen=True)
class Style:
    """A file in a manner of its own: its name, what it holds, the truth of each row by its number."""

    title: str
    stream: str
    file: str
    content: bytes
    truth: Truth
    answers: dict[str, str] = field(default_factory=dict)
    """Kind of question to the right answer, as somebody who knows the file would give it."""


STYLES: list[Callable[[], Style]] = []


def style(function: Callable[[], Style]) -> Callable[[], Style]:
    STYLES.append(function)
    return function


# -- plain tables --------------------------------------------------------------------------------

HEADS = {
    "trainings": [
        "Session", "Month", "Audience", "Topic", "Facilitator", "District", "Participants",
        "Women", "Men",
    ],
    "inspections": [
        "Month", "Type of inspection", "Economic sector", "District", "Finding", "Inspections",
    ],
    "victims": [
        "Victim", "Case", "Year identified", "Sex", "Age group", "Citizenship", "Status",
        "Decided by", "Form of exploitation", "Primary form", "Country of exploitation",
        "Consent to statistics", "Month of the status",
    ],
    "reports": ["Month", "Channel", "Became a case", "Reports"],
}  # fmt: skip
NAMES = {
    "trainings": ["session_id", "month", "audience", "topic", "facilitator", "district",
                  "participants", "women", "men"],
    "inspections": ["month", "inspection_type", "sector", "district", "finding", "n"],
    "victims": ["victim_id", "case_id", "identified_year", "sex", "age_group", "citizenship",
                "status", "decision_by", "form", "primary_form", "country_of_exploitation",
                "consent_statistics", "status_date"],
    "reports": ["month", "channel", "became_case", "n"],
}  # fmt: skip
AGENCY = {"trainings": "NCFC", "inspections": "LABOUR", "victims": "DHS", "reports": "DHS"}
CHECKED = {
    "trainings": ("session_id", "month", "district", "participants", "women", "men"),
    "inspections": ("month", "district", "n"),
    "victims": ("victim_id", "sex", "age_group", "citizenship", "status"),
    "reports": ("month", "n"),
}
"""What a row must be right in."""


def plain(stream: str, rows: int = 6) -> Rows:
    """A header and rows as the form has them."""
    districts = ["BZ", "CY", "CZL", "OW", "SC", "TOL"]
    body: Rows = []
    for i in range(rows):
        month = f"2025-{2 * i + 1:02d}"
        if stream == "trainings":
            women, men = 10 + 3 * i, 8 + 4 * i
            body.append([f"NCFC-25-{i + 1:02d}", month, ["TEACHERS", "POLICE"][i % 2], "HT101",
                         "NCFC", districts[i % 6], women + men, women, men])  # fmt: skip
        elif stream == "inspections":
            kind = ["ROUTINE", "COMPLAINT"][i % 2]
            body.append([month, kind, "I", districts[i % 6], "NONE", 5 + 7 * i])
        elif stream == "victims":
            body.append([f"V-25-{i + 1}", f"BZ-CASE-2025-{i + 1:04d}", 2025, "FM"[i % 2], "ADULT",
                         ["GTM", "HND", "BLZ"][i % 3], "POTENTIAL", "DHS", "LAB_SECTOR", "yes",
                         "BLZ", "yes", month])  # fmt: skip
        else:
            body.append([month, "HOTLINE", "no", 11 + 5 * i])
    return [list(HEADS[stream]), *body]


def truth_of(stream: str, rows: Rows, first: int = 2) -> Truth:
    """The truth of plain rows that stand from row `first` on."""
    names = NAMES[stream]
    return {
        number: {
            name: str(value)
            for name, value in zip(names, row, strict=False)
            if name in CHECKED[stream] and value is not None
        }
        for number, row in enumerate(rows[1:], start=first)
    }


def column(stream: str, name: str) -> int:
    return NAMES[stream].index(name)


def cover(stream: str, *more: list[Any]) -> Rows:
    return [["Agency", AGENCY[stream]], ["Year", 2025], *more]


def book(
    stream: str,
    rows: Rows,
    change: Callable[[Any], None] = lambda sheet: None,
    cover_rows: Rows | None = None,
    sheet_name: str = "",
) -> bytes:
    """A workbook with a cover and one sheet; `change` formats the sheet."""
    made = openpyxl.Workbook()
    first = made.active
    first.title = "Cover"
    for row in cover(stream) if cover_rows is None else cover_rows:
        first.append(row)
    sheet = made.create_sheet(sheet_name or stream.capitalize())
    for row in rows:
        sheet.append(row)
    change(sheet)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def text(rows: Rows, delimiter: str = ",", encoding: str = "utf-8") -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="\n").writerows(rows)
    return out.getvalue().encode(encoding)


def named(stream: str, end: str = "xlsx") -> str:
    return f"{AGENCY[stream]}_2025{'' if end == 'xlsx' else '_' + stream}.{end}"


def workbook(
    title: str,
    stream: str,
    rows: Rows,
    truth: Truth,
    change: Callable[[Any], None] = lambda sheet: None,
    answers: dict[str, str] | None = None,
    **more: Any,
) -> Style:
    content = book(stream, rows, change, **more)
    return Style(title, stream, named(stream), content, truth, answers or {})


def with_column(rows: Rows, header: str, values: Sequence[Any], at: int | None = None) -> Rows:
    """The rows with one more column, at a place or at the end."""
    place = len(rows[0]) if at is None else at
    return [
        [*row[:place], value, *row[place:]]
        for row, value in zip(rows, [header, *values], strict=True)
    ]


def renamed(rows: Rows, **headers: str) -> Rows:
    """The rows with other headers, by the old one."""
    new = {old.replace("_", " "): header for old, header in headers.items()}
    return [[new.get(text, text) for text in rows[0]], *rows[1:]]


def replaced(rows: Rows, at: int, values: Callable[[Any, int], Any]) -> Rows:
    """The rows with other values in a column."""
    body = [
        [*row[:at], values(row[at], number), *row[at + 1 :]] for number, row in enumerate(rows[1:])
    ]
    return [rows[0], *body]


# -- columns that have a brother ------------------------------------------------------------------


def _brother(title: str, stream: str, column_name: str, own: str, other: str, shift: int,
             answer: str = "", *, first: bool = False) -> Callable[[], Style]:  # fmt: skip
    def make() -> Style:
        rows = plain(stream)
        at = column(stream, column_name)
        truth = truth_of(stream, rows)
        other_values = [int(row[at]) + shift for row in rows[1:]]
        rows[0][at] = own
        rows = with_column(rows, other, other_values, at if first else at + 1)
        return workbook(title, stream, rows, truth, answers={"column": answer or own})

    return make


for _what in (
    ("planned before actual", "trainings", "participants", "Participants (actual)",
     "Participants (planned)", 30),
    ("expected beside attended", "trainings", "participants", "Attended", "Expected", 12),
    ("target beside achieved", "inspections", "n", "Inspections achieved", "Inspections target", 20),
    ("invited beside participants", "trainings", "participants", "Participants",
     "Participants invited", 25),
    ("previstos junto a realizados", "inspections", "n", "Inspecciones realizadas",
     "Inspecciones programadas", 9),
    ("last year beside this one", "inspections", "n", "Inspections 2025", "Inspections 2024", 3),
    ("revised beside first", "trainings", "participants", "Participants (revised)",
     "Participants", 4),
    ("registered beside completed", "trainings", "participants", "Participants completed",
     "Participants registered", 6),
):  # fmt: skip
    for _first in (True, False):
        _make = _brother(*_what, first=_first)  # type: ignore[arg-type]
        STYLES.append(_make)


@style
def share_beside_women() -> Style:
    rows = plain("trainings")
    truth = truth_of("trainings", rows)
    share = [round(100 * row[7] / row[6]) for row in rows[1:]]
    return workbook(
        "% women before women", "trainings", with_column(rows, "% women", share, 7), truth
    )


@style
def share_in_percent_format() -> Style:
    rows = plain("trainings")
    truth = truth_of("trainings", rows)
    rows = replaced(rows, 7, lambda women, number: women / rows[number + 1][6])

    def change(sheet: Any) -> None:
        for cell in sheet["H"][1:]:
            cell.number_format = "0%"

    for row in truth.values():
        del row["women"]  # a share is no count: it may be left out, never taken for one
    return workbook("women as a percentage", "trainings", rows, truth, change)


# -- units, multipliers, running totals --------------------------------------------------------------


@style
def thousands_in_header() -> Style:
    rows = renamed(plain("reports"), Reports="Reports ('000)")
    truth = truth_of("reports", plain("reports"))
    for row in truth.values():
        row["n"] = str(1000 * int(row["n"]))
    return workbook(
        "thousands in the header", "reports", rows, truth, answers={"multiplier": "times"}
    )


def _running(header: str) -> Callable[[], Style]:
    def make() -> Style:
        rows = plain("inspections")
        truth = truth_of("inspections", rows)
        total = 0
        for row in rows[1:]:
            total += row[5]
            row[5] = total
        rows[0][5] = header
        answers = {"running total": "differences"}
        return workbook(f"running total: {header}", "inspections", rows, truth, answers=answers)

    return make


STYLES += [
    _running(text_)
    for text_ in (
        "Inspections (cumulative)", "Inspections YTD", "Inspections to date",
        "Inspecciones acumuladas", "Running total of inspections",
    )
]  # fmt: skip


@style
def running_total_in_the_title() -> Style:
    rows = plain("inspections")
    truth = truth_of("inspections", rows, 3)
    total = 0
    for row in rows[1:]:
        total += row[5]
        row[5] = total
    return workbook(
        "running total by a line above", "inspections", [["Cumulative figures, 2025"], *rows], truth
    )


# -- numbers that do not count -----------------------------------------------------------------------


@style
def running_number() -> Style:
    rows = plain("inspections")
    truth = {number: row | {"n": "1"} for number, row in truth_of("inspections", rows).items()}
    rows = replaced(rows, 5, lambda value, number: number + 1)
    rows[0][5] = "No."
    return workbook(
        "No. numbers the rows", "inspections", rows, truth, answers={"running number": "rows"}
    )


@style
def row_number_beside() -> Style:
    rows = plain("trainings")
    truth = truth_of("trainings", rows)
    return workbook(
        "# before the table", "trainings", with_column(rows, "#", range(1, 7), 0), truth
    )


@style
def row_each() -> Style:
    rows = [row[:5] for row in plain("inspections")]
    rows = [rows[0], *[rows[1]] * 4, *rows[2:]]
    truth = {number: {"month": str(row[0]), "district": str(row[3]), "n": "1"}
             for number, row in enumerate(rows[1:], start=2)}  # fmt: skip
    return workbook(
        "a row each, equal ones", "inspections", rows, truth, answers={"row each": "count"}
    )


# -- what only the format carries ----------------------------------------------------------------------


def _taken_back(title: str, change: Callable[[Any, int], None], kind: str) -> Callable[[], Style]:
    def make() -> Style:
        rows = plain("trainings")
        truth = truth_of("trainings", rows)
        del truth[4]
        return workbook(title, "trainings", rows, truth, lambda sheet: change(sheet, 4),
                        answers={kind: "leave"})  # fmt: skip

    return make


def _struck(sheet: Any, row: int) -> None:
    for cell in sheet[row]:
        cell.font = Font(strike=True)


def _struck_count(sheet: Any, row: int) -> None:
    sheet.cell(row, 7).font = Font(strike=True)


def _filled(sheet: Any, row: int) -> None:
    for cell in sheet[row]:
        cell.fill = PatternFill("solid", fgColor="FFFF0000")


def _grey(sheet: Any, row: int) -> None:
    for cell in sheet[row]:
        cell.font = Font(color="FFC0C0C0")


def _hidden(sheet: Any, row: int) -> None:
    sheet.row_dimensions[row].hidden = True


def _filtered(sheet: Any, row: int) -> None:
    sheet.auto_filter.ref = "A1:I7"
    sheet.auto_filter.add_filter_column(0, ["x"])
    sheet.row_dimensions[row].hidden = True


def _grouped(sheet: Any, row: int) -> None:
    sheet.row_dimensions[row].outlineLevel = 1
    sheet.row_dimensions[row].hidden = True


def _commented(sheet: Any, row: int) -> None:
    sheet.cell(row, 7).comment = Comment("did not take place", "me")


STYLES += [
    _taken_back("struck through", _struck, "struck"),
    _taken_back("count struck through", _struck_count, "struck"),
    _taken_back("red", _filled, "colour"),
    _taken_back("greyed out", _grey, "colour"),
    _taken_back("hidden by hand", _hidden, "hidden rows"),
    _taken_back("hidden by a filter", _filtered, "hidden rows"),
    _taken_back("hidden in a group", _grouped, "hidden rows"),
    _taken_back("a comment takes it back", _commented, "comment"),
]


def _status(header: str, usual: str, gone: str) -> Callable[[], Style]:
    def make() -> Style:
        rows = plain("trainings")
        truth = truth_of("trainings", rows)
        del truth[5]
        values = [usual] * 3 + [gone] + [usual] * 2
        rows = with_column(rows, header, values)
        return workbook(
            f"{header}: {gone}", "trainings", rows, truth, answers={"taken back": "leave"}
        )

    return make


STYLES += [
    _status("Status", "Held", "Cancelled"),
    _status("Remarks", "", "postponed to 2026"),
    _status("Estado", "realizada", "suspendida"),
    _status("Held?", "Y", "N"),
    _status("Outcome", "done", "did not take place"),
    _status("Observaciones", "", "no se realizó"),
]


@style
def number_format_hides() -> Style:
    rows = plain("trainings")
    truth = truth_of("trainings", rows)

    def change(sheet: Any) -> None:
        for cell in sheet["H"][1:]:
            cell.number_format = '[<20]"<20";0'

    return workbook("number format shows <20", "trainings", rows, truth, change)


@style
def thousands_format() -> Style:
    rows = replaced(plain("reports"), 3, lambda value, number: value * 1000)
    truth = truth_of("reports", rows)

    def change(sheet: Any) -> None:
        for cell in sheet["D"][1:]:
            cell.number_format = "0,"

    return workbook("thousands by the number format", "reports", rows, truth, change)


@style
def hidden_column() -> Style:
    rows = plain("trainings")
    truth = truth_of("trainings", rows)
    rows = with_column(rows, "Participants (old)", [row[6] + 9 for row in rows[1:]], 6)

    def change(sheet: Any) -> None:
        sheet.column_dimensions["G"].hidden = True

    return workbook("an old column, hidden", "trainings", rows, truth, change,
                    answers={"column": "Participants"})  # fmt: skip


# -- tables in other shapes ----------------------------------------------------------------------------


@style
def two_headers() -> Style:
    rows = plain("trainings")
    truth = truth_of("trainings", rows, 3)
    top = [*rows[0][:6], "Participants", None, None]
    low = [None] * 6 + ["Total", "Women", "Men"]
    return workbook("two header rows", "trainings", [top, low, *rows[1:]], truth)


@style
def merged_headers() -> Style:
    rows = plain("trainings")
    truth = truth_of("trainings", rows, 3)
    top = [*rows[0][:6], "Participants", None, None]
    low = [None] * 6 + ["Total", "Female", "Male"]

    def change(sheet: Any) -> None:
        sheet.merge_cells("G1:I1")
        for letter in "ABCDEF":
            sheet.merge_cells(f"{letter}1:{letter}2")

    return workbook("merged header rows", "trainings", [top, low, *rows[1:]], truth, change)


@style
def subtotals() -> Style:
    rows = plain("inspections")
    first, second = rows[1:4], rows[4:]
    sums = [
        ["Subtotal", None, None, None, None, sum(row[5] for row in part)]
        for part in (first, second)
    ]
    whole = ["Grand total", None, None, None, None, sum(row[5] for row in rows[1:])]
    table = [rows[0], *first, sums[0], *second, sums[1], whole]
    truth = truth_of("inspections", rows)
    truth = {number + (number > 4): row for number, row in truth.items()}
    return workbook("subtotals within", "inspections", table, truth)


@style
def quarter_totals() -> Style:
    rows = plain("inspections")
    quarter = ["Q1 total", None, None, None, None, rows[1][5] + rows[2][5]]
    truth = {n + (n > 3): row for n, row in truth_of("inspections", rows).items()}
    return workbook(
        "quarter totals", "inspections", [rows[0], *rows[1:3], quarter, *rows[3:]], truth
    )


@style
def unlabelled_total() -> Style:
    rows = plain("inspections")
    last = [None] * 5 + [sum(row[5] for row in rows[1:])]
    return workbook(
        "a sum without a label", "inspections", [*rows, last], truth_of("inspections", rows)
    )


@style
def average_below() -> Style:
    rows = plain("inspections")
    last = ["Average", None, None, None, None, sum(row[5] for row in rows[1:]) / 6]
    return workbook("an average below", "inspections", [*rows, last], truth_of("inspections", rows))


@style
def outline() -> Style:
    rows = plain("trainings")
    truth = truth_of("trainings", rows)
    for number in (3, 5):
        truth[number]["district"] = truth[number - 1]["district"]
        rows[number - 1][5] = None
    rows = [[row[5], *row[:5], *row[6:]] for row in rows]
    return workbook("district on the first row of a group", "trainings", rows, truth,
                    answers={"blank below": "fill"})  # fmt: skip


@style
def merged_groups() -> Style:
    rows = plain("trainings")
    truth = truth_of("trainings", rows)
    for number in (3, 5):
        truth[number]["district"] = truth[number - 1]["district"]
        rows[number - 1][5] = None

    def change(sheet: Any) -> None:
        sheet.merge_cells("F2:F3")
        sheet.merge_cells("F4:F5")

    return workbook("merged cells over groups", "trainings", rows, truth, change)


@style
def crosstab() -> Style:
    rows: Rows = [["District", "Jan", "Feb", "Mar"], ["Cayo", 3, 4, 5], ["Belize", 1, 2, 6]]
    return workbook("months side by side", "inspections", rows, {})


@style
def crosstab_sex() -> Style:
    rows: Rows = [["Age group", "Female", "Male", "Total"], ["Adult", 3, 4, 7], ["Child", 1, 2, 3]]
    return workbook("victims by age and sex", "victims", rows, {})


@style
def footnotes() -> Style:
    rows = plain("trainings")
    truth = truth_of("trainings", rows)
    notes: Rows = [[], ["Notes"], ["1) includes a session by radio"], ["Source: NCFC register"]]
    return workbook("footnotes below", "trainings", [*rows, *notes], truth)


@style
def footnote_marks() -> Style:
    rows = plain("trainings")
    truth = truth_of("trainings", rows)
    rows = replaced(rows, 6, lambda value, number: f"{value} *" if number == 2 else value)
    return workbook("a footnote mark behind a figure", "trainings", rows, truth)


@style
def superscript_digit() -> Style:
    rows = plain("trainings")
    truth = truth_of("trainings", rows)
    rows = replaced(rows, 6, lambda value, number: f"{value}¹" if number == 2 else value)
    return workbook("a raised 1 behind a figure", "trainings", rows, truth)


@style
def two_tables() -> Style:
    rows = plain("inspections")
    last_year = [[str(r[0]).replace("2025", "2024"), *r[1:]] for r in rows[1:]]
    table = [["2025"], *rows, [], ["2024, for comparison"], rows[0], *last_year]
    truth = truth_of("inspections", rows, 3)
    return workbook("last year's table below", "inspections", table, truth)


@style
def block_title_of_group() -> Style:
    rows = plain("inspections")
    table = [rows[0], ["First half"], *rows[1:4], ["Second half"], *rows[4:]]
    truth = {n + (1 if n < 5 else 2): row for n, row in truth_of("inspections", rows).items()}
    return workbook("titles of groups within", "inspections", table, truth)


# -- numbers ---------------------------------------------------------------------------------------------


def _written(title: str, write: Callable[[int], Any], times: int = 1, *, end: str = "xlsx",
             delimiter: str = ",", answers: dict[str, str] | None = None) -> Callable[[], Style]:  # fmt: skip
    def make() -> Style:
        rows = replaced(plain("reports"), 3, lambda value, number: value * times)
        truth = truth_of("reports", rows)
        rows = replaced(rows, 3, lambda value, number: write(value))
        if end == "csv":
            content = text(rows, delimiter)
            return Style(title, "reports", named("reports", "csv"), content, truth, answers or {})
        return workbook(title, "reports", rows, truth, answers=answers)

    return make


STYLES += [
    _written("1,234 as text", lambda value: f"{value:,}", 123),
    _written(
        "1.234 as text",
        lambda value: f"{value:,}".replace(",", "."),
        123,
        answers={"full stop": "thousands"},
    ),
    _written(
        "11,000 that is 11 in a csv with semicolons",
        lambda value: f"{value},000",
        end="csv",
        delimiter=";",
        answers={"comma": "decimals"},
    ),
    _written(
        "11.000 that is 11 in a csv",
        lambda value: f"{value}.000",
        end="csv",
        answers={"full stop": "decimals"},
    ),
    _written(
        "11,000 in a csv with tabs",
        lambda value: f"{value:,}",
        1000,
        end="csv",
        delimiter="\t",
        answers={"comma": "thousands"},
    ),
    _written("quoted 11,000 in a csv", lambda value: f"{value:,}", 1000, end="csv"),
    _written("1 234 as text", lambda value: f"{value:,}".replace(",", " "), 123),
    _written("1'234 as text", lambda value: f"{value:,}".replace(",", "'"), 123),
    _written("1.234,00 as text", lambda value: f"{value:,}".replace(",", ".") + ",00", 123),
    _written("1,234.00 as text", lambda value: f"{value:,}.00", 123),
    _written("15.0 as text", lambda value: f"{value}.0"),
    _written("15,0 as text", lambda value: f"{value},0"),
    _written("with a unit", lambda value: f"{value} reports"),
    _written("about", lambda value: f"~{value}"),
    _written("more than", lambda value: f">{value}"),
    _written("range", lambda value: f"{value}-{value + 2}"),
    _written("in brackets", lambda value: f"({value})"),
    _written(
        "unquoted thousands in a csv with semicolons",
        lambda value: f"{value:,}",
        123,
        end="csv",
        delimiter=";",
        answers={"comma": "thousands"},
    ),
    _written(
        "1.234 in a csv with semicolons",
        lambda value: f"{value:,}".replace(",", "."),
        123,
        end="csv",
        delimiter=";",
        answers={"full stop": "thousands"},
    ),
    _written("fullwidth digits", lambda value: "".join(chr(ord(c) + 0xFEE0) for c in str(value))),
    _written("a formula's text", lambda value: f"={value}+0"),
]


@style
def unquoted_thousands() -> Style:
    rows = replaced(plain("reports"), 3, lambda value, number: value * 123)
    truth = truth_of("reports", rows)
    lines = [
        ",".join(map(str, rows[0])),
        *(",".join([*row[:3], f"{row[3]:,}"]) for row in rows[1:]),
    ]
    content = ("\n".join(lines) + "\n").encode()
    return Style("unquoted 1,234 in a csv", "reports", named("reports", "csv"), content, truth)


def _blank(word: Any) -> Callable[[], Style]:
    def make() -> Style:
        rows = plain("trainings")
        truth = truth_of("trainings", rows)
        rows[3][7] = rows[3][8] = word
        truth[4]["women"] = truth[4]["men"] = ""
        return workbook(f"women {word}", "trainings", rows, truth)

    return make


STYLES += [
    _blank(word) for word in ("n.a.", "N/A", "-", "–", "s/d", "unknown", "not available", -99, "..")
]


# -- months ----------------------------------------------------------------------------------------------


def _months(title: str, write: Callable[[int], Any], header: str = "Month",
            change: Callable[[Any], None] = lambda sheet: None) -> Callable[[], Style]:  # fmt: skip
    def make() -> Style:
        rows = plain("inspections")
        truth = truth_of("inspections", rows)
        rows = replaced(rows, 0, lambda value, number: write(int(value[5:])))
        rows[0][0] = header
        answers = {"period": "months", "year not shown": "return", "order of days": "dated"}
        return workbook(title, "inspections", rows, truth, change, answers)

    return make


ENGLISH = ["January", "February", "March", "April", "May", "June", "July", "August", "September",
           "October", "November", "December"]  # fmt: skip
SPANISH = ["enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre",
           "octubre", "noviembre", "diciembre"]  # fmt: skip
FRENCH = ["janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre",
          "octobre", "novembre", "décembre"]  # fmt: skip
STYLES += [
    _months("months in English", lambda m: ENGLISH[m - 1]),
    _months("months in Spanish with the year", lambda m: f"{SPANISH[m - 1]} de 2025"),
    _months("months in French", lambda m: f"{FRENCH[m - 1]} 2025"),
    _months("Jan-25", lambda m: f"{ENGLISH[m - 1][:3]}-25"),
    _months("01/2025", lambda m: f"{m:02d}/2025"),
    _months("numbers under Period", lambda m: m, "Period"),
    _months("quarters", lambda m: f"Q{(m + 2) // 3} 2025"),
    _months("dates", lambda m: date(2025, m, 15)),
    _months("day of month", lambda m: f"{ENGLISH[m - 1]} {m + 10}"),
    _months("day first texts", lambda m: f"15/{m:02d}/2025"),
    _months("Excel's days as numbers", lambda m: (date(2025, m, 3) - date(1899, 12, 30)).days),
    _months("202501", lambda m: 202500 + m),
    _months("UTC timestamps", lambda m: f"2025-{m:02d}-10T14:30:00Z"),
    _months("ranges of months", lambda m: f"{ENGLISH[m - 1]} - {ENGLISH[m]} 2025" if m < 12 else "Dec 2025"),
]  # fmt: skip


@style
def two_years_in_a_sheet() -> Style:
    rows = plain("inspections")
    truth = truth_of("inspections", rows)
    more = [
        [str(row[0]).replace("2025", "2024"), *row[1:4], row[4], row[5] + 1] for row in rows[1:]
    ]
    return workbook("rows of last year below", "inspections", [*rows, *more], truth)


@style
def last_years_form() -> Style:
    rows = replaced(plain("inspections"), 0, lambda value, number: ENGLISH[int(value[5:]) - 1])
    truth = truth_of("inspections", plain("inspections"))
    covered: Rows = [["Agency", "LABOUR"], ["Year", 2024]]
    return workbook("last year's form", "inspections", rows, truth, cover_rows=covered,
                    answers={"year of the return": "2025"})  # fmt: skip


@style
def mac_dates() -> Style:
    rows = plain("inspections")
    truth = truth_of("inspections", rows)
    rows = replaced(
        rows, 0, lambda value, number: (date(2025, int(value[5:]), 3) - date(1904, 1, 1)).days
    )
    made = openpyxl.Workbook()
    made.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    first = made.active
    first.title = "Cover"
    for row in cover("inspections"):
        first.append(row)
    sheet = made.create_sheet("Inspections")
    for row in rows:
        sheet.append(row)
    out = io.BytesIO()
    made.save(out)
    return Style("days from 1904", "inspections", named("inspections"), out.getvalue(), truth)


# -- other words ---------------------------------------------------------------------------------------


@style
def spanish() -> Style:
    rows = plain("trainings")
    truth = truth_of("trainings", rows)
    rows[0] = ["Sesión", "Mes", "Público", "Tema", "Facilitador", "Distrito", "Participantes",
               "Mujeres", "Hombres"]  # fmt: skip
    return workbook("Spanish headers", "trainings", rows, truth, sheet_name="Capacitaciones")


@style
def french() -> Style:
    rows = plain("trainings")
    truth = truth_of("trainings", rows)
    rows[0] = ["Séance", "Mois", "Public", "Thème", "Formateur", "District", "Participants",
               "Femmes", "Hommes"]  # fmt: skip
    return workbook("French headers", "trainings", rows, truth)


@style
def shouting() -> Style:
    rows = plain("trainings")
    truth = truth_of("trainings", rows)
    rows[0] = [f"  {text.upper()}: " for text in rows[0]]
    return workbook("headers in capitals with colons", "trainings", rows, truth)


@style
def codes_of_two_letters() -> Style:
    rows = plain("victims")
    truth = truth_of("victims", rows)
    codes = ["BZ", "NA", "GT", "HN", "NA", "MX"]
    meant = ["BLZ", "NAM", "GTM", "HND", "NAM", "MEX"]
    rows = replaced(rows, 5, lambda value, number: codes[number])
    for number, code in enumerate(meant, start=2):
        truth[number]["citizenship"] = code
    return workbook(
        "NA among countries", "victims", rows, truth, answers={"country code": "namibia"}
    )


@style
def sex_in_numbers() -> Style:
    rows = plain("victims")
    truth = truth_of("victims", rows)
    rows = replaced(rows, 3, lambda value, number: 1 if value == "M" else 2)
    return workbook("sex as 1 and 2", "victims", rows, truth)


@style
def sex_by_letters_of_spanish() -> Style:
    rows = plain("victims")
    truth = truth_of("victims", rows)
    rows = replaced(rows, 3, lambda value, number: "H" if value == "M" else "M")
    return workbook("H and M: hombre, mujer", "victims", rows, truth)


@style
def age_bands() -> Style:
    rows = plain("victims")
    truth = truth_of("victims", rows)
    rows = replaced(rows, 4, lambda value, number: date(2025, 10, 14) if number == 1 else value)
    del truth[3]["age_group"]
    return workbook("an age band that Excel made a date", "victims", rows, truth)


@style
def tags() -> Style:
    rows = plain("trainings")
    truth = truth_of("trainings", rows, 3)
    tag = ["#activity+id", "#date", "#beneficiary", "#subject", "#org", "#adm1", "#reached",
           "#reached+f", "#reached+m"]  # fmt: skip
    content = text([rows[0], tag, *rows[1:]])
    return Style("HXL tags", "trainings", named("trainings", "csv"), content, truth)


@style
def latin_letters() -> Style:
    rows = plain("trainings")
    truth = truth_of("trainings", rows)
    rows[0] = ["Sesión", "Mes", "Público", "Tema", "Facilitador", "Distrito", "Participantes",
               "Mujeres", "Hombres"]  # fmt: skip
    content = text(rows, ";", "cp1252")
    return Style(
        "csv of Windows, semicolons", "trainings", named("trainings", "csv"), content, truth
    )


@style
def utf16() -> Style:
    rows = plain("trainings")
    content = text(rows, "\t", "utf-16")
    return Style("Unicode text with tabs", "trainings", named("trainings", "csv"), content,
                 truth_of("trainings", rows))  # fmt: skip


@style
def notes_with_breaks() -> Style:
    rows = plain("trainings")
    truth = truth_of("trainings", rows)
    lines = "Places:\nA, B, C, D, E, F, G, H, I"
    content = text(with_column(rows, "Notes", ["", lines, "", "", "", ""]))
    return Style("notes with line breaks", "trainings", named("trainings", "csv"), content, truth)


@style
def total_column() -> Style:
    rows = plain("trainings")
    truth = truth_of("trainings", rows)
    rows = [[*row[:6], row[7], row[8], row[6]] for row in rows]
    rows[0][6:] = ["Female", "Male", "Total"]
    return workbook("female, male, total", "trainings", rows, truth)


@style
def households() -> Style:
    rows = plain("trainings")
    truth = truth_of("trainings", rows)
    for row in truth.values():
        row.pop("participants")
    rows = [[*row[:6], row[6] // 4, row[7], row[8]] for row in rows[1:]]
    head = [*HEADS["trainings"][:6], "Families taking part", "Women", "Men"]
    return workbook("families, not persons", "trainings", [head, *rows], truth)


# -- more of the same kinds, in other words ------------------------------------------------------------


def _headed(title: str, stream: str, **headers: str) -> Callable[[], Style]:
    """A table whose headers are other words for the form's; what they mean is the form's meaning."""

    def make() -> Style:
        rows = plain(stream)
        return workbook(title, stream, renamed(rows, **headers), truth_of(stream, rows))

    return make


STYLES += [
    _headed("headers with line breaks", "trainings", Participants="Participants\n(number)", District="District\nor town"),
    _headed("headers with units in brackets", "trainings", Participants="Participants (persons)", Women="Women (no.)"),
    _headed("abbreviated headers", "trainings", Participants="Partic.", District="Dist.", Facilitator="Facil."),
    _headed("Portuguese headers", "trainings", Month="Mês", Participants="Participantes", Women="Mulheres", Men="Homens"),
    _headed("headers in a sentence", "reports", Reports="How many reports were received?", Month="Month in which received"),
    _headed("cases for reports", "reports", Reports="Number of cases reported"),
]  # fmt: skip


def _last_row(title: str, label: str, value: Callable[[list[int]], Any]) -> Callable[[], Style]:
    def make() -> Style:
        rows = plain("inspections")
        last = [label, None, None, None, None, value([row[5] for row in rows[1:]])]
        return workbook(title, "inspections", [*rows, last], truth_of("inspections", rows))

    return make


STYLES += [
    _last_row("total general", "TOTAL GENERAL", sum),
    _last_row("promedio", "Promedio", lambda values: sum(values) / len(values)),
    _last_row("suma", "Suma", sum),
    _last_row("a wrong total", "Total", lambda values: sum(values) + 3),
    _last_row("year to date", "Year to date", sum),
    _last_row("maximum", "Max", max),
    _last_row("of which child labour", "of which child labour", lambda values: values[0]),
    _last_row("total of last year", "Total 2024", lambda values: sum(values) - 8),
]


@style
def years_side_by_side() -> Style:
    rows: Rows = [
        ["Type of inspection", "2023", "2024", "2025"],
        ["Routine", 30, 41, 52],
        ["Complaint", 3, 4, 5],
    ]
    return workbook("years side by side", "inspections", rows, {})


@style
def districts_side_by_side() -> Style:
    rows: Rows = [
        ["Month", "Corozal", "Orange Walk", "Belize", "Cayo"],
        ["2025-01", 3, 4, 5, 1],
        ["2025-02", 1, 2, 3, 0],
    ]
    return workbook("districts side by side", "inspections", rows, {})


@style
def header_again() -> Style:
    rows = plain("inspections")
    table = [*rows[:4], rows[0], *rows[4:]]
    truth = {n + (n > 4): row for n, row in truth_of("inspections", rows).items()}
    return workbook("the header again in the middle", "inspections", table, truth)


@style
def blank_first_columns() -> Style:
    rows = plain("inspections")
    return workbook(
        "blank first columns",
        "inspections",
        [[None, None, *row] for row in rows],
        truth_of("inspections", rows),
    )


@style
def women_in_brackets() -> Style:
    rows = plain("trainings")
    truth = truth_of("trainings", rows)
    rows = [[*row[:6], f"{row[6]} ({row[7]} women)"] for row in rows[1:]]
    return workbook("women in brackets behind", "trainings", [HEADS["trainings"][:7], *rows], {
        number: {name: value for name, value in row.items() if name not in ("women", "men")}
        for number, row in truth.items()
    })  # fmt: skip


@style
def negative_corrections() -> Style:
    rows = plain("inspections")
    truth = truth_of("inspections", rows)
    rows = [*rows, ["2025-11", "ROUTINE", "I", "CY", "NONE", -3]]
    return workbook("a correction below nothing", "inspections", rows, truth)


@style
def decimals() -> Style:
    rows = replaced(plain("reports"), 3, lambda value, number: value + 0.5)
    return workbook("halves", "reports", rows, {n: {} for n in range(2, 8)})


@style
def per_month_average() -> Style:
    rows = plain("reports")
    rows[0][3] = "Reports (average per week)"
    return workbook("an average a week", "reports", rows, {})


@style
def estimated() -> Style:
    rows = renamed(plain("reports"), Reports="Reports (estimate)")
    return workbook(
        "an estimate",
        "reports",
        rows,
        truth_of("reports", plain("reports")),
        answers={"meaning": "count"},
    )


@style
def provisional_remark() -> Style:
    rows = with_column(
        plain("inspections"),
        "Remark",
        ["final", "final", "double count, delete", "final", "final", "final"],
    )
    truth = truth_of("inspections", plain("inspections"))
    del truth[4]
    return workbook(
        "delete, says a remark", "inspections", rows, truth, answers={"taken back": "leave"}
    )


@style
def duplicates_marked() -> Style:
    rows = with_column(plain("inspections"), "Duplicate?", ["no", "no", "yes", "no", "no", "no"])
    truth = truth_of("inspections", plain("inspections"))
    del truth[4]
    return workbook(
        "a column Duplicate?", "inspections", rows, truth, answers={"taken back": "leave"}
    )


@style
def half_a_percent() -> Style:
    rows = plain("trainings")
    truth = truth_of("trainings", rows)
    rows = with_column(rows, "Women as a share", [row[7] / row[6] for row in rows[1:]], 7)
    return workbook("women as a share, before women", "trainings", rows, truth)


@style
def month_and_year_apart() -> Style:
    rows = plain("inspections")
    truth = truth_of("inspections", rows)
    rows = replaced(rows, 0, lambda value, number: ENGLISH[int(value[5:]) - 1])
    return workbook(
        "a column Year beside Month", "inspections", with_column(rows, "Year", [2025] * 6, 1), truth
    )


@style
def month_of_other_years() -> Style:
    rows = plain("inspections")
    truth = truth_of("inspections", rows)
    for number in (2, 3):
        truth.pop(number)
    rows = replaced(rows, 0, lambda value, number: ENGLISH[int(value[5:]) - 1])
    years = [2024, 2024, 2025, 2025, 2025, 2025]
    return workbook(
        "two years in a column Year", "inspections", with_column(rows, "Year", years, 1), truth
    )


def safe_name(title: str) -> str:
    return re.sub(r"\W+", "-", title).strip("-").lower()


def write(one: Style, folder: Path) -> Path:
    """The file of a style, in a folder of its own."""
    own = folder / safe_name(one.title)
    own.mkdir(parents=True, exist_ok=True)
    (own / one.file).write_bytes(one.content)
    return own
