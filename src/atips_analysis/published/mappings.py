"""What published figures mean here: the mappings in `data/published/*.map.csv`, read and checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from atips_analysis.codebook import load_codebook, read_table_at
from atips_analysis.errors import InputError
from atips_analysis.framework.register import load_indicators
from atips_analysis.project import Project

Cell = tuple[str, str, str, dict[str, str]]
"""Indicator, measure, unit of count, and the dimensions that are broken down."""

PUBLISHERS = ("council", "us", "unodc", "dol")
MEASURES = ("value", "numerator", "denominator")
LISTS = {
    "sex": "sex",
    "age_group": "age_group",
    "citizenship": "country_iso3",
    "offence_group": "offence_group",
    "stage": "case_stage",
    "inspection_type": "inspection_type",
}
"""The code list of a dimension; others have labels of their own."""
OWN = {"form": ("SEX", "LAB", "OTHER"), "carried_over": ("NO", "YES")}
TOTAL = "Total"

UNODC_SEX = {"Female": "F", "Male": "M", "Other": "O", "Unknown": "U", TOTAL: TOTAL}
UNODC_AGE = {"0 to 17 years": "CHILD", "18 years or over": "ADULT", "Unknown": "UNK", TOTAL: TOTAL}
UNODC_FORM = {
    "Sexual exploitation": "SEX",
    "Forced labour": "LAB",
    "Other forms of exploitation": "OTHER",
    TOTAL: TOTAL,
}
"""The words of UNODC's questionnaire, the same for every country, and our codes."""


@dataclass(frozen=True)
class Concept:
    """What counts as one thing: a pattern, indicators of the US reports, one of UNODC."""

    council: str
    us: tuple[str, ...]
    unodc: str


def load_cells(project: Project, publisher: str) -> dict[str, Cell]:
    """A publisher's figures that are a cell of an indicator, by their name there.

    Raises InputError if a row names a publisher, indicator, measure, unit, dimension or code that
    is not known.
    """
    table = _read(
        project, "cells", "publisher name indicator_id measure unit_of_count dimensions", 2
    )
    known = {item.id for item in load_indicators(project)}
    units = set(load_codebook(project).codelist("unit_of_count").table["code"])
    cells: dict[str, Cell] = {}
    for row, said in zip(table.index, table.to_dict("records"), strict=True):
        for column, choices in (
            ("publisher", PUBLISHERS),
            ("indicator_id", known),
            ("measure", MEASURES),
            ("unit_of_count", units),
        ):
            if said[column] not in choices:
                raise _wrong("cells", f"{column} {said[column]!r} is not known; correct it", row)
        dimensions = _dimensions(project, said["dimensions"], row)
        if said["publisher"] == publisher:
            cells[said["name"]] = (
                said["indicator_id"], said["measure"], said["unit_of_count"], dimensions,
            )  # fmt: skip
    return cells


def _dimensions(project: Project, text: str, row: int) -> dict[str, str]:
    found: dict[str, str] = {}
    for part in text.split():
        dimension, _, code = part.partition("=")
        if dimension not in {*LISTS, *OWN}:
            known = ", ".join([*LISTS, *OWN])
            raise _wrong("cells", f"{part!r}: no such dimension; write one of {known}", row)
        _check_code(project, "cells", dimension, code, row)
        found[dimension] = code
    return found


def _check_code(project: Project, name: str, kind: str, code: str, row: int) -> None:
    codes = OWN.get(kind) or tuple(load_codebook(project).codelist(LISTS[kind]).table["code"])
    if code not in (*codes, TOTAL):
        raise _wrong(name, f"{code!r} is no code of {kind}; correct it", row)


def load_countries(project: Project) -> dict[str, tuple[str, str]]:
    """Countries as UNODC prints them, to one name and our code.

    Raises InputError if a name is blank or a code is not known.
    """
    found: dict[str, tuple[str, str]] = {}
    table = _read(project, "countries", "printed name code")
    for row, said in zip(table.index, table.to_dict("records"), strict=True):
        if not said["name"]:
            raise _wrong("countries", "name is blank; write the country's one name", row)
        _check_code(project, "countries", "citizenship", said["code"], row)
        found[said["printed"]] = (said["name"], said["code"])
    return found


def country_codes(project: Project) -> dict[str, str]:
    """Countries as UNODC prints them to our codes."""
    return {printed: code for printed, (_, code) in load_countries(project).items()}


def load_concepts(project: Project) -> Mapping[str, Concept]:
    """What counts as the same thing in several sources."""
    table = _read(project, "concepts", "concept council us unodc")
    return {
        said["concept"]: Concept(said["council"], tuple(said["us"].split()), said["unodc"])
        for said in table.to_dict("records")
    }


def load_parts(project: Project) -> Mapping[str, tuple[str, ...]]:
    """Families of endings of the US reports' indicators that together make the whole."""
    table = _read(project, "parts", "family endings")
    return {said["family"]: tuple(said["endings"].split()) for said in table.to_dict("records")}


def _read(project: Project, name: str, columns: str, keys: int = 1) -> pd.DataFrame:
    """The mapping; its first columns (`keys`) say what is mapped, and stand together once."""
    path, names = project.published / f"{name}.map.csv", columns.split()
    table = read_table_at(path, names)
    for row in table.index[table.duplicated(names[:keys])]:
        said = ", ".join(table.loc[row, names[:keys]])
        raise _wrong(name, f"{said} stands twice; keep one row", int(row))
    return table


def _wrong(name: str, what: str, row: int) -> InputError:
    return InputError(what, file=f"data/published/{name}.map.csv", row=row)
