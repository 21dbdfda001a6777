"""A table of counts that is said to be of the data bank: answered from its record like any question."""

from __future__ import annotations

from itertools import combinations

import pandas as pd

from atips_analysis.codebook import dimensions, load_codebook
from atips_analysis.databank import DataBank
from atips_analysis.disclosure.cells import CellKey, describe
from atips_analysis.disclosure.csv_tables import RANGE, STATUS, CountTable
from atips_analysis.errors import InputError
from atips_analysis.indicators import Measure, measures, parse_period
from atips_analysis.indicators.place import cell_of
from atips_analysis.indicators.rows import rows_of
from atips_analysis.ledger.answers import answer
from atips_analysis.ledger.question import Question
from atips_analysis.project import Project


def of_databank(table: CountTable, name: str, bank: DataBank, project: Project) -> pd.DataFrame:
    """The table in its own labels, with what an edition answers for its cells, entered in the record.

    Parameters
    ----------
    table : CountTable
        As `csv_tables.read_counts` has it, with a column for each dimension.
    name : str
        What is counted, as "PROT-01 VICTIM 2024": indicator, unit of count, period.

    Raises
    ------
    InputError
        If it cannot be placed in the data bank, or prints another count.
    FindingsError
        If what stands contradicts itself.
    """
    if table.columns.beside:
        raise InputError(
            f"columns beside the count are not looked at ({', '.join(table.columns.beside)}); take "
            "them out",
            file=table.file,
        )
    measure, period = _counted(name)
    keys = {key: _placed(table, key) for key in table.cells()}
    by = sorted(table.columns.by)
    known = {tuple(sorted(one)) for one in measure.by}
    tables = [one for size in range(len(by) + 1) for one in combinations(by, size)]
    if missing := [one for one in tables if one and one not in known]:
        raise InputError(
            f"{measure.indicator_id} is not counted by {' x '.join(missing[0])} in the data bank, so "
            "that the table cannot be protected beside what left it; leave a dimension out",
            file=table.file,
        )
    places = frozenset((period, measure.place, one) for one in tables)
    given = answer(Question(places), bank, rows_of(bank), project, "protect").table
    rows = {frozenset(cell_of(row).items()): row for row in given.to_dict("records")}
    found = [rows.get(keys[key]) if key is not None else None for key in table.keys]
    _refuse_others(table, found, bank.edition)
    frame = table.frame.copy()
    frame[table.count] = [_text(row, "value") for row in found]
    frame[STATUS] = [row["status"] if row else "C" for row in found]
    for end in RANGE:
        frame[end] = [_text(row, end) for row in found]
    return frame


def _counted(name: str) -> tuple[Measure, str]:
    """The measure and the period that a name says."""
    words = name.split()
    declared = {one.place: one for one in measures()}
    if len(words) != 3 or (words[0], words[1], "count") not in declared:
        known = ", ".join(f"{code} {unit}" for code, unit, kind in declared if kind == "count")
        raise InputError(
            f"{name!r} is not counted in the data bank; --of takes a measure and a period, such as "
            f"'PROT-01 VICTIM 2024'; measures are {known}"
        )
    return declared[words[0], words[1], "count"], parse_period(words[2]).name


def _placed(table: CountTable, key: CellKey) -> frozenset[tuple[str, str]]:
    """A cell by the data bank's codes; labels in any of its languages are understood."""
    pairs = []
    for name, label in key[2]:
        if name not in dimensions():
            raise InputError(
                f"{name} is no dimension of the data bank, so that the table cannot be protected "
                f"beside what left it; dimensions are {', '.join(dimensions())}",
                file=table.file,
            )
        named = load_codebook().dimension(name).categories
        codes = [code for code, labels in named.items() if label in (code, *labels.values())]
        if not codes:
            raise InputError(
                f"{label!r} is no category of {name} in the data bank; categories are "
                f"{', '.join(named)}",
                file=table.file,
            )
        pairs.append((name, codes[0]))
    return frozenset(pairs)


def _refuse_others(table: CountTable, found: list[dict[str, object] | None], edition: str) -> None:
    """Stop where the table prints another count than the data bank may print."""
    for key, own, row in zip(table.keys, table.shown, found, strict=True):
        there = _text(row, "value")
        if key is not None and there and int(there) != own:
            raise InputError(
                f"{describe(key)} is {own} here and {there} in edition {edition}; the table is not "
                "of it: count again, or leave --of out",
                file=table.file,
            )


def _text(row: dict[str, object] | None, column: str) -> str:
    value = row[column] if row else None
    return "" if value is None or pd.isna(value) else f"{float(str(value)):.0f}"
