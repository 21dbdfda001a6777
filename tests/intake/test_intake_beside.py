"""What stands beside a table, between its rows or on its header is about its figures, and is asked."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import Font, PatternFill

from atips_analysis.codebook import fold, load_codebook
from atips_analysis.errors import InputError
from atips_analysis.intake.grid import grid_of
from atips_analysis.intake.header_reading import read_header, says_nothing
from atips_analysis.intake.marks import PLAIN as PLAIN_MARKS
from atips_analysis.intake.naming import file_name, years_said
from atips_analysis.intake.questions import Asked
from atips_analysis.intake.rows_of_sheet import Table, read_table
from atips_analysis.intake.said_beside import says_beside
from atips_analysis.intake.workbook import read_workbook

CODEBOOK = load_codebook()
HEAD = ["Month", "Type of inspection", "Economic sector", "District", "Finding", "Inspections"]


def row(month: object, count: object = 5) -> list[object]:
    return [month, "ROUTINE", "I", "CY", "NONE", count]


def read(
    rows, name: str = "Inspections", answers: dict[tuple[str, str], str] | None = None, **grid
):
    asked = Asked({(kind, fold(about)): said for (kind, about), said in (answers or {}).items()})
    texts = [["" if cell is None else str(cell) for cell in line] for line in rows]
    made = replace(grid_of(name, texts), **grid)
    return read_table(made, CODEBOOK.stream("inspections"), CODEBOOK, "f", 2024, asked), asked


def waits(found: tuple[Table, Asked], kind: str) -> list[int]:
    """Rows that wait for a question of that kind, where no other row waits for another."""
    table, asked = found
    own = [row for row, asks in table.waiting.items() if kind in {one.kind for one in asks}]
    assert own and asked.open[-1].kind == kind
    assert kind == "second header" or set(own) == set(table.waiting)
    return sorted(own)


PLAIN = [HEAD, *[row(f"2024-{month:02d}", month) for month in range(1, 5)]]


@pytest.mark.parametrize("text", [
    "Cumulative figures", "Planned inspections", "in thousands", "Cancelled", "Estimates",
    "FY 2024/25", "FY2024", "Annual plan of inspections", "Last year",
    "All figures are projections", "Accumulated figures as at each month", "Prev. year figures",
    "Simulation exercise, not real", "Plan 2026", "Target", "PLAN",
])  # fmt: skip
def test_a_text_beside_a_table_that_says_more_of_its_figures_is_known(text):
    assert says_beside(text)


@pytest.mark.parametrize("text", ["Inspections 2024", "Labour Department", "Action plan", "Total"])
def test_a_text_that_says_what_the_form_says_is_no_question(text):
    assert not says_beside(text)


@pytest.mark.parametrize("place", ["above", "below", "name"])
def test_all_rows_wait_for_what_is_said_above_below_or_by_the_sheets_name(place):
    above = [["Cancelled inspections"]] if place == "above" else []
    below = [[], ["Note: cumulative figures"]] if place == "below" else []
    name = "Inspections planned" if place == "name" else "Inspections"
    found = read([*above, *PLAIN, *below], name, from_workbook=True)
    assert len(waits(found, "title")) == 4


def test_the_name_of_a_text_file_is_no_title():
    assert not read(PLAIN, "Inspections planned")[1].open


def test_a_title_between_rows_is_about_those_below_it_alone_and_an_answer_leaves_them_out():
    rows = [*PLAIN[:3], ["Cancelled inspections"], *PLAIN[3:]]
    assert waits(read(rows), "title") == [5, 6]
    table, _ = read(rows, answers={("title", "Cancelled inspections"): "leave"})
    assert [number for number in table.rows.index if number != 4] == [2, 3]
    table, _ = read(rows, answers={("title", "Cancelled inspections"): "count"})
    assert [number for number in table.rows.index if number != 4] == [2, 3, 5, 6]


def test_a_second_title_ends_what_the_first_is_about():
    rows = [*PLAIN[:2], ["Cancelled"], PLAIN[2], ["Held"], *PLAIN[3:]]
    assert waits(read(rows), "title") == [4]


def test_months_without_a_year_below_a_title_of_another_year_wait_and_dated_ones_do_not():
    rows = [HEAD, ["2023"], row("January"), row("2024-02"), ["2024"], row("March")]
    assert waits(read(rows), "title") == [3]


def test_tags_say_more_than_their_column():
    tags = ["#date", "#activity", "#sector", "#adm1", "#result", "#targeted"]
    assert len(waits(read([HEAD, tags, *PLAIN[1:]]), "title")) == 4
    tags[5] = "#reached+cumulative"
    assert len(waits(read([HEAD, tags, *PLAIN[1:]]), "title")) == 4
    tags[5] = "#reached"
    assert not read([HEAD, tags, *PLAIN[1:]])[1].open


def test_another_header_below_is_asked_about_and_only_left_out_where_its_columns_stand_elsewhere():
    head = [*HEAD[:5], "Inspections planned"]
    found = read([*PLAIN, head, row("2024-06")])
    assert waits(found, "second header") == [7]
    assert [one.answer for one in found[1].open[0].choices] == ["count", "leave"]
    turned = [HEAD[0], HEAD[1], HEAD[3], HEAD[2], HEAD[4], HEAD[5]]
    found = read([*PLAIN, turned, row("2024-06"), row("2024-07")])
    assert waits(found, "second header") == [7, 8]
    assert [one.answer for one in found[1].open[0].choices] == ["leave"]
    about = found[1].open[0].about
    table, _ = read([*PLAIN, turned, row("2024-06")], answers={("second header", about): "leave"})
    assert 7 not in table.rows.index and 5 in table.rows.index


def test_a_row_of_words_is_no_second_header():
    assert not read([*PLAIN, row("2024-06"), ["Month", "see", "the", "notes", "of", "3"]])[1].open
    nearly = ["Month", "Type of inspektion", "Economik sector"]
    found = read([*PLAIN, nearly, row("2024-07")])
    assert "second header" not in [one.kind for one in found[1].open]


@pytest.mark.parametrize("parts", [("Planned", "Done"), ("Jan", "Feb"), ("Men", "Women")])
def test_words_below_a_count_and_a_blank_beside_it_part_the_count_and_are_asked_about(parts):
    below = [*[None] * 5, *parts]
    rows = [[*HEAD, None], below, *[[*row(f"2024-0{n}", n), n + 1] for n in (1, 2, 3)]]
    found = read(rows)
    assert waits(found, "column") == [3, 4, 5]
    # The answer says what the header means: nothing more is asked.
    about = found[1].open[0].about
    table, asked = read(rows, answers={("column", about): f"Inspections / {parts[1]}"})
    assert not asked.open and list(table.rows["n"]) == ["2", "3", "4"]


def test_a_row_with_a_figure_below_the_header_is_a_row():
    rows = [[*HEAD, None], [*row("2024-01", 7), "seen"], row("2024-02", 8)]
    table, asked = read(rows, from_workbook=True)
    assert not asked.open and list(table.rows["n"]) == ["7", "8"]


MONTHS = ["April", "September", "December", "January", "March"]


def test_months_that_run_over_the_turn_of_the_year_wait_from_january_on():
    rows = [HEAD, *[row(month, 3) for month in MONTHS]]
    found = read(rows)
    assert waits(found, "turn of the year") == [5, 6]
    table, _ = read(rows, answers={("turn of the year", "Month"): "next"})
    assert list(table.rows["month"]) == ["April", "September", "December", "2025-01", "2025-03"]
    table, _ = read(rows, answers={("turn of the year", "Month"): "one year"})
    assert list(table.rows["month"]) == MONTHS


def test_a_date_that_may_begin_with_its_month_waits_where_another_row_shows_an_order():
    dates = ["13/02/2024", "05/04/2024", "06-07-2024", "08/08/2024"]
    rows = [HEAD, *[row(text, n) for n, text in enumerate(dates, start=3)]]
    found = read(rows)
    assert waits(found, "day or month first") == [3, 4]
    for answer, months in (("day", ["2024-04", "2024-07"]), ("month", ["2024-05", "2024-06"])):
        table, asked = read(rows, answers={("day or month first", "Month"): answer})
        assert list(table.rows["month"]) == [dates[0], *months, dates[3]] and not asked.open
    assert not read([HEAD, row("05/04/2024"), row("06/07/2024")])[1].open  # each is to be corrected


@pytest.mark.parametrize("months", [
    ["January", "March", "May"], ["March", "May", "January", "April"],
    ["May", "March", "January"], ["April", "2024-09", "January"], ["April", "May", "April", "May"],
])  # fmt: skip
def test_months_in_another_order_do_not_run_over_the_turn_of_the_year(months):
    assert not read([HEAD, *[row(month) for month in months]])[1].open


def test_a_comma_that_parts_decimals_elsewhere_is_asked_about_where_it_may_part_thousands():
    found = read([HEAD, row("2024-01", "1,234"), row("2024-02", "12,5"), row("2024-03", 7)])
    assert waits(found, "comma") == [2]
    assert not read([HEAD, row("2024-01", "1,234"), row("2024-02", "12")])[1].open


@pytest.mark.parametrize(("delimiter", "figure", "kind"), [
    (";", "11,000", "comma"), (";", "1,234", "comma"), (";", " 11,000 ", "comma"),
    ("\t", "11,000", "comma"), ("|", "11,000", "comma"),
    (";", "11.000", "full stop"), (",", "11.000", "full stop"), ("\t", "1.234", "full stop"),
    ("", "1.234", "full stop"), ("", "11.000", "full stop"),
    (",", "11,000", None), ("", "11,000", None), (";", "1,234,567", None), (";", "1.234.567", None),
    (";", "11,5", None), (";", "1.234,0", None), (",", "1,234.0", None), (";", "0,000", None),
])  # fmt: skip
def test_a_mark_before_three_digits_is_asked_about_unless_the_program_s_decimal_sign_is_known(
    delimiter, figure, kind
):
    found = read([HEAD, row("2024-01", 7), row("2024-02", figure)], delimiter=delimiter)
    assert [one.kind for one in found[1].open] == ([kind] if kind else [])
    assert kind is None or waits(found, kind) == [3]


@pytest.mark.parametrize(("figure", "kind"), [("11,000", "comma"), ("11.000", "full stop")])
@pytest.mark.parametrize(("answer", "number"), [("thousands", "11000"), ("decimals", "11")])
def test_a_figure_is_read_as_its_question_was_answered(figure, kind, answer, number):
    rows = [HEAD, row("2024-01", 7), row("2024-02", figure)]
    table, asked = read(rows, answers={(kind, "Inspections"): answer}, delimiter=";")
    assert not asked.open and list(table.rows["n"]) == ["7", number]


@pytest.mark.parametrize(("figures", "asked"), [
    ((12, 7, 999), [4]), ((12, 999, 999), [3, 4]), ((12, 9999, 777), [3, 4]), ((888,), [2]),
    ((12, 7, 99), []), ((12, 1200, 999), []), ((12, 7, 998), []), ((12, 7, 666), []),
])  # fmt: skip
def test_999_above_all_other_figures_may_mean_that_a_number_is_not_known(figures, asked):
    rows = [HEAD, *[row(f"2024-{n:02}", figure) for n, figure in enumerate(figures, 1)]]
    found = read(rows)
    assert [one.kind for one in found[1].open] == ["not known"] * bool(asked)
    assert not asked or waits(found, "not known") == asked


@pytest.mark.parametrize(("answer", "number"), [("count", "999"), ("unknown", "-99")])
def test_999_is_read_as_its_question_was_answered(answer, number):
    rows = [HEAD, row("2024-01", 7), row("2024-02", 999)]
    table, asked = read(rows, answers={("not known", "Inspections"): answer})
    assert not asked.open and list(table.rows["n"]) == ["7", number]


def test_decimals_are_no_choice_where_they_make_no_count():
    (one,) = read([HEAD, row("2024-01", "1,234")], delimiter=";")[1].open
    assert [choice.answer for choice in one.choices] == ["thousands"]


@pytest.mark.parametrize(("delimiter", "figure", "number"), [
    ("", "0.125", "125"), ("", "1.234", "1234"), (";", "12,5", "12500"), (";", "0,250", "250"),
])  # fmt: skip
def test_decimals_of_a_column_in_thousands_are_read(delimiter, figure, number):
    rows = [[*HEAD[:5], "Inspections ('000)"], row("2024-01", 2), row("2024-02", figure)]
    table, asked = read(rows, delimiter=delimiter)
    assert not asked.open and list(table.rows["n"]) == ["2000", number]


def test_an_answer_is_taken_before_thousands_are_multiplied():
    rows = [[*HEAD[:5], "Inspections ('000)"], row("2024-01", 2), row("2024-02", "1,234")]
    said = {(kind, "Inspections ('000)"): what for kind, what in
            (("multiplier", "multiply"), ("comma", "decimals"))}  # fmt: skip
    table, asked = read(rows, answers=said, delimiter=";")
    assert not asked.open and list(table.rows["n"]) == ["2000", "1234"]


@pytest.mark.parametrize(("header", "certain"), [
    ("Inspections", True), ("Inspecions", True), ("Inspectiosn", True), ("Inspection", True),
    ("No. of the inspections", True), ("Re-inspections", False), ("Inspections due", False),
    ("Inspections Δ", False),
])  # fmt: skip
def test_a_header_that_is_nearly_a_column_is_certain_but_for_one_letter_or_an_ending(
    header, certain
):
    reading = read_header(header, "inspections", CODEBOOK)
    assert reading.match.column == "n" and reading.plain == certain


@pytest.mark.parametrize(("text", "nothing"), [
    ("persons", True), ("(required)", True), ("", False), ("*", False), ("planned", False),
    ("zq", False),
])  # fmt: skip
def test_words_that_change_no_figure_say_nothing(text, nothing):
    assert says_nothing(text) == nothing


@pytest.mark.parametrize(("text", "years"), [
    ("2024", {2024}), ("2024/25", {2024, 2025}), ("2024-2025", {2024, 2025}), ("2024-12", {2024}),
    ("FY 2024–25", {2024, 2025}), ("none", set()),
])  # fmt: skip
def test_a_year_that_runs_into_the_next_names_both(text, years):
    assert years_said(text) == years


def test_a_file_named_by_two_years_does_not_say_its_year():
    assert file_name("LABOUR_2024-25.xlsx", CODEBOOK).year is None
    assert file_name("LABOUR_2024.xlsx", CODEBOOK).year == 2024


def test_a_cover_of_a_fiscal_year_is_refused_with_what_to_do(write_workbook, folder):
    from atips_analysis.intake import read_submissions

    cover = [["Agency", "LABOUR"], ["Year", "2024/25"]]
    write_workbook("LABOUR.xlsx", {"Inspections": PLAIN}, cover=cover)
    with pytest.raises(InputError, match="each calendar year in a file of its own"):
        read_submissions(folder, CODEBOOK)


def test_a_text_file_that_says_a_fiscal_year_is_refused_and_a_period_without_a_year_is_not(folder):
    from atips_analysis.intake import read_submissions

    lines = [",".join(map(str, line)) for line in PLAIN]
    path = folder / "LABOUR_2024_inspections.csv"
    path.write_text("\n".join(["Year: 2024/25,,,,,", *lines]) + "\n", encoding="utf-8")
    with pytest.raises(InputError, match="'2024/25' is not one year"):
        read_submissions(folder, CODEBOOK)
    path.write_text("\n".join(["Period: January to June,,,,,", *lines]) + "\n", encoding="utf-8")
    assert len(read_submissions(folder, CODEBOOK).frames["inspections"]) == 4


@pytest.mark.parametrize(("line", "asked"), [
    ("All figures in thousands", ["title"]), ("DRAFT", ["title"]), ("Thank you", []),
    ("Please leave out what was cancelled and write a row for each month and kind", []),
])  # fmt: skip
def test_a_line_of_the_cover_is_asked_about_unless_it_explains_the_form(
    write_workbook, folder, line, asked
):
    from atips_analysis.intake import read_submissions
    from atips_analysis.intake.settled import Settled

    cover = [["Agency", "LABOUR"], ["Year", 2024], [line]]
    write_workbook("LABOUR.xlsx", {"Inspections": PLAIN}, cover=cover)
    intake = read_submissions(folder, CODEBOOK, Settled())
    assert list(intake.questions["kind"]) == asked
    assert len(set(intake.waiting["row"])) == 4 * len(asked)


# what only the format carries


def marks(change):
    book = openpyxl.Workbook()
    sheet = book.active
    for line in PLAIN:
        sheet.append(line)
    change(sheet)
    out = io.BytesIO()
    book.save(out)
    return read_workbook(out.getvalue(), "f.xlsx").grids[0].marks


@pytest.mark.parametrize("colour", ["FFFFFFFF", "FFFEFEFE"])
def test_white_letters_are_a_colour_and_on_a_fill_the_fill_is(colour):
    def change(sheet):
        sheet["A2"].font = sheet["A3"].font = Font(color=colour)
        sheet["A3"].fill = PatternFill("solid", fgColor="FF0000FF")

    assert dict(marks(change).colours) == {(2, 0): "white letters", (3, 0): "blue"}


def test_one_count_in_a_colour_of_its_own_waits_and_another_cell_does_not():
    orange = replace(PLAIN_MARKS, colours={(3, 5): "orange"})
    assert waits(read(PLAIN, from_workbook=True, marks=orange), "colour") == [3]
    all_counts = {(row, 5): "orange" for row in range(2, 6)}
    for colours in ({(3, 3): "orange"}, all_counts):
        marked = replace(PLAIN_MARKS, colours=colours)
        assert not read(PLAIN, from_workbook=True, marks=marked)[1].open


@pytest.mark.parametrize(
    ("merge", "rows"), [(((3, 5), (4, 5)), [3, 4]), (((3, 4), (3, 5)), []), (((3, 5), (3, 6)), [])]
)
def test_a_count_merged_over_rows_waits_and_one_widened_over_a_blank_does_not(merge, rows):
    found = read(PLAIN, from_workbook=True, merges=(merge,))
    assert (waits(found, "merged") if found[1].open else []) == rows


def test_black_letters_and_those_of_the_theme_are_no_colour():
    def change(sheet):
        sheet["A2"].font = Font(color="FF000000")
        sheet["A3"].font = Font(color=openpyxl.styles.colors.Color(theme=1))
        sheet["A4"].font = Font(color=openpyxl.styles.colors.Color(theme=0))

    assert dict(marks(change).colours) == {(4, 0): "white letters"}


@pytest.mark.parametrize(("font", "rows"), [
    (Font(strike=True), {2, 3}), (Font(color="FFFFFFFF"), {2, 3}), (Font(bold=True), set()),
])  # fmt: skip
def test_rows_of_a_rule_that_strikes_through_or_hides_are_known(font, rows):
    def change(sheet):
        rule = FormulaRule(formula=["$F2>1"], font=font)
        sheet.conditional_formatting.add("A2:F3", rule)

    assert marks(change).by_rule == rows


def test_a_rule_for_a_whole_column_is_about_the_rows_that_there_are():
    def change(sheet):
        rule = FormulaRule(formula=["$F2>1"], font=Font(strike=True))
        sheet.conditional_formatting.add("F2:F1048576 H2", rule)

    assert marks(change).by_rule == {2, 3, 4, 5}


def test_a_column_of_no_width_is_hidden_and_a_narrow_one_is_not():
    def change(sheet):
        sheet.column_dimensions["B"].width = 0.4
        sheet.column_dimensions["C"].width = 2

    assert marks(change).hidden_columns == {1}


def test_comments_are_read_with_their_text_and_one_on_the_header_is_about_all_rows():
    def change(sheet):
        sheet["F1"].comment = Comment("cumulative since January", "me")
        sheet["A2"].comment = Comment("fine", "me")

    found = marks(change)
    assert {place: "cumulative" in text for place, text in found.comments.items()} == {
        (1, 5): True,
        (2, 0): False,
    }
    asked = read(PLAIN, marks=replace(found, comments={(1, 5): found.comments[1, 5]}))
    assert len(waits(asked, "title")) == 4


def test_a_threaded_comment_is_a_comment():
    book = openpyxl.Workbook()
    book.active.append(["x"])
    out = io.BytesIO()
    book.save(out)
    again = io.BytesIO()
    with zipfile.ZipFile(out) as old, zipfile.ZipFile(again, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
        kind = "http://schemas.microsoft.com/office/2017/10/relationships/threadedComment"
        space = "http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments"
        new.writestr(
            "xl/worksheets/_rels/sheet1.xml.rels",
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            f'<Relationship Id="rId1" Type="{kind}" Target="../threadedComments/t1.xml"/>'
            "</Relationships>",
        )
        new.writestr(
            "xl/threadedComments/t1.xml",
            f'<ThreadedComments xmlns="{space}"><threadedComment ref="B7" personId="p" id="i">'
            "<text>did not take place</text></threadedComment></ThreadedComments>",
        )
    (grid,) = read_workbook(again.getvalue(), "f.xlsx").grids
    assert dict(grid.marks.comments) == {(7, 1): "did not take place"}
