"""The files of the example: marked as simulated, the same for the same seed, mistakes listed."""

from __future__ import annotations

import csv
import zipfile
from pathlib import Path

import openpyxl
import pytest

from atips_analysis.cli import run
from atips_analysis.example import read_scenario
from atips_analysis.example.writing import write_example
from atips_analysis.example.written_returns import SIMULATED_MARK
from atips_analysis.project import find_project

PROJECT = find_project()


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("example") / "made"
    write_example(out, read_scenario(PROJECT))
    return out


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_the_committed_example_is_what_the_default_seed_writes(written: Path) -> None:
    """And so the same seed writes the same bytes."""
    made, committed = files(written), files(PROJECT.example)
    del committed["disclosure-key.txt"]  # the example's tracked key: drawn once, by nobody's seed
    assert sorted(made) == sorted(committed)
    assert [name for name in made if made[name] != committed[name]] == []


def test_every_sheet_of_every_workbook_carries_the_mark(written: Path) -> None:
    for path in sorted((written / "submissions").glob("*.xlsx")):
        book = openpyxl.load_workbook(path, read_only=True)
        for sheet in book.worksheets:
            first = next(sheet.iter_rows(max_row=1, max_col=1, values_only=True))[0]
            assert first == SIMULATED_MARK, f"{path.name}, {sheet.title}"
        book.close()
        with zipfile.ZipFile(path) as parts:
            assert SIMULATED_MARK in parts.read("docProps/core.xml").decode()


def test_every_csv_carries_the_mark_above_its_header(written: Path) -> None:
    paths = sorted((written / "submissions").glob("*.csv"))
    assert paths
    for path in paths:
        coding = "cp1252" if b";" in path.read_bytes().splitlines()[2] else "utf-8"
        assert path.read_text(encoding=coding).startswith(SIMULATED_MARK)


def test_every_year_has_mistakes_and_each_says_what_should_become_of_it(written: Path) -> None:
    with (written / "mistakes.csv").open(encoding="utf-8", newline="") as file:
        mistakes = list(csv.DictReader(file))
    verdicts = {"accepted", "accepted after cleaning", "quarantined", "duplicate", "warning"}
    verdicts |= {"left out"}
    assert {row["expected_verdict"] for row in mistakes} == verdicts
    assert all(row["what_is_wrong"] and row["expected_rule"] for row in mistakes)
    for year in ("2021", "2022", "2023", "2024"):
        assert any(f"_{year}" in row["file"] for row in mistakes)
    there = {path.name for path in (written / "submissions").iterdir()}
    assert {row["file"] for row in mistakes} <= there


def test_a_mistake_stands_where_the_list_says(written: Path) -> None:
    with (written / "mistakes.csv").open(encoding="utf-8", newline="") as file:
        belmopan = next(row for row in csv.DictReader(file) if row["value"] == "Belmopan")
    book = openpyxl.load_workbook(written / "submissions" / belmopan["file"])
    values = [cell.value for cell in book[belmopan["sheet"]][int(belmopan["row"])]]
    assert "Belmopan" in values


def test_a_folder_with_other_things_is_left_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "thesis.docx").write_text("mine")
    assert run(["example", "--out", str(tmp_path)]) == 2
    assert "thesis.docx" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.docx"]


def test_real_submissions_are_never_replaced_by_the_example(tmp_path: Path) -> None:
    (tmp_path / "submissions").mkdir()
    (tmp_path / "submissions" / "DHS_2024.xlsx").write_text("a return")
    assert run(["example", "--out", str(tmp_path)]) == 2
    assert (tmp_path / "submissions" / "DHS_2024.xlsx").read_text() == "a return"


def test_the_page_beside_the_files_says_that_they_are_no_substitute_for_data(
    written: Path,
) -> None:
    page = (written / "README.md").read_text(encoding="utf-8")
    assert SIMULATED_MARK in page
    assert "not a substitute for data" in page
