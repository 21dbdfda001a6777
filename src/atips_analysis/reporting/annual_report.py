"""The annual report, chapter by chapter; every number is read from the protected table.

A chapter is one function that says its Markdown; the notebook gives the headings.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from atips_analysis.framework.tables import read_framework_table
from atips_analysis.indicators import years_of
from atips_analysis.project import Project
from atips_analysis.reporting import page
from atips_analysis.reporting.back_test import BackTest, back_test
from atips_analysis.reporting.charts import counts_chart, years_chart
from atips_analysis.reporting.numbers import Cell, format_interval
from atips_analysis.reporting.text import counted, join_words
from atips_analysis.reporting.tidy import Tidy, open_tidy
from atips_analysis.reporting.wording import (
    Text,
    change_sentence,
    compare,
    comparisons_sentence,
)

PRIORITY = {
    "PREV": "Prevention",
    "PROT": "Protection",
    "PROS": "Prosecution",
    "PART": "Partnership",
}
COMPARED = (
    (
        "PROT-01",
        "VICTIM",
        Text(
            "Potential and confirmed victims identified",
            "Víctimas potenciales y confirmadas identificadas",
        ),
        True,
    ),
    (
        "PROS-02",
        "SUSPECT",
        Text("Persons brought into formal contact", "Personas en contacto formal"),
        True,
    ),
    (
        "PROS-04",
        "CONVICTION_P",
        Text("Persons convicted of trafficking", "Personas condenadas por trata"),
        False,
    ),
    ("PREV-07", "SCREENING", Text("Migrants screened", "Personas migrantes entrevistadas"), False),
    ("PREV-08", "INSPECTION", Text("Labour inspections", "Inspecciones laborales"), False),
    (
        "PREV-09",
        "REPORT",
        Text(
            "Reports received through public channels", "Denuncias recibidas por canales públicos"
        ),
        False,
    ),
    ("PROT-06", "SERVICE", Text("Services given", "Servicios prestados"), False),
)


@dataclass(frozen=True)
class AnnualReport:
    """What the chapters need: the tidy table, the house, the year and the baseline."""

    tidy: Tidy
    project: Project
    year: int
    baseline: str

    @property
    def years(self) -> list[int]:
        """The baseline's years and all up to the year of the report."""
        first = years_of(self.baseline)[0].years[0]
        return list(range(first, self.year + 1))

    @property
    def profile(self) -> dict[str, Any]:
        return self.project.profile


def open_report(inputs: Path, project: Path, year: int, baseline: str) -> AnnualReport:
    """The annual report of a build's public side."""
    house = Project(Path(project))
    return AnnualReport(open_tidy(Path(inputs), house), house, year, baseline)


def summary(report: AnnualReport) -> None:
    """Key figures, and what they are not."""
    tidy, year = report.tidy, report.year
    page.say_key_figures(
        *[
            (_figure(tidy.cell(indicator, year, unit, "count")), words)
            for indicator, unit, words in (
                ("PROS-01", "CASE", "suspected cases investigated"),
                ("PROT-01", "VICTIM", "potential and confirmed victims identified"),
                ("PROT-06", "VICTIM", "victims supported with services"),
                ("PROS-02", "SUSPECT", "persons arrested or in formal contact"),
                ("PROS-04", "CONVICTION_P", "persons convicted of trafficking"),
                ("PREV-02", "PARTICIPANT", "attendances at training"),
            )
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


def introduction(report: AnnualReport) -> None:
    """What the report covers, from whom, and how to read it."""
    first, last = report.years[0], report.year
    tidy = report.tidy
    page.say(
        f"This report covers January to December {report.year}. Its numbers are computed from what "
        "agencies returned to the data bank, after every row was checked; how many rows were "
        "accepted or set aside, and why, stands on the page *Data quality*. Earlier years, from "
        f"{first}, are shown beside {last} where the same thing was counted.",
        "Counts of persons from 1 to 4 are not shown, and neither are other cells from which they "
        "could be worked out; they are marked **c**. A true zero is shown as 0. What nobody "
        "records is shown as not collected, never as zero.",
    )
    if tidy.simulated:
        page.say_warning(
            "Simulated records",
            "The rows behind this report were invented so that the software can be tried. Their "
            "totals were made to meet what was published for each year; every breakdown is "
            "invented. Nothing here may be taken for a statistic of Belize.",
        )


def partnership(report: AnnualReport) -> None:
    """Committees, partners, events, delegations."""
    tidy, year = report.tidy, report.year
    names = [committee["name_en"] for committee in report.profile["committees"]]
    page.say(
        f"The Council works through {counted(len(names), 'committee', 'committees')}: the "
        f"{join_words(names)}. The published texts do not name the same members for each; "
        "@tbl-members shows both as they stand."
    )
    rows = [
        (committee["name_en"], group["source"], "; ".join(group["names"]))
        for committee in report.profile["committees"]
        for group in committee["members"]
    ]
    page.show_table(
        pd.DataFrame(rows, columns=["Committee", "Named in", "Members"]),
        "Members of the committees, as each source names them",
        "tbl-members",
        widths=[25, 15, 60],
    )
    page.say(
        f"In {year} there were {tidy.number('PART-02', year, unit='ORGANIZATION')} partner "
        "organisations with a stated role, and the Council hosted "
        f"{tidy.number('PART-03', year, unit='EVENT')} dated events with partners."
    )
    partners = pd.DataFrame(
        [(p["name"], p["type_en"], p["support_en"]) for p in report.profile["partners"]],
        columns=["Organisation", "Type", "Area of support"],
    )
    page.show_table(
        partners,
        "Partner organisations of the Council",
        "tbl-partners",
        widths=[35, 25, 40],
        note="Source: the Council's 2024 report, whose sentence above this table says 2023",
    )
    _across(
        report, "PART-06", "kind", "ACTION", "International cooperation by kind", "tbl-cooperation"
    )
    delegates = tidy.breakdown("PART-06", year, "country", "REPRESENTATIVE", "count")
    if len(delegates):
        said = [
            f"{_figure(cell)} in {label}"
            for label, cell in zip(delegates["label"], delegates["cell"], strict=True)
            if cell.value
        ]
        page.say(f"Representatives sent to regional conferences in {year}: {join_words(said)}.")


def prevention(report: AnnualReport) -> None:
    """Training by audience, topic and district; awareness."""
    tidy, year = report.tidy, report.year
    page.say(
        f"In {year} there were {tidy.number('PREV-01', year, unit='SESSION')} training and "
        f"sensitisation sessions, with {tidy.number('PREV-02', year, unit='PARTICIPANT')} attendances. "
        "A person who came to two sessions is counted twice: attendances are not persons trained."
    )
    _chart(
        report,
        "PREV-02",
        "audience",
        "PARTICIPANT",
        "attendances",
        f"Attendances at training by audience, {year}",
        "fig-training-audience",
    )
    _chart(
        report,
        "PREV-01",
        "topic",
        "SESSION",
        "sessions",
        f"Training sessions by topic, {year}",
        "fig-training-topic",
    )
    _chart(
        report,
        "PREV-01",
        "district",
        "SESSION",
        "sessions",
        f"Training sessions by district, {year}",
        "fig-training-district",
    )
    gain = tidy.cell("PREV-03", year, statistic="percent")
    if gain.value is not None:
        row = tidy.rows("PREV-03", year, statistic="percent").iloc[0]
        page.say(
            f"Of the participants with a test before and after, {gain.value:.0f} per cent had a "
            f"higher score after it (95 % interval {format_interval(row['ci_low'], row['ci_high'], decimals=0)}; "
            f"{int(row['denominator'])} participants with both tests)."
        )
    page.say("## Awareness {#sec-awareness}")
    _chart(
        report,
        "PREV-05",
        "channel",
        "PRODUCT",
        "products",
        f"Awareness products by channel, {year}",
        "fig-awareness",
    )


def protection(report: AnnualReport) -> None:
    """Services, shelter, repatriation, regularisation, migrant children."""
    tidy, year = report.tidy, report.year
    page.say(
        f"Services were given to {tidy.number('PROT-06', year, unit='VICTIM', statistic='count')} "
        f"victims in {year}, {tidy.number('PROT-06', year, unit='SERVICE', statistic='count')} "
        "services in all. A service is one kind of service to one victim in the year."
    )
    _chart(
        report,
        "PROT-06",
        "service_type",
        "SERVICE",
        "services",
        f"Services to victims by type, {year}",
        "fig-services",
    )
    rows = [
        [words, *[tidy.cell(indicator, each, unit, "count") for each in report.years]]
        for indicator, unit, words in (
            ("PROT-08", "VICTIM", "Victims placed in shelter"),
            ("PROT-09", "VICTIM", "Victims repatriated"),
            ("PROT-10", "VICTIM", "Survivors whose immigration status was regularised"),
            ("PROT-11", "CHILD", "Migrant children sheltered (not victims)"),
        )
    ]
    page.show_table(
        pd.DataFrame(rows, columns=["Persons", *map(str, report.years)]),
        "Shelter, return and regularisation",
        "tbl-protection",
        note=tidy.source_line,
    )


def prosecution(report: AnnualReport) -> None:
    """Cases, victims, screening, persons before the courts."""
    tidy, year = report.tidy, report.year
    page.say(
        f"The A-TIPs Police Unit investigated {tidy.number('PROS-01', year, unit='CASE')} suspected "
        f"cases in {year}: {tidy.number('PROS-01', year, unit='CASE', carried_over='NO')} opened in "
        f"the year and {tidy.number('PROS-01', year, unit='CASE', carried_over='YES')} carried over."
    )
    page.say("## Results of all cases {#sec-cases}")
    _chart(
        report,
        "PROS-01",
        "stage",
        "CASE",
        "cases",
        f"Cases investigated in {year} by the furthest stage reached",
        "fig-case-stage",
    )
    _years(report, "PROS-01", "CASE", "cases", "Suspected cases investigated", "fig-cases-years")
    page.say("## Potential and confirmed victims {#sec-victims}")
    page.say(
        f"Potential and confirmed victims are persons: {tidy.number('PROT-01', year, unit='VICTIM')} in "
        f"{year}. Each is counted once in the year, whichever and however many agencies reported "
        "them."
    )
    for dimension, words in (
        ("status_of_victim", "by status"),
        ("age_group", "children and adults"),
        ("sex", "by sex"),
        ("form", "by form of exploitation"),
        ("citizenship_group", "by citizenship group"),
    ):
        _across(
            report,
            "PROT-01",
            dimension,
            "VICTIM",
            f"Victims identified, {words}",
            f"tbl-victims-{dimension.replace('_', '-')}",
        )
    page.say("## Migrants screened {#sec-screened}")
    page.say(
        f"{tidy.number('PREV-07', year, unit='SCREENING')} migrants were screened for indicators of "
        f"trafficking in {year}, one a person and occasion."
    )
    _chart(
        report,
        "PREV-07",
        "citizenship_group",
        "SCREENING",
        "screenings",
        f"Screenings by citizenship group, {year}",
        "fig-screened",
    )
    page.say("## Arrests and court proceedings {#sec-courts}")
    page.say(
        f"{tidy.number('PROS-02', year, unit='SUSPECT')} persons were brought into formal contact "
        f"(suspected, arrested or cautioned) in {year}; "
        f"{tidy.number('PROS-04', year, unit='CONVICTION_P')} were convicted of trafficking. Persons "
        f"convicted in {year} come from cases opened in other years as well."
    )
    _across(
        report,
        "PROS-02",
        "stage",
        "SUSPECT",
        "Persons in formal contact, by what had become of them by the end of the year",
        "tbl-arrests",
    )
    rows = [
        [words, *[tidy.cell(indicator, each, unit, "count") for each in report.years]]
        for indicator, unit, words in (
            ("PROS-03", "SUSPECT", "Persons prosecuted for trafficking"),
            ("PROS-06", "SUSPECT", "Persons awaiting trial at the year's end"),
            ("PROS-04", "CONVICTION_P", "Persons convicted of trafficking"),
            ("PROS-04", "CONVICTION_C", "Counts of trafficking with a conviction"),
            ("PROS-11", "SUSPECT", "Public officials in contact with justice for complicity"),
        )
    ]
    page.show_table(
        pd.DataFrame(rows, columns=["", *map(str, report.years)]),
        "Persons before the courts for trafficking",
        "tbl-courts",
        note=tidy.source_line,
    )
    page.say(
        "Charges under the Commercial Sexual Exploitation of Children (Prohibition) Act are counted "
        "beside trafficking, not inside it."
    )
    _across(
        report,
        "PROS-07",
        "offence_group",
        "SUSPECT",
        "Persons before the Magistrate's Court under the CSEC Act",
        "tbl-csec",
    )


def labour(report: AnnualReport) -> None:
    """Labour inspections and their share on child labour."""
    tidy, year = report.tidy, report.year
    share = tidy.cell("PREV-08", year, "INSPECTION", "percent")
    said = f", {share.value:.1f} per cent of them" if share.value is not None else ""
    page.say(
        f"The Labour Department made {tidy.number('PREV-08', year, unit='INSPECTION', statistic='count')} "
        f"inspections in {year}; "
        f"{tidy.number('PREV-08', year, unit='INSPECTION', statistic='count', inspection_type='CHILD_LABOUR')} "
        f"were aimed at child labour{said}. Child labour is not trafficking; inspections are among "
        "the ways to find those at risk."
    )
    _years(
        report,
        "PREV-08",
        "INSPECTION",
        "inspections",
        "Labour inspections",
        "fig-inspections",
        intervals=False,
    )
    _across(
        report, "PREV-08", "finding", "INSPECTION", "Labour inspections by finding", "tbl-findings"
    )


def change_from_baseline(report: AnnualReport) -> None:
    """The year against the baseline's yearly mean, in words that small numbers allow."""
    tidy, year = report.tidy, report.year
    years = len(years_of(report.baseline))
    source = Text(
        "the data bank" + (" (simulated records)" if tidy.simulated else ""),
        "el banco de datos" + (" (registros simulados)" if tidy.simulated else ""),
    )
    page.say(
        f"Each count of {year} is compared with the baseline {report.baseline.replace('-', '–')} by an "
        "exact test on counts a year. A change is named only where its interval leaves no doubt; "
        "an interval on a complete count describes the chance that moves numbers from year to year."
    )
    sentences = []
    for indicator, unit, subject, detection in COMPARED:
        before = tidy.cell(indicator, report.baseline, unit, "count")
        now = tidy.cell(indicator, year, unit, "count")
        if before.status == "NC" or now.status == "NC":
            continue
        comparison = compare(
            subject,
            unit,
            (report.baseline, str(year)),
            (_count(before), _count(now)),
            source,
            exposures=(float(years), 1.0),
            relative_to=Text("the number of years", "el número de años"),
            detection=detection,
        )
        sentences.append(change_sentence(comparison, "en"))
    page.say_list(*sentences)
    page.say(comparisons_sentence(len(sentences)))


def back_test_chapter(report: AnnualReport) -> None:
    """Published figures against computed ones, both columns."""
    test = back_test(report.tidy, report.project, report.year)
    reproduced, hidden = test.number("reproduced"), test.number("hidden")
    page.say(
        f"The Council's {report.year} report prints {len(test.lines)} figures that are numbers. "
        f"{reproduced} of them are reproduced from the rows, {hidden} are computed and hidden for "
        f"protection, {test.number('differs')} differ, and {test.number('not reproduced')} are not "
        "reproduced, each with its reason. Figures that a stream can only count together are "
        "compared by their sum."
    )
    if report.tidy.simulated:
        page.say_note(
            "What this tests",
            "The example was made to meet the published figures. Their agreement shows that the "
            "pipeline loses and invents nothing on the way; it does not confirm the figures.",
        )
    page.show_table(
        _back_test_table(test),
        f"Figures of the {report.year} report, as published and as computed",
        "tbl-back-test",
        widths=[9, 33, 10, 10, 13, 25],
    )


def methods(report: AnnualReport) -> None:
    """How numbers came about, in short."""
    page.say(
        "**Counts** of persons, cases and reports carry exact Poisson intervals (Garwood 1936) where "
        "they can be read as the outcome of chance from year to year; **shares** carry "
        "Clopper-Pearson intervals below 30 and Wilson's from there. **Comparisons** of two counts "
        "use the exact conditional test with a central p-value, so that test and interval agree. "
        "**Durations** are Kaplan-Meier medians, with open cases censored, and are not shown "
        "under 10 events.",
        "**Protection.** All tables are protected together as one system: counts of persons from 1 "
        "to 4 are hidden, and with them the fewest other cells without which a hidden one could be "
        "worked out. The result is then attacked with everything a reader can know, and nothing is "
        "published when a cell can be opened.",
        "**Units.** A victim, a person arrested or prosecuted is one natural person, once in a "
        "reference year. Years add up to pooled years by that rule. Stocks (cases active, persons "
        "waiting) are not pooled.",
    )


# -- pieces that chapters share ---------------------------------------------------------------


def _chart(
    report: AnnualReport,
    indicator_id: str,
    dimension: str,
    unit: str,
    words: str,
    caption: str,
    id: str,
) -> None:
    tidy = report.tidy
    cells = tidy.breakdown(indicator_id, report.year, dimension, unit, "count")
    whole = tidy.cell(indicator_id, report.year, unit, "count")
    if cells.empty:
        page.say(f"*{caption}: {_nothing(whole)}.*")
        return
    picture = counts_chart(cells, id.removeprefix("fig-"), unit=words, subject=caption)
    page.show_figure(picture, caption, id, note=tidy.source_line)


def _years(
    report: AnnualReport,
    indicator_id: str,
    unit: str,
    words: str,
    caption: str,
    id: str,
    *,
    intervals: bool = True,
) -> None:
    tidy, spans = report.tidy, []
    cells = [tidy.cell(indicator_id, year, unit, "count") for year in report.years]
    for year in report.years:
        rows = tidy.rows(indicator_id, year, unit, "count")
        low = rows["ci_low"].iloc[0] if len(rows) else pd.NA
        spans.append(
            None if pd.isna(low) or not intervals else (float(low), float(rows["ci_high"].iloc[0]))
        )
    picture = years_chart(
        cells, report.years, id.removeprefix("fig-"), unit=words, subject=caption, intervals=spans
    )
    more = "; lines are 95 % intervals (exact Poisson)" if intervals else ""
    page.show_figure(
        picture, f"{caption}, {report.years[0]}–{report.year}", id, note=tidy.source_line + more
    )


def _across(
    report: AnnualReport, indicator_id: str, dimension: str, unit: str, caption: str, id: str
) -> None:
    tidy = report.tidy
    table = tidy.across(indicator_id, report.years, dimension, unit=unit, statistic="count")
    if len(table) == 1:
        page.say(f"*{caption}: {_nothing(tidy.cell(indicator_id, report.year, unit, 'count'))}.*")
        return
    head = tidy.unit_label(indicator_id, unit)
    page.show_table(
        table.rename(columns={"": head}),
        f"{caption}, {report.years[0]}–{report.year}",
        id,
        note=tidy.source_line,
    )


def _nothing(whole: Cell) -> str:
    return {"NC": "not collected", "M": "no return was received", "Z": "none"}.get(
        whole.status, "no breakdown"
    )


def _figure(cell: Cell) -> str:
    if cell.value is None:
        return {"C": "c", "NC": "nc"}.get(cell.status, ":")
    return f"{cell.value:,.0f}"


def _count(cell: Cell) -> int | None:
    return None if cell.value is None else int(cell.value)


def _back_test_table(test: BackTest) -> pd.DataFrame:
    computed: Sequence[Cell] = [
        Cell(None, "NAP") if cell is None else cell for cell in test.lines["computed"]
    ]
    return pd.DataFrame(
        {
            "Figure": test.lines["figure_id"],
            "Statement": test.lines["statement"],
            "Published": test.lines["published"],
            "Computed": computed,
            "Result": test.lines["result"],
            "Remark": test.lines["reason"],
        }
    )
