"""Several tables of counts as one system: their cells, their sums, and what contradicts what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from atips_analysis.disclosure.attack import AttackReport, Release, Shown
from atips_analysis.disclosure.cells import CellKey, Relation, describe
from atips_analysis.disclosure.csv_tables import CountTable
from atips_analysis.disclosure.knowledge import Known, Rule
from atips_analysis.disclosure.rules import GroupDisclosure, groups_told
from atips_analysis.disclosure.suppression import Aim, Protection
from atips_analysis.disclosure.system import System
from atips_analysis.disclosure.table_shares import told_by_shares
from atips_analysis.disclosure.table_sums import Sums, counts_of_pieces, sums_of
from atips_analysis.errors import FindingsError, InputError


@dataclass(frozen=True)
class Protected:
    """Tables protected together: the pattern, the range of each hidden cell, what tells of groups."""

    system: System
    pattern: Protection
    ranges: Mapping[CellKey, tuple[float, float]]
    groups: tuple[GroupDisclosure, ...]


def protect_together(tables: Sequence[CountTable], rule: Rule, aim: Aim) -> Protected:
    """The cheapest pattern over several tables that are linked by their shared labels.

    Raises InputError if sums do not hold, or two tables contradict one another.
    """
    sums = sums_of([table.listed for table in tables])
    counts = _counts(tables)
    counts |= counts_of_pieces(counts, sums)
    _check_sums(counts, sums.own)
    linked, rests = _linked(counts, sums.across)
    system = System(
        counts | rests,
        (*sums.own, *linked),
        Known(unpublished=sums.pieces | rests.keys()),
        rule=rule,
    )
    pattern = system.protect(aim)
    report = system.attack(pattern, inside=False, explained=0)
    found = report.cells[report.cells["key"].isin(pattern.hidden)]
    ranges = {
        key: (low, high)
        for key, low, high in zip(found["key"], found["low"], found["high"], strict=True)
    }
    told = groups_told(counts, _crossings(sums), rule.group)
    return Protected(system, pattern, ranges, tuple(told))


@dataclass(frozen=True)
class Audited:
    """What the attack found in tables together.

    `apart` names the tables that do not fit one another, where breakdowns are not the same people.
    """

    report: AttackReport
    sums: Sums
    groups: tuple[GroupDisclosure, ...]
    system: System
    release: Release


def attack_together(tables: Sequence[CountTable], rule: Rule) -> Audited:
    """Protected tables, attacked as one system.

    Raises InputError if the counts that are printed do not add up. Raises FindingsError if two
    tables print different counts for the same cell.
    """
    sums = sums_of([table.listed for table in tables])
    shown = _shown(tables)
    _check_printed_sums(shown, sums.own)
    release = Release("", shown, sums.all, frozenset(), sums.pieces)
    shares = Release("", told_by_shares(tables, sums), ())
    system = System({}, sums.all, rule=rule)
    inside = not all(table.ours for table in tables)
    report = system.attack(release, shares, inside=inside)
    if not report.solvable and sums.across:
        alone = replace(release, relations=sums.own)
        second = system.attack(alone, shares, inside=inside)
        if second.solvable:
            report, release = second, alone
            sums = replace(sums, across=())
    groups = groups_told(_least(shown, report), _crossings(sums), rule.group)
    return Audited(report, sums, tuple(groups), system, release)


def attack_by_agency(audited: Audited, own: CountTable) -> pd.DataFrame:
    """What is left of each cell for an agency that knows its own counts in `own`.

    Returns
    -------
    DataFrame
        As `inside.told_to_agency`.

    Raises
    ------
    InputError
        If the agency counts more than a table prints in all.
    """
    counts: dict[Any, int] = {key: n for key, n in own.cells().items() if isinstance(n, int)}
    left = audited.system.told_to_agency(counts, audited.release)
    if left.empty and counts:
        raise InputError(
            "the agency counts more than the tables allow; give its own counts, under the same labels",
            file=own.file,
        )
    return left


def _counts(tables: Iterable[CountTable]) -> dict[CellKey, int]:
    counts: dict[CellKey, int] = {}
    file: dict[CellKey, str] = {}
    for table in tables:
        for key, count in table.cells().items():
            if not isinstance(count, int):
                continue
            if counts.get(key, count) != count:
                raise InputError(_differs(key, counts[key], file[key], count, table.file))
            counts[key] = count
            file.setdefault(key, table.file)
    return counts


def _shown(tables: Sequence[CountTable]) -> dict[CellKey, Shown]:
    """What is printed for each cell, by whichever table says most."""
    shown: dict[CellKey, Shown] = {}
    file: dict[CellKey, str] = {}
    for table in tables:
        for key, told in table.cells().items():
            before = shown.get(key)
            if isinstance(before, int) and isinstance(told, int) and before != told:
                raise FindingsError(_differs(key, before, file[key], told, table.file))
            if key not in shown or before is None or isinstance(told, int):
                shown[key] = told if told is not None else before
                file[key] = table.file
            elif isinstance(before, tuple) and isinstance(told, tuple):
                shown[key] = (max(before[0], told[0]), min(before[1], told[1]))
    return shown


def _differs(key: CellKey, one: int, file: str, other: int, second: str) -> str:
    return (
        f"the tables contradict one another: {describe(key)} is {one} in {file} and {other} in "
        f"{second}; correct one, or give both a column that tells the two populations apart"
    )


def _check_sums(counts: Mapping[Any, int], relations: Iterable[Relation]) -> None:
    for one in relations:
        total, parts = counts[one.total], sum(counts[part] for part in one.parts)
        if total != parts:
            raise InputError(_not_adding_up(one, total, parts))


def _check_printed_sums(shown: Mapping[CellKey, Shown], relations: Iterable[Relation]) -> None:
    for one in relations:
        told = [shown.get(key) for key in (one.total, *one.parts)]  # type: ignore[call-overload]
        if not isinstance(told[0], int):
            continue
        known = [count for count in told[1:] if isinstance(count, int)]
        if (len(known) == len(told) - 1 and sum(known) != told[0]) or sum(known) > told[0]:
            raise InputError(_not_adding_up(one, told[0], sum(known)))


def _not_adding_up(one: Relation, total: int, parts: int) -> str:
    return (
        f"{one.table}: margins do not add up: {describe(one.total)} is {total}, its parts make "
        f"{parts}; correct the table, or write labels of a lower level as 'North: Bay'"
    )


def _linked(
    counts: Mapping[Any, int], across: Iterable[Relation]
) -> tuple[list[Relation], dict[CellKey, int]]:
    """Sums over two tables; what one leaves out of the other's cell is a rest that nobody prints."""
    linked: list[Relation] = []
    rests: dict[CellKey, int] = {}
    for one in across:
        total, parts = counts[one.total], sum(counts[part] for part in one.parts)
        if parts > total:
            raise InputError(
                f"the tables contradict one another: {describe(one.total)} is {total}, its parts "
                f"make {parts} ({one.table}); correct one, or protect the tables apart"
            )
        if parts == total:
            linked.append(one)
            continue
        total_key: Any = one.total
        rest: CellKey = (f"{total_key[0]} not in {one.table}", total_key[1], total_key[2])
        rests[rest] = total - parts
        linked.append(Relation(one.total, (*one.parts, rest), one.table))
    return linked, rests


def _crossings(sums: Sums) -> list[Relation]:
    """The sums over categories of people: not over periods, nor over places in places."""
    found = []
    for one in sums.all:
        keys: list[Any] = [one.total, one.parts[0]]
        total, part = dict(keys[0][2]), dict(keys[1][2])
        new = [name for name in part if name not in total]
        pooled = any(part.get(name) in sums.periods for name in part)
        inside = any((name, outer) in sums.nested for name in new for outer in part)
        around = any((inner, name) in sums.nested for name in new for inner in part)
        if new and not (inside or around or pooled):
            found.append(one)
    return found


def _least(shown: Mapping[CellKey, Shown], report: AttackReport) -> dict[CellKey, int]:
    """The least that each cell can be for a reader."""
    low = {key: int(one) for key, one in shown.items() if isinstance(one, int)}
    hidden = {k: int(n) for k, n in zip(report.cells["key"], report.cells["low"], strict=True)}
    return {**dict.fromkeys(shown, 1), **{k: max(n, 1) for k, n in hidden.items()}, **low}
