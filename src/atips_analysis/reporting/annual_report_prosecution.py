"""The annual report on prosecution: cases, victims, screening, arrests, courts."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from atips_analysis.codebook import load_codebook
from atips_analysis.pages.numbers import Cell, format_interval
from atips_analysis.reporting import page
from atips_analysis.reporting.annual_report_pieces import (
    AnnualReport,
    say_across,
    say_breakdown,
    say_passage,
    say_years,
    show,
    years_table,
)
from atips_analysis.reporting.charts import stacked_years
from atips_analysis.reporting.diagrams import Stage, justice_pathway

VICTIMS_BY = (
    ("age_group", "children and adults", "fig-victims-age"),
    ("citizenship_group", "by group of countries of origin", "fig-victims-origin"),
    ("form", "by type of trafficking", "fig-victims-form"),
    ("sex", "by sex", "fig-victims-sex"),
    ("status_of_victim", "by status", "fig-victims-status"),
)
COURTS = (
    ("PROS-03", "SUSPECT", "Persons prosecuted for trafficking"),
    ("PROS-06", "SUSPECT", "Persons awaiting trial at the year's end, on any charge"),
    ("PROS-04", "CONVICTION_P", "Persons convicted of trafficking"),
    ("PROS-04", "CONVICTION_C", "Counts of trafficking with a conviction"),
    ("PROS-11", "SUSPECT", "Public officials in contact with justice for complicity"),
)
STAGES = (
    ("CHARGED", "A person\ncharged"),
    ("COMMITTED", "Committed to\nthe High Court"),
    ("DISPOSED", "Decided at\nfirst instance"),
    ("CONVICTED", "Conviction for\ntrafficking"),
)


def prosecution(report: AnnualReport) -> None:
    """Cases and their results, victims, screening, arrests, the way through justice, courts."""
    say_passage(report, "prosecution")
    _cases(report)
    _active_cases(report)
    _victims(report)
    _screening(report)
    _arrests(report)
    _pathway(report)
    _courts(report)


def _cases(report: AnnualReport) -> None:
    tidy, year = report.tidy, report.year
    codebook = load_codebook()
    police = codebook.codelist("source_agency").label(codebook.agency("police"))
    page.say(
        "## Results of all cases {#sec-cases}",
        f"The {police} investigated "
        f"{tidy.counted('PROS-01', year, 'suspected case', 'suspected cases', unit='CASE')} in {year}: "
        f"{tidy.number('PROS-01', year, unit='CASE', carried_over='NO')} opened in the year and "
        f"{tidy.number('PROS-01', year, unit='CASE', carried_over='YES')} carried over from earlier "
        "years.",
    )
    say_breakdown(
        report,
        "PROS-01",
        "stage",
        "CASE",
        "cases",
        "Cases investigated by the furthest stage reached at the year's end",
        "fig-case-stage",
    )


def _active_cases(report: AnnualReport) -> None:
    tidy = report.tidy
    page.say(
        f"## Profile of active cases, {report.span} {{#sec-active}}",
        "A case is active in every year in which it is opened or under investigation, so the "
        "years of @fig-active do not add up.",
    )
    groups = [
        (
            label,
            [tidy.cell("PROS-01", y, "CASE", "count", carried_over=code) for y in report.years],
        )
        for code, label in (("NO", "opened in the year"), ("YES", "carried over"))
    ]
    caption = f"Active cases, {report.span}"
    picture = stacked_years(groups, report.years, "active", unit="cases", subject=caption)
    table = years_table(report, "PROS-01", "carried_over", "CASE")
    show(report, picture, caption, "fig-active", table)
    for dimension, words, id in (
        ("form", "Active cases by type of trafficking", "tbl-active-form"),
        ("referral_source", "Active cases by who referred them", "tbl-active-referral"),
        ("district", "Active cases by district", "tbl-active-district"),
    ):
        say_across(report, "PROS-01", dimension, "CASE", words, id)


def _victims(report: AnnualReport) -> None:
    victims = report.tidy.counted(
        "PROT-01",
        report.year,
        "potential or confirmed victim",
        "potential and confirmed victims",
        unit="VICTIM",
    )
    printed = (
        "; those of the Council's own report of the year do not say which"
        if report.year == 2024
        else ""
    )
    page.say(
        "## Potential and confirmed victims {#sec-victims}",
        f"In {report.year}, agencies identified {victims}. They are persons, and each is "
        "counted once in the year, whichever and however many agencies reported them. The charts "
        f"below count victims, not cases{printed}.",
    )
    for dimension, words, id in VICTIMS_BY:
        say_breakdown(
            report,
            "PROT-01",
            dimension,
            "VICTIM",
            "potential and confirmed victims",
            f"Victims identified, {words}",
            id,
        )


def _screening(report: AnnualReport) -> None:
    screened = report.tidy.counted(
        "PREV-07", report.year, "migrant", "migrants", unit="SCREENING", statistic="count"
    )
    page.say(
        "## Migrants screened {#sec-screened}",
        f"In {report.year}, officers screened {screened} for indicators of trafficking. A "
        "person screened on two occasions is counted twice.",
    )
    for dimension, words, id in (
        ("citizenship_group", "by group of countries of origin", "fig-screened-origin"),
        ("outcome", "by outcome", "fig-screened-outcome"),
    ):
        say_breakdown(
            report,
            "PREV-07",
            dimension,
            "SCREENING",
            "screenings",
            f"Migrants screened, {words}",
            id,
        )


def _arrests(report: AnnualReport) -> None:
    tidy, year = report.tidy, report.year
    page.say(
        "## Arrests, and what became of them {#sec-arrests}",
        f"In {year}, the police arrested, or otherwise brought into formal contact with the justice "
        "system (suspected or cautioned), "
        f"{tidy.counted('PROS-02', year, 'person', 'persons', unit='SUSPECT')}.",
    )
    say_breakdown(
        report,
        "PROS-02",
        "stage",
        "SUSPECT",
        "persons",
        "Persons in formal contact, by what had become of them at the year's end",
        "fig-arrests",
    )


def _pathway(report: AnnualReport) -> None:
    """A cohort of cases, the only frame in which a later stage is a share of an earlier one."""
    tidy, period = report.tidy, report.baseline
    shares = {
        code: tidy.rows("PROS-08", period, "CASE", "percent", stage=code) for code, _ in STAGES
    }
    known = [rows.iloc[0] for rows in shares.values() if len(rows)]
    wholes = [row["denominator"] for row in known if not pd.isna(row["denominator"])]
    words = period.replace("-", "–")
    page.say("## The way of cases through justice {#sec-pathway}")
    if not wholes:
        page.say(
            f"The way of the cases opened in {words} from charge to conviction cannot be shown: "
            "there are too few cases, or their numbers are hidden for protection."
        )
        return
    stages = [Stage("Cases\nopened", Cell(float(wholes[0])))]
    for code, label in STAGES:
        rows = shares[code]
        stages.append(Stage(label, _part(rows.iloc[0]) if len(rows) else Cell(None, "M")))
    caption = f"Cases opened in {words}, and the stages that they have reached since"
    picture = justice_pathway(stages, unit="cases", subject=caption, folder=Path(), name="pathway")
    page.say(
        "Cases, arrests and convictions of one year concern different cases. Only a cohort, cases "
        "followed from their opening, shows how many reach a charge, a court and a judgment. Cases "
        "not yet charged or decided may still be."
    )
    lines = [
        (stage.label.replace("\n", " "), stage.cell, *_share(shares.get(code)))
        for stage, code in zip(stages, ["", *[code for code, _ in STAGES]], strict=True)
    ]
    table = pd.DataFrame(
        lines, columns=["Stage reached", "Cases", "Share of opened, %", "95 % interval"]
    )
    show(report, picture, caption, "fig-pathway", table)


def _part(row: pd.Series) -> Cell:
    value = row["numerator"]
    return Cell(None if pd.isna(value) else float(value), str(row["status"]))


def _share(rows: pd.DataFrame | None) -> tuple[object, str]:
    if rows is None or rows.empty:
        return Cell(100.0), ""
    row = rows.iloc[0]
    if pd.isna(row["value"]):
        return Cell(None, str(row["status"])), ""
    return round(float(row["value"]), 1), format_interval(row["ci_low"], row["ci_high"])


def _courts(report: AnnualReport) -> None:
    tidy, year = report.tidy, report.year
    page.say("## Court proceedings {#sec-courts}")
    say_passage(report, "courts")
    page.say(
        f"In {year}, the courts convicted "
        f"{tidy.counted('PROS-04', year, 'person', 'persons', unit='CONVICTION_P')} of trafficking. "
        f"Persons convicted in {year} come from cases opened in other years as well."
    )
    rows = [
        [words, *[tidy.cell(indicator, each, unit, "count") for each in report.years]]
        for indicator, unit, words in COURTS
    ]
    page.show_table(
        pd.DataFrame(rows, columns=["Persons and counts", *map(str, report.years)]),
        f"Before the courts, {report.span}",
        "tbl-courts",
        note=report.source_line,
    )
    say_years(
        report,
        "PROS-06",
        "SUSPECT",
        "persons",
        "Persons awaiting trial at the year's end, on any charge",
        "fig-awaiting",
        intervals=False,
    )
    page.say(
        "Charges under the Commercial Sexual Exploitation of Children (Prohibition) Act are counted "
        "beside trafficking, not inside it."
    )
    say_breakdown(
        report,
        "PROS-07",
        "offence_group",
        "SUSPECT",
        "persons",
        "Persons before the Magistrate's Court under the CSEC Act",
        "fig-csec",
    )
