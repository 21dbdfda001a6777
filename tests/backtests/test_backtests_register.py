"""What the back test computes of a printed figure is the cell that is registered as public."""

from __future__ import annotations

import csv
from pathlib import Path

FRAMEWORK = Path(__file__).resolve().parents[2] / "data" / "framework"
DIMENSIONS = ("sex", "age_group", "form", "offence_group", "stage", "inspection_type")


def rows(name):
    with (FRAMEWORK / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_a_figure_of_the_report_is_registered_under_the_cell_that_the_back_test_reads():
    registered = {}
    for row in rows("public_figures.csv"):
        if row["source_id"] == "ATIPS-2024" and row["measure"] == "value":
            cell = {name: row[name] for name in DIMENSIONS if row[name] != "Total"}
            registered[row["locator"].split(":")[0]] = (row["indicator_id"], cell)
    compared = 0
    for row in rows("back_test_2024.csv"):
        if row["how"] != "indicator" or row["figure_id"] not in registered:
            continue
        indicator_id, cell = registered[row["figure_id"]]
        assert row["subject"] == indicator_id
        read = dict(part.split("=") for part in row["cell"].split() if part)
        assert read.items() <= cell.items(), row["figure_id"]
        compared += 1
    assert compared >= 10
