"""`atips indicators` and `atips baseline` as a person types them."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from atips_analysis.cli import run
from atips_analysis.indicators.place import wide_columns
from atips_analysis.project import find_project


@pytest.fixture(scope="module")
def databank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data bank of one year of one agency: small, and enough for the command."""
    folder = tmp_path_factory.mktemp("one-agency")
    submissions = find_project().example / "submissions"
    (folder / "in").mkdir()
    for name in ("BPD_ATIPS_2024.xlsx", "DHS_2024.xlsx"):
        (folder / "in" / name).write_bytes((submissions / name).read_bytes())
    code = run(
        ["consolidate", "--submissions", str(folder / "in"), "--databank", str(folder / "bank"),
         "--quiet"]
    )  # fmt: skip
    assert code in (0, 1)
    return folder / "bank"


def said(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    code = run(list(words))
    out = capsys.readouterr()
    return code, out.out, out.err


def test_a_trace_names_edition_filters_formula_and_every_row_by_its_key(databank, capsys):
    code, out, _ = said(
        capsys, "indicators", "--databank", str(databank), "--year", "2024", "--trace", "PROT-01"
    )
    assert code == 0
    assert out.startswith("CONFIDENTIAL")
    for word in ("edition", "filters", "formula", "definition", "rows counted", "key"):
        assert word in out, word
    counted = int(out.split("rows counted ")[1].split(",")[0])
    assert out.count("/2024") == counted > 0


def test_a_trace_of_what_nobody_collects_says_so(databank, capsys):
    code, out, _ = said(
        capsys, "indicators", "--databank", str(databank), "--year", "2024", "--trace", "PROT-12"
    )
    assert code == 0 and "not collected, never as zero" in out and "rows counted 0" in out


def test_a_quarter_is_a_period_like_any_other(databank, capsys):
    code, out, _ = said(
        capsys, "indicators", "--databank", str(databank), "--year", "2024-Q3", "--trace", "prot-01"
    )
    assert code == 0 and "2024-07 to 2024-09" in out


def test_the_table_is_written_protected_with_the_columns_of_the_design(databank, capsys, tmp_path):
    out = tmp_path / "table.csv"
    code, text, _ = said(
        capsys, "indicators", "--databank", str(databank), "--year", "2024", "--out", str(out)
    )
    assert code == 0 and "protected, simulated records" in text
    with out.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert tuple(rows[0]) == wide_columns()
    assert {row["status"] for row in rows} <= {"OK", "Z", "C", "M", "NC", "NAP", "PV"}
    assert all(row["value"] == "" for row in rows if row["status"] == "C")


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (("--year", "2024", "--trace", "PROT-99"), "PROT-99"),
        (("--year", "2024-Q9", "--trace", "PROT-01"), "2024-Q9"),
        (("--year", "2024"), "--out is missing"),
        (("--year", "2024", "--baseline", "2021-H1", "--out", "x.csv"), "whole years"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(databank, capsys, words, part):
    code, _, err = said(capsys, "indicators", "--databank", str(databank), *words)
    assert code == 2 and part in err
    assert len(err.strip().splitlines()) == 1 and "Traceback" not in err


def test_a_databank_that_is_not_there_is_one_line(tmp_path, capsys):
    code, _, err = said(
        capsys, "indicators", "--databank", str(tmp_path / "none"), "--year", "2024",
        "--out", str(tmp_path / "x.csv"),
    )  # fmt: skip
    assert code == 2 and len(err.strip().splitlines()) == 1


@pytest.mark.parametrize("command", ["show", "diff"])
def test_a_baseline_that_nobody_froze_says_how_to_freeze_it(databank, capsys, command):
    where = ["--databank", str(databank)] if command == "diff" else []
    code, _, err = said(capsys, "baseline", command, "--period", "1999-2001", *where)
    assert code == 2 and "atips baseline freeze" in err and len(err.strip().splitlines()) == 1


def test_a_baseline_needs_returns_of_all_its_years(databank, capsys):
    code, _, err = said(
        capsys, "baseline", "freeze", "--period", "2021-2023", "--frozen-by", "Chair",
        "--databank", str(databank),
    )  # fmt: skip
    assert code == 2 and "no return for 2021, 2022, 2023" in err
