"""Which breakdowns of an indicator are computed, in the words of the register.

The register promises (`disaggregation`, in the standard's words) and says what is computed of it:
for every period, for pooled years only, or on the confidential side only. What it says has to be
what the measures declare; a test compares them.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from atips_analysis.indicators.compute import RENAMED
from atips_analysis.indicators.measure import measures


class Breakdowns(NamedTuple):
    """Breakdowns as the register writes them, such as ``sex`` and ``sex x age group``."""

    every_period: tuple[str, ...]
    pooled_years: tuple[str, ...]
    confidential: tuple[str, ...]


def computed_breakdowns(indicator_id: str) -> Breakdowns:
    """What the measures of an indicator are broken down by; none of one that nothing feeds.

    A breakdown stands once, where most may see it: one measure may give it for every period and
    another for pooled years only.
    """
    own = measures(indicator_id)
    every = _words(table for measure in own for table in measure.by)
    pooled = _words(table for measure in own for table in measure.by_pooled)
    inside = _words(table for measure in own for table in measure.by_confidential)
    pooled = [table for table in pooled if table not in every]
    inside = [table for table in inside if table not in (*every, *pooled)]
    return Breakdowns(tuple(every), tuple(pooled), tuple(inside))


def _words(tables: Iterable[tuple[str, ...]]) -> list[str]:
    """Tables as words, each once: names of dimensions with spaces, crossed ones with an x."""
    named = [" x ".join(RENAMED.get(part, part) for part in table) for table in tables]
    return list(dict.fromkeys(name.replace("_", " ") for name in named))
