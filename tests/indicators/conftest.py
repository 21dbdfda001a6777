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
                "file": f"{by}_{year}.xlsx",
                "sheet": stream,
                "row": number,
                "submitted_by": by,
                "submitted_for": year,
                "source": "simulated",
            }
        )
    names = [column.name for column in columns]
    table = pd.DataFrame(
        made, columns=[*names, "file", "sheet", "row", "submitted_by", "submitted_for", "source"]
    )
    kinds = {column.name: TYPES.get(column.type, "str") for column in columns}
    return table.astype(
        kinds
        | {
            "row": "Int64",
            "submitted_for": "Int64",
            "file": "str",
            "sheet": "str",
            "submitted_by": "str",
            "source": "str",
        }
    )


def bank(**streams: pd.DataFrame) -> Rows:
    frames = {name: streams.get(name, frame(name)) for name in load_codebook().streams}
    years = {
        name: frozenset(int(y) for y in table["submitted_for"]) for name, table in frames.items()
    }
    return Rows(frames, years, simulated=True, edition="0123456789ab")


def victim(key: str, **what: object) -> dict:
    return {
        "victim_id": key,
        "case_id": "BZ-CASE-2024-0001",
        "identified_year": 2024,
        "sex": "F",
        "age_group": "CHILD",
        "citizenship": "GTM",
        "status": "CONFIRMED",
        "status_date": "2024-05",
        "form": "SEX_CSEC",
        "primary_form": True,
    } | what


@pytest.fixture
def population() -> pd.DataFrame:
    rows = [
        (year, sex, age, persons)
        for year in (2021, 2022, 2023, 2024)
        for sex, age, persons in (
            ("Total", "Total", 400_000.0),
            ("F", "Total", 200_000.0),
            ("M", "Total", 200_000.0),
            ("Total", "CHILD", 150_000.0),
            ("Total", "ADULT", 250_000.0),
        )
    ]
    return pd.DataFrame(rows, columns=["year", "sex", "age_group", "persons"])


REGISTER = ("PREV", "PROT", "PROS", "PART")


class Invented:
    """Invented rows, the bank that they make, and single values of the table that it gives."""

    frame = staticmethod(frame)
    bank = staticmethod(bank)
    victim = staticmethod(victim)

    def __init__(self, population: pd.DataFrame) -> None:
        self.population = population

    def table(self, rows: Rows, *periods: str, **asked: object) -> pd.DataFrame:
        from atips_analysis.indicators import compute, measures, parse_period, wide

        register = list(dict.fromkeys(measure.indicator_id for measure in measures()))
        periods_ = [parse_period(name) for name in periods]
        return wide(compute(rows, periods_, register, population=self.population, **asked))

    def row(self, rows: Rows, indicator: str, period: str = "2024", **what: str) -> pd.Series:
        """One row of the table; `unit` and `statistic` may be named beside dimensions."""
        from atips_analysis.codebook import dimensions
        from atips_analysis.indicators import compute, measures, parse_period, wide

        asked = [parse_period(period)], [indicator]
        every = {one.place: one.by for one in measures(indicator)}
        table = wide(compute(rows, *asked, population=self.population, also_by=every))
        unit, statistic = what.pop("unit", None), what.pop("statistic", None)
        hit = pd.Series(True, index=table.index)
        for dimension in dimensions():
            hit &= table[dimension] == what.get(dimension, "Total")
        if unit:
            hit &= table["unit_of_count"] == unit
        if statistic:
            hit &= table["statistic"] == statistic
        assert hit.sum() == 1, f"{indicator} {period} {what}: {hit.sum()} rows"
        return table[hit].iloc[0]

    def value(self, rows: Rows, indicator: str, period: str = "2024", **what: str) -> float:
        return self.row(rows, indicator, period, **what)["value"]


@pytest.fixture
def invented(population: pd.DataFrame) -> Invented:
    return Invented(population)
