"""What would tell who a person is never comes in: by the header, and by what cells hold."""

from __future__ import annotations

import pytest

from atips_analysis.errors import InputError
from atips_analysis.intake import read_submissions
from atips_analysis.intake.personal import forbidden_header


@pytest.mark.parametrize(
    "header",
    [
        "Name",
        "Victim name",
        "victimName",
        "FULL NAME",
        "Surname",
        "Last_name",
        "Alias",
        "DOB",
        "D.O.B",
        "Date of birth",
        "birth date",
        "Passport",
        "Passport No.",
        "Social Security #",
        "Phone",
        "Tel.",
        "Mobile number",
        "E-mail",
        "Email address",
        "Home address",
        "Village",
        "GPS",
        "Latitude",
        "Notes",
        "Comments",
        "Case narrative",
        "Nombre",
        "Nombres y apellidos",
        "Apellido paterno",
        "Fecha de nacimiento",
        "Pasaporte",
        "Teléfono",
        "Correo electrónico",
        "Dirección",
        "Aldea",
        "Notas",
        "Observaciones",
        "Cédula",
    ],
)
def test_a_header_that_asks_for_a_person_is_refused_and_named(
    header, folder, write_workbook, victims, codebook
):
    rows = victims({})
    rows[0].append(header)
    rows[1].append("x")
    write_workbook("DHS_2024.xlsx", {"Victims": rows})
    with pytest.raises(InputError) as caught:
        read_submissions(folder, codebook)
    text = str(caught.value)
    assert text.startswith("DHS_2024.xlsx, sheet Victims, row 1: the column")
    assert repr(header) in text and "must not be sent" in text


@pytest.mark.parametrize(
    "header",
    [
        "Consent",
        "Form",
        "n",
        "Measure",
        "Month",
        "Agency",
        "Comité",
        "Cellular data used",
        "Renamed",
        "Tema",
    ],
)
def test_harmless_headers_are_not_taken_for_personal_ones(header):
    assert forbidden_header(header) is None


def test_no_column_of_the_codebook_is_refused_by_its_own_name_or_label(codebook):
    from atips_analysis.intake.header_reading import read_header

    for stream in codebook.streams.values():
        for column in stream.columns:
            for text in (column.name, *column.labels.values()):
                reading = read_header(text, stream.name, codebook)
                assert reading.match.column == column.name and reading.plain


@pytest.mark.parametrize(
    ("header", "values", "what"),
    [
        ("Ref", ["Juan Pérez", "Maria López", "Ana Coc"], "a name"),
        ("Ref", ["PEREZ, JUAN CARLOS", "LOPEZ, MARIA", "X"], "a name"),
        ("Person", ["Maria", "Jose", "Carlos"], "a name"),
        ("Contact", ["a.b@example.org", None, None], "an e-mail address"),
        ("Line", ["622-1234", "610-4433", "223-9876"], "a telephone number"),
        ("Line", ["+501 622-1234", None, None], "a telephone number"),
        ("Extra", ["2008-04-12", "1999-12-01", "2010-07-30"], "a date of birth"),
        ("Extra", ["12/04/2008", "01/12/1999", "30/07/2010"], "a date of birth"),
        ("Doc", ["P0123456", "P0123457", "PA765432"], "a document number"),
        ("Where", ["17.2510, -88.7590", None, None], "coordinates"),
        (
            "Story",
            ["she was met at the bus stop by a man who offered work", None, None],
            "free text",
        ),
    ],
)
def test_a_column_is_refused_by_what_it_holds_when_its_header_does_not_tell(
    header, values, what, folder, write_workbook, victims, codebook
):
    rows = victims(*({"victim_id": f"V-{number}"} for number in range(3)))
    for row, value in zip(rows, [header, *values], strict=True):
        row.append(value)
    write_workbook("DHS_2024.xlsx", {"Victims": rows})
    with pytest.raises(InputError, match=what) as caught:
        read_submissions(folder, codebook)
    assert repr(header) in str(caught.value)
    for value in filter(None, values):
        assert value not in str(caught.value)


def test_names_in_the_place_of_codes_are_refused(folder, write_workbook, victims, codebook):
    write_workbook("DHS_2024.xlsx", {"Victims": victims({"victim_id": "Maria Lopez"})})
    with pytest.raises(InputError, match="pseudonymise"):
        read_submissions(folder, codebook)


def test_a_person_named_as_facilitator_is_refused(folder, write_workbook, codebook):
    header = ["session_id", "month", "audience", "topic", "facilitator", "participants"]
    rows = [header, ["S1", "2024-01", "POLICE", "HT101", "John Smith", 20]]
    write_workbook("HTI_2024.xlsx", {"Trainings": rows}, cover=[])
    with pytest.raises(InputError, match="a name"):
        read_submissions(folder, codebook)


def test_a_session_may_have_a_saint_or_a_given_name_in_its_code_but_no_persons_name(
    folder, write_workbook, codebook
):
    header = ["session_id", "month", "audience", "topic", "Agency name", "participants"]
    rows = [
        [code, "2024-01", "POLICE", "HT101", "HTI", 20] for code in ("San Antonio", "Mary Open")
    ]
    write_workbook("HTI_2024.xlsx", {"Trainings": [header, *rows]}, cover=[])
    assert (
        read_submissions(folder, codebook).frames["trainings"]["facilitator"].tolist()
        == ["HTI"] * 2
    )
    rows[0][0] = "Mary Lopez"
    write_workbook("HTI_2024.xlsx", {"Trainings": [header, *rows]}, cover=[])
    with pytest.raises(InputError, match="a name"):
        read_submissions(folder, codebook)


def test_countries_agencies_places_and_odd_codes_are_not_taken_for_names(
    folder, write_workbook, victims, codebook
):
    rows = victims(
        {"citizenship": "El Salvador", "decision_by": "Human Services"},
        {"victim_id": "V-2", "citizenship": "Costa Rica", "decision_by": "Love Foundation"},
        {"victim_id": "V-3", "citizenship": "Santa Lucia", "country_of_exploitation": "San Pedro"},
        {"victim_id": "V-4", "citizenship": "Northern Ireland", "sector": "Orange Farm"},
        {"victim_id": "Case Seven", "form": "Domestic Servitude"},
    )
    for row, value in zip(
        rows, ["Shelter", "Haven House", "Mary Open Doors", "Care Unit", "x", "y"], strict=True
    ):
        row.append(value)
    write_workbook("DHS_2024.xlsx", {"Victims": rows})
    assert len(read_submissions(folder, codebook).frames["victims"]) == 5


def test_the_feedback_workbooks_own_columns_come_back_and_are_not_read(
    folder, write_workbook, victims, codebook
):
    rows = victims({})
    rows[0] += ["Verdict", "What to do"]
    rows[1] += [
        "to correct",
        "Write the month as yyyy-mm, such as 2024-03, and send it back again.",
    ]
    write_workbook("DHS_2024.xlsx", {"Victims": rows})
    intake = read_submissions(folder, codebook)
    assert len(intake.frames["victims"]) == 1
    assert intake.headers["how"].tolist()[-2:] == ["ignored", "ignored"]


def test_a_contact_on_the_cover_or_a_name_on_a_sheet_that_is_no_stream_is_not_read(
    folder, write_workbook, victims, codebook
):
    cover = [["Agency", "DHS"], ["Year", 2024], ["Contact name", "x"]]
    sheets = {"Victims": victims({}), "Staff": [["Name", "Phone"], ["a", "b"]]}
    write_workbook("DHS_2024.xlsx", sheets, cover=cover)
    assert len(read_submissions(folder, codebook).frames["victims"]) == 1
