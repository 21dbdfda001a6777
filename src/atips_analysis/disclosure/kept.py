"""Figures that are kept as they were printed, where their correction would open somebody.

The numbers of a corrected edition stand beside those that were printed before. Where nothing that
is hidden helps, all that hangs together with what would be opened, by sums or in one table, is
printed once more as it was: totals too. It says nothing that the earlier release did not say, and
of the corrected counts behind it nothing is told. Whether it comes to that depends on the counts of
those tables alone, old and new; what else is printed tells nothing of it.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from typing import Any

import pandas as pd

from atips_analysis.disclosure.cells import CellKey, Relation, hanging_together
from atips_analysis.indicators.compute import KEPT, is_kept
from atips_analysis.indicators.measure import measures
from atips_analysis.indicators.period import parse_period
from atips_analysis.indicators.place import NAME, is_total
from atips_analysis.indicators.table import NUMBERS


def made_of(edition: str, table: pd.DataFrame) -> pd.DataFrame:
    """The rows of a table that are made of an edition; those that are kept bear another's name."""
    return table[table["vintage"].eq(edition)]


def rows_hanging_together(
    keys: Iterable[Hashable],
    table: pd.DataFrame,
    rows: dict[str, tuple[CellKey, ...]],
    sums: Iterable[Relation],
) -> tuple[frozenset[str], frozenset[Hashable]]:
    """The rows (ids) of all tables that hang together with some cells, and the cells of them.

    Parameters
    ----------
    keys : the cells to begin with.
    table : the raw tidy table; a table in it is one indicator, unit, statistic and period.
    rows : the cells of each row.
    sums : all sums, of earlier releases too.
    """
    names = _names(table)
    tables: dict[Any, set[Hashable]] = {}
    for row, own in rows.items():
        tables.setdefault(names[row], set()).update(own)
    together = hanging_together(
        keys, [*({one.total, *one.parts} for one in sums), *tables.values()]
    )
    touched = {name for name, own in tables.items() if not own.isdisjoint(together)}
    years: dict[Any, set[int]] = {}
    for *measure, period in touched:
        years.setdefault(tuple(measure), set()).update(_years(period))
    # Of the same measure and years, what holds no number says why: that is kept too.
    empty = set(names) - tables.keys()
    touched |= {one for one in empty if years.get(one[:3], set()).issuperset(_years(one[3]))}
    return frozenset(names.index[names.isin(touched)]), together


def _years(period: str) -> tuple[int, ...]:
    return parse_period(period).years


def as_printed(raw: pd.DataFrame, printed: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """The tables of some raw rows as they were printed last; none where none of them ever was.

    Parameters
    ----------
    raw : the rows that are not printed.
    printed : tables that were printed before, the last one last. Of a table that is in none of
        them (of a new run of years) the total stands, hidden.
    """
    left, found = set(_names(raw)), []
    for table in reversed(printed):
        names = _names(table)
        found.append(table[names.isin(left)])
        left -= set(names)
    if not sum(map(len, found)):
        return raw.head(0)
    kept = pd.concat(found)
    said = kept["note"].fillna("").str.removesuffix(KEPT).str.removesuffix("; ")
    kept["note"] = (said + "; ").where(said.ne(""), "") + KEPT
    new = raw[_names(raw).isin(left) & is_total(raw)]
    return pd.concat([kept, _untold(new)]).astype(raw.dtypes)


def told_beside(table: pd.DataFrame, standing: pd.DataFrame) -> pd.DataFrame:
    """New rows as they may be told beside those that stand, some of them kept.

    Of a measure and years of which figures are kept no further period or run of years is told:
    that one number of it is as it was, and another is not, would say what was corrected. The total
    stands, hidden; breakdowns are left out.
    """
    kept: dict[Any, set[int]] = {}
    for *measure, period in _names(standing[standing["note"].map(is_kept).astype(bool)]):
        kept.setdefault(tuple(measure), set()).update(_years(period))
    names = list(_names(table))
    beside = [not kept.get(name[:3], set()).isdisjoint(_years(name[3])) for name in names]
    own = table[pd.Series(beside, index=table.index, dtype=bool)]
    told = pd.concat([table.drop(index=own.index), _untold(own[is_total(own)])])
    return told.loc[[row for row in table.index if row in told.index]].astype(table.dtypes)


def _untold(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows without a number, made of no edition, that say why."""
    untold = rows.assign(method="", vintage="", note=KEPT, status="C")
    untold.loc[:, NUMBERS] = pd.NA
    return untold


def _names(table: pd.DataFrame) -> pd.Series:
    """For each row the table that it stands in."""
    names = list(table[list(NAME)].itertuples(index=False, name=None))
    return pd.Series(names, index=table.index, dtype=object)


def streams_kept(table: pd.DataFrame, edition: str) -> frozenset[str]:
    """The streams that an edition's kept tables read: of their rows nothing is told either."""
    kept = {row[:3] for row in _names(table[table["vintage"].ne(edition)])}
    read = {source for one in measures() if one.place in kept for source in one.sources}
    return frozenset(source.split(":")[0] for source in read)


def tables_kept(table: pd.DataFrame, edition: str) -> list[str]:
    """The kept tables of an edition's table, as messages name them."""
    rows = table[table["vintage"].ne(edition)]
    return sorted({f"{row[0]} {row[1]} {row[2]}, {row[3]}" for row in _names(rows)})
