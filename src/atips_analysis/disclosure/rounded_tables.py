"""Tables of which most would be hidden: they are printed rounded to base 5 instead.

A table is one indicator, unit, period and breakdown. Where protection hides more than half of its
cells that are not zero, every cell of it, true zeros too, is printed as a multiple of 5 that is
less than 10 away (`WITHIN`). To the nearest multiple is not enough: a reader of "0" would then
know a count of 1 to 4 to be small, and a hidden count has to be able to reach 5. Rounded cells
still add up: to the rounded total of a table that is rounded as well, and to a multiple of 5
beside a total that is printed as it is. The same cell is the same number in every table.

A reader reads each rounded number as the interval that it stands for, and the attack does so too,
over everything else that is printed. Where that opens a cell of any table, or leaves a small
count without room up to the threshold, the table stays hidden instead.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from atips_analysis.disclosure.cells import CellKey, Relation
from atips_analysis.disclosure.rounding import BASE, round_cells, rounding_interval
from atips_analysis.errors import InputError
from atips_analysis.indicators.place import cell_of

STEPS = 1
WITHIN = (STEPS + 1) * BASE - 1
METHOD = "controlled rounding, base 5"
NOTE = "rounded to base 5 for protection: the count is less than 10 away"
SHOWN = {"OK", "Z", "PV", "E"}


@dataclass(frozen=True)
class CountedTable:
    """The rows of one breakdown of an indicator, by id, and the cells that they print."""

    name: tuple[str, ...]
    rows: tuple[str, ...]
    keys: tuple[CellKey, ...]


def interval_of(rounded: int) -> tuple[int, int]:
    """The counts that a rounded number of such a table may stand for, both ends included."""
    return rounding_interval(rounded, base=BASE, steps=STEPS)


def mostly_hidden(
    table: pd.DataFrame,
    rows: Mapping[str, tuple[CellKey, ...]],
    counts: Mapping[CellKey, int],
    status: Mapping[CellKey, str],
    known: Iterable[CellKey] = (),
) -> list[CountedTable]:
    """Breakdowns of counts with more than half of their cells hidden, true zeros left aside.

    Parameters
    ----------
    table : the tidy table. rows : for a row of persons its cells. status : public, by cell.
    known : cells that stand in public figures: tables that hold one are not rounded, because
        what is public may be shown.
    """
    public = {key for key in known if counts.get(key)}
    found: dict[tuple[str, ...], list[str]] = {}
    own = table.loc[list(rows)]
    for row_id, row in zip(own.index, own.to_dict("records"), strict=True):
        by = list(cell_of(row))
        if row["statistic"] == "count" and by:
            table_of = (
                row["indicator_id"],
                row["unit_of_count"],
                str(row["period"]),
                " x ".join(by),
            )
            found.setdefault(table_of, []).append(row_id)
    listed = []
    for name, ids in sorted(found.items()):
        keys = tuple(rows[row_id][0] for row_id in ids)
        positive = [key for key in keys if counts[key] > 0]
        hidden = sum(status.get(key) == "C" for key in positive)
        if 2 * hidden > len(positive) and public.isdisjoint(keys):
            listed.append(CountedTable(name, tuple(ids), keys))
    return listed


def rounded_values(
    tables: Iterable[CountedTable],
    counts: Mapping[CellKey, int],
    relations: Iterable[Relation],
    printed: Mapping[CellKey, str],
    told: Collection[CellKey] = (),
) -> dict[CellKey, int] | None:
    """What is printed for the cells of some tables; None where no rounding adds up.

    Parameters
    ----------
    printed : the public status of the other cells: parts come close to a total that is shown.
    told : cells of the tables that are printed as they are all the same, because another table
        tells them.
    """
    inside = {key for table in tables for key in table.keys} - set(told)
    sums = [_sum_to_keep(relation, counts, inside, printed, told) for relation in relations]
    kept = [one for one in sums if one is not None]
    exact = {one.total: one for one in kept if one.total not in inside}
    own: dict[Hashable, int] = {key: counts[key] for key in sorted(inside)}
    own |= {total: sum(counts[p] for p in one.parts) for total, one in exact.items()}  # type: ignore[index,misc]
    of_one_period = [one for one in kept if len({p[1] for p in one.parts}) == 1]  # type: ignore[index]
    for wanted in (kept, of_one_period):
        try:
            found = round_cells(own, wanted, least_steps=STEPS, most_steps=STEPS, beside=exact)
        except InputError:
            continue
        values = dict(zip(found.cells["key"], found.cells["rounded"], strict=True))
        return {key: int(values[key]) for key in sorted(inside)}
    return None


def _sum_to_keep(
    relation: Relation,
    counts: Mapping[CellKey, int],
    inside: Collection[CellKey],
    printed: Mapping[CellKey, str],
    told: Collection[CellKey],
) -> Relation | None:
    """A sum as far as its parts are rounded; None where a reader cannot add it up."""
    total: CellKey = relation.total  # type: ignore[assignment]
    parts: list[CellKey] = [part for part in relation.parts if part in inside]  # type: ignore[misc]
    others: list[CellKey] = [part for part in relation.parts if part not in inside]  # type: ignore[misc]
    if not parts or any(counts[key] and key not in told for key in others):
        return None
    if counts[total] != sum(counts[key] for key in (*parts, *others)):
        return None
    beside = sum(counts[key] for key in others)
    if total in inside:
        return None if beside else Relation(total, tuple(parts))
    if printed.get(total) not in SHOWN:
        return None
    return Relation(("rounded parts of", total, tuple(sorted(parts))), tuple(parts))


def rounded_safely(
    tables: Sequence[CountedTable],
    rounded: Callable[[Sequence[CountedTable], frozenset[CellKey]], dict[CellKey, int] | None],
    opened: Callable[[Mapping[CellKey, int]], Mapping[CellKey, bool]],
) -> tuple[tuple[CountedTable, ...], dict[CellKey, int]]:
    """As many of the tables as can be rounded together safely, and what they print.

    Parameters
    ----------
    rounded : what some tables print when some of their cells are told elsewhere.
    opened : the cells that a reader of it opens, and whether each is a true zero. A true zero is
        no secret: it is printed as one, and the rest of its table stays rounded.

    All are tried at once, and tables that hold an opened cell left out. Where that does not help,
    they are tried indicator by indicator in their order, so that the result depends on the tables
    alone.
    """
    kept, values = _without_opened(list(tables), rounded, opened)
    if values is not None:
        return tuple(kept), values
    safe: list[CountedTable] = []
    best: dict[CellKey, int] = {}
    for family in sorted({table.name[:2] for table in tables}):
        own = [table for table in tables if table.name[:2] == family]
        kept, values = _without_opened([*safe, *own], rounded, opened)
        if values is not None and set(safe) <= set(kept):
            safe, best = kept, values
    return tuple(safe), best


def _without_opened(
    chosen: list[CountedTable],
    rounded: Callable[[Sequence[CountedTable], frozenset[CellKey]], dict[CellKey, int] | None],
    opened: Callable[[Mapping[CellKey, int]], Mapping[CellKey, bool]],
) -> tuple[list[CountedTable], dict[CellKey, int] | None]:
    told: frozenset[CellKey] = frozenset()
    while chosen:
        values = rounded(chosen, told)
        if values is None:
            return chosen, None
        found = opened(values)
        if not found:
            return chosen, values
        zeros = {key for key, zero in found.items() if zero and key in values}
        positive = found.keys() - zeros
        fewer = [table for table in chosen if positive.isdisjoint(table.keys)]
        if len(fewer) == len(chosen) and not zeros:
            return chosen, None
        chosen, told = fewer, told | zeros
    return [], {}
