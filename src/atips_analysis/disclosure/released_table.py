"""A protected tidy table as its reader sees it: cells that are printed or hidden, and their sums.

What is derived here goes into the ledger and into the pack, so it may rest on nothing but rows
that are published. True counts serve for one thing: a sum that does not hold, because rows of a
small group are not published, is given a rest that stands in no table.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pandas as pd

from atips_analysis.disclosure.cells import CellKey, Relation, cell_key, table_relations
from atips_analysis.disclosure.indicator_cells import Cells
from atips_analysis.disclosure.indicator_figures import agrees
from atips_analysis.disclosure.indicator_sums import cells_of
from atips_analysis.disclosure.kept import made_of
from atips_analysis.disclosure.knowledge import PublicFigure
from atips_analysis.disclosure.known_counts import hidden_between
from atips_analysis.disclosure.releases import Printed, Released, places_in
from atips_analysis.disclosure.rounded_tables import interval_of
from atips_analysis.errors import InputError
from atips_analysis.indicators import measures
from atips_analysis.indicators.place import cell_of


def released_from(
    public: pd.DataFrame,
    raw: pd.DataFrame,
    *,
    figures: Iterable[PublicFigure] = (),
    threshold: int = 5,
) -> tuple[Released, dict[CellKey, int]]:
    """What a protected table tells, and the true counts behind it (which stay confidential).

    Parameters
    ----------
    public, raw : DataFrame
        The tidy table as published, and the raw one that it was made from.
    figures : iterable of PublicFigure
        Those that differ from the count are left aside: they count something else.

    Raises
    ------
    InputError
        If a row of `public` has no counterpart in `raw`.
    """
    rows = rows_behind(public, raw)
    cells = cells_of(rows)
    shown, unpublished = printed_cells(public, cells)
    counts = dict(cells.counts)
    relations = completed(cells.relations, counts, unpublished)
    places = places_in(rows, cells.rows)
    for key, row_id in _other_counts(rows).items():
        counts[key] = shown[key] = int(rows.at[row_id, "value"])
        places[key] = ((row_id, "value"),)
    relations += _sums_that_hold([key for key in places if key not in cells.counts], counts)
    figures = [replace(figure, key=cells.key_of(figure.key)) for figure in figures]
    agreeing = tuple(figure for figure in figures if agrees(figure, counts))
    edition = str(raw["vintage"].iloc[0]) if len(raw) else ""
    released = Released(
        edition,
        shown,
        tuple(relations),
        frozenset(unpublished),
        places,
        agreeing,
        threshold=threshold,
    )
    return released, counts


def rows_behind(public: pd.DataFrame, raw: pd.DataFrame) -> pd.DataFrame:
    """The raw rows of the published ones, in their order; none of those that are kept (`kept`)."""
    public = made_of(str(raw["vintage"].iloc[0]), public) if len(raw) else public
    if not public.index.isin(raw.index).all():
        raise InputError("the protected table is not made from this raw one; run atips build again")
    return raw.loc[public.index]


def printed_cells(
    public: pd.DataFrame, cells: Cells
) -> tuple[dict[CellKey, Printed], set[CellKey]]:
    """What is printed for each cell, and the cells of which a reader only knows that they exist.

    A hidden count lies in the range beside it, and is at least 1; of a rounded one a reader knows what its number may stand for. Of
    a hidden share it is not told whether the numerator, the rest
    or the denominator had to be hidden: all that a reader knows of them is how they add up.
    """
    shown: dict[CellKey, Printed] = {}
    hidden: set[CellKey] = set()
    for row_id, keys in cells.rows.items():
        if public.at[row_id, "status"] == "R":
            shown[keys[0]] = interval_of(int(public.at[row_id, "value"]))
        elif public.at[row_id, "status"] != "C":
            shown |= {key: cells.counts[key] for key in keys}
        elif between := hidden_between(public.loc[row_id]):
            shown[keys[0]] = between
        elif len(keys) == 1:
            hidden |= set(keys)
    blank = {key for key in hidden - shown.keys() if cells.counts[key] > 0}
    shown |= dict.fromkeys(sorted(blank))
    return shown, set(cells.counts) - shown.keys()


def completed(
    relations: Iterable[Relation], counts: dict[CellKey, int], unpublished: set[CellKey]
) -> list[Relation]:
    """The sums, those of which some parts are not published with a rest."""
    complete = []
    for relation in relations:
        total: CellKey = relation.total  # type: ignore[assignment]
        rest = counts[total] - sum(counts[part] for part in relation.parts)  # type: ignore[index,misc]
        if rest < 0:
            continue
        if rest:
            name = (f"{total[0]} not shown ({relation.table})", total[1], total[2])
            counts[name] = rest
            unpublished.add(name)
            relation = Relation(total, (*relation.parts, name), relation.table)
        complete.append(relation)
    return complete


def _other_counts(rows: pd.DataFrame) -> dict[CellKey, str]:
    """Counts of what is not persons, all of them printed: key to row."""
    of_persons = {(m.indicator_id, m.unit, m.statistic): m.persons for m in measures()}
    found: dict[CellKey, str] = {}
    counted = rows[(rows["statistic"] == "count") & rows["value"].notna()]
    for row_id, row in zip(counted.index, counted.to_dict("records"), strict=True):
        if of_persons.get((row["indicator_id"], row["unit_of_count"], "count")) is not False:
            continue
        if float(row["value"]).is_integer():
            name = f"{row['indicator_id']} {row['unit_of_count']}"
            found[cell_key(name, str(row["period"]), cell_of(row))] = str(row_id)
    return found


def _sums_that_hold(keys: list[CellKey], counts: dict[CellKey, int]) -> list[Relation]:
    """Tables of categories that do not overlap; where they do, parts make more than the total."""
    return [
        relation
        for relation in table_relations(keys)
        if counts[relation.total] == sum(counts[part] for part in relation.parts)  # type: ignore[index,misc]
    ]
