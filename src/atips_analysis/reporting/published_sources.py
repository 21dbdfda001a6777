"""What the page on published sources says: its findings, tables and pictures, all from data."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from atips_analysis.errors import InputError
from atips_analysis.framework import load_sources
from atips_analysis.framework.contradictions import find_contradictions
from atips_analysis.framework.published import load_council_figures, load_unodc
from atips_analysis.framework.tables import read_framework_table, records
from atips_analysis.framework.vintages import count_differences, vintage_differences
from atips_analysis.indicators import external
from atips_analysis.project import Project
from atips_analysis.reporting.bars import Bar, lying_bars, standing_bars
from atips_analysis.reporting.lanes import Lane, Span, period_lanes
from atips_analysis.reporting.numbers import (
    NO_BREAK,
    Cell,
    format_interval,
    format_number,
    is_missing,
)
from atips_analysis.reporting.points import Series, counts_over_years, rates_with_intervals
from atips_analysis.reporting.style import GREY, NAVY, ORANGE, TEAL, Picture
from atips_analysis.reporting.text import in_words, join_words
from atips_analysis.reporting.tiles import tile_table
from atips_analysis.reporting.wording import Text, follow, trend_sentence
from atips_analysis.statistics import Verdict

VICTIM_SERIES = {
    "us-potential_victims_identified": ("US reports: potential", NAVY),
    "us-confirmed_victims_identified_by_government": ("US reports: confirmed", TEAL),
    "us-victims_identified": ("US reports: status not stated", GREY),
    "unodc-detected-victims": ("UNODC: detected", ORANGE),
}
STATUS_WORDS = {
    "POTENTIAL": "potential",
    "CONFIRMED": "confirmed",
    "UNKNOWN": "not stated",
    "Total": "does not apply",
}


@dataclass(frozen=True)
class Sources:
    """All that the page is made from, read once.

    `series` are all published figures; `victims` those on victims by calendar year inside the
    years asked for; `findings` the contradictions; `differences` the cells that UNODC changed.
    """

    project: Project
    first_year: int
    last_year: int
    confidence: float
    series: pd.DataFrame
    victims: pd.DataFrame
    population: pd.Series
    findings: pd.DataFrame
    differences: pd.DataFrame
    council: pd.DataFrame


def read_sources(
    project: Project, first_year: int, last_year: int, confidence: float = 0.95
) -> Sources:
    """Read every published source and run every check.

    Raises
    ------
    InputError
        If the years stand the wrong way round or hold no figure, or confidence is not between
        0.5 and 1.
    """
    if first_year > last_year:
        raise InputError(f"first_year {first_year} is after last_year {last_year}; swap them")
    if not 0.5 <= confidence < 1:
        raise InputError(f"confidence {confidence} is not from 0.5 to below 1; 0.95 is usual")
    series = external.external_series(project)
    victims = external.victim_counts(series)
    inside = victims["period"].astype(int).between(first_year, last_year)
    if not inside.any():
        known = victims["period"].astype(int)
        raise InputError(
            f"no figure on victims from {first_year} to {last_year}; there are figures for "
            f"{known.min()} to {known.max()}"
        )
    return Sources(
        project=project,
        first_year=first_year,
        last_year=last_year,
        confidence=confidence,
        series=series,
        victims=victims[inside].reset_index(drop=True),
        population=external.population_for_rates(project),
        findings=find_contradictions(project),
        differences=vintage_differences(load_unodc(project)),
        council=load_council_figures(project),
    )


def key_figures(sources: Sources) -> list[tuple[str, str]]:
    """Four numbers that sum the page up."""
    year, printed = _year_with_most_counts(sources)
    numbers = sorted({row["printed"] for row in printed}, key=float, reverse=True)
    convictions = external.convictions(sources.series)
    latest = convictions.loc[convictions["period"].str.fullmatch(r"\d{4}"), "period"].max()
    of_latest = convictions[convictions["period"] == latest]
    return [
        (str(len(sources.findings)), "contradictions, breaks and gaps found by code"),
        (f",{NO_BREAK}".join(numbers), f"victims in {year}, by what is counted and who prints it"),
        (
            " or ".join(sorted(of_latest["printed"], reverse=True)),
            f"persons convicted in {latest}, by source",
        ),
        (
            format_number((sources.differences["change"] != "zero now shown").sum()),
            "cells that UNODC added or removed from one file to the next",
        ),
    ]


def key_findings(sources: Sources) -> list[str]:
    """The findings in sentences, most important first; every number comes from the data."""
    return [
        text
        for text in (
            _finding_on_victims(sources),
            _finding_on_the_break(sources),
            trend_of_potential_victims(sources),
            _finding_on_convictions(sources),
            _finding_on_unodc(sources),
            _finding_on_the_council(sources),
        )
        if text
    ]


def trend_of_potential_victims(sources: Sources) -> str:
    """Whether potential victims changed over the years that US reports give without a gap."""
    own = sources.victims[
        (sources.victims["series"] == "us-potential_victims_identified")
        & (sources.victims["confidence"] == "read_in_source")
    ]
    years = own["period"].astype(int).tolist()
    if len(years) < 3:
        return ""
    followed = follow(
        Text("Potential victims identified", "Víctimas potenciales identificadas"),
        "VICTIM",
        years,
        [int(value) for value in own["value"]],
        Text("US Trafficking in Persons Reports", "Informes de EE. UU. sobre la trata de personas"),
        detection=True,
        confidence=sources.confidence,
    )
    said = followed.change.verdict in (Verdict.INCREASE, Verdict.DECREASE)
    head = "Potential victims changed." if said else "Numbers this small show no trend."
    return f"**{head}** {trend_sentence(followed)}"


def source_table(sources: Sources) -> pd.DataFrame:
    """What each publisher counts, for which years, and how far it can be relied on."""
    ratings = load_sources(sources.project).set_index("source_id")
    groups = [
        ("Council, 2024 report", ["ATIPS-2024"], "its own figures, in its own units"),
        ("UNODC, file of 2025", ["UNODC-GLOTIP-2025"], "detected victims; persons by stage"),
        ("UNODC, file of 2023", ["UNODC-GLOTIP-2023"], "the same, two years earlier"),
        ("US reports, read", _us_ids(sources, "read_in_source"), "potential or confirmed victims"),
        ("US reports, second hand", _us_ids(sources, "second_hand"), "the same, from the press"),
        ("US Department of Labor", ["DOL-ILAB"], "labour inspectors and inspections"),
        ("World Bank", ["WB-POP"], "mid-year population, for rates"),
    ]
    rows = []
    for name, ids, counts in groups:
        own = sources.series[sources.series["source_id"].isin(ids)]
        years = own["period_end"].str[:4].astype(int) if len(own) else sources.population.index
        first, last = years.min(), years.max()
        if ids == ["ATIPS-2024"]:  # its Strategy reaches on to 2028; its figures are on one year
            first = last = int(str(ratings.loc["ATIPS-2024", "year"]))
        quality = ratings.loc[[one for one in ids if one in ratings.index], "quality"]
        rows.append(
            {
                "Publisher": name,
                "What it counts": counts,
                "Years": f"{first}\N{EN DASH}{last}" if first != last else str(first),
                "Figures": len(own) or len(sources.population),
                "Quality": join_words(sorted(set(quality), key=["high", "medium", "low"].index)),
            }
        )
    return pd.DataFrame(rows)


def victims_picture(sources: Sources, folder: Path = Path()) -> Picture:
    """Victims by year and source, with exact intervals and the break in status."""
    counted = external.with_intervals(_newest(sources.victims), sources.confidence)
    drawn = [
        Series(
            name,
            pd.DataFrame(
                {
                    "x": own["period"].astype(int),
                    "value": own["value"],
                    "low": own["ci_low"].fillna(own["low"].astype("Float64")),
                    "high": own["ci_high"].fillna(own["high"].astype("Float64")),
                    "status": own["status"],
                    "hollow": own["confidence"] == "second_hand",
                }
            ),
            colour,
        )
        for key, (name, colour) in VICTIM_SERIES.items()
        if len(own := counted[counted["series"] == key])
    ]
    last_potential = _last_potential_year(sources)
    return counts_over_years(
        drawn,
        unit="Victims (count)",
        folder=folder,
        name="victims-by-source",
        break_after=last_potential,
        break_label="US reports: from potential\nto confirmed victims" if last_potential else "",
    )


def victims_table(sources: Sources) -> pd.DataFrame:
    """Victims as printed, a row a year, a column a source, vintage and status."""
    own = sources.victims
    years = range(int(own["period"].min()), int(own["period"].max()) + 1)
    columns = {
        "US reports: potential": own["series"] == "us-potential_victims_identified",
        "US reports: confirmed": own["series"] == "us-confirmed_victims_identified_by_government",
        "US reports: not stated": own["series"] == "us-victims_identified",
        **{
            f"UNODC, file of {vintage[:4]}": (own["series"] == "unodc-detected-victims")
            & (own["vintage"] == vintage)
            for vintage in sorted(
                own.loc[own["series"] == "unodc-detected-victims", "vintage"].unique()
            )
        },
    }
    rows = []
    for year in years:
        row: dict[str, object] = {"Year": year}
        for name, mask in columns.items():
            printed = own[mask & (own["period"] == str(year))]
            row[name] = "; ".join(_printed(item) for item in records(printed))
        rows.append(row)
    return pd.DataFrame(rows)


def rates_picture(sources: Sources, folder: Path = Path()) -> Picture:
    """Rates per 100,000 with exact intervals: detected victims, and potential ones apart."""
    rates = _rates(sources)
    keys = ("unodc-detected-victims", "us-potential_victims_identified")
    groups = [
        Series(
            f"{VICTIM_SERIES[key][0]} victims",
            pd.DataFrame(
                {
                    "x": own["period"],
                    "value": own["value"],
                    "low": own["ci_low"],
                    "high": own["ci_high"],
                    "status": own["status"],
                    "hollow": own["confidence"] == "second_hand",
                }
            ),
            VICTIM_SERIES[key][1],
        )
        for key in keys
        if len(own := rates[rates["series"] == key])
    ]
    return rates_with_intervals(
        groups,
        unit="Per 100,000 population",
        folder=folder,
        name="rates-per-100000",
        references=regional_rates(sources.project),
    )


def rates_table(sources: Sources) -> pd.DataFrame:
    """Rates as numbers: count, population, rate and exact interval, each with its status."""
    rates = _rates(sources)
    rates = rates[rates["series"].isin(VICTIM_SERIES)]
    rates = rates.sort_values(["series", "period"], kind="stable")
    shown = rates["status"].isin(["OK", "Z"])
    return pd.DataFrame(
        {
            "Source and status": [VICTIM_SERIES[key][0] for key in rates["series"]],
            "Year": rates["period"],
            "Victims": [
                Cell(value, status)
                for value, status in zip(rates["numerator"], rates["status"], strict=True)
            ],
            "Population": rates["denominator"],
            "Per 100,000": [
                Cell(format_number(value, "en", 1) if keep else None, "OK" if keep else "C")
                for value, keep in zip(rates["value"], shown, strict=True)
            ],
            "Interval": [
                format_interval(low, high)
                for low, high in zip(rates["ci_low"], rates["ci_high"], strict=True)
            ],
        }
    )


def regional_rates(project: Project) -> list[tuple[str, float]]:
    """UNODC's rates of detected victims for other areas, with their year."""
    table = read_framework_table(
        project.published / "regional_benchmarks.csv", columns=["year", "area", "indicator"]
    )
    own = table[table["indicator"] == "detected_victims_rate"]
    return [(f"{row['area']} {row['year']}", float(row["value"])) for row in records(own)]


def convictions_picture(sources: Sources, folder: Path = Path()) -> Picture:
    """Persons convicted over the periods that each source covers."""
    found = external.convictions(sources.series)
    start = pd.to_datetime(found["period_start"])
    end = pd.to_datetime(found["period_end"]) + pd.Timedelta(days=1)
    found = found.assign(start=_as_years(start), end=_as_years(end))
    found = found[(found["end"] > sources.first_year) & (found["start"] <= sources.last_year)]
    us = found["series"] == "us-convictions"
    calendar = found["period"].str.fullmatch(r"\d{4}")
    lanes = [
        ("Council", found["series"] == "council-PRS-05", TEAL),
        ("UNODC, newest file", found["series"] == "unodc-convicted", ORANGE),
        ("US reports, calendar years", us & calendar, NAVY),
        ("US reports, other periods", us & ~calendar, NAVY),
    ]
    drawn = [Lane(name, colour, _spans(found[mask])) for name, mask, colour in lanes if mask.any()]
    return period_lanes(
        drawn, unit="Persons convicted", folder=folder, name="convictions-by-source"
    )


def convictions_table(sources: Sources) -> pd.DataFrame:
    """Persons convicted as printed, by source and period."""
    found = external.convictions(sources.series)
    found = found[found["period_end"].str[:4].astype(int) >= sources.first_year]
    names = {
        "us-convictions": "US reports",
        "unodc-convicted": "UNODC",
        "council-PRS-05": "Council",
    }
    return pd.DataFrame(
        {
            "Period": [_period_words(text) for text in found["period"]],
            "Source": [
                f"{names[key]} ({source})"
                for key, source in zip(found["series"], found["source_id"], strict=True)
            ],
            "Convicted, as printed": found["printed"],
            "Read or second hand": [
                "second hand" if kind == "second_hand" else "read" for kind in found["confidence"]
            ],
        }
    )


def inspections_picture(sources: Sources, folder: Path = Path()) -> Picture:
    """Labour inspections a year; years without a figure stand open."""
    found = external.labour_inspections(sources.series)
    bars = [
        Bar(
            row["period"],
            None if is_missing(row["value"]) else float(row["value"]),
            row["status"],
            TEAL if row["source_id"] == "ATIPS-2024" else NAVY,
        )
        for row in records(found)
    ]
    return standing_bars(
        bars, unit="Labour inspections (count)", folder=folder, name="labour-inspections"
    )


def inspections_sentence(sources: Sources) -> str:
    """What stands beside the labour inspections in the same sources."""
    found = external.labour_inspections(sources.series)
    missing = found.loc[found["status"] == "M", "period"].tolist()
    known = found[found["status"] != "M"]
    printed = dict(zip(sources.council["figure_id"], sources.council["value"], strict=True))
    total, child = float(printed["LAB-01"]), float(printed["LAB-02"])
    return (
        f"There are figures for {in_words(len(known))} of {in_words(len(found))} years; for "
        f"{join_words(missing)} nothing is in print, which is no zero. In {known['period'].max()} "
        f"the Council printed {format_number(total)} inspections, {format_number(child)} of them "
        f"on child labour ({format_number(100 * child / total, 'en', 1)}\N{NO-BREAK SPACE}%). "
        "The lowest year, "
        f"{known.sort_values('value')['period'].iloc[0]}, had "
        f"{format_number(known['value'].min())}."
    )


def training_picture(sources: Sources, folder: Path = Path()) -> Picture:
    """The training table of the 2024 report, as printed, with other figures for the same."""
    table = sources.council[sources.council["unit"].str.startswith("as printed")]
    bars = [
        Bar(row["statement"].removeprefix("Training and sensitization: "), float(row["value"]))
        for row in records(table.sort_values("value", ascending=False))
    ]
    unit = "As printed under “sessions”; the numbers read as participants"
    return lying_bars(bars, unit=unit, folder=folder, name="training-2024")


def vintages_picture(sources: Sources, folder: Path = Path()) -> Picture:
    """How many cells UNODC added or removed, or now shows as zero, by indicator and year."""
    counts = count_differences(sources.differences)
    counts["all"] = counts[["added", "removed", "changed", "zero now shown"]].sum(axis=1)
    total = counts.pivot(index="indicator", columns="year", values="all")
    parts = counts.assign(
        text=[
            _tile_text(row["added"], row["removed"], row["zero now shown"], row["changed"])
            for row in records(counts)
        ]
    ).pivot(index="indicator", columns="year", values="text")
    return tile_table(
        total,
        texts=parts,
        unit="Cells that differ between UNODC's two files",
        folder=folder,
        name="vintage-differences",
        row_height=0.62,
    )


def vintages_sentence(sources: Sources) -> str:
    """What changed between UNODC's two files, in words."""
    kinds = sources.differences["change"].value_counts()
    newest = sources.differences["year"].max()
    added = sources.differences[sources.differences["change"] == "added"]
    of_new_year = int((added["year"] == newest).sum())
    renamed = sources.findings[sources.findings["check"] == "Category renamed"]
    changed = int(kinds.get("changed", 0))
    return (
        f"UNODC's newer file prints {format_number(kinds.get('added', 0))} cells that the older "
        f"one lacks, {format_number(of_new_year)} of them for {newest}, and leaves out "
        f"{in_words(int(kinds.get('removed', 0)))} that it had. "
        f"{format_number(kinds.get('zero now shown', 0))} cells went from “<5” to 0: that is the "
        "newer file's rule on zeros, not a new count. "
        + (
            "No count of five or more was changed. "
            if not changed
            else f"{format_number(changed)} counts were changed. "
        )
        + f"In {in_words(len(renamed))} cases a citizenship of one file stands under another name "
        "in the next."
    )


def council_table(sources: Sources) -> pd.DataFrame:
    """The Council's figures with what is to be noted; descriptions of single persons left out."""
    own = sources.council[~describes_single_persons(sources.council)]
    return pd.DataFrame(
        {
            "Figure": own["figure_id"],
            "Statement": own["statement"],
            "Value": [
                _council_value(value, unit)
                for value, unit in zip(own["value"], own["unit"], strict=True)
            ],
            "Unit": own["unit"].str.removeprefix("as printed: "),
            "To be noted": own["quality_note"],
        }
    )


def council_sentence(sources: Sources) -> str:
    """How many of the Council's figures there are, and how many have a number."""
    own = sources.council
    known = int(own["value"].notna().sum())
    left_out = int(describes_single_persons(own).sum())
    return (
        f"The 2024 report holds {len(own)} figures, {known} of them with a number; "
        f"{in_words(len(own) - known)} were printed as pictures or without one. "
        f"{in_words(left_out).capitalize()} figures that describe one or a few persons are "
        "public, and are left out of the list at the end of this page (@tbl-council)."
    )


def describes_single_persons(council: pd.DataFrame) -> pd.Series:
    """Figures broken down so far that they describe persons rather than count them."""
    detailed = council["breakdown"].str.contains(r"citizenship=|stage=|survivors=", regex=True)
    return detailed & council["value"].lt(6)


GROUPS = {
    "between": "Between sources",
    "UNODC": "Inside UNODC's files",
    "US": "Inside the US reports",
    "Council": "Inside the Council's own texts",
}
"""Where a contradiction lies; the keys are those of `contradictions_table`."""


def contradictions_table(sources: Sources, group: str) -> pd.DataFrame:
    """The findings of one group of `GROUPS`: the check, and what it found."""
    own = sources.findings[sources.findings["sources"].map(_group_of) == group]
    return pd.DataFrame({"Check": own["check"], "What was found": own["found"].map(_sentence)})


def contradictions_sentence(sources: Sources) -> str:
    """How many findings there are, and how many in each group."""
    sizes = sources.findings["sources"].map(_group_of).value_counts()
    said = [
        f"{in_words(int(sizes.get(group, 0)))} {title[:1].lower() + title[1:]}"
        for group, title in GROUPS.items()
    ]
    return f"The checks met {len(sources.findings)} things to be noted: {join_words(said)}."


def hidden_rule_sentence(sources: Sources) -> str:
    """What "<5" stands for in each of UNODC's files, and how many cells it hides."""
    hidden = sources.series[sources.series["printed"] == "<5"]
    said = [
        f"in its file of {str(vintage)[:4]} that stands for {int(rows['low'].min())} to "
        f"{int(rows['high'].max())} ({format_number(len(rows))} cells)"
        for vintage, rows in hidden.groupby("vintage")
    ]
    return (
        f"UNODC prints “\\<5” for small counts: {join_words(said)}, because the later file shows "
        "zeros. Each file is read by its own rule, and what is hidden stays hidden here (c)."
    )


def checks_table(sources: Sources) -> pd.DataFrame:
    """How many findings each check gave."""
    counts = sources.findings.groupby("check", sort=False).size()
    return pd.DataFrame({"Check": counts.index, "Findings": counts.to_numpy()})


def _finding_on_victims(sources: Sources) -> str:
    year, rows = _year_with_most_counts(sources)
    said = [
        f"{row['printed']} ({VICTIM_SERIES[row['series']][0]} victims)"
        for row in sorted(rows, key=lambda row: -float(row["value"]))
    ]
    return (
        f"**There is no one number of victims.** For {year} the sources print {join_words(said)}. "
        "They count different things, and none of them counts victims who were not detected."
    )


def _finding_on_the_break(sources: Sources) -> str:
    last = _last_potential_year(sources)
    if last is None:
        return ""
    own = sources.victims.set_index(["series", "period"])["printed"]
    before = own.get(("us-potential_victims_identified", str(last)))
    after = own.get(("us-confirmed_victims_identified_by_government", str(last + 1)))
    return (
        f"**The US reports change what they count after {last}.** {before} potential victims in "
        f"{last} and {after} confirmed ones in {last + 1} are no fall: they are two series."
        f"{_found_by_others(sources, last + 1)}"
    )


def _found_by_others(sources: Sources, year: int) -> str:
    """Victims whom others than the authorities found in a period that begins in the year."""
    own = sources.series[
        (sources.series["series"] == "us-victims_identified_by_ngos")
        & sources.series["period_start"].str.startswith(str(year))
    ]
    if own.empty:
        return ""
    row = own.iloc[0]
    return f" NGOs found {row['printed']} more from {_period_words(row['period'])}."


def _finding_on_convictions(sources: Sources) -> str:
    found = external.convictions(sources.series)
    council = found[found["series"] == "council-PRS-05"].iloc[0]
    other = found[(found["period"] == council["period"]) & (found["series"] == "us-convictions")]
    if other.empty:
        return ""
    return (
        f"**Convictions of {council['period']} are {council['printed']} in the Council's report "
        f"and {other.iloc[0]['printed']} in a second-hand account of the US report.** Both are "
        "shown; this page cannot say which holds."
    )


def _finding_on_unodc(sources: Sources) -> str:
    newest = sources.series.loc[sources.series["series"].str.startswith("unodc"), "source_id"].max()
    own = sources.findings[sources.findings["sources"] == newest]
    repeated = own.loc[own["check"] == "Year repeated", "found"]
    totals = int((own["check"] == "Total that does not add up").sum())
    alike = own.loc[own["check"] == "Two indicators alike", "found"]
    parts = [
        repeated.iloc[0] if len(repeated) else "",
        f"{in_words(totals)} totals of persons convicted are smaller than their parts"
        if totals
        else "",
        alike.iloc[0].split(":")[0] if len(alike) else "",
    ]
    said = "; ".join(part for part in parts if part)
    return f"**UNODC's rows hold errors that a reader can see.** {_sentence(said)}"


def _finding_on_the_council(sources: Sources) -> str:
    own = sources.findings[sources.findings["sources"].str.startswith("ATIPS-2024")]
    units = own.loc[own["check"] == "Unit that does not fit", "found"]
    twice = own.loc[
        (own["check"] == "Same number for different things")
        & own["found"].str.contains("inspections"),
        "found",
    ]
    number = twice.iloc[0].split(" ")[0] if len(twice) else ""
    text = "**The 2024 report's training table needs a second look.** " + _sentence(units.iloc[0])
    if number:
        text += (
            f" Its {number} for teachers is also the number of labour inspections. "
            "Nothing is corrected here."
        )
    return text


def _year_with_most_counts(sources: Sources) -> tuple[str, list[dict[str, Any]]]:
    known = _newest(sources.victims)
    known = known[known["value"].notna()]
    sizes = known.groupby("period")["series"].nunique()
    year = str(sizes[sizes == sizes.max()].index.max())
    return year, records(known[known["period"] == year])


def _last_potential_year(sources: Sources) -> int | None:
    found = sources.findings.loc[sources.findings["check"] == "Break in victim status", "where"]
    if found.empty:
        return None
    year = int(str(found.iloc[0]).split(" ")[0])
    return year if sources.first_year <= year < sources.last_year else None


def _newest(rows: pd.DataFrame) -> pd.DataFrame:
    """Of UNODC the newest vintage alone; of a year restated, the latest report alone."""
    unodc = rows["series"].str.startswith("unodc")
    rows = rows[~unodc | (rows["vintage"] == rows.loc[unodc, "vintage"].max())]
    return rows.drop_duplicates(["series", "period"], keep="last")


def _rates(sources: Sources) -> pd.DataFrame:
    return external.rates_per_100000(
        _newest(sources.victims), sources.population, sources.confidence
    )


def _us_ids(sources: Sources, confidence: str) -> list[str]:
    us = sources.series[sources.series["series"].str.startswith("us-")]
    return sorted(us.loc[us["confidence"] == confidence, "source_id"].unique())


def _printed(row: dict[str, Any]) -> str:
    added = "\N{DOUBLE DAGGER}" if row["note"] == "the two forms printed, added" else ""
    second_hand = "\N{DAGGER}" if row["confidence"] == "second_hand" else ""
    return f"{row['printed']}{added}{second_hand}"


def _period_words(period: str) -> str:
    if " to " not in period:
        return period
    start, end = (pd.Timestamp(text) for text in period.split(" to "))
    return f"{start:%b %Y} to {end:%b %Y}"


def _as_years(days: pd.Series) -> pd.Series:
    """Days as years with their fraction, for an axis."""
    return days.dt.year + (days.dt.dayofyear - 1) / 365.25


def _spans(found: pd.DataFrame) -> tuple[Span, ...]:
    return tuple(
        Span(
            row["start"],
            row["end"],
            row["printed"],
            _period_words(row["period"]),
            row["status"],
            row["confidence"] == "second_hand",
        )
        for row in records(found)
    )


def _tile_text(added: int, removed: int, zeros: int, changed: int) -> str:
    parts = [
        f"+{added}" if added else "",
        f"\N{MINUS SIGN}{removed}" if removed else "",
        f"{changed} changed" if changed else "",
        f"{zeros} now 0" if zeros else "",
    ]
    return "\n".join(part for part in parts if part)


def _group_of(sources: str) -> str:
    families = {
        "UNODC" if one.startswith("UNODC") else "Council" if one.startswith("ATIPS") else "US"
        for one in sources.split(", ")
    }
    return families.pop() if len(families) == 1 else "between"


def _council_value(value: object, unit: str) -> Cell:
    if is_missing(value):
        return Cell(None, "M")
    return Cell(f"{value:.0f}" if unit == "year" else float(str(value)))


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:].rstrip(".") + "."
