"""The register of public figures as cells of the tidy table of indicators."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from atips_analysis.codebook import dimensions
from atips_analysis.disclosure.cells import CellKey, cell_key
from atips_analysis.disclosure.knowledge import PublicFigure
from atips_analysis.indicators import measures
from atips_analysis.indicators.populations import citizenship_group
from atips_analysis.project import Project
from atips_analysis.published import load_public_figures


def public_figures(project: Project) -> list[PublicFigure]:
    """The register of public figures, as cells of the tidy table."""
    units = {m.indicator_id: m.unit for m in reversed(measures()) if m.statistic == "count"}
    units |= {"PROT-02": "VICTIM"}
    found = []
    for row in load_public_figures(project).to_dict("records"):
        if str(row.get("citizenship", "Total")) != "Total":
            continue
        unit = str(row["unit_of_count"]) or units.get(row["indicator_id"], "")
        kind = str(row["measure"])
        name = f"{row['indicator_id']} {unit}"
        if kind != "value" and row["indicator_id"] not in ("PROT-02", "PREV-08"):
            continue
        categories = {name: row[name] for name in dimensions() if name in row}
        key = cell_key(name, str(row["period"]), categories)
        source = f"{row['source_id']} {row.get('vintage', '')}".strip()
        if pd.notna(row["value"]) and str(row["value"]) != "":
            found.append(PublicFigure(key, int(float(row["value"])), source))
        elif pd.notna(row["low"]) and str(row["low"]) != "":
            found.append(PublicFigure(key, (float(row["low"]), float(row["high"])), source))
    return [*found, *_margins_of_lists(project, units)]


def _margins_of_lists(project: Project, units: Mapping[str, str]) -> list[PublicFigure]:
    """Totals and one-way margins of what the Council's report lists person by person.

    Its court chapter names every person by sex, citizenship and offence, so that anybody can add
    them up: the sums are public as well.
    """
    register = load_public_figures(project)
    own = [name for name in dimensions() if name in register]
    listed = register[
        register["source_id"].isin(project.profile["sources"].values())
        & (register["measure"] == "value")
        & ((register[[*own, "citizenship"]] != "Total").sum(axis=1) > 1)
    ]
    found: list[tuple[str, str, dict[str, str], float, str]] = []
    for (indicator_id, period), rows in listed.groupby(["indicator_id", "period"]):
        name = f"{indicator_id} {rows['unit_of_count'].iloc[0] or units.get(indicator_id, '')}"
        rows = rows.assign(
            citizenship_group=citizenship_group(rows["citizenship"]), n=rows["value"].astype(float)
        )
        source = rows["source_id"].iloc[0]
        found.append((name, str(period), {}, rows["n"].sum(), source))
        for dimension in (*own, "citizenship_group"):
            if (rows[dimension] != "Total").all():
                for category, group in rows.groupby(dimension):
                    found.append(
                        (name, str(period), {dimension: category}, group["n"].sum(), source)
                    )
    return [
        PublicFigure(cell_key(name, period, categories), int(value), f"{source} (added up)")
        for name, period, categories, value, source in found
    ]


def agrees(figure: PublicFigure, counts: Mapping[CellKey, int]) -> bool:
    """Whether a public figure, a number or a range, is not contradicted by the true counts."""
    if figure.key not in counts:
        return False
    count = counts[figure.key]
    if isinstance(figure.value, tuple):
        return figure.value[0] <= count <= figure.value[1]
    return figure.value == count
