"""Which cells to hide: small counts, and the fewest others without which they could be worked out.

`protect_cells` treats all tables that share cells as one system, in one model, and finds the
pattern of least cost. What a reader can know is described in `attack`.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd
import scipy.sparse as sp

from atips_analysis.disclosure.attack import Release, attack
from atips_analysis.disclosure.cells import Relation, check_additivity, describe
from atips_analysis.disclosure.cover_problem import Budget, CoverProblem, Requirement
from atips_analysis.disclosure.covering import attainable, cheapest_cover
from atips_analysis.disclosure.proof import proven
from atips_analysis.disclosure.system import components
from atips_analysis.errors import InputError

THRESHOLD = 5
NODES = 20_000

Objective = Literal["value", "number"]
Margins = Literal["last", "alike"]
Adversary = Literal["reader", "contributor"]


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
    """

    cells: pd.DataFrame
    hidden_value: int
    hidden_cells: int
    optimal: bool
    gap: float
    open_cells: tuple[Hashable, ...]

    @property
    def safe(self) -> bool:
        """Whether every hidden cell is protected."""
        return not self.open_cells

    def release(
        self, relations: Iterable[Relation], *, edition: str = "", unpublished: Iterable = ()
    ) -> Release:
        """What this pattern publishes, as `attack` reads it."""
        shown = {
            key: None if status == "C" else int(count)
            for key, count, status in zip(
                self.cells["key"], self.cells["count"], self.cells["public_status"], strict=True
            )
        }
        return Release(edition, shown, tuple(relations), frozenset(unpublished))


def protect_cells(
    cells: pd.DataFrame | Mapping[Any, int],
    relations: Iterable[Relation],
    *,
    threshold: int = THRESHOLD,
    known: Mapping[Any, int] | None = None,
    unpublished: Iterable[Hashable] = (),
    exempt: Iterable[Hashable] = (),
    primary: Mapping[Any, int] | None = None,
    margins: Iterable[Hashable] | None = None,
    weights: Mapping[Any, float] | None = None,
    objective: Objective = "value",
    margins_hidden: Margins = "last",
    adversary: Adversary = "reader",
    nodes: int = NODES,
) -> Protection:
    """Hide counts from 1 to `threshold` − 1, and the cheapest set of others that protects them.

    Parameters
    ----------
    cells : `{key: count}`, or a frame with columns `key` and `count`. All tables together: the
        same key is the same cell.
    relations : all sums that a reader knows, over all tables (`cells.table_relations`, …).
    threshold : the smallest count that may be shown, zero apart.
    known : public figures by key. A figure equal to the count is shown, and the reader is taken
        to know it; one that differs counts another population and is left aside.
    unpublished : keys among the cells that no table prints, such as the rest of a ratio. They
        are hidden at no cost and may be zero for all the reader knows.
    exempt : keys that are not counts of persons: never hidden for being small themselves.
    primary : further sensitive cells and the value that the reader must not be able to exclude
        (`rules.upper_protection`), for money and other magnitudes.
    margins : keys to be hidden only where it cannot be done without; by default every cell
        that is a total in some relation.
    weights : what hiding a cell costs, instead of its value; margins then count as any cell.
    objective : `value` hides the smallest sum of counts, `number` the fewest cells.
    margins_hidden : `last` hides as few margins as can be before anything else is weighed;
        `alike` weighs a margin as any cell.
    adversary : `contributor` also withstands the only person in a cell, who knows that it is 1.
        (The only person in a cell of a count does not know to be the only one; in a table of
        money the only contributor knows its own amount.)
    nodes : branch-and-bound nodes to spend on each connected system of cells.

    Returns
    -------
    Protection
        Always safe, but for `open_cells`.

    Raises
    ------
    InputError
        If relations do not hold, or a count is negative or not whole.

    Notes
    -----
    Costs are minimised one after the other: margins hidden, value, number of cells; patterns
    that are still equal are told apart by the keys in alphabetical order, so that the result
    depends on nothing but the table.
    """
    counts = _counts(cells)
    relations = list(relations)
    check_additivity(counts, relations)
    unseen, not_persons = set(unpublished), set(exempt)
    public = {key for key, value in (known or {}).items() if counts.get(key) == value}
    order = sorted(counts, key=repr)
    place = {key: number for number, key in enumerate(order)}
    value = np.array([counts[key] for key in order], dtype=float)
    hideable = np.array(
        [key not in public and (counts[key] > 0 or key in unseen) for key in order], dtype=bool
    )
    forced = np.array([key in unseen for key in order], dtype=bool) & hideable
    sensitive = np.zeros(len(order), dtype=bool)
    rise = np.zeros(len(order), dtype=int)
    for number, key in enumerate(order):
        if hideable[number] and 1 <= counts[key] < threshold and key not in not_persons:
            rise[number] = threshold - counts[key]
    for key, reach in (primary or {}).items():
        if key in place and hideable[place[key]]:
            rise[place[key]] = max(rise[place[key]], reach - counts[key], 1)
    sensitive = rise > 0
    forced |= sensitive
    is_margin = _margins(order, relations, margins)
    stages = _stages(order, value, is_margin, forced, weights, objective, margins_hidden, unseen)

    matrix = _matrix(relations, place)
    hidden, optimal, gap = forced.copy(), True, 0.0
    open_cells: list[Hashable] = []
    proofs: list[np.ndarray] = []
    candidates = np.flatnonzero(hideable)
    shown_anyway = np.flatnonzero(~hideable & (value > 0))
    for local, rows in components(sp.csr_array(matrix[:, candidates])):
        cells_here = candidates[local]
        if not sensitive[cells_here].any() or len(rows) == 0:
            continue
        part = sp.csr_array(matrix[rows][:, cells_here])
        problem = CoverProblem(
            matrix=part,
            room_below=value[cells_here]
            - np.array([0.0 if order[c] in unseen else 1.0 for c in cells_here]),
            stages=tuple(stage[cells_here] for stage in stages),
            forced=forced[cells_here],
            requirements=(),
        )
        given_away = bool(matrix[rows][:, shown_anyway].nnz)
        wanted, beyond = _requirements(
            problem, rise[cells_here], value[cells_here], adversary, check=given_away
        )
        open_cells.extend(order[cells_here[target]] for target in beyond)
        problem = CoverProblem(
            part, problem.room_below, problem.stages, problem.forced, tuple(wanted)
        )
        cover = cheapest_cover(problem, Budget(nodes))
        hidden[cells_here] = cover.hidden
        for deviations in cover.witnesses:
            whole = np.zeros(len(order))
            whole[cells_here] = deviations
            proofs.append(whole)
        optimal &= cover.optimal
        gap = max(gap, _gap(cover.cost, cover.bound))
    result = _protection(counts, place, hidden, sensitive, unseen, optimal, gap, open_cells)
    least = np.array([0.0 if key in unseen else 1.0 for key in order])
    if not open_cells and proven(proofs, matrix, value, hidden, least, rise):
        return result
    return _verified(result, relations, unseen, not_persons, threshold)


def _counts(cells: pd.DataFrame | Mapping[Any, int]) -> dict[Hashable, int]:
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


def _margins(
    order: list[Hashable], relations: list[Relation], margins: Iterable[Hashable] | None
) -> np.ndarray:
    totals = set(margins) if margins is not None else {relation.total for relation in relations}
    return np.array([key in totals for key in order], dtype=bool)


def _stages(
    order: list[Hashable],
    value: np.ndarray,
    is_margin: np.ndarray,
    forced: np.ndarray,
    weights: Mapping[Any, float] | None,
    objective: Objective,
    margins_hidden: Margins,
    unseen: set[Hashable],
) -> tuple[np.ndarray, ...]:
    printed = np.array([key not in unseen for key in order], dtype=float)
    number = printed.copy()
    if weights is not None:
        cost = np.array([float(weights.get(key, 1.0)) for key in order])
        if np.any(cost <= 0):
            raise InputError("a weight is zero or negative; every cell must cost something to hide")
        if np.any(cost != np.rint(cost)):
            cost = np.maximum(np.rint(cost * 1000.0), 1.0)
        return cost * printed, number
    by_size = {"value": (value * printed, number), "number": (number, value * printed)}[objective]
    if margins_hidden == "alike":
        return by_size
    return (is_margin * printed, *by_size)


def _matrix(relations: list[Relation], place: Mapping[Any, int]) -> sp.csr_array:
    rows, columns, signs = [], [], []
    for row, relation in enumerate(relations):
        rows.extend([row] * (1 + len(relation.parts)))
        columns.extend([place[relation.total], *(place[part] for part in relation.parts)])
        signs.extend([-1.0] + [1.0] * len(relation.parts))
    return sp.csr_array((signs, (rows, columns)), shape=(len(relations), len(place)))


def _requirements(
    problem: CoverProblem,
    rise: np.ndarray,
    value: np.ndarray,
    adversary: Adversary,
    *,
    check: bool,
) -> tuple[list[Requirement], list[int]]:
    """What can be required of a pattern, and the targets for which it falls short of the rule.

    Where no positive figure is given away (`check`), every requirement can be met by hiding all:
    true counts times any whole number are then a solution of the reader's system.
    """
    wanted, beyond = [], []
    targets = np.flatnonzero(rise)
    alone = [int(c) for c in targets if value[c] == 1] if adversary == "contributor" else []
    tied = _neighbours(problem.matrix) if alone else None
    for target in targets.tolist():
        frozen_sets: list[tuple[int, ...]] = [()]
        if tied is not None:
            frozen_sets += [(c,) for c in alone if c != target and tied[target, c]]
        for frozen in frozen_sets:
            full = Requirement(target, int(rise[target]), frozen)
            if (not check and not frozen) or attainable(problem, full):
                wanted.append(full)
                continue
            beyond.append(target)
            for less in range(int(rise[target]) - 1, 0, -1):
                partly = Requirement(target, less, frozen)
                if attainable(problem, partly):
                    wanted.append(partly)
                    break
    return wanted, sorted(set(beyond))


def _neighbours(matrix: sp.csr_array) -> sp.csr_array:
    pattern = abs(matrix)
    return sp.csr_array(pattern.T @ pattern)


def _gap(cost: tuple[float, ...], bound: tuple[float, ...]) -> float:
    for reached, least in zip(cost, bound, strict=False):
        if least < reached - 0.5:
            return (reached - least) / reached
    return 0.0


def _protection(
    counts: Mapping[Any, int],
    place: Mapping[Any, int],
    hidden: np.ndarray,
    sensitive: np.ndarray,
    unseen: set[Hashable],
    optimal: bool,
    gap: float,
    open_cells: list[Hashable],
) -> Protection:
    rows = []
    for key, count in counts.items():
        if key in unseen:
            continue
        number = place[key]
        if hidden[number]:
            status, public = ("P" if sensitive[number] else "S"), "C"
        else:
            status = public = "Z" if count == 0 else "OK"
        rows.append((key, count, status, public, pd.NA if public == "C" else count))
    frame = pd.DataFrame(rows, columns=["key", "count", "status", "public_status", "shown"])
    frame["shown"] = frame["shown"].astype("Int64")
    concealed = frame["public_status"] == "C"
    return Protection(
        cells=frame,
        hidden_value=int(frame.loc[concealed, "count"].sum()),
        hidden_cells=int(concealed.sum()),
        optimal=optimal,
        gap=gap,
        open_cells=tuple(open_cells),
    )


def _verified(
    result: Protection,
    relations: list[Relation],
    unseen: set[Hashable],
    exempt: set[Hashable],
    threshold: int,
) -> Protection:
    """The result, attacked once more by the audit; a cell that the audit opens is reported."""
    release = result.release(relations, unpublished=unseen)
    truth = {
        ("", key): count
        for key, count in zip(result.cells["key"], result.cells["count"], strict=True)
    }
    report = attack(release, truth=truth, threshold=threshold, exempt=exempt, explained=0)
    opened = set(report.opened["key"]) if report.solvable else set(release.cells)
    missed = opened - set(result.open_cells)
    if not missed:
        return result
    return Protection(
        result.cells,
        result.hidden_value,
        result.hidden_cells,
        result.optimal,
        result.gap,
        (*result.open_cells, *sorted(missed, key=repr)),
    )
