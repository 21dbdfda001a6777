import csv
import hashlib
import io
import re
import secrets
from datetime import date, datetime

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from atips_analysis.cli import run
from atips_analysis.errors import InputError
from atips_analysis.intake.agency.pseudonyms import (
    PARTIAL_KEYS,
    Person,
    birth_date,
    mark_of,
    order_of_day,
    partial_keys,
    person_code,
    read_key,
    sound,
    weakness_of,
)

KEY = hashlib.sha256(b"a key for tests alone").digest()
OTHER_KEY = hashlib.sha256(b"another key for tests").digest()
BORN = date(2001, 4, 3)
ANA = Person("Ana María", "López García", BORN)


def test_a_code_is_sixteen_hex_digits():
    assert re.fullmatch(r"[0-9a-f]{16}", person_code(ANA, KEY))


@pytest.mark.parametrize(
    "same",
    [
        Person("ANA MARIA", "LOPEZ GARCIA", BORN),
        Person("María Ana", "García López", BORN),  # two surnames in either order
        Person("López", "García, Ana-María", BORN),  # columns swapped
        Person(" ana  maria ", "de López y García", BORN),
        Person(
            "Ana Mari\u0301a", "Lo\u0301pez Garci\u0301a", BORN
        ),  # accents as marks of their own
    ],
)
def test_accents_case_order_and_particles_do_not_change_a_person_s_code(same):
    assert person_code(same, KEY) == person_code(ANA, KEY)


@pytest.mark.parametrize(
    "other",
    [
        Person("Ana María", "López García", date(2001, 3, 4)),
        Person("Ana María", "López", BORN),
        Person("Ana", "López García", BORN),
        Person("Ana María", "López García", None),
    ],
)
def test_another_birthday_or_name_gives_another_code(other):
    assert person_code(other, KEY) != person_code(ANA, KEY)


def test_another_key_gives_codes_that_have_nothing_in_common():
    mine = {person_code(ANA, KEY), *partial_keys(ANA, KEY).values()}
    theirs = {person_code(ANA, OTHER_KEY), *partial_keys(ANA, OTHER_KEY).values()}
    assert not mine & theirs
    assert len(mine) == 4  # no kind of code can be taken for another


def test_partial_keys_bear_a_spelling_a_missing_surname_and_a_swapped_day_and_month():
    keys = partial_keys(Person("Yesenia", "González Pérez", BORN), KEY)
    spelled = partial_keys(Person("Llesenia", "Gonzales", date(2001, 9, 9)), KEY)
    assert spelled["partial_key_1"] == keys["partial_key_1"]
    one_surname = partial_keys(Person("Jessenia", "González", BORN), KEY)
    assert one_surname["partial_key_2"] == keys["partial_key_2"]
    swapped = partial_keys(Person("Yesenia", "Pérez", date(2001, 3, 4)), KEY)
    assert swapped["partial_key_3"] == keys["partial_key_3"]


def test_a_partial_key_is_missing_when_a_part_of_it_is():
    keys = partial_keys(Person("Ana", "López", None, 2001), KEY)
    assert keys["partial_key_1"]
    assert keys["partial_key_2"] is None
    assert keys["partial_key_3"] is None


@pytest.mark.parametrize(
    ("one", "other"),
    [("gonzalez", "gonsales"), ("jimenez", "ximenes"), ("stephany", "estefani"), ("jhon", "john")],
)
def test_spellings_that_sound_alike_in_spanish_or_english_are_one(one, other):
    assert sound(one) == sound(other)


@pytest.mark.parametrize(("one", "other"), [("mario", "maria"), ("cho", "so"), ("pop", "tot")])
def test_short_names_that_differ_stay_apart(one, other):
    assert sound(one) != sound(other)


@pytest.mark.parametrize(
    "written",
    [
        datetime(2001, 4, 3),
        "2001-04-03",
        "2001-04-03 00:00:00",
        "03/04/2001",  # day first
        "3.4.2001",
        "3 April 2001",
        "April 3rd, 2001",
        "3 de abril de 2001",
        "36984",  # Excel's serial number
    ],
)
def test_a_date_of_birth_is_read_in_the_forms_people_use(written):
    assert birth_date(written) == (BORN, 2001)


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("04/25/2001", (date(2001, 4, 25), 2001)),  # 25 can only be a day
        ("2001", (None, 2001)),
        ("03/04/01", (None, None)),
        ("31/02/2001", (None, None)),
        ("about 20", (None, None)),
        (None, (None, None)),
        ("", (None, None)),
    ],
)
def test_what_is_not_a_full_date_is_not_guessed(written, found):
    assert birth_date(written) == found


@given(st.text(max_size=40))
def test_any_text_for_a_date_is_read_or_left(text):
    birth_date(text)


@given(st.text(min_size=1, max_size=30), st.text(min_size=1, max_size=30))
def test_any_names_give_a_code_that_does_not_depend_on_case(first, last):
    code = person_code(Person(first, last, BORN), KEY)
    assert code == person_code(Person(first.casefold(), last.casefold(), BORN), KEY)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "too short"),
        (b"secret", "too short"),
        (b"ab" * 15, "too short"),
        (KEY.hex()[:-1].encode(), "lacks a digit, or has one too many"),
        (KEY.hex().encode() + b"a", "lacks a digit, or has one too many"),
        (b"ab" * 64, "repeats itself"),
        (b"password" * 8, "repeats itself"),
        (bytes(range(64)), "a sequence"),
        (b"the quick brown fox jumps over the lazy dog", "made of words"),
        (KEY.hex()[:32].encode() * 3, "repeats itself"),
    ],
)
def test_a_key_that_can_be_guessed_is_refused_with_the_way_to_make_one(tmp_path, content, why):
    path = tmp_path / "weak.key"
    path.write_bytes(content)
    with pytest.raises(InputError, match=why) as refused:
        read_key(path)
    assert str(refused.value).endswith("atips pseudonymise --new-key FILE")
    assert "\n" not in str(refused.value)


def test_a_new_key_is_its_owner_s_alone_and_takes_the_place_of_no_other(tmp_path, capsys):
    file = tmp_path / "stick" / "agencies.key"
    assert run(["pseudonymise", "--new-key", str(file)]) == 0
    told = "".join(capsys.readouterr())
    key = read_key(file)
    assert file.stat().st_mode & 0o777 == 0o600
    assert mark_of(key) in told and key.hex()[:8] not in told
    assert run(["pseudonymise", "--new-key", str(file)]) == 2
    assert "never written over" in capsys.readouterr().err
    assert read_key(file) == key


def test_a_new_key_is_never_made_in_the_project_beside_what_it_codes(tmp_path, capsys, monkeypatch):
    assert run(["init", str(tmp_path / "council"), "--quiet"]) == 0
    monkeypatch.chdir(tmp_path / "council")
    assert run(["pseudonymise", "--new-key", "agencies.key"]) == 2
    assert "must not lie in the project" in capsys.readouterr().err
    assert not (tmp_path / "council" / "agencies.key").exists()


def test_a_missing_key_is_refused_with_the_way_to_make_one(tmp_path):
    with pytest.raises(InputError, match=r"no key file here; make one.*--new-key FILE"):
        read_key(tmp_path / "no.key")


def test_a_key_is_the_same_however_it_was_saved(tmp_path):
    path = tmp_path / "a.key"
    saved = [KEY, KEY.hex().encode(), f"{KEY.hex()}\r\n".encode(), KEY.hex().encode("utf-16")]
    for content in saved:
        path.write_bytes(content)
        assert read_key(path) == KEY


def test_random_keys_are_taken():
    assert not [key for key in (secrets.token_bytes(32) for _ in range(500)) if weakness_of(key)]


HEADER = ["Nombres", "Primer apellido", "Segundo apellido", "Fecha de nacimiento", "Sexo"]
ROWS = [
    ["Ana María", "López", "García", "2001-04-03", "F", "5", "Ana llegó sola", "601-1234"],
    ["José", "Choc", "", "12/31/1990", "M", "7", "", ""],
    ["ANA MARIA", "Lopez", "Garcia", "03/04/2001", "F", "", "", ""],
]


@pytest.fixture
def key_file(tmp_path):
    path = tmp_path / "safe" / "atips.key"
    path.parent.mkdir()
    path.write_text(KEY.hex())
    return path


def table(path, header=(*HEADER, "Days", "Observaciones", "Teléfono"), rows=ROWS):
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file, delimiter=";").writerows([["Registro interno"], header, *rows])
    return path


def pseudonymise(file, key_file, out, *more):
    return run(["pseudonymise", str(file), "--key-file", str(key_file), "--out", str(out), *more])


def test_a_table_with_names_becomes_a_table_with_codes(tmp_path, key_file, capsys):
    out = tmp_path / "out.csv"
    assert pseudonymise(table(tmp_path / "in.csv"), key_file, out) == 0
    header, *rows = csv.reader(out.open(encoding="utf-8", newline=""))
    assert header == ["victim_id", *PARTIAL_KEYS, "Sexo", "Days"]
    assert rows[0][0] == rows[2][0] == person_code(ANA, KEY)
    assert rows[0][0] != rows[1][0]
    assert [row[-2:] for row in rows] == [["F", "5"], ["M", "7"], ["F", ""]]
    said = capsys.readouterr().out
    assert "3 rows, 2 persons" in said
    assert "left out: column Observaciones" in said
    assert "left out: column Teléfono" in said


def test_a_cell_is_no_formula_in_the_table_with_codes_and_a_text_that_was_kept_one_is_read(
    tmp_path, key_file
):
    out, row = tmp_path / "out.csv", ["Ana María", "López", "García", '="2001-04-03"', "F"]
    rows = [[*row, "=HYPERLINK(1)", "", ""], [*row, '="2024-02"', "", ""]]
    assert pseudonymise(table(tmp_path / "in.csv", rows=rows), key_file, out) == 0
    _, *read = csv.reader(out.open(encoding="utf-8", newline=""))
    assert [one[0] for one in read] == [person_code(ANA, KEY)] * 2
    assert [one[-1] for one in read] == ["'=HYPERLINK(1)", "2024-02"]


def test_no_name_no_birthday_and_no_key_is_in_the_output(tmp_path, key_file, capsys):
    for ending in ("csv", "xlsx"):
        out = tmp_path / f"out.{ending}"
        pseudonymise(table(tmp_path / "in.csv"), key_file, out)
        if ending == "csv":
            written = out.read_text(encoding="utf-8")
        else:
            book = openpyxl.load_workbook(out)
            written = " ".join(
                str(value)
                for sheet in book
                for row in sheet.iter_rows(values_only=True)
                for value in row
            )
        written += "".join(capsys.readouterr())
        for secret in ("Ana", "López", "Lopez", "García", "Choc", "2001", "1990", KEY.hex()):
            assert secret.lower() not in written.lower(), secret


def test_a_workbook_keeps_its_cover_and_what_has_no_names_and_leaves_out_what_may(
    tmp_path, key_file, capsys
):
    book = openpyxl.Workbook()
    book.active.title = "Cover"
    book.active.append(["Agency", "DHS"])
    victims = book.create_sheet("Victims")
    victims.append(["Victim", "First name", "Surname", "Date of birth", "Sex"])
    victims.append([None, "Ana María", "López García", datetime(2001, 4, 3), "Female"])
    suspects = book.create_sheet("Suspects and defendants")
    suspects.append(["First name", "Last name", "DOB", "Stage"])
    suspects.append(["Juan", "Pech", datetime(1980, 1, 2), "Arrested"])
    book.create_sheet("Totals").append(["Month", "Agency", "Measure", "Number"])
    book.create_sheet("My notes").append(["Ana is shy"])
    book.save(tmp_path / "in.xlsx")
    out = tmp_path / "out.xlsx"
    assert pseudonymise(tmp_path / "in.xlsx", key_file, out) == 0
    sheets = openpyxl.load_workbook(out)
    assert sheets.sheetnames == ["Cover", "Victims", "Suspects and defendants", "Totals"]
    assert [cell.value for cell in sheets["Victims"][1]] == ["victim_id", *PARTIAL_KEYS, "Sex"]
    assert sheets["Victims"]["A2"].value == person_code(ANA, KEY)
    assert sheets["Suspects and defendants"]["A1"].value == "person_id"
    assert "sheet My notes" in capsys.readouterr().out


def test_a_column_that_holds_its_row_s_name_is_left_out_or_refused(tmp_path, key_file, capsys):
    header = ["First name", "Surname", "Date of birth", "Nick", "District"]
    rows = [["Ana", "Pech", "2001-04-03", "the Pech girl", "Cayo"]]
    out = tmp_path / "out.csv"
    assert pseudonymise(table(tmp_path / "in.csv", header, rows), key_file, out) == 0
    assert "left out: column Nick" in capsys.readouterr().out
    rows[0][3:] = ["", "Pech farm"]
    assert pseudonymise(table(tmp_path / "in.csv", header, rows), key_file, out) == 2
    assert "row 3: column District holds a name" in capsys.readouterr().err


def test_a_surname_that_is_also_a_district_is_no_reason_to_refuse(tmp_path, key_file):
    header = ["First name", "Surname", "Date of birth", "District"]
    rows = [["Ana", "Cayo", "2001-04-03", "Cayo"]]
    assert pseudonymise(table(tmp_path / "in.csv", header, rows), key_file, tmp_path / "o.csv") == 0


def test_a_row_without_a_name_gets_no_code_and_is_reported(tmp_path, key_file, capsys):
    header = ["First name", "Surname", "Date of birth"]
    rows = [["Ana", "Pech", "2001-04-03"], ["", "Pech", "2001-04-03"], ["Eva", "Choc", "unknown"]]
    out = tmp_path / "out.csv"
    assert pseudonymise(table(tmp_path / "in.csv", header, rows), key_file, out) == 1
    said = capsys.readouterr()
    assert "row 4; fill them in" in said.err
    assert "row 5" in said.out
    assert [row[0] != "" for row in csv.reader(out.open())][1:] == [True, False, True]


@pytest.mark.parametrize(
    ("header", "says"),
    [
        (["Name", "Date of birth"], "row 2: the header has no column of its own for surnames"),
        (["Full name", "Date of birth"], "for first names and surnames; where one column"),
        (["victim_id", "sex"], "a sheet needs a header row"),
    ],
)
def test_a_file_without_name_columns_is_refused(tmp_path, key_file, capsys, header, says):
    file = table(tmp_path / "in.csv", header, [["Ana Pech", "2001-04-03"]])
    assert pseudonymise(file, key_file, tmp_path / "out.csv") == 2
    assert says in capsys.readouterr().err
    assert not (tmp_path / "out.csv").exists()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_however_excel_saved_the_table_the_codes_are_the_same(
    tmp_path, key_file, encoding, delimiter
):
    text = io.StringIO()
    rows = [
        ["Nombres", "Apellidos", "Fecha de nacimiento"],
        ["Ana María", "López García", "3/4/2001"],
    ]
    csv.writer(text, delimiter=delimiter).writerows(rows)
    (tmp_path / "in.csv").write_bytes(text.getvalue().encode(encoding))
    assert pseudonymise(tmp_path / "in.csv", key_file, tmp_path / "out.csv") == 0
    assert person_code(ANA, KEY) in (tmp_path / "out.csv").read_text("utf-8")


def test_a_month_that_stands_first_is_said_where_others_were_read_day_first(
    tmp_path, key_file, capsys
):
    header = ["First name", "Surname", "Date of birth"]
    rows = [["Ana", "Pech", "3/15/1999"], ["Eva", "Choc", "3/4/1999"], ["Iris", "Coc", "15-Mar-99"]]
    file = table(tmp_path / "in.csv", header, rows)
    assert pseudonymise(file, key_file, tmp_path / "out.csv") == 0
    said = capsys.readouterr().out
    assert "first in row 3, but these were read day first: row 4; write all dates as" in said
    assert "its year in four digits (1999-03-15) and run again: row 5" in said


@pytest.mark.parametrize(
    ("written", "order"),
    [
        ("13/12/1999", "day"), ("12/13/1999", "month"), ("12/11/1999", "either"),
        ("1/12/1999", "either"), ("12/12/1999", ""), ("1999-12-01", ""), ("1/12/99", ""),
    ],
)  # fmt: skip
def test_a_date_in_figures_can_be_read_both_ways_up_to_twelve(written, order):
    assert order_of_day(written) == order


def test_files_that_cannot_be_used_are_refused_in_one_line(tmp_path, key_file, capsys):
    broken = tmp_path / "broken.xlsx"
    broken.write_bytes(b"PK\x03\x04 not a workbook")
    good = table(tmp_path / "in.csv")
    for file, out in [
        (broken, "out.csv"),
        (tmp_path / "none.csv", "out.csv"),
        (good, "in.csv"),
        (good, "out.pdf"),
    ]:
        assert pseudonymise(file, key_file, tmp_path / out) == 2
        assert capsys.readouterr().err.count("\n") == 1
    assert "López" in good.read_text(encoding="utf-8")


def test_intake_takes_what_was_pseudonymised_and_a_simulated_mark_stays(tmp_path, key_file):
    from atips_analysis.intake import read_submissions

    header = ["Nombres", "Apellidos", "Fecha de nacimiento", "Caso", "Sexo"]
    rows = [["Ana", "Pech", "2001-04-03", "BZ-CASE-2024-0001", "F"]]
    file = tmp_path / "names.csv"
    with file.open("w", encoding="utf-8", newline="") as opened:
        csv.writer(opened).writerows([["SIMULATED RECORDS"], header, *rows])
    out = tmp_path / "sent" / "DHS_2024_victims.csv"
    assert pseudonymise(file, key_file, out) == 0
    intake = read_submissions(out.parent)
    assert intake.files["simulated"].all()
    sent = intake.frames["victims"].iloc[0]
    assert sent["victim_id"] == person_code(Person("Ana", "Pech", BORN), KEY)
    assert (sent["case_id"], sent["sex"]) == ("BZ-CASE-2024-0001", "F")


def test_no_code_is_one_that_a_spreadsheet_takes_for_a_number():
    codes = [person_code(Person(f"Ana {n}", "Pech", BORN), KEY) for n in range(5000)]
    assert not [code for code in codes if re.fullmatch(r"[0-9e]+", code)]
    assert len(set(codes)) == 5000


def test_the_same_call_writes_the_same_bytes(tmp_path, key_file):
    first, second = tmp_path / "one.xlsx", tmp_path / "two.xlsx"
    for out in (first, second):
        pseudonymise(table(tmp_path / "in.csv"), key_file, out)
    assert first.read_bytes() == second.read_bytes()
