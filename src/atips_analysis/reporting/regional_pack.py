"""The pack for the Regional Coalition: one report in two languages, from the protected table alone.

A chapter is one function that says its heading and its Markdown in the language of the report.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from atips_analysis.codebook import load_codebook
from atips_analysis.indicators import years_of
from atips_analysis.indicators.glotip import glotip_shells, sdg_16_2_2
from atips_analysis.project import Project
from atips_analysis.reporting import page
from atips_analysis.reporting.charts import years_chart
from atips_analysis.reporting.language import N_, Words, words_of
from atips_analysis.reporting.numbers import Cell, format_cell, format_interval, format_number
from atips_analysis.reporting.text import join_words, sentence_case
from atips_analysis.reporting.tidy import Tidy, open_tidy

Line = tuple[str, str, str, dict[str, str]]
"""Words, indicator, unit of count, categories: a row of a table over the years."""

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
JUSTICE: tuple[Line, ...] = (
    (N_("Suspected cases investigated"), "PROS-01", "CASE", {}),
    (N_("of them, opened in the year"), "PROS-01", "CASE", {"carried_over": "NO"}),
    (
        N_("of them, carried over from earlier years"),
        "PROS-01",
        "CASE",
        {"carried_over": "YES"},
    ),
    (N_("Persons in formal contact"), "PROS-02", "SUSPECT", {}),
    (N_("Persons prosecuted for trafficking"), "PROS-03", "SUSPECT", {}),
    (N_("Persons awaiting trial at the end of the year"), "PROS-06", "SUSPECT", {}),
    (N_("Persons convicted of trafficking"), "PROS-04", "CONVICTION_P", {}),
    (N_("Counts of trafficking with a conviction"), "PROS-04", "CONVICTION_C", {}),
    (N_("Public officials in contact with justice for complicity"), "PROS-11", "SUSPECT", {}),
)
PROTECTION: tuple[Line, ...] = (
    (N_("Victims who received services"), "PROT-06", "VICTIM", {}),
    (N_("Services given"), "PROT-06", "SERVICE", {}),
    (N_("Victims placed in shelter"), "PROT-08", "VICTIM", {}),
    (N_("Victims repatriated safely and voluntarily"), "PROT-09", "VICTIM", {}),
    (N_("Survivors with a regularised immigration status"), "PROT-10", "VICTIM", {}),
    (N_("Migrant children sheltered (not victims)"), "PROT-11", "CHILD", {}),
)
VICTIM_TABLES = (
    ("sex", N_("by sex")),
    ("age_group", N_("by age group")),
    ("form", N_("by form of exploitation")),
    ("citizenship_group", N_("by citizenship group")),
    ("geographic_flow", N_("by geographic flow")),
)
UNITS = (
    ("CASE", N_("one investigation, or a connected set of acts; it may have no victim or several")),
    ("VICTIM", N_("one natural person, once a reference year")),
    ("SUSPECT", N_("one natural person, once a stage and reference year")),
    ("CONVICTION_P", N_("one natural person convicted at first instance")),
    ("CONVICTION_C", N_("one count of the charge that ended in a conviction")),
    ("SERVICE", N_("one type of service to one victim in one reference year")),
    ("SCREENING", N_("one person interviewed on one occasion; it is not a count of victims")),
    ("INSPECTION", N_("one visit to one workplace")),
    ("REPORT", N_("one message to one public channel")),
    ("SESSION", N_("one event, on one date, in one place")),
    ("PARTICIPANT", N_("one person at one event: somebody who comes twice counts twice")),
)
DEFINED = ("PROT-01", "PROT-02", "PROS-01", "PROS-02", "PROS-03", "PROS-04", "PROT-06", "PROT-09")
ENTITIES = {
    "TIP event": N_("Trafficking event"),
    "Victim": N_("Victim"),
    "Perpetrator": N_("Perpetrator"),
    "Reporting entity": N_("Reporting entity"),
}
VARIABLES = {
    "case_id": N_("Case"),
    "acts": N_("Act"),
    "means": N_("Means"),
    "form_of_exploitation": N_("Form of exploitation"),
    "economic_sector": N_("Economic sector"),
    "geographic_flow": N_("Geographic flow"),
    "recruitment_method": N_("Method of recruitment"),
    "sex": N_("Sex"),
    "age_group": N_("Age group"),
    "citizenship": N_("Citizenship"),
    "status": N_("Status of the victim"),
    "services": N_("Assistance"),
    "sex age citizenship": N_("Sex, age group and citizenship"),
    "role": N_("Role in the process"),
    "stage outcome": N_("Stage and outcome of the proceedings"),
    "agency": N_("Agency"),
}
AREAS = {
    "Central America and the Caribbean": N_("Central America and the Caribbean"),
    "South America": N_("South America"),
    "25 LAC countries": N_("25 countries of Latin America and the Caribbean"),
}
BENCHMARKS = {
    "detected_victims_rate": N_("Detected victims per 100,000 population"),
    "detected_victims": N_("Detected victims (approximate)"),
}
RATE_DIMENSIONS = {"sex": N_("Sex"), "age_group": N_("Age"), "form": N_("Form of exploitation")}
PRIORITY = {
    "PREV": N_("Prevention"),
    "PROT": N_("Protection"),
    "PROS": N_("Prosecution"),
    "PART": N_("Partnership"),
}


@dataclass(frozen=True)
class RegionalPack:
    """What the chapters need: the tidy table, the house, the year, the baseline, the words."""

    tidy: Tidy
    project: Project
    year: int
    baseline: str
    words: Words

    @property
    def lang(self) -> str:
        return self.words.lang

    @property
    def shared(self) -> list[int]:
        """The years that Belize shared with the Coalition: those of the baseline."""
        return [period.years[0] for period in years_of(self.baseline)]

    @property
    def years(self) -> list[int]:
        return [*self.shared, *([self.year] if self.year not in self.shared else [])]

    @property
    def span(self) -> str:
        return self.baseline.replace("-", "–")

    @property
    def country(self) -> str:
        return str(self.project.profile["country"][f"name_{self.lang}"])

    @property
    def source(self) -> str:
        """Where the numbers come from, for the line below a figure or table."""
        _ = self.words
        edition = self.tidy.about["edition"]
        if self.tidy.simulated:
            return _("Source: data bank, edition {edition} (simulated records)", edition=edition)
        return _("Source: data bank, edition {edition} (agencies' records)", edition=edition)

    def cell(self, line: Line, period: str | int) -> Cell:
        _words, indicator, unit, categories = line
        return self.tidy.cell(indicator, period, unit, "count", **categories)


def open_pack(inputs: Path, project: Path, year: int, baseline: str, lang: str) -> RegionalPack:
    """The regional pack of a build's public side, in a language."""
    house = Project(Path(project))
    tidy = open_tidy(Path(inputs), house, lang)
    return RegionalPack(tidy, house, year, baseline, words_of(lang))


def front_matter(pack: RegionalPack) -> None:
    """Title, subtitle and period of the publication."""
    _ = pack.words
    title = _("Data for the Regional Coalition")
    subtitle = _("Trafficking in persons in {country}", country=pack.country)
    period = _("{span} and {year}", span=pack.span, year=pack.year)
    page.say(f"---\ntitle: {title}\nsubtitle: {subtitle}\nperiod: {period}\nlang: {pack.lang}\n---")


def about(pack: RegionalPack) -> None:
    """What this report is, and what it is not."""
    _ = pack.words
    coalition = pack.project.profile["coalition"]
    codes = load_codebook().codelist("country_iso3")
    members = join_words([codes.label(code, pack.lang) for code in coalition["members"]], pack.lang)
    _heading(_("What this report is, and is not"), "about")
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
    _heading(_("{year} in figures", year=pack.year), "key-figures")
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


def side_by_side(pack: RegionalPack) -> None:
    """The years that were shared with the Coalition, and the current one beside them."""
    _ = pack.words
    _heading(
        _("{span}, as shared, and {year}, side by side", span=pack.span, year=pack.year), "years"
    )
    page.say(
        _(
            "The Council's 2024 report says that Belize shared its 2021–2023 data with the "
            "Coalition; the tables that were shared are not public. The columns for {span} hold "
            "those years as the data bank has them now, and the last one adds {year}. Late returns "
            "may have changed a number since; where the Coalition's figure differs, both should be "
            "shown with their date.",
            span=pack.span,
            year=pack.year,
        )
    )
    heads = [_("Unit counted"), *map(str, pack.shared), pack.span, str(pack.year)]
    lines = [
        [
            _(line[0]),
            *[pack.cell(line, year) for year in pack.shared],
            _pooled(pack, line),
            pack.cell(line, pack.year),
        ]
        for line in SIDE_BY_SIDE
    ]
    _table(
        pack,
        pd.DataFrame(lines, columns=heads),
        _("Main counts, {span} and {year}", span=pack.span, year=pack.year),
        "tbl-side-by-side",
        widths=[36, *[11] * len(pack.shared), 14, 11],
        note=_("Stocks, such as cases active in a year, do not add up over years"),
    )
    _figure_over_years(
        pack,
        ("", "PROS-01", "CASE", {}),
        _("cases"),
        _("Suspected trafficking cases investigated"),
        "fig-cases",
    )


def victims(pack: RegionalPack) -> None:
    """Victims by status, never added to other statuses' series; then by characteristics."""
    _ = pack.words
    _heading(_("Victims detected"), "victims")
    page.say(
        _(
            "**Potential** victims are persons in whom indicators were found and who were referred "
            "for protection; **confirmed** victims are those whom the competent authority formally "
            "identified. UNODC counts those that national authorities identified. The two statuses "
            "stand apart in @tbl-status, and a series of one must never be continued with the "
            "other."
        )
    )
    _breakdown(pack, "status_of_victim", _("Victims detected by status"), "tbl-status")
    _figure_over_years(
        pack,
        ("", "PROT-01", "VICTIM", {"status_of_victim": "POTENTIAL"}),
        _("persons"),
        _("Potential victims identified"),
        "fig-potential",
    )
    page.say(
        _(
            "The tables that follow count potential and confirmed victims together, because at "
            "this size a table by status and by another characteristic would hide almost every "
            "number. Each person is counted once a year, however many agencies reported it."
        )
    )
    for dimension, words in VICTIM_TABLES:
        _breakdown(
            pack,
            dimension,
            _("Victims detected, potential and confirmed, {by}", by=_(words)),
            f"tbl-victims-{dimension.replace('_', '-')}",
        )


def sustainable_development(pack: RegionalPack) -> None:
    """Indicator 16.2.2, its detected part, with intervals."""
    _ = pack.words
    _heading(_("Sustainable Development Goal 16.2.2: detected part"), "sdg")
    page.say(
        _(
            "Indicator 16.2.2 is the number of victims of trafficking in persons per 100,000 "
            "population, by sex, age and form of exploitation. Only its **detected part** can be "
            "reported: confirmed victims identified in the year over the mid-year population. The "
            "part that nobody detected is not estimated: with these numbers no method would give "
            "an honest answer."
        )
    )
    rows = []
    periods: list[str | int] = [*pack.shared, pack.baseline, pack.year]
    for period in periods:
        cell = pack.tidy.cell("PROT-02", period, "VICTIM", "rate")
        found = pack.tidy.rows("PROT-02", period, "VICTIM", "rate")
        low, high = (
            (found["ci_low"].iloc[0], found["ci_high"].iloc[0]) if len(found) else (None, None)
        )
        rows.append([str(period).replace("-", "–"), cell, format_interval(low, high, pack.lang, 2)])
    _table(
        pack,
        pd.DataFrame(
            rows,
            columns=[_("Period"), _("Per 100,000 population"), _("95 % interval")],
        ),
        _("Confirmed victims per 100,000 population (SDG 16.2.2, detected part)"),
        "tbl-sdg",
        decimals=2,
        align="lrr",
        widths=[30, 35, 35],
        note=_(
            "Exact Poisson interval (Garwood) on the count; it describes the chance that moves "
            "small numbers from year to year, not an error of counting. Population: World Bank"
        ),
    )
    rates = sdg_16_2_2(pack.tidy.table, pack.baseline)
    rows = [
        [
            _(RATE_DIMENSIONS[row.dimension]),
            pack.tidy.label(row.dimension, row.category),
            Cell(None if pd.isna(row.value) else float(row.value), row.status),
            format_interval(row.ci_low, row.ci_high, pack.lang, 2),
        ]
        for row in rates[rates["dimension"] != "total"].itertuples(index=False)
    ]
    _table(
        pack,
        pd.DataFrame(rows, columns=[_("By"), "", _("Per 100,000 population"), _("95 % interval")]),
        _("Confirmed victims per 100,000 population, {span} together", span=pack.span),
        "tbl-sdg-by",
        decimals=2,
        align="llrr",
        widths=[22, 38, 20, 20],
        note=_(
            "Broken down for pooled years only. Rates by sex and age are over the population of "
            "that sex or age, rates by form over the whole population"
        ),
    )


def glotip(pack: RegionalPack) -> None:
    """The tables of UNODC's questionnaire, filled as far as the register and the protection allow."""
    _ = pack.words
    _heading(_("Tables of the UNODC questionnaire (GLOTIP)"), "glotip")
    page.say(
        _(
            "@tbl-glotip-justice and @tbl-glotip-victims hold {year} and {span} under the names, in "
            "English, that UNODC's public data set uses, so that the numbers can be copied. Victims "
            "are confirmed ones. Rows that cannot be filled for either period are left out: sex and "
            "age together, and countries of repatriation, which no agency records.",
            year=pack.year,
            span=pack.span,
        )
    )
    shells = _glotip_by_period(pack)
    for name, tables, caption in (
        ("justice", ("G1", "G2", "G3", "G4", "G5", "G6"), _("Offences and persons, G1 to G6")),
        ("victims", ("G7", "G8", "G9", "G11"), _("Detected victims, G7 to G11")),
    ):
        _table(
            pack,
            shells[shells["table_id"].isin(tables)].drop(columns="table_id"),
            caption,
            f"tbl-glotip-{name}",
            widths=[38, 24, 10, 13, 6, 9],
            align="llllrr",
            note=_("Measures that do not add up over years are not pooled"),
        )


def justice(pack: RegionalPack) -> None:
    """Cases, arrests, prosecutions and convictions, each with its unit."""
    _ = pack.words
    _heading(_("Investigation and justice"), "justice")
    page.say(
        _(
            "The rows of @tbl-justice are different units and different years of origin: persons "
            "convicted in {year} come from cases opened in other years as well. No rate of "
            "conviction may be computed from one column; that needs a cohort of cases followed to "
            "their end. Charges under the law on the commercial sexual exploitation of children "
            "are counted apart, not inside trafficking.",
            year=pack.year,
        )
    )
    _lines_table(
        pack, JUSTICE, _("Cases and persons before the justice system"), "tbl-justice", units=True
    )
    _across(
        pack,
        "PROS-02",
        "stage",
        "SUSPECT",
        _("Persons in formal contact, by the furthest stage reached by the end of the year"),
        "tbl-stage",
    )
    _across(
        pack,
        "PROS-07",
        "offence_group",
        "SUSPECT",
        _("Persons before the Magistrate's Court for commercial sexual exploitation of children"),
        "tbl-csec",
    )


def protection(pack: RegionalPack) -> None:
    """Services, shelter, return and regularisation."""
    _ = pack.words
    _heading(_("Assistance and protection"), "protection")
    _lines_table(pack, PROTECTION, _("Assistance and protection"), "tbl-protection", units=True)
    _across(
        pack, "PROT-06", "service_type", "SERVICE", _("Services given, by type"), "tbl-services"
    )


def classification(pack: RegionalPack) -> None:
    """Our variables against the four entities of IC-TIP."""
    _ = pack.words
    _heading(_("Correspondence with the international classification (IC-TIP)"), "ictip")
    page.say(
        _(
            "IC-TIP (IOM and UNODC, 2023) describes a trafficking case with four entities: the "
            "trafficking event, the victim, the perpetrator and the reporting entity. The data bank "
            "follows **that structure**. **Conformity of the codes is not verified**: the annex "
            "that lists them could not be consulted. Until somebody compares the two lists, no "
            "statement that this data conforms to IC-TIP should be made."
        )
    )
    lines = []
    codebook = load_codebook()
    for row in codebook.crosswalk.itertuples(index=False):
        evidence = str(row.evidence_for_ictip)
        read = "inferred" not in evidence and evidence.endswith(("read", "reporting entity)"))
        lines.append(
            [
                _(ENTITIES[str(row.ictip_entity)]),
                _(VARIABLES[str(row.variable_here)]),
                str(row.glotip),
                _("stated by the source") if read else _("inferred"),
            ]
        )
    _table(
        pack,
        pd.DataFrame(
            lines, columns=[_("Entity"), _("Variable"), "GLOTIP", _("Ground for the match")]
        ),
        _("Variables of the data bank by IC-TIP entity"),
        "tbl-ictip",
        source=False,
        widths=[28, 36, 14, 22],
        note=_("GLOTIP: number of the table of the questionnaire in which the variable is used"),
    )


def benchmarks(pack: RegionalPack) -> None:
    """Published figures of the region, as printed, with their status."""
    _ = pack.words
    _heading(_("Reference figures of the region"), "benchmarks")
    table = pd.read_csv(
        pack.project.published / "regional_benchmarks.csv", dtype=str, keep_default_na=False
    )
    sources = pd.read_csv(
        pack.project.published / "sources.csv", dtype=str, keep_default_na=False
    ).set_index("source_id")
    page.say(
        _(
            "For orientation, @tbl-benchmarks gives what UNODC published for the region. It is not "
            "a yardstick: the rates of the region are averages of countries that count in different "
            "ways, for an earlier year, and refer to victims identified by authorities."
        )
    )
    lines = [
        [
            _(BENCHMARKS[row.indicator]),
            _(AREAS[row.area]),
            row.year,
            format_number(float(row.value), pack.lang),
            f"{sources.loc[row.source_id, 'publisher']} {sources.loc[row.source_id, 'year']}",
            _("read in the source") if row.confidence == "read_in_source" else _("second hand"),
        ]
        for row in table.itertuples(index=False)
    ]
    _table(
        pack,
        pd.DataFrame(
            lines,
            columns=[
                _("Figure"),
                _("Area"),
                _("Year"),
                _("Value"),
                _("Publisher and vintage"),
                _("Status"),
            ],
        ),
        _("Published reference figures of the region, as printed"),
        "tbl-benchmarks",
        source=False,
        align="lllrll",
        widths=[26, 26, 8, 10, 16, 14],
    )


def hidden(pack: RegionalPack) -> None:
    """What is hidden, how much of it, and why."""
    _ = pack.words
    _heading(_("What is hidden, and why"), "hidden")
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
    table = pack.tidy.table.assign(area=pack.tidy.table["indicator_id"].str[:4])
    lines = []
    for area, words in PRIORITY.items():
        status = table.loc[table["area"] == area, "status"]
        shown = int(status.isin(["OK", "Z", "PV", "E"]).sum())
        lines.append([_(words), shown, int((status == "C").sum())])
    _table(
        pack,
        pd.DataFrame(lines, columns=[_("Area"), _("Values shown"), _("Values hidden")]),
        _("Values shown and hidden in the table of indicators"),
        "tbl-hidden",
    )


def definitions(pack: RegionalPack) -> None:
    """Units of count and indicators, in words."""
    _ = pack.words
    _heading(_("Definitions"), "definitions")
    units = load_codebook().codelist("unit_of_count")
    rows = [[units.label(code, pack.lang), sentence_case(_(rule))] for code, rule in UNITS]
    _table(
        pack,
        pd.DataFrame(rows, columns=[_("Unit of count"), _("What is one")]),
        _("Units of count"),
        "tbl-units",
        source=False,
        widths=[30, 70],
    )
    rows = []
    for indicator_id in DEFINED:
        indicator = pack.tidy.indicator(indicator_id)
        spanish = pack.lang == "es"
        rows.append(
            [
                indicator_id,
                indicator.name_es if spanish else indicator.name_en,
                indicator.definition_es if spanish else indicator.definition,
            ]
        )
    _table(
        pack,
        pd.DataFrame(rows, columns=[_("Code"), _("Indicator"), _("Definition")]),
        _("Indicators used in this report"),
        "tbl-definitions",
        source=False,
        widths=[12, 32, 56],
    )


def reading(pack: RegionalPack) -> None:
    """How to read the numbers, and whom to ask."""
    _ = pack.words
    council = pack.project.profile["council"]
    _heading(_("How to read these numbers"), "reading")
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


# -- pieces that chapters share ---------------------------------------------------------------


def _heading(text: str, id: str) -> None:
    page.say(f"# {text} {{#sec-{id}}}")


def _table(
    pack: RegionalPack,
    frame: pd.DataFrame,
    caption: str,
    id: str,
    *,
    note: str = "",
    source: bool = True,
    **options: Any,
) -> None:
    below = ". ".join(part for part in (pack.source if source else "", note) if part)
    page.show_table(frame, caption, id, lang=pack.lang, note=below, **options)


def _lines_table(
    pack: RegionalPack, lines: Sequence[Line], caption: str, id: str, *, units: bool
) -> None:
    _ = pack.words
    labels = load_codebook().codelist("unit_of_count")
    rows = [
        [
            _(line[0]),
            labels.label(line[2], pack.lang),
            *[pack.cell(line, year) for year in pack.years],
        ]
        for line in lines
    ]
    heads = ["", _("Unit of count"), *map(str, pack.years)]
    widths = [38, 22, *[10] * len(pack.years)]
    _table(pack, pd.DataFrame(rows, columns=heads), caption, id, widths=widths)


def _breakdown(pack: RegionalPack, dimension: str, caption: str, id: str) -> None:
    _across(pack, "PROT-01", dimension, "VICTIM", caption, id)


def _across(
    pack: RegionalPack, indicator_id: str, dimension: str, unit: str, caption: str, id: str
) -> None:
    _ = pack.words
    table = pack.tidy.across(indicator_id, pack.years, dimension, unit=unit, statistic="count")
    if len(table) == 1:
        page.say("*" + _("{caption}: no breakdown is available.", caption=caption) + "*")
        return
    table[""] = [sentence_case(label) for label in table[""]]
    head = pack.tidy.unit_label(indicator_id, unit)
    widths = [44, *[56 // len(pack.years)] * len(pack.years)]
    _table(pack, table.rename(columns={"": head}), caption, id, widths=widths)


def _figure_over_years(pack: RegionalPack, line: Line, unit: str, caption: str, id: str) -> None:
    _ = pack.words
    cells, spans = [], []
    for year in pack.years:
        cells.append(pack.cell(line, year))
        rows = pack.tidy.rows(line[1], year, line[2], "count", **line[3])
        low = rows["ci_low"].iloc[0] if len(rows) else pd.NA
        spans.append(None if pd.isna(low) else (float(low), float(rows["ci_high"].iloc[0])))
    caption = _("{what}, {first}–{last}", what=caption, first=pack.years[0], last=pack.years[-1])
    picture = years_chart(
        cells,
        pack.years,
        id.removeprefix("fig-"),
        unit=unit,
        subject=caption,
        intervals=spans,
        lang=pack.lang,
    )
    drawn = any(span is not None for span in spans)
    more = _("Lines are 95 % intervals (exact Poisson)") if drawn else ""
    page.show_figure(
        picture, caption, id, note=". ".join(part for part in (pack.source, more) if part)
    )


def _glotip_by_period(pack: RegionalPack) -> pd.DataFrame:
    """table_id, the name and category that UNODC uses, sex, age, and a column of cells a period."""
    _ = pack.words
    key = ["table_id", "Indicator", "Category", "Sex", "Age"]
    own, pooled = (
        glotip_shells(pack.tidy.table, period, pack.project).set_index(key)
        for period in (pack.year, pack.baseline)
    )
    rows = []
    for place in own.index.union(pooled.index, sort=False):
        cells = [_shell_cell(frame, place) for frame in (own, pooled)]
        if {cell.status for cell in cells} <= {"NAP", "NC"}:
            continue
        table_id, indicator, *categories = place
        rows.append([table_id, f"{table_id} {indicator}", *categories, *cells])
    heads = ["table_id", _("Table"), _("Category"), _("Sex"), _("Age")]
    return pd.DataFrame(rows, columns=[*heads, str(pack.year), pack.span])


def _shell_cell(shells: pd.DataFrame, place: tuple[str, ...]) -> Cell:
    if place not in shells.index:
        return Cell(None, "NAP")
    row = shells.loc[[place]].iloc[0]
    return Cell(None if pd.isna(row["value"]) else float(row["value"]), str(row["status"]))


def _pooled(pack: RegionalPack, line: Line) -> Cell:
    """The pooled years; a stock has none."""
    rows = pack.tidy.rows(line[1], pack.baseline, line[2], "count", **line[3])
    return pack.cell(line, pack.baseline) if len(rows) else Cell(None, "NAP")
