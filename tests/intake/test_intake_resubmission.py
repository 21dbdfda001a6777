"""Several files of one agency and year: parts of a return, or the same return corrected."""

from __future__ import annotations

import pytest

from atips_analysis.intake import read_submissions

CSV = "month,inspection_type,sector,district,finding,n\n2024-0{month},ROUTINE,I,CY,NONE,{n}\n"


def write(folder, name, n=1, month=1):
    (folder / name).write_text(CSV.format(n=n, month=month), encoding="utf-8")


def state(intake) -> dict[str, str]:
    return dict(zip(intake.files["file"], intake.files["replaced_by"].fillna(""), strict=True))


@pytest.mark.parametrize(
    "later",
    [
        "LABOUR_2024_inspections_v2.csv",
        "LABOUR_2024_inspections_V2.csv",
        "LABOUR_2024_inspections_corrected.csv",
        "LABOUR_2024_inspections_rev1.csv",
        "LABOUR_2024_inspections corregido.csv",
        "LABOUR_2024_inspections (corrected).csv",
        "LABOUR_2024_inspecciones_versión 2.csv",
    ],
)
def test_a_corrected_file_replaces_the_earlier_one_which_stays_listed(later, folder, codebook):
    write(folder, "LABOUR_2024_inspections.csv", n=1)
    write(folder, later, n=2)
    intake = read_submissions(folder, codebook)
    assert intake.frames["inspections"]["n"].tolist() == ["2"]
    assert state(intake) == {"LABOUR_2024_inspections.csv": later, later: ""}
    listed = intake.files.set_index("file")["state"]
    assert listed.to_dict() == {"LABOUR_2024_inspections.csv": "replaced", later: "current"}


def test_of_several_corrections_the_last_counts(folder, codebook):
    names = [f"LABOUR_2024_inspections{end}.csv" for end in ("", "_v2", "_v10", "_v9")]
    for number, name in enumerate(names):
        write(folder, name, n=number)
    intake = read_submissions(folder, codebook)
    assert intake.frames["inspections"]["n"].tolist() == ["2"]
    assert (intake.files["state"] == "current").sum() == 1


def test_parts_of_a_return_are_all_read(folder, codebook):
    write(folder, "LABOUR_2024_inspections.csv", n=1, month=1)
    write(folder, "LABOUR_2024_inspections_q2.csv", n=2, month=4)
    intake = read_submissions(folder, codebook)
    assert intake.frames["inspections"]["n"].tolist() == ["1", "2"]
    assert set(intake.files["state"]) == {"current"}


def test_the_same_file_twice_is_read_once(folder, codebook):
    (folder / "copy").mkdir()
    write(folder, "LABOUR_2024_inspections.csv")
    write(folder, "copy/LABOUR_2024_inspections.csv")
    intake = read_submissions(folder, codebook)
    assert len(intake.frames["inspections"]) == 1
    assert state(intake) == {
        "LABOUR_2024_inspections.csv": "",
        "copy/LABOUR_2024_inspections.csv": "LABOUR_2024_inspections.csv",
    }


def test_a_cover_that_names_what_it_replaces_or_a_higher_version_replaces(
    folder, write_workbook, victims, codebook
):
    write_workbook("DHS_2024.xlsx", {"Victims": victims({"victim_id": "V-1"})})
    cover = [["Agency", "DHS"], ["Year", 2024], ["Replaces", "DHS_2024.xlsx"]]
    write_workbook("new.xlsx", {"Victims": victims({"victim_id": "V-2"})}, cover=cover)
    assert state(read_submissions(folder, codebook)) == {
        "DHS_2024.xlsx": "new.xlsx",
        "new.xlsx": "",
    }
    cover = [["Agency", "DHS"], ["Year", 2024], ["Version", 3]]
    write_workbook("newer.xlsx", {"Victims": victims({"victim_id": "V-3"})}, cover=cover)
    intake = read_submissions(folder, codebook)
    assert intake.frames["victims"]["victim_id"].tolist() == ["V-3"]


def test_a_corrected_stream_replaces_that_stream_only(folder, write_workbook, victims, codebook):
    services = [
        ["victim_id", "service_type", "provider", "start_month"],
        ["V-0001", "SHELTER", "DHS", "2024-04"],
    ]
    write_workbook("DHS_2024.xlsx", {"Victims": victims({}), "Services": services})
    rows = victims({"victim_id": "V-9"})
    (folder / "DHS_2024_victims_v2.csv").write_text(
        "\n".join(",".join(map(str, row)) for row in rows), encoding="utf-8"
    )
    intake = read_submissions(folder, codebook)
    assert intake.frames["victims"]["victim_id"].tolist() == ["V-9"]
    assert len(intake.frames["services"]) == 1
    assert set(intake.files["state"]) == {"current"}
    assert "replaced by DHS_2024_victims_v2.csv: not read" in intake.notes["note"].tolist()
    read = intake.sheets.set_index(["file", "stream"])["rows_read"].to_dict()
    assert read[("DHS_2024.xlsx", "victims")] == 0


def test_other_agencies_and_years_are_not_touched_by_a_correction(folder, codebook):
    write(folder, "LABOUR_2023_inspections.csv")
    write(folder, "IMM_2024_inspections.csv", n=3)
    write(folder, "LABOUR_2024_inspections_v2.csv", n=2)
    intake = read_submissions(folder, codebook)
    assert set(intake.files["state"]) == {"current"}


def test_the_order_in_which_files_lie_in_the_folder_does_not_matter(folder, codebook, monkeypatch):
    from pathlib import Path

    for name in ("LABOUR_2024_inspections.csv", "IMM_2024_inspections.csv"):
        write(folder, name, n=len(name))
    forth = read_submissions(folder, codebook)
    listed = Path.rglob
    monkeypatch.setattr(Path, "rglob", lambda self, pattern: reversed(list(listed(self, pattern))))
    back = read_submissions(folder, codebook)
    assert forth.frames["inspections"].equals(back.frames["inspections"])
    assert forth.files.equals(back.files)
