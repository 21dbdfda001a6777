"""The annual report on partnership: committees, partners, events, cooperation, organisations."""

from __future__ import annotations

import pandas as pd

from atips_analysis.codebook import load_partners
from atips_analysis.pages.numbers import format_number
from atips_analysis.pages.text import counted, in_words, join_words
from atips_analysis.reporting import page
from atips_analysis.reporting.annual_report_pieces import (
    AnnualReport,
    figure,
    say_across,
    say_passage,
)


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
    """What each committee is for, and the members that each published text names."""
    committees, profile = report.profile["committees"], report.profile
    strategy, sources = profile["strategy"], [*profile["sources"]]
    plan = (
        f" Its {strategy['name_en'].replace('-', '–')} has "
        f"{counted(strategy['objectives'], 'objective', 'objectives')} under "
        f"{in_words(len(strategy['priority_areas']))} priority areas."
        if strategy["first_year"] <= report.year <= strategy["last_year"]
        else ""
    )
    page.say(
        f"The Council is chaired by the {profile['council']['chair_role_en']}, and works through "
        f"{in_words(len(committees))} committees.{plan}"
    )
    page.say_list(
        *(
            f"The **{one['name_en']}** {one['mandate_en'][:1].lower()}{one['mandate_en'][1:]}"
            for one in committees
        )
    )
    page.say(
        "The published texts do not name the same members for each committee; @tbl-members shows "
        "both as they stand."
        if len(sources) > 1
        else "@tbl-members names their members."
    )
    rows = [
        (
            committee["name_en"],
            *(
                "; ".join(
                    name
                    for group in committee["members"]
                    if group["source"] == source
                    for name in group["names"]
                )
                for source in sources
            ),
        )
        for committee in committees
    ]
    heads = profile.get("source_headings", {})
    shares = [50, 26] if len(sources) == 2 else [76 // len(sources)] * len(sources)
    page.show_table(
        pd.DataFrame(rows, columns=["Committee", *(heads.get(one, one) for one in sources)]),
        "Members of the committees, as each published text names them",
        "tbl-members",
        widths=[24, *shares],
    )


def _partners(report: AnnualReport) -> None:
    tidy, year = report.tidy, report.year
    held = tidy.cell("PART-01", year, "EVENT", "percent")
    meetings = ""
    if held.value is not None:
        of = tidy.rows("PART-01", year, "EVENT", "percent")["denominator"].iloc[0]
        many = "" if pd.isna(of) else f"{format_number(int(of))} "
        meetings = (
            f" Of the {many}meetings of the Council and its committees that were scheduled, "
            f"{held.value:.0f} per cent were held with a quorum."
        )
    partners = tidy.counted(
        "PART-02", year, "partner organisation", "partner organisations", unit="ORGANIZATION"
    )
    events = tidy.counted(
        "PART-03", year, "dated event with partners", "dated events with partners", unit="EVENT"
    )
    organisations = load_partners(report.project)
    named = len(organisations)
    same = tidy.cell("PART-02", year, "ORGANIZATION").value == named
    which = "@tbl-partners" if same else f"@tbl-partners names the {in_words(named)} of 2024"
    page.say(
        f"In {year} the Council worked with {partners} that have a stated role ({which}), and "
        f"hosted {events}.{meetings}"
    )
    columns = {"label_en": "Organisation", "type_en": "Type", "support_en": "Area of support"}
    page.show_table(
        organisations[list(columns)].rename(columns=columns).reset_index(drop=True),
        "Partner organisations of the Council",
        "tbl-partners",
        widths=[35, 25, 40],
        note=report.profile["council"].get("partners_note_en", ""),
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
