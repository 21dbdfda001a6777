"""The exact search for the cheapest pattern of hidden cells that protects every sensitive one.

The problem of Fischetti and Salazar-González (2001, Management Science 47(7), 1008-1027): choose
cells to hide so that, for each sensitive cell, the reader's system has a solution in which the
cell reaches its level. Here it is solved by cutting planes. A master problem chooses cells; for
each sensitive cell that a choice leaves open, the multipliers of the reader's linear programme
give a cut, which every safe choice satisfies. Where whole numbers leave less room than the
linear programme shows, a cut forbids that choice and all smaller ones.

Deviations `d` from the true counts are what the reader cannot exclude: `matrix @ d == 0`,
`d >= lower - value` where hidden, `d == 0` where shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, linprog, milp

from atips_analysis.disclosure.cover_problem import Budget, Cover, CoverProblem, Requirement
from atips_analysis.disclosure.deviations import Deviations

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
TOLERANCE = 1e-6
BLOCK = 12


def cheapest_cover(problem: CoverProblem, budget: Budget) -> Cover:
    """The cheapest pattern that meets all requirements, or the best one found in the budget.

    Returns
    -------
    Cover
        Always safe. `optimal` is False when nodes ran out; `bound` then tells how far the
        optimum may be.
    """
    return _Search(problem, budget).run()


class _Search:
    def __init__(self, problem: CoverProblem, budget: Budget) -> None:
        self.problem, self.budget = problem, budget
        self.n = problem.matrix.shape[1]
        self.matrix = sp.csr_array(problem.matrix)
        self.columns = sp.csc_array(self.matrix)
        self.transposed = sp.csr_array(self.matrix.T)
        self.cuts: list[tuple[NDArray[np.intp], Floats, float]] = []
        self.seen: set[tuple[object, ...]] = set()
        self.price = self._prices()
        self.reader = Deviations(problem, self.price)

    def _prices(self) -> Floats:
        """One price a cell from the staged costs; next to nothing for what is hidden anyway."""
        scale, price = 1.0, np.full(self.n, 1e-3)
        for cost in reversed(self.problem.stages):
            price = price + scale * cost
            scale *= 1.0 + float(cost.max(initial=0.0))
        return np.where(self.problem.forced, 1e-6, price / price.max() + 1e-5)

    def run(self) -> Cover:
        forced = self.problem.forced
        if not self.problem.requirements:
            return Cover(forced.copy(), True, self._costs(forced), self._costs(forced))
        self._first_cuts()
        best = self._secure(forced.copy())
        limits: list[tuple[Floats, float]] = []
        bounds: list[float] = []
        for number, cost in enumerate(self.problem.stages):
            if not np.any(cost[~forced]):
                bounds.append(float(cost @ best))
                continue
            self._strengthen(cost, limits)
            best, bound = self._stage(number, cost, limits, best)
            bounds.append(bound)
            if bound < cost @ best - 0.5:
                return self._cover(best, False, bounds)
            limits.append((cost, float(cost @ best)))
            if np.all(cost[~forced] > 0) and self._without_equal(cost, limits[:-1], best):
                rest = self._costs(best)[len(bounds) :]
                return self._cover(best, True, [*bounds, *rest])
        best, finished = self._first_among_equals(limits, best)
        return self._cover(best, finished, bounds)

    def _cover(self, hidden: Mask, optimal: bool, bounds: list[float]) -> Cover:
        return Cover(
            hidden,
            optimal,
            self._costs(hidden),
            tuple(bounds),
            self.reader.proofs(hidden),
            tuple(self.reader.hopeless),
        )

    def _costs(self, hidden: Mask) -> tuple[float, ...]:
        return tuple(float(cost @ hidden) for cost in self.problem.stages)

    # -- cuts ----------------------------------------------------------------------------

    def _first_cuts(self) -> None:
        """No relation hides a single cell; each requirement needs room in each of its relations."""
        for requirement in self.problem.requirements:
            starts = self.columns.indptr[requirement.target : requirement.target + 2]
            for row in self.columns.indices[starts[0] : starts[1]]:
                here = slice(self.matrix.indptr[row], self.matrix.indptr[row + 1])
                price = np.zeros(self.n)
                price[self.matrix.indices[here]] = self.matrix.data[here]
                self._add_price_cut(requirement, price)
        forced = self.problem.forced
        for row in range(self.matrix.shape[0]):
            cells = self.matrix.indices[self.matrix.indptr[row] : self.matrix.indptr[row + 1]]
            if forced[cells].any():
                continue
            for cell in cells:
                if not forced[cell]:
                    others = cells[cells != cell]
                    where = np.array([*others, cell])
                    self._add_cut(where, np.array([1.0] * len(others) + [-1.0]), 0.0)

    def _add_multiplier_cut(
        self, requirement: Requirement, multipliers: Floats, share: Floats | None = None
    ) -> bool:
        """Add the cut of the reader's multipliers; True when `share` violates it.

        Weak duality makes it hold for any multipliers: a deviation of the target is bought with
        deviations of the other cells, of which a shown cell has none.
        """
        return self._add_price_cut(requirement, self.transposed @ multipliers, share)

    def _add_price_cut(
        self, requirement: Requirement, price: Floats, share: Floats | None = None
    ) -> bool:
        """The cut of what each cell's deviation is worth; True when `share` violates it."""
        if abs(price[requirement.target]) < TOLERANCE:
            return False
        price = -price / price[requirement.target]
        price[np.abs(price) < TOLERANCE] = 0.0
        rise = float(requirement.rise)
        room = np.where(price > 0, self.problem.room_above, self.problem.room_below)
        room[price == 0] = 0.0
        weight = np.minimum(rise, np.abs(price) * room)
        weight[requirement.target] = 0.0
        weight[list(requirement.frozen)] = 0.0
        where = np.flatnonzero(weight > TOLERANCE)
        self._add_cut(where, weight[where] / rise, 1.0)
        return share is not None and float(weight @ share) < rise - TOLERANCE

    def _add_cut(self, where: NDArray[np.intp], weight: Floats, least: float) -> None:
        """Store `weight @ hidden[where] >= least`, with forced cells taken as hidden."""
        fixed = self.problem.forced[where]
        least = least - float(weight[fixed].sum())
        where, weight = where[~fixed], weight[~fixed]
        if least <= TOLERANCE and np.all(weight >= 0):
            return
        if least > 0:
            weight = np.minimum(weight, least)
        name = (tuple(where), tuple(np.round(weight, 7)), round(least, 7))
        if name not in self.seen:
            self.seen.add(name)
            self.cuts.append((where, weight, least))

    def _separate(self, requirement: Requirement, share: Floats) -> bool:
        """Whether a cut now stands, new or not, against shares that leave a requirement open."""
        if requirement.values or self.reader.fits_share(requirement, share):
            return False
        rise = float(requirement.rise)
        low = -np.minimum(self.problem.room_below, rise) * share
        high = np.minimum(self.problem.room_above, rise) * share
        whole = np.all((share < TOLERANCE) | (share > 1 - TOLERANCE))
        if whole:
            low = np.where(share > 0.5, -self.problem.room_below, 0.0)
            high = np.where(share > 0.5, self.problem.room_above, 0.0)
        for cell in requirement.frozen:
            low[cell] = high[cell] = 0.0
        low[requirement.target], high[requirement.target] = 0.0, rise
        objective = np.zeros(self.n)
        objective[requirement.target] = -1.0
        self.reader.programme.change_bounds(low, high)
        answer = self.reader.programme.minimise(objective)
        if answer is None:
            return False
        if answer.x[requirement.target] >= rise - TOLERANCE:
            self.reader.fractions[requirement].append(answer.x)
            return False
        multipliers = np.round(answer.multipliers * 60.0) / 60.0
        return self._add_multiplier_cut(requirement, multipliers, share)

    def _add_whole_number_cut(self, requirement: Requirement, hidden: Mask) -> None:
        """Forbid a pattern whose linear programme is open but whose whole numbers are not."""
        largest = hidden.copy()
        blocks = [np.flatnonzero(~hidden)]
        while blocks:
            block = blocks.pop()
            largest[block] = True
            if self.reader.witness(requirement, largest) is not None:
                largest[block] = False
                if len(block) > 1:
                    middle = len(block) // 2
                    blocks += [block[:middle], block[middle:]]
        where = np.flatnonzero(~largest)
        target = requirement.target
        if requirement.values and not self.problem.forced[target]:
            where = np.append(where, target)
            self._add_cut(where, np.array([1.0] * (len(where) - 1) + [-1.0]), 0.0)
        else:
            self._add_cut(where, np.ones(len(where)), 1.0)

    # -- the master problem --------------------------------------------------------------

    def _master_sums(self, limits: Sequence[tuple[Floats, float]]) -> LinearConstraint | None:
        rows: list[int] = []
        columns: list[int] = []
        values: list[float] = []
        least: list[float] = []
        for where, weight, bound in self.cuts:
            rows.extend([len(least)] * len(where))
            columns.extend(where.tolist())
            values.extend(weight.tolist())
            least.append(bound)
        for cost, most in limits:
            where = np.flatnonzero(cost)
            rows.extend([len(least)] * len(where))
            columns.extend(where.tolist())
            values.extend((-cost[where]).tolist())
            least.append(-most - 0.5)
        if not least:
            return None
        matrix = sp.csr_array((values, (rows, columns)), shape=(len(least), self.n))
        return LinearConstraint(matrix, np.array(least), np.inf)

    def _strengthen(self, cost: Floats, limits: Sequence[tuple[Floats, float]]) -> None:
        """Cuts at fractional choices, which lift the bound before any branching."""
        forced = self.problem.forced
        last = -np.inf
        for _ in range(30):
            answer = milp(
                cost,
                bounds=Bounds(forced.astype(float), 1.0),
                constraints=self._master_sums(limits),
            )
            if answer.x is None:
                return
            share = np.clip(answer.x, 0.0, 1.0)
            before = len(self.cuts)
            for requirement in self.reader.active:
                self._separate(requirement, share)
            if len(self.cuts) == before or answer.fun < last + 1e-4 * max(1.0, abs(last)):
                return
            last = answer.fun

    def _master(
        self,
        cost: Floats,
        limits: Sequence[tuple[Floats, float]],
        shown: Mask | None = None,
        kept: Mask | None = None,
    ) -> Any:
        """Solve the master problem, within what is left of the budget."""
        lower = self.problem.forced.astype(float)
        if kept is not None:
            lower = np.maximum(lower, kept)
        upper = np.ones(self.n) if shown is None else 1.0 - shown
        answer = milp(
            cost,
            bounds=Bounds(lower, np.maximum(upper, lower)),
            constraints=self._master_sums(limits),
            integrality=np.ones(self.n),
            options={"mip_rel_gap": 0.0, "node_limit": max(1, self.budget.nodes)},
        )
        self.budget.nodes -= max(1, int(answer.mip_node_count or 0))
        return answer

    def _stage(
        self, number: int, cost: Floats, limits: list[tuple[Floats, float]], best: Mask
    ) -> tuple[Mask, float]:
        """The cheapest safe pattern by one cost; (pattern, proven bound)."""
        bound = float(cost @ self.problem.forced)
        if bound >= cost @ best - 0.5:
            return best, bound
        while True:
            answer = self._master(cost, limits)
            if answer.mip_dual_bound is not None:
                bound = max(bound, float(np.ceil(answer.mip_dual_bound - 1e-4)))
            if bound >= cost @ best - 0.5:
                return best, float(cost @ best)
            if answer.x is None:
                return best, bound
            choice = answer.x > 0.5
            still_open = self._cut_off(choice)
            better = choice if not still_open else self._secure(choice)
            if self._costs(better)[: number + 1] < self._costs(best)[: number + 1] and all(
                limit @ better <= most + 0.5 for limit, most in limits
            ):
                best = better
            if bound >= cost @ best - 0.5:
                return best, float(cost @ best)
            if self.budget.spent:
                return best, bound

    def _without_equal(self, cost: Floats, limits: list[tuple[Floats, float]], best: Mask) -> bool:
        """Whether it soon shows that no other pattern costs as little; nothing is left to decide."""
        free = np.flatnonzero(~self.problem.forced)
        sign = np.where(best[free], -1.0, 1.0)
        other = (free, sign, 1.0 - float(best[free].sum()))
        for _ in range(3):
            if self.budget.spent:
                return False
            self.cuts.append(other)
            answer = self._master(cost, limits)
            self.cuts = [cut for cut in self.cuts if cut is not other]
            bound = np.inf if answer.status == 2 else answer.mip_dual_bound
            if bound is not None and bound > cost @ best + 0.5:
                return True
            if answer.x is None or not self._cut_off(answer.x > 0.5):
                return False
        return False

    def _cut_off(self, choice: Mask) -> bool:
        """Add cuts against an unsafe choice; False when the choice is safe."""
        unsafe = self.reader.unmet(choice)
        for requirement in unsafe:
            if not self._separate(requirement, choice.astype(float)):
                self._add_whole_number_cut(requirement, choice)
        return bool(unsafe)

    def _first_among_equals(
        self, limits: list[tuple[Floats, float]], best: Mask
    ) -> tuple[Mask, bool]:
        """Of all patterns of the same cost, the one that shows the earlier cells."""
        kept = self.problem.forced.copy()
        undecided = np.flatnonzero(self._within_limits(limits) & ~kept)
        shown = ~kept
        shown[undecided] = False
        for start in range(0, len(undecided), BLOCK):
            block = undecided[start : start + BLOCK]
            cost = np.zeros(self.n)
            cost[block] = 2.0 ** np.arange(len(block) - 1, -1, -1)
            while np.any(best[block]):
                if self.budget.spent:
                    return best, False
                answer = self._master(cost, limits, shown, kept)
                if answer.x is None or answer.status != 0:
                    return best, False
                choice = answer.x > 0.5
                if not self._cut_off(choice):
                    best = choice
                    break
            shown[block] = ~best[block]
            kept[block] = best[block]
        return best, True

    def _within_limits(self, limits: list[tuple[Floats, float]]) -> Mask:
        """The cells that a pattern of the same cost may hide, judged by reduced costs."""
        possible = np.ones(self.n, dtype=bool)
        for number, (cost, most) in enumerate(limits):
            sums = self._master_sums(limits[:number])
            forced = self.problem.forced.astype(float)
            answer = linprog(
                cost,
                A_ub=None if sums is None else -sums.A,
                b_ub=None if sums is None else -sums.lb,
                bounds=np.column_stack([forced, np.ones(self.n)]),
                method="highs-ds",
            )
            if answer.x is not None:
                possible &= answer.fun + answer.lower.marginals < most + 0.5
        return possible | self.problem.forced

    # -- a safe pattern to begin with ----------------------------------------------------

    def _secure(self, hidden: Mask) -> Mask:
        """Hide more until nothing is open, and show again what safety does not need."""
        while True:
            hidden = self._shed(self._repair(hidden))
            if not self.reader.unmet(hidden):
                return hidden

    def _repair(self, hidden: Mask) -> Mask:
        """Hide more, requirement by requirement, along the cheapest deviations, until safe."""
        hidden = hidden | self.problem.forced
        self.reader.settle(hidden)
        unmet = self.reader.active
        while unmet:
            for requirement in list(unmet):
                hidden = self._with_room(requirement, hidden)
            unmet = self.reader.unmet(hidden)
        return hidden

    def _with_room(self, requirement: Requirement, hidden: Mask) -> Mask:
        """A pattern around one that meets a requirement, along its cheapest deviations."""
        if self.reader.witness(requirement, hidden) is not None:
            return hidden
        everything = np.ones(self.n, dtype=bool)
        price = np.where(hidden, 1e-9, self.price)
        deviations = self.reader.cheapest(requirement, everything, price)
        if deviations is not None:
            hidden = hidden | (deviations != 0)
        for cell in np.argsort(self.price, kind="stable"):
            if self.reader.witness(requirement, hidden) is not None:
                break
            hidden = hidden.copy()
            hidden[cell] = True
        return hidden

    def _shed(self, hidden: Mask) -> Mask:
        """Show again, the dearest first, every cell that safety does not need."""
        hidden = hidden.copy()
        costs = np.column_stack([*self.problem.stages, -np.arange(self.n)])
        order = np.lexsort(-costs.T[::-1])
        relied: dict[Requirement, int] = {}
        for requirement in self.reader.active:
            known = self.reader.witness(requirement, hidden)
            relied[requirement] = known.moved if known else -1
        for cell in order:
            if not hidden[cell] or self.problem.forced[cell]:
                continue
            hidden[cell] = False
            renewed = {}
            for requirement, moved in relied.items():
                if moved >> int(cell) & 1:
                    known = self.reader.witness(requirement, hidden)
                    if known is None:
                        hidden[cell] = True
                        break
                    renewed[requirement] = known.moved
            else:
                relied.update(renewed)
        return hidden
