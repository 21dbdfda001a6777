"""What intake hands over of a folder, table by table, and the receipt of a file for programs."""

from __future__ import annotations

import json

import pandas as pd
import pytest

from atips_analysis.codebook import fold
from atips_analysis.errors import InputError
from atips_analysis.intake import read_submissions
from atips_analysis.intake.receipt import receipt_of
from atips_analysis.intake.settled import Settled

HEAD = "Month,Type of inspection,Economic sector,District,Finding,Inspections"
ROW = "2024-0{n},ROUTINE,I,CY,NONE,{count}"
HOW = ["exact", "label", "label", "exact", "exact", "label"]
NAMES = ["month", "inspection_type", "sector", "district", "finding", "n"]
TABLES = {
    "files": "file sha256 submitted_by submitted_for state replaced_by simulated version sent first"
    " last contact_role",
    "sheets": "file sheet stream rows_read blank_rows title_rows totals_rows forgotten_rows"
    " nil_return",
    "headers": "file sheet header column how",
    "notes": "file sheet row column note",
    "questions": "id file sheet stream kind about column question choices rows answer",
    "waiting": "stream file sheet row column id kind question question_es",
    "faults": "file fault",
}
"""The tables of an intake and their columns, as other rooms read them."""


def write(folder, name: str, *rows: str, head: str = HEAD, above: str = "") -> None:
    lines = [*([above] if above else []), head, *rows]
    (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")


def rows(*counts: object) -> list[str]:
    return [ROW.format(n=n, count=count) for n, count in enumerate(counts, start=1)]


@pytest.fixture
def intake(folder, codebook):
    """A return and its correction, a part of one, a twin, a question, a nil return, a fault."""
    write(folder, "LABOUR_2024_inspections.csv", *rows(3, 4))
    write(folder, "LABOUR_2024_inspections_v2.csv", *rows(3, 5, 6), ",,,,,14")
    write(folder, "twin.csv", *rows(3, 5, 6), ",,,,,14")
    (folder / "twin.csv").rename(folder / "LABOUR_2024_z_inspections.csv")
    head = HEAD.replace("Inspections", "Inspections (planned)") + ",Colour"
    write(folder, "LABOUR_2023_inspections.csv", *(f"{one},red" for one in rows(7)), head=head)
    write(folder, "DHS_2024_inspections.csv", above="Nothing to report")
    write(folder, "nobody.csv", "1,2", head="a,b")
    (folder / "a.pdf").write_bytes(b"%PDF")
    return read_submissions(folder, codebook, Settled())


def test_the_tables_of_an_intake_have_these_columns(intake):
    assert {name: " ".join(getattr(intake, name)) for name in TABLES} == TABLES
    place = ["file", "sheet", "row", "submitted_by", "submitted_for", "source"]
    for frame in intake.frames.values():
        assert set(place) <= set(frame)


def test_each_file_is_told_with_its_state_and_version(intake):
    names = ["file", "submitted_by", "submitted_for", "state", "replaced_by", "version"]
    told = [tuple(row) for row in intake.files[names].fillna("").itertuples(index=False)]
    assert told == [
        ("DHS_2024_inspections.csv", "DHS", 2024, "current", "", 1),
        ("LABOUR_2023_inspections.csv", "LABOUR", 2023, "current", "", 1),
        (
            "LABOUR_2024_inspections.csv", "LABOUR", 2024, "replaced",
            "LABOUR_2024_inspections_v2.csv", 1,
        ),
        ("LABOUR_2024_inspections_v2.csv", "LABOUR", 2024, "current", "", 2),
        (
            "LABOUR_2024_z_inspections.csv", "LABOUR", 2024, "replaced",
            "LABOUR_2024_inspections_v2.csv", 2,
        ),
    ]  # fmt: skip
    assert not intake.files["simulated"].any()


def test_each_sheet_is_told_with_its_rows(intake):
    names = [*TABLES["sheets"].split()[2:]]
    told = intake.sheets.set_index("file")[names].apply(tuple, axis=1).to_dict()
    assert told == {
        "DHS_2024_inspections.csv": ("inspections", 0, 0, 1, 0, 0, True),
        "LABOUR_2023_inspections.csv": ("inspections", 1, 0, 0, 0, 0, False),
        "LABOUR_2024_inspections.csv": ("inspections", 0, 0, 0, 0, 0, False),
        "LABOUR_2024_inspections_v2.csv": ("inspections", 3, 0, 0, 1, 0, False),
    }


def test_each_row_has_its_place_and_what_waits_has_its_question(intake):
    frame = intake.frames["inspections"]
    names = ["file", "row", "submitted_by", "submitted_for", "source", "month", "n"]
    assert [tuple(row) for row in frame[names].itertuples(index=False)] == [
        ("LABOUR_2023_inspections.csv", 2, "LABOUR", 2023, "register", "2024-01", "7"),
        *(
            (
                "LABOUR_2024_inspections_v2.csv",
                n + 1,
                "LABOUR",
                2024,
                "register",
                f"2024-0{n}",
                count,
            )
            for n, count in ((1, "3"), (2, "5"), (3, "6"))
        ),
    ]
    (question,) = intake.questions.to_dict("records")
    assert question["file"] == "LABOUR_2023_inspections.csv"
    assert (question["stream"], question["kind"]) == ("inspections", "meaning")
    assert (question["column"], question["rows"], question["answer"]) == ("n", 1, "")
    assert fold(question["about"]) == fold("Inspections (planned)")
    (waiting,) = intake.waiting.to_dict("records")
    assert (waiting["row"], waiting["column"], waiting["id"]) == (2, "n", question["id"])
    assert waiting["question"] == question["question"] != waiting["question_es"]


def test_what_cannot_be_used_is_told_and_the_rest_is_read(intake):
    faults = dict(intake.faults.itertuples(index=False, name=None))
    assert set(faults) == {"nobody.csv"}
    assert "a.pdf" in set(intake.notes["file"])
    assert "the name does not say which stream the file holds" in faults["nobody.csv"]


def test_headers_are_told_with_how_they_were_known(intake):
    own = intake.headers[intake.headers["file"] == "LABOUR_2023_inspections.csv"]
    assert list(own["how"]) == [*HOW, "ignored"]
    assert list(own["column"])[:6] == NAMES


def judged(intake) -> dict[str, pd.DataFrame]:
    return {
        name: frame.assign(verdict=["accepted"] * len(frame))
        for name, frame in intake.frames.items()
    }


def test_the_receipt_for_programs_says_all_of_a_file(intake, codebook):
    receipt = receipt_of(intake, judged(intake), "LABOUR_2024_inspections_v2.csv", codebook)
    told = receipt.as_json(codebook)
    assert json.loads(json.dumps(told)) == {
        "read_as": "UTF-8, comma between columns",
        "version": 2,
        "state": "current",
        "replaces": ["LABOUR_2024_inspections.csv", "LABOUR_2024_z_inspections.csv"],
        "replaced_by": "",
        "sheets": [
            {
                "sheet": "LABOUR_2024_inspections_v2",
                "stream": "inspections",
                "rows": {"read": 3, "accepted": 3, "quarantined": 0, "duplicate": 0},
                "columns": [
                    {"header": header, "column": column, "how": how}
                    for header, column, how in zip(HEAD.split(","), NAMES, HOW, strict=True)
                ],
                "columns_not_used": [],
                "columns_missing": [],
                "rows_left_out": {"totals": 1},
                "nil_return": False,
                "period": ["2024-01", "2024-03"],
                "sums_by_month": [
                    {"month": f"2024-0{n}", "rows": 1, "n": count}
                    for n, count in ((1, 3), (2, 5), (3, 6))
                ],
            }
        ],
        "questions": [],
        "answered": [],
        "notes": [],
    }


def test_the_receipt_of_a_file_that_was_replaced_names_the_other(intake, codebook):
    receipt = receipt_of(intake, judged(intake), "LABOUR_2024_inspections.csv", codebook)
    told = receipt.as_json(codebook)
    assert (told["state"], told["replaced_by"]) == ("replaced", "LABOUR_2024_inspections_v2.csv")
    assert told["sheets"][0]["rows"]["read"] == 0 and told["sheets"][0]["period"] is None
    assert any("LABOUR_2024_inspections_v2.csv" in line for line in receipt.lines(codebook))
    other = receipt_of(intake, judged(intake), "LABOUR_2024_inspections_v2.csv", codebook)
    assert any("LABOUR_2024_inspections.csv" in line for line in other.lines(codebook))
    assert not any("None" in line for line in [*receipt.lines(codebook), *other.lines(codebook)])


def test_a_receipt_tells_an_answer_apart_from_a_question(folder, codebook):
    head = HEAD.replace("Inspections", "Inspections (planned)")
    write(folder, "LABOUR_2024_inspections.csv", *rows(7), head=head)
    key = ("meaning", fold("Inspections (planned)"))
    for given, asked, answered in (({}, 1, 0), ({key: "count"}, 0, 1)):
        settled = Settled({("LABOUR", "inspections"): given})
        intake = read_submissions(folder, codebook, settled)
        receipt = receipt_of(intake, judged(intake), "LABOUR_2024_inspections.csv", codebook)
        told = receipt.as_json(codebook)
        assert (len(told["questions"]), len(told["answered"])) == (asked, answered)
        line = "answered" if answered else "Waiting: 1 row"
        assert any(line in one for one in receipt.lines(codebook))


@pytest.mark.parametrize(("above", "name", "agency", "year"), [
    ("Labour Department", "2024_inspections.csv", "LABOUR", 2024),
    ("Labour Department,2024", "inspections.csv", "LABOUR", 2024),
    ("Agency: DHS", "2024_inspections.csv", "DHS", 2024),
    ("Agency: DHS", "LABOUR_2024_inspections.csv", "DHS", 2024),
    ("Year: 2024", "LABOUR_inspections.csv", "LABOUR", 2024),
    ("", "LABOUR_2024_inspections.csv", "LABOUR", 2024),
])  # fmt: skip
def test_a_text_file_says_above_its_table_or_by_its_name_whose_it_is(
    above, name, agency, year, folder, codebook
):
    write(folder, name, *rows(3), above=above)
    files = read_submissions(folder, codebook, Settled()).files
    assert files[["submitted_by", "submitted_for"]].values.tolist() == [[agency, year]]


@pytest.mark.parametrize(("above", "name", "says"), [
    ("", "inspections.csv", "which agency and year the file is from"),
    ("Labour Department", "inspections.csv", "which year the file is from"),
    ("of 2024", "inspections.csv", "which agency the file is from"),
    ("Labour Department 2023 2024", "inspections.csv", r"from \(its sheets name 2023, 2024\)"),
    ("Year: 2023/24", "LABOUR_2024_inspections.csv", "is not one year of four digits"),
])  # fmt: skip
def test_a_text_file_that_does_not_say_whose_it_is_is_refused(above, name, says, folder, codebook):
    write(folder, name, *rows(3), above=above)
    with pytest.raises(InputError, match=says):
        read_submissions(folder, codebook, Settled())


def test_several_faults_are_counted_and_one_is_said_as_it_is(folder, codebook):
    write(folder, "one.csv", "1,2", head="a,b")
    with pytest.raises(InputError, match=r"^one.csv: the name does not say"):
        read_submissions(folder, codebook, Settled())
    write(folder, "two.csv", "1,2", head="a,b")
    with pytest.raises(InputError, match=r"^2 files cannot be used: one.csv: .*; two.csv: "):
        read_submissions(folder, codebook, Settled())


def test_an_answer_to_a_header_that_is_gone_is_told(folder, codebook):
    write(folder, "LABOUR_2024_inspections.csv", *rows(7))
    for about, told in (("Inspections (planned)", 1), ("Inspections", 0)):
        given = {("LABOUR", "inspections"): {("meaning", fold(about)): "count"}}
        notes = read_submissions(folder, codebook, Settled(given)).notes["note"]
        assert sum("count" in note for note in notes) == told
