"""Answers to questions: protected beside all that ever left the house, and remembered.

There is one way out, for a build, a bulletin, `atips indicators`, a baseline and a notebook:

- what was asked before of the same edition is answered with the same rows, from the record;
- anything else is protected as one system with all that was printed before, by whatever door and
  of whatever edition: every period is a sum of the smallest ones. Numbers that were printed stay;
  of the new ones as many are hidden as it takes, and where that does not do, breakdowns are left
  out, then measures. What would open a cell all the same is refused.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import pandas as pd

from atips_analysis.databank import DataBank
from atips_analysis.disclosure.indicator_table import Before, Opened, ProtectedTable, protect_table
from atips_analysis.disclosure.smallest_periods import SEGMENT, smallest_periods
from atips_analysis.errors import FindingsError, InputError
from atips_analysis.indicators import Measure, Period, compute, parse_period
from atips_analysis.indicators import measures as declared_measures
from atips_analysis.indicators.denominators import mid_year_population
from atips_analysis.indicators.rows import Rows
from atips_analysis.ledger.earlier import House, house_of
from atips_analysis.ledger.question import (
    PLACE_OF_TABLE,
    MeasureName,
    Question,
    Table,
    place_of,
)
from atips_analysis.ledger.record import Answer, Door, Record, asking, enter
from atips_analysis.project import Project

NO_RECORD = (
    "the data bank has no record of what was answered from it, so that nothing beyond single years "
    "can be shown to be safe; start one with atips consolidate, or restore the data bank's folder"
)


@dataclass(frozen=True)
class Given:
    """The rows that answer a question; `published` when builds and bulletins hold all of them."""

    table: pd.DataFrame
    published: bool


def answer(question: Question, bank: DataBank, rows: Rows, project: Project, door: Door) -> Given:
    """The rows that answer a question and may be shown beside all that ever left the house.

    Raises
    ------
    InputError
        If there is no record to stand beside, and the question goes beyond single years.
    FindingsError
        If the answer would open a cell beside earlier ones; the line names the one against it.
    """
    databank = bank.folder.parent.parent
    with asking(databank):
        house = house_of(project, databank, simulated=bank.simulated)
        own = house.record.of(bank.edition)
        if not question.places <= _asked(own):
            if not house.record.kept and not all(one.is_year for one in question.periods):
                raise InputError(NO_RECORD, file=databank)
            found = _Desk(question, bank, rows, project, house).protected()
            if not house.record.kept:
                return Given(found.table, published=False)
            given = found.table, found.released, found.counts
            own.append(enter(databank, door, question, given, house.state))
    published = question.places <= _asked(one for one in own if one.door in ("build", "bulletin"))
    standing = _standing(own)
    return Given(standing[question.rows_in(standing)], published)


def _asked(answers: Iterable[Answer]) -> frozenset[PLACE_OF_TABLE]:
    return frozenset().union(*(one.question.places for one in answers))


def _standing(answers: Sequence[Answer]) -> pd.DataFrame:
    """All rows that were printed from an edition, each as it was first."""
    whole = pd.concat([one.table for one in answers])
    return whole[~whole.index.duplicated()]


@dataclass(frozen=True)
class Around:
    """What was ever asked for, and where to compute from what lies beside a new question."""

    rows: Rows
    project: Project
    before: Before
    record: Record

    @cached_property
    def asked(self) -> frozenset[PLACE_OF_TABLE]:
        """Each table that was ever asked for."""
        return _asked(self.record.answers)

    @cached_property
    def names(self) -> frozenset[str]:
        """The names of periods that were ever printed."""
        printed = {key[1] for one in self.before.releases for key in one.shown}
        return frozenset(printed | {place[0] for place in self.asked})

    def table_of(self, question: Question, raw: pd.DataFrame) -> pd.DataFrame:
        """The raw rows of a question, with those that tie it to all that was ever printed.

        Rows that the question does not ask for bear the note `SEGMENT`.
        """
        periods = _periods(self.names | question.tables.keys())
        smallest = smallest_periods(periods)
        every = {one.name for one in (*periods, *smallest)}
        if every <= question.tables.keys() and self.asked <= question.places:
            return raw
        more = self.rows_of(question)
        table = pd.concat([raw, more[~more.index.isin(raw.index)]])
        return table.assign(note=table["note"].where(question.rows_in(table), SEGMENT))

    def rows_of(self, question: Question) -> pd.DataFrame:
        """The rows around a question: of all periods ever printed, and of the smallest ones."""
        codes = linked(question.codes)
        places = question.places | {one for one in self.asked if one[1][0] in codes}
        periods = {one.name: one for one in (*question.periods, *_periods(self.names))}
        periods |= {one.name: one for one in smallest_periods(periods.values())}
        years = [one for one in periods.values() if one.whole_years]
        parts = [one for one in periods.values() if not one.whole_years]
        in_parts = {place[1:] for place in places if not parse_period(place[0]).whole_years}
        yearly = self._computed(years, codes, _beyond(places))
        if not parts or not in_parts:
            return yearly
        finer = self._computed(parts, {measure[0] for measure, _ in in_parts}, _beyond(places))
        kept = [place_of(row)[1:] in in_parts for row in finer.to_dict("records")]
        return pd.concat([yearly, finer[kept]])

    def _computed(
        self,
        periods: Sequence[Period],
        codes: Collection[str],
        more: Mapping[MeasureName, Sequence[Table]],
    ) -> pd.DataFrame:
        return compute(
            self.rows,
            sorted(periods, key=lambda one: one.name),
            sorted(codes),
            population=mid_year_population(self.project),
            vintage=self.rows.edition,
            also_by=more,
        )


@dataclass(frozen=True)
class _Desk:
    question: Question
    bank: DataBank
    rows: Rows
    project: Project
    house: House

    def protected(self) -> ProtectedTable:
        """The rows of the question, coarser step by step until nothing is opened."""
        before = about(self.house.before, linked(self.question.codes))
        around = Around(self.rows, self.project, before, self.house.record)
        own = self.house.record.of(self.bank.edition)
        question = self.question.without(_other_runs(self.question, around.asked))
        rows = around.rows_of(question)
        table = rows.assign(note=rows["note"].where(question.rows_in(rows), SEGMENT))
        standing = _standing(own) if own else rows.head(0)
        try:
            found = as_fine_as_can_be(table, self.project, before, standing.index)
        except Opened as opened:
            raise self._refused(opened) from None
        said = found.table
        there = said.index.intersection(standing.index)
        said = pd.concat([said.drop(index=there), standing.loc[there]]).reindex(said.index)
        return replace(found, table=said)

    def _refused(self, opened: Opened) -> FindingsError:
        against = [
            one
            for one in self.house.record.answers
            if any(
                edition == one.edition and key in one.released.keys for edition, key in opened.keys
            )
        ]
        what = against[-1].words if against else "what was released before"
        return FindingsError(
            f"{self.question.words} cannot be answered: beside {what} a hidden number could be "
            "worked out; ask for fewer breakdowns, or pool more years"
        )


def as_fine_as_can_be(
    table: pd.DataFrame, project: Project, before: Before, standing: pd.Index
) -> ProtectedTable:
    """A table, protected beside what went before, with breakdowns or measures left out where it must.

    Zeros are shown, and what was printed stays, so that there are tables that no pattern protects
    (a year of 5 in two quarters). Rows that are `standing` were printed before.

    Raises
    ------
    Opened
        If a cell is opened though nothing is left that could be left out.
    """
    while True:
        try:
            return protect_table(table, project, before)
        except Opened as opened:
            fewer = _coarser(table, opened, standing)
            if not fewer.any():
                raise
            table = table.assign(note=table["note"].mask(fewer, SEGMENT))


def _other_runs(question: Question, asked: frozenset[PLACE_OF_TABLE]) -> frozenset[PLACE_OF_TABLE]:
    """Crossings of pooled years that were printed for another run of years, or are asked for two.

    Two runs that overlap tell apart single years, of which no crossing is printed.
    """
    runs: dict[tuple[MeasureName, Table], list[Period]] = {}
    for name, measure, table in sorted(asked):
        if len(table) > 1:
            runs.setdefault((measure, table), []).append(parse_period(name))
    found = set()
    for name, measure, table in sorted(question.places - asked):
        if len(table) < 2:
            continue
        period, others = parse_period(name), runs.setdefault((measure, table), [])
        if any(set(period.years) & set(one.years) for one in others):
            found.add((name, measure, table))
        else:
            others.append(period)
    return frozenset(found)


def _coarser(table: pd.DataFrame, opened: Opened, standing: pd.Index) -> pd.Series:
    """Which rows to leave out next: breakdowns of what was opened, then all of it, then of all."""
    new = table["note"].ne(SEGMENT) & ~table.index.isin(standing)
    names = {_measure_of(key) for _, key in opened.keys}
    own = (table["indicator_id"] + " " + table["unit_of_count"]).isin(names)
    near = table["indicator_id"].isin(linked(name.split()[0] for name in names))
    broken_down = table["by_1"].ne("")
    for rows in (own & broken_down, own, near & broken_down, near, broken_down):
        if (new & rows).any():
            return new & rows
    return new & False


def _measure_of(key: tuple[str, str, object]) -> str:
    """Indicator and unit, from the name of a cell or of its rest."""
    return " ".join(str(key[0]).split(",")[0].split()[:2])


def about(before: Before, codes: Collection[str]) -> Before:
    """Of what went before, what tells of some indicators: other cells are tied to none of theirs."""
    releases = []
    for one in before.releases:
        own = {key for key in one.keys if str(key[0]).split(" ")[0] in codes}
        sums = tuple(r for r in one.relations if own.intersection((r.total, *r.parts)))
        own |= {key for r in sums for key in (r.total, *r.parts)}  # type: ignore[misc]
        shown = {key: told for key, told in one.shown.items() if key in own}
        unpublished = one.unpublished & own
        releases.append(replace(one, shown=shown, relations=sums, unpublished=unpublished))
    return replace(before, releases=tuple(releases))


def _beyond(places: Iterable[PLACE_OF_TABLE]) -> dict[MeasureName, list[Table]]:
    """Tables to compute for every period: all that are not declared, and pooled ones that overlap."""
    of: dict[tuple[MeasureName, Table], set[str]] = {}
    for period, measure, table in places:
        of.setdefault((measure, table), set()).add(period)
    declared: dict[MeasureName, Measure] = {
        (one.indicator_id, one.unit, one.statistic): one for one in declared_measures()
    }
    found: dict[MeasureName, list[Table]] = {}
    for (name, table), periods in sorted(of.items()):
        one = declared.get(name)
        if one is None or table in {(), *(tuple(sorted(by)) for by in one.by)}:
            continue
        pooled = {tuple(sorted(by)): by for by in one.by_pooled}
        if table not in pooled or len(periods) > 1:
            found.setdefault(name, []).append(pooled.get(table, table))
    return found


def _periods(names: Iterable[str]) -> list[Period]:
    found = []
    for name in sorted(names):
        try:
            found.append(parse_period(name))
        except InputError:
            continue
    return found


def linked(codes: Iterable[str]) -> frozenset[str]:
    """The indicators whose counts are tied to those of some, themselves among them."""
    ties = [
        {one.indicator_id, *(target.split()[0] for target in (*one.same_as.values(), *one.within))}
        for one in declared_measures()
    ]
    found = frozenset(codes)
    while True:
        wider = found.union(*(tie for tie in ties if tie & found))
        if wider == found:
            return found
        found = wider
