"""An agency that takes its own persons out of what is printed: no small count of others is told."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from atips_analysis.disclosure import Earlier, Known, Relation, System
from atips_analysis.disclosure.agencies import agency_account, views_of, withstood
from atips_analysis.disclosure.knowledge import Tie
from atips_analysis.errors import InputError

SINGLETONS = [[1, 1, 7, 1, 0], [1, 0, 0, 2, 8]]
"""The table of a real question (sdcTools/UserSupport 135)."""


def by_hand(counts, sums, hidden, own):
    """Cells of which exactly 1 to 4 of others are left in every filling that the agency can make."""
    unknown = [key for key in counts if key in hidden]
    span = [range(max(1, own.get(key, 0)), counts["all"] + 1) for key in unknown]
    fillings = []
    for values in product(*span):
        filled = {**counts, **dict(zip(unknown, values, strict=True))}
        if all(filled[one.total] == sum(filled[part] for part in one.parts) for one in sums):
            fillings.append(filled)
    left = {key: {one[key] - own.get(key, 0) for one in fillings} for key in counts}
    told = {key for key, values in left.items() if len(values) == 1 and 1 <= min(values) <= 4}
    return {key for key in told if own.get(key, 0)}


def breakdown(*parts):
    """A printed national total and its parts."""
    names = [f"part {number}" for number in range(len(parts))]
    counts = {"all": sum(parts), **dict(zip(names, parts, strict=True))}
    return counts, [Relation("all", tuple(names))]


def own_of(counts, *parts):
    return {"all": sum(parts), **{f"part {n}": count for n, count in enumerate(parts)}}


def pattern_of(counts, sums, own):
    known = Known(totals=frozenset({"all"}), agencies={"care": own})
    system = System(counts, sums, known)
    pattern = system.protect()
    return system, pattern


def test_what_is_printed_less_its_own_opens_others():
    counts, sums = breakdown(12, 9)
    own = own_of(counts, 10, 9)
    system = System(counts, sums, Known(totals=frozenset({"all"})))
    (view,) = views_of(system, {"care": own}, system.release(system.protect()))
    assert view.opened == {"part 0"} and view.by_totals == {"all"} and view.counted == 3
    assert agency_account([view])["care"]["opened"] == ["part 0"]


def test_what_an_agency_is_told_is_no_less_when_the_same_is_released_again():
    counts = {"F1": 3, "F2": 9, "M1": 8, "M2": 7, "F": 12, "M": 15, "1": 11, "2": 16, "all": 27}
    sums = [
        Relation(whole, parts)
        for whole, parts in (
            ("F", ("F1", "F2")),
            ("M", ("M1", "M2")),
            ("1", ("F1", "M1")),
            ("2", ("F2", "M2")),
            ("all", ("F", "M")),
            ("all", ("1", "2")),
        )
    ]
    # It knows of one woman in 1, and of everyone in 2: so that three women are in 1, two of others.
    own = {"F1": 1, "F2": 9, "M2": 7, "2": 16, "F": 10, "M": 7, "1": 1, "all": 17}
    known = Known(totals=frozenset({"all"}))
    first = System(counts, sums, known, edition="one")
    release = first.release(first.protect())
    opened, anyway = first.opened_by_agencies({"A": own}, release)["A"]
    assert release.cells["F1"] is None and "F1" in opened
    known = replace(known, ties=(Tie("one", "two", frozenset(counts)),))
    second = System(counts, sums, known, [Earlier(release, counts)], edition="two")
    again = second.release(second.protect())
    assert again.cells == release.cells
    assert frozenset().union(*second.opened_by_agencies({"A": own}, again)["A"]) == opened | anyway


def test_a_number_that_would_tell_an_agency_of_others_is_hidden_with_another():
    counts, sums = breakdown(12, 9)
    own = own_of(counts, 10, 8)
    _, pattern = pattern_of(counts, sums, own)
    assert pattern.safe and pattern.hidden == {"part 0", "part 1"}
    assert by_hand(counts, sums, pattern.hidden, own) == {"all"}


def test_what_the_national_total_tells_is_counted_and_hides_nothing():
    counts, sums = breakdown(12, 9)
    own = own_of(counts, 12, 9) | {"all": 19}
    system, pattern = pattern_of(counts, sums, own)
    assert not pattern.hidden and pattern.safe
    assert system.opened_by_agencies({"A": own}, system.release(pattern))["A"] == (
        frozenset(),
        {"all"},
    )


def test_what_counts_none_but_its_own_tells_an_agency_nothing():
    counts, sums = breakdown(12, 9)
    _, pattern = pattern_of(counts, sums, own_of(counts, 12, 9))
    assert not pattern.hidden


@pytest.mark.slow
def test_in_small_random_tables_nobody_who_knows_her_own_rows_is_told_of_others():
    draw = np.random.default_rng(17)
    hid_more = 0
    for _ in range(25):
        parts = draw.integers(1, 12, draw.integers(2, 4)).tolist()
        counts, sums = breakdown(*parts)
        own = own_of(counts, *(int(draw.integers(0, part + 1)) for part in parts))
        system, pattern = pattern_of(counts, sums, own)
        told = by_hand(counts, sums, pattern.hidden, own)
        release = system.release(pattern)
        opened, anyway = system.opened_by_agencies({"A": own}, release)["A"]
        assert told - anyway == set() == opened - set(pattern.open_cells)
        plain = replace(system, known=Known(totals=frozenset({"all"})))
        hid_more += plain.protect().hidden < pattern.hidden
        before, anyway = plain.opened_by_agencies({"A": own}, plain.release(plain.protect()))["A"]
        assert by_hand(counts, sums, plain.protect().hidden, own) <= before | anyway
    assert hid_more


@pytest.mark.parametrize(
    ("inner", "opens"), [(SINGLETONS, False), ([[1, 9, 9], [9, 1, 9], [9, 9, 9]], True)]
)
def test_the_tables_of_case_85_withstand_an_agency_that_knows_all_but_two(
    inner, opens, two_way, with_margins
):
    counts, sums = two_way(with_margins(inner))
    own = _additive({key: count - 2 if count > 4 else 0 for key, count in counts.items()}, sums)
    system = System(counts, sums, Known(agencies={"care": own}))
    pattern = system.protect()
    assert pattern.safe
    assert system.opened_by_agencies({"A": own}, system.release(pattern))["A"][0] == frozenset()
    plain = System(counts, sums)
    assert (
        bool(plain.opened_by_agencies({"A": own}, plain.release(plain.protect()))["A"][0]) is opens
    )


def _additive(own, sums):
    """Margins as the sums of their parts, from the inner cells on."""
    totals = {one.total for one in sums}
    inner = {key: count for key, count in own.items() if key not in totals}
    for _ in range(3):
        for one in sums:
            if all(part in inner for part in one.parts):
                inner[one.total] = sum(inner[part] for part in one.parts)
    return inner


def test_agencies_are_listed_by_their_codes_or_all_at_once():
    own = {"DHS": {"a": 1}, "IMM": {"a": 2}}
    assert withstood(own, ()) == {}
    assert withstood(own, ["*"]) == own
    assert list(withstood(own, ["IMM"])) == ["IMM"]
    with pytest.raises(InputError, match="names NOBODY, which is no agency"):
        withstood(own, ["NOBODY"])
