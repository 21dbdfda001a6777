"""The register of public figures: what anybody can already read, cell by cell.

Figures in it may be shown as they were printed, and the attack on our tables takes them as
known. It holds what maps exactly to a cell of an indicator, as printed: a hidden count keeps
the range that its publisher states, and nothing is worked out from other cells.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from atips_analysis.errors import InputError
from atips_analysis.framework.register_files import read_framework_table, records
from atips_analysis.project import Project
from atips_analysis.published.sources import (
    CITIZENSHIP_IN_FREE_TEXT,
    calendar_year,
    load_council_figures,
    load_labour_enforcement,
    load_unodc,
    load_us_reports,
)

DIMENSIONS = (
    "sex",
    "age_group",
    "form",
    "citizenship",
    "offence_group",
    "stage",
    "inspection_type",
    "carried_over",
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
    table = read_framework_table(project.framework / "public_figures.csv", columns=COLUMNS)
    for column in ("value", "low", "high"):
        table[column] = pd.to_numeric(table[column].replace("", None)).astype("Int64")
    if (table["low"].isna() | table["high"].isna()).any():
        raise InputError("low or high is blank", file="data/framework/public_figures.csv")
    return table


def register_public_figures(project: Project) -> pd.DataFrame:
    """The register computed anew from `data/published`; what the tracked file must equal."""
    parts = [
        _council(load_council_figures(project)),
        _unodc(load_unodc(project)),
        _us_reports(load_us_reports(project)),
        _labour(load_labour_enforcement(project)),
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


Cell = tuple[str, str, str, dict[str, str]]
"""Indicator, measure, unit of count, and the dimensions that are broken down."""

COUNCIL_CELLS: dict[str, Cell] = {
    "PAR-05": ("PART-02", "value", "ORGANIZATION", {}),
    "PAR-08": ("PART-03", "value", "EVENT", {}),
    "NGO-06": ("PROT-05", "numerator", "VICTIM", {}),
    "NGO-07": ("PROT-06", "numerator", "SERVICE", {}),
    "PRT-02": ("PROT-09", "value", "VICTIM", {}),
    "PRT-03": ("PROT-10", "value", "VICTIM", {}),
    "PRT-04": ("PROT-11", "value", "CHILD", {}),
    "PRS-01": ("PROS-01", "value", "CASE", {}),
    "PRS-03": ("PREV-07", "value", "SCREENING", {}),
    "PRS-05": ("PROS-04", "value", "CONVICTION_P", {}),
    "PRS-06": (
        "PROS-04",
        "value",
        "CONVICTION_P",
        {"sex": "M", "citizenship": "GTM", "form": "SEX"},
    ),
    "PRS-07": (
        "PROS-04",
        "value",
        "CONVICTION_P",
        {"sex": "F", "citizenship": "GTM", "form": "LAB"},
    ),
    "PRS-08": (
        "PROS-07",
        "value",
        "SUSPECT",
        {"sex": "F", "citizenship": "BLZ", "offence_group": "CSEC_CSAM"},
    ),
    "PRS-09": (
        "PROS-07",
        "value",
        "SUSPECT",
        {"sex": "M", "citizenship": "BLZ", "offence_group": "CSEC_EXPLOIT"},
    ),
    "PRS-10": (
        "PROS-07",
        "value",
        "SUSPECT",
        {"sex": "F", "citizenship": "BLZ", "offence_group": "CSEC_PROCURE"},
    ),
    "PRS-11": ("PROS-02", "value", "SUSPECT", {}),
    "PRS-12": ("PROS-02", "value", "SUSPECT", {"stage": "AWAIT_TRIAL"}),
    "PRS-13": ("PROS-02", "value", "SUSPECT", {"stage": "CLOSED_DEATH"}),
    "LAB-01": ("PREV-08", "denominator", "INSPECTION", {}),
    "LAB-02": ("PREV-08", "numerator", "INSPECTION", {"inspection_type": "CHILD_LABOUR"}),
}
"""Figures of the 2024 report that are a cell of an indicator. The training table is not here:
its unit is in doubt. Nor are figures of one project, or of periods other than the year."""

UNODC_INDICATORS = {
    "Detected trafficking victims": ("PROT-02", "numerator", "VICTIM"),
    "Persons brought into formal contact": ("PROS-02", "value", "SUSPECT"),
    "Persons prosecuted": ("PROS-03", "value", "SUSPECT"),
    "Persons convicted": ("PROS-04", "value", "CONVICTION_P"),
}
UNODC_SEX = {"Female": "F", "Male": "M", "Other": "O", "Unknown": "U", "Total": "Total"}
UNODC_AGE = {
    "0 to 17 years": "CHILD",
    "18 years or over": "ADULT",
    "Unknown": "UNK",
    "Total": "Total",
}
UNODC_FORM = {
    "Sexual exploitation": "SEX",
    "Forced labour": "LAB",
    "Other forms of exploitation": "OTHER",
    "Total": "Total",
}
COUNTRY = {"Belize": "BLZ", "Guatemala": "GTM", "Honduras": "HND", "India": "IND", "Total": "Total"}

US_CELLS: dict[str, Cell] = {
    "potential_victims_identified": ("PROT-01", "value", "VICTIM", {}),
    "potential_victims_adult_female": (
        "PROT-01",
        "value",
        "VICTIM",
        {"sex": "F", "age_group": "ADULT"},
    ),
    "potential_victims_women": ("PROT-01", "value", "VICTIM", {"sex": "F", "age_group": "ADULT"}),
    "potential_victims_adult_male": (
        "PROT-01",
        "value",
        "VICTIM",
        {"sex": "M", "age_group": "ADULT"},
    ),
    "potential_victims_men": ("PROT-01", "value", "VICTIM", {"sex": "M", "age_group": "ADULT"}),
    "potential_victims_minor_female": (
        "PROT-01",
        "value",
        "VICTIM",
        {"sex": "F", "age_group": "CHILD"},
    ),
    "potential_victims_girls": ("PROT-01", "value", "VICTIM", {"sex": "F", "age_group": "CHILD"}),
    "potential_victims_boys": ("PROT-01", "value", "VICTIM", {"sex": "M", "age_group": "CHILD"}),
    "potential_victims_minor": ("PROT-01", "value", "VICTIM", {"age_group": "CHILD"}),
    "potential_victims_belizean": ("PROT-01", "value", "VICTIM", {"citizenship": "BLZ"}),
    "potential_victims_nationality_india": ("PROT-01", "value", "VICTIM", {"citizenship": "IND"}),
    "potential_victims_sex_trafficking": ("PROT-01", "value", "VICTIM", {"form": "SEX"}),
    "potential_victims_sex_trafficking_child": (
        "PROT-01",
        "value",
        "VICTIM",
        {"form": "SEX", "age_group": "CHILD"},
    ),
    "potential_victims_labour_trafficking": ("PROT-01", "value", "VICTIM", {"form": "LAB"}),
    "confirmed_victims_identified_by_government": ("PROT-02", "numerator", "VICTIM", {}),
    "confirmed_victims_forced_labour": ("PROT-02", "numerator", "VICTIM", {"form": "LAB"}),
    "confirmed_victims_sex_trafficking": ("PROT-02", "numerator", "VICTIM", {"form": "SEX"}),
    "convictions": ("PROS-04", "value", "CONVICTION_P", {}),
    "investigations_new": ("PROS-01", "value", "CASE", {"carried_over": "NO"}),
}


def _council(figures: pd.DataFrame) -> pd.DataFrame:
    rows = []
    for row in records(figures):
        year = calendar_year(row["period_start"], row["period_end"])
        if row["figure_id"] not in COUNCIL_CELLS or pd.isna(row["value"]):
            continue
        # Events of part of the year are all of the year's: the report covers the year.
        period = str(year or row["period_end"][:4])
        cell = COUNCIL_CELLS[row["figure_id"]]
        locator = f"{row['figure_id']}: {row['locator']}"
        rows.append(_row(cell, row, period, locator, "read_in_source", "2024"))
    return pd.DataFrame(rows)


def _us_reports(figures: pd.DataFrame) -> pd.DataFrame:
    rows = []
    for row in records(figures):
        year = calendar_year(row["period_start"], row["period_end"])
        if row["indicator"] not in US_CELLS or year is None or row["value_qualifier"] != "exact":
            continue
        locator = f"{row['locator']} (report of {row['report_year']})"
        cell = US_CELLS[row["indicator"]]
        rows.append(_row(cell, row, str(year), locator, row["confidence"], row["report_year"]))
    return pd.DataFrame(rows)


def _labour(figures: pd.DataFrame) -> pd.DataFrame:
    rows = []
    for row in records(figures):
        year = calendar_year(row["period_start"], row["period_end"])
        if row["indicator"] != "labour_inspections" or year is None or pd.isna(row["value"]):
            continue
        cell: Cell = ("PREV-08", "denominator", "INSPECTION", {})
        rows.append(_row(cell, row, str(year), row["locator"], row["confidence"], ""))
    return pd.DataFrame(rows)


def _row(
    cell: Cell,
    row: dict[str, Any],
    period: str,
    locator: str,
    confidence: str,
    vintage: str,
) -> dict[str, object]:
    indicator, measure, unit, dimensions = cell
    value = int(row["value"])
    return {
        "indicator_id": indicator,
        "measure": measure,
        "unit_of_count": unit,
        "period": period,
        "period_start": f"{period}-01-01",
        "period_end": f"{period}-12-31",
        **dimensions,
        "printed": row["printed"],
        "value": value,
        "low": value,
        "high": value,
        "source_id": row["source_id"],
        "vintage": vintage,
        "locator": locator,
        "confidence": confidence,
    }


def _unodc(rows: pd.DataFrame) -> pd.DataFrame:
    frame = rows[
        rows["indicator"].isin(list(UNODC_INDICATORS))
        & (rows["dimension"] != "by country of repatriation")
    ]
    by_form = frame["dimension"] == "by form of exploitation"
    by_citizenship = frame["dimension"] == "by citizenship"
    form = frame["category"].map(UNODC_FORM).where(by_form, "Total")
    country = frame["category"].replace(CITIZENSHIP_IN_FREE_TEXT).map(COUNTRY)
    country = country.where(by_citizenship, "Total")
    unknown = frame.loc[form.isna() | country.isna(), "category"]
    if len(unknown):
        raise InputError(
            f"UNODC prints the category {unknown.iloc[0]!r}, which has no code here; add it to "
            "UNODC_FORM or COUNTRY in published/public_figures.py"
        )
    cells = [UNODC_INDICATORS[name] for name in frame["indicator"]]
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
