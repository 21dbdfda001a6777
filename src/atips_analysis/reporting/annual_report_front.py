"""The annual report's opening: key figures, acronyms, foreword, introduction."""

from __future__ import annotations

from atips_analysis.framework.tables import read_framework_table
from atips_analysis.reporting import page
from atips_analysis.reporting.annual_report_pieces import AnnualReport, figure, say_passage

KEY_FIGURES = (
    ("PROS-01", "CASE", "suspected cases investigated"),
    ("PROT-01", "VICTIM", "potential and confirmed victims identified"),
    ("PROT-06", "VICTIM", "victims supported with services"),
    ("PROS-02", "SUSPECT", "persons arrested or otherwise in formal contact"),
    ("PROS-04", "CONVICTION_P", "persons convicted of trafficking"),
    ("PROT-11", "CHILD", "migrant children sheltered (not victims)"),
    ("PREV-02", "PARTICIPANT", "attendances at training"),
    ("PREV-07", "SCREENING", "migrants screened"),
    ("PREV-08", "INSPECTION", "labour inspections"),
)
"""Indicator, unit of count and words of the figures that open the report and the site."""


def summary(report: AnnualReport) -> None:
    """Key figures, and what they are not."""
    page.say_key_figures(
        *[
            (figure(report.tidy.cell(indicator, report.year, unit, "count")), words)
            for indicator, unit, words in KEY_FIGURES
        ]
    )
    page.say(
        "These are different units. Cases, victims, persons arrested and persons convicted in one "
        "calendar year are different populations: one is never a share of another. More victims "
        "detected is neither better nor worse, and says nothing of how many there are.",
    )


def acronyms(report: AnnualReport) -> None:
    """The acronyms, from their register."""
    table = read_framework_table(
        report.project.framework / "acronyms.csv", columns=["acronym", "meaning_en", "meaning_es"]
    )
    shown = table[["acronym", "meaning_en"]].rename(
        columns={"acronym": "Acronym", "meaning_en": "Meaning"}
    )
    page.show_table(shown, "Acronyms used in this report", "tbl-acronyms", widths=[20, 80])


def foreword(report: AnnualReport) -> None:
    """A chapter of its own, where its passage is there."""
    say_passage(report, "foreword", "# Foreword {#sec-foreword}")


def introduction(report: AnnualReport) -> None:
    """What the report covers, from whom, and how to read it."""
    first, last = report.years[0], report.year
    say_passage(report, "introduction")
    page.say(
        f"This report covers January to December {report.year}. Its numbers are computed from what "
        "agencies returned to the data bank, after every row was checked (@sec-quality). Earlier "
        f"years, from {first}, are shown beside {last} where the same thing was counted. The "
        "numbers behind each figure are one step away: folded below it on the page, in an annex "
        "in print.",
        "Counts of persons from 1 to 4 are not shown, and neither are other cells from which they "
        "could be worked out; they are hatched in figures and marked **c** in tables. A true zero "
        "is shown as 0. What nobody records is shown as not collected, never as zero.",
    )
    if report.tidy.simulated:
        page.say_warning(
            "Simulated records",
            "The rows behind this report were invented so that the software can be tried. Their "
            "totals were made to meet what was published for each year; every breakdown is "
            "invented. Nothing here may be taken for a statistic of Belize.",
        )
