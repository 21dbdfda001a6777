"""The raw tidy table of an edition of the data bank."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from atips_analysis.databank import DataBank
from atips_analysis.framework import load_indicators
from atips_analysis.indicators.compute import compute
from atips_analysis.indicators.denominators import mid_year_population
from atips_analysis.indicators.period import Period, parse_period, years_of
from atips_analysis.indicators.rows import rows_of
from atips_analysis.project import Project


def raw_table(bank: DataBank, project: Project, periods: Sequence[Period]) -> pd.DataFrame:
    """Every indicator of the framework for `periods`: confidential, columns `TIDY_COLUMNS`."""
    return compute(
        rows_of(bank),
        list(dict.fromkeys(periods)),
        [indicator.id for indicator in load_indicators(project)],
        population=mid_year_population(project),
        vintage=bank.edition,
    )


def years_and_pool(baseline: str) -> tuple[Period, ...]:
    """The single years of a baseline and, of several, all of them pooled."""
    pooled = parse_period(baseline)
    single = years_of(baseline)
    return (*single, pooled) if len(single) > 1 else single
