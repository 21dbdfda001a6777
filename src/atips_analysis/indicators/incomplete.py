"""Figures whose sources are not all there: of how many months they are, and who has not sent which.

Such a figure is provisional (status PV) and never compared with a full period. Its note says it in
one form, which pages read to say it in their language.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

import pandas as pd

from atips_analysis.indicators.measure import Bank, Measure
from atips_analysis.indicators.period import Period
from atips_analysis.quality.returns_owed import months_between, runs_of_months
from atips_analysis.quality.returns_received import THERE

PROVISIONAL = "PV"
KNOWN = ("OK", "Z")
_NOTE = re.compile(r"incomplete: (\d+) of (\d+) months; not sent: ([^;]*)")
_GAP = re.compile(r"(\w+) (\d{4}-\d{2})(?: to (\d{4}-\d{2}))?")


@dataclass(frozen=True, order=True)
class Gap:
    """A run of months (yyyy-mm) that an agency has not sent."""

    agency: str
    first: str
    last: str

    def __str__(self) -> str:
        return f"{self.agency} {self.first}" + (f" to {self.last}" * (self.last != self.first))


@dataclass(frozen=True)
class Incomplete:
    """Of the `of` months of a period `complete` ones are there from everybody who owes them."""

    complete: int
    of: int
    gaps: tuple[Gap, ...]

    def __str__(self) -> str:
        listed = ", ".join(map(str, self.gaps))
        return f"incomplete: {self.complete} of {self.of} months; not sent: {listed}"


def incomplete(bank: Bank, measure: Measure, period: Period) -> Incomplete | None:
    """What is missing of the streams of a measure in a period; None where all owed is there."""
    returns = bank.returns
    within = returns["month"].between(period.start, period.end)
    own = returns[_is_source(returns, bank, measure) & within]
    lacking = own[~own["state"].isin(THERE)]
    if lacking.empty:
        return None
    months = set(months_between(period.start, period.end))
    return Incomplete(len(months - set(lacking["month"])), len(months), _gaps(lacking))


def missing_returns(returns: pd.DataFrame, first_year: int, last_year: int) -> list[dict[str, str]]:
    """Who has not sent which months of these years, whatever the stream: agency, first, last."""
    lacking = returns[
        ~returns["state"].isin(THERE)
        & returns["month"].between(f"{first_year}-01", f"{last_year}-12")
    ]
    return [asdict(gap) for gap in _gaps(lacking)]


def incomplete_of(note: str) -> Incomplete | None:
    """What a note of the tidy table says is missing; None where it says nothing of it."""
    found = _NOTE.search(note)
    if found is None:
        return None
    gaps = tuple(
        Gap(agency, first, last or first) for agency, first, last in _GAP.findall(found[3])
    )
    return Incomplete(int(found[1]), int(found[2]), gaps)


def say_incomplete(
    rows: Iterable[dict[str, Any]], bank: Bank, measure: Measure, period: Period
) -> None:
    """Mark the rows of a measure and period whose sources are incomplete: status and note."""
    lack = incomplete(bank, measure, period)
    if lack is None:
        return
    for row in rows:
        row["note"] = "; ".join(filter(None, (row.get("note"), str(lack))))
        if row["status"] in KNOWN:
            row["status"] = PROVISIONAL


def _is_source(returns: pd.DataFrame, bank: Bank, measure: Measure) -> pd.Series:
    """Rows of the streams that a measure needs; of totals those of agencies that ever sent them."""
    found = pd.Series(False, returns.index)
    for source in measure.streams:
        stream, _, what = source.partition(":")
        own = returns["stream"] == stream
        if what:
            sent = bank.frame(stream)
            own &= returns["agency"].isin(set(sent.loc[sent["measure"] == what, "submitted_by"]))
        found |= own
    return found


def _gaps(lacking: pd.DataFrame) -> tuple[Gap, ...]:
    """The months that are lacking, as runs by agency."""
    return tuple(
        Gap(str(agency), first, last)
        for agency, rows in lacking.groupby("agency", sort=True)
        for first, last in runs_of_months(rows["month"])
    )
