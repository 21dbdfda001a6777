"""The regional pack beside the standards: UNODC's tables, IC-TIP, the region, definitions."""

from __future__ import annotations

import pandas as pd

from atips_analysis.codebook import load_codebook
from atips_analysis.indicators.glotip import glotip_shells
from atips_analysis.indicators.place import TOTAL
from atips_analysis.pages.numbers import Cell, format_number
from atips_analysis.pages.text import sentence_case
from atips_analysis.reporting import page
from atips_analysis.reporting.regional_pack_pieces import RegionalPack, heading, show_table
from atips_analysis.words import N_

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


def glotip(pack: RegionalPack) -> None:
    """The tables of UNODC's questionnaire, filled as far as the register and the protection allow."""
    _ = pack.words
    heading(_("Tables of the UNODC questionnaire (GLOTIP)"), "glotip")
    page.say(
        _(
            "@tbl-glotip-justice and @tbl-glotip-victims stand under the names, in English, that "
            "UNODC's public data set uses, so that the numbers can be copied. Victims are confirmed "
            "ones; at this size they are broken down for {span} together only. Rows that cannot be "
            "filled for any period are left out: sex and age together, and countries of "
            "repatriation, which no agency records.",
            span=pack.span,
        )
    )
    shells = _glotip_by_period(pack)
    numbers = shells.shape[1] - 3
    for name, tables, caption in (
        ("justice", ("G1", "G2", "G3", "G4", "G5", "G6"), _("Offences and persons, G1 to G6")),
        ("victims", ("G7", "G8", "G9", "G11"), _("Detected victims, G7 to G11")),
    ):
        show_table(
            pack,
            shells[shells["table_id"].isin(tables)].drop(columns="table_id"),
            caption,
            f"tbl-glotip-{name}",
            widths=[30, 28, *[8] * numbers],
            align="ll" + "r" * numbers,
            note=_("Measures that do not add up over years are not pooled"),
        )


def classification(pack: RegionalPack) -> None:
    """Our variables against the four entities of IC-TIP."""
    _ = pack.words
    heading(_("Correspondence with the international classification (IC-TIP)"), "ictip")
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
    show_table(
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
    heading(_("Reference figures of the region"), "benchmarks")
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
    show_table(
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


def definitions(pack: RegionalPack) -> None:
    """Units of count and indicators, in words."""
    _ = pack.words
    heading(_("Definitions"), "definitions")
    page.say(
        _(
            "@tbl-units says what one of each unit is, and @tbl-definitions what the indicators "
            "count that agencies record; the pack has a table of each. The methods note and the "
            "data dictionary hold the rest."
        )
    )
    units = load_codebook().codelist("unit_of_count")
    rows = [[units.label(code, pack.lang), sentence_case(_(rule))] for code, rule in UNITS]
    show_table(
        pack,
        pd.DataFrame(rows, columns=[_("Unit of count"), _("What is one")]),
        _("Units of count"),
        "tbl-units",
        source=False,
        widths=[30, 70],
    )
    rows = [
        [one.id, one.name(pack.lang), one.definition_in(pack.lang)]
        for one in pack.tidy.indicators
        if one.collected
    ]
    show_table(
        pack,
        pd.DataFrame(rows, columns=[_("Code"), _("Indicator"), _("Definition")]),
        _("Indicators that agencies record"),
        "tbl-definitions",
        source=False,
        widths=[12, 32, 56],
    )


def _glotip_by_period(pack: RegionalPack) -> pd.DataFrame:
    """table_id, the names that UNODC gives table and category, and a column of cells a period.

    A category is a form, a citizenship, a sex or an age: UNODC's columns for these are never
    filled two at a time here.
    """
    _ = pack.words
    key = ["table_id", "Indicator", "Category", "Sex", "Age"]
    single = [year for year in pack.years if year not in pack.shared]
    periods: list[str | int] = [*pack.shared, pack.baseline, *single]
    shells = [
        glotip_shells(pack.tidy.table, period, pack.project).set_index(key) for period in periods
    ]
    places = shells[0].index
    for frame in shells[1:]:
        places = places.union(frame.index, sort=False)
    rows = []
    for place in sorted(places, key=lambda one: int(one[0][1:])):
        cells = [_shell_cell(frame, place) for frame in shells]
        if {cell.status for cell in cells} <= {"NAP", "NC"}:
            continue
        table_id, indicator, *categories = place
        broken_down = [words for words in categories if words != TOTAL]
        rows.append([table_id, f"{table_id} {indicator}", ", ".join(broken_down) or TOTAL, *cells])
    heads = ["table_id", _("Table"), _("Category")]
    return pd.DataFrame(rows, columns=[*heads, *(str(one).replace("-", "–") for one in periods)])


def _shell_cell(shells: pd.DataFrame, place: tuple[str, ...]) -> Cell:
    if place not in shells.index:
        return Cell(None, "NAP")
    row = shells.loc[[place]].iloc[0]
    return Cell(None if pd.isna(row["value"]) else float(row["value"]), str(row["status"]))
