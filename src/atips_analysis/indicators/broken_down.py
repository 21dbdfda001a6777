"""Which cells a measure has in a period: those of the publication plan, and what lies behind them.

What is published is a sum of the smallest things that anything ever printed: a merged category of
its codes, pooled years of their years. Of persons the table holds these as well, in rows whose note
is `BEHIND`: nobody prints them, and protection and attack know them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import pandas as pd

from atips_analysis.codebook import load_codebook
from atips_analysis.codebook.dimension_table import CATEGORIES
from atips_analysis.errors import InputError
from atips_analysis.framework.publication_plan import CROSSED, FILE, PlannedTable
from atips_analysis.indicators.measure import Measure
from atips_analysis.indicators.period import Period

BEHIND = "behind what is published"
"""The note on rows that the publication plan does not publish, and that its tables are sums of."""
NOT_RECORDED = {"U", "UNK", "UNKNOWN"}


@dataclass(frozen=True)
class Place:
    """Where a row stands (dimension to category), and whether it is only `behind` others."""

    cell: Mapping[str, str]
    behind: bool = False


def places(
    measure: Measure,
    period: Period,
    frame: pd.DataFrame,
    *,
    found: Mapping[str, Sequence[str]],
    asked: Iterable[tuple[str, ...]] = (),
    pooled: frozenset[int] = frozenset(),
) -> list[Place]:
    """The broken-down rows of a measure in a period.

    Parameters
    ----------
    frame : its population in the period.
    found : the categories that occur in any period, by dimension (`occurring`).
    asked : tables that are asked for beyond the plan.
    pooled : years that are pooled as well: they lie behind what is published of them together.

    Raises
    ------
    InputError
        If somebody is in a category that a table of the plan neither lists nor merges.
    """
    rows: list[Place] = []
    shown = [table for table in measure.planned if table.holds(len(period.years))]
    for table in shown:
        rows += _published(measure, table, frame, found)
    beyond = [by for by in dict.fromkeys(asked) if by not in {table.by for table in shown}]
    for by in beyond:
        if not _says_nothing(measure, frame, by):
            rows += map(Place, _crossed(by, found))
    if measure.persons and period.whole_years and set(period.years) <= pooled:
        for table in measure.planned:
            if table not in shown and table.by not in beyond:
                rows += (Place(cell, behind=True) for cell in _smallest(table))
    return rows


def occurring(
    frames: Iterable[pd.DataFrame], measure: Measure, asked: Iterable[tuple[str, ...]]
) -> dict[str, list[str]]:
    """The categories of each dimension that occur, and those always shown.

    Raises InputError if one of them is in no code list.
    """
    listed = list(frames)
    tables = [*(table.by for table in measure.planned), *asked]
    found: dict[str, list[str]] = {}
    for name in dict.fromkeys(part for table in tables for part in table):
        dimension = load_codebook().dimension(name)
        seen = {str(value) for frame in listed for value in frame[name].dropna().unique()}
        unknown = sorted(seen - set(dimension.categories))
        if unknown:
            raise InputError(
                f"{measure.name} by {name} gives {unknown[0]}, which neither the code list nor "
                f"{CATEGORIES} has; add it there with its labels"
            )
        found[name] = sorted(seen | set(dimension.always_shown))
    return found


def _published(
    measure: Measure, table: PlannedTable, frame: pd.DataFrame, found: Mapping[str, Sequence[str]]
) -> Iterator[Place]:
    """The rows of a table of the plan; of persons also those that its merged categories hold."""
    if not measure.persons:
        if not _says_nothing(measure, frame, table.by):
            for cell in _crossed(table.by, _listed_or_found(table, found)):
                yield Place(cell)
        return
    _check(measure, table, frame)
    own = list(_crossed(table.by, {name: table.listed(name) for name in table.by}))
    yield from map(Place, own)
    yield from (Place(cell, behind=True) for cell in _smallest(table) if cell not in own)


def _listed_or_found(
    table: PlannedTable, found: Mapping[str, Sequence[str]]
) -> dict[str, Sequence[str]]:
    own = zip(table.by, table.categories, strict=True)
    return {name: listed or found[name] for name, listed in own}


def _smallest(table: PlannedTable) -> Iterator[dict[str, str]]:
    """Cells of the codes that a table lists or merges."""
    lists = {
        name: [
            code
            for category in table.listed(name)
            for code in load_codebook().dimension(name).within(category)
        ]
        for name in table.by
    }
    return _crossed(table.by, lists)


def _check(measure: Measure, table: PlannedTable, frame: pd.DataFrame) -> None:
    for name in table.by:
        dimension = load_codebook().dimension(name)
        known = {code for one in table.listed(name) for code in dimension.within(one)}
        out = sorted({str(value) for value in frame[name].dropna().unique()} - known)
        if out:
            raise InputError(
                f"{measure.name} by {CROSSED.join(table.by)} gives {name} {out[0]}, which the plan "
                "neither lists nor merges; add it to the table's categories",
                file=FILE,
                row=table.row,
            )


def _says_nothing(measure: Measure, frame: pd.DataFrame, table: tuple[str, ...]) -> bool:
    """Whether a table of things, not of persons, has a characteristic that nobody recorded.

    Its zeros would be read as true ones. Tables of persons stay: what is left out tells something.
    """
    return (
        not measure.persons
        and len(frame) > 0
        and any(set(frame[part].dropna()) <= NOT_RECORDED for part in table)
    )


def _crossed(
    by: Sequence[str], categories: Mapping[str, Sequence[str]]
) -> Iterator[dict[str, str]]:
    for codes in product(*(categories[name] for name in by)):
        yield dict(zip(by, codes, strict=True))
