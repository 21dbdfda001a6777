"""A late correction is always published: three successive releases, attacked by one who has all."""

from __future__ import annotations

from pathlib import Path

import pytest

from atips_analysis.databank import open_databank
from atips_analysis.indicators.rows import rows_of
from atips_analysis.project import find_project

PROJECT = find_project(Path(__file__).parent)


@pytest.fixture(scope="module")
def simulation(module_at):
    return module_at(PROJECT.root / "benchmarks" / "simulate_corrections.py")


@pytest.mark.whole
def test_twelve_late_corrections_are_published_and_open_nobody(simulation, example_bank):
    rows = rows_of(open_databank(example_bank))
    found = [simulation.sequence(seed, rows, PROJECT) for seed in range(6)]
    kinds = [kind for one in found for kind in one["kinds"]]
    assert len(kinds) == 12 and len(set(kinds)) >= 4
    assert [one["refused"] for one in found if one["refused"]] == []
