"""The annual report on prevention: training, awareness; and the labour highlight."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from atips_analysis.codebook import districts_on_the_map, load_codebook
from atips_analysis.pages.numbers import Cell, format_interval, format_number
from atips_analysis.reporting import page
from atips_analysis.reporting.annual_report_pieces import (
    AnnualReport,
    count,
    say_across,
    say_breakdown,
    say_passage,
    say_years,
    show,
)
from atips_analysis.reporting.tiles import district_maps


def prevention(report: AnnualReport) -> None:
    """Training by audience, topic and district; awareness."""
    tidy, year = report.tidy, report.year
    say_passage(report, "prevention")
    page.say("## Training and sensitisation {#sec-training}")
    page.say(
        f"In {year}, {tidy.counted('PREV-01', year, 'session', 'sessions', unit='SESSION')} of "
        "training and sensitisation had "
        f"{tidy.counted('PREV-02', year, 'attendance', 'attendances', unit='PARTICIPANT')}. "
        "A person who came to two sessions is counted twice: attendances are not persons trained."
    )
    _what_was_printed(report)
    say_breakdown(
        report,
        "PREV-02",
        "audience",
        "PARTICIPANT",
        "attendances",
        "Attendances at training by audience",
        "fig-training-audience",
    )
    say_breakdown(
        report,
        "PREV-01",
        "topic",
        "SESSION",
        "sessions",
        "Training sessions by topic",
        "fig-training-topic",
    )
    _locations(report)
    _gain(report)
    page.say("## Awareness {#sec-awareness}")
    say_passage(report, "awareness")
    say_breakdown(
        report,
        "PREV-05",
        "channel",
        "PRODUCT",
        "products",
        "Awareness products by channel",
        "fig-awareness",
    )


def labour(report: AnnualReport) -> None:
    """Labour inspections and their share on child labour."""
    tidy, year = report.tidy, report.year
    share = tidy.cell("PREV-08", year, "INSPECTION", "percent")
    of = {"unit": "INSPECTION", "statistic": "count"}
    codebook = load_codebook()
    sent_by = codebook.stream("inspections").sent_by
    agency = codebook.codelist("source_agency").label(sent_by[0])
    said = f", which is {share.value:.1f} per cent" if share.value is not None else ""
    page.say(
        f"The {agency} made "
        f"{tidy.counted('PREV-08', year, 'inspection', 'inspections', **of)} in {year}; "
        f"{tidy.number('PREV-08', year, **of, inspection_type='CHILD_LABOUR')} of them were aimed at "
        f"child labour{said}. Child labour is not trafficking; inspections are among the ways to find "
        "those at risk."
    )
    say_passage(report, "labour")
    say_years(
        report,
        "PREV-08",
        "INSPECTION",
        "inspections",
        "Labour inspections",
        "fig-inspections",
        intervals=False,
    )
    say_breakdown(
        report,
        "PREV-08",
        "inspection_type",
        "INSPECTION",
        "inspections",
        "Labour inspections by kind",
        "fig-inspection-type",
    )
    say_across(
        report, "PREV-08", "finding", "INSPECTION", "Labour inspections by finding", "tbl-findings"
    )


def _what_was_printed(report: AnnualReport) -> None:
    if report.year == 2024:
        page.say(
            "The Council's report for the year prints the figures by audience under the heading "
            "*sessions*; their size reads as attendances, and so they are taken here."
        )


def _locations(report: AnnualReport) -> None:
    """Sessions on a grid of the districts, as the published report had them on a map."""
    tidy, year = report.tidy, report.year
    districts = districts_on_the_map(load_codebook().codelist("district").table)

    def cells(indicator: str, unit: str) -> dict[str, Cell]:
        return {
            d["code"]: tidy.cell(indicator, year, unit, "count", district=d["code"])
            for d in districts
        }

    sessions, attendances = cells("PREV-01", "SESSION"), cells("PREV-02", "PARTICIPANT")
    if all(cell.value is None for cell in sessions.values()):
        page.say("Training sessions by district: no number can be shown.")
        return
    picture = district_maps(
        districts,
        [("Sessions", sessions), ("Attendances", attendances)],
        unit=f"Training, {year}",
        folder=Path(),
        name="training-district",
    )
    table = pd.DataFrame(
        [(d["name"], sessions[d["code"]], attendances[d["code"]]) for d in districts],
        columns=["District", "Sessions", "Attendances"],
    )
    caption = f"Training locations: sessions and attendances by district, {year}"
    note = "One tile is one district, from north to south; darker is more. "
    show(report, picture, caption, "fig-training-district", table, note=note)


def _gain(report: AnnualReport) -> None:
    gain = report.tidy.cell("PREV-03", report.year, statistic="percent")
    if gain.value is None:
        return
    row = report.tidy.rows("PREV-03", report.year, statistic="percent").iloc[0]
    both = count(Cell(row["denominator"]))
    page.say(
        f"Of the participants with a test before and after, {gain.value:.0f} per cent had a higher "
        f"score after it (95 % interval {format_interval(row['ci_low'], row['ci_high'], decimals=0)}; "
        f"{format_number(both)} participants with both tests)."
    )
