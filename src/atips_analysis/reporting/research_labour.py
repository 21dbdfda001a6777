"""Labour inspections: how many, where, on what, and what they found."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pandas as pd

from atips_analysis.framework import load_public_figures
from atips_analysis.framework.published import load_labour_enforcement
from atips_analysis.indicators import external
from atips_analysis.reporting import page
from atips_analysis.reporting.bars import Bar, standing_bars
from atips_analysis.reporting.numbers import Cell, format_number, is_missing
from atips_analysis.reporting.research_inputs import Study, check_years, open_study
from atips_analysis.reporting.style import ORANGE, TEAL
from atips_analysis.reporting.text import in_words, join_words

MEANINGS = {
    "first_year": "first year of the register's inspections",
    "last_year": "last year of the register's inspections",
}


@dataclass(frozen=True)
class Inspections:
    """The page's data: the register's counts, and what others published."""

    study: Study

    @cached_property
    def published(self) -> pd.DataFrame:
        """year, value, status, series: US Department of Labor and the Council, a row a year."""
        return external.labour_inspections(external.external_series(self.study.project))

    @cached_property
    def enforcement(self) -> pd.DataFrame:
        """The US Department of Labor's figures by indicator and year."""
        rows = load_labour_enforcement(self.study.project)
        return rows.assign(year=rows["period_start"].astype(str).str[:4].astype(int))

    def cell(self, year: int, **what: str) -> Cell:
        return self.study.tidy.cell("PREV-08", year, "INSPECTION", "count", **what)

    def share(self, year: int, **what: str) -> float | None:
        """Inspections of a kind as a percentage of all of the year."""
        part, whole = self.cell(year, **what).value, self.cell(year).value
        return None if part is None or not whole else 100 * float(part) / float(whole)


def open_inspections(inputs: Path, project: Path, first_year: int, last_year: int) -> Inspections:
    """Check the parameters and read the data."""
    values = {"first_year": first_year, "last_year": last_year}
    study = open_study(inputs, project, MEANINGS, values)
    check_years(study)
    return Inspections(study)


def summary(inspections: Inspections) -> None:
    """The last year in figures, and what they do not say."""
    last = inspections.study["last_year"]
    whole = inspections.cell(last)
    child = inspections.share(last, inspection_type="CHILD_LABOUR")
    nothing = inspections.share(last, finding="NONE")
    page.say_key_figures(
        (_figure(whole.value), f"inspections in {last}"),
        (_figure(child, 1) + (" %" if child is not None else ""), "of them on child labour"),
        (_figure(nothing, 1) + (" %" if nothing is not None else ""), "found no violation"),
    )
    page.say(
        "An inspection that finds no violation says little without knowing how workplaces were "
        "chosen. "
        "Finding more is neither better nor worse: it depends on where one looks."
    )


def over_years(inspections: Inspections) -> None:
    """Inspections of the register beside those that others published, never joined."""
    found = inspections.published
    bars = [
        Bar(
            str(row["year"]),
            None if is_missing(row["value"]) else float(row["value"]),
            str(row["status"]),
            ORANGE if str(row["series"]).startswith("dol") else TEAL,
        )
        for row in found.to_dict("records")
    ]
    picture = standing_bars(
        bars, unit="Inspections (count)", folder=Path(), name="published-inspections"
    )
    page.show_figure(
        picture,
        "Labour inspections as published, by year",
        "fig-published",
        note="Sources: US Department of Labor (orange), the Council's report for 2024 (green)",
    )
    known = found[found["value"].notna()]
    years = sorted({*known["year"].astype(int), *inspections.study.years})
    printed = found.set_index(found["year"].astype(int))
    rows = []
    for year in years:
        here = printed.loc[year] if year in printed.index else None
        own = inspections.cell(year) if year in inspections.study.years else Cell(None, "M")
        published = Cell(None, "M")
        by = ""
        if here is not None and not is_missing(here["value"]):
            published = Cell(int(here["value"]), "OK")
            by = "US Department of Labor" if str(here["series"]).startswith("dol") else "Council"
        same = ""
        if own.value is not None and published.value is not None:
            same = "the same" if own.value == published.value else "differs"
        rows.append([str(year), published, by, own, same])
    page.show_table(
        pd.DataFrame(
            rows, columns=["Year", "Published", "By", "Register", "Published and register"]
        ),
        "Inspections by year: published figures beside the register",
        "tbl-years",
        align="lrlrl",
        note=f"Sources: US Department of Labor; Council, report for 2024. {inspections.study.tidy.source_line}",
    )
    if inspections.study.tidy.simulated:
        page.say(
            "Where the simulated records and a published figure are the same, the records were made "
            "to add up to it; that they agree proves nothing."
        )


def coverage(inspections: Inspections) -> None:
    """Inspections for each inspector, where both are published; workplaces are not known."""
    rows = inspections.enforcement
    years = sorted(set(rows["year"]))
    lines = []
    for year in years:
        inspectors = _published(rows, "labour_inspectors", year)
        done = _published(rows, "labour_inspections", year)
        each = (
            float(done.value) / float(inspectors.value)
            if done.value is not None and inspectors.value
            else None
        )
        violations = _published(rows, "child_labour_violations_found", year)
        lines.append([str(year), inspectors, done, each, violations])
    page.say(
        "Coverage would be inspections for each workplace, and no published source or return says "
        "how many workplaces there are: it is **not collected**. What can be said is how many "
        "inspections there were for each inspector."
    )
    page.show_table(
        pd.DataFrame(
            lines,
            columns=[
                "Year",
                "Inspectors",
                "Inspections",
                "Inspections for each inspector",
                "Child-labour violations found",
            ],
        ),
        "Labour inspectors and inspections, as published by the US Department of Labor",
        "tbl-coverage",
        decimals={"Inspections for each inspector": 1},
        align="lrrrr",
        note="Source: US Department of Labor, Belize country record",
    )


def kinds(inspections: Inspections) -> None:
    """What inspections were on, by year, and the share on child labour."""
    _by(
        inspections,
        "inspection_type",
        "Kind of inspection",
        "Inspections by kind",
        "tbl-kinds",
    )
    shares = [
        f"{format_number(share, decimals=1)} % in {year}"
        for year in inspections.study.years
        if (share := inspections.share(year, inspection_type="CHILD_LABOUR")) is not None
    ]
    if shares:
        page.say(
            f"Of all inspections, {join_words(shares)} were on child labour. These are complete "
            "counts of what was done, not a sample: they carry no interval."
        )
    page.say(_published_share(inspections))


def findings(inspections: Inspections) -> None:
    """What inspections found, by year."""
    _by(inspections, "finding", "Finding", "Inspections by finding", "tbl-findings")
    known = {
        code
        for year in inspections.study.years
        for code in inspections.study.tidy.rows(
            "PREV-08", year, "INSPECTION", "count", finding="*"
        )["finding"]
    }
    if not known & {"TIP", "TIP_IND", "CHILD"}:
        page.say(
            "No inspection of these years is recorded with an indication of trafficking or with a "
            "child at work. That is how many were recorded, not how many there were."
        )


def districts(inspections: Inspections) -> None:
    """Where inspections took place."""
    _by(inspections, "district", "District", "Inspections by district", "tbl-districts")
    _by(inspections, "sector", "Sector", "Inspections by sector", "tbl-sectors")


def why_no_estimate(inspections: Inspections) -> None:
    """Why the number of violations is not estimated from inspections that overlap."""
    known = inspections.published["value"].notna().sum()
    page.say(
        "One could think of estimating the number of workplaces with violations from those that "
        "were found twice (capture-recapture). It is not attempted here, for four reasons:",
    )
    page.say_list(
        "Inspections are not linked: the returns count inspections by month, sector and district, "
        "and do not say which visits went to the same workplace. Without links there is no overlap.",
        "Visits are not independent: a workplace with a finding is visited again because of it, "
        "which makes any such estimate too small.",
        "The population is not closed: workplaces open, close and change from one visit to the next, "
        "and a violation that was found is meant to end.",
        "Not all can be found: workplaces that are never inspected, such as homes and informal work, "
        "have no chance of being on the list, and no model can bring them in.",
    )
    page.say(
        f"Published figures on {in_words(int(known))} years, with breaks between them, do not change "
        "this. The method and its conditions are in Chao and Huggins (2005) and, for the gate that "
        "this house uses, on the page on the hidden population."
    )


def _by(inspections: Inspections, dimension: str, head: str, caption: str, id: str) -> None:
    tidy, years = inspections.study.tidy, inspections.study.years
    codes: list[str] = []
    for year in years:
        rows = tidy.rows("PREV-08", year, "INSPECTION", "count", **{dimension: "*"})
        codes += [code for code in rows[dimension] if code not in codes]
    last = years[-1]
    size = {code: inspections.cell(last, **{dimension: code}).value or 0 for code in codes}
    ordered = sorted(codes, key=lambda code: (-float(size[code]), code))
    rows_out: list[list[object]] = [
        [
            tidy.label(dimension, code),
            *[inspections.cell(year, **{dimension: code}) for year in years],
            inspections.share(last, **{dimension: code}),
        ]
        for code in ordered
    ]
    rows_out.append(["All", *[inspections.cell(year) for year in years], 100.0])
    share = f"Of all in {last}, %"
    page.show_table(
        pd.DataFrame(rows_out, columns=[head, *map(str, years), share]),
        f"{caption}, {years[0]}–{last}",
        id,
        decimals={share: 1},
        note=tidy.source_line,
    )


def _published_share(inspections: Inspections) -> str:
    """What is in print of inspections on child labour, and for which years nothing is."""
    rows = load_public_figures(inspections.study.project)
    rows = rows[rows["indicator_id"] == "PREV-08"]
    wholes = rows[rows["measure"] == "denominator"].set_index("period")["value"]
    parts = rows[(rows["measure"] == "numerator") & (rows["inspection_type"] == "CHILD_LABOUR")]
    told = [
        f"{format_number(float(part))} of {format_number(float(wholes[year]))} in {year} "
        f"({format_number(100 * float(part) / float(wholes[year]), decimals=1)} %)"
        for year, part in zip(parts["period"], parts["value"], strict=True)
        if year in wholes.index
    ]
    without = sorted(str(year) for year in set(wholes.index) - set(parts["period"]))
    if not told:
        return ""
    none = f" For {join_words(without)} no such number is in print." if without else ""
    return f"In print, inspections on child labour were {join_words(told)}, as the Council gives them.{none}"


def _published(rows: pd.DataFrame, indicator: str, year: int) -> Cell:
    own = rows[(rows["indicator"] == indicator) & (rows["year"] == year)]
    if own.empty or is_missing(own.iloc[0]["value"]):
        return Cell(None, "M")
    value = int(own.iloc[0]["value"])
    return Cell(value, "Z" if value == 0 else "OK")


def _figure(value: object, decimals: int | None = None) -> str:
    return "c" if value is None else format_number(value, decimals=decimals)
