"""The example through intake, cleaning and quality: every mistake meets its expected verdict."""

from __future__ import annotations

import csv
from dataclasses import dataclass

import pandas as pd
import pytest

from atips_analysis.cleaning import clean
from atips_analysis.cleaning.months import month_of
from atips_analysis.codebook import load_codebook
from atips_analysis.example.published import read_published_totals
from atips_analysis.intake import Intake, read_submissions
from atips_analysis.project import find_project
from atips_analysis.quality import judge

PROJECT = find_project()
PUBLISHED = read_published_totals(PROJECT.published)
FIGURES = PUBLISHED.figures
TRAINED = {
    "DEFENCE": 120, "TOURISM": 32, "NGO_IO": 24, "LIQUOR": 120, "TEACHERS": 834, "RANGERS": 39,
    "POLICE": 500,
}  # fmt: skip
"""Attendances by audience, as the training table of the 2024 report prints them."""
with (PROJECT.example / "mistakes.csv").open(encoding="utf-8", newline="") as _file:
    MISTAKES = list(csv.DictReader(_file))


@dataclass(frozen=True)
class Outcome:
    intake: Intake
    changes: pd.DataFrame
    verdicts: dict[str, pd.DataFrame]
    findings: pd.DataFrame

    def accepted(self, stream: str, year: int | None = None) -> pd.DataFrame:
        frame = self.verdicts[stream]
        frame = frame[frame["verdict"] == "accepted"]
        return frame if year is None else frame[frame["submitted_for"] == year]


@pytest.fixture(scope="module")
def outcome() -> Outcome:
    codebook = load_codebook()
    intake = read_submissions(PROJECT.example / "submissions", codebook)
    cleaned = {stream: clean(stream, frame, codebook) for stream, frame in intake.frames.items()}
    judgement = judge(
        {stream: result.frame for stream, result in cleaned.items()}, codebook, PROJECT.expectations
    )
    changes = pd.concat([result.changes for result in cleaned.values()], ignore_index=True)
    return Outcome(intake, changes, judgement.verdicts, judgement.findings)


def at(frame: pd.DataFrame, mistake: dict[str, str]) -> pd.DataFrame:
    """The rows of a frame that are about the place of a mistake."""
    sheet = frame["sheet"].fillna("") == mistake["sheet"]
    row = frame["row"].astype("str") == mistake["row"]
    return frame[(frame["file"] == mistake["file"]) & sheet & row]


def verdict_of(outcome: Outcome, mistake: dict[str, str]) -> list[str]:
    return [
        verdict
        for frame in outcome.verdicts.values()
        for verdict in at(frame, mistake)["verdict"].tolist()
    ]


IN_ROWS = [mistake for mistake in MISTAKES if mistake["row"]]


@pytest.mark.parametrize(
    "mistake", IN_ROWS, ids=lambda m: f"{m['file']}-{m['sheet']}-{m['row']}".replace(" ", "_")
)
def test_each_mistake_in_a_row_meets_its_verdict_and_its_rule(
    outcome: Outcome, mistake: dict[str, str]
) -> None:
    expected, rule = mistake["expected_verdict"], mistake["expected_rule"]
    found = at(outcome.findings, mistake)
    match expected:
        case "quarantined":
            assert verdict_of(outcome, mistake) == ["quarantined"]
            assert rule in set(found.loc[found["severity"] == "critical", "rule"])
        case "duplicate":
            assert verdict_of(outcome, mistake) == ["duplicate"]
        case "warning":
            assert verdict_of(outcome, mistake) == ["accepted"]
            assert rule in set(found["rule"])
        case "accepted after cleaning":
            assert verdict_of(outcome, mistake) == ["accepted"]
            changed = at(outcome.changes, mistake)
            assert rule in set(changed["rule"])
        case "left out":
            assert verdict_of(outcome, mistake) == []


def test_mistakes_of_whole_files_and_sheets_meet_their_verdict(outcome: Outcome) -> None:
    files = outcome.intake.files.set_index("file")
    read = pd.concat([frame[["file"]] for frame in outcome.verdicts.values()])["file"]
    notes = outcome.intake.notes
    for mistake in MISTAKES:
        match mistake["expected_rule"]:
            case "file format":
                assert mistake["file"] in set(read)
            case "replaced by a later version":
                assert files.loc[mistake["file"], "state"] == "replaced"
                assert mistake["file"] not in set(read)
            case "not a stream":
                there = notes[notes["file"].eq(mistake["file"])]
                assert mistake["sheet"] in set(there["sheet"])


def test_the_list_shows_each_value_as_it_was_read(outcome: Outcome) -> None:
    for mistake in IN_ROWS:
        for frame in outcome.intake.frames.values():
            row = at(frame, mistake)
            if len(row) and mistake["column"]:
                value = row[mistake["column"]].fillna("").iloc[0]
                months = {month_of(value), month_of(mistake["value"])} - {None}
                assert value == mistake["value"] or len(months) == 1


def test_nothing_else_is_set_aside(outcome: Outcome) -> None:
    for verdict in ("quarantined", "duplicate"):
        expected = sum(mistake["expected_verdict"] == verdict for mistake in IN_ROWS)
        got = sum(frame["verdict"].eq(verdict).sum() for frame in outcome.verdicts.values())
        assert got == expected


def test_a_file_that_was_sent_again_is_replaced(outcome: Outcome) -> None:
    files = outcome.intake.files.set_index("file")
    assert files.loc["LABOUR_2022.xlsx", "state"] == "replaced"
    assert files.loc["LABOUR_2022.xlsx", "replaced_by"] == "LABOUR_2022_v2.xlsx"
    assert files["state"].eq("current").sum() == len(files) - 1


def test_every_file_is_known_as_simulated(outcome: Outcome) -> None:
    assert outcome.intake.files["simulated"].all()
    for frame in outcome.verdicts.values():
        assert set(frame["source"]) <= {"simulated"}


def test_totals_blank_rows_and_nil_returns_are_counted_beside_the_rows(outcome: Outcome) -> None:
    sheets = outcome.intake.sheets
    expected = {
        rule: sum(mistake["expected_rule"] == rule for mistake in MISTAKES)
        for rule in ("totals row", "blank row", "nil return: a true zero")
    }
    assert sheets["totals_rows"].sum() == expected["totals row"]
    assert sheets["blank_rows"].sum() == expected["blank row"]
    assert sheets["nil_return"].sum() == expected["nil return: a true zero"]


def whole(column: pd.Series) -> int:
    return int(pd.to_numeric(column).sum())


def test_accepted_rows_add_up_to_what_is_published(outcome: Outcome) -> None:
    def accepted(stream: str) -> pd.DataFrame:
        return outcome.accepted(stream, 2024)

    suspects, charges, services = (accepted(s) for s in ("suspects", "charges", "services"))
    convicted = charges[
        charges["outcome"].isin(["GUILTY_TRIAL", "GUILTY_PLEA"])
        & charges["offence_group"].str.startswith("TIP")
    ]
    inspections, counts = accepted("inspections"), accepted("counts")
    by_measure = pd.to_numeric(counts["n"]).groupby(counts["measure"]).sum()
    trainings = accepted("trainings")
    trained = pd.to_numeric(trainings["participants"]).groupby(trainings["audience"]).sum()
    csec = charges[charges["offence_group"].str.startswith("CSEC")]["person_id"]
    before_court = suspects[suspects["stage"] == "MAGISTRATE"]["person_id"]
    assert {
        "PRS-01": accepted("cases")["case_id"].nunique(),
        "PRS-03": whole(accepted("screenings")["n"]),
        "PRS-11": suspects.loc[suspects["stage"] == "CONTACT", "person_id"].nunique(),
        "PRS-05": convicted["person_id"].nunique(),
        "NGO-06": services["victim_id"].nunique(),
        "NGO-07": len(services),
        "PRT-02": int(services["service_type"].eq("REPATRIATION").sum()),
        "PRT-03": int(services["service_type"].eq("IMM_STATUS").sum()),
        "PRT-04": int(by_measure["MIGRANT_CHILDREN_SHELTERED"]),
        "LAB-01": whole(inspections["n"]),
        "LAB-02": whole(inspections.loc[inspections["inspection_type"] == "CHILD_LABOUR", "n"]),
    }.items() <= FIGURES.items()
    assert trained.to_dict() == TRAINED
    assert before_court[before_court.isin(csec)].nunique() == sum(
        FIGURES[name] for name in ("PRS-08", "PRS-09", "PRS-10")
    )
    for year in (2021, 2022):
        victims = outcome.accepted("victims", year)
        confirmed = victims.loc[victims["status"] == "CONFIRMED", "victim_id"]
        assert confirmed.nunique() == PUBLISHED.unodc["Detected trafficking victims", year]
        assert (
            whole(outcome.accepted("inspections", year)["n"])
            == PUBLISHED.labour["labour_inspections", year]
        )


def test_most_victims_are_known_to_police_and_human_services_and_some_to_one_of_them(
    outcome: Outcome,
) -> None:
    agencies = outcome.accepted("victims").groupby("victim_id")["submitted_by"].agg(frozenset)
    known = agencies.value_counts()
    assert known[frozenset({"DHS", "BPD_ATIPS"})] > len(agencies) / 2
    assert {frozenset({"DHS"}), frozenset({"BPD_ATIPS"})} <= set(known.index)
