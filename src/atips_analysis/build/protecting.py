"""The table of a build, protected beside all that ever left the house, and entered in the record."""

from __future__ import annotations

import hashlib
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd

from atips_analysis.databank import DataBank
from atips_analysis.disclosure.indicator_table import Opened, ProtectedTable, protect_table
from atips_analysis.indicators import parse_period
from atips_analysis.indicators.declared import registered
from atips_analysis.indicators.rows import rows_of
from atips_analysis.indicators.table import write_table
from atips_analysis.ledger.answers import Around
from atips_analysis.ledger.earlier import Known, house_of, known_to_each_build
from atips_analysis.ledger.question import Question, asked_for
from atips_analysis.ledger.record import asking, enter
from atips_analysis.project import Project


def protected_build(
    raw: pd.DataFrame, bank: DataBank, project: Project, year: int
) -> tuple[ProtectedTable, str]:
    """The protected table of a build, and what names the record that it stands beside.

    A table that left the house before is made again as it was, from what was known then; a new one
    is protected beside everything and entered in the record.

    Raises
    ------
    FindingsError
        If a hidden cell could be worked out all the same.
    """
    databank = bank.folder.parent.parent
    periods = [parse_period(name) for name in sorted(set(raw["period"]))]
    question = asked_for(periods, [one.id for one in registered(project)], {})
    with asking(databank):
        house = house_of(project, databank, simulated=bank.simulated)
        entered = {one.table_sha256 for one in house.record.of(bank.edition)}
        for known in known_to_each_build(house, question, year=year, edition=bank.edition):
            try:
                found = _protected(raw, question, known, bank, project)
            except Opened:
                if known.table is None:
                    raise
                continue
            made = _hash_of(found.table)
            if known.table in (None, made):
                break
        if made not in entered and house.record.kept:
            given = found.table, found.released, found.counts
            enter(databank, "build", question, given, house.state)
    return found, known.record.digest


def _protected(
    raw: pd.DataFrame, question: Question, known: Known, bank: DataBank, project: Project
) -> ProtectedTable:
    around = Around(rows_of(bank), project, known.before, known.record)
    return protect_table(around.table_of(question, raw), project, known.before)


def _hash_of(table: pd.DataFrame) -> str:
    with TemporaryDirectory() as folder:
        file = Path(folder) / "table.csv"
        write_table(table, file)
        return hashlib.sha256(file.read_bytes()).hexdigest()
