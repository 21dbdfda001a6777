"""What is compared between agencies and years, and what is said of rows that repeat or contradict."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from great_expectations.compatibility.pydantic import ValidationError
from great_expectations.expectations.registry import get_expectation_impl
from scipy.stats import binomtest

from atips_analysis.codebook import load_codebook
from atips_analysis.quality.agencies_and_years import (
    REFERENCES,
    compare,
    not_looked_up,
    overlap_of_victims,
    unusual_counts,
)
from atips_analysis.quality.duplicates import conflicting_rows, later_copies
from atips_analysis.quality.expectation_kinds import KINDS
from atips_analysis.quality.expectations import HOUSE
from atips_analysis.quality.findings import FINDING_COLUMNS
from atips_analysis.quality.judgement import row_account

CODEBOOK = load_codebook()


def rows(stream: str, *told: dict) -> pd.DataFrame:
    """Rows of a stream with where they stand, blank where nothing is told."""
    names = [column.name for column in CODEBOOK.streams[stream].columns]
    place = {"file": "DHS_2024.xlsx", "sheet": "s", "submitted_by": "DHS", "submitted_for": 2024}
    listed = [place | {"row": number} | row for number, row in enumerate(told, start=2)]
    frame = pd.DataFrame(listed, columns=[*names, *place, "row"])
    return frame.astype(dict.fromkeys([*names, "file", "sheet", "submitted_by"], "str"))


POINTING = {
    ("victims", "case_id", "cases"): "1 rows of Victims point to Cases",
    ("suspects", "case_id", "cases"): "1 rows of Suspects and defendants point to Cases",
    ("referrals", "case_id", "cases"): "1 rows of Referrals point to Cases",
    ("charges", "person_id", "suspects"): "1 rows of Charges point to Suspects and defendants",
    ("services", "victim_id", "victims"): "1 rows of Services point to Victims",
}


@pytest.mark.parametrize("reference", POINTING, ids="-".join)
def test_a_reference_to_a_stream_that_nobody_sent_is_noted_for_the_agency_and_year(reference):
    stream, column, referred = reference
    own = rows(stream, {column: "x"}, {column: None}, {column: "y", "submitted_by": "IMM"})
    first, second = not_looked_up({stream: own}, CODEBOOK)
    assert second["submitted_by"] == "IMM" and first["reason"].startswith(POINTING[reference])
    assert " ".join(first) == (
        "stream submitted_by submitted_for column rule severity reason remedy reason_es remedy_es"
    )
    assert list(first.values())[:6] == [stream, "DHS", 2024, column, "foreign key", "info"]
    there = {stream: own, referred: rows(referred, {})}
    assert not_looked_up(there, CODEBOOK) == [] == not_looked_up({stream: own[1:2]}, CODEBOOK)
    assert set(POINTING) == set(REFERENCES)


def test_the_overlap_of_each_two_agencies_is_counted_year_by_year():
    known = {"A": "abc", "B": "bcd", "C": "c"}
    victims = [
        {"victim_id": one, "submitted_by": agency, "identified_year": "2024"}
        for agency, codes in known.items()
        for one in codes
    ]
    alone = {"victim_id": "a", "submitted_by": "A", "identified_year": "2023"}
    found = overlap_of_victims({"victims": rows("victims", alone, *victims)})
    assert [one["submitted_by"] for one in found] == ["A B", "A C", "B C"]
    assert [one["reason"] for one in found] == [
        "Victims identified in 2024: A reports 3, B 3; 2 are the same.",
        "Victims identified in 2024: A reports 3, C 1; 1 are the same.",
        "Victims identified in 2024: B reports 3, C 1; 1 are the same.",
    ]
    assert overlap_of_victims({}) == []


COUNTED = {
    "cases": "case_id",
    "victims": "victim_id",
    "suspects": "person_id",
    "charges": "charge_id",
    "referrals": "referral_id",
    "trainings": "session_id",
    "awareness": "activity_id",
    "engagements": "engagement_id",
}


def of_years(stream: str, **counts: int) -> pd.DataFrame:
    """So many units of a stream a year, each told twice."""
    told = [
        {COUNTED[stream]: f"{year}-{number}", "submitted_for": int(year[1:])}
        for year, count in counts.items()
        for number in [*range(count), *range(count)]
    ]
    return rows(stream, *told)


@pytest.mark.parametrize("stream", COUNTED)
def test_a_year_is_compared_with_the_mean_of_those_before_by_the_exact_test(stream):
    accepted = {stream: of_years(stream, y2022=12, y2023=12, y2024=2)}
    (found,) = unusual_counts(accepted, CODEBOOK)
    p = binomtest(2, 26, 1 / 3).pvalue
    label = CODEBOOK.streams[stream].label("en")
    assert found["reason"].startswith(f"{label}: 2 in 2024, 12 (2022), 12 (2023) before;")
    assert f"(p = {p:.3f}; 1 comparisons were made)" in found["reason"]
    assert [found[name] for name in ("submitted_by", "submitted_for", "column", "rule")] == [
        *("DHS", 2024, "", "earlier years")
    ]


@pytest.mark.parametrize("stream", ["screenings", "inspections", "reports"])
def test_totals_are_summed_and_services_are_rows(stream):
    told = [{"n": n, "submitted_for": year} for year, n in ((2023, "10"), (2023, "x"), (2024, "0"))]
    (found,) = unusual_counts({stream: rows(stream, *told)}, CODEBOOK)
    assert ": 0 in 2024, 10 (2023) before" in found["reason"] and "p = 0.002" in found["reason"]
    services = rows("services", *[{"submitted_for": 2023}] * 30, {"submitted_for": 2024})
    (found,) = unusual_counts({"services": services, "counts": rows("counts", *told)}, CODEBOOK)
    assert ": 1 in 2024, 30 (2023) before" in found["reason"] and "p < 0.001" in found["reason"]


@pytest.mark.parametrize(("before", "now", "said"), [(6, 0, True), (5, 0, False), (9, None, False)])
def test_a_difference_is_said_under_five_in_a_hundred_and_of_two_years_at_least(before, now, said):
    years = {"y2023": before} | ({} if now is None else {"y2024": 1})
    frame = of_years("trainings", **years)
    if now is not None:  # a year of which no session is known by name
        frame.loc[frame["submitted_for"] == 2024, "session_id"] = None
    found = unusual_counts({"trainings": frame, "victims": rows("victims")}, CODEBOOK)
    assert bool(found) == said


def test_what_is_compared_is_a_table_of_findings():
    assert list(compare({}, {}, CODEBOOK)) == list(FINDING_COLUMNS)


# rows that repeat or contradict one another


def service(**told) -> dict:
    return {"victim_id": "a", "service_type": "MEDICAL", "start_month": "2024-05"} | told


def details(*told: dict, stream: str = "services") -> list[str]:
    found = conflicting_rows(rows(stream, *told), CODEBOOK.streams[stream])
    return [text.partition("other values: ")[2] for text in found["reason"]]


def test_rows_that_contradict_one_another_are_named_by_row_where_they_stand_on_one_sheet():
    one, other = service(provider="DHS"), service(provider="DHS", end_month="2024-06")
    assert details(one, other) == [
        "row 3 of this sheet (Month ended).",
        "row 2 of this sheet (Month ended).",
    ]
    assert details(one, other, other | {"sheet": "t"})[0] == (
        "row 3 of this sheet, row 4 of sheet t in DHS_2024.xlsx (Month ended)."
    )
    assert details(one, other | {"file": "b.csv", "sheet": ""})[0] == (
        "row 3 of b.csv (Month ended)."
    )
    of_another = [told | {"victim_id": "b"} for told in (one, other)]
    assert [text.split()[1] for text in details(one, of_another[0], other, of_another[1])] == [
        *("4", "5", "2", "3")
    ]


@pytest.mark.parametrize(
    ("others", "near", "far"),
    [
        (5, "rows 3, 4, 5, 6, 7 of this sheet", ""),
        (6, "rows 3, 4, 5, 6, 7 and 1 more of this sheet", " and 1 more"),
        (8, "rows 3, 4, 5, 6, 7 and 3 more of this sheet", " and 3 more"),
    ],
)
def test_five_other_rows_are_named_and_the_rest_is_counted(others, near, far):
    one, other = service(provider="DHS"), service(provider="DHS", end_month="2024-06")
    assert details(one, *[other] * others)[0] == f"{near} (Month ended)."
    apart = [other | {"file": "b.csv", "sheet": ""}] * others
    named = ", ".join(f"row {number} of b.csv" for number in range(3, 8))
    assert details(one, *apart)[0] == f"{named}{',' * bool(far)}{far} (Month ended)."


def test_a_needed_cell_that_is_blank_hides_a_contradiction_only_in_the_key():
    one, other = service(provider="DHS"), service(provider="DHS", end_month="2024-06")
    assert not details(one | {"start_month": None}, other | {"start_month": None})
    victim = {"victim_id": "a", "case_id": "c", "identified_year": "2024", "form": "BEG"}
    assert details(victim, victim | {"sex": "F"}, stream="victims") == [
        "row 3 of this sheet (Sex).",
        "row 2 of this sheet (Sex).",
    ]
    assert not details(one, other | {"submitted_for": 2023})
    assert not details(one, other | {"submitted_by": "IMM"})


def test_a_copy_says_which_row_it_repeats_and_an_event_that_it_counts():
    copies = later_copies(rows("services", service(), service()), CODEBOOK.streams["services"])
    assert list(copies.flag) == [False, True]
    (found,) = copies.findings.to_dict("records")
    assert [found[name] for name in ("at", "column", "value", "rule", "severity")] == [
        *(1, "victim_id", "a", "duplicate", "info")
    ]
    assert "repeats row 2 of sheet s in DHS_2024.xlsx in every value" in found["reason"]
    event = {"month": "2024-01", "n": "1"}
    twice = rows("inspections", event, event, event | {"sheet": "t"}, event | {"sheet": "t"})
    events = later_copies(twice, CODEBOOK.streams["inspections"])
    assert list(events.flag) == [False, False, True, True]
    assert events.findings["rule"].tolist() == ["duplicate", "duplicate", "repeated event"]
    assert events.findings["at"].tolist() == [2, 3, 1]
    single = later_copies(rows("services", service()), CODEBOOK.streams["services"])
    assert list(single.flag) == [False] and single.findings.empty


def test_rows_are_counted_by_stream_agency_year_and_file():
    one = rows("services", {}, {}, {"file": "b.csv"}).assign(
        verdict=["accepted", "duplicate", "quarantined"]
    )
    account = row_account({"services": one, "victims": rows("victims")})
    assert account.to_dict("list") == {
        "stream": ["services", "services"],
        "submitted_by": ["DHS", "DHS"],
        "submitted_for": [2024, 2024],
        "file": ["DHS_2024.xlsx", "b.csv"],
        "read": [2, 1],
        "accepted": [1, 0],
        "quarantined": [0, 1],
        "duplicates": [1, 0],
    }
    assert list(row_account({})) == list(account)
    without_year = row_account({"services": one.assign(submitted_for=np.nan)})
    assert without_year["read"].tolist() == [2, 1]


def test_the_kinds_of_the_house_are_those_that_great_expectations_knows():
    assert HOUSE and all(get_expectation_impl(name) is made for name, made in HOUSE.items())


def test_what_has_a_default_may_be_left_out_of_a_suite_and_nothing_else():
    made = HOUSE["expect_month_from_first_to_end_of_return_year"]
    columns = ["month", "submitted_for"]
    assert made(column_list=columns, first_month="2020-01").months_after_the_year == 0
    between = HOUSE["expect_whole_numbers_to_be_between"](column="n", min_value=1)
    assert (between.min_value, between.max_value) == (1, None)
    with pytest.raises(ValidationError, match="first_month"):
        made(column_list=columns)


def test_a_rule_between_columns_is_asked_of_rows_that_leave_all_of_them_blank_too():
    several = [HOUSE[name] for name, kind in KINDS.items() if not kind.one_column]
    assert several and {made.__fields__["ignore_row_if"].default for made in several} == {"never"}
