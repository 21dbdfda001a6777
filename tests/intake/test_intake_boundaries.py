"""Each rule of intake, by its own declarations: what is just inside it, and what is just outside.

The tables are made from the lists and limits that the rules declare; who adds a word, a unit, a
profile or a limit adds its cases.
"""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import timedelta

import openpyxl
import pytest

from atips_analysis.cleaning.months import (
    EXCEL_EPOCH,
    FIRST_SERIAL,
    LAST_SERIAL,
    NAMES,
    month_of,
)
from atips_analysis.codebook import load_codebook
from atips_analysis.codebook.loader import read_table as read_list
from atips_analysis.errors import InputError
from atips_analysis.intake import (
    header,
    limits,
    meaning_questions,
    read_submissions,
    taken_back,
)
from atips_analysis.intake.cover import COVERS, KEYS, NIL, is_cover, title_answers
from atips_analysis.intake.exports import profiles, without_platform
from atips_analysis.intake.grid import grid_of
from atips_analysis.intake.header_reading import HERE, kind_of, read_header
from atips_analysis.intake.marks import Marks
from atips_analysis.intake.months_covered import LENGTHS, ORDINALS, months_said
from atips_analysis.intake.naming import CORRECTED, PARTS, file_name, stream_of_sheet
from atips_analysis.intake.number_format import shown
from atips_analysis.intake.questions import Asked
from atips_analysis.intake.rows_of_sheet import Table, read_table
from atips_analysis.intake.settled import Settled
from atips_analysis.intake.workbook import read_workbook
from atips_analysis.intake.xlsx_sheet import LEAST_HEIGHT

CODEBOOK = load_codebook()
TRAININGS = ["Session", "Month", "Audience", "Topic", "Facilitator", "District", "Participants"]


def words_of(file: str) -> list[tuple[str, str]]:
    table = read_list(HERE / file)
    return list(table.itertuples(index=False, name=None))


def read(stream: str, rows) -> tuple[Table, Asked]:
    """A sheet of a stream, with the questions that it raises."""
    asked = Asked()
    texts = [["" if cell is None else str(cell) for cell in row] for row in rows]
    grid = grid_of(stream, texts)
    return read_table(grid, CODEBOOK.stream(stream), CODEBOOK, "f.csv", 2024, asked), asked


def of_kind(says: str) -> list[str]:
    return [text for kind, text in words_of("taken_back.csv") if kind == says]


# words of a header


@pytest.mark.parametrize(("kind", "word"), words_of("header_words.csv"))
def test_a_word_of_the_list_says_its_kind_and_one_with_another_ending_is_not_understood(kind, word):
    inside = read_header(f"Participants ({word})", "trainings", CODEBOOK, near=False)
    outside = read_header(f"Participants ({word} zq)", "trainings", CODEBOOK, near=False)
    assert inside.match.column == outside.match.column == "participants"
    assert outside.other == (f"{word} zq",)
    said = {*inside.kinds, f"unit {inside.unit}", f"times {inside.times}"}
    assert (kind in said) != (kind == "harmless")
    assert inside.other == () and (kind != "harmless" or inside.plain)


@pytest.mark.parametrize(
    ("kind", "start"), [one for one in words_of("header_words.csv") if one[1].endswith("-")]
)
def test_a_beginning_of_the_list_begins_one_word_and_no_run_of_words(kind, start):
    assert kind_of(f"{start.rstrip('-')}zq") == kind
    assert kind_of(f"{start.rstrip('-')}zq of sessions") == kind_of(f"zq{start}") == ""


UNITS_OF = [
    (stream.name, column, unit, factor)
    for stream in CODEBOOK.streams.values()
    for column in stream.columns
    for (unit, own), factor in meaning_questions.FACTORS.items()
    if meaning_questions.UNIT_OF.get(column.name) == own
]


@pytest.mark.parametrize(("stream", "column", "unit", "factor"), UNITS_OF)
def test_a_unit_is_converted_up_to_its_longest_figure_and_asked_about_beyond(
    stream, column, unit, factor
):
    longest = meaning_questions.LONGEST[unit]
    for value, kinds in ((longest, []), (longest + 1, ["unit"])):
        others = [one.name for one in CODEBOOK.stream(stream).columns if one.name != column.name]
        rows = [[*others, f"{column.name} ({unit}s)"], ["x"] * len(others) + [value]]
        table, asked = read(stream, rows)
        assert [question.kind for question in asked.open] == kinds
        result = value * factor if not kinds else value
        assert table.rows[column.name].tolist() == [str(result)]


def test_every_factor_has_a_column_in_its_unit():
    assert {
        (unit, meaning_questions.UNIT_OF[column.name]) for _, column, unit, _ in UNITS_OF
    } == set(meaning_questions.FACTORS)


@pytest.mark.parametrize(
    ("value", "kinds"), [(998, []), (999, ["not known"]), (1000, ["multiplier"])]
)
def test_thousands_are_multiplied_while_the_figures_are_no_thousands_themselves(value, kinds):
    heads = ["Month", "Channel", "Became a case", "Reports ('000)"]
    _, asked = read("reports", [heads, ["2024-01", "HOTLINE", "no", value]])
    assert [question.kind for question in asked.open] == kinds


# words that take a row back


@pytest.mark.parametrize("word", of_kind("back"))
def test_a_word_that_takes_back_is_asked_about_and_one_with_another_ending_is_not(word):
    assert taken_back.takes_back(word) and taken_back.takes_back(f"was {word.upper()}, sorry")
    glued = f"{word.replace(' ', 'q')}zq"
    assert not taken_back.takes_back(glued)


@pytest.mark.parametrize("word", of_kind("not") + of_kind("refers"))
def test_a_remark_that_denies_or_points_elsewhere_is_asked_about(word):
    assert taken_back.remark_takes_back(f"it {word} so", 2024)
    assert not taken_back.remark_takes_back(f"it {word.replace(' ', 'q')}zq so", 2024)


def test_a_remark_of_another_year_is_asked_about_and_one_of_the_same_year_is_not():
    assert taken_back.remark_takes_back("in January 2025", 2024)
    assert not taken_back.remark_takes_back("in January 2024", 2024)


def test_a_longer_text_tells_a_story_and_is_no_remark_that_takes_back():
    story = " ".join(["word"] * (taken_back.MOST_WORDS - 1))
    assert taken_back.remark_takes_back(f"{story} cancelled", 2024)
    assert not taken_back.remark_takes_back(f"{story} word cancelled", 2024)


LONG = "by the clerk of the station in Orange Walk, see the letter of 3 May 2024"


@pytest.mark.parametrize("begins", [
    "Should read 25, typing error", "The figure should be 25, typed", "Cancelled: noted",
    "This row is cancelled as told", "Typing error", "Correction, 25 was counted",
    "Debe decir 25, anotado", "La cifra debe ser 25, escrita", "Error de digitación, 25 contado",
    "Léase 25, dicho",
])  # fmt: skip
def test_a_remark_that_begins_by_taking_back_is_asked_about_whatever_its_length(begins):
    assert taken_back.remark_takes_back(f"{begins} {LONG}", 2024)
    assert not taken_back.remark_takes_back(f"Held at school; {begins} {LONG}", 2024)


def stories(*texts: str, head: str = "Summary") -> list[int]:
    rows = [[f"S-{n}", "2024-03", "Teachers", "HT101", "NCFC", "Cayo", 10 + n, text]
            for n, text in enumerate(texts)]  # fmt: skip
    _, asked = read("trainings", [[*TRAININGS, head], *rows])
    return sorted(row for one in asked.open for row in one.rows or ())


def test_summaries_are_no_remarks_but_for_two_words_that_take_back():
    story = f"Pending trial she was moved to the shelter {LONG}"
    assert stories(story, story.replace("trial", "court"), f"Dropped off and found {LONG}") == []
    assert stories(story, f"Should read 25, {LONG}", story) == [3]
    assert stories("", f"Cancelled as noted {LONG}", "") == [3]
    assert stories(story, f"Cancelled as noted {LONG}") == []
    assert stories(f"Held {LONG}", f"Cancelled as noted {LONG}", head="Remarks") == [3]


def status(head: str, *values: object) -> list[int]:
    """Rows that wait, of a list with a column of that header."""
    rows = [[*TRAININGS, head]] + [
        [f"S-{n}", "2024-03", "Teachers", "HT101", "NCFC", "Cayo", 10 + n, value]
        for n, value in enumerate(values)
    ]
    return sorted(read("trainings", rows)[0].waiting)


@pytest.mark.parametrize("head", of_kind("header"))
def test_under_a_header_of_a_status_an_unusual_word_waits(head):
    assert status(head, "held", "held", "held", "Q7") == [5]
    assert status(f"{head.rstrip('?')}zq", "held", "held", "held", "Q7") == []


@pytest.mark.parametrize("head", of_kind("asks"))
def test_under_a_header_that_asks_a_no_waits_and_a_yes_does_not(head):
    assert status(f"Was it {head}?", "yes", "no", "yes") == [3]
    assert status(f"Was it {head}zq?", "yes", "no", "yes") == []


@pytest.mark.parametrize("head", of_kind("flag"))
def test_under_a_header_that_marks_rows_a_yes_waits_and_a_no_does_not(head):
    assert status(f"{head}?", "no", "yes", "no") == [3]


@pytest.mark.parametrize("word", of_kind("stands"))
def test_a_word_by_which_a_row_stands_is_no_question(word):
    assert status("Status", "held", "held", "held", word) == []


@pytest.mark.parametrize("word", of_kind("mark"))
def test_a_legend_of_marks_is_about_the_rows_that_bear_them_where_there_are_any(word):
    heads = ["Month", "Channel", "Became a case", "Reports"]
    rows = [heads, *[[f"2024-0{n}", "HOTLINE", "no", str(n)] for n in (1, 2, 3)]]
    rows.append([f"{word} = was cancelled", "", "", ""])
    for marks, kinds in ((Marks(struck=frozenset({(2, 0)})), ["struck"]), (Marks(), ["title"])):
        asked = Asked()
        grid = replace(grid_of("Reports", rows), marks=marks)
        read_table(grid, CODEBOOK.stream("reports"), CODEBOOK, "f.xlsx", 2024, asked)
        assert [question.kind for question in asked.open] == kinds


@pytest.mark.parametrize("head", of_kind("remark"))
def test_a_remark_on_fewer_than_half_of_the_rows_waits_whatever_it_says(head):
    assert status(head, "", "rained out", "") == [3]
    assert status(head, "", "rained out") == status(head, "", "rained out", "dry", "") == []
    assert (
        status(head, "", "-", "") == status(head, "", "ok", "") == status(head, "", "2", "") == []
    )
    assert status(f"{head}zq", "", "rained out", "") == []


def test_a_long_remark_tells_a_story_and_is_no_question():
    story = " ".join(["word"] * taken_back.MOST_WORDS)
    assert status("Remarks", "", story, "") == [3]
    assert status("Remarks", "", f"{story} word", "") == []
    assert status("Remarks", "", "Places named:\nCayo, Toledo", "") == []


# what platforms say of their records


@pytest.mark.parametrize(
    ("profile", "name"), [(one, name) for one in profiles() for name in one.standing]
)
def test_records_that_stand_on_a_platform_are_read_and_others_wait(profile, name):
    column = next((text for text in sorted(profile.columns) if text.endswith(name)), f"form{name}")
    known = [text for text in sorted(profile.recognised_by) if profile.stands(text) is None]
    word = sorted(profile.standing[name])[0]
    rows = [[*known, column, "Session"], [*["x"] * len(known), word, "S-1"]]
    rows.append([*["x"] * len(known), f"{word}zq", "S-2"])
    grid = without_platform(grid_of("Trainings", rows))
    place = len(known)
    assert grid.not_standing == {place}
    assert grid.cells[place].loc[[2, 3]].isna().tolist() == [True, False]


@pytest.mark.parametrize("profile", [one for one in profiles() if not one.first])
def test_a_platform_is_recognised_by_its_least_number_of_headers(profile):
    known = sorted(profile.recognised_by)[: profile.least]
    for heads, noted in ((known, True), (known[1:], False)):
        grid = without_platform(grid_of("Trainings", [[*heads, "Session"], ["x"] * 9]))
        assert bool(grid.notes) == noted


# covers and names


@pytest.mark.parametrize(
    ("key", "label"),
    [(key, text) for key, listed in KEYS.items() for text in listed],
)
def test_a_label_of_a_cover_is_known_and_one_with_another_ending_is_not(key, label):
    assert title_answers([f"{label}: 2024"]) == {key: "2024"}
    assert title_answers([f"{label}zq: 2024"]) == {}


@pytest.mark.parametrize("name", sorted(COVERS))
def test_a_cover_is_known_by_its_name(name):
    assert is_cover(name.upper()) and not is_cover(f"{name}zq")


@pytest.mark.parametrize("line", sorted(NIL))
def test_a_line_that_there_was_nothing_is_known(line):
    assert title_answers([line]) == {"nil": "yes"} and title_answers([f"{line}zq"]) == {}


@pytest.mark.parametrize(("text", "number"), ORDINALS.items())
@pytest.mark.parametrize(("unit", "length"), [item for item in LENGTHS.items() if len(item[0]) > 1])
def test_a_part_of_a_year_is_read_while_the_year_has_so_many(text, number, unit, length):
    said = months_said(f"{text} {unit}", 2024)
    last = number * length
    inside = (f"2024-{last - length + 1:02d}", f"2024-{last:02d}")
    assert said == (inside if last <= 12 else None)


@pytest.mark.parametrize("word", sorted(CORRECTED))
def test_a_word_of_a_correction_makes_a_later_version(word):
    assert file_name(f"DHS_2024_{word}.xlsx", CODEBOOK).version.is_correction
    assert not file_name(f"DHS_2024_{word}zq.xlsx", CODEBOOK).version.is_correction


@pytest.mark.parametrize("word", sorted(PARTS))
def test_a_word_that_says_which_part_a_sheet_holds_leaves_the_stream(word):
    assert stream_of_sheet(f"Victims {word}", CODEBOOK) == "victims"
    assert stream_of_sheet(f"Victims {word}zq", CODEBOOK) is None


# limits


@pytest.mark.parametrize(("more", "read_"), [(0, True), (1, False)])
def test_a_workbook_of_the_most_sheets_is_read_and_of_one_more_is_refused(
    write_workbook, folder, more, read_
):
    sheets = {f"Sheet {n}": [["x"]] for n in range(limits.MOST_SHEETS - 2 + more)}
    rows = [["Month", "Channel", "Became a case", "Reports"], ["2024-01", "HOTLINE", "no", 3]]
    write_workbook("DHS_2024.xlsx", {"Reports": rows, **sheets})
    if read_:
        assert len(read_submissions(folder, CODEBOOK, Settled()).frames["reports"]) == 1
    else:
        with pytest.raises(InputError, match=f"{limits.MOST_SHEETS + 1} sheets"):
            read_submissions(folder, CODEBOOK, Settled())


@pytest.mark.parametrize(
    ("above", "found"), [(header.SEARCHED_ROWS - 1, True), (header.SEARCHED_ROWS, False)]
)
def test_a_header_is_looked_for_in_the_first_rows_alone(above, found):
    rows = [["a line", "of a letter"]] * above + [["Month", "Channel", "Became a case", "Reports"]]
    best = header.find_header(grid_of("Reports", rows).cells, "reports", CODEBOOK)
    assert (best is not None) == found


@pytest.mark.parametrize(("serial", "inside"), [
    (FIRST_SERIAL - 1, False), (FIRST_SERIAL, True), (LAST_SERIAL, True), (LAST_SERIAL + 1, False),
])  # fmt: skip
def test_a_number_is_a_day_of_excel_within_its_century_alone(serial, inside):
    day = EXCEL_EPOCH + timedelta(days=serial)
    assert month_of(str(serial)) == (f"{day:%Y-%m}" if inside else None)


@pytest.mark.parametrize("name", sorted(NAMES))
def test_a_name_of_a_month_is_one_and_with_another_ending_none(name):
    assert month_of(f"{name} 2024") == f"2024-{NAMES[name]:02d}"
    assert month_of(f"{name}zq 2024") is None


@pytest.mark.parametrize("sign", ["<", ">", "<=", ">=", "=", "<>"])
def test_a_condition_of_a_number_format_holds_from_its_own_figure_on(sign):
    inside = {"<": 4, ">": 6, "<=": 5, ">=": 5, "=": 5, "<>": 4}[sign]
    outside = {"<": 5, ">": 5, "<=": 6, ">=": 4, "=": 4, "<>": 5}[sign]
    code = f'[{sign}5]"few";0'
    assert shown(float(inside), code) == "few" and shown(float(outside), code) is None


@pytest.mark.parametrize(("height", "hidden"), [(LEAST_HEIGHT - 0.1, True), (LEAST_HEIGHT, False)])
def test_a_row_of_next_to_no_height_is_hidden(height, hidden):
    book = openpyxl.Workbook()
    book.active.append(["a"])
    book.active.row_dimensions[1].height = height
    out = io.BytesIO()
    book.save(out)
    (grid,) = read_workbook(out.getvalue(), "f.xlsx").grids
    assert grid.marks.hidden_rows == ({1} if hidden else set())
