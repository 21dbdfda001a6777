"""Kinds of expectation between rows and streams: what each lets pass and what it finds."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from atips_analysis.codebook import load_codebook
from atips_analysis.quality import between_rows as kinds
from atips_analysis.quality.expectation_kinds import KINDS, Returns

CODEBOOK = load_codebook()
TOLD = {"submitted_by": "DHS", "submitted_for": 2024}


def rows(stream: str, *told: dict) -> pd.DataFrame:
    """Rows of a stream, blank where nothing is told."""
    names = [column.name for column in CODEBOOK.streams[stream].columns]
    frame = pd.DataFrame([TOLD | row for row in told], columns=[*names, *TOLD])
    return frame.astype(dict.fromkeys([*names, "submitted_by"], "str"))


def returns(extent="all", accepted=None, **streams) -> Returns:
    frames = {name: rows(name, *told) for name, told in streams.items()}
    return Returns(CODEBOOK, frames, accepted or {}, extent)


def holds(kind, own, beside, columns, **settings):
    return list(kind(own[columns], beside, **settings).holds)


CASE = ["case_id", "submitted_for"]


def test_a_reference_is_received_where_the_other_stream_holds_it():
    own = rows("services", {"victim_id": "a"}, {"victim_id": "b"}, {})
    beside = returns(victims=[{"victim_id": "a"}])
    asked = (own, beside, ["victim_id", "submitted_for"])
    assert holds(kinds.expect_reference_to_be_received, *asked, stream="victims") == [1, 0, 1]
    here = kinds.expect_reference_to_be_among_these_files
    assert holds(here, *asked, stream="victims") == [1, 1, 1]


def test_without_the_other_stream_nothing_is_looked_up():
    own, columns = rows("services", {"victim_id": "b"}), ["victim_id", "submitted_for"]
    for extent in ("all", "part"):
        for beside in (returns(extent), returns(extent, victims=[])):
            for kind in ("received", "among_these_files", "accepted"):
                function = KINDS[f"expect_reference_to_be_{kind}"].function
                assert holds(function, own, beside, columns, stream="victims") == [True]


@pytest.mark.parametrize(
    ("years", "decided"),
    [([2023, 2024], True), ([2024], False), ([2023], False), ([2023, 2025], False)],
)
def test_of_a_part_of_the_files_a_reference_must_be_found_in_its_year_after_an_earlier_one(
    years, decided
):
    own = rows("suspects", {"case_id": "x"})
    beside = returns("part", cases=[{"case_id": "y", "submitted_for": year} for year in years])
    received = kinds.expect_reference_to_be_received
    here = kinds.expect_reference_to_be_among_these_files
    assert holds(received, own, beside, CASE, stream="cases") == [not decided]
    assert holds(here, own, beside, CASE, stream="cases") == [decided]


def test_a_reference_is_accepted_where_one_row_of_it_was():
    own = rows("services", {"victim_id": "a"}, {"victim_id": "b"}, {"victim_id": "c"}, {})
    both = rows("victims", {"victim_id": "a"}, {"victim_id": "b"})
    beside = Returns(CODEBOOK, {"victims": both}, {"victims": both[:1]})
    columns = ["victim_id", "submitted_for"]
    accepted = kinds.expect_reference_to_be_accepted
    assert holds(accepted, own, beside, columns, stream="victims") == [1, 0, 1, 1]
    before = Returns(CODEBOOK, {"victims": both})
    assert holds(accepted, own, before, columns, stream="victims") == [1, 1, 1, 1]


FORMS = [
    *("primary_form", "victim_id", "case_id", "submitted_by", "submitted_for"),
    "consent_statistics",
]


@pytest.mark.parametrize(
    ("told", "fine", "said"),
    [
        (["yes"], True, 1),
        (["no"], False, 0),
        (["yes", "no"], True, 1),
        (["yes", "yes"], False, 2),
        (["yes", None], True, 1),
        ([None], False, 0),
    ],
)
def test_each_victim_has_one_primary_form_in_a_case_and_return(told, fine, said):
    own = rows("victims", *({"victim_id": "a", "case_id": "c", "primary_form": v} for v in told))
    found = kinds.expect_one_primary_form_of_each_victim(own[FORMS], returns())
    assert list(found.holds) == [fine] * len(told)
    assert list(found.detail) == [said] * len(told)


@pytest.mark.parametrize(
    ("row", "fine"),
    [
        ({"consent_statistics": "no"}, True),
        ({"consent_statistics": "no", "primary_form": "no"}, False),
        ({"consent_statistics": "yes"}, False),
        ({"victim_id": None}, True),
        ({"case_id": None}, True),
    ],
)
def test_no_primary_form_is_asked_of_whom_nothing_more_is_known(row, fine):
    own = rows("victims", {"victim_id": "a", "case_id": "c"} | row)
    assert holds(kinds.expect_one_primary_form_of_each_victim, own, returns(), FORMS) == [fine]


def test_one_primary_form_is_counted_for_each_case_agency_and_year():
    base = {"victim_id": "a", "case_id": "c", "primary_form": "yes"}
    others = ({"case_id": "d"}, {"victim_id": "b"}, {"submitted_by": "X"}, {"submitted_for": 2023})
    for other in others:
        own = rows("victims", base, base | other)
        assert holds(kinds.expect_one_primary_form_of_each_victim, own, returns(), FORMS) == [1, 1]


@pytest.mark.parametrize(
    ("one", "other", "differ"),
    [
        ({}, {}, ""),
        ({"sex": "F"}, {"sex": "M"}, "sex"),
        ({"sex": "F"}, {"sex": None}, ""),
        ({"sex": "F"}, {"sex": "U"}, ""),
        ({"citizenship": "GTM"}, {"citizenship": "XXX"}, ""),
        *(({"sex": "F"}, {"sex": code}, "") for code in ("UNK", "UNKNOWN", "NOT_SPECIFIED")),
        ({"sex": "F", "citizenship": "GTM"}, {"sex": "M", "citizenship": "HND"}, "sex;citizenship"),
        ({"sex": "F"}, {"sex": "M", "person_id": "q"}, ""),
        ({"sex": "F", "person_id": None}, {"sex": "M", "person_id": None}, ""),
    ],
)
def test_rows_of_one_person_agree_where_both_know(one, other, differ):
    own = rows("suspects", {"person_id": "p"} | one, {"person_id": "p"} | other)
    columns = ["sex", "citizenship", "person_id"]
    found = kinds.expect_rows_of_one_person_to_agree(own[columns], returns(), by=["person_id"])
    assert list(found.detail) == [differ] * 2
    assert list(found.holds) == [not differ] * 2


AGREE = ["sex", "age_group", "citizenship", "victim_id", "identified_year", "submitted_by"]


@pytest.mark.parametrize(
    ("other", "differ"),
    [
        ({"submitted_by": "BPD"}, ""),
        ({"submitted_by": "BPD", "sex": "M"}, "sex"),
        ({"sex": "M"}, ""),
        ({"submitted_by": "BPD", "age_group": "A21_29"}, ""),
        ({"submitted_by": "BPD", "age_group": "CHILD"}, "age_group"),
        ({"submitted_by": "BPD", "age_group": "UNK"}, ""),
        ({"submitted_by": "BPD", "sex": "M", "identified_year": "2023"}, ""),
        ({"submitted_by": "BPD", "sex": "M", "victim_id": "b"}, ""),
    ],
)
def test_two_agencies_agree_on_sex_citizenship_and_whether_a_child(other, differ):
    base = {"victim_id": "a", "identified_year": "2024", "sex": "F", "age_group": "ADULT"}
    own = rows("victims", base, base | other)
    by = ["victim_id", "identified_year"]
    found = kinds.expect_agencies_to_agree_on_each_victim(own[AGREE], returns(), by=by)
    assert list(found.detail) == [differ] * 2


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ({}, ""),
        ({"identified_year": "2023"}, "2023, 2024"),
        ({"identified_year": "x"}, ""),
        ({"identified_year": "2023", "case_id": "d"}, ""),
        ({"identified_year": "2023", "victim_id": "b"}, ""),
        ({"identified_year": "2023", "submitted_by": "BPD"}, ""),
    ],
)
def test_a_victim_of_a_case_is_identified_in_one_year_by_an_agency(other, said):
    base = {"victim_id": "a", "case_id": "c", "identified_year": "2024"}
    own = rows("victims", base, base | other)
    columns = ["identified_year", "victim_id", "case_id", "submitted_by"]
    found = kinds.expect_each_victim_to_be_identified_in_one_year(own[columns], returns())
    assert list(found.detail) == [said] * 2
    assert list(found.holds) == [not said] * 2


@pytest.mark.parametrize(
    ("means", "fine"),
    [
        ("FORCE", True),
        ("NA_CHILD", False),
        ("UNKNOWN", False),
        (None, False),
        ("NA_CHILD;UNKNOWN", False),
        ("NA_CHILD;FORCE", True),
    ],
)
def test_the_case_of_a_confirmed_adult_has_a_means_that_counts(means, fine):
    own = rows("victims", {"case_id": "c"}, {"case_id": "not sent"})
    beside = returns(cases=[{"case_id": "c", "means": means}])
    kind = kinds.expect_case_of_a_confirmed_adult_to_have_means
    assert holds(kind, own, beside, ["case_id"]) == [fine, True]


@pytest.mark.parametrize(
    ("victim", "fine"),
    [
        ({"age_at_exploit_group": "CHILD"}, True),
        ({"age_at_exploit_group": "ADULT", "age_group": "CHILD"}, False),
        ({"age_group": "A15_17"}, True),
        ({"age_group": "ADULT"}, False),
        ({}, False),
    ],
)
def test_means_are_not_needed_where_a_victim_of_the_case_was_a_child(victim, fine):
    own = rows(
        "cases",
        {"case_id": "c", "means": "NA_CHILD"},
        {"case_id": "c", "means": "FORCE;NA_CHILD"},
        {"case_id": "c", "means": "FORCE"},
        {"case_id": "c"},
        {"case_id": "d", "means": "NA_CHILD"},
    )
    beside = returns(victims=[{"case_id": "c"} | victim])
    kind = kinds.expect_means_not_needed_to_be_of_a_child
    assert holds(kind, own, beside, ["case_id", "means"]) == [fine, fine, True, True, True]


@pytest.mark.parametrize(
    ("stage", "extent", "fine"),
    [
        ("TRIAL", "all", True),
        ("DISPOSED", "all", False),
        ("DISPOSED", "part", True),
        ("CHARGED", "all", False),
        ("CHARGED", "part", False),
        ("xx", "all", True),
    ],
)
def test_a_case_stands_at_the_highest_stage_reached_by_the_end_of_its_year(stage, extent, fine):
    own = rows("cases", {"case_id": "c", "ref_year": "2024", "stage": stage})
    events = [
        {"case_id": "c", "stage": "CHARGED", "event_date": "2023-04"},
        {"case_id": "c", "stage": "TRIAL", "event_date": "2024-12"},
        {"case_id": "c", "stage": "APPEAL", "event_date": "2025-01"},
        {"case_id": "d", "stage": "APPEAL", "event_date": "2024-01"},
    ]
    columns = ["case_id", "ref_year", "stage"]
    kind = kinds.expect_case_stage_to_be_the_highest_of_its_events
    found = kind(own[columns], returns(extent, suspects=events))
    assert list(found.holds) == [fine]
    assert (list(found.detail), found.told_as) == (["TRIAL"], "case_stage")
    assert holds(kind, own, returns(extent), columns) == [True]


def test_a_charged_case_has_a_charge_of_one_of_its_persons():
    own = rows("cases", {"case_id": "c"}, {"case_id": "d"}, {"case_id": "e"}, {"case_id": "f"})
    events = [
        {"case_id": "c", "person_id": "p"},
        {"case_id": "c", "person_id": "q"},
        {"case_id": "d", "person_id": "r"},
        {"case_id": "e"},
    ]
    beside = returns(suspects=events, charges=[{"person_id": "p"}])
    kind = kinds.expect_charged_case_to_have_a_charge
    assert holds(kind, own, beside, ["case_id"]) == [True, False, True, True]
    assert all(holds(kind, own, returns(suspects=events), ["case_id"]))


def test_a_charged_person_has_a_charge_where_any_were_sent():
    own = rows("suspects", {"person_id": "p"}, {"person_id": "q"}, {})
    kind = kinds.expect_charged_person_to_have_a_charge
    assert holds(kind, own, returns(charges=[{"person_id": "p"}]), ["person_id"]) == [1, 0, 1]
    assert holds(kind, own, returns(), ["person_id"]) == [1, 1, 1]


STAGES = ["event_date", "stage", "case_id", "person_id", "submitted_by"]


@pytest.mark.parametrize(
    ("later", "within_agency", "between"),
    [
        ({"event_date": "2024-03"}, "", ""),
        ({"event_date": "2024-02"}, "2024-03", "2024-03"),
        ({"event_date": "2024-02", "submitted_by": "ODPP"}, "", "2024-03"),
        ({"event_date": "2024-02", "person_id": "q"}, "", ""),
        ({"event_date": "2024-02", "case_id": "d"}, "", ""),
        ({"event_date": "2024-02", "stage": "CONTACT"}, "", ""),
        ({"event_date": "x"}, "", ""),
        ({"event_date": "2024-02", "stage": "x"}, "", ""),
    ],
)
def test_months_do_not_fall_as_the_stages_rise(later, within_agency, between):
    first = {"case_id": "c", "person_id": "p", "stage": "CHARGED", "event_date": "2024-03"}
    earlier = first | {"stage": "CONTACT", "event_date": "2024-01"}
    own = rows("suspects", first, earlier, first | {"stage": "TRIAL"} | later)
    found = kinds.expect_stages_in_order_of_time(own[STAGES], returns())
    assert list(found.holds) == [True, True, not within_agency]
    assert found.detail[2] == within_agency
    found = kinds.expect_stages_in_order_of_time_between_agencies(own[STAGES], returns())
    assert list(found.holds) == [True, True, bool(within_agency) or not between]
    assert found.detail[2] == between


def test_the_order_of_stages_is_not_asked_without_a_case():
    first = {"person_id": "p", "stage": "CHARGED", "event_date": "2024-03"}
    own = rows("suspects", first, first | {"stage": "TRIAL", "event_date": "2024-01"})
    assert holds(kinds.expect_stages_in_order_of_time, own, returns(), STAGES) == [True, True]


@pytest.mark.parametrize(
    ("statuses", "said"),
    [
        ([("NOT_VICTIM", "2024-05")], "2024-05"),
        ([("WITHDRAWN", "2024-05")], "2024-05"),
        ([("CONFIRMED", "2024-05")], ""),
        ([("NOT_VICTIM", "2024-05"), ("CONFIRMED", "2024-06")], ""),
        ([("CONFIRMED", "2024-04"), ("NOT_VICTIM", "2024-05")], "2024-05"),
        ([("NOT_VICTIM", "2024-05"), ("CONFIRMED", "2024-05")], ""),
        ([("NOT_VICTIM", None)], ""),
    ],
)
def test_no_service_begins_after_the_last_word_was_that_there_is_no_victim(statuses, said):
    own = rows(
        "services",
        {"victim_id": "a", "start_month": "2024-05"},
        {"victim_id": "a", "start_month": "2024-06"},
        {"victim_id": "b", "start_month": "2024-06"},
        {"victim_id": "a", "start_month": "x"},
    )
    victims = [{"victim_id": "a", "status": s, "status_date": at} for s, at in statuses]
    kind = kinds.expect_no_service_after_a_negative_status
    found = kind(own[["victim_id", "service_type", "start_month"]], returns(victims=victims))
    assert list(found.holds) == [True, not said, True, True]
    assert list(found.detail) == [said, said, "", said]


@pytest.mark.parametrize(
    ("victims", "fine"),
    [
        ([("CHILD", "2024")], [False, True]),
        ([("A15_17", "2023")], [True, True]),
        ([("CHILD", "2025")], [False, False]),
        ([("ADULT", "2024")], [True, True]),
        ([("CHILD", "2023"), ("CHILD", "2024")], [False, True]),
        ([("CHILD", "2024"), ("ADULT", "2025")], [False, True]),
    ],
)
def test_a_service_for_adults_begins_after_the_year_in_which_its_receiver_was_a_child(
    victims, fine
):
    columns = ["victim_id", "service_type", "start_month"]
    months = [{"start_month": "2024-12"}, {"start_month": "2025-01"}, {"start_month": "x"}]
    own = rows("services", *({"victim_id": "a"} | month for month in months), months[0])
    told = [{"victim_id": "a", "age_group": a, "identified_year": year} for a, year in victims]
    beside = returns(victims=[*told, {"age_group": "CHILD", "identified_year": "2030"}])
    kind = kinds.expect_adult_service_to_go_to_an_adult
    assert holds(kind, own, beside, columns) == [*fine, True, True]


def test_every_kind_between_rows_has_its_test_here():
    between = [
        kind.function.__name__
        for kind in KINDS.values()
        if kind.function.__module__ == kinds.__name__
    ]
    source = Path(__file__).read_text(encoding="utf-8")
    assert all(source.count(name) for name in between)
