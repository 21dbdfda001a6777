"""What becomes of a row, told in the words of the people who send and receive it."""

from __future__ import annotations

import pandas as pd

from atips_analysis.codebook import load_codebook
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


def whole(**changes):
    """A return in which all streams are good but for `changes`."""
    base = {name: [{}] for name in ("cases", "victims", "suspects", "charges", "services")}
    return judged(**{**base, **changes})


def rules(judgement, stream, severity="critical"):
    found = judgement.findings
    return set(found.loc[(found["stream"] == stream) & (found["severity"] == severity), "rule"])


def test_a_good_return_is_accepted_without_a_word():
    judgement = whole(trainings=[{}], screenings=[{}])
    print(judgement.findings.to_string())
    assert all((frame["verdict"] == "accepted").all() for frame in judgement.verdicts.values())
