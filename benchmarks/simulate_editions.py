"""How often an edition says that something changed when nothing did, and what it would notice.

    python benchmarks/simulate_editions.py [--editions 500] [--out benchmarks/simulate_editions.json]

Editions are drawn in which nothing changes: four years, with the clustering of the example. Each
year has a Poisson number of cases; each case brings victims, persons in formal contact, services
and convictions together, as one of the example's cases of a year did; reports come singly. The
series go straight into the engine that decides what pages say, with the design factors that the
drawn edition itself would publish, and beside them a published series of five years. Counted is
how many editions hold a false statement of change. Beside it stands what the same series would
have given with independent events, no family, and a test each at 5 %.

The second part asks with what probability real changes are noticed, and a trend within few years.

Results are written as they come, and a run that was stopped goes on where it was, as long as the
code is the same commit. Every draw has a seed of its own: same commit, same file.
"""

from __future__ import annotations

import argparse
import json
import subprocess
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np

from atips_analysis.statistics import (
    ComesAbout,
    Comparison,
    Series,
    Verdict,
    annual_change,
    change_from_baseline,
    clustered_counts,
    design_factor,
    judged,
    noticeable_ratios,
    trend,
)

SEED = 20_240_115
HERE = Path(__file__).parent
YEARS, TREND_YEARS = (2021, 2022, 2023, 2024), (2016, 2017, 2018, 2019, 2020)
BATCH = 50
REPORTS_A_YEAR = 63.0
VICTIMS_A_YEAR_ELSEWHERE = 18.0
SERIES = ("victims", "persons in contact", "services", "persons convicted", "reports", "published")
CASES = np.array(
    [
        *[(0, 0, 0, 1)] * 2, (0, 0, 0, 2), (0, 0, 4, 0), *[(0, 1, 0, 0)] * 3, *[(0, 2, 0, 0)] * 2,
        (0, 3, 0, 0), *[(1, 0, 0, 0)] * 2, *[(1, 0, 1, 0)] * 2, *[(1, 0, 3, 0)] * 2, (1, 0, 6, 0),
        (1, 1, 2, 0), (1, 4, 4, 0), (1, 5, 2, 0), (2, 0, 7, 0), (2, 0, 8, 0), (2, 1, 2, 0),
        (2, 1, 3, 0), (2, 1, 4, 2), (2, 1, 5, 0), (2, 1, 6, 0), (2, 2, 8, 0), *[(3, 0, 5, 0)] * 2,
        (3, 1, 4, 0), (4, 0, 5, 0), (4, 0, 7, 0), (4, 1, 7, 0), (4, 2, 8, 0), (5, 0, 8, 0),
        (6, 1, 12, 0),
    ]
)  # fmt: skip
"""Victims, persons in contact, services and convictions of each case and year of the (simulated)
example's four years."""


def drawn_edition(number: int) -> tuple[list[Series], list[Series]]:
    """The series of an edition in which nothing changes: as they are, and as if events came singly."""
    generator = np.random.default_rng([SEED, number])
    cases = [
        CASES[generator.integers(len(CASES), size=generator.poisson(len(CASES) / len(YEARS)))]
        for _ in YEARS
    ]
    counts = np.array([one.sum(axis=0) for one in cases])
    every = np.concatenate(cases)
    persons = design_factor(np.concatenate([every[:, 0], every[:, 1]]))
    services = design_factor(every[:, 2])
    sizes = CASES[:, 0][CASES[:, 0] > 0]
    rate = VICTIMS_A_YEAR_ELSEWHERE / sizes.mean()
    elsewhere = [generator.choice(sizes, size=generator.poisson(rate)).sum() for _ in TREND_YEARS]
    of = [
        (YEARS, counts[:, 0], ComesAbout.BY_CASE, persons),
        (YEARS, counts[:, 1], ComesAbout.BY_CASE, persons),
        (YEARS, counts[:, 2], ComesAbout.BY_VICTIM, services),
        (YEARS, counts[:, 3], ComesAbout.BY_CASE, persons),
        (YEARS, generator.poisson(REPORTS_A_YEAR, len(YEARS)), ComesAbout.EVENTS, 1.0),
        (TREND_YEARS, elsewhere, ComesAbout.BY_CASE, float("nan")),
    ]
    known = [
        Series(years, tuple(map(float, values)), how, factor=factor)
        for years, values, how, factor in of
    ]
    alone = [Series(one.years, one.counts, ComesAbout.EVENTS) for one in known]
    return known, alone


def statements_of(series: list[Series]) -> list[Comparison]:
    """What an edition says of its series, before they are judged as a family."""
    return [trend(one) if one.years == TREND_YEARS else change_from_baseline(one) for one in series]


def false_statements(number: int) -> dict[str, Any]:
    """Which series of a drawn edition are said to have changed, and which would be without all."""
    known, alone = drawn_edition(number)
    family = judged(statements_of(known))
    return {
        "edition": number,
        "tested": sum(one.tested for one in family),
        "said": [name for name, one in zip(SERIES, family, strict=True) if _changed(one)],
        "independent": [
            name for name, one in zip(SERIES, statements_of(alone), strict=True) if _changed(one)
        ],
    }


def noticed() -> list[dict[str, Any]]:
    """The nearest change that is noticed with 80 %, by the baseline's mean and design factor."""
    rows = []
    for mean in (5, 10, 15, 30, 60, 100, 300):
        for factor in (1.0, 3.0):
            series = Series(YEARS, (float(mean),) * 4, ComesAbout.BY_CASE, factor=factor)
            above, below = noticeable_ratios(series, 0.01)
            rows.append(
                {
                    "mean": mean,
                    "factor": factor,
                    "above": above if np.isfinite(above) else None,
                    "below": below if np.isfinite(below) else None,
                }
            )
    return rows


def trends_noticed(runs: int = 400) -> list[dict[str, Any]]:
    """How often a rise of a fifth a year is seen, by the number of years and the mean."""
    rows = []
    for mean in (15.0, 60.0):
        for years in (3, 4, 5, 6, 8, 10):
            growth = 1.2 ** (np.arange(years) - (years - 1) / 2)
            generator = np.random.default_rng([SEED, years, int(mean)])
            draws = clustered_counts(generator, mean * growth, 3.0, runs)
            found = [
                annual_change(range(years), draw, factor=3.0).verdict is Verdict.INCREASE
                for draw in draws
            ]
            rows.append({"mean": mean, "years": years, "noticed": float(np.mean(found))})
    return rows


def summary(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Editions with a false statement, and of which series."""
    by_series = Counter(name for row in rows for name in row["said"])
    naive = Counter(name for row in rows for name in row["independent"])
    return {
        "editions": len(rows),
        "with_a_false_statement": sum(bool(row["said"]) for row in rows),
        "as_if_independent": sum(bool(row["independent"]) for row in rows),
        "false_statements": {name: by_series[name] for name in SERIES},
        "false_statements_as_if_independent": {name: naive[name] for name in SERIES},
        "comparisons_a_edition": float(np.mean([row["tested"] for row in rows])),
    }


def main(editions: int, out: Path) -> None:
    """Simulate what is not in the file yet, and print what came of it."""
    head = {
        "command": f"python benchmarks/simulate_editions.py --editions {editions}",
        "commit": _commit(),
    }
    rows = _rows_so_far(out, head)
    while len(rows) < editions:
        rows += [false_statements(at) for at in range(len(rows), min(len(rows) + BATCH, editions))]
        _write(out, {**head, "rows": rows})
    found = {**head, "summary": summary(rows), "noticed": noticed(), "trends": trends_noticed()}
    _write(out, {**found, "rows": rows})
    print(json.dumps(found["summary"], indent=1))


def _changed(one: Comparison) -> bool:
    return one.verdict in (Verdict.INCREASE, Verdict.DECREASE)


def _write(out: Path, content: dict[str, Any]) -> None:
    out.write_text(json.dumps(content, separators=(",", ":")) + "\n", encoding="utf-8")


def _rows_so_far(out: Path, head: dict[str, str]) -> list[dict[str, Any]]:
    if not out.exists():
        return []
    found = json.loads(out.read_text(encoding="utf-8"))
    same = all(found.get(name) == value for name, value in head.items())
    return found["rows"] if same else []


def _commit() -> str:
    asked = ["git", "describe", "--always", "--dirty", "--abbrev=12", "--exclude=*"]
    return subprocess.run(asked, cwd=HERE, capture_output=True, text=True).stdout.strip()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--editions", type=int, default=500)
    parser.add_argument("--out", type=Path, default=HERE / "simulate_editions.json")
    given = parser.parse_args()
    main(given.editions, given.out)
