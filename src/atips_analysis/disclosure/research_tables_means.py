"""Means of control, alone and by age, sex and form, protected with the published tables of victims.

A victim may be held by several means, so that means do not add up; each is one table of its own
with those who were not held by it, and all share the published margins.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from atips_analysis.disclosure.attack import Release
from atips_analysis.disclosure.cells import CellKey, Relation, cell_key, complement_relation
from atips_analysis.disclosure.indicator_table import ProtectedTable
from atips_analysis.disclosure.knowledge import Known, Rule
from atips_analysis.disclosure.system import System
from atips_analysis.indicators import parse_period
from atips_analysis.indicators.measure import Bank
from atips_analysis.indicators.populations import victims_once

MEANS = {
    "DEBT": ("DEBT_BONDAGE", "TAKES_EARNINGS", "RESTRICTS_FINANCE"),
    "THREATS": ("THREATS", "THREAT_LAW", "USES_CHILDREN"),
    "ABUSE": ("PSYCH_ABUSE", "PHYS_ABUSE", "SEX_ABUSE"),
    "PROMISES": ("FALSE_PROMISES",),
    "MOVEMENT": ("RESTRICTS_MOVEMENT", "RESTRICTS_MEDICAL"),
    "NECESSITIES": ("WITHHOLDS_NECESSITIES", "WITHHOLDS_DOCUMENTS"),
    "HOURS": ("EXCESSIVE_HOURS",),
    "SUBSTANCES": ("SUBSTANCES",),
    "OTHER": ("OTHER",),
}
"""Means of control, grouped as the counter-trafficking data collaborative's file of 2024 has them."""

NOT_RECORDED = "NOT_RECORDED"
CROSSED = ("age_group", "sex", "form")
"""Characteristics that means are crossed with, two at a time and on pooled years only."""

VICTIMS = "PROT-01 VICTIM"
WITH, WITHOUT = "victims by means", "victims without the means"
TOTAL = "Total"


@dataclass
class MeansCells:
    """Counts of victims by means with their margins, and the sums between them."""

    counts: dict[CellKey, int] = field(default_factory=dict)
    relations: list[Relation] = field(default_factory=list)
    margins: set[CellKey] = field(default_factory=set)
    rests: set[CellKey] = field(default_factory=set)


def means_of_control(
    rows: Bank, years: str, protected: ProtectedTable, threshold: int
) -> list[dict[str, Any]]:
    """Victims by means of control, several for one victim, alone and by a characteristic.

    Rows of ``years`` (the pooled years of the published table, else those of the build), ``code``,
    ``by`` (a dimension, or Total), ``category``, ``value`` and ``status``. A crossing of whose
    counts above zero more than half would be hidden is left out; where counts would open a cell
    of the published table all the same, first all crossings go, then everything.
    """
    found = []
    for run in pooled_periods(protected, years):
        for dimensions in (CROSSED, ()):
            cells = means_cells(rows, run, dimensions)
            status = _status(cells, protected.release, threshold)
            shown = {key for key, told in status.items() if told != "C"}
            if not _opens(cells, shown, protected, threshold):
                break
        else:
            shown = set()
        found += _rows_of(cells, run, shown)
    return found


def pooled_periods(protected: ProtectedTable, years: str) -> tuple[str, ...]:
    """The pooled years of the published table; those of the build where it has none."""
    table = protected.table
    own = table.loc[table["indicator_id"] == "PROT-01", "period"].unique()
    pooled = sorted(name for name in map(str, own) if len(parse_period(name).years) > 1)
    # One run only: two that overlap would give away what lies between them.
    return tuple(pooled[-1:]) or (years,)


def means_cells(rows: Bank, years: str, dimensions: tuple[str, ...] = CROSSED) -> MeansCells:
    """True counts: each means, alone and by category, with those not held by it. Confidential."""
    victims = victims_once(rows, parse_period(years))
    recorded = victims["means_of_control"].fillna("").str.split(";").map(set)
    known = {code for codes in MEANS.values() for code in codes}
    held = {name: recorded.map(set(codes).__and__).map(bool) for name, codes in MEANS.items()}
    held[NOT_RECORDED] = recorded.map(known.isdisjoint)
    cells = MeansCells()
    for dimension in ("", *dimensions):
        groups = _groups(victims, dimension)
        for category, inside in groups.items():
            of = {dimension: category} if dimension else {}
            margin = cell_key(VICTIMS, years, of)
            cells.counts[margin] = int(inside.sum())
            cells.margins.add(margin)
            for name, marked in held.items():
                part = cell_key(WITH, years, {"means": name, **of})
                rest = cell_key(WITHOUT, years, {"means": name, **of})
                cells.counts[part] = int((marked & inside).sum())
                cells.counts[rest] = int((~marked & inside).sum())
                cells.rests.add(rest)
                cells.relations.append(complement_relation(part, rest, margin, table=WITH))
        if dimension:
            for name, wanted in ((VICTIMS, {}), *((WITH, {"means": one}) for one in held)):
                whole = cell_key(name, years, wanted)
                parts = [cell_key(name, years, {**wanted, dimension: one}) for one in groups]
                relation = Relation(whole, tuple(parts), f"{name} by {dimension}")
                cells.relations.append(relation)
    return cells


def _groups(victims: pd.DataFrame, dimension: str) -> dict[str, pd.Series]:
    if not dimension:
        return {TOTAL: pd.Series(True, index=victims.index)}
    return {
        str(category): victims[dimension] == category
        for category in sorted(victims[dimension].unique())
    }


def _status(cells: MeansCells, release: Release, threshold: int) -> dict[CellKey, str]:
    """The public status of each count of means, the published margins being as they are."""
    public = {
        key: cells.counts[key]
        for key in cells.margins
        if release.cells.get(key) == cells.counts[key]
    }
    hidden = {
        key: cells.counts[key] + 1
        for key in cells.margins - public.keys()
        if key in release.cells and cells.counts[key] > 0
    }
    unseen = cells.rests | (cells.margins - release.cells.keys())
    known = Known(counts=public, unpublished=frozenset(unseen), sensitive=hidden)
    found = System(cells.counts, cells.relations, known, rule=Rule(threshold)).protect()
    status = dict(zip(found.cells["key"], found.cells["public_status"], strict=True))
    told = {key: str(status[key]) for key in cells.counts if key[0] == WITH}
    for dimension in {_dimension(key) for key in told} - {TOTAL}:
        own = [key for key in told if _dimension(key) == dimension]
        anybody = [key for key in own if cells.counts[key] > 0]
        if sum(told[key] == "C" for key in anybody) > len(anybody) / 2:
            told |= dict.fromkeys(own, "C")
    return told


def _opens(
    cells: MeansCells, shown: set[CellKey], protected: ProtectedTable, threshold: int
) -> bool:
    """Whether the counts that would be shown open a cell, of theirs or of the published table."""
    release = protected.release
    printed: dict[CellKey, int | None] = {
        key: cells.counts[key] if key in shown else None
        for key in cells.counts
        if key[0] == WITH and (key in shown or cells.counts[key] > 0)
    }
    crossed = {_dimension(key) for key in shown}
    printed = {
        key: value
        for key, value in printed.items()
        if value is not None or _dimension(key) in crossed
    }
    own = {key for key in release.cells if _of_victims(key)}
    unseen = {key for key in release.unpublished if _of_victims(key)}
    inside = own | unseen
    relations = [one for one in release.relations if inside.issuperset({one.total, *one.parts})]
    relations += [one for one in cells.relations if one not in relations]
    beside = {key: release.cells[key] for key in own}
    together = Release(
        release.edition,
        {**beside, **printed},
        tuple(_with_years(relations, cells, inside)),
        frozenset((unseen | cells.counts.keys()) - own - printed.keys()),
    )
    system = System(cells.counts, (), rule=Rule(threshold), edition=release.edition)
    after = system.attack(together, inside=False)
    if not after.solvable:
        return True
    alone = Release(
        release.edition, beside, together.relations, together.unpublished | printed.keys()
    )
    before = system.attack(alone, inside=False)
    return bool(set(after.opened["key"]) - set(before.opened["key"]))


def _with_years(relations: list[Relation], cells: MeansCells, inside: set[Any]) -> list[Relation]:
    """Pooled victims as the sum of their years, where the table has the years and not the sum."""
    more = []
    for key in cells.margins - inside:
        single = tuple((key[0], str(year), key[2]) for year in parse_period(key[1]).years)
        if all(one in inside for one in single):
            more.append(Relation(key, single, "victims, pooled years"))
    return [*relations, *more]


def _rows_of(cells: MeansCells, years: str, shown: set[CellKey]) -> list[dict[str, Any]]:
    rows = []
    kept = {TOTAL, *(_dimension(key) for key in shown)}
    for key, count in cells.counts.items():
        if key[0] != WITH or _dimension(key) not in kept:
            continue
        categories = dict(key[2])
        code = categories.pop("means")
        by, category = next(iter(categories.items()), (TOTAL, TOTAL))
        told: Mapping[str, Any] = {"value": None, "status": "C"}
        if key in shown:
            told = {"value": count, "status": "Z" if count == 0 else "OK"}
        rows.append({"years": years, "code": code, "by": by, "category": category, **told})
    return rows


def _dimension(key: Any) -> str:
    return next((name for name, _ in key[2] if name != "means"), TOTAL)


def _of_victims(key: Any) -> bool:
    return str(key[0]).startswith("PROT-")
