"""What research needs of the records and no indicator holds: aggregates, protected before they leave.

List overlaps become the verdict of a gate, durations become medians of ten events or more, counts
are hidden by the rules of the house and attacked together with the table of indicators.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from atips_analysis.codebook import load_codebook
from atips_analysis.databank import DataBank, overlap_table
from atips_analysis.disclosure.attack import Release, attack
from atips_analysis.disclosure.cells import CellKey, Relation, cell_key, complement_relation
from atips_analysis.disclosure.indicator_table import ProtectedTable
from atips_analysis.disclosure.rules import small_count
from atips_analysis.disclosure.suppression import protect_cells
from atips_analysis.indicators import parse_period
from atips_analysis.indicators.populations import victims_once
from atips_analysis.indicators.prosecution import cohort
from atips_analysis.indicators.rows import Rows, rows_of
from atips_analysis.statistics import kaplan_meier_median

STAGES = ("CHARGED", "COMMITTED", "DISPOSED", "CONVICTED")
WITHIN = {"COMMITTED": "CHARGED", "DISPOSED": "CHARGED", "CONVICTED": "DISPOSED"}
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


def research_tables(
    bank: DataBank, years: str, protected: ProtectedTable, threshold: int
) -> dict[str, Any]:
    """The aggregates of pooled years that may leave.

    Parameters
    ----------
    bank : DataBank
        The edition that `protected` was computed from.
    years : str
        The years pooled, such as ``2021-2024``.
    protected : ProtectedTable
        The table of indicators that is published beside; counts are attacked together with it.
    threshold : int
        The smallest count of persons that is shown.

    Returns
    -------
    dict
        ``years``; ``attrition`` and ``means`` (rows of code, value, status); ``durations`` (rows of
        step, median, low, high, status; nothing under ten events); ``overlap`` (lists,
        publishable, reasons, estimate and interval where the gate lets them through).
    """
    rows = rows_of(bank)
    return {
        "years": years,
        "attrition": attrition(rows, years, protected, threshold),
        "durations": durations(rows, years),
        "means": means_of_control(rows, years, protected, threshold),
        "overlap": overlap(bank, years),
    }


def attrition(
    rows: Rows, years: str, protected: ProtectedTable, threshold: int
) -> list[dict[str, Any]]:
    """Of the cases opened in the pooled years, those that have reached each stage since.

    A stage is hidden, too, where its count less that of other years in the published table would
    open a small count of one year.
    """
    opened = cohort(rows, parse_period(years))
    counts = {"OPENED": len(opened)}
    counts |= {stage: int(opened[stage.lower()].sum()) for stage in STAGES}
    cells: dict[str, int] = dict(counts)
    relations: list[Relation] = []
    for part, whole in {**dict.fromkeys(STAGES, "OPENED"), **WITHIN}.items():
        for above in {whole, "OPENED"}:
            rest = f"{above} less {part}"
            if counts[above] < counts[part]:
                continue
            cells[rest] = counts[above] - counts[part]
            relations.append(complement_relation(part, rest, above, table="attrition"))
    rests = [key for key in cells if key not in counts]
    found = protect_cells(cells, relations, threshold=threshold, unpublished=rests)
    status = dict(zip(found.cells["key"], found.cells["public_status"], strict=True))
    shown = [stage for stage in STAGES if status[stage] != "C"]
    yearly = {year: cohort(rows, parse_period(year)) for year in parse_period(years).years}
    while shown and _opens_a_year(protected.release, yearly, shown, threshold):
        shown.remove(min(shown, key=lambda stage: (counts[stage], stage)))
    for stage in set(STAGES) - set(shown):
        status[stage] = "C"
    return [
        {
            "code": stage,
            "value": None if status[stage] == "C" else counts[stage],
            "status": status[stage],
        }
        for stage in counts
    ]


def durations(rows: Rows, years: str) -> list[dict[str, Any]]:
    """Kaplan-Meier medians of the steps of a case; what is not over is censored."""
    cases = cohort(rows, parse_period(years))
    charged = cases[cases["charged"].astype(bool)]
    waiting = cases[~cases["charged"].astype(bool)]
    all_known = pd.Series(True, index=waiting.index)
    return [
        _median("opened to first charge", cases["months_to_charge"], cases["charged"]),
        _median("first charge to disposal", charged["months_to_disposal"], charged["disposed"]),
        _median("age of cases without a charge", waiting["months_to_charge"], all_known),
    ]


def means_of_control(
    rows: Rows, years: str, protected: ProtectedTable, threshold: int
) -> list[dict[str, Any]]:
    """Victims by means of control, several for one victim; small counts and rests hidden.

    Where the counts together with the published table would open a cell, none is shown.
    """
    victims = victims_once(rows, parse_period(years))
    counts = means_counts(rows, years)
    hidden = {
        name
        for name, count in counts.items()
        if small_count(count, threshold=threshold)
        or small_count(len(victims) - count, threshold=threshold)
    }
    if _opens(protected, counts, hidden, years, len(victims), threshold):
        hidden = set(counts)
    return [
        {
            "code": name,
            "value": None if name in hidden else count,
            "status": "C" if name in hidden else "Z" if count == 0 else "OK",
        }
        for name, count in counts.items()
    ]


def means_counts(rows: Rows, years: str) -> dict[str, int]:
    """True counts of victims by means of control: confidential."""
    victims = victims_once(rows, parse_period(years))
    recorded = victims["means_of_control"].fillna("").str.split(";").map(set)
    counts = {
        name: int(recorded.map(set(codes).__and__).map(bool).sum()) for name, codes in MEANS.items()
    }
    known = {code for codes in MEANS.values() for code in codes}
    return {**counts, "NOT_RECORDED": int(recorded.map(known.isdisjoint).sum())}


def overlap(bank: DataBank, years: str) -> dict[str, Any]:
    """Whether the agencies' lists of victims allow an estimate of those on none; mostly not."""
    from atips_analysis.statistics.multiple_systems import capture_histories, estimate_population

    table = overlap_table(bank, parse_period(years).years)
    names = tuple(column for column in table.columns if column != "count")
    if len(names) < 2:
        reasons = ["there are not two lists that could overlap"]
        return {"lists": len(names), "publishable": False, "reasons": reasons}
    seen = {
        tuple(int(mark) for mark in row[:-1]): int(row[-1])
        for row in table.itertuples(index=False, name=None)
    }
    found = estimate_population(capture_histories(names, seen))
    return {
        "lists": len(names),
        "publishable": found.publishable,
        "reasons": [_without_names(reason, bank) for reason in found.reasons],
        "estimate": found.estimate,
        "interval": None if found.interval is None else list(found.interval),
    }


def _opens_a_year(
    release: Release, yearly: Mapping[int, pd.DataFrame], shown: list[str], threshold: int
) -> bool:
    """Whether pooled counts of stages, with the published ones of other years, open a year's.

    Only the cells on cases and courts are attacked: the others share no sum with them.
    """
    own = {key: value for key, value in release.cells.items() if _of_courts(key)}
    unseen = {key for key in release.unpublished if _of_courts(key)}
    within = own.keys() | unseen
    relations = [one for one in release.relations if within.issuperset({one.total, *one.parts})]
    truth: dict[tuple[str, Any], int] = {}
    for stage in STAGES:
        parts = []
        for year, cases in yearly.items():
            part = cell_key("PROS-08 CASE percent numerator", str(year), {"stage": stage})
            rest = cell_key("PROS-08 not reached", str(year), {"stage": stage})
            opened = cell_key("PROS-01 CASE", str(year), {"carried_over": "NO"})
            counts = {
                part: int(cases[stage.lower()].sum()),
                rest: int((~cases[stage.lower()].astype(bool)).sum()),
                opened: len(cases),
            }
            unseen |= counts.keys() - own.keys()
            truth |= {(release.edition, key): count for key, count in counts.items()}
            relations.append(complement_relation(part, rest, opened, table=f"cohort {year}"))
            parts.append(part)
        if stage in shown:
            pooled = cell_key("PROS-08 pooled", "all", {"stage": stage})
            own[pooled] = sum(truth[release.edition, part] for part in parts)
            relations.append(Relation(pooled, tuple(parts), "cohorts, pooled years"))
    unseen -= own.keys()
    pooled_keys = [key for key in own if key[0] == "PROS-08 pooled"]
    without = {key: value for key, value in own.items() if key not in pooled_keys}
    before = attack(
        Release(release.edition, without, relations, frozenset(unseen | set(pooled_keys))),
        truth=truth,
        threshold=threshold,
    )
    after = attack(
        Release(release.edition, own, relations, frozenset(unseen)),
        truth=truth,
        threshold=threshold,
    )
    return not after.solvable or bool(set(after.opened["key"]) - set(before.opened["key"]))


def _of_courts(key: Any) -> bool:
    return str(key[0]).startswith("PROS-")


def _opens(
    protected: ProtectedTable,
    counts: Mapping[str, int],
    hidden: set[str],
    years: str,
    victims: int,
    threshold: int,
) -> bool:
    """Whether the counts that would be shown open a cell of the published table."""
    release = protected.release
    pooled = cell_key("PROT-01 VICTIM", years, {})
    single = [cell_key("PROT-01 VICTIM", str(year), {}) for year in parse_period(years).years]
    shown: dict[CellKey, int] = {}
    relations = list(release.relations)
    unseen = set(release.unpublished)
    if all(key in release.cells or key in unseen for key in single):
        relations.append(Relation(pooled, tuple(single), "victims, pooled years"))
    if pooled not in release.cells:
        unseen.add(pooled)
    for name, count in counts.items():
        if name in hidden:
            continue
        part = cell_key("victims by means", years, {"means": name})
        rest = cell_key("victims without the means", years, {"means": name})
        shown[part] = count
        unseen.add(rest)
        relations.append(complement_relation(part, rest, pooled, table="victims by means"))
    together = Release(
        release.edition, {**release.cells, **shown}, tuple(relations), frozenset(unseen)
    )
    before = set(protected.report.opened["key"])
    after = attack(together, threshold=threshold)
    known = set(release.cells)
    fresh = {key for key in after.opened["key"] if key in known and key not in before}
    if fresh and after.solvable:  # open without these counts too: nothing that they add
        fresh -= set(attack(release, threshold=threshold).opened["key"])
    return bool(fresh) or not after.solvable


def _median(step: str, months: pd.Series, observed: pd.Series) -> dict[str, Any]:
    found = kaplan_meier_median(months.astype(float).to_numpy(), observed.astype(float).to_numpy())
    enough = found.median == found.median
    numbers = (found.median, *found.interval) if enough else (None, None, None)
    median, low, high = (
        None if number is None or number == float("inf") else float(number) for number in numbers
    )
    return {
        "step": step,
        "median": median,
        "low": low,
        "high": high,
        "status": "OK" if enough else "NAP",
    }


def _without_names(reason: str, bank: DataBank) -> str:
    """Reasons that name no agency: how few persons one of them shares is a count of persons."""
    codes = load_codebook().codelist("source_agency").codes
    if any(f" {code} " in f" {reason} " for code in codes):
        return "A list overlaps too little with the others for an estimate."
    return reason
