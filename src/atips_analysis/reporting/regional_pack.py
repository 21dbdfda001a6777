"""The pack for the Regional Coalition: one report in two languages, from the protected table alone.

A chapter is one function that says its heading and its Markdown in the language of the report.
"""

from __future__ import annotations

import pandas as pd

from atips_analysis.codebook import load_codebook
from atips_analysis.pages.numbers import format_cell
from atips_analysis.pages.text import join_words
from atips_analysis.published.sources import load_council_figures, year_of_the_report
from atips_analysis.reporting import page
from atips_analysis.reporting.regional_pack_counts import (
    justice,
    protection,
    sustainable_development,
    victims,
)
from atips_analysis.reporting.regional_pack_pieces import (
    Line,
    RegionalPack,
    heading,
    open_pack,
    pooled,
    show_table,
    show_years,
)
from atips_analysis.reporting.regional_pack_standards import (
    benchmarks,
    classification,
    definitions,
    glotip,
)
from atips_analysis.words import N_

__all__ = [
    "about",
    "benchmarks",
    "classification",
    "definitions",
    "front_matter",
    "glotip",
    "hidden",
    "justice",
    "key_figures",
    "open_pack",
    "protection",
    "reading",
    "side_by_side",
    "sustainable_development",
    "victims",
]

KEY_FIGURES: tuple[Line, ...] = (
    (N_("suspected trafficking cases investigated"), "PROS-01", "CASE", {}),
    (
        N_("potential victims identified"),
        "PROT-01",
        "VICTIM",
        {"status_of_victim": "POTENTIAL"},
    ),
    (
        N_("confirmed victims identified"),
        "PROT-01",
        "VICTIM",
        {"status_of_victim": "CONFIRMED"},
    ),
    (N_("persons in formal contact with the justice system"), "PROS-02", "SUSPECT", {}),
    (N_("persons convicted of trafficking"), "PROS-04", "CONVICTION_P", {}),
    (N_("victims who received services"), "PROT-06", "VICTIM", {}),
)
SIDE_BY_SIDE: tuple[Line, ...] = (
    (N_("Suspected cases investigated"), "PROS-01", "CASE", {}),
    (N_("Victims identified, potential and confirmed"), "PROT-01", "VICTIM", {}),
    (N_("Persons in formal contact"), "PROS-02", "SUSPECT", {}),
    (N_("Persons prosecuted for trafficking"), "PROS-03", "SUSPECT", {}),
    (N_("Persons convicted of trafficking"), "PROS-04", "CONVICTION_P", {}),
    (N_("Victims who received services"), "PROT-06", "VICTIM", {}),
    (N_("Services given"), "PROT-06", "SERVICE", {}),
    (N_("Migrants screened for indicators of trafficking"), "PREV-07", "SCREENING", {}),
    (N_("Labour inspections"), "PREV-08", "INSPECTION", {}),
    (N_("Reports received through public channels"), "PREV-09", "REPORT", {}),
    (N_("Training sessions"), "PREV-01", "SESSION", {}),
    (N_("Attendances at training"), "PREV-02", "PARTICIPANT", {}),
)
PRIORITY = {
    "PREV": N_("Prevention"),
    "PROT": N_("Protection"),
    "PROS": N_("Prosecution"),
    "PART": N_("Partnership"),
}

FIRST_SHARED, LAST_SHARED = "PAR-09", "PAR-10"
"""Figures of the Council's report: first and last year of the data shared with the Coalition."""


def front_matter(pack: RegionalPack) -> None:
    """Title, subtitle and period of the publication."""
    _ = pack.words
    title = _("Data for the Regional Coalition")
    subtitle = _("Trafficking in persons in {country}", country=pack.country)
    particulars = {"title": title, "subtitle": subtitle, "period": pack.period, "lang": pack.lang}
    lines = "\n".join(f'{name}: "{words}"' for name, words in particulars.items())
    page.say(f"---\n{lines}\n---")


def about(pack: RegionalPack) -> None:
    """What this report is, and what it is not."""
    _ = pack.words
    coalition = pack.project.profile["coalition"]
    codes = load_codebook().codelist("country_iso3")
    members = join_words([codes.label(code, pack.lang) for code in coalition["members"]], pack.lang)
    heading(_("What this report is, and is not"), "about")
    page.say_lead(
        _(
            "This report puts together, in one place and with the same definitions, what {country} "
            "counts on trafficking in persons, for the {coalition}.",
            country=pack.country,
            coalition=coalition[f"name_{pack.lang}"],
        )
    )
    page.say(
        _("The countries of the Coalition are {members}.", members=members),
        _(
            "**It is a proposal.** The Coalition's own reporting form was not found in any public "
            "source. The tables follow the United Nations questionnaire for the Global Report on "
            "Trafficking in Persons (GLOTIP), indicator 16.2.2 of the Sustainable Development Goals "
            "and the structure of the International Classification Standard for Administrative "
            "Data on Trafficking in Persons (IC-TIP). Once the Coalition provides its form, the "
            "same numbers can be set out in its order."
        ),
        _(
            "**It does not measure how much trafficking there is.** It counts the cases and persons "
            "that institutions detected. More victims detected is neither better nor worse: it may "
            "mean more trafficking, better detection, or both."
        ),
        _(
            "**It does not rank countries.** Each country counts with its own laws and at its own "
            "stages; numbers of two countries are comparable only where unit of count, status of "
            "the victim and period are the same."
        ),
    )
    if pack.tidy.simulated:
        page.say_warning(
            _("Simulated records"),
            _(
                "The rows behind this report were invented so that the system can be tried. Their "
                "totals were made to meet what was published for each year; every breakdown is "
                "invented. Nothing here may be taken for a statistic of {country}.",
                country=pack.country,
            ),
        )


def key_figures(pack: RegionalPack) -> None:
    """The year's main numbers, each with its unit of count."""
    _ = pack.words
    heading(_("{year} in figures", year=pack.year), "key-figures")
    page.say_key_figures(
        *[
            (format_cell(pack.cell(line, pack.year), pack.lang) or ":", _(line[0]))
            for line in KEY_FIGURES
        ]
    )
    page.say(
        _(
            "These are different units. Cases, victims, persons in formal contact and persons "
            "convicted in one calendar year are different populations: one is never a share of "
            "another. **c** stands for a number that is hidden for protection (@sec-hidden)."
        )
    )


def _what_was_shared(pack: RegionalPack) -> str:
    """What the Council's own report says of the data that it shared; nothing where it does not."""
    _ = pack.words
    said = load_council_figures(pack.project).set_index("figure_id")["value"]
    if not {FIRST_SHARED, LAST_SHARED} <= set(said.index):
        return ""
    return _(
        "The Council's {report} report says that {country} shared its {first}–{last} data with the "
        "Coalition; the tables that were shared are not public.",
        report=year_of_the_report(pack.project),
        country=pack.country,
        first=int(said[FIRST_SHARED]),
        last=int(said[LAST_SHARED]),
    )


def side_by_side(pack: RegionalPack) -> None:
    """The years that were shared with the Coalition, and the current one beside them."""
    _ = pack.words
    heading(
        _("{span}, as shared, and {year}, side by side", span=pack.span, year=pack.year), "years"
    )
    now = _(
        "The columns for {span} hold those years as the data bank has them now, and the last one "
        "adds {year}. Late returns may have changed a number since; where the Coalition's figure "
        "differs, both should be shown with their date.",
        span=pack.span,
        year=pack.year,
    )
    page.say(f"{_what_was_shared(pack)} {now}".strip())
    heads = [_("What is counted"), *map(str, pack.shared), pack.span, str(pack.year)]
    lines = [
        [
            _(line[0]),
            *[pack.cell(line, year) for year in pack.shared],
            pooled(pack, line),
            pack.cell(line, pack.year),
        ]
        for line in SIDE_BY_SIDE
    ]
    show_table(
        pack,
        pd.DataFrame(lines, columns=heads),
        _("Main counts, {span} and {year}", span=pack.span, year=pack.year),
        "tbl-side-by-side",
        widths=[36, *[11] * len(pack.shared), 14, 11],
        note=_(
            "What stays active from one year to the next, such as cases, does not add up over years"
        ),
    )
    show_years(
        pack,
        ("", "PROS-01", "CASE", {}),
        _("cases"),
        _("Suspected trafficking cases investigated"),
        "fig-cases",
    )


def hidden(pack: RegionalPack) -> None:
    """What is hidden, how much of it, and why."""
    _ = pack.words
    heading(_("What is hidden, and why"), "hidden")
    threshold = int(pack.project.profile["disclosure"]["threshold"])
    page.say(
        _(
            "With so few cases, a number in a table can point at a person. Counts of persons from 1 "
            "to {most} are not published: this is UNODC's own rule, so that national and "
            "international tables do not contradict one another. Other numbers are hidden with "
            "them, because a small one could be worked out from totals, from other tables or from "
            "what others have published. All of them bear the same mark, **c**: a reader cannot "
            "tell which is small.",
            most=threshold - 1,
        ),
        _(
            "A zero is shown as 0, and a hidden number is therefore at least 1. What nobody "
            "returned stands as a colon (**:**), and what nobody records as **nc**; neither is a "
            "zero. Every table of this report was attacked before publication with all that a "
            "reader can know, and withstood."
        ),
    )
    every = pack.tidy.table["status"]
    if (every == "R").any():
        page.say(
            _(
                "A table of which more than half would be hidden is rounded instead. Its numbers "
                "stand as multiples of 5 behind the mark **≈**; each is less than 10 from the true "
                "number, and ≈0 may stand for a small one."
            )
        )
    lines = []
    for area, words in PRIORITY.items():
        status = every[pack.tidy.table["indicator_id"].str.startswith(f"{area}-")]
        shown = int(status.isin(["OK", "Z", "PV", "E", "R"]).sum())
        lines.append([_(words), shown, int((status == "C").sum())])
    show_table(
        pack,
        pd.DataFrame(lines, columns=[_("Area"), _("Values shown"), _("Values hidden")]),
        _("Values shown and hidden in the table of indicators"),
        "tbl-hidden",
    )


def reading(pack: RegionalPack) -> None:
    """How to read the numbers, and whom to ask."""
    _ = pack.words
    council = pack.project.profile["council"]
    heading(_("How to read these numbers"), "reading")
    page.say_list(
        _("Look at the **unit of count** first: two numbers of different units are not compared."),
        _("Look at the **status**: potential and confirmed victims are different counts."),
        _(
            "Numbers this small move by chance. A difference between two years is a change only if "
            "its interval leaves no doubt; the annual report makes those comparisons."
        ),
        _(
            "Sources do not always agree. Where UNODC, the reports of the United States and the "
            "Council print different figures, the page *What the published sources say* shows them "
            "side by side."
        ),
        _("To quote a number, give its unit, its period and the edition below the table."),
    )
    page.say(
        _(
            "Questions on this report go to the {body} of the {council}, {website}. How to report "
            "trafficking stands at the front of this report.",
            body=council[f"author_body_{pack.lang}"],
            council=council[f"name_{pack.lang}"],
            website=council["website"],
        )
    )
