"""The example, consolidated once: what back tests and traces look at."""

from __future__ import annotations

import pytest

from atips_analysis.indicators.rows import Rows, rows_of
from atips_analysis.project import find_project


@pytest.fixture(scope="session")
def rows(tmp_path_factory: pytest.TempPathFactory) -> Rows:
    """Accepted rows of the simulated example of all years."""
    from atips_analysis.cli import run
    from atips_analysis.databank import open_databank

    folder = tmp_path_factory.mktemp("databank")
    submissions = find_project().example / "submissions"
    assert run(
        ["consolidate", "--submissions", str(submissions), "--databank", str(folder), "--quiet"]
    ) in (0, 1)
    return rows_of(open_databank(folder))
