"""Where each total of a simulated edition comes from: published, made to meet, or invented.

The register is `data/simulator/origins.csv`. It names the totals that somebody published and those
that were made to meet published figures; a total that it does not name is invented, so that
nothing can be taken for published by being forgotten.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from atips_analysis.codebook import dimensions, load_codebook, read_table_at
from atips_analysis.errors import InputError
from atips_analysis.framework.register import load_indicators
from atips_analysis.project import Project

COLUMNS = ("indicator_id", "unit_of_count", "period", "cell", "origin", "source_id", "figures")
FILE = "data/simulator/origins.csv"


class Kind(StrEnum):
    """How a number came to be what it is."""

    PUBLISHED = "published"
    """Somebody printed it, of the same thing and the same year."""
    MET = "met"
    """Nobody printed it, but the rows behind it were made to meet figures that were."""
    INVENTED = "invented"
    COUNTED = "counted"
    """From the records of agencies: the number of an edition that is not simulated."""


@dataclass(frozen=True)
class Origin:
    """Where a number comes from: its kind, and for published figures whose and which they are."""

    kind: Kind
    source_id: str = ""
    figures: tuple[str, ...] = ()


Place = tuple[str, str, str, frozenset[tuple[str, str]]]
"""Indicator, unit of count, period, and the categories of a number."""


def load_origins(project: Project) -> Mapping[Place, Origin]:
    """The register; empty for a project that simulates nothing.

    Raises InputError if a row names an indicator, unit, dimension, category or kind that is not
    known, no source, or the same number as another one; the row is said.
    """
    path = project.root / FILE
    if not path.is_file():
        return {}
    table = read_table_at(path, COLUMNS, key=COLUMNS[:4])
    indicators = {item.id for item in load_indicators(project)}
    units = set(load_codebook(project).codelist("unit_of_count").table["code"])
    origins: dict[Place, Origin] = {}
    for row, said in zip(table.index, table.to_dict("records"), strict=True):
        for column, choices in (
            ("indicator_id", indicators),
            ("unit_of_count", units),
            ("origin", {Kind.PUBLISHED, Kind.MET}),
        ):
            if said[column] not in choices:
                raise _wrong(f"{column} {said[column]!r} is not known; correct it", row)
        if not said["source_id"] or not said["figures"]:
            raise _wrong("a figure without its source; write source_id and figures", row)
        place = (
            said["indicator_id"],
            said["unit_of_count"],
            said["period"],
            frozenset(_categories(project, said["cell"], row).items()),
        )
        figures = tuple(said["figures"].split(" + "))
        origins[place] = Origin(Kind(said["origin"]), said["source_id"], figures)
    return origins


def _categories(project: Project, cell: str, row: int) -> dict[str, str]:
    found = {}
    for part in cell.split():
        dimension, _, code = part.partition("=")
        if dimension not in dimensions():
            raise _wrong(f"{part!r}: no such dimension; correct it", row)
        if code not in load_codebook(project).dimension(dimension).categories:
            raise _wrong(f"{part!r}: no such category; correct it", row)
        found[dimension] = code
    return found


def _wrong(what: str, row: int) -> InputError:
    return InputError(what, file=FILE, row=row)
