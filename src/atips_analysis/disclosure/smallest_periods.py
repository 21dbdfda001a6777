"""Every period is a sum of the smallest ones, across all that was ever printed.

Quarters add up to their year, and years to a baseline. A number of one period may therefore open a
number of another that is hidden, whoever printed which. So all periods that anybody ever asked for
are one system: each is the sum of its *segments*, the pieces between the first and last months of
all of them; a segment that is no period of its own is a cell that nobody prints.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import pandas as pd

from atips_analysis.disclosure.cells import CellKey, Relation
from atips_analysis.disclosure.table_cells import Cells
from atips_analysis.indicators import Period, parse_period

SEGMENT = "nobody prints it"
"""The note on rows that stand in sums only."""


def smallest_periods(periods: Iterable[Period]) -> tuple[Period, ...]:
    """What has to be counted beside periods so that they add up: single years, and segments."""
    listed = list(dict.fromkeys(periods))
    names = {period.name for period in listed}
    years = [parse_period(year) for year in sorted({y for one in listed for y in one.years})]
    parts = [period for period in listed if not period.whole_years]
    more = {one.name: one for one in (*years, *segments_of(parts)) if one.name not in names}
    return tuple(more.values())


def segments_of(periods: Iterable[Period]) -> tuple[Period, ...]:
    """The pieces of time between the first and last months of periods, year by year."""
    listed = list(periods)
    starts = {period.start for period in listed} | {_after(period.end) for period in listed}
    years = sorted({year for period in listed for year in period.years})
    starts |= {f"{year}-01" for year in years}
    found = []
    for year in years:
        cuts = sorted(start for start in starts if start.startswith(str(year)))
        for start, after in zip(cuts, [*cuts[1:], f"{year + 1}-01"], strict=True):
            found.append(_named(start, _before(after), listed))
    return tuple(found)


def _named(start: str, end: str, periods: Sequence[Period]) -> Period:
    for period in periods:
        if (period.start, period.end) == (start, end):
            return period
    return parse_period(f"{start}..{end}")


def with_sums_of_periods(table: pd.DataFrame, cells: Cells) -> Cells:
    """The same with each period as the sum of its segments, and what does not fit in a rest.

    A measure whose counts add up in every cell adds up for the reader; where persons are counted
    once a year, or lack a month, a rest that nobody prints stands beside the sum.
    """
    counts, relations = dict(cells.counts), list(cells.relations)
    unpublished = set(cells.unpublished)
    names = set(table["period"])
    single = [parse_period(name) for name in sorted(names) if len(parse_period(name).years) == 1]
    several = [parse_period(name) for name in sorted(names) if ".." in str(name)]
    periods = list({p.name: p for p in [*single, *several]}.values())
    parts = [period for period in periods if not period.is_year]
    pieces = [p for p in segments_of(parts) if p.name in names]
    lines = {(key[0], key[2]) for key in counts if key[1] in {p.name for p in parts}}
    sums: dict[str, list[tuple[CellKey, tuple[CellKey, ...]]]] = {}
    for name, categories in sorted(lines):
        for period in periods:
            whole = cells.key_of((name, period.name, categories))
            inside = [p for p in pieces if period.start <= p.start and p.end <= period.end]
            keys = tuple(cells.key_of((name, p.name, categories)) for p in inside)
            if whole in counts and len(keys) > 1 and all(key in counts for key in keys):
                sums.setdefault(name, []).append((whole, keys))
    for name, found in sums.items():
        exact = all(counts[whole] == sum(counts[key] for key in keys) for whole, keys in found)
        for whole, keys in found:
            title = f"{whole[0]}, {whole[1]} and its parts"
            if exact:
                relations.append(Relation(whole, keys, title))
                continue
            rest = counts[whole] - sum(counts[key] for key in keys)
            cut = " and ".join(key[1] for key in keys)
            slack = (f"{name} in none or two of {cut}", whole[1], whole[2])
            counts[slack] = abs(rest)
            unpublished.add(slack)
            if rest >= 0:
                relations.append(Relation(whole, (*keys, slack), title))
            else:
                added = (f"{name} added up over {cut}", whole[1], whole[2])
                counts[added] = sum(counts[key] for key in keys)
                unpublished.add(added)
                relations += [Relation(added, keys, title), Relation(added, (whole, slack), title)]
    return replace(
        cells, counts=counts, relations=list(dict.fromkeys(relations)), unpublished=unpublished
    )


def _after(month: str) -> str:
    year, number = int(month[:4]), int(month[5:])
    return f"{year + 1}-01" if number == 12 else f"{year}-{number + 1:02d}"


def _before(month: str) -> str:
    year, number = int(month[:4]), int(month[5:])
    return f"{year - 1}-12" if number == 1 else f"{year}-{number - 1:02d}"
