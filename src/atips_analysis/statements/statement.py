"""A statement: what the edition says of one series."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from math import isnan
from typing import Any

from atips_analysis.statistics import ComesAbout, Reason, Verdict


@dataclass(frozen=True)
class Statement:
    """What is said of a series, with the numbers behind it.

    id, indicator_id, unit : which series; the indicator is blank where others published it
    subject, also : what is counted, by language, and what pages call it besides
    comes_about, factor : how the count comes about, and its published design factor (None: not
        known)
    compared : with the "baseline", or over its years ("trend")
    years, counts, statuses : the series as it is published; a count is None where it is hidden
        or missing
    kept : the years whose counts stand as an earlier release printed them
    before, now : the periods that are compared
    low, high : the interval of the newest count; None where there is none
    ratio, ratio_low, ratio_high, p_value, adjusted : later over earlier (a factor a year, of a
        trend), its interval, and the p-value alone and in its family; None where not tested
    noticed_above, noticed_below : the nearest ratios that would have been noticed with a
        probability of four in five; None where not tested, or where none would
    verdict, reason : of closed vocabularies
    said : the words by language and form: "in_full" (a sentence), "as_title" (of a
        chart), "in_short" (a table's cell)
    """

    id: str
    indicator_id: str
    unit: str
    subject: Mapping[str, str] = field(hash=False)
    comes_about: ComesAbout
    factor: float | None
    compared: str
    years: tuple[int, ...]
    counts: tuple[float | None, ...]
    statuses: tuple[str, ...]
    before: str
    now: str
    verdict: Verdict
    reason: Reason
    low: float | None = None
    high: float | None = None
    ratio: float | None = None
    ratio_low: float | None = None
    ratio_high: float | None = None
    p_value: float | None = None
    adjusted: float | None = None
    noticed_above: float | None = None
    noticed_below: float | None = None
    said: Mapping[str, Mapping[str, str]] = field(default_factory=dict, hash=False)
    also: Mapping[str, list[str]] = field(default_factory=dict, hash=False)
    kept: tuple[int, ...] = ()

    @property
    def tested(self) -> bool:
        """Whether it counts among the comparisons that were made."""
        return self.p_value is not None

    @property
    def count(self) -> float | None:
        """The newest count."""
        return self.counts[-1] if self.counts else None

    @property
    def earlier_mean(self) -> float | None:
        """The mean of all counts but the newest; None where one is not known."""
        earlier = [count for count in self.counts[:-1] if count is not None]
        if not earlier or len(earlier) < len(self.counts) - 1:
            return None
        return sum(earlier) / len(earlier)


def as_json(statement: Statement) -> dict[str, Any]:
    """A statement as plain values; what JSON has no word for (infinity) is text."""
    return {name: _plain(value) for name, value in asdict(statement).items()}


def from_json(content: Mapping[str, Any]) -> Statement:
    """The statement that `as_json` wrote."""
    tuples = {name: tuple(content[name]) for name in ("years", "counts", "statuses", "kept")}
    numbers = {name: float(value) for name, value in content.items() if value == "inf"}
    closed = {
        "comes_about": ComesAbout(content["comes_about"]),
        "verdict": Verdict(content["verdict"]),
        "reason": Reason(content["reason"]),
    }
    return Statement(**{**content, **tuples, **numbers, **closed})


def known(value: float) -> float | None:
    """A number, or None where it is none."""
    return None if isnan(value) else float(value)


DIGITS = 9
"""Significant digits that are kept: those behind them differ from one run of a fit to the next."""


def _plain(value: Any) -> Any:
    if isinstance(value, float):
        return str(value) if math.isinf(value) else float(f"{value:.{DIGITS}g}")
    if isinstance(value, tuple):
        return list(value)
    return value
