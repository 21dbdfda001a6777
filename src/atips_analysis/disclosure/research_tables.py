"""What research needs of the records and no indicator holds: aggregates, protected before they leave.

List overlaps become the verdict of a gate, durations become medians of ten events or more, counts
are hidden by the rules of the house and attacked together with the table of indicators.
"""

from __future__ import annotations

import re
from typing import Any

from atips_analysis.databank import DataBank, overlap_table
from atips_analysis.disclosure.indicator_table import ProtectedTable
from atips_analysis.disclosure.research_tables_beside import safe_counts
from atips_analysis.disclosure.research_tables_cohorts import attrition, durations
from atips_analysis.disclosure.research_tables_means import means_of_control
from atips_analysis.disclosure.solved_once import solving_once
from atips_analysis.indicators import parse_period
from atips_analysis.indicators.case_cohorts import TELL_OF_COURTS
from atips_analysis.indicators.follow_up import last_month
from atips_analysis.indicators.remembering import Remembering
from atips_analysis.indicators.rows import rows_of

__all__ = ["research_tables"]


@solving_once()
def research_tables(
    bank: DataBank, years: str, protected: ProtectedTable, threshold: int
) -> dict[str, Any]:
    """The aggregates of pooled years that may leave.

    Parameters
    ----------
    bank : DataBank
        The edition that `protected` was computed from.
    years : str
        The years of the build, such as ``2021-2024``.
    protected : ProtectedTable
        The table of indicators that is published beside; counts are attacked together with it.
    threshold : int
        The smallest count of persons that is shown.

    Returns
    -------
    dict
        ``years``; ``followed_to`` (the last month received of suspects and charges);
        ``attrition`` (rows of years, code, value, status, for every run of two years or more that
        `protected` does not tell of); ``durations`` (rows of years, step, median, low, high,
        status; nothing under ten events); ``means`` (rows of years, code, by, category, value, status, for the
        pooled years of the table); ``overlap`` (lists, publishable, reasons, estimate and
        interval where the gate lets them through).
    """
    rows = Remembering(rows_of(bank))  # several tables ask for the same populations
    stages = attrition(rows, years, protected, threshold)
    means = means_of_control(rows, years, protected, threshold)
    found = {"years": years, "attrition": stages, "means": means}
    counted = safe_counts(found, bank, protected, threshold)
    return {
        "years": years,
        "followed_to": last_month(rows, *TELL_OF_COURTS),
        "attrition": counted["attrition"],
        "durations": durations(rows, counted["attrition"]),
        "means": counted["means"],
        "overlap": overlap(bank, years),
    }


def overlap(bank: DataBank, years: str) -> dict[str, Any]:
    """Whether the agencies' lists of victims allow an estimate of those on none; mostly not."""
    from atips_analysis.statistics import multiple_systems as mse

    table = overlap_table(bank, parse_period(years).years)
    names = tuple(column for column in table.columns if column != "count")
    if len(names) < 2:
        reasons = ["there are not two lists that could overlap"]
        return {"lists": len(names), "publishable": False, "reasons": reasons}
    if len(names) > mse.MOST_LISTS:
        reasons = [f"there are more than {mse.MOST_LISTS} lists"]
        return {"lists": len(names), "publishable": False, "reasons": reasons}
    seen = {
        tuple(int(mark) for mark in row[:-1]): int(row[-1])
        for row in table.itertuples(index=False, name=None)
    }
    found = mse.estimate(mse.capture_histories(names, seen))
    return {
        "lists": len(names),
        "publishable": found.publishable,
        "reasons": list(dict.fromkeys(_without_names(reason, names) for reason in found.reasons)),
        "estimate": found.estimate,
        "interval": None if found.interval is None else list(found.interval),
    }


def _without_names(reason: str, names: tuple[str, ...]) -> str:
    """Reasons that name no agency: how few persons one of them shares is a count of persons."""
    if any(re.search(rf"(?<!\w){re.escape(name)}(?!\w)", reason) for name in names):
        return "lists overlap too little for an estimate, or lie within one another"
    return reason
