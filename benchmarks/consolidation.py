"""From partitioned files to an edition: read, clean, judge and write, in seconds and memory.

`python benchmarks/consolidation.py [--rows 1000000] [--partition 50000]`. Makes simulated victims
in files of `--partition` rows, a service for each and their cases, in a temporary folder; one row
in a thousand is wrong. Prints JSON: seconds of each step, rows a second, and the largest memory
used (MiB, where known). The target is 120 s and 4096 MiB for 1,000,000 victims on two cores.
Each size is measured in a process of its own, since memory once used is counted for good:
`--against 250000` measures that size too, and prints how time and memory grow.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import pandas as pd
from quality_step import peak_memory, simulated_victims

from atips_analysis.cleaning import clean
from atips_analysis.codebook import load_codebook
from atips_analysis.databank.edition import write_edition
from atips_analysis.intake import read_submissions
from atips_analysis.project import find_project
from atips_analysis.quality import judge

TARGET_SECONDS, TARGET_MIB = 120, 4096
PLACE = ["file", "sheet", "row", "submitted_by", "submitted_for", "source"]


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--partition", type=int, default=50_000)
    parser.add_argument("--against", type=int, default=None)
    parser.add_argument("--write-to", type=Path, default=None, help=argparse.SUPPRESS)
    wanted = parser.parse_args()
    if wanted.write_to is not None:
        write_files(wanted.rows, wanted.partition, wanted.write_to)
        return
    if wanted.against is None:
        print(json.dumps(measured(wanted.rows, wanted.partition), indent=2))
        return
    small = _in_its_own_process(wanted.against, wanted.partition)
    print(json.dumps(small), file=sys.stderr)  # the larger run may be cut short
    large = _in_its_own_process(wanted.rows, wanted.partition)
    growth = {
        "rows": round(wanted.rows / wanted.against, 2),
        "seconds": round(large["seconds"]["all"] / small["seconds"]["all"], 2),
        "peak_mib": round(large["peak_mib"] / small["peak_mib"], 2) if small["peak_mib"] else None,
    }
    print(json.dumps({"small": small, "large": large, "growth": growth}, indent=2))


def measured(rows: int, partition: int) -> dict[str, Any]:
    """One run on `rows` victims."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, __file__, "--rows", str(rows), "--partition", str(partition)]
        subprocess.run([*command, "--write-to", folder], check=True)
        return _consolidated(Path(folder), rows)


def _consolidated(folder: Path, rows: int) -> dict[str, Any]:
    codebook, suites = load_codebook(), find_project().expectations
    judge(simulated_victims(1000), codebook, suites)  # imports Great Expectations beforehand
    seconds: dict[str, float] = {}
    began = last = time.perf_counter()

    def step(name: str) -> None:
        nonlocal last
        seconds[name] = round(time.perf_counter() - last, 1)
        last = time.perf_counter()

    intake = read_submissions(folder / "submissions", codebook)
    read = sum(map(len, intake.frames.values()))
    step("read")
    frames, changes = {}, []
    for stream in list(intake.frames):
        cleaned = clean(stream, intake.frames.pop(stream), codebook)
        frames[stream] = cleaned.frame
        changes.append(cleaned.changes)
    step("clean")
    judgement = judge(frames, codebook, suites)
    step("judge")
    frames.clear()
    edition = write_edition(
        folder / "databank", intake, pd.concat(changes, ignore_index=True), judgement, {}
    )
    step("write")
    seconds["all"] = round(time.perf_counter() - began, 1)
    totals = edition.manifest["totals"]
    assert totals["read"] == read
    assert totals["read"] == sum(totals[n] for n in ("accepted", "quarantined", "duplicates"))
    return {
        "victims": rows,
        "rows_read": read,
        "totals": totals,
        "seconds": seconds,
        "rows_a_second": round(read / seconds["all"]),
        "peak_mib": peak_memory(),
        "target": {"seconds": TARGET_SECONDS, "mib": TARGET_MIB, "victims": 1_000_000},
    }


def write_files(rows: int, partition: int, folder: Path) -> None:
    """Victims in partitions, a service for each, and their cases, as CSV files."""
    frames = simulated_victims(rows)
    submissions = folder / "submissions"
    submissions.mkdir()
    victims = frames["victims"].drop(columns=PLACE)
    for number, start in enumerate(range(0, rows, partition), start=1):
        part = victims.iloc[start : start + partition]
        part.to_csv(submissions / f"DHS_2024_victims_part{number}.csv", index=False)
        services = pd.DataFrame(
            {
                "victim_id": part["victim_id"],
                "service_type": "MEDICAL",
                "provider": "DHS",
                "start_month": part["status_date"],
            }
        )
        services.to_csv(submissions / f"DHS_2024_services_part{number}.csv", index=False)
    cases = frames["cases"].drop(columns=PLACE)
    cases.to_csv(submissions / "BPD_ATIPS_2024_cases.csv", index=False)


def _in_its_own_process(rows: int, partition: int) -> dict[str, Any]:
    command = [sys.executable, __file__, "--rows", str(rows), "--partition", str(partition)]
    result: dict[str, Any] = json.loads(
        subprocess.run(command, check=True, capture_output=True).stdout
    )
    return result


if __name__ == "__main__":
    main()
