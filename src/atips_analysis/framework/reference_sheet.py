"""Indicator reference sheets: all fields of one indicator, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from atips_analysis.codebook import load_codebook
from atips_analysis.framework.register import Indicator, load_indicators
from atips_analysis.framework.register_files import read_framework_table
from atips_analysis.framework.registers import load_objectives, load_targets
from atips_analysis.project import Project
from atips_analysis.words import N_, by_language, in_language, translator
from atips_analysis.words.catalogues import SOURCE


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
        A language that has a catalogue.
    baseline : str
        The baseline value in words, from the report's own tables; without it the register's
        status is given.
    """
    return _sheet(indicator, _read(project, lang), lang, baseline)


def reference_sheets(
    project: Project, lang: str = "en", baselines: Mapping[str, str] | None = None
) -> dict[str, list[tuple[str, str]]]:
    """The reference sheets of all indicators by id, their tables read once.

    `baselines` holds baseline values in words, by indicator, where there are any.
    """
    tables, own = _read(project, lang), baselines or {}
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


def _read(project: Project, lang: str) -> Tables:
    return Tables(
        load_terms(project.framework, lang),
        load_objectives(project),
        load_targets(project),
        load_reference_fields(project),
    )


def _sheet(indicator: Indicator, tables: Tables, lang: str, baseline: str) -> list[tuple[str, str]]:
    def say(text: str) -> str:
        return translate_terms(text, tables.terms)

    book = load_codebook()
    area = book.codelist("priority_area").label(indicator.priority_area, lang)
    values = {
        "indicator_id": indicator.id,
        **{f"name_{other}": name for other, name in indicator.names.items()},
        "priority_area": area,
        "strategy_objective": _objective(indicator, tables.objectives, lang),
        "logframe_level": book.codelist("indicator_level").label(indicator.level.upper(), lang),
        "precise_definition": indicator.definition_in(lang),
        "numerator": indicator.text("numerator", lang),
        "denominator": indicator.text("denominator", lang),
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
    return [
        (
            in_language(by_language(row, "label"), lang, row["field"], "pirs_fields.csv"),
            values.get(row["field"], ""),
        )
        for row in tables.fields
    ]


def load_reference_fields(project: Project) -> list[dict[str, str]]:
    """The fields of a reference sheet, in order: field, a label a language, required, note."""
    table = read_framework_table(
        project.framework / "pirs_fields.csv",
        columns=["order", "field", "label_en", "required", "note"],
        key=["field"],
    )
    ordered = table.sort_values("order", key=lambda order: order.astype(int))
    fields: list[dict[str, str]] = ordered.to_dict("records")
    return fields


def load_terms(folder: Path, lang: str) -> dict[str, str]:
    """The short terms of the register, from English to a language that has a column there."""
    table = read_framework_table(folder / "terms.csv", columns=[SOURCE, lang], key=[SOURCE])
    return dict(zip(table[SOURCE], table[lang], strict=True))


def translate_terms(text: str, terms: dict[str, str]) -> str:
    """A term, or terms joined by semicolons, as the list says them; what the list lacks stays as it is."""
    if text in terms:
        return terms[text]
    return "; ".join(_term(part.strip(), terms) for part in text.split(";"))


def _term(text: str, terms: dict[str, str]) -> str:
    if text in terms:
        return terms[text]
    return " x ".join(terms.get(part, part) for part in text.split(" x "))


BREAKDOWNS = {
    "computed": N_("Every period"),
    "computed_pooled": N_("Pooled years only"),
    "computed_confidential": N_("Confidential side only"),
    "not_computed": N_("Not computed"),
}


def _breakdowns(indicator: Indicator, terms: Mapping[str, str], lang: str) -> str:
    """What is computed of the breakdowns asked for, where it may be seen, and why not the rest."""
    _ = translator(lang)
    parts = []
    for column, words in BREAKDOWNS.items():
        text = getattr(indicator, column)
        if text:
            parts.append(f"{_(words)}: {translate_terms(text, dict(terms))}.")
    note = indicator.text("breakdown_note", lang)
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
        return _objective_in(objectives.iloc[0], "status", lang) if len(objectives) else ""
    own = objectives.set_index("objective").loc[indicator.strategy_objective]
    return _objective_in(own, "text", lang)


def _objective_in(row: pd.Series, name: str, lang: str) -> str:
    values = by_language(dict(row), name)
    return str(in_language(values, lang, f"{name} of the objectives", "objectives.csv"))


def _collection(indicator: Indicator, lang: str) -> str:
    _ = translator(lang)
    if not indicator.streams and indicator.computed:  # a score of the returns themselves
        return _("worked out from the checks of agencies' returns")
    if not indicator.streams:
        return _("not collected yet")
    streams = load_codebook().streams
    names = ", ".join(streams[name].label(lang) for name in indicator.streams)
    return _("agency return, sheets: {names}", names=names)


def _targets(indicator: Indicator, targets: pd.DataFrame, lang: str) -> str:
    own = targets[(targets["indicator_id"] == indicator.id) & targets["target"].notna()]
    if own.empty:
        _ = translator(lang)
        return _("not set by the Council")
    return "; ".join(f"{row.year}: {_plain(row.target)}" for row in own.itertuples())


def _plain(value: object) -> str:
    return "" if pd.isna(value) else f"{value:g}"
