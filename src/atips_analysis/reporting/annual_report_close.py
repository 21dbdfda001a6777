"""The annual report's end: data quality, methods, the back test."""

from __future__ import annotations

import json
from collections.abc import Sequence

import pandas as pd

from atips_analysis.codebook import load_codebook
from atips_analysis.indicators.measure import unit_of
from atips_analysis.pages.numbers import Cell, format_number
from atips_analysis.pages.text import counted, in_words, join_words
from atips_analysis.reporting import page
from atips_analysis.reporting.annual_report_pieces import AnnualReport
from atips_analysis.reporting.back_test import BackTest, back_test

DIMENSIONS = {
    "completeness": "needed cells that are filled in",
    "validity": "filled cells with a value of the right kind",
    "consistency": "rows that contradict nothing",
    "uniqueness": "rows that stand once",
}


def data_quality(report: AnnualReport) -> None:
    """A short statement; the page on data quality has the rest."""
    content = json.loads((report.inputs / "quality.json").read_text(encoding="utf-8"))
    rows = content["rows"]
    read = [row["read"] for row in rows]
    whole = f"{format_number(sum(read))} rows" if all(n is not None for n in read) else "rows"
    used = sum(1 for row in rows if row["read"] is not None and row["read"] == row["accepted"])
    page.say(
        f"The data bank holds what agencies returned for {report.years[0]} to {report.year}: {whole} "
        f"in {counted(len(rows), 'stream', 'streams')} were read and checked one by one. In "
        f"{in_words(used)} streams every row could be used; in the others some were set aside "
        "until the agency corrects them, or were recognised as sent twice. No row is lost on the "
        "way: rows read are rows accepted, set aside and duplicate together.",
        "Scores are given by agency and stream, from 0 to 100; @tbl-quality shows where they lie. "
        "They say how well rows are kept, not how much trafficking is detected.",
    )
    page.show_table(
        _scores(content["scores"]),
        "Scores of agencies and streams, all years",
        "tbl-quality",
        decimals=0,
        widths=[22, 42, 18, 9, 9],
        note=report.source_line
        + ". Scores of few rows about persons are left out, as they are hidden for protection",
    )
    page.say(
        '::: {.content-visible when-format="html"}\n'
        "Every stream and agency stands on the page [Data quality](data-quality.html).\n:::"
    )


def _design_factors(report: AnnualReport) -> str:
    """How far clusters widen chance in this edition, by how counts come about."""
    factors = report.tidy.about["design_factors"]
    widened = {about: factor for about, factor in factors.items() if factor and factor != 1}
    return join_words([f"{about} {factor:g}" for about, factor in widened.items()])


def methods(report: AnnualReport) -> None:
    """How numbers came about, in short, and what each indicator of the report counts."""
    page.say(
        "**Counts** of cases and reports carry exact Poisson intervals (Garwood 1936) where they can "
        "be read as the outcome of chance from year to year; persons come by case and services by "
        "victim, and theirs are wider by the edition's design factor (Fay and Feuer 1997; "
        f"{_design_factors(report)}). "
        "**Shares** carry Clopper-Pearson intervals below 30 and Wilson's from there, and where "
        "they come in clusters Korn and Graubard's (1998). **Comparisons** use the exact "
        "conditional test of the clusters, one family an edition (Holm 1979). "
        "**Durations** are the times by which half of all have come to the end, those who still wait "
        "censored at the last month received (Kaplan-Meier; Aalen-Johansen where a case may be closed "
        "instead), and are not shown "
        "under 10 events.",
        "**Protection.** All tables are protected together as one system: counts of persons from 1 "
        "to 4 are hidden, and with them the fewest other cells without which a hidden one could be "
        "worked out. The result is then attacked with everything a reader can know, and nothing is "
        "published when a cell can be opened. Figures that were already public, in open court or "
        "in the Council's own reports, may stay visible; they are kept in a register.",
        "**Units.** A victim, a person arrested or prosecuted is one natural person, once in a "
        "reference year. Years add up to pooled years by that rule. Stocks (cases active, persons "
        "waiting) are not pooled.",
    )
    units = load_codebook().codelist("unit_of_count")
    shown = set(report.tidy.table.loc[report.tidy.table["status"] != "NC", "indicator_id"])
    rows = [
        (
            item.name_en,
            units.label(unit_of(item.id)),
            item.definition,
        )
        for item in report.tidy.indicators
        if item.id in shown
    ]
    page.show_table(
        pd.DataFrame(rows, columns=["Indicator", "Unit of count", "Definition"]),
        "What the indicators count",
        "tbl-indicators",
        widths=[32, 16, 52],
    )


def back_test_chapter(report: AnnualReport) -> None:
    """Published figures against computed ones, both columns; a year without any says so."""
    if not (report.project.framework / f"back_test_{report.year}.csv").is_file():
        page.say(
            f"No published report of {report.year} is registered yet, so there is nothing to compare "
            f"with. When there is one, its figures go to data/published and to "
            f"data/framework/back\\_test\\_{report.year}.csv."
        )
        return
    test = back_test(report.tidy, report.project, report.year)
    reproduced = test.number("reproduced")
    hidden = test.number("hidden") + test.number("rounded")
    described = int(test.lines["how"].isin(["profile", "codebook"]).sum())
    page.say(
        f"The Council's {report.year} report prints {len(test.lines)} figures that are numbers. Of "
        f"these, {reproduced} are reproduced ({described} from registers that stand in this system, "
        f"the others from the rows that agencies returned), {_are(hidden)} computed but hidden or "
        f"rounded for protection, {_are(test.number('differs'))} different, and "
        f"{_are(test.number('not reproduced'))} not computed, for the reasons in "
        "@tbl-not-reproduced. Figures that can only be counted together are compared by their sum."
    )
    if report.tidy.simulated:
        page.say_note(
            "What this tests",
            "The example was made to meet the published figures. Their agreement shows that the "
            "pipeline loses and invents nothing on the way; it does not confirm the figures.",
        )
    compared = test.lines["result"] != "not reproduced"
    page.show_table(
        _compared(test, compared),
        f"Figures of the {report.year} report, as published and as computed",
        "tbl-back-test",
        widths=[52, 12, 12, 24],
        note=". ".join(f"{mark} {reason}" for reason, mark in _reasons(test, compared).items()),
    )
    page.show_table(
        _years_as_text(test.lines)
        .loc[~compared, ["statement", "published", "reason"]]
        .rename(columns={"statement": "Statement", "published": "Published", "reason": "Why not"}),
        "Figures that are not computed, and why",
        "tbl-not-reproduced",
        widths=[40, 12, 48],
    )


def _are(number: int) -> str:
    return f"{number or 'none'} {'is' if number < 2 else 'are'}"


def _years_as_text(lines: pd.DataFrame) -> pd.DataFrame:
    """A figure that is a year is no quantity: it stands without a thousands separator."""
    years = lines["unit"] == "year"
    shown = lines["published"].astype(object)
    return lines.assign(published=shown.where(~years, lines["published"].map("{:.0f}".format)))


def figure_tables(report: AnnualReport) -> None:
    """In print: the tables behind the figures."""
    page.show_figure_tables("# The numbers behind the figures {#sec-figure-tables}")


def _scores(scores: Sequence[dict[str, object]]) -> pd.DataFrame:
    table = pd.DataFrame(scores)
    lines = []
    for dimension, meaning in DIMENSIONS.items():
        own = table[(table["dimension"] == dimension)]["score"].dropna()
        if len(own):
            lines.append(
                (dimension.capitalize(), meaning, len(own), float(own.min()), float(own.median()))
            )
    heads = ["Score", "Share of", "Agencies and streams", "Lowest", "Median"]
    return pd.DataFrame(lines, columns=heads)


def _reasons(test: BackTest, rows: pd.Series) -> dict[str, str]:
    """Why a figure is compared as it is, each reason once, with its mark in the table."""
    reasons = [reason.rstrip(".") for reason in dict.fromkeys(test.lines[rows]["reason"]) if reason]
    return {reason: f"({chr(ord('a') + at)})" for at, reason in enumerate(reasons)}


def _compared(test: BackTest, rows: pd.Series) -> pd.DataFrame:
    lines, places = test.lines[rows], _reasons(test, rows)
    results = [
        f"{result} {places[reason.rstrip('.')]}" if reason else result
        for result, reason in zip(lines["result"], lines["reason"], strict=True)
    ]
    return pd.DataFrame(
        {
            "Statement": list(lines["statement"]),
            "Published": list(lines["compared_with"]),
            "Computed": [Cell(None, "NAP") if cell is None else cell for cell in lines["computed"]],
            "Result": results,
        }
    )
