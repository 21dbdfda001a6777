"""More manners: what stands beside a table, what takes a row back, what shows another figure.

Each style is a file with the truth of its rows, as in `returns_styles`, whose list they join.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.comments import Comment
from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import Border, Font, PatternFill, Side
from returns_styles import (
    ENGLISH,
    HEADS,
    STYLES,
    Rows,
    Style,
    Truth,
    named,
    plain,
    replaced,
    style,
    text,
    truth_of,
    with_column,
    workbook,
)

Change = Callable[[Any], None]


def _file(title: str, stream: str, rows: Rows, truth: Truth, *, change: Change = lambda sheet: None,
          answers: dict[str, str] | None = None, **more: Any) -> None:  # fmt: skip
    STYLES.append(lambda: workbook(title, stream, rows, truth, change, answers, **more))


def _without(truth: Truth, *gone: int) -> Truth:
    return {number: row for number, row in truth.items() if number not in gone}


def _moved(truth: Truth, by: int, after: int = 0) -> Truth:
    return {number + by * (number > after): row for number, row in truth.items()}


def _of(stream: str, first: int = 2) -> Truth:
    return truth_of(stream, plain(stream), first)


# -- texts beside the table ----------------------------------------------------------------------------


def _added_up() -> Rows:
    rows, total = plain("inspections"), 0
    for row in rows[1:]:
        total += row[5]
        row[5] = total
    return rows


def _in_thousands() -> Truth:
    return {
        number: row | {"n": str(1000 * int(row["n"]))} for number, row in _of("reports").items()
    }


for _note in ("Note: figures are cumulative since January.", "* acumulado a la fecha"):
    _file(f"below: {_note}", "inspections", [*_added_up(), [], [_note]], _of("inspections"))
for _note in ("Note: figures in thousands", "Nota: cifras en miles"):
    _file(f"below: {_note}", "reports", [*plain("reports"), [], [_note]], _in_thousands())
_file(
    "below: planned sessions, to be confirmed",
    "trainings",
    [*plain("trainings"), [], ["* planned sessions, to be confirmed"]],
    {},
)
for _title in ("Cancelled sessions", "Planned", "Suspendidas:", "Tentative"):
    _rows = plain("trainings")
    _file(
        f"title between rows: {_title}",
        "trainings",
        [*_rows[:4], [_title], *_rows[4:]],
        _without(_of("trainings"), 5, 6, 7),
        answers={"title": "leave"},
    )
for _title in ("List of cancelled sessions", "EXAMPLE - do not use", "Sesiones anuladas"):
    _file(f"above: {_title}", "trainings", [[_title], *plain("trainings")], {})
for _sheet in ("Trainings cancelled", "Capacitaciones anuladas", "Trainings draft"):
    _file(f"sheet named {_sheet}", "trainings", plain("trainings"), {}, sheet_name=_sheet)
for _line in ("DRAFT - not for use", "All figures in thousands", "Annual plan of inspections"):
    _file(
        f"cover: {_line}",
        "inspections",
        plain("inspections"),
        {},
        cover_rows=[[_line], ["Agency", "LABOUR"], ["Year", 2025]],
    )


@style
def comment_on_the_header() -> Style:
    def change(sheet: Any) -> None:
        sheet["F1"].comment = Comment("cumulative since January", "me")

    return workbook(
        "a comment on the header", "inspections", _added_up(), _of("inspections"), change
    )


@style
def tags_that_say_targeted() -> Style:
    rows = plain("trainings")
    tags = ["#activity+id", "#date", "#beneficiary", "#subject", "#org", "#adm1", "#targeted"]
    return workbook("HXL tags: #targeted", "trainings", [rows[0], tags, *rows[1:]], {})


# -- years that are not the calendar's -----------------------------------------------------------------

FISCAL = ("2025-04", "2025-07", "2025-09", "2025-12", "2026-01", "2026-03")


def _fiscal(title: str, above: Rows, **more: Any) -> None:
    rows = replaced(
        plain("inspections"), 0, lambda value, number: ENGLISH[int(FISCAL[number][5:]) - 1]
    )
    truth = {
        number: row | {"month": month}
        for (number, row), month in zip(
            _of("inspections", 2 + len(above)).items(), FISCAL, strict=True
        )
    }
    _file(
        title, "inspections", [*above, *rows], truth, answers={"turn of the year": "next"}, **more
    )


_fiscal("fiscal year, by the order of months", [])
_fiscal("fiscal year, by a title", [["FY 2025/26 (April 2025 - March 2026)"]])
_fiscal("fiscal year, by the cover", [], cover_rows=[["Agency", "LABOUR"], ["Year", "2025/26"]])


@style
def blocks_of_years() -> Style:
    rows = replaced(plain("inspections"), 0, lambda value, number: ENGLISH[int(value[5:]) - 1])
    table = [rows[0], ["2025"], *rows[1:4], ["2024"], *rows[4:]]
    truth = _moved(_without(_of("inspections"), 5, 6, 7), 1)
    return workbook("a block a year, months without year", "inspections", table, truth,
                    answers={"title": "leave"})  # fmt: skip


@style
def a_second_table_of_plans() -> Style:
    rows = plain("inspections")
    head = [*HEADS["inspections"][:5], "Inspections planned"]
    table = [*rows, [], head, ["2025-01", "ROUTINE", "I", "CY", "NONE", 44]]
    return workbook("a second table, planned", "inspections", table, _of("inspections"),
                    answers={"second header": "leave"})  # fmt: skip


def _second_level(parts: tuple[str, str], answer: str) -> None:
    """A count in two parts, which the second row of the header names; the second is meant."""
    rows = plain("inspections")
    table = [[*rows[0], None], [*[None] * 5, *parts], *[[*row, row[5] - 1] for row in rows[1:]]]
    truth = {
        number: row | {"n": str(int(row["n"]) - 1)} if answer else {}
        for number, row in _of("inspections", 3).items()
    }
    _file(f"second level: {', '.join(parts)}", "inspections", table, truth if answer else {},
          answers={"column": answer})  # fmt: skip


_second_level(("Planned", "Done"), "Inspections / Done")
_second_level(("Jan", "Feb"), "")
_second_level(("2024", "2025"), "Inspections / 2025")


@style
def fiscal_year_in_a_csv() -> Style:
    content = b"Year: 2024/25,,,,,\n" + text(plain("inspections"))
    return Style(
        "csv: a fiscal year above", "inspections", named("inspections", "csv"), content, {}
    )


# -- what a column beside says of its row --------------------------------------------------------------

for _header, _usual, _gone in (
    ("Status", "Held", "Withdrawn"), ("Estado", "Vigente", "Anulado"), ("Active", True, False),
    ("Record type", "original", "reversal"), ("Comment", "", "already counted in row 3"),
    ("Nota", "", "ya contado"), ("Observaciones", "", "incluido arriba"),
    ("Notes", "", "to be verified"), ("Verified", "yes", "no"), ("Approved by DC", 1, 0),
    ("Baja", "", "sí"), ("Vigente", "sí", "no"), ("Progress", "100%", "0%"),
    ("Status code", "H", "C"), ("Flag", "", "D"), ("Remarks", "", "did not happen"),
    ("Remarks", "", "moved to January 2026"), ("Remarks", "", "trasladada a 2026"),
    ("Remarks", "", "merged with session 2"), ("Data type", "Actual", "Target"),
    ("Scenario", "Actual", "Budget"), ("Estimate?", "no", "yes"),
):  # fmt: skip
    _file(
        f"{_header}: {_gone}",
        "trainings",
        with_column(plain("trainings"), _header, [*[_usual] * 3, _gone, _usual, _usual]),
        _without(_of("trainings"), 5),
        answers={"taken back": "leave"},
    )


def _exported(title: str, before: Rows, behind: Rows) -> None:
    """A table with a platform's columns; its fourth row does not stand, by what they say."""
    rows = [
        [*one, *row, *two] for one, row, two in zip(before, plain("trainings"), behind, strict=True)
    ]
    truth = _without(_of("trainings"), 5)
    _file(title, "trainings", rows, truth, answers={"taken back": "leave"})


_NONE: Rows = [[] for _ in range(7)]
_exported("KoBoToolbox: not approved", _NONE, [
    ["_id", "_uuid", "_validation_status"],
    *[[100 + n, f"u{n}", "Not approved" if n == 3 else "Approved"] for n in range(6)],
])  # fmt: skip
_exported("ODK: rejected", _NONE, [
    ["SubmissionDate", "KEY", "ReviewState"],
    *[["2025-02-01", f"uuid:{n}", "rejected" if n == 3 else "approved"] for n in range(6)],
])  # fmt: skip
_exported("DHIS2: skipped", [
    ["Event", "Program stage", "Event status"],
    *[[f"ev{n}", "ps", "SKIPPED" if n == 3 else "COMPLETED"] for n in range(6)],
], _NONE)  # fmt: skip
_exported("REDCap: incomplete", [
    ["record_id", "redcap_event_name", "session_complete"],
    *[[n, "baseline_arm_1", 0 if n == 3 else 2] for n in range(6)],
], _NONE)  # fmt: skip
_file(
    "Google Forms",
    "trainings",
    with_column(plain("trainings"), "Timestamp", [datetime(2025, 2, n + 1) for n in range(6)], 0),
    _of("trainings"),
)


# -- what only the format carries ----------------------------------------------------------------------


def _hidden_by(title: str, change: Change, kind: str) -> None:
    _file(title, "trainings", plain("trainings"), _without(_of("trainings"), 4), change=change,
          answers={kind: "leave"})  # fmt: skip


def _white(sheet: Any) -> None:
    for cell in sheet[4]:
        cell.font = Font(color="FFFFFFFF")


def _low(sheet: Any) -> None:
    sheet.row_dimensions[4].height = 1


def _struck_runs(sheet: Any) -> None:
    for cell in sheet[4]:
        cell.value = CellRichText(TextBlock(InlineFont(strike=True), str(cell.value)))


def _by_rule(font: Font) -> Change:
    def change(sheet: Any) -> None:
        rule = FormulaRule(formula=['$A2="NCFC-25-03"'], font=font)
        sheet.conditional_formatting.add("A2:I7", rule)

    return change


_hidden_by("white letters", _white, "colour")
_hidden_by("a row of no height", _low, "hidden rows")
_hidden_by("struck in runs of text", _struck_runs, "struck")
_hidden_by("struck by a rule", _by_rule(Font(strike=True)), "")
_hidden_by("hidden by a rule", _by_rule(Font(color="FFFFFFFF")), "")


def _hatched(sheet: Any) -> None:
    for cell in sheet[4]:
        cell.fill = PatternFill("lightUp")


def _crossed(sheet: Any) -> None:
    for cell in sheet[4]:
        cell.border = Border(diagonal=Side(style="thin"), diagonalUp=True)


def _tiny(sheet: Any) -> None:
    for cell in sheet[4]:
        cell.font = Font(size=1)


_hidden_by("hatched", _hatched, "colour")
_hidden_by("crossed out by a border", _crossed, "struck")
_hidden_by("letters too small to read", _tiny, "colour")

for _code in ('0"%"', '"<"0', '0" 000"', '0"00"', "-0", "(0)", '0" planned"', "0\\*"):

    def _formatted(sheet: Any, code: str = _code) -> None:
        for cell in sheet["D"][1:]:
            cell.number_format = code

    _file(
        f"number format {_code}",
        "reports",
        plain("reports"),
        {number: {} for number in _of("reports")},
        change=_formatted,
        answers={"shown": "stored"},
    )


@style
def commas_in_two_meanings() -> Style:
    written = ["1,234", "12,5", "3,75", "12,345", "7,250", "2,5"]
    rows = replaced(plain("reports"), 3, lambda value, number: written[number])
    return workbook("1,234 beside 12,5", "reports", rows, {n: {"n": "?"} for n in range(2, 8)})


# -- remarks in any words, titles with any ending, sheets beside one another ---------------------------


for _title in (
    "Accumulated figures as at each month", "Prev. year figures for comparison",
    "All figures are projections", "Simulation exercise, not real",
):  # fmt: skip
    _file(
        _title,
        "inspections",
        [[_title], *plain("inspections")],
        {n: {"n": "?"} for n in range(3, 9)},
    )

for _header, _remark in (
    ("Remarks", "transferred out"), ("Observaciones", "se traslada a OW"), ("Comments", "rained out"),
    ("Notes", "counted by police"), ("Notas", "se suspendió"), ("Remarks", "nobody came"), ("Valor corregido", "25"), ("Observación", "debe decir 25"),
):  # fmt: skip
    _rows = with_column(plain("trainings"), _header, ["", "", "", _remark, "", ""])
    _file(f"{_header}: {_remark}", "trainings", _rows, _without(_of("trainings"), 5),
          answers={"taken back": "leave"})  # fmt: skip

_file(
    "Version: 2",
    "trainings",
    with_column(plain("trainings"), "Version", [1, 1, 1, 2, 1, 1]),
    _without(_of("trainings"), 5),
    answers={"taken back": "leave"},
)


def _second_sheet(name: str, rows: Rows) -> Change:
    """Another sheet, whose rows stand below those of the first: they are no data."""

    def change(sheet: Any) -> None:
        other = sheet.parent.create_sheet(name)
        for number, row in enumerate([rows[0], *[[]] * 8, *rows[1:]], start=1):
            for place, value in enumerate(row, start=1):
                other.cell(number, place, value)

    return change


for _name in ("Inspections (2)", "Inspections (old)", "Old list"):
    _file(f"a second sheet, {_name}", "inspections", plain("inspections"), _of("inspections"),
          change=_second_sheet(_name, plain("inspections", 3)),
          answers={"second sheet": "leave"})  # fmt: skip


@style
def a_sheet_a_district() -> Style:
    rows = [[*row[:3], *row[4:]] for row in plain("inspections")]
    truth = {number: row | {"district": "TOL"} for number, row in _of("inspections").items()}
    return workbook("a sheet a district", "inspections", rows, truth, sheet_name="Toledo",
                    answers={"name of the sheet": "fill"})  # fmt: skip


# -- letters of the sexes, cells left out, one count in a colour ----------------------------------------

for _heads in (["M", "H"], ["M", "V"]):
    _rows = plain("trainings")
    _rows[0][7:] = _heads
    _file(f"headers {' and '.join(_heads)}, in Spanish", "trainings", _rows, _of("trainings"))

_rows = [[*row[:3], "M" if row[3] == "F" else row[3], *row[4:]] for row in plain("victims", 1)]
_rows[0][3] = "Sexo"
_file("Sexo: M alone", "victims", _rows, {2: {"sex": "F"}}, answers={"letter of a sex": "woman"})

for _range, _gone in (("G3:G4", (3, 4)), ("H3:I3", (3,))):
    _file(
        f"a count merged over {_range}",
        "trainings",
        plain("trainings"),
        _without(_of("trainings"), *_gone),
        change=lambda sheet, cells=_range: sheet.merge_cells(cells),
        answers={"merged": "leave"},
    )


@style
def a_cell_left_out_of_a_csv() -> Style:
    rows = plain("trainings")
    del rows[3][6]
    return Style("a cell left out of a csv", "trainings", named("trainings", "csv"), text(rows),
                 _without(_of("trainings"), 4), {"wider rows": "leave"})  # fmt: skip


def _one_count(font: Font | None = None, fill: PatternFill | None = None) -> Change:
    def change(sheet: Any) -> None:
        sheet["G4"].font, sheet["G4"].fill = font or Font(), fill or PatternFill()

    return change


_hidden_by("one count filled", _one_count(fill=PatternFill("solid", fgColor="FFFF9900")), "colour")
_hidden_by("one count in red", _one_count(Font(color="FFFF0000")), "colour")
_file("sheet named Plan 2026", "trainings", plain("trainings"), {}, sheet_name="Plan 2026")
