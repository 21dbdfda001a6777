"""The external series: what others publish, beside the register's own numbers, never spliced.

Each row keeps its publisher, its vintage, the victim status that it counts and what was printed.
Hidden counts stay hidden: nothing is worked out from totals, and a row whose count is hidden has
no value, no rate and no interval, only the range that its publisher states.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from atips_analysis.framework.register_files import records
from atips_analysis.project import Project
from atips_analysis.published.mappings import (
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

TOTAL = "Total"
DIMENSIONS = ("status_of_victim", "sex", "age_group", "form", "citizenship")
COLUMNS = (
    "series",
    "indicator_id",
    "unit_of_count",
    "statistic",
    "period",
    "period_start",
    "period_end",
    *DIMENSIONS,
    "value",
    "numerator",
    "denominator",
    "ci_low",
    "ci_high",
    "method",
    "status",
    "source",
    "vintage",
    "note",
    "printed",
    "low",
    "high",
    "source_id",
    "confidence",
    "locator",
)
PER = 100_000
QUALIFIERS = {"at_least": "at least ", "more_than": "more than "}

UNODC_SERIES = {
    "Offences of trafficking in persons": ("unodc-offences", "CASE", TOTAL),
    "Detected trafficking victims": ("unodc-detected-victims", "VICTIM", "CONFIRMED"),
    "Persons brought into formal contact": ("unodc-formal-contact", "SUSPECT", TOTAL),
    "Persons prosecuted": ("unodc-prosecuted", "SUSPECT", TOTAL),
    "Persons convicted": ("unodc-convicted", "CONVICTION_P", TOTAL),
}
LABOUR_UNITS = {"labour_inspections": "INSPECTION", "labour_inspectors": "OFFICER"}


def external_series(project: Project) -> pd.DataFrame:
    """Every published figure as a tidy row; columns are `COLUMNS`.

    `series` names publisher and subject; `indicator_id` is that of the framework where the
    figure is a cell of it, else blank. `status` is OK, Z (true zero), C (hidden by its
    publisher) or M (no number in print); `source` is published for the Council's own report and
    external for all others. `period` is a year, or first and last day where the figure covers
    another period: such a figure belongs to no calendar year.
    """
    us = load_us_reports(project)
    parts = [
        _unodc(project, load_unodc(project)),
        _tidy(us[us["unit"] != "category"], "us", load_cells(project, "us"), _of_us_reports),
        _tidy(load_labour_enforcement(project), "dol", load_cells(project, "dol"), _of_labour),
        _tidy(
            load_council_figures(project), "council", load_cells(project, "council"), _of_council
        ),
    ]
    frame = pd.concat(parts, ignore_index=True).reindex(columns=list(COLUMNS))
    for dimension in DIMENSIONS:
        frame[dimension] = frame[dimension].fillna(TOTAL)
    texts = ["indicator_id", "vintage", "note", "method", "locator"]
    frame[texts] = frame[texts].fillna("")
    numbers = ["value", "numerator", "denominator", "ci_low", "ci_high"]
    frame[numbers] = frame[numbers].astype("Float64")
    frame[["low", "high"]] = frame[["low", "high"]].astype("Int64")
    return frame


def yearly_figures(series: pd.DataFrame, name: str, read_as: str | None = None) -> pd.DataFrame:
    """One published series by calendar year, as its newest vintage prints it; totals alone.

    Parameters
    ----------
    series : DataFrame
        Of `external_series`.
    name : str
        Which one.
    read_as : str, optional
        Only figures of this confidence, such as ``read_in_source``.

    Returns
    -------
    DataFrame
        year, value (missing where its publisher hides it), status. A year without any number in
        print is left out; a hidden one is not.
    """
    own = series[series["series"] == name]
    if name.startswith("us-"):
        own = victim_counts(series).query("series == @name")
    if read_as is not None:
        own = own[own["confidence"] == read_as]
    dimensions = [column for column in DIMENSIONS if column != "status_of_victim"]
    total = (own[dimensions] == TOTAL).all(axis=1)
    own = own[total & own["period"].str.fullmatch(r"\d{4}") & (own["status"] != "M")]
    own = newest(own).sort_values("period")
    return pd.DataFrame(
        {
            "year": own["period"].astype(int),
            "value": own["value"].astype("Float64"),
            "status": own["status"].astype(str),
        }
    ).reset_index(drop=True)


def victim_counts(series: pd.DataFrame) -> pd.DataFrame:
    """Victims by calendar year, a row a source, vintage and status; totals only.

    Where the US reports give confirmed victims by form and no total, the forms of that report
    and year are added and the note says so. Second-hand figures are kept, and marked.
    """
    totals = _totals(series)
    years = totals["period"].str.fullmatch(r"\d{4}")
    named = {
        "us-potential_victims_identified",
        "us-confirmed_victims_identified_by_government",
        "us-victims_identified",
        "unodc-detected-victims",
    }
    headline = totals[years & totals["series"].isin(named)]
    parts = series[
        series["series"].isin(
            ["us-confirmed_victims_forced_labour", "us-confirmed_victims_sex_trafficking"]
        )
    ]
    return (
        pd.concat([headline, _added(parts)])
        .sort_values(["period", "series", "vintage", "source_id"], kind="stable")
        .reset_index(drop=True)
    )


def newest(counts: pd.DataFrame) -> pd.DataFrame:
    """Of UNODC the newest vintage alone; of a year that a later report restates, the later number.

    `counts` are rows of `victim_counts`, in its order.
    """
    unodc = counts["series"].str.startswith("unodc")
    rows = counts[~unodc | (counts["vintage"] == counts.loc[unodc, "vintage"].max())]
    return rows.drop_duplicates(["series", "period"], keep="last").reset_index(drop=True)


def rates_per_100000(counts: pd.DataFrame, population: pd.Series) -> pd.DataFrame:
    """Counts of whole years as rates per 100,000 population.

    Parameters
    ----------
    counts : DataFrame
        Rows of `external_series` with `statistic` count and a calendar year as period.
    population : Series
        Mid-year population by year.

    Returns
    -------
    DataFrame
        The same rows with `statistic` rate: `numerator` the count, `denominator` the population
        and `value` per 100,000. Hidden counts have no rate. There is no interval: persons come by
        case, and no publisher prints by which.
    """
    rates = counts.copy()
    persons = rates["period"].astype(int).map(population).astype(float)
    count = counts["value"].astype(float)
    rates["statistic"] = "rate"
    rates["numerator"] = counts["value"]
    rates["denominator"] = _floats(persons)
    rates["value"] = _floats(count / persons * PER)
    return rates


def convictions(series: pd.DataFrame) -> pd.DataFrame:
    """Persons convicted of trafficking, every source and period as it stands; totals only.

    UNODC's newest vintage alone; convictions abroad, and under other laws, are left out.
    """
    totals = _totals(series)
    newest = totals.loc[totals["series"] == "unodc-convicted", "vintage"].max()
    keep = totals["series"].isin(["us-convictions", "council-PRS-05"]) | (
        (totals["series"] == "unodc-convicted") & (totals["vintage"] == newest)
    )
    return (
        totals[keep]
        .sort_values(["period_start", "period_end", "series"], kind="stable")
        .reset_index(drop=True)
    )


def labour_inspections(series: pd.DataFrame) -> pd.DataFrame:
    """Labour inspections by year: US Department of Labor and the Council, a row every year.

    Years between the first and the last for which nothing is in print have no value, and the
    status M.
    """
    rows = series[series["series"].isin(["dol-labour_inspections", "council-LAB-01"])]
    years = pd.Index(range(int(rows["period"].min()), int(rows["period"].max()) + 1))
    full = rows.set_index(rows["period"].astype(int)).reindex(years)
    full["period"] = years.astype(str)
    full["status"] = full["status"].fillna("M")
    full["note"] = full["note"].fillna("no record")
    return full.rename_axis("year").reset_index()


def _unodc(project: Project, unodc: pd.DataFrame) -> pd.DataFrame:
    cells = load_cells(project, "unodc")
    names = unodc["indicator"].map(UNODC_SERIES)
    ids = unodc["indicator"].map(lambda name: cells.get(name, ("",))[0])
    by_form = unodc["dimension"] == "by form of exploitation"
    by_citizenship = unodc["dimension"] == "by citizenship"
    by_repatriation = unodc["dimension"] == "by country of repatriation"
    country = unodc["category"].replace(country_codes(project))
    year = unodc["year"].astype(str)
    return pd.DataFrame(
        {
            # Repatriated own nationals are another population than victims detected here.
            "series": names.str[0].mask(by_repatriation, "unodc-repatriated-own-nationals"),
            "indicator_id": ids.mask(by_repatriation, ""),
            "unit_of_count": names.str[1],
            "statistic": "count",
            "period": year,
            "period_start": year + "-01-01",
            "period_end": year + "-12-31",
            "status_of_victim": names.str[2].mask(by_repatriation, TOTAL),
            "sex": unodc["sex"].map(UNODC_SEX),
            "age_group": unodc["age"].map(UNODC_AGE),
            "form": unodc["category"].map(UNODC_FORM).where(by_form, TOTAL),
            "citizenship": country.where(by_citizenship | by_repatriation, TOTAL),
            "value": unodc["value"],
            "numerator": unodc["value"],
            "status": unodc["value"].map(_code).mask(unodc["printed"].eq("<5"), "C"),
            "source": "external",
            "vintage": unodc["vintage"],
            "note": "",
            "printed": unodc["printed"],
            "low": unodc["low"],
            "high": unodc["high"],
            "source_id": unodc["source_id"],
            "confidence": "read_in_source",
            "locator": "row " + unodc["row"].astype(str),
        }
    )


def _tidy(
    figures: pd.DataFrame,
    publisher: str,
    cells: Mapping[str, Cell],
    more_of: Callable[[dict[str, Any]], dict[str, Any]],
) -> pd.DataFrame:
    """A publisher's figures as tidy rows, with what its own tables say more of each."""
    rows = []
    for row in records(figures):
        name = row["figure_id" if "figure_id" in row else "indicator"]
        indicator, _, unit, categories = cells.get(name, ("", "", row["unit"], {}))
        rows.append(
            {
                **_periods(row),
                "series": f"{publisher}-{name}",
                "indicator_id": indicator,
                "unit_of_count": unit,
                "statistic": "count",
                **categories,
                **_values(row),
                "source": "external",
                "confidence": row.get("confidence", "read_in_source"),
                **more_of(row),
            }
        )
    return pd.DataFrame(rows)


def _of_us_reports(row: dict[str, Any]) -> dict[str, Any]:
    second_hand = "second hand" if row["confidence"] == "second_hand" else ""
    return {
        "status_of_victim": _victim_status(row["indicator"]),
        "vintage": row["report_year"],
        "note": "; ".join(part for part in (second_hand, row["note"]) if part),
    }


def _of_labour(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "unit_of_count": LABOUR_UNITS.get(row["indicator"], row["unit"]),
        "note": "listed without a figure" if pd.isna(row["value"]) else "",
    }


def _of_council(row: dict[str, Any]) -> dict[str, Any]:
    return {"source": "published", "vintage": "2024", "note": row["quality_note"]}


def _totals(series: pd.DataFrame) -> pd.DataFrame:
    broken_down = [dimension for dimension in DIMENSIONS if dimension != "status_of_victim"]
    return series[(series[broken_down] == TOTAL).all(axis=1)]


def _added(parts: pd.DataFrame) -> pd.DataFrame:
    """The forms of one report and year as one row, all of them in print."""
    rows = []
    for (_, period), own in parts.groupby(["source_id", "period"]):
        if own["value"].isna().any() or len(own) < 2 or not str(period).isdigit():
            continue
        total = int(own["value"].sum())
        rows.append(
            {
                **own.iloc[0].to_dict(),
                "series": "us-confirmed_victims_identified_by_government",
                "form": TOTAL,
                "value": float(total),
                "numerator": float(total),
                "printed": " + ".join(own["printed"]),
                "low": total,
                "high": total,
                "status": "OK",
                "note": "the two forms printed, added",
            }
        )
    return pd.DataFrame(rows, columns=list(parts.columns)).astype(parts.dtypes)


def _floats(numbers: Any) -> pd.arrays.FloatingArray:
    """Numbers as a column that can hold missing ones."""
    return pd.Series(np.asarray(numbers, dtype=float)).astype("Float64").array


def _periods(row: dict[str, Any]) -> dict[str, str]:
    year = calendar_year(row["period_start"], row["period_end"])
    return {
        "period": str(year) if year else f"{row['period_start']} to {row['period_end']}",
        "period_start": row["period_start"],
        "period_end": row["period_end"],
    }


def _values(row: dict[str, Any]) -> dict[str, Any]:
    value = row["value"]
    known = not pd.isna(value)
    bound = row.get("value_qualifier", "exact")
    return {
        "value": value if known and bound == "exact" else None,
        "numerator": value if known and bound == "exact" else None,
        "status": _code(value),
        "printed": QUALIFIERS.get(bound, "") + str(row["printed"]),
        "low": int(value) if known else None,
        "high": int(value) if known and bound == "exact" else None,
        "source_id": row["source_id"],
        "locator": row["locator"],
    }


def _victim_status(indicator: str) -> str:
    if indicator.startswith("potential_"):
        return "POTENTIAL"
    if indicator.startswith("confirmed_"):
        return "CONFIRMED"
    return "UNKNOWN" if indicator.startswith("victims_identified") else TOTAL


def _code(value: object) -> str:
    if pd.isna(value):
        return "M"
    return "Z" if value == 0 else "OK"
