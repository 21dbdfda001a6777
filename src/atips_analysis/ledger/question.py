"""What is asked of an edition: for each period, the tables that are wanted of each measure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from atips_analysis.indicators import Period, parse_period
from atips_analysis.indicators import measures as declared_measures
from atips_analysis.indicators.place import cell_of

MeasureName = tuple[str, str, str]
"""Indicator, unit of count, statistic."""
Table = tuple[str, ...]
"""The dimensions of a table, in the order of their names; none for the total."""
Asked = Mapping[MeasureName, frozenset[Table]]

PLACE_OF_TABLE = tuple[str, MeasureName, Table]


@dataclass(frozen=True)
class Question:
    """`tables` by the name of the period; the total of each measure is always among them."""

    tables: Mapping[str, Asked]

    @property
    def places(self) -> frozenset[PLACE_OF_TABLE]:
        """Each table that is asked for: period, measure, dimensions."""
        return frozenset(
            (period, measure, table)
            for period, asked in self.tables.items()
            for measure, tables in asked.items()
            for table in tables
        )

    @property
    def codes(self) -> tuple[str, ...]:
        """The indicators."""
        return tuple(sorted({measure[0] for asked in self.tables.values() for measure in asked}))

    @property
    def periods(self) -> tuple[Period, ...]:
        return tuple(parse_period(name) for name in sorted(self.tables))

    def without(self, places: frozenset[PLACE_OF_TABLE]) -> Question:
        """The same question but for some tables."""
        return Question(
            {
                period: {
                    measure: frozenset(
                        table for table in tables if (period, measure, table) not in places
                    )
                    for measure, tables in asked.items()
                }
                for period, asked in self.tables.items()
            }
        )

    def rows_in(self, table: pd.DataFrame) -> pd.Series:
        """Which rows of a tidy table the question asks for."""
        return rows_at(table, self.places)

    def as_json(self) -> dict[str, dict[str, list[str]]]:
        """As plain data: dimensions of a table with spaces between, and nothing for the total."""
        return {
            period: {
                " ".join(measure): sorted(" ".join(table) for table in tables)
                for measure, tables in asked.items()
            }
            for period, asked in self.tables.items()
        }

    @classmethod
    def from_json(cls, content: Mapping[str, Mapping[str, Sequence[str]]]) -> Question:
        """A question as `as_json` wrote it."""
        return cls(
            {
                period: {
                    _measure(name): frozenset(tuple(table.split()) for table in tables)
                    for name, tables in asked.items()
                }
                for period, asked in content.items()
            }
        )

    @property
    def words(self) -> str:
        """Which indicators for which periods, for messages."""
        codes = self.codes
        of = ", ".join(codes) if len(codes) < 4 else f"{len(codes)} indicators"
        return f"{of} for {', '.join(sorted(self.tables))}"


def rows_at(table: pd.DataFrame, places: Iterable[PLACE_OF_TABLE]) -> pd.Series:
    """Which rows of a tidy table stand in one of these tables."""
    wanted = frozenset(places)
    found = [place_of(row) in wanted for row in table.to_dict("records")]
    return pd.Series(found, index=table.index, dtype=bool)


def place_of(row: Mapping[str, object]) -> PLACE_OF_TABLE:
    """The table in which a row stands."""
    measure = (str(row["indicator_id"]), str(row["unit_of_count"]), str(row["statistic"]))
    return str(row["period"]), measure, tuple(sorted(cell_of(row)))  # type: ignore[arg-type]


def asked_for(
    periods: Iterable[Period], codes: Iterable[str], more: Mapping[MeasureName, Iterable[Table]]
) -> Question:
    """What is declared of some indicators, for some periods, and `more` tables."""
    declared = list(codes)
    found: dict[str, dict[MeasureName, frozenset[Table]]] = {}
    for period in periods:
        pooled = len(period.years) > 1
        asked: dict[MeasureName, frozenset[Table]] = {}
        for code in declared:
            for one in declared_measures(code):
                name = (one.indicator_id, one.unit, one.statistic)
                tables = [*one.by, *(one.by_pooled if pooled else ()), *more.get(name, ())]
                asked[name] = frozenset({(), *(tuple(sorted(table)) for table in tables)})
            asked.setdefault((code, "", ""), frozenset({()}))
        found[period.name] = asked
    return Question(found)


def _measure(name: str) -> MeasureName:
    indicator, unit, statistic = (*name.split(" "), "", "")[:3]
    return indicator, unit, statistic
