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

COLUMNS = """figure_id printed how subject unit_of_count cell together reason statement""".split()
LINES = """figure_id chapter statement printed value together whole computed result reason
    of_a_register""".split()


@dataclass(frozen=True)
class BackTest:
    """One line a published figure.

    `lines`: figure_id, chapter, statement, printed (as it stands in the report; blank where the
    report prints no number and its list was counted), value (the same as a number), together (the
    group of figures that a stream counts as one; blank otherwise), whole (the sum of the group, or
    the value), computed (a `Cell`), result (reproduced, hidden, differs, not reproduced),
    reason, and of_a_register (whether it describes the Council, and is compared with a register of
    this system instead of with rows that agencies returned).
    """

    lines: pd.DataFrame

    def number(self, result: str) -> int:
        """How many figures came out so."""
        return int((self.lines["result"] == result).sum())


def back_test(tidy: Tidy, project: Project, year: int) -> BackTest:
    """Compare every published figure that has a number with the protected table.

    A figure is reproduced when what was computed equals it; figures that a stream counts
    together (`together`) are compared by their sum. One that cannot be computed has a reason.
    There are no lines where no published report of the year is registered.

    Raises
    ------
    InputError
        If the table ``back_test_YEAR.csv`` lacks a column.
    """
    path = project.framework / f"back_test_{year}.csv"
    if not path.is_file():
        return BackTest(pd.DataFrame(columns=LINES))
    table = read_framework_table(path, columns=COLUMNS, key=["figure_id"])
    figures = load_council_figures(project)
    numbered = figures[figures["value"].notna()].merge(
        table.rename(columns={"statement": "own_statement", "printed": "as_printed"}),
        on="figure_id",
        how="left",
    )
    sums = numbered[numbered["together"] != ""].groupby("together")["value"].sum()
    lines = []
    for row in numbered.to_dict("records"):
        computed = _computed(row, tidy, project, year)
        whole = float(sums[row["together"]]) if row["together"] else float(row["value"])
        lines.append(
            {
                "figure_id": row["figure_id"],
                "chapter": row["chapter"],
                "statement": row["own_statement"] or row["statement"],
                "printed": row["as_printed"],
                "value": float(row["value"]),
                "together": row["together"],
                "whole": whole,
                "computed": computed,
                "result": _result(computed, whole, row["how"]),
                "reason": row["reason"],
                "of_a_register": row["how"] in ("profile", "codebook"),
            }
        )
    return BackTest(pd.DataFrame(lines, columns=LINES))


def _result(computed: Cell | None, published: float, how: str) -> str:
    if how == "no" or computed is None:
        return "not reproduced"
    if computed.value is None:
        return "hidden" if computed.status == "C" else "not reproduced"
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
