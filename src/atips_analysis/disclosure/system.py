"""One system of cells: what is printed of it, what anybody can know of it, and the attack on it.

This is the only place that protects or attacks. A product says which cells it has, which sums
hold between them, what is known besides and what was printed earlier; it reads the pattern that
`protect` gives and prints that. `attack` says what is open in what is printed, together with
everything earlier.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pandas as pd

from atips_analysis.disclosure.attack import AttackReport, Release, Shown, attack
from atips_analysis.disclosure.cells import Relation
from atips_analysis.disclosure.forward import Prints, told_by_rules
from atips_analysis.disclosure.inside import told_to_agency
from atips_analysis.disclosure.knowledge import Known, Rule
from atips_analysis.disclosure.suppression import (
    Aim,
    Protection,
    cheapest_pattern,
    could_be_printed,
    whole_counts,
)

ROUNDS = 12
"""How often more is hidden for agencies that know their own rows, before that is given up."""
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
        pattern = self._with_more_for_agencies(replace(aim, rules=False))._protected(aim)
        return pattern.with_open(self._told_to_agencies(pattern))

    def _with_more_for_agencies(self, aim: Aim) -> System:
        """The system with more to be hidden, step by step, until no agency opens anything."""
        system = self
        for _ in range(ROUNDS if self.known.agencies else 0):
            pattern = system._protected(aim)
            more = self._beside_agencies(self._told_to_agencies(pattern), pattern)
            if not more:
                break
            sensitive = {**system.known.sensitive, **more}
            system = replace(system, known=replace(system.known, sensitive=sensitive))
        return system

    def _protected(self, aim: Aim) -> Protection:
        """The cheapest pattern that withstands a reader, a person in it, and one who runs the rules."""
        whole = self._with_earlier()
        pattern = cheapest_pattern(whole.cells, whole.sums, whole.known, self.rule, aim)
        if aim.rules:
            whole, pattern = whole._coarser(pattern, aim)
        if not pattern.proven:
            pattern = self._verified(whole, pattern)
        return pattern

    def _told_to_agencies(self, pattern: Protection) -> frozenset[Hashable]:
        """Cells of which an agency that is to be withstood knows exactly 1 to 4 of others."""
        views = self.opened_by_agencies(self.known.agencies, self.release(pattern)).values()
        return frozenset[Hashable]().union(*(opened for opened, _ in views))

    def _beside_agencies(self, told: Collection[Hashable], pattern: Protection) -> dict[Any, int]:
        """What is hidden next: what is told and shown, and beside what is hidden the cheapest."""
        unseen = self.known.unpublished | pattern.hidden
        shown = {key: self.cells[key] + 1 for key in told if key not in unseen}
        return shown | self._beside(sorted(unseen & set(told), key=repr), pattern)

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
        """What a pattern prints of the cells of this system."""
        printed = pattern.release(
            self.sums, edition=self.edition, unpublished=self.known.unpublished
        )
        own = {
            key: shown
            for key, shown in printed.cells.items()
            if key in self.cells and key not in self.known.unpublished
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
        releases = [self.as_release(one) for one in printed]
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

    def told_to_agency(
        self, own: Mapping[Any, int], *printed: Protection | Release
    ) -> pd.DataFrame:
        """What is left of each cell for an agency that knows how many of it are its `own`.

        Returns
        -------
        DataFrame
            As `inside.told_to_agency`; no row where what it counts does not fit what is printed.
        """
        releases = [self.as_release(one) for one in printed]
        return self._told(own, releases, self._not_small(releases))

    def _not_small(self, releases: Sequence[Release]) -> frozenset[Any]:
        """Cells that a reader who has no rows does not know to count 1 to 4."""
        cells = self.attack(*releases, inside=False, explained=0).cells
        small = cells["low"].ge(1) & cells["high"].lt(self.rule.threshold)
        return frozenset(cells.loc[~small, "key"])

    def _told(
        self, own: Mapping[Any, int], releases: Sequence[Release], closed: frozenset[Any]
    ) -> pd.DataFrame:
        mine = {(self.edition, key): count for key, count in own.items()}
        knowing = replace(self, known=replace(self.known, own=mine))
        report = knowing.attack(*releases, inside=False, explained=0)
        if not report.solvable:
            return told_to_agency(report.cells.head(0), own, self.rule)
        hidden = report.cells.loc[self._own(report.cells), ["key", "low", "high"]]
        shown = [(k, n, n) for one in releases for k, n in one.cells.items() if isinstance(n, int)]
        cells = pd.concat([hidden, pd.DataFrame(shown, columns=["key", "low", "high"])])
        return told_to_agency(cells.drop_duplicates("key"), own, self.rule, closed)

    def _own(self, cells: pd.DataFrame) -> list[bool]:
        """Which rows of a report are of this edition: a cell tied to an earlier one stands there."""
        tied = {
            (tie.edition, key)
            for tie in self.known.ties
            if tie.other_edition == self.edition
            for key in tie.keys
        }
        places = zip(cells["edition"], cells["key"], strict=True)
        return [edition == self.edition or (edition, key) in tied for edition, key in places]

    def opened_by_agencies(
        self, own: Mapping[str, Mapping[Any, int]], release: Release
    ) -> dict[str, tuple[frozenset[Any], frozenset[Any]]]:
        """Cells of which each agency knows that they count exactly 1 to 4 of others.

        First those that it opens by what is printed; then those that national totals alone tell it,
        which are always printed, or earlier releases: nothing that is hidden takes them back.
        """
        if not own:
            return {}
        totals = self.known.totals & release.cells.keys()
        whole, bare = [release], [_blank(release, self.known.totals)]
        closed, closed_bare = self._not_small(whole), self._not_small(bare)
        found = {}
        for agency, counts in sorted(own.items()):
            told = _exactly(self._told(counts, whole, closed))
            alone = _exactly(self._told(counts, bare, closed_bare))
            anyway = told & (alone | totals)
            found[agency] = (told - anyway, anyway)
        return found

    def opened_by_figures_alone(
        self,
        *printed: Protection | Release,
        of: Collection[Hashable] | None = None,
    ) -> frozenset[tuple[str, Hashable]]:
        """(edition, key) of what is open though nothing is printed that need not be.

        Public figures tell it, without any number of these tables but the national totals, which
        are always printed: hiding more takes none of it back. Asked `of` some cells, of those alone.
        """
        totals = self.known.totals
        if not (self.known.figures or totals):
            return frozenset()
        blank = [_blank(self.as_release(one), totals, of) for one in printed]
        older = [replace(one, release=_blank(one.release, totals, of)) for one in self.earlier]
        alone = replace(self, earlier=older).attack(*blank, inside=False, explained=0)
        return frozenset(zip(alone.opened["edition"], alone.opened["key"], strict=True))

    def as_release(self, printed: Protection | Release | Mapping[Any, Shown]) -> Release:
        """A pattern, or what is printed of each cell, as a release of this system."""
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

        A cell of an earlier edition that is tied to one here (or, where nothing is said of ties,
        whose count has not moved) is the same cell, and known where that release printed it; what
        it hid stays hidden. Its other cells stand in the system under names of their own.
        """
        counts: dict[Any, int] = dict(whole_counts(self.cells))
        sums, public = list(self.sums), dict(self.known.counts)
        unpublished = set(self.known.unpublished)
        kept_hidden: dict[Any, int] = {}
        for before in self.earlier:
            keys = set(before.release.cells) | before.release.unpublished
            if any(key not in before.counts for key in keys):
                continue
            name_of = {}
            tied = self._tied(before)
            for key in keys:
                count = before.counts[key]
                same = before.release.edition == self.edition or key in tied
                name = key if same else _other_edition(key, before.release.edition)
                name_of[key] = name
                if name not in counts:
                    counts[name] = count
                    unpublished.add(name)
                shown = before.release.cells.get(key, 0)
                if shown == counts[name] and key in before.release.cells:
                    public[name] = count
                elif not isinstance(shown, int) and name not in unpublished:
                    kept_hidden[name] = count + 1
            for one in before.release.relations:
                parts = tuple(name_of[part] for part in one.parts)
                total = name_of[one.total]
                if counts[total] == sum(counts[part] for part in parts):
                    sums.append(Relation(total, parts, one.table))
        still = {key: reach for key, reach in kept_hidden.items() if key not in public}
        sensitive = dict(self.known.sensitive)
        sensitive |= {key: max(reach, sensitive.get(key, 0)) for key, reach in still.items()}
        known = replace(
            self.known, counts=public, unpublished=frozenset(unpublished), sensitive=sensitive
        )
        once: dict[Any, Relation] = {}  # each release brings the sums of its edition along
        for one in sums:
            once.setdefault((one.total, frozenset(one.parts)), one)
        return replace(self, cells=counts, sums=list(once.values()), known=known, earlier=())

    def _tied(self, before: Earlier) -> frozenset[Hashable]:
        """The cells of an earlier edition that are the same unknown here."""
        if not self.known.ties:
            return frozenset(k for k, n in before.counts.items() if self.cells.get(k) == n)
        pair = {before.release.edition, self.edition}
        ties = (tie.keys for tie in self.known.ties if {tie.edition, tie.other_edition} == pair)
        return frozenset[Hashable]().union(*ties) & self.cells.keys()


def _blank(
    release: Release, totals: Collection[Hashable], of: Collection[Hashable] | None = None
) -> Release:
    """The tables of a release with nothing printed in them but national totals.

    Of cells that are not asked for (`of`) it is known only that sums hold of them.
    """
    nothing = (0.0, float("inf"))
    printed = {
        key: told if key in totals else nothing
        for key, told in release.cells.items()
        if of is None or key in totals or key in of
    }
    unprinted = release.unpublished if of is None else release.unpublished.intersection(of)
    return replace(release, cells=printed, unpublished=unprinted)


def _exactly(left: pd.DataFrame) -> frozenset[Any]:
    return frozenset(left.loc[left["told"].eq("exactly"), "key"])


def _other_edition(key: Any, edition: str) -> Any:
    if isinstance(key, tuple) and len(key) == 3:
        return (f"{key[0]} (edition {edition})", key[1], key[2])
    return (f"edition {edition}", key)
