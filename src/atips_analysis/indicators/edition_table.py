"""The raw tidy table of an edition of the data bank."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from atips_analysis.databank import DataBank
from atips_analysis.indicators.compute import compute, of_nobody
from atips_analysis.indicators.declared import registered, uncollected
from atips_analysis.indicators.denominators import mid_year_population
from atips_analysis.indicators.measure import measures
from atips_analysis.indicators.period import Period, parse_period, years_of
from atips_analysis.indicators.rows import rows_of
from atips_analysis.project import Project


def raw_table(
    bank: DataBank,
    project: Project,
    periods: Sequence[Period],
    *,
    also_by: Mapping[tuple[str, str, str], Sequence[tuple[str, ...]]] | None = None,
) -> pd.DataFrame:
    """Every indicator of the framework for `periods`: confidential, columns `TIDY_COLUMNS`.

    `also_by` gives further disaggregations, as `compute` takes them; those of
    `confidential_breakdowns` never leave the house, protected or not.
    """
    table = compute(
        rows_of(bank),
        list(dict.fromkeys(periods)),
        [indicator.id for indicator in registered(project)],
        population=mid_year_population(project),
        vintage=bank.edition,
        also_by=also_by,
    )
    return of_nobody(table, uncollected(project))


def confidential_breakdowns() -> dict[tuple[str, str, str], tuple[tuple[str, ...], ...]]:
    """The disaggregations that are computed on the confidential side only, a measure each."""
    return {measure.place: measure.confidential for measure in measures() if measure.confidential}


def years_and_pool(baseline: str) -> tuple[Period, ...]:
    """The single years of a baseline and, of several, all of them pooled."""
    pooled = parse_period(baseline)
    single = years_of(baseline)
    return (*single, pooled) if len(single) > 1 else single


def with_years_of(bank: DataBank, periods: Sequence[Period]) -> tuple[Period, ...]:
    """Periods, and all years of an edition: a table of things has the categories of any of them."""
    return (*periods, *map(parse_period, bank.years))
