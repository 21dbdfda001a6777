"""The annual report's comparison of the year with the baseline: the edition's statements."""

from __future__ import annotations

from dataclasses import replace

from atips_analysis.pages.edition import Edition, open_edition
from atips_analysis.pages.frozen import standing
from atips_analysis.pages.statements_table import statements_table
from atips_analysis.reporting import page
from atips_analysis.reporting.annual_report_pieces import AnnualReport
from atips_analysis.statements.wording import caution_said
from atips_analysis.statistics import Verdict

PLANNED = ("SCREENING", "INSPECTION")
"""Planned work that the first page speaks of."""


def change_from_baseline(report: AnnualReport) -> None:
    """The year against the baseline's years, as the edition says it."""
    edition, words = _edition(report), report.baseline.replace("-", "–")
    page.say(
        f"Each count of {report.year} is compared with the yearly mean of the baseline {words}. "
        "Persons come by case and services by victim, and the comparison knows it; screenings, "
        "inspections, sessions and products are work that is planned, and are set side by side "
        "without a test. What stands at one day, such as persons awaiting trial, is not compared.",
        f"{edition.comparisons_said()} {caution_said('en')}",
    )
    page.say(standing(report.tidy, report.project, report.baseline).sentence)
    page.show_table(
        statements_table(edition),
        f"{report.year} beside the baseline {words}",
        "tbl-change",
        widths=[34, *[9] * len(report.years), 8, 15, 20],
        align="l" + "r" * len(report.years) + "rll",
        note=f"{report.source_line}. Ratio: {report.year} over the baseline's yearly mean; exact "
        "conditional test of the clusters that counts come in",
    )


def change_in_short(report: AnnualReport) -> str:
    """What the edition says of the series that changed, for the page that opens the report."""
    edition = _edition(report)
    own = [one for one in edition.statements.all if one.compared == "baseline"]
    changed = [one for one in own if one.verdict in (Verdict.INCREASE, Verdict.DECREASE)]
    told = " ".join(f"{edition.said(one.id)}" for one in changed)
    tested = any(one.tested for one in own)
    nothing = "No count could be compared."
    if tested:
        nothing = (
            "None of the counts that could be tested differs from the baseline's by more than chance "
            "alone could explain; that is no evidence that nothing changed (@tbl-change)."
        )
    planned = " ".join(f"{edition.said(one.id)}" for one in own if one.unit in PLANNED)
    return f"{told or nothing} {planned}".strip()


def _edition(report: AnnualReport) -> Edition:
    opened = open_edition(
        report.inputs, year=report.year, baseline=report.baseline, project=report.project.root
    )
    return replace(opened, lang="en")
