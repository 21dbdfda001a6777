"""The baseline report: every indicator of the framework for the years that later ones meet."""

from __future__ import annotations

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
from atips_analysis.reporting.charts import years_chart
from atips_analysis.reporting.frozen import revised_table, standing
from atips_analysis.reporting.numbers import Cell, format_cell, format_interval
from atips_analysis.reporting.text import counted, escape_markdown
from atips_analysis.reporting.tidy import Tidy, open_tidy
from atips_analysis.reporting.wording import (
    Series,
    Text,
    comparisons_sentence,
    follow,
    trend_sentence,
)
from atips_analysis.statistics import Verdict

AREAS = {"PREV": "Prevention", "PROT": "Protection", "PROS": "Prosecution", "PART": "Partnership"}
PUBLISHERS = {
    "us": "US Trafficking in Persons Reports",
    "unodc": "UNODC",
    "dol": "US Department of Labor",
    "council": "A-TIPs Council, 2024 report",
}
EXTERNAL_LABELS = {
    "council-LAB-01": "Labour inspections",
    "dol-labour_inspections": "Labour inspections",
    "us-potential_victims_identified": "Potential victims identified",
    "us-confirmed_victims_identified_by_government": "Confirmed victims, found by the government",
    "us-victims_identified": "Victims identified",
}
STAGES = ("CHARGED", "COMMITTED", "DISPOSED", "CONVICTED", "CLOSED", "OPEN")
STATISTIC = {
    "count": "",
    "percent": " (%)",
    "rate": " (per 100,000)",
    "ratio": " (ratio)",
    "median": " (median)",
    "mean": " (mean, 0 to 100)",
}


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


def introduction(report: BaselineReport) -> None:
    """What a baseline is for, and what this one holds."""
    indicators = report.tidy.indicators
    fed = [i for i in indicators if not _is_not_collected(report, i)]
    page.say(
        f"A baseline says where things stood, so that later years have something to be held against. "
        f"This one covers {report.words}. Of the framework's {len(indicators)} indicators, "
        f"{len(fed)} can be computed from what agencies returned, and {len(indicators) - len(fed)} are "
        "not collected yet; @sec-gaps says who could.",
        "Years are shown one by one, and pooled where years add up. Numbers are small: an interval "
        "beside a number says how far chance alone may move it from year to year. Indicators of "
        "detection have no good or bad direction, and say nothing of how much trafficking there is.",
    )
    if report.tidy.simulated:
        page.say_warning(
            "Simulated records",
            "The rows behind this baseline were invented so that the software can be tried. It is "
            "not Belize's baseline.",
        )


def seal(report: BaselineReport) -> None:
    """Whether the baseline is frozen, by whom, and what has been revised since."""
    found = standing(report.tidy, report.project, report.baseline)
    page.say(found.sentence)
    revised = revised_table(found, report.tidy) if found.frozen is not None else pd.DataFrame()
    if len(revised):
        page.show_table(
            revised,
            "Totals revised since the baseline was frozen",
            "tbl-revised",
            widths=[52, 16, 16, 16],
            decimals={"Frozen": 2, "Today": 2},
            note=report.tidy.source_line + ", beside the frozen values",
        )


def objectives(report: BaselineReport) -> None:
    """The Strategy's objectives: room for texts that could not be read anywhere."""
    table = load_objectives(report.project)
    blank = int((table["text_en"] == "").sum())
    if blank == len(table):
        page.say(
            f"The Strategy 2024–2028 has {len(table)} objectives. Their text is not published "
            "anywhere that could be read, so that the rows below stay empty until the Council "
            "fills them in; no indicator is put under an objective before that."
        )
    page.show_table(
        pd.DataFrame(
            {
                "Objective": table["objective"],
                "Text": table["text_en"].where(table["text_en"] != "", table["status_en"]),
                "Priority area": table["priority_area"].map(AREAS).fillna(""),
            }
        ),
        "Objectives of the Strategy",
        "tbl-objectives",
        widths=[16, 62, 22],
    )


def results_framework(report: BaselineReport) -> None:
    """The logframe: from impact to inputs, with baseline, target, means and assumptions."""
    frame = logframe(report.project)
    unset = int(frame["target"].isna().sum())
    page.say(
        f"The results framework puts the {len(frame)} indicators in the order of their level: "
        "from impact and outcome down to inputs and context. Targets are the Council's to set, and "
        f"{'none is set yet' if unset == len(frame) else f'{unset} are not set yet'}: they stand "
        "blank. Assumptions are named by their code; @tbl-assumptions has them in words."
    )
    names = {indicator.id: indicator.name_en for indicator in report.tidy.indicators}
    for area, rows in frame.groupby("priority_area", sort=False):
        page.show_table(
            pd.DataFrame(
                {
                    "Level": rows["result"].str.capitalize(),
                    "Indicator": [f"{code} {names[code]}" for code in rows["indicator"]],
                    "Baseline": [
                        baseline_in_words(report, code).removesuffix(f" ({report.words})")
                        for code in rows["indicator"]
                    ],
                    "Target": rows["target"].map(lambda value: "" if pd.isna(value) else value),
                    "Means of verification": rows["means_of_verification"],
                    "Assumptions": rows["assumptions_risks"],
                    "Responsible": rows["responsible"],
                }
            ),
            f"Results framework, {AREAS[str(area)].lower()}",
            f"tbl-logframe-{str(area).lower()}",
            widths=[11, 27, 13, 8, 15, 11, 15],
            align="lllllll",
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
        return {"NC": "not collected", "C": "hidden", "M": "no figure"}.get(cell.status, "–")
    return "–"


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
    tidy, said, made = report.tidy, [], 0
    records = "simulated records" if tidy.simulated else "agencies' records"
    source = Text(f"the data bank, {records}", "el banco de datos")
    for indicator_id, unit, what, detection in series:
        cells = [tidy.cell(indicator_id, year, unit, "count") for year in report.years]
        counts = [None if cell.value is None else int(cell.value) for cell in cells]
        if any(count is None for count in counts):
            said.append(f"{what}: a year is hidden or missing, so that nothing is said.")
            continue
        followed: Series = follow(
            Text(what, what), unit, report.years, counts, source, detection=detection
        )
        made += followed.change.verdict is not Verdict.TOO_FEW_DATA
        said.append(trend_sentence(followed))
    page.say_list(*said)
    page.say(comparisons_sentence(made))


def area_table(report: BaselineReport, area: str) -> None:
    """The indicators of a priority area: each year, the pooled years, the interval, the status."""
    rows = []
    for indicator in report.tidy.indicators:
        if indicator.priority_area == area:
            rows += _indicator_rows(report, indicator)
    heads = ["Indicator", *map(str, report.years), report.words, "95 % interval, pooled"]
    page.show_table(
        pd.DataFrame(rows, columns=heads),
        f"{AREAS[area]}: indicators, {report.words}",
        f"tbl-baseline-{area.lower()}",
        widths=[40, *[10] * len(report.years), 12, 18],
        note=report.tidy.source_line + ". Stocks are not pooled",
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
        (indicator.id, indicator.name_en, indicator.source_agency, indicator.means_of_verification)
        for indicator in report.tidy.indicators
        if _is_not_collected(report, indicator)
    ]
    page.say(
        f"{counted(len(rows), 'indicator is', 'indicators are')} not collected. A gap is a finding: "
        "it is never filled with a zero or an estimate."
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
    used = sources[sources["impact"] == "high"]
    page.show_table(
        used[["title", "publisher", "quality"]].rename(
            columns={"title": "Source", "publisher": "Publisher", "quality": "Quality"}
        ),
        "Published sources of high impact, rated for quality",
        "tbl-sources",
        widths=[50, 35, 15],
    )


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
    """A sheet as a paragraph: field and value, field and value."""
    named = {"indicator code", "indicator", "indicator (english)", "indicator (spanish)"}
    said = {indicator.id, indicator.name_en, indicator.name_es, AREAS[indicator.priority_area]}
    parts = [
        f"*{field}:* {escape_markdown(value)}"
        for field, value in sheet
        if value and value not in said and field.lower() not in named
    ]
    head = f"**{indicator.id} {indicator.name_en}** ({indicator.name_es})."
    return f"{head} {'. '.join(part.rstrip('.') for part in parts)}."


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
        label = f"{indicator.id} {indicator.name_en}"
        if several:
            label += f": {tidy.unit_label(indicator.id, unit).lower()}"
        label += STATISTIC.get(statistic, "")
        for words, cell in _lines_of(report, own, unit, statistic):
            cells = [
                tidy.cell(indicator.id, year, unit, statistic, **cell) for year in report.years
            ]
            pooled = tidy.rows(indicator.id, report.baseline, unit, statistic, **cell)
            if len(pooled):
                whole = tidy.cell(indicator.id, report.baseline, unit, statistic, **cell)
                low, high = pooled["ci_low"].iloc[0], pooled["ci_high"].iloc[0]
                interval = format_interval(low, high, decimals=1)
            else:
                whole, interval = Cell(None, "NAP"), ""
            rows.append([label + words, *cells, whole, interval])
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
        lines += [
            (f", {report.tidy.label(dimension, code).lower()}", {dimension: code}) for code in codes
        ]
    return lines


def _has_total(own: pd.DataFrame, unit: str, statistic: str) -> bool:
    mine = own[(own["unit_of_count"] == unit) & (own["statistic"] == statistic)]
    whole = (mine[list(DIMENSIONS)] == "Total").all(axis=1)
    return bool(whole.any())


def _is_not_collected(report: BaselineReport, indicator: Indicator) -> bool:
    own = report.tidy.table[report.tidy.table["indicator_id"] == indicator.id]
    return bool((own["status"] == "NC").all())
