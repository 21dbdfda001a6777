"""The register of indicators: what each one counts, how, from where, and with what care."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from atips_analysis.errors import InputError
from atips_analysis.framework.register_files import read_framework_table, records
from atips_analysis.project import Project
from atips_analysis.quality.dimensions import with_meanings
from atips_analysis.words import by_language, in_language
from atips_analysis.words.catalogues import SOURCE
from atips_analysis.words.said import Message

SAID = ("name", "definition", "numerator", "denominator", "breakdown_note")
"""What the register says in every language, a column each (English has no mark, or `_en`)."""
PRIORITY_AREAS = ("PREV", "PROT", "PROS", "PART")
LEVELS = ("input", "process", "output", "outcome", "impact", "context")
DIRECTIONS = ("more is better", "less is better", "neutral")
YES_NO = ("yes", "no")
FREQUENCIES = ("quarterly", "semi-annual", "annual")


@dataclass(frozen=True)
class Indicator:
    """One indicator of the framework: a row of `data/framework/indicators.csv`.

    `collected` is whether agencies record it, so that a function computes it; `disaggregation` is
    what the standard asks for, `not_computed` what of it is not computed, and `breakdown_note` says
    why. Unit of count, streams, breakdowns and interval are what the code declares (`Declared`);
    `value_2024` is what the 2024 report publishes, None where it publishes no number.
    """

    id: str
    name_en: str
    priority_area: str
    strategy_objective: str
    level: str
    definition: str
    numerator: str
    denominator: str
    unit: str
    formula: str
    disaggregation: str
    not_computed: str
    breakdown_note: str
    source_agency: str
    collected: bool
    means_of_verification: str
    frequency: str
    direction: str
    sdg: str
    glotip: str
    ictip_entity: str
    us_tip: str
    other_standard: str
    disclosure_rule: str
    in_2024_report: str
    value_2024: float | None
    ci95_low: float | None
    ci95_high: float | None
    value_2024_text: str
    baseline_status: str
    data_quality_flag: str
    said: Mapping[str, Mapping[str, str]] = field(hash=False, repr=False)
    """name, definition, numerator, denominator and breakdown_note, each by language."""

    @property
    def names(self) -> Mapping[str, str]:
        """Its name by language, English first."""
        return self.said["name"]

    def name(self, lang: str = SOURCE) -> str:
        return self.text("name", lang)

    def definition_in(self, lang: str = SOURCE) -> str:
        return self.text("definition", lang)

    def text(self, what: str, lang: str = SOURCE) -> str:
        """One of `said` in a language.

        Raises InputError if the register has no column for the language.
        """
        return str(in_language(self.said[what], lang, f"{what} of {self.id}", "indicators.csv"))

    @property
    def neutral(self) -> bool:
        """Whether neither more nor less of it is better."""
        return self.direction == "neutral"


class Declared(NamedTuple):
    """What the code declares of an indicator: the register repeats none of it.

    Units of count (codes), statistics, the streams that it reads, how its intervals are made, and
    its breakdowns, each a tuple of dimensions: for every period, for pooled years only, and on the
    confidential side only.
    """

    units: tuple[str, ...]
    statistics: tuple[str, ...]
    streams: tuple[str, ...]
    intervals: tuple[str, ...]
    every_period: tuple[tuple[str, ...], ...]
    pooled_years: tuple[tuple[str, ...], ...]
    confidential: tuple[tuple[str, ...], ...]


def load_indicators(project: Project) -> tuple[Indicator, ...]:
    """The indicators, in the register's order.

    Raises InputError if the file lacks a column, repeats an indicator, leaves a name or definition
    blank in a language that it has, or uses a word outside the closed vocabularies; names the row.
    """
    path = project.framework / "indicators.csv"
    return _read(path, path.read_bytes() if path.is_file() else b"")


@lru_cache(maxsize=4)
def _read(path: Path, _content: bytes) -> tuple[Indicator, ...]:
    """The register in a file, read once as long as its content is the same."""
    columns = [one.name for one in fields(Indicator) if one.name != "said"]
    table = read_framework_table(path, columns=columns, key=["id"])
    return tuple(
        _indicator(row, columns, path, number + 2) for number, row in enumerate(records(table))
    )


def find_indicator(indicators: tuple[Indicator, ...], indicator_id: str) -> Indicator:
    """The indicator with that id.

    Raises InputError if there is none.
    """
    for indicator in indicators:
        if indicator.id == indicator_id:
            return indicator
    raise InputError(
        f"{indicator_id!r} is not an indicator of the framework; "
        "its ids stand in data/framework/indicators.csv"
    )


def _indicator(row: dict[str, str], columns: list[str], path: Path, number: int) -> Indicator:
    where = {"file": "/".join(path.parts[-3:]), "row": number}
    needed = re.compile(r"id|name_[a-z]{2,3}|definition(_[a-z]{2,3})?|formula|unit")
    for column in row:
        if needed.fullmatch(column) and not row[column].strip():
            blank = Message("{column} is blank; fill it in").format(column=column)
            raise InputError(blank, **where)  # type: ignore[arg-type]
    for column, words in (
        ("priority_area", PRIORITY_AREAS),
        ("level", LEVELS),
        ("direction", DIRECTIONS),
        ("frequency", FREQUENCIES),
        ("collected", YES_NO),
    ):
        if row[column] not in words:
            raise InputError(
                Message("{column} is {value!r}; use one of {known}").format(
                    column=column, value=row[column], known=", ".join(words)
                ),
                **where,  # type: ignore[arg-type]
            )
    numbers = {
        column: _number(row[column], column, where)
        for column in ("value_2024", "ci95_low", "ci95_high")
    }
    own = {column: row[column] for column in columns}
    said = {what: by_language(row, what) for what in SAID}
    said["definition"] = {
        lang: with_meanings(text, lang) for lang, text in said["definition"].items()
    }
    own["definition"] = with_meanings(row["definition"])
    return Indicator(**{**own, **numbers, "collected": row["collected"] == "yes", "said": said})  # type: ignore[arg-type]


def _number(text: str, column: str, where: dict[str, object]) -> float | None:
    if not text.strip():
        return None
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise InputError(
            Message("{column} is {text!r}; write a number or leave it blank").format(
                column=column, text=text
            ),
            **where,  # type: ignore[arg-type]
        )
    return value
