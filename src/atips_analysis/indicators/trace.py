"""How one value came about: the edition, the rows counted by key, and the formula."""

from __future__ import annotations

import pandas as pd

from atips_analysis.indicators.compute import missing_returns
from atips_analysis.indicators.measure import Bank, Measure, measures
from atips_analysis.indicators.period import Period
from atips_analysis.indicators.place import TOTAL

FORMULA = {
    "count": "value = sum of n over the rows counted",
    "percent": "value = 100 x sum of numerator / sum of n",
    "ratio": "value = sum of numerator / sum of n",
    "mean": "value = mean over keys of the mean of their scores, one decimal",
    "rate": "value = 100,000 x sum of n / mid-year population (of each year, added up)",
    "median": "value = duration by which half have come to the outcome (ending 1), or the middle of "
    "the stretch on which it is one half; open ones (0) are censored, those that ended otherwise (2) "
    "never come to it",
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
    rows = measure.population(bank, period)
    rows = rows.assign(n=rows.get("n", 1))
    columns = ["key", "n", "numerator", "score", "duration", "ending", *_dimensions(measure)]
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
    if measure.overlapping is not None and measure.statistic == "count":
        text = f"value = different keys counted (a key stands once for each {measure.overlapping})"
    if measure.distribution is not None:
        return f"for each {measure.distribution}: value = 100 x sum of n in it / sum of n"
    if not measure.total:
        return f"for each {' and '.join(measure.by[0])}: {text}"
    if measure.shares_of_all:
        own = measure.shares_of_all
        return f"of the rows without {own}, and of those of each {own}: {text}"
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
    return [part for table in measure.by for part in table]
