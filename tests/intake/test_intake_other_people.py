"""Submissions in other people's styles: read right, or refused in one line that says what to do."""

from __future__ import annotations

import pytest

from atips_analysis.errors import InputError
from atips_analysis.intake import read_submissions

INSPECTION = [
    "Month",
    "Type of inspection",
    "Economic sector",
    "District",
    "Finding",
    "Number of inspections",
]
BLANKS = [None] * 4


def inspection(month="2024-01", n=3):
    return [month, "ROUTINE", "I", "Cayo", "NONE", n]


def csv_of(rows, delimiter=","):
    return "\n".join(
        delimiter.join("" if cell is None else str(cell) for cell in row) for row in rows
    )


def refusal(folder, codebook):
    with pytest.raises(InputError) as error:
        read_submissions(folder, codebook)
    assert "\n" not in str(error.value)
    return str(error.value)


def test_agency_and_year_may_stand_above_the_table_alone(folder, write_workbook, codebook):
    rows = [["LABOUR DEPARTMENT"], ["Inspections carried out in 2024"], [], INSPECTION]
    write_workbook("returns.xlsx", {"Inspections": [*rows, inspection()]}, cover=[])
    intake = read_submissions(folder, codebook)
    assert intake.files[["submitted_by", "submitted_for"]].values.tolist() == [["LABOUR", 2024]]
    assert len(intake.notes) == 2


def test_sheets_of_two_years_in_one_file_are_refused_and_named(folder, write_workbook, codebook):
    sheets = {f"Inspections {year}": [INSPECTION, inspection()] for year in (2023, 2024)}
    write_workbook("LABOUR.xlsx", sheets, cover=[])
    assert "2023, 2024" in refusal(folder, codebook)


def test_the_services_of_human_services_are_no_stream(folder, victims, codebook):
    (folder / "Human Services 2024 victims.csv").write_text(csv_of(victims({})), encoding="utf-8")
    assert len(read_submissions(folder, codebook).frames["victims"]) == 1


def test_a_column_a_month_is_refused_with_what_to_do(folder, write_workbook, codebook):
    rows = [["District", "Jan", "Feb", "Mar", "Total"], ["Cayo", 1, 2, 3, 6]]
    write_workbook("LABOUR_2024.xlsx", {"Inspections": rows}, cover=[])
    assert "months stand side by side (Jan, Feb, Mar)" in refusal(folder, codebook)


@pytest.mark.parametrize(
    "total",
    [["Subtotal January", *BLANKS, 5], [None, *BLANKS, 5], ["Total Jan-Feb", *BLANKS, "5"]],
)
def test_totals_by_any_name_or_none_are_no_rows(total, folder, codebook):
    rows = [INSPECTION, inspection(n=2), inspection("2024-02", 3), total]
    (folder / "LABOUR_2024_inspections.csv").write_text(csv_of(rows), encoding="utf-8")
    intake = read_submissions(folder, codebook)
    assert intake.sheets[["rows_read", "totals_rows"]].values.tolist() == [[2, 1]]


def test_a_number_alone_that_sums_nothing_up_stays_a_row(folder, codebook):
    rows = [INSPECTION, inspection(n=2), inspection("2024-02", 3), [None, *BLANKS, 6]]
    (folder / "LABOUR_2024_inspections.csv").write_text(csv_of(rows), encoding="utf-8")
    assert read_submissions(folder, codebook).sheets["rows_read"].tolist() == [3]


def test_a_line_of_units_below_the_header_is_no_row(folder, codebook):
    units = ["(yyyy-mm)", "(list)", "(ISIC)", "(district)", "(list)", "[number]"]
    rows = [INSPECTION, units, inspection()]
    (folder / "LABOUR_2024_inspections.csv").write_text(csv_of(rows), encoding="utf-8")
    assert read_submissions(folder, codebook).sheets["rows_read"].tolist() == [1]


def test_tables_side_by_side_are_refused_and_not_cut_in_half(folder, write_workbook, codebook):
    rows = [[*INSPECTION, None, *INSPECTION], [*inspection(), None, *inspection("2024-02")]]
    write_workbook("LABOUR_2024.xlsx", {"Inspections": rows}, cover=[])
    assert "stands twice with different values" in refusal(folder, codebook)


def test_a_column_that_stands_twice_with_the_same_values_is_read_once(folder, codebook):
    rows = [[*INSPECTION, "District"], [*inspection(), "Cayo"]]
    (folder / "LABOUR_2024_inspections.csv").write_text(csv_of(rows), encoding="utf-8")
    intake = read_submissions(folder, codebook)
    assert len(intake.frames["inspections"]) == 1
    assert intake.notes["note"].tolist() == ["column 'District' stands twice: read once"]


@pytest.mark.parametrize("fast_from", [0, 1 << 30])
def test_a_quotation_mark_that_is_not_closed_swallows_no_record(
    fast_from, folder, codebook, monkeypatch
):
    monkeypatch.setattr("atips_analysis.intake.delimited.FAST_FROM", fast_from)
    text = csv_of([INSPECTION, *(inspection(f"2024-0{month}") for month in range(1, 6))])
    path = folder / "LABOUR_2024_inspections.csv"
    path.write_text(text.replace("Cayo", '"Cayo', 1), encoding="utf-8")
    assert "quotation mark is not closed" in refusal(folder, codebook)


def test_texts_that_a_program_wrapped_against_excel_are_unwrapped(folder, codebook):
    text = csv_of([INSPECTION, inspection('="2024-02"')])
    (folder / "LABOUR_2024_inspections.csv").write_text(text, encoding="utf-8")
    frame = read_submissions(folder, codebook).frames["inspections"]
    assert frame["month"].tolist() == ["2024-02"]


def test_a_code_that_excel_rounded_does_not_pass_for_one(folder, write_workbook, victims, codebook):
    write_workbook("DHS_2024.xlsx", {"Victims": victims({"victim_id": 1234567890123456789.0})})
    frame = read_submissions(folder, codebook).frames["victims"]
    assert frame["victim_id"].tolist() == ["1.23456789012346E+18"]


@pytest.mark.parametrize("name", ["DHS_2024.fods", "2024/returns.zip", "DHS_2024.numbers"])
def test_a_table_in_a_form_that_is_not_read_is_named_and_the_others_are_read(
    name, folder, codebook
):
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(b"PK")
    assert name in refusal(folder, codebook)
    rows = csv_of([INSPECTION, inspection()])
    (folder / "LABOUR_2024_inspections.csv").write_text(rows, encoding="utf-8")
    intake = read_submissions(folder, codebook)
    assert intake.faults["file"].tolist() == [name]
    assert len(intake.frames["inspections"]) == 1


def test_a_csv_or_web_page_that_is_called_a_workbook_is_told_from_a_damaged_one(folder, codebook):
    (folder / "LABOUR_2024.xlsx").write_text(csv_of([INSPECTION]), encoding="utf-8")
    assert "text or a web page" in refusal(folder, codebook)


def test_litter_of_windows_mac_and_open_programs_does_not_matter(folder, codebook):
    (folder / "LABOUR_2024_inspections.csv").write_text(
        csv_of([INSPECTION, inspection()]), encoding="utf-8"
    )
    for name in (".DS_Store", "~$LABOUR_2024.xlsx", ".~lock.LABOUR_2024.xlsx#", "desktop.ini"):
        (folder / name).write_bytes(b"\0\1")
    (folder / "__MACOSX").mkdir()
    (folder / "__MACOSX" / "._LABOUR_2024.xlsx").write_bytes(b"\0")
    intake = read_submissions(folder, codebook)
    assert intake.files["file"].tolist() == ["LABOUR_2024_inspections.csv"]
    assert intake.notes["file"].tolist() == ["desktop.ini"]
