"""The annual report on partnership: committees, partners, events, cooperation, organisations."""

from __future__ import annotations

import pandas as pd

from atips_analysis.reporting import page
from atips_analysis.reporting.annual_report_pieces import (
    AnnualReport,
    figure,
    say_across,
    say_passage,
)
from atips_analysis.reporting.text import counted, in_words, join_words


def partnership(report: AnnualReport) -> None:
    """Committees, partners, meetings, international cooperation, delegations."""
    say_passage(report, "partnership")
    _committees(report)
    _partners(report)
    page.say("## Regional and international cooperation {#sec-cooperation}")
    say_passage(report, "regional")
    _cooperation(report)


def ngo_highlight(report: AnnualReport) -> None:
    """A chapter of words alone, where its passage is there."""
    say_passage(report, "ngo-highlight", "# NGO highlight {#sec-ngo}")


def _committees(report: AnnualReport) -> None:
    committees = report.profile["committees"]
    names = [committee["name_en"] for committee in committees]
    strategy = report.profile["strategy"]
    page.say(
        f"The Council works through {in_words(len(names))} committees: the {join_words(names)}. Its "
        f"{strategy['name_en']} has {counted(strategy['objectives'], 'objective', 'objectives')} "
        f"under {in_words(len(strategy['priority_areas']))} priority areas. The published texts do "
        "not name the same members for each committee; @tbl-members shows both as they stand."
    )
    rows = [
        (committee["name_en"], group["source"], "; ".join(group["names"]))
        for committee in committees
        for group in committee["members"]
    ]
    page.show_table(
        pd.DataFrame(rows, columns=["Committee", "Named in", "Members"]),
        "Members of the committees, as each source names them",
        "tbl-members",
        widths=[25, 15, 60],
    )


def _partners(report: AnnualReport) -> None:
    tidy, year = report.tidy, report.year
    held = tidy.cell("PART-01", year, "EVENT", "percent")
    meetings = (
        f" Of the meetings of the Council and its committees that were scheduled, {held.value:.0f} "
        "per cent were held with a quorum."
        if held.value is not None
        else ""
    )
    page.say(
        f"In {year} there were {tidy.number('PART-02', year, unit='ORGANIZATION')} partner "
        "organisations with a stated role (@tbl-partners), and the Council hosted "
        f"{tidy.number('PART-03', year, unit='EVENT')} dated events with partners.{meetings}"
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


def _cooperation(report: AnnualReport) -> None:
    tidy, year = report.tidy, report.year
    say_across(
        report, "PART-06", "kind", "ACTION", "International cooperation by kind", "tbl-cooperation"
    )
    delegates = tidy.breakdown("PART-06", year, "country", "REPRESENTATIVE", "count")
    said = [
        f"{figure(cell)} in {label}"
        for label, cell in zip(delegates["label"], delegates["cell"], strict=True)
        if cell.value
    ]
    if said:
        page.say(f"Representatives sent to regional conferences in {year}: {join_words(said)}.")
