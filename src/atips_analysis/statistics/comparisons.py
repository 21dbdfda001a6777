"""The one engine of comparisons: what is compared, how it comes about, and what may then be said.

Out come the estimate, its interval, the p-value, a verdict of a closed vocabulary and the reason
for it. A *family* of comparisons is judged together (`judged`), so that a whole edition says
"an increase" or "a decrease" of something that has not changed at most once in twenty editions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from math import isnan

import numpy as np

from atips_analysis.statistics.change import annual_change
from atips_analysis.statistics.contingency import holm_adjusted
from atips_analysis.statistics.inputs import ImpossibleInput, Interval, counts_of
from atips_analysis.statistics.ratios import share_ratio
from atips_analysis.statistics.scatter import against_earlier_years, moved_by_itself
from atips_analysis.statistics.verdicts import Reason, Verdict

LEAST_BASELINE_YEARS = 3
"""With fewer, a baseline's own trend cannot be told from its scatter."""
LEAST_TREND_YEARS = 5
"""From so many on a trend is tested. `benchmarks/comparisons.json` has the power that fewer have."""
LEAST_CLUSTERS_COMPARED = 10
"""Events, or clusters of them, in all: under these nothing but the extreme could be noticed."""
LEVEL = 0.05
"""Of a family: how probably it holds a false statement of change or more."""


class Quantity(StrEnum):
    """What is compared."""

    COUNT = "count"
    RATE = "rate"
    SHARE = "share"


class ComesAbout(StrEnum):
    """How what is counted comes about, and with it what chance can do to it."""

    EVENTS = "independent events"
    BY_CASE = "events by case"
    BY_VICTIM = "events by victim"
    BY_SESSION = "participants by session"
    PLANNED = "planned work"

    @property
    def clustered(self) -> bool:
        """Whether a design factor is needed to say anything of chance."""
        return self not in (ComesAbout.EVENTS, ComesAbout.PLANNED)


@dataclass(frozen=True)
class Series:
    """A series to be compared, a value a period, in order; the last one is what is judged.

    years : the years (or any numbers in order) that the values are of
    counts : of each; None where it is hidden or missing
    comes_about : how they come about
    quantity : count, rate (`sizes` are exposures) or share (`sizes` are what it is a share of)
    sizes : exposure or total of each; none for counts
    factor : the design factor of clustered events; NaN where it is not known
    """

    years: tuple[int, ...]
    counts: tuple[float | None, ...]
    comes_about: ComesAbout
    quantity: Quantity = Quantity.COUNT
    sizes: tuple[float, ...] | None = None
    factor: float = 1.0

    def __post_init__(self) -> None:
        if len(self.years) != len(self.counts) or len(self.years) != len(set(self.years)):
            raise ImpossibleInput("give one count for each year, and no year twice")
        if list(self.years) != sorted(self.years):
            raise ImpossibleInput("give the years in order")
        if self.quantity is not Quantity.COUNT and len(self.sizes or ()) != len(self.years):
            raise ImpossibleInput(f"a {self.quantity} needs what each count is divided by")
        counts_of([0 if one is None else one for one in self.counts])

    @property
    def exposures(self) -> np.ndarray:
        return np.array(self.sizes or [1.0] * len(self.years), dtype=float)

    @property
    def widening(self) -> float:
        """The design factor; 1 of what comes singly."""
        return self.factor if self.comes_about.clustered else 1.0


@dataclass(frozen=True)
class Comparison:
    """What came of a comparison.

    ratio : the later rate over the earlier one, or the factor from year to year of a trend
    interval : of the ratio, at the level of a single comparison
    p_value : of "nothing changed", agreeing with the interval; NaN where nothing was tested
    verdict, reason : what may be said, and why that and nothing else
    adjusted : the p-value in its family (`judged`)
    """

    ratio: float
    interval: Interval
    p_value: float
    verdict: Verdict
    reason: Reason
    adjusted: float = float("nan")

    @property
    def tested(self) -> bool:
        """Whether it counts among the comparisons that were made."""
        return not isnan(self.p_value)


def change_from_baseline(series: Series, confidence: float = 1 - LEVEL) -> Comparison:
    """Does the last year differ from the mean of the years before it?

    Parameters
    ----------
    series : Series
        The baseline's years, then the year that is judged.
    confidence : float
        Of the interval.

    Returns
    -------
    Comparison
        Planned work is not tested; where a count or the design factor is not known, nothing is.

    Notes
    -----
    The exact conditional test of two Poisson counts (Przyborowski and Wilenski 1940), made for
    the clusters that the counts come in: both counts are divided by the design factor. What the
    baseline's years scatter about *their own line* beyond that widens it further (Pearson's
    dispersion: McCullagh and Nelder 1989, section 4.5.2), so that a baseline that rises steadily
    is not taken for one that scatters. Where only that widening stands against a change, or the
    baseline moves by itself, so few years cannot tell. Shares are compared by their score ratio
    (Koopman 1984) for the effective numbers.
    """
    refused = _refused(series)
    if refused is not None:
        return refused
    if len(series.years) <= LEAST_BASELINE_YEARS:
        return _nothing(series, Verdict.TOO_FEW_YEARS, Reason.FEW_YEARS)
    if series.quantity is Quantity.SHARE:
        return _shares(series, confidence)
    counts = np.array(series.counts, dtype=float)
    if counts.sum() / series.widening < LEAST_CLUSTERS_COMPARED:
        return _nothing(series, Verdict.TOO_FEW_EVENTS, Reason.FEW_EVENTS)
    found = against_earlier_years(counts, series.exposures, series.widening, confidence)
    moved = moved_by_itself(counts[:-1], series.exposures[:-1], series.widening)
    tail = 1 - confidence
    verdict, reason = _of(found.interval)
    if verdict is Verdict.NO_EVIDENCE and found.without_scatter <= tail:
        verdict, reason = Verdict.TOO_FEW_YEARS, Reason.YEARS_SCATTER
    elif verdict is Verdict.NO_EVIDENCE and moved:
        verdict, reason = Verdict.TOO_FEW_YEARS, Reason.BASELINE_MOVES
    elif (verdict, moved) in ((Verdict.INCREASE, 1), (Verdict.DECREASE, -1)):
        reason = Reason.BASELINE_MOVED_TOO
    return Comparison(found.ratio, found.interval, found.p_value, verdict, reason)


def trend(series: Series, confidence: float = 1 - LEVEL) -> Comparison:
    """By what factor a year does the series change, and may that be called a trend?

    A design factor that is not known is estimated from the series itself, never under 1, with
    Student's t; from five years on.

    Notes
    -----
    Poisson log-linear regression on the year (`annual_change`; McCullagh and Nelder 1989,
    sections 4.5 and 6.2.3).
    """
    refused = _refused(replace(series, factor=1.0))
    if refused is not None:
        return refused
    if len(series.years) < LEAST_TREND_YEARS:
        return _nothing(series, Verdict.TOO_FEW_YEARS, Reason.FEW_YEARS)
    factor = None if isnan(series.widening) else series.widening
    found = annual_change(
        series.years, series.counts, series.exposures, confidence=confidence, factor=factor
    )
    if isnan(found.ratio):
        return _nothing(series, Verdict.TOO_FEW_EVENTS, Reason.FEW_EVENTS)
    return Comparison(found.ratio, found.interval, found.p_value, *_of(found.interval))


def judged(family: Sequence[Comparison], level: float = LEVEL) -> list[Comparison]:
    """A family of comparisons, each with what may be said of it beside all others.

    Parameters
    ----------
    family : sequence of Comparison
        All that an edition makes, declared before data are read.
    level : float
        How probably the family may hold a false statement of change.

    Returns
    -------
    list of Comparison
        In the same order. A change that does not stand beside the others is none.

    Notes
    -----
    Holm (1979), Scandinavian Journal of Statistics 6, 65-70; it holds however the series depend
    on one another.
    """
    adjusted = holm_adjusted([one.p_value for one in family])
    return [_beside(one, float(p), level) for one, p in zip(family, adjusted, strict=True)]


def _beside(one: Comparison, adjusted: float, level: float) -> Comparison:
    """A comparison beside the others of its family."""
    if one.verdict in (Verdict.INCREASE, Verdict.DECREASE) and not adjusted <= level:
        return replace(
            one, adjusted=adjusted, verdict=Verdict.NO_EVIDENCE, reason=Reason.MANY_COMPARISONS
        )
    return replace(one, adjusted=adjusted)


def _refused(series: Series) -> Comparison | None:
    """What cannot be compared whatever the numbers are."""
    planned = series.comes_about is ComesAbout.PLANNED
    by_the_group = series.comes_about is ComesAbout.BY_SESSION
    if planned or (by_the_group and series.quantity is not Quantity.SHARE):
        return _nothing(series, Verdict.NOT_TESTED, Reason.PLANNED)
    if not series.years or any(count is None for count in series.counts):
        return _nothing(series, Verdict.NOT_KNOWN, Reason.NUMBER_NOT_SHOWN)
    if isnan(series.widening):
        return _nothing(series, Verdict.NOT_KNOWN, Reason.CLUSTERS_NOT_KNOWN)
    return None


def _nothing(series: Series, verdict: Verdict, reason: Reason) -> Comparison:
    nan = float("nan")
    return Comparison(nan, Interval(nan, nan), nan, verdict, reason)


def _shares(series: Series, confidence: float) -> Comparison:
    counts, sizes = np.array(series.counts, dtype=float), series.exposures
    hits = np.array([counts[-1], counts[:-1].sum()]) / series.widening
    of = np.array([sizes[-1], sizes[:-1].sum()]) / series.widening
    if min(hits.sum(), (of - hits).sum()) < LEAST_CLUSTERS_COMPARED:
        return _nothing(series, Verdict.TOO_FEW_EVENTS, Reason.FEW_EVENTS)
    ratio, interval, p_value = share_ratio(hits[0], of[0], hits[1], of[1], confidence)
    return Comparison(ratio, interval, p_value, *_of(interval))


def _of(interval: Interval) -> tuple[Verdict, Reason]:
    if interval.low > 1:
        return Verdict.INCREASE, Reason.BEYOND_CHANCE
    if interval.high < 1:
        return Verdict.DECREASE, Reason.BEYOND_CHANCE
    return Verdict.NO_EVIDENCE, Reason.WITHIN_CHANCE
