"""What a table merges or pools stands behind it: nobody prints it, and the attack knows it."""

from __future__ import annotations

import pandas as pd
import pytest

from atips_analysis.disclosure.attack import Release
from atips_analysis.disclosure.indicator_sums import cells_of
from atips_analysis.disclosure.indicator_table import protect_table
from atips_analysis.disclosure.knowledge import Known, Rule
from atips_analysis.disclosure.system import System
from atips_analysis.errors import InputError
from atips_analysis.indicators import compute, parse_period
from atips_analysis.indicators.broken_down import BEHIND
from atips_analysis.indicators.place import narrow
from atips_analysis.project import find_project

YEARS = ("2021", "2022", "2023")
POOLED = "2021-2023"
OF_VICTIMS = "PROT-01 VICTIM"


def sexes(men: int, unknown: int) -> list[str]:
    return ["M"] * men + ["U"] * unknown + ["F"] * (12 - men - unknown)


@pytest.fixture
def raw(invented) -> pd.DataFrame:
    """Twelve victims a year: two, two and one man, and in the last year one of unknown sex."""
    victims = [
        invented.victim(f"{year}{n:012x}", identified_year=year, for_=year, sex=sex,
                        status_date=f"{year}-05")
        for year, own in ((2021, sexes(2, 0)), (2022, sexes(2, 0)), (2023, sexes(1, 1)))
        for n, sex in enumerate(own)
    ]  # fmt: skip
    bank = invented.bank(victims=invented.frame("victims", *victims))
    periods = [parse_period(name) for name in (*YEARS, POOLED)]
    return compute(bank, periods, ["PROT-01"], population=invented.population, vintage="e")


def of_sex(table: pd.DataFrame) -> pd.DataFrame:
    return table[table["by_1"] == "sex"]


def test_single_years_and_codes_stand_behind_a_merged_and_pooled_table(raw) -> None:
    own = of_sex(raw)
    shown = own[own["note"] != BEHIND]
    assert dict(zip(shown["category_1"], shown["value"], strict=True)) == {"F": 30, "M_OU": 6}
    assert set(shown["period"]) == {POOLED}
    behind = own[own["note"] == BEHIND].groupby("period")["category_1"].apply(set).to_dict()
    assert behind == {year: {"F", "M", "O", "U"} for year in YEARS} | {POOLED: {"M", "O", "U"}}


def test_nobody_prints_what_stands_behind(raw) -> None:
    public = protect_table(raw, find_project()).table
    own = of_sex(public)
    assert set(zip(own["period"], own["category_1"], strict=True)) == {
        (POOLED, "F"),
        (POOLED, "M_OU"),
    }
    assert own["value"].tolist() == [30, 6]
    assert BEHIND not in set(public["note"])


def test_a_merged_category_is_the_sum_of_its_codes_and_pooled_years_of_their_years(raw) -> None:
    cells = cells_of(raw)
    parts = {relation.total: set(relation.parts) for relation in cells.relations
             if "M_OU" in str(relation.total)}  # fmt: skip
    merged = (OF_VICTIMS, POOLED, (("sex", "M_OU"),))
    assert parts[merged] == {(OF_VICTIMS, POOLED, (("sex", code),)) for code in "MOU"}
    pooled = (OF_VICTIMS, POOLED, (("sex", "M"),))
    years = {(OF_VICTIMS, year, (("sex", "M"),)) for year in YEARS}
    assert years in [set(one.parts) for one in cells.relations if one.total == pooled]
    assert years <= cells.unpublished


def test_others_yearly_figures_open_a_year_through_a_pooled_count_and_the_attack_sees_it(
    raw,
) -> None:
    cells = cells_of(raw)
    told = {(OF_VICTIMS, year, (("sex", "F"),)): 10 for year in ("2021", "2022")}
    printed = Release(
        "e",
        {key: cells.counts[key] for keys in cells.rows.values() for key in keys} | told,
        tuple(cells.relations),
        frozenset(cells.unpublished),
    )
    report = System(cells.counts, cells.relations, Known(), rule=Rule(), edition="e").attack(
        printed, inside=False
    )
    opened = set(report.opened["key"])
    assert (OF_VICTIMS, "2021", (("sex", "M"),)) in opened


def test_somebody_whom_the_plan_does_not_foresee_is_named_with_the_plans_row(invented) -> None:
    victim = invented.victim("a" * 16, status="CONFIRMED")
    bank = invented.bank(victims=invented.frame("victims", victim))
    from atips_analysis.indicators.broken_down import places
    from atips_analysis.indicators.measure import measures

    one = next(m for m in measures("PROT-01") if m.statistic == "count")
    frame = one.population(bank, parse_period("2024")).assign(status_of_victim="SCREENED")
    with pytest.raises(InputError, match=r"publication_plan.csv, row \d+: PROT-01 count by status"):
        places(one, parse_period("2024"), frame, found={})


def test_a_published_table_is_read_back_with_merged_categories_as_its_own(raw) -> None:
    public = protect_table(raw, find_project()).table
    from atips_analysis.indicators.place import wide

    cells = cells_of(narrow(wide(public)))
    total = (OF_VICTIMS, POOLED, ())
    parts = [set(one.parts) for one in cells.relations if one.total == total]
    assert {(OF_VICTIMS, POOLED, (("sex", code),)) for code in ("F", "M_OU")} in parts
