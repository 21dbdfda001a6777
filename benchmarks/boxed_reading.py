"""What the box costs: the same files read in this process and in a worker, turn by turn.

`python benchmarks/boxed_reading.py [--rows 50000] [--turns 3]`. Simulated victims as CSV and as xlsx.
Prints the least seconds of each, and how many times as long the box takes.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from pathlib import Path

from consolidation import PLACE
from quality_step import simulated_victims

from atips_analysis.codebook import load_codebook
from atips_analysis.intake import read_submissions
from atips_analysis.intake.limits import GENEROUS


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=50_000)
    parser.add_argument("--turns", type=int, default=3)
    wanted = parser.parse_args()
    codebook = load_codebook()
    victims = simulated_victims(wanted.rows)["victims"].drop(columns=PLACE)
    found = {}
    for suffix in ("csv", "xlsx"):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / f"DHS_2024_victims.{suffix}"
            if suffix == "csv":
                victims.to_csv(path, index=False)
            else:
                victims.to_excel(path, sheet_name="Victims", index=False, engine="xlsxwriter")
            seconds: dict[str, list[float]] = {"here": [], "boxed": []}
            for _ in range(wanted.turns):
                for name, limits in (("here", None), ("boxed", GENEROUS)):
                    began = time.perf_counter()
                    intake = read_submissions(Path(folder), codebook, limits=limits)
                    seconds[name].append(time.perf_counter() - began)
                    assert sum(map(len, intake.frames.values())) == wanted.rows
            least = {name: min(taken) for name, taken in seconds.items()}
            found[suffix] = {
                "rows": wanted.rows,
                **{name: round(taken, 2) for name, taken in least.items()},
                "times": round(least["boxed"] / least["here"], 2),
            }
    print(json.dumps(found, indent=2))


if __name__ == "__main__":
    main()
