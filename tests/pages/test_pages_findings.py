"""A chart's title names the largest part only where it certainly is the largest."""

from __future__ import annotations

from atips_analysis.pages import Cell, largest_said

NAMES = ["Teachers", "Police officers", "Park rangers"]


def test_the_largest_part_is_named_with_its_count_and_the_whole():
    cells = [Cell(834), Cell(500), Cell(None, "C", 1, 4)]
    said = largest_said(NAMES, cells, Cell(1669))
    assert said == ": the largest part is teachers, 834 of 1,669"
    assert largest_said(NAMES, cells).endswith("teachers, 834")


def test_two_alike_or_nothing_counted_name_no_largest():
    assert largest_said(NAMES, [Cell(5), Cell(5), Cell(1)]) == ""
    assert largest_said(NAMES, [Cell(0, "Z")] * 3) == largest_said([], []) == ""


def test_a_hidden_part_that_may_be_larger_leaves_it_unsaid():
    assert largest_said(NAMES, [Cell(6), Cell(5), Cell(None, "C", 1, 6)]) == ""
    assert largest_said(NAMES, [Cell(6), Cell(5), Cell(None, "C")]) == ""


def test_a_provisional_count_keeps_its_mark():
    assert largest_said(NAMES, [Cell(9, "PV"), Cell(5), Cell(1)]).endswith("teachers, 9\xa0p")
