"""Small tables, and what intake asks about each: which question, about which rows, and what is read."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest

from atips_analysis.codebook import fold, load_codebook
from atips_analysis.errors import InputError
from atips_analysis.intake.count_questions import MANY_NUMBERS
from atips_analysis.intake.grid import grid_of
from atips_analysis.intake.marks import Marks
from atips_analysis.intake.naming import FileName, Version
from atips_analysis.intake.questions import Asked
from atips_analysis.intake.resubmission import Sent, copies_of, replaced_by
from atips_analysis.intake.rows_of_sheet import Table, read_table

CODEBOOK = load_codebook()
HEAD = ["Month", "Type of inspection", "Economic sector", "District", "Finding"]
PLAIN = ["ROUTINE", "I", "CY", "NONE"]


def read(rows, stream: str = "inspections", answers=None, marks=None, book=False):
    """The table and what is asked, of rows without a form around them."""
    asked = Asked({(kind, fold(about)): said for (kind, about), said in (answers or {}).items()})
    texts = [["" if cell is None else str(cell) for cell in row] for row in rows]
    grid = replace(grid_of("Sheet", texts), marks=marks or Marks(), from_workbook=book)
    table = read_table(grid, CODEBOOK.stream(stream), CODEBOOK, "f.xlsx", 2024, asked)
    return table, asked


def counts(values, header: object = "Inspections", months=None):
    """Inspections with these counts, one a month."""
    months = months or [f"2024-{number:02d}" for number in range(1, len(values) + 1)]
    rows = [[month, *PLAIN, value] for month, value in zip(months, values, strict=True)]
    return [[*HEAD, header], *rows]


def asked_of(found: tuple[Table, Asked]) -> list[tuple[str, list[int]]]:
    """Each question's kind, and the rows that wait for it."""
    table, asked = found
    return [
        (one.kind, sorted(row for row, asks in table.waiting.items() if one in asks))
        for one in asked.open
    ]


# counts


@pytest.mark.parametrize("header", [
    "No", "Nr", "Num", "Number", "N", "Número", "Numero", "N°", "Nº", "#", "No.", "Total",
    "Totals", "Count", "Quantity", "Qty", "Cantidad", "Cant", "Conteo",
])  # fmt: skip
def test_a_bare_header_over_one_two_three_numbers_the_rows_or_counts(header):
    reading = CODEBOOK.column_of("inspections", header)
    wanted = ["running number"] if reading else ["no count"]
    kinds = [kind for kind, _ in asked_of(read(counts([1, 2, 3], header)))]
    assert (kinds == wanted) == (reading is not None)


@pytest.mark.parametrize(("values", "asked"), [
    ([1, 2], True), ([1], False), ([2, 3], False), ([1, 3], False), ([2, 1], True),
    (range(5, 5 + MANY_NUMBERS), True), (range(5, 4 + MANY_NUMBERS), False),
    (range(1, 2 * MANY_NUMBERS, 2), True), (range(1, 2 * MANY_NUMBERS - 2, 2), False),
    ([8, 5, 7, 6], True), ([7, 5, 6], False), ([3, 5, 5, 9], False), ([1, 2, "x"], False), ([4, 2, 9, 1], False),
])  # fmt: skip
def test_numbers_without_a_gap_or_that_only_rise_may_number_the_rows(values, asked):
    kinds = [kind for kind, _ in asked_of(read(counts([*values], "No.")))]
    assert kinds == ["running number"] * asked


def test_a_row_is_one_where_the_answer_says_that_it_is_numbered():
    for answer, found in (("rows", ["1", "1"]), ("count", ["1", "2"])):
        table, _ = read(counts([1, 2], "No."), answers={("running number", "No."): answer})
        assert table.rows["n"].tolist() == found and not table.waiting


@pytest.mark.parametrize(("day", "since_1904", "number"), [
    ("1900-01-01", False, "1"), ("1900-02-28", False, "59"), ("1900-03-01", False, "61"),
    ("1989-12-31", False, "32873"), ("1990-01-01", False, "1990-01-01"),
    ("1904-01-01", True, "0"), ("1904-01-25", True, "24"), ("1903-12-31", True, "1903-12-31"),
    ("1991-07-31", True, "31988"), ("1991-08-01", True, "1991-08-01"),
])  # fmt: skip
def test_a_number_in_a_cell_of_a_date_is_the_number(day, since_1904, number):
    table, _ = read(counts([day]), marks=Marks(since_1904=since_1904), book=True)
    assert table.rows["n"].tolist() == [number]
    assert read(counts([day]))[0].rows["n"].tolist() == [day], "a text file has no such cells"


# months


@pytest.mark.parametrize(("header", "values", "rows"), [
    ("Period", ["1", "12"], [2, 3]), ("Period", ["13"], []), ("Period", ["0"], []),
    ("Period", ["2024-01"], []), ("Month", ["1", "12"], []), ("Date", ["2024-01", "3"], [3]),
])  # fmt: skip
def test_bare_numbers_from_1_to_12_are_asked_about_unless_they_stand_under_month(
    header, values, rows
):
    table = counts([10 * n for n in range(1, len(values) + 1)], months=values)
    table[0][0] = header
    found = asked_of(read(table))
    assert [kept for kind, kept in found if kind == "period"] == ([rows] if rows else [])


@pytest.mark.parametrize(("months", "rows"), [
    ([4, 7, 12, 1, 3], [5, 6]), ([4, 7, 12, 1, 4], [5, 6]), ([4, 7, 12, 1, 5], []),
    ([1, 2, 3], []), ([4, 1, 3, 2], []), ([4, 5, 1, "soon"], []), ([10, 1], [3]),
])  # fmt: skip
def test_months_that_fall_once_and_end_before_they_began_run_over_the_turn_of_the_year(
    months, rows
):
    names = dict(
        enumerate(
            [
                "x",
                "Jan",
                "Feb",
                "Mar",
                "Apr",
                "May",
                "Jun",
                "Jul",
                "Aug",
                "Sep",
                "Oct",
                "Nov",
                "Dec",
            ]
        )
    )
    table = counts(range(10, 10 + len(months)), months=[names.get(one, one) for one in months])
    found = [kept for kind, kept in asked_of(read(table)) if kind == "turn of the year"]
    assert found == ([rows] if rows else [])


@pytest.mark.parametrize(("day", "marked", "asked"), [
    ("2025-03-01", True, True), ("2024-03-01", True, False), ("2025-03-01", False, False),
    ("March", True, False),
])  # fmt: skip
def test_a_day_of_another_year_that_shows_no_year_is_asked_about(day, marked, asked):
    marks = Marks(yearless=frozenset({(2, 0)} if marked else ()))
    found = asked_of(read(counts([3], months=[day]), marks=marks, book=True))
    assert [one for one in found if one[0] == "year not shown"] == [("year not shown", [2])] * asked


@pytest.mark.parametrize(("answer", "month"), [("kept", "2025-03-01"), ("return", "2024-03-01")])
def test_the_year_that_excel_added_is_kept_or_is_the_returns(answer, month):
    table, _ = read(
        counts([3], months=["2025-03-01"]),
        answers={("year not shown", "Month"): answer},
        marks=Marks(yearless=frozenset({(2, 0)})),
        book=True,
    )
    assert table.rows["month"].tolist() == [month]


DAYS = ["2024-01-05", "2024-02-06", "2024-03-07", "2024-04-08", "25/05/2024"]


@pytest.mark.parametrize(("answer", "months"), [
    ("count", DAYS[:4]), ("changed", ["2024-05-01", "2024-06-02", "2024-07-03", "2024-08-04"]),
])  # fmt: skip
def test_days_that_excel_turned_over_are_turned_back_by_an_answer_alone(answer, months):
    table = counts(range(20, 25), months=DAYS)
    assert asked_of(read(table, book=True)) == [("order of days", [2, 3, 4, 5])]
    assert asked_of(read(table)) == []
    found, _ = read(table, answers={("order of days", "Month"): answer}, book=True)
    assert found.rows["month"].tolist() == [*months, DAYS[4]]


# two headers of one column


@pytest.mark.parametrize(("headers", "cells", "taken", "asked"), [
    (["District", "Distrito"], [["CY", "BZ"]], "CY", False),
    (["Distrito", "District"], [["CY", "BZ"]], "BZ", False),
    (["Name of district", "District"], [["CY", "BZ"]], "BZ", False),
    (["District", "district"], [["CY", "BZ"]], "CY", True),
    (["District", "District"], [["CY", "CY"]], "CY", False),
    (["District", "District"], [["CY", ""]], "CY", False),
    (["District", "District"], [["CY", "nowhere"]], "CY", False),
    (["District (planned)", "District"], [["CY", "BZ"]], "BZ", True),
])  # fmt: skip
def test_of_two_headers_of_a_code_the_forms_own_is_read_unless_they_say_the_same(
    headers, cells, taken, asked
):
    head = ["Month", "Type of inspection", "Economic sector", "Finding", "Inspections", *headers]
    rows = [head, *(["2024-01", "ROUTINE", "I", "NONE", 7, *pair] for pair in cells)]
    table, found = read(rows)
    assert [one.kind for one in found.open] == ["column"] * asked
    assert table.rows["district"].tolist()[0] == taken


@pytest.mark.parametrize(("cell", "asked"), [
    ("COERCION", True), ("FORCE;ABDUCTION", True), ("FORCE;a word", False), ("a word", False),
])  # fmt: skip
def test_a_second_column_of_codes_that_no_list_has_is_none(cell, asked):
    rows = [["Case", "Means", "Means"], ["BZ-CASE-2024-0001", "FORCE", cell]]
    _, found = read(rows, "cases")
    assert ("column" in [one.kind for one in found.open]) == asked


@pytest.mark.parametrize(("headers", "values", "taken", "asked"), [
    (["Inspections", "Inspections (last year)"], [7, 9], "7", False),
    (["Inspections (last year)", "Inspections"], [9, 7], "7", False),
    (["Inspections", "Inspections (%)"], [7, 9], "7", False),
    (["Inspections 2023", "Inspections 2024"], [9, 7], "7", False),
    (["Inspections", "Number of inspections"], [7, 9], "7", True),
    (["Inspections (last year)", "Inspections (previous year)"], [7, 9], "7", True),
    (["Inspections (planned)", "Inspections"], [9, 7], "7", True),
])  # fmt: skip
def test_of_two_headers_of_a_count_another_years_and_a_share_are_none(
    headers, values, taken, asked
):
    table, found = read([[*HEAD, *headers], ["2024-01", *PLAIN, *values]])
    assert ("column" in [one.kind for one in found.open]) == asked
    assert table.rows["n"].tolist() == [taken]


@pytest.mark.parametrize(("answer", "taken"), [
    ("Inspections", "7"), ("Number of inspections", "9"), ("leave", None),
])  # fmt: skip
def test_an_answer_takes_one_of_two_columns_or_none(answer, taken):
    headers = ["Inspections", "Number of inspections"]
    table, asked = read(
        [[*HEAD, *headers], ["2024-01", *PLAIN, 7, 9]],
        answers={("column", " / ".join(headers)): answer},
    )
    assert "column" not in [one.kind for one in asked.open]
    assert table.rows["n"].fillna("").tolist() == [taken or ""]


def test_a_hidden_column_that_is_read_is_told():
    table, _ = read(counts([3]), marks=Marks(hidden_columns=frozenset({5})))
    assert table.rows["n"].tolist() == ["3"]
    assert any("'Inspections'" in text for _, _, text in table.notes)


# colours, comments and words of a row


@pytest.mark.parametrize(("colours", "rows"), [
    (["", "yellow", "", ""], [3]), (["yellow", "", "yellow", ""], []), (["yellow"] * 4, []),
    (["yellow", "yellow", "yellow", ""], [5]), (["", "", "", ""], []),
    (["yellow", "red", "", "", ""], [2, 3]), (["yellow", ""], [3]),
    (["yellow", "", "yellow", "", "", ""], [2, 4]),
])  # fmt: skip
def test_a_row_of_another_colour_than_most_waits_and_bands_are_a_design(colours, rows):
    marks = {
        (row, place): colour
        for row, colour in enumerate(colours, start=2)
        for place in range(6)
        if colour
    }
    found = asked_of(read(counts(range(11, 11 + len(colours))), marks=Marks(colours=marks)))
    waiting = sorted(itertools.chain.from_iterable(kept for _, kept in found))
    assert {kind for kind, _ in found} <= {"colour"}
    if colours == ["yellow", ""]:  # neither of two is the usual one
        assert len(waiting) == 1
    else:
        assert waiting == rows


@pytest.mark.parametrize(("cells", "waits"), [(2, False), (3, True), (6, True)])
def test_a_row_is_of_the_colour_of_half_of_its_cells(cells, waits):
    marks = Marks(colours={(2, place): "yellow" for place in range(cells)})
    assert bool(read(counts([11, 12, 13]), marks=marks)[0].waiting) == waits


def test_colours_and_comments_outside_the_rows_are_about_none():
    marks = Marks(
        colours={(40, 0): "yellow", (2, 40): "yellow"}, comments={(2, 5): "of 2023", (40, 0): "x"}
    )
    assert asked_of(read(counts([11, 12]), marks=marks)) == [("comment", [2])]


@pytest.mark.parametrize(("header", "values", "rows"), [
    ("Status", ["held", "held", "cancelled"], [4]),
    ("Status", ["a", "b", "c"], []), ("Status", ["a", "a", "b"], [4]),
    ("Status", ["a", "no", "b"], [3]), ("Status", ["a", "a", "a"], []),
    ("Status", ["a", "", ""], [2]), ("Status", ["held", "a", ""], [3]),
    ("Held?", ["yes", "no", "yes"], [3]), ("Held?", ["yes", "0", "yes"], [3]),
    ("Held?", ["yes", "0%", "yes"], [3]), ("Held?", ["no", "no", "no"], [2, 3, 4]),
    ("Held?", ["a", "b", "b"], [2]), ("Cancelled?", ["no", "yes", ""], [3]),
    ("Cancelled?", ["", "x", ""], [3]), ("Colour", ["a", "b", "b"], []),
    ("Verdict", ["cancelled", "a", "a"], []), ("Verdict", ["a", "a", "b"], []),
])  # fmt: skip
def test_a_column_beside_the_forms_takes_rows_back_by_what_its_header_asks(header, values, rows):
    table = counts([11, 12, 13])
    table[0].append(header)
    for row, value in zip(table[1:], values, strict=True):
        row.append(value)
    found, _ = read(table)
    assert sorted(found.waiting) == rows


# rows that are none


@pytest.mark.parametrize(("values", "last", "totals"), [
    ([3, 4], 7, 1), ([3, 4], 8, 0), ([3], 3, 0), ([3, 4, 5], 12, 1),
])  # fmt: skip
def test_a_last_row_of_nothing_but_sums_of_two_rows_or_more_is_a_total(values, last, totals):
    table, _ = read([*counts(values), ["", "", "", "", "", last]])
    assert table.totals_rows == totals


@pytest.mark.parametrize(("tags", "rows"), [
    (["#date", "#meta", "#sector", "x", "y", "z"], 2),
    (["#date", "#meta", "x", "x", "y", "z"], 3),
    (["#date", "#meta", "#sector", "#adm1", "#finding", "#reached"], 2),
    (["#date", "", "", "", "", ""], 2),
])  # fmt: skip
def test_a_row_half_of_tags_is_none(tags, rows):
    table, _ = read([[*HEAD, "Inspections"], tags, *counts([3, 4])[1:]])
    assert len(table.rows) == rows


@pytest.mark.parametrize(("months", "refused"), [(["Jan", "Feb"], True), (["Jan"], False)])
def test_months_side_by_side_are_refused_and_one_alone_is_a_column(months, refused):
    rows = [[*HEAD, *months], ["2024-01", *PLAIN, *range(1, len(months) + 1)]]
    if refused:
        with pytest.raises(InputError, match=r"row 1: months stand side by side \(Jan, Feb\)"):
            read(rows)
    else:
        assert len(read(rows)[0].rows) == 1


@pytest.mark.parametrize(("months", "asked"), [
    (["2024-01", "", "2024-02", ""], True),
    (["2024-01", "", ""], False),
    (["2024-01", "2024-02", "2024-03", ""], False),
    (["", "2024-01", "", "2024-02"], False),
    (["2024-01", "2024-01", "", "2024-02"], False),
])  # fmt: skip
def test_months_that_head_groups_of_rows_are_asked_about(months, asked):
    found = read(counts([5, 7, 6, 8][: len(months)], months=months))
    assert ("blank below" in [kind for kind, _ in asked_of(found)]) == asked


@pytest.mark.parametrize(("column", "filled"), [("Age", False), ("Sex", True)])
def test_a_merged_figure_is_of_one_row_and_a_merged_code_of_each(column, filled):
    rows = [["Victim", "Year identified", column]]
    rows += [["0123456789abcde1", "2024", "16" if column == "Age" else "F"]]
    rows += [["0123456789abcde2", "2024", None]]
    name = CODEBOOK.column_of("victims", column)
    assert name is not None
    grid = replace(
        grid_of("Victims", [["" if c is None else c for c in row] for row in rows]),
        merges=(((2, 2), (3, 2)),),
    )
    table = read_table(grid, CODEBOOK.stream("victims"), CODEBOOK, "f.xlsx", 2024, Asked())
    assert table.rows[name.column].notna().tolist() == [True, filled]


@pytest.mark.parametrize(("width", "left_out"), [(3, False), (4, True)])
def test_a_line_below_the_rows_is_a_remark_where_the_table_is_wide_enough(width, left_out):
    head = [*HEAD[: width - 1], "Inspections"]
    rows = [head, ["2024-01", *PLAIN[: width - 2], 3], ["Source: the register of inspections"]]
    table, _ = read(rows)
    assert (len(table.rows) == 1) == left_out


# files that replace others


def sent(name: str, number: int = 1, marked: bool = False, **more) -> Sent:
    about = {
        "agency": "DHS", "year": 2024, "stream": None, "version": Version(number, marked),
        "family": more.pop("family", "DHS_2024"), "copied": more.pop("copied", False),
        "original": more.pop("original", "DHS_2024"),
    }  # fmt: skip
    streams = more.pop("streams", ("victims",))
    return Sent(name, "DHS", more.pop("year", 2024), streams, FileName(**about), **more)


FIRST = sent("a.xlsx")


@pytest.mark.parametrize(("later", "replaced"), [
    (sent("b.xlsx"), {}),
    (sent("b.xlsx", 2), {("a.xlsx", "victims"): "b.xlsx"}),
    (sent("b.xlsx", cover_version=2), {("a.xlsx", "victims"): "b.xlsx"}),
    (sent("b.xlsx", cover_version=1), {}),
    (sent("b.xlsx", marked=True), {("a.xlsx", "victims"): "b.xlsx"}),
    (sent("b.xlsx", replaces="a.xlsx"), {("a.xlsx", "victims"): "b.xlsx"}),
    (sent("b.xlsx", replaces="A"), {("a.xlsx", "victims"): "b.xlsx"}),
    (sent("b.xlsx", replaces="c.xlsx"), {}),
    (sent("b.xlsx", 2, replaces="c.xlsx"), {}),
    (sent("b.xlsx", 2, year=2023), {}),
    (sent("b.xlsx", year=2023, replaces="a.xlsx"), {}),
    (sent("b.xlsx", 2, family="x", streams=("cases",)), {}),
    (sent("b.xlsx", 2, family="x"), {("a.xlsx", "victims"): "b.xlsx"}),
])  # fmt: skip
def test_a_file_replaces_another_by_its_cover_or_its_version(later, replaced):
    assert replaced_by([FIRST, later]) == replaced
    assert replaced_by([later, FIRST]) == replaced


@pytest.mark.parametrize(("other", "pairs"), [
    (sent("b.xlsx", copied=True), [("a.xlsx", "b.xlsx")]),
    (sent("b.xlsx"), []),
    (sent("b.xlsx", copied=True, original="x"), []),
    (sent("b.xlsx", copied=True, year=2023), []),
    (sent("b.xlsx", copied=True, streams=("cases",)), []),
    (sent("0.xlsx", copied=True), [("a.xlsx", "0.xlsx")]),
])  # fmt: skip
def test_a_copy_is_one_of_the_same_return_and_is_paired_with_what_it_was_copied_from(other, pairs):
    found = copies_of([FIRST, other], {})
    assert [(one.name, two.name) for one, two in found] == pairs
    assert not list(copies_of([FIRST, other], {("a.xlsx", "victims"): "z"}))


def test_of_two_copies_each_is_paired_once():
    copies = [FIRST, sent("b.xlsx", copied=True), sent("c.xlsx", copied=True)]
    found = [(one.name, two.name) for one, two in copies_of(copies, {})]
    assert found == [("a.xlsx", "b.xlsx"), ("a.xlsx", "c.xlsx")]
    found = [(one.name, two.name) for one, two in copies_of(copies[1:], {})]
    assert found == [("b.xlsx", "c.xlsx")]
