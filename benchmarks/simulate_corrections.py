"""Whether a late correction can always be published, and opens nobody to one who has all releases.

    python benchmarks/simulate_corrections.py [--corrections 200] [--databank DIR]
                                              [--out benchmarks/simulate_corrections.json]

The tables of persons of the example are released; then rows of victims are added, withdrawn,
recoded (sex, age) or moved to another year, one correction a release, two in a row, so that three
successive releases lie side by side. Each is protected and attacked as a release is, beside all
that went before. Counted are the corrections of each kind, the releases that were refused (none
may be), and the tables that were left out so that the others could stand.

Results are written as they come, and a run that was stopped goes on where it was, as long as the
code is the same commit. Every sequence has a seed of its own: same commit, same file.
"""

from __future__ import annotations

import argparse
import json
import subprocess
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from atips_analysis.databank import open_databank
from atips_analysis.disclosure.indicator_table import protect_table
from atips_analysis.disclosure.released_table import released_from
from atips_analysis.disclosure.releases import Released
from atips_analysis.errors import FindingsError
from atips_analysis.indicators import compute, parse_period
from atips_analysis.indicators.denominators import mid_year_population
from atips_analysis.indicators.rows import Rows, rows_of
from atips_analysis.project import Project, find_project

HERE = Path(__file__).parent
INDICATORS = (
    "PROT-01", "PROT-02", "PROT-03", "PROT-05", "PROT-06", "PROS-02", "PROS-03", "PROS-04",
)  # fmt: skip
PERIODS = ("2021", "2022", "2023", "2024", "2021-2023")
KINDS = ("added", "withdrawn", "sex", "age", "moved")
OTHER = {"sex": ("F", "M"), "age_group": ("CHILD", "ADULT")}
RELEASES = 3


def corrected(rows: Rows, kind: str, draw: np.random.Generator) -> Rows:
    """The rows with one victim's record corrected, under the name of another edition."""
    victims = rows.frames["victims"].copy()
    at = draw.choice(victims.index)
    if kind == "added":
        new = victims.loc[[at]].copy()
        named = [name for name in new if str(name).endswith("_id") and name != "case_id"]
        victims = pd.concat(
            [
                victims,
                new.assign(**{name: new[name] + f"-{draw.integers(10**9)}" for name in named}),
            ],
            ignore_index=True,
        )
    elif kind == "withdrawn":
        victims = victims.drop(index=at)
    elif kind == "moved":
        year = victims["identified_year"]
        others = sorted(set(year.dropna()) - {year.loc[at]})
        victims.loc[at, "identified_year"] = draw.choice(others)
    else:
        column = {"sex": "sex", "age": "age_group"}[kind]
        one, other = OTHER[column]
        victims.loc[at, column] = other if victims.loc[at, column] == one else one
    edition = f"{draw.integers(16**12):012x}"
    return replace(rows, frames={**rows.frames, "victims": victims}, edition=edition)


def released(
    rows: Rows, project: Project, earlier: list[Released], counts: dict[Any, int]
) -> list[str]:
    """Protect, attack and enter a release beside those before it; the tables that it left out."""
    raw = compute(
        rows,
        [parse_period(name) for name in PERIODS],
        INDICATORS,
        population=mid_year_population(project),
        vintage=rows.edition,
    )
    found = protect_table(raw, project, earlier=earlier, earlier_counts=counts)
    told, true = released_from(found.table, raw)
    earlier.append(told)
    counts |= {(told.edition, key): count for key, count in true.items()}
    return list(found.public_account["crossings_left_out"])


def sequence(seed: int, rows: Rows, project: Project) -> dict[str, Any]:
    """Three releases with a correction between each two."""
    draw = np.random.default_rng([2024, seed])
    earlier: list[Released] = []
    counts: dict[Any, int] = {}
    kinds, left_out = [], []
    for number in range(RELEASES):
        if number:
            kinds.append(str(draw.choice(KINDS)))
            rows = corrected(rows, kinds[-1], draw)
        try:
            left_out += released(rows, project, earlier, counts)
        except FindingsError as refused:
            return {"seed": seed, "kinds": kinds, "left_out": left_out, "refused": str(refused)}
    return {"seed": seed, "kinds": kinds, "left_out": left_out, "refused": ""}


def main() -> None:
    """Draw the sequences that are missing, and print the account."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--corrections", type=int, default=200)
    asked.add_argument("--databank", type=Path, default=None)
    asked.add_argument("--out", type=Path, default=HERE / "simulate_corrections.json")
    arguments = asked.parse_args()
    project = find_project(HERE)
    rows = rows_of(open_databank(arguments.databank or project.databank / "example"))
    commit = subprocess.run(
        ["git", "rev-parse", "HEAD"], cwd=HERE, capture_output=True, text=True, check=True
    ).stdout.strip()
    done: list[dict[str, Any]] = []
    if arguments.out.exists():
        before = json.loads(arguments.out.read_text(encoding="utf-8"))
        done = before["sequences"] if before["commit"] == commit else []
    wanted = -(-arguments.corrections // (RELEASES - 1))
    for seed in range(len(done), wanted):
        done.append(sequence(seed, rows, project))
        kinds = Counter(kind for one in done for kind in one["kinds"])
        account = {
            "corrections": sum(kinds.values()),
            "by_kind": dict(sorted(kinds.items())),
            "refused": sum(bool(one["refused"]) for one in done),
            "tables_left_out": sum(len(one["left_out"]) for one in done),
        }
        text = {
            "command": f"python benchmarks/simulate_corrections.py --corrections {arguments.corrections}",
            "commit": commit,
            "account": account,
            "sequences": done,
        }
        arguments.out.write_text(f"{json.dumps(text, indent=1)}\n", encoding="utf-8")
        print(json.dumps(account), flush=True)


if __name__ == "__main__":
    main()
