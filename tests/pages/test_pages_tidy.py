"""Reading one value or one breakdown: what a part that others published says of the rest."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from atips_analysis.codebook import dimensions
from atips_analysis.framework import load_indicators
from atips_analysis.pages import Cell, left_of
from atips_analysis.pages.tidy import Tidy
from atips_analysis.project import find_project

PROJECT = find_project(Path(__file__).parent)
ASKED = {"unit": "CONVICTION_P", "statistic": "count"}


def row(period: str, value: float | None, **more: object) -> dict[str, object]:
    status = "C" if value is None else "OK" if value else "Z"
    place = {"indicator_id": "PROS-04", "unit_of_count": "CONVICTION_P", "statistic": "count"}
    filled = {"period": period, "value": value, "status": status}
    return dict.fromkeys(dimensions(), "Total") | place | filled | more


def test_a_part_that_others_published_makes_no_zeros_of_the_others():
    rows = [
        row("2021", None),
        row("2021", 0, form="LAB"),
        row("2024", 8),
        row("2024", 8, form="SEX"),
    ]
    tidy = Tidy(pd.DataFrame(rows), load_indicators(PROJECT), {})
    assert tidy.cell("PROS-04", 2021, form="SEX", **ASKED).status == "C"
    assert tidy.cell("PROS-04", 2021, form="LAB", **ASKED).status == "Z"
    assert tidy.cell("PROS-04", 2024, form="LAB", **ASKED).status == "Z"


def test_a_part_that_is_left_out_is_no_more_than_the_printed_parts_leave_of_the_whole():
    rows = [
        row("2021", None, low=1, high=4),
        row("2021", 0, form="LAB"),
        row("2023", 9),
        row("2023", 5, form="LAB"),
        {**row("2021", None), "statistic": "percent"},
    ]
    tidy = Tidy(pd.DataFrame(rows), load_indicators(PROJECT), {})
    assert tidy.cell("PROS-04", 2021, form="SEX", **ASKED).hidden_range == (0, 4)
    assert tidy.cell("PROS-04", 2023, form="SEX", **ASKED).hidden_range == (0, 4)


def test_what_is_left_of_a_whole_that_nobody_knows_has_no_range():
    assert left_of(Cell(7.0), [Cell(2.0), Cell(None, "C", 1, 3)]).hidden_range == (0, 4)
    assert left_of(Cell(None, "C"), [Cell(2.0)]).hidden_range is None
    assert left_of(Cell(10.0, "R"), []).hidden_range is None


def test_what_is_merged_or_not_in_the_plan_does_not_apply_and_is_neither_zero_nor_hidden():
    rows = [
        row("2024", 18),
        row("2024", 11, age_group="CHILD"),
        row("2024", 7, age_group="ADULT_UNK"),
    ]
    victims = {"indicator_id": "PROT-01", "unit_of_count": "VICTIM"}
    tidy = Tidy(pd.DataFrame([one | victims for one in rows]), load_indicators(PROJECT), {})
    asked = {"unit": "VICTIM", "statistic": "count"}
    assert tidy.cell("PROT-01", 2024, age_group="ADULT_UNK", **asked).value == 7
    assert tidy.cell("PROT-01", 2024, age_group="ADULT", **asked).status == "NAP"
    assert tidy.cell("PROT-01", 2024, sex="F", **asked).status == "NAP"
    assert tidy.cell("PROT-01", 2024, status_of_victim="CONFIRMED", **asked).status == "C"


def test_categories_stand_in_the_order_of_their_code_list_and_the_unknown_last():
    tidy = Tidy(pd.DataFrame(), (), {}, "es")
    assert tidy.in_order("sex", ["U", "M", "F"]) == ["F", "M", "U"]
    assert tidy.in_order("stage", ["AWAIT_TRIAL", "CONTACT", "MAGISTRATE"])[0] == "CONTACT"


def test_a_unit_of_several_is_named_in_the_plural():
    assert Tidy(pd.DataFrame(), (), {}, "es").units("SUSPECT") == "personas sospechosas o acusadas"
    assert Tidy(pd.DataFrame(), (), {}).units("CASE") == "cases"
