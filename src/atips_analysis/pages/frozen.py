"""How a report stands to the frozen baseline: frozen or not, and what has been revised since."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from atips_analysis.indicators import DIMENSIONS
from atips_analysis.ledger.frozen_baseline import FrozenBaseline, find_baseline
from atips_analysis.ledger.revision import differences
from atips_analysis.pages.text import counted
from atips_analysis.pages.tidy import Tidy
from atips_analysis.project import Project

REVISED = ["indicator_id", "period", *DIMENSIONS, "frozen", "today"]


@dataclass(frozen=True)
class Standing:
    """The frozen baseline of a report, or None, and the values printed by both that differ."""

    frozen: FrozenBaseline | None
    revised: pd.DataFrame
    period: str

    @property
    def sentence(self) -> str:
        """For a report: frozen by whom, and whether it still holds."""
        words = self.period.replace("-", "–")
        if self.frozen is None:
            return (
                f"The baseline {words} is **not frozen**: its values may still change with every "
                "late record, until the Monitoring and Evaluation Committee freezes it."
            )
        seal = self.frozen.seal
        head = (
            f"The baseline {words} is **frozen**. Frozen by: {seal['frozen_by']}; from: edition "
            f"{seal['edition']} of the data bank; seal: {seal['sha256'][:16]}. "
        )
        if self.revised.empty:
            return head + "Nothing that it prints has been revised since."
        return head + (
            f"Since then {counted(len(self.revised), 'value has', 'values have')} been revised by "
            "late records and corrections; this report prints today's values."
        )


def standing(tidy: Tidy, project: Project, period: str) -> Standing:
    """Find the frozen baseline of a report's records and compare the values that both print.

    A rounded number may differ by its rounding alone, so that it is no sign of a revision.
    """
    frozen = find_baseline(project, period, simulated=tidy.simulated)
    if frozen is None:
        return Standing(None, pd.DataFrame(), period)
    found = differences(frozen.table, tidy.table)
    rounded = found[["frozen_status", "today_status"]].eq("R").any(axis=1)
    both = found[found["frozen"].notna() & found["today"].notna() & ~rounded]
    return Standing(frozen, both.reset_index(drop=True), period)


def seal_table(found: Standing) -> pd.DataFrame:
    """What the seal of a frozen baseline says, none where nothing is frozen: Seal, What it says."""
    heads = ["Seal", "What it says"]
    if found.frozen is None:
        return pd.DataFrame(columns=heads)
    seal = found.frozen.seal
    return pd.DataFrame(
        [
            ("Frozen by", seal["frozen_by"]),
            ("Years", found.period.replace("-", "–")),
            ("Edition of the data bank", seal["edition"]),
            ("Values sealed", len(found.frozen.table)),
            ("Seal (SHA-256)", seal["sha256"]),
        ],
        columns=heads,
    )


def revised_table(found: Standing, tidy: Tidy) -> pd.DataFrame:
    """Revised totals, none where nothing is frozen: Indicator, Period, Frozen, Today."""
    revised = found.revised.reindex(columns=REVISED)
    totals = revised[(revised[list(DIMENSIONS)] == "Total").all(axis=1)]
    codes, periods = totals["indicator_id"].astype(str), totals["period"].astype(str)
    return pd.DataFrame(
        {
            "Indicator": [f"{code} {tidy.indicator(code).name_en}" for code in codes],
            "Period": [period.replace("-", "–") for period in periods],
            "Frozen": totals["frozen"].astype(float).to_list(),
            "Today": totals["today"].astype(float).to_list(),
        }
    )
