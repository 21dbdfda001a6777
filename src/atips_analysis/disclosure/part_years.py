"""Tables of further periods and breakdowns, protected beside what was printed already.

Quarters add up to their year, and years to a baseline. A number of one period may therefore open a
number of another that is hidden, and what was printed stays as it was. So all of them are one
system:

- every period is the sum of its *segments*, the pieces between the first and last months of all
  periods; a segment that is no period of its own is a cell that nobody prints;
- what standing tables show is known to the reader, and what they hide stays hidden: of the new
  numbers as few as possible are hidden so that neither can be worked out;
- the result is attacked together with the standing tables and all that was released earlier, as a
  reader would. Zeros are shown, so that there are tables that no pattern helps (a year of 5 in two
  quarters): then, of all new numbers that hang together with what is opened, nothing is printed
  but what can be worked out without them: a number, or a range. That can open nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import cast

import pandas as pd

from atips_analysis.disclosure.agencies import withstood, withstood_agencies
from atips_analysis.disclosure.attack import AttackReport, Shown
from atips_analysis.disclosure.cells import CellKey, Relation, hanging_together
from atips_analysis.disclosure.indicator_cells import Cells, own_by_agency
from atips_analysis.disclosure.indicator_figures import agrees, public_figures
from atips_analysis.disclosure.indicator_rows import public_table, withheld_rows
from atips_analysis.disclosure.indicator_sums import cells_of
from atips_analysis.disclosure.kept import made_of
from atips_analysis.disclosure.knowledge import Known, Rule
from atips_analysis.disclosure.known_counts import hidden_between
from atips_analysis.disclosure.released_table import printed_cells
from atips_analysis.disclosure.releases import Released, ties_by_counts
from atips_analysis.disclosure.rounded_tables import interval_of
from atips_analysis.disclosure.solved_once import solving_once
from atips_analysis.disclosure.suppression import Aim
from atips_analysis.disclosure.system import Earlier, System
from atips_analysis.disclosure.telling_tables import telling_tables
from atips_analysis.errors import FindingsError, InputError
from atips_analysis.indicators import Period, parse_period
from atips_analysis.project import Project


@dataclass(frozen=True)
class Coarser:
    """What is given in ranges alone, in words, and the (edition, key)s that it would have opened."""

    words: str
    keys: frozenset[tuple[str, CellKey]]


@dataclass(frozen=True)
class Beside:
    """New rows that may be given beside the standing ones, and which of them in ranges alone."""

    table: pd.DataFrame
    coarser: tuple[Coarser, ...] = ()


@dataclass
class _Known:
    """What published tables tell: keys that they show, that they hide, and that they round."""

    shown: set[CellKey] = field(default_factory=set)
    hidden: set[CellKey] = field(default_factory=set)
    unsaid: set[CellKey] = field(default_factory=set)
    rounded: dict[CellKey, tuple[int, int]] = field(default_factory=dict)

    def narrow(self, key: CellKey, low: int, high: int) -> None:
        """A rounded number may stand for counts from `low` to `high`."""
        least, most = self.rounded.get(key, (low, high))
        self.rounded[key] = (max(least, low), min(most, high))


@solving_once()
def protect_beside(  # noqa: PLR0913  (what else is known, each by name)
    table: pd.DataFrame,
    standing: pd.DataFrame,
    project: Project,
    earlier: Sequence[Released] = (),
    earlier_counts: Mapping[tuple[str, CellKey], int] | None = None,
    *,
    aim: Aim | None = Aim(),
    own: pd.DataFrame | None = None,
) -> Beside:
    """Protect the new rows of a table beside those that stand.

    Parameters
    ----------
    table : DataFrame
        Raw rows: those that stand, new ones, and those that tie them together (periods that nobody
        prints), which bear the note `SEGMENT`.
    standing : DataFrame
        Protected rows that stay as they are.
    project : Project
        For the threshold and the register of public figures.
    earlier, earlier_counts
        Releases that went before, of whatever edition, and the counts kept of them.
    aim : Aim or None
        What pattern is sought, which can take minutes for hundreds of new cells; where None, the
        small ones alone are hidden, and what that opens is given in ranges.
    own : DataFrame, optional
        What each agency knows of each number, as `indicators.own_numbers` gives it: those that the
        profile says are withstood.

    Raises
    ------
    InputError
        If a standing row was not made from these raw ones.
    FindingsError
        If what stands contradicts itself.
    """
    check_same_source(table, [standing])
    system, cells, rounded = _beside(table, standing, project, earlier)
    new = _new_cells(table, cells, standing)
    agencies = withstood(own_by_agency(cells, table, own), withstood_agencies(project))
    system = replace(system, known=replace(system.known, agencies=agencies))
    desk = _Attacked(system, rounded, frozenset(new), earlier, earlier_counts or {})
    hidden = desk.cheapest(aim) if aim else desk.small()
    ranged: frozenset[CellKey] = frozenset()
    coarser = []
    while True:
        report, opened = desk.attack(hidden, ranged)
        if not opened:
            break
        more = (desk.near({key for _, key in opened}) or desk.new) - ranged
        ranged |= more
        coarser.append(Coarser(_words(more), frozenset(opened)))
    hidden = (hidden | ranged) - desk.determined.keys()
    told = public_table(table, cells, hidden, report)
    told = told[told["note"].ne(SEGMENT) & ~told.index.isin(standing.index)]
    telling = frozenset[str]().union(*telling_tables(told).values())
    return Beside(told[~told.index.isin(telling)], tuple(coarser))


def _words(keys: Collection[CellKey]) -> str:
    of = sorted({_measure_of(key).split()[0] for key in keys})
    return f"{', '.join(of)} for {', '.join(sorted({key[1] for key in keys}))}"


def _beside(
    table: pd.DataFrame, standing: pd.DataFrame, project: Project, earlier: Sequence[Released]
) -> tuple[System, Cells, dict[CellKey, tuple[int, int]]]:
    """The system of a table, its cells, and what stands as a range; what stands is known."""
    threshold = int(project.profile["disclosure"]["threshold"])
    figures = public_figures(project)
    raw = cells_of(table)
    public = {
        figure.key: int(figure.value)
        for figure in figures
        if isinstance(figure.value, int) and agrees(figure, raw.counts)
    }
    cells = cells_of(table, withheld_rows(table, Rule(threshold)), public)
    known = _known(table, cells, [standing])
    for before in earlier:
        for key, count in before.shown.items():
            if isinstance(count, tuple) and count[0] <= cells.counts.get(key, -1) <= count[1]:
                known.narrow(key, *count)
            elif count is not None and cells.counts.get(key) == count:
                known.shown.add(key)
    known.rounded = {key: ends for key, ends in known.rounded.items() if key not in known.shown}
    cells = with_sums_of_periods(table, cells)
    blank = (known.hidden | known.rounded.keys()) - known.shown
    hidden = {key for key in blank if cells.counts[key] > 0}
    zeros = {key for key in known.rounded if cells.counts[key] == 0}
    cells.unpublished |= _unprinted(table, cells) | zeros | (known.unsaid - known.shown - hidden)
    agreeing = [figure for figure in figures if agrees(figure, cells.counts)]
    system = System(
        cells.counts,
        cells.relations,
        Known(
            counts=public | {key: cells.counts[key] for key in known.shown},
            figures=tuple(agreeing),
            unpublished=frozenset(cells.unpublished),
            totals=cells.national_totals(),
            sensitive={key: cells.counts[key] + 1 for key in hidden},
        ),
        rule=Rule(threshold),
        edition=str(table["vintage"].iloc[0]),
    )
    return system, cells, known.rounded


def released_beside(
    public: pd.DataFrame, table: pd.DataFrame, threshold: int
) -> tuple[Released, dict[CellKey, int]]:
    """What an answer tells, and the true counts behind it (which stay confidential).

    Parameters
    ----------
    public, table : DataFrame
        The rows as they were given, and the raw table with all that ties them together.
    """
    edition = str(table["vintage"].iloc[0])
    public = made_of(edition, public)
    cells = with_sums_of_periods(table, cells_of(table))
    cells.rows = {row: keys for row, keys in cells.rows.items() if row in public.index}
    shown, _ = printed_cells(public, cells)
    members = {cast(CellKey, key) for r in cells.relations for key in (r.total, *r.parts)}
    unpublished = frozenset(members - shown.keys())
    released = Released(edition, shown, tuple(cells.relations), unpublished, threshold=threshold)
    return released, {key: cells.counts[key] for key in released.keys}


def _measure_of(key: CellKey) -> str:
    """Indicator and unit, from the name of a cell or of its rest."""
    return " ".join(str(key[0]).split(",")[0].split()[:2])


def smallest_periods(periods: Iterable[Period]) -> tuple[Period, ...]:
    """What has to be counted beside periods so that they add up: single years, and segments."""
    listed = list(periods)
    names = {period.name for period in listed}
    years = [parse_period(year) for year in sorted({y for one in listed for y in one.years})]
    parts = [period for period in listed if not period.whole_years]
    more = {one.name: one for one in (*years, *segments_of(parts)) if one.name not in names}
    return tuple(more.values())


def segments_of(periods: Iterable[Period]) -> tuple[Period, ...]:
    """The pieces of time between the first and last months of periods, year by year."""
    listed = list(periods)
    starts = {period.start for period in listed} | {_after(period.end) for period in listed}
    years = sorted({year for period in listed for year in period.years})
    starts |= {f"{year}-01" for year in years}
    found = []
    for year in years:
        cuts = sorted(start for start in starts if start.startswith(str(year)))
        for start, after in zip(cuts, [*cuts[1:], f"{year + 1}-01"], strict=True):
            found.append(_listed_or_made(start, _before(after), listed))
    return tuple(found)


def _listed_or_made(start: str, end: str, periods: Sequence[Period]) -> Period:
    for period in periods:
        if (period.start, period.end) == (start, end):
            return period
    return parse_period(f"{start}..{end}")


SEGMENT = "nobody prints it"
"""The note on rows that stand in sums only: of segments, and of measures that are withheld."""


def with_sums_of_periods(table: pd.DataFrame, cells: Cells) -> Cells:
    """The same with each period as the sum of its segments, and what does not fit in a rest.

    A measure whose counts add up in every cell adds up for the reader; where persons are counted
    once a year, or lack a month, a rest that nobody prints stands beside the sum.
    """
    counts, relations = dict(cells.counts), list(cells.relations)
    unpublished = set(cells.unpublished)
    names = set(table["period"])
    single = [parse_period(name) for name in sorted(names) if len(parse_period(name).years) == 1]
    several = [parse_period(name) for name in sorted(names) if ".." in str(name)]
    periods = list({p.name: p for p in [*single, *several]}.values())
    parts = [period for period in periods if not period.is_year]
    pieces = [p for p in segments_of(parts) if p.name in names]
    lines = {(key[0], key[2]) for key in counts if key[1] in {p.name for p in parts}}
    sums: dict[str, list[tuple[CellKey, tuple[CellKey, ...]]]] = {}
    for name, categories in sorted(lines):
        for period in periods:
            whole = cells.key_of((name, period.name, categories))
            inside = [p for p in pieces if period.start <= p.start and p.end <= period.end]
            keys = tuple(cells.key_of((name, p.name, categories)) for p in inside)
            if whole in counts and len(keys) > 1 and all(key in counts for key in keys):
                sums.setdefault(name, []).append((whole, keys))
    for name, found in sums.items():
        exact = all(counts[whole] == sum(counts[key] for key in keys) for whole, keys in found)
        for whole, keys in found:
            title = f"{whole[0]}, {whole[1]} and its parts"
            if exact:
                relations.append(Relation(whole, keys, title))
                continue
            rest = counts[whole] - sum(counts[key] for key in keys)
            slack = (f"{name} in no part or in two", whole[1], whole[2])
            counts[slack] = abs(rest)
            unpublished.add(slack)
            if rest >= 0:
                relations.append(Relation(whole, (*keys, slack), title))
            else:
                added = (f"{name} added up", whole[1], whole[2])
                counts[added] = sum(counts[key] for key in keys)
                unpublished.add(added)
                relations += [Relation(added, keys, title), Relation(added, (whole, slack), title)]
    return replace(
        cells, counts=counts, relations=list(dict.fromkeys(relations)), unpublished=unpublished
    )


def _known(table: pd.DataFrame, cells: Cells, published: Sequence[pd.DataFrame]) -> _Known:
    known = _Known()
    for frame in published:
        for row_id in frame.index[frame.index.isin(table.index)]:
            keys, said = cells.rows.get(row_id), frame.at[row_id, "status"]
            if keys is None:
                continue
            if said == "R":
                known.narrow(keys[0], *interval_of(int(frame.at[row_id, "value"])))
            elif said != "C":
                known.shown |= set(keys)
            elif len(keys) == 1:
                known.hidden |= set(keys)
                if between := hidden_between(frame.loc[row_id]):
                    known.narrow(keys[0], *between)
            else:
                known.unsaid |= set(keys)
    return known


def _unprinted(table: pd.DataFrame, cells: Cells) -> set[CellKey]:
    """Cells that stand in rows of segments alone."""
    segments = set(table.index[table["note"] == SEGMENT])
    printed = {key for row, keys in cells.rows.items() if row not in segments for key in keys}
    inside = {key for row, keys in cells.rows.items() if row in segments for key in keys}
    return inside - printed


def _new_cells(table: pd.DataFrame, cells: Cells, standing: pd.DataFrame) -> set[CellKey]:
    """Cells that new rows print, and none that stands."""
    printed = set(table.index[table["note"].ne(SEGMENT)])
    told = {key for row in standing.index for key in cells.rows.get(row, ())}
    return {key for row in printed for key in cells.rows.get(row, ())} - told


@dataclass(frozen=True)
class _Attacked:
    """A system with its `new` cells, attacked with all that was given `earlier`."""

    system: System
    rounded: Mapping[CellKey, tuple[int, int]]
    new: frozenset[CellKey]
    earlier: Sequence[Released]
    past: Mapping[tuple[str, CellKey], int]

    def cheapest(self, aim: Aim) -> frozenset[CellKey]:
        """The cells that the cheapest pattern hides."""
        return cast("frozenset[CellKey]", self.system.protect(aim).hidden)

    def small(self) -> frozenset[CellKey]:
        """The cells that are small, or hidden where they stand."""
        counts, known = self.system.cells, self.system.known
        small = {key for key in self.new if 1 <= counts[key] < self.system.rule.threshold}
        return frozenset(cast("set[CellKey]", (small - known.counts.keys()) | set(known.sensitive)))

    def attack(
        self, hidden: frozenset[CellKey], ranged: frozenset[CellKey]
    ) -> tuple[AttackReport, list[tuple[str, CellKey]]]:
        """The attack, and what a reader can open now, and not without the new cells.

        Of the `ranged` cells nothing is printed but what can be worked out without them.
        """
        printed = self._printed(hidden)
        printed |= {key: self.determined.get(key, self.without[key]) for key in ranged}
        report = self._attack(printed)
        if not report.solvable:
            raise FindingsError(
                "nothing is given: the tables contradict one another, so that none can be shown to "
                f"be safe ({'; '.join(report.contradictions)})"
            )
        rows = report.opened[~report.opened["truth"].eq(0)].itertuples()
        own = self.system.edition
        found = []
        for row in rows:
            ends = (row.low, row.high)
            before = self.without.get(row.key) if row.edition == own else None
            if ends != before and (row.edition, row.key, *ends) not in self._elsewhere:
                found.append((str(row.edition), cast(CellKey, row.key)))
        told = self._told_to_agencies(printed) - self._told_without
        return report, [*found, *((own, key) for key in sorted(told))]

    def _told_to_agencies(self, printed: Mapping[CellKey, Shown]) -> frozenset[CellKey]:
        """The cells of which an agency that is to be withstood is told exactly 1 to 4 of others."""
        agencies, release = self.system.known.agencies, self._system.as_release(printed)
        views = self._system.opened_by_agencies(agencies, release).values()
        return frozenset[CellKey]().union(*(opened for opened, _ in views))

    @cached_property
    def _told_without(self) -> frozenset[CellKey]:
        return self._told_to_agencies(self._nothing_new)

    @cached_property
    def without(self) -> dict[CellKey, tuple[float, float]]:
        """The range of each hidden or new cell for one who has none of the new ones."""
        cells = self._blank.cells
        own = cells[cells["edition"] == self.system.edition]
        found = dict(zip(own["key"], zip(own["low"], own["high"], strict=True), strict=True))
        return dict.fromkeys(self.new, (0.0, float("inf"))) | found

    @cached_property
    def determined(self) -> dict[CellKey, int]:
        """The new cells that anybody can work out without them, and their counts."""
        return {key: int(self.without[key][0]) for key in self.new if _point(self.without[key])}

    def near(self, keys: Collection[CellKey]) -> frozenset[CellKey]:
        """The new cells that hang together with some cells by sums of what is not known."""
        known = {key for key, shown in self._printed(frozenset()).items() if key not in self.new}
        known -= {*self.system.known.sensitive, *self.rounded}
        sums = [{one.total, *one.parts} - known for one in self.system.sums]
        found = hanging_together(keys, sums)
        return frozenset(key for key in self.new if key in found)

    @cached_property
    def _blank(self) -> AttackReport:
        return self._attack(self._nothing_new)

    @cached_property
    def _nothing_new(self) -> dict[CellKey, Shown]:
        """What is printed of each cell where nothing is printed of the new ones."""
        hidden = cast("frozenset[CellKey]", frozenset(self.system.known.sensitive))
        return self._printed(hidden) | dict.fromkeys(self.new, (0.0, float("inf")))

    @cached_property
    def _elsewhere(self) -> set[tuple[str, CellKey, float, float]]:
        cells = self._blank.cells
        return set(cells[["edition", "key", "low", "high"]].itertuples(index=False, name=None))

    def _printed(self, hidden: frozenset[CellKey]) -> dict[CellKey, Shown]:
        """What is printed of each cell with some hidden; totals of 1 to 4 are printed as such."""
        known, least = self.system.known, self.system.rule.threshold
        printed: dict[CellKey, Shown] = {
            key: None if key in hidden else count
            for key, count in self.system.cells.items()
            if key not in known.unpublished
        }
        few = {
            cast(CellKey, key) for key in known.totals if 1 <= self.system.cells.get(key, 0) < least
        }
        return printed | dict.fromkeys(few & hidden, (1.0, least - 1.0)) | dict(self.rounded)

    def _attack(self, printed: Mapping[CellKey, Shown]) -> AttackReport:
        return self._system.attack(printed, inside=False, explained=0)

    @cached_property
    def _system(self) -> System:
        own = self.system
        bounded = {f.key for f in own.known.figures if isinstance(f.value, tuple)}
        here = Released(own.edition, {}, (), frozenset(own.cells))
        truth = {**self.past, **{(own.edition, key): count for key, count in own.cells.items()}}
        ties = ties_by_counts([*self.earlier, here], truth)
        # What stands of ours is no public figure, of which nothing is taken back: a new number may be
        # given in a range from 0 there, which tells less than that it is hidden.
        public = {f.key: f.value for f in own.known.figures if isinstance(f.value, int)}
        known = replace(own.known, counts=public, exempt=frozenset(bounded), ties=ties)
        earlier = [
            Earlier(
                one.release, {key: n for (of, key), n in self.past.items() if of == one.edition}
            )
            for one in self.earlier
        ]
        return replace(own, known=known, earlier=earlier)


def _point(ends: tuple[float, float]) -> bool:
    return ends[0] == ends[1]


def check_same_source(table: pd.DataFrame, published: Sequence[pd.DataFrame]) -> None:
    """Stop unless published tables print what a raw one holds, but for rows that are kept.

    Raises InputError if a value differs.
    """
    for frame in published:
        own = frame[frame["period"].isin(set(table["period"])) & frame["value"].notna()]
        own = made_of(str(table["vintage"].iloc[0]), own[own["status"] != "R"])
        values = own["value"]
        there = table["value"].reindex(values.index)
        close = (there - values).abs() <= 1e-3 * values.abs().clip(lower=1)
        if not ((there == values) | close).fillna(False).all():
            raise InputError(
                "what was published or answered is not made from this edition of the data bank by "
                "this version of the software; run atips build again, or take the answer back "
                "(atips databank answers, then withdraw)"
            )


def _after(month: str) -> str:
    year, number = int(month[:4]), int(month[5:])
    return f"{year + 1}-01" if number == 12 else f"{year}-{number + 1:02d}"


def _before(month: str) -> str:
    year, number = int(month[:4]), int(month[5:])
    return f"{year - 1}-12" if number == 1 else f"{year}-{number - 1:02d}"
