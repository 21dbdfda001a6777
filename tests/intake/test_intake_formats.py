"""What a file carries besides its values is read whatever the format, and however it is written."""

from __future__ import annotations

import re
import shutil
import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from atips_analysis.errors import InputError
from atips_analysis.intake import read_submissions
from atips_analysis.intake.number_format import hides_the_year, shown
from atips_analysis.intake.settled import Settled

DATA = Path(__file__).parent.parent / "data" / "intake"
HEADER = "Session,Month,Audience,Topic,Facilitator,District,Participants,Women,Men"
ROW = "S-{0},2024-0{0},Teachers,Human Trafficking 101,NCFC,Cayo,20,12,8"


@pytest.fixture
def workbook(folder: Path) -> Path:
    """Three sessions; the second has an error among women and a formula without a value."""
    path = folder / "NCFC_2024.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("Trainings")
    for number, line in enumerate([HEADER, *(ROW.format(n) for n in (1, 2, 3))]):
        sheet.write_row(number, 0, line.split(","))
    sheet.write_formula("H3", "=1/0", None, "#DIV/0!")
    sheet.write_formula("G4", "=H4+I4", None, "")
    sheet.set_row(1, None, None, {"hidden": True})
    book.close()
    _rewrite(
        path,
        lambda name, part: (
            name,
            part.replace(b'<c r="G4" t="str"', b'<c r="G4"').replace(b"<v></v>", b""),
        ),
    )
    return path


def _rewrite(path: Path, change) -> None:
    with zipfile.ZipFile(path) as archive:
        parts = [(name, archive.read(name)) for name in archive.namelist()]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts:
            archive.writestr(*change(name, content))


def _prefixed(name: str, part: bytes) -> tuple[str, bytes]:
    """Every element of the sheet with a prefix, single quotes, attributes in the other order."""
    if not name.startswith("xl/worksheets/sheet"):
        return name, part
    text = part.decode()
    text = re.sub(r"<(/?)(?=[a-zA-Z])", r"<\1x:", text).replace("xmlns=", "xmlns:x=")
    text = re.sub(r' (r)="([A-Z]+\d+)"((?: \w+="[^"]*")*)', r"\3 \1='\2'", text)
    return name, text.encode()


@pytest.mark.parametrize(
    "change",
    [
        lambda name, part: (name, part),
        _prefixed,
        lambda name, part: (name.replace("sheet1", "Sheet1").replace("xl/", "XL/"), part),
        lambda name, part: (name.replace("/", "\\") if name.startswith("xl") else name, part),
        lambda name, part: (
            name,
            part.decode().replace('encoding="UTF-8"', 'encoding="UTF-16"').encode("utf-16")
            if "sheet1.xml" in name and "rels" not in name
            else part,
        ),
    ],
    ids=["plain", "prefixes, quotes, order", "capitals", "backslashes", "utf-16"],
)
def test_errors_formulas_and_hidden_rows_are_seen_however_the_xml_is_written(
    change, workbook, folder, codebook
):
    _rewrite(workbook, change)
    try:
        intake = read_submissions(folder, codebook, Settled())
    except InputError as error:  # what the reader of values cannot open is refused, not half read
        assert "UTF-16" not in str(error) and "\n" not in str(error)
        return
    frame = intake.frames["trainings"].set_index("row")
    assert frame.loc[3, "women"] == "#DIV/0!"
    assert frame.loc[4, "participants"] == "=H4+I4"
    assert set(intake.questions["kind"]) == {"hidden rows", "formula"}


@pytest.mark.parametrize(
    ("source", "name"), [("errors.xls", "NCFC_2024.xls"), ("errors.ods", "NOPCAN_2024.ods")]
)
def test_an_error_is_an_error_in_xls_and_ods_as_in_xlsx(source, name, folder, codebook):
    shutil.copy(DATA / source, folder / name)
    frame = read_submissions(folder, codebook, Settled()).frames["trainings"]
    found = frame[["participants", "women", "men"]].apply(lambda c: c.str.startswith("#")).sum()
    assert found.tolist() == [1, 1, 1]


ODS = """<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"
 xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:automatic-styles>
<style:style style:name="up"><style:text-properties style:text-position="super 58%"/></style:style>
<style:style style:name="gone"><style:text-properties style:text-line-through-style="solid"/></style:style>
</office:automatic-styles><office:body><office:spreadsheet><table:table table:name="Trainings">{rows}
</table:table></office:spreadsheet></office:body></office:document-content>"""


def test_what_an_open_document_sheet_carries_is_read_as_in_xlsx(folder, codebook):
    def cell(text: str, more: str = "") -> str:
        return f'<table:table-cell office:value-type="string"{more}><text:p>{text}</text:p></table:table-cell>'

    lines = [line.split(",") for line in [HEADER, *(ROW.format(n) for n in (1, 2, 3, 4))]]
    body = [[cell(text) for text in line] for line in lines]
    body[2][6] = cell('12<text:span text:style-name="up">1</text:span>')
    body[3][6] = cell("20", ' table:style-name="gone"')
    body[4][7] = (
        '<table:table-cell office:value-type="float" office:value="3"><text:p>&lt;5</text:p></table:table-cell>'
    )
    hidden = ["", ' table:visibility="filter"', "", "", ""]
    rows = "".join(
        f"<table:table-row{how}>{''.join(cells)}</table:table-row>"
        for how, cells in zip(hidden, body, strict=True)
    )
    with zipfile.ZipFile(folder / "NCFC_2024.ods", "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", ODS.format(rows=rows))
        archive.writestr("META-INF/manifest.xml", "<x/>")
    intake = read_submissions(folder, codebook, Settled())
    assert intake.frames["trainings"]["participants"].tolist() == ["20", "12", "20", "20"]
    waits = intake.waiting.groupby("kind")["row"].first().to_dict()
    assert waits == {"hidden rows": 2, "struck": 4, "shown": 5}


def test_an_xls_that_counts_days_from_1904_is_read_so(folder, codebook):
    from atips_analysis.cleaning import clean

    shutil.copy(DATA / "since-1904.xls", folder / "NCFC_2024.xls")
    frame = read_submissions(folder, codebook, Settled()).frames["trainings"]
    months = clean("trainings", frame, codebook).frame["month"]
    assert months.tolist() == ["2024-02", "2024-05", "2024-10"]


def test_a_damaged_xls_is_refused_in_one_line_whatever_byte_is_wrong(folder, codebook):
    import random

    content = (DATA / "errors.xls").read_bytes()
    dice = random.Random(7)
    for _ in range(40):
        broken = bytearray(content)
        for _ in range(dice.randint(1, 30)):
            broken[dice.randrange(len(broken))] = dice.randrange(256)
        (folder / "NCFC_2024.xls").write_bytes(bytes(broken))
        try:
            read_submissions(folder, codebook, Settled())
        except InputError as error:
            assert "\n" not in str(error)


def test_a_blank_formatted_cell_in_the_last_column_is_no_table_too_wide(folder, codebook, workbook):
    _rewrite(
        workbook,
        lambda name, part: (name, part.replace(b"</row>", b'<c r="XFD1" s="0"></c></row>', 1)),
    )
    assert len(read_submissions(folder, codebook, Settled()).frames["trainings"]) == 3


@pytest.mark.parametrize(
    ("value", "code", "seen"),
    [
        (3.0, '[<5]"<5";0', "<5"),
        (7.0, '[<5]"<5";0', None),
        (12000.0, "0,", "12"),
        (12000.0, "#,##0", None),
        (12000.0, '0.0,"k"', "12k"),
        (0.5, "0%", "50%"),
        (3.0, ";;;", "nothing"),
        (-3.0, '0;"none"', "none"),
        (3.0, "General", None),
        (3.0, '0" people"', "3 people"),
        (15.0, '0"%"', "15%"),
        (15.0, '"<"0', "<15"),
        (15.0, '0"00"', "1500"),
        (15.0, "-0", "-15"),
        (15.0, "(0)", "-15"),
        (-15.0, "#,##0_);(#,##0)", None),
        (15.0, '"$"#,##0', None),
        (15.0, '_-* #,##0_-;\\-* #,##0_-;_-* "-"_-;_-@_-', None),
        (3.0, "yyyy-mm-dd", None),
        (3.0, '"n/a"', "n/a"),
    ],
)
def test_a_number_format_that_shows_another_figure_is_told(value, code, seen):
    assert shown(value, code) == seen


def test_a_date_format_without_a_year_is_known():
    assert hides_the_year("d-mmm") and hides_the_year("[$-409]dd\\/mm")
    assert not hides_the_year("mmm-yy") and not hides_the_year("0.00")


# text files


def write_csv(folder: Path, text: str, name: str = "NCFC_2024_trainings.csv", encoding="utf-8"):
    (folder / name).write_bytes(text.encode(encoding))


def test_closed_quotes_around_lines_and_commas_are_read(folder, codebook):
    note = (
        '"Good session\nRoom, chairs, fans, board, chalk, water, lunch, bus, and books were short"'
    )
    lines = [f"{HEADER},Notes", f"{ROW.format(1)},{note}", f"{ROW.format(2)},"]
    write_csv(folder, "\n".join(lines) + "\n")
    assert len(read_submissions(folder, codebook, Settled()).frames["trainings"]) == 2


@pytest.mark.parametrize("place", [1, 2, 3])
@pytest.mark.parametrize("cell", ["S-", "Teachers", "Cayo"])
@pytest.mark.parametrize("short", [False, True])
def test_an_open_quote_is_refused_wherever_it_stands(place, cell, short, folder, codebook):
    lines = [HEADER, *(ROW.format(n) for n in (1, 2, 3))]
    if short:
        lines = [lines[0], *(line.rsplit(",", 2)[0] for line in lines[1:])]
    lines[place] = lines[place].replace(cell, f'"{cell}', 1)
    write_csv(folder, "\n".join(lines) + "\n")
    with pytest.raises(InputError, match=rf"row {place + 1}: a quotation mark is not closed"):
        read_submissions(folder, codebook, Settled())


@pytest.mark.parametrize(
    ("encoding", "said"),
    [("utf-8", "UTF-8, comma"), ("cp1252", "CP1252, comma"), ("utf-16", "UTF-16, comma")],
)
def test_encoding_and_delimiter_are_named(encoding, said, folder, codebook):
    write_csv(
        folder,
        "\n".join(
            [HEADER.replace("Men", "Hombres"), ROW.format(1).replace("Teachers", "Educación")]
        ),
        encoding=encoding,
    )
    assert (
        read_submissions(folder, codebook, Settled())
        .read_as["NCFC_2024_trainings.csv"]
        .startswith(said)
    )


def test_lines_of_another_encoding_are_named_and_the_others_kept(folder, codebook):
    lines = [HEADER, *(ROW.format(n).replace("Teachers", "Educación") for n in (1, 2, 3))]
    content = b"\n".join(
        line.encode("cp1252" if n == 2 else "utf-8") for n, line in enumerate(lines)
    )
    (folder / "NCFC_2024_trainings.csv").write_bytes(content)
    intake = read_submissions(folder, codebook, Settled())
    assert intake.frames["trainings"]["audience"].tolist() == ["Educación"] * 3
    assert intake.notes["note"].str.contains("lines 3 are not in UTF-8").any()


def test_times_with_an_offset_are_of_the_day_at_home_and_unread_without_a_time_zone(
    folder, codebook
):
    from atips_analysis.cleaning import clean

    times = [
        "2024-03-01T02:30:00Z",
        "2024-06-15T04:10:00+00:00",
        "2025-01-01T03:00:00.000Z",
        "2024/03/01 1:30:00 a.m. GMT+2",
    ]
    rows = [ROW.format(n).replace(f"2024-0{n}", time) for n, time in enumerate(times, 1)]
    write_csv(folder, "\n".join([HEADER, *rows]))
    home = read_submissions(folder, codebook, Settled(time_zone="America/Belize"))
    months = clean("trainings", home.frames["trainings"], codebook).frame["month"]
    assert months.tolist() == ["2024-02", "2024-06", "2024-12", "2024-02"]
    nowhere = read_submissions(folder, codebook, Settled())
    months = clean("trainings", nowhere.frames["trainings"], codebook).frame["month"]
    assert months.tolist() == [times[0], "2024-06", *times[2:]]


def test_a_row_with_more_cells_than_the_header_waits(folder, codebook):
    write_csv(folder, "\n".join([HEADER, ROW.format(1), ROW.format(2).replace(",20,", ",1,200,")]))
    intake = read_submissions(folder, codebook, Settled())
    assert intake.waiting[["row", "kind"]].values.tolist() == [[3, "wider rows"]]


def test_a_row_with_fewer_cells_than_the_others_waits(folder, codebook):
    short = ROW.format(2).replace(",NCFC,", ",")
    assert short.count(",") == HEADER.count(",") - 1
    write_csv(folder, "\n".join(["Year,2024", HEADER, ROW.format(1), short, ROW.format(3)]))
    intake = read_submissions(folder, codebook, Settled())
    assert intake.waiting[["row", "kind"]].values.tolist() == [[4, "wider rows"]]
    assert "fewer cells" in intake.questions["question"].iloc[0]


def test_rows_of_a_program_that_leaves_out_blanks_at_the_end_are_no_question(folder, codebook):
    rows = [ROW.format(n) for n in (1, 2, 3)]
    write_csv(folder, "\n".join([f"{HEADER},Women,Men", *rows]))
    assert read_submissions(folder, codebook, Settled()).waiting.empty


# exports

KOBO = '"start";"session/session_id";"session/month";"session/audience";"session/topic";"session/facilitator";"place/district";"reach/participants";"_id";"_notes";"_submission_time"'
DHIS2 = "Event,Program stage,Event date,Longitude,Latitude,Organisation unit name,Event status,Session,Month,Audience,Topic,Facilitator,District,Participants"
REDCAP = "record_id,redcap_event_name,redcap_repeat_instance,session_id,month,audience,topic,facilitator,district,participants,trainings_complete"
ODK = "SubmissionDate,session-session_id,session-month,session-audience,session-topic,session-facilitator,place-district,reach-participants,KEY,SubmitterID"
FORMS = "Timestamp,Session,Month,Audience,Topic,Facilitator,District,Participants"
SESSION = ["S-1", "2024-02", "Teachers", "Human Trafficking 101", "NCFC", "Cayo", "24"]


@pytest.mark.parametrize(
    ("name", "header", "before", "after", "delimiter"),
    [
        (
            "KoBoToolbox",
            KOBO,
            ["2024-03-01T09:12:44.120-06:00"],
            ["100201", "a remark of many words on what happened there", "2024-03-01T15:20:11"],
            ";",
        ),
        (
            "DHIS2",
            DHIS2,
            ["Gk3P0aB7xY0", "Zj7UnCAulEk", "2024-09-15", "-88.7", "17.2", "Cayo", "COMPLETED"],
            [],
            ",",
        ),
        ("REDCap", REDCAP, ["1", "event_1", "1"], ["2"], ","),
        ("ODK", ODK, ["2024-03-01T15:20:11Z"], ["uuid:1", "12"], ","),
        ("Google Forms", FORMS, ["3/1/2024 9:12:44"], [], ","),
    ],
)
def test_an_export_that_says_what_it_is_is_read_and_its_own_columns_are_listed(
    name, header, before, after, delimiter, folder, codebook
):
    write_csv(folder, header + "\n" + delimiter.join([*before, *SESSION, *after]) + "\n")
    intake = read_submissions(folder, codebook, Settled())
    row = intake.frames["trainings"].iloc[0]
    assert (row["session_id"], row["month"], row["participants"]) == ("S-1", "2024-02", "24")
    assert intake.questions.empty
    note = intake.notes["note"].iloc[0]
    assert note.startswith(f"export of {name}: columns of its own not used (")


def test_columns_of_choices_are_the_platforms_and_several_answers_are_codes(
    folder, victims, codebook
):
    from atips_analysis.cleaning import clean

    header, row = victims({"means_of_control": "debt_bondage threats"})
    header += ["means_of_control/debt_bondage", "means_of_control/threats"]
    text = ",".join(map(str, header)) + "\n" + ",".join(map(str, [*row, 1, 1])) + "\n"
    write_csv(folder, text, "DHS_2024_victims.csv")
    frame = read_submissions(folder, codebook, Settled()).frames["victims"]
    means = clean("victims", frame, codebook).frame["means_of_control"].iloc[0]
    assert set(means.split(";")) == {
        codebook.code_of("means_of_control", text) for text in ("debt_bondage", "threats")
    }


def test_two_groups_with_a_question_of_one_name_are_asked_about(folder, codebook):
    header = KOBO.replace('"reach/participants"', '"planned/participants";"actual/participants"')
    write_csv(
        folder, header + "\n" + ";".join(["x", *SESSION[:6], "50", "24", "1", "", "x"]) + "\n"
    )
    assert read_submissions(folder, codebook, Settled()).questions["kind"].tolist() == ["column"]


def test_a_row_of_hxl_tags_is_no_row(folder, codebook):
    tags = "#event+code,#date +month,#beneficiary+type,#subsector,#org+impl,#adm1+name,#reached,#reached+f,#reached+m"
    write_csv(folder, "\n".join([HEADER, tags, ROW.format(1)]))
    sheet = read_submissions(folder, codebook, Settled()).sheets.iloc[0]
    assert sheet["rows_read"] == 1


def test_a_blank_column_that_must_not_be_sent_does_no_harm_and_all_others_are_named_at_once(
    folder, codebook
):
    write_csv(folder, f"{HEADER},Longitude\n{ROW.format(1)},\n")
    assert len(read_submissions(folder, codebook, Settled()).frames["trainings"]) == 1
    write_csv(folder, f"{HEADER},Phone,Longitude\n{ROW.format(1)},x,-88.7\n")
    with pytest.raises(InputError, match=r"columns 'Phone' .*'Longitude'"):
        read_submissions(folder, codebook, Settled())
