"""The baseline report: every indicator of the framework for the years that later ones meet."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from atips_analysis.framework import (
    Indicator,
    load_assumptions,
    load_objectives,
    load_sources,
    logframe,
    reference_sheets,
)
from atips_analysis.indicators import DIMENSIONS, years_of
from atips_analysis.indicators.external import external_series, labour_inspections, victim_counts
from atips_analysis.indicators.glotip import sdg_16_2_2
from atips_analysis.project import Project
from atips_analysis.reporting import page
from atips_analysis.reporting.annual_report_front import acronyms_table
from atips_analysis.reporting.annual_report_pieces import count, lower
from atips_analysis.reporting.charts import years_chart
from atips_analysis.reporting.frozen import revised_table, standing
from atips_analysis.reporting.numbers import (
    Cell,
    format_cell,
    format_interval,
    format_number,
)
from atips_analysis.reporting.text import escape_markdown, in_words, join_words, sentence_case
from atips_analysis.reporting.tidy import Tidy, open_tidy
from atips_analysis.reporting.wording import (
    Series,
    comparisons_sentence,
    follow,
)
from atips_analysis.statistics import Verdict

AREAS = {"PREV": "Prevention", "PROT": "Protection", "PROS": "Prosecution", "PART": "Partnership"}
PUBLISHERS = {
    "us": "US Trafficking in Persons Reports",
    "unodc": "UNODC",
    "dol": "US Department of Labor",
    "council": "A-TIPs Council, 2024 report",
}
NAMES_OF_FILES = {"data_glotip_1.xlsx": "Global Report on Trafficking in Persons, database"}
EXTERNAL_LABELS = {
    "council-LAB-01": "Labour inspections",
    "dol-labour_inspections": "Labour inspections",
    "us-potential_victims_identified": "Potential victims identified",
    "us-confirmed_victims_identified_by_government": "Confirmed victims, found by the government",
    "us-victims_identified": "Victims identified",
}
DECIMALS = {"rate": 2, "ratio": 2}
MAIN = (
    ("PROT-01", "VICTIM", "potential and confirmed victims identified"),
    ("PROS-02", "SUSPECT", "persons in formal contact with the justice system"),
    ("PROS-04", "CONVICTION_P", "persons convicted of trafficking"),
    ("PROT-06", "SERVICE", "services given to victims"),
    ("PREV-07", "SCREENING", "migrants screened"),
    ("PREV-08", "INSPECTION", "labour inspections"),
    ("PREV-09", "REPORT", "reports received through public channels"),
    ("PREV-02", "PARTICIPANT", "attendances at training"),
)
"""In the order in which they are wanted: the first six that are not hidden open the report."""
MAIN_SHOWN = 6
STATES = {
    "OK": "published",
    "Z": "published",
    "E": "estimated",
    "PV": "provisional",
    "R": "rounded",
    "C": "hidden",
    "NC": "not collected",
    "M": "no return",
}
WHY_NOT = {
    "not pooled": "not pooled",
    "fewer than 10": "fewer than 10",
    "fewer than half": "no median yet",
    "nothing to divide": "nothing counted",
}
TREND = {
    Verdict.INCREASE: "an upward trend",
    Verdict.DECREASE: "a downward trend",
    Verdict.NO_EVIDENCE: "no evidence of a change",
    Verdict.TOO_FEW_DATA: "too few data",
}
SHEET_LINES = (
    ("Definition", "Numerator", "Denominator"),
    ("Unit of measure", "Type of value", "Disaggregated by", "Breakdowns computed"),
    ("Source of the data", "How it is collected", "Frequency"),
    ("Level in the logframe", "Baseline", "Direction"),
    ("Known limitations", "Disclosure rule", "Uncertainty"),
)
"""Fields of a reference sheet that stand on one line; any other makes the last line."""
HELD = {"hidden", "fewer than 10", "no median yet", "nothing counted", "no return"}
STAGES = ("CHARGED", "COMMITTED", "DISPOSED", "CONVICTED", "CLOSED", "OPEN")
STATISTIC = {
    "count": "",
    "percent": " (%)",
    "rate": " (per 100,000)",
    "ratio": " (ratio)",
    "median": " (median)",
    "mean": " (mean, 0 to 100)",
}
KINDS = {
    ("PREV-08", "INSPECTION", "percent"): "of all, on child labour",
    ("PREV-09", "REPORT", "percent"): "of all, became a case",
    ("PROT-06", "VICTIM", "count"): "victims who received services",
    ("PROT-06", "SERVICE", "ratio"): "services per victim",
    ("PROS-10", "CONVICTION_P", "percent"): "of persons convicted, sentenced to custody",
    ("PROS-10", "CONVICTION_P", "median"): "length of the custodial sentence",
}
"""What a line of an indicator of several kinds counts, where its unit alone would not say it."""


@dataclass(frozen=True)
class BaselineReport:
    """What the chapters need: the tidy table, the house, the baseline's years."""

    tidy: Tidy
    project: Project
    baseline: str

    @property
    def years(self) -> list[int]:
        return [period.years[0] for period in years_of(self.baseline)]

    @property
    def words(self) -> str:
        return self.baseline.replace("-", "–")


def open_report(inputs: Path, project: Path, baseline: str) -> BaselineReport:
    """The baseline report of a build's public side."""
    house = Project(Path(project))
    return BaselineReport(open_tidy(Path(inputs), house), house, baseline)


def summary(report: BaselineReport) -> None:
    """The baseline on one page: its main counts, how complete it is, whether it is frozen."""
    tidy, words = report.tidy, report.words
    cells = [(tidy.cell(code, report.baseline, unit, "count"), text) for code, unit, text in MAIN]
    known = [(format_cell(cell), text) for cell, text in cells if cell.value is not None]
    if known:
        page.say(f"Counted in {words}, all years together:")
        page.say_key_figures(*known[:MAIN_SHOWN])
    states = [_state(report, indicator) for indicator in tidy.indicators]
    gaps = states.count("not collected")
    held = sum(state in HELD for state in states)
    page.say_list(
        f"**What it is for.** A baseline says where things stood, so that later years have something "
        f"to be held against. This one covers {words}, each year by itself and, where years add up, "
        "all together.",
        f"**How complete it is.** The framework has {len(states)} indicators. For "
        f"{len(states) - gaps - held} of them this report prints a value, for {held} only that it is "
        f"hidden for protection or rests on too few persons, and {gaps} are collected by nobody yet "
        "(@sec-gaps).",
        "**How to read it.** Numbers are small: an interval beside a number says how far chance "
        "alone may move it from year to year. Indicators of detection have no good or bad "
        "direction, and say nothing of how much trafficking there is.",
    )
    page.say_note("Frozen or not", standing(tidy, report.project, report.baseline).sentence)
    if tidy.simulated:
        page.say_warning(
            "Simulated records",
            "The rows behind this baseline were invented so that the software can be tried. It is "
            "no country's baseline.",
        )


def seal(report: BaselineReport) -> None:
    """The seal of the frozen baseline, and what has been revised since."""
    found = standing(report.tidy, report.project, report.baseline)
    if found.frozen is None:
        page.say(
            "The baseline has no seal yet. The Committee's seal records who froze it and from "
            "which edition of the data bank; from then on its values stand, and later corrections "
            "are shown beside them."
        )
        return
    seal = found.frozen.seal
    page.show_table(
        pd.DataFrame(
            [
                ("Frozen by", seal["frozen_by"]),
                ("Years", report.words),
                ("Edition of the data bank", seal["edition"]),
                ("Values sealed", format_cell(len(found.frozen.table))),
                ("Seal (SHA-256)", seal["sha256"]),
            ],
            columns=["Seal", "What it says"],
        ),
        "The seal of the frozen baseline",
        "tbl-seal",
        widths=[30, 70],
    )
    revised = revised_table(found, report.tidy) if len(found.revised) else pd.DataFrame()
    if len(revised):
        page.show_table(
            revised,
            "Totals revised since the baseline was frozen",
            "tbl-revised",
            widths=[52, 16, 16, 16],
            note=report.tidy.source_line + ", beside the frozen values",
        )


def objectives(report: BaselineReport) -> None:
    """The Strategy's objectives: room for texts that could not be read anywhere."""
    table = load_objectives(report.project)
    strategy = report.project.profile["strategy"]["name_en"].replace("-", "–")
    if (table["text_en"] == "").all():
        page.say(
            f"The {strategy} has {len(table)} objectives. Their text is not published anywhere that "
            "could be read: the register of objectives stays blank until the Council fills it in, "
            "and no indicator is put under an objective before that."
        )
        return
    page.show_table(
        pd.DataFrame(
            {
                "Objective": table["objective"],
                "Text": table["text_en"].where(table["text_en"] != "", table["status_en"]),
                "Priority area": table["priority_area"].map(AREAS).fillna(""),
            }
        ),
        f"Objectives of the {strategy}",
        "tbl-objectives",
        widths=[16, 62, 22],
    )


def results_framework(report: BaselineReport) -> None:
    """The logframe: from impact to inputs, with baseline, target, means and assumptions."""
    frame = logframe(report.project)
    unset = int(frame["target"].isna().sum())
    targets = (
        "Targets are the Council's to set; none is set yet, so that there is no column for them."
        if unset == len(frame)
        else f"Targets are the Council's to set; {unset} are not set yet and stand blank."
    )
    page.say(
        f"The results framework puts the {len(frame)} indicators in the order of their level: from "
        f"impact and outcome down to inputs and context. {targets} Assumptions are named by their "
        "code; @tbl-assumptions has them in words. @tbl-acronyms has the acronyms."
    )
    names = {indicator.id: indicator.name_en for indicator in report.tidy.indicators}
    columns = {
        "Level": frame["result"].str.capitalize(),
        "Indicator": [f"{code} {names[code]}" for code in frame["indicator"]],
        "Baseline": [
            baseline_in_words(report, code).removesuffix(f" ({report.words})")
            for code in frame["indicator"]
        ],
        "Target": frame["target"].map(lambda value: "" if pd.isna(value) else value),
        "Verified by": frame["means_of_verification"],
        "Assumptions": frame["assumptions_risks"],
        "Responsible": frame["responsible"],
    }
    widths = dict(zip(columns, [12, 28, 13, 8, 15, 10, 18], strict=True))
    if unset == len(frame):
        del columns["Target"], widths["Target"]
    page.show_table(
        pd.DataFrame(columns),
        "Results framework: the indicators of prevention, protection, prosecution and partnership",
        "tbl-logframe",
        widths=list(widths.values()),
        align="l" * len(widths),
        note=f"{report.tidy.source_line}. Baseline: {report.words}, or the year that is named",
    )


def baseline_in_words(report: BaselineReport, indicator_id: str) -> str:
    """The baseline of an indicator in few words: pooled years, else the last year."""
    tidy = report.tidy
    own = tidy.table[tidy.table["indicator_id"] == indicator_id]
    for unit, statistic in (
        own[["unit_of_count", "statistic"]].drop_duplicates().itertuples(index=False)
    ):
        if not _has_total(own, unit, statistic):
            continue
        cell = tidy.cell(indicator_id, report.baseline, unit, statistic)
        when = report.words
        if cell.status in ("NAP", "M") and cell.value is None:
            cell, when = (
                tidy.cell(indicator_id, report.years[-1], unit, statistic),
                str(report.years[-1]),
            )
        if cell.value is not None:
            unit_of = {"percent": " %", "rate": " per 100,000"}.get(statistic, "")
            return f"{format_cell(cell, decimals=None if statistic == 'count' else 1)}{unit_of} ({when})"
        return STATES.get(cell.status, "") or _why_not(own)
    return "by category"


def detected_part(report: BaselineReport) -> None:
    """SDG 16.2.2, the detected part: per 100,000 by sex, age and form, for the pooled years."""
    table = sdg_16_2_2(report.tidy.table, report.baseline)
    labels = [
        "All confirmed victims" if dimension == "total" else report.tidy.label(dimension, category)
        for dimension, category in zip(
            table["dimension"].astype(str), table["category"].astype(str), strict=True
        )
    ]
    states = [str(status) for status in table["status"]]
    page.say(
        "Indicator 16.2.2 of the Sustainable Development Goals counts detected and undetected "
        "victims; only the detected part can be reported, and it says nothing of prevalence. Rates "
        "by form of exploitation are over the whole population."
    )
    page.show_table(
        pd.DataFrame(
            {
                "Confirmed victims": labels,
                "Number": list(map(_cell, table["numerator"], states)),
                "Per 100,000 a year": list(map(_cell, table["value"], states)),
                "95 % interval": [
                    format_interval(row.ci_low, row.ci_high, decimals=2)
                    for row in table.itertuples()
                ],
            }
        ),
        f"SDG 16.2.2, detected part, {report.words}",
        "tbl-sdg",
        widths=[40, 18, 22, 20],
        decimals={"Per 100,000 a year": 2},
        note=report.tidy.source_line + "; mid-year population: World Bank, shares by sex and age "
        "of an older revision. Garwood's exact Poisson interval on the count",
    )


def beside_the_register(report: BaselineReport) -> None:
    """What others publish of the same years: beside the register's numbers, never spliced."""
    series = external_series(report.project)
    years = [str(year) for year in report.years]
    page.say(
        "Others publish figures of the same years. Each is shown as printed, with who counted "
        "what; they are not put into one series with the register's, and none of them fills a gap "
        "in it. The page on the published sources goes into why they differ."
    )
    lines = [
        _register_line(report, "Victims, potential and confirmed", "PROT-01", "VICTIM", {}),
        _register_line(
            report, "Victims, confirmed", "PROT-01", "VICTIM", {"status_of_victim": "CONFIRMED"}
        ),
        *_external_lines(victim_counts(series), years),
        _register_line(report, "Labour inspections", "PREV-08", "INSPECTION", {}),
        *_external_lines(labour_inspections(series), years),
    ]
    page.show_table(
        pd.DataFrame(lines, columns=["Publisher", "What is counted", *years]),
        "The register beside what others publish",
        "tbl-external",
        widths=[26, 38, *[12] * len(years)],
        note=report.tidy.source_line + "; UNODC's public files, US Trafficking in Persons Reports, "
        "US Department of Labor, as printed",
    )


def trends(report: BaselineReport, series: Sequence[tuple[str, str, str, bool]]) -> None:
    """What the years of the baseline show, in words that small numbers allow.

    `series`: (indicator, unit, what is counted, whether it counts detection).
    """
    tidy, lines, left, made = report.tidy, [], [], 0
    records = "simulated records" if tidy.simulated else "agencies' records"
    source = f"the data bank, {records}"
    for indicator_id, unit, what, detection in series:
        cells = [tidy.cell(indicator_id, year, unit, "count") for year in report.years]
        counts = [count(cell) for cell in cells]
        if any(number is None for number in counts):
            left.append(lower(what))
            continue
        followed: Series = follow(what, unit, report.years, counts, source, detection=detection)
        change = followed.change
        known = change.verdict is not Verdict.TOO_FEW_DATA
        made += known
        low, high = change.interval
        lines.append(
            (
                what,
                *cells,
                format_number(change.ratio, decimals=2) if known else "",
                format_interval(low, high, decimals=2) if known else "",
                TREND[change.verdict],
            )
        )
    if lines:
        page.show_table(
            pd.DataFrame(
                lines,
                columns=[
                    "What is counted",
                    *map(str, report.years),
                    "Ratio a year",
                    "95 % interval",
                    "What can be said",
                ],
            ),
            f"Counts of {report.words}, and what they show",
            "tbl-trends",
            widths=[30, *[8] * len(report.years), 10, 16, 20],
            align="l" + "r" * (len(report.years) + 1) + "ll",
            note=f"{tidy.source_line}. Ratio a year: of Poisson regression, its interval widened "
            "where counts scatter more than by chance",
        )
    if left:
        page.say(f"Not followed, as a year is hidden, rounded or missing: {join_words(left)}.")
    page.say(
        f"{comparisons_sentence(made)} A trend is named only where the interval leaves no doubt; no "
        "evidence of a change is not evidence that nothing changed. More or fewer detected is "
        "neither better nor worse, and does not tell how common trafficking is. Screenings, "
        "inspections and services are work that is planned."
    )


def area_table(report: BaselineReport, area: str) -> None:
    """The indicators of a priority area: each year, the pooled years, the interval, the status."""
    rows = []
    for indicator in report.tidy.indicators:
        if indicator.priority_area == area:
            rows += _indicator_rows(report, indicator)
    heads = ["Indicator", *map(str, report.years), report.words, "95 % interval", "Status"]
    page.show_table(
        pd.DataFrame(rows, columns=heads),
        f"{AREAS[area]}: indicators, {report.words}",
        f"tbl-baseline-{area.lower()}",
        widths=[36, *[9] * len(report.years), 11, 16, 14],
        align="l" + "r" * (len(report.years) + 1) + "ll",
        note=f"{report.tidy.source_line}. Interval and status: of {report.words}. Not pooled: what "
        "does not add up over years, such as persons waiting at a year's end. Fewer than 10: a "
        "share or median of so few is not shown",
    )


def area_series(report: BaselineReport, series: Sequence[tuple[str, str, str, str]]) -> None:
    """Small charts of the area's main counts: (indicator, unit, axis, caption)."""
    for indicator_id, unit, axis, caption in series:
        tidy, spans = report.tidy, []
        cells = [tidy.cell(indicator_id, year, unit, "count") for year in report.years]
        for year in report.years:
            rows = tidy.rows(indicator_id, year, unit, "count")
            low = rows["ci_low"].iloc[0] if len(rows) else pd.NA
            spans.append(None if pd.isna(low) else (float(low), float(rows["ci_high"].iloc[0])))
        name = f"baseline-{indicator_id.lower()}-{unit.lower().replace('_', '-')}"
        picture = years_chart(
            cells, report.years, name, unit=axis, subject=caption, intervals=spans
        )
        drawn = any(span is not None for span in spans)
        more = "; lines are 95 % intervals (exact Poisson)" if drawn else ""
        page.show_figure(
            picture, f"{caption}, {report.words}", f"fig-{name}", note=tidy.source_line + more
        )


def gaps(report: BaselineReport) -> None:
    """Indicators that nobody records yet, and who could."""
    rows = [
        (
            indicator.id,
            indicator.name_en,
            indicator.source_agency,
            indicator.means_of_verification,
        )
        for indicator in report.tidy.indicators
        if _is_not_collected(report, indicator)
    ]
    if not rows:
        page.say("Every indicator of the framework is collected.")
        return
    page.say(
        f"{sentence_case(in_words(len(rows)))} {'indicator is' if len(rows) == 1 else 'indicators are'} "
        "not collected. A gap is a finding: "
        "it is never filled with a zero or an estimate. @tbl-gaps says who could fill each of them."
    )
    page.show_table(
        pd.DataFrame(rows, columns=["Code", "Indicator", "Could be filled by", "From"]),
        "Indicators that are not collected",
        "tbl-gaps",
        widths=[12, 42, 26, 20],
    )


def sources_and_assumptions(report: BaselineReport) -> None:
    """The registers of sources and assumptions, with their ratings."""
    assumptions = load_assumptions(report.project)
    page.show_table(
        assumptions[["assumption_id", "assumption_en", "quality", "impact"]].rename(
            columns={
                "assumption_id": "Code",
                "assumption_en": "Assumption",
                "quality": "Quality",
                "impact": "Impact",
            }
        ),
        "Assumptions, rated for quality and impact",
        "tbl-assumptions",
        widths=[8, 66, 13, 13],
    )
    sources = load_sources(report.project)
    used = sources[sources["impact"] == "high"].copy()
    for column in ("title", "publisher"):
        used[column] = used[column].map(in_short)
    page.show_table(
        used[["title", "publisher", "quality"]].rename(
            columns={"title": "Source", "publisher": "Publisher", "quality": "Quality"}
        ),
        "Published sources of high impact, rated for quality",
        "tbl-sources",
        widths=[50, 35, 15],
    )


def in_short(text: str) -> str:
    """A title or publisher without the technical locator that the register keeps behind it."""
    cut = re.split(
        r"\s*(?:;|\((?=GitHub|GLOTIP database|SP\.)|\sdatasets/|\svia\s|@)", text, maxsplit=1
    )[0]
    return NAMES_OF_FILES.get(cut, cut)


def acronyms(report: BaselineReport) -> None:
    """The acronyms, from their register."""
    acronyms_table(report.project)


def annex_of_sheets(report: BaselineReport) -> None:
    """A sheet an indicator, set closely: what counts, from where, how often, with what care.

    Fields that only the Council can fill in are named once, not forty-three times.
    """
    baselines = {
        indicator.id: baseline_in_words(report, indicator.id)
        for indicator in report.tidy.indicators
    }
    sheets = reference_sheets(report.project, "en", baselines)
    alike = _alike_in_all(sheets)
    waiting = [field.lower() for field, value in alike.items() if not value]
    page.say(
        "A sheet follows for each indicator, after USAID's Performance Indicator Reference Sheet. "
        f"For the Council to fill in, on every sheet: {', '.join(waiting)}."
    )
    page.say_list(
        *(f"{field}, of every indicator: {value}." for field, value in alike.items() if value)
    )
    area = ""
    for indicator in report.tidy.indicators:
        if indicator.priority_area != area:
            area = indicator.priority_area
            page.say(f"## {AREAS[area]}: reference sheets {{#sec-sheets-{area.lower()}}}")
        own = [(field, value) for field, value in sheets[indicator.id] if field not in alike]
        page.say(_sheet_in_words(indicator, own))


def _alike_in_all(sheets: dict[str, list[tuple[str, str]]]) -> dict[str, str]:
    """Fields that say the same on every sheet, with what they say."""
    values: dict[str, set[str]] = {}
    for sheet in sheets.values():
        for field, value in sheet:
            values.setdefault(field, set()).add(value)
    return {field: next(iter(said)) for field, said in values.items() if len(said) == 1}


def _sheet_in_words(indicator: Indicator, sheet: list[tuple[str, str]]) -> str:
    """A sheet as a head and a list, a line a field."""
    named = {"indicator code", "indicator", "indicator (english)", "indicator (spanish)"}
    said = {indicator.id, *indicator.names.values(), AREAS[indicator.priority_area]}
    own = {
        field: f"*{field}:* {escape_markdown(value).rstrip('.')}."
        for field, value in sheet
        if value and value not in said and field.lower() not in named
    }
    grouped = [[own.pop(name) for name in names if name in own] for names in SHEET_LINES]
    lines = [" ".join(parts) for parts in (*grouped, list(own.values())) if parts]
    others = ", ".join(name for name in indicator.names.values() if name != indicator.name_en)
    head = f"**{indicator.id} {indicator.name_en}** ({others})"
    return "\n".join([head, "", *(f"- {line}" for line in lines)])


def _register_line(
    report: BaselineReport, what: str, indicator_id: str, unit: str, cell: dict[str, str]
) -> list[object]:
    name = "Register (simulated records)" if report.tidy.simulated else "Register"
    values = [report.tidy.cell(indicator_id, year, unit, "count", **cell) for year in report.years]
    return [name, what, *values]


def _external_lines(rows: pd.DataFrame, years: list[str]) -> list[list[object]]:
    """A line a publisher's series and vintage, as printed; an en dash where it prints nothing."""
    own = rows[rows["period"].isin(years)]
    lines: list[list[object]] = []
    for (series, vintage), part in own.groupby(["series", "vintage"], sort=False):
        publisher, _, what = str(series).partition("-")
        name = PUBLISHERS.get(publisher, publisher)
        printed = part.groupby("period")["printed"].agg(
            lambda values: "; ".join(dict.fromkeys(values))
        )
        label = what.replace("_", " ").replace("-", " ").capitalize()
        label = EXTERNAL_LABELS.get(str(series), label)
        edition = f", file of {vintage}" if publisher == "unodc" and vintage else ""
        lines.append([name + edition, label, *[printed.get(year) or "–" for year in years]])
    return lines


def _cell(value: Any, status: str) -> Cell:
    return Cell(None if pd.isna(value) else float(value), status)


def _indicator_rows(report: BaselineReport, indicator: Indicator) -> list[list[object]]:
    tidy = report.tidy
    table = tidy.table
    own = table[table["indicator_id"] == indicator.id]
    kinds = own[["unit_of_count", "statistic"]].drop_duplicates().itertuples(index=False)
    rows: list[list[object]] = []
    several = len(own[["unit_of_count", "statistic"]].drop_duplicates()) > 1
    for unit, statistic in kinds:
        kind = KINDS.get(
            (indicator.id, unit, statistic),
            tidy.unit_label(indicator.id, unit).lower() if several else "",
        )
        for category, cell in _lines_of(report, own, unit, statistic):
            what = category or kind
            opening = indicator.id if rows else f"{indicator.id} {indicator.name_en}"
            between = (" " if rows else ": ") if what else ""
            label = f"{opening}{between}{what}{STATISTIC.get(statistic, '')}"
            cells = [
                tidy.cell(indicator.id, year, unit, statistic, **cell) for year in report.years
            ]
            pooled = tidy.rows(indicator.id, report.baseline, unit, statistic, **cell)
            if len(pooled):
                whole = tidy.cell(indicator.id, report.baseline, unit, statistic, **cell)
                low, high = pooled["ci_low"].iloc[0], pooled["ci_high"].iloc[0]
                interval = format_interval(low, high, decimals=0 if statistic == "count" else 1)
                status = STATES.get(whole.status, "") or _why_not(pooled)
            else:
                whole, interval, status = Cell(None, "NAP"), "", "not pooled"
            printed = [_fixed(one, statistic) for one in (*cells, whole)]
            rows.append([label, *printed, interval, status])
    return rows


def _lines_of(
    report: BaselineReport, own: pd.DataFrame, unit: str, statistic: str
) -> list[tuple[str, dict[str, str]]]:
    """The lines of an indicator: its total or, where a total means nothing, its categories."""
    if not statistic or _has_total(own, unit, statistic):
        return [("", {})]
    mine = own[(own["unit_of_count"] == unit) & (own["statistic"] == statistic)]
    lines = []
    for dimension in DIMENSIONS:
        codes = [code for code in dict.fromkeys(mine[dimension]) if code != "Total"]
        codes.sort(key=lambda code: (STAGES.index(code) if code in STAGES else 0, code))
        lines += [(lower(report.tidy.label(dimension, code)), {dimension: code}) for code in codes]
    return lines


def _fixed(cell: Cell, statistic: str) -> Cell:
    """Shares with one decimal and rates with two, whatever their last digits are."""
    if cell.value is None or statistic == "count":
        return cell
    return Cell(format_number(cell.value, decimals=DECIMALS.get(statistic, 1)), cell.status)


def _why_not(rows: pd.DataFrame) -> str:
    """Why an indicator has no value of the pooled years, from the notes of its rows."""
    notes = " ".join(str(note) for note in rows["note"])
    return next((words for begins, words in WHY_NOT.items() if begins in notes), "not computed")


def _state(report: BaselineReport, indicator: Indicator) -> str:
    """How the baseline of an indicator stands: published if any of its values is."""
    states = [str(row[-1]) for row in _indicator_rows(report, indicator)]
    printed = [s for s in states if s not in HELD | {"not collected", "not computed"}]
    return printed[0] if printed else (states or ["not computed"])[0]


def _has_total(own: pd.DataFrame, unit: str, statistic: str) -> bool:
    mine = own[(own["unit_of_count"] == unit) & (own["statistic"] == statistic)]
    whole = (mine[list(DIMENSIONS)] == "Total").all(axis=1)
    return bool(whole.any())


def _is_not_collected(report: BaselineReport, indicator: Indicator) -> bool:
    own = report.tidy.table[report.tidy.table["indicator_id"] == indicator.id]
    return bool((own["status"] == "NC").all())
