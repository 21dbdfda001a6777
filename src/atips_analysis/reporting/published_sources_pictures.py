"""The pictures of the page on published sources."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from atips_analysis.framework.tables import read_framework_table, records
from atips_analysis.framework.vintages import count_differences
from atips_analysis.indicators import external
from atips_analysis.project import Project
from atips_analysis.reporting.bars import Bar, lying_bars, standing_bars
from atips_analysis.reporting.lanes import Lane, Span, period_lanes
from atips_analysis.reporting.numbers import (
    is_missing,
)
from atips_analysis.reporting.points import Series, counts_over_years, rates_with_intervals
from atips_analysis.reporting.published_sources_pieces import (
    VICTIM_SERIES,
    Sources,
    last_potential_year,
    newest_of,
    period_words,
    rates_of,
)
from atips_analysis.reporting.style import NAVY, ORANGE, TEAL, Picture
from atips_analysis.reporting.tiles import tile_table


def victims_picture(sources: Sources, folder: Path = Path()) -> Picture:
    """Victims by year and source, with exact intervals and the break in status."""
    counted = external.with_intervals(newest_of(sources.victims), sources.confidence)
    drawn = [
        Series(
            name,
            pd.DataFrame(
                {
                    "x": own["period"].astype(int),
                    "value": own["value"],
                    "low": own["ci_low"].fillna(own["low"].astype("Float64")),
                    "high": own["ci_high"].fillna(own["high"].astype("Float64")),
                    "status": own["status"],
                    "hollow": own["confidence"] == "second_hand",
                }
            ),
            colour,
        )
        for key, (name, colour) in VICTIM_SERIES.items()
        if len(own := counted[counted["series"] == key])
    ]
    last_potential = last_potential_year(sources)
    return counts_over_years(
        drawn,
        unit="Victims (count)",
        folder=folder,
        name="victims-by-source",
        break_after=last_potential,
        break_label="US reports: from potential\nto confirmed victims" if last_potential else "",
    )


def rates_picture(sources: Sources, folder: Path = Path()) -> Picture:
    """Rates per 100,000 with exact intervals: detected victims, and potential ones apart."""
    rates = rates_of(sources)
    keys = ("unodc-detected-victims", "us-potential_victims_identified")
    groups = [
        Series(
            f"{VICTIM_SERIES[key][0]} victims",
            pd.DataFrame(
                {
                    "x": own["period"],
                    "value": own["value"],
                    "low": own["ci_low"],
                    "high": own["ci_high"],
                    "status": own["status"],
                    "hollow": own["confidence"] == "second_hand",
                }
            ),
            VICTIM_SERIES[key][1],
        )
        for key in keys
        if len(own := rates[rates["series"] == key])
    ]
    return rates_with_intervals(
        groups,
        unit="Per 100,000 population",
        folder=folder,
        name="rates-per-100000",
        references=regional_rates(sources.project),
    )


def regional_rates(project: Project) -> list[tuple[str, float]]:
    """UNODC's rates of detected victims for other areas, with their year."""
    table = read_framework_table(
        project.published / "regional_benchmarks.csv", columns=["year", "area", "indicator"]
    )
    own = table[table["indicator"] == "detected_victims_rate"]
    return [(f"{row['area']} {row['year']}", float(row["value"])) for row in records(own)]


def convictions_picture(sources: Sources, folder: Path = Path()) -> Picture:
    """Persons convicted over the periods that each source covers."""
    found = external.convictions(sources.series)
    start = pd.to_datetime(found["period_start"])
    end = pd.to_datetime(found["period_end"]) + pd.Timedelta(days=1)
    found = found.assign(start=_as_years(start), end=_as_years(end))
    found = found[(found["end"] > sources.first_year) & (found["start"] <= sources.last_year)]
    us = found["series"] == "us-convictions"
    calendar = found["period"].str.fullmatch(r"\d{4}")
    lanes = [
        ("Council", found["series"] == "council-PRS-05", TEAL),
        ("UNODC, newest file", found["series"] == "unodc-convicted", ORANGE),
        ("US reports, calendar years", us & calendar, NAVY),
        ("US reports, other periods", us & ~calendar, NAVY),
    ]
    drawn = [Lane(name, colour, _spans(found[mask])) for name, mask, colour in lanes if mask.any()]
    return period_lanes(
        drawn, unit="Persons convicted", folder=folder, name="convictions-by-source"
    )


def inspections_picture(sources: Sources, folder: Path = Path()) -> Picture:
    """Labour inspections a year; years without a figure stand open."""
    found = external.labour_inspections(sources.series)
    bars = [
        Bar(
            row["period"],
            None if is_missing(row["value"]) else float(row["value"]),
            row["status"],
            TEAL if row["source_id"] == "ATIPS-2024" else NAVY,
        )
        for row in records(found)
    ]
    return standing_bars(
        bars, unit="Labour inspections (count)", folder=folder, name="labour-inspections"
    )


def training_picture(sources: Sources, folder: Path = Path()) -> Picture:
    """The training table of the 2024 report, as printed, with other figures for the same."""
    table = sources.council[sources.council["unit"].str.startswith("as printed")]
    bars = [
        Bar(row["statement"].removeprefix("Training and sensitization: "), float(row["value"]))
        for row in records(table.sort_values("value", ascending=False))
    ]
    unit = "Headed “sessions”; read as participants"
    return lying_bars(bars, unit=unit, folder=folder, name="training-2024")


def vintages_picture(sources: Sources, folder: Path = Path()) -> Picture:
    """How many cells UNODC added or removed, or now shows as zero, by indicator and year."""
    counts = count_differences(sources.differences)
    counts["all"] = counts[["added", "removed", "changed", "zero now shown"]].sum(axis=1)
    total = counts.pivot(index="indicator", columns="year", values="all")
    parts = counts.assign(
        text=[
            _tile_text(row["added"], row["removed"], row["zero now shown"], row["changed"])
            for row in records(counts)
        ]
    ).pivot(index="indicator", columns="year", values="text")
    return tile_table(
        total,
        texts=parts,
        unit="Cells that differ between UNODC's two files",
        folder=folder,
        name="vintage-differences",
        row_height=0.62,
    )


def _as_years(days: pd.Series) -> pd.Series:
    """Days as years with their fraction, for an axis."""
    return days.dt.year + (days.dt.dayofyear - 1) / 365.25


def _spans(found: pd.DataFrame) -> tuple[Span, ...]:
    return tuple(
        Span(
            row["start"],
            row["end"],
            row["printed"],
            period_words(row["period"]),
            row["status"],
            row["confidence"] == "second_hand",
        )
        for row in records(found)
    )


def _tile_text(added: int, removed: int, zeros: int, changed: int) -> str:
    parts = [
        f"+{added}" if added else "",
        f"\N{MINUS SIGN}{removed}" if removed else "",
        f"{changed} changed" if changed else "",
        f"{zeros} now 0" if zeros else "",
    ]
    return "\n".join(part for part in parts if part)
