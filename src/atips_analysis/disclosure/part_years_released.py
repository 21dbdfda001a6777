"""Bulletins as releases: the cells of parts of years that they print, and the sums with their years.

All bulletins of an edition are one system with its table of indicators: quarters add up to years
whoever printed which. Each becomes a release of its own, so that its table can be told apart.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from atips_analysis.databank import DataBank
from atips_analysis.disclosure.cells import CellKey, Relation
from atips_analysis.disclosure.indicator_cells import Cells
from atips_analysis.disclosure.indicator_sums import cells_of
from atips_analysis.disclosure.kept import made_of
from atips_analysis.disclosure.known_counts import hidden_between
from atips_analysis.disclosure.part_years import (
    SEGMENT,
    check_same_source,
    segments_of,
    with_sums_of_periods,
)
from atips_analysis.disclosure.released_table import completed
from atips_analysis.disclosure.releases import Printed, Released, places_in
from atips_analysis.disclosure.rounded_tables import interval_of
from atips_analysis.indicators import parse_period
from atips_analysis.indicators.compute import compute
from atips_analysis.indicators.place import NAME, PLACE
from atips_analysis.indicators.rows import rows_of

LINE = [*(column for column in NAME if column != "period"), *PLACE]


def released_bulletins(
    bulletins: Mapping[str, pd.DataFrame],
    years: pd.DataFrame,
    bank: DataBank,
    *,
    population: pd.DataFrame,
    threshold: int = 5,
) -> tuple[dict[str, Released], dict[CellKey, int]]:
    """Each bulletin as a release, and the true counts behind them (which stay confidential).

    Parameters
    ----------
    bulletins : mapping
        Protected tables of bulletins by name.
    years : DataFrame
        The raw rows behind the published table of indicators.
    bank : DataBank
        The edition of both.
    population : DataFrame
        Mid-year population, for rates.

    Raises
    ------
    InputError
        If a bulletin prints what this edition does not hold.
    """
    if not bulletins:
        return {}, {}
    raw = _raw_parts(bulletins, bank, population)
    table = pd.concat([years, raw], verify_integrity=True)
    check_same_source(table, list(bulletins.values()))
    alone = set(cells_of(years).relations)
    cells = with_sums_of_periods(table, cells_of(table))
    counts = dict(cells.counts)
    rests: set[CellKey] = set()
    relations = completed([r for r in cells.relations if r not in alone], counts, rests)
    inside = {key for relation in relations for key in (relation.total, *relation.parts)}
    found = {}
    for name, public in bulletins.items():
        found[name] = _released(public, cells, relations, bank.edition, threshold)
    known = {key for one in found.values() for key in one.shown}
    return found, {key: counts[key] for key in inside | known}  # type: ignore[index,misc]


def _released(
    public: pd.DataFrame, cells: Cells, relations: list[Relation], edition: str, threshold: int
) -> Released:
    shown: dict[CellKey, Printed] = {}
    hidden: set[CellKey] = set()
    here = made_of(edition, public).index
    own = {row_id: cells.rows[row_id] for row_id in here if row_id in cells.rows}
    for row_id, keys in own.items():
        if public.at[row_id, "status"] == "R":
            shown[keys[0]] = interval_of(int(public.at[row_id, "value"]))
        elif public.at[row_id, "status"] != "C":
            shown |= {key: cells.counts[key] for key in keys}
        elif between := hidden_between(public.loc[row_id]):
            shown[keys[0]] = between
        elif len(keys) == 1 and cells.counts[keys[0]] > 0:
            hidden |= set(keys)
    shown |= dict.fromkeys(sorted(hidden - shown.keys()))
    members = {key for relation in relations for key in (relation.total, *relation.parts)}
    return Released(
        edition,
        shown,
        tuple(relations),
        frozenset(members - shown.keys()),  # type: ignore[arg-type]
        places_in(public, own),
        threshold=threshold,
    )


def _raw_parts(
    bulletins: Mapping[str, pd.DataFrame], bank: DataBank, population: pd.DataFrame
) -> pd.DataFrame:
    """Raw rows of what bulletins print, and of the segments that lie between their periods."""
    printed = pd.concat(list(bulletins.values()))
    periods = [parse_period(name) for name in sorted(set(printed["period"]))]
    names = {period.name for period in periods}
    pieces = [period for period in segments_of(periods) if period.name not in names]
    raw = compute(
        rows_of(bank),
        [*periods, *pieces],
        sorted(set(printed["indicator_id"])),
        population=population,
        vintage=bank.edition,
    )
    between = raw["period"].isin({period.name for period in pieces})
    lines = pd.MultiIndex.from_frame(raw[LINE]).isin(pd.MultiIndex.from_frame(printed[LINE]))
    told = raw.index.isin(printed.index)
    raw.loc[between, "note"] = SEGMENT
    return raw[told | (between & lines)]
