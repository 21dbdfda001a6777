"""Outcomes over everybody identified, followed as long as there are returns, the same for all years."""

from __future__ import annotations

import pandas as pd
import pytest

from atips_analysis.indicators import parse_period
from atips_analysis.indicators.case_cohorts import cohort
from atips_analysis.indicators.compute import NOT_FINAL
from atips_analysis.indicators.follow_up import last_month, victims_followed
from atips_analysis.indicators.measure import measures


def service(victim, month, days=None, **what):
    given = {"victim_id": victim, "service_type": "FOOD", "provider": "DHS", "start_month": month}
    return given | {"days_from_identification": days} | what


def case(key, opened, stage="INVEST", **what):
    given = {"case_id": key, "ref_year": int(opened[:4]), "opened_date": opened, "stage": stage}
    return given | what


def event(key, stage, month, person=None, **what):
    return {"case_id": key, "person_id": person, "stage": stage, "event_date": month} | what


def followed(invented, victims, services):
    rows = invented.bank(
        victims=invented.frame("victims", *victims), services=invented.frame("services", *services)
    )
    years = parse_period("2021-2024")
    table = victims_followed(rows, years).set_index("key")
    return rows, {key: (row.days, row.served) for key, row in table.iterrows()}


def cases_of(invented, cases, events, period="2021-2024"):
    rows = invented.bank(
        cases=invented.frame("cases", *cases), suspects=invented.frame("suspects", *events)
    )
    return cohort(rows, parse_period(period)).set_index("case_id")


def test_the_last_month_is_the_last_that_the_newest_return_names_in_any_of_its_sheets(invented):
    rows = invented.bank(
        victims=invented.frame("victims", invented.victim("a" * 16, status_date="2024-08")),
        services=invented.frame("services", service("a" * 16, "2024-06")),
        suspects=invented.frame("suspects", event("C", "CHARGED", "2023-04", for_=2023, by_="BPD")),
    )
    assert last_month(rows, "services") == "2024-08", "not December: nothing is known of it"
    assert last_month(rows, "suspects") == "2023-04", "each stream by its own returns"
    assert last_month(rows, "suspects", "services") == "2024-08"
    assert last_month(rows, "charges") == ""


def test_nothing_to_report_holds_for_the_whole_year(invented):
    rows = invented.bank(
        services=invented.frame("services", service("a" * 16, "2023-06", for_=2023))
    )
    rows.years["services"] = frozenset({2023, 2024})
    assert last_month(rows, "services") == "2024-12"


def test_days_are_those_given_and_of_months_the_most_that_they_allow(invented):
    victims = [
        invented.victim(letter * 16, status_date="2024-05") for letter in ("a", "b", "c", "d")
    ]
    services = [
        service("a" * 16, "2024-05", 12),
        service("b" * 16, "2024-05"),
        service("c" * 16, "2024-07"),
        service("x" * 16, "2024-09", 3),
    ]
    _, days = followed(invented, victims, services)
    assert [days[f"{letter * 16}/2024"] for letter in "abcd"] == [
        (12, True),
        (30, True),
        (90, True),
        (120, False),
    ]


def test_a_service_belongs_to_the_identification_that_went_before_it(invented):
    key = "a" * 16
    victims = [
        invented.victim(key, identified_year=2022, status_date="2022-03", for_=2022),
        invented.victim(key, identified_year=2024, status_date="2024-03"),
    ]
    _, days = followed(invented, victims, [service(key, "2022-04", 20, for_=2022)])
    assert days[f"{key}/2022"] == (20, True)
    assert days[f"{key}/2024"] == (0, False), "what was given in 2022 serves nobody in 2024"
    again = [service(key, "2022-04", 20, for_=2022), service(key, "2024-04", 9)]
    _, days = followed(invented, victims, again)
    assert days == {f"{key}/2022": (20, True), f"{key}/2024": (9, True)}


def test_every_year_has_ninety_days_and_whoever_had_fewer_is_said_to_wait(invented):
    late, soon, new, never = (letter * 16 for letter in "abcd")
    victims = [
        invented.victim(late, identified_year=2023, status_date="2023-02", for_=2023),
        invented.victim(soon, status_date="2024-02"),
        invented.victim(new, status_date="2024-11"),
        invented.victim(never, status_date="2024-01"),
    ]
    services = [service(late, "2024-12", 400), service(soon, "2024-04", 45)]
    services.append(service("f" * 16, "2023-03", 1, for_=2023))
    rows, _ = followed(invented, victims, services)
    old = invented.row(rows, "PROT-05", "2023")
    assert (old["numerator"], old["denominator"]) == (0, 1), "served in the end, not in 90 days"
    row = invented.row(rows, "PROT-05", "2024")
    assert (row["numerator"], row["denominator"]) == (1, 3), "everybody identified counts"
    assert invented.row(rows, "PROT-05", "2024", follow_up="DAYS_30")["numerator"] == 0
    assert invented.row(rows, "PROT-05", "2024", follow_up="NOT_FOLLOWED_90")["numerator"] == 1


def test_the_median_to_a_service_is_of_those_who_wait_too(invented):
    keys = [f"{n:016x}" for n in range(24)]
    victims = [invented.victim(key, status_date="2024-01") for key in keys]
    services = [service(key, "2024-02", n) for n, key in enumerate(keys[:12], start=1)]
    last = service("f" * 16, "2024-12", 1)
    rows, _ = followed(invented, victims, [*services, last])
    row = invented.row(rows, "PROT-07")
    assert row["value"] == 12 and row["denominator"] == 24, "among the served alone it were 6.5"
    assert row["note"].endswith("a quarter of them come to it by 6")


def test_no_follow_up_at_all_leaves_no_number(invented):
    keys = [f"{n:016x}" for n in range(20)]
    rows, days = followed(invented, [invented.victim(key) for key in keys], [])
    assert set(days.values()) == {(0, False)}
    assert invented.row(rows, "PROT-07")["status"] == "M", "no agency sends services"
    assert cases_of(invented, [], []).empty


def test_a_closed_case_never_waits(invented):
    found = cases_of(
        invented,
        [case("A", "2021-03"), case("B", "2021-03", "INVEST_CLOSED"), case("C", "2021-03")],
        [
            event("A", "INVEST_CLOSED", "2021-09"),
            event("C", "INVEST", "2021-03", "p" * 16),
            event("X", "CHARGED", "2024-12", "q" * 16),
        ],
    )
    assert found["closed"].to_dict() == {"A": True, "B": True, "C": False}
    assert found["to_charge_ending"].to_dict() == {"A": 2, "B": 2, "C": 0}
    # B's month of closing is not known: the last of the year whose return has it.
    assert found["to_charge"].to_dict() == {"A": 6, "B": 9, "C": 45}


def test_a_case_that_went_on_after_a_closing_is_not_closed(invented):
    found = cases_of(
        invented,
        [case("A", "2021-03")],
        [event("A", "INVEST_CLOSED", "2021-09"), event("A", "CHARGED", "2022-03", "p" * 16)],
    )
    assert not found.loc["A", "closed"] and found.loc["A", "to_charge_ending"] == 1


def test_windows_count_from_the_opening_and_say_who_was_not_followed_so_long(invented):
    found = cases_of(
        invented,
        [
            case("A", "2022-01"),
            case("B", "2022-01"),
            case("C", "2023-12"),
            case("D", "2024-02"),
            case("E", "2024-02"),
        ],
        [
            event("A", "CHARGED", "2023-01", "p" * 16),
            event("A", "DISPOSED", "2024-02", "p" * 16),
            event("B", "CHARGED", "2023-02", "q" * 16),
            event("D", "CHARGED", "2024-12", "r" * 16),
            event("E", "INVEST_CLOSED", "2024-12"),
        ],
    )
    assert found.index[found["charged_12"]].tolist() == ["A", "D"]
    assert found.index[found["charged_24"]].tolist() == ["A", "B", "D"]
    assert not found["disposed_24"].any(), "decided after 25 months"
    assert found.index[found["not_followed_12"]].tolist() == ["D"], "E is closed: it rises no more"
    assert found.index[found["not_followed_24"]].tolist() == ["C", "D"]


@pytest.mark.parametrize("still_open", [True, False])
def test_a_share_that_may_still_rise_has_no_interval(invented, still_open):
    # Twenty cases of 2024, ten charged at once; the others are open, or all closed by the end.
    cases = [case(f"A{n}", "2024-01") for n in range(20)]
    events = [event(f"A{n}", "CHARGED", "2024-01", f"{n:016x}") for n in range(10)]
    ends = "INVEST" if still_open else "INVEST_CLOSED"
    events += [event(f"A{n}", ends, "2024-06") for n in range(10, 20)]
    events += [event(f"A{n}", "DISPOSED", "2024-06", f"{n:016x}") for n in range(10)]
    rows = invented.bank(
        cases=invented.frame("cases", *cases), suspects=invented.frame("suspects", *events)
    )
    for stage in ("CHARGED_12", "CHARGED"):
        row = invented.row(rows, "PROS-08", stage=stage)
        assert row["value"] == 50
        assert pd.isna(row["ci_low"]) == still_open
        assert (row["note"] == NOT_FINAL) == still_open
    assert invented.row(rows, "PROS-08", stage="NOT_FOLLOWED_12")["numerator"] == 10 * still_open


def test_those_not_yet_followed_leave_a_share_of_victims_without_an_interval(invented):
    victims = [invented.victim(f"{n:016x}", status_date="2024-11") for n in range(4)]
    served = service("0" * 15 + "1", "2024-11", 5)
    rows, _ = followed(invented, victims, [served, service("f" * 16, "2024-12", 1)])
    row = invented.row(rows, "PROT-05")
    assert (row["value"], row["note"]) == (25, NOT_FINAL) and pd.isna(row["ci_low"])


def test_a_stock_has_no_interval():
    # Most of the cases of a year, and of the persons in court, were there the year before.
    stocks = [one for one in measures() if not one.additive and one.statistic == "count"]
    assert len(stocks) >= 5
    assert {one.interval for one in stocks} == {"none"}


def test_a_decision_that_only_the_return_of_cases_tells_counts_at_the_years_end(invented):
    found = cases_of(
        invented,
        [case("A", "2021-03", "DISPOSED")],
        [event("X", "CHARGED", "2024-12", "q" * 16)],
    )
    assert found.loc["A", ["charged", "disposed", "open"]].tolist() == [True, True, False]
    assert found.loc["A", "to_charge"] == 9


def test_half_of_all_cases_are_charged_later_than_half_of_those_not_closed(invented):
    charged = [case(f"C{n}", "2021-01") for n in range(10)]
    closed = [case(f"X{n}", "2021-01", "INVEST_CLOSED") for n in range(10)]
    events = [event(f"C{n}", "CHARGED", f"2021-{n + 2:02d}", f"{n:016x}") for n in range(10)]
    events += [event(f"X{n}", "INVEST_CLOSED", "2021-05") for n in range(10)]
    rows = invented.bank(
        cases=invented.frame("cases", *charged, *closed),
        suspects=invented.frame("suspects", *events),
        charges=invented.frame("charges", {"charge_id": "1", "person_id": "0" * 16}),
    )
    rows.years.update(dict.fromkeys(("cases", "suspects", "charges"), frozenset({2021, 2024})))
    row = invented.row(rows, "PROS-09", "2021", stage="CHARGED")
    assert row["value"] == 10 and row["method"] == "Aalen-Johansen, log-log interval, 95 %"


def test_a_share_over_years_says_of_which_it_is_where_others_have_nothing(invented):
    def session(year, pairs):
        told = {"month": f"{year}-05", "pre_post_pairs": pairs, "pre_post_gain": pairs}
        return {"session_id": f"S{year}", "for_": year} | told

    rows = invented.bank(
        trainings=invented.frame("trainings", session(2023, None), session(2024, 20))
    )
    row = invented.row(rows, "PREV-03", "2023-2024")
    assert row["value"] == 100
    assert row["note"] == "of 2024 alone: nothing to divide by in 2023"
    assert invented.row(rows, "PREV-03", "2024")["note"] == ""
