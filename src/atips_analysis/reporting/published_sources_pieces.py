"""What the page on published sources is made from, read once, and the words it shares."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import pandas as pd

from atips_analysis.errors import InputError
from atips_analysis.framework.contradictions import find_contradictions
from atips_analysis.framework.published import load_council_figures, load_unodc
from atips_analysis.framework.tables import records
from atips_analysis.framework.vintages import vintage_differences
from atips_analysis.indicators import external
from atips_analysis.project import Project
from atips_analysis.reporting.style import GREY, NAVY, ORANGE, TEAL

VICTIM_SERIES = {
    "us-potential_victims_identified": ("US reports: potential", NAVY),
    "us-confirmed_victims_identified_by_government": ("US reports: confirmed", TEAL),
    "us-victims_identified": ("US reports: status not stated", GREY),
    "unodc-detected-victims": ("UNODC: detected", ORANGE),
}
GROUPS = {
    "between": "Between sources",
    "UNODC": "Inside UNODC's files",
    "US": "Inside the US reports",
    "Council": "Inside the Council's own texts",
}
"""Where a contradiction lies; the keys are those of `contradictions_table`."""


@dataclass(frozen=True)
class Sources:
    """All that the page is made from, read once.

    `series` are all published figures; `victims` those on victims by calendar year inside the
    years asked for; `findings` the contradictions; `differences` the cells that UNODC changed.
    """

    project: Project
    first_year: int
    last_year: int
    confidence: float
    series: pd.DataFrame
    victims: pd.DataFrame
    population: pd.Series
    findings: pd.DataFrame
    differences: pd.DataFrame
    council: pd.DataFrame


def read_sources(
    project: Project, first_year: int, last_year: int, confidence: float = 0.95
) -> Sources:
    """Read every published source and run every check.

    Raises
    ------
    InputError
        If the years stand the wrong way round or go beyond the figures, or confidence is not
        between 0.5 and 1.
    """
    if first_year > last_year:
        raise InputError(f"first_year {first_year} is after last_year {last_year}; swap them")
    if not 0.5 <= confidence < 1:
        raise InputError(f"confidence {confidence} is not from 0.5 to below 1; 0.95 is usual")
    series = external.external_series(project)
    victims = external.victim_counts(series)
    known = victims["period"].astype(int)
    inside = known.between(first_year, last_year)
    if not inside.any() or first_year < known.min() or last_year > known.max():
        raise InputError(
            f"not all of {first_year} to {last_year} have figures on victims; there are figures "
            f"for {known.min()} to {known.max()}"
        )
    return Sources(
        project=project,
        first_year=first_year,
        last_year=last_year,
        confidence=confidence,
        series=series,
        victims=victims[inside].reset_index(drop=True),
        population=external.population_for_rates(project),
        findings=find_contradictions(project),
        differences=vintage_differences(load_unodc(project)),
        council=load_council_figures(project),
    )


def newest_of(rows: pd.DataFrame) -> pd.DataFrame:
    """Of UNODC the newest vintage alone; of a year restated, the latest report alone."""
    unodc = rows["series"].str.startswith("unodc")
    rows = rows[~unodc | (rows["vintage"] == rows.loc[unodc, "vintage"].max())]
    return rows.drop_duplicates(["series", "period"], keep="last")


def rates_of(sources: Sources) -> pd.DataFrame:
    return external.rates_per_100000(
        newest_of(sources.victims), sources.population, sources.confidence
    )


def ids_of_us_reports(sources: Sources, confidence: str) -> list[str]:
    us = sources.series[sources.series["series"].str.startswith("us-")]
    return sorted(us.loc[us["confidence"] == confidence, "source_id"].unique())


def last_potential_year(sources: Sources) -> int | None:
    found = sources.findings.loc[sources.findings["check"] == "Break in victim status", "where"]
    if found.empty:
        return None
    year = int(str(found.iloc[0]).split(" ")[0])
    return year if sources.first_year <= year < sources.last_year else None


def year_with_most_counts(sources: Sources) -> tuple[str, list[dict[str, Any]]]:
    known = newest_of(sources.victims)
    known = known[known["value"].notna()]
    sizes = known.groupby("period")["series"].nunique()
    year = str(sizes[sizes == sizes.max()].index.max())
    return year, records(known[known["period"] == year])


def period_words(period: str) -> str:
    if " to " not in period:
        return period
    start, end = (pd.Timestamp(text) for text in period.split(" to "))
    return f"{start:%b %Y} to {end:%b %Y}"


PERIOD = re.compile(r"\d{4}-\d{2}-\d{2} to \d{4}-\d{2}-\d{2}")


def as_sentence(text: str) -> str:
    """A finding as a sentence, its periods in words."""
    text = PERIOD.sub(lambda found: period_words(found[0]), text)
    return text[:1].upper() + text[1:].rstrip(".") + "."


def group_of(sources: str) -> str:
    families = {
        "UNODC" if one.startswith("UNODC") else "Council" if one.startswith("ATIPS") else "US"
        for one in sources.split(", ")
    }
    return families.pop() if len(families) == 1 else "between"
