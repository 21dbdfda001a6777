"""How far clusters widen chance: cases without victims, and victims without a case."""

from __future__ import annotations

import math

from atips_analysis.indicators.design_factors import design_factors
from atips_analysis.statistics import ComesAbout


def factors(invented, *victims, cases=()):
    rows = invented.bank(
        victims=invented.frame("victims", *victims), cases=invented.frame("cases", *cases)
    )
    return design_factors(rows)


def test_a_victim_without_a_case_is_one_alone(invented):
    alone = [invented.victim(f"{n:016x}", case_id=None) for n in range(12)]
    assert factors(invented, *alone)[ComesAbout.BY_CASE] == 1


def test_victims_of_the_same_case_are_a_cluster(invented):
    pairs = [invented.victim(f"{n:016x}", case_id=f"BZ-CASE-2024-{n // 2:04d}") for n in range(24)]
    assert factors(invented, *pairs)[ComesAbout.BY_CASE] == 2


def test_cases_without_victims_count_for_nothing(invented):
    alone = [invented.victim(f"{n:016x}", case_id=None) for n in range(12)]
    empty = [
        {"case_id": f"BZ-CASE-2024-{n:04d}", "ref_year": 2024, "opened_date": "2024-01"}
        for n in range(50)
    ]
    assert factors(invented, *alone, cases=empty)[ComesAbout.BY_CASE] == 1


def test_too_few_clusters_leave_the_factor_unknown(invented):
    nobody = factors(invented)[ComesAbout.BY_CASE]
    few = factors(invented, invented.victim("a" * 16))[ComesAbout.BY_CASE]
    assert math.isnan(nobody) and math.isnan(few)
