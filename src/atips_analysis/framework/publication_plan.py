"""What is published of each measure: `data/framework/publication_plan.csv`, a table a row.

The plan is fixed before data are read and is the same every year. A measure declares what it can be
broken down by (`indicators.measure`); which of that leaves the house, for which periods and with
which categories, stands here and nowhere else. Totals are always published and have no row.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from atips_analysis.codebook import load_codebook
from atips_analysis.codebook.dimension_table import FILE as DIMENSIONS_FILE
from atips_analysis.codebook.dimension_table import Dimension
from atips_analysis.errors import InputError
from atips_analysis.framework.register_files import read_framework_table, records
from atips_analysis.project import Project, find_registers
from atips_analysis.words.said import Message

FILE = "data/framework/publication_plan.csv"
COLUMNS = tuple("indicator_id unit_of_count statistic by periods categories never why".split())
EVERY, POOLED = "every", "pooled"
CROSSED = " x "
ALL = "*"
OWN_COUNTRY = "{country}"


@dataclass(frozen=True)
class PlannedTable:
    """A table that is published.

    Parameters
    ----------
    measure : indicator, unit of count and statistic.
    by : its dimensions, one or two.
    pooled : whether it is published over pooled years alone; else for every period.
    categories : for each dimension what is listed, merged categories among them; nothing for all
        (of persons every category of the code list, of acts those that occur).
    never : codes that cannot occur in it, for the reason that `why` gives; ``*`` for all others.
    row : its row in the file.
    """

    measure: tuple[str, str, str]
    by: tuple[str, ...]
    pooled: bool
    categories: tuple[tuple[str, ...], ...]
    never: tuple[str, ...]
    row: int

    def holds(self, years: int) -> bool:
        """Whether it is published for a period of so many years."""
        return years > 1 or not self.pooled

    def listed(self, dimension: str) -> tuple[str, ...]:
        """The categories of one of its dimensions: for all of them, every code that can occur."""
        own = self.categories[self.by.index(dimension)]
        codes = load_codebook().dimension(dimension).codes
        return own or tuple(code for code in codes if code not in self.never)


Plan = Mapping[tuple[str, str, str], tuple[PlannedTable, ...]]
"""The tables of each measure."""


def load_publication_plan(project: Project | None = None) -> Plan:
    """The tables of the plan, by measure and in its order.

    Raises InputError if a row names a dimension, a category or a period that is not there, leaves a
    category of the code list out, or stands twice.
    """
    return _load((project or find_registers()).root)


@lru_cache(maxsize=8)
def _load(root: Path) -> Plan:
    project = Project(root)
    table = read_framework_table(
        project.framework / "publication_plan.csv", columns=list(COLUMNS), key=list(COLUMNS[:4])
    )
    book = load_codebook(project)
    known = book.dimensions
    plan: dict[tuple[str, str, str], tuple[PlannedTable, ...]] = {}
    for at, row in enumerate(records(table), start=2):
        own = {name: str(text).replace(OWN_COUNTRY, book.country) for name, text in row.items()}
        one = _planned(own, at, known)
        plan[one.measure] = (*plan.get(one.measure, ()), one)
    return plan


def _planned(row: Mapping[str, Any], at: int, known: Mapping[str, Dimension]) -> PlannedTable:
    by = tuple(part.strip() for part in row["by"].split(CROSSED))
    unknown = [name for name in by if name not in known]
    if unknown:
        raise _wrong(
            Message("{name!r} is no dimension; write one of {file}").format(
                name=unknown[0], file=DIMENSIONS_FILE
            ),
            at,
        )
    if row["periods"] not in (EVERY, POOLED):
        raise _wrong(
            Message("periods is {periods!r}; write {every} or {pooled}").format(
                periods=row["periods"], every=EVERY, pooled=POOLED
            ),
            at,
        )
    lists = [_listed(part) for part in row["categories"].split(CROSSED)]
    if len(lists) != len(by):
        raise _wrong(
            Message(
                "categories has {lists} lists for {dimensions} dimensions; write one for each, with {crossed} between, or {every} for all"
            ).format(lists=len(lists), dimensions=len(by), crossed=CROSSED.strip(), every=ALL),
            at,
        )
    never = _listed(row["never"])
    for name, own in zip(by, lists, strict=True):
        _check(known[name], own, never, at)
    if never and not row["why"].strip():
        raise _wrong(Message("codes that never occur without a reason; fill in why").format(), at)
    return PlannedTable(
        (row["indicator_id"], row["unit_of_count"], row["statistic"]),
        by,
        row["periods"] == POOLED,
        tuple(() if own == (ALL,) else own for own in lists),
        never,
        at,
    )


def _check(dimension: Dimension, own: tuple[str, ...], never: tuple[str, ...], at: int) -> None:
    """Every code of a dimension is listed, merged or said never to occur, and once."""
    for code in (*own, *never):
        if code != ALL and code not in dimension.categories:
            known = ", ".join([*dimension.codes, *dimension.merged])
            raise _wrong(
                Message("{code!r} is no category of {dimension}; write one of {known}").format(
                    code=code, dimension=dimension.name, known=known
                ),
                at,
            )
    if own == (ALL,):
        return
    held = [code for category in own for code in dimension.within(category)]
    twice = [code for code in held if held.count(code) > 1 or code in never]
    if twice:
        raise _wrong(
            Message("{code} of {dimension} stands twice; list or merge it once").format(
                code=twice[0], dimension=dimension.name
            ),
            at,
        )
    out = [code for code in dimension.codes if code not in (*held, *never)]
    if out and ALL not in never:
        raise _wrong(
            Message(
                "{codes} of {dimension} is neither listed nor merged; list it, merge it, or name it under never and say why"
            ).format(codes=", ".join(out), dimension=dimension.name),
            at,
        )


def _listed(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(";") if part.strip())


def _wrong(what: str, at: int) -> InputError:
    return InputError(what, file=FILE, row=at)
