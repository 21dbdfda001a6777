"""The measures of all priority areas: importing a module of indicators declares its own."""

from __future__ import annotations

from atips_analysis.indicators import (  # noqa: F401  (importing declares the measures)
    partnership,
    prevention,
    prosecution,
    protection,
)
from atips_analysis.indicators.measure import DECLARED, Measure

AREAS = {"PREV": 0, "PROT": 1, "PROS": 2, "PART": 3}


def measures(indicator_id: str | None = None) -> tuple[Measure, ...]:
    """All measures, or those of one indicator, in the order of the register."""
    ordered = sorted(
        DECLARED, key=lambda m: (AREAS[m.indicator_id[:4]], m.indicator_id, m.unit != "count")
    )
    return tuple(m for m in ordered if indicator_id in (None, m.indicator_id))
