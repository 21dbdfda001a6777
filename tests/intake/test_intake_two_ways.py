"""A table that can be read in two ways is not counted: its rows wait for an answer."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest
import xlsxwriter

from atips_analysis.codebook import fold
from atips_analysis.intake import read_submissions
from atips_analysis.intake.settled import Settled

TRAINING = ["Session", "Month", "Audience", "Topic", "Facilitator", "District"]
INSPECTION = ["Month", "Type of inspection", "Economic sector", "District", "Finding"]


def trainings(*counts: list[object], header: list[object]) -> list[list[object]]:
    rows: list[list[object]] = [[*TRAINING, *header]]
    for number, own in enumerate(counts, start=1):
        first = [f"S-{number}", f"2024-{number:02d}", "Teachers", "Human Trafficking 101"]
        rows.append([*first, "NCFC", "Cayo", *own])
    return rows


def inspections(*counts: object, header: object, months: list[object] | None = None):
    rows: list[list[object]] = [[*INSPECTION, header]]
    for number, count in enumerate(counts, start=1):
        month = months[number - 1] if months else f"2024-{number:02d}"
        kind = "Routine labour inspection" if number % 2 else "Complaint-driven inspection"
        rows.append([month, kind, "Construction", "Cayo", "No violation", count])
    return rows


@pytest.fixture
def read(folder: Path, write_workbook, codebook):
    """Write one sheet and read it; `answers` are given to questions by their kind."""

    def reading(sheet: str, rows, name: str = "", answers: dict[str, str] | None = None, **more):
        agency = "NCFC" if sheet == "Trainings" else "LABOUR"
        file = name or f"{agency}_2024.xlsx"
        cover = more.pop("cover", [["Agency", agency], ["Year", 2024]])
        if rows is not None:
            write_workbook(file, {sheet: rows}, cover=cover, **more)
        asked = read_submissions(folder, codebook, Settled())
        if not answers:
            return asked
        given: dict[tuple[str, str], dict[tuple[str, str], str]] = {}
        for question in asked.questions.to_dict("records"):
            if question["kind"] in answers:
                place = given.setdefault((agency, question["stream"]), {})
                place[question["kind"], fold(question["about"])] = answers[question["kind"]]
        return read_submissions(folder, codebook, Settled(given))

    return reading


def kinds(intake) -> list[str]:
    return intake.questions.loc[intake.questions["answer"] == "", "kind"].tolist()


def waiting(intake) -> list[int]:
    return sorted(set(intake.waiting["row"]))


@pytest.mark.parametrize(
    "headers",
    [
        ["Participants (planned)", "Participants (actual)"],
        ["Participants", "Participants (revised)"],
        ["Planned participants", "Participants"],
        ["Participants - target", "Participants - achieved"],
        ["Participantes (previstos)", "Participantes (reales)"],
    ],
)
def test_two_columns_of_participants_are_asked_about_and_the_answer_is_taken(headers, read):
    rows = trainings([50, 18], [50, 25], header=headers)
    asked = read("Trainings", rows)
    assert kinds(asked) == ["column"] and waiting(asked) == [2, 3]
    question = asked.questions["question"].iloc[0]
    assert all(header in question for header in headers) and "50" in question and "18" in question
    answered = read("Trainings", rows, answers={"column": headers[1]})
    assert waiting(answered) == []
    assert answered.frames["trainings"]["participants"].tolist() == ["18", "25"]
    assert answered.questions["answer"].tolist() == [headers[1]]


def test_two_columns_that_say_the_same_are_no_question(read):
    intake = read(
        "Trainings", trainings([18, 18], header=["Participants", "Participants (actual)"])
    )
    assert kinds(intake) == []


@pytest.mark.parametrize(
    "headers", [["Participants", "Women", "Women %"], ["Women (%)", "Participants", "Women"]]
)
def test_a_share_is_no_count_and_is_told(headers, read):
    row = [{"Participants": 20, "Women": 5}.get(str(header), 25) for header in headers]
    intake = read("Trainings", trainings(row, header=headers))
    assert intake.frames["trainings"]["women"].tolist() == ["5"] and kinds(intake) == []
    assert intake.notes["note"].str.contains("is a share").any()


@pytest.mark.parametrize("order", [1, -1])
def test_of_two_years_side_by_side_the_returns_own_is_read(order, read):
    years, counts = [2023, 2024][::order], [[101, 5], [102, 6]]
    rows = inspections(*(own[::order][0] for own in counts), header=f"Inspections ({years[0]})")
    rows[0].append(f"Inspections {years[1]}")
    for row, own in zip(rows[1:], counts, strict=True):
        row.append(own[::order][1])
    intake = read("Inspections", rows)
    assert intake.frames["inspections"]["n"].tolist() == ["5", "6"]
    assert intake.notes["note"].str.contains("another year").any()


def test_a_column_of_another_year_alone_is_asked_about(read):
    assert kinds(read("Inspections", inspections(5, 6, header="Inspections (2023)"))) == ["meaning"]


@pytest.mark.parametrize(
    "header",
    ["Participants (planned)", "Women (15+)", "Participants (est.)", "Participants per quarter"],
)
def test_words_in_a_header_that_may_change_the_figure_are_asked_about(header, read):
    headers = [header] if header.startswith("Part") else ["Participants", header]
    intake = read("Trainings", trainings([9, 4][: len(headers)], header=headers))
    assert kinds(intake) == ["meaning"] and waiting(intake) == [2]


@pytest.mark.parametrize(
    "header",
    ["Participants (number)", "Participants *", "Participants (required)", "No. of participants"],
)
def test_words_that_only_say_how_to_fill_in_are_no_question(header, read):
    intake = read("Trainings", trainings([9], header=[header]))
    assert kinds(intake) == [] and intake.frames["trainings"]["participants"].tolist() == ["9"]


@pytest.mark.parametrize(
    "header", ["Inspections (cumulative)", "Inspections to date", "Inspecciones (acumulado)"]
)
def test_a_running_total_becomes_differences_only_after_an_answer(header, read):
    rows = inspections(5, 11, 18, header=header)
    assert waiting(read("Inspections", rows)) == [2, 3, 4]
    answered = read("Inspections", rows, answers={"running total": "differences"})
    assert answered.frames["inspections"]["n"].tolist() == ["5", "6", "7"]


@pytest.mark.parametrize(
    "header", ["People reached ('000)", "People reached (thousands)", "Personas alcanzadas (miles)"]
)
def test_thousands_in_the_header_multiply_unless_the_figures_are_whole_already(header, read):
    head = ["Activity", "Month", "Channel", "Products", header]
    rows = [head, ["A-1", "2024-01", "Television", 2, 12], ["A-2", "2024-02", "Television", 1, 3.5]]
    intake = read("Awareness", rows)
    assert intake.frames["awareness"]["people_reached"].tolist() == ["12000", "3500"]
    assert intake.notes["note"].str.contains("1000 each").any()
    rows[1][4] = 12000
    assert kinds(read("Awareness", rows)) == ["multiplier"]


def charges(header: str, *figures: object) -> list[list[object]]:
    head = ["Charge", "Person", "Offence", "Counts", "Month charged", "Outcome", header]
    return [
        head,
        *(
            [f"C-{i}", f"{i:016x}", "TIP_LAB", 1, "2024-02", "CONV", figure]
            for i, figure in enumerate(figures, 1)
        ),
    ]


def test_years_of_a_sentence_become_months_and_no_unit_is_asked_about(read):
    intake = read("Charges", charges("Sentence length (years)", 8, 12))
    assert intake.frames["charges"]["sentence_months"].tolist() == ["96", "144"]
    assert kinds(read("Charges", charges("Sentence length (years)", 8, 96))) == ["unit"]
    assert kinds(read("Charges", charges("Sentence length", 8))) == ["unit"]
    assert kinds(read("Charges", charges("Sentence (months)", 96))) == []


@pytest.mark.parametrize("header", ["No.", "Number", "N°", "#"])
def test_a_running_number_is_no_count(header, read):
    intake = read("Inspections", inspections(1, 2, 3, header=header))
    assert kinds(intake) == ["running number"] and waiting(intake) == [2, 3, 4]
    answered = read(
        "Inspections", inspections(1, 2, 3, header=header), answers={"running number": "rows"}
    )
    assert answered.frames["inspections"]["n"].tolist() == ["1", "1", "1"]


def test_a_running_number_with_gaps_is_asked_about_too(read):
    assert kinds(read("Inspections", inspections(2, 5, 7, 9, header="No."))) == ["running number"]


def test_a_number_that_counts_is_read(read):
    intake = read("Inspections", inspections(7, 2, 9, header="Number"))
    assert kinds(intake) == [] and intake.frames["inspections"]["n"].tolist() == ["7", "2", "9"]


def test_a_list_without_a_column_of_counts_is_asked_about(read):
    rows = [row[:-1] for row in inspections(1, 1, header="x")]
    assert kinds(read("Inspections", rows)) == ["row each"]
    answered = read("Inspections", rows, answers={"row each": "count"})
    assert answered.frames["inspections"]["n"].tolist() == ["1", "1"]


def test_bare_numbers_are_months_under_month_and_asked_about_under_period(read):
    rows = inspections(5, 6, header="Inspections", months=[1, 2])
    assert kinds(read("Inspections", rows)) == []
    rows[0][0] = "Period"
    assert kinds(read("Inspections", rows)) == ["period"]


def test_two_header_rows_without_merged_cells_are_read_together(read):
    rows = trainings([10, 8, 18], header=["Participants", None, None])
    rows.insert(1, [None] * 6 + ["Women", "Men", "Total"])
    row = read("Trainings", rows).frames["trainings"].iloc[0]
    assert (row["women"], row["men"], row["participants"]) == ("10", "8", "18")


@pytest.mark.parametrize("header", [["M", "H"], ["H", "M"], ["M", "V"]])
@pytest.mark.parametrize("above", [True, False])
def test_m_beside_h_or_v_is_mujeres_and_beside_f_it_is_men(header, above, read):
    counts = {"M": 15, "H": 9, "V": 9}
    own = [24, *(counts[letter] for letter in header)]
    rows = trainings(own, own, header=["Total", *header])
    if above:
        rows = [[*TRAINING, "Participants", None, None], [None] * 6 + rows[0][6:], *rows[1:]]
    else:
        rows[0][6] = "Participants"
    frame = read("Trainings", rows).frames["trainings"]
    assert frame[["participants", "women", "men"]].values.tolist() == [["24", "15", "9"]] * 2


@pytest.mark.parametrize(
    ("header", "letters", "sexes"),
    [
        ("Sexo", ["M", "H"], ["F", "M"]),
        ("Sex", ["m.", "V"], ["F", "M"]),
        ("Sexo", ["M", "F"], ["M", "F"]),
        ("Sexo", ["M", "Femenino"], ["M", "Femenino"]),
        ("Sex", ["M", "M"], ["M", "M"]),
    ],
)
def test_m_is_mujer_beside_h_or_v_and_male_beside_f(header, letters, sexes, folder, codebook):
    lines = [f"Victim,Case,{header},Citizenship"]
    lines += [f"V-{n},BZ-CASE-2024-000{n},{letter},GTM" for n, letter in enumerate(letters, 1)]
    (folder / "DHS_2024_victims.csv").write_text("\n".join(lines), encoding="utf-8")
    intake = read_submissions(folder, codebook, Settled())
    assert intake.frames["victims"]["sex"].tolist() == sexes
    assert "letter of a sex" not in kinds(intake)


def test_m_alone_below_a_spanish_header_is_asked_about(folder, codebook):
    text = "Victim,Case,Sexo,Citizenship\nV-1,BZ-CASE-2024-0001,M,GTM\nV-2,BZ-CASE-2024-0001,M,GTM"
    (folder / "DHS_2024_victims.csv").write_text(text, encoding="utf-8")
    intake = read_submissions(folder, codebook, Settled())
    assert kinds(intake) == ["letter of a sex"] and waiting(intake) == [2, 3]


def test_m_beside_f_is_men(read):
    rows = trainings([24, 15, 9], header=["Participants", "F", "M"])
    frame = read("Trainings", rows).frames["trainings"]
    assert frame[["women", "men"]].values.tolist() == [["15", "9"]]


def test_planned_and_actual_in_a_row_above_the_header_are_not_lost(read):
    rows = trainings([50, 18], header=["Participants", "Participants"])
    rows.insert(0, [None] * 6 + ["Planned", "Actual"])
    intake = read("Trainings", rows)
    assert kinds(intake) == ["column"]
    assert "Planned" in intake.questions["question"].iloc[0]


@pytest.mark.parametrize(
    "title", ["Figures in thousands", "Cumulative figures", "Planned sessions 2024"]
)
def test_a_line_above_the_table_that_changes_its_figures_is_asked_about(title, read):
    rows = [[title], *trainings([9], header=["Participants"])]
    assert kinds(read("Trainings", rows)) == ["title"]


def test_a_column_that_takes_rows_back_sets_them_aside(read):
    rows = trainings(
        [9, "Held"], [8, "Cancelled"], [7, "Postponed to 2025"], header=["Participants", "Status"]
    )
    intake = read("Trainings", rows)
    assert kinds(intake) == ["taken back"] and waiting(intake) == [3, 4]
    answered = read("Trainings", rows, answers={"taken back": "leave"})
    assert answered.frames["trainings"]["session_id"].tolist() == ["S-1"]
    assert answered.notes["note"].str.contains("left out by an answer").sum() == 2


@pytest.mark.parametrize(
    "word", ["Suspendida", "not held", "CANCELED - rain", "TBC", "debe decir 25"]
)
def test_words_that_take_a_row_back_are_found_in_any_column(word, read):
    intake = read("Trainings", trainings([9, None], [8, word], header=["Participants", "Extra"]))
    assert waiting(intake) == [3]


@pytest.mark.parametrize(
    ("header", "first", "second"),
    [
        ("Held?", "Yes", "No"),
        ("Held?", "No", "No"),
        ("Cancelled", None, "x"),
        ("Suspended / cancelled", "No", "Yes"),
        ("¿Se realizó?", "Sí", "No"),
        ("Status", "Done", "Room changed"),
    ],
)
def test_a_column_that_asks_whether_it_took_place_is_read_by_its_header(
    header, first, second, read
):
    intake = read("Trainings", trainings([9, first], [8, second], header=["Participants", header]))
    assert waiting(intake) == ([2, 3] if first == "No" == second else [3])


def test_a_status_that_says_nothing_about_counting_is_no_question(read):
    rows = trainings([9, "Batch A"], [8, "Batch B"], header=["Participants", "Status"])
    intake = read("Trainings", rows)
    assert kinds(intake) == []
    assert intake.headers.set_index("header")["how"]["Status"] == "ignored"


def test_a_district_on_the_first_row_of_each_group_only_is_asked_about(read):
    rows = trainings(*[[9]] * 4, header=["Participants"])
    rows = [[row[5], *row[:5], row[6]] for row in rows]
    rows[2][0] = rows[4][0] = None
    rows[3][0] = "Belize"
    assert waiting(read("Trainings", rows)) == [3, 5]
    answered = read("Trainings", rows, answers={"blank below": "fill"})
    assert answered.frames["trainings"]["district"].tolist() == ["Cayo", "Cayo", "Belize", "Belize"]


def test_cover_and_name_with_two_years_are_settled_by_the_rows_or_asked_about(read):
    cover = [["Agency", "LABOUR"], ["Year", 2024]]
    rows = inspections(5, 6, header="Inspections", months=["January", "February"])
    intake = read("Inspections", rows, "LABOUR_2025.xlsx", cover=cover)
    assert kinds(intake) == ["year of the return"] and waiting(intake) == [2, 3]
    rows = inspections(5, 6, header="Inspections", months=["2025-01", "2025-02"])
    intake = read("Inspections", rows, "LABOUR_2025.xlsx", cover=cover)
    assert kinds(intake) == [] and set(intake.frames["inspections"]["submitted_for"]) == {2025}


def test_dates_that_excel_turned_over_are_asked_about(read):
    months = ["13/02/2024", "25/03/2024", datetime.date(2024, 5, 4), datetime.date(2024, 6, 7)]
    rows = inspections(1, 2, 3, 4, header="Inspections", months=months)
    intake = read("Inspections", rows)
    assert kinds(intake) == ["order of days"] and waiting(intake) == [4, 5]
    answered = read("Inspections", rows, answers={"order of days": "changed"})
    assert answered.frames["inspections"]["month"].tolist()[2:] == ["2024-04-05", "2024-07-06"]


def test_dates_typed_month_first_that_excel_read_day_first_are_asked_about(read):
    months = ["02/25/2024", "03/28/2024", datetime.date(2024, 5, 4)]
    assert waiting(
        read("Inspections", inspections(1, 2, 3, header="Inspections", months=months))
    ) == [4]


def test_a_sheet_or_title_of_another_year_over_months_without_a_year_is_asked_about(read):
    rows = inspections(5, 6, header="Inspections", months=["January", "February"])
    assert kinds(read("Inspections 2023", rows)) == ["title"]
    assert kinds(read("Inspections", [["Return for 2023"], *rows])) == ["title"]


def test_a_unit_in_a_row_of_its_own_below_one_header_is_read_with_it(read):
    head = ["Activity", "Month", "Channel", "Products", "People reached"]
    rows = [head, [None] * 4 + ["thousands"], ["A-1", "2024-01", "Television", 2, 12]]
    assert read("Awareness", rows).frames["awareness"]["people_reached"].tolist() == ["12000"]


def test_na_among_codes_of_two_letters_may_be_namibia(folder, write_workbook, victims, codebook):
    rows = victims(
        *({"victim_id": f"V-{i}", "citizenship": code} for i, code in enumerate(["BZ", "NA", "GT"]))
    )
    write_workbook("DHS_2024.xlsx", {"Victims": rows})
    assert waiting(read_submissions(folder, codebook)) == [3]
    rows = victims({"citizenship": "Belize"}, {"victim_id": "V-2", "citizenship": "NA"})
    write_workbook("DHS_2024.xlsx", {"Victims": rows})
    assert waiting(read_submissions(folder, codebook)) == []


def test_a_file_named_as_a_copy_is_asked_about_and_counted_once_after_an_answer(folder, codebook):
    text = "month,inspection_type,sector,district,finding,n\n2024-01,ROUTINE,I,CY,NONE,{}\n"
    names = ["LABOUR_2024_inspections.csv", "LABOUR_2024_inspections (1).csv"]
    for number, name in enumerate(names, start=3):
        (folder / name).write_text(text.format(number), encoding="utf-8")
    intake = read_submissions(folder, codebook, Settled())
    assert set(kinds(intake)) == {"same return"} and len(intake.waiting) == 2
    about = intake.questions["about"].iloc[0]
    given = {("LABOUR", ""): {("same return", fold(about)): "replaces"}}
    answered = read_submissions(folder, codebook, Settled(given))
    assert answered.frames["inspections"]["n"].tolist() == ["4"]
    assert answered.waiting.empty


def test_a_copy_beside_a_correction_is_asked_about_and_what_is_replaced_is_not(folder, codebook):
    text = "month,inspection_type,sector,district,finding,n\n2024-01,ROUTINE,I,CY,NONE,{}\n"
    for number, end in enumerate(["", " (1)", "_v2"]):
        path = folder / f"LABOUR_2024_inspections{end}.csv"
        path.write_text(text.format(number), encoding="utf-8")
    intake = read_submissions(folder, codebook, Settled())
    assert set(intake.waiting["file"]) == {
        "LABOUR_2024_inspections (1).csv",
        "LABOUR_2024_inspections_v2.csv",
    }
    assert set(kinds(intake)) == {"same return"}


def test_an_answer_that_is_none_of_the_choices_is_no_answer(read):
    rows = inspections(5, 11, header="Inspections (cumulative)")
    assert waiting(read("Inspections", rows, answers={"running total": "perhaps"})) == [2, 3]


# what only the format carries


@pytest.fixture
def formatted(folder: Path):
    """A workbook of four sessions; `change(book, sheet, rows)` writes what it wants of them."""

    def write(change) -> None:
        book = xlsxwriter.Workbook(str(folder / "NCFC_2024.xlsx"))
        sheet = book.add_worksheet("Trainings")
        rows = trainings([20, 5], [21, 6], [22, 7], [23, 8], header=["Participants", "Women"])
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
        change(book, sheet, rows)
        book.close()

    return write


def format_row(sheet, rows, number, style):
    sheet.write_row(number, 0, rows[number], style)


@pytest.mark.parametrize(
    ("kind", "change"),
    [
        ("hidden rows", lambda book, sheet, rows: sheet.set_row(2, None, None, {"hidden": True})),
        (
            "struck",
            lambda book, sheet, rows: format_row(
                sheet, rows, 2, book.add_format({"font_strikeout": True})
            ),
        ),
        (
            "colour",
            lambda book, sheet, rows: format_row(
                sheet, rows, 2, book.add_format({"bg_color": "yellow"})
            ),
        ),
        (
            "colour",
            lambda book, sheet, rows: format_row(
                sheet, rows, 2, book.add_format({"font_color": "red"})
            ),
        ),
        ("comment", lambda book, sheet, rows: sheet.write_comment(2, 6, "should read 30")),
        (
            "shown",
            lambda book, sheet, rows: sheet.write_number(
                2, 7, 3, book.add_format({"num_format": '[<5]"<5";0'})
            ),
        ),
        (
            "shown",
            lambda book, sheet, rows: sheet.write_number(
                2, 6, 21000, book.add_format({"num_format": "0,"})
            ),
        ),
    ],
)
def test_a_row_that_the_format_may_take_back_waits_and_the_others_count(
    kind, change, formatted, folder, codebook
):
    formatted(change)
    intake = read_submissions(folder, codebook, Settled())
    assert kinds(intake) == [kind] and waiting(intake) == [3]


@pytest.mark.parametrize(
    "change",
    [
        lambda book, sheet, rows: format_row(
            sheet, rows, 0, book.add_format({"bg_color": "yellow"})
        ),
        lambda book, sheet, rows: sheet.write_comment(0, 6, "count each once"),
        lambda book, sheet, rows: sheet.write_number(
            2, 7, 3, book.add_format({"num_format": "#,##0.00"})
        ),
        lambda book, sheet, rows: sheet.set_row(9, None, None, {"hidden": True}),
        lambda book, sheet, rows: [
            format_row(sheet, rows, n, book.add_format({"bg_color": "#DDEEFF"})) for n in (1, 3)
        ],
    ],
)
def test_formats_that_take_nothing_back_are_no_question(change, formatted, folder, codebook):
    formatted(change)
    assert kinds(read_submissions(folder, codebook, Settled())) == []


def test_a_hidden_column_is_read_and_told(formatted, folder, codebook):
    formatted(lambda book, sheet, rows: sheet.set_column(7, 7, None, None, {"hidden": True}))
    intake = read_submissions(folder, codebook, Settled())
    assert intake.frames["trainings"]["women"].tolist() == ["5", "6", "7", "8"]
    assert intake.notes["note"].str.contains("'Women' is hidden").any()


def test_a_raised_digit_is_a_note_mark_and_no_digit(formatted, folder, codebook):
    formatted(
        lambda book, sheet, rows: sheet.write_rich_string(
            2, 6, "12", book.add_format({"font_script": 1}), "1"
        )
    )
    intake = read_submissions(folder, codebook, Settled())
    assert intake.frames["trainings"]["participants"].tolist() == ["20", "12", "22", "23"]
    assert intake.notes["note"].str.contains("raised").any()


def test_numbers_in_cells_formatted_as_dates_are_numbers(formatted, folder, codebook):
    def change(book, sheet, rows):
        style = book.add_format({"num_format": "yyyy-mm-dd"})
        for number, value in enumerate([24, 59, 61, 1020], start=1):
            sheet.write_number(number, 6, value, style)

    formatted(change)
    frame = read_submissions(folder, codebook, Settled()).frames["trainings"]
    assert frame["participants"].tolist() == ["24", "59", "61", "1020"]


def test_the_totals_row_of_an_excel_table_is_no_row(formatted, folder, codebook):
    def change(book, sheet, rows):
        columns = [{"header": str(text)} for text in rows[0]]
        columns[6]["total_function"] = "average"
        sheet.add_table(0, 0, 5, 7, {"columns": columns, "data": rows[1:], "total_row": True})
        sheet.write_number(5, 6, 21.5)

    formatted(change)
    sheet = read_submissions(folder, codebook, Settled()).sheets.iloc[0]
    assert (sheet["rows_read"], sheet["totals_rows"]) == (4, 1)


def test_a_workbook_that_counts_days_from_1904_is_read_so(folder, codebook):
    book = xlsxwriter.Workbook(str(folder / "NCFC_2024.xlsx"), {"date_1904": True})
    sheet = book.add_worksheet("Trainings")
    rows = trainings([20], [21], header=["Participants"])
    rows[1][1], rows[2][1] = 43875, 43965
    for number, row in enumerate(rows):
        sheet.write_row(number, 0, row)
    book.close()
    from atips_analysis.cleaning import clean

    frame = read_submissions(folder, codebook, Settled()).frames["trainings"]
    assert clean("trainings", frame, codebook).frame["month"].tolist() == ["2024-02", "2024-05"]


@pytest.mark.parametrize("header", ["Year", "Año", "Reporting year"])
@pytest.mark.parametrize("months", [["January", "February"], [1, 2]])
def test_months_without_a_year_take_the_one_of_their_row(header, months, read):
    rows = inspections(5, 6, header="Inspections", months=months)
    for row, year in zip(rows, [header, 2023, 2024], strict=True):
        row.append(year)
    intake = read("Inspections", rows)
    from atips_analysis.cleaning import clean
    from atips_analysis.codebook import load_codebook

    frame = clean("inspections", intake.frames["inspections"], load_codebook()).frame
    assert frame["month"].tolist() == ["2023-01", "2024-02"] and kinds(intake) == []
    assert intake.notes["note"].str.contains("take the year of their row").any()


def test_a_month_that_has_a_year_keeps_it_whatever_stands_beside_it(read):
    rows = inspections(5, header="Inspections", months=["2024-01"])
    for row, year in zip(rows, ["Year", 2023], strict=True):
        row.append(year)
    assert read("Inspections", rows).frames["inspections"]["month"].tolist() == ["2024-01"]
