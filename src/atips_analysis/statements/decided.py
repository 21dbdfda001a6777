"""Deciding what is said of each declared series: once an edition, from the protected table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from atips_analysis.indicators import years_of
from atips_analysis.indicators.compute import is_kept
from atips_analysis.indicators.place import is_total
from atips_analysis.project import Project
from atips_analysis.published.external import external_series, yearly_figures
from atips_analysis.statements.family import Declared, load_declared
from atips_analysis.statements.statement import Statement, known
from atips_analysis.statements.statement_register import Statements
from atips_analysis.statements.wording import said_in_all
from atips_analysis.statistics import (
    ComesAbout,
    Comparison,
    Series,
    change_from_baseline,
    clustered_interval,
    judged,
    noticeable_ratios,
    trend,
)
from atips_analysis.statistics.comparisons import LEVEL

EXACT = frozenset({"OK", "Z", "E"})
"""Statuses of a value that may be computed with: not hidden or missing."""


def statements_of_edition(
    project: Project, table: pd.DataFrame, about: Mapping[str, Any]
) -> Statements:
    """What an edition says of all declared series.

    Parameters
    ----------
    project : Project
        Whose declarations and published figures are read.
    table : DataFrame
        The protected tidy table, and nothing behind it.
    about : mapping
        What the build says of itself: year, baseline and design_factors.
    """
    return decide(
        load_declared(project),
        table,
        about["design_factors"],
        external_series(project),
        year=int(about["year"]),
        baseline=str(about["baseline"]),
    )


def decide(
    declared: Sequence[Declared],
    table: pd.DataFrame,
    factors: Mapping[str, float | None],
    published: pd.DataFrame,
    *,
    year: int,
    baseline: str,
) -> Statements:
    """A statement of each declared series, judged as one family.

    Parameters
    ----------
    declared : sequence of Declared
        As `load_declared` gives them.
    table : DataFrame
        The protected tidy table, and nothing behind it.
    factors : mapping
        The edition's published design factors, by how counts come about.
    published : DataFrame
        Figures of others, as `external_series` gives them.
    year, baseline
        What is compared: the year with the baseline's years.
    """
    periods = [*(period.years[0] for period in years_of(baseline)), year]
    series = [_series(one, table, factors, published, periods) for one in declared]
    family = judged([_compared(one, of) for one, (of, _) in zip(declared, series, strict=True)])
    tested = sum(one.tested for one in family)
    made = [
        replace(
            _statement(one, of, statuses, comparison, tested), kept=_kept_years(table, one, periods)
        )
        for one, (of, statuses), comparison in zip(declared, series, family, strict=True)
    ]
    return Statements(tuple(replace(one, said=said_in_all(one)) for one in made), tested, 1 - LEVEL)


def _series(
    one: Declared,
    table: pd.DataFrame,
    factors: Mapping[str, float | None],
    published: pd.DataFrame,
    periods: list[int],
) -> tuple[Series, tuple[str, ...]]:
    """The series of a declaration, and the status of each of its values."""
    if one.series:
        rows = yearly_figures(published, one.series, read_as=one.read_as or None)
        factor = None  # nobody else publishes how persons come by case: their scatter tells it
    else:
        rows = _of_the_register(table, one, periods)
        factor = factors.get(one.comes_about)
    counts = [
        float(value) if status in EXACT and not pd.isna(value) else None
        for value, status in zip(rows["value"], rows["status"], strict=True)
    ]
    years = tuple(int(year) for year in rows["year"])
    of = Series(years, tuple(counts), one.comes_about, factor=_number(factor))
    return of, tuple(str(status) for status in rows["status"])


def _of_the_register(table: pd.DataFrame, one: Declared, periods: list[int]) -> pd.DataFrame:
    own = _rows(table, one)
    return pd.DataFrame(
        [(at, own["value"].get(str(at), pd.NA), own["status"].get(str(at), "M")) for at in periods],
        columns=["year", "value", "status"],
    )


def _kept_years(table: pd.DataFrame, one: Declared, periods: list[int]) -> tuple[int, ...]:
    """The years whose counts stand as an earlier release printed them."""
    kept = _rows(table, one)["note"].map(is_kept)
    return tuple(year for year in periods if kept.get(str(year), False))


def _rows(table: pd.DataFrame, one: Declared) -> pd.DataFrame:
    """The totals of a series of the register, by period; none of what others published."""
    return table[
        is_total(table)
        & (table["indicator_id"] == one.indicator_id)
        & (table["unit_of_count"] == one.unit)
        & (table["statistic"] == "count")
    ].set_index("period")


def _compared(one: Declared, series: Series) -> Comparison:
    return change_from_baseline(series) if one.compared == "baseline" else trend(series)


def _statement(
    one: Declared, series: Series, statuses: tuple[str, ...], comparison: Comparison, tested: int
) -> Statement:
    years = series.years
    trended = one.compared == "trend"
    before = f"{years[0]}-{years[-2]}" if len(years) > 2 else "-".join(map(str, years[:-1]))
    return Statement(
        id=one.id,
        indicator_id=one.indicator_id,
        unit=one.unit,
        subject=one.subject,
        also=one.also,
        comes_about=one.comes_about,
        factor=known(series.widening),
        compared=one.compared,
        years=years,
        counts=series.counts,
        statuses=statuses,
        before=f"{years[0]}-{years[-1]}" if trended and years else before,
        now=str(years[-1]) if years else "",
        verdict=comparison.verdict,
        reason=comparison.reason,
        ratio=known(comparison.ratio),
        ratio_low=known(comparison.interval.low),
        ratio_high=known(comparison.interval.high),
        p_value=known(comparison.p_value),
        adjusted=known(comparison.adjusted),
        **_interval_of_the_newest(series),
        **_noticed(series, comparison, tested, trended),
    )


def _interval_of_the_newest(series: Series) -> dict[str, Any]:
    newest = series.counts[-1] if series.counts else None
    if newest is None or series.comes_about in (ComesAbout.PLANNED, ComesAbout.BY_SESSION):
        return {}
    low, high = clustered_interval(newest, series.widening)
    return {"low": known(low), "high": known(high)}


def _noticed(series: Series, comparison: Comparison, tested: int, trended: bool) -> dict[str, Any]:
    """What change would have been noticed, beside as many comparisons as are made."""
    if trended or not comparison.tested:
        return {}
    above, below = noticeable_ratios(series, LEVEL / tested)
    return {"noticed_above": known(above), "noticed_below": known(below)}


def _number(value: float | None) -> float:
    return float("nan") if value is None else float(value)
