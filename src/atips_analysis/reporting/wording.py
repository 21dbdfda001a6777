"""Sentences about change that small numbers allow, in English and Spanish.

A change is named only when its interval excludes "no change"; every sentence names the unit of
count, the period and the source. Its tests are the house's style guide for words about numbers.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite, isinf, isnan
from typing import Literal, NamedTuple

import pandas as pd

from atips_analysis.codebook import load_codebook
from atips_analysis.errors import InputError
from atips_analysis.statistics import (
    AnnualChange,
    Interval,
    RateRatio,
    Verdict,
    annual_change,
    rate_ratio,
)

Language = Literal["en", "es"]


class Text(NamedTuple):
    """The same words in both languages."""

    en: str
    es: str

    def in_language(self, language: Language) -> str:
        return self.es if language == "es" else self.en


@dataclass(frozen=True)
class Comparison:
    """Two counts of the same thing, the later over the earlier.

    subject : what is counted, as a heading ("Potential victims identified")
    unit : a code of the list `unit_of_count`
    periods, counts : earlier and later; a count that is missing or not published is None
    ratio : later over earlier rate, with its interval
    source : where the counts come from
    relative_to : what the rates are per ("the population"), when exposures differ
    detection : whether the count is one of detected persons or cases
    """

    subject: Text
    unit: str
    periods: tuple[str, str]
    counts: tuple[int | None, int | None]
    ratio: RateRatio
    source: Text
    relative_to: Text | None = None
    detection: bool = False
    confidence: float = 0.95

    def __post_init__(self) -> None:
        _refuse_unsayable(self.subject, self.source, self.unit, *self.periods)

    @property
    def verdict(self) -> Verdict:
        """What may be said; the same four words as for a series."""
        low, high = self.ratio.interval
        if isnan(self.ratio.ratio) or isnan(low):
            return Verdict.TOO_FEW_DATA
        if low > 1:
            return Verdict.INCREASE
        return Verdict.DECREASE if high < 1 else Verdict.NO_EVIDENCE


@dataclass(frozen=True)
class Series:
    """A count of the same thing over several years; the fields are those of `Comparison`."""

    subject: Text
    unit: str
    years: tuple[int, ...]
    counts: tuple[int | None, ...]
    change: AnnualChange
    source: Text
    relative_to: Text | None = None
    detection: bool = False
    confidence: float = 0.95

    def __post_init__(self) -> None:
        _refuse_unsayable(self.subject, self.source, self.unit, *map(str, self.years))


def compare(
    subject: Text,
    unit: str,
    periods: tuple[str, str],
    counts: tuple[int | None, int | None],
    source: Text,
    exposures: tuple[float, float] = (1.0, 1.0),
    relative_to: Text | None = None,
    detection: bool = False,
    confidence: float = 0.95,
) -> Comparison:
    """Compare the count of a later period with that of an earlier one.

    Periods of different length, or populations of different size, need `exposures`, and
    `relative_to` to say so.
    """
    if exposures[0] != exposures[1] and relative_to is None:
        raise InputError("exposures differ: say what the rates are relative to")
    ratio = rate_ratio(counts[1], counts[0], exposures[1], exposures[0], confidence)
    return Comparison(
        subject, unit, periods, counts, ratio, source, relative_to, detection, confidence
    )


def follow(
    subject: Text,
    unit: str,
    years: Sequence[int],
    counts: Sequence[int | None],
    source: Text,
    exposures: Sequence[float] | None = None,
    relative_to: Text | None = None,
    detection: bool = False,
    confidence: float = 0.95,
) -> Series:
    """Follow a count over years; missing counts are left out, not taken as zero."""
    if exposures is not None and relative_to is None:
        raise InputError("exposures are given: say what the rates are relative to")
    change = annual_change(list(years), list(counts), exposures, confidence)
    return Series(
        subject,
        unit,
        tuple(years),
        tuple(counts),
        change,
        source,
        relative_to,
        detection,
        confidence,
    )


def change_sentence(comparison: Comparison, language: Language = "en") -> str:
    """Say what two counts show, and no more.

    "An increase" and "a decrease" stand only where the interval excludes 1. Counts that are
    missing or not published are not compared, nor guessed.
    """
    words = _words(language)
    earlier, later = comparison.counts
    subject = comparison.subject.in_language(language)
    reference = _reference(comparison, words, language)
    if _absent(earlier) or _absent(later):
        first, second = comparison.periods
        said = words["not compared"].format(subject=subject, first=first, second=second)
        return f"{said} ({reference})."
    figures = words["two figures"].format(
        subject=subject,
        earlier=_count(earlier),
        first=comparison.periods[0],
        later=_count(later),
        second=comparison.periods[1],
    )
    finding = words[f"compared: {comparison.verdict}"]
    if comparison.verdict in (Verdict.INCREASE, Verdict.DECREASE):
        finding += _relative(comparison.relative_to, words, language)
    statistic = _statistic(
        "ratio", comparison.ratio.ratio, comparison.ratio.interval, comparison.confidence, words, 2
    )
    inside = "; ".join(part for part in (statistic, reference) if part)
    return f"{figures}{finding} ({inside}).{_caution(comparison.detection, words)}"


def trend_sentence(series: Series, language: Language = "en") -> str:
    """Say what a series of yearly counts shows, and no more.

    "Trend" stands only where the interval of the yearly rate ratio excludes 1.
    """
    words = _words(language)
    change = series.change
    figures = words["figures"].format(
        subject=series.subject.in_language(language),
        first=min(series.years),
        last=max(series.years),
        counts=", ".join(_count(count, words["absent"]) for count in series.counts),
    )
    finding = words[f"followed: {change.verdict}"].format(years=change.years)
    if change.verdict in (Verdict.INCREASE, Verdict.DECREASE):
        finding += _relative(series.relative_to, words, language)
    statistic = _statistic(
        "yearly ratio", change.ratio, change.interval, series.confidence, words, 3
    )
    widened = words["widened"] if change.method.startswith("quasi") else ""
    inside = "; ".join(
        part for part in (statistic, widened, _reference(series, words, language)) if part
    )
    return f"{figures}{finding} ({inside}).{_caution(series.detection, words)}"


def expected_false_alarms(comparisons: int, confidence: float = 0.95) -> float:
    """How many comparisons would look like a change by chance if nothing had changed."""
    if comparisons < 0 or not 0 < confidence < 1:
        raise InputError("give a number of comparisons from 0, and a confidence between 0 and 1")
    return comparisons * (1.0 - confidence)


def comparisons_sentence(
    comparisons: int, confidence: float = 0.95, language: Language = "en"
) -> str:
    """Say how many comparisons a report makes, and how many false alarms that lets expect."""
    words = _words(language)
    expected = expected_false_alarms(comparisons, confidence)
    if comparisons == 0:
        return words["no comparisons"]
    about = f"{expected:.0f}" if expected >= 1.5 else f"{expected:.2g}"
    return words["one comparison" if comparisons == 1 else "comparisons"].format(
        number=_count(comparisons), confidence=_percent(confidence), expected=about
    )


def _reference(of: Comparison | Series, words: dict[str, str], language: Language) -> str:
    unit = load_codebook().codelist("unit_of_count").label(of.unit, language)
    return words["reference"].format(unit=unit.lower(), source=of.source.in_language(language))


def _statistic(
    name: str,
    ratio: float,
    interval: Interval,
    confidence: float,
    words: dict[str, str],
    places: int,
) -> str:
    if isnan(ratio):
        return ""
    bounds = "between"
    if isinf(interval.high):
        bounds = "at least"
    elif interval.low == 0:
        bounds = "at most"
    reach = words[bounds].format(
        low=_factor(interval.low, places), high=_factor(interval.high, places)
    )
    point = words[name].format(ratio=_factor(ratio, places)) if isfinite(ratio) and ratio else ""
    limits = words["interval" if point else f"interval of {name}"]
    limits = limits.format(confidence=_percent(confidence), reach=reach)
    return f"{point}, {limits}" if point else limits


def _relative(to: Text | None, words: dict[str, str], language: Language) -> str:
    return "" if to is None else words["relative"].format(to=to.in_language(language))


def _caution(detection: bool, words: dict[str, str]) -> str:
    return f" {words['detection']}" if detection else ""


def _factor(value: float, places: int) -> str:
    """A ratio, with enough digits that one beside 1 is not printed as 1."""
    if not isfinite(value):
        return "∞"
    while abs(value - 1) > 1e-6 and round(value, places) == 1 and places < 9:
        places += 1
    return f"{value:,.{places}f}"


def _count(count: int | None, absent: str = "") -> str:
    return absent if _absent(count) else f"{count:,.0f}"


def _absent(count: int | None) -> bool:
    return bool(pd.isna(count))


def _percent(confidence: float) -> str:
    return f"{confidence * 100:g} %"


def _refuse_unsayable(subject: Text, source: Text, unit: str, *periods: str) -> None:
    if not all(part.strip() for part in (*subject, *source, unit, *periods)):
        raise InputError(
            "a comparison names its subject, unit, period and source, in two languages"
        )
    if unit not in set(load_codebook().codelist("unit_of_count").table["code"]):
        raise InputError(f"{unit} is not a unit of count of the codebook")
    for text in (*subject, *source):
        if re.search(r"tráfico(?!\s+ilícito)", text, flags=re.IGNORECASE):
            raise InputError(
                f"{text!r}: trafficking is trata in Spanish; tráfico ilícito de migrantes is smuggling"
            )
    for text in subject:
        if re.search(
            r"\b(trend|increas|decreas|rise\b|rising|falling|tendencia|aument|disminu|al alza|a la baja)",
            text,
            flags=re.IGNORECASE,
        ):
            raise InputError(f"{text!r}: a subject says what is counted, not how it changed")


def _words(language: Language) -> dict[str, str]:
    if language not in WORDS:
        raise InputError(f"language {language!r} is not one of {', '.join(WORDS)}")
    return WORDS[language]


WORDS: dict[str, dict[str, str]] = {
    "en": {
        "two figures": "{subject}: {earlier} in {first} and {later} in {second}",
        "figures": "{subject}, {first} to {last} ({counts})",
        "absent": "not available",
        "not compared": (
            "{subject}: {first} and {second} are not compared, because a figure is not available "
            "or not published"
        ),
        f"compared: {Verdict.INCREASE}": ", an increase",
        f"compared: {Verdict.DECREASE}": ", a decrease",
        f"compared: {Verdict.NO_EVIDENCE}": (
            "; numbers of this size are no evidence of change, nor that nothing changed"
        ),
        f"compared: {Verdict.TOO_FEW_DATA}": "; too few data to compare",
        f"followed: {Verdict.INCREASE}": ": an upward trend over {years} years",
        f"followed: {Verdict.DECREASE}": ": a downward trend over {years} years",
        f"followed: {Verdict.NO_EVIDENCE}": (
            ": no evidence of change over {years} years, nor that nothing changed"
        ),
        f"followed: {Verdict.TOO_FEW_DATA}": (
            ": too few data to say whether anything changed; years with a figure: {years}"
        ),
        "relative": " relative to {to}",
        "ratio": "ratio {ratio}",
        "yearly ratio": "ratio {ratio} a year",
        "interval": "{confidence} interval {reach}",
        "interval of ratio": "{confidence} interval of the ratio: {reach}",
        "interval of yearly ratio": "{confidence} interval of the ratio a year: {reach}",
        "between": "{low} to {high}",
        "at least": "{low} or more",
        "at most": "{high} or less",
        "widened": "interval widened, because the counts scatter more than by chance",
        "reference": "unit of count: {unit}; source: {source}",
        "detection": (
            "More or fewer detected is neither better nor worse, and does not tell how common "
            "trafficking is."
        ),
        "no comparisons": "This report makes no comparisons.",
        "one comparison": (
            "This report makes 1 comparison, at {confidence} confidence. If nothing at all had "
            "changed, the chance that it looks like a change would be about {expected}."
        ),
        "comparisons": (
            "This report makes {number} comparisons, each at {confidence} confidence. If nothing "
            "at all had changed, up to about {expected} of them would still be expected to look like "
            "a change, by chance."
        ),
    },
    "es": {
        "two figures": "{subject}: {earlier} en {first} y {later} en {second}",
        "figures": "{subject}, {first} a {last} ({counts})",
        "absent": "no disponible",
        "not compared": (
            "{subject}: {first} y {second} no se comparan, porque una cifra no está disponible o "
            "no se publica"
        ),
        f"compared: {Verdict.INCREASE}": ", un aumento",
        f"compared: {Verdict.DECREASE}": ", una disminución",
        f"compared: {Verdict.NO_EVIDENCE}": (
            "; números de este tamaño no demuestran un cambio, ni que nada haya cambiado"
        ),
        f"compared: {Verdict.TOO_FEW_DATA}": "; datos insuficientes para comparar",
        f"followed: {Verdict.INCREASE}": ": una tendencia al alza en {years} años",
        f"followed: {Verdict.DECREASE}": ": una tendencia a la baja en {years} años",
        f"followed: {Verdict.NO_EVIDENCE}": (
            ": sin evidencia de cambio en {years} años, ni de que nada haya cambiado"
        ),
        f"followed: {Verdict.TOO_FEW_DATA}": (
            ": datos insuficientes para decir si algo cambió; años con cifra: {years}"
        ),
        "relative": " en relación con {to}",
        "ratio": "razón {ratio}",
        "yearly ratio": "razón {ratio} por año",
        "interval": "intervalo de {confidence}: {reach}",
        "interval of ratio": "intervalo de {confidence} de la razón: {reach}",
        "interval of yearly ratio": "intervalo de {confidence} de la razón por año: {reach}",
        "between": "{low} a {high}",
        "at least": "{low} o más",
        "at most": "{high} o menos",
        "widened": "intervalo ampliado, porque las cifras varían más que por azar",
        "reference": "unidad de conteo: {unit}; fuente: {source}",
        "detection": (
            "Detectar más o menos no es mejor ni peor, y no indica cuán frecuente es la trata de "
            "personas."
        ),
        "no comparisons": "Este informe no hace comparaciones.",
        "one comparison": (
            "Este informe hace 1 comparación, con una confianza de {confidence}. Si nada hubiera "
            "cambiado, la probabilidad de que parezca un cambio sería de cerca de {expected}."
        ),
        "comparisons": (
            "Este informe hace {number} comparaciones, cada una con una confianza de {confidence}. "
            "Si nada hubiera cambiado, cabría esperar que hasta cerca de {expected} parecieran un "
            "cambio, por azar."
        ),
    },
}
