"""The ledger: what every release printed, hid and let a reader add up, so that later ones remember.

An entry of the ledger is one year's releases, oldest first. A release is kept as cells, sums and
where each cell stands in the table of indicators: nothing in it that was not published, so that
anybody can repeat the attack on all releases together.

Two releases of the same edition share their unknowns. Of two editions, a cell is one unknown
where the rows behind it are the same. On the confidential side that is read off its count: a
count that has not moved is tied, which credits the reader with a little more than he can know.
What the entry itself says of it (`unrevised`) is coarser: the measures and periods of which no
count at all has moved, because a finer statement would tell of hidden cells that they changed.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, cast

import pandas as pd

from atips_analysis.disclosure.attack import AttackReport, Release, Shown
from atips_analysis.disclosure.cells import CellKey, Relation, cell_key
from atips_analysis.disclosure.knowledge import Known, PublicFigure, Rule, Tie
from atips_analysis.disclosure.national_totals import national_totals
from atips_analysis.disclosure.system import Earlier, System
from atips_analysis.errors import InputError

Printed = int | tuple[int, int] | None
"""A count; what a rounded number may stand for, both ends included; None when it is hidden."""

Place = tuple[str, str]
"""Where a cell is printed: id of the row of the table (`indicators.place.row_id`), column."""


@dataclass(frozen=True)
class Released:
    """One release as the ledger keeps it.

    Parameters
    ----------
    edition : str
        Of the data bank.
    shown : mapping
        What is printed for each cell of a table: its count, the interval of a rounded one, or
        None when it is hidden.
    relations : tuple of Relation
        The sums that a reader knows to hold.
    unpublished : frozenset
        Cells that stand in sums and in no table.
    places : mapping
        Where each printed or hidden cell stands in the table of indicators.
    figures : tuple of PublicFigure
        Public figures that the tables do not contradict.
    unrevised : mapping
        For an earlier edition, the (measure, period) pairs of which no count has moved since.
    threshold : int
        The smallest count that may be shown.
    """

    edition: str
    shown: Mapping[CellKey, Printed]
    relations: tuple[Relation, ...]
    unpublished: frozenset[CellKey] = frozenset()
    places: Mapping[CellKey, tuple[Place, ...]] = field(default_factory=dict)
    figures: tuple[PublicFigure, ...] = ()
    unrevised: Mapping[str, frozenset[tuple[str, str]]] = field(default_factory=dict)
    threshold: int = 5

    @property
    def release(self) -> Release:
        """As the attack reads it."""
        shown: dict[Any, Shown] = dict(self.shown)
        return Release(self.edition, shown, self.relations, frozenset(self.unpublished))

    @property
    def keys(self) -> frozenset[CellKey]:
        return frozenset(self.shown) | self.unpublished


def of_country(released: Released, area: str) -> Released:
    """The same release beside those of other countries: its cells and edition bear the country's name.

    Figures and ties of one country then say nothing of another's.
    """

    def named(key: Any) -> CellKey:
        measure, period, categories = key
        return f"{area} {measure}", period, categories

    return Released(
        edition=f"{area} {released.edition}",
        shown={named(key): told for key, told in released.shown.items()},
        relations=tuple(
            Relation(named(one.total), tuple(map(named, one.parts)), f"{area}: {one.table}")
            for one in released.relations
        ),
        unpublished=frozenset(map(named, released.unpublished)),
        places={named(key): places for key, places in released.places.items()},
        figures=tuple(replace(one, key=named(one.key)) for one in released.figures),
        unrevised={
            f"{area} {edition}": frozenset((f"{area} {measure}", at) for measure, at in families)
            for edition, families in released.unrevised.items()
        },
        threshold=released.threshold,
    )


def ties_by_counts(
    released: Sequence[Released], counts: Mapping[tuple[str, CellKey], int]
) -> tuple[Tie, ...]:
    """Cells of different editions whose count has not moved (the confidential side's ties).

    `counts` are the true counts by (edition, key). Where those of an earlier edition are not
    kept any more, its cells are tied as a reader would: all cells of a measure and period of
    which no printed count differs from today's.
    """
    known = {edition for edition, _ in counts}
    cells: dict[str, dict[CellKey, Printed]] = {}
    for one in released:
        own = cells.setdefault(one.edition, {})
        own.update({key: counts.get((one.edition, key)) for key in one.keys})
        if one.edition not in known:
            own.update(one.shown)
    ties = []
    for first, later in _pairs(released):
        shared = cells[first].keys() & cells[later].keys()
        if first in known and later in known:
            keys = {key for key in shared if cells[first][key] == cells[later][key]}
        else:
            pairs = {key: (cells[first][key], cells[later][key]) for key in shared}
            moved = {key[:2] for key, pair in pairs.items() if _differ(*pair)}
            keys = {key for key in shared if key[:2] not in moved}
        if keys:
            ties.append(Tie(first, later, frozenset(keys)))
    return tuple(ties)


def _differ(first: Printed, later: Printed) -> bool:
    """Whether two printed numbers cannot stand for the same count."""
    if first is None or later is None:
        return False
    (low, high), (least, most) = (
        one if isinstance(one, tuple) else (one, one) for one in (first, later)
    )
    return high < least or most < low


def ties_stated(released: Sequence[Released]) -> tuple[Tie, ...]:
    """Cells of measures and periods that a later release states to be unrevised."""
    ties = []
    for later in released:
        for edition, families in later.unrevised.items():
            own = {k for r in released if r.edition == edition for k in r.keys}
            keys = {key for key in own | later.keys if key[:2] in families}
            ties.append(Tie(edition, later.edition, frozenset(keys)))
    return tuple(tie for tie in ties if tie.keys)


def unrevised_since(
    earlier: Iterable[str], released: Released, counts: Mapping[tuple[str, CellKey], int]
) -> dict[str, frozenset[tuple[str, str]]]:
    """For each earlier edition, printed measures and periods of which every count is still the same.

    Nothing is said of a rest that nobody prints: that it stands while its total moved would tell
    which of its parts did.
    """
    stated = {}
    own = {key: count for (name, key), count in counts.items() if name == released.edition}
    printed = {key[:2] for key in released.shown}
    for other in sorted(set(earlier) - {released.edition}):
        theirs = {key: count for (name, key), count in counts.items() if name == other}
        if not theirs:
            continue
        moved = {key[:2] for key in own.keys() | theirs.keys() if own.get(key) != theirs.get(key)}
        families = printed.intersection(key[:2] for key in own) - moved
        if families:
            stated[other] = frozenset(families)
    return stated


def attack_releases(
    released: Sequence[Released],
    *,
    ties: Iterable[Tie] = (),
    counts: Mapping[tuple[str, CellKey], int] | None = None,
    explained: int = 1,
) -> AttackReport:
    """Everything that was ever released, attacked together with the public figures.

    What public figures open by themselves is left out of the report: no table of ours can help
    it, and none says it again. So is a rounded cell that can only be zero: zeros are no secret;
    and a cell that a release printed before a later one left it blank. `released` stand in the
    order in which they were made: one that prints what an earlier one hid opens it.
    """
    tied = tuple(ties)
    system = _system(released, counts or {}, tied)
    report = system.attack(inside=False, explained=explained)
    if not report.solvable or report.safe:
        return report
    rounded = {k for one in released for k, told in one.shown.items() if isinstance(told, tuple)}
    zeros = report.cells["key"].isin(rounded) & report.cells["high"].eq(0)
    report = replace(report, cells=report.cells[~zeros])
    opened = frozenset(report.opened["key"])
    given = opened_by_figures_alone(released, counts or {}, opened)
    given |= _printed_at_first(released, tied)
    kept = [(row.edition, row.key) not in given for row in report.cells.itertuples()]
    return replace(report, cells=report.cells[kept])


def _printed_at_first(
    released: Sequence[Released], ties: Iterable[Tie]
) -> frozenset[tuple[str, CellKey]]:
    """(edition, key) of what was printed, not hidden, where it first stood, in any edition."""
    first: dict[tuple[str, CellKey], Printed] = {}
    for one in released:
        for key, told in one.shown.items():
            first.setdefault((one.edition, key), told)
    printed = {cell for cell, told in first.items() if isinstance(told, int)}
    for tie in ties:
        printed |= {
            (tie.other_edition, cast(CellKey, key))
            for key in tie.keys
            if (tie.edition, key) in printed
        }
    return frozenset(printed)


def opened_by_figures_alone(
    released: Sequence[Released],
    counts: Mapping[tuple[str, CellKey], int],
    of: Collection[Hashable] | None = None,
) -> frozenset[tuple[str, Hashable]]:
    """(edition, key) of what public figures tell, `of` some cells or of all, by none of our numbers."""
    return _system(released, counts, ()).opened_by_figures_alone(of=of)


def to_json(released: Released) -> dict[str, Any]:
    """A release as plain data: cells by number, sums and figures that refer to the numbers."""
    keys = sorted(released.keys)
    number: dict[Any, int] = {key: at for at, key in enumerate(keys)}
    tables = sorted({relation.table for relation in released.relations})
    table_number = {name: at for at, name in enumerate(tables)}
    return {
        "edition": released.edition,
        "threshold": released.threshold,
        "cells": [
            [
                key[0],
                key[1],
                ";".join(f"{dimension}={category}" for dimension, category in key[2]),
                _as_list(released.shown.get(key, "unpublished")),
                [list(place) for place in released.places.get(key, ())],
            ]
            for key in keys
        ],
        "tables": tables,
        "sums": sorted(
            [table_number[r.table], number[r.total], sorted(number[part] for part in r.parts)]
            for r in released.relations
        ),
        "figures": sorted(
            [number[f.key], list(f.value) if isinstance(f.value, tuple) else f.value, f.source]
            for f in released.figures
            if f.key in number
        ),
        "unrevised": {
            edition: sorted(list(pair) for pair in families)
            for edition, families in released.unrevised.items()
        },
    }


def from_json(content: Mapping[str, Any], *, file: str = "ledger") -> Released:
    """A release as `to_json` wrote it.

    Raises InputError if it is not what `to_json` writes.
    """
    try:
        keys = [_key(cell) for cell in content["cells"]]
        printed = {
            key: tuple(cell[3]) if isinstance(cell[3], list) else cell[3]
            for key, cell in zip(keys, content["cells"], strict=True)
            if cell[3] != "unpublished"
        }
        for value in printed.values():
            ends = value if isinstance(value, tuple) else (value, value)
            if value is not None and not (
                len(ends) == 2
                and all(isinstance(end, int) for end in ends)
                and 0 <= ends[0] <= ends[1]
            ):
                raise ValueError(value)
        return Released(
            edition=str(content["edition"]),
            shown=printed,
            relations=tuple(
                Relation(keys[total], tuple(keys[part] for part in parts), content["tables"][table])
                for table, total, parts in content["sums"]
            ),
            unpublished=frozenset(set(keys) - printed.keys()),
            places={
                key: tuple((str(row), str(column)) for row, column in cell[4])
                for key, cell in zip(keys, content["cells"], strict=True)
                if cell[4]
            },
            figures=tuple(
                PublicFigure(keys[at], tuple(value) if isinstance(value, list) else value, source)
                for at, value, source in content["figures"]
            ),
            unrevised={
                edition: frozenset((measure, period) for measure, period in families)
                for edition, families in content["unrevised"].items()
            },
            threshold=int(content["threshold"]),
        )
    except (ArithmeticError, KeyError, IndexError, TypeError, ValueError, AttributeError):
        raise InputError(
            "is not an entry of the ledger, or was changed; restore it", file=file
        ) from None


def places_in(
    table: pd.DataFrame, rows: Mapping[str, tuple[CellKey, ...]]
) -> dict[CellKey, tuple[Place, ...]]:
    """Where each cell stands: `rows` gives a row's cells, numerator before denominator."""
    columns = {"count": ("value",), "rate": ("numerator",), "median": ("denominator",)}
    found: dict[CellKey, list[Place]] = {}
    for row_id, keys in rows.items():
        statistic = str(table.at[row_id, "statistic"])
        for key, column in zip(
            keys, columns.get(statistic, ("numerator", "denominator")), strict=True
        ):
            found.setdefault(key, []).append((row_id, column))
    return {key: tuple(sorted(places)) for key, places in found.items()}


def _key(cell: Sequence[Any]) -> CellKey:
    pairs = dict(pair.split("=", 1) for pair in str(cell[2]).split(";") if pair)
    return cell_key(str(cell[0]), str(cell[1]), pairs)


def _as_list(shown: Any) -> Any:
    return list(shown) if isinstance(shown, tuple) else shown


def _span(released: Released, keys: Iterable[Any]) -> tuple[float, float]:
    low, high = 0.0, 0.0
    for key in keys:
        shown = released.shown.get(key)
        if shown is None:
            low, high = low + (key in released.shown), float("inf")
        elif isinstance(shown, tuple):
            low, high = low + shown[0], high + shown[1]
        else:
            low, high = low + shown, high + shown
    return low, high


def _pairs(released: Sequence[Released]) -> list[tuple[str, str]]:
    editions = list(dict.fromkeys(one.edition for one in released))
    return [(a, b) for at, a in enumerate(editions) for b in editions[at + 1 :]]


def _system(
    released: Sequence[Released], counts: Mapping[tuple[str, CellKey], int], ties: Sequence[Tie]
) -> System:
    """Releases as what was printed earlier, with nothing new beside it."""
    figures = tuple(dict.fromkeys(figure for one in released for figure in one.figures))
    bounded = frozenset(figure.key for figure in figures if isinstance(figure.value, tuple))
    own: dict[str, dict[CellKey, int]] = {}
    for (edition, key), count in counts.items():
        own.setdefault(edition, {})[key] = count
    rule = Rule(max((one.threshold for one in released), default=5))
    told = [item for one in released for item in one.shown.items()]
    fewer = {key for key, shown in told if _fewer(shown, rule)}
    totals = national_totals(key for key, _ in told) | fewer
    return System(
        {},
        (),
        Known(figures=figures, exempt=bounded, ties=tuple(ties), totals=totals),
        [Earlier(one.release, own.get(one.edition, {})) for one in released],
        rule,
    )


def _fewer(shown: Printed, rule: Rule) -> bool:
    """Whether a count is printed as one from 1 to less than the threshold, as totals are."""
    return isinstance(shown, tuple) and shown[0] >= 1 and shown[1] < rule.threshold
