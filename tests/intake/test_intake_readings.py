"""What intake reads, in tables: each line is what a person writes or a program saves, and what it means."""

from __future__ import annotations

import re
import struct
from datetime import date, datetime
from pathlib import Path

import pandas as pd
import pytest

from atips_analysis.codebook import fold, load_codebook
from atips_analysis.errors import InputError
from atips_analysis.intake import delimited, marks_xls
from atips_analysis.intake.agency import pseudonymised_files, pseudonymising_page
from atips_analysis.intake.agency.form import write_template
from atips_analysis.intake.agency.pseudonyms import Person, birth_date, read_key, weakness_of
from atips_analysis.intake.answering import Answer, _read, keep_answers
from atips_analysis.intake.archive import column_letters
from atips_analysis.intake.cover import read_cover, title_answers
from atips_analysis.intake.delimited import decode, delimiter_of, read_delimited
from atips_analysis.intake.exports import profiles, without_platform
from atips_analysis.intake.figures import multiplied
from atips_analysis.intake.grid import grid_of, text_of
from atips_analysis.intake.header import find_header, repeats_header
from atips_analysis.intake.header_reading import below_group, read_header
from atips_analysis.intake.limits import Limits
from atips_analysis.intake.marks import colour_word, format_word
from atips_analysis.intake.months_covered import months_said
from atips_analysis.intake.naming import file_name
from atips_analysis.intake.number_format import hides_the_year, shown
from atips_analysis.intake.personal import forbidden_content, forbidden_header
from atips_analysis.intake.receipt import MOST_ROWS, _notes
from atips_analysis.intake.settled import read_answers
from atips_analysis.intake.taken_back import remark_takes_back
from atips_analysis.intake.unnamed import stream_of_headers
from atips_analysis.words.documents import words_of

CODEBOOK = load_codebook()
HEAD = ["Month", "Type of inspection", "Economic sector", "District", "Finding", "Inspections"]


def header_of(*rows: list[str]):
    return find_header(grid_of("s", [*rows, ["x"] * len(rows[-1])]).cells, "inspections", CODEBOOK)


# headers


@pytest.mark.parametrize(("header", "kinds", "unit", "times", "years", "other"), [
    ("Inspections", (), "", 1, (), ()),
    ("Planned inspections", ("planned",), "", 1, (), ()),
    ("Inspections (planned, in thousands)", ("planned",), "", 1000, (), ()),
    ("Inspections ('000)", (), "", 1000, (), ()),
    ("Inspections (thousands of thousands)", (), "", 1, (), ("thousands of thousands",)),
    ("Inspections 2024", (), "", 1, (2024,), ()),
    ("Inspections (working days)", (), "working day", 1, (), ()),
    ("Inspections (days)", (), "day", 1, (), ()),
    ("Total inspections", (), "", 1, (), ()),
    ("No. of the inspections", (), "", 1, (), ()),
    ("Inspeccion", (), "", 1, (), ()),
    ("Inspections / planned", ("planned",), "", 1, (), ()),
    ("El inspeccions", (), "", 1, (), ()),
])  # fmt: skip
def test_a_header_is_read_whole(header, kinds, unit, times, years, other):
    reading = read_header(header, "inspections", CODEBOOK)
    assert reading.match.column == "n"
    said = (reading.kinds, reading.unit, reading.times, reading.years, reading.other)
    assert said == (kinds, unit, times, years, other)


@pytest.mark.parametrize(("stream", "header", "unit"), [
    ("charges", "Sentence (months)", "month"),
    ("charges", "sentence_months", "month"),
    ("victims", "Age at identification (years)", "year"),
    ("referrals", "Working days to acknowledgement", "working day"),
    ("referrals", "ack_working_days", "working day"),
    ("services", "Days from identification", "day"),
    ("victims", "Sex", ""),
])  # fmt: skip
def test_the_unit_of_time_stands_anywhere_in_a_header(stream, header, unit):
    assert read_header(header, stream, CODEBOOK).unit == unit


@pytest.mark.parametrize(("group", "text", "column", "kinds"), [
    ("Inspections", "Planned", "n", ("planned",)),
    ("Inspections", "Total", "n", ()),
    ("Inspections (planned)", "District", "district", ("planned",)),
    ("Planned", "Inspections", "n", ("planned",)),
    ("A group", "Inspections", "n", ()),
    ("Inspections", "Something else", "", ()),
    ("A group", "Something else", "", ()),
    ("A group", "Planned", "", ()),
])  # fmt: skip
def test_of_two_rows_of_a_header_the_lower_names_the_column_or_says_more_of_it(
    group, text, column, kinds
):
    reading = below_group(group, text, "inspections", CODEBOOK)
    assert (reading.match.column, reading.kinds) == (column, kinds)


def test_a_group_over_several_columns_is_read_with_each_and_a_title_over_the_first_is_not():
    groups = header_of(["", "", "", "", "", "Planned"], HEAD)
    assert groups.texts[5] == "Planned\nInspections" and groups.readings[5].kinds == ("planned",)
    assert header_of(["Planned"], HEAD).texts[0] == "Month"
    assert header_of(["", "", "", "", "", "Planned"], ["", ""], HEAD).texts[5] == "Inspections"
    assert header_of(["", "", "", "", "", "Inspections"], HEAD).texts[5] == "Inspections"
    assert header_of(["", "", "", "", "", "Of the year"], HEAD).texts[5] == "Inspections"
    assert header_of(["", "", "", "", "District"], HEAD).texts[5] == "Inspections"
    below = header_of(["", "", "", "", "", "Inspections"], [*HEAD[:5], "Planned"])
    assert below.texts[5] == "Inspections\nPlanned" and below.readings[5].match.column == "n"


def test_the_row_that_names_most_columns_is_the_header_and_the_first_of_two_such():
    assert header_of(["Month", "District"], HEAD).row == 2
    assert header_of(HEAD, HEAD).row == 1
    assert header_of(HEAD, HEAD).last_row == 2
    assert header_of(["Month", "something"], ["Month", "District"]).row == 2
    assert header_of(["Month"]).row == 1
    assert header_of(["something", "else"]) is None


def test_two_names_repeated_are_a_repeated_header_and_one_is_not():
    two = ["Month", "Inspections"]
    assert header_of(two, ["Mes", "Inspecciones"]).last_row == 2
    assert header_of(two, ["Mes", "4"]).last_row == 1


def test_rows_that_say_the_header_again_are_known_with_blanks_beside_them():
    grid = grid_of("s", [HEAD, ["2024-01", "ROUTINE", "I", "CY", "NONE", 1], HEAD, [*HEAD, "x"]])
    header = find_header(grid.cells, "inspections", CODEBOOK)
    assert repeats_header(header, grid.cells).tolist() == [True, False, True, True]


@pytest.mark.parametrize(("rows", "hint", "stream"), [
    ([HEAD], None, "inspections"),
    ([HEAD], "inspections", "inspections"),
    ([HEAD], "victims", None),
    ([["a", "b"]], "inspections", None),
    ([["Month", "District"]], None, None),
    ([], None, None),
])  # fmt: skip
def test_a_sheet_without_a_name_is_known_by_its_header(rows, hint, stream):
    assert stream_of_headers(grid_of("s", rows).cells, hint, CODEBOOK) == stream


# a header that asks for a person, and a text that is one's name


@pytest.mark.parametrize("thing", [
    "organisation", "organization", "organización", "organismo", "agency", "agencia",
    "institution", "institución", "unit", "unidad", "facility", "school", "escuela", "event",
    "evento", "activity", "actividad", "session", "sesión", "course", "curso", "training",
    "project", "proyecto", "program", "programme", "programa", "venue", "district", "distrito",
    "country", "país", "form", "file", "sheet", "user", "device",
])  # fmt: skip
def test_the_name_of_a_thing_is_no_persons(thing):
    assert forbidden_header(f"Name of the {thing}") is None
    assert forbidden_header(f"{thing} name") is None


@pytest.mark.parametrize("who", ["victim", "child", "officer", "person", ""])
def test_the_name_of_somebody_is_a_persons(who):
    assert forbidden_header(f"Name {who}".strip()) == "a name"


@pytest.mark.parametrize(("text", "found"), [
    ("Maria Lopez", "a name"), ("Mary Lopez", "a name"), ("LOPEZ, Maria", "a name"),
    ("San Maria Lopez", None), ("Santa Maria Lopez", None), ("Santo Jose Lopez", None),
    ("Saint Mary Lopez", None), ("St Mary Lopez", None), ("Puerto Maria Lopez", None),
    ("Punta Maria Lopez", None), ("Villa Maria Lopez", None), ("El Jose Lopez", None),
    ("Ciudad Maria Lopez", None), ("Maria", None), ("Lopez", None), ("something", None),
])  # fmt: skip
def test_a_full_name_is_a_given_name_and_a_surname_that_are_no_place(text, found):
    column = CODEBOOK.stream("trainings").column("facilitator")
    assert forbidden_content(pd.Series([text]), column, CODEBOOK, False, 2024) == found


@pytest.mark.parametrize(("stream", "name", "text", "found"), [
    ("trainings", "month", "+501 622-1234", None),
    ("trainings", "month", "someone@example.org", "an e-mail address"),
    ("trainings", "month", "17.2510, -88.7590", "coordinates"),
    ("trainings", "facilitator", "+501 622-1234", "a telephone number"),
    ("trainings", "participants", "someone@example.org", None),
    ("trainings", "session_id", "Maria", None),
    ("trainings", "session_id", "Maria Lopez", "a name"),
    ("victims", "victim_id", "Maria Lopez", "a name"),
])  # fmt: skip
def test_a_column_is_looked_at_by_what_it_may_hold(stream, name, text, found):
    column = CODEBOOK.stream(stream).column(name)
    assert forbidden_content(pd.Series([text]), column, CODEBOOK, False, 2024) == found


@pytest.mark.parametrize(("text", "found"), [("Guadalupe", None), ("Maria", "a name")])
def test_in_a_column_beside_the_forms_what_a_code_list_spells_is_no_name(text, found):
    assert forbidden_content(pd.Series([text]), None, CODEBOOK, True, 2024) == found


# names become codes


@pytest.mark.parametrize("header", [
    "First name", "First names", "Given name", "Given names", "Forename", "Forenames",
    "Middle name", "Middle names", "Second name", "Christian name", "Nombre", "Nombres",
    "Primer nombre", "Segundo nombre", "Nombre de pila", "Nombre(s)", "First name(s)",
    "Given name(s)", "Name", "Names",
])  # fmt: skip
def test_a_header_of_first_names_is_known(header):
    assert pseudonymised_files.plain(header) in pseudonymised_files.NEEDED["first names"]


@pytest.mark.parametrize(("written", "found"), [
    (datetime(2001, 4, 3, 10), (date(2001, 4, 3), 2001)),
    (date(2001, 4, 3), (date(2001, 4, 3), 2001)),
    (True, (None, None)),
    ("3 April 2001", (date(2001, 4, 3), 2001)),
    ("April 2001", (None, None)),
    ("3 April May 2001", (None, None)),
    ("April three 2001", (None, None)),
    ("03/04/2001/1", (None, None)),
    ("1899-12-31", (None, None)),
    ("1900-01-01", (date(1900, 1, 1), 1900)),
    ("2100-12-31", (date(2100, 12, 31), 2100)),
    ("2101-01-01", (None, None)),
])  # fmt: skip
def test_a_date_of_birth_has_three_parts_and_a_year_of_our_time(written, found):
    assert birth_date(written) == found


@pytest.mark.parametrize(("key", "why"), [
    (bytes(range(0, 93, 3)), "is too short (31 bytes of 32)"),
    (b"correct horse battery staple and some more words", "is made of words"),
    (bytes(range(32)), "is a sequence"),
    (b"\xff\x01" * 16, "repeats itself"),
    (bytes.fromhex("9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"), None),
])  # fmt: skip
def test_a_key_is_weak_for_one_reason_that_is_named(key, why):
    assert weakness_of(key) == why


def test_a_key_in_hexadecimal_digits_is_the_bytes_that_they_stand_for(tmp_path):
    key = bytes.fromhex("9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")
    (tmp_path / "k").write_text(key.hex())
    assert read_key(tmp_path / "k") == key


def test_the_page_that_makes_codes_knows_the_rules_of_the_command():
    rules = pseudonymising_page._rules(CODEBOOK)
    assert set(rules["lists"]) == {name for names in rules["headers"].values() for name in names}
    assert set(rules["first_names"]) == pseudonymised_files.NEEDED["first names"]
    assert rules["folds"]["ß"] == "ss" and "\U0001e900" not in rules["folds"]
    assert rules["combining"].startswith("\\u{300}-\\u{34e}\\u{350}-")
    assert "\\u{5bf}\\u{5c1}-" in rules["combining"]


def test_the_pages_words_are_those_that_its_script_asks_for():
    folder = Path(pseudonymising_page.__file__).parent
    words = set(vars(words_of(folder / "pseudonym_page/words.toml", "en")))
    page = "".join(path.read_text("utf-8") for path in folder.rglob("*.[hj][ts]*"))
    reasons = {f"key_{why}" for why in ("odd", "too_short", "repeats", "sequence", "words")}
    assert not [name for name in words - reasons if name not in page]
    assert reasons <= words


# covers and names of files


@pytest.mark.parametrize(("rows", "agency", "year"), [
    ([["Agency", "DHS"], ["Year", 2024]], "DHS", 2024),
    ([["Agency"], ["DHS"], ["Year"], [2024]], "DHS", 2024),
    ([["Agency: DHS"], ["Year: 2024"]], "DHS", 2024),
    ([["Agency:", "DHS"], ["Year:", 2024]], "DHS", 2024),
    ([["Agency", "Year"], ["DHS", 2024]], "DHS", 2024),
    ([["Agency", "DHS"], ["Agency", "LABOUR"], ["Year", "2024"]], "DHS", 2024),
    ([["Agency", "DHS", "Year", 2024]], "DHS", 2024),
    ([["something", "DHS"]], None, None),
])  # fmt: skip
def test_a_cover_is_read_to_the_right_below_or_after_a_colon(rows, agency, year):
    cover = read_cover(grid_of("Cover", rows), CODEBOOK, "f.xlsx")
    assert (cover.agency, cover.year, cover.unread) == (agency, year, ())


@pytest.mark.parametrize(("rows", "row", "says"), [
    ([["Agency", "NOBODY"]], 1, "the agency 'NOBODY' is not known"),
    ([["x"], ["Year", "2023 and 2024"]], 2, "is not one year of four digits"),
    ([["x"], ["y"], ["Year", "last"]], 3, "is not one year of four digits"),
])  # fmt: skip
def test_a_cover_that_cannot_be_read_says_in_which_row(rows, row, says):
    with pytest.raises(InputError, match=says) as refused:
        read_cover(grid_of("Cover", rows), CODEBOOK, "f.xlsx")
    assert f"f.xlsx, sheet Cover, row {row}" in str(refused.value)


@pytest.mark.parametrize(("sent", "found", "unread"), [
    ("2025-01-31", date(2025, 1, 31), 0), ("31/01/2025", date(2025, 1, 31), 0),
    ("04/03/2025", None, 1), ("soon", None, 1),
])  # fmt: skip
def test_a_date_sent_that_is_not_one_day_is_told(sent, found, unread):
    cover = read_cover(grid_of("Cover", [["Date sent", sent]]), CODEBOOK, "f.xlsx")
    assert (cover.sent, len(cover.unread)) == (found, unread)


@pytest.mark.parametrize(("answer", "nil"), [
    ("yes", {"inspections"}), ("Sí", {"inspections"}), ("Nothing to report", {"inspections"}),
    ("no", set()), ("", set()), ("perhaps", set()),
])  # fmt: skip
def test_a_stream_is_ticked_by_a_yes_or_a_line_that_there_was_nothing(answer, nil):
    rows = [["Sheet", "Nothing to report"], ["Inspections", answer], ["Victims", ""]]
    assert read_cover(grid_of("Cover", rows), CODEBOOK, "f.xlsx").nil == nil


def test_lines_above_a_table_that_say_nothing_are_no_answers():
    assert title_answers([]) == {} and title_answers(["Agency:", "Year: "]) == {}


@pytest.mark.parametrize(("path", "agency", "year", "stream", "version", "marked"), [
    ("DHS_2024.xlsx", "DHS", 2024, None, 1, False),
    ("DHS_2024_victims.csv", "DHS", 2024, "victims", 1, False),
    ("victims-2024-DHS.csv", "DHS", 2024, "victims", 1, False),
    ("DHS/2024/victims.csv", "DHS", 2024, "victims", 1, False),
    ("LABOUR/DHS_2024.xlsx", "DHS", 2024, None, 1, False),
    ("2023/DHS_2024.xlsx", "DHS", 2024, None, 1, False),
    ("Human Services 2024.xlsx", "DHS", 2024, None, 1, False),
    ("DHS_2023_2024.xlsx", "DHS", None, None, 1, False),
    ("DHS.xlsx", "DHS", None, None, 1, False),
    ("DHS_2024_v2.xlsx", "DHS", 2024, None, 2, False),
    ("DHS_2024_v2_v3.xlsx", "DHS", 2024, None, 3, False),
    ("DHS_2024_version 2.xlsx", "DHS", 2024, None, 2, False),
    ("DHS_2024_rev1.xlsx", "DHS", 2024, None, 2, False),
    ("DHS_2024_rev 1.xlsx", "DHS", 2024, None, 2, False),
    ("DHS_2024_corrected2.xlsx", "DHS", 2024, None, 2, True),
    ("DHS_2024_corrected.xlsx", "DHS", 2024, None, 1, True),
    ("DHS_2024_corrected 2.xlsx", "DHS", 2024, None, 2, True),
])  # fmt: skip
def test_a_files_name_and_its_folders_say_whose_it_is(path, agency, year, stream, version, marked):
    name = file_name(path, CODEBOOK)
    assert (name.agency, name.year, name.stream) == (agency, year, stream)
    assert (name.version.number, name.version.marked) == (version, marked)


def test_versions_of_a_file_are_of_one_family_and_copies_have_one_original():
    first, second = (file_name(f"a/DHS_2024{end}.xlsx", CODEBOOK) for end in ("", "_v2"))
    assert first.family == second.family == first.original
    copied = file_name("a/DHS_2024 (1).xlsx", CODEBOOK)
    assert copied.copied and not first.copied and copied.original == first.original
    assert file_name("b/DHS_2024.xlsx", CODEBOOK).original != first.original


# months and years in words


@pytest.mark.parametrize(("text", "months"), [
    ("semestre 1", ("2024-01", "2024-06")), ("2do semestre", ("2024-07", "2024-12")),
    ("1er trimestre", ("2024-01", "2024-03")), ("3º trimestre", ("2024-07", "2024-09")),
    ("3ro trimestre", ("2024-07", "2024-09")), ("3er trimestre", ("2024-07", "2024-09")),
    ("4to trimestre", ("2024-10", "2024-12")), ("H2", ("2024-07", "2024-12")),
    ("S1 2024", ("2024-01", "2024-06")), ("T2", ("2024-04", "2024-06")), ("Q5", None),
    ("01/2024 - 03/2024", ("2024-01", "2024-03")), ("2024/02", ("2024-02", "2024-02")),
    ("2024-02, 2024-03 and 2024-04", ("2024-02", "2024-04")), ("2024-13", None),
    ("2023-02", None), ("12024-02", None), ("2024-123", None), ("2024-00", None),
])  # fmt: skip
def test_a_text_names_the_months_of_a_part_of_the_year(text, months):
    assert months_said(text, 2024) == months


# what a number's format shows, and what a colour is called


@pytest.mark.parametrize(("value", "code", "said"), [
    (-3, "0;(0);0", None), (-3, '0;"under"', "under"), (0, '"over";"under"', "over"),
    (0, '"over";"under";"nil"', "nil"), (0.4, '"over";"under";"nil"', "over"),
    (-0.4, '"over";"under";"nil"', "under"), (0.5, "0.00%", "50%"), (5, "0\\x", "5x"),
    (5, "\\x", "x"), (2_000_000, "0,,", "2"),
])  # fmt: skip
def test_the_section_of_a_format_goes_by_the_sign(value, code, said):
    assert shown(value, code) == said


@pytest.mark.parametrize(("code", "hides"), [
    ("d-mmm", True), ("d-mmm-yy", False), ("0", False), ('d "yy"', True), ("[$-yy]d-mmm", True),
])  # fmt: skip
def test_a_format_of_days_hides_the_year_where_it_has_none(code, hides):
    assert hides_the_year(code) is hides


@pytest.mark.parametrize(("look", "word"), [
    (("yellow", "red", True), "yellow"), (("", "red", True), "white letters"),
    (("", "red", False), "red letters"), (("", "", False), ""),
])  # fmt: skip
def test_a_cell_is_called_by_its_fill_else_by_its_letters(look, word):
    assert format_word(*look) == word


@pytest.mark.parametrize(("rgb", "word"), [
    ("F2F2F2", "grey"), ("F3F3F3", ""), ("303030", "grey"), ("2F2F2F", ""), ("2F0000", ""),
    ("300000", "red"), ("FFBF00", "orange"), ("FFC000", "yellow"), ("80976F", "green"),
    ("80806A", "grey"), ("xx", ""),
])  # fmt: skip
def test_a_colour_is_called_by_its_parts(rgb, word):
    assert colour_word(rgb) == word


# text files


@pytest.mark.parametrize(("text", "delimiter"), [
    ("a,b,c\n1,2,3", ","), ("a;b;c\n1;2;3", ";"), ("a\tb\tc\n1\t2\t3", "\t"),
    ("a|b|c\n1|2|3", "|"), ("a", ","), ("", ","), ("sep=;\na,b;c", ";"), ("SEP=|\na,b|c", "|"),
    ("sep=;;\na,b\n1,2", ","), ("a;b,c\n1;2\n3;4", ";"), ("a,b;c;d\n1;2;3,4", ";"),
])  # fmt: skip
def test_the_delimiter_parts_most_lines_alike_or_is_named(text, delimiter):
    assert delimiter_of(text) == delimiter


def test_a_line_that_names_the_delimiter_is_no_row():
    grid = read_delimited(b"sep=;\na;b\n1;2\n", "f.csv", "f")
    assert grid.cells.index.tolist() == [2, 3]
    grid = read_delimited(b"sep=,\na,b\n1,2\n", "f.csv", "f")
    assert grid.cells.index.tolist() == [2, 3]
    assert len(read_delimited(b"a,b\nsep=x,2\n", "f.csv", "f").cells) == 2


@pytest.mark.parametrize(("text", "encoding", "named"), [
    ("a,b\n1,2", "utf-8", "UTF-8"), ("año", "utf-8-sig", "UTF-8"), ("año", "utf-16", "UTF-16"),
    ("month,año\n1,2", "utf-16-le", "UTF-16-LE"), ("month,año\n1,2", "utf-16-be", "UTF-16-BE"),
    ("El año pasado, la niñez y más información", "cp1252", "CP1252"),
    ("El año pasado, la niñez y más información", "mac_roman", "MAC-ROMAN"),
    ("José Peña", "cp437", "CP437"),
])  # fmt: skip
def test_the_encoding_of_a_text_is_found_and_named(text, encoding, named):
    assert decode(text.encode(encoding), "f.csv") == (text, named, [])


def test_a_line_of_another_encoding_is_read_as_windows_wrote_it_and_named():
    lines = ["año 1".encode(), "año – 2".encode("cp1252"), "año 3".encode()]
    text, named, notes = decode(b"\n".join(lines), "f.csv")
    assert (text, named) == ("año 1\naño – 2\naño 3", "UTF-8")
    assert [number for number, _ in notes] == [2]


def test_zeros_that_are_no_utf_16_are_no_text():
    with pytest.raises(InputError, match=r"f\.csv"):
        decode(b"abcdefg\x00" * 20, "f.csv")


@pytest.mark.parametrize(("record", "width", "swallowed"), [
    (["a", "b\n1,2,3", "c"], 3, False), (["a\nb,c,d"], 3, True), (["a\nb,c"], 3, False),
    (["a\nb,c,d"], 4, True), (["a\nb,c,d"], 5, False), (["a", "b\nc,d,e"], 5, True),
    (["a,b,c"], 3, False),
])  # fmt: skip
def test_a_cell_that_holds_a_record_has_swallowed_it(record, width, swallowed):
    assert delimited._swallowed(record, ",", width) == swallowed


# cells


@pytest.mark.parametrize(("cell", "text"), [
    ("a", "a"), (None, ""), (True, "TRUE"), (False, "FALSE"), (3, "3"), (3.0, "3"), (0.5, "0.5"),
    (date(2024, 3, 1), "2024-03-01"), (datetime(2024, 3, 1), "2024-03-01"),
    (datetime(2024, 3, 1, 10, 30), "2024-03-01 10:30:00"), (b"x", "b'x'"),
])  # fmt: skip
def test_a_cell_is_a_text(cell, text):
    assert text_of(cell) == text


def test_blank_rows_are_left_out_and_zeros_and_noes_are_not_blank():
    grid = grid_of("s", [["a"], [""], [None, ""], [0], [False], [" "], ["b\x07"]])
    assert grid.cells.index.tolist() == [1, 4, 5, 7]
    assert grid.cells[0].tolist() == ["a", "0", "FALSE", "b"]
    assert grid.controls == 1 and grid_of("s", [["a"]]).controls == 0


@pytest.mark.parametrize(("number", "letters"), [
    (0, "A"), (25, "Z"), (26, "AA"), (27, "AB"), (701, "ZZ"), (702, "AAA"),
])  # fmt: skip
def test_columns_have_the_letters_that_excel_shows(number, letters):
    assert column_letters(number) == letters


@pytest.mark.parametrize(("text", "times"), [("3", "3000"), ("0.5", "500"), ("few", "few")])
def test_a_figure_is_multiplied_and_a_word_is_left(text, times):
    values = multiplied(pd.Series([text, None], dtype="str"), 1000)
    assert values.tolist()[0] == times and pd.isna(values.iloc[1])


def test_a_file_may_take_more_memory_the_larger_it_is_up_to_a_most():
    limits = Limits(base=100, a_byte=2, most=250)
    assert [limits.memory(size) for size in (0, 10, 75, 76, 1000)] == [100, 120, 250, 250, 250]


# remarks, and what platforms write


@pytest.mark.parametrize(("remark", "back"), [
    ("planned", True), ("cumulative", True), ("held", False), ("estimate", True),
    ("of 2023", True), ("of 2024", False), ("2023", False), ("well attended", False),
    ("see row 4", True),
])  # fmt: skip
def test_a_remark_takes_its_row_back_by_what_it_says(remark, back):
    assert remark_takes_back(remark, 2024) == back


@pytest.mark.parametrize(("heads", "names"), [
    (["group/Month", "group/District"], ["Month", "District"]),
    (["one/Month", "two/Month"], ["Month (one)", "Month (two)"]),
    (["one/Month", "Month"], ["Month (one)", "Month"]),
    (["topic", "topic/a", "topic/b"], ["topic"]),
])  # fmt: skip
def test_a_question_of_a_platform_is_named_without_its_group_unless_two_are_alike(heads, names):
    rows = [["_id", "_uuid", "_submission_time", *heads], ["x"] * (3 + len(heads))]
    found = without_platform(grid_of("s", rows)).cells.iloc[0].dropna().tolist()
    assert found == names


# records of an xls


@pytest.mark.parametrize(("packed", "number"), [
    (struct.pack("<I", 0x3FF00000), 1.0), (struct.pack("<I", 0x3FF00001), 0.01),
    (struct.pack("<I", 0x004B5646), 1234321.0), (struct.pack("<I", 0x004B5647), 12343.21),
    (struct.pack("<i", -5 << 2 | 2), -5.0), (struct.pack("<I", 0x40C81C80), 12345.0),
])  # fmt: skip
def test_a_number_in_four_bytes_is_whole_or_real_and_in_hundredths_or_not(packed, number):
    assert marks_xls.small_number(packed) == number


@pytest.mark.parametrize(("kind", "body", "error"), [
    (0x205, bytes(6) + b"\x07\x01", "#DIV/0!"), (0x205, bytes(6) + b"\x07\x00", None),
    (0x205, bytes(6) + b"\x99\x01", "#VALUE!"),
    (0x06, bytes(6) + b"\x02\x00\x2a\x00\x00\x00\xff\xff", "#N/A"),
    (0x06, bytes(6) + b"\x01\x00\x2a\x00\x00\x00\xff\xff", None),
    (0x06, bytes(6) + b"\x02\x00\x2a\x00\x00\x00\x00\x40", None),
    (0x203, bytes(6) + b"\x02\x00\x2a\x00\x00\x00\xff\xff", None),
])  # fmt: skip
def test_an_error_of_an_xls_is_known_by_its_number(kind, body, error):
    assert marks_xls._error(kind, body) == error


@pytest.mark.parametrize(("value", "code"), [
    (0x00, "#NULL!"), (0x07, "#DIV/0!"), (0x0F, "#VALUE!"), (0x17, "#REF!"), (0x1D, "#NAME?"),
    (0x24, "#NUM!"), (0x2A, "#N/A"),
])  # fmt: skip
def test_errors_have_the_numbers_of_the_specification(value, code):
    assert marks_xls._error(0x205, bytes(6) + bytes([value, 1])) == code


@pytest.mark.parametrize(("raw", "text"), [
    (b"\x02\x00\x00ab", "ab"), (b"\x02\x00\x01a\x00b\x00", "ab"), (b"\x01\x00\x00\xe9x", "é"),
])  # fmt: skip
def test_a_text_of_an_xls_has_letters_of_one_byte_or_two(raw, text):
    assert marks_xls._text(raw, 0) == text


@pytest.mark.parametrize(
    ("year", "said"), [(1999, False), (2000, True), (2099, True), (2100, False)]
)
def test_a_form_is_made_for_a_year_of_this_century(tmp_path, year, said):
    if said:
        assert write_template("DHS", year, "en", tmp_path / "f.xlsx").is_file()
    else:
        with pytest.raises(InputError, match="between 2000 and 2099"):
            write_template("DHS", year, "en", tmp_path / "f.xlsx")


@pytest.mark.parametrize("profile", [one for one in profiles() if one.first])
def test_a_platform_of_one_header_is_recognised_where_it_stands_first_of_three(profile):
    own = sorted(profile.recognised_by)[0]
    for heads, recognised in (
        ([own, "Session", "Month"], True), ([own, "Session"], False),
        (["Session", own, "Month"], False), (["Session", "Month", "District"], False),
    ):  # fmt: skip
        grid = without_platform(grid_of("s", [heads, ["x"] * len(heads)]))
        assert bool(grid.notes) == recognised


def test_platforms_that_are_recognised_by_one_header_alone_come_last():
    order = [one.first for one in profiles()]
    assert order == sorted(order) and set(order) == {False, True}


@pytest.mark.parametrize(("rows", "where"), [
    ([], "S: why"), ([3], "S, row 3: why"), ([3, 4], "S, rows 3, 4: why"),
    (list(range(1, MOST_ROWS + 1)), "S, rows 1, 2, 3, 4, 5, 6: why"),
    (list(range(1, MOST_ROWS + 3)), "S, rows 1, 2, 3, 4, 5, 6 and 2 more: why"),
])  # fmt: skip
def test_a_remark_is_told_once_with_its_rows(rows, where):
    notes = pd.DataFrame(
        [("S", row, "", "why") for row in rows or [None]],
        columns=["sheet", "row", "column", "note"],
    )
    assert [str(one) for one in _notes(notes, {})] == [where]


def test_several_tables_with_names_do_not_fit_one_text_file(tmp_path):
    for sheets, fits in (
        ({"Cover": [["x"]], "Victims": [["a"], [1]]}, True),
        ({"Victims": [["a"]], "Suspects": [["a"]]}, False),
    ):
        out = tmp_path / f"{fits}.csv"
        if fits:
            pseudonymised_files._write_csv(sheets, out)
            assert out.read_text(encoding="utf-8") == "a\n1\n"
        else:
            with pytest.raises(InputError, match=r"several sheets do not fit one \.csv"):
                pseudonymised_files._write_csv(sheets, out)


@pytest.mark.parametrize(("cell", "held"), [
    ("the lopez girl", True), ("ana", True), ("li", False), ("somebody else", False), ("", False),
])  # fmt: skip
def test_a_name_of_three_letters_or_more_is_found_among_the_words_of_a_cell(cell, held):
    person = Person("Ana Li", "López", None)
    assert pseudonymised_files._names_in(cell, person) is held


@pytest.mark.parametrize("header", ["=HYPERLINK(1)", "@age", "-age+1", "edad", "'edad'"])
def test_a_header_that_a_spreadsheet_would_compute_is_kept_as_words_and_answers_its_question(
    tmp_path, header
):
    kept = Answer("DHS", "victims", "column", header, "age")
    keep_answers(tmp_path / "answers.csv", [kept])
    text = (tmp_path / "answers.csv").read_text(encoding="utf-8")
    assert not re.search(r"(^|,)[=@+-]", text, re.MULTILINE)
    assert _read(tmp_path / "answers.csv") == [kept]
    answers = read_answers(tmp_path / "answers.csv").of("DHS", "victims")
    assert answers == {("column", fold(header)): "age"}
