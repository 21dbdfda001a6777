"""The annual report's opening: key figures, acronyms, foreword, introduction."""

from __future__ import annotations

from atips_analysis.framework import load_acronyms
from atips_analysis.pages.text import in_words, join_words, lower, sentence_case
from atips_analysis.reporting import page
from atips_analysis.reporting.annual_report_change import change_in_short
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
    """The year on one page: key figures, a sentence an area, what changed, what is not known."""
    tidy, year = report.tidy, report.year
    cells = [(tidy.cell(code, year, unit, "count"), words) for code, unit, words in KEY_FIGURES]
    page.say_key_figures(*[(figure(cell), words) for cell, words in cells])
    page.say_list(
        f"**Prevention.** {_prevention(report)}",
        f"**Protection.** {_protection(report)}",
        f"**Prosecution.** {_prosecution(report)}",
        f"**Partnership.** {_partnership(report)}",
        f"**Beside the years {report.baseline.replace('-', '–')}.** {change_in_short(report)}",
        f"**What is not known.** {_not_known(report)}",
    )
    most = int(report.profile["disclosure"]["threshold"]) - 1
    rounded = (
        [
            "**≈** stands before a number that was rounded so that nobody can be recognised: the "
            "true number is less than 10 away, and ≈0 need not be a zero. Rounded numbers are paler "
            "in figures, and are not compared."
        ]
        if (tidy.table["status"] == "R").any()
        else []
    )
    page.say_note(
        "How to read the numbers",
        "Cases, victims, persons arrested and persons convicted are different units, and those of "
        "one calendar year are different populations: one is never a share of another. More victims "
        "detected is neither better nor worse, and says nothing of how many there are.",
        f"**Hidden** means that a number is kept back so that nobody can be recognised: it is a "
        f"count of 1 to {most} persons, or a number from which such a count could be worked out. "
        "Hidden numbers are hatched in figures and marked **c** in tables. A zero is a true zero.",
        *rounded,
    )
    page.say("::: {.page-break}\n:::")


def _prevention(report: AnnualReport) -> str:
    tidy, year = report.tidy, report.year
    sessions = tidy.counted(
        "PREV-01", year, "training session", "training sessions", unit="SESSION"
    )
    aimed = tidy.counted(
        "PREV-08",
        year,
        "inspection",
        "inspections",
        unit="INSPECTION",
        statistic="count",
        inspection_type="CHILD_LABOUR",
    )
    products = tidy.counted(
        "PREV-05", year, "awareness product", "awareness products", unit="PRODUCT"
    )
    return f"{sentence_case(sessions)} and {products}; {aimed} aimed at child labour."


def _protection(report: AnnualReport) -> str:
    tidy, year = report.tidy, report.year

    def victims(code: str) -> str:
        return tidy.counted(code, year, "victim", "victims", unit="VICTIM", statistic="count")

    services = tidy.counted(
        "PROT-06", year, "service", "services", unit="SERVICE", statistic="count"
    )
    return (
        f"{sentence_case(services)} given; {victims('PROT-08')} placed in shelter, "
        f"{victims('PROT-09')} repatriated, and {victims('PROT-10')} whose immigration status was "
        "regularised."
    )


def _prosecution(report: AnnualReport) -> str:
    tidy, year = report.tidy, report.year

    def persons(code: str) -> str:
        return tidy.counted(code, year, "person", "persons", unit="SUSPECT", statistic="count")

    opened, carried = (
        tidy.counted("PROS-01", year, "case", "cases", unit="CASE", carried_over=code)
        for code in ("NO", "YES")
    )
    return (
        f"{sentence_case(opened)} opened in the year and {carried} carried over from earlier "
        f"years; {persons('PROS-03')} before the courts for trafficking, {persons('PROS-06')} "
        "awaiting trial, on any charge, at the year's end."
    )


def _partnership(report: AnnualReport) -> str:
    tidy, year = report.tidy, report.year
    partners = tidy.counted(
        "PART-02", year, "partner organisation", "partner organisations", unit="ORGANIZATION"
    )
    events = tidy.counted(
        "PART-03", year, "event with partners", "events with partners", unit="EVENT"
    )
    actions = tidy.counted(
        "PART-06",
        year,
        "action of international cooperation",
        "actions of international cooperation",
        unit="ACTION",
        statistic="count",
    )
    return f"{sentence_case(partners)}, {events} and {actions}."


def _not_known(report: AnnualReport) -> str:
    """Indicators that nobody records, and where a reader finds what is held back."""
    table = report.tidy.table
    missing = [
        lower(item.name_en)
        for item in report.tidy.indicators
        if (table.loc[table["indicator_id"] == item.id, "status"] == "NC").all()
    ]
    of = len(report.tidy.indicators)
    if not missing:
        return f"All {of} indicators of the framework are collected."
    return (
        f"{sentence_case(in_words(len(missing)))} of the framework's {of} indicators are collected "
        f"by nobody yet: {join_words(missing)}."
    )


def acronyms(report: AnnualReport) -> None:
    """The acronyms, from their register."""
    shown = load_acronyms(report.project)[["acronym", "meaning_en"]].rename(
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
        "@sec-summary says what a hidden number is. What nobody records is shown as not collected, "
        "never as zero. The acronyms are in @tbl-acronyms.",
    )
    if report.tidy.simulated:
        page.say_warning(
            "Simulated records",
            "The rows behind this report were invented so that the software can be tried. Their "
            "totals were made to meet what was published for each year; every breakdown is "
            "invented. Nothing here may be taken for a statistic of any country.",
        )
