"""The baseline report: every indicator of the framework for the years that later ones meet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from atips_analysis.framework import Indicator, load_assumptions, load_sources, reference_sheet
from atips_analysis.indicators import years_of
from atips_analysis.project import Project
from atips_analysis.reporting import page
from atips_analysis.reporting.charts import years_chart
from atips_analysis.reporting.numbers import Cell, format_interval
from atips_analysis.reporting.text import counted
from atips_analysis.reporting.tidy import Tidy, open_tidy

AREAS = {"PREV": "Prevention", "PROT": "Protection", "PROS": "Prosecution", "PART": "Partnership"}
STATISTIC = {
    "count": "",
    "percent": " (%)",
    "rate": " (per 100,000)",
    "ratio": " (ratio)",
    "median": " (median)",
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
        decimals=dict.fromkeys(heads[1:-1], 2),
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
        assumptions[["assumption_en", "quality", "impact"]].rename(
            columns={"assumption_en": "Assumption", "quality": "Quality", "impact": "Impact"}
        ),
        "Assumptions, rated for quality and impact",
        "tbl-assumptions",
        widths=[70, 15, 15],
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


def reference_sheets(report: BaselineReport) -> None:
    """A sheet an indicator: what counts, from where, how, how often, with what care."""
    for indicator in report.tidy.indicators:
        page.say(f"## {indicator.id} {indicator.name_en} {{#sec-{indicator.id.lower()}}}")
        sheet = pd.DataFrame(
            [
                (field, value or "(the Council fills this in)")
                for field, value in reference_sheet(indicator, report.project, "en")
            ],
            columns=["Field", "Value"],
        )
        page.show_table(
            sheet,
            f"Reference sheet {indicator.id}",
            f"tbl-sheet-{indicator.id.lower()}",
            widths=[28, 72],
        )


def _indicator_rows(report: BaselineReport, indicator: Indicator) -> list[list[object]]:
    tidy = report.tidy
    table = tidy.table
    own = table[table["indicator_id"] == indicator.id]
    kinds = own[["unit_of_count", "statistic"]].drop_duplicates().itertuples(index=False)
    rows = []
    several = len(own[["unit_of_count", "statistic"]].drop_duplicates()) > 1
    for unit, statistic in kinds:
        if statistic and not _has_total(own, unit, statistic):
            continue
        label = f"{indicator.id} {indicator.name_en}"
        if several:
            label += f": {tidy.unit_label(indicator.id, unit).lower()}"
        label += STATISTIC.get(statistic, "")
        cells = [tidy.cell(indicator.id, year, unit, statistic) for year in report.years]
        pooled = tidy.rows(indicator.id, report.baseline, unit, statistic)
        if len(pooled):
            cell = tidy.cell(indicator.id, report.baseline, unit, statistic)
            low, high = pooled["ci_low"].iloc[0], pooled["ci_high"].iloc[0]
            interval = format_interval(low, high, decimals=2)
        else:
            cell, interval = Cell(None, "NAP"), ""
        rows.append([label, *cells, cell, interval])
    return rows


def _has_total(own: pd.DataFrame, unit: str, statistic: str) -> bool:
    from atips_analysis.indicators import DIMENSIONS

    mine = own[(own["unit_of_count"] == unit) & (own["statistic"] == statistic)]
    return bool((mine[list(DIMENSIONS)] == "Total").all(axis=1).any())


def _is_not_collected(report: BaselineReport, indicator: Indicator) -> bool:
    own = report.tidy.table[report.tidy.table["indicator_id"] == indicator.id]
    return bool((own["status"] == "NC").all())
