import re
import shutil
import subprocess
import zipfile

import openpyxl
import pytest

from atips_analysis.cli import run
from atips_analysis.codebook import load_codebook
from atips_analysis.errors import InputError
from atips_analysis.intake.agency.form import COVER, LISTS, ROWS, streams_of, write_template
from atips_analysis.intake.agency.workbook_writer import _shortened

CODEBOOK = load_codebook()
AGENCIES = CODEBOOK.codelist("source_agency").codes


@pytest.fixture(params=["en", "es"])
def lang(request):
    return request.param


def form(tmp_path, lang, agency="DHS"):
    return openpyxl.load_workbook(write_template(agency, 2024, lang, tmp_path / "form.xlsx"))


def validations(sheet):
    """Cell range to validation."""
    return {str(rule.sqref): rule for rule in sheet.data_validations.dataValidation}


def test_the_same_call_writes_the_same_bytes(tmp_path, lang):
    first = write_template("BPD_ATIPS", 2024, lang, tmp_path / "first.xlsx")
    second = write_template("BPD_ATIPS", 2024, lang, tmp_path / "second.xlsx")
    assert first.read_bytes() == second.read_bytes()


def test_an_agency_gets_a_sheet_for_each_stream_that_it_sends(tmp_path, lang):
    for agency, own in {"DHS": "victims", "LABOUR": "inspections", "BPD_ATIPS": "cases"}.items():
        names = form(tmp_path, lang, agency).sheetnames
        streams = [stream.name for stream in streams_of(agency, CODEBOOK)]
        assert own in streams
        assert {"referrals", "counts"} <= set(streams)  # every agency's
        labels = [CODEBOOK.streams[name].label(lang) for name in streams]
        assert names == [COVER, *labels, LISTS]


def test_every_form_can_be_made_within_the_limits_of_excel(tmp_path, lang, recwarn):
    one_of_each = {streams_of(agency, CODEBOOK): agency for agency in AGENCIES}
    for agency in one_of_each.values():
        write_template(agency, 2024, lang, tmp_path / "form.xlsx")
    assert not [str(warning.message) for warning in recwarn]  # XlsxWriter warns and leaves out
    for stream in CODEBOOK.streams.values():
        assert len(stream.label(lang)) <= 31


def test_headers_are_the_codebook_s_labels_locked_and_frozen(tmp_path, lang):
    book = form(tmp_path, lang)
    for stream in streams_of("DHS", CODEBOOK):
        sheet = book[stream.label(lang)]
        headers = [cell.value for cell in sheet[1]]
        assert headers == [column.label(lang) for column in stream.columns]
        assert sheet.max_row == 1
        assert sheet.protection.sheet
        assert not sheet.protection.password
        assert all(cell.protection.locked for cell in sheet[1])
        assert not sheet.column_dimensions["A"].protection.locked
        assert sheet.freeze_panes == "A2"
        assert sheet.print_title_rows == "$1:$1"


def test_each_column_is_checked_over_two_thousand_rows_and_explained(tmp_path, lang):
    book = form(tmp_path, lang)
    for stream in streams_of("DHS", CODEBOOK):
        rules = validations(book[stream.label(lang)])
        assert len(rules) == 2 * len(stream.columns)  # the header's help, and the cells
        for position, column in enumerate(stream.columns, start=1):
            letter = openpyxl.utils.get_column_letter(position)
            rule = rules[f"{letter}2:{letter}{ROWS + 1}"]
            assert rule.prompt
            assert rules[f"{letter}1"].prompt
            wanted = {
                "code": "list",
                "codes": "list",
                "bool": "list",
                "year": "whole",
                "count": "whole",
                "age": "whole",
                "month": "list" if column.name == "month" else "custom",
            }.get(column.type)
            assert rule.type == wanted, column.name
            if column.type == "count":
                assert (rule.operator, rule.formula1) == ("greaterThanOrEqual", "0")


def test_drop_downs_offer_exactly_the_codebook_s_codes(tmp_path, lang):
    for agency in ("DHS", "BPD_ATIPS", "ODPP", "NCFC", "LABOUR", "MFA"):
        book = form(tmp_path, lang, agency)
        lists = book[LISTS]
        assert lists.sheet_state == "hidden"
        offered = {}
        for left in range(1, lists.max_column, 2):
            rows = lists.iter_rows(2, None, left, left + 1, values_only=True)
            offered[lists.cell(1, left).value] = [row for row in rows if row[0] is not None]
        for stream in streams_of(agency, CODEBOOK):
            for position, column in enumerate(stream.columns, start=1):
                if not column.codelist:
                    continue
                codelist = CODEBOOK.codelist(column.codelist)
                wanted = [(code, codelist.label(code, lang)) for code in codelist.codes]
                assert offered[column.codelist] == wanted
                letter = openpyxl.utils.get_column_letter(position)
                rule = validations(book[stream.label(lang)])[f"{letter}2:{letter}{ROWS + 1}"]
                name = rule.formula1.lstrip("=")
                target = book.defined_names[name].attr_text
                first, last = re.fullmatch(r"Lists!(\$\w+\$2):(\$\w+\$\d+)", target).groups()
                cells = lists[f"{first}:{last}"]
                assert [cell.value for (cell,) in cells] == [label for _, label in wanted]


def test_the_cover_asks_for_a_role_a_version_and_a_nil_return_of_each_stream(tmp_path, lang):
    cover = form(tmp_path, lang)[COVER]
    texts = [cell.value for row in cover.iter_rows() for cell in row if cell.value is not None]
    assert "DHS" in texts
    assert 2024 in texts
    for stream in streams_of("DHS", CODEBOOK):
        row = next(cell.row for cell in cover["A"] if cell.value == stream.label(lang))
        assert not cover.cell(row, 2).protection.locked
        assert validations(cover)[f"B{row}"].formula1.lstrip("=") == "list_yes_no"
    words = " ".join(rule.prompt for rule in validations(cover).values())
    assert ("not a person's name" in words) or ("no el nombre de nadie" in words)


@pytest.mark.parametrize(("text", "kept"), [("abcd", "abcd"), ("abcde", "abc…"), ("ab cd", "ab…")])
def test_a_message_is_shortened_where_it_is_longer_than_excel_takes(text, kept):
    assert _shortened(text, 4) == kept


def test_spanish_says_trata_and_never_trafico(tmp_path):
    cover = form(tmp_path, "es")[COVER]
    words = " ".join(str(cell.value) for row in cover.iter_rows() for cell in row).lower()
    assert "trata de personas" in words
    assert "tráfico" not in words


def test_nothing_in_a_form_is_a_macro_a_link_or_a_formula(tmp_path, lang):
    path = write_template("BPD_ATIPS", 2024, lang, tmp_path / "form.xlsx")
    with zipfile.ZipFile(path) as parts:
        names = parts.namelist()
        assert not [name for name in names if "vba" in name or "external" in name]
        sheets = [name for name in names if name.startswith("xl/worksheets/sheet")]
        assert not [name for name in sheets if b"<f>" in parts.read(name)]


@pytest.mark.parametrize(
    ("agency", "year", "lang", "says"),
    [
        ("NOBODY", 2024, "en", "agency 'NOBODY' is not one of DHS, BPD_ATIPS"),
        ("DHS", 24, "en", "year 24 is not between 2000 and 2099"),
        ("DHS", 2024, "fr", "language 'fr' has no catalogue; use one of en, es"),
    ],
)
def test_what_is_not_known_is_refused_in_one_line(tmp_path, agency, year, lang, says):
    with pytest.raises(InputError, match=says) as refused:
        write_template(agency, year, lang, tmp_path / "form.xlsx")
    assert "\n" not in str(refused.value)
    assert not list(tmp_path.iterdir())


def test_the_command_writes_the_form_and_leaves_with_zero(tmp_path, capsys):
    out = tmp_path / "new" / "DHS_2024.xlsx"
    assert run(["template", "--agency", "dhs", "--year", "2024", "--out", str(out)]) == 0
    assert out.is_file()
    assert run(["template", "--agency", "DHS", "--year", "2024", "--out", "x.csv"]) == 2
    assert "call it x.xlsx" in capsys.readouterr().err


EXAMPLES = {
    "id": "a1b2c3d4e5f60718",
    "year": 2024,
    "month": "2024-03",
    "count": 4,
    "age": 30,
}


def filled(path, agency, lang):
    """The form as an agency would fill it in: a row a stream, the last entry of each drop-down.

    The last stream is ticked as a nil return instead.
    """
    book = openpyxl.load_workbook(write_template(agency, 2024, lang, path))
    streams = streams_of(agency, CODEBOOK)
    for stream in streams[:-1]:
        sheet = book[stream.label(lang)]
        for position, column in enumerate(stream.columns, start=1):
            value = EXAMPLES.get(column.type)
            if column.type in {"code", "codes"}:
                codelist = CODEBOOK.codelist(column.codelist)
                value = codelist.label(codelist.codes[-1], lang)
            if column.type == "bool":
                value = {"en": "Yes", "es": "Sí"}[lang]
            sheet.cell(2, position).value = value
    cover = book[COVER]
    row = next(cell.row for cell in cover["A"] if cell.value == streams[-1].label(lang))
    cover.cell(row, 2).value = {"en": "Yes", "es": "Sí"}[lang]
    book.save(path)
    return path


@pytest.mark.parametrize("agency", ["BPD_ATIPS", "DHS", "ODPP", "NCFC", "LABOUR", "MFA"])
def test_a_filled_form_is_read_and_cleaned_with_nothing_ignored(tmp_path, lang, agency):
    from atips_analysis.cleaning import clean
    from atips_analysis.intake import read_submissions

    filled(tmp_path / "return.xlsx", agency, lang)
    intake = read_submissions(tmp_path, CODEBOOK)
    *streams, last = streams_of(agency, CODEBOOK)
    assert intake.files["submitted_by"].tolist() == [agency]
    assert intake.files["submitted_for"].tolist() == [2024]
    assert not intake.files["simulated"].any()
    assert set(intake.headers["how"]) <= {"exact", "label"}
    assert intake.sheets["rows_read"].sum() == len(streams)
    nil = intake.sheets[intake.sheets["nil_return"]]
    assert nil["stream"].tolist() == [last.name]
    for stream in streams:
        row = clean(stream.name, intake.frames[stream.name], CODEBOOK).frame.iloc[0]
        for column in stream.columns:
            wanted = str(EXAMPLES.get(column.type))
            if column.type in {"code", "codes"}:
                wanted = CODEBOOK.codelist(column.codelist).codes[-1]
            if column.type == "bool":
                wanted = "yes"
            assert row[column.name] == wanted, (stream.name, column.name)


@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not on this machine")
def test_libreoffice_opens_and_converts_the_form(tmp_path):
    path = write_template("DHS", 2024, "es", tmp_path / "form.xlsx")
    subprocess.run(
        ["soffice", "--headless", "--convert-to", "ods", "--outdir", str(tmp_path), str(path)],
        check=True,
        timeout=120,
    )
    assert (tmp_path / "form.ods").stat().st_size > 5000
