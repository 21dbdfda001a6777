"""The example, consolidated once: what back tests and traces look at."""

from __future__ import annotations

from pathlib import Path

import pytest

from atips_analysis.databank import open_databank
from atips_analysis.indicators.rows import Rows, rows_of


@pytest.fixture(scope="session")
def rows(example_bank: Path) -> Rows:
    """Accepted rows of the simulated example of all years."""
    return rows_of(open_databank(example_bank))
