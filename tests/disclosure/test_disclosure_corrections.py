"""A late correction is always published: three successive releases, attacked by one who has all."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest

from atips_analysis.databank import open_databank
from atips_analysis.indicators.rows import rows_of
from atips_analysis.project import find_project

PROJECT = find_project(Path(__file__).parent)


def simulation():
    file = PROJECT.root / "benchmarks" / "simulate_corrections.py"
    spec = importlib.util.spec_from_file_location("simulate_corrections", file)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.mark.whole
def test_twelve_late_corrections_are_published_and_open_nobody(example_bank):
    drawn = simulation()
    rows = rows_of(open_databank(example_bank))
    found = [drawn.sequence(seed, rows, PROJECT) for seed in range(6)]
    kinds = [kind for one in found for kind in one["kinds"]]
    assert len(kinds) == 12 and len(set(kinds)) >= 4
    assert [one["refused"] for one in found if one["refused"]] == []
