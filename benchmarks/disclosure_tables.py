"""Tables to measure disclosure control on: random two-way tables, and a year's national tables.

All numbers are drawn from a fixed seed; none is about any country.
"""

from __future__ import annotations

import itertools

import numpy as np

from atips_analysis.disclosure import CellKey, Relation, cell_key, period_relations, table_relations

DIMENSIONS = {
    "sex": ["Female", "Male"],
    "age": ["0-11", "12-17", "18-29", "30+"],
    "form": ["Sexual", "Labour", "Domestic", "Begging", "Other"],
    "citizenship": ["Own", "Neighbour", "Region", "Elsewhere"],
    "district": ["North", "Upper North", "Capital", "West", "South", "Deep South"],
}
YEARS = ["2021", "2022", "2023", "2024"]
POOLED = {"2021-2023": YEARS[:3], "2021-2024": YEARS}
PAIRS = [("sex", "age"), ("sex", "form"), ("age", "form"), ("citizenship", "form")]


def two_way_counts(rows: int, columns: int, mean: float, seed: int) -> dict[CellKey, int]:
    """A table of `rows` by `columns` with its margins; skewed small counts, many zeros."""
    draw = np.random.default_rng(seed)
    table = draw.poisson(draw.gamma(0.7, mean, (rows, columns)))
    persons = [
        {"row": f"r{i:02d}", "column": f"c{j:02d}"}
        for i in range(rows)
        for j in range(columns)
        for _ in range(table[i, j])
    ]
    whole = [
        {"row": f"r{i:02d}", "column": f"c{j:02d}"} for i in range(rows) for j in range(columns)
    ]
    counts = {cell_key("counts", "", cell): 0 for cell in whole}
    for size in range(3):
        for kept in itertools.combinations(("row", "column"), size):
            for cell in whole:
                counts.setdefault(cell_key("counts", "", {d: cell[d] for d in kept}), 0)
            for person in persons:
                counts[cell_key("counts", "", {d: person[d] for d in kept})] += 1
    return counts


def national_tables(
    persons_a_year: int, measures: int, seed: int
) -> tuple[dict[CellKey, int], list[Relation]]:
    """One-way tables a year, two-way tables on pooled years, for several measures."""
    draw = np.random.default_rng(seed)
    counts: dict[CellKey, int] = {}
    for measure in (f"measure {number}" for number in range(measures)):
        for year in YEARS:
            persons = [
                {
                    name: categories[min(int(draw.geometric(0.4)) - 1, len(categories) - 1)]
                    for name, categories in DIMENSIONS.items()
                }
                for _ in range(int(draw.poisson(persons_a_year)))
            ]
            one_way = [(name,) for name in DIMENSIONS]
            pools = [pool for pool, years in POOLED.items() if year in years]
            for period, tables in [(year, [(), *one_way])] + [
                (pool, [(), *one_way, *PAIRS]) for pool in pools
            ]:
                for table in tables:
                    for labels in itertools.product(*(DIMENSIONS[name] for name in table)):
                        key = cell_key(measure, period, dict(zip(table, labels, strict=True)))
                        counts.setdefault(key, 0)
                    for person in persons:
                        key = cell_key(measure, period, {name: person[name] for name in table})
                        counts[key] += 1
    return counts, table_relations(counts) + period_relations(counts, POOLED)


def coalition_tables(persons_a_year: int, seed: int) -> tuple[dict[CellKey, int], list[Relation]]:
    """Nine countries and their sum, ten years and two spans of them: 9,600 cells, all linked.

    Each year of each country has its total, five one-way and four two-way tables; a country has
    about `persons_a_year` on average, the largest ten times as many as the smallest.
    """
    draw = np.random.default_rng(seed)
    years = [str(year) for year in range(2015, 2025)]
    pools = {"2015-2019": years[:5], "2015-2024": years}
    counts: dict[CellKey, int] = {}
    tables = [(), *((name,) for name in DIMENSIONS), *PAIRS]
    sizes = np.geomspace(1, 10, 9)
    for country, size in enumerate(sizes * persons_a_year / sizes.mean()):
        for year in years:
            number = int(draw.poisson(size))
            persons = {
                name: np.minimum(draw.geometric(0.4, number) - 1, len(labels) - 1)
                for name, labels in DIMENSIONS.items()
            }
            for table in tables:
                shape = [len(DIMENSIONS[name]) for name in table]
                cells = np.zeros(shape, int)
                np.add.at(cells, tuple(persons[name] for name in table), 1 if table else number)
                for place in np.ndindex(*shape):
                    cell = {
                        name: DIMENSIONS[name][at] for name, at in zip(table, place, strict=True)
                    }
                    periods = [year, *(pool for pool, of in pools.items() if year in of)]
                    for period, where in itertools.product(
                        periods, ({}, {"country": f"{country}"})
                    ):
                        key = cell_key("victims", period, {**cell, **where})
                        counts[key] = counts.get(key, 0) + int(cells[place])
    return counts, table_relations(counts) + period_relations(counts, pools)
