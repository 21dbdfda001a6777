"""Totals of the example: what is called published is printed somewhere, all else is not."""

from __future__ import annotations

import re

import pandas as pd
import pytest

from atips_analysis.example.published import read_published_totals
from atips_analysis.framework.register_files import read_framework_table
from atips_analysis.indicators.place import cell_of
from atips_analysis.project import find_project
from atips_analysis.published.origins import Kind, load_origins
from atips_analysis.published.public_figures import DIMENSIONS, load_public_figures
from atips_analysis.published.sources import load_council_figures

PROJECT = find_project()
ORIGINS = load_origins(PROJECT)
NUMBERS = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "eight": 8}
YEARS = ("2021", "2022", "2023", "2024")


@pytest.fixture(scope="module")
def counted(raw):
    """Every count of a year by its place, as it was computed before protection."""
    rows = raw[(raw["statistic"] == "count") & raw["period"].isin(YEARS)]
    return {
        (
            row["indicator_id"],
            row["unit_of_count"],
            row["period"],
            frozenset(cell_of(row).items()),
        ): row["value"]
        for row in rows.to_dict("records")
        if pd.notna(row["value"])
    }


def meant(figures, year):
    """What the figures of a row of the register come to."""
    totals = read_published_totals(PROJECT.published)
    return sum(int(one) if one.isdigit() else totals.of(one, int(year)) for one in figures)


@pytest.mark.parametrize("place", ORIGINS, ids=lambda place: " ".join(place[:3]))
def test_a_listed_total_is_what_its_published_figures_come_to(counted, place):
    assert counted[place] == meant(ORIGINS[place].figures, place[2])


def test_published_is_one_figure_of_one_source_that_is_registered():
    sources = set(pd.read_csv(PROJECT.published / "sources.csv")["source_id"])
    for place, origin in ORIGINS.items():
        assert origin.source_id in sources, place
        if origin.kind is Kind.PUBLISHED:
            assert len(origin.figures) == 1, place


def test_a_printed_number_of_persons_is_published_of_persons_alone_and_never_of_acts():
    units = load_council_figures(PROJECT).set_index("figure_id")["unit"]
    persons = {"VICTIM", "SUSPECT", "CHILD", "CONVICTION_P", "REPRESENTATIVE"}
    for (code, unit, *_), origin in ORIGINS.items():
        if origin.kind is Kind.PUBLISHED and origin.source_id == "ATIPS-2024":
            same = (units[origin.figures[0]] == "persons") == (unit in persons)
            assert same, (code, unit, origin.figures)


def printed():
    """How each figure of the Council's report stands in it; blank where its list was counted."""
    table = read_framework_table(
        PROJECT.framework / "back_test_2024.csv", columns=["figure_id", "printed"]
    )
    return dict(zip(table["figure_id"], table["printed"], strict=True))


def test_a_figure_that_was_counted_from_a_list_is_not_called_published():
    stands = printed()
    own = [one for one in ORIGINS.values() if one.source_id == "ATIPS-2024"]
    assert len(own) > 20
    for origin in own:
        if origin.kind is Kind.PUBLISHED:
            assert stands[origin.figures[0]], origin


def test_what_is_printed_is_the_figure_that_is_kept():
    values = load_council_figures(PROJECT).set_index("figure_id")["value"]
    stands = printed()
    assert sum(text != "" for text in stands.values()) > 40
    for figure, text in stands.items():
        if text:
            digits = re.findall(r"\d+", text)
            assert values[figure] == (int(digits[0]) if digits else NUMBERS[text.lower()]), figure
            assert (
                not digits
                or text in digits
                or text.lower()
                in (
                    f"{word} ({digits[0]})"
                    for word, number in NUMBERS.items()
                    if number == int(digits[0])
                )
            )


def test_no_total_that_somebody_printed_is_left_out_of_the_register(counted):
    public = load_public_figures(PROJECT)
    exact = public[
        (public["measure"] == "value") & public["value"].notna() & public["period"].isin(YEARS)
    ]
    for row in exact.to_dict("records"):
        own = {name: row[name] for name in DIMENSIONS if row[name] != "Total"}
        place = (row["indicator_id"], row["unit_of_count"], row["period"], frozenset(own.items()))
        if not own and counted.get(place) == row["value"]:
            assert place in ORIGINS, place


@pytest.mark.parametrize(
    ("indicator", "unit"),
    [("PROT-01", "VICTIM"), ("PREV-01", "SESSION"), ("PREV-05", "PRODUCT"), ("PROS-06", "SUSPECT"), ("PREV-09", "REPORT")],
)  # fmt: skip
def test_the_council_published_no_such_number(indicator, unit):
    assert (indicator, unit, "2024", frozenset()) not in ORIGINS


def test_nothing_was_published_for_2023():
    assert not [place for place in ORIGINS if place[2] == "2023"]


def test_the_simulator_was_told_of_each_total_that_is_published_or_made_to_meet():
    """Every figure that the simulator's tables name stands in the register, but for parts of parts."""
    told = set()
    for name, columns in (
        ("totals", ["figure"]),
        ("trainings", ["figure"]),
        ("awareness", ["figure"]),
        ("engagements", ["people_figure", "times_figure"]),
    ):
        lines = (PROJECT.root / "data" / "simulator" / f"{name}.csv").read_text(encoding="utf-8")
        text = "\n".join(line for line in lines.splitlines() if not line.startswith("#"))
        import csv
        import io

        for row in csv.DictReader(io.StringIO(text)):
            if row["year"] == "2024":
                told |= {re.split(r" [+-] ", row[column])[0] for column in columns if row[column]}
    listed = {figure for origin in ORIGINS.values() for figure in origin.figures}
    events = {
        figure
        for figure in told
        if figure.startswith(("LAB-04", "LAB-05", "LAB-06", "LAB-07", "PAR-11"))
    }
    of_training = {"NGO-04", "NGO-05"}  # part of an audience; who came to an event
    assert told - events - of_training <= listed
