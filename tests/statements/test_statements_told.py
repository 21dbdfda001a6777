"""How a statement is worded: each verdict with its reason, and each number at its edges."""

from __future__ import annotations

from dataclasses import replace
from math import inf

import pytest

from atips_analysis.statements.statement import Statement
from atips_analysis.statements.wording import FULL, TRENDS, as_title, in_full, in_short
from atips_analysis.statistics import ComesAbout, Reason, Verdict

ONE = Statement(
    id="A",
    indicator_id="A",
    unit="REPORT",
    subject={"en": "Calls", "es": "Llamadas"},
    comes_about=ComesAbout.EVENTS,
    factor=1.0,
    compared="baseline",
    years=(2021, 2022, 2023, 2024),
    counts=(10.0, 1200.0, 13.0, 4000.0),
    statuses=("OK",) * 4,
    before="2021-2023",
    now="2024",
    verdict=Verdict.INCREASE,
    reason=Reason.BEYOND_CHANCE,
    ratio=9.811,
    ratio_low=1.0049,
    ratio_high=20.0,
)
FIGURES = "Calls: 4,000 in 2024, against 407.7 a year in 2021–2023"
STATISTIC = "ratio 9.81, 95 % interval 1.005 to 20.00"
SERIES = "Calls, 2021–2023, 2024 (10, 1,200, 13, 4,000)"
EARLIER = "10, 1,200, 13"
MORE = "it may be no more than that {} going on."


@pytest.mark.parametrize(
    ("reason", "verdict", "told"),
    [
        (Reason.BEYOND_CHANCE, Verdict.INCREASE, f"{FIGURES}: an increase ({STATISTIC})."),
        (Reason.BEYOND_CHANCE, Verdict.DECREASE, f"{FIGURES}: a decrease ({STATISTIC})."),
        (
            Reason.BASELINE_MOVED_TOO,
            Verdict.INCREASE,
            f"{FIGURES}: an increase ({STATISTIC}). The earlier years rose too ({EARLIER}), so that "
            f"{MORE.format('rise')}",
        ),
        (
            Reason.BASELINE_MOVED_TOO,
            Verdict.DECREASE,
            f"{FIGURES}: a decrease ({STATISTIC}). The earlier years fell too ({EARLIER}), so that "
            f"{MORE.format('fall')}",
        ),
        (
            Reason.WITHIN_CHANCE,
            Verdict.NO_EVIDENCE,
            f"{FIGURES}: no evidence of a change, nor that nothing changed ({STATISTIC}).",
        ),
        (
            Reason.MANY_COMPARISONS,
            Verdict.NO_EVIDENCE,
            f"{FIGURES}: no evidence of a change ({STATISTIC}); among as many comparisons as are "
            "made, chance alone may differ so much.",
        ),
        (
            Reason.YEARS_SCATTER,
            Verdict.TOO_FEW_YEARS,
            f"{FIGURES}: too few years to tell a change from the scatter of the earlier ones "
            f"({EARLIER}).",
        ),
        (
            Reason.BASELINE_MOVES,
            Verdict.TOO_FEW_YEARS,
            f"{FIGURES}: too few years to tell a change from the way that the earlier ones were "
            f"going ({EARLIER}).",
        ),
        (Reason.FEW_YEARS, Verdict.TOO_FEW_YEARS, f"{SERIES}: too few years to compare."),
        (Reason.FEW_EVENTS, Verdict.TOO_FEW_EVENTS, f"{FIGURES}: too few to compare."),
        (
            Reason.NUMBER_NOT_SHOWN,
            Verdict.NOT_KNOWN,
            "Calls: 2021–2023 and 2024 are not compared, because a number is hidden or missing.",
        ),
        (
            Reason.CLUSTERS_NOT_KNOWN,
            Verdict.NOT_KNOWN,
            "Calls: 2021–2023 and 2024 are not compared, because there are too few cases to know how "
            "persons come by case.",
        ),
    ],
)
def test_each_verdict_is_said_with_its_reason_and_its_numbers(reason, verdict, told):
    assert in_full(replace(ONE, reason=reason, verdict=verdict), "en") == told


def test_no_reason_of_a_comparison_is_without_words_in_the_table_above():
    marks = test_each_verdict_is_said_with_its_reason_and_its_numbers.pytestmark
    told = {(reason, verdict) for reason, verdict, _ in marks[0].args[1]}
    assert told == {(reason, verdict) for reason, words in FULL.items() for verdict in words}


FOLLOWED = replace(ONE, compared="trend", before="2021-2024", ratio=1.0004, ratio_low=0.9)
OVER_YEARS = "Calls, 2021–2024 (10, 1,200, 13, 4,000)"
A_YEAR = "ratio 1.0004 a year, 95 % interval 0.900 to 20.000"


@pytest.mark.parametrize(
    ("verdict", "told", "short"),
    [
        (Verdict.INCREASE, f"{OVER_YEARS}: an upward trend ({A_YEAR}).", "an upward trend"),
        (Verdict.DECREASE, f"{OVER_YEARS}: a downward trend ({A_YEAR}).", "a downward trend"),
        (
            Verdict.NO_EVIDENCE,
            f"{OVER_YEARS}: no evidence of a trend, nor that nothing changed ({A_YEAR}).",
            "no evidence of a trend",
        ),
        (Verdict.TOO_FEW_EVENTS, f"{OVER_YEARS}: too few to follow.", "too few to compare"),
        (Verdict.TOO_FEW_YEARS, f"{OVER_YEARS}: too few years to follow.", "too few years to tell"),
        (
            Verdict.NOT_KNOWN,
            "Calls: not followed over the years, because a number is hidden or missing.",
            "not followed",
        ),
    ],
)
def test_a_trend_is_said_with_its_factor_a_year(verdict, told, short):
    one = replace(FOLLOWED, verdict=verdict)
    assert (in_full(one, "en"), in_short(one, "en")) == (told, short)
    assert as_title(one, "en") == f"Calls: {short}"
    assert verdict in TRENDS


@pytest.mark.parametrize(
    ("ratio", "low", "high", "told"),
    [
        (2.0, 1.5, 3.0, "(ratio 2.00, 95 % interval 1.50 to 3.00)"),
        (1.0, 1.0, 1.0, "(ratio 1.00, 95 % interval 1.00 to 1.00)"),
        (0.9951, 0.999999, 1.0000004, "(ratio 0.995, 95 % interval 0.999999 to 1.00)"),
        (2.0, 1.5, inf, "(ratio 2.00, 95 % interval 1.50 or more)"),
        (2.0, 0.0, 3.0, "(ratio 2.00, 95 % interval 3.00 or less)"),
        (inf, 1.5, inf, "(95 % interval of the ratio: 1.50 or more)"),
        (0.0, 0.0, 0.4, "(95 % interval of the ratio: 0.40 or less)"),
        (None, 1.5, 3.0, "()"),
        (2.0, None, 3.0, "()"),
        (2.0, 1.5, None, "()"),
    ],
)
def test_an_interval_says_what_it_knows_and_never_prints_a_ratio_beside_one_as_one(
    ratio, low, high, told
):
    one = replace(ONE, ratio=ratio, ratio_low=low, ratio_high=high)
    assert in_full(one, "en") == f"{FIGURES}: an increase {told}."


@pytest.mark.parametrize(
    ("above", "below", "told"),
    [
        (None, None, ""),
        (inf, None, " Not even a count ten times as high would have been noticed for sure."),
        (
            2.5,
            None,
            " Only a count 2.5 times as high or more would probably have been noticed.",
        ),
        (
            2.5,
            0.0,
            " Only a count 2.5 times as high or more, or none at all, would probably have been "
            "noticed.",
        ),
        (
            10.0,
            0.4,
            " Only a count 10 times as high or more, or 0.4 times as high or less, would probably "
            "have been noticed.",
        ),
    ],
)
def test_what_would_have_been_noticed_is_said_where_nothing_was_and_nowhere_else(
    above, below, told
):
    one = replace(ONE, noticed_above=above, noticed_below=below)
    assert in_full(one, "en") == f"{FIGURES}: an increase ({STATISTIC})."
    one = replace(one, verdict=Verdict.NO_EVIDENCE, reason=Reason.WITHIN_CHANCE)
    assert in_full(one, "en") == (
        f"{FIGURES}: no evidence of a change, nor that nothing changed ({STATISTIC}).{told}"
    )


PLANNED = "This is work that is planned: its number is decided, not drawn by chance, and no change is tested."


@pytest.mark.parametrize(
    ("counts", "newest", "title"),
    [
        (
            (10.0, None, 13.0, 4000.0),
            "Calls: 4,000 in 2024; before, 10 (2021), 13 (2023)",
            "Calls: 4,000 in 2024, 10 in 2021",
        ),
        (
            (None, 12.0, 13.0, None),
            "Calls: not shown in 2024",
            "Calls: not shown in 2024, 12 in 2022",
        ),
        ((None, None, None, 7.0), "Calls: 7 in 2024", "Calls: 7 in 2024"),
        ((None,) * 4, "Calls: not shown in 2024", "Calls: not shown in 2024"),
    ],
)
def test_planned_work_is_told_by_its_counts_and_what_is_not_known_is_not_shown(
    counts, newest, title
):
    one = replace(ONE, verdict=Verdict.NOT_TESTED, counts=counts)
    assert (in_full(one, "en"), as_title(one, "en")) == (f"{newest}. {PLANNED}", title)


@pytest.mark.parametrize(
    ("counts", "mean"),
    [((), None), ((5.0,), None), ((1.0, 2.0, 9.0), 1.5), ((None, 2.0, 9.0), None)],
)
def test_the_mean_of_earlier_years_is_of_all_of_them_or_of_none(counts, mean):
    assert replace(ONE, counts=counts).earlier_mean == mean
