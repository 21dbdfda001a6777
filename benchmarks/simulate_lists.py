"""What the gate of multiple systems estimation lets through, on simulated lists of known truth.

    python benchmarks/simulate_lists.py [--runs 200] [--out benchmarks/simulate_lists.json]

Populations of a known number of persons are put on lists: independent of one another, nested,
copied, with persons referred from list to list, or with persons of whom some are found more
easily than others. Each set of lists goes through the gate, and what it lets through is compared
with the truth. Three kinds of populations:

* right: the model can be true; what is published should cover the truth in 90 % or more.
* dependent: no model can be known to be true; 95 % or more should be refused.
* weak: dependence that lists of this size cannot show. Nothing is promised: it says how far to
  trust what passes.

Results are written after each population, and a run that was stopped goes on where it was, as
long as the code is the same commit. Every draw has a seed of its own: same commit, same file.
"""

from __future__ import annotations

import argparse
import json
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from atips_analysis.statistics import multiple_systems as mse
from atips_analysis.statistics.multiple_systems.lists import CaptureHistories, Pair

SEED = 20_240_101
HERE = Path(__file__).parent

Draw = Callable[[np.random.Generator], np.ndarray]
"""Who is on which lists: a boolean array (persons, lists)."""


@dataclass(frozen=True)
class Population:
    """A population of known size, and what is declared of its lists.

    kind : "right", "dependent" or "weak"
    """

    name: str
    kind: str
    draw: Draw
    declared: tuple[Pair, ...] = ()


def independent(persons: int, *shares: float) -> Draw:
    """Each list finds its share of all persons, whatever the others find."""
    return lambda generator: generator.random((persons, len(shares))) < np.array(shares)


def referred(draw: Draw, *referrals: tuple[int, int, float]) -> Draw:
    """A share of those on one list is put on another besides, referral after referral."""

    def drawn(generator: np.random.Generator) -> np.ndarray:
        on = draw(generator)
        for giver, taker, share in referrals:
            on[:, taker] |= on[:, giver] & (generator.random(len(on)) < share)
        return on

    return drawn


def heterogeneous(
    persons: int, lists: int, easy: float, shares: tuple[float, float], apart: bool = False
) -> Draw:
    """A share of persons is easily found, the rest hardly; with `apart`, by every second list."""

    def drawn(generator: np.random.Generator) -> np.ndarray:
        found_easily = generator.random((persons, 1)) < easy
        likes = found_easily ^ (apart & (np.arange(lists) % 2 == 1))
        return generator.random((persons, lists)) < np.where(likes, *shares)

    return drawn


THREE, FOUR = (0.3, 0.1, 0.3), (0.3, 0.1, 0.3, 0.2)
A_TO_B, B_TO_C, A_TO_C = ("A", "B"), ("B", "C"), ("A", "C")
POPULATIONS = (
    Population("three lists, 1,000 persons", "right", independent(1000, 0.3, 0.25, 0.35)),
    Population("three lists that find few of 5,000", "right", independent(5000, 0.15, 0.15, 0.15)),
    Population("four lists, 2,000 persons", "right", independent(2000, 0.2, 0.15, 0.25, 0.2)),
    Population("five lists, 1,000 persons", "right", independent(1000, 0.3, 0.2, 0.3, 0.2, 0.1)),
    Population(
        "referral, declared; three lists",
        "right",
        referred(independent(2000, *THREE), (0, 1, 0.5)),
        (A_TO_B,),
    ),
    Population(
        "referral, declared; four lists",
        "right",
        referred(independent(2000, *FOUR), (0, 1, 0.3)),
        (A_TO_B,),
    ),
    Population(
        "chain of referrals, declared",
        "right",
        referred(independent(2000, 0.3, 0.1, 0.1), (0, 1, 0.5), (1, 2, 0.5)),
        (A_TO_B, B_TO_C),
    ),
    Population("two lists", "dependent", independent(2000, 0.3, 0.3)),
    Population(
        "nested: only whom A refers is on B",
        "dependent",
        referred(independent(1000, 0.3, 0.0, 0.3), (0, 1, 0.3)),
    ),
    Population(
        "nested, and declared as a referral",
        "dependent",
        referred(independent(1000, 0.3, 0.0, 0.3), (0, 1, 0.3)),
        (A_TO_B,),
    ),
    Population(
        "copied: B has 97 % of A and 1 % of its own",
        "dependent",
        referred(independent(2000, 0.3, 0.01, 0.3), (0, 1, 0.97)),
    ),
    Population(
        "copied in part: B has 70 % of A and 5 % of its own",
        "dependent",
        referred(independent(2000, 0.3, 0.05, 0.3), (0, 1, 0.7)),
    ),
    Population(
        "referral, not declared; three lists",
        "dependent",
        referred(independent(1000, *THREE), (0, 1, 0.5)),
    ),
    Population(
        "referral, not declared; four lists",
        "dependent",
        referred(independent(2000, *FOUR), (0, 1, 0.3)),
    ),
    Population(
        "referral, another declared",
        "dependent",
        referred(independent(2000, *THREE), (0, 1, 0.5)),
        (A_TO_C,),
    ),
    Population(
        "chain of referrals, not declared",
        "dependent",
        referred(independent(2000, 0.3, 0.1, 0.1), (0, 1, 0.5), (1, 2, 0.5)),
    ),
    Population(
        "referral between all three, not declared",
        "dependent",
        referred(independent(2000, 0.3, 0.1, 0.1), (0, 1, 0.5), (1, 2, 0.5), (0, 2, 0.3)),
    ),
    Population(
        "referral between all three, declared",
        "dependent",
        referred(independent(2000, 0.3, 0.1, 0.1), (0, 1, 0.5), (1, 2, 0.5), (0, 2, 0.3)),
        (A_TO_B, A_TO_C, B_TO_C),
    ),
    Population(
        "heterogeneous: 2 of 5 found with 0.5, the rest with 0.1; three lists",
        "dependent",
        heterogeneous(3000, 3, 0.4, (0.5, 0.1)),
    ),
    Population(
        "heterogeneous: 2 of 5 found with 0.5, the rest with 0.1; four lists",
        "dependent",
        heterogeneous(2000, 4, 0.4, (0.5, 0.1)),
    ),
    Population(
        "heterogeneous: B and the others look in different places",
        "dependent",
        heterogeneous(2000, 3, 0.5, (0.4, 0.1), apart=True),
    ),
    Population(
        "heterogeneous, the same three lists of only 1,000 persons",
        "weak",
        heterogeneous(1000, 3, 0.4, (0.5, 0.1)),
    ),
    Population(
        "weakly heterogeneous: half found with 0.4, half with 0.15",
        "weak",
        heterogeneous(2000, 3, 0.5, (0.4, 0.15)),
    ),
    Population(
        "weak referral of 1 in 10, not declared",
        "weak",
        referred(independent(1000, 0.3, 0.2, 0.3), (0, 1, 0.1)),
    ),
)


def histories_of(on: np.ndarray) -> CaptureHistories:
    """Counts by combination, of persons on at least one list."""
    patterns, counts = np.unique(on.astype(int), axis=0, return_counts=True)
    seen = {
        tuple(map(int, pattern)): int(count)
        for pattern, count in zip(patterns, counts, strict=True)
        if pattern.any()
    }
    return mse.capture_histories(tuple("ABCDEFGHIJ"[: on.shape[1]]), seen)


def judged(population: Population, runs: int) -> Iterator[tuple[bool, bool]]:
    """For each draw: whether the gate lets it through, and whether the interval holds the truth."""
    place = [one.name for one in POPULATIONS].index(population.name)
    for run in range(runs):
        on = population.draw(np.random.default_rng([SEED, place, run]))
        found = mse.estimate(histories_of(on), referrals=population.declared)
        interval = found.interval
        covers = interval is not None and interval.low <= len(on) <= interval.high
        yield found.publishable, covers


def row_of(population: Population, runs: int) -> dict[str, Any]:
    """How often the population is refused, and how often what is published covers the truth."""
    published, covering = map(sum, zip(*judged(population, runs), strict=True))
    return {
        "population": population.name,
        "kind": population.kind,
        "runs": runs,
        "published": published,
        "covering": covering,
    }


def main(runs: int, out: Path) -> None:
    """Simulate what is not in the file yet, and print a line a population."""
    head = {
        "command": f"python benchmarks/simulate_lists.py --runs {runs}",
        "commit": _commit(),
    }
    rows = _rows_so_far(out, head)
    for population in POPULATIONS[len(rows) :]:
        rows.append(row_of(population, runs))
        out.write_text(json.dumps({**head, "rows": rows}, indent=1) + "\n", encoding="utf-8")
    for row in rows:
        print(
            f"{row['kind']:10} refused {1 - row['published'] / row['runs']:6.1%}  published "
            f"{row['published']:3} of which cover {row['covering']:3}  {row['population']}"
        )


def _rows_so_far(out: Path, head: dict[str, str]) -> list[dict[str, Any]]:
    if not out.exists():
        return []
    found = json.loads(out.read_text(encoding="utf-8"))
    return list(found["rows"]) if all(found[name] == head[name] for name in head) else []


def _commit() -> str:
    asked = ["git", "describe", "--always", "--dirty", "--abbrev=12", "--exclude=*"]
    return subprocess.run(asked, cwd=HERE, capture_output=True, text=True).stdout.strip()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--out", type=Path, default=HERE / "simulate_lists.json")
    given = parser.parse_args()
    main(given.runs, given.out)
