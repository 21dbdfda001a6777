"""The regional pack's own counts: victims, the goal's indicator, justice, protection."""

from __future__ import annotations

import pandas as pd

from atips_analysis.indicators.glotip import sdg_16_2_2
from atips_analysis.pages.numbers import Cell, format_interval
from atips_analysis.reporting import page
from atips_analysis.reporting.regional_pack_pieces import (
    Line,
    RegionalPack,
    heading,
    show_breakdown,
    show_lines,
    show_table,
    show_years,
)
from atips_analysis.words import N_

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
    (N_("Persons awaiting trial at the end of the year, on any charge"), "PROS-06", "SUSPECT", {}),
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
RATE_DIMENSIONS = {"sex": N_("Sex"), "age_group": N_("Age"), "form": N_("Form of exploitation")}


def victims(pack: RegionalPack) -> None:
    """Victims by status, never added to other statuses' series; then by characteristics."""
    _ = pack.words
    heading(_("Victims detected"), "victims")
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
    show_years(
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
    heading(_("Sustainable Development Goal 16.2.2: detected part"), "sdg")
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
    show_table(
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
            "Interval of the count, which knows that victims come by case (Fay and Feuer 1997); it describes the chance that moves "
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
    show_table(
        pack,
        pd.DataFrame(
            rows, columns=[_("By"), _("Category"), _("Per 100,000 population"), _("95 % interval")]
        ),
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


def justice(pack: RegionalPack) -> None:
    """Cases, arrests, prosecutions and convictions, each with its unit."""
    _ = pack.words
    heading(_("Investigation and justice"), "justice")
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
    show_lines(pack, JUSTICE, _("Cases and persons before the justice system"), "tbl-justice")
    show_breakdown(
        pack,
        "PROS-02",
        "stage",
        "SUSPECT",
        _("Persons in formal contact, by the furthest stage reached by the end of the year"),
        "tbl-stage",
    )
    show_breakdown(
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
    heading(_("Assistance and protection"), "protection")
    page.say(
        _(
            "A victim counts once a year in each row of @tbl-protection, whatever the number of "
            "services; @tbl-services counts services, one of each type to each victim and year. "
            "Migrant children in the shelter are a vulnerable group and are not counted as victims."
        )
    )
    show_lines(pack, PROTECTION, _("Assistance and protection"), "tbl-protection")
    show_breakdown(
        pack, "PROT-06", "service_type", "SERVICE", _("Services given, by type"), "tbl-services"
    )


def _breakdown(pack: RegionalPack, dimension: str, caption: str, id: str) -> None:
    show_breakdown(pack, "PROT-01", dimension, "VICTIM", caption, id)
