"""Late corrections are published: three successive releases, attacked by one who has all."""

from __future__ import annotations

from pathlib import Path

import pytest

from atips_analysis.databank import open_databank
from atips_analysis.disclosure.solved_once import solving_once
from atips_analysis.indicators.rows import rows_of
from atips_analysis.project import find_project

PROJECT = find_project(Path(__file__).parent)


@pytest.fixture(scope="module")
def simulation(module_at):
    return module_at(PROJECT.root / "benchmarks" / "simulate_corrections.py")


@pytest.mark.whole
def test_twelve_late_corrections_are_all_published_and_none_opens_anybody(simulation, example_bank):
    rows = rows_of(open_databank(example_bank))
    with solving_once():
        house = simulation.released_once(rows, PROJECT)
        # Of these seeds one keeps tables as they were printed.
        account = simulation.account_of(
            [simulation.sequence(seed, house) for seed in (0, 1, 3, 4, 8, 9)]
        )
    assert account["corrections"] == 12 and len(account["by_kind"]) >= 4
    assert account["refused"] == account["opened"] == 0
    assert account["releases_that_leave_a_breakdown_out"] == 0
    assert account["releases_that_keep_tables"] >= 1
