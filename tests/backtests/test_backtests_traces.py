"""Every value of an indicator can be made again by hand from the rows that its trace names.

The arithmetic here is plain pandas, as somebody with the printed rows would do it; nothing of the
package computes a value but the table that the values are compared with.
"""

from __future__ import annotations

import csv

import pandas as pd
import pytest

from atips_analysis.codebook import dimensions, load_codebook
from atips_analysis.framework import load_indicators
from atips_analysis.indicators import compute, measures, parse_period, trace, wide
from atips_analysis.indicators.denominators import mid_year_population
from atips_analysis.indicators.remembering import Remembering
from atips_analysis.indicators.rows import Rows
from atips_analysis.project import find_project

PERIODS = ("2021", "2022", "2023", "2024", "2021-2023", "2021-2024")
FED = list(dict.fromkeys(measure.indicator_id for measure in measures()))
# Of these the example has too few (sentences, disposals) or nobody sends them (funds).
NOTHING_SHOWN = {"PROS-05", "PROS-09", "PROS-10", "PART-10"}
BY = {"PROT-04": "form", "PROS-08": "stage", "PROS-09": "stage"}


@pytest.fixture(scope="module")
def bank(rows: Rows) -> Remembering:
    return Remembering(rows)


@pytest.fixture(scope="module")
def table(rows: Rows) -> pd.DataFrame:
    periods = [parse_period(name) for name in PERIODS]
    return wide(compute(rows, periods, FED, population=mid_year_population(find_project())))


def mid_year(years: tuple[int, ...]) -> float:
    """Persons in Belize, added up over years, out of the published file itself."""
    path = find_project().published / "population_belize.csv"
    with path.open(encoding="utf-8", newline="") as file:
        found = {
            int(row["year"]): float(row["value"])
            for row in csv.DictReader(file)
            if row["source_id"] == "WB-POP" and row["sex"] == "total"
            and row["area"].endswith("(country)") and row["age_group"] == "all"
        }  # fmt: skip
    return sum(found[year] for year in years)


def median_by_hand(durations: list[float], observed: list[bool]) -> float:
    """Kaplan and Meier's median: where the share still waiting falls under one half, or the middle
    of the stretch on which it is one half."""
    left, level = 1.0, None
    for at in sorted({d for d, seen in zip(durations, observed, strict=True) if seen}):
        at_risk = sum(d >= at for d in durations)
        events = sum(d == at and seen for d, seen in zip(durations, observed, strict=True))
        left *= 1 - events / at_risk
        if abs(left - 0.5) < 1e-12:
            level = at if level is None else level
        elif left < 0.5:
            return at if level is None else (level + at) / 2
    return float("nan") if level is None else level


def by_hand(steps: dict, years: tuple[int, ...], category: str | None) -> float:
    rows = steps["rows"]
    by = BY.get(steps["indicator_id"], "")
    own = (
        rows
        if category is None
        else rows[rows[by].isin(load_codebook().dimension(by).within(category))]
    )
    own = own[own["follow_up"].isna()] if "rows without follow_up" in steps["formula"] else own
    statistic = steps["statistic"]
    if statistic == "count" and "different keys" in steps["formula"]:
        return own["key"].nunique()
    if statistic == "count":
        return own["n"].sum()
    if statistic == "percent" and steps["indicator_id"] == "PROT-04":
        return 100 * own["n"].sum() / rows["n"].sum()
    if statistic == "percent":
        return 100 * own["numerator"].sum() / own["n"].sum()
    if statistic == "ratio":
        return own["numerator"].sum() / own["n"].sum()
    if statistic == "rate":
        return 100_000 * own["n"].sum() / mid_year(years)
    if statistic == "mean":
        return round(own.groupby("key")["score"].mean().mean(), 1)
    durations = [float(duration) for duration in own["duration"]]
    assert not own["ending"].eq(2).any(), "another end: no Kaplan-Meier median"
    return median_by_hand(durations, [seen == 1 for seen in own["ending"]])


@pytest.mark.parametrize("indicator_id", FED)
def test_a_headline_value_is_made_again_from_the_rows_of_its_trace(
    bank: Remembering, table: pd.DataFrame, indicator_id: str
) -> None:
    own = table[(table["indicator_id"] == indicator_id) & table["value"].notna()]
    by = BY.get(indicator_id)
    others = [name for name in dimensions() if name != by]
    own = own[(own[others] == "Total").all(axis=1)]
    population = mid_year_population(find_project())
    compared = 0
    for name in PERIODS:
        period = parse_period(name)
        for steps in trace(bank, indicator_id, period, population):
            mine = own[(own["period"] == name) & (own["unit_of_count"] == steps["unit"])]
            mine = mine[mine["statistic"] == steps["statistic"]]
            for row in mine.to_dict("records"):
                category = None if by is None else row[by]
                made = by_hand(steps, period.years, category)
                assert made == pytest.approx(row["value"], abs=1e-9), (name, steps["statistic"])
                compared += 1
    assert compared or indicator_id in NOTHING_SHOWN


@pytest.mark.parametrize("indicator_id", FED)
def test_the_rows_that_a_trace_names_stand_in_the_edition(
    rows: Rows, bank: Remembering, indicator_id: str
) -> None:
    places = {
        (file, int(row))
        for frame in rows.frames.values()
        for file, row in zip(frame["file"], frame["row"], strict=True)
    }
    for steps in trace(bank, indicator_id, parse_period("2024")):
        found = steps["rows"]
        if {"file", "row"} <= set(found.columns):
            named = found.dropna(subset=["file", "row"])
            pairs = zip(named["file"], named["row"], strict=True)
            assert {(file, int(row)) for file, row in pairs} <= places


def test_a_trace_says_of_every_indicator_where_it_comes_from(bank: Remembering) -> None:
    for indicator in load_indicators(find_project()):
        found = trace(bank, indicator.id, parse_period("2024"))
        assert bool(found) == (indicator.id in FED)
        for steps in found:
            for name in ("definition", "filters", "formula"):
                assert steps[name], (indicator.id, name)


def test_a_rate_says_what_it_divides_by(rows: Rows) -> None:
    population = mid_year_population(find_project())
    (steps,) = trace(rows, "PROT-02", parse_period("2021-2023"), population)
    assert sum(steps["population"].values()) == pytest.approx(mid_year((2021, 2022, 2023)))
