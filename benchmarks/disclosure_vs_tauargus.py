"""Suppression and audit, side by side with pytauargus on the same systems, in one run.

    python benchmarks/disclosure_vs_tauargus.py [--quick] [--runs 5]

Both get the same cells, sums, costs (the count), bounds (a hidden cell is at least 1) and
protection levels (a count under 5 must be able to be 5), pytauargus through its own JJ file, so
that only the search is compared. Its optimal method weighs a margin as any cell, so the
comparison uses `margins="alike"` and neither the attacker inside nor the one who has the program,
whom it does not know; the default of this package, margins last and both withstood, stands in a
column of its own. What is found here is proven safe before it is returned; pytauargus leaves that
to its audit, so its time stands twice: the search alone, and the search with the audit of its
pattern. Seconds are of processor, all threads together, medians of the runs, so that what else the
machine does counts little. Results are written beside this script as JSON, with command and commit.
Needs the extra `benchmark`.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Hashable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from disclosure_tables import national_tables, two_way_counts

from atips_analysis.disclosure import Aim, Relation, System, table_relations
from atips_analysis.project import commit_of_code

THRESHOLD = 5
RESULTS = Path(__file__).with_suffix(".json")
RUNS = 5
found_so_far: dict[str, Any] = {}


def main() -> None:
    """Measure, print a table, and write."""
    global RUNS
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--runs", type=int, default=RUNS)
    wanted = parser.parse_args()
    quick, RUNS = wanted.quick, wanted.runs
    System(*two_way(5, 4, 8.0, 9)).protect()  # imports beforehand
    print("Suppression (cells hidden, sum hidden, seconds)")
    print(
        f"{'tables':34}{'here':>20}{'pytauargus':>20}{'search':>8}{'proven':>8}{'margins last':>22}"
    )
    sizes = [(5, 4, 8.0), (8, 6, 8.0), (10, 10, 10.0), (20, 10, 10.0)]
    if not quick:
        sizes += [(20, 20, 12.0), (30, 25, 12.0)]
    for rows, columns, mean in sizes:
        for seed in range(1, 3 if quick else 4):
            counts = two_way_counts(rows, columns, mean, seed)
            _compare_search(f"{rows} x {columns}, seed {seed}", counts, table_relations(counts))
    for persons, measures in [(40, 1), (18, 1)][: 1 if quick else 2]:
        counts, relations = national_tables(persons, measures, 3)
        _compare_search(f"linked, {persons} persons a year", counts, relations)
    print("\nJoint attack (hidden cells, seconds)")
    draw = np.random.default_rng(5)
    counts = two_way_counts(42, 32, 5.0, 9)
    small = [key for key, count in counts.items() if 1 <= count < THRESHOLD]
    others = [key for key, count in counts.items() if count >= THRESHOLD and len(key[2]) == 2]
    more = draw.choice(len(others), size=max(0, 700 - len(small)), replace=False)
    hidden = {*small[:700], *(others[i] for i in more)}
    _compare_audit("42 x 32", counts, table_relations(counts), hidden)
    counts, relations = national_tables(12, 4, 5)
    hidden = {key for key, count in counts.items() if 1 <= count < 9}
    _compare_audit("linked, 4 measures", counts, relations, hidden)
    command = " ".join(["python benchmarks/disclosure_vs_tauargus.py", *sys.argv[1:]])
    result = {"command": command, "commit": commit_of_code(), "runs": RUNS, "found": found_so_far}
    RESULTS.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


def two_way(rows: int, columns: int, mean: float, seed: int) -> tuple[Any, list[Relation]]:
    """A two-way table and its sums."""
    counts = two_way_counts(rows, columns, mean, seed)
    return counts, table_relations(counts)


def _compare_search(name: str, counts: Mapping[Any, int], relations: Sequence[Relation]) -> None:
    from pytauargus import HiTaSCtrl, _tauargus

    ours, seconds = _timed(
        lambda: System(counts, relations).protect(Aim(margins="alike", inside=False, rules=False))
    )
    default, default_seconds = _timed(lambda: System(counts, relations).protect())
    small = {key for key, count in counts.items() if 1 <= count < THRESHOLD}
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        given, found = Path(folder) / "jj.in", Path(folder) / "jj.out"
        order = _write_jj(given, counts, relations, dict.fromkeys(small, "u"))
        code, peer_seconds = _timed(lambda: HiTaSCtrl().full_jj(str(given), str(found), 5))
        hidden = set(small)
        if found.exists():
            hidden |= {
                order[int(line.split()[0])] for line in found.read_text().splitlines() if line
            }
        marks = {key: "u" if counts[key] < THRESHOLD else "m" for key in hidden}
        _write_jj(given, counts, relations, marks)
        _, audit_seconds = _timed(lambda: _tauargus.audit_jj(str(given)))
    value = sum(counts[key] for key in hidden)
    theirs = f"{len(hidden)}, {value}, {peer_seconds:.2f}" + (
        "" if code in (0, 1) else f" ({code})"
    )
    here = f"{ours.hidden_cells}, {ours.hidden_value}, {seconds:.2f}"
    last = f"{default.hidden_cells}, {default.hidden_value}, {default_seconds:.2f}"
    mark = "" if ours.optimal else f" gap {ours.gap:.1%}"
    found_so_far[name] = {
        "here": [ours.hidden_cells, ours.hidden_value, round(seconds, 3)],
        "pytauargus": [len(hidden), int(value), round(peer_seconds, 3), round(audit_seconds, 3)],
        "margins last": [default.hidden_cells, default.hidden_value, round(default_seconds, 3)],
        "gap": ours.gap,
    }
    print(
        f"{name:34}{here:>20}{theirs:>20}{peer_seconds / seconds:>8.2f}"
        f"{(peer_seconds + audit_seconds) / seconds:>8.2f}{last:>22}{mark}",
        flush=True,
    )


def _compare_audit(
    name: str, counts: Mapping[Any, int], relations: Sequence[Relation], hidden: set[Hashable]
) -> None:
    from pytauargus import _tauargus

    shown = {key: None if key in hidden else count for key, count in counts.items()}
    report, seconds = _timed(lambda: System({}, relations).attack(shown, inside=False, explained=0))
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        given = Path(folder) / "jj.in"
        marks = {k: "u" if counts[k] < THRESHOLD else "m" for k in hidden}
        order = _write_jj(given, counts, relations, marks)
        rows, peer_seconds = _timed(lambda: _tauargus.audit_jj(str(given)))
    found = {row.key: (row.low, row.high) for row in report.cells.itertuples()}
    same = sum(
        found[order[row["cell"]]][0] == round(row["min"])
        and found[order[row["cell"]]][1] == round(row["max"])
        for row in rows
    )
    found_so_far[f"attack, {name}"] = {
        "hidden": len(hidden),
        "here": round(seconds, 3),
        "pytauargus": round(peer_seconds, 3),
        "same ranges": same,
    }
    print(
        f"{name:34}{len(hidden):>6}  here {seconds:.2f}  pytauargus {peer_seconds:.2f}  "
        f"ratio {peer_seconds / seconds:.1f}  same ranges {same} of {len(rows)}",
        flush=True,
    )


def _timed(work: Callable[[], Any]) -> tuple[Any, float]:
    taken = []
    for _ in range(RUNS):
        start = time.process_time()
        result = work()
        taken.append(time.process_time() - start)
    return result, statistics.median(taken)


def _write_jj(
    file: Path,
    counts: Mapping[Any, int],
    relations: Sequence[Relation],
    marks: Mapping[Hashable, str],
) -> list[Hashable]:
    """The system as a JJ file; returns the keys in the order of its cell numbers."""
    order = [key for key, count in counts.items() if count > 0]
    place = {key: number for number, key in enumerate(order)}
    ceiling = 10 * max(counts.values())
    lines = ["0", str(len(order))]
    for number, key in enumerate(order):
        count, mark = counts[key], marks.get(key, "s")
        rise = THRESHOLD - count if mark == "u" else 0
        lines.append(f"{number} {count} {count} {mark} 1 {ceiling} 0.000 {rise:.3f} 0")
    rows = []
    for relation in relations:
        parts = [place[part] for part in relation.parts if part in place]
        if relation.total in place:
            terms = [f"{place[relation.total]} (-1)", *(f"{part} (1)" for part in parts)]
            rows.append(f"0 {len(terms)} : {' '.join(terms)} ")
    file.write_text("\n".join([*lines, str(len(rows)), *rows]) + "\n", encoding="utf-8")
    return order


if __name__ == "__main__":
    main()
