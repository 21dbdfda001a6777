"""How many numbers readers get of one breakdown, by how its table is designed, on drawn editions.

    python benchmarks/plan_designs.py "PROT-01 VICTIM" sex pooled "F / M O U" [--editions 20]

Each group of codes between slashes is a category of the table; `every` publishes single years as
well, `pooled` the pooled years alone. The table is protected with its totals alone, codes and years
standing behind it, and attacked. Two dimensions are written with an x: `sex x age_group`, and
`"F / M O U x CHILD / ADULT UNK"`. Editions are those of `marks.py`.
"""

from __future__ import annotations

import argparse
from itertools import product
from pathlib import Path

import pandas as pd
from marks import BASELINE, YEAR, drawn_edition

from atips_analysis.disclosure.cells import CellKey, Relation
from atips_analysis.disclosure.knowledge import Known, Rule
from atips_analysis.disclosure.suppression import Aim
from atips_analysis.disclosure.system import System
from atips_analysis.indicators import measures, parse_period
from atips_analysis.indicators.remembering import Remembering
from atips_analysis.indicators.rows import rows_of
from atips_analysis.project import find_project

Design = list[list[tuple[str, ...]]]
"""For each dimension its categories, each the codes that it holds."""


def system_of(
    frames: dict[str, pd.DataFrame], by: tuple[str, ...], design: Design, pooled: bool
) -> tuple[System, set[CellKey]]:
    """The system of one table over years and pooled years, and the cells that are printed."""
    pool = [str(year) for year in parse_period(BASELINE).years]
    spans = {**{year: [year] for year in frames}, BASELINE: pool}
    cells: dict[CellKey, int] = {}
    sums: list[Relation] = []

    def put(period: str, codes: tuple[tuple[str, ...], ...] = ()) -> CellKey:
        key = ("n", period, tuple(zip(by, ("+".join(one) for one in codes), strict=False)))
        own = [frames[year] for year in spans[period]]
        for name, held in zip(by, codes, strict=False):
            own = [frame[frame[name].isin(held)] for frame in own]
        cells[key] = sum(map(len, own))
        return key

    totals = {period: put(period) for period in spans}
    sums.append(Relation(totals[BASELINE], tuple(totals[year] for year in pool)))
    single = [[(code,) for group in groups for code in group] for groups in design]
    printed = set()
    for period, total in totals.items():
        sums.append(Relation(total, tuple(put(period, one) for one in product(*single))))
        shown = (not pooled or period == BASELINE) and cells[total] >= Rule().group
        for groups in product(*design) if shown else ():
            key = put(period, groups)
            parts = tuple(put(period, tuple((c,) for c in one)) for one in product(*groups))
            sums += [] if parts == (key,) else [Relation(key, parts)]
            printed.add(key)
    for one in product(*single):
        sums.append(Relation(put(BASELINE, one), tuple(put(year, one) for year in pool)))
    known = Known(
        unpublished=frozenset(cells.keys() - printed - set(totals.values())),
        totals=frozenset(totals[year] for year in frames),
    )
    return System(cells, list(dict.fromkeys(sums)), known, edition="drawn"), printed


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("measure")
    parser.add_argument("by")
    parser.add_argument("periods", choices=["every", "pooled"])
    parser.add_argument("design")
    parser.add_argument("--editions", type=int, default=20)
    parser.add_argument("--work", type=Path, default=Path("data/work/marks"))
    given = parser.parse_args()
    code, unit = given.measure.split()
    measure = next(one for one in measures(code) if one.place == (code, unit, "count"))
    design = [[tuple(g.split()) for g in part.split("/")] for part in given.design.split(" x ")]
    years = [*map(str, parse_period(BASELINE).years), YEAR]
    counted = exact = above = above_exact = 0
    for seed in range(1, given.editions + 1):
        rows = Remembering(rows_of(drawn_edition(seed, find_project(), given.work)))
        frames = {year: measure.population(rows, parse_period(year)) for year in years}
        by = tuple(part.strip() for part in given.by.split(" x "))
        system, printed = system_of(frames, by, design, given.periods == "pooled")
        pattern = system.protect(Aim(key=b"drawn"))
        told = printed - pattern.hidden
        some = {key for key in printed if system.cells[key]}
        counted, exact = counted + len(printed), exact + len(told)
        above, above_exact = above + len(some), above_exact + len(some & told)
    print(f"{given.measure} by {given.by}, {given.periods}, {given.design}:")
    print(f"exact {exact / counted:.0%} of {counted / given.editions:.1f}", end=" ")
    print(f"({above_exact / above:.0%} of those above zero)")


if __name__ == "__main__":
    main()
