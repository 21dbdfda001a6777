"""What the register promises, and what the code computes of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from atips_analysis.codebook import dimensions
from atips_analysis.framework import Indicator, load_indicators
from atips_analysis.framework.reference_sheet import reference_sheets
from atips_analysis.indicators import declared, measures, parse_period
from atips_analysis.project import find_project

PROJECT = find_project(Path(__file__).parent)
REGISTER = load_indicators(PROJECT)
DECLARED = declared()
# The standard's words for what the data bank calls otherwise; a cohort's year is the period.
SAME = {
    "accompanied or not": "accompanied or not",
    "adult/child": "age group",
    "body": "kind",
    "citizenship": "citizenship group",
    "cohort year": "",
    "country group": "citizenship group",
    "dimension": "quality",
    "form of exploitation": "form",
    "from": "from agency",
    "nationality group": "citizenship group",
    "new/carried over": "carried over",
    "new/ongoing": "carried over",
    "offence": "offence group",
    "sector (ISIC)": "sector",
    "to": "to agency",
    "years waiting": "waiting",
}
TYPES = {"PREV-08": "inspection type", "PART-06": "kind"}


def parts(text: str) -> list[str]:
    return [part.strip() for part in text.split(";") if part.strip()]


@pytest.mark.parametrize("item", REGISTER, ids=lambda item: item.id)
def test_a_promised_breakdown_is_computed_or_said_not_to_be(item: Indicator) -> None:
    own = DECLARED.get(item.id)
    tables = (*own.every_period, *own.pooled_years, *own.confidential) if own else ()
    computed = {part.replace("_", " ") for table in tables for part in table}
    for promise in parts(item.disaggregation):
        name = TYPES.get(item.id, promise) if promise == "type" else SAME.get(promise, promise)
        assert not name or (name in computed) != (promise in parts(item.not_computed)), promise


@pytest.mark.parametrize("item", REGISTER, ids=lambda item: item.id)
def test_what_is_not_computed_or_not_shown_has_its_reason_in_both_languages(
    item: Indicator,
) -> None:
    assert bool(item.breakdown_note) == bool(item.text("breakdown_note", "es"))
    if item.not_computed or (item.id in DECLARED and DECLARED[item.id].confidential):
        assert item.breakdown_note


def test_what_is_not_computed_was_promised() -> None:
    for item in REGISTER:
        assert set(parts(item.not_computed)) <= set(parts(item.disaggregation)), item.id


def test_no_three_characteristics_of_persons_are_crossed_and_two_never_in_a_single_year() -> None:
    for measure in measures():
        assert all(len(table) <= 2 for table in measure.by), measure.name
        if measure.persons:
            assert all(len(table.by) == 1 or table.pooled for table in measure.planned)


def test_every_dimension_of_the_table_is_used_and_every_breakdown_has_its_column() -> None:
    used = set()
    for measure in measures():
        for table in measure.by:
            used |= set(table)
    assert used == set(dimensions())


def test_reference_sheets_say_what_is_computed_in_both_languages() -> None:
    english = dict(reference_sheets(PROJECT, DECLARED)["PROS-02"])["Breakdowns computed"]
    assert english.startswith(
        "Breakdowns of every period: sex; age group; citizenship group; stage."
    )
    assert "Breakdowns on the confidential side only: offence group." in english
    spanish = dict(reference_sheets(PROJECT, DECLARED, "es")["PROS-02"])[
        "Desagregaciones que se calculan"
    ]
    assert spanish.startswith("Desagregaciones de cada período: sexo; grupo de edad;")


def test_breakdowns_of_the_confidential_side_are_not_in_the_table_that_leaves(invented) -> None:
    from atips_analysis.indicators import compute, wide
    from atips_analysis.indicators.edition_table import confidential_breakdowns

    services = invented.frame(
        "services",
        *(
            {"victim_id": "a" * 16, "service_type": kind, "provider": "DHS", "start_month": "2024-05"}
            for kind in ("SHELTER", "INDEP_LIVING", "MEDICAL")
        ),
    )  # fmt: skip
    rows = invented.bank(services=services)
    asked = {"population": invented.population}
    public = wide(compute(rows, [parse_period("2024")], ["PROT-06"], **asked))
    assert set(public["service_group"]) == {"Total"}
    inside = wide(
        compute(
            rows, [parse_period("2024")], ["PROT-06"], also_by=confidential_breakdowns(), **asked
        )
    )
    groups = inside[inside["service_group"] != "Total"].set_index("service_group")["value"]
    assert groups.to_dict() == {"health": 1, "shelter": 1}
    victims = inside[(inside["unit_of_count"] == "VICTIM") & (inside["service_group"] == "Total")]
    assert victims["value"].tolist() == [1], "one victim of two groups counts once"


def test_a_characteristic_of_things_that_nobody_recorded_makes_no_table_of_zeros(invented) -> None:
    def officers(*sexes: str | None):
        rows = [
            {"month": "2024-12", "agency": "BPD_ATIPS", "measure": "OFFICERS_IN_POST", "n": 4, "sex": sex}
            for sex in sexes
        ]  # fmt: skip
        table = invented.table(invented.bank(counts=invented.frame("counts", *rows)), "2024")
        own = table[table["indicator_id"] == "PROS-12"]
        return dict(zip(own["sex"], own["value"], strict=True))

    assert officers(None, None) == {"Total": 8}
    assert officers("F", "M") == {"Total": 8, "F": 4, "M": 4}


def test_reports_by_outcome_are_those_that_became_a_case_and_the_rest(invented) -> None:
    rows = [
        {"month": "2024-01", "channel": "HOTLINE", "became_case": case, "n": n}
        for case, n in ((True, 3), (False, 9), (None, 1))
    ]
    bank = invented.bank(reports=invented.frame("reports", *rows))
    found = [
        invented.value(bank, "PREV-09", outcome=outcome, statistic="count")
        for outcome in ("CASE", "NO_CASE")
    ]
    assert found == [3, 10]


def test_an_arrest_has_the_gravest_law_of_the_charges_laid_by_the_end_of_its_year(invented) -> None:
    people = [
        {"case_id": "C", "person_id": key, "stage": "CONTACT", "event_date": "2023-06", "for_": 2023}
        for key in "ABCD"
    ]  # fmt: skip
    charges = [
        {"charge_id": f"{key}{group}", "person_id": key, "offence_group": group, "counts": 1,
         "charged_date": month, "outcome": "PENDING", "for_": 2023}
        for key, group, month in (
            ("A", "CSEC_CSAM", "2023-07"), ("A", "TIP_SEX", "2023-08"),
            ("B", "ML", "2023-07"), ("C", "TIP_LAB", "2024-02"),
        )
    ]  # fmt: skip
    earlier = [
        {
            "case_id": "C",
            "person_id": "E",
            "stage": "CONTACT",
            "event_date": "2022-06",
            "for_": 2022,
        }
    ]
    bank = invented.bank(
        suspects=invented.frame("suspects", *people, *earlier),
        charges=invented.frame("charges", *charges),
    )
    found = {
        group: invented.value(bank, "PROS-02", "2022-2023", offence_group=group)
        for group in ("TIP", "OTHER_LAW", "NOT_CHARGED")
    }
    assert found == {"TIP": 1, "OTHER_LAW": 1, "NOT_CHARGED": 3}
