"""The cells of a whole tidy table with the sums between them.

Cells that a reader knows to be the same are one unknown, totals are the sums of their parts, pooled
years of their years, and a whole of a part within it and the rest that nobody prints.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product
from typing import cast

import pandas as pd

from atips_analysis.codebook import load_codebook
from atips_analysis.disclosure.cells import (
    CellKey,
    Relation,
    complement_relation,
    period_relations,
    table_name,
    table_relations,
)
from atips_analysis.disclosure.indicator_cells import Cells, Links, Row, add_row
from atips_analysis.indicators import measures, parse_period
from atips_analysis.indicators.broken_down import BEHIND
from atips_analysis.indicators.place import cell_of


def cells_of(
    table: pd.DataFrame,
    withheld: frozenset[str] = frozenset(),
    known: Mapping[CellKey, int] | None = None,
) -> Cells:
    """The cells of every row of persons in a tidy table, and the sums between them.

    Rows that are `withheld` are cells that nobody prints, but for those already public (`known`).
    """
    cells = Cells()
    declared = {(m.indicator_id, m.unit, m.statistic): m for m in measures()}
    rows = table
    shown = rows[rows["status"].isin(["OK", "Z", "PV", "E"]) | rows["numerator"].notna()]
    links = Links()
    for row_id, row in zip(shown.index, shown.to_dict("records"), strict=True):
        measure = declared.get((row["indicator_id"], row["unit_of_count"], row["statistic"]))
        if measure is None or not measure.persons:
            continue
        placed = Row(measure, str(row["period"]), cell_of(row))
        add_row(cells, links, row_id, row, placed)
    for (_, additive), keys in links.groups.items():
        keys = _not_merged(cells, keys)
        cells.relations += table_relations(keys)
        if additive:
            cells.relations += period_relations(keys, parts_of_periods(keys))
    _not_merged(cells, links.apart)
    cells.relations += period_relations(links.cohorts, parts_of_periods(links.cohorts))
    for part, whole in links.inside:
        if part in cells.counts and cells.counts.get(whole, -1) >= cells.counts[part]:
            _add_rest(cells, part, whole, "less " + part[0])
    _add_rests_of_rests(cells, links.inside)
    merged = _merged(cells, _same(cells.counts, links.aliases))
    public = known or {}
    behind = set(table.index[table["note"].eq(BEHIND)])
    for row_id in (withheld | behind) & set(merged.rows):
        printed_in = merged.rows[row_id]
        told = all(public.get(key) == merged.counts[key] for key in printed_in)
        if row_id in behind or not told:
            del merged.rows[row_id]
            merged.withheld.add(row_id)
    printed = {key for keys in merged.rows.values() for key in keys}
    merged.unpublished = set(merged.counts) - printed
    return merged


def _same(
    counts: Mapping[CellKey, int], aliases: Sequence[tuple[CellKey, CellKey]]
) -> dict[CellKey, CellKey]:
    """Cells that two tables print, by the name that they bear in every table.

    A category of another measure (services of a kind) bears the name of the measure that is it
    (persons who had that service), since no row of a published table need hold the category.
    """
    same: dict[CellKey, CellKey] = {}
    for own, other in aliases:
        if counts.get(other) != counts[own]:
            continue
        if len(other[2]) > len(own[2]) and other not in same:
            same[other] = own
        else:
            same[own] = other
    return same


def headline_totals(cells: Cells) -> frozenset[CellKey]:
    """The totals of counts: what a reader misses most, and what is hidden last.

    The denominator of a share is not among them: it goes before the count that it is part of. The
    share of all that other windows stand beside is.
    """
    counts = [measure for measure in measures() if measure.statistic == "count"]
    plain = {f"{measure.indicator_id} {measure.unit}" for measure in counts}
    plain |= {f"{m.indicator_id} {m.unit} percent numerator" for m in measures() if m.shares_of_all}
    return frozenset(key for key in cells.counts if key[0] in plain and not key[2])


def _merged(cells: Cells, same: dict[CellKey, CellKey]) -> Cells:
    """One key for cells that a reader knows to be the same; relations of nothing left out."""

    cells.same = same
    key_of = cells.key_of
    counts = {key_of(key): count for key, count in cells.counts.items()}
    relations = []
    for relation in cells.relations:
        total = key_of(cast(CellKey, relation.total))
        parts = tuple(key_of(cast(CellKey, part)) for part in relation.parts)
        if parts != (total,):
            relations.append(Relation(total, parts, relation.table))
    unpublished = {key_of(key) for key in cells.unpublished}
    rows = {row: tuple(key_of(key) for key in keys) for row, keys in cells.rows.items()}
    printed = {key for keys in rows.values() for key in keys}
    relations = list(dict.fromkeys(relations))
    none = {key_of(key) for key in cells.none_by_months}
    return Cells(counts, relations, unpublished - printed, rows, same=same, none_by_months=none)


def _not_merged(cells: Cells, keys: Sequence[CellKey]) -> list[CellKey]:
    """The cells of one table without those of merged categories, which are sums of others.

    Where what a merged category holds is in no row, as in a published table, it is a category like
    any other.
    """
    there = set(keys)
    left = []
    for key in keys:
        lists = [
            [(name, code) for code in load_codebook().dimension(name).within(category)]
            for name, category in key[2]
        ]
        parts = [(key[0], key[1], pairs) for pairs in product(*lists)]
        parts = [part for part in parts if part in there and part != key]
        if parts:
            cells.relations.append(Relation(key, tuple(parts), table_name(key)))
        else:
            left.append(key)
    return left


def _add_rest(cells: Cells, part: CellKey, whole: CellKey, name: str) -> None:
    """`whole` is `part` and a rest that nobody prints."""
    other = whole[2] != part[2]  # one category lies within several others: a rest for each
    within = f" in {', '.join(category for _, category in whole[2])}" if whole[2] and other else ""
    rest = (f"{whole[0]} {name}{within}", part[1], part[2])
    cells.counts[rest] = cells.counts[whole] - cells.counts[part]
    cells.unpublished.add(rest)
    cells.relations.append(complement_relation(part, rest, whole, table=f"{part[0]}, {part[1]}"))


def _add_rests_of_rests(cells: Cells, inside: Sequence[tuple[CellKey, CellKey]]) -> None:
    """Rests by category lie within the rest of the whole, all of one breakdown together.

    Of 21 persons served, all with a day, 12 are children with a day: nobody is left to be a child
    without one, so that a hidden number of children served would be told.
    """
    groups: dict[tuple[CellKey, tuple[str, ...]], list[CellKey]] = {}
    for part, whole in inside:
        rest = (f"{whole[0]} less {part[0]}", part[1], part[2])
        above: CellKey = (rest[0], rest[1], ())
        if part[0] == whole[0] and not whole[2]:
            rest, above = part, whole
        elif part[2] != whole[2] or rest not in cells.counts:
            continue
        if rest != above and above in cells.counts:
            dimensions = tuple(name for name, _ in rest[2])
            groups.setdefault((above, dimensions), []).append(rest)
    for (above, dimensions), rests in groups.items():
        others = cells.counts[above] - sum(cells.counts[rest] for rest in rests)
        if others >= 0:
            key: CellKey = (f"{above[0]}, other {' and '.join(dimensions)}", above[1], ())
            cells.counts[key] = others
            cells.unpublished.add(key)
            cells.relations.append(Relation(above, (*rests, key), f"{above[0]}, {above[1]}"))


def parts_of_periods(keys: list[CellKey]) -> dict[str, list[str]]:
    """For each pooled period of some cells its single years, where all of them are there."""
    names = sorted({period for _, period, _ in keys})
    parts = {}
    for name in names:
        period = parse_period(name)
        single = [str(year) for year in period.years]
        if period.whole_years and len(single) > 1 and set(single) <= set(names):
            parts[name] = single
    return parts
