"""How one value came about: the edition, the rows counted by key, and the formula."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from atips_analysis.errors import InputError
from atips_analysis.indicators.compute import RENAMED, TOTAL, missing_returns
from atips_analysis.indicators.measure import Bank, Measure, measures
from atips_analysis.indicators.period import Period

FORMULA = {
    "count": "value = sum of n over the rows counted",
    "percent": "value = 100 x sum of numerator / sum of n",
    "ratio": "value = sum of numerator / sum of n",
    "mean": "value = mean over keys of the mean of their scores, one decimal",
    "rate": "value = 100,000 x sum of n / mid-year population (of each year, added up)",
    "median": "value = Kaplan-Meier median of duration: where the share still waiting falls under "
    "one half, or the middle of the stretch on which it is one half; those not observed are "
    "censored",
}


def trace(
    bank: Bank, indicator_id: str, period: Period, population: pd.DataFrame | None = None
) -> list[dict[str, object]]:
    """What stands behind each measure of an indicator: confidential, as it lists keys.

    Parameters
    ----------
    population : DataFrame, optional
        Mid-year population, as `compute` takes it: with it, a rate says what it divides by.

    Returns
    -------
    list of dict
        One a measure: statistic, unit, definition, streams, filters, formula, population (persons
        by year, of a rate), missing, rows (DataFrame with key, n, numerator where it is a share,
        file, sheet, row). None for an indicator that no stream feeds: there is nothing to count.
    """
    return [_steps(bank, measure, period, population) for measure in measures(indicator_id)]


def _steps(
    bank: Bank, measure: Measure, period: Period, population: pd.DataFrame | None
) -> dict[str, object]:
    missing = missing_returns(bank, measure, period)
    steps: dict[str, object] = {
        "indicator_id": measure.indicator_id,
        "statistic": measure.statistic,
        "unit": measure.unit,
        "period": period.name,
        "definition": " ".join((measure.population.__doc__ or "").split()),
        "streams": ", ".join(measure.streams) or "every sheet of each return, with its findings",
        "filters": _filters(measure, period),
        "formula": _formula(measure),
        "population": _population(measure, period, population),
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


def _formula(measure: Measure) -> str:
    text = FORMULA[measure.statistic]
    if measure.overlapping is not None:
        text = f"value = different keys counted (a key stands once for each {measure.overlapping})"
    if measure.distribution is not None:
        return f"for each {measure.distribution}: value = 100 x sum of n in it / sum of n"
    if not measure.total:
        return f"for each {' and '.join(measure.by[0])}: {text}"
    return text


def _population(
    measure: Measure, period: Period, population: pd.DataFrame | None
) -> dict[int, float]:
    if measure.statistic != "rate" or population is None:
        return {}
    whole = population[(population["sex"] == TOTAL) & (population["age_group"] == TOTAL)]
    persons = whole.set_index("year")["persons"]
    return {year: float(persons[year]) for year in period.years if year in persons}


def _dimensions(measure: Measure) -> list[str]:
    tables = (*measure.by, *measure.by_pooled, *measure.by_confidential)
    return [RENAMED.get(part, part) for table in tables for part in table]


def cell_filter(rows: pd.DataFrame, cell: Mapping[str, str]) -> pd.DataFrame:
    """The rows of a trace that fall in one cell, such as ``{"sex": "F"}``."""
    for dimension, category in cell.items():
        if dimension not in rows:
            raise InputError(f"{dimension!r} is not a dimension of this indicator")
        rows = rows[rows[dimension] == category]
    return rows
