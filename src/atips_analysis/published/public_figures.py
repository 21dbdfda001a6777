"""The register of public figures: what anybody can already read, cell by cell.

Figures in it may be shown as they were printed, and the attack on our tables takes them as
known. It holds what maps exactly to a cell of an indicator, as printed: a hidden count keeps
the range that its publisher states, and nothing is worked out from other cells.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from atips_analysis.errors import InputError
from atips_analysis.framework.register_files import numbers_of, read_framework_table, records
from atips_analysis.project import Project
from atips_analysis.published.mappings import (
    TOTAL,
    UNODC_AGE,
    UNODC_FORM,
    UNODC_SEX,
    Cell,
    country_codes,
    load_cells,
)
from atips_analysis.published.sources import (
    calendar_year,
    load_council_figures,
    load_labour_enforcement,
    load_unodc,
    load_us_reports,
)

DIMENSIONS = tuple(
    """sex age_group form citizenship offence_group stage inspection_type carried_over""".split()
)
COLUMNS = (
    "indicator_id",
    "measure",
    "unit_of_count",
    "period",
    "period_start",
    "period_end",
    *DIMENSIONS,
    "printed",
    "value",
    "low",
    "high",
    "source_id",
    "vintage",
    "locator",
    "confidence",
)


def load_public_figures(project: Project) -> pd.DataFrame:
    """The register as it is kept in `data/framework/public_figures.csv`.

    One row a printed figure: indicator_id, measure (value, numerator or denominator),
    unit_of_count, period, its first and last day, a column for each dimension ("Total" where
    not broken down), printed, value (missing where hidden), low and high (equal to the value,
    or the range that the publisher states for a hidden count), source_id, vintage, locator and
    confidence (read_in_source or second_hand). Sources that contradict one another both stand.
    """
    path = project.framework / "public_figures.csv"
    table = read_framework_table(path, columns=COLUMNS)
    numbers = {
        column: numbers_of(table, column, path, blank=column == "value")
        for column in ("value", "low", "high")
    }
    return table.assign(**numbers)


def register_public_figures(project: Project) -> pd.DataFrame:
    """The register computed anew from `data/published`; what the tracked file must equal."""
    parts = [
        _rows(load_council_figures(project), load_cells(project, "council")),
        _unodc(project, load_unodc(project)),
        _rows(load_us_reports(project), load_cells(project, "us")),
        _rows(load_labour_enforcement(project), load_cells(project, "dol")),
    ]
    frame = pd.concat(parts, ignore_index=True)
    for column in COLUMNS:
        if column not in frame:
            frame[column] = "Total"
    for column in DIMENSIONS:
        frame[column] = frame[column].fillna("Total")
    frame = frame[list(COLUMNS)]
    for column in ("value", "low", "high"):
        frame[column] = frame[column].astype("Int64")
    return frame.sort_values(
        ["indicator_id", "measure", "period", *DIMENSIONS, "source_id", "locator"], kind="stable"
    ).reset_index(drop=True)


def _rows(figures: pd.DataFrame, cells: Mapping[str, Cell]) -> pd.DataFrame:
    """The figures that map to a cell, were printed as a number, and cover its period."""
    rows = []
    for row in records(figures):
        own, year = "figure_id" in row, calendar_year(row["period_start"], row["period_end"])
        name = row["figure_id" if own else "indicator"]
        exact = pd.notna(row["value"]) and row.get("value_qualifier", "exact") == "exact"
        # Of the Council, events of part of the year are all of the year's: its report covers it.
        period = year or (row["period_end"][:4] if own else None)
        if name not in cells or not exact or period is None:
            continue
        indicator, measure, unit, dimensions = cells[name]
        locator = row["locator"]
        if "report_year" in row:
            locator = f"{locator} (report of {row['report_year']})"
        rows.append(
            {
                "indicator_id": indicator,
                "measure": measure,
                "unit_of_count": unit,
                "period": str(period),
                "period_start": f"{period}-01-01",
                "period_end": f"{period}-12-31",
                **dimensions,
                "printed": row["printed"],
                **dict.fromkeys(("value", "low", "high"), int(row["value"])),
                "source_id": row["source_id"],
                "vintage": "2024" if own else row.get("report_year", ""),
                "locator": f"{name}: {locator}" if own else locator,
                "confidence": row.get("confidence", "read_in_source"),
            }
        )
    return pd.DataFrame(rows)


def _unodc(project: Project, rows: pd.DataFrame) -> pd.DataFrame:
    mapped = load_cells(project, "unodc")
    frame = rows[
        rows["indicator"].isin(list(mapped)) & (rows["dimension"] != "by country of repatriation")
    ]
    by_form = frame["dimension"] == "by form of exploitation"
    by_citizenship = frame["dimension"] == "by citizenship"
    form = frame["category"].map(UNODC_FORM).where(by_form, TOTAL)
    country = frame["category"].map(country_codes(project))
    country = country.where(by_citizenship, "Total")
    unknown = frame.loc[form.isna() | country.isna(), "category"]
    if len(unknown):
        raise InputError(
            f"UNODC prints the category {unknown.iloc[0]!r}, which has no code here; add a row",
            file="data/published/countries.map.csv",
        )
    cells = [mapped[name] for name in frame["indicator"]]
    year = frame["year"].astype(str)
    register = pd.DataFrame(
        {
            "indicator_id": [cell[0] for cell in cells],
            "measure": [cell[1] for cell in cells],
            "unit_of_count": [cell[2] for cell in cells],
            "period": year,
            "period_start": year + "-01-01",
            "period_end": year + "-12-31",
            "sex": frame["sex"].map(UNODC_SEX),
            "age_group": frame["age"].map(UNODC_AGE),
            "form": form,
            "citizenship": country,
            "printed": frame["printed"],
            "value": frame["value"],
            "low": frame["low"],
            "high": frame["high"],
            "source_id": frame["source_id"],
            "vintage": frame["vintage"],
            "locator": "row " + frame["row"].astype(str) + " of the file",
            "confidence": "read_in_source",
        }
    )
    return _newest_says_it(register)


def _newest_says_it(register: pd.DataFrame) -> pd.DataFrame:
    """Drop a cell of an earlier vintage when the newest says as much or more about it."""
    key = ["indicator_id", "measure", "period", "sex", "age_group", "form", "citizenship"]
    newest = register["vintage"].max()
    now = register[register["vintage"] == newest].groupby(key)[["low", "high"]]
    bounds = now.agg({"low": "max", "high": "min"}).add_suffix("_now").reset_index()
    joined = register.merge(bounds, on=key, how="left", validate="many_to_one")
    said = (joined["low"] <= joined["low_now"]) & (joined["high"] >= joined["high_now"])
    earlier = joined["vintage"] != newest
    kept = joined[~(earlier & said)].drop(columns=["low_now", "high_now"])
    repeated = [*key, "printed", "vintage"]
    return kept.drop_duplicates(repeated).reset_index(drop=True)
