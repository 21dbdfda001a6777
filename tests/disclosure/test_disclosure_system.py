"""One system protects and attacks, and what is made of it depends on its inputs alone."""

from __future__ import annotations

import ast
from pathlib import Path

import numpy as np
import pytest

import atips_analysis
from atips_analysis.disclosure import Aim, Earlier, Known, Relation, Release, System
from atips_analysis.disclosure.forward import told_by_rules
from atips_analysis.disclosure.suppression import cheapest_pattern

SOURCE = Path(atips_analysis.__file__).parent
ENGINES = {"attack", "cheapest_pattern", "feasible_ranges", "cheapest_cover", "told_by_rules"}
INSIDE = {"system", "attack", "suppression", "forward", "inside", "covering", "ranges"}


def test_no_product_attacks_or_protects_by_itself():
    for file in SOURCE.rglob("*.py"):
        if file.parent.name == "disclosure" and file.stem in INSIDE:
            continue
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom) and "disclosure" in (node.module or ""):
                names = {alias.name for alias in node.names}
                assert not names & ENGINES, f"{file.name} imports {names & ENGINES}"


SUMS = [Relation("all", ("a", "b", "c", "d"), "table")]


def test_what_was_printed_earlier_is_known_and_what_was_hidden_stays_hidden():
    counts = {"all": 30, "a": 3, "b": 6, "c": 7, "d": 14}
    before = Release("e", {"all": 30, "a": None, "b": 6, "c": None, "d": 14}, tuple(SUMS))
    alone = System(counts, SUMS, edition="e").protect()
    beside = System(counts, SUMS, earlier=[Earlier(before, counts)], edition="e").protect()
    assert alone.hidden == {"a", "b"}
    assert beside.hidden == {"a", "c"}


def test_a_pattern_that_an_earlier_release_opens_is_found_by_the_attack():
    counts = {"all": 30, "a": 3, "b": 6, "c": 7, "d": 14}
    before = Release("e", {"all": 30, "a": None, "b": 6, "c": None, "d": 14}, tuple(SUMS))
    system = System(counts, SUMS, earlier=[Earlier(before, counts)], edition="e")
    assert not system.attack({"all": 30, "a": None, "b": None, "c": 7, "d": 14}).safe
    assert system.attack(system.protect()).safe


def test_a_key_tells_apart_what_costs_the_same_and_the_same_key_does_so_each_time():
    counts = {"all": 31, "a": 3, "b": 7, "c": 7, "d": 7, "e": 7}
    system = System(counts, [Relation("all", tuple("abcde"))])
    found = {bytes([n]) * 16: system.protect(Aim(key=bytes([n]) * 16)).hidden for n in range(1, 9)}
    assert len(set(found.values())) > 1
    assert all(system.protect(Aim(key=key)).hidden == hidden for key, hidden in found.items())


def test_with_a_key_the_pattern_costs_little_more_than_the_cheapest(with_margins, two_way):
    draw = np.random.default_rng(1)
    for _ in range(5):
        counts, sums = two_way(with_margins(draw.poisson(draw.gamma(1.0, 6.0, (4, 4))).tolist()))
        system = System(counts, sums)
        cheapest = system.protect(Aim(rules=False))
        keyed = system.protect(Aim(rules=False, key=b"0123456789abcdef"))
        assert keyed.safe
        assert keyed.hidden_value <= cheapest.hidden_value + 2 * keyed.hidden_cells


TOLD = [[6, 4, 9], [12, 0, 9]]


def test_a_count_that_the_rules_tell_is_found_by_running_the_program_forward(two_way, with_margins):
    """Nine fillings fit; of those that the program would print so, two values of a 4 are left."""
    counts, sums = two_way(with_margins(TOLD))
    system = System(counts, sums)
    plain = cheapest_pattern(counts, sums, system.known, system.rule, Aim())
    prints = system._cheapest_prints(Aim())
    told = told_by_rules(counts, sums, system.known, system.rule, plain, prints)
    assert told
    left = _printed_alike(counts, sums, plain.hidden)
    assert all(len({filling[key] for filling in left}) < 3 for key in told)


def test_a_pattern_that_the_rules_tell_is_made_coarser_or_given_up(two_way, with_margins):
    counts, sums = two_way(with_margins(TOLD))
    system = System(counts, sums)
    plain = cheapest_pattern(counts, sums, system.known, system.rule, Aim())
    coarser = system.protect()
    assert coarser.hidden_value > plain.hidden_value

    def prints(cells, own, hidden):
        return System(cells, own).protect().hidden == hidden

    told = told_by_rules(counts, sums, system.known, system.rule, coarser, prints)
    assert coarser.safe is not bool(told)


def _printed_alike(counts, sums, hidden):
    """By brute force: all counts that fit what is printed and get the same pattern."""
    import itertools

    cells = sorted(hidden, key=repr)
    inner = [key for key in cells if key not in {one.total for one in sums}]
    found = []
    for values in itertools.product(range(1, 20), repeat=2):
        first, second = inner[:2]
        filled = {**counts, first: values[0], second: values[1]}
        filled = _solved(filled, sums, set(cells) - {first, second})
        if filled is None or any(filled[key] < 1 for key in cells):
            continue
        pattern = cheapest_pattern(filled, sums, Known(), System({}, ()).rule, Aim())
        if pattern.hidden == hidden:
            found.append(filled)
    return found


def _solved(counts, sums, unknown):
    """The rest of a filling, sum by sum; None where it does not fit."""
    waiting = set(unknown)
    while waiting:
        before = len(waiting)
        for one in sums:
            members = {one.total: -1} | dict.fromkeys(one.parts, 1)
            missing = [key for key in members if key in waiting]
            if len(missing) == 1:
                rest = sum(sign * counts[k] for k, sign in members.items() if k != missing[0])
                counts[missing[0]] = -members[missing[0]] * rest
                waiting.discard(missing[0])
        if len(waiting) == before:
            pytest.fail("the filling does not follow from two cells")
    fits = all(counts[one.total] == sum(counts[part] for part in one.parts) for one in sums)
    return counts if fits else None
