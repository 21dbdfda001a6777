"""What a frozen baseline would be today: values that differ, and by which rows.

Today's values are protected and attacked together with the frozen ones before anything is said of
them, and rows are told only as numbers that open no cell: of persons, none from 1 to 4, and no
number from which with the totals of both releases such a one follows.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from atips_analysis.codebook import dimensions
from atips_analysis.databank import DataBank
from atips_analysis.databank.fingerprint import code_fingerprint
from atips_analysis.disclosure.kept import made_of
from atips_analysis.disclosure.released_table import released_from
from atips_analysis.errors import InputError
from atips_analysis.indicators import Measure, measures, parse_period
from atips_analysis.indicators.declared import registered
from atips_analysis.indicators.edition_table import raw_table, with_years_of, years_and_pool
from atips_analysis.indicators.place import NAME, PLACE, is_total
from atips_analysis.indicators.rows import Rows, rows_of
from atips_analysis.ledger.answers import answer
from atips_analysis.ledger.frozen_baseline import ROOMS, FrozenBaseline
from atips_analysis.ledger.ledger_files import read_counts, write_counts
from atips_analysis.ledger.question import declared
from atips_analysis.ledger.record import begin_record
from atips_analysis.project import Project

HIDDEN, NOT_KNOWN = "C", "M"
COUNTED_BY_SESSION = ("PARTICIPANT",)  # their rows are sessions, which PREV-01 counts in public
COLUMNS = (
    *NAME,
    *PLACE,
    "frozen",
    "frozen_status",
    "today",
    "today_status",
    "rows_added",
    "rows_withdrawn",
    "rows_changed",
)


@dataclass(frozen=True)
class Revision:
    """What has been revised since a baseline was frozen.

    `differences`: one row a value that differs: `COLUMNS`; frozen and today are numbers or
    missing, rows_* are texts: a number, C where it is hidden, M where the frozen edition is not
    in the data bank any more. `attack` says that both releases together open nothing.
    """

    differences: pd.DataFrame
    attack: str
    edition: str
    explained: bool
    other_code: bool = False


def revision(
    frozen: FrozenBaseline, bank: DataBank, before: DataBank | None, project: Project
) -> Revision:
    """Compare a frozen baseline with what the data of `bank` give today.

    Parameters
    ----------
    frozen : FrozenBaseline
    bank : DataBank
        Today's edition.
    before : DataBank or None
        The edition that the baseline was frozen from, for the rows behind each difference.

    Raises
    ------
    InputError
        If one is made of simulated records and the other is not.
    FindingsError
        If both releases together would open a hidden cell: then nothing is said.
    """
    if frozen.simulated != bank.simulated:
        raise InputError(
            "the baseline and the data bank do not fit: one is made of simulated records, the "
            "other is not; name the data bank of the baseline with --databank"
        )
    periods = years_and_pool(frozen.period)
    databank = bank.folder.parent.parent
    _keep_counts(frozen, before, project, databank)
    begin_record(databank)
    question = declared(periods, [one.id for one in registered(project)])
    today = answer(question, bank, rows_of(bank), project, "baseline").table
    found = differences(frozen.table, today)
    if before is not None:
        found = _with_rows(found, frozen.table, today, rows_of(before), rows_of(bank))
    return Revision(
        found.reindex(columns=list(COLUMNS)),
        "the frozen values and today's, taken together, open no hidden cell",
        bank.edition,
        before is not None,
        frozen.seal["code"] != code_fingerprint(ROOMS),
    )


def _keep_counts(
    frozen: FrozenBaseline, before: DataBank | None, project: Project, databank: Path
) -> None:
    """The counts behind a frozen baseline are found again where they are not kept any more."""
    if before is None or frozen.edition in {edition for edition, _ in read_counts(databank)}:
        return
    past = raw_table(before, project, with_years_of(before, years_and_pool(frozen.period)))
    try:
        _, counts = released_from(frozen.table, past, threshold=frozen.released.threshold)
    except InputError:
        return
    write_counts(databank, frozen.edition, counts)


def differences(frozen: pd.DataFrame, today: pd.DataFrame) -> pd.DataFrame:
    """The values of two protected tables that differ: as printed, so nothing hidden is compared.

    A row that only one of them has, of a category or an indicator new to the other, is a
    difference too, unless it says that there is nothing (a true zero, or no value at all).
    """
    periods = set(frozen["period"])
    left = _printed(frozen, "frozen")
    right = _printed(today[today["period"].isin(periods)], "today")
    both = left.merge(right, on=[*NAME, *PLACE], how="outer")
    for side in ("frozen", "today"):
        both[f"{side}_status"] = both[f"{side}_status"].fillna("NAP")
    same_value = both["frozen"].eq(both["today"]).fillna(False) | (
        both["frozen"].isna() & both["today"].isna()
    )
    nothing = both["frozen"].fillna(0).eq(0) & both["today"].fillna(0).eq(0)
    quiet = ~both[["frozen_status", "today_status"]].isin(["C", "M", "NC"]).any(axis=1)
    same_status = both["frozen_status"].eq(both["today_status"])
    differing = both[~((same_value & same_status) | (nothing & quiet))]
    extra = {"rows_added": NOT_KNOWN, "rows_withdrawn": NOT_KNOWN, "rows_changed": NOT_KNOWN}
    return differing.assign(**extra).reset_index(drop=True)


def _printed(table: pd.DataFrame, side: str) -> pd.DataFrame:
    shown = table[[*NAME, *PLACE, "value", "status"]].copy()
    values = pd.to_numeric(shown["value"]).astype("Float64")
    shown["value"] = values.map(_as_written, na_action="ignore").astype("Float64")
    return shown.rename(columns={"value": side, "status": f"{side}_status"})


def _as_written(value: float) -> float:
    """A value with the digits that a table's file holds."""
    return float(f"{value:.6g}")


def _with_rows(
    found: pd.DataFrame, frozen: pd.DataFrame, today: pd.DataFrame, before: Rows, now: Rows
) -> pd.DataFrame:
    declared = {(m.indicator_id, m.unit, m.statistic): m for m in measures()}
    kept = today.drop(index=made_of(now.edition, today).index)
    hidden = _hidden_totals(frozen) | _hidden_totals(today) | _names(kept)
    known: dict[tuple[str, str, str, str], tuple[str, str, str]] = {}
    lines = []
    for row in found.to_dict("records"):
        key = (row["indicator_id"], row["unit_of_count"], row["statistic"], row["period"])
        measure = declared.get(key[:3])
        if measure is None:
            lines.append(("0", "0", "0"))
            continue
        if key not in known:
            counts = rows_between(measure, key[3], before, now)
            persons = measure.persons and measure.unit not in COUNTED_BY_SESSION
            known[key] = told(counts, persons, key in hidden)
        lines.append(known[key])
    names = ["rows_added", "rows_withdrawn", "rows_changed"]
    rows = pd.DataFrame(lines, columns=names, index=found.index)
    return found.assign(**{name: rows[name] for name in names})


def rows_between(measure: Measure, period: str, before: Rows, now: Rows) -> tuple[int, int, int]:
    """Units counted (by key): added, withdrawn, and changed in what the indicator sees of them."""
    old = _seen(measure, period, before)
    new = _seen(measure, period, now)
    both = old.index.intersection(new.index)
    changed = int((old.loc[both] != new.loc[both]).sum())
    return len(new.index.difference(old.index)), len(old.index.difference(new.index)), changed


def told(counts: tuple[int, int, int], persons: bool, total_hidden: bool) -> tuple[str, str, str]:
    """Numbers of rows as they may be told.

    Of persons, 1 to 4 are hidden; as the difference of two totals is what was added less what was
    withdrawn, both are hidden where one of them is; and all are where a total is hidden, or kept.
    """
    added, withdrawn, changed = counts
    if not persons:
        return str(added), str(withdrawn), str(changed)
    if total_hidden:
        return HIDDEN, HIDDEN, HIDDEN

    def small(count: int) -> bool:
        return 1 <= count <= 4

    moved = small(added) or small(withdrawn)
    return (
        HIDDEN if moved else str(added),
        HIDDEN if moved else str(withdrawn),
        HIDDEN if small(changed) else str(changed),
    )


def _seen(measure: Measure, period: str, rows: Rows) -> pd.Series:
    """What the indicator sees of each unit, as one text a key."""
    frame = measure.population(rows, parse_period(period))
    names = ["n", "numerator", "score", "duration", "ending", *dimensions()]
    kept = [name for name in names if name in frame and not isinstance(frame[name], pd.DataFrame)]
    if frame.empty:
        return pd.Series(dtype="str")
    text = frame[kept].astype("str").fillna("").agg("|".join, axis=1)
    return text.groupby(frame["key"]).agg(lambda parts: ";".join(sorted(parts)))


def _hidden_totals(table: pd.DataFrame) -> set[tuple[str, str, str, str]]:
    return _names(table[is_total(table) & (table["status"] == HIDDEN)])


def _names(rows: pd.DataFrame) -> set[tuple[str, str, str, str]]:
    return set(rows[list(NAME)].itertuples(index=False, name=None))
