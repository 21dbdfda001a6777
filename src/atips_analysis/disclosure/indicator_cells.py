"""The cells behind a row of the tidy table of indicators, and what ties them to other rows'.

Every count of persons is a cell; a share, a ratio or a rate is the cells that it is made of.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

import pandas as pd

from atips_analysis.disclosure.cells import CellKey, Relation, cell_key, complement_relation
from atips_analysis.disclosure.national_totals import national_totals
from atips_analysis.indicators import Measure, measures
from atips_analysis.indicators.place import cell_of


@dataclass
class Cells:
    """The cells behind a tidy table, and what a reader knows of them.

    `counts` by key; `unpublished` keys are printed nowhere; `rows` gives for each row of the
    table, by its id, the keys that its numbers are made of; `withheld` rows are not published. Cells are
    `none_by_months` when anybody knows that they are 0: all were followed long enough.
    """

    counts: dict[CellKey, int] = field(default_factory=dict)
    relations: list[Relation] = field(default_factory=list)
    unpublished: set[CellKey] = field(default_factory=set)
    rows: dict[str, tuple[CellKey, ...]] = field(default_factory=dict)
    withheld: set[str] = field(default_factory=set)
    same: dict[CellKey, CellKey] = field(default_factory=dict)
    none_by_months: set[CellKey] = field(default_factory=set)

    def key_of(self, key: CellKey) -> CellKey:
        """The key under which a cell stands: cells known to be the same share one."""
        for _ in range(10):
            if self.same.get(key, key) == key:
                break
            key = self.same[key]
        return key

    def national_totals(self) -> frozenset[Hashable]:
        """The national totals of a year, under the keys that they share with other cells."""
        totals = cast("frozenset[CellKey]", national_totals([*self.counts, *self.same]))
        return frozenset(self.key_of(key) for key in totals)


@dataclass
class Links:
    """What ties the cells of rows together, gathered row by row.

    `groups` are the cells of one table, by its name and whether it adds up over years, `apart` those
    whose table does not add up to its total; `cohorts`
    those of shares that add up over years only; `aliases` cells that another table prints as well;
    `inside` pairs of a part and the whole that it lies within.
    """

    groups: dict[tuple[str, bool], list[CellKey]] = field(default_factory=dict)
    apart: list[CellKey] = field(default_factory=list)
    cohorts: list[CellKey] = field(default_factory=list)
    aliases: list[tuple[CellKey, CellKey]] = field(default_factory=list)
    inside: list[tuple[CellKey, CellKey]] = field(default_factory=list)


@dataclass(frozen=True)
class Row:
    """A row of persons: its measure, its period and its place."""

    measure: Measure
    period: str
    cell: Mapping[str, str]

    @property
    def name(self) -> str:
        return f"{self.measure.indicator_id} {self.measure.unit}"

    def key(self, role: str) -> CellKey:
        """The cell of the row's value, numerator, denominator or rest."""
        title = self.name if role == "value" else f"{self.name} {self.measure.statistic} {role}"
        outside = dict(self.cell)
        if role == "denominator":
            for dimension in (self.measure.distribution, self.measure.shares_of_all):
                outside.pop(dimension or "", None)
        return cell_key(title, self.period, outside)

    def within(self) -> list[CellKey]:
        """The cells of other tables that the row's persons are among."""
        return [_elsewhere(target, self.period, self.cell) for target in self.measure.within]

    def put(
        self, role: str, count: int, cells: Cells, links: Links, *, group: bool = True
    ) -> CellKey:
        """Enter one cell of the row, in the `group` of its table or apart."""
        key, measure = self.key(role), self.measure
        cells.counts[key] = count
        staged = f"{role} stage={self.cell.get('stage')}"
        target = measure.same_as.get(role) or measure.same_as.get(staged)
        if target:
            links.aliases.append((key, _elsewhere(target, self.period, self.cell)))
        if group:
            links.groups.setdefault((key[0], measure.additive), []).append(key)
        else:
            links.apart.append(key)
        return key


COUNTED_IN = {"count": "value", "rate": "numerator", "median": "denominator"}
"""The column that holds the number of persons of a statistic that is no share."""


def add_row(cells: Cells, links: Links, row_id: str, row: Mapping[str, Any], declared: Row) -> None:
    """Enter a row of the tidy table: its cells, and what ties them to others."""
    statistic = declared.measure.statistic
    if statistic not in COUNTED_IN:
        if not pd.isna(row["numerator"]):
            _add_share(cells, links, row_id, row, declared)
        return
    median = statistic == "median"
    key = declared.put("value", int(row[COUNTED_IN[statistic]]), cells, links, group=not median)
    if median and declared.cell:
        links.inside.append((key, cell_key(declared.name, declared.period, {})))
    cells.rows[row_id] = (key,)
    links.inside.extend((key, whole) for whole in declared.within())


def _add_share(
    cells: Cells, links: Links, row_id: str, row: Mapping[str, Any], declared: Row
) -> None:
    """Enter the part and the whole of a share, and the rest of a percentage."""
    measure, cell = declared.measure, declared.cell
    numerator, denominator = int(row["numerator"]), int(row["denominator"])
    shared = measure.shares_of_all and cell.get(measure.shares_of_all)
    adds_up = not shared and measure.distribution is None
    top = declared.put("numerator", numerator, cells, links, group=adds_up)
    bottom = declared.put("denominator", denominator, cells, links, group=adds_up)
    if shared and measure.additive:
        links.cohorts += [top, bottom]
    if numerator == 0 and shared in measure.none_by_months:
        cells.none_by_months.add(top)
    if row["status"] != "NAP" or denominator == 0:
        cells.rows[row_id] = (top, bottom)
    links.inside.extend((bottom, whole) for whole in declared.within())
    if measure.distribution:
        _add_unknown(cells, bottom, declared, links.aliases)
        return
    if measure.statistic == "percent":
        rest = declared.put("rest", denominator - numerator, cells, links, group=False)
        cells.unpublished.add(rest)
        title = f"{measure.indicator_id}, {declared.period}"
        cells.relations.append(complement_relation(top, rest, bottom, table=title))
    if shared:
        _add_shares_of_all(cells, links.inside, measure, top, bottom, cell)


def _add_shares_of_all(
    cells: Cells,
    inside: list[tuple[CellKey, CellKey]],
    measure: Measure,
    top: CellKey,
    bottom: CellKey,
    cell: Mapping[str, str],
) -> None:
    """What lies within what, and what makes up the whole, of categories that overlap."""
    dimension, (name, period, _) = measure.shares_of_all, top

    def of(category: str) -> CellKey:
        if category == "rest":
            rest = name.removesuffix("numerator") + "rest"
            return cell_key(rest, period, {**cell, dimension: "Total"})
        return cell_key(name, period, {**cell, dimension: category})

    inside.extend((top, of(whole)) for part, whole in measure.nested if cell[dimension] == part)
    if measure.shares_out and cell[dimension] == measure.shares_out[-1]:
        parts = tuple(of(part) for part in measure.shares_out)
        if all(part in cells.counts for part in parts):
            cells.relations.append(Relation(bottom, parts, f"{measure.indicator_id}, {period}"))


def _add_unknown(
    cells: Cells, bottom: CellKey, declared: Row, aliases: list[tuple[CellKey, CellKey]]
) -> None:
    """The whole of a distribution within a group: its total less those of unknown category."""
    measure, period = declared.measure, declared.period
    within = {name: code for name, code in declared.cell.items() if name != measure.distribution}
    target = measure.same_as.get("numerator")
    if target is None:
        return
    total = _elsewhere(target, period, within)
    unknown = _elsewhere(target, period, {**within, str(measure.distribution): "UNKNOWN"})
    if total not in cells.counts:
        return
    if unknown in cells.counts:
        relation = Relation(total, (bottom, unknown), f"{measure.indicator_id}, {period}")
        if relation not in cells.relations:
            cells.relations.append(relation)
    else:
        aliases.append((bottom, total))


def _elsewhere(target: str, period: str, cell: Mapping[str, str]) -> CellKey:
    words = target.split()
    more = dict(word.split("=") for word in words if "=" in word)
    name = " ".join(word for word in words if "=" not in word)
    return cell_key(name, period, {**cell, **more})


def own_by_agency(
    cells: Cells, table: pd.DataFrame, own: pd.DataFrame | None
) -> dict[str, dict[CellKey, int]]:
    """For each agency how many of each cell are known to it; `own` as `own_numbers` gives it."""
    found: dict[str, dict[CellKey, int]] = {}
    declared = {m.place: m for m in measures()}
    if own is None:
        return found
    here = own.index.get_level_values(0).isin(table.index)
    for (row_id, role), known in own[here].iterrows():
        row = table.loc[row_id]
        place = (row["indicator_id"], row["unit_of_count"], row["statistic"])
        key = cells.key_of(Row(declared[place], str(row["period"]), cell_of(row)).key(role))
        for agency, count in known.items():
            if count and cells.counts.get(key, -1) >= count:
                found.setdefault(str(agency), {})[key] = int(count)
    return found
