"""A protected side of a build with made-up counts, for pages to be run on."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path

import pandas as pd
import pytest

from atips_analysis.codebook import dimensions
from atips_analysis.framework import load_indicators
from atips_analysis.indicators.measure import unit_of
from atips_analysis.indicators.place import wide_columns
from atips_analysis.indicators.table import read_table
from atips_analysis.project import Project, find_project
from atips_analysis.statements import statements_of_edition, write_statements

HERE = find_project(Path(__file__).parent)
PERIODS = ("2021", "2022", "2023", "2021-2023", "2024")
Count = float | str | None
"""A number, or the status of a count that has none: "C", "M"."""
Counts = Mapping[tuple[str, str], tuple[Count, ...]]
Public = Callable[..., Path]


def _row(place: tuple[str, str], period: str, count: Count, **categories: str) -> dict[str, object]:
    text = count if isinstance(count, str) else ""
    value = None if text else count
    status = text or ("OK" if value else "Z")
    return {
        **dict.fromkeys(wide_columns(), ""),
        **dict.fromkeys(dimensions(), "Total"),
        **dict.fromkeys(("numerator", "denominator", "ci_low", "ci_high"), pd.NA),
        "indicator_id": place[0],
        "unit_of_count": place[1],
        "statistic": "" if status == "NC" else "count",
        "period": period,
        "value": value,
        "status": status,
        **categories,
    }


def write_public(
    folder: Path,
    counts: Counts,
    parts: Mapping[tuple[str, str, str, str], tuple[Count, ...]] | None = None,
    *,
    simulated: bool = True,
    project: Project = HERE,
    rates: tuple[Count, ...] = (1.26, 1.74, 1.95, 1.65, 1.44),
) -> Path:
    """The public side of a build: these yearly counts, a value each of `PERIODS`.

    `parts` are breakdowns: indicator, unit, dimension and category. What else the framework has
    nobody collects.
    """
    rows = [
        _row(place, period, count)
        for place, values in counts.items()
        for period, count in zip(PERIODS, values, strict=True)
    ]
    rows += [
        _row(place[:2], period, count, **{place[2]: place[3]})
        for place, values in (parts or {}).items()
        for period, count in zip(PERIODS, values, strict=True)
        if count is not None
    ]
    of_rate = {"statistic": "rate", "numerator": 6, "denominator": 417000}
    rows += [
        {**_row(("PROT-02", "VICTIM"), period, rate), **of_rate}
        for period, rate in zip(PERIODS, rates, strict=True)
    ]
    counted = {code for code, _ in counts} | {"PROT-02"}
    rows += [
        _row((one.id, unit_of(one.id)), period, "NC")
        for one in load_indicators(project)
        if one.id not in counted
        for period in PERIODS
    ]
    table = pd.DataFrame(rows, columns=list(wide_columns()))
    table.to_csv(folder / "indicators.csv", index=False)
    about = {"simulated": simulated, "edition": "0" * 12, "baseline": "2021-2023", "year": 2024}
    about |= {"version": "0", "incomplete": []}
    about["design_factors"] = {"independent events": 1.0, "events by case": 3.0}
    (folder / "build.json").write_text(json.dumps(about))
    statements = statements_of_edition(project, read_table(folder / "indicators.csv"), about)
    (folder / "statements.json").write_text(json.dumps(write_statements(statements)))
    months = [f"2024-{month:02d}" for month in range(1, 13)]
    returns = [{"agency": "LABOUR", "month": month, "state": "received"} for month in months]
    returns[-1]["state"] = "missing"
    (folder / "quality.json").write_text(json.dumps({"returns": returns}))
    return folder


@pytest.fixture(scope="session")
def public() -> Public:
    """`write_public`, for tests that lie beside."""
    return write_public
