"""What others have published on the country, read as it was printed (`data/published`)."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd

from atips_analysis.errors import InputError
from atips_analysis.framework.register_files import numbers_of, read_framework_table
from atips_analysis.project import Project
from atips_analysis.published.mappings import load_countries

COUNCIL_FIGURES = "*_report_????_figures.csv"
FIRST_UNODC_VINTAGE_WITH_ZEROS = "2025-10-28"
"""From this file on UNODC prints zeros, so "<5" means 1 to 4; before, 0 to 4."""


def load_unodc(project: Project) -> pd.DataFrame:
    """UNODC's rows on the country in every vintage, one row a printed cell.

    Columns: vintage (date of the file), source_id, row (line in the file), indicator,
    dimension, category (as printed), name (the category under one name in all vintages), sex,
    age, year, printed (as it stands, such as "<5"), value (missing
    where hidden), low and high (what the print says of a hidden count, by vintage).

    Raises InputError if no file is there, or a printed value is neither a number nor "<5".
    """
    paths = sorted(project.published.glob("unodc_glotip_*_????-??-??.csv"))
    if not paths:
        raise InputError("data/published holds no file of UNODC; restore it from the repository")
    frame = pd.concat([_unodc_file(path) for path in paths], ignore_index=True)
    names = {printed: name for printed, (name, _) in load_countries(project).items()}
    frame.insert(frame.columns.get_loc("category") + 1, "name", frame["category"].replace(names))
    return frame


def load_us_reports(project: Project) -> pd.DataFrame:
    """Figures of the US Trafficking in Persons Reports, with `row` and `value` as a number.

    Tiers (categories, not counts) keep their text in `printed`, and a missing value.
    """
    table = read_framework_table(
        the_file(project, "us_tip_report_*.csv"),
        columns="""report_year indicator value value_qualifier unit period_start period_end source_id
            locator confidence note""".split(),
    )
    return _with_numbers(table)


def load_labour_enforcement(project: Project) -> pd.DataFrame:
    """Labour enforcement as the US Department of Labor prints it; not published is missing."""
    table = read_framework_table(
        the_file(project, "us_dol_labour_enforcement_*.csv"),
        columns="""indicator value value_qualifier unit period_start period_end source_id locator
            confidence""".split(),
        key=["indicator", "period_start", "period_end"],
    )
    return _with_numbers(table)


def load_council_figures(project: Project) -> pd.DataFrame:
    """The figures of the Council's 2024 report, one row a figure; pictures have no value."""
    table = read_framework_table(
        the_file(project, COUNCIL_FIGURES),
        columns="""figure_id source_id chapter statement value unit period_start period_end breakdown
            locator quality_note""".split(),
        key=["figure_id"],
    )
    return _with_numbers(table)


def counted_from_lists(project: Project) -> frozenset[str]:
    """The Council's figures that its report prints as no number: they were counted from its lists."""
    path = project.framework / f"back_test_{year_of_the_report(project)}.csv"
    if not path.is_file():
        return frozenset()
    table = read_framework_table(path, columns=["figure_id", "printed"], key=["figure_id"])
    return frozenset(table.loc[table["printed"].fillna("") == "", "figure_id"])


def year_of_the_report(project: Project) -> int:
    """The year of the Council's report whose figures are kept, by the name of their file."""
    return int(the_file(project, COUNCIL_FIGURES).stem.split("_")[-2])


def the_file(project: Project, pattern: str) -> Path:
    """The one file of a kind in `data/published`, which is named with its country or its year.

    Raises InputError if there is none, or more than one.
    """
    paths = sorted(project.published.glob(pattern))
    if len(paths) != 1:
        found = ", ".join(path.name for path in paths) or "none"
        raise InputError(
            f"one file {pattern} is needed, and there is {found}; keep one (with its header alone "
            "where nothing is published)",
            file="data/published",
        )
    return paths[0]


def describes_single_persons(council: pd.DataFrame) -> pd.Series:
    """Which of the Council's figures describe one or a few persons rather than count them.

    They are public, and are not repeated: small counts by citizenship, stage or survivors.
    """
    detailed = council["breakdown"].str.contains(r"citizenship=|stage=|survivors=", regex=True)
    return detailed & council["value"].lt(6)


def load_regional_rates(project: Project) -> pd.DataFrame:
    """UNODC's rates of detected victims per 100,000 in other areas: area, year, rate, source_id."""
    path = project.published / "regional_benchmarks.csv"
    table = read_framework_table(path, columns=["year", "area", "indicator", "value", "source_id"])
    own = table[table["indicator"] == "detected_victims_rate"]
    rates = own.assign(rate=numbers_of(own, "value", path, whole=False).astype(float))
    return rates[["area", "year", "rate", "source_id"]].reset_index(drop=True)


def load_population(project: Project) -> pd.Series:
    """Mid-year population by year, of the source that the profile names for rates."""
    path = the_file(project, "population_*.csv")
    table = read_framework_table(
        path, columns=["year", "area", "sex", "age_group", "value", "unit", "source_id"]
    )
    source = project.profile["country"]["population_source"]
    own = table[
        (table["source_id"] == source) & (table["sex"] == "total") & (table["age_group"] == "all")
    ]
    if own.empty and len(table):
        raise InputError(
            f"no row of {source}, the population source that data/council/profile.toml names; add "
            "its rows, or name there the source that has rows",
            file=f"data/published/{path.name}",
        )
    value, year = (numbers_of(own, column, path).astype(int) for column in ("value", "year"))
    series = pd.Series(value.to_numpy(), index=year, name="population")
    return series.sort_index()


def _unodc_file(path: Path) -> pd.DataFrame:
    table = read_framework_table(
        path, columns=["Indicator", "Dimension", "Category", "Sex", "Age", "Year", "txtVALUE"]
    )
    vintage = path.stem[-10:]
    frame = pd.DataFrame(
        {
            "vintage": vintage,
            "source_id": f"UNODC-GLOTIP-{vintage[:4]}",
            "row": range(2, len(table) + 2),
            "indicator": table["Indicator"],
            "dimension": table["Dimension"],
            "category": table["Category"],
            "sex": table["Sex"],
            "age": table["Age"],
            "year": numbers_of(table, "Year", path).astype(int),
            "printed": table["txtVALUE"],
        }
    )
    wrong = ~frame["printed"].str.fullmatch(r"\d+|<5")
    if wrong.any():
        at = int(wrong.to_numpy().argmax())
        raise InputError(
            f'{frame.loc[at, "printed"]!r} is neither a whole number nor "<5"',
            file=f"data/published/{path.name}",
            row=at + 2,
        )
    hidden = frame["printed"] == "<5"
    frame["value"] = pd.to_numeric(frame["printed"].mask(hidden), errors="coerce")
    least = 1 if vintage >= FIRST_UNODC_VINTAGE_WITH_ZEROS else 0
    frame["low"] = frame["value"].fillna(least).astype(int)
    frame["high"] = frame["value"].fillna(4).astype(int)
    return frame


def _with_numbers(table: pd.DataFrame) -> pd.DataFrame:
    numeric = table["value"].str.fullmatch(r"-?\d+(\.\d+)?")
    return table.assign(
        row=range(2, len(table) + 2),
        printed=table["value"],
        value=pd.to_numeric(table["value"].where(numeric), errors="coerce"),
    )


def calendar_year(period_start: str, period_end: str) -> int | None:
    """The calendar year that a period covers exactly, or None."""
    match = re.fullmatch(r"(\d{4})-01-01 (\d{4})-12-31", f"{period_start} {period_end}")
    return int(match[1]) if match and match[1] == match[2] else None


PERIOD = re.compile(r"(\d{4}-\d{2}-\d{2}) to (\d{4}-\d{2}-\d{2})")


def periods_in_months(text: str) -> str:
    """A text whose periods are named by their months: 2021-04-01 to 2022-03-31, Apr 2021 to Mar 2022."""

    def months(found: re.Match[str]) -> str:
        start, end = (pd.Timestamp(day) for day in found.groups())
        return f"{start:%b %Y} to {end:%b %Y}"

    return PERIOD.sub(months, text)


UNODC_KEY = ["indicator", "dimension", "category", "sex", "age"]
"""What names a cell of UNODC within a year."""


def load_meetings(project: Project, year: int) -> pd.DataFrame:
    """The meetings that a published report of a year names; no row where none is kept.

    Columns: source_id, month (1 to 12, missing where it is not printed), days (such as 25-27, or
    blank), meeting, with (blank where it says itself), figure_id (of who came, in the council's
    figures; blank where not printed), locator. They stand in the order of the year.
    """
    columns = ["source_id", "month", "days", "meeting", "with", "figure_id", "locator"]
    found = sorted(project.published.glob(f"*_report_{year}_meetings.csv"))
    if not found:
        return pd.DataFrame(columns=columns)
    table = read_framework_table(found[0], columns=columns, key=["month", "meeting"])
    month = numbers_of(table, "month", found[0], blank=True)
    return table.assign(month=month).sort_values("month", kind="stable", ignore_index=True)
