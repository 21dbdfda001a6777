"""How one value came about: the edition, the rows counted by key, and the formula."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from atips_analysis.errors import InputError
from atips_analysis.indicators.compute import RENAMED, missing_returns
from atips_analysis.indicators.measure import Bank, Measure, measures
from atips_analysis.indicators.period import Period

FORMULA = {
    "count": "value = sum of n over the rows counted",
    "percent": "value = 100 x sum of numerator / sum of n",
    "ratio": "value = sum of numerator / sum of n",
    "mean": "value = sum of score / rows counted",
    "rate": "value = 100,000 x sum of n / mid-year population",
    "median": "value = Kaplan-Meier median of duration, open ones censored",
}


def trace(bank: Bank, indicator_id: str, period: Period) -> list[dict[str, object]]:
    """What stands behind each measure of an indicator: confidential, as it lists keys.

    Returns
    -------
    list of dict
        One a measure: statistic, unit, definition, streams, formula, missing, rows (DataFrame
        with key, n, numerator where it is a share, file, sheet, row).

    Raises
    ------
    InputError
        If no stream feeds the indicator.
    """
    declared = measures(indicator_id)
    if not declared:
        raise InputError(
            f"indicator {indicator_id!r} cannot be traced: no stream feeds it (it is reported as "
            "not collected), or it is not in data/framework/indicators.csv"
        )
    return [_steps(bank, measure, period) for measure in declared]


def _steps(bank: Bank, measure: Measure, period: Period) -> dict[str, object]:
    missing = missing_returns(bank, measure, period)
    steps: dict[str, object] = {
        "indicator_id": measure.indicator_id,
        "statistic": measure.statistic,
        "unit": measure.unit,
        "period": period.name,
        "definition": " ".join((measure.population.__doc__ or "").split()),
        "streams": ", ".join(measure.streams),
        "filters": _filters(measure, period),
        "formula": FORMULA[measure.statistic],
        "missing": missing,
    }
    if missing:
        return steps | {"rows": pd.DataFrame(columns=["key", "n"])}
    rows = measure.population(bank, period).rename(columns=RENAMED)
    rows = rows.assign(n=rows.get("n", 1))
    columns = ["key", "n", "numerator", "score", "duration", "observed", *_dimensions(measure)]
    columns += ["file", "sheet", "row"]
    kept = [column for column in dict.fromkeys(columns) if column in rows]
    return steps | {"rows": rows[kept].reset_index(drop=True)}


def _filters(measure: Measure, period: Period) -> str:
    """Which rows come in at all: accepted ones, of the period, and what the indicator asks for."""
    what = [f"accepted rows; months {period.start} to {period.end}"]
    kinds = [stream.partition(":")[2] for stream in measure.streams if ":" in stream]
    if kinds:
        what.append(f"measure {', '.join(kinds)}")
    if measure.least:
        what.append(f"shown from {measure.least} on")
    return "; ".join(what)


def _dimensions(measure: Measure) -> list[str]:
    return [RENAMED.get(part, part) for table in measure.by for part in table]


def cell_filter(rows: pd.DataFrame, cell: Mapping[str, str]) -> pd.DataFrame:
    """The rows of a trace that fall in one cell, such as ``{"sex": "F"}``."""
    for dimension, category in cell.items():
        if dimension not in rows:
            raise InputError(f"{dimension!r} is not a dimension of this indicator")
        rows = rows[rows[dimension] == category]
    return rows
