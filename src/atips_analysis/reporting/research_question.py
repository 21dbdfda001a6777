"""What a new research notebook starts from: one indicator over the years, and its breakdowns."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from atips_analysis.indicators import measures
from atips_analysis.reporting import page
from atips_analysis.reporting.charts import years_chart
from atips_analysis.reporting.research_inputs import Study, check_one_of, check_years, open_study

MEANINGS = {
    "indicator": "the indicator that the question is about",
    "first_year": "first year",
    "last_year": "last year",
}


def open_question(
    inputs: Path, project: Path, indicator: str, first_year: int, last_year: int
) -> Study:
    """Check the parameters and read the data."""
    values = {"indicator": indicator, "first_year": first_year, "last_year": last_year}
    study = open_study(inputs, project, MEANINGS, values)
    known = dict.fromkeys(one.indicator_id for one in measures() if one.statistic == "count")
    check_one_of("indicator", indicator, list(known))
    check_years(study)
    return study


def series(study: Study) -> None:
    """The indicator's first count by year: figure and table."""
    tidy, years = study.tidy, study.years
    one = _first_count(study)
    cells = [tidy.cell(one.indicator_id, year, one.unit, "count") for year in years]
    name = tidy.indicator(one.indicator_id).name_en
    unit = tidy.unit_label(one.indicator_id, one.unit)
    picture = years_chart(cells, years, "by-year", unit=unit, subject=name)
    page.show_figure(
        picture, f"{name}, {years[0]}–{years[-1]}", "fig-by-year", note=tidy.source_line
    )
    page.show_table(
        pd.DataFrame([[name, *cells]], columns=["Indicator", *map(str, years)]),
        f"{one.indicator_id}: {unit.lower()}",
        "tbl-by-year",
        note=tidy.source_line,
    )


def breakdowns(study: Study) -> None:
    """A table for each breakdown that the indicator has."""
    tidy = study.tidy
    one = _first_count(study)
    for dimension in (part for table in one.by if len(table) == 1 for part in table):
        name = "status_of_victim" if dimension == "status" else dimension
        frame = tidy.across(one.indicator_id, study.years, name, unit=one.unit, statistic="count")
        if len(frame) > 1:
            page.show_table(
                frame,
                f"{tidy.indicator(one.indicator_id).name_en} by {name.replace('_', ' ')}",
                f"tbl-{name.replace('_', '-')}",
                note=tidy.source_line,
            )


def _first_count(study: Study):  # type: ignore[no-untyped-def]
    return next(one for one in measures(study["indicator"]) if one.statistic == "count")
