"""What becomes of a row, told in the words of the people who send and receive it."""

from __future__ import annotations

import re

import pandas as pd
import pytest

from atips_analysis.codebook import load_codebook
from atips_analysis.errors import InputError
from atips_analysis.project import find_project
from atips_analysis.quality import judge
from atips_analysis.quality.judgement import Judgement

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
    return frames(**{**base, **changes})


def both(*returns):
    """The rows of several returns, stream by stream."""
    names = dict.fromkeys(name for one in returns for name in one)
    return {
        name: pd.concat([one[name] for one in returns if name in one], ignore_index=True)
        for name in names
    }


TOGETHER: list[dict[str, pd.DataFrame]] = []
"""Returns that are judged at once, each about other persons, cases and sessions."""


def returned(*parts, **changes):
    """Rows for a test, whose `judgement` is of these alone; `parts` are returns made by `frames`."""

    def mark(test):
        test.returned = [*getattr(test, "returned", []), len(TOGETHER)]
        TOGETHER.append(both(*parts) if parts else whole(**changes))
        return test

    return mark


def apart(number, rows):
    """The rows of a return in files of its own, about persons, cases and sessions of its own."""

    def own(value):
        if re.fullmatch("[0-9a-f]{16}", value):
            return f"{number:04x}{value[4:]}"
        if re.fullmatch(CODEBOOK.case_pattern, value):
            return f"{value}{number:03d}"
        return f"{value}-{number}" if value in ("CH-1", "S-1") else value

    return {
        name: frame.map(lambda value: own(value) if isinstance(value, str) else value).assign(
            file=f"{number}_" + frame["file"]
        )
        for name, frame in rows.items()
    }


@pytest.fixture(scope="module")
def everything():
    """All returns of this module, judged once."""
    return judge(both(*(apart(*one) for one in enumerate(TOGETHER))), CODEBOOK, SUITES)


@pytest.fixture
def judgements(request, everything):
    """What was said of each return of the test, from the first above it downwards."""
    return [of_return(everything, number) for number in reversed(request.function.returned)]


@pytest.fixture
def judgement(judgements):
    (one,) = judgements
    return one


def of_return(everything, number):
    def own(frame):
        return frame[frame["file"].str.startswith(f"{number}_", na=False)].reset_index(drop=True)

    verdicts = {name: own(frame) for name, frame in everything.verdicts.items()}
    return Judgement(verdicts, own(everything.findings))


def rules(judgement, stream, severity="critical"):
    found = judgement.findings
    return set(found.loc[(found["stream"] == stream) & (found["severity"] == severity), "rule"])


def verdicts(judgement, stream):
    return list(judgement.verdicts[stream]["verdict"])


@returned(charges=[{}], services=[{}], trainings=[{}], screenings=[{"agency": "DHS"}])
def test_a_good_return_is_accepted_without_a_word(judgement):
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

PERSONS = ("cases", "victims", "suspects", "charges", "services")


def one_wrong(stream, change):
    """A good return but for one row."""
    agency = {"agency": "DHS"} if stream == "screenings" else {}
    good = {name: [{}] for name in PERSONS}
    return frames(**{**good, stream: [{**agency, **change}]})


def each(cases):
    """A test of each of these rows, alone in its return."""

    def mark(test):
        made = []
        for stream, rule, change in cases:
            made.append((stream, rule, len(TOGETHER)))
            TOGETHER.append(one_wrong(stream, change))
        names = [f"{stream}-{rule}-{change}" for stream, rule, change in cases]
        return pytest.mark.parametrize(("stream", "rule", "number"), made, ids=names)(test)

    return mark


@each(CRITICAL)
def test_a_row_that_cannot_be_used_is_quarantined_and_told_why(everything, stream, rule, number):
    judgement = of_return(everything, number)
    assert verdicts(judgement, stream) == ["quarantined"]
    found = judgement.findings
    own = found[(found["stream"] == stream) & (found["rule"] == rule)].iloc[0]
    assert (own["severity"], own["row"]) == ("critical", 2)
    assert all(own[words] for words in ("reason", "remedy", "reason_es", "remedy_es"))
    assert "{" not in own["reason"] + own["reason_es"]


@each(WARNING)
def test_a_doubtful_row_is_accepted_and_the_agency_is_told(everything, stream, rule, number):
    judgement = of_return(everything, number)
    assert verdicts(judgement, stream) == ["accepted"]
    found = judgement.findings
    own = found[(found["stream"] == stream) & (found["rule"] == rule)]
    assert list(own["severity"]) == ["warning"]


@returned(
    victims=[{"age_years_ident": "29"}],
    services=[{"end_month": "2024-06"}],
    charges=[{"outcome": "ACQUITTED", "outcome_date": "2024-04"}],
    trainings=[{"women": "9", "men": "11", "pre_post_pairs": "20", "pre_post_gain": "20"}],
)
def test_what_is_just_within_the_rules_is_accepted(judgement):
    assert all((frame["verdict"] == "accepted").all() for frame in judgement.verdicts.values())


CHILD_THEN = {"form": "SEX_CSEC", "age_at_exploit_group": "CHILD"}


@returned(victims=[{**CHILD_THEN, "age_years_ident": "19", "age_group": "A18_20"}])
def test_a_child_at_exploitation_may_be_an_adult_when_identified(judgement):
    assert verdicts(judgement, "victims") == ["accepted"]


@returned(cases=[{"means": "NA_CHILD"}])
@returned(
    cases=[{"means": "NA_CHILD"}],
    victims=[{**CHILD_THEN, "age_years_ident": "15", "age_group": "CHILD"}],
)
def test_a_confirmed_adult_needs_means_and_a_child_does_not(judgements):
    adult, child = judgements
    assert "child means" in rules(adult, "victims", "warning")
    assert "child means" in rules(adult, "cases", "warning")
    assert not rules(child, "victims", "warning") & {"child means"}
    assert not rules(child, "cases", "warning") & {"child means"}


SECOND = {"form": "LAB_SECTOR", "sector": "I", "sexual_type": pd.NA}


@returned(victims=[{}, {**SECOND, "primary_form": "no"}])
@returned(victims=[{}, SECOND])
@returned(frames(victims=[{}]), frames("BPD_ATIPS", victims=[{}]))
def test_a_victim_has_one_primary_form_in_each_case_and_each_agencys_return(judgements):
    one, two, of_two_agencies = (verdicts(judgement, "victims") for judgement in judgements)
    assert one == of_two_agencies == ["accepted", "accepted"]
    assert two == ["quarantined", "quarantined"]


@returned(
    victims=[
        {},
        {"form": "BEG", "sexual_type": pd.NA, "primary_form": "no", "citizenship": "HND"},
    ]
)
def test_the_rows_of_one_victim_do_not_contradict_one_another(judgement):
    assert verdicts(judgement, "victims") == ["quarantined", "quarantined"]
    assert "Citizenship" in judgement.findings["reason"].iloc[0]
    assert "Ciudadanía" in judgement.findings["reason_es"].iloc[0]


@returned(frames(victims=[{}], cases=[{}]), frames("BPD_ATIPS", victims=[{"sex": "M"}]))
@returned(frames(victims=[{}], cases=[{}]), frames("BPD_ATIPS", victims=[{"sex": "U"}]))
def test_two_agencies_that_describe_a_victim_differently_are_both_told(judgements):
    differently, unknown = judgements
    assert rules(differently, "victims", "warning") == {"agencies agree"}
    assert set(differently.findings["submitted_by"]) == {"DHS", "BPD_ATIPS"}
    assert "agencies agree" not in rules(unknown, "victims", "warning")


@returned(
    suspects=[
        {"stage": "CONTACT", "event_date": "2024-03"},
        {"stage": "CHARGED", "event_date": "2024-03"},
        {"stage": "MAGISTRATE", "event_date": "2024-02"},
        {"stage": "INVEST", "event_date": "2024-09", "person_id": pd.NA},
    ],
    cases=[{"stage": "MAGISTRATE"}],
)
def test_stages_do_not_go_back_in_time_as_the_case_moves_on(judgement):
    assert verdicts(judgement, "suspects") == ["accepted", "accepted", "quarantined", "accepted"]


@returned(
    frames("BPD_ATIPS", suspects=[{"stage": "CONTACT", "event_date": "2024-06"}]),
    frames("ODPP", cases=[{}], charges=[{}], suspects=[{}]),
)
def test_stages_that_two_agencies_date_differently_are_a_question_not_a_verdict(judgement):
    assert verdicts(judgement, "suspects") == ["accepted", "accepted"]
    assert "stage order" in rules(judgement, "suspects", "warning")


@returned(
    charges=[{"person_id": "00000000000000b2"}],
    suspects=[{}, {"person_id": "00000000000000b2", "stage": "CONTACT"}],
)
def test_a_charged_person_without_a_charge_is_asked_about(judgement):
    assert "arrest" in rules(judgement, "suspects", "warning")
    assert "police and prosecutors" not in rules(judgement, "cases", "warning")
    assert verdicts(judgement, "suspects") == ["accepted", "accepted"]


@returned(
    victims=[{"status": "NOT_VICTIM"}],
    services=[
        {"start_month": "2024-05"},
        {"start_month": "2024-06"},
        {"start_month": "2024-06", "service_type": "REPATRIATION"},
    ],
)
def test_who_is_not_a_victim_gets_no_new_service_but_repatriation(judgement):
    assert verdicts(judgement, "services") == ["accepted", "quarantined", "accepted"]
    assert rules(judgement, "services") == {"status"}


@each(
    [
        ("victims", "means_of_control", {"means_of_control": "THREATS;shouting"}),
        ("victims", "age_years_ident", {"age_years_ident": "thirty"}),
        ("trainings", "women", {"women": "#DIV/0!"}),
        ("trainings", "district", {"district": "Belmopan"}),
    ]
)
def test_a_cell_that_may_be_blank_and_cannot_be_read_costs_that_cell_and_not_its_row(
    everything, stream, rule, number
):
    column, judgement = rule, of_return(everything, number)
    (value,) = TOGETHER[number][stream][column]
    assert verdicts(judgement, stream) == ["accepted"]
    assert judgement.verdicts[stream][column].isna().all()
    found = judgement.findings[judgement.findings["column"] == column].iloc[0]
    assert (found["severity"], found["value"]) == ("warning", value)
    assert "left blank" in found["remedy"] and "en blanco" in found["remedy_es"]


INSPECTION = {"inspection_type": "ROUTINE", "finding": "NONE", "district": "CY"}


def inspections(month, *changes):
    return frames(inspections=[INSPECTION | {"month": month} | change for change in changes])


@returned(inspections("2024-01", {"n": "2", "district": "Belmopan"}))
def test_a_cell_of_the_key_that_cannot_be_read_costs_its_row(judgement):
    assert verdicts(judgement, "inspections") == ["quarantined"]


@returned(inspections("2024-02", {"n": "1"}, {"n": "1"}, {"n": "1", "district": "BZ"}))
@returned(inspections("2024-03", {"n": "12"}, {"n": "12"}, {"n": "1", "district": "BZ"}))
def test_equal_rows_are_copies_of_a_total_and_events_each_where_every_row_is_one(judgements):
    events, totals = judgements
    assert verdicts(events, "inspections") == ["accepted"] * 3
    assert "repeated event" in set(events.findings["rule"])
    assert verdicts(totals, "inspections") == ["accepted", "duplicate", "accepted"]


@returned(services=[{}, {}, {"end_month": "2024-08"}])
def test_a_later_copy_is_a_duplicate_and_another_value_a_contradiction(judgement):
    assert verdicts(judgement, "services") == ["quarantined", "duplicate", "quarantined"]
    reasons = judgement.findings[judgement.findings["rule"] == "contradiction"]
    assert "row 4 of this sheet (Month ended)" in reasons["reason"].iloc[0]
    assert "la fila 4 de esta hoja" in reasons["reason_es"].iloc[0]
    copy = judgement.findings[judgement.findings["rule"] == "duplicate"]
    assert "row 2" in copy["reason"].iloc[0]


@returned(
    services=[
        {"service_type": "SHELTER", "shelter_type": "MIGRANT"},
        {"service_type": "SHELTER", "shelter_type": "FOSTER"},
    ]
)
def test_two_shelters_of_different_kind_that_begin_in_one_month_are_two_services(judgement):
    assert verdicts(judgement, "services") == ["accepted", "accepted"]


@returned(
    frames("DHS", 2024, victims=[{}]),
    frames("BPD_ATIPS", 2024, victims=[{}]),
    frames("DHS", 2025, victims=[{}]),
)
def test_the_same_row_in_two_years_or_from_two_agencies_is_no_duplicate(judgement):
    assert verdicts(judgement, "victims") == ["accepted"] * 3


@returned(
    frames("BPD_ATIPS", 2023, victims=[{"identified_year": "2023"}]),
    frames("DHS", 2024, services=[{}]),
)
def test_references_reach_over_agencies_and_years(judgement):
    assert verdicts(judgement, "services") == ["accepted"]


@returned(victims=[{"sex": "femle"}], services=[{}])
def test_what_points_to_a_row_that_was_set_aside_is_accepted_with_a_warning(judgement):
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


KEPT = ("victim_id", "case_id", "identified_year", "status", "status_date")
SILENT = {name: pd.NA for name in GOOD["victims"] if name not in KEPT}


@returned(victims=[{**SILENT, "consent_statistics": "no"}])
def test_without_consent_a_victim_needs_no_characteristics(judgement):
    assert verdicts(judgement, "victims") == ["accepted"]


@returned(services=[{}, {}, {"victim_id": OTHER}])
def test_every_row_has_exactly_one_verdict_and_the_account_adds_up(judgement):
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
