"""The back test: each figure of a published report against what the pipeline computes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from atips_analysis.codebook import load_codebook
from atips_analysis.framework.register_files import read_framework_table
from atips_analysis.pages.numbers import Cell
from atips_analysis.pages.tidy import Tidy
from atips_analysis.project import Project
from atips_analysis.published.sources import load_council_figures

COLUMNS = [
    "figure_id",
    "how",
    "subject",
    "unit_of_count",
    "cell",
    "together",
    "reason",
    "statement",
]


@dataclass(frozen=True)
class BackTest:
    """One line a published figure.

    `lines`: figure_id, chapter, statement, published, computed (a `Cell`), result (reproduced,
    hidden, rounded, differs, not reproduced) and reason.
    """

    lines: pd.DataFrame

    def number(self, result: str) -> int:
        return int((self.lines["result"] == result).sum())


def back_test(tidy: Tidy, project: Project, year: int) -> BackTest:
    """Compare every published figure that has a number with the protected table.

    A figure is reproduced when what was computed equals it; figures that a stream counts
    together (`together`) are compared as a sum. One that cannot be computed has a reason.
    """
    table = read_framework_table(
        project.framework / f"back_test_{year}.csv", columns=COLUMNS, key=["figure_id"]
    )
    figures = load_council_figures(project)
    numbered = figures[figures["value"].notna()].merge(
        table.rename(columns={"statement": "own_statement"}), on="figure_id", how="left"
    )
    sums = numbered[numbered["together"] != ""].groupby("together")["value"].sum()
    lines = []
    for row in numbered.to_dict("records"):
        computed = _computed(row, tidy, project, year)
        published = float(sums[row["together"]]) if row["together"] else float(row["value"])
        lines.append(
            {
                "figure_id": row["figure_id"],
                "chapter": row["chapter"],
                "statement": row["own_statement"] or row["statement"],
                "published": float(row["value"]),
                "compared_with": published,
                "unit": row["unit"],
                "how": row["how"],
                "computed": computed,
                "result": _result(computed, published, row["how"]),
                "reason": row["reason"],
            }
        )
    return BackTest(pd.DataFrame(lines))


def _result(computed: Cell | None, published: float, how: str) -> str:
    if how == "no" or computed is None:
        return "not reproduced"
    if computed.value is None:
        return "hidden" if computed.status == "C" else "not reproduced"
    if computed.status == "R":
        return "rounded"
    return "reproduced" if float(computed.value) == published else "differs"


def _computed(row: Mapping[Any, Any], tidy: Tidy, project: Project, year: int) -> Cell | None:
    if row["how"] == "indicator":
        cell = dict(part.split("=") for part in row["cell"].split() if part)
        return tidy.cell(row["subject"], year, row["unit_of_count"], "count", **cell)
    if row["how"] == "categories":
        rows = tidy.breakdown(row["subject"], year, row["cell"], row["unit_of_count"], "count")
        return Cell(float(sum(1 for cell in rows["cell"] if cell.value)), "OK")
    if row["how"] == "codebook":
        column = load_codebook().codelist(row["subject"]).table[row["unit_of_count"]]
        return Cell(float((column.fillna("") != "").sum()), "OK")
    if row["how"] == "profile":
        return Cell(float(_from_profile(row["subject"], project.profile)), "OK")
    return None


def _from_profile(path: str, profile: Mapping[str, Any]) -> int:
    if path == "strategy.years":
        strategy = profile["strategy"]
        return int(strategy["last_year"]) - int(strategy["first_year"]) + 1
    found: Any = profile
    for part in path.split("."):
        found = found[part]
    return len(found) if isinstance(found, list) else int(found)
