"""What a reader knows beside what a system prints, and the rule by which a cell is safe."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from typing import Any

THRESHOLD = 5
VALUES = 3
GROUP = 10


@dataclass(frozen=True)
class Rule:
    """When a count is too small to print, and when a hidden one is safe.

    Attributes
    ----------
    threshold : the smallest count of persons that may be printed, zero apart; a hidden count
        below it must be able to be this large for all that anybody knows. 1 for what counts no
        persons.
    values : how many values a hidden cell must be able to take.
    group : a table may not tell that everybody in a group of fewer persons shares a category.
    """

    threshold: int = THRESHOLD
    values: int = VALUES
    group: int = GROUP


@dataclass(frozen=True)
class PublicFigure:
    """A figure printed elsewhere, which the reader takes as known of `key` in every edition."""

    key: Any
    value: int | tuple[float, float]
    source: str = "public figure"


@dataclass(frozen=True)
class Tie:
    """Cells whose rows are the same in two editions, so that they are one unknown."""

    edition: str
    other_edition: str
    keys: frozenset[Hashable]


@dataclass(frozen=True)
class Known:
    """What is known of the cells of a system.

    Attributes
    ----------
    counts : counts that stand in public, by key. One equal to the true count is shown, and the
        reader is taken to know it; one that differs counts another population and is left aside.
    figures : what others print, for the attack: each tried with all that agree with it.
    unpublished : cells that no table prints, such as the rest of a ratio: hidden at no cost, and
        they may be zero for all the reader knows.
    totals : national totals of a year, which are always printed: exactly from the threshold on, as
        fewer than it from 1, and 0 as 0. What they leave of other cells is all that can be asked.
    exempt : cells that are no counts of persons, or of which a public figure prints an interval:
        never hidden for being small, and opened by a single possible value alone.
    sensitive : further sensitive cells, with the value that the reader must not be able to
        exclude, for money and other magnitudes.
    headlines : cells to be hidden only where it cannot be done without; None: every cell that is
        a total in some sum.
    weights : what hiding a cell costs, instead of its value; headlines then count as any cell.
    ties : cells of two editions that are one unknown.
    agencies : agencies that are to be withstood, and how many of each cell are known to each.
    own : where an agency attacks, by (edition, cell) how many of it are its own: no cell is less.
    """

    counts: Mapping[Any, int] = field(default_factory=dict)
    figures: tuple[PublicFigure, ...] = ()
    unpublished: frozenset[Hashable] = frozenset()
    totals: frozenset[Hashable] = frozenset()
    exempt: frozenset[Hashable] = frozenset()
    sensitive: Mapping[Any, int] = field(default_factory=dict)
    headlines: frozenset[Hashable] | None = None
    weights: Mapping[Any, float] | None = None
    ties: tuple[Tie, ...] = ()
    agencies: Mapping[str, Mapping[Any, int]] = field(default_factory=dict)
    own: Mapping[tuple[str, Any], int] = field(default_factory=dict)
