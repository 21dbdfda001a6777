"""What is asked of an edition: tables, each of a measure, for a period, by some dimensions."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from atips_analysis.indicators import Period, parse_period
from atips_analysis.indicators import measures as declared_measures
from atips_analysis.indicators.place import cell_of

MeasureName = tuple[str, str, str]
"""Indicator, unit of count, statistic."""
Place = tuple[str, MeasureName, tuple[str, ...]]
"""A table: its period, its measure, its dimensions in the order of their names (a total: none)."""


@dataclass(frozen=True)
class Question:
    """The tables that are wanted; totals are named like any other."""

    places: frozenset[Place]

    @property
    def codes(self) -> frozenset[str]:
        """The indicators."""
        return frozenset(measure[0] for _, measure, _ in self.places)

    @property
    def periods(self) -> tuple[Period, ...]:
        return tuple(parse_period(name) for name in sorted({place[0] for place in self.places}))

    @property
    def words(self) -> str:
        """Which indicators for which periods, for messages."""
        codes = sorted(self.codes)
        of = ", ".join(codes) if len(codes) < 4 else f"{len(codes)} indicators"
        return f"{of} for {', '.join(period.name for period in self.periods)}"

    def rows_in(self, table: pd.DataFrame) -> pd.Series:
        """Which rows of a tidy table it asks for."""
        found = [place_of(row) in self.places for row in table.to_dict("records")]
        return pd.Series(found, index=table.index, dtype=bool)

    def as_json(self) -> list[list[str]]:
        """As plain data, a line a table."""
        return sorted([period, *name, *table] for period, name, table in self.places)

    @classmethod
    def from_json(cls, lines: Iterable[list[str]]) -> Question:
        """A question as `as_json` wrote it."""
        return cls(
            frozenset((line[0], (line[1], line[2], line[3]), tuple(line[4:])) for line in lines)
        )


def place_of(row: Mapping[Hashable, Any]) -> Place:
    """The table in which a row stands."""
    name = (str(row["indicator_id"]), str(row["unit_of_count"]), str(row["statistic"]))
    return str(row["period"]), name, tuple(sorted(cell_of(row)))


def declared(periods: Iterable[Period], codes: Iterable[str]) -> Question:
    """What reports print of some indicators, for some periods."""
    wanted = list(codes)
    places: set[Place] = set()
    for period in periods:
        for code in wanted:
            places.add((period.name, (code, "", ""), ()))  # an indicator that nobody counts yet
            for one in declared_measures(code):
                planned = (table.by for table in one.planned if table.holds(len(period.years)))
                for table in ((), *planned):
                    places.add((period.name, one.place, tuple(sorted(table))))
    return Question(frozenset(places))


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
