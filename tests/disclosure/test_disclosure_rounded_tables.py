"""Tables of which most would be hidden are rounded to base 5, and stay safe."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from atips_analysis.disclosure import Release, cell_key, table_relations
from atips_analysis.disclosure.releases import Released, attack_releases, from_json, to_json
from atips_analysis.disclosure.rounded_tables import (
    CountedTable,
    interval_of,
    mostly_hidden,
    rounded_safely,
    rounded_values,
)
from atips_analysis.release.verify_pack import number_of, rounded_sum_holds


def by_sex(**counts):
    keys = {name: cell_key("victims", "2031", {"sex": name}) for name in counts}
    whole = cell_key("victims", "2031", {})
    cells = {key: counts[name] for name, key in keys.items()} | {whole: sum(counts.values())}
    return cells, CountedTable(("victims",), tuple(range(len(keys))), tuple(keys.values())), whole


def tidy(counts, hidden):
    names = list(counts)
    table = pd.DataFrame(
        {
            "indicator_id": "PROT-01",
            "unit_of_count": "VICTIM",
            "statistic": "count",
            "period": "2031",
            "by_1": "sex",
            "category_1": names,
            "by_2": "",
            "category_2": "",
        }
    )
    keys = {n: (cell_key("PROT-01 VICTIM", "2031", {"sex": name}),) for n, name in enumerate(names)}
    cells = {keys[n][0]: counts[name] for n, name in enumerate(names)}
    status = {keys[n][0]: "C" if name in hidden else "OK" for n, name in enumerate(names)}
    return mostly_hidden(table, keys, cells, status)


def test_a_rounded_number_is_less_than_ten_from_the_count():
    assert [interval_of(number) for number in (0, 5, 10, 30)] == [
        (0, 9),
        (0, 14),
        (1, 19),
        (21, 39),
    ]


@pytest.mark.parametrize(
    ("counts", "hidden", "rounded"),
    [
        ({"F": 3, "M": 4, "O": 9}, {"F", "M"}, True),  # two of three
        ({"F": 3, "M": 4, "O": 9, "U": 9}, {"F", "M"}, False),  # half is not more than half
        ({"F": 3, "M": 9, "O": 0, "U": 0}, {"F", "M"}, True),  # true zeros are left aside
        ({"F": 9, "M": 9}, set(), False),
    ],
)
def test_a_table_is_rounded_when_more_than_half_of_what_is_not_zero_is_hidden(
    counts, hidden, rounded
):
    assert bool(tidy(counts, hidden)) is rounded


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.integers(0, 40), min_size=2, max_size=8))
def test_rounded_parts_add_up_to_a_multiple_beside_the_total_and_keep_small_counts_open(counts):
    cells, table, whole = by_sex(**{f"S{at}": count for at, count in enumerate(counts)})
    relations = table_relations(cells)
    values = rounded_values([table], cells, relations, {whole: "OK"})
    assert values is not None
    assert abs(sum(values.values()) - cells[whole]) < 5
    for key, value in values.items():
        low, high = interval_of(value)
        assert value % 5 == 0 and low <= cells[key] <= high
        assert high >= 5


def test_the_rounded_total_of_a_rounded_table_is_the_sum_of_its_parts():
    margins = {"sex": ("F", "M"), "form": ("SEX", "LAB")}
    inner = {("F", "SEX"): 7, ("F", "LAB"): 2, ("M", "SEX"): 1, ("M", "LAB"): 4}
    cells = {}
    for (sex, form), count in inner.items():
        for cell in ({"sex": sex, "form": form}, {"sex": sex}, {"form": form}, {}):
            key = cell_key("v", "2031", cell)
            cells[key] = cells.get(key, 0) + count
    tables = [
        CountedTable((str(size),), (), tuple(key for key in cells if len(key[2]) == size))
        for size in (1, 2)
    ]
    found = rounded_values(tables, cells, table_relations(cells), {cell_key("v", "2031", {}): "OK"})
    assert found is not None
    for dimension, names in margins.items():
        other = "form" if dimension == "sex" else "sex"
        for name in names:
            parts = [cell_key("v", "2031", {dimension: name, other: b}) for b in margins[other]]
            whole = cell_key("v", "2031", {dimension: name})
            assert found[whole] == sum(found[part] for part in parts)


def test_a_table_that_opens_when_it_is_rounded_stays_hidden():
    _, table, _ = by_sex(F=5, M=1)
    other = CountedTable(("other",), (9,), (cell_key("cases", "2031", {"sex": "F"}),))

    def rounded(tables, told):
        return {key: 5 for one in tables for key in one.keys}

    def opened(values):
        return {table.keys[1]: False} if table.keys[1] in values else {}

    kept, values = rounded_safely([table, other], rounded, opened)
    assert kept == (other,) and list(values) == list(other.keys)


def test_a_true_zero_that_another_table_tells_is_printed_as_one():
    cells, table, whole = by_sex(F=3, M=8, U=0)
    zero = table.keys[2]

    def rounded(tables, told):
        return rounded_values(tables, cells, table_relations(cells), {whole: "OK"}, told)

    def opened(values):
        return {zero: True} if zero in values else {}

    kept, values = rounded_safely([table], rounded, opened)
    assert kept == (table,) and zero not in values and len(values) == 2


def released(shown):
    cells, table, whole = by_sex(F=3, M=8, U=0)
    return Released("e", shown, tuple(table_relations(cells))), cells, table, whole


def test_the_ledger_keeps_what_a_rounded_number_may_stand_for_and_later_attacks_read_it():
    _, cells, table, whole = released({})
    shown = {whole: 11} | {
        key: interval_of(value) for key, value in zip(table.keys, (5, 5, 0), strict=True)
    }
    entry, *_ = released(shown)
    assert from_json(to_json(entry)) == entry
    truth = {("e", key): count for key, count in cells.items()}
    assert attack_releases([entry], counts=truth).safe
    told, *_ = released({whole: 11, table.keys[1]: 8, table.keys[2]: 0})
    report = attack_releases([entry, told], counts=truth)
    assert list(report.opened["key"]) == [table.keys[0]]


def test_a_rounded_number_of_an_earlier_release_narrows_what_a_later_one_hides(attack):
    cells, table, whole = by_sex(F=3, M=30)
    now = Release(
        "e", {whole: 33, table.keys[0]: None, table.keys[1]: None}, table_relations(cells)
    )
    before = Release("e", {table.keys[1]: (29.0, 47.0)}, ())
    truth = {("e", key): count for key, count in cells.items()}
    assert attack(now, truth=truth).safe
    assert not attack([now, before], truth=truth).safe


@pytest.mark.parametrize(
    ("total", "parts", "holds"),
    [
        (11, ([0, 14], [0, 14], 0), True),  # 5 + 5 + 0 beside 11
        (11, ([0, 14], [1, 19], 0), True),  # 15 is less than 5 away
        (11, ([1, 19], [6, 24], 0), False),  # 25 is not
        ([1, 19], ([0, 14], [0, 14], 0), True),  # 5 + 5 = 10
        ([1, 19], ([0, 14], [0, 9], 0), False),
    ],
)
def test_the_script_in_the_pack_adds_rounded_parts(total, parts, holds):
    cells = [["v", "2031", str(at), shown, []] for at, shown in enumerate((total, *parts))]
    assert rounded_sum_holds(cells, 0, [1, 2, 3]) is holds


def test_the_script_in_the_pack_knows_which_number_an_interval_is_printed_as():
    assert [number_of(list(interval_of(number))) for number in (0, 5, 10, 35)] == [0, 5, 10, 35]
    assert number_of([2, 14]) != number_of([2, 14])  # no rounded number stands for 2 to 14
