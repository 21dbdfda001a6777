"""What becomes of a row, told in the words of the people who send and receive it."""

from __future__ import annotations

import pandas as pd
import pytest

from atips_analysis.codebook import load_codebook
from atips_analysis.errors import InputError
from atips_analysis.project import find_project
from atips_analysis.quality import judge

CODEBOOK = load_codebook()
SUITES = find_project().expectations
CASE = "BZ-CASE-2024-0001"
VICTIM, OTHER, PERSON = "00000000000000a1", "00000000000000a2", "00000000000000b1"
GOOD = {
    "cases": {
        "case_id": CASE,
        "ref_year": "2024",
        "opened_date": "2024-02",
        "carried_over": "no",
        "referral_source": "BPD",
        "district": "CY",
        "geographic_flow": "DOMESTIC",
        "acts": "RECRUIT",
        "means": "DECEPTION;FORCE",
        "stage": "CHARGED",
    },
    "victims": {
        "victim_id": VICTIM,
        "case_id": CASE,
        "identified_year": "2024",
        "sex": "F",
        "age_years_ident": "24",
        "age_group": "A21_29",
        "age_at_exploit_group": "ADULT",
        "citizenship": "GTM",
        "status": "CONFIRMED",
        "status_date": "2024-05",
        "decision_by": "DHS",
        "form": "SEX_ADULT",
        "primary_form": "yes",
        "sexual_type": "PROSTITUTION",
        "country_of_exploitation": "BLZ",
        "consent_statistics": "yes",
    },
    "suspects": {
        "case_id": CASE,
        "person_id": PERSON,
        "stage": "CHARGED",
        "event_date": "2024-04",
        "sex": "M",
    },
    "charges": {
        "charge_id": "CH-1",
        "person_id": PERSON,
        "offence_group": "TIP_SEX",
        "counts": "1",
        "charged_date": "2024-04",
        "outcome": "PENDING",
    },
    "services": {
        "victim_id": VICTIM,
        "service_type": "COUNSELLING",
        "provider": "DHS",
        "start_month": "2024-06",
    },
    "trainings": {
        "session_id": "S-1",
        "month": "2024-03",
        "audience": "TOURISM",
        "topic": "IDENT",
        "facilitator": "NCFC",
        "participants": "20",
    },
    "screenings": {
        "month": "2024-03",
        "agency": "IMM",
        "citizenship_group": "NCA",
        "outcome": "NO_IND",
        "n": "5",
    },
}


def frames(agency: str = "DHS", year: int = 2024, **streams):
    """Streams of rows; a row is what it changes in the good row of its stream."""
    made = {}
    for stream, changes in streams.items():
        columns = [column.name for column in CODEBOOK.streams[stream].columns]
        rows = [{**GOOD.get(stream, {}), **change} for change in changes]
        frame = pd.DataFrame(rows, columns=columns, dtype="str")
        made[stream] = frame.assign(
            file=f"{agency}_{year}.xlsx",
            sheet=stream,
            row=range(2, len(frame) + 2),
            submitted_by=agency,
            submitted_for=year,
            source="simulated",
        )
    return made


def judged(**streams):
    return judge(frames(**streams), CODEBOOK, SUITES)


NEEDS = {
    "cases": ("victims",),
    "victims": ("cases",),
    "suspects": ("cases", "charges"),
    "charges": ("suspects", "cases"),
    "services": ("victims", "cases"),
}


def whole(**changes):
    """A return with these rows, and good rows of the streams that they are compared with."""
    base = {name: [{}] for stream in changes for name in NEEDS.get(stream, ())}
    return judged(**{**base, **changes})


def rules(judgement, stream, severity="critical"):
    found = judgement.findings
    return set(found.loc[(found["stream"] == stream) & (found["severity"] == severity), "rule"])


def verdicts(judgement, stream):
    return list(judgement.verdicts[stream]["verdict"])


def test_a_good_return_is_accepted_without_a_word():
    judgement = whole(charges=[{}], services=[{}], trainings=[{}], screenings=[{"agency": "DHS"}])
    assert all((frame["verdict"] == "accepted").all() for frame in judgement.verdicts.values())
    assert judgement.findings.empty


CRITICAL = [
    ("cases", "value set", {"district": "Belmopan"}),
    ("cases", "format", {"opened_date": "03/04/2024"}),
    ("cases", "plausible month", {"opened_date": "1889-01"}),
    ("cases", "reference year", {"ref_year": "2023", "opened_date": "2023-01"}),
    ("cases", "date order", {"opened_date": "2024-02", "ref_year": "2023"}),
    ("cases", "text", {"case_id": "Maria"}),
    ("cases", "text", {"case_id": "501 610 4477"}),
    ("victims", "required", {"sex": pd.NA}),
    ("victims", "leaf", {"form": "SEX"}),
    ("victims", "leaf", {"form": "MIXED"}),
    ("victims", "reference year", {"identified_year": "2025"}),
    ("victims", "CSEC", {"form": "SEX_CSEC"}),
    (
        "victims",
        "CSEC",
        {"age_years_ident": "15", "age_group": "CHILD", "age_at_exploit_group": pd.NA},
    ),
    ("victims", "age", {"age_years_ident": "20"}),
    ("victims", "age", {"age_years_ident": "30"}),
    ("victims", "age", {"age_years_ident": pd.NA, "age_group": "CHILD"}),
    ("victims", "primary", {"primary_form": "no"}),
    ("suspects", "foreign key", {"case_id": "BZ-CASE-2024-0009"}),
    ("suspects", "person", {"person_id": pd.NA}),
    ("charges", "foreign key", {"person_id": "00000000000000b9"}),
    ("charges", "conviction", {"outcome": "GUILTY_PLEA", "sentence_type": "FINE"}),
    ("charges", "conviction", {"outcome": "GUILTY_TRIAL", "outcome_date": "2024-09"}),
    ("charges", "date order", {"outcome": "ACQUITTED", "outcome_date": "2024-03"}),
    ("services", "foreign key", {"victim_id": OTHER}),
    ("services", "date order", {"end_month": "2024-05"}),
    ("trainings", "parts and whole", {"women": "12", "men": "9"}),
    ("trainings", "parts and whole", {"pre_post_pairs": "21"}),
    ("trainings", "parts and whole", {"pre_post_pairs": "8", "pre_post_gain": "9"}),
    ("trainings", "format", {"participants": "about 20"}),
    ("trainings", "plausible month", {"month": "2025-01"}),
    ("screenings", "return year", {"month": "2023-12"}),
    ("screenings", "value set", {"sex": "T"}),
]

WARNING = [
    ("cases", "carried over", {"carried_over": "yes"}),
    ("cases", "stage order", {"stage": "TRIAL"}),
    ("victims", "reference year", {"identified_year": "2023"}),
    ("victims", "form details", {"sexual_type": pd.NA}),
    ("victims", "form details", {"sector": "I"}),
    ("victims", "form details", {"form": "LAB_SECTOR", "sexual_type": pd.NA}),
    ("victims", "CSEC", {"age_at_exploit_group": "UNK"}),
    ("victims", "foreign key", {"case_id": "BZ-CASE-2024-0007"}),
    ("victims", "pseudonym", {"victim_id": "V-1"}),
    ("charges", "date order", {"outcome": "ACQUITTED"}),
    ("charges", "conviction", {"sentence_type": "FINE"}),
    ("services", "form details", {"service_type": "SHELTER"}),
    ("trainings", "return year", {"month": "2023-11"}),
    ("trainings", "parts and whole", {"pre_post_gain": "3"}),
    ("screenings", "agency", {"agency": "IMM"}),
]

CASES = [*CRITICAL, *WARNING]


@pytest.fixture(scope="module")
def together():
    """One judgement of a good return for each case, wrong in that case's one respect."""
    parts = {}
    for number, (changed, _, change) in enumerate(CASES):
        own = {
            "case_id": f"BZ-CASE-2024-{number + 1000}",
            "victim_id": f"{number + 1:016x}",
            "person_id": f"{number + 0x1000:016x}",
            "charge_id": f"CH-{number}",
            "session_id": f"S-{number}",
        }
        for stream in GOOD:
            if stream in ("trainings", "screenings") and stream != changed:
                continue
            names = {name for name in own if name in GOOD[stream]}
            row = {name: own[name] for name in names}
            row.update({"agency": "DHS"} if stream == "screenings" else {})
            row.update(change if stream == changed else {})
            frame = frames(**{stream: [row]})[stream]
            parts.setdefault(stream, []).append(frame.assign(file=f"{number}.xlsx"))
    rows = {stream: pd.concat(frames, ignore_index=True) for stream, frames in parts.items()}
    return judge(rows, CODEBOOK, SUITES)


@pytest.mark.parametrize(("stream", "rule", "change"), CRITICAL)
def test_a_row_that_cannot_be_used_is_quarantined_and_told_why(together, stream, rule, change):
    file = f"{CASES.index((stream, rule, change))}.xlsx"
    rows = together.verdicts[stream]
    assert list(rows.loc[rows["file"] == file, "verdict"]) == ["quarantined"]
    found = together.findings[(together.findings["file"] == file)]
    own = found[(found["stream"] == stream) & (found["rule"] == rule)].iloc[0]
    assert (own["severity"], own["row"]) == ("critical", 2)
    assert all(own[words] for words in ("reason", "remedy", "reason_es", "remedy_es"))
    assert "{" not in own["reason"] + own["reason_es"]


@pytest.mark.parametrize(("stream", "rule", "change"), WARNING)
def test_a_doubtful_row_is_accepted_and_the_agency_is_told(together, stream, rule, change):
    file = f"{CASES.index((stream, rule, change))}.xlsx"
    rows = together.verdicts[stream]
    assert list(rows.loc[rows["file"] == file, "verdict"]) == ["accepted"]
    found = together.findings[(together.findings["file"] == file)]
    own = found[(found["stream"] == stream) & (found["rule"] == rule)]
    assert list(own["severity"]) == ["warning"]


def test_what_is_just_within_the_rules_is_accepted():
    judgement = whole(
        victims=[{"age_years_ident": "29"}],
        services=[{"end_month": "2024-06"}],
        charges=[{"outcome": "ACQUITTED", "outcome_date": "2024-04"}],
        trainings=[{"women": "9", "men": "11", "pre_post_pairs": "20", "pre_post_gain": "20"}],
    )
    assert all((frame["verdict"] == "accepted").all() for frame in judgement.verdicts.values())


def test_a_child_at_exploitation_may_be_an_adult_when_identified():
    grown = {"form": "SEX_CSEC", "age_at_exploit_group": "CHILD", "age_years_ident": "19"}
    judgement = whole(victims=[{**grown, "age_group": "A18_20"}])
    assert verdicts(judgement, "victims") == ["accepted"]


def test_a_confirmed_adult_needs_means_and_a_child_does_not():
    judgement = whole(cases=[{"means": "NA_CHILD"}])
    assert "child means" in rules(judgement, "victims", "warning")
    assert "child means" in rules(judgement, "cases", "warning")
    child = {"age_group": "CHILD", "age_at_exploit_group": "CHILD", "age_years_ident": "15"}
    judgement = whole(cases=[{"means": "NA_CHILD"}], victims=[{**child, "form": "SEX_CSEC"}])
    assert not rules(judgement, "victims", "warning") & {"child means"}
    assert not rules(judgement, "cases", "warning") & {"child means"}


def test_a_victim_has_one_primary_form_in_each_case_and_each_agencys_return():
    second = {"form": "LAB_SECTOR", "sector": "I", "sexual_type": pd.NA}
    assert verdicts(whole(victims=[{}, {**second, "primary_form": "no"}]), "victims") == [
        "accepted",
        "accepted",
    ]
    assert verdicts(whole(victims=[{}, second]), "victims") == ["quarantined", "quarantined"]
    police = frames("BPD_ATIPS", victims=[{}])["victims"]
    both = pd.concat([frames(victims=[{}])["victims"], police], ignore_index=True)
    judgement = judge({"victims": both}, CODEBOOK, SUITES)
    assert verdicts(judgement, "victims") == ["accepted", "accepted"]


def test_the_rows_of_one_victim_do_not_contradict_one_another():
    second = {"form": "BEG", "sexual_type": pd.NA, "primary_form": "no", "citizenship": "HND"}
    judgement = whole(victims=[{}, second])
    assert verdicts(judgement, "victims") == ["quarantined", "quarantined"]
    assert "Citizenship" in judgement.findings["reason"].iloc[0]
    assert "Ciudadanía" in judgement.findings["reason_es"].iloc[0]


def test_two_agencies_that_describe_a_victim_differently_are_both_told():
    ours, theirs = frames(victims=[{}]), frames("BPD_ATIPS", victims=[{"sex": "M"}])
    both = pd.concat([ours["victims"], theirs["victims"]], ignore_index=True)
    judgement = judge({"victims": both}, CODEBOOK, SUITES)
    found = judgement.findings[judgement.findings["severity"] == "warning"]
    assert set(found["rule"]) == {"agencies agree"}
    assert set(found["submitted_by"]) == {"DHS", "BPD_ATIPS"}
    unknown = both.assign(sex=["F", "U"])
    again = judge({"victims": unknown}, CODEBOOK, SUITES).findings
    assert "agencies agree" not in set(again.loc[again["severity"] == "warning", "rule"])


def test_stages_do_not_go_back_in_time_as_the_case_moves_on():
    stages = [
        {"stage": "CONTACT", "event_date": "2024-03"},
        {"stage": "CHARGED", "event_date": "2024-03"},
        {"stage": "MAGISTRATE", "event_date": "2024-02"},
        {"stage": "INVEST", "event_date": "2024-09", "person_id": pd.NA},
    ]
    judgement = whole(suspects=stages, cases=[{"stage": "MAGISTRATE"}])
    assert verdicts(judgement, "suspects") == ["accepted", "accepted", "quarantined", "accepted"]


def test_stages_that_two_agencies_date_differently_are_a_question_not_a_verdict():
    police = frames("BPD_ATIPS", suspects=[{"stage": "CONTACT", "event_date": "2024-06"}])
    court = frames("ODPP", cases=[{}], charges=[{}], suspects=[{}])
    both = pd.concat([police["suspects"], court["suspects"]], ignore_index=True)
    judgement = judge({**court, "suspects": both}, CODEBOOK, SUITES)
    assert verdicts(judgement, "suspects") == ["accepted", "accepted"]
    assert "stage order" in rules(judgement, "suspects", "warning")


def test_a_charged_person_without_a_charge_is_asked_about():
    judgement = whole(
        charges=[{"person_id": "00000000000000b2"}],
        suspects=[{}, {"person_id": "00000000000000b2", "stage": "CONTACT"}],
    )
    assert "arrest" in rules(judgement, "suspects", "warning")
    assert "police and prosecutors" not in rules(judgement, "cases", "warning")
    assert verdicts(judgement, "suspects") == ["accepted", "accepted"]


def test_who_is_not_a_victim_gets_no_new_service_but_repatriation():
    services = [
        {"start_month": "2024-05"},
        {"start_month": "2024-06"},
        {"start_month": "2024-06", "service_type": "REPATRIATION"},
    ]
    judgement = whole(victims=[{"status": "NOT_VICTIM"}], services=services)
    assert verdicts(judgement, "services") == ["accepted", "quarantined", "accepted"]
    assert rules(judgement, "services") == {"status"}


@pytest.mark.parametrize(
    ("stream", "column", "value"),
    [
        ("victims", "means_of_control", "THREATS;shouting"),
        ("victims", "age_years_ident", "thirty"),
        ("trainings", "women", "#DIV/0!"),
        ("trainings", "district", "Belmopan"),
    ],
)
def test_a_cell_that_may_be_blank_and_cannot_be_read_costs_that_cell_and_not_its_row(
    stream, column, value
):
    judgement = whole(**{stream: [{column: value}]})
    assert verdicts(judgement, stream) == ["accepted"]
    assert judgement.verdicts[stream][column].isna().all()
    found = judgement.findings[judgement.findings["column"] == column].iloc[0]
    assert (found["severity"], found["value"]) == ("warning", value)
    assert "left blank" in found["remedy"] and "en blanco" in found["remedy_es"]


def test_a_cell_of_the_key_that_cannot_be_read_costs_its_row():
    row = {"month": "2024-01", "inspection_type": "ROUTINE", "finding": "NONE", "n": "2"}
    judgement = whole(inspections=[row | {"district": "Belmopan"}])
    assert verdicts(judgement, "inspections") == ["quarantined"]


def test_equal_rows_are_copies_of_a_total_and_events_each_where_every_row_is_one():
    good = {"month": "2024-01", "inspection_type": "ROUTINE", "finding": "NONE", "district": "CY"}
    one, twelve, other = good | {"n": "1"}, good | {"n": "12"}, good | {"n": "1", "district": "BZ"}
    events = whole(inspections=[one, one, other])
    assert verdicts(events, "inspections") == ["accepted"] * 3
    assert "repeated event" in set(events.findings["rule"])
    totals = whole(inspections=[twelve, twelve, other])
    assert verdicts(totals, "inspections") == ["accepted", "duplicate", "accepted"]


def test_a_later_copy_is_a_duplicate_and_another_value_a_contradiction():
    judgement = whole(services=[{}, {}, {"end_month": "2024-08"}])
    assert verdicts(judgement, "services") == ["quarantined", "duplicate", "quarantined"]
    reasons = judgement.findings[judgement.findings["rule"] == "contradiction"]
    assert "row 4 of this sheet (Month ended)" in reasons["reason"].iloc[0]
    assert "la fila 4 de esta hoja" in reasons["reason_es"].iloc[0]
    copy = judgement.findings[judgement.findings["rule"] == "duplicate"]
    assert "row 2" in copy["reason"].iloc[0]


def test_two_shelters_of_different_kind_that_begin_in_one_month_are_two_services():
    shelter = {"service_type": "SHELTER"}
    both = [{**shelter, "shelter_type": "MIGRANT"}, {**shelter, "shelter_type": "FOSTER"}]
    assert verdicts(whole(services=both), "services") == ["accepted", "accepted"]


def test_the_same_row_in_two_years_or_from_two_agencies_is_no_duplicate():
    parts = [
        frames(agency, year, victims=[{}])["victims"]
        for agency, year in (("DHS", 2024), ("BPD_ATIPS", 2024), ("DHS", 2025))
    ]
    judgement = judge({"victims": pd.concat(parts, ignore_index=True)}, CODEBOOK, SUITES)
    assert verdicts(judgement, "victims") == ["accepted"] * 3


def test_references_reach_over_agencies_and_years():
    earlier = frames("BPD_ATIPS", 2023, victims=[{"identified_year": "2023"}])
    now = frames("DHS", 2024, services=[{}])
    judgement = judge({**earlier, **now}, CODEBOOK, SUITES)
    assert verdicts(judgement, "services") == ["accepted"]


def test_what_points_to_a_row_that_was_set_aside_is_accepted_with_a_warning():
    judgement = whole(victims=[{"sex": "femle"}], services=[{}])
    assert verdicts(judgement, "services") == ["accepted"]
    assert rules(judgement, "services", "warning") == {"foreign key"}


def test_without_the_stream_pointed_to_references_are_noted_once_and_not_judged():
    judgement = judged(services=[{}, {"victim_id": OTHER}])
    assert verdicts(judgement, "services") == ["accepted", "accepted"]
    assert len(judgement.findings) == 1
    assert judgement.findings["severity"].iloc[0] == "info"


def test_in_a_part_of_the_files_an_unknown_reference_is_only_a_warning():
    rows = frames(victims=[{}], services=[{"victim_id": OTHER}])
    judgement = judge(rows, CODEBOOK, SUITES, extent="part")
    assert verdicts(judgement, "services") == ["accepted"]
    assert rules(judgement, "services", "warning") == {"foreign key"}
    earlier = frames("DHS", 2023, victims=[{"identified_year": "2023"}])["victims"]
    rows["victims"] = pd.concat([rows["victims"], earlier], ignore_index=True)
    judgement = judge(rows, CODEBOOK, SUITES, extent="part")
    assert verdicts(judgement, "services") == ["quarantined"]


def test_without_consent_a_victim_needs_no_characteristics():
    keep = ("victim_id", "case_id", "identified_year", "status", "status_date")
    silent = {name: pd.NA for name in GOOD["victims"] if name not in keep}
    judgement = whole(victims=[{**silent, "consent_statistics": "no"}])
    assert verdicts(judgement, "victims") == ["accepted"]


def test_every_row_has_exactly_one_verdict_and_the_account_adds_up():
    judgement = whole(services=[{}, {}, {"victim_id": OTHER}])
    account = judgement.account.set_index("stream").loc["services"]
    assert account[["read", "accepted", "quarantined", "duplicates"]].tolist() == [3, 1, 1, 1]


def test_a_column_that_the_form_does_not_have_is_refused_by_name():
    rows = frames(victims=[{}])
    rows["victims"]["village"] = "x"
    with pytest.raises(InputError, match="village"):
        judge(rows, CODEBOOK, SUITES)


def test_streams_without_rows_are_judged_too():
    judgement = judged(victims=[], services=[])
    assert verdicts(judgement, "victims") == []
    assert judgement.account.empty
