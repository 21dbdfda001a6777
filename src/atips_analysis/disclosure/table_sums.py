"""The sums between the rows of tables of counts: margins, labels on two levels, periods, links.

Tables are linked by their shared labels: a cell is the same cell in every table that names it by
the same categories, and a breakdown in one table adds up to the cell that another one prints.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from atips_analysis.disclosure.attack import Shown
from atips_analysis.disclosure.cells import MARGIN, CellKey, Relation, describe
from atips_analysis.disclosure.table_periods import overlapping, pieces_of, span_of
from atips_analysis.errors import InputError

SEPARATORS = (" - ", " – ", " — ", ": ", " > ", " / ", "/", " | ", " (")


@dataclass(frozen=True)
class Listed:
    """The cells of one table: its file, what it prints of each, and the dimensions it crosses."""

    file: str
    cells: Mapping[CellKey, Shown]
    by: tuple[str, ...]
    trees: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)


@dataclass(frozen=True)
class Sums:
    """The sums of several tables.

    Attributes
    ----------
    own : sums inside one table, and between periods.
    across : sums of which the total stands in another table than the parts.
    pieces : cells that no table prints: the smallest periods that printed ones are made of.
    periods : for a label of a period, what it is the sum of.
    nested : (inner, outer) dimensions of which every inner category lies in one outer one.
    """

    own: tuple[Relation, ...]
    across: tuple[Relation, ...]
    pieces: frozenset[CellKey] = frozenset()
    periods: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    nested: frozenset[tuple[str, str]] = frozenset()

    @property
    def all(self) -> tuple[Relation, ...]:
        return (*self.own, *self.across)


def sums_of(tables: Sequence[Listed]) -> Sums:
    """All sums that a reader of some tables knows."""
    present = {key: table.file for table in reversed(tables) for key in table.cells}
    pooled = _pooled_dimensions(present)
    own: list[Relation] = []
    across: list[Relation] = []
    for table in tables:
        for relation in _sums_of_table(table, present, frozenset(pooled)):
            inside = relation.total in table.cells
            (own if inside else across).append(relation)
    pieces: set[CellKey] = set()
    said: dict[str, tuple[str, ...]] = {}
    for dimension, labels in pooled.items():
        parts, unprinted = pieces_of({label: span for label in labels if (span := span_of(label))})
        said |= parts
        more, unseen = _sums_of_periods(present, dimension, labels, parts, unprinted)
        own += more
        pieces |= unseen
    return Sums(
        tuple(dict.fromkeys(own)),
        tuple(dict.fromkeys(across)),
        frozenset(pieces),
        said,
        nested_dimensions(present),
    )


def counts_of_pieces(counts: Mapping[CellKey, int], sums: Sums) -> dict[CellKey, int]:
    """The counts of periods that no table prints, by subtraction.

    Raises InputError if they do not follow from what the tables hold, or periods contradict one
    another.
    """
    found: dict[Any, int] = dict(counts)
    waiting: set[Any] = set(sums.pieces)
    while waiting:
        before = len(waiting)
        for relation in sums.own:
            unknown = [key for key in relation.parts if key in waiting]
            if len(unknown) != 1 or relation.total not in found:
                continue
            (key,) = unknown
            rest = sum(found[part] for part in relation.parts if part != key)
            left = found[relation.total] - rest
            if left < 0:
                raise InputError(
                    f"periods do not add up: {describe(relation.total)} is "
                    f"{found[relation.total]}, what lies in it makes {rest}; correct the table"
                )
            found[key] = left
            waiting.discard(key)
        if len(waiting) == before:
            first = min(waiting)
            raise InputError(
                f"periods overlap, and {describe(first)} cannot be told from what is in the "
                "tables; add the rows of the smallest periods, or leave one of the longer ones out"
            )
    return {key: found[key] for key in sums.pieces}


def nested_dimensions(keys: Iterable[CellKey]) -> frozenset[tuple[str, str]]:
    """(inner, outer) dimensions that cross, of which every inner category has one outer one."""
    seen: dict[tuple[str, str], dict[str, set[str]]] = {}
    for _, _, categories in keys:
        for inner, own in categories:
            for outer, other in categories:
                if inner != outer:
                    seen.setdefault((inner, outer), {}).setdefault(own, set()).add(other)
    return frozenset(
        pair
        for pair, found in seen.items()
        if all(len(others) == 1 for others in found.values())
        and len({next(iter(others)) for others in found.values()}) < len(found)
    )


def trees_by_prefix(labels: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Labels on two levels, where the lower one begins with the upper: `North`, `North: Bay`."""
    listed = sorted(set(labels))
    known = set(listed)
    found: dict[str, list[str]] = {}
    for label in listed:
        above = [
            label[: label.find(mark)].strip()
            for mark in SEPARATORS
            if label.find(mark) > 0 and label[: label.find(mark)].strip() in known
        ]
        if above:
            found.setdefault(max(above, key=len), []).append(label)
    return {parent: tuple(children) for parent, children in found.items()}


def _sums_of_table(
    table: Listed, present: Mapping[CellKey, str], pooled: frozenset[str]
) -> list[Relation]:
    """Each cell that anybody prints as the sum of its breakdown in one table."""
    groups: dict[tuple[CellKey, str], list[CellKey]] = {}
    relations = []
    for key in table.cells:
        for dimension, category in key[2]:
            if dimension in pooled:
                continue
            tree = table.trees.get(dimension, {})
            rest = tuple(pair for pair in key[2] if pair[0] != dimension)
            margin = (key[0], key[1], rest)
            if margin in present and not any(category in kids for kids in tree.values()):
                groups.setdefault((margin, dimension), []).append(key)
            kids = [
                (key[0], key[1], tuple(sorted((*rest, (dimension, kid)))))
                for kid in tree.get(category, ())
            ]
            parts = tuple(kid for kid in kids if kid in table.cells)
            if parts:
                relations.append(Relation(key, parts, f"{table.file} ({dimension} on two levels)"))
    for (margin, _), parts_list in groups.items():
        names = " × ".join(name for name, _ in parts_list[0][2])
        with_other = "" if margin in table.cells else f" with {present[margin]}"
        name = f"{table.file}{with_other} (by {names})"
        relations.append(Relation(margin, tuple(parts_list), name))
    return relations


def _pooled_dimensions(keys: Iterable[CellKey]) -> dict[str, list[str]]:
    """Dimensions whose categories are periods of which some overlap, with their labels."""
    labels: dict[str, dict[str, None]] = {}
    for _, _, categories in keys:
        for dimension, category in categories:
            labels.setdefault(dimension, {})[category] = None
    found = {}
    for dimension, own in labels.items():
        spans = [span_of(label) for label in own]
        if all(spans) and overlapping(span for span in spans if span):
            found[dimension] = list(own)
    return found


def _sums_of_periods(
    present: Mapping[CellKey, str],
    dimension: str,
    labels: Sequence[str],
    parts: Mapping[str, tuple[str, ...]],
    unprinted: frozenset[str],
) -> tuple[list[Relation], set[CellKey]]:
    """Longer periods as sums of pieces, for each place that is printed for several of them."""
    groups: dict[tuple[str, str, tuple[tuple[str, str], ...]], set[str]] = {}
    for name, slot, categories in present:
        rest = tuple(pair for pair in categories if pair[0] != dimension)
        if len(rest) < len(categories):
            groups.setdefault((name, slot, rest), set()).add(dict(categories)[dimension])
    relations: list[Relation] = []
    pieces: set[CellKey] = set()
    every = tuple(dict.fromkeys(piece for label in labels for piece in parts.get(label, (label,))))
    for (name, slot, rest), printed in groups.items():

        def key(
            label: str, name: str = name, slot: str = slot, rest: tuple[tuple[str, str], ...] = rest
        ) -> CellKey:
            return name, slot, tuple(sorted((*rest, (dimension, label))))

        if len(printed) < 2:
            continue
        wanted = [(key(label), parts[label]) for label in sorted(printed) if label in parts]
        whole = (name, slot, rest)
        if whole in present:
            wanted.append((whole, every))
        for total, names in wanted:
            relations.append(Relation(total, tuple(key(n) for n in names), f"{dimension}: pooled"))
            pieces |= {key(n) for n in names if key(n) not in present}
    return relations, pieces


def missing_margin(keys: Iterable[CellKey], by: Sequence[str]) -> tuple[str, CellKey] | None:
    """A dimension whose margin is there for some cells and not for others, and one without it."""
    listed = set(keys)
    nested = nested_dimensions(listed)
    for dimension in by:
        if not any(dimension not in dict(key[2]) for key in listed):
            continue
        for key in sorted(listed):
            rest = tuple(pair for pair in key[2] if pair[0] != dimension)
            if len(rest) == len(key[2]) or (key[0], key[1], rest) in listed:
                continue
            if any((name, dimension) in nested for name, _ in rest):
                continue
            if all(pair[1] == MARGIN for pair in rest) and rest:
                continue
            return dimension, (key[0], key[1], rest)
    return None
