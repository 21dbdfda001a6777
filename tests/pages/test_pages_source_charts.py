"""Charts of what several sources print: nothing hidden is told, second hand is said."""

from __future__ import annotations

import re

import pandas as pd
import pytest

from atips_analysis.pages.source_charts import (
    bars_by_source,
    counts_by_source,
    counts_over_periods,
    rates_by_source,
)

PALETTE = {"UNODC": "#d55e00", "US": "#0b3a66"}


@pytest.fixture
def points() -> pd.DataFrame:
    """A hidden count whose number has slipped in, a known one, and one read second hand."""
    return pd.DataFrame(
        {
            "series": ["UNODC", "UNODC", "US"],
            "year": [2019, 2021, 2021],
            "value": [3.0, 5.0, 17.0],
            "low": [1.0, 1.6, 9.9],
            "high": [4.0, 11.7, 27.2],
            "status": ["C", "OK", "OK"],
            "second_hand": [False, False, True],
        }
    )


def test_a_count_that_its_publisher_hides_is_in_no_words(points: pd.DataFrame) -> None:
    drawn = counts_by_source(points, unit="Victims", palette=PALETTE)
    assert "2019 hidden by its publisher, 2021: 5" in drawn.alt
    assert "3" not in drawn.alt
    rates = rates_by_source(points, unit="Per 100,000", palette=PALETTE)
    assert "UNODC 2019: hidden by its publisher" in rates.alt
    assert "3.0" not in rates.alt and "1.0 to 4.0" not in rates.alt


def test_a_count_that_its_publisher_hides_does_not_bear_our_mark(points: pd.DataFrame) -> None:
    written = re.findall("<!-- (.+?) -->", counts_by_source(points, unit="V", palette=PALETTE).svg)
    assert "h" in written and "c" not in written


def test_a_hidden_count_is_drawn_the_same_whatever_its_number(points: pd.DataFrame) -> None:
    other = points.assign(value=[1.0, 5.0, 17.0])
    for draw in (counts_by_source, rates_by_source):
        one, two = (draw(own, unit="Victims", palette=PALETTE) for own in (points, other))
        assert one.svg == two.svg


def test_second_hand_is_an_open_mark_and_what_was_read_a_filled_one(points: pd.DataFrame) -> None:
    read = points.assign(second_hand=False)
    for draw in (counts_by_source, rates_by_source):
        one, two = (draw(own, unit="Victims", palette=PALETTE).svg for own in (points, read))
        assert "fill: #ffffff; stroke: #0b3a66" in one
        assert "fill: #ffffff; stroke: #0b3a66" not in two


def test_rates_say_themselves_alone_and_what_they_are_compared_with(points: pd.DataFrame) -> None:
    elsewhere = [("South America 2020", 0.9)]
    drawn = rates_by_source(points, unit="Per 100,000", palette=PALETTE, references=elsewhere)
    assert "US 2021: 17.0;" in drawn.alt
    assert "South America 2020: 0.90" in drawn.alt


def test_a_count_stands_over_the_months_that_it_covers_and_says_how_it_was_read() -> None:
    boxes = pd.DataFrame(
        {
            "series": ["US", "UNODC"],
            "period": ["Apr 2020 to Mar 2021", "2020"],
            "start": pd.to_datetime(["2020-04-01", "2020-01-01"]),
            "end": pd.to_datetime(["2021-03-31", "2020-12-31"]),
            "printed": ["2", "<5"],
            "status": ["OK", "C"],
            "second_hand": [True, False],
        }
    )
    drawn = counts_over_periods(boxes, unit="Persons convicted", palette=PALETTE)
    assert drawn.alt == (
        "Persons convicted by source and period. UNODC, 2020: <5; "
        "US, Apr 2020 to Mar 2021: 2 (second hand)."
    )
    assert counts_over_periods(boxes, unit="Persons convicted", palette=PALETTE).svg == drawn.svg


def test_a_bar_says_who_printed_it_and_a_year_without_a_figure_is_no_zero() -> None:
    rows = [("US", 2022, 831.0), (None, 2023, None), ("UNODC", 2024, 834.0)]
    frame = pd.DataFrame(rows, columns=["series", "year", "value"])
    drawn = bars_by_source(frame, unit="inspections", palette=PALETTE)
    assert drawn.alt == (
        "Bars, inspections by year. 2022: 831 (US); 2023: no figure; 2024: 834 (UNODC)."
    )
