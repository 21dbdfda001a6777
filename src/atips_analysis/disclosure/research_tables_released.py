"""The aggregates of research as a release: rows of a table, cells that are printed, and their sums.

Stages of pooled years are the sum of their years, and so are victims; both stand in the table of
indicators as well, under the same keys, so that a later attack takes the two together.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from atips_analysis.databank import DataBank
from atips_analysis.disclosure.cells import CellKey, Relation, cell_key, complement_relation
from atips_analysis.disclosure.indicator_table import Cells
from atips_analysis.disclosure.ledger import Released
from atips_analysis.disclosure.research_tables import STAGES, WITHIN, means_counts
from atips_analysis.indicators import parse_period
from atips_analysis.indicators.populations import victims_once
from atips_analysis.indicators.prosecution import cohort
from atips_analysis.indicators.rows import Rows, rows_of

COLUMNS = ("topic", "period", "code", "statistic", "value", "ci_low", "ci_high", "status", "note")


def research_rows(public: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What `research_tables` gave, as rows of one table (columns `COLUMNS`)."""
    blank = dict.fromkeys(COLUMNS) | {"period": public["years"], "note": ""}
    rows = [
        blank | {"topic": topic, "code": one["code"], "statistic": "count"} | _value(one)
        for topic in ("attrition", "means")
        for one in public[topic]
    ]
    rows += [
        blank
        | {"topic": "durations", "code": one["step"], "statistic": "median", "value": one["median"]}
        | {"ci_low": one["low"], "ci_high": one["high"], "status": one["status"], "note": "months"}
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
    A hidden count is at least 1. Where a zero had to be hidden as well, that is said of none of
    the hidden counts of its topic: which of them is the zero may not be read off the ledger.
    """
    rows, years = rows_of(bank), str(public["years"])
    system = _System(indicators)
    stages = _attrition(system, rows, years)
    means = _means(system, rows, years)
    key_of = {("attrition", code): key for code, key in stages.items()}
    key_of |= {("means", code): key for code, key in means.items()}
    shown: dict[CellKey, int | None] = {}
    places = {}
    listed = research_rows(public)
    at_least_one = {
        topic: all(
            system.counts[key_of[topic, row["code"]]] > 0
            for row in listed
            if row["topic"] == topic and row["status"] == "C"
        )
        for topic in ("attrition", "means")
    }
    for number, row in enumerate(listed):
        key = key_of.get((row["topic"], row["code"]))
        if key is None:
            continue
        places[key] = ((number, "value"),)
        if row["status"] != "C":
            shown[key] = int(row["value"])
        elif at_least_one[row["topic"]]:
            shown[key] = None
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


def _attrition(system: _System, rows: Rows, years: str) -> dict[str, CellKey]:
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


def _means(system: _System, rows: Rows, years: str) -> dict[str, CellKey]:
    """Victims by means of control, several for one; pooled victims are the sum of their years."""
    victims = len(victims_once(rows, parse_period(years)))
    whole = system.put("PROT-01 VICTIM", years, victims)
    single = [
        system.put("PROT-01 VICTIM", str(year), len(victims_once(rows, parse_period(str(year)))))
        for year in parse_period(years).years
    ]
    system.add_up(whole, single, "victims, pooled years")
    found = {}
    for name, count in means_counts(rows, years).items():
        found[name] = system.put("victims by means", years, count, means=name)
        system.divide(whole, found[name], "victims without the means", "victims by means")
    return found


def _value(one: Mapping[str, Any]) -> dict[str, Any]:
    return {"value": one["value"], "status": one["status"]}
