"""Sentences about change that small numbers allow, in every language that has a catalogue.

A change is named only when its interval excludes "no change"; every sentence names the unit of
count, the period and the source. Its tests are the house's style guide for words about numbers.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite, isinf, isnan

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
from atips_analysis.words import N_, NC_, Translator, translator
from atips_analysis.words.terminology import forbidden_in

COMPARED = {
    Verdict.INCREASE: N_(", an increase"),
    Verdict.DECREASE: N_(", a decrease"),
    Verdict.NO_EVIDENCE: N_(
        "; numbers of this size are no evidence of change, nor that nothing changed"
    ),
    Verdict.TOO_FEW_DATA: N_("; too few data to compare"),
}
FOLLOWED = {
    Verdict.INCREASE: N_(": an upward trend over {years} years"),
    Verdict.DECREASE: N_(": a downward trend over {years} years"),
    Verdict.NO_EVIDENCE: N_(": no evidence of change over {years} years, nor that nothing changed"),
    Verdict.TOO_FEW_DATA: N_(
        ": too few data to say whether anything changed; years with a figure: {years}"
    ),
}
WORDS_OF_CHANGE = NC_(
    "pattern: words of change", r"\b(trend|increas|decreas|rise\b|rising|falling)"
)


@dataclass(frozen=True)
class Comparison:
    """Two counts of the same thing, the later over the earlier.

    Its words are in the language of the page that says it.

    subject : what is counted, as a heading ("Potential victims identified")
    unit : a code of the list `unit_of_count`
    periods, counts : earlier and later; a count that is missing or not published is None
    ratio : later over earlier rate, with its interval
    source : where the counts come from
    relative_to : what the rates are per ("the population"), when exposures differ
    detection : whether the count is one of detected persons or cases
    """

    subject: str
    unit: str
    periods: tuple[str, str]
    counts: tuple[int | None, int | None]
    ratio: RateRatio
    source: str
    relative_to: str | None = None
    detection: bool = False
    confidence: float = 0.95

    def __post_init__(self) -> None:
        _refuse_blank(self.subject, self.source, self.unit, *self.periods)

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

    subject: str
    unit: str
    years: tuple[int, ...]
    counts: tuple[int | None, ...]
    change: AnnualChange
    source: str
    relative_to: str | None = None
    detection: bool = False
    confidence: float = 0.95

    def __post_init__(self) -> None:
        _refuse_blank(self.subject, self.source, self.unit, *map(str, self.years))


def compare(
    subject: str,
    unit: str,
    periods: tuple[str, str],
    counts: tuple[int | None, int | None],
    source: str,
    exposures: tuple[float, float] = (1.0, 1.0),
    relative_to: str | None = None,
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
    subject: str,
    unit: str,
    years: Sequence[int],
    counts: Sequence[int | None],
    source: str,
    exposures: Sequence[float] | None = None,
    relative_to: str | None = None,
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


def change_sentence(comparison: Comparison, language: str = "en") -> str:
    """Say what two counts show, and no more.

    "An increase" and "a decrease" stand only where the interval excludes 1. Counts that are
    missing or not published are not compared, nor guessed.
    """
    _ = _words(comparison, language)
    earlier, later = comparison.counts
    subject = comparison.subject
    reference = _reference(comparison, _)
    if _absent(earlier) or _absent(later):
        first, second = comparison.periods
        said = _(
            "{subject}: {first} and {second} are not compared, because a figure is not available "
            "or not published",
            subject=subject,
            first=first,
            second=second,
        )
        return f"{said} ({reference})."
    figures = _(
        "{subject}: {earlier} in {first} and {later} in {second}",
        subject=subject,
        earlier=_count(earlier),
        first=comparison.periods[0],
        later=_count(later),
        second=comparison.periods[1],
    )
    finding = _(COMPARED[comparison.verdict])
    if comparison.verdict in (Verdict.INCREASE, Verdict.DECREASE):
        finding += _relative(comparison.relative_to, _)
    ratio = comparison.ratio
    reach = _reach(ratio.interval, 2, _)
    confidence = _percent(comparison.confidence)
    if _has_point(ratio.ratio):
        statistic = _(
            "ratio {ratio}, {confidence} interval {reach}",
            ratio=_factor(ratio.ratio, 2),
            confidence=confidence,
            reach=reach,
        )
    else:
        statistic = _(
            "{confidence} interval of the ratio: {reach}", confidence=confidence, reach=reach
        )
    inside = "; ".join(part for part in (_known(ratio.ratio, statistic), reference) if part)
    return f"{figures}{finding} ({inside}).{_caution(comparison.detection, _)}"


def trend_sentence(series: Series, language: str = "en") -> str:
    """Say what a series of yearly counts shows, and no more.

    "Trend" stands only where the interval of the yearly rate ratio excludes 1.
    """
    _ = _words(series, language)
    change, absent = series.change, _("not available")
    figures = _(
        "{subject}, {first} to {last} ({counts})",
        subject=series.subject,
        first=min(series.years),
        last=max(series.years),
        counts=", ".join(_count(count, absent) for count in series.counts),
    )
    finding = _(FOLLOWED[change.verdict], years=change.years)
    if change.verdict in (Verdict.INCREASE, Verdict.DECREASE):
        finding += _relative(series.relative_to, _)
    reach, confidence = _reach(change.interval, 3, _), _percent(series.confidence)
    if _has_point(change.ratio):
        statistic = _(
            "ratio {ratio} a year, {confidence} interval {reach}",
            ratio=_factor(change.ratio, 3),
            confidence=confidence,
            reach=reach,
        )
    else:
        statistic = _(
            "{confidence} interval of the ratio a year: {reach}",
            confidence=confidence,
            reach=reach,
        )
    widened = ""
    if change.method.startswith("quasi"):
        widened = _("interval widened, because the counts scatter more than by chance")
    parts = (_known(change.ratio, statistic), widened, _reference(series, _))
    inside = "; ".join(part for part in parts if part)
    return f"{figures}{finding} ({inside}).{_caution(series.detection, _)}"


def expected_false_alarms(comparisons: int, confidence: float = 0.95) -> float:
    """How many comparisons would look like a change by chance if nothing had changed."""
    if comparisons < 0 or not 0 < confidence < 1:
        raise InputError("give a number of comparisons from 0, and a confidence between 0 and 1")
    return comparisons * (1.0 - confidence)


def comparisons_sentence(comparisons: int, confidence: float = 0.95, language: str = "en") -> str:
    """Say how many comparisons a report makes, and how many false alarms that lets expect."""
    _ = translator(language)
    expected = expected_false_alarms(comparisons, confidence)
    if comparisons == 0:
        return _("This report makes no comparisons.")
    about = f"{expected:.0f}" if expected >= 1.5 else f"{expected:.2g}"
    values = {
        "number": _count(comparisons),
        "confidence": _percent(confidence),
        "expected": about,
    }
    if comparisons == 1:
        return _(
            "This report makes 1 comparison, at {confidence} confidence. If nothing at all had "
            "changed, the chance that it looks like a change would be about {expected}.",
            **values,
        )
    if expected < 1:
        # Bonferroni's bound: it holds however the series depend on one another
        return _(
            "This report makes {number} comparisons, each at {confidence} confidence. If nothing "
            "at all had changed, one or more would still look like a change with a probability "
            "of up to {chance} %.",
            chance=f"{100 * expected:.0f}",
            **values,
        )
    return _(
        "This report makes {number} comparisons, each at {confidence} confidence. If nothing "
        "at all had changed, up to about {expected} of them would still be expected to look like "
        "a change, by chance.",
        **values,
    )


def _reference(of: Comparison | Series, _: Translator) -> str:
    unit = load_codebook().codelist("unit_of_count").label(of.unit, _.lang)
    return _("unit of count: {unit}; source: {source}", unit=unit.lower(), source=of.source)


def _known(ratio: float, statistic: str) -> str:
    return "" if isnan(ratio) else statistic


def _has_point(ratio: float) -> bool:
    """Whether a ratio is a number to print: with a count of zero its interval says all."""
    return bool(isfinite(ratio) and ratio)


def _reach(interval: Interval, places: int, _: Translator) -> str:
    low, high = _factor(interval.low, places), _factor(interval.high, places)
    if isinf(interval.high):
        return _("{low} or more", low=low)
    if interval.low == 0:
        return _("{high} or less", high=high)
    return _("{low} to {high}", low=low, high=high)


def _relative(to: str | None, _: Translator) -> str:
    return "" if to is None else _(" relative to {to}", to=to)


def _caution(detection: bool, _: Translator) -> str:
    if not detection:
        return ""
    caution = _(
        "More or fewer detected is neither better nor worse, and does not tell how common "
        "trafficking is."
    )
    return f" {caution}"


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


def _refuse_blank(subject: str, source: str, unit: str, *periods: str) -> None:
    if not all(part.strip() for part in (subject, source, unit, *periods)):
        raise InputError("a comparison names its subject, unit, period and source")
    if unit not in set(load_codebook().codelist("unit_of_count").table["code"]):
        raise InputError(f"{unit} is not a unit of count of the codebook")


def _words(of: Comparison | Series, language: str) -> Translator:
    """The words of a language, in which the subject and source are found to be sayable."""
    _ = translator(language)
    for text in (of.subject, of.source):
        for found in forbidden_in(text, language):
            raise InputError(f"{text!r}: {found}")
    pattern = _.pgettext("pattern: words of change", WORDS_OF_CHANGE)
    if re.search(pattern, of.subject, flags=re.IGNORECASE):
        raise InputError(f"{of.subject!r}: a subject says what is counted, not how it changed")
    return _
