"""The chart of a count by year: what it shows is also said, and a hidden year shows no size."""

from __future__ import annotations

import pandas as pd
import pytest

from atips_analysis.pages import Cell, charts


def drawn_alone(frame):
    return charts.interval_panels({"Victims identified": frame})


@pytest.fixture
def counts():
    def of(values, statuses, spans=None):
        spans = spans or [(pd.NA, pd.NA)] * len(values)
        return pd.DataFrame(
            {
                "period": [str(2021 + at) for at in range(len(values))],
                "value": values,
                "status": statuses,
                "ci_low": [low for low, _ in spans],
                "ci_high": [high for _, high in spans],
                "cell": [Cell(*one) for one in zip(values, statuses, strict=True)],
            }
        ).astype({"value": "Float64", "ci_low": "Float64", "ci_high": "Float64"})

    return of


def test_every_year_is_said_with_its_number_or_why_there_is_none(counts):
    drawn = drawn_alone(counts([11, None, 15, None], ["OK", "C", "OK", "NC"]))
    assert drawn.alt == (
        "Victims identified: 2021: 11; 2022: hidden for protection; 2023: 15; 2024: not collected."
    )


def test_a_status_that_hides_wins_over_a_value_that_should_not_be_there(counts):
    without = counts([12, None], ["OK", "C"], [(6.2, 21.0), (pd.NA, pd.NA)])
    slipped = counts([12, 90], ["OK", "C"], [(6.2, 21.0), (72.4, 110.6)])
    assert drawn_alone(slipped) == drawn_alone(without)


def test_an_interval_is_drawn_where_there_is_one(counts):
    bare = drawn_alone(counts([12, 14], ["OK", "OK"]))
    spans = [(6.2, 21.0), (7.7, 23.5)]
    with_intervals = drawn_alone(counts([12, 14], ["OK", "OK"], spans))
    assert bare.svg != with_intervals.svg


def test_years_without_any_number_make_a_chart_too(counts):
    drawn = drawn_alone(counts([None, None], ["C", "M"]))
    assert "2021: hidden for protection; 2022: not received" in drawn.alt


def test_the_same_counts_make_the_same_picture(counts):
    frame = counts([11, 16], ["OK", "OK"])
    assert drawn_alone(frame).svg == drawn_alone(frame).svg


def test_panels_say_every_series_with_what_hides_in_it(counts):
    frames = {
        "Victims": counts([11, None], ["OK", "C"], [(2, 38), (pd.NA, pd.NA)]),
        "Inspections": counts([584, 831], ["OK", "OK"]),
    }
    assert charts.interval_panels(frames).alt == (
        "Victims: 2021: 11; 2022: hidden for protection. Inspections: 2021: 584; 2022: 831."
    )
