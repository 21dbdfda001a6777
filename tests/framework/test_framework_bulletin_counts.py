"""What a bulletin counts is a table of the officer's: a row that says nothing is named."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import pytest

from atips_analysis.errors import InputError
from atips_analysis.framework.bulletin_counts import load_bulletin_counts
from atips_analysis.project import Project, find_project

HERE = find_project(Path(__file__).parent)


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        ("indicator_id", "PROT-99", "PROT-99 is not an indicator of the framework"),
        ("dimension", "sex", "a dimension and its category go together"),
        ("counted", "", "say in the column counted what it counts"),
        ("headline", "", "a key figure has a whole number, its place, and a headline"),
        ("key_figure", "first", "a key figure has a whole number, its place, and a headline"),
        ("key_figure", "²", "a key figure has a whole number, its place, and a headline"),
    ],
)
def test_a_row_of_the_bulletin_that_says_nothing_is_named(tmp_path, column, value, said):
    shutil.copytree(HERE.framework, tmp_path / "data/framework")
    shutil.copytree(HERE.council, tmp_path / "data/council")
    file = tmp_path / "data/framework/bulletin.csv"
    with file.open(encoding="utf-8", newline="") as opened:
        rows = list(csv.DictReader(opened))
    at = next(n for n, row in enumerate(rows) if row["key_figure"] and not row["dimension"])
    rows[at][column] = value
    with file.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.DictWriter(opened, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    with pytest.raises(InputError, match=said) as refused:
        load_bulletin_counts(Project(tmp_path))
    assert f"bulletin.csv, row {at + 2}: " in str(refused.value)


def test_the_bulletin_s_counts_stand_in_the_order_of_their_table():
    counts = load_bulletin_counts(HERE)
    assert any(one.is_breakdown for one in counts)
    assert all(one.counted for one in counts if not one.is_breakdown)
    places = sorted(one.key_figure for one in counts if one.key_figure)
    assert places == list(range(1, len(places) + 1))
