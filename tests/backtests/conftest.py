"""The example, consolidated once: what back tests and traces look at."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from atips_analysis.databank import open_databank
from atips_analysis.framework import load_indicators
from atips_analysis.indicators import compute, parse_period
from atips_analysis.indicators.denominators import mid_year_population
from atips_analysis.indicators.rows import Rows, rows_of
from atips_analysis.project import find_project

PERIODS = ("2021", "2022", "2023", "2024", "2021-2023", "2024-12..2024-12")


@pytest.fixture(scope="session")
def rows(example_bank: Path) -> Rows:
    """Accepted rows of the simulated example of all years."""
    return rows_of(open_databank(example_bank))


@pytest.fixture(scope="session")
def raw(rows: Rows) -> pd.DataFrame:
    """Every indicator of the example, as it was computed before protection."""
    project = find_project()
    register = [indicator.id for indicator in load_indicators(project)]
    periods = [parse_period(name) for name in PERIODS]
    asked = rows, periods, register
    return compute(*asked, population=mid_year_population(project), vintage="e")
