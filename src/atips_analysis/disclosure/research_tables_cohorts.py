"""Cohorts of cases for runs of years: stages that may be shown, and medians of the steps.

A run that the table of indicators tells of is told there alone. Runs overlap, and one less another
is a single year: all of them are attacked together, and with the yearly table published beside.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from atips_analysis.disclosure.attack import Release
from atips_analysis.disclosure.cells import CellKey, Relation, cell_key, complement_relation
from atips_analysis.disclosure.indicator_table import ProtectedTable
from atips_analysis.disclosure.knowledge import Known, Rule
from atips_analysis.disclosure.system import System
from atips_analysis.indicators import parse_period
from atips_analysis.indicators.case_cohorts import cohort
from atips_analysis.indicators.compute import LEAST_LEFT
from atips_analysis.indicators.measure import Bank
from atips_analysis.statistics import median_time
from atips_analysis.statistics.durations import LEAST_EVENTS, REACHED

STAGES = ("CHARGED", "COMMITTED", "DISPOSED", "CONVICTED")
WITHIN = {"COMMITTED": "CHARGED", "DISPOSED": "CHARGED", "CONVICTED": "DISPOSED"}
OPENED = "OPENED"
AGE = "age of cases without a charge"
NOTHING = {"median": None, "low": None, "high": None, "status": "NAP"}

Shown = dict[str, list[str]]
"""The stages shown of each run of years."""


def attrition(
    rows: Bank, years: str, protected: ProtectedTable, threshold: int
) -> list[dict[str, Any]]:
    """Of the cases opened in each run of years, those that have reached each stage since.

    Of runs that the published table does not tell of: all years first, then shorter ones. A count
    is hidden where it is small, or leaves a small rest, or would open a small count of a year
    together with what is shown already.
    """
    yearly = {year: cohort(rows, parse_period(year)) for year in parse_period(years).years}
    shown: Shown = {}
    before = _opened(protected.release, yearly, {}, threshold)
    told = set(protected.table.loc[protected.table["indicator_id"] == "PROS-08", "period"])
    for run in runs_of_years(years):
        if run in told:
            continue
        counts = stage_counts(yearly, run)
        wanted = _safe_in_itself(counts, threshold)
        while wanted and _opened(protected.release, yearly, shown | {run: wanted}, threshold) - (
            before
        ):
            wanted.remove(min(wanted, key=lambda stage: (counts[stage], stage)))
        shown[run] = wanted
    return [
        {"years": run, "code": stage} | _told(count, stage in shown[run])
        for run in shown
        for stage, count in stage_counts(yearly, run).items()
    ]


def durations(rows: Bank, stages: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Months by which half have come to a step, for every run of years of `stages`.

    Over all cases of the run: open ones wait as long as they were followed, and those closed before
    the step never come to it (`median_time`). A step is left out where the number of cases that
    came to it is hidden (`stages`, as `attrition` gives them): that there are ten or more would
    tell of it. The age of cases without a charge is that of the open ones; a closed case waits no
    longer, and none of these is censored: each is as old as it is.
    """
    known = {(row["years"], row["code"]) for row in stages if row["status"] != "C"}
    found = []
    for run in dict.fromkeys(row["years"] for row in stages):
        cases = cohort(rows, parse_period(run))
        charged = cases[cases["charged"]]
        waiting = cases[cases["open"] & ~cases["charged"]]
        as_old = pd.Series(REACHED, index=waiting.index)
        steps = {
            "opened to first charge": ("CHARGED", cases["to_charge"], cases["to_charge_ending"]),
            "first charge to disposal": (
                "DISPOSED",
                charged["to_disposal"],
                charged["to_disposal_ending"],
            ),
            AGE: ("CHARGED", waiting["to_charge"], as_old),
        }
        # That ten wait tells how many at most were closed: of so many that it may be five.
        too_few = {AGE} if len(cases) - len(charged) < LEAST_EVENTS + LEAST_LEFT else set()
        for step, (stage, months, endings) in steps.items():
            shown = (run, stage) in known and step not in too_few
            told = _median(months, endings) if shown else dict(NOTHING)
            found.append({"years": run, "step": step, **told})
    return found


def runs_of_years(years: str) -> tuple[str, ...]:
    """Every run of two years or more, the longest and newest first: 2021-2024, 2022-2024, …"""
    known = parse_period(years).years
    runs = [
        (last - first, last, f"{first}-{last}") for first in known for last in known if last > first
    ]
    return tuple(name for _, _, name in sorted(runs, reverse=True))


def stage_counts(yearly: Mapping[int, pd.DataFrame], run: str) -> dict[str, int]:
    """True counts of the cohort of a run of years, opened and by stage: confidential."""
    cases = [yearly[year] for year in parse_period(run).years]
    counts = {OPENED: sum(len(own) for own in cases)}
    return counts | {stage: sum(int(own[stage.lower()].sum()) for own in cases) for stage in STAGES}


def _safe_in_itself(counts: Mapping[str, int], threshold: int) -> list[str]:
    """Stages that can be shown of one cohort, were nothing else published."""
    cells: dict[str, int] = dict(counts)
    relations: list[Relation] = []
    for part, whole in {**dict.fromkeys(STAGES, OPENED), **WITHIN}.items():
        for above in {whole, OPENED}:
            rest = f"{above} less {part}"
            if counts[above] >= counts[part]:
                cells[rest] = counts[above] - counts[part]
                relations.append(complement_relation(part, rest, above, table="attrition"))
    rests = frozenset(key for key in cells if key not in counts)
    system = System(cells, relations, Known(unpublished=rests), rule=Rule(threshold))
    found = system.protect()
    status = dict(zip(found.cells["key"], found.cells["public_status"], strict=True))
    return [stage for stage in counts if status[stage] != "C"]


def _opened(
    release: Release, yearly: Mapping[int, pd.DataFrame], shown: Shown, threshold: int
) -> set[CellKey]:
    """The cells that a reader opens with the cohorts shown beside the published table.

    Only the cells on cases and courts are attacked: the others share no sum with them. Where the
    system contradicts itself every cell counts as open.
    """
    own = {key: value for key, value in release.cells.items() if _of_courts(key)}
    unseen = {key for key in release.unpublished if _of_courts(key)}
    within = own.keys() | unseen
    relations = [one for one in release.relations if within.issuperset({one.total, *one.parts})]
    truth: dict[CellKey, int] = {}
    for year, cases in yearly.items():
        for stage in STAGES:
            counts = _cells_of_a_year(str(year), cases, stage)
            part, rest, opened = counts
            unseen |= counts.keys() - own.keys()
            truth |= counts
            relations.append(complement_relation(part, rest, opened, table=f"cohort {year}"))
    for run, stages in shown.items():
        pooled = stage_counts(yearly, run)
        for stage in stages:
            key = cell_key("PROS-08 pooled", run, {"stage": stage})
            parts = tuple(_cell(str(year), stage) for year in parse_period(run).years)
            own[key] = pooled[stage]
            relations.append(Relation(key, parts, "cohorts, pooled years"))
    system = System(truth, relations, rule=Rule(threshold), edition=release.edition)
    printed = Release(release.edition, own, relations, frozenset(unseen - own.keys()))
    report = system.attack(printed, inside=False)
    return set(report.opened["key"]) if report.solvable else set(own)


def _cells_of_a_year(year: str, cases: pd.DataFrame, stage: str) -> dict[CellKey, int]:
    reached = cases[stage.lower()].astype(bool)
    return {
        _cell(year, stage): int(reached.sum()),
        cell_key("PROS-08 not reached", year, {"stage": stage}): int((~reached).sum()),
        _cell(year, OPENED): len(cases),
    }


def _cell(year: str, stage: str) -> CellKey:
    if stage == OPENED:
        return cell_key("PROS-01 CASE", year, {"carried_over": "NO"})
    return cell_key("PROS-08 CASE percent numerator", year, {"stage": stage})


def _of_courts(key: Any) -> bool:
    return str(key[0]).startswith("PROS-")


def _told(count: int, shown: bool) -> dict[str, Any]:
    if not shown:
        return {"value": None, "status": "C"}
    return {"value": count, "status": "Z" if count == 0 else "OK"}


def _median(months: pd.Series, endings: pd.Series) -> dict[str, Any]:
    found = median_time(months.astype(float), endings.astype(float))
    if found.median != found.median:
        return dict(NOTHING)
    median, low, high = (
        None if number == float("inf") else float(number)
        for number in (found.median, *found.interval)
    )
    return {"median": median, "low": low, "high": high, "status": "OK"}
