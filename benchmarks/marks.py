"""How many numbers readers get: counts of persons that are exact, and how wide the others are.

    python benchmarks/marks.py --way NAME [--editions 20] [--work data/work/marks]

The table of indicators of the example and of drawn editions (other seeds of the simulator: other
rows under the same totals) is protected by the code as it is. Of every count of persons it is asked
whether readers get it exactly; of the others, how far apart the smallest and the largest value are
that the attack leaves; and whether parts that are all printed make the total that is printed. All
of it for the whole table, for what each publication prints of it, and for each table of the plan.
Results stand under the name of the way in `marks.json`, beside those of other ways. They are
written as they come; a run that was stopped goes on, as long as the code is the same commit.
"""

from __future__ import annotations

import argparse
import json
import math
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from atips_analysis.databank import DataBank, open_databank
from atips_analysis.databank.consolidation import consolidate
from atips_analysis.disclosure.indicator_sums import cells_of
from atips_analysis.disclosure.indicator_table import ProtectedTable, protect_table
from atips_analysis.errors import FindingsError
from atips_analysis.example import DEFAULT_SEED, read_scenario
from atips_analysis.example.writing import write_example
from atips_analysis.indicators import parse_period
from atips_analysis.indicators.edition_table import raw_table, years_and_pool
from atips_analysis.indicators.own_numbers import own_numbers
from atips_analysis.indicators.place import is_total
from atips_analysis.indicators.rows import rows_of
from atips_analysis.project import Project, find_project, find_registers

HERE = Path(__file__).parent
YEAR, BASELINE = "2024", "2021-2023"
PERSONS = ("VICTIM", "SUSPECT", "CONVICTION_P")
EXACT = ("OK", "Z", "PV", "E")
ANNUAL, BASELINE_REPORT = "annual report, brief", "baseline report, regional pack"
FAR = 100
"""Width that a count without an upper end is given."""


def drawn_edition(seed: int, project: Project, work: Path) -> DataBank:
    """The edition of the simulator's submissions with this seed; made once, and kept in `work`."""
    folder = work / f"seed-{seed}"
    if not (folder / "made").exists():
        write_example(folder, read_scenario(find_registers()), seed)
        settings = project.profile["quality"]
        consolidate(folder / "submissions", folder / "databank", project.expectations, settings)
        (folder / "made").touch()
    return open_databank(folder / "databank", "latest")


def measured(table: pd.DataFrame, made: ProtectedTable | None) -> dict[str, Any]:
    """What readers get of one edition; of one that cannot be published, nothing.

    Returns
    -------
    dict
        totals, totals_exact, sums, adding_up, agencies (how many numbers each opens) and, under `whole`, `publications` and `tables`:
        counts, exact, positive (counts above zero), positive_exact, widths (of the others).
    """
    if made is None:
        return {"published": False}
    keys = cells_of(table).rows
    ends = made.report.cells.set_index("key")[["low", "high"]]
    public = made.table
    own = public[
        public["statistic"].eq("count")
        & public["unit_of_count"].isin(PERSONS)
        & public["status"].isin([*EXACT, "C", "R"])
    ]
    exact = own["status"].isin(EXACT)
    own = own.assign(
        exact=exact,
        positive=table["value"].reindex(own.index).gt(0),
        width=[0 if e else _width(ends, keys[row][0]) for row, e in exact.items()],
    )
    total = is_total(own)
    sums, adding_up = _adding_up(own)
    by = own["by_1"].where(own["by_2"].eq(""), own["by_1"] + " x " + own["by_2"])
    tables = own["indicator_id"] + " " + own["unit_of_count"] + " " + by.where(~total, "total")
    publication = own["period"].eq(YEAR).map({True: ANNUAL, False: BASELINE_REPORT})
    return {
        "published": True,
        "totals": int(total.sum()),
        "totals_exact": int((total & exact).sum()),
        "sums": sums,
        "adding_up": adding_up,
        "agencies": {
            agency: len(told["opened"])
            for agency, told in made.confidential_account["agencies"].items()
            if told["opened"]
        },
        "whole": _counted(own),
        "publications": {name: _counted(rows) for name, rows in own.groupby(publication)},
        "tables": {name: _counted(rows) for name, rows in own.groupby(tables)},
    }


def _counted(rows: pd.DataFrame) -> dict[str, Any]:
    return {
        "counts": len(rows),
        "exact": int(rows["exact"].sum()),
        "positive": int(rows["positive"].sum()),
        "positive_exact": int((rows["positive"] & rows["exact"]).sum()),
        "widths": rows.loc[~rows["exact"], "width"].tolist(),
    }


def _width(ends: pd.DataFrame, key: object) -> int:
    if key not in ends.index:
        return FAR
    low, high = ends.loc[[key]].iloc[0]
    return int(high - low) if math.isfinite(high) else FAR


def _adding_up(own: pd.DataFrame) -> tuple[int, int]:
    """Breakdowns of which every part and the total are printed, and those that add up."""
    name = ["indicator_id", "unit_of_count", "period"]
    total = own[is_total(own)].set_index(name)["value"]
    parts = own[own["by_1"].ne("") & own["by_2"].eq("")]
    sums = adding_up = 0
    for where, rows in parts.groupby([*name, "by_1"]):
        whole = total.get(where[:3])
        if whole is not None and pd.notna(whole) and rows["value"].notna().all():
            sums += 1
            adding_up += int(rows["value"].sum() == whole)
    return sums, adding_up


def summary(editions: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """Shares over all editions that could be published."""
    every = list(editions)
    printed = [one for one in every if one["published"]]
    return {
        "editions": len(every),
        "published": len(printed),
        "totals_exact": _share(printed, "totals_exact", "totals"),
        "adding_up": _share(printed, "adding_up", "sums"),
        **_shares([one["whole"] for one in printed]),
        **{
            kind: {
                name: _shares([one[kind][name] for one in printed if name in one[kind]])
                for name in sorted({name for one in printed for name in one[kind]})
            }
            for kind in ("publications", "tables")
        },
    }


def _shares(parts: list[dict[str, Any]]) -> dict[str, Any]:
    widths = [width for one in parts for width in one["widths"]]
    return {
        "counts": round(float(np.mean([one["counts"] for one in parts])), 1),
        "exact": _share(parts, "exact", "counts"),
        "positive_exact": _share(parts, "positive_exact", "positive"),
        "mean_width": round(float(np.mean(widths)), 2) if widths else 0.0,
        "without_upper_end": sum(width == FAR for width in widths),
    }


def _share(parts: list[dict[str, Any]], part: str, whole: str) -> float | None:
    of = sum(one[whole] for one in parts)
    return round(sum(one[part] for one in parts) / of, 3) if of else None


def protected(table: pd.DataFrame, project: Project, own: pd.DataFrame) -> ProtectedTable | None:
    """The table as it would be published; None where it cannot be."""
    try:
        return protect_table(table, project, own=own)
    except FindingsError as error:
        print(error)
        return None


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--way", required=True, help="what the code does, in a few words")
    parser.add_argument("--editions", type=int, default=20)
    parser.add_argument("--work", type=Path, default=Path("data/work/marks"))
    parser.add_argument("--out", type=Path, default=HERE / "marks.json")
    given = parser.parse_args()
    ways = json.loads(given.out.read_text(encoding="utf-8")) if given.out.exists() else {}
    commit = _commit()
    own = ways.get(given.way, {})
    editions = own.get("by_seed", {}) if own.get("commit") == commit else {}
    project = find_project()
    periods = [*years_and_pool(BASELINE), parse_period(YEAR)]
    for seed in [DEFAULT_SEED, *range(1, given.editions + 1)]:
        if str(seed) not in editions:
            bank = drawn_edition(seed, project, given.work)
            table = raw_table(bank, project, periods)
            own = own_numbers(rows_of(bank), table)
            editions[str(seed)] = measured(table, protected(table, project, own))
        example = editions[str(DEFAULT_SEED)]
        drawn = [one for name, one in editions.items() if name != str(DEFAULT_SEED)]
        ways[given.way] = {
            "commit": commit,
            "example": summary([example]),
            "drawn": summary(drawn) if drawn else {},
            "by_seed": editions,
        }
        given.out.write_text(json.dumps(ways, separators=(",", ":")) + "\n", encoding="utf-8")
    for name, one in ways.items():
        print(name, json.dumps({"example": one["example"], "drawn": one["drawn"]}, indent=1))


def _commit() -> str:
    asked = ["git", "rev-parse", "--short", "HEAD"]
    return subprocess.run(asked, capture_output=True, text=True, check=True).stdout.strip()


if __name__ == "__main__":
    main()
