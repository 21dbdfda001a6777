"""What a single value is made of: limits of intervals, notes, endings of cases, files and traces."""

from __future__ import annotations

import calendar

import pandas as pd
import pytest

from atips_analysis.errors import InputError
from atips_analysis.indicators import measures, parse_period, trace
from atips_analysis.indicators.case_cohorts import cohort
from atips_analysis.indicators.long_table import long_table
from atips_analysis.indicators.place import narrow
from atips_analysis.indicators.table import table_text

REPORT = {"month": "2024-03", "channel": "HOTLINE", "for_": 2024}


def reports(invented, cases, others):
    counts = ((True, cases), (False, others))
    rows = [{**REPORT, "became_case": became, "n": n} for became, n in counts]
    return invented.bank(reports=invented.frame("reports", *rows))


@pytest.mark.parametrize(
    ("cases", "others", "method", "low", "high"),
    [
        (10, 10, "Clopper-Pearson, 95 %", 27.19578, 72.80422),  # binom.test(10, 20) of R
        (15, 15, "Wilson, 95 %", 33.1541, 66.8459),  # prop.test(15, 30, correct = FALSE) of R
    ],
)
def test_a_share_has_the_limits_of_r_exact_for_fewer_than_thirty(
    invented, cases, others, method, low, high
):
    row = invented.row(reports(invented, cases, others), "PREV-09", statistic="percent")
    assert row["method"] == method
    assert (row["ci_low"], row["ci_high"]) == (
        pytest.approx(low, rel=1e-5),
        pytest.approx(high, rel=1e-5),
    )


def test_a_rate_has_the_limits_of_its_count_over_the_same_population(invented):
    """`poisson.test(12)` of R: 6.200575 to 20.961589, of 400,000 persons."""
    victims = [invented.victim(f"{n:016x}", case_id=f"own {n}") for n in range(12)]
    row = invented.row(invented.bank(victims=invented.frame("victims", *victims)), "PROT-02")
    assert (row["value"], row["ci_low"], row["ci_high"]) == (
        pytest.approx(3.0),
        pytest.approx(6.200575 / 4, rel=1e-6),
        pytest.approx(20.961589 / 4, rel=1e-6),
    )


def test_a_rate_of_years_without_a_population_is_missing_and_says_so(invented):
    victim = invented.victim("a" * 16, identified_year=2025, for_=2025, status_date="2025-02")
    row = invented.row(invented.bank(victims=invented.frame("victims", victim)), "PROT-02", "2025")
    assert (row["status"], row["note"]) == ("M", "no population for every year of the period")


def test_a_share_of_too_few_keeps_of_how_many_it_is_on_the_confidential_side(invented):
    ages = ["CHILD"] * 4 + ["ADULT"] * 5
    victims = [invented.victim(f"{n:016x}", age_group=age) for n, age in enumerate(ages)]
    row = invented.row(invented.bank(victims=invented.frame("victims", *victims)), "PROT-03")
    assert (row["status"], row["numerator"], row["denominator"]) == ("NAP", 4, 9)


def service(victim, kind, year=2024):
    given = {"victim_id": victim, "service_type": kind, "provider": "DHS", "for_": year}
    return given | {"start_month": f"{year}-03"}


def test_services_over_nobody_are_not_applicable_and_of_a_year_with_nobody_it_is_said(invented):
    here = [service("a", "MEDICAL"), service("a", "SHELTER"), service("b", "MEDICAL")]
    bank = invented.bank(services=invented.frame("services", *here))
    bank.years["services"] = frozenset({2023, 2024})
    none = invented.row(bank, "PROT-06", "2023", statistic="ratio")
    assert (none["status"], none["numerator"], none["denominator"]) == ("NAP", 0, 0)
    both = invented.row(bank, "PROT-06", "2023-2024", statistic="ratio")
    assert (both["value"], both["numerator"], both["denominator"]) == (1.5, 3, 2)
    assert both["note"] == "of 2024 alone: nothing to divide by in 2023"
    counted = invented.row(bank, "PROT-06", "2023-2024", unit="SERVICE", statistic="count")
    assert (counted["value"], counted["note"]) == (3, "")


def test_a_public_official_who_is_first_known_by_a_charge_is_counted(invented):
    told = {"person_id": "P1", "case_id": "C1", "event_date": "2024-05", "is_public_official": True}
    bank = invented.bank(suspects=invented.frame("suspects", told | {"stage": "CHARGED"}))
    assert invented.value(bank, "PROS-11") == 1


def test_a_charge_that_only_the_return_of_cases_tells_counts_at_the_years_end_and_a_committal_is_one(
    invented,
):
    cases = [
        {"case_id": key, "ref_year": 2022, "opened_date": "2022-03", "stage": stage, "for_": 2022}
        for key, stage in (("A", "CHARGED"), ("B", "INVEST"), ("C", "INVEST"))
    ]
    told = {"case_id": "B", "person_id": "P", "stage": "COMMITTED", "event_date": "2022-06"}
    bank = invented.bank(
        cases=invented.frame("cases", *cases), suspects=invented.frame("suspects", told)
    )
    found = cohort(bank, parse_period("2022")).set_index("case_id")
    assert found["charged"].to_dict() == {"A": True, "B": True, "C": False}
    assert found["to_charge"].to_dict() | {"C": 0} == {"A": 9, "B": 3, "C": 0}
    assert found["committed"].to_dict() == {"A": False, "B": True, "C": False}


@pytest.mark.parametrize("year", [1900, 2000, 2023, 2024])
def test_a_period_ends_with_the_last_day_of_its_month_of_the_gregorian_calendar(year):
    ends = [parse_period(f"{year}-{m:02d}..{year}-{m:02d}").end_date for m in range(1, 13)]
    assert ends == [f"{year}-{m:02d}-{calendar.monthrange(year, m)[1]}" for m in range(1, 13)]


def test_in_a_file_whole_numbers_have_no_point_others_six_digits_and_what_is_missing_is_blank(
    invented,
):
    table = narrow(invented.table(reports(invented, 10, 10), "2024"))
    own = table[table["indicator_id"] == "PREV-09"].head(1)
    own = own.assign(value=1234567.0, numerator=2.5, denominator=100 / 3, ci_low=pd.NA, ci_high=0.0)
    head, line = (text.split(",") for text in table_text(own).splitlines())
    told = dict(zip(head, line, strict=False))
    names = ("value", "numerator", "denominator", "ci_low", "ci_high")
    assert [told[name] for name in names] == ["1234567", "2.5", "33.3333", "", "0"]


@pytest.mark.parametrize("name", ["indicator_id", "statistic", "period", "value"])
def test_a_frame_that_is_no_table_of_indicators_is_told_by_the_column_that_it_lacks(invented, name):
    table = invented.table(reports(invented, 1, 1), "2024")
    with pytest.raises(InputError, match=f"has no column {name};"):
        long_table(table.drop(columns=name))


def steps(bank, code, population=None, period="2024"):
    found = trace(bank, code, parse_period(period), population)
    return {(one["unit"], one["statistic"]): one for one in found}


def test_a_trace_says_of_each_kind_of_measure_how_its_value_is_worked_out(invented):
    bank = reports(invented, 1, 1)
    assert steps(bank, "PREV-09")["REPORT", "count"]["formula"] == (
        "value = sum of n over the rows counted"
    )
    assert steps(bank, "PREV-09")["REPORT", "percent"]["formula"] == (
        "value = 100 x sum of numerator / sum of n"
    )
    assert steps(bank, "PROT-06")["VICTIM", "count"]["formula"] == (
        "value = different keys counted (a key stands once for each service_group)"
    )
    assert steps(bank, "PROT-04")["VICTIM", "percent"]["formula"] == (
        "for each form: value = 100 x sum of n in it / sum of n"
    )
    assert steps(bank, "PROT-05")["VICTIM", "percent"]["formula"] == (
        "of the rows without follow_up, and of those of each follow_up: value = 100 x sum of "
        "numerator / sum of n"
    )
    assert steps(bank, "PROS-08")["CASE", "percent"]["formula"] == (
        "for each stage: value = 100 x sum of numerator / sum of n"
    )


def test_a_trace_of_a_rate_names_the_persons_that_it_divides_by_and_no_other_does(
    invented, population
):
    bank = invented.bank(victims=invented.frame("victims", invented.victim("a" * 16)))
    rate = steps(bank, "PROT-02", population, "2023-2024")["VICTIM", "rate"]
    assert rate["population"] == {2023: 400_000.0, 2024: 400_000.0}
    assert steps(bank, "PROT-02")["VICTIM", "rate"]["population"] == {}
    assert steps(bank, "PROT-01", population)["VICTIM", "count"]["population"] == {}


def test_a_trace_of_what_no_agency_has_returned_says_so_and_has_no_rows(invented):
    (one,) = trace(invented.bank(), "PROT-01", parse_period("2024"))
    assert one["missing"] and one["rows"].empty
    assert list(one["rows"].columns) == ["key", "n"]
    assert {measure.indicator_id for measure in measures("PROT-01")} == {one["indicator_id"]}
