"""Where published sources contradict themselves or one another, found by looking at all of them.

Each check is a function of the tables of `atips_analysis.published.sources` and returns rows
with the columns check, found (in words), where and sources. None of them corrects anything, and
none works out a hidden count: a hidden count takes part with the range that its publisher states.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import wraps
from itertools import combinations
from typing import Any, ParamSpec

import pandas as pd

from atips_analysis.framework.register_files import records
from atips_analysis.project import Project
from atips_analysis.published.mappings import Concept, load_concepts, load_parts
from atips_analysis.published.sources import (
    UNODC_KEY,
    calendar_year,
    load_council_figures,
    load_labour_enforcement,
    load_unodc,
    load_us_reports,
)
from atips_analysis.published.vintages import categories_renamed

COLUMNS = ("check", "found", "where", "sources")


Finding = tuple[str, str, str]
"""What was found, where, and in which sources."""
Given = ParamSpec("Given")


def _check(
    name: str,
) -> Callable[[Callable[Given, Iterable[Finding]]], Callable[Given, pd.DataFrame]]:
    """A check gives its findings one by one; to whoever asks they are rows under its name."""

    def of(find: Callable[Given, Iterable[Finding]]) -> Callable[Given, pd.DataFrame]:
        @wraps(find)
        def found(*given: Given.args, **named: Given.kwargs) -> pd.DataFrame:
            rows = [(name, *finding) for finding in find(*given, **named)]
            return pd.DataFrame(rows, columns=list(COLUMNS))

        return found

    return of


def find_contradictions(project: Project) -> pd.DataFrame:
    """All checks on all published sources, one row a finding.

    Beside the columns of the checks stands `within`: in whose texts the finding lies, UNODC, US or
    Council, or "several" where they are held against one another.
    """
    unodc = load_unodc(project)
    us = load_us_reports(project)
    council = load_council_figures(project)
    labour = load_labour_enforcement(project)
    parts = [
        totals_that_do_not_add_up(unodc),
        years_repeated(unodc),
        keys_that_stand_twice(unodc),
        indicators_that_are_the_same(unodc),
        _check("Category renamed")(categories_renamed)(unodc),
        one_thing_two_values(load_concepts(project), council, us, unodc),
        values_given_to_another_year(us),
        parts_longer_than_the_whole(us),
        parts_that_miss_the_total(us, load_parts(project)),
        status_breaks(us),
        counts_taken_back(us),
        periods_that_overlap(us),
        same_number_for_different_things(council),
        units_that_do_not_fit(council),
        years_that_do_not_match(council),
        years_without_a_figure(labour, council),
        committees_named_differently(project.profile),
    ]
    found = pd.concat(parts, ignore_index=True)
    return found.assign(
        within=[_publisher(sources, project.profile["sources"]) for sources in found["sources"]]
    )


def _publisher(sources: str, own: Mapping[str, str]) -> str:
    """Whose the sources of a finding are; `own` are the Council's. The press quotes the US reports."""
    found = {
        "Council" if one in own.values() else "UNODC" if one.startswith("UNODC-") else "US"
        for one in sources.split(", ")
    }
    return found.pop() if len(found) == 1 else "several"


@_check("Total that does not add up")
def totals_that_do_not_add_up(unodc: pd.DataFrame) -> Iterator[Finding]:
    """UNODC: parts (sex, age, form, citizenship) that cannot belong to their printed total.

    The parts exceed the total when the least that they can sum to is above the most that the
    total can be. Parts may be incomplete, so a sum below the total is no finding.
    """
    for keys, cell in unodc.groupby(["vintage", "source_id", "indicator", "year"]):
        vintage, source, indicator, year = map(str, keys)
        grand = _range(_rows(cell, dimension="Total", sex="Total", age="Total"))
        if grand is None:
            continue
        splits = {
            "by sex": cell[(cell["dimension"] == "Total") & (cell["age"] == "Total")],
            "by age": cell[(cell["dimension"] == "Total") & (cell["sex"] == "Total")],
        }
        for name in sorted(set(cell["dimension"]) - {"Total"}):
            both = (cell["sex"] == "Total") & (cell["age"] == "Total")
            splits[str(name)] = cell[(cell["dimension"] == name) & both]
        for name, rows in splits.items():
            parts = rows[(rows[["category", "sex", "age"]] != "Total").any(axis=1)]
            least = int(parts.groupby(["category", "sex", "age"])["low"].min().sum())
            if least > grand[1]:
                shown = parts.loc[parts["value"] > grand[1], ["category", "printed"]]
                example = "; ".join(f"{row.category}: {row.printed}" for row in shown.itertuples())
                yield (
                    f"{indicator} {year}: the total is {grand[2]}, the parts {name} add to at "
                    f"least {least}" + (f" ({example})" if example else ""),
                    f"{indicator}, {year}, {name}, file of {vintage}",
                    source,
                )


@_check("Year repeated")
def years_repeated(unodc: pd.DataFrame, least_cells: int = 20) -> Iterator[Finding]:
    """UNODC: two years in a row in which every common cell prints the same.

    Keys that stand twice count once when they agree and not at all when they do not. Pairs with
    fewer than `least_cells` common cells, or without a count of five or more among them, are no
    finding: hidden counts look alike.
    """
    for vintage, rows in unodc.groupby("vintage"):
        once = rows.drop_duplicates([*UNODC_KEY, "year", "printed"])
        single = once[~once.duplicated([*UNODC_KEY, "year"], keep=False)]
        wide = single.pivot(index=UNODC_KEY, columns="year", values="printed")
        for year in map(int, wide.columns):
            if year + 1 not in wide.columns:
                continue
            pair = wide[[year, year + 1]].dropna()
            numbers = int((~pair[year].isin(["0", "<5"])).sum())
            same = (pair[year] == pair[year + 1]).all()
            if len(pair) >= least_cells and numbers and same:
                yield (
                    f"all {len(pair)} cells common to {year} and {year + 1} print the same, "
                    f"{numbers} of them counts of five or more (file of {vintage})",
                    f"file of {vintage}",
                    rows["source_id"].iloc[0],
                )


@_check("Key that stands twice")
def keys_that_stand_twice(unodc: pd.DataFrame) -> Iterator[Finding]:
    """UNODC: the same key more than once in a vintage, and which of them conflict."""
    for vintage, rows in unodc.groupby("vintage"):
        twice = rows[rows.duplicated([*UNODC_KEY, "year"], keep=False)]
        if twice.empty:
            continue
        grouped = twice.groupby([*UNODC_KEY, "year"])["printed"]
        conflicting = grouped.agg(list)[grouped.nunique() > 1]
        text = f"{grouped.ngroups} keys stand more than once ({len(twice)} rows)"
        if len(conflicting):
            named = "; ".join(
                f"{indicator}, {category}, {year}: {' and '.join(values)}"
                for (indicator, _, category, _, _, year), values in conflicting.items()
            )
            text += f"; {len(conflicting)} of them with conflicting values ({named})"
        else:
            text += "; their values agree"
        text += f" (file of {vintage})"
        yield text, f"file of {vintage}", rows["source_id"].iloc[0]


@_check("Two indicators alike")
def indicators_that_are_the_same(unodc: pd.DataFrame) -> Iterator[Finding]:
    """UNODC: two indicators with different units whose totals print the same in every year."""
    for vintage, rows in unodc.groupby("vintage"):
        totals = _rows(rows, dimension="Total", sex="Total", age="Total")
        wide = totals.pivot(index="year", columns="indicator", values="printed")
        for one, other in combinations(wide.columns, 2):
            pair = wide[[one, other]].dropna()
            known = pair[one].ne("<5") & pair[one].ne("0")
            if len(pair) > 2 and pair[one].eq(pair[other]).all() and known.any():
                yield (
                    f"{one} and {other} print the same in all {len(pair)} years: one unit may "
                    f"stand for the other (file of {vintage})",
                    f"{pair.index.min()} to {pair.index.max()}, file of {vintage}",
                    rows["source_id"].iloc[0],
                )


@_check("One thing, two values")
def one_thing_two_values(
    concepts: Mapping[str, Concept], council: pd.DataFrame, us: pd.DataFrame, unodc: pd.DataFrame
) -> Iterator[Finding]:
    """The same thing in the same period with different values, within or between sources.

    What is the same thing is stated in `concepts` (`load_concepts`); values and differences are found in the data.
    Hidden counts take part with their range: they differ when the ranges do not meet.
    """
    named = pd.concat(
        [_named_council(concepts, council), _named_us(concepts, us), _named_unodc(concepts, unodc)]
    )
    for keys, rows in named.groupby(["concept", "period"], sort=True):
        concept, period = map(str, keys)
        rows = rows.drop_duplicates(["source_id", "printed"])
        apart = any(
            one["high"] < other["low"] or other["high"] < one["low"]
            for one, other in combinations(records(rows), 2)
        )
        if apart:
            said = "; ".join(
                f"{row['printed']} ({row['label']}, {row['source_id']}"
                + (", second hand)" if row["confidence"] == "second_hand" else ")")
                for row in records(rows)
            )
            yield f"{concept}, {period}: {said}", period, ", ".join(rows["source_id"])


@_check("Value given to another year")
def values_given_to_another_year(us: pd.DataFrame) -> Iterator[Finding]:
    """US reports: a value printed for one year that a later report prints for the year beside."""
    yearly = _calendar(us)
    for name, rows in yearly.groupby("indicator"):
        for early, late in combinations(records(rows.sort_values("report_year")), 2):
            restated = rows[
                (rows["report_year"] == late["report_year"]) & (rows["year"] == early["year"])
            ]
            moved = (
                early["report_year"] < late["report_year"]
                and early["value"] == late["value"]
                and abs(early["year"] - late["year"]) == 1
                and (restated["value"] != early["value"]).any()
            )
            if moved:
                other = int(restated["value"].iloc[0])
                yield (
                    f"{_spaced(str(name))}: {int(early['value'])} for {early['year']} in the report "
                    f"of {early['report_year']}; the report of {late['report_year']} gives "
                    f"{int(late['value'])} for {late['year']} and {other} for {early['year']}",
                    f"{early['year']} and {late['year']}",
                    f"{early['source_id']}, {late['source_id']}",
                )


@_check("Part larger than its whole")
def parts_longer_than_the_whole(us: pd.DataFrame) -> Iterator[Finding]:
    """US reports: a part of a period with more in it than the whole period."""
    counted = us[us["value"].notna()]
    for name, rows in counted.groupby("indicator"):
        for part in records(rows):
            for whole in records(rows):
                inside = (
                    whole["period_start"] <= part["period_start"]
                    and part["period_end"] <= whole["period_end"]
                    and (part["period_start"], part["period_end"])
                    != (whole["period_start"], whole["period_end"])
                )
                if inside and part["value"] > whole["value"]:
                    yield (
                        f"{_spaced(str(name))}: {part['printed']} from {part['period_start']} to "
                        f"{part['period_end']}, but {whole['printed']} from "
                        f"{whole['period_start']} to {whole['period_end']}",
                        f"{part['period_start']} to {part['period_end']}",
                        f"{part['source_id']}, {whole['source_id']}",
                    )


@_check("Parts that miss the total")
def parts_that_miss_the_total(
    us: pd.DataFrame, families: Mapping[str, tuple[str, ...]]
) -> Iterator[Finding]:
    """US reports: subsets of potential victims that do not add up to the total printed."""
    for (report, period), rows in _calendar(us).groupby(["report_year", "year"]):
        total = rows.loc[rows["indicator"] == "potential_victims_identified", "value"]
        if total.empty:
            continue
        for family, endings in families.items():
            names = [f"potential_victims{ending}" for ending in endings]
            parts = rows[rows["indicator"].isin(names)]
            adds = int(parts["value"].sum())
            if len(parts) > 1 and adds != int(total.iloc[0]):
                least = (parts["value_qualifier"] != "exact").any()
                yield (
                    f"potential victims of {period}: {family} adds to "
                    f"{'at least ' if least else ''}{adds} of {int(total.iloc[0])}",
                    f"{period}, report of {report}",
                    rows["source_id"].iloc[0],
                )


@_check("Break in victim status")
def status_breaks(us: pd.DataFrame) -> Iterator[Finding]:
    """US reports: where the headline count goes from potential to confirmed victims."""
    yearly = _calendar(us)
    potential = yearly.loc[yearly["indicator"] == "potential_victims_identified", "year"]
    confirmed = yearly.loc[
        yearly["indicator"].str.startswith("confirmed_victims_identified"), ["year", "source_id"]
    ]
    after = confirmed[confirmed["year"] > potential.max()]
    for row in after.head(1).itertuples():
        yield (
            f"potential victims are counted up to data for {potential.max()}, confirmed victims "
            f"from data for {row.year}: two series, never one",
            f"{potential.max()} and {row.year}",
            str(row.source_id),
        )


@_check("Count taken back")
def counts_taken_back(us: pd.DataFrame) -> Iterator[Finding]:
    """US reports: persons counted in one report whom a later one found not to be victims."""
    own = us[us["indicator"].str.endswith("_later_unsubstantiated") & us["value"].notna()]
    for row in records(own):
        yield (
            f"{row['printed']} persons counted as potential victims from {row['period_start']} to "
            f"{row['period_end']} were later found not to be victims; the count printed before "
            "was not changed",
            f"{row['period_start']} to {row['period_end']}",
            row["source_id"],
        )


@_check("Periods that overlap")
def periods_that_overlap(us: pd.DataFrame) -> Iterator[Finding]:
    """US reports: indicators given for periods that overlap without being the same."""
    counted = us[us["value"].notna()]
    for name, rows in counted.groupby("indicator"):
        periods = sorted(set(zip(rows["period_start"], rows["period_end"], strict=True)))
        pairs = [
            (one, other)
            for one, other in combinations(periods, 2)
            if one[0] <= other[1] and other[0] <= one[1]
        ]
        if pairs:
            one, other = pairs[-1]
            yield (
                f"{_spaced(str(name))}: {len(pairs)} "
                f"{'pairs' if len(pairs) > 1 else 'pair'} of periods that overlap, the latest "
                f"{one[0]} to {one[1]} and {other[0]} to {other[1]}; their values cannot be "
                "added or set in one line of years",
                f"{pairs[0][0][0]} to {max(one[1], other[1])}",
                ", ".join(sorted(set(rows["source_id"]))),
            )


@_check("Same number for different things")
def same_number_for_different_things(council: pd.DataFrame, least: int = 100) -> Iterator[Finding]:
    """Council: a number of three digits or more that is printed for different things.

    Small numbers coincide by chance; from `least` on it is worth a second look.
    """
    large = council[council["value"] >= least]
    for value in sorted(large["value"].unique()):
        rows = large[large["value"] == value]
        if len(rows) < 2:
            continue
        things = "; ".join(f"{row.statement} ({_unit(str(row.unit))})" for row in rows.itertuples())
        yield (
            f"{int(value):,} is printed for {len(rows)} things: {things}",
            ", ".join(rows["figure_id"]),
            ", ".join(sorted(set(rows["source_id"]))),
        )


@_check("Unit that does not fit")
def units_that_do_not_fit(council: pd.DataFrame) -> Iterator[Finding]:
    """Council: a column whose printed unit does not fit the size of its numbers.

    Events need a place and a day: more than one a day, every day of the year, is not sessions.
    """
    printed = council[council["unit"].str.startswith("as printed:") & council["value"].notna()]
    for unit, rows in printed.groupby("unit"):
        total = int(rows["value"].sum())
        first, last = pd.to_datetime([rows["period_start"].min(), rows["period_end"].max()])
        days = (last - first).days + 1
        if total > days:
            values = ", ".join(f"{int(value):,}" for value in rows["value"])
            yield (
                f"the column is headed {_unit(str(unit))}, but {values} make {total:,}, or "
                f"{total / days:.1f} a day every day: they read as attendances",
                ", ".join(rows["figure_id"]),
                ", ".join(sorted(set(rows["source_id"]))),
            )


@_check("Year that does not match")
def years_that_do_not_match(council: pd.DataFrame) -> Iterator[Finding]:
    """Council: a passage that names another year than the period of its figure."""
    for row in records(council):
        quoted = re.findall(r"'[^']*?(\d{4})[^']*?'", row["quality_note"])
        own = range(int(row["period_start"][:4]), int(row["period_end"][:4]) + 1)
        for year in quoted:
            if int(year) not in own:
                yield (
                    f"{row['statement']}: the text around the figure says {year}, the report "
                    f"is on {row['period_end'][:4]}",
                    f"{row['figure_id']}, {row['locator']}",
                    row["source_id"],
                )


@_check("Year without a figure")
def years_without_a_figure(labour: pd.DataFrame, council: pd.DataFrame) -> Iterator[Finding]:
    """Labour inspections: years between the first and last return for which nothing is printed."""
    inspections = labour[labour["indicator"] == "labour_inspections"]
    own = council[council["statement"].str.fullmatch("Labour inspections conducted")]
    both = pd.concat([inspections, own])
    year = both["period_end"].str[:4].astype(int)
    given, listed = set(year[both["value"].notna()]), set(year)
    missing = [one for one in range(min(listed), max(listed) + 1) if one not in given]
    said = ", ".join(
        f"{one} ({'listed without a figure' if one in listed else 'no record'})" for one in missing
    )
    if missing:
        yield (
            f"labour inspections: nothing is in print for {said}; that is no zero",
            ", ".join(map(str, missing)),
            ", ".join(sorted(set(both["source_id"]))),
        )


@_check("Members named differently")
def committees_named_differently(profile: dict[str, Any]) -> Iterator[Finding]:
    """Council: committees whose members two of its own texts do not name alike."""
    for committee in profile["committees"]:
        named = {item["source"]: set(item["agencies"]) for item in committee["members"]}
        for one, other in combinations(named, 2):
            if named[one] != named[other]:
                yield (
                    f"{committee['name_en']}: the {one} names {len(named[one])} "
                    f"{'member' if len(named[one]) == 1 else 'members'}, the {other} {len(named[other])}; "
                    f"{len(named[one] & named[other])} in both",
                    committee["id"],
                    f"{profile['sources'][one]}, {profile['sources'][other]}",
                )


def _named_council(concepts: Mapping[str, Concept], council: pd.DataFrame) -> pd.DataFrame:
    rows = []
    for concept, how in concepts.items():
        hit = council["statement"].str.lower().str.contains(how.council, regex=True)
        for row in records(council[hit & council["value"].notna()]):
            # Part of the year is held against the year: the report covers the year.
            rows.append(_figure(concept, row["period_end"][:4], row, row["statement"]))
    return pd.DataFrame(rows)


def _named_us(concepts: Mapping[str, Concept], us: pd.DataFrame) -> pd.DataFrame:
    rows = []
    for concept, how in concepts.items():
        for row in records(_calendar(us[us["indicator"].isin(list(how.us))])):
            label = f"{_spaced(row['indicator'])}, report of {row['report_year']}"
            rows.append(_figure(concept, str(row["year"]), row, label))
    return pd.DataFrame(rows)


def _named_unodc(concepts: Mapping[str, Concept], unodc: pd.DataFrame) -> pd.DataFrame:
    rows = []
    newest = unodc[unodc["vintage"] == unodc["vintage"].max()]
    totals = _rows(newest, dimension="Total", sex="Total", age="Total")
    for concept, how in concepts.items():
        for row in records(totals[totals["indicator"] == how.unodc]):
            rows.append(_figure(concept, str(row["year"]), row, row["indicator"].lower()))
    return pd.DataFrame(rows)


def _figure(concept: str, period: str, row: dict[str, Any], label: str) -> dict[str, Any]:
    return {
        "concept": concept,
        "period": period,
        "label": label,
        "printed": row["printed"],
        "low": row.get("low", row["value"]),
        "high": row.get("high", row["value"]),
        "source_id": row["source_id"],
        "confidence": row.get("confidence", "read_in_source"),
    }


def _calendar(us: pd.DataFrame) -> pd.DataFrame:
    """Rows with a number whose period is a calendar year, with that year."""
    years = [
        calendar_year(start, end)
        for start, end in zip(us["period_start"], us["period_end"], strict=True)
    ]
    frame = us.assign(year=pd.array(years, dtype="Int64"))
    frame = frame[frame["year"].notna() & frame["value"].notna()]
    return frame.astype({"year": int, "report_year": int})


def _rows(frame: pd.DataFrame, **values: str) -> pd.DataFrame:
    for column, value in values.items():
        frame = frame[frame[column] == value]
    return frame


def _range(rows: pd.DataFrame) -> tuple[int, int, str] | None:
    if rows.empty:
        return None
    return int(rows["low"].min()), int(rows["high"].max()), str(rows["printed"].iloc[0])


def _spaced(name: str) -> str:
    return name.replace("_", " ")


def _unit(unit: str) -> str:
    return unit.removeprefix("as printed:").strip()
