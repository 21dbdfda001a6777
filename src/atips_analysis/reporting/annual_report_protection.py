"""The annual report on protection: services, shelter, return, regularisation."""

from __future__ import annotations

import pandas as pd

from atips_analysis.codebook import load_codebook
from atips_analysis.pages.text import join_words, lower
from atips_analysis.reporting import page
from atips_analysis.reporting.annual_report_pieces import (
    AnnualReport,
    say_across,
    say_breakdown,
    say_passage,
)

PERSONS = (
    ("PROT-06", "VICTIM", "Victims who received services"),
    ("PROT-08", "VICTIM", "Victims placed in shelter"),
    ("PROT-09", "VICTIM", "Victims repatriated"),
    ("PROT-10", "VICTIM", "Survivors whose immigration status was regularised"),
    ("PROT-11", "CHILD", "Migrant children sheltered (not victims)"),
)


def protection(report: AnnualReport) -> None:
    """Care, services, shelter, repatriation, regularisation, migrant children."""
    tidy, year = report.tidy, report.year

    def of(unit: str, one: str, many: str) -> str:
        return tidy.counted("PROT-06", year, one, many, unit=unit, statistic="count")

    say_passage(report, "protection")
    page.say("## Services {#sec-services}")
    care = load_codebook().codelist("service_type").table
    named = care.loc[care["text_in_2024_report"].fillna("") != "", "code"]
    page.say(
        f"Care includes {join_words([lower(tidy.label('service_type', code)) for code in named])}.",
        f"In {year}, {of('VICTIM', 'victim', 'victims')} received "
        f"{of('SERVICE', 'service', 'services')}. A service is one kind of service to one victim in "
        "the year.",
    )
    say_breakdown(
        report,
        "PROT-06",
        "service_type",
        "SERVICE",
        "services",
        "Services to victims by type",
        "fig-services",
    )
    say_across(
        report, "PROT-06", "provider", "SERVICE", "Services by who gave them", "tbl-providers"
    )
    page.say("## Shelter, return and regularisation {#sec-shelter}")
    rows = [
        [words, *[tidy.cell(indicator, each, unit, "count") for each in report.years]]
        for indicator, unit, words in PERSONS
    ]
    page.show_table(
        pd.DataFrame(rows, columns=["Persons", *map(str, report.years)]),
        f"Persons protected, {report.span}",
        "tbl-protection",
        note=report.source_line,
    )
