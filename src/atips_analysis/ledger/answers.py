"""Answers to researchers' questions, protected beside what is published and what was answered.

Two ways, in this order:

- what a build of the edition has published is read from there, row by row. That table was
  protected and attacked as a whole, so that questions about it may be asked in any number and
  order, and laid side by side;
- anything else is protected *around* what is published and what the same data bank object has
  answered before: those numbers stay as they are, and of the new ones as many are hidden as it
  takes. What lies between the periods asked for is taken into account: quarters add up to years.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import pandas as pd

from atips_analysis.databank import DataBank
from atips_analysis.disclosure.releases import Released
from atips_analysis.errors import FindingsError, InputError
from atips_analysis.indicators import TIDY_COLUMNS, Period, compute, parse_period
from atips_analysis.indicators import measures as declared_measures
from atips_analysis.indicators.denominators import mid_year_population
from atips_analysis.indicators.place import NAME, cell_of, is_total
from atips_analysis.indicators.rows import Rows
from atips_analysis.indicators.table import read_table
from atips_analysis.project import Project

Asked = Mapping[tuple[str, str, str], Sequence[tuple[str, ...]]]
"""Disaggregations by (indicator, unit, statistic)."""

NOT_SHOWN = "not shown for this period: hidden numbers of others could be worked out"
NO_BREAKDOWN = "no breakdown is shown for this period: hidden numbers could be worked out"


@dataclass(frozen=True)
class Question:
    """An indicator for a period, with the breakdowns that are wanted."""

    code: str
    period: Period
    asked: Asked

    @property
    def tables(self) -> frozenset[frozenset[str]]:
        """The dimensions of each table wanted, as the tidy table names them; totals among them."""
        wanted = {frozenset(table) for tables in self.asked.values() for table in tables}
        return frozenset(wanted | {frozenset()})

    def covers(self, other: Question) -> bool:
        """Whether the answer to this question holds that to another one."""
        return (
            self.code == other.code
            and other.period == self.period
            and all(
                set(tables) <= set(self.asked.get(key, ())) for key, tables in other.asked.items()
            )
        )

    @property
    def asked_for_more(self) -> bool:
        """Whether any breakdown is wanted, and not the total alone."""
        return len(self.tables) > 1


@dataclass
class Answered:
    """What one data bank object has answered so far: questions, and the rows that were given."""

    questions: list[Question] = field(default_factory=list)
    tables: list[pd.DataFrame] = field(default_factory=list)


@dataclass(frozen=True)
class Answer:
    """Protected rows; `beyond` when the published table does not hold all of them."""

    table: pd.DataFrame
    beyond: bool


def protected_answer(
    question: Question, bank: DataBank, rows: Rows, project: Project, answered: Answered
) -> Answer:
    """The rows that answer a question, and may be shown beside all others.

    Raises
    ------
    FindingsError
        If no way of hiding withstands the attack.
    """
    desk = _Desk(question, bank, rows, project, answered)
    if not desk.stands:
        new = _protected(desk)
        if len(new):
            answered.questions.append(question)
            answered.tables.append(new)
            desk = _Desk(question, bank, rows, project, answered)
    if len(desk.standing):
        return Answer(desk.standing, beyond=not desk.all_published)
    if not question.asked_for_more:
        return Answer(desk.nothing, beyond=True)
    plain = Question(question.code, question.period, dict.fromkeys(question.asked, ()))
    whole = protected_answer(plain, bank, rows, project, answered)
    return replace(whole, table=whole.table.assign(note=NO_BREAKDOWN))


def _protected(desk: _Desk) -> pd.DataFrame:
    question = desk.question
    try:
        return desk.protected()
    except FindingsError as error:
        reason = str(error).partition("(")[2].rpartition(")")[0]
        raise FindingsError(
            f"{question.code} for {question.period.name} cannot be answered safely beside what is "
            f"published and was answered before{': ' if reason else ''}{reason}; leave a breakdown "
            "out, or pool more years"
        ) from None
    except InputError:
        raise InputError(
            "the reports of this edition were built by another version of the software; run "
            "atips build again, then ask"
        ) from None


@dataclass(frozen=True)
class _Desk:
    question: Question
    bank: DataBank
    rows: Rows
    project: Project
    answered: Answered

    @cached_property
    def codes(self) -> tuple[str, ...]:
        """The indicator and those whose counts are tied to its counts."""
        return linked(self.question.code)

    @cached_property
    def published(self) -> list[pd.DataFrame]:
        """Tables of builds and bulletins of this edition, of these indicators."""
        found = []
        for manifest in sorted(self.project.reports.glob("*/manifest.json")):
            if json.loads(manifest.read_text(encoding="utf-8")).get("edition") != self.bank.edition:
                continue
            for file in sorted(manifest.parent.glob("*.csv")):
                if file.stem == "indicators" or file.stem.startswith("bulletin-"):
                    table = read_table(file)
                    if set(table["vintage"]) <= {self.bank.edition}:
                        found.append(self._own(table))
        return [table for table in found if len(table)]

    @cached_property
    def fixed(self) -> list[pd.DataFrame]:
        """Rows that stay as they are: published, and given before."""
        given = [self._own(table) for table in self.answered.tables]
        return [*self.published, *(table for table in given if len(table))]

    @cached_property
    def standing(self) -> pd.DataFrame:
        """Rows of the question that are published already, or were given before."""
        if not self.fixed:
            return pd.DataFrame(columns=list(TIDY_COLUMNS))
        whole = pd.concat(self.fixed)
        whole = whole[~whole.index.duplicated()]
        return whole[self._wanted(whole)]

    @cached_property
    def stands(self) -> bool:
        """Whether every table of the question is published, or was protected before."""
        return any(before.covers(self.question) for before in self.answered.questions) or (
            self._is_published
        )

    @property
    def _is_published(self) -> bool:
        period = self.question.period
        yearly = {str(name) for table in self.published for name in table["period"]}
        if period.name not in yearly or not period.whole_years:
            return False
        for one in declared_measures(self.question.code):
            planned = [table.by for table in one.planned if table.holds(len(period.years))]
            asked = self.question.asked.get(one.place, ())
            if any(frozenset(table) not in map(frozenset, planned) for table in asked):
                return False
        return True

    @property
    def all_published(self) -> bool:
        """Whether every row of the answer is one of a published table."""
        if not self.published:
            return False
        return bool(self.standing.index.isin(pd.concat(self.published).index).all())

    @property
    def nothing(self) -> pd.DataFrame:
        """A row a measure that says that not even the total can be shown."""
        raw = compute(
            self.rows,
            [self.question.period],
            [self.question.code],
            population=mid_year_population(self.project),
            vintage=self.bank.edition,
        )
        total = raw[is_total(raw)].copy()
        total[["value", "numerator", "denominator", "ci_low", "ci_high"]] = pd.NA
        return total.assign(method="", status="NAP", note=NOT_SHOWN)

    def protected(self) -> pd.DataFrame:
        """The rows of the question that do not stand yet, and those protected along with them."""
        from atips_analysis.disclosure.part_years import protect_parts

        fixed = self.fixed
        raw = self._raw
        told = {row for table in fixed for row in table.index}
        stands = raw.index.isin(told)
        own = (raw["period"] == self.question.period.name) & _asked_in(raw, [self.question])
        behind = ~stands & ~own & _asked_in(raw, [*self.answered.questions, self.question])
        raw.loc[behind, "note"] = _segment()
        found = protect_parts(
            raw[stands],
            raw[~stands & (own | behind)],
            fixed,
            self.project,
            self._ledger(),
        ).table
        return found[~found.index.isin(told)]

    @property
    def _raw(self) -> pd.DataFrame:
        """Raw rows behind what is published and given, the question's, and what sums need."""
        from atips_analysis.disclosure.part_years import segments_of

        names = {str(name) for table in self.fixed for name in table["period"]} | {
            self.question.period.name
        }
        names |= {str(year) for year in self.question.period.years}
        periods = [parse_period(name) for name in sorted(names)]
        parts = [period for period in periods if not period.whole_years]
        pieces = [one for one in segments_of(parts) if one.name not in names]
        questions = [*self.answered.questions, self.question]
        asked: dict[tuple[str, str, str], list[tuple[str, ...]]] = {}
        for question in questions:
            for key, tables in question.asked.items():
                asked.setdefault(key, []).extend(tables)
        return compute(
            self.rows,
            [*periods, *pieces],
            list(self.codes),
            population=mid_year_population(self.project),
            vintage=self.bank.edition,
            also_by={key: list(dict.fromkeys(tables)) for key, tables in asked.items()},
        )

    def _ledger(self) -> list[Released]:
        from atips_analysis.ledger.earlier import earlier_releases

        folder = self.bank.folder.parent.parent
        released, _ = earlier_releases(self.project, folder, simulated=self.bank.simulated)
        return list(released)

    def _own(self, table: pd.DataFrame) -> pd.DataFrame:
        return table[table["indicator_id"].isin(self.codes)]

    def _wanted(self, table: pd.DataFrame) -> pd.Series:
        at = table["period"] == self.question.period.name
        return at & _asked_in(table, [self.question])


def _asked_in(table: pd.DataFrame, questions: Sequence[Question]) -> pd.Series:
    """Rows of the measures and breakdowns that any of the questions asks for, and of their totals."""
    wanted = {
        (*measure, names)
        for question in questions
        for measure in question.asked
        for names in question.tables
    }
    return pd.Series(
        [
            (*(row[name] for name in NAME[:3]), frozenset(cell_of(row))) in wanted
            for row in table.to_dict("records")
        ],
        index=table.index,
        dtype=bool,
    )


def linked(code: str) -> tuple[str, ...]:
    """The indicators whose counts are tied to those of one, itself among them."""
    ties = [
        {one.indicator_id, *(target.split()[0] for target in one.same_as.values())}
        for one in declared_measures()
    ]
    found = {code}
    while True:
        wider = found.union(*(tie for tie in ties if tie & found))
        if wider == found:
            return tuple(sorted(found))
        found = wider


def _segment() -> str:
    from atips_analysis.disclosure.part_years import SEGMENT

    return SEGMENT
