"""The tables of research, attacked as they are released: with the published table of indicators."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from atips_analysis.databank import DataBank
from atips_analysis.disclosure.indicator_table import ProtectedTable, cells_of
from atips_analysis.disclosure.released_table import released_from, rows_behind
from atips_analysis.disclosure.releases import attack_releases
from atips_analysis.disclosure.research_tables_cohorts import OPENED
from atips_analysis.disclosure.research_tables_means import pooled_periods
from atips_analysis.disclosure.research_tables_released import released_research


def safe_stages(
    public: Mapping[str, Any], bank: DataBank, protected: ProtectedTable, threshold: int
) -> list[dict[str, Any]]:
    """The rows of attrition, with stages of runs of years hidden until nothing opens.

    The last run goes first. How many cases were opened, and what the published table tells of its
    own pooled years, stay: hiding them would hide nothing.

    Parameters
    ----------
    public : mapping
        ``years``, ``attrition`` and ``means``, as `research_tables` gives them.
    bank : DataBank
        The edition that everything was computed from.
    protected : ProtectedTable
        The table that is published beside.
    threshold : int
        The smallest count of persons that is shown.
    """
    stages = [dict(row) for row in public["attrition"]]
    table, counts = released_from(
        protected.table, protected.raw, figures=protected.figures, threshold=threshold
    )
    cells = cells_of(rows_behind(protected.table, protected.raw))
    research, more = released_research(
        _with_nothing_else(public, stages), bank, cells, threshold=threshold
    )
    truth = {(bank.edition, key): count for key, count in {**counts, **more}.items()}
    key_of = {row: key for key, places in research.places.items() for row, _ in places}
    told = pooled_periods(protected, str(public["years"]))
    runs = [run for run in dict.fromkeys(row["years"] for row in stages) if run not in told]
    for run in reversed(runs):
        report = attack_releases([table, research], counts=truth, explained=0)
        if report.solvable and report.safe:
            break
        shown = dict(research.shown)
        for number, row in enumerate(stages):
            if row["years"] == run and row["code"] != OPENED:
                row |= {"value": None, "status": "C"}
                shown.pop(key_of[number], None)
        unsaid = more.keys() - shown.keys()
        research = replace(research, shown=shown, unpublished=frozenset(unsaid))
    return stages


def _with_nothing_else(public: Mapping[str, Any], stages: list[dict[str, Any]]) -> dict[str, Any]:
    """Attrition and means as they are released; what holds no count is left out."""
    nothing = {"publishable": False, "reasons": []}
    return {**public, "attrition": stages, "durations": [], "overlap": nothing}
