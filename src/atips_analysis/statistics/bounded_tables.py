"""Tests of tables of two by two of which only bounds are known: hidden or rounded counts.

A test is made for every table that the bounds allow, and what is said holds for all of them. It
rests on nothing but the bounds, so that no hidden count is needed and none can be learnt from it.

Notes
-----
Manski (2003), Partial Identification of Probability Distributions, chapter 1: what data leave open
is reported as the range over all that they allow. Dobra and Fienberg (2000), PNAS 97, 11885-11892:
tables that margins allow.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from functools import cache

import numpy as np
import pandas as pd

from atips_analysis.statistics.clustered_tables import clustered_association
from atips_analysis.statistics.contingency import holm_adjusted
from atips_analysis.statistics.inputs import ImpossibleInput

TOTAL = "Total"
MOST_TABLES = 4_000
"""Beyond so many tables that the bounds allow, a test is not made."""

MOST_COMBINATIONS = 250_000


class Association(StrEnum):
    """All that may be said of two characteristics."""

    ASSOCIATED = "associated"
    UNDECIDED = "cannot be said: what is hidden decides"
    NO_EVIDENCE = "no evidence of an association"
    NOT_TESTED = "not tested"


def exact_associations(
    bounds: Mapping[str, pd.DataFrame], significance: float, factor: float = 1.0
) -> pd.DataFrame:
    """Tests of association of several tables, over all that the bounds of each allow.

    Parameters
    ----------
    bounds : mapping of DataFrame
        A table each, as `compatible_tables` takes it. All of them are the family, fixed before
        looking: a table that cannot be tested counts in it with a p-value of 1, so that the
        multiplicity does not hang on what is hidden.
    significance : float
        Probability of one false alarm or more among all tables, whatever is true of each.
    factor : float
        The design factor of those who are counted, 1 or more. Persons of the same case are alike,
        so that a table of them holds less than as many who come singly. Where it is not known
        (NaN), nothing is tested.

    Returns
    -------
    DataFrame
        By name of table: tables (that the bounds allow), n_low and n_high (persons in the four
        cells), p_low and p_high (smallest and largest p-value), holm_low and holm_high (raised
        for the family), and said (an `Association`). Numbers of a table that is not tested are
        missing.

    Notes
    -----
    Each test is `clustered_association`. Fisher (1935), J. R. Statist. Soc. 98, 39-82; Holm (1979),
    Scand. J. Statist. 6, 65-70.
    """
    found = pd.DataFrame.from_dict(
        {name: _tested(table, factor) for name, table in bounds.items()},
        orient="index",
        columns=["tables", "n_low", "n_high", "p_low", "p_high"],
    )
    tested = found["p_high"].notna()
    for end in ("low", "high"):
        family = holm_adjusted(found[f"p_{end}"].fillna(1.0))
        found[f"holm_{end}"] = pd.Series(family, index=found.index).where(tested)
    ends = zip(found["holm_low"], found["holm_high"], strict=True)
    found["said"] = [_verdict(low, high, significance) for low, high in ends]
    return found.astype({"tables": int})


def compatible_tables(bounds: pd.DataFrame) -> pd.DataFrame:
    """Every table of two by two whose counts lie within their bounds and their margins.

    Parameters
    ----------
    bounds : DataFrame
        low, high (may be infinite) by row and column: two categories of each, and "Total" for a
        margin. Margins bound from above only, because there may be persons of further categories,
        and those that are left out bound nothing.

    Returns
    -------
    DataFrame
        One row a table, a column a count; no row where a count has no upper bound, or where there
        are more than `MOST_TABLES`.

    Raises
    ------
    ImpossibleInput
        If there are not two categories in the rows and in the columns.
    """
    rows, columns = (_categories(bounds, level) for level in (0, 1))
    cells = pd.MultiIndex.from_product([rows, columns])
    none = pd.DataFrame(columns=cells, dtype=int)
    limits = {margin: _most(bounds, margin) for margin in _margins(rows, columns)}
    low = bounds["low"].reindex(cells).fillna(0.0)
    above = [
        min(_most(bounds, cell), *(limits[margin] for margin in _above(cell))) for cell in cells
    ]
    if np.isinf(above).any():
        return none
    ranges = [np.arange(int(a), int(b) + 1) for a, b in zip(low, above, strict=True)]
    if np.prod([len(one) for one in ranges], dtype=float) > MOST_COMBINATIONS:
        return none
    grid = np.stack(np.meshgrid(*ranges, indexing="ij"), axis=-1).reshape(-1, len(cells))
    tables = pd.DataFrame(grid, columns=cells)
    for margin, limit in limits.items():
        within = tables[[cell for cell in cells if margin in _above(cell)]].sum(axis=1) <= limit
        tables = tables[within]
    return none if len(tables) > MOST_TABLES else tables.reset_index(drop=True)


def _tested(bounds: pd.DataFrame, factor: float) -> tuple[float, ...]:
    tables = compatible_tables(bounds)
    if tables.empty or np.isnan(factor):
        return (0, *[float("nan")] * 4)
    persons = tables.sum(axis=1)
    p_values = [_p_value(*table, factor) for table in tables.itertuples(index=False, name=None)]
    return len(tables), persons.min(), persons.max(), min(p_values), max(p_values)


def _verdict(low: float, high: float, significance: float) -> Association:
    if np.isnan(high):
        return Association.NOT_TESTED
    if high <= significance:
        return Association.ASSOCIATED
    return Association.UNDECIDED if low <= significance else Association.NO_EVIDENCE


def _categories(bounds: pd.DataFrame, level: int) -> list[str]:
    found = [one for one in bounds.index.unique(level) if one != TOTAL]
    if len(found) != 2:
        raise ImpossibleInput(f"a table of two by two has two categories, not {len(found)}")
    return found


def _margins(rows: list[str], columns: list[str]) -> list[tuple[str, str]]:
    return [*((row, TOTAL) for row in rows), *((TOTAL, one) for one in columns), (TOTAL, TOTAL)]


def _above(cell: tuple[str, str]) -> tuple[tuple[str, str], ...]:
    """The margins that a count stands in."""
    return (cell[0], TOTAL), (TOTAL, cell[1]), (TOTAL, TOTAL)


def _most(bounds: pd.DataFrame, place: tuple[str, str]) -> float:
    return float(bounds["high"].get(place, float("inf")))


@cache
def _p_value(a: int, b: int, c: int, d: int, factor: float) -> float:
    """The p-value of one table; 1 where nobody stands in a row or a column."""
    found = clustered_association([[a, b], [c, d]], factor).p_value
    return 1.0 if np.isnan(found) else found
