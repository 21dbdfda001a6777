"""The tables of research, attacked as they are released: with the published table of indicators."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from atips_analysis.databank import DataBank
from atips_analysis.disclosure.indicator_sums import cells_of
from atips_analysis.disclosure.indicator_table import ProtectedTable
from atips_analysis.disclosure.released_table import released_from, rows_behind
from atips_analysis.disclosure.releases import attack_releases, ties_by_counts
from atips_analysis.disclosure.research_tables_cohorts import OPENED
from atips_analysis.disclosure.research_tables_released import (
    released_research,
    research_row_id,
    research_rows,
)

TOPICS = ("attrition", "means")


def safe_counts(
    public: Mapping[str, Any], bank: DataBank, protected: ProtectedTable, threshold: int
) -> dict[str, list[dict[str, Any]]]:
    """The rows of attrition and means that may be told beside the published table and all before it.

    Of runs of years that open something the stages are hidden, the last run first. How many cases
    were opened stays: hiding it would hide nothing. Of a topic that hangs together with figures
    that are kept nothing is told at all, nor of either where that opens something beside what was
    released earlier.

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
    found = {name: [dict(row) for row in public[name]] for name in TOPICS}
    cells = cells_of(rows_behind(protected.table, protected.raw))
    for name in TOPICS:
        alone = {**_with_nothing_else(public), **dict.fromkeys(TOPICS, ()), name: found[name]}
        research, _ = released_research(alone, bank, cells, threshold=threshold)
        if not protected.kept.isdisjoint(research.keys):
            found[name] = _untold(found[name])
    stages, safe = _safe_stages({**public, **found}, bank, protected, threshold)
    found["attrition"] = stages
    return found if safe else {name: _untold(rows) for name, rows in found.items()}


def _untold(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [{**row, "value": None, "status": "C"} for row in rows]


def _safe_stages(
    public: Mapping[str, Any], bank: DataBank, protected: ProtectedTable, threshold: int
) -> tuple[list[dict[str, Any]], bool]:
    """The rows of attrition with runs of years hidden, and whether nothing is opened."""
    stages = [dict(row) for row in public["attrition"]]
    table, counts = released_from(
        protected.table, protected.raw, figures=protected.figures, threshold=threshold
    )
    cells = cells_of(rows_behind(protected.table, protected.raw))
    counted = {**_with_nothing_else(public), "attrition": stages}
    research, more = released_research(counted, bank, cells, threshold=threshold)
    truth = dict(protected.earlier_counts)
    truth |= {(bank.edition, key): count for key, count in {**counts, **more}.items()}
    key_of = {row: key for key, places in research.places.items() for row, _ in places}
    ids = [research_row_id(row) for row in research_rows(counted)]
    runs = list(dict.fromkeys(row["years"] for row in stages))
    for run in (*reversed(runs), None):
        together = [*protected.earlier, table, research]
        ties = ties_by_counts(together, truth)
        report = attack_releases(together, ties=ties, counts=truth, explained=0)
        if report.safe or run is None:
            break
        shown = dict(research.shown)
        for row_id, row in zip(ids, stages, strict=False):
            if row["years"] == run and row["code"] != OPENED:
                row |= {"value": None, "status": "C"}
                shown.pop(key_of[row_id], None)
        unsaid = more.keys() - shown.keys()
        research = replace(research, shown=shown, unpublished=frozenset(unsaid))
    return stages, report.safe


def _with_nothing_else(public: Mapping[str, Any]) -> dict[str, Any]:
    """Attrition and means as they are released; what holds no count is left out."""
    nothing = {"publishable": False, "reasons": []}
    return {**public, "durations": [], "overlap": nothing}
