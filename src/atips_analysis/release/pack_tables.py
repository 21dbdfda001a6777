"""The tables of a pack: the table of indicators, one table an indicator, data quality, the codes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pandas as pd

from atips_analysis.codebook import dimensions, load_codebook
from atips_analysis.files import csv_text, read_json
from atips_analysis.pages.tidy import Tidy
from atips_analysis.words import N_, in_all_languages, languages, translator
from atips_analysis.words.catalogues import SOURCE

NUMBERS = ("value", "numerator", "denominator", "ci_low", "ci_high", "score", "rows", "read")
BESIDE = [*tuple("value numerator denominator ci_low ci_high status method source note".split())]
ALWAYS = ("value", "status", "source")
DEFINITIONS = "definitions"
"""The name of the table of definitions, which every pack has."""
MEANING = {
    "indicator_id": "Code of the indicator in the framework",
    "unit_of_count": "What is counted (code list unit_of_count)",
    "statistic": "count, percent, ratio, rate (per 100,000) or median (days)",
    "period": "Year or years",
    "period_start": "First day",
    "period_end": "Last day",
    "value": "The value; blank where it is hidden (C), missing (M) or not collected (NC)",
    "numerator": "What is divided; blank with a hidden value",
    "denominator": "What it is divided by; blank with a hidden value",
    "ci_low": "Lower end of the 95 % interval; year-to-year chance, not counting error",
    "ci_high": "Upper end of the 95 % interval",
    "method": "Method of the interval",
    "status": "Code of cell_status: OK, Z true zero, C hidden for protection, M, NC, NAP, E, PV, R",
    "source": "register, simulated, published or external",
    "vintage": "Edition of the data bank",
    "note": "What to know of the value",
    "topic": "Which of the research tables",
    "code": "Code of the row's category",
}


@dataclass(frozen=True)
class PackTable:
    """A table: file name without ending, title by language, rows as text, how it is to be read."""

    name: str
    titles: Mapping[str, str] = field(hash=False)
    frame: pd.DataFrame
    note: str = ""

    @property
    def title(self) -> str:
        return self.titles[SOURCE]

    @property
    def other_titles(self) -> str:
        """The title in the other languages, in a line."""
        return " · ".join(title for lang, title in self.titles.items() if lang != SOURCE)

    def file_name(self, *, simulated: bool) -> str:
        """Where it stands in a pack; what was made from simulated records says so in its name."""
        mark = "-simulated" if simulated and "source" in self.frame else ""
        return f"tables/{self.name}{mark}.csv"

    def csv(self) -> bytes:
        """The table as CSV (UTF-8, Unix line ends)."""
        return csv_text([self.frame.columns, *self.frame.itertuples(index=False)]).encode("utf-8")


def pack_tables(tidy: Tidy, indicators_csv: Path, quality_json: Path) -> list[PackTable]:
    """All tables of a pack, from the public side of a build alone.

    Parameters
    ----------
    tidy : Tidy
        For the words.
    indicators_csv, quality_json : Path
        The protected table of indicators and the protected counts of data quality.
    """
    whole = pd.read_csv(indicators_csv, dtype=str, keep_default_na=False)
    tables = [
        PackTable(
            "indicators",
            in_all_languages(N_("All indicators")),
            whole,
            "One row a value, in codes; the sheets that follow show the same by indicator.",
        )
    ]
    for indicator in tidy.indicators:
        rows = whole[whole["indicator_id"] == indicator.id]
        if (rows["value"] != "").any() or (rows["status"] == "C").any():
            tables.append(
                PackTable(
                    indicator.id,
                    {lang: f"{indicator.id} {indicator.name(lang)}" for lang in languages()},
                    _of_one_indicator(rows, tidy),
                    indicator.definition,
                )
            )
    quality = _quality(read_json(quality_json))
    tables += [with_source(table, simulated=tidy.simulated) for table in quality]
    tables += [_definitions(tidy), _codes(whole, tidy)]
    return tables


def with_source(table: PackTable, *, simulated: bool) -> PackTable:
    """A table of records with the column `source`: register, or simulated."""
    frame = table.frame.assign(source="simulated" if simulated else "register")
    return replace(table, frame=frame)


def is_number(column: str) -> bool:
    """Whether a column of a pack's tables holds numbers."""
    return column in NUMBERS or column in ("accepted", "quarantined", "duplicates")


def meaning_of(column: str) -> str:
    """What a column holds."""
    if column in MEANING:
        return MEANING[column]
    if column.startswith("category_"):
        _ = translator(column.removeprefix("category_"))
        return _("What the row is about, in English")
    if column in defined_in():
        what, _, lang = column.rpartition("_")
        return f"{what.capitalize()} of the indicator ({lang})"
    if column in dimensions():
        codelist = " or ".join(load_codebook().dimension(column).codelists) or column
        return f"Code of {codelist}, or Total where the row is not broken down by it"
    return column.replace("_", " ").capitalize()


def _of_one_indicator(rows: pd.DataFrame, tidy: Tidy) -> pd.DataFrame:
    used = [name for name in dimensions() if (rows[name] != "Total").any()]
    kept = [name for name in BESIDE if name in ALWAYS or (rows[name] != "").any()]
    frame = rows[["period", "unit_of_count", "statistic", *used]].copy()
    for lang in languages():
        frame[f"category_{lang}"] = [
            _category(dict(zip(used, codes, strict=True)), tidy, lang)
            for codes in rows[used].itertuples(index=False)
        ]
    return pd.concat([frame, rows[kept]], axis=1).reset_index(drop=True)


def _category(codes: dict[str, str], tidy: Tidy, lang: str) -> str:
    spoken = Tidy(tidy.table, tidy.indicators, tidy.about, lang)
    words = [spoken.label(name, code) for name, code in codes.items() if code != "Total"]
    _ = translator(lang)
    return "; ".join(words) or _("Total")


def _quality(content: dict[str, Any]) -> list[PackTable]:
    titles = {
        "rows": N_("Account of rows by stream"),
        "scores": N_("Scores of data quality"),
        "findings": N_("Findings by rule"),
    }
    tables = []
    for name, title in titles.items():
        rows = content.get(name)
        if not isinstance(rows, list) or not rows:
            continue
        frame = pd.DataFrame(rows, dtype=object).map(as_text)
        note = "Blank where a small count of rows about persons is hidden or nothing is scored."
        tables.append(PackTable(f"quality-{name}", in_all_languages(title), frame, note))
    return tables


def _definitions(tidy: Tidy) -> PackTable:
    """What each indicator is called and counts, in every language: who reads several packs needs it."""
    said = ("indicator_id", *defined_in())
    rows = [
        [one.id, *(one.name(lang) for lang in languages()), *map(one.definition_in, languages())]
        for one in tidy.indicators
    ]
    titles = in_all_languages(N_("Definitions of the indicators"))
    return PackTable(DEFINITIONS, titles, pd.DataFrame(rows, columns=list(said)))


def defined_in() -> tuple[str, ...]:
    """The columns of the table of definitions that hold words: names, then definitions."""
    return tuple(f"{what}_{lang}" for what in ("name", "definition") for lang in languages())


def _codes(whole: pd.DataFrame, tidy: Tidy) -> PackTable:
    rows = []
    for name in dimensions():
        for code in sorted(set(whole[name]) - {"Total"}):
            labels = [_category({name: code}, tidy, lang) for lang in languages()]
            rows.append([name, code, *labels])
    for codelist, codes in (
        ("unit_of_count", sorted(set(whole["unit_of_count"]) - {""})),
        ("status", sorted(set(whole["status"]))),
    ):
        known = load_codebook().codelist("cell_status" if codelist == "status" else codelist)
        rows += [
            [codelist, code, *(known.label(code, lang) for lang in languages())] for code in codes
        ]
    frame = pd.DataFrame(
        rows, columns=["column", "code", *(f"category_{lang}" for lang in languages())]
    )
    return PackTable("codes", in_all_languages(N_("Codes and their labels")), frame)


def as_text(value: object) -> str:
    """A value as it stands in a table: blank for nothing, whole numbers without a point."""
    if value is None or value != value:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, (list, tuple, dict)):
        return json.dumps(value, ensure_ascii=False, sort_keys=True)
    return str(value)
