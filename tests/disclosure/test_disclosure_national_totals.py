"""National totals of a year are always printed; the pattern of the rest is found around them."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest

from atips_analysis.disclosure import Known, Relation, Rule, System, cell_key
from atips_analysis.disclosure.indicator_rows import withheld_rows
from atips_analysis.disclosure.indicator_table import protect_table
from atips_analysis.disclosure.national_totals import national_totals
from atips_analysis.indicators.place import narrow, wide_columns
from atips_analysis.project import find_project

YEARS = ("2031", "2032", "2033")
NUMBERS = ["value", "numerator", "denominator", "ci_low", "ci_high", "low", "high"]


def of_years(*counts):
    cells = dict(zip(YEARS, counts, strict=True)) | {"pool": sum(counts)}
    known = Known(totals=frozenset(YEARS))
    return System(cells, [Relation("pool", YEARS, "years")], known)


def ends(system, pattern):
    report = system.attack(pattern)
    assert report.safe
    found = report.cells.set_index("key")
    return {key: (found.at[key, "low"], found.at[key, "high"]) for key in found.index}


def test_a_total_under_the_threshold_is_printed_as_fewer_and_its_pool_yields():
    system = of_years(3, 7, 8)
    pattern = system.protect()
    assert pattern.hidden == {"2031", "pool"}
    assert system.release(pattern).cells["2031"] == (1, 4)
    assert ends(system, pattern) == {"2031": (1, 4), "pool": (16, 19)}


def test_a_pool_stays_where_it_leaves_the_small_years_their_values():
    system = of_years(3, 0, 2)
    pattern = system.protect()
    assert pattern.hidden == {"2031", "2033"}
    assert ends(system, pattern) == {"2031": (1, 4), "2033": (1, 4)}


def test_a_total_is_never_hidden_for_a_breakdown_and_leaves_its_parts_what_it_can():
    system = System(
        {"T": 6, "a": 2, "b": 4}, [Relation("T", ("a", "b"))], Known(totals=frozenset({"T"}))
    )
    pattern = system.protect()
    assert pattern.hidden == {"a", "b"} and not pattern.open_cells
    assert ends(system, pattern) == {"a": (1, 5), "b": (1, 5)}


def test_a_cell_that_a_printed_total_tells_exactly_is_open():
    parts = tuple("abcde")
    cells = {"T": 5} | dict.fromkeys(parts, 1)
    system = System(cells, [Relation("T", parts)], Known(totals=frozenset({"T"})))
    assert set(system.protect().open_cells) == set(parts)
    printed = {"T": 5} | dict.fromkeys(parts)
    assert set(system.attack(printed, inside=False).opened["key"]) == set(parts)


@pytest.mark.parametrize("seed", range(12))
def test_patterns_around_totals_leave_what_all_fillings_leave(seed):
    draw = np.random.default_rng(seed)
    parts = {(year, sex): int(draw.poisson(2.5)) for year in YEARS for sex in "FM"}
    cells = dict(parts)
    for year in YEARS:
        cells[year] = parts[year, "F"] + parts[year, "M"]
    sums = [Relation(year, ((year, "F"), (year, "M")), year) for year in YEARS]
    cells["pool"] = sum(cells[year] for year in YEARS)
    sums.append(Relation("pool", YEARS, "pool"))
    system = System(cells, sums, Known(totals=frozenset(YEARS)))
    printed = system.release(system.protect()).cells
    found = system.attack(system.protect(), inside=False).cells.set_index("key")
    fitting = {}
    for year in YEARS:
        pairs = itertools.product(range(20), repeat=2)
        fitting[year] = [
            {(year, "F"): women, (year, "M"): men, year: women + men}
            for women, men in pairs
            if _fits(women, printed[year, "F"]) and _fits(men, printed[year, "M"])
            if _fits(women + men, printed[year])
        ]
    left = {key: set() for key in cells}
    for one in itertools.product(*fitting.values()):
        own = {key: value for year in one for key, value in year.items()}
        own["pool"] = sum(own[year] for year in YEARS)
        if _fits(own["pool"], printed["pool"]):
            for key, value in own.items():
                left[key].add(value)
    for key in found.index:
        assert (found.at[key, "low"], found.at[key, "high"]) == (min(left[key]), max(left[key]))
    for year in YEARS:
        assert printed[year] == ((1, 4) if 1 <= cells[year] <= 4 else cells[year])


def _fits(value, shown):
    if isinstance(shown, int):
        return value == shown
    low, high = shown or (1, np.inf)
    return low <= value <= high


def test_totals_are_counts_of_persons_of_a_whole_year_broken_down_by_nothing():
    keys = [
        cell_key("PROT-01 VICTIM", "2031", {}),
        cell_key("PROT-01 VICTIM", "2031-2033", {}),
        cell_key("PROT-01 VICTIM", "2031", {"sex": "F"}),
        cell_key("PROS-01 CASE", "2031", {}),
        cell_key("PROT-03 VICTIM percent numerator", "2031", {}),
    ]
    assert national_totals(keys) == {keys[0]}


def table_of(*rows):
    """Rows of (period, sex, victims)."""
    lines = []
    for period, sex, value in rows:
        line = dict.fromkeys(wide_columns(), "Total") | {"indicator_id": "PROT-01"}
        line |= {"unit_of_count": "VICTIM", "statistic": "count", "period": period, "sex": sex}
        line |= {"value": value, "status": "OK" if value else "Z", "vintage": "e" * 12}
        line |= dict.fromkeys(["method", "source", "note"], "")
        lines.append(line | dict.fromkeys(NUMBERS[1:], None))
    table = pd.DataFrame(lines, columns=wide_columns())
    for column in NUMBERS:
        table[column] = pd.array(table[column], dtype="Float64")
    return narrow(table)


def test_a_breakdown_stands_where_its_printed_total_is_a_group_of_ten():
    rows = [("2031", 9), ("2032", 10), ("2033", 3), ("2031-2033", 22)]
    table = table_of(
        *[line for period, n in rows for line in ((period, "Total", n), (period, "F", n))]
    )
    left_out = withheld_rows(table, Rule())
    assert set(table.loc[list(left_out), "period"]) == {"2031", "2033"}
    assert set(table.loc[list(left_out), "category_1"]) == {"F"}


def test_pooled_years_are_judged_by_what_their_years_print():
    # 4, 3 and 3 make 10; printed are three times 1 to 4, which may be 3: no breakdown stands.
    rows = [("2031", 4), ("2032", 3), ("2033", 3), ("2031-2033", 10)]
    table = table_of(
        *[line for period, n in rows for line in ((period, "Total", n), (period, "F", n))]
    )
    assert set(table.loc[list(withheld_rows(table, Rule())), "period"]) == {p for p, _ in rows}


def test_hidden_counts_stand_with_their_range_and_shown_ones_without():
    table = table_of(
        *[("2031", "Total", 17), ("2031", "F", 14), ("2031", "M", 3)],
        *[("2032", "Total", 3), ("2032", "F", 3), ("2032", "M", 0)],
    )
    public = protect_table(table, find_project()).table
    public = public.assign(place=public["period"] + public["category_1"]).set_index("place")
    assert list(public.index) == ["2031", "2031F", "2031M", "2032"]
    assert public["status"].to_dict() == {"2031": "OK", "2031F": "C", "2031M": "C", "2032": "C"}
    assert public.loc["2032", ["low", "high"]].tolist() == [1, 4]
    assert public.loc["2031F", ["low", "high"]].tolist() == [1, 16]
    assert public.loc["2031", ["low", "high"]].isna().all()


def test_what_a_total_and_a_public_figure_leave_together_is_all_that_is_asked():
    # Of three suspects ("1 to 4") two were convicted, and others print that both were foreign.
    cells = {"T": 3, "own": 1, "foreign": 2, "C": 2, "C own": 0, "C foreign": 2, "rest": 0}
    sums = [
        Relation("T", ("own", "foreign")),
        Relation("C", ("C own", "C foreign")),
        Relation("foreign", ("C foreign", "rest")),
    ]
    nowhere = frozenset({"own", "foreign", "C own", "rest"})
    printed = {"T": (1, 4), "C": 2, "C foreign": 2}
    for public, safe in (({"C": 2, "C foreign": 2}, True), ({}, False)):
        known = Known(counts=public, unpublished=nowhere, totals=frozenset({"T", "C"}))
        found = System(cells, sums, known).attack(printed, inside=False)
        assert found.solvable
        assert ("own" not in set(found.opened["key"])) is safe


def test_what_totals_and_public_figures_tell_alone_is_no_table_s_fault():
    cells = {"suspects": 5, "convicted": 2, "others": 3, "F": 4, "M": 1}
    sums = [Relation("suspects", ("convicted", "others")), Relation("suspects", ("F", "M"))]
    known = Known(
        counts={"convicted": 2},
        unpublished=frozenset({"others"}),
        totals=frozenset({"suspects", "convicted"}),
    )
    system = System(cells, sums, known)
    printed = {"suspects": 5, "convicted": 2, "F": None, "M": None}
    assert {key for _, key in system.opened_by_figures_alone(printed)} == {"others"}
    told = {**printed, "F": 4}
    assert {key for _, key in system.opened_by_figures_alone(told)} == {"others"}
    assert "M" in set(system.attack(told, inside=False).opened["key"])
