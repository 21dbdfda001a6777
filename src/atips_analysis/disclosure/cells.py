"""Cells of counts and the sums that tie them together: what is protected, and what is attacked.

A *cell* is one count, known by a key that two tables share when they show the same count.
`cell_key` makes such keys; margins are left out of them, so the total of a table by sex is the
total of a table by age, and tables link themselves. A *relation* says that one cell is the sum
of others. Everything else in this room works on cells and relations alone.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from atips_analysis.errors import InputError

MARGIN = "Total"

CellKey = tuple[str, str, tuple[tuple[str, str], ...]]
"""(measure, period, ((dimension, category), …)), dimensions sorted, margins left out."""


@dataclass(frozen=True)
class Relation:
    """`total` is the sum of `parts`; `table` names the table in which a reader sees that."""

    total: Hashable
    parts: tuple[Hashable, ...]
    table: str = ""


def cell_key(measure: str, period: str, categories: Mapping[str, Any]) -> CellKey:
    """The key of a cell. Dimensions at `Total`, empty or missing are margins and are left out."""
    broken_down = (
        (str(dimension), str(category).strip())
        for dimension, category in categories.items()
        if not is_margin(category)
    )
    return str(measure), str(period), tuple(sorted(broken_down))


def is_margin(category: Any) -> bool:
    """Whether a value of a dimension column stands for "not broken down": `Total` or nothing."""
    return bool(pd.isna(category)) or str(category).strip().casefold() in ("", MARGIN.casefold())


def table_relations(
    keys: Iterable[CellKey],
    *,
    hierarchies: Mapping[str, Mapping[str, Sequence[str]]] | None = None,
    overlapping: Iterable[str] = (),
    table: str | None = None,
) -> list[Relation]:
    """The sums that hold between keys of one or several tables.

    For every cell, and every dimension that it is not broken down by, the cell is the sum of the
    cells that are broken down by that dimension as well, when there are any.

    Parameters
    ----------
    keys : cell keys of all tables together.
    hierarchies : for a dimension, which category is the sum of which: `{"district": {"North":
        ["Lakeside", "Hills"]}}`. The margin is then the sum of the topmost categories.
    overlapping : dimensions in which one person may stand in several categories, so that
        categories do not add up to the margin.
    table : a name for all relations; by default `measure, period, by dimensions`.
    """
    trees = {name: dict(tree) for name, tree in (hierarchies or {}).items()}
    below = {name: {c for kids in tree.values() for c in kids} for name, tree in trees.items()}
    apart = set(overlapping)
    known = sorted(set(keys))
    present = set(known)
    groups: dict[tuple[CellKey, str], list[CellKey]] = {}
    relations = []
    for key in known:
        measure, period, categories = key
        for dimension, category in categories:
            rest = tuple(pair for pair in categories if pair[0] != dimension)
            if dimension not in apart and category not in below.get(dimension, ()):
                margin = (measure, period, rest)
                if margin in present:
                    groups.setdefault((margin, dimension), []).append(key)
            kids = trees.get(dimension, {}).get(category)
            if kids:
                children = [
                    (measure, period, tuple(sorted((*rest, (dimension, kid))))) for kid in kids
                ]
                parts = tuple(child for child in children if child in present)
                if parts:
                    relations.append(Relation(key, parts, table or table_name(parts[0])))
    for (margin, _), parts_list in groups.items():
        relations.append(Relation(margin, tuple(parts_list), table or table_name(parts_list[0])))
    return relations


def table_name(key: CellKey) -> str:
    """How the table of a cell is called in findings: measure, period and its dimensions."""
    measure, period, categories = key
    by = " × ".join(dimension for dimension, _ in categories) or "total"
    return ", ".join(part for part in (measure, period, f"by {by}") if part)


def period_relations(
    keys: Iterable[CellKey], periods: Mapping[str, Sequence[str]], *, table: str | None = None
) -> list[Relation]:
    """Pooled years as the sum of their years, years as the sum of their quarters.

    Parameters
    ----------
    periods : `{"2021-2023": ["2021", "2022", "2023"], "2024": ["2024-Q1", …]}`.

    A period's cell without any cell of its parts gets no relation. Where some parts are there
    and others not, the missing ones are taken as zero; `check_additivity` fails when they are not.
    """
    present = set(keys)
    relations = []
    for key in sorted(present):
        measure, period, categories = key
        parts = tuple(
            part
            for part in ((measure, name, categories) for name in periods.get(period, ()))
            if part in present
        )
        if parts:
            name = table or f"{measure}, {period} and its parts"
            relations.append(Relation(key, parts, name))
    return relations


def complement_relation(
    numerator: Hashable, rest: Hashable, denominator: Hashable, *, table: str = "ratio"
) -> Relation:
    """A published ratio: `numerator` and the `rest`, which nobody prints, make `denominator`."""
    return Relation(denominator, (numerator, rest), table)


def hanging_together(
    keys: Iterable[Hashable], groups: Iterable[Collection[Hashable]]
) -> frozenset[Hashable]:
    """Some cells with all that stand in a group with one of them, and in a group with those."""
    found, waiting = set(keys), [set(one) for one in groups]
    size = -1
    while len(found) > size:
        size = len(found)
        found = found.union(*(one for one in waiting if not found.isdisjoint(one)))
    return frozenset(found)


def check_additivity(counts: Mapping[Any, int], relations: Iterable[Relation]) -> None:
    """Stop at the first relation that does not hold.

    Raises InputError if a relation names a cell without a count, or parts do not add up to their
    total.
    """
    for relation in relations:
        for key in (relation.total, *relation.parts):
            if key not in counts:
                raise InputError(f"{describe(key)} is part of a sum but has no count; give its row")
        total = sum(counts[part] for part in relation.parts)
        if total != counts[relation.total]:
            raise InputError(
                f"margins do not add up: {describe(relation.total)} is {counts[relation.total]}, "
                f"its parts make {total}; correct the table before protecting it"
            )


def describe(key: Hashable) -> str:
    """A key in words: `victims, 2024, sex Female, district Total` without what is empty."""
    if isinstance(key, tuple) and len(key) == 3 and isinstance(key[2], tuple):
        measure, period, categories = key
        pairs = " and ".join(f"{dimension} {category}" for dimension, category in categories)
        return ", ".join(str(part) for part in (measure, period, pairs or MARGIN) if part)
    return str(key)
