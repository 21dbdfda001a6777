"""The aggregates of research as a release: rows of a table, cells that are printed, and their sums.

Stages of pooled years are the sum of their years, and so are victims; both stand in the table of
indicators as well, under the same keys, so that a later attack takes the two together.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from atips_analysis.databank import DataBank
from atips_analysis.disclosure.cells import CellKey, Relation, cell_key, complement_relation
from atips_analysis.disclosure.indicator_cells import Cells
from atips_analysis.disclosure.releases import Place, Released
from atips_analysis.disclosure.research_tables_cohorts import STAGES, WITHIN
from atips_analysis.disclosure.research_tables_means import CROSSED, TOTAL, WITH, means_cells
from atips_analysis.indicators import parse_period
from atips_analysis.indicators.case_cohorts import cohort
from atips_analysis.indicators.measure import Bank
from atips_analysis.indicators.place import row_id
from atips_analysis.indicators.populations import victims_once
from atips_analysis.indicators.remembering import Remembering
from atips_analysis.indicators.rows import rows_of

COLUMNS = ("topic", "period", "code", "statistic", "value", "ci_low", "ci_high", "status", "note")


def research_rows(public: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What `research_tables` gave, as rows of one table (columns `COLUMNS`).

    A means of control by a category has the code ``MEANS:CATEGORY`` and the topic
    ``means by DIMENSION``.
    """
    blank = dict.fromkeys(COLUMNS) | {"period": public["years"], "note": ""}
    rows = [
        blank
        | {"topic": topic, "period": one["years"], "code": code, "statistic": "count"}
        | {"value": one["value"], "status": one["status"]}
        for name in ("attrition", "means")
        for one in public[name]
        for topic, code in [_place_of(name, one)]
    ]
    rows += [
        blank
        | {"topic": "durations", "period": one["years"], "code": one["step"]}
        | {"statistic": "median", "value": one["median"], "ci_low": one["low"]}
        | {"ci_high": one["high"], "status": one["status"], "note": "months"}
        for one in public["durations"]
    ]
    overlap = public["overlap"]
    low, high = overlap.get("interval") or (None, None)
    told = {
        "value": overlap.get("estimate") if overlap["publishable"] else None,
        "ci_low": low if overlap["publishable"] else None,
        "ci_high": high if overlap["publishable"] else None,
        "status": "E" if overlap["publishable"] else "NAP",
    }
    about = {"topic": "overlap", "code": "VICTIMS", "statistic": "estimate"}
    return [*rows, blank | about | told | {"note": "; ".join(overlap["reasons"])}]


def research_row_id(row: Mapping[str, Any]) -> str:
    """The id of a row of `research_rows`."""
    return row_id({name: row[name] for name in ("topic", "period", "code", "statistic")})


def released_research(
    public: Mapping[str, Any], bank: DataBank, indicators: Cells, *, threshold: int = 5
) -> tuple[Released, dict[CellKey, int]]:
    """What the aggregates of research tell, and the true counts behind (which stay confidential).

    Parameters
    ----------
    public : mapping
        As `research_tables` gave it.
    bank : DataBank
        The edition that it was made from.
    indicators : Cells
        The cells of the table of indicators that is released beside: where a count stands there
        as well, it is the same unknown.

    Notes
    -----
    A hidden count is at least 1. Where a zero had to be hidden as well, or nothing is told, that is
    said of none of the hidden counts of its topic: which of them is the zero may not be read off the
    ledger.
    """
    rows = Remembering(rows_of(bank))
    system = _System(indicators)
    key_of: dict[tuple[str, str, str], CellKey] = {}
    for run in dict.fromkeys(str(one["years"]) for one in public["attrition"]):
        for code, key in _attrition(system, rows, run).items():
            key_of["attrition", run, code] = key
    for run in dict.fromkeys(str(one["years"]) for one in public["means"]):
        for (topic, code), key in _means(system, rows, run).items():
            key_of[topic, run, code] = key
    shown: dict[CellKey, int | None] = {}
    places: dict[CellKey, tuple[Place, ...]] = {}
    listed = [
        (row, key_of[place])
        for row in research_rows(public)
        if (place := (row["topic"], row["period"], row["code"])) in key_of
    ]
    told = {(row["topic"], row["period"]) for row, _ in listed if row["status"] != "C"}
    unsaid = {
        (row["topic"], row["period"])
        for row, key in listed
        if row["status"] == "C" and system.counts[key] == 0
    } | {(row["topic"], row["period"]) for row, _ in listed} - told
    for row, key in listed:
        places[key] = (*places.get(key, ()), (research_row_id(row), "value"))
        if row["status"] != "C":
            shown[key] = int(row["value"])
        elif (row["topic"], row["period"]) not in unsaid:
            shown.setdefault(key, None)
    released = Released(
        bank.edition,
        shown,
        tuple(dict.fromkeys(system.relations)),
        frozenset(system.counts.keys() - shown.keys()),
        places,
        threshold=threshold,
    )
    return released, system.counts


class _System:
    """Cells with their true counts, and sums between them."""

    def __init__(self, indicators: Cells) -> None:
        self.indicators = indicators
        self.counts: dict[CellKey, int] = {}
        self.relations: list[Relation] = []

    def put(self, measure: str, period: str, count: int, **categories: str) -> CellKey:
        """A cell, under the key of the table of indicators where it is the same count there."""
        key = cell_key(measure, period, categories)
        there = self.indicators.key_of(key)
        if self.indicators.counts.get(there, count) != count:
            key = there = cell_key(f"{measure} (research)", period, categories)
        self.counts[there] = count
        return there

    def divide(self, whole: CellKey, part: CellKey, name: str, table: str) -> None:
        """`whole` is `part` and a rest that nobody prints."""
        count = self.counts[whole] - self.counts[part]
        if count >= 0 and whole != part:
            rest = self.put(name, part[1], count, **dict(part[2]))
            self.relations.append(complement_relation(part, rest, whole, table=table))

    def add_up(self, whole: CellKey, parts: list[CellKey], table: str) -> None:
        """`whole` is the sum of `parts`, where it is."""
        if whole not in parts and self.counts[whole] == sum(self.counts[part] for part in parts):
            self.relations.append(Relation(whole, tuple(parts), table))


def _attrition(system: _System, rows: Bank, years: str) -> dict[str, CellKey]:
    """Stages of the pooled years, each the sum of its years; and each within those before it."""
    yearly = {
        str(year): cohort(rows, parse_period(str(year))) for year in parse_period(years).years
    }
    opened = [
        system.put("PROS-01 CASE", year, len(cases), carried_over="NO")
        for year, cases in yearly.items()
    ]
    pooled = cohort(rows, parse_period(years))
    found = {"OPENED": system.put("PROS-01 cohort", years, len(pooled))}
    system.add_up(found["OPENED"], opened, "attrition, pooled years")
    for stage in STAGES:
        found[stage] = system.put(
            "PROS-08 cohort", years, int(pooled[stage.lower()].sum()), stage=stage
        )
        parts = []
        for (year, cases), whole in zip(yearly.items(), opened, strict=True):
            count = int(cases[stage.lower()].sum())
            part = system.put("PROS-08 CASE percent numerator", year, count, stage=stage)
            system.divide(whole, part, "PROS-08 not reached", f"cohort {year}")
            parts.append(part)
        system.add_up(found[stage], parts, "attrition, pooled years")
    for stage in STAGES:
        for above in sorted({WITHIN.get(stage, "OPENED"), "OPENED"}):
            system.divide(found[above], found[stage], f"PROS-08 {above} less", "attrition")
    return found


def _means(system: _System, rows: Bank, years: str) -> dict[tuple[str, str], CellKey]:
    """Victims by means of control, several for one, alone and by a characteristic.

    Pooled victims are the sum of their years. Keys by topic and code, as `research_rows` has them.
    """
    cells = means_cells(rows, years, CROSSED)
    put = {key: system.put(key[0], key[1], n, **dict(key[2])) for key, n in cells.counts.items()}
    system.relations += [
        Relation(put[one.total], tuple(put[part] for part in one.parts), one.table)  # type: ignore[index]
        for one in cells.relations
    ]
    single = [
        system.put("PROT-01 VICTIM", str(year), len(victims_once(rows, parse_period(str(year)))))
        for year in parse_period(years).years
    ]
    whole = put[cell_key("PROT-01 VICTIM", years, {})]
    system.add_up(whole, single, "victims, pooled years")
    found = {}
    for key in cells.counts:
        if key[0] == WITH:
            categories = dict(key[2])
            one = {"code": categories.pop("means")}
            by, category = next(iter(categories.items()), (TOTAL, TOTAL))
            found[_place_of("means", {**one, "by": by, "category": category})] = put[key]
    return found


def _place_of(name: str, one: Mapping[str, Any]) -> tuple[str, str]:
    """Topic and code of a row."""
    if one.get("by", TOTAL) == TOTAL:
        return name, str(one["code"])
    return f"{name} by {one['by']}", f"{one['code']}:{one['category']}"
