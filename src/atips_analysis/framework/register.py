"""The register of indicators: what each one counts, how, from where, and with what care."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields
from pathlib import Path

from atips_analysis.errors import InputError
from atips_analysis.framework.tables import read_framework_table, records
from atips_analysis.project import Project

PRIORITY_AREAS = ("PREV", "PROT", "PROS", "PART")
LEVELS = ("input", "process", "output", "outcome", "impact", "context")
DIRECTIONS = ("more is better", "less is better", "neutral")
FREQUENCIES = ("quarterly", "semi-annual", "annual")


@dataclass(frozen=True)
class Indicator:
    """One indicator of the framework: a row of `data/framework/indicators.csv`.

    `unit_of_count` is a code of the code list of that name, or empty where nothing is counted
    (days, scores); `streams` are the streams that feed it, none when no agency records it yet;
    `disaggregation` is what the standard asks for, `computed` what is computed of it for every
    period, `computed_pooled` for pooled years only, `computed_confidential` on the confidential
    side only, `not_computed` the rest, and `breakdown_note` says why;
    `value_2024` is what the 2024 report publishes, None where it publishes no number.
    """

    id: str
    name_en: str
    name_es: str
    priority_area: str
    strategy_objective: str
    level: str
    definition: str
    definition_es: str
    numerator: str
    numerator_es: str
    denominator: str
    denominator_es: str
    unit: str
    unit_of_count: str
    formula: str
    disaggregation: str
    computed: str
    computed_pooled: str
    computed_confidential: str
    not_computed: str
    breakdown_note: str
    breakdown_note_es: str
    source_agency: str
    streams: tuple[str, ...]
    means_of_verification: str
    frequency: str
    direction: str
    sdg: str
    glotip: str
    ictip_entity: str
    us_tip: str
    other_standard: str
    uncertainty: str
    disclosure_rule: str
    in_2024_report: str
    value_2024: float | None
    ci95_low: float | None
    ci95_high: float | None
    value_2024_text: str
    baseline_status: str
    data_quality_flag: str

    def name(self, lang: str = "en") -> str:
        return self.name_es if lang == "es" else self.name_en

    def definition_in(self, lang: str = "en") -> str:
        return self.definition_es if lang == "es" else self.definition

    @property
    def neutral(self) -> bool:
        """Whether neither more nor less of it is better."""
        return self.direction == "neutral"


def load_indicators(project: Project) -> tuple[Indicator, ...]:
    """The indicators, in the register's order.

    Raises
    ------
    InputError
        If the file lacks a column, repeats an indicator, leaves a name or definition blank in
        either language, or uses a word outside the closed vocabularies; names the row.
    """
    path = project.framework / "indicators.csv"
    columns = [field.name for field in fields(Indicator)]
    table = read_framework_table(path, columns=columns, key=["id"])
    return tuple(
        _indicator(row, path, number + 2) for number, row in enumerate(records(table[columns]))
    )


def find_indicator(indicators: tuple[Indicator, ...], indicator_id: str) -> Indicator:
    """The indicator with that id.

    Raises
    ------
    InputError
        If there is none.
    """
    for indicator in indicators:
        if indicator.id == indicator_id:
            return indicator
    raise InputError(
        f"{indicator_id!r} is not an indicator of the framework; "
        "its ids stand in data/framework/indicators.csv"
    )


def _indicator(row: dict[str, str], path: Path, number: int) -> Indicator:
    where = {"file": "/".join(path.parts[-3:]), "row": number}
    for column in ("id", "name_en", "name_es", "definition", "definition_es", "formula", "unit"):
        if not row[column].strip():
            raise InputError(f"{column} is blank; fill it in", **where)  # type: ignore[arg-type]
    for column, words in (
        ("priority_area", PRIORITY_AREAS),
        ("level", LEVELS),
        ("direction", DIRECTIONS),
        ("frequency", FREQUENCIES),
    ):
        if row[column] not in words:
            raise InputError(
                f"{column} is {row[column]!r}; use one of {', '.join(words)}",
                **where,  # type: ignore[arg-type]
            )
    numbers = {
        column: _number(row[column], column, where)
        for column in ("value_2024", "ci95_low", "ci95_high")
    }
    streams = tuple(part.strip() for part in row["streams"].split(";") if part.strip())
    return Indicator(**{**row, **numbers, "streams": streams})  # type: ignore[arg-type]


def _number(text: str, column: str, where: dict[str, object]) -> float | None:
    if not text.strip():
        return None
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise InputError(
            f"{column} is {text!r}; write a number or leave it blank",
            **where,  # type: ignore[arg-type]
        )
    return value
