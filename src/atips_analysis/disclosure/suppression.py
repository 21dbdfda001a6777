"""Which cells to hide: small counts, and the fewest others without which they could be worked out.

All tables that share cells are one system, in one model; the pattern of least cost is found for
each of its connected parts. What a reader can know is described in `attack`. Only `system` calls
this: products build a `System` and ask it to protect.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Literal

import numpy as np
import pandas as pd
import scipy.sparse as sp
from numpy.typing import NDArray

from atips_analysis.disclosure.attack import Release, Shown
from atips_analysis.disclosure.cells import Relation, check_additivity, describe
from atips_analysis.disclosure.cover_problem import Budget, Cover, CoverProblem, Requirement
from atips_analysis.disclosure.covering import cheapest_cover
from atips_analysis.disclosure.deviations import Deviations
from atips_analysis.disclosure.knowledge import THRESHOLD, Known, Rule
from atips_analysis.disclosure.proof import proven
from atips_analysis.disclosure.ranges import components
from atips_analysis.disclosure.solved_once import solved_once
from atips_analysis.errors import InputError

NODES = 20_000
NEAR = 2
"""By how much, a cell, patterns may differ in what they hide and still be told apart by a key."""

Floats = NDArray[np.float64]
Integers = NDArray[np.int_]
Mask = NDArray[np.bool_]
Objective = Literal["value", "number"]
Margins = Literal["last", "alike"]


@dataclass(frozen=True)
class Aim:
    """What the cheapest pattern is.

    Attributes
    ----------
    objective : `value` hides the smallest sum of counts, `number` the fewest cells.
    margins : `last` hides as few margins as can be before anything else is weighed; `alike`
        weighs a margin as any cell.
    inside : whether a person who knows that she is the only one in a cell is withstood too: she
        learns no more of another small count than a reader.
    strict : whether she may not work out any other hidden count either, small or not. That hides
        more, and where national totals are printed readers would lose whole tables.
    rules : whether an attacker who has the program, and runs it forward, is withstood too.
    nodes : branch-and-bound nodes to spend on each connected part of the system.
    key : tells apart patterns that cost the same, or nearly; without one, the alphabet does.
    """

    objective: Objective = "value"
    margins: Margins = "last"
    inside: bool = True
    strict: bool = False
    rules: bool = True
    nodes: int = NODES
    key: bytes = b""


@dataclass(frozen=True)
class Protection:
    """A pattern of hidden cells.

    Attributes
    ----------
    cells : one row a published cell, in the order given: key, count, status (confidential: OK,
        Z, P, S), public_status (OK, Z, C), shown (the count, missing where hidden).
    hidden_value, hidden_cells : sum and number of what is hidden.
    optimal : whether the pattern is proven cheapest; if not, nodes ran out.
    gap : how much of the cost could at most be saved, 0 when optimal (a share of the cost).
    open_cells : cells that no pattern can protect, because known figures give them away. A
        table that holds one must not be published as it is: merge categories, or withhold it.
    told_inside : (own, other) cells: a person who knows that she is the only one in `own` learns
        more of `other` than a reader may, whatever is hidden, because of known figures.
    proven : whether whole-number solutions of the reader's system, checked without a solver, show
        that the pattern is safe.
    few : totals that are printed as fewer than the `threshold`.
    """

    cells: pd.DataFrame
    hidden_value: int
    hidden_cells: int
    optimal: bool
    gap: float
    open_cells: tuple[Hashable, ...]
    told_inside: tuple[tuple[Hashable, Hashable], ...] = ()
    proven: bool = False
    few: tuple[Hashable, ...] = ()
    threshold: int = THRESHOLD

    @property
    def safe(self) -> bool:
        """Whether every hidden cell is protected."""
        return not self.open_cells

    @cached_property
    def hidden(self) -> frozenset[Hashable]:
        """The cells that are not shown."""
        return frozenset(self.cells.loc[self.cells["public_status"] == "C", "key"])

    def release(
        self,
        relations: Iterable[Relation],
        *,
        edition: str = "",
        unpublished: Iterable[Hashable] = (),
    ) -> Release:
        """What this pattern publishes, as `attack` reads it."""
        fewer = dict.fromkeys(self.few, (1.0, float(self.threshold - 1)))
        shown: dict[Any, Shown] = {
            key: fewer.get(key) if status == "C" else int(count)
            for key, count, status in zip(
                self.cells["key"], self.cells["count"], self.cells["public_status"], strict=True
            )
        }
        return Release(edition, shown, tuple(relations), frozenset(unpublished))

    def with_open(self, cells: Iterable[Hashable]) -> Protection:
        """The same, with more cells that are not protected."""
        return replace(self, open_cells=tuple(dict.fromkeys((*self.open_cells, *cells))))


def cheapest_pattern(
    cells: pd.DataFrame | Mapping[Any, int],
    relations: Iterable[Relation],
    known: Known,
    rule: Rule,
    aim: Aim,
) -> Protection:
    """Hide counts from 1 to `threshold` − 1, and the cheapest set of others that protects them.

    Parameters
    ----------
    cells : `{key: count}`, or a frame with columns `key` and `count`. All tables together: the
        same key is the same cell.
    relations : all sums that a reader knows, over all tables (`cells.table_relations`, …).

    Returns
    -------
    Protection
        Always safe, but for `open_cells` and `told_inside`; `proven` where that is shown already.

    Raises
    ------
    InputError
        If relations do not hold, or a count is negative or not whole.

    Notes
    -----
    Costs are minimised one after the other: margins hidden, value, number of cells. With a key,
    each cell costs up to `NEAR` more, as the key draws it, and patterns that are still equal are
    told apart by the key; without one, by the keys in alphabetical order. The result depends on
    nothing but the table and the key.
    """
    counts = whole_counts(cells)
    sums = list(relations)
    check_additivity(counts, sums)
    book = _Book(counts, sums, known, rule, aim)
    found = _Pattern(book.forced.copy())
    for local, rows in components(sp.csr_array(book.matrix[:, book.candidates])):
        here = book.candidates[local]
        if book.sensitive[here].any() and len(rows):
            _protect_part(book, here, rows, found)
    return _protection(book, found)


def could_be_printed(
    counts: Mapping[Any, int],
    relations: Sequence[Relation],
    known: Known,
    rule: Rule,
    aim: Aim,
    hidden: frozenset[Hashable],
) -> bool:
    """Whether these counts could have been printed with this pattern.

    Without a key, where it is the pattern that they get; with one that is not known, where some
    key would give it: where it is safe, and none is cheaper though every other cell costs as much
    more as a key may add.
    """
    book = _Book(dict(counts), relations, known, rule, replace(aim, key=b""))
    mine = np.array([key in hidden for key in book.order], dtype=bool)
    if aim.key and known.weights is None:
        stages = list(book.stages)
        place = len(stages) - (2 if aim.objective == "value" else 1)
        stages[place] = stages[place] + NEAR * (~mine & ~book.unseen)
        book.stages = tuple(stages)
    if np.any(book.forced & ~mine & ~book.unseen):
        return False
    mine |= book.forced
    left = mine & ~book.forced
    for local, rows in components(sp.csr_array(book.matrix[:, book.candidates])):
        here = book.candidates[local]
        if not (book.sensitive[here].any() and len(rows)):
            if left[here].any():
                return False
            continue
        problem, _ = _problem(book, here, rows)
        if aim.key and Deviations(problem, np.ones(len(here))).unmet(mine[here]):
            return False
        cover = _cover(problem, aim.nodes)
        own = tuple(float(stage[here] @ mine[here]) for stage in book.stages)
        if np.any(cover.hidden != mine[here]) and not (aim.key and own <= cover.cost):
            return False
    return True


def whole_counts(cells: pd.DataFrame | Mapping[Any, int]) -> dict[Hashable, int]:
    """Counts by key.

    Raises InputError if a key stands twice, or a count is missing, negative or not whole.
    """
    if isinstance(cells, pd.DataFrame):
        keys = list(cells["key"])
        if len(set(keys)) < len(keys):
            twice = next(key for key in keys if keys.count(key) > 1)
            raise InputError(f"{describe(twice)} stands twice; keep one row a cell")
        cells = dict(zip(keys, cells["count"], strict=True))
    counts = {}
    for key, count in cells.items():
        if pd.isna(count) or count != int(count) or count < 0:
            raise InputError(f"{describe(key)} is {count}, not a count; give a whole number from 0")
        counts[key] = int(count)
    return counts


@dataclass
class _Pattern:
    """What is found part by part."""

    hidden: Mask
    optimal: bool = True
    proven: bool = True
    gap: float = 0.0
    open_cells: list[int] = field(default_factory=list)
    inside: list[tuple[int, int]] = field(default_factory=list)


class _Book:
    """The cells by number, in an order that ties follow, and what is asked of each."""

    def __init__(
        self,
        counts: dict[Hashable, int],
        relations: Sequence[Relation],
        known: Known,
        rule: Rule,
        aim: Aim,
    ) -> None:
        self.counts, self.known, self.rule, self.aim = counts, known, rule, aim
        self.order = sorted(counts, key=lambda key: (_drawn(aim.key, key), repr(key)))
        self.place = {key: number for number, key in enumerate(self.order)}
        self.value = np.array([counts[key] for key in self.order], dtype=float)
        public = {key for key, value in known.counts.items() if counts.get(key) == value}
        self.unseen = np.array([key in known.unpublished for key in self.order], dtype=bool)
        shown = np.array([key in public for key in self.order], dtype=bool)
        total = np.array([key in known.totals for key in self.order], dtype=bool) & ~shown
        few = total & (self.value >= 1) & (self.value < rule.threshold)
        shown |= total & ~few
        self.most = np.where(few, rule.threshold - 1.0, np.inf)
        self.hideable = ~shown & ((self.value > 0) | self.unseen)
        self.persons = np.array([key not in known.exempt for key in self.order], dtype=bool)
        self.rise = self._rises()
        self.rise = np.where(few, self.most - self.value, self.rise).astype(int)
        self.sensitive = self.rise > 0
        self.forced = self.sensitive | few | (self.unseen & self.hideable)
        self.limits = total & (self.value > 0)
        self.matrix = _matrix(relations, self.place)
        self.stages = self._stages(relations)
        self.candidates = np.flatnonzero(self.hideable)
        self.shown_anyway = np.flatnonzero(~self.hideable & (self.value > 0))
        self.alone = self._alone(relations) if aim.inside else {}

    def _rises(self) -> Integers:
        small = self.hideable & self.persons & (self.value >= 1)
        small &= self.value < self.rule.threshold
        rise = np.where(small, self.rule.threshold - self.value, 0).astype(int)
        for key, reach in self.known.sensitive.items():
            number = self.place.get(key)
            if number is not None and self.hideable[number]:
                rise[number] = max(rise[number], reach - self.counts[key], 1)
        return rise

    def _stages(self, relations: Sequence[Relation]) -> tuple[Floats, ...]:
        printed = (~self.unseen).astype(float)
        number = printed.copy()
        if self.known.weights is not None:
            return _weights(self.order, self.known.weights) * printed, number
        value = self.value * printed
        if self.aim.key:
            near = [_drawn(self.aim.key + b"near", key)[0] % (NEAR + 1) for key in self.order]
            value += np.array(near, dtype=float) * printed
        by_size = (value, number) if self.aim.objective == "value" else (number, value)
        if self.aim.margins == "alike":
            return by_size
        totals = self.known.headlines
        if totals is None:
            totals = frozenset(relation.total for relation in relations)
        margin = np.array([key in totals for key in self.order], dtype=float)
        return (margin * printed, *by_size)

    def _alone(self, relations: Sequence[Relation]) -> dict[int, tuple[int, ...]]:
        """For each hidden cell of one person, the cells that a sum shows to be the same person."""
        same = {n: n for n in np.flatnonzero(self.sensitive & (self.value == 1)).tolist()}

        def first(number: int) -> int:
            while same[number] != number:
                number = same[number]
            return number

        for relation in relations:
            total = self.place[relation.total]
            if total in same:
                for part in relation.parts:
                    if self.place[part] in same:
                        same[first(self.place[part])] = first(total)
        groups: dict[int, list[int]] = {}
        for number in same:
            groups.setdefault(first(number), []).append(number)
        return {number: tuple(groups[first(number)]) for number in same}


def _protect_part(book: _Book, here: Integers, rows: Integers, found: _Pattern) -> None:
    """The cheapest pattern of one connected part."""
    problem, beyond = _problem(book, here, rows)
    cover = _cover(problem, book.aim.nodes)
    found.hidden[here] = cover.hidden
    found.optimal &= cover.optimal
    found.gap = max(found.gap, _gap(cover.cost, cover.bound))
    limited = bool(book.matrix[rows][:, book.limits].nnz)
    if limited:
        found.proven = False  # what the totals leave of each cell is for the attack to say
    else:
        found.open_cells += [int(here[target]) for target in beyond]
    _note_unmet(book, here, cover, found, limited)
    if found.proven:
        shown = proven(cover.witnesses, cover.hidden, problem, book.rise[here])
        found.proven = shown and not beyond and not cover.unmet


@solved_once
def _cover(problem: CoverProblem, nodes: int) -> Cover:
    return cheapest_cover(problem, Budget(nodes))


def _problem(book: _Book, here: Integers, rows: Integers) -> tuple[CoverProblem, list[int]]:
    """What is asked of one part, and the cells for which that falls short of the rule."""
    local = {int(cell): number for number, cell in enumerate(here)}
    part = sp.csr_array(book.matrix[rows][:, here])
    least = np.where(book.unseen[here], 0.0, 1.0)
    own = {book.alone[c] for c in here.tolist() if c in book.alone}
    problem = CoverProblem(
        matrix=part,
        room_below=book.value[here] - least,
        room_above=book.most[here] - book.value[here],
        stages=tuple(stage[here] for stage in book.stages),
        forced=book.forced[here],
        requirements=(),
        judged=(~book.unseen | book.sensitive)[here],
        values=book.rule.values,
        alone=tuple(sorted(tuple(local[c] for c in cells) for cells in own)),
        strict=book.aim.strict,
    )
    given_away = bool(book.matrix[rows][:, book.shown_anyway].nnz)
    given_away |= bool(np.isfinite(book.most[here]).any())
    wanted, beyond = _requirements(problem, book.rise[here], check=given_away)
    return replace(problem, requirements=tuple(wanted)), beyond


def _note_unmet(book: _Book, here: Integers, cover: Cover, found: _Pattern, limited: bool) -> None:
    for unmet in cover.unmet:
        target = int(here[unmet.target])
        if unmet.frozen:
            found.inside.append((int(here[unmet.frozen[0]]), target))
        elif cover.hidden[unmet.target] and not limited:
            found.open_cells.append(target)


def _requirements(
    problem: CoverProblem, rise: Integers, *, check: bool
) -> tuple[list[Requirement], list[int]]:
    """What can be required of a pattern, and the targets for which it falls short of the rule.

    Where no positive figure is given away (`check`), every requirement can be met by hiding all:
    true counts times any whole number are then a solution of the reader's system.
    """
    full = [Requirement(target, int(rise[target])) for target in np.flatnonzero(rise).tolist()]
    if not check:
        return full, []
    everything = np.ones(len(rise), dtype=bool)
    reader = Deviations(replace(problem, requirements=tuple(full)), everything.astype(float))
    reader.settle(everything)
    possible = [reader.possible(asked, everything) for asked in full]
    wanted = [one for one in possible if one is not None]
    beyond = [asked.target for asked, one in zip(full, possible, strict=True) if one != asked]
    return wanted, beyond


def _drawn(key: bytes, cell: Hashable) -> bytes:
    """What a key draws for a cell; the same for all cells where there is no key."""
    return hmac.new(key, repr(cell).encode(), hashlib.sha256).digest() if key else b""


def _weights(order: Sequence[Hashable], weights: Mapping[Any, float]) -> Floats:
    cost = np.array([float(weights.get(key, 1.0)) for key in order])
    if np.any(cost <= 0):
        raise InputError("a weight is zero or negative; every cell must cost something to hide")
    if np.any(cost != np.rint(cost)):
        cost = np.maximum(np.rint(cost * 1000.0), 1.0)
    return cost


def _matrix(relations: Sequence[Relation], place: Mapping[Any, int]) -> sp.csr_array:
    rows, columns, signs = [], [], []
    for row, relation in enumerate(relations):
        rows.extend([row] * (1 + len(relation.parts)))
        columns.extend([place[relation.total], *(place[part] for part in relation.parts)])
        signs.extend([-1.0] + [1.0] * len(relation.parts))
    return sp.csr_array((signs, (rows, columns)), shape=(len(relations), len(place)))


def _gap(cost: tuple[float, ...], bound: tuple[float, ...]) -> float:
    for reached, least in zip(cost, bound, strict=False):
        if least < reached - 0.5:
            return (reached - least) / reached
    return 0.0


def _protection(book: _Book, found: _Pattern) -> Protection:
    rows = []
    for key, count in book.counts.items():
        number = book.place[key]
        if book.unseen[number]:
            continue
        if found.hidden[number]:
            small = book.sensitive[number] or np.isfinite(book.most[number])
            status, public = ("P" if small else "S"), "C"
        else:
            status = public = "Z" if count == 0 else "OK"
        rows.append((key, count, status, public, pd.NA if public == "C" else count))
    frame = pd.DataFrame(rows, columns=["key", "count", "status", "public_status", "shown"])
    frame["shown"] = frame["shown"].astype("Int64")
    concealed = frame["public_status"] == "C"
    named = book.order
    return Protection(
        cells=frame,
        hidden_value=int(frame.loc[concealed, "count"].sum()),
        hidden_cells=int(concealed.sum()),
        optimal=found.optimal,
        gap=found.gap,
        open_cells=tuple(named[cell] for cell in sorted(set(found.open_cells))),
        told_inside=tuple((named[own], named[other]) for own, other in sorted(set(found.inside))),
        proven=found.proven,
        few=tuple(book.order[number] for number in np.flatnonzero(np.isfinite(book.most))),
        threshold=book.rule.threshold,
    )
