"""Patterns of hidden cells: always safe, and never dearer than need be."""

from __future__ import annotations

import itertools
import random

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from atips_analysis.disclosure import (
    Aim,
    Relation,
    cell_key,
    complement_relation,
    covering,
    period_relations,
    table_relations,
)
from atips_analysis.errors import InputError


def hidden_by(result):
    return set(result.cells.loc[result.cells["public_status"] == "C", "key"])


def test_fischetti_and_salazar_example_has_the_known_optimum(examples, two_way, protect_cells):
    example = examples["fischetti_salazar_1999"]
    counts, relations = two_way(example["table"])
    result = protect_cells(counts, relations, threshold=1, sensitive={(1, 2): 23})
    expected = {(1, 2), *(tuple(cell) for cell in example["computed"]["optimal_secondary"])}
    assert hidden_by(result) == expected
    assert result.hidden_value == example["computed"]["optimal_total_suppressed_value"]
    assert result.optimal and result.gap == 0


def test_marital_status_example_has_the_known_optimum(examples, two_way, protect_cells):
    example = examples["marital_sex_threshold3"]
    counts, relations = two_way(example["table"])
    result = protect_cells(counts, relations, threshold=3)
    expected = {(2, 1), *(tuple(cell) for cell in example["computed"]["optimal_value_secondary"])}
    assert hidden_by(result) == expected


def test_fewest_cells_of_the_marital_status_example(examples, two_way, protect_cells):
    example = examples["marital_sex_threshold3"]
    counts, relations = two_way(example["table"])
    result = protect_cells(counts, relations, threshold=3, aim=Aim(objective="number", rules=False))
    assert result.hidden_cells == 1 + example["computed"]["min_count_secondary"]
    ties = [{(2, 1), *map(tuple, tie)} for tie in example["computed"]["min_count_ties"]]
    assert hidden_by(result) in ties


@pytest.mark.parametrize(("count", "status"), [(0, "Z"), (1, "P"), (4, "P"), (5, "OK")])
def test_counts_from_one_to_four_are_hidden_and_zero_is_shown(count, status, protect_cells):
    result = protect_cells({"a": count}, [])
    assert result.cells["status"].tolist() == [status]


def test_one_public_code_stands_for_every_hidden_cell(two_way, protect_cells):
    counts, relations = two_way([[3, 9, 12], [8, 7, 15], [11, 16, 27]])
    result = protect_cells(counts, relations)
    assert set(result.cells["status"]) == {"OK", "P", "S"}
    assert set(result.cells["public_status"]) == {"OK", "C"}
    assert result.cells.loc[result.cells["public_status"] == "C", "shown"].isna().all()


def test_margins_are_hidden_only_where_it_cannot_be_done_without(two_way, protect_cells):
    counts, relations = two_way([[2, 90, 92], [8, 90, 98], [10, 180, 190]])
    assert hidden_by(protect_cells(counts, relations)) == {(0, 0), (0, 1), (1, 0), (1, 1)}
    alone = two_way([[3, 0, 3], [9, 8, 17], [12, 8, 20]])
    assert (0, 2) in hidden_by(protect_cells(*alone))


def test_cells_that_are_not_of_persons_are_not_hidden_for_being_small(protect_cells):
    result = protect_cells({"sessions": 3, "victims": 3}, [], exempt=["sessions"])
    assert result.cells["status"].tolist() == ["OK", "P"]


def test_a_known_figure_is_shown_and_taken_as_known(unsafe_cells, protect_cells):
    counts = {"all": 20, "a": 3, "b": 6, "c": 11}
    relations = [Relation("all", ("a", "b", "c"))]
    result = protect_cells(counts, relations, counts={"b": 6})
    assert hidden_by(result) == {"a", "c"}
    assert not unsafe_cells(counts, relations, hidden_by(result))


def test_a_known_figure_of_another_population_is_left_aside(protect_cells):
    counts = {"all": 20, "a": 3, "b": 6, "c": 11}
    result = protect_cells(counts, [Relation("all", ("a", "b", "c"))], counts={"a": 4})
    assert hidden_by(result) == {"a", "b"}


def test_cells_that_known_figures_give_away_are_reported(protect_cells):
    counts = {"all": 5, "a": 2, "b": 3}
    result = protect_cells(counts, [Relation("all", ("a", "b"))], counts={"all": 5})
    assert set(result.open_cells) == {"a", "b"}
    assert not result.safe


def test_a_ratio_is_hidden_when_its_rest_is_small(protect_cells):
    counts = {"identified": 10, "assisted": 8, "not assisted": 2}
    relation = complement_relation("assisted", "not assisted", "identified")
    result = protect_cells(counts, [relation], unpublished=["not assisted"])
    assert hidden_by(result) == {"assisted"}
    assert "not assisted" not in set(result.cells["key"])


def test_weights_decide_which_cells_are_hidden(protect_cells):
    counts = {"all": 30, "a": 3, "b": 13, "c": 14}
    relations = [Relation("all", ("a", "b", "c"))]
    assert hidden_by(protect_cells(counts, relations)) == {"a", "b"}
    dear = protect_cells(counts, relations, weights={"a": 1, "b": 9, "c": 2, "all": 9})
    assert hidden_by(dear) == {"a", "c"}


def test_the_only_person_in_a_cell_does_not_open_its_neighbour(two_way, protect_cells):
    counts, relations = {"all": 30, "a": 1, "b": 2, "c": 4, "d": 23}, []
    relations = [Relation("all", ("a", "b", "c", "d"))]
    assert hidden_by(protect_cells(counts, relations)) == {"a", "b", "c"}
    few = {"all": 26, "a": 1, "b": 4, "d": 21}
    relations = [Relation("all", ("a", "b", "d"))]
    wary = protect_cells(few, relations)
    assert hidden_by(wary) == {"a", "b", "d"}


def test_margins_that_do_not_add_up_are_refused(protect_cells):
    with pytest.raises(InputError, match="do not add up"):
        protect_cells({"all": 9, "a": 3, "b": 5}, [Relation("all", ("a", "b"))])


@pytest.mark.parametrize("count", [-1, 2.5, float("nan")])
def test_what_is_not_a_count_is_refused(count, protect_cells):
    with pytest.raises(InputError, match="not a count"):
        protect_cells({"a": count}, [])


def test_the_order_of_rows_does_not_change_the_pattern(two_way, protect_cells):
    counts, relations = two_way([[3, 7, 7, 17], [7, 7, 7, 21], [7, 7, 7, 21], [17, 21, 21, 59]])
    first = hidden_by(protect_cells(counts, relations))
    for seed in range(4):
        items, sums = list(counts.items()), list(relations)
        random.Random(seed).shuffle(items)
        random.Random(seed).shuffle(sums)
        assert hidden_by(protect_cells(dict(items), sums)) == first


def test_ties_go_to_the_pattern_that_shows_the_earlier_cells(protect_cells):
    counts = {"all": 31, "a": 3, "b": 7, "c": 7, "d": 7, "e": 7}
    assert hidden_by(protect_cells(counts, [Relation("all", tuple("abcde"))])) == {"a", "e"}


def test_without_nodes_the_pattern_is_still_safe_and_tells_its_gap(
    with_margins, two_way, unsafe_cells, protect_cells
):
    draw = np.random.default_rng(4)
    table = with_margins(draw.poisson(draw.gamma(1.0, 6.0, (7, 7))).tolist())
    counts, relations = two_way(table)
    hurried = protect_cells(counts, relations, aim=Aim(nodes=1, rules=False))
    best = protect_cells(counts, relations)
    assert not unsafe_cells(counts, relations, hidden_by(hurried))
    assert hurried.hidden_value >= best.hidden_value
    assert best.optimal and best.gap == 0
    assert hurried.optimal or 0 <= hurried.gap <= 1


def key(period="2024", **categories):
    return cell_key("victims", period, categories)


def persons(seed, number, dimensions):
    draw = random.Random(seed)
    return [{d: draw.choice(c) for d, c in dimensions.items()} for _ in range(number)]


def count_tables(rows, tables, dimensions, period="2024"):
    counts = {}
    for table in tables:
        for labels in itertools.product(*(dimensions[d] for d in table)):
            counts.setdefault(key(period, **dict(zip(table, labels, strict=True))), 0)
        for row in rows:
            counts[key(period, **{d: row[d] for d in table})] += 1
    return counts


DIMENSIONS = {"sex": ["F", "M"], "age": ["child", "adult"], "form": ["S", "L", "D"]}


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 10_000), number=st.integers(6, 60))
def test_linked_tables_are_safe_jointly(seed, number, unsafe_cells, protect_cells):
    tables = [(), ("sex",), ("age",), ("form",), ("sex", "age"), ("sex", "form")]
    counts = count_tables(persons(seed, number, DIMENSIONS), tables, DIMENSIONS)
    relations = table_relations(counts)
    result = protect_cells(counts, relations)
    assert result.safe
    assert not unsafe_cells(counts, relations, hidden_by(result))


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10_000), number=st.integers(4, 25))
def test_years_and_pooled_years_are_safe_jointly(seed, number, unsafe_cells, protect_cells):
    counts, everybody = {}, []
    tables = [(), ("sex",), ("form",)]
    for step, year in enumerate(("2021", "2022", "2023")):
        rows = persons(seed + step, number, DIMENSIONS)
        everybody += rows
        counts |= count_tables(rows, tables, DIMENSIONS, year)
    counts |= count_tables(everybody, [*tables, ("sex", "form")], DIMENSIONS, "2021-2023")
    relations = table_relations(counts)
    relations += period_relations(counts, {"2021-2023": ["2021", "2022", "2023"]})
    result = protect_cells(counts, relations)
    assert result.safe
    assert not unsafe_cells(counts, relations, hidden_by(result))


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000), number=st.integers(10, 60))
def test_hierarchies_are_safe(seed, number, unsafe_cells, protect_cells):
    tree = {"North": ["N1", "N2"], "South": ["S1", "S2", "S3"]}
    leaves = [leaf for kids in tree.values() for leaf in kids]
    dimensions = {"district": leaves, "sex": ["F", "M"]}
    rows = persons(seed, number, dimensions)
    tables = [(), ("sex",), ("district",), ("district", "sex")]
    counts = count_tables(rows, tables, dimensions)
    above = {leaf: parent for parent, kids in tree.items() for leaf in kids}
    regions = [{"district": above[row["district"]], "sex": row["sex"]} for row in rows]
    counts |= count_tables(regions, tables[2:], {"district": list(tree), "sex": ["F", "M"]})
    relations = table_relations(counts, hierarchies={"district": tree})
    result = protect_cells(counts, relations)
    assert result.safe
    assert not unsafe_cells(counts, relations, hidden_by(result))


tables = st.integers(2, 5).flatmap(
    lambda columns: st.lists(
        st.lists(
            st.one_of(st.integers(0, 4), st.integers(0, 30)), min_size=columns, max_size=columns
        ),
        min_size=2,
        max_size=5,
    )
)


@settings(max_examples=100, deadline=None)
@given(inner=tables)
def test_a_random_table_is_always_safe_and_still_adds_up(
    inner, two_way, with_margins, unsafe_cells, attack, protect_cells
):
    counts, relations = two_way(with_margins(inner))
    result = protect_cells(counts, relations)
    hidden = hidden_by(result)
    assert not unsafe_cells(counts, relations, hidden)
    shown = dict(zip(result.cells["key"], result.cells["shown"], strict=True))
    for relation in relations:
        members = [shown[cell] for cell in (relation.total, *relation.parts)]
        if not any(cell in hidden for cell in (relation.total, *relation.parts)):
            assert members[0] == sum(members[1:])
    truth = {("", key): count for key, count in counts.items()}
    assert attack(result.release(relations), truth=truth).safe


small_tables = st.lists(
    st.lists(st.one_of(st.integers(0, 5), st.integers(0, 15)), min_size=2, max_size=2),
    min_size=2,
    max_size=3,
)


@settings(max_examples=50, deadline=None)
@given(inner=small_tables)
def test_the_pattern_is_never_worse_than_brute_force(
    inner, two_way, with_margins, unsafe_cells, protect_cells
):
    counts, relations = two_way(with_margins(inner))
    margins = {relation.total for relation in relations}
    small = {cell for cell, count in counts.items() if 1 <= count < 5}
    assume(small)
    free = [cell for cell, count in counts.items() if count >= 5]

    def cost(hidden):
        return len(hidden & margins), sum(counts[cell] for cell in hidden), len(hidden)

    patterns = sorted(
        (
            small | set(more)
            for size in range(len(free) + 1)
            for more in itertools.combinations(free, size)
        ),
        key=cost,
    )
    mine = hidden_by(protect_cells(counts, relations))
    cheaper = [pattern for pattern in patterns if cost(pattern) < cost(mine)]
    lonely = [{relation.total, *relation.parts} for relation in relations if relation.parts]
    for pattern in cheaper:
        if any(len(pattern & members) == 1 for members in lonely):
            continue
        assert unsafe_cells(counts, relations, pattern), "a cheaper pattern is safe"


def test_whole_numbers_that_leave_less_room_than_fractions_are_noticed():
    """x + y, y + z and x + z are shown: only x = y = z moves, and fractions do not count."""
    import scipy.sparse as sp

    matrix = sp.csr_array(np.array([[1.0, 1, 0, -2], [0, 1, 1, -2], [1, 0, 1, -2]]))
    problem = covering.CoverProblem(
        matrix=matrix,
        room_below=np.array([9.0, 9, 9, 9]),
        room_above=np.full(4, np.inf),
        stages=(np.ones(4),),
        forced=np.array([True, False, False, False]),
        requirements=(covering.Requirement(0, 1),),
    )
    cover = covering.cheapest_cover(problem, covering.Budget(1000))
    assert cover.hidden.all()
