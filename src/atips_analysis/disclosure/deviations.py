"""What a reader cannot exclude: whole-number deviations from the true counts within a pattern.

Deviations `d` keep every sum (`matrix @ d == 0`), move hidden cells alone and leave none of them
below the least that a reader takes it to be. What was found once is kept: it fits every pattern
that hides the cells that it moves.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp

from atips_analysis.disclosure.cover_problem import CoverProblem, Requirement
from atips_analysis.disclosure.linear import LinearProgramme

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
TOLERANCE = 1e-6
FAR = 1e4
MANY = 6


@dataclass(frozen=True)
class Witness:
    """Deviations that meet a requirement, and the cells that it rests on as bits of one number."""

    deviations: Floats
    moved: int


def _spread(moves: Floats) -> Floats:
    """How far apart the deviations of each cell lie, its true count among them."""
    return np.asarray(moves.max(axis=0, initial=0.0) - moves.min(axis=0, initial=0.0))


def bits(mask: Mask) -> int:
    """A pattern as the bits of one number."""
    return int.from_bytes(np.packbits(mask, bitorder="little").tobytes(), "little")


class Deviations:
    """The reader's side of a problem: which requirements a pattern meets, and what shows it.

    `active` are the requirements that are looked at for every pattern. Those of width and of
    persons alone are many and seldom unmet: `unmet` takes them up where a pattern fails one.
    """

    def __init__(self, problem: CoverProblem, price: Floats) -> None:
        self.problem, self.price = problem, price
        self.n = problem.matrix.shape[1]
        self.matrix = sp.csr_array(problem.matrix)
        nothing, still = np.zeros(self.matrix.shape[0]), np.zeros(self.n)
        self.programme = LinearProgramme(self.matrix, nothing, still, still)
        self.both_ways = sp.csr_array(sp.hstack([self.matrix, -self.matrix]))
        self.mover = LinearProgramme(
            self.both_ways, nothing, np.zeros(2 * self.n), np.zeros(2 * self.n)
        )
        self.active: list[Requirement] = list(problem.requirements)
        self.hopeless: dict[Requirement, None] = {}
        self.found: list[Witness] = []
        self.of_requirement: dict[Requirement, list[Witness]] = {r: [] for r in self.active}
        self.fractions: dict[Requirement, list[Floats]] = {r: [] for r in self.active}

    def witness(self, requirement: Requirement, hidden: Mask) -> Witness | None:
        """What shows that a pattern meets a requirement; None: nothing does."""
        pattern = bits(hidden)
        known = self.remembered(requirement, pattern)
        if known is not None:
            return known
        if requirement.values:
            self._widen(requirement, hidden)
            return self.remembered(requirement, pattern)
        return self._search(requirement, hidden)

    def remembered(self, requirement: Requirement, pattern: int) -> Witness | None:
        """What is known already, and fits a pattern (its bits)."""
        if requirement.values:
            return self._wide(requirement, pattern)
        for witness in reversed(self.of_requirement.get(requirement, [])):
            if not witness.moved & ~pattern:
                return witness
        return None

    def unmet(self, hidden: Mask) -> list[Requirement]:
        """The active requirements that a pattern does not meet; then those that it brings up."""
        found = [r for r in self.active if self.witness(r, hidden) is None]
        return found or self._brought_up(hidden)

    def cheapest(self, requirement: Requirement, hidden: Mask, price: Floats) -> Floats | None:
        """Whole-number deviations that meet a requirement and move the cheapest cells."""
        low, high = self._room(requirement, hidden)
        step = requirement.rise
        if not low[requirement.target] <= step <= high[requirement.target]:
            return None
        high = np.minimum(high, FAR * abs(step))
        low[requirement.target] = high[requirement.target] = step
        least = np.concatenate([np.maximum(low, 0.0), np.maximum(-high, 0.0)])
        most = np.concatenate([np.maximum(high, 0.0), np.maximum(-low, 0.0)])
        costs = np.concatenate([price, price])
        self.mover.change_bounds(least, most)
        answer = self.mover.minimise(costs)
        if answer is None:
            return None
        if (whole := self._whole(answer.x, low, high)) is not None:
            return whole
        for presolve in (True, False):
            exact = milp(
                costs,
                bounds=Bounds(least, most),
                constraints=LinearConstraint(self.both_ways, 0.0, 0.0),
                integrality=np.ones(len(costs)),
                options={"mip_rel_gap": 0.1, "presolve": presolve},
            )
            if exact.x is not None and (whole := self._whole(exact.x, low, high)) is not None:
                return whole
        return None

    def settle(self, hidden: Mask) -> None:
        """Look for deviations within a pattern that meet many requirements at once."""
        pattern = bits(hidden)
        self._lift(
            hidden,
            [
                r
                for r in self.active
                if not r.frozen and not r.values and self.remembered(r, pattern) is None
            ],
        )

    def _lift(self, hidden: Mask, waiting: list[Requirement], still: tuple[int, ...] = ()) -> None:
        """Deviations that meet as many requirements as can be, where the cells `still` do not move.

        Each linear programme lifts half of the cells whose requirement is not met yet; which half
        follows from the bits of their place, so that any two are told apart in some round.
        """
        if len(waiting) < MANY:
            return
        place = {r: number for number, r in enumerate(waiting)}
        rises = {r.target: float(r.rise) for r in waiting}
        low = np.where(hidden, -self.problem.room_below, 0.0)
        far = np.minimum(self.problem.room_above, FAR * max(rises.values()))
        high = np.where(hidden, far, 0.0)
        for target, rise in rises.items():
            high[target] = min(rise, self.problem.room_above[target])
        low[list(still)] = high[list(still)] = 0.0
        self.programme.change_bounds(low, high)
        for half in range(2 * len(waiting).bit_length()):
            lifted = [r for r in waiting if (place[r] >> half // 2 & 1) == half % 2]
            if not lifted:
                continue
            objective = np.zeros(self.n)
            objective[[r.target for r in lifted]] = [-1.0 / r.rise for r in lifted]
            answer = self.programme.minimise(objective)
            if answer is None:
                return
            whole = np.rint(answer.x)
            if np.any(np.abs(whole - answer.x) > TOLERANCE) or np.any(self.matrix @ whole):
                continue
            if any(whole[r.target] >= r.rise for r in waiting):
                self._remember(whole)
                waiting = [r for r in waiting if whole[r.target] < r.rise]
            if len(waiting) < MANY:
                return

    def possible(self, asked: Requirement, everything: Mask) -> Requirement | None:
        """The requirement, or as much of it as can be met by hiding everything."""
        if asked in self.hopeless:
            less = asked.rise - 1
            if asked.values or less < 1:
                return None
            return self.possible(replace(asked, rise=less), everything)
        self.of_requirement.setdefault(asked, [])
        if self.witness(asked, everything) is not None:
            return asked
        self.hopeless[asked] = None
        return self.possible(asked, everything)

    def fits_share(self, requirement: Requirement, share: Floats) -> bool:
        """Whether known deviations fit when each cell is hidden to the share given (0 to 1)."""
        above = np.where(share > 1 - TOLERANCE, np.inf, requirement.rise * share + TOLERANCE)
        below = -self.problem.room_below * share - TOLERANCE
        above[requirement.target] = np.inf
        whole = [witness.deviations for witness in self.of_requirement[requirement]]
        return any(
            np.all(deviations <= above) and np.all(deviations >= below)
            for deviations in reversed(whole + self.fractions[requirement])
        )

    def proofs(self, hidden: Mask) -> tuple[Floats, ...]:
        """Everything found that fits a pattern."""
        pattern = bits(hidden)
        return tuple(w.deviations for w in self.found if not w.moved & ~pattern)

    # -- requirements that a pattern brings up -------------------------------------------

    def _brought_up(self, hidden: Mask) -> list[Requirement]:
        everything = np.ones(self.n, dtype=bool)
        for own in self.problem.alone:
            self._lift(hidden, list(self._asked_alone(own, self._moves(hidden), hidden)), own)
        found = []
        for asked in self._asked(hidden):
            wanted = self.possible(asked, everything)
            if wanted is None or self.witness(wanted, hidden) is not None:
                continue
            self._take_up(wanted)
            found.append(wanted)
        return found

    def _asked(self, hidden: Mask) -> Iterator[Requirement]:
        """Those that nothing known meets: of persons alone first, then of width."""
        moves = self._moves(hidden)
        for own in self.problem.alone:
            yield from self._asked_alone(own, moves, hidden)
        if self.problem.judged is not None:
            narrow = self.problem.judged & hidden & (_spread(moves) < self.problem.values - 1)
            for target in np.flatnonzero(narrow).tolist():
                yield Requirement(target, self.problem.values - 1, (), self.problem.values)

    def _moves(self, hidden: Mask) -> Floats:
        """What is known of a pattern, a row each; none is a row that moves nothing."""
        fitting = self.proofs(hidden)
        return np.array(fitting) if fitting else np.zeros((1, self.n))

    def _asked_alone(
        self, own: tuple[int, ...], moves: Floats, hidden: Mask
    ) -> Iterator[Requirement]:
        """What someone who knows the cells `own` must not exclude, and no `moves` show.

        A small count may be as large as for a reader; where the problem is `strict`, no other hidden
        one has a single value.
        """
        targets = [r for r in self.problem.requirements if not r.frozen and not r.values]
        places = np.array([r.target for r in targets], dtype=int)
        rises = np.array([r.rise for r in targets])
        still = moves[~np.any(moves[:, list(own)] != 0, axis=1)]
        met = np.any(still[:, places] >= rises, axis=0)
        for number in np.flatnonzero(~met):
            if targets[number].target not in own:
                yield Requirement(targets[number].target, targets[number].rise, own)
        if self.problem.judged is None or not self.problem.strict:
            return
        single = self.problem.judged & hidden & (_spread(still) < 1)
        single[[*own, *places]] = False
        for target in np.flatnonzero(single).tolist():
            yield Requirement(target, 1, own, 2)

    def _take_up(self, requirement: Requirement) -> None:
        if requirement not in self.active:
            self.active.append(requirement)
            self.of_requirement.setdefault(requirement, [])
            self.fractions.setdefault(requirement, [])

    # -- looking for deviations ------------------------------------------------------------

    def _search(self, requirement: Requirement, hidden: Mask) -> Witness | None:
        whole = self.cheapest(requirement, hidden, self.price)
        return None if whole is None else self._remember(whole)

    def _widen(self, requirement: Requirement, hidden: Mask) -> None:
        """Look for deviations that move a cell as far as its values have to lie apart."""
        far = requirement.values - 1
        for up in range(far, -1, -1):
            steps = [step for step in (up, up - far) if step]
            if all(
                self._search(replace(requirement, rise=step, values=0), hidden) is not None
                for step in steps
            ):
                return

    def _wide(self, requirement: Requirement, pattern: int) -> Witness | None:
        target = requirement.target
        if not pattern >> target & 1:
            return Witness(np.zeros(self.n), 0)
        highest = lowest = Witness(np.zeros(self.n), 1 << target)
        still = ~pattern | sum(1 << cell for cell in requirement.frozen)
        for witness in reversed(self.found):
            if witness.moved >> target & 1 and not witness.moved & still:
                if witness.deviations[target] > highest.deviations[target]:
                    highest = witness
                if witness.deviations[target] < lowest.deviations[target]:
                    lowest = witness
                spread = highest.deviations[target] - lowest.deviations[target]
                if spread >= requirement.values - 1:
                    return Witness(highest.deviations, highest.moved | lowest.moved)
        return None

    def _room(self, requirement: Requirement, hidden: Mask) -> tuple[Floats, Floats]:
        low = np.where(hidden, -self.problem.room_below, 0.0)
        high = np.where(hidden, self.problem.room_above, 0.0)
        for cell in requirement.frozen:
            low[cell] = high[cell] = 0.0
        return low, high

    def _whole(self, parts: Floats, low: Floats, high: Floats) -> Floats | None:
        """Rounded to whole numbers, where these are a solution: the solver is not believed."""
        moves = np.rint(parts)
        whole = moves[: self.n] - moves[self.n :]
        holds = not np.any(self.matrix @ whole) and np.all(whole >= low) and np.all(whole <= high)
        return whole if holds else None

    def _remember(self, deviations: Floats) -> Witness:
        """Keep deviations for every requirement that they meet."""
        witness = Witness(deviations, bits(deviations != 0))
        self.found.append(witness)
        for other, kept in self.of_requirement.items():
            if (
                not other.values
                and deviations[other.target] >= other.rise > 0
                and not any(deviations[cell] for cell in other.frozen)
            ):
                kept.append(witness)
        return witness
