"""A figure whose sources are not all there says so, and is held against no other."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from atips_analysis.indicators.incomplete import (
    Gap,
    Incomplete,
    incomplete_of,
    missing_returns,
)
from atips_analysis.pages.numbers import Cell
from atips_analysis.pages.returns import (
    incomplete_in_words,
    missing_in_words,
    returned_months,
)

HALF = {"BPD_ATIPS": range(1, 7), "DHS": range(1, 13)}


def returns(stream="victims", came=HALF):
    return pd.DataFrame(
        [
            (agency, stream, f"2024-{month:02d}", "received" if month in months else "missing")
            for agency, months in came.items()
            for month in range(1, 13)
        ],
        columns=["agency", "stream", "month", "state"],
    )


@pytest.fixture
def bank(invented):
    months = ("2024-02", "2024-09")
    victims = [invented.victim(f"{i:016x}", status_date=months[i % 2]) for i in range(9)]
    return invented.bank(victims=invented.frame("victims", *victims))


def test_half_a_year_of_silence_is_no_complete_year(bank, invented):
    row = invented.row(replace(bank, returns=returns()), "PROT-01", "2024")
    assert row["status"] == "PV" and row["value"] == 9
    assert "incomplete: 6 of 12 months; not sent: BPD_ATIPS 2024-07 to 2024-12" in row["note"]


def test_a_period_of_which_all_months_came_is_complete(bank, invented):
    own = replace(bank, returns=returns())
    assert invented.row(own, "PROT-01", "2024-H1")["status"] in ("OK", "Z")
    assert invented.row(own, "PROT-01", "2024-H2")["status"] == "PV"


def test_what_is_owed_of_another_stream_does_not_make_a_figure_incomplete(bank, invented):
    own = replace(bank, returns=returns("inspections"))
    assert invented.row(own, "PROT-01", "2024")["status"] == "OK"


def test_without_a_register_nothing_is_incomplete(bank, invented):
    assert invented.row(bank, "PROT-01", "2024")["status"] == "OK"


@pytest.mark.parametrize("state", ["received", "nil", "late"])
def test_what_came_late_or_was_nothing_is_there(state, bank, invented):
    own = replace(bank, returns=returns().assign(state=state))
    assert invented.row(own, "PROT-01", "2024")["status"] == "OK"


@pytest.mark.parametrize("state", ["partial", "missing", "withdrawn"])
def test_what_came_in_part_or_was_taken_back_is_not_there(state, bank, invented):
    own = replace(bank, returns=returns().assign(state=state))
    row = invented.row(own, "PROT-01", "2024")
    assert row["status"] == "PV" and "0 of 12 months" in row["note"]


def test_a_note_says_what_pages_read_out_of_it():
    lack = Incomplete(
        7, 12, (Gap("BPD_ATIPS", "2024-08", "2024-12"), Gap("DHS", "2024-01", "2024-01"))
    )
    assert incomplete_of(f"half of them lie between 1 and 2; {lack}; more") == lack
    assert incomplete_of("half of them lie between 1 and 2") is None


def test_what_is_missing_is_said_in_the_language_of_the_page():
    lack = Incomplete(7, 12, (Gap("NOPCAN", "2024-08", "2024-12"),))
    assert incomplete_in_words(lack) == (
        "7 of 12 months; NOPCAN has not sent August to December 2024"
    )
    assert incomplete_in_words(lack, "es") == (
        "7 de 12 meses; NOPCAN no ha remitido los datos de agosto a diciembre de 2024"
    )
    several = [{"agency": "NOPCAN", "first": "2023-11", "last": "2024-02"}]
    assert missing_in_words(several) == "NOPCAN has not sent November 2023 to February 2024"


def test_gaps_of_a_build_are_those_of_its_years_whatever_the_stream():
    both = pd.concat([returns(), returns("services", {"DHS": range(1, 12)})])
    assert missing_returns(both, 2024, 2024) == [
        {"agency": "BPD_ATIPS", "first": "2024-07", "last": "2024-12"},
        {"agency": "DHS", "first": "2024-12", "last": "2024-12"},
    ]
    assert missing_returns(both, 2021, 2023) == []


@pytest.mark.parametrize(
    ("cell", "comparable"),
    [
        (Cell(5.0), True),
        (Cell(0.0, "Z"), True),
        (Cell(5.0, "PV"), False),
        (Cell(None, "C"), False),
    ],
)
def test_an_incomplete_figure_is_never_compared(cell, comparable):
    assert cell.comparable is comparable


def test_the_picture_of_returns_says_in_words_what_it_shows():
    states = returns(came={"BPD_ATIPS": range(1, 7)}).drop(columns="stream")
    drawn = returned_months(states, [2024])
    assert "BPD_ATIPS 6 received, 6 missing" in drawn.alt and drawn.svg.startswith("<svg")
