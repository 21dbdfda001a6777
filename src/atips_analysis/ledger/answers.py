"""Answers to questions: protected beside all that ever left the house, and remembered.

There is one way out for a bulletin, `atips indicators`, a baseline and a notebook; a build enters
its own table in the same record. What stands already in a table of the same edition is answered
from there, so that what is asked again is answered the same. Anything else is protected around
what stands and attacked with all that was given before, by whatever door and of whatever edition;
what would open a cell all the same is given as the range that follows from what stands, and said to
be.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import pandas as pd

from atips_analysis.databank import DataBank
from atips_analysis.databank.disclosure_key import key_of
from atips_analysis.disclosure.agencies import withstood_agencies
from atips_analysis.disclosure.cells import CellKey
from atips_analysis.disclosure.indicator_table import protect_table
from atips_analysis.disclosure.kept import made_of, told_beside
from atips_analysis.disclosure.part_years import (
    SEGMENT,
    Beside,
    protect_beside,
    released_beside,
    smallest_periods,
)
from atips_analysis.disclosure.releases import Released
from atips_analysis.disclosure.suppression import Aim
from atips_analysis.errors import InputError
from atips_analysis.indicators import Period, parse_period
from atips_analysis.indicators import measures as declared_measures
from atips_analysis.indicators.compute import compute, of_nobody
from atips_analysis.indicators.declared import registered, uncollected
from atips_analysis.indicators.denominators import mid_year_population
from atips_analysis.indicators.own_numbers import own_numbers
from atips_analysis.indicators.rows import Rows
from atips_analysis.indicators.table import parse_table, table_text
from atips_analysis.ledger.earlier import House, Known
from atips_analysis.ledger.question import MeasureName, Place, Question, declared, linked, place_of
from atips_analysis.ledger.record import Answer, Door, asking, enter
from atips_analysis.project import Project

NO_RECORD = (
    "the data bank has no record of what was answered from it, so that nothing beyond the tables of "
    "its reports can be shown to be safe; atips build begins one, or restore the data bank's folder"
)


@dataclass(frozen=True)
class Given:
    """The rows that answer a question; `published` when builds and bulletins hold all of them.

    `coarser` says, a line each, what is given in ranges alone, and beside what it could not stand.
    """

    table: pd.DataFrame
    published: bool
    coarser: tuple[str, ...] = ()


def answer(question: Question, bank: DataBank, rows: Rows, project: Project, door: Door) -> Given:
    """The rows that answer a question and may stand beside all that ever left the house.

    Raises InputError if there is no record to stand beside, and the question goes beyond the
    reports' tables. Raises FindingsError if what stands contradicts itself.
    """
    databank = bank.folder.parent.parent
    with asking(databank):
        house = House.of(project, databank, simulated=bank.simulated)
        desk = _Desk(question, bank, rows, project, house, door)
        new = desk.new
        if new and house.record is None:
            raise InputError(NO_RECORD, file=databank)
        found = desk.protected() if new else Beside(desk.standing.head(0))
        table = pd.concat([desk.standing, found.table]) if len(found.table) else desk.standing
        # As it will be read from the record: what is asked again is answered the same, digit by digit.
        table = parse_table(table_text(table[question.rows_in(table)]), databank)
        drafts = _places(one for one in desk.own if one.draft)
        published = question.places <= drafts
        handed = _places(one for one in desk.own if not one.draft)
        # Pages of published rows are as much a draft as the build that they are from.
        draft = published and door in ("bulletin", "notebook")
        if house.record is not None and not draft and not question.places <= handed:
            enter(databank, door, question, (table, *desk.told(table)))
        coarser = tuple(
            f"{one.words}: given as ranges that follow from what stands, as beside "
            f"{desk.known.against(one.keys)} a hidden number could be worked out"
            for one in found.coarser
        )
        return Given(table, published, coarser)


def plan(bank: DataBank, project: Project) -> Question:
    """What a build of the last year of an edition prints: its years, and those before it pooled."""
    last = bank.years[-1]
    years = [year for year in bank.years if last - 4 < year]
    names = [str(year) for year in years]
    if len(years) > 2:
        names.append(f"{years[0]}-{years[-2]}")
    return declared(map(parse_period, names), [one.id for one in registered(project)])


@dataclass(frozen=True)
class _Desk:
    """A question of an edition, what stands of that edition, and what is computed for it."""

    question: Question
    bank: DataBank
    rows: Rows
    project: Project
    house: House
    door: Door

    @cached_property
    def own(self) -> list[Answer]:
        """What stands of the edition: a build's table first of all."""
        record = self.house.record
        found = record.of(self.bank.edition) if record else []
        if any(one.door == "build" for one in found):
            return found
        return [*found, self._plan_made()]

    def _plan_made(self) -> Answer:
        """The reports' table of an edition of which none was built: as a build will make it."""
        asked = plan(self.bank, self.project)
        raw = self._computed(asked.periods, asked.codes, {})
        *_, known = self.house.known_to_each_build(asked, self.bank.edition)
        made = protect_table(
            raw,
            self.project,
            earlier=known.releases,
            earlier_counts=known.counts,
            printed=known.printed,
            databank=self.house.databank,
            own=own_numbers(self.rows, raw),
        ).table
        released, counts = released_beside(made, raw, self._threshold)
        of = {(self.bank.edition, key): count for key, count in counts.items()}
        if self.house.record is None:
            return Answer("", self.bank.edition, "build", asked, (released,), of, table_text(made))
        return enter(self.house.databank, "build", asked, (made, [released], of))

    @cached_property
    def new(self) -> frozenset[Place]:
        """The tables that are asked for and do not stand yet."""
        return self.question.places - _places(self.own)

    @cached_property
    def standing(self) -> pd.DataFrame:
        """All rows that stand of the edition: each table as it was first, and no row more."""
        found, before = [], frozenset[Place]()
        for one in self.own:
            places = one.question.places
            found.append(one.table[Question(places - before).rows_in(one.table)])
            before |= places
        return pd.concat(found)

    @property
    def _made_here(self) -> pd.DataFrame:
        """Of what stands the rows that were made of this edition, and not kept of another."""
        return made_of(self.bank.edition, self.standing)

    @cached_property
    def codes(self) -> frozenset[str]:
        """The indicators asked for, and those whose counts are tied to theirs."""
        return linked(self.question.codes)

    @cached_property
    def known(self) -> Known:
        """What binds the answer, as far as it tells of these indicators."""
        binding = self.house.record.binding(self.bank.edition) if self.house.record else []
        return self.house.known(binding)

    def protected(self) -> Beside:
        """The new rows, in ranges where they would open something else."""
        standing = self._made_here[self._made_here["indicator_id"].isin(self.codes)]
        secret = key_of(self.project, self.house.databank, simulated=self.bank.simulated)
        found = protect_beside(
            self.raw,
            standing,
            self.project,
            [_about(one, self.codes) for one in self._beside],
            self.known.counts,
            aim=Aim(key=secret) if self.door in ("bulletin", "notebook") else None,
            own=own_numbers(self.rows, self.raw) if withstood_agencies(self.project) else None,
        )
        return replace(found, table=told_beside(found.table, self.standing))

    @property
    def _beside(self) -> list[Released]:
        """What binds the answer but for the edition's own tables, which stand in its system."""
        own = [released for one in self.own for released in one.released[:1]]
        return [one for one in self.known.releases if one not in own]

    def told(self, table: pd.DataFrame) -> tuple[list[Released], dict[tuple[str, CellKey], int]]:
        """What the rows of an answer tell, and the true counts behind it."""
        released, counts = released_beside(table, self.raw, self._threshold)
        return [released], {(self.bank.edition, key): count for key, count in counts.items()}

    @cached_property
    def raw(self) -> pd.DataFrame:
        """The raw rows of all that stands and is asked for, and of the periods that tie them."""
        asked = self.question.places | {
            place for place in _places(self.own) if place[1][0] in self.codes
        }
        question = Question(asked)
        periods = {one.name: one for one in question.periods}
        periods |= {one.name: one for one in smallest_periods(periods.values())}
        years = [one for one in periods.values() if one.whole_years]
        table = self._computed(years, self.codes, _beyond(asked))
        parts = [one for one in periods.values() if not one.whole_years]
        inside = {place[1:] for place in asked if not parse_period(place[0]).whole_years}
        if inside:
            finer = self._computed(parts, {name[0] for name, _ in inside}, _beyond(asked))
            kept = [place_of(row)[1:] in inside for row in finer.to_dict("records")]
            table = pd.concat([table, finer[kept]])
        wanted = Question(self.new - _other_runs(self.new, asked - self.new)).rows_in(table)
        wanted |= table.index.isin(self._made_here.index)
        return table.assign(note=table["note"].where(wanted, SEGMENT))

    @property
    def _threshold(self) -> int:
        return int(self.project.profile["disclosure"]["threshold"])

    def _computed(
        self,
        periods: Iterable[Period],
        codes: Collection[str],
        more: Mapping[MeasureName, Sequence[tuple[str, ...]]],
    ) -> pd.DataFrame:
        table = compute(
            self.rows,
            sorted(periods, key=lambda one: one.name),
            _in_order(self.project, codes),
            population=mid_year_population(self.project),
            vintage=self.bank.edition,
            also_by=more,
        )
        return of_nobody(table, uncollected(self.project))


def _in_order(project: Project, codes: Collection[str]) -> list[str]:
    """Indicators in the order of the register."""
    order = [one.id for one in registered(project)]
    return sorted(codes, key=lambda code: order.index(code) if code in order else len(order))


def _places(answers: Iterable[Answer]) -> frozenset[Place]:
    return frozenset().union(*(one.question.places for one in answers))


def _beyond(places: Iterable[Place]) -> dict[MeasureName, list[tuple[str, ...]]]:
    """Tables to compute for every period: all that are not declared for every one."""
    found: dict[MeasureName, set[tuple[str, ...]]] = {}
    for _, name, table in places:
        found.setdefault(name, set()).add(table)
    more = {}
    for one in declared_measures():
        always = {(), *(tuple(sorted(table.by)) for table in one.planned if not table.pooled)}
        order = {tuple(sorted(by)): by for by in one.by}
        tables = sorted(found.get(one.place, set()) - always)
        if tables:
            more[one.place] = [order.get(table, table) for table in tables]
    return more


def _other_runs(new: frozenset[Place], standing: frozenset[Place]) -> frozenset[Place]:
    """Crossings of pooled years that stand for another run of years, or are asked for two.

    Two runs that overlap tell apart single years, of which no crossing is printed.
    """
    runs: dict[tuple[MeasureName, tuple[str, ...]], list[Period]] = {}
    for name, measure, table in sorted(standing):
        runs.setdefault((measure, table), []).append(parse_period(name))
    persons = {one.place for one in declared_measures() if one.persons}
    found = set()
    for place in sorted(one for one in new if one[1] in persons):
        own, others = parse_period(place[0]), runs.setdefault(place[1:], [])
        if len(place[2]) > 1 and any(set(own.years) & set(one.years) for one in others):
            found.add(place)
        others.append(own)
    return frozenset(found)


def _about(released: Released, codes: Collection[str]) -> Released:
    """Of a release what tells of some indicators: its other cells are tied to none of theirs."""
    own = {key for key in released.keys if str(key[0]).split(" ")[0] in codes}
    sums = tuple(r for r in released.relations if own.intersection((r.total, *r.parts)))
    own |= {key for r in sums for key in (r.total, *r.parts)}  # type: ignore[misc]
    shown = {key: told for key, told in released.shown.items() if key in own}
    return replace(released, shown=shown, relations=sums, unpublished=released.unpublished & own)
