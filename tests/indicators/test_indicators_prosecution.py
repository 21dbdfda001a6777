"""Cases, persons and courts, counted by hand from rows that are written out."""

from __future__ import annotations

import pandas as pd


def case(key: str, year: int, opened: str, **what) -> dict:
    return {
        "case_id": key, "ref_year": year, "opened_date": opened, "district": "CY", "for_": year,
        "geographic_flow": "DOMESTIC", "referral_source": "HOTLINE", "stage": "INVEST",
        "carried_over": False, "by_": "BPD_ATIPS",
    } | what  # fmt: skip


def stage(case_id: str, person: str | None, what: str, month: str, **more) -> dict:
    return {
        "case_id": case_id, "person_id": person, "stage": what, "event_date": month, "sex": "M",
        "age_group": "ADULT", "citizenship": "BLZ", "by_": "BPD_ATIPS", "for_": int(month[:4]),
    } | more  # fmt: skip


def charge(key: str, person: str, month: str, **what) -> dict:
    return {
        "charge_id": key, "person_id": person, "offence_group": "TIP_SEX", "counts": 1,
        "charged_date": month, "outcome": "PENDING", "by_": "ODPP", "for_": int(month[:4]),
    } | what  # fmt: skip


GUILTY = {"outcome": "GUILTY_TRIAL", "sentence_type": "IMPRISON", "sentence_months": 60}


def test_a_case_carried_over_counts_again_and_apart(invented):
    rows = invented.bank(
        cases=invented.frame(
            "cases",
            case("A", 2023, "2023-05"),
            case("A", 2024, "2023-05", carried_over=True),
            case("B", 2024, "2024-02"),
        )
    )
    assert invented.value(rows, "PROS-01", "2023") == 1
    assert invented.value(rows, "PROS-01", "2024") == 2
    assert invented.value(rows, "PROS-01", "2024", carried_over="YES") == 1
    assert invented.value(rows, "PROS-01", "2024-Q1") == 1


def test_a_case_sent_late_counts_in_the_year_that_it_is_about(invented):
    rows = invented.bank(
        cases=invented.frame(
            "cases", case("A", 2023, "2023-05", for_=2024), case("B", 2023, "2023-06")
        )
    )
    assert invented.value(rows, "PROS-01", "2023") == 2


def test_a_person_in_two_cases_is_arrested_once(invented):
    rows = invented.bank(
        suspects=invented.frame(
            "suspects",
            stage("A", "p" * 16, "CONTACT", "2024-03"),
            stage("B", "p" * 16, "CONTACT", "2024-05"),
            stage("B", "p" * 16, "CHARGED", "2024-06"),
            stage("C", None, "INVEST", "2024-06"),
        )
    )
    assert invented.value(rows, "PROS-02") == 1
    assert invented.value(rows, "PROS-02", stage="CHARGED") == 1


def test_a_charge_sent_again_with_its_outcome_counts_where_its_outcome_lies(invented):
    rows = invented.bank(
        charges=invented.frame(
            "charges",
            charge("X", "p" * 16, "2023-03"),
            charge("X", "p" * 16, "2023-03", for_=2024, outcome_date="2024-06", **GUILTY),
        ),
        suspects=invented.frame(
            "suspects",
            stage("A", "p" * 16, "CONTACT", "2023-01"),
            stage("A", "p" * 16, "DISPOSED", "2024-06"),
        ),
    )
    assert invented.value(rows, "PROS-03", "2023") == 1
    assert invented.value(rows, "PROS-03", "2024") == 1
    assert invented.value(rows, "PROS-03", "2024", carried_over="YES") == 1
    assert invented.value(rows, "PROS-04", "2023", unit="CONVICTION_P") == 0
    assert invented.value(rows, "PROS-04", "2024", unit="CONVICTION_P") == 1


def test_an_outcome_that_is_sent_a_year_late_is_not_lost(invented):
    rows = invented.bank(
        charges=invented.frame(
            "charges",
            charge("X", "p" * 16, "2023-03"),
            charge("X", "p" * 16, "2023-03", for_=2024, outcome_date="2023-11", **GUILTY),
        ),
    )
    assert invented.value(rows, "PROS-04", "2023", unit="CONVICTION_P") == 1
    assert invented.value(rows, "PROS-04", "2024", unit="CONVICTION_P") == 0


def test_of_two_agencies_the_one_that_knows_the_outcome_is_heard(invented):
    known = charge("X", "p" * 16, "2024-03", outcome_date="2024-06", **GUILTY)
    pending = charge("X", "p" * 16, "2024-03")
    for first, second in ((known | {"by_": "JUD"}, pending), (pending, known | {"by_": "JUD"})):
        rows = invented.bank(charges=invented.frame("charges", dict(first), dict(second)))
        assert invented.value(rows, "PROS-04", unit="CONVICTION_P") == 1


def test_a_person_convicted_on_two_counts_is_one_person_and_two_counts(invented):
    rows = invented.bank(
        charges=invented.frame(
            "charges", charge("X", "p" * 16, "2024-03", counts=2, outcome_date="2024-06", **GUILTY)
        )
    )
    assert invented.value(rows, "PROS-04", unit="CONVICTION_P") == 1
    assert invented.value(rows, "PROS-04", unit="CONVICTION_C") == 2


def test_a_person_convicted_in_two_years_counts_in_each_and_twice_in_the_pool(invented):
    rows = invented.bank(
        charges=invented.frame(
            "charges",
            charge("X", "p" * 16, "2022-03", outcome_date="2023-06", for_=2023, **GUILTY),
            charge("Y", "p" * 16, "2023-03", outcome_date="2024-06", for_=2024, **GUILTY),
        )
    )
    years = [invented.value(rows, "PROS-04", y, unit="CONVICTION_P") for y in ("2023", "2024")]
    assert years == [1, 1]
    assert invented.value(rows, "PROS-04", "2023-2024", unit="CONVICTION_P") == 2


def test_charges_under_the_csec_act_are_counted_beside_trafficking_charges(invented):
    rows = invented.bank(
        charges=invented.frame(
            "charges",
            charge("X", "p" * 16, "2024-03", offence_group="CSEC_PROCURE"),
            charge("Y", "q" * 16, "2024-03"),
        ),
        suspects=invented.frame(
            "suspects",
            stage("A", "p" * 16, "MAGISTRATE", "2024-04"),
            stage("A", "q" * 16, "MAGISTRATE", "2024-04"),
        ),
    )
    assert invented.value(rows, "PROS-03") == 1
    assert invented.value(rows, "PROS-07") == 1
    assert invented.value(rows, "PROS-07", offence_group="CSEC_PROCURE") == 1


def test_persons_wait_for_a_trial_while_a_charge_before_a_court_is_open(invented):
    people = [letter * 16 for letter in "pqrs"]
    rows = invented.bank(
        charges=invented.frame(
            "charges",
            charge("1", people[0], "2021-02", for_=2024),
            charge("2", people[1], "2024-02"),
            charge("3", people[2], "2024-02"),
            charge("4", people[3], "2024-02", outcome="ACQUITTED", outcome_date="2024-09"),
        ),
        suspects=invented.frame(
            "suspects",
            stage("A", people[0], "COMMITTED", "2021-06"),
            stage("A", people[1], "MAGISTRATE", "2024-03"),
            stage("A", people[2], "MAGISTRATE", "2024-03"),
            stage("A", people[2], "CLOSED_DEATH", "2024-05"),
            stage("A", people[3], "MAGISTRATE", "2024-03"),
        ),
    )
    assert invented.value(rows, "PROS-06") == 2
    assert invented.value(rows, "PROS-06", waiting="3_AND_MORE") == 1
    assert invented.value(rows, "PROS-06", waiting="UNDER_1") == 1


def cohort_of_twelve(invented):
    """Twelve cases opened in 2021; ten charged after 1 to 10 months, five of them disposed of."""
    cases = [case(f"C{n}", 2021, "2021-01") for n in range(12)]
    people = [f"{n:016x}" for n in range(12)]
    charged = [stage(f"C{n}", people[n], "CHARGED", f"2021-{n + 2:02d}") for n in range(10)]
    charges = [
        charge(f"X{n}", people[n], f"2021-{n + 2:02d}")
        | ({"outcome": "ACQUITTED", "outcome_date": "2022-06"} if n < 4 else {})
        | ({"outcome_date": "2022-06"} | GUILTY if n == 4 else {})
        for n in range(10)
    ]
    return invented.bank(
        cases=invented.frame("cases", *cases, case("Z", 2024, "2024-01")),
        suspects=invented.frame("suspects", *charged),
        charges=invented.frame("charges", *charges),
    )


def test_conversion_follows_the_cohort_of_cases_opened_in_the_year(invented):
    rows = cohort_of_twelve(invented)
    share = {
        stage: invented.row(rows, "PROS-08", "2021", stage=stage)["numerator"]
        for stage in ("CHARGED", "DISPOSED", "CONVICTED")
    }
    assert share == {"CHARGED": 10, "DISPOSED": 5, "CONVICTED": 1}
    assert invented.row(rows, "PROS-08", "2021", stage="CHARGED")["denominator"] == 12


def test_the_time_to_a_charge_is_a_median_with_open_cases_censored(invented):
    rows = cohort_of_twelve(invented)
    # That ten or more of twelve were charged would tell that two at most were not.
    few = invented.row(rows, "PROS-09", "2021", stage="CHARGED")
    assert few["status"] == "NAP" and few["note"] == "fewer than 15: not shown"
    open_ones = [case(f"O{n}", 2021, "2021-01") for n in range(3)]
    rows.frames["cases"] = pd.concat([rows.frames["cases"], invented.frame("cases", *open_ones)])
    row = invented.row(rows, "PROS-09", "2021", stage="CHARGED")
    # Months 1, 2, … 10 of fifteen cases: after the eighth charge fewer than half wait.
    assert row["value"] == 8 and row["denominator"] == 15
    assert row["method"] == "Kaplan-Meier, log-log interval, 95 %"
    disposal = invented.row(rows, "PROS-09", "2021", stage="DISPOSED")
    assert disposal["status"] == "NAP" and disposal["note"] == "fewer than 10: not shown"


def test_a_conviction_in_another_case_of_the_same_person_is_not_this_cases(invented):
    rows = invented.bank(
        cases=invented.frame(
            "cases",
            *(case(f"C{n}", 2021, "2021-01") for n in range(10)),
            case("OLD", 2019, "2019-01"),
        ),
        suspects=invented.frame(
            "suspects",
            stage("OLD", "p" * 16, "CONTACT", "2019-02"),
            stage("C0", "p" * 16, "CONTACT", "2022-02"),
            stage("C1", "q" * 16, "CONTACT", "2021-02"),
        ),
        charges=invented.frame(
            "charges", charge("X", "p" * 16, "2020-03", for_=2021, outcome_date="2021-06", **GUILTY)
        ),
    )
    assert invented.row(rows, "PROS-08", "2021", stage="CONVICTED")["numerator"] == 0


def test_the_share_of_custodial_sentences_needs_ten_persons(invented):
    people = [f"{n:016x}" for n in range(12)]
    rows = invented.bank(
        charges=invented.frame(
            "charges",
            *(
                charge(f"X{n}", key, "2024-01", outcome_date="2024-06", **GUILTY)
                | {"sentence_months": 12 * (n + 1)}
                | ({"sentence_type": "FINE", "sentence_months": None} if n == 11 else {})
                for n, key in enumerate(people)
            ),
        )
    )
    share = invented.row(rows, "PROS-10", statistic="percent")
    assert (share["numerator"], share["denominator"]) == (11, 12)
    assert invented.value(rows, "PROS-10", statistic="median") == 72
    few = invented.bank(charges=rows.frame("charges").head(9))
    assert invented.row(few, "PROS-10", statistic="percent")["status"] == "NAP"


def test_a_public_official_without_a_record_is_a_true_zero(invented):
    rows = invented.bank(
        suspects=invented.frame("suspects", stage("A", "p" * 16, "CONTACT", "2024-03"))
    )
    row = invented.row(rows, "PROS-11")
    assert row["value"] == 0 and row["status"] == "Z"


def test_officers_in_post_are_the_last_count_sent_and_missing_where_there_is_none(invented):
    rows = invented.bank(
        counts=invented.frame(
            "counts",
            {"month": "2024-06", "agency": "BPD_ATIPS", "measure": "OFFICERS_IN_POST", "n": 7},
            {"month": "2024-12", "agency": "BPD_ATIPS", "measure": "OFFICERS_IN_POST", "n": 9},
        )
    )
    assert invented.value(rows, "PROS-12") == 9
    assert invented.value(rows, "PROS-12", "2024-H1") == 7
    row = invented.row(rows, "PROS-12", "2024-Q1")
    assert row["status"] == "M" and pd.isna(row["value"])


def test_in_a_part_of_a_year_cases_opened_in_it_are_counted_and_the_note_says_so(invented):
    rows = invented.bank(
        cases=invented.frame(
            "cases",
            {"case_id": "C1", "ref_year": 2024, "opened_date": "2024-02"},
            {"case_id": "C2", "ref_year": 2024, "opened_date": "2023-02"},
        )
    )
    part, year = (invented.row(rows, "PROS-01", period) for period in ("2024-H1", "2024"))
    assert (part["value"], year["value"]) == (1, 2)
    assert part["note"] == "cases opened in the period, not those active in it"
    assert year["note"] == ""


def test_public_officials_are_counted_at_the_furthest_stage_of_the_year(invented):
    def seen(person, month, stage, official=True):
        return {
            "person_id": person, "case_id": "C1", "event_date": month, "stage": stage,
            "is_public_official": official, "event_id": f"{person}{month}",
        }  # fmt: skip

    rows = invented.bank(
        suspects=invented.frame(
            "suspects",
            seen("P1", "2024-02", "CONTACT"),
            seen("P1", "2024-05", "CHARGED"),
            seen("P1", "2025-01", "DISPOSED"),
            seen("P2", "2024-03", "CONTACT"),
            seen("P3", "2024-03", "CONTACT", official=False),
        )
    )
    assert invented.value(rows, "PROS-11") == 2
    assert invented.value(rows, "PROS-11", stage="CHARGED") == 1
    assert invented.value(rows, "PROS-11", stage="CONTACT") == 1


def test_meetings_held_are_told_apart_by_council_and_committees(invented):
    rows = invented.bank(
        engagements=invented.frame(
            "engagements",
            *(
                {
                    "engagement_id": f"E{n}", "month": "2024-03", "held": True,
                    "kind": "COUNCIL" if n < 2 else "COMMITTEE", "quorum": n != 4,
                }
                for n in range(5)
            ),
        )
    )  # fmt: skip
    row = invented.row(rows, "PART-01", kind="COMMITTEE")
    assert (row["numerator"], row["denominator"]) == (2, 3)
    assert invented.value(rows, "PART-01", kind="COUNCIL") == 100
