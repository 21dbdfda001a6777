"""What is read from the files that agencies really send."""

from __future__ import annotations

import datetime
import hashlib
import zipfile
from pathlib import Path

import pytest

from atips_analysis.errors import InputError
from atips_analysis.intake import read_files, read_submissions

INSPECTIONS = "month,inspection_type,sector,district,finding,n\n2024-01,ROUTINE,I,CY,NONE,12\n"


def one_file(intake, column="state"):
    return intake.files.set_index("file")[column]


def test_each_row_keeps_its_file_its_sheet_and_the_number_that_excel_shows(
    folder, write_workbook, victims, codebook
):
    header, *rows = victims({"victim_id": "V-0001"}, {"victim_id": "V-0002"})
    write_workbook("DHS_2024.xlsx", {"Victims": [["A title"], [], header, rows[0], [], rows[1]]})
    frame = read_submissions(folder, codebook).frames["victims"]
    assert frame["row"].tolist() == [4, 6]
    assert frame["victim_id"].tolist() == ["V-0001", "V-0002"]
    assert set(frame["file"]) == {"DHS_2024.xlsx"} and set(frame["sheet"]) == {"Victims"}
    assert set(frame["submitted_by"]) == {"DHS"} and set(frame["submitted_for"]) == {2024}
    assert set(frame["source"]) == {"register"}


def test_titles_blank_rows_and_totals_are_counted_beside_the_rows(
    folder, write_workbook, victims, codebook
):
    header, first, second = victims({}, {"victim_id": "V-0002"})
    total = ["TOTAL", None, 2]
    write_workbook(
        "DHS_2024.xlsx", {"Victims": [["Return 2024"], header, first, [], second, total]}
    )
    sheet = read_submissions(folder, codebook).sheets.iloc[0]
    assert sheet["rows_read"] == 2
    assert (sheet["title_rows"], sheet["blank_rows"], sheet["totals_rows"]) == (1, 1, 1)


@pytest.mark.parametrize(
    "word", ["Total", "TOTAL:", "Totales", "Suma", "Grand total", "Total 2024", "Total: 12"]
)
def test_a_totals_row_is_no_row_in_either_language(word, folder, codebook):
    text = f"month,inspection_type,sector,district,finding,n\n2024-01,ROUTINE,I,CY,NONE,12\n{word},,,,,12\n"
    (folder / "LABOUR_2024_inspections.csv").write_text(text, encoding="utf-8")
    intake = read_submissions(folder, codebook)
    assert intake.sheets["rows_read"].tolist() == [1]
    assert intake.sheets["totals_rows"].tolist() == [1]


def test_a_row_with_the_sex_total_beside_other_words_is_a_row(folder, codebook):
    text = "month,agency,measure,sex,age_group,n\n2024-01,DHS,MIGRANT_CHILDREN_SHELTERED,Total,CHILD,12\n"
    (folder / "DHS_2024_counts.csv").write_text(text, encoding="utf-8")
    assert read_submissions(folder, codebook).sheets["totals_rows"].tolist() == [0]


def test_a_source_line_below_the_table_is_no_row_and_is_noted(folder, codebook):
    text = INSPECTIONS + "Source: inspection register,,,,,\n"
    (folder / "LABOUR_2024_inspections.csv").write_text(text, encoding="utf-8")
    intake = read_submissions(folder, codebook)
    assert intake.sheets["rows_read"].tolist() == [1]
    assert intake.notes["row"].tolist() == [3]
    assert "Source" not in " ".join(intake.notes["note"])


def test_a_header_that_is_printed_again_on_each_page_is_no_row(folder, codebook):
    header = INSPECTIONS.splitlines()[0]
    text = INSPECTIONS + header + "\n2024-02,ROUTINE,I,CY,NONE,3\n"
    (folder / "LABOUR_2024_inspections.csv").write_text(text, encoding="utf-8")
    intake = read_submissions(folder, codebook)
    assert intake.frames["inspections"]["n"].tolist() == ["12", "3"]
    assert intake.frames["inspections"]["row"].tolist() == [2, 4]


def test_headers_in_any_order_case_language_and_near_spelling_are_reported(folder, codebook):
    text = "Distrito;FINDING;Sector económico;Mes;Inspecions type;n;Colour\nCY;NONE;I;2024-01;ROUTINE;4;red\n"
    (folder / "LABOUR_2024_inspections.csv").write_text(text, encoding="utf-8")
    intake = read_submissions(folder, codebook)
    row = intake.frames["inspections"].iloc[0]
    assert (row["district"], row["month"], row["inspection_type"]) == ("CY", "2024-01", "ROUTINE")
    how = intake.headers.set_index("header")["how"].to_dict()
    assert how == {
        "Distrito": "label",
        "FINDING": "exact",
        "Sector económico": "label",
        "Mes": "label",
        "Inspecions type": "near",
        "n": "exact",
        "Colour": "ignored",
    }


@pytest.mark.parametrize("header", ["Sex *", "Sex (required)", "Sex / Sexo", "SEXO", "sex\n(F/M)"])
def test_marks_units_and_both_languages_in_one_header_are_understood(
    header, folder, write_workbook, victims, codebook
):
    rows = victims({})
    rows[0][rows[0].index("sex")] = header
    write_workbook("DHS_2024.xlsx", {"Victims": rows})
    assert read_submissions(folder, codebook).frames["victims"]["sex"].tolist() == ["F"]


def test_a_second_header_row_in_the_other_language_is_no_row(
    folder, write_workbook, victims, codebook
):
    header, row = victims({})
    labels = [codebook.stream("victims").column(name).label("es") for name in header]
    write_workbook("DHS_2024.xlsx", {"Victims": [labels, header, row]})
    frame = read_submissions(folder, codebook).frames["victims"]
    assert frame["row"].tolist() == [3]


def test_a_column_that_was_not_sent_is_missing_and_the_codes_na_and_none_are_text(folder, codebook):
    text = "month,inspection_type,finding,n\n2024-01,ROUTINE,NONE,NA\n"
    (folder / "LABOUR_2024_inspections.csv").write_text(text, encoding="utf-8")
    frame = read_submissions(folder, codebook).frames["inspections"]
    assert frame["finding"].tolist() == ["NONE"] and frame["n"].tolist() == ["NA"]
    assert frame["district"].isna().all()


def test_numbers_dates_and_truth_from_excel_become_clean_text(
    folder, write_workbook, victims, codebook
):
    rows = victims(
        {
            "age_years_ident": 23.0,
            "status_date": datetime.date(2024, 3, 5),
            "primary_form": True,
            "identified_year": 2024.0,
        }
    )
    write_workbook("DHS_2024.xlsx", {"Victims": rows})
    row = read_submissions(folder, codebook).frames["victims"].iloc[0]
    assert row["age_years_ident"] == "23"
    assert row["identified_year"] == "2024"
    assert row["status_date"] == "2024-03-05"
    assert row["primary_form"] == "TRUE"


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_csv_of_any_usual_delimiter_and_encoding(delimiter, encoding, folder, codebook):
    text = "Mes;Tipo;Distrito;Hallazgo;Número;Sector\nenero 2024;rutina;Cayo;Sin infracción;12;Construcción\n"
    path = folder / "LABOUR_2024_inspections.csv"
    path.write_bytes(text.replace(";", delimiter).encode(encoding))
    row = read_submissions(folder, codebook).frames["inspections"].iloc[0]
    assert row["finding"] == "Sin infracción"
    assert row["sector"] == "Construcción"


def test_a_csv_record_over_several_lines_is_one_row_as_in_excel(folder, codebook):
    text = 'month,inspection_type,district,finding,n\n2024-01,"ROUTINE\n",CY,NONE,1\n2024-02,JOINT,CY,NONE,2\n'
    (folder / "LABOUR_2024_inspections.csv").write_text(text, encoding="utf-8")
    assert read_submissions(folder, codebook).frames["inspections"]["row"].tolist() == [2, 3]


def test_a_csv_with_forty_columns_too_many_reports_each_that_was_ignored(folder, codebook):
    more = ",".join(f"extra {number}" for number in range(40))
    header, row = INSPECTIONS.splitlines()
    text = f"{header},{more}\n{row}{',1' * 40}\n"
    (folder / "LABOUR_2024_inspections.csv").write_text(text, encoding="utf-8")
    intake = read_submissions(folder, codebook)
    assert (intake.headers["how"] == "ignored").sum() == 40
    assert len(intake.frames["inspections"]) == 1


def test_a_large_csv_reads_as_a_small_one_does(folder, codebook, monkeypatch):
    lines = [f"2024-{1 + n % 12:02d},ROUTINE,I,CY,NONE,{n}" for n in range(500)]
    text = "SIMULATED RECORDS\n" + INSPECTIONS + "\n".join(lines) + "\nTotal,,,,,9\n"
    (folder / "LABOUR_2024_inspections.csv").write_text(text, encoding="utf-8")
    plain = read_submissions(folder, codebook)
    monkeypatch.setattr("atips_analysis.intake.delimited.FAST_FROM", 1)
    fast = read_submissions(folder, codebook)
    assert fast.frames["inspections"].equals(plain.frames["inspections"])
    assert fast.sheets.equals(plain.sheets)
    assert fast.files["simulated"].all()


def test_merged_cells_count_for_each_of_their_rows_but_figures_only_once(
    folder, write_workbook, codebook
):
    rows = [
        ["month", "inspection_type", "sector", "district", "finding", "n"],
        ["2024-01", "ROUTINE", "I", "CY", "NONE", 12],
        [None, "JOINT", "I", "CY", "NONE", None],
    ]
    write_workbook(
        "LABOUR_2024.xlsx",
        {"Inspections": rows},
        cover=[["Agency", "LABOUR"], ["Year", 2024]],
        merged={"Inspections": ["A2:A3", "F2:F3"]},
    )
    frame = read_submissions(folder, codebook).frames["inspections"]
    assert frame["month"].tolist() == ["2024-01", "2024-01"]
    assert frame["n"].fillna("").tolist() == ["12", ""]


def test_a_header_in_two_levels_of_merged_cells_is_read_at_its_lower_level(
    folder, write_workbook, codebook
):
    rows = [
        ["Session", "Month", "Audience", "Topic", "Facilitator", "Participants", "By sex", None],
        [None, None, None, None, None, None, "Women", "Men"],
        ["S1", "2024-01", "POLICE", "HT101", "HTI", 30, 12, 18],
    ]
    areas = [f"{letter}1:{letter}2" for letter in "ABCDEF"] + ["G1:H1"]
    write_workbook("HTI_2024.xlsx", {"Trainings": rows}, cover=[], merged={"Trainings": areas})
    row = read_submissions(folder, codebook).frames["trainings"].iloc[0]
    assert (row["session_id"], row["women"], row["men"], row["row"]) == ("S1", "12", "18", 3)


def test_columns_that_are_blank_or_set_off_to_the_right_do_not_matter(
    folder, write_workbook, victims, codebook
):
    rows = [[None, None, row[0], None, *row[1:]] for row in victims({}, {"victim_id": "V-2"})]
    write_workbook("DHS_2024.xlsx", {"Victims": [[], [], *rows]})
    frame = read_submissions(folder, codebook).frames["victims"]
    assert frame["victim_id"].tolist() == ["V-0001", "V-2"] and frame["row"].tolist() == [4, 5]


def test_a_hidden_sheet_of_a_stream_is_read_and_reported(folder, write_workbook, victims, codebook):
    write_workbook("DHS_2024.xlsx", {"Victims": victims({})}, hidden=("Victims",))
    intake = read_submissions(folder, codebook)
    assert len(intake.frames["victims"]) == 1
    assert intake.notes["note"].str.startswith("hidden sheet: read").tolist() == [True]


def test_a_hidden_sheet_beside_a_visible_one_of_the_stream_is_reported_and_not_read(
    folder, write_workbook, victims, codebook
):
    sheets = {"Victims": victims({}), "Víctimas": victims({"victim_id": "V-OLD"})}
    write_workbook("DHS_2024.xlsx", sheets, hidden=("Víctimas",))
    intake = read_submissions(folder, codebook)
    assert intake.frames["victims"]["victim_id"].tolist() == ["V-0001"]
    assert intake.notes["sheet"].tolist() == ["Víctimas"]


def test_sheets_that_are_no_stream_are_listed_and_left(folder, write_workbook, victims, codebook):
    sheets = {
        "Victims": victims({}),
        "Instructions": [["Fill in one row each"]],
        "Lists": [["F"], ["M"]],
    }
    write_workbook("DHS_2024.xlsx", sheets, hidden=("Lists",))
    notes = read_submissions(folder, codebook).notes
    assert set(notes["sheet"]) == {"Instructions", "Lists"}


@pytest.mark.parametrize(
    "name",
    ["victims", "Víctimas", "VICTIMS 2024", "Victims (Q1)", "Victim list", "víctimas ene-jun"],
)
def test_a_sheet_is_known_by_the_stream_in_its_name(
    name, folder, write_workbook, victims, codebook
):
    write_workbook("DHS_2024.xlsx", {name: victims({})})
    assert len(read_submissions(folder, codebook).frames["victims"]) == 1


def test_a_sheet_without_a_telling_name_is_known_by_its_header(
    folder, write_workbook, victims, codebook
):
    write_workbook("DHS_2024.xlsx", {"Sheet1": victims({})})
    intake = read_submissions(folder, codebook)
    assert len(intake.frames["victims"]) == 1
    assert intake.notes["note"].tolist() == ["taken for victims by its header"]


def test_the_cover_counts_more_than_the_name_and_the_difference_is_noted(
    folder, write_workbook, victims, codebook
):
    write_workbook("HTI_2023.xlsx", {"Victims": victims({})})
    intake = read_submissions(folder, codebook)
    assert one_file(intake, "submitted_by").tolist() == ["DHS"]
    assert one_file(intake, "submitted_for").tolist() == [2024]
    assert len(intake.notes) == 2


@pytest.mark.parametrize(
    "cover",
    [
        [["Agency:", "Department of Human Services"], ["Reference year:", "2024"]],
        [["Institución", None, "Servicios Humanos"], ["Año", None, 2024]],
        [["Agency: DHS"], ["Year: 2024"]],
        [["Agency", "Year"], ["DHS", 2024]],
        [["x"], [None, "AGENCY", "DHS - Department of Human Services"], [None, "YEAR", 2024.0]],
    ],
)
def test_a_cover_is_read_however_it_is_laid_out(cover, folder, write_workbook, victims, codebook):
    write_workbook("return.xlsx", {"Victims": victims({})}, cover=cover)
    intake = read_submissions(folder, codebook)
    assert intake.files[["submitted_by", "submitted_for"]].values.tolist() == [["DHS", 2024]]


@pytest.mark.parametrize(
    ("name", "agency"),
    [
        ("DHS_2024_victims.csv", "DHS"),
        ("BPD_ATIPS_2024_victims.csv", "BPD_ATIPS"),
        ("victims-2024-human services.csv", "DHS"),
        ("2024/DHS/victims.csv", "DHS"),
        ("dhs2024victimas.csv", "DHS"),
        ("Policía 2024 víctimas.csv", "BPD_ATIPS"),
    ],
)
def test_a_csv_says_by_its_name_whose_it_is(name, agency, folder, victims, codebook):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = victims({})
    path.write_text("\n".join(",".join(map(str, row)) for row in rows), encoding="utf-8")
    assert read_submissions(folder, codebook).files["submitted_by"].tolist() == [agency]


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2025-01-31", "2025-01-31"),
        (datetime.date(2025, 1, 31), "2025-01-31"),
        ("31/1/2025", "2025-01-31"),
        ("02/03/2025", ""),
        ("soon", ""),
    ],
)
def test_the_day_a_return_was_sent_is_read_from_its_cover_and_never_guessed(
    written, day, folder, write_workbook, victims, codebook
):
    cover = [["Agency", "DHS"], ["Year", 2024], ["Version", 2], ["Date sent", written]]
    write_workbook("DHS_2024.xlsx", {"Victims": victims({})}, cover=cover)
    intake = read_submissions(folder, codebook)
    assert intake.files[["version", "sent"]].values.tolist() == [[2, day]]
    assert any("yyyy-mm-dd" in note for note in intake.notes["note"]) == (day == "")


def test_an_empty_sheet_is_nil_only_when_the_cover_says_so(
    folder, write_workbook, victims, codebook
):
    header = victims()
    cover = [
        ["Agency", "DHS"],
        ["Year", 2024],
        ["Sheet", "Nothing to report", "Yes only when there was truly nothing"],
        ["Victims", None],
        ["Services", "Yes"],
        ["Referrals", "x"],
    ]
    services = [["victim_id", "service_type", "provider", "start_month"]]
    write_workbook("DHS_2024.xlsx", {"Victims": header, "Services": services}, cover=cover)
    nil = read_submissions(folder, codebook).sheets.set_index("stream")["nil_return"].to_dict()
    assert nil == {"victims": False, "services": True, "referrals": True}


def test_a_spanish_cover_ticks_nil_returns_too(folder, write_workbook, codebook):
    cover = [
        ["Institución", "DHS"],
        ["Año", 2024],
        ["Hoja", "Nada que informar"],
        ["Víctimas", "Sí"],
    ]
    write_workbook("DHS_2024.xlsx", {}, cover=cover)
    sheets = read_submissions(folder, codebook).sheets
    assert sheets[["stream", "nil_return"]].values.tolist() == [["victims", True]]


@pytest.mark.parametrize("mark", ["SIMULATED RECORDS", "Simulated", "REGISTROS SIMULADOS"])
def test_the_mark_of_simulated_records_is_kept_with_file_and_rows(
    mark, folder, write_workbook, victims, codebook
):
    write_workbook(
        "DHS_2024.xlsx", {"Victims": victims({})}, cover=[["Agency", "DHS"], ["Year", 2024], [mark]]
    )
    (folder / "LABOUR_2024_inspections.csv").write_text(mark + "\n" + INSPECTIONS, encoding="utf-8")
    intake = read_submissions(folder, codebook)
    assert intake.files["simulated"].all()
    assert set(intake.frames["victims"]["source"]) == {"simulated"}
    assert set(intake.frames["inspections"]["source"]) == {"simulated"}


def test_files_are_registered_by_sha256_and_not_touched(folder, codebook):
    path = folder / "LABOUR_2024_inspections.csv"
    path.write_text(INSPECTIONS, encoding="utf-8")
    before = path.stat().st_mtime_ns
    intake = read_submissions(folder, codebook)
    assert intake.files["sha256"].tolist() == [hashlib.sha256(path.read_bytes()).hexdigest()]
    assert path.stat().st_mtime_ns == before


def test_what_is_no_submission_is_noted_and_what_is_hidden_is_left(folder, codebook):
    (folder / "LABOUR_2024_inspections.csv").write_text(INSPECTIONS, encoding="utf-8")
    (folder / "letter.docx").write_bytes(b"x")
    (folder / "~$LABOUR_2024.xlsx").write_bytes(b"x")
    (folder / ".DS_Store").write_bytes(b"x")
    notes = read_submissions(folder, codebook).notes
    assert notes["file"].tolist() == ["letter.docx"]


def test_single_files_are_read_as_a_folder_is(folder, codebook):
    path = folder / "LABOUR_2024_inspections.csv"
    path.write_text(INSPECTIONS, encoding="utf-8")
    one, all_of_them = read_files([path], codebook), read_submissions(folder, codebook)
    assert one.frames["inspections"].equals(all_of_them.frames["inspections"])


def test_a_folder_without_submissions_is_an_error_that_says_what_is_looked_for(
    folder: Path, codebook
):
    with pytest.raises(InputError, match=r"\.xlsx"):
        read_submissions(folder, codebook)
    with pytest.raises(InputError, match="no such folder"):
        read_submissions(folder / "missing", codebook)


def test_the_agencies_own_form_reads_back(folder, codebook):
    from atips_analysis.intake.agency.form import write_template

    for lang in ("en", "es"):
        write_template("DHS", 2024, lang, folder / f"DHS_2024_{lang}.xlsx", codebook)
    intake = read_submissions(folder, codebook)
    assert set(intake.files["submitted_by"]) == {"DHS"}
    assert not intake.sheets["nil_return"].any() and intake.sheets["rows_read"].sum() == 0
    assert (intake.headers["how"] != "ignored").all()


def test_an_open_document_sheet_is_read_as_xlsx_is(folder, codebook):
    header, values = (line.split(",") for line in INSPECTIONS.splitlines())
    write_open_document(folder / "LABOUR_2024.ods", "Inspections", [header, values])
    rows = read_submissions(folder, codebook).frames["inspections"]
    assert rows["n"].tolist() == ["12"] and rows["row"].tolist() == [2]


def write_open_document(file: Path, sheet: str, rows: list[list[str]]) -> None:
    """An OpenDocument spreadsheet of text cells, as ISO/IEC 26300 packages it."""
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    names = "urn:oasis:names:tc:opendocument:xmlns"
    cell = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
    lines = "".join(
        f"<table:table-row>{''.join(map(cell.format, row))}</table:table-row>" for row in rows
    )
    with zipfile.ZipFile(file, "w") as package:
        package.writestr("mimetype", kind)
        package.writestr(
            "META-INF/manifest.xml",
            f'<manifest:manifest xmlns:manifest="{names}:manifest:1.0" manifest:version="1.2">'
            f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/>'
            '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>'
            "</manifest:manifest>",
        )
        package.writestr(
            "content.xml",
            f'<office:document-content xmlns:office="{names}:office:1.0" '
            f'xmlns:table="{names}:table:1.0" xmlns:text="{names}:text:1.0" office:version="1.2">'
            f'<office:body><office:spreadsheet><table:table table:name="{sheet}">{lines}'
            "</table:table></office:spreadsheet></office:body></office:document-content>",
        )
