"""How often the intervals of `atips_analysis.statistics` hold the truth.

Intervals of counts, proportions and ratios by exact enumeration of what could be observed; the
yearly change by simulation with a fixed seed. Run it, and read the table:

    python benchmarks/interval_coverage.py [--draws 2000] [--out coverage.csv]

Coverage is the probability that a 95 % interval holds the true value; `least` and `mean` are over
the grid of true values named in the row.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import stats

from atips_analysis.statistics import (
    Interval,
    annual_change,
    byar_interval,
    clopper_pearson_interval,
    garwood_interval,
    midp_interval,
    rate_ratio,
    wilson_interval,
)

SEED = 20_240_101
CONFIDENCE = 0.95


def coverage_table(draws: int) -> pd.DataFrame:
    """One row an interval and grid of truths: least and mean coverage, in per cent."""
    rows = [
        *(count_coverage(interval, low, high) for interval in OF_COUNTS for low, high in MEANS),
        *(proportion_coverage(interval, n) for interval in OF_PROPORTIONS for n in SIZES),
        *(ratio_coverage(mean) for mean in (5.0, 20.0)),
        *(change_coverage(mean, draws) for mean in (4.0, 18.0, 100.0)),
    ]
    return pd.DataFrame(rows, columns=["interval", "truth", "least", "mean"])


OF_COUNTS: list[Callable[..., Interval]] = [garwood_interval, byar_interval, midp_interval]
OF_PROPORTIONS: list[Callable[..., Interval]] = [wilson_interval, clopper_pearson_interval]
MEANS = [(0.5, 10.0), (10.0, 100.0)]
SIZES = [10, 29, 30, 100]


def count_coverage(interval: Callable[..., Interval], low: float, high: float) -> tuple:
    """Poisson counts, by enumeration."""
    counts = np.arange(int(high + 12 * np.sqrt(high)) + 10)
    limits = interval(counts, confidence=CONFIDENCE)
    covered = [
        stats.poisson.pmf(counts[(limits.low <= mean) & (mean <= limits.high)], mean).sum()
        for mean in np.linspace(low, high, 400)
    ]
    return _row(interval.__name__, f"mean {low:g} to {high:g}", covered)


def proportion_coverage(interval: Callable[..., Interval], n: int) -> tuple:
    """Binomial proportions, by enumeration."""
    counts = np.arange(n + 1)
    limits = interval(counts, n, CONFIDENCE)
    covered = [
        stats.binom.pmf(counts[(limits.low <= share) & (share <= limits.high)], n, share).sum()
        for share in np.linspace(0.02, 0.98, 400)
    ]
    return _row(interval.__name__, f"n {n}, share 0.02 to 0.98", covered)


def ratio_coverage(mean: float) -> tuple:
    """The ratio of two Poisson counts, by enumeration of both."""
    counts = np.arange(int(5 * mean + 12 * np.sqrt(5 * mean)) + 10)
    first, second = np.meshgrid(counts, counts, indexing="ij")
    limits = rate_ratio(first, second, confidence=CONFIDENCE).interval
    covered = []
    for ratio in np.linspace(0.25, 4.0, 60):
        chance = np.outer(stats.poisson.pmf(counts, mean * ratio), stats.poisson.pmf(counts, mean))
        covered.append(chance[(limits.low <= ratio) & (ratio <= limits.high)].sum())
    return _row("rate_ratio", f"mean {mean:g}, ratio 0.25 to 4", covered)


def change_coverage(mean: float, draws: int) -> tuple:
    """The yearly ratio over five years, by simulation; too few data count as covered."""
    generator = np.random.default_rng(SEED)
    years = np.arange(5)
    covered = []
    for ratio in (0.8, 1.0, 1.25):
        expected = mean * ratio ** (years - 2.0)
        changes = [annual_change(years, generator.poisson(expected)) for _ in range(draws)]
        missed = [not (one.interval.low <= ratio <= one.interval.high) for one in changes]
        judged = [not np.isnan(one.ratio) for one in changes]
        covered.append(1.0 - np.mean(np.logical_and(missed, judged)))
    return _row("annual_change", f"mean {mean:g} a year, ratio 0.8 to 1.25", covered)


def _row(name: str, truth: str, covered: list[float]) -> tuple:
    return name, truth, round(100 * min(covered), 2), round(100 * float(np.mean(covered)), 2)


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--draws", type=int, default=2000, help="simulated series a truth")
    parser.add_argument("--out", type=Path, help="write the table to this CSV file too")
    options = parser.parse_args()
    table = coverage_table(options.draws)
    print(table.to_string(index=False))
    if options.out:
        partial = options.out.with_suffix(".partial")
        table.to_csv(partial, index=False, lineterminator="\n", encoding="utf-8")
        os.replace(partial, options.out)


if __name__ == "__main__":
    main()
