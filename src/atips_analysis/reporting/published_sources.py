"""What the page on published sources says: its findings, tables and pictures, all from data."""

from __future__ import annotations

from atips_analysis.indicators import external
from atips_analysis.reporting.numbers import (
    NO_BREAK,
    format_number,
)
from atips_analysis.reporting.published_sources_pictures import (
    convictions_picture,
    inspections_picture,
    rates_picture,
    regional_rates,
    training_picture,
    victims_picture,
    vintages_picture,
)
from atips_analysis.reporting.published_sources_pieces import (
    GROUPS,
    VICTIM_SERIES,
    Sources,
    as_sentence,
    group_of,
    last_potential_year,
    period_words,
    read_sources,
    year_with_most_counts,
)
from atips_analysis.reporting.published_sources_tables import (
    checks_table,
    contradictions_table,
    convictions_table,
    council_table,
    describes_single_persons,
    names_table,
    rates_table,
    source_table,
    victims_table,
)
from atips_analysis.reporting.text import in_words, join_words
from atips_analysis.reporting.wording import follow, trend_sentence
from atips_analysis.statistics import Verdict

__all__ = [
    "Sources",
    "checks_table",
    "contradictions_sentence",
    "contradictions_table",
    "convictions_picture",
    "convictions_table",
    "council_sentence",
    "council_table",
    "describes_single_persons",
    "hidden_rule_sentence",
    "inspections_picture",
    "inspections_sentence",
    "key_figures",
    "key_findings",
    "names_table",
    "rates_picture",
    "rates_table",
    "read_sources",
    "regional_rates",
    "source_table",
    "training_picture",
    "trend_of_potential_victims",
    "victims_picture",
    "victims_table",
    "vintages_picture",
    "vintages_sentence",
]


def key_figures(sources: Sources) -> list[tuple[str, str]]:
    """Four numbers that sum the page up."""
    year, printed = year_with_most_counts(sources)
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
        "Potential victims identified",
        "VICTIM",
        years,
        [int(value) for value in own["value"]],
        "US Trafficking in Persons Reports",
        detection=True,
        confidence=sources.confidence,
    )
    said = followed.change.verdict in (Verdict.INCREASE, Verdict.DECREASE)
    head = "Potential victims changed." if said else "Numbers this small show no trend."
    return f"**{head}** {trend_sentence(followed)}"


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


def contradictions_sentence(sources: Sources) -> str:
    """How many findings there are, and how many in each group."""
    sizes = sources.findings["sources"].map(group_of).value_counts()
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


def _finding_on_victims(sources: Sources) -> str:
    year, rows = year_with_most_counts(sources)
    said = [
        f"{row['printed']} ({VICTIM_SERIES[row['series']][0]} victims)"
        for row in sorted(rows, key=lambda row: -float(row["value"]))
    ]
    return (
        f"**There is no one number of victims.** For {year} the sources print {join_words(said)}. "
        "They count different things, and none of them counts victims who were not detected."
    )


def _finding_on_the_break(sources: Sources) -> str:
    last = last_potential_year(sources)
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
    return f" NGOs found {row['printed']} more from {period_words(row['period'])}."


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
    return f"**UNODC's rows hold errors that a reader can see.** {as_sentence(said)}"


def _finding_on_the_council(sources: Sources) -> str:
    own = sources.findings[sources.findings["sources"].str.startswith("ATIPS-2024")]
    units = own.loc[own["check"] == "Unit that does not fit", "found"]
    twice = own.loc[
        (own["check"] == "Same number for different things")
        & own["found"].str.contains("inspections"),
        "found",
    ]
    number = twice.iloc[0].split(" ")[0] if len(twice) else ""
    text = "**The 2024 report's training table needs a second look.** " + as_sentence(units.iloc[0])
    if number:
        text += (
            f" Its {number} for teachers is also the number of labour inspections. "
            "Nothing is corrected here."
        )
    return text
