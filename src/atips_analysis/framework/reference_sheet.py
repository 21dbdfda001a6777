"""Indicator reference sheets: all fields of one indicator, in English or Spanish."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from atips_analysis.codebook import load_codebook
from atips_analysis.framework.register import Indicator, load_indicators
from atips_analysis.framework.registers import load_objectives, load_targets
from atips_analysis.framework.tables import read_framework_table
from atips_analysis.project import Project


def reference_sheet(
    indicator: Indicator, project: Project, lang: str = "en", baseline: str = ""
) -> list[tuple[str, str]]:
    """The reference sheet of an indicator as pairs of label and value.

    Fields and their order are those of `data/framework/pirs_fields.csv`, after USAID's
    Performance Indicator Reference Sheet (ADS 201), with the project's own additions. What only
    the Council can say (responsible role, dates of assessment) is blank, and targets that it has
    not set say so.

    Parameters
    ----------
    indicator : Indicator
    project : Project
    lang : str
        "en" or "es".
    baseline : str
        The baseline value in words, from the report's own tables; without it the register's
        status is given.
    """
    return _sheet(indicator, _read(project), lang, baseline)


def reference_sheets(
    project: Project, lang: str = "en", baselines: Mapping[str, str] | None = None
) -> dict[str, list[tuple[str, str]]]:
    """The reference sheets of all indicators by id, their tables read once.

    `baselines` holds baseline values in words, by indicator, where there are any.
    """
    tables, own = _read(project), baselines or {}
    return {
        indicator.id: _sheet(indicator, tables, lang, own.get(indicator.id, ""))
        for indicator in load_indicators(project)
    }


class Tables(NamedTuple):
    """What a sheet is made from beside the indicator's own row."""

    terms: dict[str, str]
    objectives: pd.DataFrame
    targets: pd.DataFrame
    fields: list[dict[str, str]]


def _read(project: Project) -> Tables:
    return Tables(
        load_terms(project.framework),
        load_objectives(project),
        load_targets(project),
        load_reference_fields(project),
    )


def _sheet(indicator: Indicator, tables: Tables, lang: str, baseline: str) -> list[tuple[str, str]]:
    def say(text: str) -> str:
        return translate_terms(text, tables.terms) if lang == "es" else text

    book = load_codebook()
    area = book.codelist("priority_area").label(indicator.priority_area, lang)
    values = {
        "indicator_id": indicator.id,
        "name_en": indicator.name_en,
        "name_es": indicator.name_es,
        "priority_area": area,
        "strategy_objective": _objective(indicator, tables.objectives, lang),
        "logframe_level": book.codelist("indicator_level").label(indicator.level.upper(), lang),
        "precise_definition": indicator.definition_in(lang),
        "numerator": indicator.numerator_es if lang == "es" else indicator.numerator,
        "denominator": indicator.denominator_es if lang == "es" else indicator.denominator,
        "unit_of_measure": say(indicator.unit),
        "data_type": say(_data_type(indicator)),
        "disaggregated_by": say(indicator.disaggregation),
        "breakdowns_computed": _breakdowns(indicator, tables.terms, lang),
        "data_source": f"{say(indicator.source_agency)}: {say(indicator.means_of_verification)}",
        "method_of_collection": _collection(indicator, lang),
        "reporting_frequency": say(indicator.frequency),
        "baseline_year_value": baseline or say(indicator.baseline_status),
        "targets": _targets(indicator, tables.targets, lang),
        "direction": say(indicator.direction),
        "known_data_limitations": say(indicator.data_quality_flag),
        "disclosure_rule": say(indicator.disclosure_rule),
        "uncertainty_method": say(indicator.uncertainty),
    }
    return [(row[f"label_{lang}"], values.get(row["field"], "")) for row in tables.fields]


def load_reference_fields(project: Project) -> list[dict[str, str]]:
    """The fields of a reference sheet, in order: field, label_en, label_es, required, note."""
    table = read_framework_table(
        project.framework / "pirs_fields.csv",
        columns=["order", "field", "label_en", "label_es", "required", "note"],
        key=["field"],
    )
    return table.sort_values("order", key=lambda order: order.astype(int)).to_dict("records")  # type: ignore[return-value]


def load_terms(folder: Path) -> dict[str, str]:
    """The short terms of the register, English to Spanish."""
    table = read_framework_table(folder / "terms.csv", columns=["en", "es"], key=["en"])
    return dict(zip(table["en"], table["es"], strict=True))


def translate_terms(text: str, terms: dict[str, str]) -> str:
    """A term, or terms joined by semicolons, in Spanish; what the list lacks stays as it is."""
    if text in terms:
        return terms[text]
    return "; ".join(_term(part.strip(), terms) for part in text.split(";"))


def _term(text: str, terms: dict[str, str]) -> str:
    if text in terms:
        return terms[text]
    return " x ".join(terms.get(part, part) for part in text.split(" x "))


BREAKDOWNS = {
    "computed": ("Every period", "En todo período"),
    "computed_pooled": ("Pooled years only", "Solo en años agrupados"),
    "computed_confidential": ("Confidential side only", "Solo en el lado confidencial"),
    "not_computed": ("Not computed", "No se calcula"),
}


def _breakdowns(indicator: Indicator, terms: Mapping[str, str], lang: str) -> str:
    """What is computed of the breakdowns asked for, where it may be seen, and why not the rest."""
    spanish = lang == "es"
    parts = []
    for column, words in BREAKDOWNS.items():
        text = getattr(indicator, column)
        if text:
            said = translate_terms(text, dict(terms)) if spanish else text
            parts.append(f"{words[spanish]}: {said}.")
    note = indicator.breakdown_note_es if spanish else indicator.breakdown_note
    return " ".join([*parts, f"{note[:1].upper()}{note[1:]}." if note else ""]).strip()


def _data_type(indicator: Indicator) -> str:
    formula = indicator.formula
    if formula.startswith("100000"):
        return "rate"
    if "edian" in formula:
        return "median"
    if formula.startswith("100*"):
        return "percent"
    kinds = {"date difference": "days", "mean": "score"}
    return kinds.get(formula, "count")


def _objective(indicator: Indicator, objectives: pd.DataFrame, lang: str) -> str:
    if not indicator.strategy_objective:
        words = objectives[f"status_{lang}"]
        return str(words.iloc[0]) if len(words) else ""
    return str(objectives.set_index("objective").loc[indicator.strategy_objective, f"text_{lang}"])


def _collection(indicator: Indicator, lang: str) -> str:
    if not indicator.streams and indicator.computed:  # a score of the returns themselves
        spanish = "se calcula con los controles de las remisiones"
        return spanish if lang == "es" else "worked out from the checks of agencies' returns"
    if not indicator.streams:
        return "no se recopila todavía" if lang == "es" else "not collected yet"
    streams = load_codebook().streams
    names = ", ".join(streams[name].label(lang) for name in indicator.streams)
    if lang == "es":
        return f"remisión de la institución, hojas: {names}"
    return f"agency return, sheets: {names}"


def _targets(indicator: Indicator, targets: pd.DataFrame, lang: str) -> str:
    own = targets[(targets["indicator_id"] == indicator.id) & targets["target"].notna()]
    if own.empty:
        return "no fijadas por el Consejo" if lang == "es" else "not set by the Council"
    return "; ".join(f"{row.year}: {_plain(row.target)}" for row in own.itertuples())


def _plain(value: object) -> str:
    return "" if pd.isna(value) else f"{value:g}"  # type: ignore[call-overload]
