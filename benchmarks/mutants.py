"""Mutants of a room: how many small mistakes in its code do its tests find?

`python benchmarks/mutants.py ROOM [--seed 1] [--count 100] [--again] [--tests FILE…]`, or `make mutants ROOM=quality`.
Mutants are drawn by seed from all that the code of the room allows (mutant_changes.py). The tests that
run a mutant's line (as coverage saw them run without it), the fastest first, run against each in a
process of its own (mutant_runs.py); no file is changed. A mutant is found where a test fails, or takes
fifteen seconds and ten times as much of the processor as without it. What was not done after PATIENCE
seconds of the clock is not found. What was found is kept in build/mutants/ROOM-SEED.jsonl, so that a run that was
stopped goes on; `--again` asks about the survivors those test files that have not been asked as they are.
Prints the score, and each survivor with its place and change.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path
from typing import Any

import mutant_runs
from mutant_changes import PACKAGE, ROOT, Mutant, draw

ALSO = {
    "codebook": ["tests/cleaning", "tests/intake/test_intake_reading.py"],
    "cleaning": ["tests/codebook"],
    "databank": ["tests/custody/test_custody_forget.py"],
    "indicators": ["tests/pages/test_pages_bulletin.py"],
    "intake": ["tests/custody/test_custody_forget.py", "tests/quality/test_workbooks_whole.py"],
    "ledger": [
        "tests/disclosure/test_disclosure_baseline.py",
        "tests/disclosure/test_disclosure_ledger.py",
        "tests/disclosure/test_disclosure_ledger_chain.py",
        "tests/indicators/test_indicators_revision.py",
        "tests/research/test_research_memory.py",
    ],
    "published": [
        "tests/backtests/test_backtests_origins.py",
        "tests/framework/test_framework_contradictions.py",
        "tests/framework/test_framework_register.py",
        "tests/indicators/test_indicators_external.py",
    ],
}
"""Tests of other rooms that are about a room too: what reads by the codebook is tested there."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("room")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--again", action="store_true", help="ask about the survivors again")
    parser.add_argument("--tests", nargs="*", type=Path, help="ask these test files alone")
    wanted = parser.parse_args()
    os.chdir(ROOT)
    about = [Path("tests", wanted.room), *map(Path, ALSO.get(wanted.room, []))]
    tests = wanted.tests or [one for one in about if one.exists()]
    if not (PACKAGE / wanted.room).is_dir() or not tests:
        sys.exit(f"there is no room {wanted.room!r} with tests of its own; see src/atips_analysis/")
    drawn = draw(wanted.room, wanted.seed, wanted.count)
    kept = Kept(mutant_runs.KEPT / f"{wanted.room}-{wanted.seed}.jsonl", wanted.again)
    mutant_runs.ask(wanted.room, drawn, tests, kept)
    report(wanted.room, drawn, kept)


class Kept:
    """What was found of each mutant, one line of a file each; the last line of a mutant counts."""

    def __init__(self, path: Path, again: bool) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path
        self.found: dict[str, dict[str, Any]] = {}
        self.open: set[str] = set()
        self.read = 0
        self.load()
        self.open = {name for name in self.found if again and self.survived(name)}

    def load(self) -> None:
        """Take in what other processes kept."""
        lines = self.path.read_text("utf-8").splitlines() if self.path.is_file() else []
        for item in map(json.loads, lines[self.read :]):
            self.found[item["mutant"]] = item
            self.open.discard(item["mutant"])
        self.read = len(lines)

    def asks(self, mutant: Mutant) -> bool:
        return mutant.name in self.open or mutant.name not in self.found

    def asked(self, mutant: Mutant) -> dict[str, str]:
        """The test files that did not find it, each as it was then."""
        return dict(self.found.get(mutant.name, {}).get("asked", {}))

    def keep(self, mutant: Mutant, found: str, asked: dict[str, str]) -> None:
        item: dict[str, Any] = {"mutant": mutant.name, "found": found}
        if found in mutant_runs.LEFT:
            item |= {"asked": self.asked(mutant) | asked}
        self.open.discard(mutant.name)
        self.found[mutant.name] = item
        with self.path.open("a", encoding="utf-8") as lines:
            lines.write(json.dumps(item) + "\n")

    def survived(self, name: str) -> bool:
        return self.found[name]["found"] in mutant_runs.LEFT


def report(room: str, drawn: list[Mutant], kept: Kept) -> None:
    survivors = [mutant for mutant in drawn if kept.survived(mutant.name)]
    killed = len(drawn) - len(survivors)
    share = killed / max(1, len(drawn))
    print(f"{room}: {killed} of {len(drawn)} mutants found ({share:.0%})")
    for mutant in sorted(survivors, key=lambda one: (str(one.module), one.line)):
        print(f"  survived: {mutant.module.relative_to(ROOT)}:{mutant.line}  {mutant.change}")


if __name__ == "__main__":
    main()
