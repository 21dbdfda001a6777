"""Victims and services, counted by hand from rows that are written out."""

from __future__ import annotations

import pandas as pd
import pytest


def test_two_agencies_that_report_the_same_victim_make_one_victim(invented):
    rows = invented.bank(
        victims=invented.frame(
            "victims",
            invented.victim("a" * 16, by_="DHS", status="CONFIRMED"),
            invented.victim("a" * 16, by_="BPD_ATIPS", status="POTENTIAL"),
            invented.victim("b" * 16, by_="BPD_ATIPS", status="POTENTIAL"),
        )
    )
    assert invented.value(rows, "PROT-01") == 2
    assert invented.value(rows, "PROT-01", status_of_victim="CONFIRMED") == 1
    assert invented.value(rows, "PROT-01", status_of_victim="POTENTIAL") == 1


def test_what_one_agency_does_not_know_of_a_victim_another_may(invented):
    rows = invented.bank(
        victims=invented.frame(
            "victims",
            invented.victim("a" * 16, by_="DHS", sex="U", age_group="UNK"),
            invented.victim("a" * 16, by_="BPD_ATIPS", sex="M", age_group="A21_29"),
        )
    )
    assert invented.value(rows, "PROT-01", sex="M") == 1
    assert invented.value(rows, "PROT-01", age_group="ADULT") == 1


def test_a_victim_with_two_forms_counts_once_as_mixed(invented):
    rows = invented.bank(
        victims=invented.frame(
            "victims",
            invented.victim("a" * 16, form="SEX_CSEC"),
            invented.victim("a" * 16, form="LAB_DOMESTIC", primary_form=False),
            invented.victim("b" * 16, form="SEX_ADULT"),
        )
    )
    assert invented.value(rows, "PROT-01") == 2
    assert invented.value(rows, "PROT-01", form="MIXED") == 1
    assert invented.value(rows, "PROT-01", form="SEX") == 1
    assert invented.value(rows, "PROT-01", form="LAB") == 0


def test_of_a_victim_who_did_not_consent_nothing_is_known_but_that_they_count(invented):
    rows = invented.bank(
        victims=invented.frame(
            "victims",
            invented.victim("a" * 16, by_="DHS", consent_statistics=False),
            invented.victim("a" * 16, by_="BPD_ATIPS", consent_statistics=True),
        ),
        cases=invented.frame(
            "cases",
            {
                "case_id": "BZ-CASE-2024-0001", "ref_year": 2024, "opened_date": "2024-01",
                "district": "CY", "geographic_flow": "CB_IN", "referral_source": "HOTLINE",
                "stage": "INVEST", "carried_over": False,
            },
        ),
    )  # fmt: skip
    assert invented.value(rows, "PROT-01") == 1
    for dimension, unknown in (
        ("sex", "U"), ("age_group", "UNK"), ("form", "UNKNOWN"),
        ("citizenship_group", "UNKNOWN"),
    ):  # fmt: skip
        assert invented.value(rows, "PROT-01", **{dimension: unknown}) == 1, dimension
    pooled = ["geographic_flow", "referral_source"]
    asked = {("PROT-01", "VICTIM", "count"): [(dimension,) for dimension in pooled]}
    table = invented.table(rows, "2024", also_by=asked)
    for dimension in pooled:
        unknown = table["indicator_id"].eq("PROT-01") & table[dimension].eq("UNKNOWN")
        assert table.loc[unknown, "value"].tolist() == [1], dimension


def test_a_victim_of_unknown_age_is_no_part_of_the_share_of_children(invented):
    def of_age(group, *numbers):
        return [
            invented.victim(f"{n:016x}", age_group=group, case_id=f"own {n}")
            for n in range(*numbers)
        ]

    children, adults, unknown = of_age("CHILD", 6), of_age("ADULT", 6, 10), of_age("UNK", 10, 13)
    rows = invented.bank(victims=invented.frame("victims", *children, *adults, *unknown))
    row = invented.row(rows, "PROT-03")
    assert (row["numerator"], row["denominator"], row["value"]) == (6, 10, 60.0)
    assert row["method"].startswith("Clopper-Pearson")  # each victim is a case


def test_persons_of_one_case_have_no_interval_and_of_many_a_wider_one(invented):
    def row(*cases):
        victims = [
            invented.victim(f"{n:016x}", case_id=f"case {case}") for n, case in enumerate(cases)
        ]
        bank = invented.bank(victims=invented.frame("victims", *victims))
        return invented.row(bank, "PROT-01")

    one, alone, pairs = row(*[1] * 24), row(*range(24)), row(*range(12), *range(12))
    assert pd.isna(one["ci_low"]) and one["method"].startswith("no interval")
    assert alone["method"] == "Garwood exact Poisson, 95 %"
    assert pairs["method"] == "Fay-Feuer gamma, events by case (design factor 2), 95 %"
    assert pairs["ci_low"] < alone["ci_low"] and alone["ci_high"] < pairs["ci_high"]


def test_a_share_of_fewer_than_ten_is_not_given(invented):
    few = [invented.victim(f"{n:016x}") for n in range(9)]
    row = invented.row(invented.bank(victims=invented.frame("victims", *few)), "PROT-03")
    assert row["status"] == "NAP" and pd.isna(row["value"])
    assert row["note"] == "fewer than 10: not shown"


def test_the_rate_divides_confirmed_victims_by_the_mid_year_population(invented):
    victims = [invented.victim(f"{n:016x}", case_id=f"own {n}") for n in range(8)]
    potential = [
        invented.victim(f"{n:016x}", status="POTENTIAL", case_id=f"own {n}") for n in range(8, 20)
    ]
    rows = invented.bank(victims=invented.frame("victims", *victims, *potential))
    row = invented.row(rows, "PROT-02")
    assert row["value"] == pytest.approx(8 / 400_000 * 100_000)
    assert row["numerator"] == 8 and row["denominator"] == 400_000
    assert row["ci_low"] < row["value"] < row["ci_high"]


def test_confirmed_victims_of_unknown_sex_have_a_count_and_no_rate(invented):
    rows = invented.bank(
        victims=invented.frame(
            "victims",
            *(invented.victim(f"{n:016x}", identified_year=2023, for_=2023) for n in range(3)),
            invented.victim("f" * 16, sex="U"),
        )
    )
    row = invented.row(rows, "PROT-02", "2023-2024", sex="U")
    assert row["status"] == "NAP" and row["numerator"] == 1 and pd.isna(row["value"])


def _service(victim: str, kind: str, month: str, **what) -> dict:
    return {
        "victim_id": victim, "service_type": kind, "provider": "DHS", "start_month": month,
    } | what  # fmt: skip


def test_one_service_type_to_one_victim_in_one_year_is_one_service(invented):
    a, b = "a" * 16, "b" * 16
    rows = invented.bank(
        victims=invented.frame("victims", invented.victim(a), invented.victim(b)),
        services=invented.frame(
            "services",
            _service(a, "MEDICAL", "2024-02"),
            _service(a, "MEDICAL", "2024-09"),
            _service(a, "SHELTER", "2024-02", shelter_type="RESIDENTIAL"),
            _service(b, "REPATRIATION", "2024-07"),
            _service(b, "IMM_STATUS", "2024-07"),
        ),
    )
    assert invented.value(rows, "PROT-06", unit="SERVICE", statistic="count") == 4
    assert invented.value(rows, "PROT-06", unit="VICTIM") == 2
    assert invented.value(rows, "PROT-06", statistic="ratio") == 2.0
    assert invented.value(rows, "PROT-08", shelter_type="RESIDENTIAL") == 1
    assert invented.value(rows, "PROT-09") == 1
    assert invented.value(rows, "PROT-10") == 1
    assert (
        invented.value(rows, "PROT-06", unit="SERVICE", statistic="count", age_group="CHILD") == 4
    )


def test_a_service_counts_in_the_quarter_in_which_it_began_so_that_quarters_add_up(invented):
    a = "a" * 16
    rows = invented.bank(
        victims=invented.frame("victims", invented.victim(a)),
        services=invented.frame(
            "services", _service(a, "MEDICAL", "2024-02"), _service(a, "MEDICAL", "2024-09")
        ),
    )
    quarters = [
        invented.value(rows, "PROT-06", f"2024-Q{q}", unit="SERVICE", statistic="count")
        for q in (1, 2, 3, 4)
    ]
    assert quarters == [1, 0, 0, 0]


def test_victims_with_a_service_are_among_the_victims_identified(invented):
    a, b = "a" * 16, "b" * 16
    rows = invented.bank(
        victims=invented.frame("victims", invented.victim(a), invented.victim(b)),
        services=invented.frame("services", _service(a, "FOOD", "2024-06")),
    )
    row = invented.row(rows, "PROT-05")
    assert (row["numerator"], row["denominator"]) == (1, 2)


def test_days_to_the_first_service_are_the_fewest_of_each_victim(invented):
    keys = [f"{n:016x}" for n in range(11)]
    first = [
        _service(key, "FOOD", "2024-06", days_from_identification=n) for n, key in enumerate(keys)
    ]
    later = [_service(key, "MEDICAL", "2024-07", days_from_identification=90) for key in keys]
    rows = invented.bank(
        victims=invented.frame("victims", *(invented.victim(key) for key in keys)),
        services=invented.frame("services", *first, *later),
    )
    row = invented.row(rows, "PROT-07")
    assert row["value"] == 5 and row["denominator"] == 11
    assert row["note"].startswith("half of them lie between 2 and 8")


def test_quartiles_are_told_from_ten_on_only_and_never_of_a_hidden_row(invented):
    from atips_analysis.disclosure import Rule, System
    from atips_analysis.disclosure.indicator_rows import public_table
    from atips_analysis.disclosure.indicator_sums import cells_of

    def rows_of(number):
        keys = [f"{n:016x}" for n in range(number)]
        return invented.bank(
            victims=invented.frame("victims", *(invented.victim(key) for key in keys)),
            services=invented.frame(
                "services",
                *(_service(key, "FOOD", "2024-06", days_from_identification=3) for key in keys),
            ),
        )

    few = invented.row(rows_of(9), "PROT-07")
    assert few["status"] == "NAP" and "half" not in few["note"]
    table = invented.table(rows_of(10), "2024")
    from atips_analysis.indicators.place import narrow

    table = narrow(table[table["indicator_id"] == "PROT-07"])
    assert table["note"].str.startswith("half").any()
    cells = cells_of(table)
    hidden = System(cells.counts, [], rule=Rule(20)).protect().hidden
    public = public_table(table, cells, hidden)
    assert (public["status"] == "C").any()
    assert not public["note"].str.contains("half").any()


def test_children_in_the_migrant_shelter_are_no_victims(invented):
    rows = invented.bank(
        victims=invented.frame("victims", invented.victim("a" * 16)),
        counts=invented.frame(
            "counts",
            {"month": "2024-12", "agency": "DHS", "measure": "MIGRANT_CHILDREN_SHELTERED", "sex": "F", "n": 12},
            {"month": "2024-12", "agency": "DHS", "measure": "MIGRANT_CHILDREN_SHELTERED", "sex": "M", "n": 28},
        ),
    )  # fmt: skip
    assert invented.value(rows, "PROT-11") == 40
    assert invented.value(rows, "PROT-11", sex="F") == 12
    assert invented.value(rows, "PROT-01") == 1
