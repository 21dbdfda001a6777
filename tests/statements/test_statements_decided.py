"""What goes into a statement: which values of a series are computed with, and what is kept of them."""

from __future__ import annotations

from math import inf

import pandas as pd
import pytest

from atips_analysis.indicators.place import PLACE, TIDY_COLUMNS, by_row_id
from atips_analysis.statements.decided import decide
from atips_analysis.statements.family import Declared
from atips_analysis.statements.statement import as_json, from_json
from atips_analysis.statistics import ComesAbout, Reason, Verdict

FACTORS = {ComesAbout.BY_CASE: 3.0, ComesAbout.EVENTS: 1.0, ComesAbout.PLANNED: 1.0}
SUBJECT = {"en": "Things", "es": "Cosas"}
NOBODY = pd.DataFrame()


def declared(code="PROT-01", unit="VICTIM", compared="baseline", series="", read_as=""):
    return Declared(code or series, code, unit, series, read_as, compared, SUBJECT)


def table_of(*rows):
    """Rows as (period, value, status), and what else they say."""
    whole = [
        {
            **dict.fromkeys(TIDY_COLUMNS, ""),
            "indicator_id": "PROT-01",
            "unit_of_count": "VICTIM",
            "statistic": "count",
            "period": str(period),
            "value": value,
            "status": status,
            **(more[0] if more else {}),
        }
        for period, value, status, *more in rows
    ]
    return by_row_id(pd.DataFrame(whole, columns=list(TIDY_COLUMNS)))


FOUR = [(2021, 60, "OK"), (2022, 60, "OK"), (2023, 60, "OK"), (2024, 18, "OK")]


def one_of(rows, one=None, published=NOBODY):
    made = decide(
        [one or declared()], table_of(*rows), FACTORS, published, year=2024, baseline="2021-2023"
    )
    return made.all[0]


@pytest.mark.parametrize("status", ["OK", "Z", "E"])
def test_a_value_that_is_printed_is_computed_with(status):
    one = one_of([*FOUR[:3], (2024, 0, status)])
    assert (one.counts, one.statuses[-1]) == ((60, 60, 60, 0), status)
    assert one.verdict is Verdict.DECREASE


@pytest.mark.parametrize("status", ["C", "M", "NC", "NAP"])
def test_a_value_that_is_hidden_or_missing_is_not_computed_with_even_if_a_number_stands_there(
    status,
):
    one = one_of([*FOUR[:3], (2024, 3, status)])
    assert (one.counts, one.statuses[-1]) == ((60, 60, 60, None), status)
    assert (one.verdict, one.low, one.high) == (Verdict.NOT_KNOWN, None, None)


def test_a_year_without_a_row_is_missing():
    one = one_of(FOUR[1:])
    assert (one.counts, one.statuses) == ((None, 60, 60, 18), ("M", "OK", "OK", "OK"))


def test_only_the_totals_of_the_count_are_the_series():
    one = one_of(
        [
            *FOUR,
            (2024, 99, "OK", {"statistic": "rate"}),
            (2024, 98, "OK", {"indicator_id": "PROT-02"}),
            (2024, 97, "OK", {"unit_of_count": "CASE"}),
            (2024, 9, "OK", {PLACE[0]: "sex", PLACE[1]: "F"}),
        ]
    )
    assert one.counts == (60, 60, 60, 18)


def test_the_newest_count_has_the_interval_of_its_clusters():
    """Six clusters of three: 2.2019 to 13.0595 by `poisson.test(6)` of R, three times as much."""
    one = one_of(FOUR)
    assert (one.low, one.high) == (
        pytest.approx(3 * 2.201894, rel=1e-6),
        pytest.approx(3 * 13.059474, rel=1e-6),
    )
    assert (one.years, one.before, one.now) == ((2021, 2022, 2023, 2024), "2021-2023", "2024")


def test_planned_work_has_no_interval_whatever_is_counted():
    one = one_of(
        [(*row, {"indicator_id": "PREV-07", "unit_of_count": "SCREENING"}) for row in FOUR],
        declared("PREV-07", "SCREENING"),
    )
    assert (one.low, one.high, one.verdict) == (None, None, Verdict.NOT_TESTED)


def published(*rows):
    """Rows of others as (period, value, status, read_as)."""
    names = ["period", "value", "status", "confidence"]
    whole = pd.DataFrame([row[:4] for row in rows], columns=names).assign(series="dol-x")
    more = dict.fromkeys(("sex", "age_group", "form", "citizenship"), "Total")
    return whole.assign(**more, vintage="", source_id="s").astype({"value": "Float64"})


YEARS = [(str(2016 + at), 10 * (at + 1), "OK", "read_in_source") for at in range(6)]


@pytest.mark.parametrize(
    ("read_as", "counts"),
    [("read_in_source", (10, 20, 30, 40, 50, 60)), ("", (10, 20, 30, 40, 50, 60, 99))],
)
def test_a_series_of_others_is_read_as_it_was_declared(read_as, counts):
    one = one_of(
        [],
        declared("", "REPORT", "trend", "dol-x", read_as),
        published(*YEARS, ("2022", 99, "OK", "second_hand")),
    )
    assert one.counts == counts
    assert (one.before, one.now) == (f"2016-{2015 + len(counts)}", str(2015 + len(counts)))
    assert (one.verdict, one.noticed_above) == (Verdict.INCREASE, None)


def test_how_persons_of_others_come_by_case_is_told_by_their_scatter():
    counts = (9, 40, 5, 60, 8, 70)
    scattered = [(str(2016 + at), value, "OK", "") for at, value in enumerate(counts)]
    events = one_of([], declared("", "REPORT", "trend", "dol-x"), published(*scattered))
    persons = one_of([], declared("", "VICTIM", "trend", "dol-x"), published(*scattered))
    assert (events.factor, persons.factor) == (1, None)
    assert (events.verdict, persons.verdict) == (Verdict.INCREASE, Verdict.NO_EVIDENCE)


def test_a_series_of_others_that_nobody_printed_has_an_answer():
    one = one_of([], declared("", "REPORT", "trend", "dol-x"), published())
    assert (one.years, one.before, one.now) == ((), "", "")
    assert (one.verdict, one.reason) == (Verdict.NOT_KNOWN, Reason.NUMBER_NOT_SHOWN)


def test_a_statement_comes_back_from_its_file_with_a_ratio_that_is_infinite():
    one = one_of([(2021, 0, "Z"), (2022, 0, "Z"), (2023, 0, "Z"), (2024, 60, "OK")])
    assert (one.ratio, one.ratio_high, as_json(one)["ratio"]) == (inf, inf, "inf")
    assert as_json(from_json(as_json(one))) == as_json(one)
    assert from_json(as_json(one)).ratio == inf
