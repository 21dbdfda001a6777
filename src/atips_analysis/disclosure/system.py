"""One system of cells: what is printed of it, what anybody can know of it, and the attack on it.

This is the only place that protects or attacks. A product says which cells it has, which sums
hold between them, what is known besides and what was printed earlier; it reads the pattern that
`protect` gives and prints that. `attack` says what is open in what is printed, together with
everything earlier.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from atips_analysis.disclosure.attack import AttackReport, Release, Shown, attack
from atips_analysis.disclosure.cells import Relation
from atips_analysis.disclosure.forward import Prints, told_by_rules
from atips_analysis.disclosure.knowledge import Known, Rule
from atips_analysis.disclosure.suppression import (
    Aim,
    Protection,
    cheapest_pattern,
    could_be_printed,
    whole_counts,
)

COARSER = 4
"""How often a pattern that the rules tell is made coarser before it is given up."""


@dataclass(frozen=True)
class Earlier:
    """What was printed before, and the true counts behind it, as far as they are kept.

    Without its counts an earlier release is attacked all the same, but a pattern cannot be made
    to stand beside it.
    """

    release: Release
    counts: Mapping[Any, int] = field(default_factory=dict)


@dataclass(frozen=True)
class System:
    """Cells of counts, the sums between them, what is known of them, and what went before.

    Parameters
    ----------
    cells : true counts by key: all tables together, the same key is the same cell. Empty where
        counts are not known, as in the audit of somebody's tables.
    sums : all sums that a reader knows (`cells.table_relations`, `cells.period_relations`, …).
    known : what is known beside what is printed.
    earlier : what was printed before, oldest first.
    rule : when a count is small, and a hidden one safe.
    edition : of the data bank; unknowns of one edition are the same unknowns.

    Examples
    --------
    >>> from atips_analysis.disclosure import Relation, System
    >>> system = System({"all": 30, "a": 3, "b": 13, "c": 14}, [Relation("all", ("a", "b", "c"))])
    >>> pattern = system.protect()
    >>> sorted(pattern.hidden)
    ['a', 'b']
    >>> system.attack(pattern).safe
    True
    """

    cells: Mapping[Any, int]
    sums: Sequence[Relation]
    known: Known = field(default_factory=Known)
    earlier: Sequence[Earlier] = ()
    rule: Rule = field(default_factory=Rule)
    edition: str = ""

    def protect(self, aim: Aim | None = None) -> Protection:
        """The cheapest pattern that is safe, beside what was printed earlier too.

        Returns
        -------
        Protection
            Proven safe, but for `open_cells`: nothing that holds one may be published.

        Raises
        ------
        InputError
            If sums do not hold, or a count is negative or not whole.
        """
        aim = aim or Aim()
        whole = self._with_earlier()
        pattern = cheapest_pattern(whole.cells, whole.sums, whole.known, self.rule, aim)
        if aim.rules:
            whole, pattern = whole._coarser(pattern, aim)
        if not pattern.proven:
            pattern = self._verified(whole, pattern)
        return pattern

    def _coarser(self, pattern: Protection, aim: Aim) -> tuple[System, Protection]:
        """A pattern of which the rules tell nothing, with more hidden where they do.

        That it was made coarser tells something too: the whole program is run forward on a
        coarser pattern, and what that tells is given up.
        """
        whole, coarser = self._tried(pattern, aim)
        if coarser is pattern or coarser.open_cells:
            return whole, coarser

        def prints(
            cells: Mapping[Any, int], sums: Sequence[Relation], hidden: frozenset[Hashable]
        ) -> bool:
            other = replace(self, cells=cells, sums=sums)
            first = cheapest_pattern(cells, sums, self.known, self.rule, aim)
            return other._tried(first, aim)[1].hidden == hidden

        told = told_by_rules(self.cells, self.sums, self.known, self.rule, coarser, prints)
        return whole, coarser.with_open(told) if told else coarser

    def _cheapest_prints(self, aim: Aim) -> Prints:
        """Whether the cheapest pattern of a filling hides just these cells."""

        def prints(
            cells: Mapping[Any, int], sums: Sequence[Relation], hidden: frozenset[Hashable]
        ) -> bool:
            return could_be_printed(cells, sums, self.known, self.rule, aim, hidden)

        return prints

    def _tried(self, pattern: Protection, aim: Aim) -> tuple[System, Protection]:
        """More hidden, step by step, until the cheapest pattern with that hidden tells nothing."""
        whole = self
        for left in reversed(range(COARSER)):
            prints = whole._cheapest_prints(aim)
            told = told_by_rules(whole.cells, whole.sums, whole.known, self.rule, pattern, prints)
            if not told:
                break
            more = whole._beside(told, pattern)
            if not more or not left:
                return whole, pattern.with_open(told)
            sensitive = {**whole.known.sensitive, **more}
            whole = replace(whole, known=replace(whole.known, sensitive=sensitive))
            pattern = cheapest_pattern(whole.cells, whole.sums, whole.known, self.rule, aim)
        return whole, pattern

    def _beside(self, told: Sequence[Hashable], pattern: Protection) -> dict[Any, int]:
        """For each cell that the rules tell, the cheapest one shown in a sum with it."""
        found: dict[Any, int] = {}
        for key in told:
            sums = [one for one in self.sums if key in (one.total, *one.parts)]
            near = [
                cell
                for one in sums
                for cell in (*one.parts, one.total)
                if self.cells[cell] > 0
                and cell not in pattern.hidden
                and self.known.counts.get(cell) != self.cells[cell]
                and cell not in self.known.unpublished
            ]
            if near:
                cell = min(near, key=lambda cell: (self.cells[cell], repr(cell)))
                found[cell] = self.cells[cell] + 1
        return found

    def release(self, pattern: Protection) -> Release:
        """What a pattern prints of the cells of this system that were not printed before."""
        printed = pattern.release(
            self.sums, edition=self.edition, unpublished=self.known.unpublished
        )
        told = {
            key
            for before in self.earlier
            if before.release.edition == self.edition
            for key in before.release.cells
        }
        own = {
            key: shown
            for key, shown in printed.cells.items()
            if key in self.cells and key not in self.known.unpublished and key not in told
        }
        return replace(printed, cells=own)

    def attack(
        self,
        *printed: Protection | Release | Mapping[Any, Shown],
        inside: bool = True,
        explained: int | None = None,
    ) -> AttackReport:
        """What can be worked out of what is printed, and of all that was printed earlier.

        Parameters
        ----------
        printed : a pattern of this system, what is printed for each of its cells, or releases
            with sums of their own.
        inside : whether a person who knows that she is the only one in a cell attacks as well.
        explained : for how many opened cells the tables that open them are sought; None: all.
        """
        releases = [self._as_release(one) for one in printed]
        truth: dict[tuple[str, Hashable], int] = {}
        for before in self.earlier:
            truth |= {(before.release.edition, k): n for k, n in before.counts.items()}
        truth |= {(self.edition, key): count for key, count in self.cells.items()}
        return attack(
            [*releases, *(before.release for before in self.earlier)],
            self.known,
            self.rule,
            truth=truth,
            inside=inside,
            explained=explained,
        )

    def opened_by_figures_alone(
        self, *printed: Protection | Release
    ) -> frozenset[tuple[str, Hashable]]:
        """(edition, key) of what public figures open without any number of these tables."""
        if not self.known.figures:
            return frozenset()
        blank = [_blank(self._as_release(one)) for one in printed]
        older = [replace(one, release=_blank(one.release)) for one in self.earlier]
        alone = replace(self, earlier=older).attack(*blank, inside=False, explained=0)
        return frozenset(zip(alone.opened["edition"], alone.opened["key"], strict=True))

    def _as_release(self, printed: Protection | Release | Mapping[Any, Shown]) -> Release:
        if isinstance(printed, Protection):
            return self.release(printed)
        if isinstance(printed, Release):
            return printed
        return Release(self.edition, printed, tuple(self.sums), self.known.unpublished)

    def _verified(self, whole: System, pattern: Protection) -> Protection:
        """The pattern, attacked; a cell that the attack opens is reported as open."""
        released = replace(whole, earlier=(), known=replace(whole.known, figures=(), ties=()))
        report = released.attack(pattern, inside=False, explained=0)
        opened = set(report.opened["key"]) if report.solvable else set(released.cells)
        missed = sorted(opened - set(pattern.open_cells), key=repr)
        return pattern.with_open(missed) if missed else pattern

    def _with_earlier(self) -> System:
        """The system with the cells of earlier releases in it.

        A cell of an earlier edition whose count has not moved is the same cell here, and known
        where that release printed it; what it hid stays hidden. Its other cells stand in the
        system under names of their own.
        """
        whole = _Whole(self)
        for before in self.earlier:
            keys = set(before.release.cells) | before.release.unpublished
            if all(key in before.counts for key in keys):
                whole.take_in(before)
        still = {key: reach for key, reach in whole.hidden.items() if key not in whole.public}
        sensitive = dict(self.known.sensitive)
        sensitive |= {key: max(reach, sensitive.get(key, 0)) for key, reach in still.items()}
        known = replace(
            self.known,
            counts=whole.public,
            unpublished=frozenset(whole.unpublished),
            sensitive=sensitive,
        )
        sums = list(dict.fromkeys(whole.sums))
        return replace(self, cells=whole.counts, sums=sums, known=known, earlier=())


class _Whole:
    """A system while the cells of earlier releases are taken into it."""

    def __init__(self, system: System) -> None:
        self.system = system
        self.counts: dict[Any, int] = dict(whole_counts(system.cells))
        self.sums = list(system.sums)
        self.public = dict(system.known.counts)
        self.unpublished = set(system.known.unpublished)
        self.hidden: dict[Any, int] = {}

    def take_in(self, before: Earlier) -> None:
        """The cells of a release and their sums, as far as these hold today."""
        name_of = {}
        for key in before.counts.keys() & (set(before.release.cells) | before.release.unpublished):
            name_of[key] = self._name(key, before)
            if key in before.release.cells:
                self._printed(name_of[key], before.counts[key], key, before.release)
        for one in before.release.relations:
            parts = tuple(name_of[part] for part in one.parts)
            total = name_of[one.total]
            if self.counts[total] == sum(self.counts[part] for part in parts):
                self.sums.append(Relation(total, parts, one.table))

    def _name(self, key: Any, before: Earlier) -> Any:
        """Under what the cell stands: its own key where its count has not moved."""
        count, edition = before.counts[key], before.release.edition
        same = edition == self.system.edition or self.system.cells.get(key) == count
        name = key if same else _other_edition(key, edition)
        if name not in self.counts:
            self.counts[name] = count
            self.unpublished.add(name)
        return name

    def _printed(self, name: Any, count: int, key: Any, release: Release) -> None:
        shown, here = release.cells[key], release.edition == self.system.edition
        if here:
            self.unpublished.discard(name)
        if shown == self.counts[name]:
            self.public[name] = count
        elif count and name not in self.unpublished and (here or shown is None):
            self.hidden[name] = count + 1


def _blank(release: Release) -> Release:
    """The tables of a release with nothing printed in them."""
    return replace(release, cells={key: (0.0, float("inf")) for key in release.cells})


def _other_edition(key: Any, edition: str) -> Any:
    if isinstance(key, tuple) and len(key) == 3:
        return (f"{key[0]} (edition {edition})", key[1], key[2])
    return (f"edition {edition}", key)
