"""Whether a late correction can always be published, and opens nobody to one who has all releases.

    python benchmarks/simulate_corrections.py [--corrections 200] [--databank DIR]
                                              [--out benchmarks/simulate_corrections.json]

The tables of persons of the example are released; then a victim or a suspect is added, withdrawn,
recoded (sex, age) or moved to another year, one correction a release, two in a row, so that three
successive releases lie side by side. Each is protected and attacked as a release is, beside all
that went before, and then all releases are attacked together, as where one is sealed. Counted are
the corrections of each kind, the releases that were refused and the cells that were opened (none
may be), and the releases that keep tables as they were printed or leave a breakdown out.

Results are written as they come, and a run that was stopped goes on where it was, as long as the
code that decides the tables is the same. Every sequence has a seed of its own: same code, same file.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from atips_analysis.databank import open_databank
from atips_analysis.databank.fingerprint import code_fingerprint
from atips_analysis.disclosure.cells import describe
from atips_analysis.disclosure.indicator_table import protect_table
from atips_analysis.disclosure.released_table import released_from
from atips_analysis.disclosure.releases import Released, attack_releases, ties_by_counts
from atips_analysis.disclosure.solved_once import solving_once
from atips_analysis.errors import FindingsError
from atips_analysis.files import write_json
from atips_analysis.indicators import compute, measures, parse_period
from atips_analysis.indicators.denominators import mid_year_population
from atips_analysis.indicators.rows import Rows, rows_of
from atips_analysis.ledger.frozen_baseline import ROOMS
from atips_analysis.project import Project, commit_of_code, find_project

HERE = Path(__file__).parent
INDICATORS = (
    "PROT-01", "PROT-02", "PROT-03", "PROT-05", "PROT-06", "PROS-02", "PROS-03", "PROS-04",
)  # fmt: skip
PERIODS = ("2021", "2022", "2023", "2024", "2021-2023")
KINDS = ("added", "withdrawn", "sex", "age", "moved")
CODE = {"victims": "victim_id", "suspects": "person_id"}
DATED = {"victims": "identified_year", "suspects": "event_date"}
OTHER = {"F": "M", "M": "F", "CHILD": "ADULT", "ADULT": "CHILD"}
RELEASES = 3


@dataclass(frozen=True)
class House:
    """The rows as they are, the raw table of them, and all that was released before."""

    project: Project
    rows: Rows
    raw: pd.DataFrame
    earlier: tuple[Released, ...] = ()
    printed: tuple[pd.DataFrame, ...] = ()
    counts: dict[Any, int] = field(default_factory=dict)


def corrected(rows: Rows, stream: str, kind: str, draw: np.random.Generator) -> Rows:
    """The rows with one person's records corrected, under the name of another edition."""
    frame, code = rows.frames[stream].copy(), CODE[stream]
    own = frame.index[frame[code].eq(draw.choice(sorted(frame[code].dropna().unique())))]
    if kind == "added":
        new = frame.loc[own].assign(**{code: f"added-{draw.integers(10**9)}"})
        frame = pd.concat([frame, new], ignore_index=True)
    elif kind == "withdrawn":
        frame = frame.drop(index=own)
    elif kind == "moved":
        of, years = DATED[stream], sorted(frame["submitted_for"].unique())
        year = draw.choice(years)
        dated = frame.loc[own, of].astype("str").str.slice_replace(0, 4, str(year))
        frame.loc[own, of] = dated.astype(frame[of].dtype)
    else:
        column = {"sex": "sex", "age": "age_group"}[kind]
        frame.loc[own, column] = frame.loc[own, column].replace(OTHER)
    edition = f"{draw.integers(16**12):012x}"
    return replace(rows, frames={**rows.frames, stream: frame}, edition=edition)


def raw_table(rows: Rows, project: Project, indicators: tuple[str, ...]) -> pd.DataFrame:
    """The raw tables of some indicators."""
    return compute(
        rows,
        [parse_period(name) for name in PERIODS],
        indicators,
        population=mid_year_population(project),
        vintage=rows.edition,
    )


def raw_after(house: House, rows: Rows, stream: str) -> pd.DataFrame:
    """The raw table of corrected rows: indicators that do not read the stream are as they were."""
    own = {one.indicator_id for one in measures() if stream in one.sources or not one.sources}
    touched = tuple(name for name in INDICATORS if name in own)
    before = house.raw[~house.raw["indicator_id"].isin(touched)].assign(vintage=rows.edition)
    both = pd.concat([before, raw_table(rows, house.project, touched)])
    return both.sort_values(
        "indicator_id", key=lambda ids: ids.map(INDICATORS.index), kind="stable"
    )


def release(house: House) -> tuple[House, dict[str, list[str]]]:
    """Protect a release beside those before it, enter it, and attack all of them together.

    Beside the house after it: the tables that are kept as printed earlier, the breakdowns that are
    left out, and the cells that are opened.
    """
    found = protect_table(
        house.raw,
        house.project,
        earlier=house.earlier,
        earlier_counts=house.counts,
        printed=house.printed,
    )
    told, true = released_from(found.table, house.raw, figures=found.figures)
    counts = house.counts | {(told.edition, key): count for key, count in true.items()}
    earlier, printed = (*house.earlier, told), (*house.printed, found.table)
    ties = ties_by_counts(earlier, counts)
    report = attack_releases(earlier, ties=ties, counts=counts)
    if not report.solvable:
        raise FindingsError("; ".join(report.contradictions))
    account = found.public_account
    return replace(house, earlier=earlier, printed=printed, counts=counts), {
        "kept": list(account["kept"]),
        "left_out": list(account["crossings_left_out"]),
        "opened": sorted(map(describe, report.opened["key"])),
    }


def sequence(seed: int, house: House) -> dict[str, Any]:
    """Two corrections of a house that has released once, and a release after each."""
    draw = np.random.default_rng([2024, seed])
    kinds: list[str] = []
    releases: list[dict[str, list[str]]] = []
    refused = ""
    for _ in range(RELEASES - 1):
        stream, kind = str(draw.choice(list(CODE))), str(draw.choice(KINDS))
        kinds.append(f"{stream} {kind}")
        rows = corrected(house.rows, stream, kind, draw)
        house = replace(house, rows=rows, raw=raw_after(house, rows, stream))
        try:
            house, told = release(house)
        except FindingsError as error:
            refused = str(error)
            break
        releases.append(told)
    return {"seed": seed, "kinds": kinds, "releases": releases, "refused": refused}


def released_once(rows: Rows, project: Project) -> House:
    """The house with its first release: the same before every correction."""
    return release(House(project, rows, raw_table(rows, project, INDICATORS)))[0]


def main() -> None:
    """Draw the sequences that are missing, and print the account."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--corrections", type=int, default=200)
    asked.add_argument("--databank", type=Path, default=None)
    asked.add_argument("--out", type=Path, default=HERE / "simulate_corrections.json")
    arguments = asked.parse_args()
    project = find_project(HERE)
    rows = rows_of(open_databank(arguments.databank or project.databank / "example"))
    about = {
        "command": f"python benchmarks/simulate_corrections.py --corrections {arguments.corrections}",
        "commit": commit_of_code(),
        "code": code_fingerprint(ROOMS),
    }
    done: list[dict[str, Any]] = []
    if arguments.out.exists():
        before = json.loads(arguments.out.read_text(encoding="utf-8"))
        done = before["sequences"] if before["code"] == about["code"] else []
    wanted = -(-arguments.corrections // (RELEASES - 1))
    with solving_once():  # most parts of the system are those of a release before
        house = released_once(rows, project)
        for seed in range(len(done), wanted):
            done.append(sequence(seed, house))
            account = account_of(done)
            write_json(arguments.out, {**about, "account": account, "sequences": done})
            print(json.dumps(account), flush=True)


def account_of(done: list[dict[str, Any]]) -> dict[str, Any]:
    """How many corrections of each kind, how many refused, and what was left out."""
    kinds = Counter(kind for one in done for kind in one["kinds"])
    releases = [told for one in done for told in one["releases"]]
    return {
        "corrections": sum(kinds.values()),
        "by_kind": dict(sorted(kinds.items())),
        "refused": sum(bool(one["refused"]) for one in done),
        "opened": sum(len(one["opened"]) for one in releases),
        "releases_that_keep_tables": sum(bool(one["kept"]) for one in releases),
        "releases_that_leave_a_breakdown_out": sum(bool(one["left_out"]) for one in releases),
    }


if __name__ == "__main__":
    main()
