"""From populations to the tidy table: counts, shares, rates and medians with their intervals."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from atips_analysis.codebook import dimensions, load_codebook
from atips_analysis.indicators.broken_down import BEHIND, occurring, places
from atips_analysis.indicators.design_factors import comes_about, design_factors
from atips_analysis.indicators.incomplete import say_incomplete
from atips_analysis.indicators.measure import Bank, Measure, measures
from atips_analysis.indicators.period import Period, parse_period
from atips_analysis.indicators.place import PLACE, RANGE, TIDY_COLUMNS, TOTAL, by_row_id, place
from atips_analysis.indicators.remembering import Remembering
from atips_analysis.statistics import (
    ComesAbout,
    Incidence,
    Interval,
    clustered_interval,
    clustered_share_interval,
    cumulative_incidence,
    median_time,
    wilson_interval,
)
from atips_analysis.statistics.durations import ENDED_OTHERWISE, REACHED

NOT_POOLED = "not pooled: it does not add up over years"
NOTHING = "nothing to divide by"
NO_POPULATION = "no population of this sex or age to divide by"
HALF_OF_THEM = "half of them lie between"
CLUSTERS_NOT_KNOWN = "no interval: too few clusters to know how they come about"
WILSON_FROM = 30
A_QUARTER = "a quarter of them come to it by"
# A median tells that ten came to it or more, and quartiles that three quarters did: of so many that
# those who did not may still be this many, whatever their number is.
LEAST_LEFT = 5
NO_MEDIAN = "fewer than half have come so far: no median"
KAPLAN_MEIER = "Kaplan-Meier, log-log interval, 95 %"
AALEN_JOHANSEN = "Aalen-Johansen, log-log interval, 95 %"
NO_UPPER_END = "the interval has no upper end"
NO_DAYS = "no cover bears the day on which a return was sent, or no day is set by which it is due"
# Notes that tell something of the values: a hidden row goes without them.
NOT_FINAL = "not final: some are still open, so that there are bounds and no interval"
KEPT = "kept as printed earlier; revised figures follow in the next edition that can print them"
"""How the note of a row ends that stands as an earlier release printed it (`disclosure.kept`)."""
TELLING_NOTES = (HALF_OF_THEM, A_QUARTER, NO_UPPER_END, NOT_FINAL)


NEVER_SENT = "no agency has ever sent it"
UNRECORDED = "no agency records it in a stream of the data bank"


def is_kept(note: object) -> bool:
    """Whether a row's note says that it stands as an earlier release printed it."""
    return str(note).endswith(KEPT)


@dataclass(frozen=True)
class Given:
    """What statistics need besides the rows: the population, and the design factors."""

    population: pd.DataFrame
    factors: Mapping[ComesAbout, float]

    def factor(self, measure: Measure) -> float:
        """By how much clusters widen chance in what a measure counts; NaN where nobody knows."""
        return self.factors[comes_about(measure.unit)]


def compute(
    bank: Bank,
    periods: Sequence[Period],
    register: Iterable[str],
    *,
    population: pd.DataFrame,
    vintage: str = "",
    also_by: Mapping[tuple[str, str, str], Sequence[tuple[str, ...]]] | None = None,
) -> pd.DataFrame:
    """The raw, confidential tidy table: one row a value.

    Parameters
    ----------
    bank : Bank
        Accepted rows of an edition.
    periods : sequence of Period
        Measures that do not add up over years are left out of pooled periods.
    register : iterable of str
        Every indicator of the framework; those that no measure feeds come back as not collected.
    population : DataFrame
        Mid-year population: year, sex (F, M, Total), age_group (CHILD, ADULT, Total), persons.
    vintage : str
        The edition that the values come from.
    also_by : mapping, optional
        Further disaggregations for this call, by (indicator, unit, statistic).

    Returns
    -------
    DataFrame
        Columns `place.TIDY_COLUMNS`, rows by their ids.

    Raises
    ------
    InputError
        If a measure gives a category that the codebook does not name.
    """
    rows: list[dict[str, Any]] = []
    once = Remembering(bank)
    given = Given(population, design_factors(once))
    for indicator_id in register:
        declared = measures(indicator_id)
        if not declared:
            rows.extend(_not_collected(indicator_id, period) for period in periods)
        for measure in declared:
            asked = tuple((also_by or {}).get(measure.place, ()))
            rows.extend(_rows(once, measure, periods, given, asked))
    table = pd.DataFrame(rows, columns=list(TIDY_COLUMNS))
    numbers = ["value", "numerator", "denominator", "ci_low", "ci_high", *RANGE]
    table[numbers] = table[numbers].astype("Float64")
    table["source"] = "simulated" if bank.simulated else "register"
    table["vintage"] = vintage
    texts = ["unit_of_count", "statistic", *PLACE, "method", "note"]
    table[texts] = table[texts].fillna("").astype("str")
    return by_row_id(table)


def of_nobody(table: pd.DataFrame, uncollected: Collection[str]) -> pd.DataFrame:
    """The table, in which what nobody collects is told from what no agency has sent.

    Parameters
    ----------
    table : DataFrame
        As `compute` gives it.
    uncollected : collection of str
        Indicators that nobody collects (`declared.uncollected`); what was sent of them all the
        same stays as it was counted.
    """
    own = table["indicator_id"].isin(uncollected) & table["note"].eq(NEVER_SENT)
    return table.assign(
        status=table["status"].mask(own, "NC"), note=table["note"].mask(own, UNRECORDED)
    )


def _rows(
    bank: Bank,
    measure: Measure,
    periods: Sequence[Period],
    given: Given,
    asked: Sequence[tuple[str, ...]],
) -> list[dict[str, Any]]:
    shown = [period for period in periods if measure.additive or len(period.years) == 1]
    pooled = [period for period in periods if period not in shown]
    missing = {period.name: missing_returns(bank, measure, period) for period in shown}
    counted = {
        period.name: counted_of(bank, measure, period)
        for period in shown
        if not missing[period.name]
    }
    found = occurring(counted.values(), measure, asked)
    several = [period for period in shown if period.whole_years and len(period.years) > 1]
    years = frozenset(year for period in several for year in period.years)
    rows = [_without(measure, period, "NAP", NOT_POOLED) for period in pooled]
    for period in shown:
        if missing[period.name]:
            rows.append(_no_data(measure, period, missing[period.name]))
            continue
        first = len(rows)
        frame = counted[period.name]
        if measure.last_count and frame.empty:
            rows.append(_without(measure, period, "M", "not counted in the period"))
            continue
        if measure.total:
            whole = _row(measure, period, frame, {}, given)
            alone = _rests_on(bank, measure, period)
            rows.append(whole | {"note": "; ".join(filter(None, (whole.get("note"), alone)))})
        own = places(measure, period, frame, found=found, asked=asked, pooled=years)
        broken_down = [_row(measure, period, frame, one.cell, given) for one in own]
        rows.extend(broken_down)
        say_incomplete(rows[first:], bank, measure, period)
        for row, one in zip(broken_down, own, strict=True):
            if one.behind:
                row["note"] = BEHIND
    return rows


def _rests_on(bank: Bank, measure: Measure, period: Period) -> str:
    """Of which years a number over several years is, where some of them have nothing to divide by."""
    if len(period.years) == 1 or measure.statistic not in ("percent", "ratio", "median"):
        return ""
    years = {year: parse_period(year) for year in period.years}
    there = [str(y) for y, one in years.items() if len(counted_of(bank, measure, one))]
    empty = [str(y) for y in years if str(y) not in there]
    if not there or not empty:
        return ""
    return f"of {', '.join(there)} alone: {NOTHING} in {', '.join(empty)}"


def counted_of(bank: Bank, measure: Measure, period: Period) -> pd.DataFrame:
    """The population of a measure: a row a unit (or `n` of them), with no more than is counted by."""
    frame = measure.population(bank, period)
    if "n" not in frame:
        frame = frame.assign(n=1)
    used = {"key", "n", "numerator", "may_rise", "score", "duration", "ending", *dimensions()}
    kept = frame[[name for name in frame.columns if name in used]]
    return kept.assign(n=kept["n"].astype("Int64"))


def _row(
    measure: Measure, period: Period, frame: pd.DataFrame, cell: Mapping[str, str], given: Given
) -> dict[str, Any]:
    inside = units_in(measure, frame, cell)
    row: dict[str, Any] = {
        "indicator_id": measure.indicator_id,
        "unit_of_count": measure.unit,
        "statistic": measure.statistic,
        "period": period.name,
        "period_start": period.start_date,
        "period_end": period.end_date,
        **place(cell),
    }
    row |= STATISTICS[measure.statistic](measure, period, inside, cell, given)
    if measure.in_part_of_year and not period.whole_years:
        row["note"] = "; ".join(filter(None, (row.get("note"), measure.in_part_of_year)))
    return row


def units_in(measure: Measure, frame: pd.DataFrame, cell: Mapping[str, str]) -> pd.DataFrame:
    """The rows of a population that a cell is computed from."""
    inside = frame
    if measure.distribution is None:
        for dimension in cell:
            inside = inside[_is_in(inside, dimension, cell)]
    else:
        for dimension in cell:
            if dimension != measure.distribution:
                inside = inside[_is_in(inside, dimension, cell)]
        own = _is_in(inside, measure.distribution, cell)
        inside = inside.assign(numerator=inside["n"].where(own, 0))
    if measure.overlapping is not None and measure.overlapping not in cell:
        inside = inside.drop_duplicates("key")
    return inside


def _is_in(rows: pd.DataFrame, dimension: str, cell: Mapping[str, str]) -> pd.Series:
    """Which rows are of a category, or of one that a merged category holds."""
    return rows[dimension].isin(load_codebook().dimension(dimension).within(cell[dimension]))


def _count(
    measure: Measure, period: Period, rows: pd.DataFrame, cell: Mapping[str, str], given: Given
) -> dict[str, Any]:
    value = int(rows["n"].sum())
    out: dict[str, Any] = {"value": value, "status": "Z" if value == 0 else "OK"}
    if measure.interval == "poisson":
        factor = given.factor(measure)
        out |= _interval(clustered_interval(value, factor), _of_a_count(measure, factor))
    return out


def _percent(
    measure: Measure, period: Period, rows: pd.DataFrame, cell: Mapping[str, str], given: Given
) -> dict[str, Any]:
    numerator, denominator = int(rows["numerator"].sum()), int(rows["n"].sum())
    if denominator == 0:
        return {"status": "NAP", "note": NOTHING, "numerator": 0, "denominator": 0}
    if denominator < measure.least:
        return _too_few(measure.least) | {"numerator": numerator, "denominator": denominator}
    out: dict[str, Any] = {
        "value": 100 * numerator / denominator,
        "numerator": numerator,
        "denominator": denominator,
        "status": "Z" if numerator == 0 else "OK",
    }
    if measure.interval == "none" or {*measure.none_by_months} & {*cell.values()}:
        return out
    # What is not known yet is no matter of chance: the share has bounds, and an interval around the
    # lower of them would be read as holding the share.
    if "may_rise" in rows and rows["may_rise"].any():
        out["note"] = NOT_FINAL
    else:
        interval, method = _of_a_share(numerator, denominator, measure, given.factor(measure))
        out |= _interval(Interval(100 * interval.low, 100 * interval.high), method)
    return out


def _of_a_share(
    numerator: int, denominator: int, measure: Measure, factor: float
) -> tuple[Interval, str]:
    """The interval of a share and its method: exact for few, and for what comes in clusters."""
    if factor == 1 and denominator >= WILSON_FROM:
        return wilson_interval(numerator, denominator), "Wilson, 95 %"
    interval = clustered_share_interval(numerator, denominator, factor)
    if factor == 1:
        return interval, "Clopper-Pearson, 95 %"
    return interval, f"Korn-Graubard exact, {_clusters(measure, factor)}, 95 %"


def _of_a_count(measure: Measure, factor: float) -> str:
    if factor == 1:
        return "Garwood exact Poisson, 95 %"
    return f"Fay-Feuer gamma, {_clusters(measure, factor)}, 95 %"


def _clusters(measure: Measure, factor: float) -> str:
    return f"{comes_about(measure.unit)} (design factor {factor:g})"


def _interval(interval: Interval, method: str) -> dict[str, Any]:
    """The columns of an interval; blank where nobody knows in what clusters units come."""
    if math.isnan(interval.low):
        return {"method": CLUSTERS_NOT_KNOWN}
    return {"ci_low": interval.low, "ci_high": interval.high, "method": method}


def _ratio(
    measure: Measure, period: Period, rows: pd.DataFrame, cell: Mapping[str, str], given: Given
) -> dict[str, Any]:
    numerator, denominator = int(rows["numerator"].sum()), int(rows["n"].sum())
    if denominator == 0:
        return {"status": "NAP", "note": NOTHING, "numerator": 0, "denominator": 0}
    return {
        "value": numerator / denominator,
        "numerator": numerator,
        "denominator": denominator,
        "status": "OK",
    }


def _rate(
    measure: Measure, period: Period, rows: pd.DataFrame, cell: Mapping[str, str], given: Given
) -> dict[str, Any]:
    count = int(rows["n"].sum())
    asked = {name: cell.get(name, TOTAL) for name in ("sex", "age_group")}
    if any(asked[name] not in set(given.population[name]) for name in asked):
        return {"status": "NAP", "note": NO_POPULATION, "numerator": count}
    people = given.population[given.population["year"].isin(period.years)]
    for name, category in asked.items():
        people = people[people[name] == category]
    if set(people["year"]) != set(period.years):
        return {"status": "M", "note": "no population for every year of the period"}
    exposure = float(people["persons"].sum()) * (period.months / 12) / len(period.years)
    factor = given.factor(measure)
    interval = clustered_interval(count, factor, exposure / 100_000)
    return {
        "value": 100_000 * count / exposure,
        "numerator": count,
        "denominator": exposure,
        "status": "Z" if count == 0 else "OK",
    } | _interval(interval, f"{_of_a_count(measure, factor)}, on the count")


def _median(
    measure: Measure, period: Period, rows: pd.DataFrame, cell: Mapping[str, str], given: Given
) -> dict[str, Any]:
    durations, endings = rows["duration"].astype(float), rows["ending"].astype(float)
    reached = endings.eq(REACHED)
    if int(reached.sum()) < measure.least:
        return _too_few(measure.least)
    if not reached.all() and len(rows) < measure.least + LEAST_LEFT:
        return _too_few(measure.least + LEAST_LEFT)
    found = median_time(durations, endings)
    if not math.isfinite(found.median):
        return {"status": "NAP", "note": NO_MEDIAN}
    low, high = found.interval
    notes = [] if math.isfinite(high) else [NO_UPPER_END]
    if measure.quartiles and (reached.all() or len(rows) >= 4 * LEAST_LEFT):
        notes.append(_quartiles(cumulative_incidence(durations, endings)))
    otherwise = endings.eq(ENDED_OTHERWISE).any()
    return {
        "value": found.median,
        "denominator": len(rows),
        "ci_low": low if math.isfinite(low) else None,
        "ci_high": high if math.isfinite(high) else None,
        "method": AALEN_JOHANSEN if otherwise else KAPLAN_MEIER,
        "note": "; ".join(notes),
        "status": "OK",
    }


def _quartiles(curve: Incidence) -> str:
    first, third = (curve.first_at(share) for share in (0.25, 0.75))
    if math.isfinite(third):
        return f"{HALF_OF_THEM} {first:g} and {third:g}"
    return f"{A_QUARTER} {first:g}"


def _mean(
    measure: Measure, period: Period, rows: pd.DataFrame, cell: Mapping[str, str], given: Given
) -> dict[str, Any]:
    timed = "quality" in rows and rows["quality"].eq("TIMELINESS").any()
    if rows.empty and cell.get("quality") == "TIMELINESS":
        return {"status": "NC", "note": NO_DAYS}
    if rows.empty:
        return {"status": "M", "note": "no return of whole years with a score"}
    each = rows.groupby("key")["score"].mean()
    return {
        "value": round(float(each.mean()), 1),
        "denominator": len(each),
        "method": "mean over returns",
        "status": "OK",
        "note": "" if timed or "quality" in cell else f"without timeliness: {NO_DAYS}",
    }


STATISTICS = {
    "mean": _mean,
    "count": _count,
    "percent": _percent,
    "ratio": _ratio,
    "rate": _rate,
    "median": _median,
}


def missing_returns(bank: Bank, measure: Measure, period: Period) -> str:
    """What no agency has returned for the period, in words; empty when all is there."""
    gaps = []
    for stream in measure.streams:
        name, _, what = stream.partition(":")
        if what:
            rows = bank.frame(name)
            years = frozenset(
                int(month[:4]) for month in rows.loc[rows["measure"] == what, "month"].dropna()
            )
        else:
            years = bank.returned(name)
        lacking = [str(year) for year in period.years if year not in years]
        if not years:
            return NEVER_SENT
        if lacking:
            gaps.append(f"{name} {', '.join(lacking)}")
    return "; ".join(gaps)


def _no_data(measure: Measure, period: Period, gaps: str) -> dict[str, Any]:
    said = gaps if gaps == NEVER_SENT else f"no return received: {gaps}"
    return _without(measure, period, "M", said)


def _without(measure: Measure, period: Period, status: str, note: str) -> dict[str, Any]:
    return {
        "indicator_id": measure.indicator_id,
        "unit_of_count": measure.unit,
        "statistic": measure.statistic,
        "period": period.name,
        "period_start": period.start_date,
        "period_end": period.end_date,
        "status": status,
        "note": note,
    }


def _not_collected(indicator_id: str, period: Period) -> dict[str, Any]:
    return {
        "indicator_id": indicator_id,
        "period": period.name,
        "period_start": period.start_date,
        "period_end": period.end_date,
        "status": "NC",
        "note": UNRECORDED,
    }


def _too_few(least: int) -> dict[str, Any]:
    return {"status": "NAP", "note": f"fewer than {least}: not shown"}
