"""The annual report, chapter by chapter; every number is read from the protected table.

A chapter is one function that says its Markdown; the notebook gives the headings, but for the
chapters that are left out with their passage (foreword, NGO highlight).
"""

from atips_analysis.reporting.annual_report_change import change_from_baseline
from atips_analysis.reporting.annual_report_close import (
    back_test_chapter,
    data_quality,
    figure_tables,
    methods,
)
from atips_analysis.reporting.annual_report_front import acronyms, foreword, introduction, summary
from atips_analysis.reporting.annual_report_partnership import ngo_highlight, partnership
from atips_analysis.reporting.annual_report_pieces import AnnualReport, open_report
from atips_analysis.reporting.annual_report_prevention import labour, prevention
from atips_analysis.reporting.annual_report_prosecution import prosecution
from atips_analysis.reporting.annual_report_protection import protection

__all__ = [
    "AnnualReport",
    "acronyms",
    "back_test_chapter",
    "change_from_baseline",
    "data_quality",
    "figure_tables",
    "foreword",
    "introduction",
    "labour",
    "methods",
    "ngo_highlight",
    "open_report",
    "partnership",
    "prevention",
    "prosecution",
    "protection",
    "summary",
]
