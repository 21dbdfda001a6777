"""The attack: what a reader who has everything that was ever published can work out.

The reader knows that counts are whole numbers, that a hidden cell of a published table is at
least 1 (zeros are shown), the rule and its threshold, every table of every release, and the
public figures. The attack finds the range that these leave to each hidden cell. A cell is safe
when its range holds the truth, has three values or more, and, for a count that may be small,
reaches the threshold (so that nobody can tell a count of 1 to 4 from a larger one); a cell
printed as an interval from zero that is no small count may keep zero in its range instead.
National totals are always printed; where they leave less, everything else hidden, all that they
leave of the three values and of the reach is asked, and never less than two values.
Someone inside knows more: `inside` says what of the rest that opens.

Each edition has unknowns of its own. They are tied to another edition's only where the caller
says that the rows behind them are the same. Public figures that contradict one another are
tried one at a time, each with all others that agree with it. A system without a solution is a
contradiction, and never read as safe.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
import scipy.sparse as sp

from atips_analysis.disclosure.cells import Relation, describe
from atips_analysis.disclosure.inside import Tables, told_to_persons
from atips_analysis.disclosure.knowledge import Known, PublicFigure, Rule, Tie
from atips_analysis.disclosure.ranges import Ranges, feasible_ranges

Shown = int | tuple[float, float] | None
"""What a release prints for a cell: a count, an interval such as `(1, 4)` for "<5", or nothing."""


@dataclass(frozen=True)
class Release:
    """What was published at one time.

    Parameters
    ----------
    edition : the edition of the data bank it was computed from. Releases of the same edition
        share their unknowns.
    cells : what is printed for each cell of the tables: its count, `None` when it is hidden.
    relations : the sums a reader knows to hold between the cells.
    unpublished : cells that stand in no table, but in relations (the rest of a ratio, a month
        nobody prints): they may be zero as well. They are judged when `truth` is known to be a
        small count.
    differences : cells that stand in no table and follow from what is printed, such as the year
        by which two runs of years differ. They are judged where they are known to be small.
    """

    edition: str
    cells: Mapping[Any, Shown]
    relations: Sequence[Relation]
    unpublished: frozenset[Hashable] = frozenset()
    differences: frozenset[Hashable] = frozenset()


@dataclass(frozen=True)
class AttackReport:
    """What the attack found.

    Attributes
    ----------
    cells : one row a hidden cell: edition, key, low, high (infinite when nothing limits it),
        truth (missing when not told), holds_truth, safe, opened_by (the smallest set of tables
        and figures found that opens it, joined with "; "; empty when safe).
    inside : one row for each cell that a person opens who knows that she is the only one in
        another: own_edition, own, edition, key, low, high. Where counts are not told, every hidden
        cell that can be 1 is taken to be somebody's own.
    contradictions : systems that have no solution, in words.
    solvable : False when a release contradicts itself or another one: nothing is then shown
        to be safe.
    """

    cells: pd.DataFrame
    inside: pd.DataFrame
    contradictions: tuple[str, ...] = ()
    solvable: bool = True

    @property
    def safe(self) -> bool:
        """Whether every hidden cell is safe from outside and inside, in a system that is solvable."""
        return self.solvable and bool(self.cells["safe"].all()) and self.inside.empty

    @property
    def opened(self) -> pd.DataFrame:
        """The cells that are not safe."""
        return self.cells[~self.cells["safe"].astype(bool)]


def attack(
    releases: Sequence[Release],
    known: Known,
    rule: Rule,
    *,
    truth: Mapping[tuple[str, Hashable], int] | None = None,
    inside: bool = True,
    explained: int | None = None,
) -> AttackReport:
    """The feasible range of every hidden cell over all releases and public figures together.

    Only `system` calls this: products build a `System` and ask it to attack.

    Parameters
    ----------
    truth : the true count by (edition, key); what is not in it is not compared.
    inside : whether a person who knows her own cell attacks as well.
    explained : for how many opened cells the tables that open them are sought; all by default.
        (Finding ranges takes a fraction of a second, finding who opens hundreds of cells many.)

    Notes
    -----
    Ranges are exact over whole numbers: each end is a solution that was checked. Method: linear
    and integer programming over the connected parts of the joint system, as in "auditing" of
    Eurostat's Handbook on Statistical Disclosure Control, 2nd ed., section 4.3; for someone
    inside, its section 4.3 on singletons.
    """
    book = _Book.of(releases, known.ties)
    search = _Attack(book, known, dict(truth or {}), rule)
    return search.report(len(book.names) if explained is None else explained, inside)


@dataclass
class _Book:
    """All releases as one system: an index of unknowns, what is printed of them, their sums."""

    names: list[tuple[str, Hashable]] = field(default_factory=list)
    index: dict[tuple[str, Hashable], int] = field(default_factory=dict)
    lower: list[float] = field(default_factory=list)
    upper: list[float] = field(default_factory=list)
    hidden: set[int] = field(default_factory=set)
    implied: set[int] = field(default_factory=set)
    differences: set[int] = field(default_factory=set)
    maybe_zero: set[int] = field(default_factory=set)
    bounded: set[int] = field(default_factory=set)
    withheld: set[int] = field(default_factory=set)
    sums: list[tuple[str, dict[int, float]]] = field(default_factory=list)
    contradictions: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, releases: Sequence[Release], ties: Iterable[Tie]) -> _Book:
        book = cls()
        same = {}
        for tie in ties:
            for key in tie.keys:
                same[(tie.other_edition, key)] = (tie.edition, key)
        for release in releases:
            for key, shown in release.cells.items():
                book._print(book._unknown(release.edition, key, same), shown)
            for key in release.unpublished:
                if (release.edition, key) not in book.index:
                    book.implied.add(book._unknown(release.edition, key, same))
            for key in release.differences:
                book.differences.add(book._unknown(release.edition, key, same))
            for relation in release.relations:
                terms: dict[int, float] = {}
                members = [(relation.total, -1.0), *((part, 1.0) for part in relation.parts)]
                for key, sign in members:
                    number = book._unknown(release.edition, key, same)
                    terms[number] = terms.get(number, 0.0) + sign
                book.sums.append((relation.table or "table", terms))
        return book

    def _unknown(self, edition: str, key: Hashable, same: Mapping[Any, Any]) -> int:
        name = (edition, key)
        if name in self.index:
            return self.index[name]
        first, steps = name, 0
        while first in same and steps < 1000:
            first, steps = same[first], steps + 1
        if first not in self.index:
            self.index[first] = len(self.names)
            self.names.append(first)
            self.lower.append(0.0)
            self.upper.append(np.inf)
        self.index[name] = self.index[first]
        return self.index[name]

    def _print(self, number: int, shown: Shown) -> None:
        if shown is None:
            low, high = 1.0, np.inf
            self.hidden.add(number)
            self.withheld.add(number)
        elif isinstance(shown, tuple):
            low, high = float(shown[0]), float(shown[1])
            self.hidden.add(number)
            if high < np.inf:
                self.bounded.add(number)
            if low == 0:
                self.maybe_zero.add(number)
        else:
            low = high = float(shown)
        self.lower[number] = max(self.lower[number], low)
        self.upper[number] = min(self.upper[number], high)
        if self.lower[number] > self.upper[number]:
            edition, key = self.names[number]
            self.contradictions.append(
                f"{describe(key)} is printed with values that exclude one another"
                + (f" in edition {edition}" if edition else "")
            )
            self.lower[number], self.upper[number] = min(low, high), max(low, high)


class _Attack:
    def __init__(
        self, book: _Book, known: Known, truth: dict[tuple[str, Hashable], int], rule: Rule
    ) -> None:
        self.book, self.figures, self.rule = book, list(known.figures), rule
        self.n = len(book.names)
        self.own = np.zeros(self.n)
        for name, own in known.own.items():
            if name in book.index:
                self.own[book.index[name]] = own
        self.lower, self.upper = np.maximum(book.lower, self.own), np.array(book.upper)
        self.truth = np.full(self.n, np.nan)
        for name, value in truth.items():
            if name in book.index:
                self.truth[book.index[name]] = value
        persons = np.array([key not in known.exempt for _, key in book.names], dtype=bool)
        self.reach = np.where(persons, float(rule.threshold), 0.0)
        self.values = np.where(persons, float(rule.values), 2.0)
        self.totals = np.array([key in known.totals for _, key in book.names], dtype=bool)
        self.public = np.array([key in known.counts for _, key in book.names], dtype=bool)
        self.maybe_zero = np.zeros(self.n, dtype=bool)
        self.maybe_zero[list(book.maybe_zero)] = True
        self.rounded = np.zeros(self.n, dtype=bool)
        self.rounded[list(book.bounded - book.withheld)] = True
        self.tried: dict[tuple[frozenset[str], tuple[PublicFigure, ...]], np.ndarray] = {}
        self.contradictions = list(book.contradictions)
        about: dict[Hashable, set[int]] = defaultdict(set)
        for (_, key), number in book.index.items():
            about[key].add(number)
        self.about = {key: sorted(numbers) for key, numbers in about.items()}

    def report(self, explained: int, inside: bool) -> AttackReport:
        judged = np.zeros(self.n, dtype=bool)
        judged[list(self.book.hidden)] = True
        judged[list(self.book.implied | self.book.differences)] = True
        all_sums = list(range(len(self.book.sums)))
        base = self._ranges(all_sums, (), judged)
        unsafe = ~self._safe(base.low, base.high)
        self._leave_what_totals_leave(all_sums, judged if inside else judged & unsafe)
        solvable = bool(base.solvable.all()) and not self.book.contradictions
        if not base.solvable.all():
            tables = sorted({self.book.sums[s][0] for s in self._touching(~base.solvable)})
            self.contradictions.append(
                f"no counts fit all of these tables together: {'; '.join(tables)}"
            )
        low, high = base.low.copy(), base.high.copy()
        safe = self._safe(low, high) & base.solvable & solvable
        opened_with: dict[int, tuple[PublicFigure, ...]] = dict.fromkeys(range(self.n), ())
        if solvable:
            for figures in self._agreeing_figures(all_sums):
                found = self._ranges(all_sums, figures, judged)
                unsafe = ~self._safe(found.low, found.high)
                self._leave_what_totals_leave(all_sums, judged & unsafe)
                now_safe = self._safe(found.low, found.high)
                worse = (found.high - found.low < high - low) | (safe & ~now_safe)
                worse &= safe | ~now_safe
                low, high = np.where(worse, found.low, low), np.where(worse, found.high, high)
                for unknown in np.flatnonzero(worse):
                    opened_with[int(unknown)] = figures
                safe &= now_safe
        rows = []
        for unknown in np.flatnonzero(judged):
            truth = self.truth[unknown]
            others = truth - self.own[unknown]
            if unknown in self.book.implied and not 1 <= others < self.rule.threshold:
                continue
            known_small = low[unknown] >= 1 and high[unknown] < self.rule.threshold
            if unknown in self.book.differences and not known_small:
                continue
            edition, key = self.book.names[unknown]
            by: list[str] = []
            if not safe[unknown] and solvable and explained > 0:
                explained -= 1
                by = self._opened_by(int(unknown), opened_with[int(unknown)], judged & ~safe)
            rows.append(
                {
                    "edition": edition,
                    "key": key,
                    "low": low[unknown],
                    "high": high[unknown],
                    "truth": truth,
                    "holds_truth": bool(np.isnan(truth) or low[unknown] <= truth <= high[unknown]),
                    "safe": bool(safe[unknown]),
                    "opened_by": "; ".join(by),
                }
            )
        columns = ["edition", "key", "low", "high", "truth", "holds_truth", "safe", "opened_by"]
        table = pd.DataFrame(rows, columns=columns)
        told = self._told_inside(base, judged) if inside and solvable else []
        named = [(*self.book.names[own], *self.book.names[n], *ends) for own, n, *ends in told]
        within = pd.DataFrame(
            named, columns=["own_edition", "own", "edition", "key", "low", "high"]
        )
        return AttackReport(table, within, tuple(self.contradictions), solvable)

    def _told_inside(self, base: Ranges, judged: np.ndarray) -> list[tuple[int, int, float, float]]:
        """What a person opens who knows that she is the only one in a cell."""
        small = judged & (self.reach > 1) & (base.low < self.rule.threshold)
        unknown = np.isnan(self.truth)
        may_be_one = small & np.where(unknown, base.low <= 1, self.truth == 1)
        counted = small & (unknown | ((self.truth >= 1) & (self.truth < self.rule.threshold)))
        tables = Tables([terms for _, terms in self.book.sums], base.low, base.high)
        return told_to_persons(tables, may_be_one, counted, self.rule)

    def _leave_what_totals_leave(self, sums: list[int], cells: np.ndarray) -> None:
        """Ask no more of some cells than is left to them where totals and zeros alone are printed.

        What stands in public already stands there too: nothing that is hidden takes it back.
        """
        if not self.totals.any() or not cells.any():
            return
        kept = self.totals | self.public | (self.upper == 0)
        low = np.where(kept, self.lower, np.minimum(self.lower, 1.0))
        high = np.where(kept, self.upper, np.inf)
        left = _solve([self.book.sums[s][1] for s in sums], low, high, cells)
        values = np.maximum(left.high - left.low + 1.0, 2.0)
        self.reach = np.where(cells, np.minimum(self.reach, left.high), self.reach)
        self.values = np.where(cells, np.minimum(self.values, values), self.values)

    def _safe(self, low: np.ndarray, high: np.ndarray) -> np.ndarray:
        inside = np.isnan(self.truth) | ((low <= self.truth) & (self.truth <= high))
        small = (self.truth >= 1) & (self.truth < self.rule.threshold)
        reaches = (high >= self.reach) | (self.maybe_zero & (low == 0) & ~small)
        # A rounded count that turns out to be no small one gives nobody away, nor does a zero.
        harmless = self.rounded & ((low >= self.rule.threshold) | (high == 0))
        wide = high - low >= self.values - 1
        return np.asarray(inside & ((wide & reaches) | harmless), dtype=bool)

    def _ranges(
        self, sums: Iterable[int], figures: Iterable[PublicFigure], wanted: np.ndarray
    ) -> Ranges:
        lower, upper = self.lower.copy(), self.upper.copy()
        for figure in figures:
            low, high = _interval(figure.value)
            for number in self._about(figure.key):
                lower[number] = max(lower[number], low)
                upper[number] = min(upper[number], high)
        crossed = lower > upper
        lower[crossed] = upper[crossed]
        found = _solve([self.book.sums[s][1] for s in sums], lower, upper, wanted)
        found.solvable[crossed] = False
        return found

    def _about(self, key: Hashable) -> list[int]:
        return self.about.get(key, [])

    def _touching(self, unknowns: np.ndarray) -> list[int]:
        wanted = set(np.flatnonzero(unknowns).tolist())
        return [s for s, (_, terms) in enumerate(self.book.sums) if wanted & set(terms)]

    def _agreeing_figures(self, sums: list[int]) -> list[tuple[PublicFigure, ...]]:
        """The largest sets of figures that the releases allow, one around each figure."""
        usable = [figure for figure in self.figures if self._about(figure.key)]
        if not usable:
            return []
        if self._fits(sums, usable):
            return [tuple(usable)]
        alone = [figure for figure in usable if self._fits_alone(sums, figure)]
        if not alone:
            return []
        if self._fits(sums, alone):
            return [tuple(alone)]
        sets: list[tuple[PublicFigure, ...]] = []
        for figure in alone:
            if any(figure in known for known in sets):
                continue
            together = [figure]
            for other in alone:
                if other is not figure and self._fits(sums, [*together, other]):
                    together.append(other)
            sets.append(tuple(together))
        names = sorted({figure.source for figure in alone})
        self.contradictions.append(
            f"public figures contradict one another and were tried one at a time: {'; '.join(names)}"
        )
        return sets

    def _fits(self, sums: list[int], figures: Sequence[PublicFigure]) -> bool:
        """Whether there are counts that fit the releases and these figures together."""
        return bool(self._ranges(sums, figures, np.zeros(self.n, dtype=bool)).solvable.all())

    def _fits_alone(self, sums: list[int], figure: PublicFigure) -> bool:
        """Whether the releases allow a figure; where they do not, it is noted."""
        if self._fits(sums, [figure]):
            return True
        self.contradictions.append(
            f"{figure.source} gives {figure.value} for {describe(figure.key)}, "
            "which the released tables exclude"
        )
        return False

    def _opened_by(
        self, unknown: int, figures: tuple[PublicFigure, ...], opened: np.ndarray
    ) -> list[str]:
        """A smallest set of tables and figures that still opens a cell.

        Tables are added around the cell, step by step, until they open it; then each table and
        figure that is not needed for that is left out again.
        """
        kept = frozenset(name for name, terms in self.book.sums if unknown in terms)
        while not self._opens(kept, figures, opened)[unknown]:
            reached = {cell for name, terms in self.book.sums if name in kept for cell in terms}
            wider = kept | {name for name, terms in self.book.sums if reached & terms.keys()}
            if wider == kept:
                break
            kept = wider
        for name in sorted(kept):
            if self._opens(kept - {name}, figures, opened)[unknown]:
                kept = kept - {name}
        needed = figures
        for figure in figures:
            fewer = tuple(other for other in needed if other is not figure)
            if self._opens(kept, fewer, opened)[unknown]:
                needed = fewer
        found = sorted(kept) + [f"{f.source}: {describe(f.key)}" for f in needed]
        return found or ["what another table prints for the cell itself"]

    def _opens(
        self, tables: frozenset[str], figures: tuple[PublicFigure, ...], opened: np.ndarray
    ) -> np.ndarray:
        """Which of the opened cells some tables and figures open; kept for the next cell."""
        if (tables, figures) not in self.tried:
            sums = [s for s, (name, _) in enumerate(self.book.sums) if name in tables]
            found = self._ranges(sums, figures, opened)
            self.tried[(tables, figures)] = ~self._safe(found.low, found.high)
        return self.tried[(tables, figures)]


def _interval(value: int | tuple[float, float]) -> tuple[float, float]:
    if isinstance(value, tuple):
        return float(value[0]), float(value[1])
    return float(value), float(value)


def _solve(
    sums: list[dict[int, float]], lower: np.ndarray, upper: np.ndarray, wanted: np.ndarray
) -> Ranges:
    """Ranges of all unknowns; those printed as one value are taken out of the system first."""
    n = len(lower)
    fixed = lower == upper
    rows: list[int] = []
    columns: list[int] = []
    values: list[float] = []
    right = np.zeros(len(sums))
    # Every answer of an edition brings the same sums along: each is taken once.
    taken: set[tuple[frozenset[tuple[int, float]], float]] = set()
    for row, terms in enumerate(sums):
        left = {column: value for column, value in terms.items() if value and not fixed[column]}
        right[row] = -sum(v * lower[c] for c, v in terms.items() if fixed[c])
        same = (frozenset(left.items()), float(right[row]))
        if left and same in taken:
            right[row] = 0.0
            continue
        taken.add(same)
        rows += [row] * len(left)
        columns += left.keys()
        values += left.values()
    matrix = sp.csr_array((values, (rows, columns)), shape=(len(sums), n), dtype=float)
    touched = np.unique(np.array(columns, dtype=int))
    inner = feasible_ranges(
        sp.csr_array(matrix[:, touched]),
        right,
        lower[touched],
        upper[touched],
        wanted=wanted[touched],
    )
    found = Ranges(lower.astype(float), upper.astype(float), lower <= upper)
    found.low[touched], found.high[touched] = inner.low, inner.high
    found.solvable[touched] = inner.solvable
    broken = np.diff(matrix.indptr) == 0
    for row in np.flatnonzero(broken & (np.abs(right) > 0.5)).tolist():
        for column in sums[row]:
            found.solvable[column] = False
    return found
