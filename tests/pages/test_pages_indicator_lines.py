"""How indicators stand: a line a statistic, a state an indicator, a baseline in few words."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from atips_analysis.codebook import dimensions
from atips_analysis.framework import load_indicators
from atips_analysis.indicators.compute import NOT_FINAL
from atips_analysis.indicators.place import wide_columns
from atips_analysis.pages import baselines_in_words, indicator_lines, indicator_states
from atips_analysis.pages.edition import Edition
from atips_analysis.pages.indicator_lines import why_missing
from atips_analysis.project import find_project

HERE = find_project(Path(__file__).parent)
HIDDEN = pd.NA


def row(indicator, unit, value, period="2021-2023", statistic="count", status=None, **more):
    status = status or ("C" if value is HIDDEN else "Z" if value == 0 else "OK")
    return {
        **dict.fromkeys(wide_columns(), ""),
        **dict.fromkeys(dimensions(), "Total"),
        **dict.fromkeys(("numerator", "denominator", "ci_low", "ci_high"), pd.NA),
        "indicator_id": indicator,
        "unit_of_count": unit,
        "statistic": statistic,
        "period": period,
        "value": value,
        "status": status,
        **more,
    }


def years(indicator, unit, values, **more):
    return [
        row(indicator, unit, value, period=str(2021 + at), **more)
        for at, value in enumerate(values)
    ]


@pytest.fixture
def lines():
    """The lines of a table of these rows, by their label."""

    def of(rows):
        about = {"simulated": False, "edition": "0" * 12}
        table = pd.DataFrame(rows, columns=list(wide_columns()))
        edition = Edition(
            table, load_indicators(HERE), about, "en", HERE, Path(), 2024, "2021-2023"
        )
        return indicator_lines(edition)

    return of


def test_each_line_says_in_a_word_how_the_years_together_stand(lines):
    found = lines(
        [
            row("PREV-02", "PARTICIPANT", 2653),
            row("PREV-04", "POST", pd.NA, status="NC"),
            row("PREV-07", "SCREENING", HIDDEN),
            row("PREV-09", "REPORT", 195, ci_low=168.6, ci_high=224.4),
        ]
    ).set_index("indicator")
    assert found["state"].to_dict() == {
        "PREV-02": "shown",
        "PREV-04": "not collected",
        "PREV-07": "hidden",
        "PREV-09": "shown",
    }
    assert found.loc["PREV-09", ["ci_low", "ci_high"]].tolist() == [168.6, 224.4]


def test_what_does_not_add_up_or_rests_on_too_few_says_so(lines):
    notes = {
        "PROS-03": "not pooled: it does not add up over years",
        "PROS-06": "fewer than 10: not shown",
        "PROS-09": "fewer than half have come so far: no median",
        "PROS-10": "nothing to divide by",
    }
    found = lines(
        [row(one, "SUSPECT", pd.NA, status="NAP", note=text) for one, text in notes.items()]
    )
    said = ["not pooled", "fewer than 10", "no median yet", "nothing counted"]
    assert found["state"].tolist() == said


def test_the_size_below_which_nothing_is_shown_is_that_of_the_note():
    assert why_missing(["fewer than 30: not shown"]) == "fewer than 30"
    assert why_missing(["", pd.NA]) == "not computed"


def test_an_indicator_is_printed_where_any_year_has_a_number(lines):
    states = indicator_states(
        lines(
            [
                *years("PROT-03", "VICTIM", [HIDDEN, 62.5, HIDDEN], statistic="percent"),
                row("PROT-03", "VICTIM", HIDDEN, statistic="percent"),
                *years("PROS-04", "CONVICTION_P", [HIDDEN, HIDDEN, HIDDEN]),
                row("PROS-04", "CONVICTION_P", HIDDEN),
                *years("PROT-12", "POST", [pd.NA] * 3, status="NC"),
                row("PROT-12", "POST", pd.NA, status="NC"),
            ]
        )
    )
    assert states.to_dict() == {
        "PROT-03": "printed",
        "PROT-12": "not collected",
        "PROS-04": "held back",
    }


def test_a_baseline_is_of_the_years_together_or_of_the_last_where_they_do_not_add_up(lines):
    pooled = {"status": "NAP", "note": "not pooled: it does not add up over years"}
    words = baselines_in_words(
        lines(
            [
                row("PREV-02", "PARTICIPANT", 2653),
                row("PROT-02", "VICTIM", 1.654, statistic="rate"),
                row("PROT-05", "VICTIM", 79.54, statistic="percent"),
                *years("PROS-01", "CASE", [11, 13, 19]),
                row("PROS-01", "CASE", pd.NA, **pooled),
                *years("PROS-07", "SUSPECT", [HIDDEN, 0, HIDDEN]),
                row("PROS-07", "SUSPECT", pd.NA, **pooled),
            ]
        )
    )
    assert words.to_dict() == {
        "PREV-02": "2,653 (2021–2023)",
        "PROT-02": "1.65 per 100,000 (2021–2023)",
        "PROT-05": "79.5 % (2021–2023)",
        "PROS-01": "19 (2023)",
        "PROS-07": "hidden",
    }


def test_the_baseline_of_a_hidden_count_is_its_range_as_in_every_table(lines):
    hidden = row("PROT-08", "VICTIM", HIDDEN, low=13, high=16)
    assert baselines_in_words(lines([hidden])).to_dict() == {"PROT-08": "13–16 (2021–2023)"}


def test_an_indicator_of_categories_alone_has_a_line_each_in_the_order_of_its_list(lines):
    stages = ["OPEN", "CLOSED", "CONVICTED", "CHARGED", "DISPOSED"]
    found = lines([row("PROS-08", "CASE", 20, statistic="percent", stage=one) for one in stages])
    name = "PROS-08 Case attrition from investigation to conviction"
    assert found["line"].tolist() == [
        f"{name}: charged (%)",
        "PROS-08 finally disposed at first instance (%)",
        "PROS-08 convicted (%)",
        "PROS-08 closed without a decision (%)",
        "PROS-08 still open (%)",
    ]
    assert baselines_in_words(found).to_dict() == {"PROS-08": "by category"}


def test_an_indicator_of_several_kinds_says_what_each_line_counts(lines):
    found = lines(
        [
            row("PROT-06", "SERVICE", 88),
            row("PROT-06", "VICTIM", 35),
            row("PROT-06", "SERVICE", 2.51, statistic="ratio"),
        ]
    )
    assert [one.partition(": ")[2] or one for one in found["line"]] == [
        "service instance",
        "PROT-06 victims supported with services",
        "PROT-06 services per victim (ratio)",
    ]


def test_a_baseline_that_rests_on_one_year_says_so(lines) -> None:
    note = "of 2023 alone: nothing to divide by in 2021, 2022"
    found = lines([row("PREV-03", "PARTICIPANT", 66.8, statistic="percent") | {"note": note}])
    assert found["state"].iloc[0] == "shown, 2023 alone"
    assert baselines_in_words(found).to_dict() == {"PREV-03": "66.8 % (2023 alone)"}


def test_a_share_that_may_still_change_is_not_final(lines):
    cohort = {"stage": "CHARGED_24", "statistic": "percent"}
    found = lines([row("PROS-08", "CASE", 45.5, note=NOT_FINAL, **cohort)])
    assert list(found["state"]) == ["shown, not final"]
