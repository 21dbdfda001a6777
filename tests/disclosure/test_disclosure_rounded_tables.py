"""What earlier releases printed rounded to base 5 is read as what it may stand for."""

from __future__ import annotations

import pytest

from atips_analysis.disclosure import Release, cell_key, table_relations
from atips_analysis.disclosure.releases import Released, attack_releases, from_json, to_json
from atips_analysis.disclosure.rounded_tables import interval_of
from atips_analysis.release.verify_pack import number_of, rounded_sum_holds


def by_sex(**counts):
    keys = {name: cell_key("victims", "2031", {"sex": name}) for name in counts}
    whole = cell_key("victims", "2031", {})
    cells = {key: counts[name] for name, key in keys.items()} | {whole: sum(counts.values())}
    return cells, tuple(keys.values()), whole


def test_a_rounded_number_is_less_than_ten_from_the_count():
    assert [interval_of(number) for number in (0, 5, 10, 30)] == [
        (0, 9),
        (0, 14),
        (1, 19),
        (21, 39),
    ]


def released(shown):
    cells, parts, whole = by_sex(F=3, M=8, U=0)
    return Released("e", shown, tuple(table_relations(cells))), cells, parts, whole


def test_the_ledger_keeps_what_a_rounded_number_may_stand_for_and_later_attacks_read_it():
    _, cells, parts, whole = released({})
    shown = {whole: 11} | {
        key: interval_of(value) for key, value in zip(parts, (5, 5, 0), strict=True)
    }
    entry, *_ = released(shown)
    assert from_json(to_json(entry)) == entry
    truth = {("e", key): count for key, count in cells.items()}
    assert attack_releases([entry], counts=truth).safe
    told, *_ = released({whole: 11, parts[1]: 8, parts[2]: 0})
    report = attack_releases([entry, told], counts=truth)
    assert list(report.opened["key"]) == [parts[0]]


def test_a_rounded_number_of_an_earlier_release_narrows_what_a_later_one_hides(attack):
    cells, parts, whole = by_sex(F=3, M=30)
    now = Release("e", {whole: 33, parts[0]: None, parts[1]: None}, table_relations(cells))
    before = Release("e", {parts[1]: (29.0, 47.0)}, ())
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
