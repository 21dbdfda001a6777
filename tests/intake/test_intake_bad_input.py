"""What cannot be used says so in one line: which file, what is wrong, what to do."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from atips_analysis.errors import InputError
from atips_analysis.intake import read_submissions

INSPECTIONS = "month,inspection_type,sector,district,finding,n\n2024-01,ROUTINE,I,CY,NONE,12\n"


def refusal(folder: Path, codebook) -> str:
    with pytest.raises(InputError) as caught:
        read_submissions(folder, codebook)
    text = str(caught.value)
    assert "\n" not in text and "Traceback" not in text
    assert caught.value.exit_code == 2
    return text


def rewrite(path: Path, part: str, change) -> None:
    """Replace one part of a workbook."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts[part] = change(parts[part])
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)


@pytest.mark.parametrize("kept", [10, 200, 0.5, 0.95])
def test_a_truncated_workbook(kept, folder, write_workbook, victims, codebook):
    path = write_workbook("DHS_2024.xlsx", {"Victims": victims({})})
    content = path.read_bytes()
    path.write_bytes(content[: int(kept if kept > 1 else kept * len(content))])
    assert refusal(folder, codebook).startswith("DHS_2024.xlsx: the workbook is damaged")


def test_a_file_of_another_kind_that_is_called_a_workbook(folder, codebook):
    (folder / "DHS_2024.xlsx").write_bytes(b"%PDF-1.7 not a workbook at all")
    (folder / "HTI_2024.xls").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2048))
    text = refusal(folder, codebook)
    assert text.count("damaged or cut off") == 2


def test_an_encrypted_workbook_says_that_a_password_is_in_the_way(folder, codebook):
    container = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1024)
    container += "EncryptionInfo".encode("utf-16-le") + bytes(64)
    container += "EncryptedPackage".encode("utf-16-le") + bytes(1024)
    (folder / "DHS_2024.xlsx").write_bytes(container)
    assert "without a password" in refusal(folder, codebook)


def test_an_empty_file(folder, codebook):
    (folder / "DHS_2024.xlsx").write_bytes(b"")
    assert "the file is empty" in refusal(folder, codebook)


def test_a_zip_bomb_is_refused_by_what_it_unpacks_to(
    folder, write_workbook, victims, codebook, monkeypatch
):
    path = write_workbook("DHS_2024.xlsx", {"Victims": victims({})})
    monkeypatch.setattr("atips_analysis.intake.archive.LARGEST_UNPACKED", 20 * 1024**2)
    rewrite(path, "xl/styles.xml", lambda part: part + bytes(21 * 1024**2))
    assert path.stat().st_size < 200_000
    assert "unpacks to more than" in refusal(folder, codebook)


def test_a_zip_bomb_that_lies_about_its_size_is_no_way_in(
    folder, write_workbook, victims, codebook, monkeypatch
):
    path = write_workbook("DHS_2024.xlsx", {"Victims": victims({})})
    monkeypatch.setattr("atips_analysis.intake.archive.LARGEST_UNPACKED", 20 * 1024**2)
    size = 21 * 1024**2
    rewrite(path, "xl/styles.xml", lambda part: bytes(size))
    content = path.read_bytes().replace(size.to_bytes(4, "little"), (999).to_bytes(4, "little"))
    path.write_bytes(content)
    assert refusal(folder, codebook).startswith("DHS_2024.xlsx: the workbook")


def test_entities_that_expand_are_not_read(folder, write_workbook, victims, codebook):
    path = write_workbook("DHS_2024.xlsx", {"Victims": victims({})})
    bomb = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]>'
    rewrite(path, "xl/workbook.xml", lambda part: bomb + part.split(b"?>", 1)[1])
    assert "damaged" in refusal(folder, codebook)


def test_three_hundred_sheets(folder, codebook):
    book = xlsxwriter.Workbook(str(folder / "DHS_2024.xlsx"))
    for number in range(300):
        book.add_worksheet(f"s{number}")
    book.close()
    assert "300 sheets, more than 100" in refusal(folder, codebook)


def test_a_cell_far_off_takes_no_memory(folder, write_workbook, victims, codebook):
    rows = victims({})
    rows[0] += [None] * 400 + ["far"]
    write_workbook("DHS_2024.xlsx", {"Victims": rows})
    assert "beyond 256 columns" in refusal(folder, codebook)


@pytest.mark.slow
def test_a_million_blank_rows_are_passed_over(folder, codebook):
    book = xlsxwriter.Workbook(str(folder / "LABOUR_2024.xlsx"), {"constant_memory": True})
    sheet = book.add_worksheet("Inspections")
    for number, line in enumerate(INSPECTIONS.splitlines()):
        sheet.write_row(number, 0, line.split(","))
    plain = book.add_format({"bg_color": "#FFFFFF"})
    for number in range(2, 200_000):
        sheet.set_row(number, 15, plain)
        sheet.write_blank(number, 0, None, plain)
    book.close()
    (folder / "IMM_2024_inspections.csv").write_text(
        INSPECTIONS + ",,,,,\n" * 200_000, encoding="utf-8"
    )
    intake = read_submissions(folder, codebook)
    assert intake.sheets["rows_read"].tolist() == [1, 1]
    assert intake.sheets["blank_rows"].tolist() == [0, 0]


def test_control_characters_are_taken_out_and_counted(folder, codebook):
    text = INSPECTIONS.replace("ROUTINE", "ROU\x07TI\u200bNE").replace("CY", "\ufeffCY")
    (folder / "LABOUR_2024_inspections.csv").write_text(text, encoding="utf-8")
    intake = read_submissions(folder, codebook)
    assert intake.frames["inspections"]["inspection_type"].tolist() == ["ROUTINE"]
    assert intake.notes["note"].tolist() == ["control characters taken out of 2 cells"]


def test_a_formula_gives_its_saved_value_and_without_one_it_is_text_and_reported(
    folder, write_workbook, codebook
):
    path = write_workbook(
        "LABOUR_2024.xlsx",
        {"Inspections": [line.split(",") for line in INSPECTIONS.splitlines()]},
        cover=[["Agency", "LABOUR"], ["Year", 2024]],
    )
    cell = b'<c r="F2"><f>6+6</f><v>12</v></c>'

    def with_cell(text: bytes):
        import re

        return lambda part: re.sub(rb'<c r="F2".*?</c>', text, part)

    rewrite(path, "xl/worksheets/sheet2.xml", with_cell(cell))
    assert read_submissions(folder, codebook).frames["inspections"]["n"].tolist() == ["12"]
    rewrite(path, "xl/worksheets/sheet2.xml", with_cell(b'<c r="F2"><f>6+6</f></c>'))
    intake = read_submissions(folder, codebook)
    assert intake.frames["inspections"]["n"].tolist() == ["=6+6"]
    assert intake.notes[["row", "note"]].values.tolist()[0][0] == 2
    assert "formula without a saved value" in intake.notes["note"].iloc[0]
    error = b'<c r="F2" t="e"><f>1/0</f><v>#DIV/0!</v></c>'
    rewrite(path, "xl/worksheets/sheet2.xml", with_cell(error))
    assert read_submissions(folder, codebook).frames["inspections"]["n"].tolist() == ["#DIV/0!"]


def test_macros_and_external_links_are_neither_run_nor_followed_and_are_reported(
    folder, write_workbook, victims, codebook
):
    path = write_workbook("DHS_2024.xlsx", {"Victims": victims({})})
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"macro")
        archive.writestr("xl/externalLinks/externalLink1.xml", b"<x/>")
    path.rename(folder / "DHS_2024.xlsm")
    notes = read_submissions(folder, codebook).notes["note"].tolist()
    assert [note.split(":")[0] for note in notes] == ["macros", "links to other files"]


def test_a_file_that_changes_while_it_is_read(folder, codebook, monkeypatch):
    path = folder / "LABOUR_2024_inspections.csv"
    path.write_text(INSPECTIONS, encoding="utf-8")
    from atips_analysis.intake import delimited

    real = delimited.read_delimited

    def meanwhile(*arguments):
        path.write_text(INSPECTIONS + "2024-02,ROUTINE,I,CY,NONE,1\n", encoding="utf-8")
        return real(*arguments)

    monkeypatch.setattr(delimited, "read_delimited", meanwhile)
    assert "changed while it was read" in refusal(folder, codebook)


def test_all_bad_files_are_named_together(folder, codebook):
    (folder / "DHS_2024.xlsx").write_bytes(b"PK\x03\x04 cut")
    (folder / "LABOUR_2024_inspections.csv").write_bytes(b"")
    (folder / "HTI_2024_trainings.csv").write_text("nothing here\n", encoding="utf-8")
    text = refusal(folder, codebook)
    assert text.startswith("3 files cannot be used: ")
    for name in ("DHS_2024.xlsx", "LABOUR_2024_inspections.csv", "HTI_2024_trainings.csv"):
        assert name in text


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("DHS_2024_things.csv", INSPECTIONS.replace("month", "x").replace("n\n", "y\n"), "stream"),
        ("inspections.csv", INSPECTIONS, "which agency and year"),
        ("LABOUR_inspections.csv", INSPECTIONS, "which year"),
        ("LABOUR_2024_inspections.csv", "a,b,c\n1,2,3\n", "no row names the columns"),
        ("LABOUR_2024_inspections.csv", 'month,n\n"2024-01,3\n' + "x" * 200_000, "quotation mark"),
    ],
)
def test_a_csv_that_does_not_say_what_it_is(name, text, said, folder, codebook):
    (folder / name).write_text(text, encoding="utf-8")
    assert said in refusal(folder, codebook)


def test_bytes_that_are_no_text(folder, codebook):
    (folder / "LABOUR_2024_inspections.csv").write_bytes(bytes(range(256)) * 40)
    assert "not text" in refusal(folder, codebook)


def test_a_cover_with_an_unknown_agency_or_two_years_says_where(
    folder, write_workbook, victims, codebook
):
    write_workbook("x.xlsx", {"Victims": victims({})}, cover=[["Agency", "ABC"], ["Year", 2024]])
    write_workbook(
        "y.xlsx", {"Victims": victims({})}, cover=[["Agency", "DHS"], ["Year", "2023-2024"]]
    )
    text = refusal(folder, codebook)
    assert "x.xlsx, sheet Cover, row 1: the agency 'ABC' is not known" in text
    assert "y.xlsx, sheet Cover, row 2: the year '2023-2024'" in text


def test_a_workbook_without_any_stream(folder, write_workbook, codebook):
    write_workbook("DHS_2024.xlsx", {"Notes": [["hello"]]})
    assert "no sheet of this workbook is a stream" in refusal(folder, codebook)


def test_a_random_cut_or_flipped_byte_never_ends_in_anything_but_one_line(
    folder, write_workbook, victims, codebook
):
    import random

    path = write_workbook("DHS_2024.xlsx", {"Victims": victims({}, {"victim_id": "V-2"})})
    content = path.read_bytes()
    dice = random.Random(20240101)
    for _ in range(60):
        broken = bytearray(content)
        for _ in range(dice.randint(1, 20)):
            broken[dice.randrange(len(broken))] = dice.randrange(256)
        path.write_bytes(
            bytes(broken[: dice.randrange(100, len(broken))] if dice.random() < 0.3 else broken)
        )
        try:
            read_submissions(folder, codebook)
        except InputError as error:
            assert "\n" not in str(error)


def test_sheets_with_a_repeated_cell_of_open_document_take_no_memory(folder, codebook):
    cell = '<table:table-cell office:value-type="string" table:number-columns-repeated="16384"><text:p>x</text:p></table:table-cell>'
    body = (
        '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
        f'<table:table table:name="Victims"><table:table-row table:number-rows-repeated="1048576">{cell}'
        "</table:table-row></table:table></office:spreadsheet></office:body></office:document-content>"
    )
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", body)
        archive.writestr("META-INF/manifest.xml", "<x/>")
    (folder / "DHS_2024.ods").write_bytes(buffer.getvalue())
    assert "beyond 256 columns" in refusal(folder, codebook)
