"""A small bank of invented rows, written out so that every number can be counted by hand."""

from __future__ import annotations

import pandas as pd
import pytest
from atips_analysis.codebook import load_codebook
from atips_analysis.indicators.rows import Rows

TYPES = {"year": "Int64", "count": "Int64", "age": "Int64", "bool": "boolean"}


def frame(stream: str, *rows: dict) -> pd.DataFrame:
    columns = load_codebook().stream(stream).columns
    made = []
    for number, row in enumerate(rows, start=2):
        year = row.pop("for_", 2024)
        by = row.pop("by_", "DHS")
        made.append(
            {column.name: row.get(column.name) for column in columns}
            | {
                "file": f"{by}_{year}.xlsx", "sheet": stream, "row": number,
                "submitted_by": by, "submitted_for": year, "source": "simulated",
            }
        )
    names = [column.name for column in columns]
    table = pd.DataFrame(
        made, columns=[*names, "file", "sheet", "row", "submitted_by", "submitted_for", "source"]
    )
    kinds = {column.name: TYPES.get(column.type, "str") for column in columns}
    return table.astype(kinds | {"row": "Int64", "submitted_for": "Int64", "file": "str", "sheet": "str", "submitted_by": "str", "source": "str"})


def bank(**streams: pd.DataFrame) -> Rows:
    frames = {name: streams.get(name, frame(name)) for name in load_codebook().streams}
    years = {name: frozenset(int(y) for y in table["submitted_for"]) for name, table in frames.items()}
    return Rows(frames, years, simulated=True, edition="0123456789ab")


def victim(key: str, **what: object) -> dict:
    return {
        "victim_id": key, "case_id": "BZ-CASE-2024-0001", "identified_year": 2024, "sex": "F",
        "age_group": "CHILD", "citizenship": "GTM", "status": "CONFIRMED", "status_date": "2024-05",
        "form": "SEX_CSEC", "primary_form": True,
    } | what


@pytest.fixture
def population() -> pd.DataFrame:
    rows = [
        (year, sex, age, persons)
        for year in (2021, 2022, 2023, 2024)
        for sex, age, persons in (
            ("Total", "Total", 400_000.0), ("F", "Total", 200_000.0), ("M", "Total", 200_000.0),
            ("Total", "CHILD", 150_000.0), ("Total", "ADULT", 250_000.0),
        )
    ]
    return pd.DataFrame(rows, columns=["year", "sex", "age_group", "persons"])
