"""Indicator reference sheets: all fields of one indicator, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from atips_analysis.codebook import load_codebook
from atips_analysis.errors import InputError
from atips_analysis.framework.register import Declared, Indicator, load_indicators
from atips_analysis.framework.register_files import numbers_of, read_framework_table
from atips_analysis.framework.registers import load_objectives, load_targets
from atips_analysis.project import Project
from atips_analysis.words import by_language, in_language, translator
from atips_analysis.words.catalogues import SOURCE


def reference_sheets(
    project: Project,
    declared: Mapping[str, Declared],
    lang: str = "en",
    baselines: Mapping[str, str] | None = None,
) -> dict[str, list[tuple[str, str]]]:
    """The reference sheet of every indicator, by id, as pairs of label and value.

    Fields and their order are those of `data/framework/pirs_fields.csv`, after USAID's
    Performance Indicator Reference Sheet (ADS 201), with the project's own additions. What only
    the Council can say (responsible role, dates of assessment) is blank, and targets that it has
    not set say so.

    Parameters
    ----------
    project : Project
    declared : mapping
        What the code declares of each indicator (`indicators.declared`).
    lang : str
        A language that has a catalogue.
    baselines : mapping, optional
        Baseline values in words, by indicator, from the report's own tables; without one the
        register's status is given.

    Raises
    ------
    InputError
        If a word of the register stands in no row of `terms.csv`.
    """
    tables, own = _read(project, lang), baselines or {}
    return {
        indicator.id: _sheet(
            indicator, declared.get(indicator.id), tables, lang, own.get(indicator.id, "")
        )
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


def _sheet(
    indicator: Indicator, declared: Declared | None, tables: Tables, lang: str, baseline: str
) -> list[tuple[str, str]]:
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
        "data_type": say(_data_type(indicator, declared)),
        "disaggregated_by": say(indicator.disaggregation),
        "breakdowns_computed": _breakdowns(indicator, declared, tables.terms, lang),
        "data_source": f"{say(indicator.source_agency)}: {say(indicator.means_of_verification)}",
        "method_of_collection": _collection(indicator, declared, lang),
        "reporting_frequency": say(indicator.frequency),
        "baseline_year_value": baseline or say(indicator.baseline_status),
        "targets": _targets(indicator, tables.targets, lang),
        "direction": say(indicator.direction),
        "known_data_limitations": say(indicator.data_quality_flag),
        "disclosure_rule": say(indicator.disclosure_rule),
        "uncertainty_method": say(_intervals(declared)),
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
    path = project.framework / "pirs_fields.csv"
    table = read_framework_table(
        path,
        columns=["order", "field", "label_en", "required", "note"],
        key=["field"],
    )
    ordered = table.iloc[numbers_of(table, "order", path).to_numpy().argsort(kind="stable")]
    fields: list[dict[str, str]] = ordered.to_dict("records")
    return fields


def load_terms(folder: Path, lang: str) -> dict[str, str]:
    """The short terms of the register, from English to a language that has a column there."""
    table = read_framework_table(folder / "terms.csv", columns=[SOURCE, lang], key=[SOURCE])
    return dict(zip(table[SOURCE], table[lang], strict=True))


def translate_terms(text: str, terms: Mapping[str, str]) -> str:
    """A term, or terms joined by semicolons, as the list says them.

    Raises InputError if the list lacks one.
    """
    if text in terms or not text:
        return terms.get(text, "")
    return "; ".join(_term(part.strip(), terms) for part in text.split(";"))


def _term(text: str, terms: Mapping[str, str]) -> str:
    if text in terms:
        return terms[text]
    parts = text.split(" x ")
    if len(parts) > 1:
        return " × ".join(_term(part, terms) for part in parts)
    raise InputError(
        f"{text!r} stands in indicators.csv and in no row here; add it with its translations",
        file="data/framework/terms.csv",
    )


def _breakdowns(
    indicator: Indicator, declared: Declared | None, terms: Mapping[str, str], lang: str
) -> str:
    """What is computed of the breakdowns asked for, where it may be seen, and why not the rest."""
    _ = translator(lang)
    parts = []
    for words, tables in (
        (_("Breakdowns of every period"), declared.every_period if declared else ()),
        (_("Breakdowns of pooled years only"), declared.pooled_years if declared else ()),
        (_("Breakdowns on the confidential side only"), declared.confidential if declared else ()),
    ):
        if tables:
            parts.append(f"{words}: {'; '.join(_table_name(table, lang) for table in tables)}.")
    if indicator.not_computed:
        words = _("Breakdowns that are not computed")
        parts.append(f"{words}: {translate_terms(indicator.not_computed, terms)}.")
    note = indicator.text("breakdown_note", lang)
    return " ".join([*parts, f"{note[:1].upper()}{note[1:]}." if note else ""]).strip()


def _table_name(table: tuple[str, ...], lang: str) -> str:
    return " × ".join(load_codebook().dimension(name).label(lang) for name in table)


def _intervals(declared: Declared | None) -> str:
    """How its intervals are made: "none" only where no measure of it has any."""
    methods = declared.intervals if declared else ()
    return "; ".join([one for one in methods if one != "none"] or methods)


def _data_type(indicator: Indicator, declared: Declared | None) -> str:
    """What kind of number it is: of what is computed, its statistics; else as its formula says."""
    if declared is not None:
        return "; ".join("score" if kind == "mean" else kind for kind in declared.statistics)
    kinds = {"date difference": "days", "100*num/den": "percent"}
    return kinds.get(indicator.formula, "count")


def _objective(indicator: Indicator, objectives: pd.DataFrame, lang: str) -> str:
    if not indicator.strategy_objective:
        return _objective_in(objectives.iloc[0], "status", lang) if len(objectives) else ""
    own = objectives.set_index("objective").loc[indicator.strategy_objective]
    return _objective_in(own, "text", lang)


def _objective_in(row: pd.Series, name: str, lang: str) -> str:
    values = by_language(dict(row), name)
    return str(in_language(values, lang, f"{name} of the objectives", "objectives.csv"))


def _collection(indicator: Indicator, declared: Declared | None, lang: str) -> str:
    _ = translator(lang)
    if declared is None or not indicator.collected:
        return _("not collected yet")
    if not declared.streams:  # a score of the returns themselves
        return _("worked out from the checks of agencies' returns")
    streams = load_codebook().streams
    names = ", ".join(streams[name].label(lang) for name in declared.streams)
    return _("agency return, sheets: {names}", names=names)


def _targets(indicator: Indicator, targets: pd.DataFrame, lang: str) -> str:
    own = targets[(targets["indicator_id"] == indicator.id) & targets["target"].notna()]
    if own.empty:
        _ = translator(lang)
        return _("not set by the Council")
    return "; ".join(f"{row.year}: {_plain(row.target)}" for row in own.itertuples())


def _plain(value: object) -> str:
    return "" if pd.isna(value) else f"{value:g}"
