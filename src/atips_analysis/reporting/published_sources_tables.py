"""The tables of the page on published sources."""

from __future__ import annotations

from typing import Any

import pandas as pd

from atips_analysis.framework import load_sources
from atips_analysis.framework.tables import records
from atips_analysis.indicators import external
from atips_analysis.reporting.numbers import (
    Cell,
    format_interval,
    format_number,
    is_missing,
)
from atips_analysis.reporting.published_sources_pieces import (
    VICTIM_SERIES,
    Sources,
    as_sentence,
    group_of,
    ids_of_us_reports,
    period_words,
    rates_of,
)
from atips_analysis.reporting.text import join_words


def source_table(sources: Sources) -> pd.DataFrame:
    """What each publisher counts, for which years, and how far it can be relied on."""
    ratings = load_sources(sources.project).set_index("source_id")
    groups = [
        ("Council, 2024 report", ["ATIPS-2024"], "its own figures, in its own units"),
        ("UNODC, file of 2025", ["UNODC-GLOTIP-2025"], "detected victims; persons by stage"),
        ("UNODC, file of 2023", ["UNODC-GLOTIP-2023"], "the same, two years earlier"),
        (
            "US reports, read",
            ids_of_us_reports(sources, "read_in_source"),
            "potential or confirmed victims",
        ),
        (
            "US reports, second hand",
            ids_of_us_reports(sources, "second_hand"),
            "the same, from the press",
        ),
        ("US Department of Labor", ["DOL-ILAB"], "labour inspectors and inspections"),
        ("World Bank", ["WB-POP"], "mid-year population, for rates"),
    ]
    rows = []
    for name, ids, counts in groups:
        own = sources.series[sources.series["source_id"].isin(ids)]
        years = own["period_end"].str[:4].astype(int) if len(own) else sources.population.index
        first, last = years.min(), years.max()
        if ids == ["ATIPS-2024"]:  # its Strategy reaches on to 2028; its figures are on one year
            first = last = int(str(ratings.loc["ATIPS-2024", "year"]))
        quality = ratings.loc[[one for one in ids if one in ratings.index], "quality"]
        rows.append(
            {
                "Publisher": name,
                "What it counts": counts,
                "Years": f"{first}\N{EN DASH}{last}" if first != last else str(first),
                "Figures": len(own) or len(sources.population),
                "Quality": join_words(sorted(set(quality), key=["high", "medium", "low"].index)),
            }
        )
    return pd.DataFrame(rows)


def names_table(sources: Sources) -> pd.DataFrame:
    """What stands behind the short name of each source that a figure on this page comes from."""
    known = load_sources(sources.project).set_index("source_id")
    used = sorted(set(sources.series["source_id"]) & set(known.index))
    return pd.DataFrame(
        {
            "Short name": used,
            "Publisher": [known.loc[name, "publisher"] for name in used],
            "Title": [known.loc[name, "title"] for name in used],
            "Year": [str(known.loc[name, "year"]) for name in used],
        }
    )


def victims_table(sources: Sources) -> pd.DataFrame:
    """Victims as printed, a row a year, a column a source, vintage and status."""
    own = sources.victims
    years = range(int(own["period"].min()), int(own["period"].max()) + 1)
    columns = {
        "US reports: potential": own["series"] == "us-potential_victims_identified",
        "US reports: confirmed": own["series"] == "us-confirmed_victims_identified_by_government",
        "US reports: not stated": own["series"] == "us-victims_identified",
        **{
            f"UNODC, file of {vintage[:4]}": (own["series"] == "unodc-detected-victims")
            & (own["vintage"] == vintage)
            for vintage in sorted(
                own.loc[own["series"] == "unodc-detected-victims", "vintage"].unique()
            )
        },
    }
    rows = []
    for year in years:
        row: dict[str, object] = {"Year": year}
        for name, mask in columns.items():
            printed = own[mask & (own["period"] == str(year))]
            row[name] = "; ".join(_printed(item) for item in records(printed))
        rows.append(row)
    return pd.DataFrame(rows)


def rates_table(sources: Sources) -> pd.DataFrame:
    """Rates as numbers: count, population, rate and exact interval, each with its status."""
    rates = rates_of(sources)
    rates = rates[rates["series"].isin(VICTIM_SERIES)]
    rates = rates.sort_values(["series", "period"], kind="stable")
    shown = rates["status"].isin(["OK", "Z"])
    return pd.DataFrame(
        {
            "Source and status": [VICTIM_SERIES[key][0] for key in rates["series"]],
            "Year": rates["period"],
            "Victims": [
                Cell(value, status)
                for value, status in zip(rates["numerator"], rates["status"], strict=True)
            ],
            "Population": rates["denominator"],
            "Per 100,000": [
                Cell(format_number(value, "en", 1) if keep else None, "OK" if keep else "C")
                for value, keep in zip(rates["value"], shown, strict=True)
            ],
            "Interval": [
                format_interval(low, high)
                for low, high in zip(rates["ci_low"], rates["ci_high"], strict=True)
            ],
        }
    )


def convictions_table(sources: Sources) -> pd.DataFrame:
    """Persons convicted as printed, by source and period."""
    found = external.convictions(sources.series)
    found = found[found["period_end"].str[:4].astype(int) >= sources.first_year]
    names = {
        "us-convictions": "US reports",
        "unodc-convicted": "UNODC",
        "council-PRS-05": "Council",
    }
    return pd.DataFrame(
        {
            "Period": [period_words(text) for text in found["period"]],
            "Source": [
                f"{names[key]} ({source})"
                for key, source in zip(found["series"], found["source_id"], strict=True)
            ],
            "Convicted, as printed": found["printed"],
            "Read or second hand": [
                "second hand" if kind == "second_hand" else "read" for kind in found["confidence"]
            ],
        }
    )


def council_table(sources: Sources) -> pd.DataFrame:
    """The Council's figures with what is to be noted; descriptions of single persons left out."""
    own = sources.council[~describes_single_persons(sources.council)]
    return pd.DataFrame(
        {
            "Figure": own["figure_id"],
            "Statement": own["statement"],
            "Value": [
                _council_value(value, unit)
                for value, unit in zip(own["value"], own["unit"], strict=True)
            ],
            "Unit": own["unit"].str.removeprefix("as printed: "),
            "To be noted": own["quality_note"],
        }
    )


def describes_single_persons(council: pd.DataFrame) -> pd.Series:
    """Figures broken down so far that they describe persons rather than count them."""
    detailed = council["breakdown"].str.contains(r"citizenship=|stage=|survivors=", regex=True)
    return detailed & council["value"].lt(6)


def contradictions_table(sources: Sources, group: str) -> pd.DataFrame:
    """The findings of one group of `GROUPS`: the check, and what it found."""
    own = sources.findings[sources.findings["sources"].map(group_of) == group]
    return pd.DataFrame({"Check": own["check"], "What was found": own["found"].map(as_sentence)})


def checks_table(sources: Sources) -> pd.DataFrame:
    """How many findings each check gave."""
    counts = sources.findings.groupby("check", sort=False).size()
    return pd.DataFrame({"Check": counts.index, "Findings": counts.to_numpy()})


def _printed(row: dict[str, Any]) -> str:
    added = "\N{DOUBLE DAGGER}" if row["note"] == "the two forms printed, added" else ""
    second_hand = "\N{DAGGER}" if row["confidence"] == "second_hand" else ""
    return f"{row['printed']}{added}{second_hand}"


def _council_value(value: object, unit: str) -> Cell:
    if is_missing(value):
        return Cell(None, "M")
    return Cell(f"{value:.0f}" if unit == "year" else float(str(value)))
