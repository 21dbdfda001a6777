"""What an agency knows of the numbers: the persons of whom it returned a row."""

from __future__ import annotations

from dataclasses import replace

import pytest

from atips_analysis.disclosure.indicator_table import protect_table
from atips_analysis.indicators import compute, parse_period
from atips_analysis.indicators.own_numbers import own_numbers
from atips_analysis.project import Project, find_project


def code(number: int) -> str:
    return f"{number:016x}"


@pytest.fixture
def rows(invented):
    """21 victims, 12 of them children: all but two children and an adult are the care agency's."""
    whose = ["DHS"] * 10 + ["BPD_ATIPS"] * 2 + ["DHS"] * 8 + ["BPD_ATIPS"]
    ages = ["CHILD"] * 12 + ["A21_29"] * 9
    victims = [
        invented.victim(code(n), by_=by, age_group=age)
        for n, (by, age) in enumerate(zip(whose, ages, strict=True))
    ]
    also = invented.victim(code(0), by_="BPD_ATIPS", age_group="CHILD")
    return invented.bank(victims=invented.frame("victims", *victims, also))


@pytest.fixture
def raw(rows, population):
    return compute(rows, [parse_period("2024")], ["PROT-01"], population=population, vintage="e")


def known(rows, raw, category: str = ""):
    number = raw["statistic"].eq("count") & raw["category_1"].eq(category)
    return own_numbers(rows, raw).loc[(raw.index[number][0], "value")].to_dict()


def test_a_person_whom_two_agencies_returned_is_known_to_both(rows, raw):
    assert known(rows, raw) == {"DHS": 18, "BPD_ATIPS": 4}
    assert known(rows, raw, "CHILD") == {"DHS": 10, "BPD_ATIPS": 3}


def test_of_no_persons_nothing_is_known(invented, raw):
    assert own_numbers(invented.bank(), raw).empty


def withstanding(*agencies: str) -> Project:
    project = find_project()
    profile = project.profile | {
        "disclosure": project.profile["disclosure"] | {"withstood_agencies": list(agencies)}
    }
    other = replace(project)
    other.__dict__["profile"] = profile
    return other


def test_what_agencies_open_is_counted_and_where_the_council_says_so_withstood(rows, raw):
    own = own_numbers(rows, raw)
    counted = protect_table(raw, withstanding(), own=own)
    opened = counted.confidential_account["agencies"]["DHS"]["opened"]
    assert "PROT-01 VICTIM, 2024, age_group CHILD" in opened
    assert "agencies" not in counted.public_account
    safe = protect_table(raw, withstanding("*"), own=own)
    told = safe.confidential_account["agencies"]["DHS"]
    assert told["opened"] == []
    assert told["by_totals"] == ["PROT-01 VICTIM, 2024, Total"]
    shown = safe.table[safe.table["by_1"].eq("age_group")]
    assert set(shown["status"]) == {"C"}
