"""What a reader can work out of published tables."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from atips_analysis.disclosure import (
    PublicFigure,
    Relation,
    Release,
    Tie,
    cell_key,
    complement_relation,
    period_relations,
    table_relations,
)
from atips_analysis.disclosure import attack as attacking

ENDLESS = float("inf")


def ranges_of(report):
    return {
        row.key: (row.low, row.high) for row in report.cells[["key", "low", "high"]].itertuples()
    }


def test_geurts_table_has_the_published_feasibility_intervals(examples, two_way, attack):
    example = examples["geurts1992"]
    counts, relations = two_way([[c or 0 for c in row] for row in example["table"]])
    shown = dict(counts) | {tuple(cell): (0, ENDLESS) for cell in example["suppressed"]}
    found = ranges_of(attack(Release("", shown, relations)))
    assert found == {
        tuple(int(n) for n in cell.strip("[]").split(",")): tuple(ends)
        for cell, ends in example["computed"].items()
    }


def test_sums_that_many_answers_of_an_edition_bring_along_are_solved_once(
    examples, two_way, attack, monkeypatch
):
    example = examples["geurts1992"]
    counts, relations = two_way([[c or 0 for c in row] for row in example["table"]])
    shown = dict(counts) | {tuple(cell): None for cell in example["suppressed"]}
    release = Release("", shown, relations)
    alone, solved = ranges_of(attack(release)), []
    solve = attacking.feasible_ranges

    def counted(matrix, *given, **named):
        solved.append(np.diff(matrix.indptr).astype(bool).sum())
        return solve(matrix, *given, **named)

    monkeypatch.setattr(attacking, "feasible_ranges", counted)
    assert ranges_of(attack([release] * 20)) == alone
    assert 0 < max(solved) <= len(relations)


def test_hidden_cells_of_at_least_one_narrow_the_intervals_of_geurts(examples, two_way, attack):
    example = examples["geurts1992"]
    counts, relations = two_way([[c or 0 for c in row] for row in example["table"]])
    shown = dict(counts) | {tuple(cell): None for cell in example["suppressed"]}
    found = ranges_of(attack(Release("", shown, relations)))
    assert found[(0, 0)] == (4, 5)
    assert found[(1, 0)] == (1, 2)


def test_the_only_contributor_of_a_cell_computes_its_neighbour(examples, two_way, attack):
    counts, relations = two_way([[6, 1, 7], [0, 3, 3], [3, 3, 6], [9, 7, 16]])
    shown = dict(counts) | {(0, 0): None, (0, 1): 1}
    assert ranges_of(attack(Release("", shown, relations)))[(0, 0)] == (6, 6)


def test_a_small_count_given_in_a_range_from_zero_may_not_be_known_to_be_small(attack):
    """The range of a quarter, 0 to 9, and then a half-year of four: under five, and it is three."""
    sums = [Relation("half", ("first", "second"))]
    shown = {"half": (0, 4), "first": (0, 9), "second": (0, 9)}
    truth = {("", key): count for key, count in {"half": 3, "first": 3, "second": 0}.items()}
    opened = attack(Release("", shown, sums), truth=truth).opened
    assert set(opened["key"]) == {"half", "first"}, "that nobody is in the other tells of no one"


def test_fischetti_and_salazar_pattern_leaves_their_interval(examples, two_way, attack):
    example = examples["fischetti_salazar_1999"]
    counts, relations = two_way(example["table"])
    shown = dict(counts) | {tuple(cell): (0, ENDLESS) for cell in example["pattern"]}
    found = ranges_of(attack(Release("", shown, relations)))
    assert list(found[(1, 2)]) == example["computed"]["pattern_interval_[1,2]"]


def test_a_cell_hidden_alone_is_opened_by_subtraction(examples, two_way, attack):
    example = examples["fischetti_salazar_1999"]
    counts, relations = two_way(example["table"])
    report = attack(Release("", dict(counts) | {(1, 2): None}, relations))
    assert ranges_of(report)[(1, 2)] == (22, 22)
    assert not report.safe


def test_threshold_three_pattern_leaves_the_published_intervals(examples, two_way, attack):
    example = examples["marital_sex_threshold3"]
    counts, relations = two_way(example["table"])
    hidden = [(2, 1), *(tuple(c) for c in example["computed"]["optimal_value_secondary"])]
    shown = dict(counts) | dict.fromkeys(hidden, (0, ENDLESS))
    found = ranges_of(attack(Release("", shown, relations)))
    expected = example["computed"]["intervals"]
    assert {str([*cell]).replace(" ", ""): list(ends) for cell, ends in found.items()} == expected


def test_open_totals_are_caught(examples, attack):
    example = examples["open_totals_analogue"]
    printed = example["published"]
    shown = {
        cell: (0, 4) if value == "<5" else value
        for cell, value in printed.items()
        if cell != "Unknown/Unknown"
    } | {"Unknown/Total": (0, 4)}
    relations = [
        Relation("Total/Total", ("Female/Total", "Male/Total", "Other/Total", "Unknown/Total")),
        Relation("Female/Total", ("Female/18+", "Female/0-17")),
        Relation("Male/Total", ("Male/18+", "Male/0-17")),
        Relation("Total/Total", ("Total/18+", "Total/0-17")),
    ]
    report = attack(Release("", shown, relations))
    found = ranges_of(report)
    for cell, ends in example["computed"].items():
        assert found["Unknown/Total" if cell == "Unknown" else cell] == tuple(ends)
    assert not report.safe


def test_two_groupings_of_age_open_the_band_between_them(examples, attack):
    example = examples["differencing_subpop"]
    shown, relations = {}, []
    for sex in ("male", "female"):
        for table in ("a", "b"):
            for band, count in zip(example[table]["bands"], example[table][sex], strict=True):
                shown[(sex, band)] = count
        relations += [
            Relation((sex, "<25"), ((sex, "<20"), (sex, "20-24")), "table b"),
            Relation((sex, "20-39"), ((sex, "20-24"), (sex, "25-39")), "table a"),
        ]
    unseen = frozenset({("male", "20-24"), ("female", "20-24")})
    truth = {("", ("male", "20-24")): 1, ("", ("female", "20-24")): 0}
    report = attack(Release("", shown, relations, unseen), truth=truth)
    assert ranges_of(report) == {("male", "20-24"): (1, 1)}
    assert not report.safe


def test_linked_tables_open_the_difference_between_sexes(examples, attack):
    example = examples["linking"]["published"]
    area, males = example["area"], example["males"]
    shown = {("all", "both"): area["both"], ("all", "work_only"): area["work"] - area["both"]}
    shown |= {("all", "live_only"): area["live"] - area["both"]}
    shown |= {("male", what): count for what, count in males.items()}
    relations = [
        Relation(("all", what), (("male", what), ("female", what)), "area and males")
        for what in males
    ]
    unseen = frozenset(("female", what) for what in males)
    truth = {
        ("", ("female", "both")): 1,
        ("", ("female", "work_only")): 4,
        ("", ("female", "live_only")): 22,
    }
    report = attack(Release("", shown, relations, unseen), truth=truth)
    assert ranges_of(report)[("female", "both")] == (1, 1)
    assert ranges_of(report)[("female", "work_only")] == (4, 4)
    assert "area and males" in set(report.opened["opened_by"])


def test_the_rest_of_a_ratio_is_an_unknown_of_its_own(attack):
    shown = {"identified": 10, "assisted": 8}
    relation = complement_relation("assisted", "not assisted", "identified")
    truth = {("", "not assisted"): 2}
    report = attack(Release("", shown, [relation], frozenset({"not assisted"})), truth=truth)
    assert ranges_of(report) == {"not assisted": (2, 2)}
    assert not report.safe


def test_a_pooled_total_opens_the_year_that_was_hidden(attack):
    counts = {cell_key("victims", year, {}): n for year, n in zip("123", (7, 3, 9), strict=True)}
    counts[cell_key("victims", "1-3", {})] = 19
    relations = period_relations(counts, {"1-3": ["1", "2", "3"]}, table="pooled years")
    hidden = cell_key("victims", "2", {})
    report = attack(Release("", dict(counts) | {hidden: None}, relations))
    assert ranges_of(report) == {hidden: (3, 3)}
    assert report.opened["opened_by"].tolist() == ["pooled years"]


def test_the_tables_that_open_a_cell_together_are_named_and_no_others(attack):
    def key(**categories):
        return cell_key("victims", "2024", categories)

    counts = {
        key(): 20,
        key(sex="F"): 12,
        key(sex="M"): 8,
        key(age="child"): 6,
        key(age="adult"): 14,
    }
    shown = {k: None if k in (key(sex="M"), key(sex="F")) else n for k, n in counts.items()}
    first = Release("e", shown, table_relations(shown, table="first report"))
    later = {key(): 20, key(sex="F"): 12}
    second = Release("e", later, [])
    assert attack(first).safe
    report = attack([first, second])
    opened = dict(zip(report.opened["key"], report.opened["opened_by"], strict=True))
    assert opened == {
        key(sex="F"): "what another table prints for the cell itself",
        key(sex="M"): "first report",
    }


def test_an_earlier_release_of_the_same_edition_opens_a_later_one(attack):
    parts = ("a", "b", "c")
    relation = [Relation("all", parts, "report")]
    earlier = Release("e1", {"all": 20, "a": None, "b": None, "c": 11}, relation)
    later = Release("e1", {"all": 20, "a": 6, "b": None, "c": None}, relation)
    assert attack(earlier).safe and attack(later).safe
    report = attack([earlier, later])
    assert ranges_of(report)["b"] == (3, 3)
    assert not report.safe


def test_another_edition_has_unknowns_of_its_own_until_rows_are_the_same(attack):
    relation = [Relation("all", ("a", "b"), "report")]
    first = Release("e1", {"all": 12, "a": None, "b": None}, relation)
    second = Release("e2", {"all": 14, "a": 9, "b": 5}, relation)
    assert attack([first, second]).safe
    tied = attack([first, second], ties=[Tie("e1", "e2", frozenset({"a"}))])
    assert {(row.key, row.low) for row in tied.opened.itertuples()} == {("a", 9), ("b", 3)}


def test_a_public_figure_is_known_to_the_reader(attack):
    release = Release(
        "e", {"all": 12, "a": None, "b": None}, [Relation("all", ("a", "b"), "report")]
    )
    report = attack(release, figures=[PublicFigure("a", 9, "UNODC")])
    assert ranges_of(report) == {"b": (3, 3), "a": (9, 9)}
    assert "UNODC: a" in report.opened["opened_by"].tolist()[1]


def test_public_figures_that_contradict_one_another_are_tried_one_at_a_time(attack):
    release = Release(
        "e", {"all": 12, "a": None, "b": None}, [Relation("all", ("a", "b"), "report")]
    )
    figures = [PublicFigure("a", 9, "UNODC 2025"), PublicFigure("a", 8, "UNODC 2023")]
    report = attack(release, figures=figures)
    assert report.solvable
    assert not report.safe
    assert any("contradict one another" in text for text in report.contradictions)


def test_a_public_figure_that_the_release_excludes_is_reported_and_left_out(attack):
    release = Release(
        "e", {"all": 12, "a": None, "b": None}, [Relation("all", ("a", "b"), "report")]
    )
    report = attack(release, figures=[PublicFigure("all", 13, "elsewhere")])
    assert report.safe
    assert "elsewhere gives 13" in report.contradictions[0]


def test_releases_without_a_solution_are_never_read_as_safe(attack):
    relation = [Relation("all", ("a", "b"), "report")]
    report = attack(
        [
            Release("e", {"all": 12, "a": None, "b": None}, relation),
            Release("e", {"all": 14, "a": None, "b": None}, relation),
        ]
    )
    assert not report.solvable
    assert not report.safe
    assert report.contradictions


def test_a_system_that_only_whole_numbers_contradict_is_a_contradiction(attack):
    shown = {"x": None, "y": None, "z": None, "xy": 7, "yz": 7, "xz": 7}
    relations = [
        Relation("xy", ("x", "y"), "1"),
        Relation("yz", ("y", "z"), "2"),
        Relation("xz", ("x", "z"), "3"),
    ]
    assert not attack(Release("", shown, relations)).safe


def test_zeros_are_shown_so_a_hidden_cell_is_at_least_one(attack):
    shown = {"all": 6, "a": None, "b": None}
    assert ranges_of(attack(Release("", shown, [Relation("all", ("a", "b"))]))) == {
        "a": (1, 5),
        "b": (1, 5),
    }


def test_a_hidden_cell_in_no_sum_can_be_anything(attack):
    report = attack(Release("", {"a": None}, []))
    assert ranges_of(report) == {"a": (1, ENDLESS)}
    assert report.safe


@pytest.mark.parametrize(("high_cell", "safe"), [(4, False), (5, True)])
def test_a_range_must_reach_the_threshold(high_cell, safe, attack):
    shown = {"all": high_cell + 1, "a": None, "b": None}
    assert attack(Release("", shown, [Relation("all", ("a", "b"))])).safe is safe


inner_tables = st.integers(2, 4).flatmap(
    lambda columns: st.lists(
        st.lists(st.integers(0, 9), min_size=columns, max_size=columns), min_size=2, max_size=4
    )
)


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(inner=inner_tables, seed=st.integers(0, 10_000))
def test_ranges_equal_those_of_cell_by_cell_integer_programming(
    inner, seed, two_way, with_margins, reader_ranges, attack
):
    counts, relations = two_way(with_margins(inner))
    draw = np.random.default_rng(seed)
    hidden = {cell for cell, count in counts.items() if count and draw.random() < 0.5}
    if len(hidden) == len([n for n in counts.values() if n]):
        return
    shown = {cell: None if cell in hidden else count for cell, count in counts.items()}
    found = ranges_of(attack(Release("", shown, relations)))
    expected = reader_ranges(counts, relations, hidden)
    for cell, (low, high) in expected.items():
        assert found[cell][0] == low
        assert found[cell][1] == high or high > 1_000
