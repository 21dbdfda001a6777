"""What an indicator measures: a population, a statistic and the tables that it is shown in.

An indicator is a pure function from the data bank and a period to its *population*: a frame
with one row a unit counted (or a column `n` where rows are totals), its dimensions as columns,
and `key`, which names the unit. Counting, shares, intervals and margins are the same for all
and live in `compute`; what a reader may ask ("which rows?") is answered by the same frame.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

import pandas as pd

from atips_analysis.codebook import load_codebook
from atips_analysis.framework.publication_plan import PlannedTable, load_publication_plan
from atips_analysis.framework.register import PRIORITY_AREAS
from atips_analysis.indicators.period import Period


class Bank(Protocol):
    """What indicators need of a data bank: accepted rows a stream, and who sent what."""

    def frame(self, stream: str) -> pd.DataFrame: ...

    def returned(self, stream: str) -> frozenset[int]:
        """Years for which some agency sent rows of the stream or ticked a nil return."""
        ...

    @property
    def simulated(self) -> bool: ...

    @property
    def scores(self) -> Callable[[], pd.DataFrame]:
        """Gives the quality scores of returns: agency, year, stream and dimension, 0 to 100."""
        ...

    @property
    def returns(self) -> pd.DataFrame:
        """What is owed by month and what became of it: agency, stream, month, state."""
        ...


Statistic = Literal["count", "percent", "ratio", "median", "rate", "mean"]
Population = Callable[[Any, Period], pd.DataFrame]


@dataclass(frozen=True)
class Measure:
    """One statistic of an indicator.

    Parameters
    ----------
    indicator_id : str
        Its code in the register, such as ``PROT-01``.
    unit : str
        Unit of count (a code of ``unit_of_count``).
    statistic : str
        count (sum of n), percent (share whose `numerator` is 1; where some `may_rise` to it yet it
        is the least that it will come to, without an interval), ratio (sum of `numerator`
        over n), median (time by which half have come to the outcome, of `duration` and `ending`: 0
        open, 1 come to it, 2 ended otherwise), rate (per 100,000), mean (of `score`).
    streams : tuple of str
        Streams without which nothing can be said.
    reads_too : tuple of str
        Further streams that it reads, and can do without.
    by : tuple of tuples
        What it can be broken down by, each a tuple of dimensions; the total is always there. Which
        of it is published, and how, is for the publication plan to say
        (`framework.publication_plan`); the rest is computed on the confidential side only.
    interval : str
        poisson, binomial or none (a complete count of things, not of chance events).
    additive : bool
        Whether years add up to pooled years. A stock (cases active, persons waiting) does not: it
        is never pooled and has no interval, as most of it was there the year before.
    persons : bool
        Whether people stand behind the count, so that counts of 1 to 4 are protected. Acts and
        cases are counted exactly.
    least : int
        Smallest denominator (or number of events) that is shown.
    total : bool
        Whether the row over all categories means anything.
    last_count : bool
        Whether it is the last count sent in the period (officers in post): a period without one
        is missing, not zero.
    distribution : str, optional
        For a percent that is a distribution: the dimension whose parts share out the whole.
    overlapping : str, optional
        A dimension of which one unit may stand in several categories: the population has a row for
        each, and where the dimension is not asked for every `key` counts once.
    same_as : mapping
        Counts elsewhere in the table that a reader knows to be the same as this measure's
        `value`, `numerator`, `denominator` or `rest` (denominator less numerator), and the larger
        count `within` which it lies: ``{"denominator": "PROT-01 VICTIM"}``, with categories as in
        ``"PROT-01 VICTIM age_group=CHILD"``. Protection and attack tie them together. A role may
        name a stage (``"value stage=CHARGED"``), a target the part of a share (``"PROT-05 VICTIM
        percent numerator"``); of several larger counts each is named, with semicolons between.
    shares_of_all : str
        The dimension whose categories overlap, each a share of one and the same whole.
    nested : tuple of pairs
        Of such categories: (part, whole), as those convicted are among those disposed; the whole
        may be ``Total``, the row that is not broken down, or ``rest``, those whom it leaves.
    none_by_months : tuple of str
        Of such categories those who are not followed long enough yet: a reader knows when there are
        none, and chance has no part in their number.
    shares_out : tuple of str
        Of such categories those that make up the whole: a case is disposed, closed or open.
    quartiles : bool
        Whether the note of a median says its quartiles.
    measured_in : str
        The unit of a median or mean: days, months, points of 100.
    in_part_of_year : str
        What the note says in a period that is not of whole years.
    """

    indicator_id: str
    unit: str
    statistic: Statistic
    population: Population
    streams: tuple[str, ...]
    reads_too: tuple[str, ...] = ()
    by: tuple[tuple[str, ...], ...] = ()
    interval: Literal["poisson", "binomial", "none"] = "none"
    additive: bool = True
    persons: bool = True
    least: int = 0
    total: bool = True
    last_count: bool = False
    distribution: str | None = None
    overlapping: str | None = None
    same_as: dict[str, str] = field(default_factory=dict)
    shares_of_all: str = ""
    nested: tuple[tuple[str, str], ...] = ()
    none_by_months: tuple[str, ...] = ()
    shares_out: tuple[str, ...] = ()
    quartiles: bool = False
    measured_in: str = ""
    in_part_of_year: str = ""

    @property
    def name(self) -> str:
        return f"{self.indicator_id} {self.statistic}"

    @property
    def place(self) -> tuple[str, str, str]:
        """Indicator, unit and statistic: how tables and the publication plan know it."""
        return self.indicator_id, self.unit, self.statistic

    @property
    def planned(self) -> tuple[PlannedTable, ...]:
        """Its tables in the publication plan."""
        return load_publication_plan().get(self.place, ())

    @property
    def confidential(self) -> tuple[tuple[str, ...], ...]:
        """What it can be broken down by, and what never leaves the house."""
        shown = {table.by for table in self.planned}
        return tuple(table for table in self.by if table not in shown)

    @property
    def sources(self) -> tuple[str, ...]:
        """All streams that it reads."""
        return (*self.streams, *self.reads_too)

    @property
    def interval_method(self) -> str:
        """How its interval is made, in the register's words; "none" where it has none."""
        if self.statistic == "median":
            return "log-log interval"
        kind = self.statistic if self.statistic == "rate" else self.interval
        about = (
            load_codebook()
            .codelist("unit_of_count")
            .attribute("comes_about")
            .get(self.unit, SINGLY)
        )
        return INTERVALS[kind] if about == SINGLY else CLUSTERED.get(kind, INTERVALS[kind])

    @property
    def within(self) -> tuple[str, ...]:
        """The larger counts within which this measure's count lies."""
        return tuple(filter(None, self.same_as.get("within", "").split("; ")))


INTERVALS = {
    "none": "none",
    "poisson": "exact Poisson",
    "rate": "exact Poisson on the count",
    "binomial": "Clopper-Pearson below 30, else Wilson",
}
"""What a sheet says of an interval; `data/framework/terms.csv` says it in other languages."""
SINGLY = "independent events"
CLUSTERED = {
    "poisson": "Fay and Feuer's gamma interval, by the edition's design factor",
    "rate": "Fay and Feuer's gamma interval of the count, by the edition's design factor",
    "binomial": "Korn and Graubard's exact interval, by the edition's design factor",
}
"""The same of units that come in clusters: persons by case, services by victim."""

_MEASURES: list[Measure] = []


def measures(indicator_id: str | None = None) -> tuple[Measure, ...]:
    """All measures, or those of one indicator, in the order of the register."""
    order = {area: at for at, area in enumerate(PRIORITY_AREAS)}
    ordered = sorted(
        _MEASURES, key=lambda m: (order.get(m.indicator_id[:4], len(order)), m.indicator_id)
    )
    return tuple(m for m in ordered if indicator_id in (None, m.indicator_id))


def unit_of(indicator_id: str) -> str:
    """What an indicator counts first of all; nothing where it counts nothing, or nothing feeds it."""
    return next((one.unit for one in measures(indicator_id)), "")


def by(*tables: str) -> tuple[tuple[str, ...], ...]:
    """Disaggregations written shortly: ``by("sex", "sex x form")``."""
    return tuple(tuple(part.strip() for part in table.split(" x ")) for table in tables)


def measure(
    indicator_id: str, unit: str, statistic: Statistic, streams: str, **what: Any
) -> Callable[[Population], Population]:
    """Declare that the decorated function gives the population of a measure."""

    def declare(function: Population) -> Population:
        _MEASURES.append(
            Measure(indicator_id, unit, statistic, function, tuple(streams.split()), **what)
        )
        return function

    return declare
