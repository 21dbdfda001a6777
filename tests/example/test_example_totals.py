"""The simulated rows add up to what is published, whatever the seed."""

from __future__ import annotations

from collections import Counter

import pytest

from atips_analysis.example import DEFAULT_SEED, Example, read_scenario, simulate
from atips_analysis.project import find_project

SCENARIO = read_scenario(find_project())
PUBLISHED = SCENARIO.published
FIGURES = PUBLISHED.figures
TRAINED = {
    "DEFENCE": 120, "TOURISM": 32, "NGO_IO": 24, "LIQUOR": 120, "TEACHERS": 834, "RANGERS": 39,
    "POLICE": 500,
}  # fmt: skip
"""Attendances by audience, as the training table of the 2024 report prints them."""


@pytest.fixture(scope="module", params=[DEFAULT_SEED, 1, 7])
def example(request: pytest.FixtureRequest) -> Example:
    return simulate(SCENARIO, request.param)


def added(rows: list[dict[str, str]], column: str) -> int:
    return sum(int(row[column]) for row in rows)


def test_the_cases_of_2024_are_the_published_ones_and_those_of_2021_and_2022_unodcs_offences(
    example: Example,
) -> None:
    assert len(example.rows("cases", 2024)) == FIGURES["PRS-01"]
    for year in (2021, 2022):
        opened = [row for row in example.rows("cases", year) if row["carried_over"] == "no"]
        assert len(opened) == PUBLISHED.unodc["Offences of trafficking in persons", year]


def test_confirmed_victims_of_2021_and_2022_are_those_that_unodc_prints(example: Example) -> None:
    for year in (2021, 2022):
        confirmed = {
            row["victim_id"]
            for row in example.rows("victims", year)
            if row["status"] == "CONFIRMED"
        }
        assert len(confirmed) == PUBLISHED.unodc["Detected trafficking victims", year]


def test_confirmed_victims_keep_within_the_cells_of_1_to_4_that_unodc_prints(
    example: Example,
) -> None:
    known = {v.victim_id: v for v in example.victims if v.status == "CONFIRMED"}.values()
    cells = Counter((v.year, v.sex, v.child) for v in known)
    assert 1 <= cells[2021, "F", True] <= 4 and 1 <= cells[2021, "M", False] <= 4
    assert cells[2021, "F", False] == cells[2021, "M", True] == cells[2022, "M", True] == 0
    assert 1 <= cells[2022, "F", True] <= 4 and 1 <= cells[2022, "F", False] <= 4
    countries = Counter(v.citizenship for v in known if v.year == 2022)
    assert all(1 <= countries[country] <= 4 for country in ("BLZ", "GTM", "HND", "IND"))
    assert sum(countries.values()) == PUBLISHED.unodc["Detected trafficking victims", 2022]


def test_persons_arrested_are_those_published_for_2021_2022_and_2024(example: Example) -> None:
    def arrested(year: int) -> list[dict[str, str]]:
        return [row for row in example.rows("suspects", year) if row["stage"] == "CONTACT"
                and row["event_date"].startswith(str(year))]  # fmt: skip

    for year in (2021, 2022):
        assert (
            len({row["person_id"] for row in arrested(year)})
            == PUBLISHED.unodc["Persons brought into formal contact", year]
        )
    assert (
        sum(row["sex"] == "M" for row in arrested(2021))
        == PUBLISHED.unodc_men["Persons brought into formal contact", 2021]
    )
    people = {row["person_id"] for row in arrested(2024)}
    assert len(people) == FIGURES["PRS-11"]
    stages = Counter(
        row["stage"] for row in example.rows("suspects", 2024) if row.get("person_id") in people
    )
    assert stages["COMMITTED"] == FIGURES["PRS-12"]
    assert stages["CLOSED_DEATH"] == FIGURES["PRS-13"]


def test_five_of_the_arrests_belong_to_a_case_with_one_survivor(example: Example) -> None:
    cases = Counter(
        row["case_id"] for row in example.rows("suspects", 2024) if row["stage"] == "CONTACT"
    )
    case, arrests = cases.most_common(1)[0]
    survivors = {row["victim_id"] for row in example.rows("victims") if row["case_id"] == case}
    assert arrests == FIGURES["PRS-14"]
    assert len(survivors) == 1


def test_the_two_convicted_of_2024_come_from_cases_of_earlier_years(example: Example) -> None:
    convicted = [
        row
        for row in example.rows("charges", 2024)
        if row["outcome"].startswith("GUILTY") and row["offence_group"].startswith("TIP")
    ]
    people = {row["person_id"]: row for row in convicted}
    assert len(people) == FIGURES["PRS-05"]
    counts = {row["offence_group"]: int(row["counts"]) for row in people.values()}
    assert counts == {"TIP_SEX": FIGURES["PRS-21"], "TIP_LAB": FIGURES["PRS-07"]}
    cases = {row["case_id"] for row in example.rows("suspects") if row.get("person_id") in people}
    assert cases and all(case < "BZ-CASE-2024" for case in cases)


def test_persons_before_the_magistrates_court_on_csec_charges_are_the_published_ones(
    example: Example,
) -> None:
    present = {
        row["person_id"]: row["sex"]
        for row in example.rows("suspects", 2024)
        if row["stage"] == "MAGISTRATE"
    }
    charged = Counter(
        (row["offence_group"], present[row["person_id"]])
        for row in example.rows("charges", 2024)
        if row["person_id"] in present and row["offence_group"].startswith("CSEC")
    )
    assert charged == {
        ("CSEC_CSAM", "F"): FIGURES["PRS-08"],
        ("CSEC_EXPLOIT", "M"): FIGURES["PRS-09"],
        ("CSEC_PROCURE", "F"): FIGURES["PRS-10"],
    }


def test_nobody_is_before_a_court_for_trafficking_in_2022(example: Example) -> None:
    assert not [
        row for row in example.rows("charges", 2022) if row["offence_group"].startswith("TIP")
    ]


def test_victims_supported_and_services_of_2024_are_the_published_ones(example: Example) -> None:
    services = example.rows("services", 2024)
    once = {(row["victim_id"], row["service_type"]) for row in services}
    kinds = Counter(kind for _, kind in once)
    assert len(once) == len(services) == FIGURES["NGO-07"]
    assert len({victim for victim, _ in once}) == FIGURES["NGO-06"]
    assert kinds["REPATRIATION"] == FIGURES["PRT-02"]
    assert kinds["IMM_STATUS"] == FIGURES["PRT-03"]


def test_participants_of_2024_are_those_of_the_training_table(example: Example) -> None:
    sessions = example.rows("trainings", 2024)
    participants: Counter[str] = Counter()
    for row in sessions:
        participants[row["audience"]] += int(row["participants"])
    assert participants == TRAINED
    assert len({row["topic"] for row in sessions}) == FIGURES["PRV-08"]
    assert all(int(row["women"]) + int(row["men"]) == int(row["participants"]) for row in sessions)


def test_screenings_and_totals_of_2024_are_the_published_ones(example: Example) -> None:
    assert added(example.rows("screenings", 2024), "n") == FIGURES["PRS-03"]
    totals: Counter[str] = Counter()
    for row in example.rows("counts", 2024):
        totals[row["measure"]] += int(row["n"])
    assert totals["MIGRANT_CHILDREN_SHELTERED"] == FIGURES["PRT-04"]
    assert totals["OFFICERS_IN_POST"] == FIGURES["PRS-02"] + 1
    assert totals["PARTNERS"] == FIGURES["PAR-05"]


def test_labour_inspections_are_those_published_for_2021_2022_and_2024(example: Example) -> None:
    for year in (2021, 2022):
        assert (
            added(example.rows("inspections", year), "n")
            == PUBLISHED.labour["labour_inspections", year]
        )
    rows = example.rows("inspections", 2024)
    on_children = [row for row in rows if row["inspection_type"] == "CHILD_LABOUR"]
    assert added(rows, "n") == FIGURES["LAB-01"]
    assert added(on_children, "n") == FIGURES["LAB-02"]


def test_awareness_and_engagements_of_2024_are_those_that_the_report_dates(
    example: Example,
) -> None:
    products: Counter[tuple[str, bool]] = Counter()
    for row in example.rows("awareness", 2024):
        products[row["channel"], row["month"] == "2024-12"] += int(row["products"])
    assert products["VIDEO", False] == FIGURES["PRV-09"]
    assert products["TV", True] == FIGURES["PRV-10"]
    assert products["TV", False] == FIGURES["PRV-11"]
    rows = example.rows("engagements", 2024)
    events = [row for row in rows if row["kind"] == "PARTNER_EVENT" and row["held"] == "yes"]
    delegates = [row for row in rows if row["kind"] == "REGIONAL_CONFERENCE"]
    sent = sum(int(row["representatives"] or 0) for row in delegates)
    assert len(events) == FIGURES["PAR-08"]
    assert sent == FIGURES["PAR-06"] + FIGURES["PAR-07"]


def test_another_seed_gives_other_rows() -> None:
    assert simulate(SCENARIO, 1).records == simulate(SCENARIO, 1).records
    one, other = simulate(SCENARIO, 1), simulate(SCENARIO, 2)
    assert not {v.victim_id for v in one.victims} & {v.victim_id for v in other.victims}
    assert one.rows("inspections", 2023) != other.rows("inspections", 2023)
