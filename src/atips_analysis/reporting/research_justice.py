"""From report to conviction: cohorts, attrition, times with censoring, and where cases wait."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from atips_analysis.codebook import load_codebook
from atips_analysis.reporting import page
from atips_analysis.reporting.bars import Bar, lying_bars
from atips_analysis.reporting.numbers import Cell, format_interval, format_number
from atips_analysis.reporting.research_inputs import (
    Study,
    check_between,
    check_years,
    open_study,
)
from atips_analysis.reporting.style import NAVY, TEAL
from atips_analysis.statistics import clopper_pearson_interval, wilson_interval

MEANINGS = {
    "first_year": "first year in which cases of the cohorts were opened",
    "last_year": "last year in which they were opened",
    "confidence": "confidence of the intervals of shares, from 0.5 to 0.999",
}
STAGES = {
    "OPENED": "Opened for investigation",
    "CHARGED": "A person charged",
    "COMMITTED": "Committed to the High Court, or awaiting trial there",
    "DISPOSED": "Decided at first instance",
    "CONVICTED": "A person convicted",
}
UNITS = {
    "PROS-01": ("CASE", "cases, opened or active in the year"),
    "PROS-02": ("SUSPECT", "persons, arrested or otherwise brought into formal contact"),
    "PROS-03": ("SUSPECT", "persons, with a trafficking charge before a court"),
    "PROS-04": ("CONVICTION_P", "persons, convicted at first instance"),
    "PROS-06": ("SUSPECT", "persons, awaiting trial on any charge at the end of the year"),
}
STEPS = {
    "opened to first charge": "From the opening of the case to the first charge",
    "first charge to disposal": "From the first charge to the decision at first instance",
    "age of cases without a charge": "Age of the cases that have no charge yet",
}


@dataclass(frozen=True)
class Pathway:
    """The page's data: the study, and the aggregates of the pooled cohorts."""

    study: Study

    @property
    def run(self) -> str:
        """The years whose cohorts are pooled, as the aggregates name them."""
        return f"{self.study['first_year']}-{self.study['last_year']}"

    @property
    def pooled_words(self) -> str:
        return self.run.replace("-", "–")

    def pooled(self, topic: str) -> list[dict[str, Any]]:
        """Rows of the aggregates for these years; none where the build has none."""
        return [row for row in self.study.extra.get(topic, []) if row.get("years") == self.run]

    def reached(self) -> dict[str, Cell]:
        """Cases of the pooled cohorts at each stage; empty when the build has none."""
        return {row["code"]: Cell(row["value"], row["status"]) for row in self.pooled("attrition")}


def open_pathway(
    inputs: Path, project: Path, first_year: int, last_year: int, confidence: float
) -> Pathway:
    """Check the parameters and read the data."""
    check_between("confidence", confidence, 0.5, 0.999, 0.95)
    values = {"first_year": first_year, "last_year": last_year, "confidence": confidence}
    study = open_study(inputs, project, MEANINGS, values)
    check_years(study)
    return Pathway(study)


def summary(pathway: Pathway) -> None:
    """How far the cohorts have come, in a few sentences."""
    reached = pathway.reached()
    if reached.get("OPENED", Cell(None, "M")).value is None:
        page.say(_why_none(pathway))
        return
    page.say_key_figures(
        *[
            (format_number(cell.value) if cell.value is not None else "hidden", words)
            for code, words in (
                ("OPENED", f"cases opened in {pathway.pooled_words}"),
                ("CHARGED", "of them with a person charged so far"),
                ("DISPOSED", "of them decided so far"),
                ("CONVICTED", "of them with a person convicted so far"),
            )
            for cell in [reached[code]]
        ]
    )
    page.say(
        "These are the same cases, followed from their opening, as far as the last return knows. "
        "Later cohorts have had less time: what is not reached yet may still be, so that each "
        "number is the least that it will come to, and a share of it is not a rate of success. "
        "Arrests, charges and convictions counted by calendar year belong to other cases and "
        "persons, and are never divided by one another."
    )


def attrition(pathway: Pathway) -> None:
    """The pooled cohorts by stage: figure and table with exact intervals."""
    reached = pathway.reached()
    if not reached or reached["OPENED"].value is None:
        page.say(_why_none(pathway))
        return
    total = int(reached["OPENED"].value)  # type: ignore[arg-type]
    bars, rows = [], []
    for code, words in STAGES.items():
        cell = reached[code]
        share, interval = None, ""
        if cell.value is not None and code != "OPENED":
            share = 100 * float(cell.value) / total
            method = clopper_pearson_interval if total < 30 else wilson_interval
            low, high = method(int(cell.value), total, pathway.study["confidence"])
            interval = format_interval(100 * low, 100 * high)
        note = f"({format_number(share, decimals=0)} %)" if share is not None else ""
        if cell.value is None:
            note = "hidden for protection"
        value = None if cell.value is None else float(cell.value)
        bars.append(Bar(words, value, cell.status, NAVY if code == "OPENED" else TEAL, note))
        rows.append([words, cell, share, interval])
    picture = lying_bars(bars, unit="Cases (count)", folder=Path(), name="attrition")
    line = pathway.study.tidy.source_line
    page.show_figure(
        picture,
        f"Cases opened in {pathway.pooled_words} by the stages that they have reached",
        "fig-attrition",
        note=line,
    )
    page.show_table(
        pd.DataFrame(rows, columns=["Stage", "Cases", "Of those opened, %", "Interval, %"]),
        f"Cohorts of {pathway.pooled_words}, pooled: cases at each stage",
        "tbl-attrition",
        decimals={"Of those opened, %": 1},
        widths=[46, 12, 20, 22],
        note=f"{line}. {_level(pathway)} interval: exact (Clopper-Pearson) under 30 cases, Wilson "
        "from 30; it says how far chance alone moves a share of so many cases, and nothing of what "
        "the open ones will come to",
    )


def cohorts(pathway: Pathway) -> None:
    """Each year's cohort: how many were opened, and the shares where ten or more allow them."""
    tidy = pathway.study.tidy
    rows = []
    for year in pathway.study.years:
        opened = tidy.cell("PROS-01", year, "CASE", "count", carried_over="NO")
        shares = []
        for stage in list(STAGES)[1:]:
            found = tidy.rows("PROS-08", year, "CASE", "percent", stage=stage)
            if len(found):
                value, status = found.iloc[0][["value", "status"]]
                shares.append(Cell(None if pd.isna(value) else float(value), str(status)))
            else:
                shares.append(Cell(None, "NAP"))
        rows.append([str(year), opened, *shares])
    heads = [
        "Opened in",
        "Cases opened",
        "Charged, %",
        "Committed, %",
        "Decided, %",
        "Convicted, %",
    ]
    page.show_table(
        pd.DataFrame(rows, columns=heads),
        "Cohorts by year of opening, and the share that has reached each stage since",
        "tbl-cohorts",
        decimals=dict.fromkeys(heads[2:], 1),
        align="lrrrrr",
        note=f"{tidy.source_line}. Shares of fewer than ten cases are not shown",
    )


def times(pathway: Pathway) -> None:
    """Medians of the steps with their intervals; what is not over is censored."""
    reached = pathway.reached()
    rows = []
    for row in pathway.pooled("durations"):
        step = STEPS.get(row["step"], row["step"])
        cases = _cases_of(row["step"], reached)
        if row["status"] != "OK":
            rows.append([step, cases, "not shown", ""])
            continue
        median = "not reached" if row["median"] is None else format_number(row["median"])
        high = "not reached" if row["high"] is None else format_number(row["high"])
        low = "" if row["low"] is None else format_number(row["low"])
        rows.append([step, cases, median, f"{low} to {high}" if low else ""])
    if not rows:
        page.say(_why_none(pathway))
        return
    page.say(
        "A case that has not come to the step is counted as waiting until the last month that the "
        "data bank knows of (censored), not left out: leaving out the open cases would make "
        "justice look faster than it is. “Not reached” means that, as far as the cases could be "
        "followed, at no time had half of them come to the step; the lower end of the interval "
        "still says how long it takes at least. Censoring is taken to say nothing of how long a "
        "case would have taken, which cannot be checked here."
    )
    page.show_table(
        pd.DataFrame(rows, columns=["Step", "Cases", "Median, months", "95 % interval, months"]),
        f"How long the steps take, cases opened in {pathway.pooled_words}",
        "tbl-times",
        align="llrr",
        widths=[42, 22, 16, 20],
        note=f"{pathway.study.tidy.source_line}. Kaplan-Meier median, interval on the log-log scale "
        "at 95 % whatever confidence is asked for; nothing is shown under ten events, nor where "
        "their number is hidden",
    )


def where_cases_wait(pathway: Pathway) -> None:
    """Where the cases of each year stood, and persons who wait for a decision."""
    tidy = pathway.study.tidy
    labels = load_codebook().codelist("case_stage")
    last = pathway.study["last_year"]
    found = tidy.rows("PROS-01", last, "CASE", "count", stage="*")
    order = [code for code in labels.codes if code in set(found["stage"])]
    bars = []
    for code in order:
        cell = tidy.cell("PROS-01", last, "CASE", "count", stage=code)
        value = None if cell.value is None else float(cell.value)
        bars.append(Bar(labels.label(code), value, cell.status))
    if bars:
        picture = lying_bars(bars, unit="Cases (count)", folder=Path(), name="where-cases-stand")
        page.show_figure(
            picture,
            f"Cases opened or active in {last} by the stage in which they stood",
            "fig-stand",
            note=tidy.source_line,
        )
    years = pathway.study.years
    lines = [
        [
            labels.label(code),
            *[tidy.cell("PROS-01", year, "CASE", "count", stage=code) for year in years],
        ]
        for code in order
    ]
    lines.append(["All cases", *[tidy.cell("PROS-01", year, "CASE", "count") for year in years]])
    lines.append(
        [
            "Persons awaiting trial at the year's end, on any charge",
            *[tidy.cell("PROS-06", year, "SUSPECT", "count") for year in years],
        ]
    )
    page.show_table(
        pd.DataFrame(lines, columns=["Stage", *map(str, years)]),
        "Cases by stage at the end of each year, and persons awaiting trial",
        "tbl-stand",
        note=f"{tidy.source_line}. A case open for years is counted in each",
    )


def different_populations(pathway: Pathway) -> None:
    """The counts of calendar years, each with its own unit, side by side and never divided."""
    tidy = pathway.study.tidy
    years = pathway.study.years
    rows = [
        [
            f"{code} {tidy.indicator(code).name_en}",
            words,
            *[tidy.cell(code, year, unit, "count") for year in years],
        ]
        for code, (unit, words) in UNITS.items()
    ]
    page.show_table(
        pd.DataFrame(rows, columns=["Indicator", "What is counted", *map(str, years)]),
        "Counts by calendar year: different populations, not stages of one",
        "tbl-populations",
        widths=[36, 34, *[8] * len(years)],
        note=tidy.source_line,
    )


def _cases_of(step: str, reached: dict[str, Cell]) -> str:
    """How many cases a median is of, in words; what is hidden stays so."""
    opened, charged, decided = (
        reached.get(code, Cell(None, "C")).value for code in ("OPENED", "CHARGED", "DISPOSED")
    )
    if step == "opened to first charge" and None not in (opened, charged):
        return f"{charged} charged, of {opened}"
    if step == "first charge to disposal" and None not in (charged, decided):
        return f"{decided} decided, of {charged}"
    if step == "age of cases without a charge" and None not in (opened, charged):
        return f"{int(opened) - int(charged)} without a charge"  # type: ignore[arg-type]
    return "hidden"


def _why_none(pathway: Pathway) -> str:
    if pathway.study["first_year"] == pathway.study["last_year"]:
        return "One year's cohort is too small to be followed here: give two years or more."
    return f"The cohorts of {pathway.pooled_words} are hidden, or not part of this build."


def _level(pathway: Pathway) -> str:
    return f"{format_number(100 * pathway.study['confidence'])} %"
