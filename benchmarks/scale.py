"""From a Coalition's records to protected tables: time and memory by size, and how they grow.

    python benchmarks/scale.py [--victims 10000 100000] [--jobs 2] [--countries 0 1 …]

Nine countries, ten years (`coalition_records`). A country is a data bank of its own, so each goes
through in a process of its own, `--jobs` of them at once: its files are consolidated (read,
cleaned, judged, written), its indicators are computed for each year and for a baseline of three,
and the table is protected and attacked. Written for each size: seconds by the clock for all
countries; seconds of processor by step, summed over countries; the most memory that one process,
and that `--jobs` of the largest together, held; and the exponent of growth between the two
largest sizes (the slope of log time on log rows: 1 is in proportion; below that what every process
needs, whatever its size, still counts). Making the records is not counted.

Results go into `benchmarks/scale.json`, with the command and the commit, as each country ends: what
was stopped goes on where it was, as long as the code is the same commit. The aim is 180 s and
4096 MiB for 1,000,000 victims on two cores.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
from coalition_records import COUNTRIES, YEARS, write_country
from quality_step import peak_memory

from atips_analysis.project import commit_of_code, find_project

RESULTS = Path(__file__).with_suffix(".json")
AIM = {"victims": 1_000_000, "seconds": 180, "mib": 4096}
BASELINE = f"{YEARS[-4]}-{YEARS[-2]}"
STEPS = ("read", "clean", "judge", "write", "indicators", "protection")


def main() -> None:
    """Measure what is not yet measured, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--victims", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--countries", type=int, nargs="+", default=[*range(COUNTRIES)])
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--one", type=Path, help=argparse.SUPPRESS)
    wanted = parser.parse_args()
    if wanted.one:
        print(json.dumps(one_country(wanted.countries[0], wanted.victims[0], wanted.one)))
        return
    results = _known()
    for victims in sorted(wanted.victims):
        _measure(results, victims, wanted.countries, wanted.jobs)
    _write(results)
    print(_table(results))


def _known() -> dict[str, Any]:
    now = {
        "command": " ".join(["python benchmarks/scale.py", *sys.argv[1:]]),
        "commit": commit_of_code(),
        "processors": os.cpu_count(),
    }
    known = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.is_file() else {}
    sizes = known["sizes"] if known.get("commit") == now["commit"] else {}
    return {**now, "sizes": sizes}


def _write(results: dict[str, Any]) -> None:
    results["sizes"] = dict(sorted(results["sizes"].items(), key=lambda one: int(one[0])))
    for size in results["sizes"].values():
        size["all"] = _together(size)
    results["growth"] = _growth(results["sizes"])
    RESULTS.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")


def _measure(results: dict[str, Any], victims: int, countries: list[int], jobs: int) -> None:
    size = results["sizes"].setdefault(
        str(victims), {"jobs": jobs, "seconds": 0.0, "by_country": {}}
    )
    left = [one for one in countries if str(one) not in size["by_country"]]
    with tempfile.TemporaryDirectory() as name, ThreadPoolExecutor(jobs) as pool:
        for country in left:
            write_country(country, victims, Path(name) / str(country) / "submissions")
        began = time.perf_counter()

        def done(country: int) -> None:
            command = [sys.executable, __file__, "--one", str(Path(name) / str(country))]
            command += ["--countries", str(country), "--victims", str(victims)]
            said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
            size["by_country"][str(country)] = json.loads(said.splitlines()[-1])
            _write(results)
            print(f"{victims} victims, country {country}: {said.splitlines()[-1]}", file=sys.stderr)

        list(pool.map(done, left))
        size["seconds"] = round(size["seconds"] + time.perf_counter() - began, 1)


def one_country(country: int, victims: int, folder: Path) -> dict[str, Any]:
    """Seconds of processor by step, peak memory (MiB), rows, and cells of one country's way."""
    from atips_analysis.databank import open_databank
    from atips_analysis.databank.consolidation import consolidate
    from atips_analysis.disclosure.indicator_table import protect_table
    from atips_analysis.indicators import compute, parse_period
    from atips_analysis.indicators.declared import registered
    from atips_analysis.indicators.denominators import mid_year_population
    from atips_analysis.indicators.rows import rows_of

    project = find_project()
    marks = [("", _computed())]

    def mark(name: str) -> None:
        marks.append((name, _computed()))

    names = iter(STEPS)
    made = consolidate(
        folder / "submissions",
        folder / "databank",
        project.expectations,
        project.profile["quality"],
        progress=lambda said: mark(next(names)),
    )
    totals = made.edition.manifest["totals"]
    assert totals["read"] == sum(totals[n] for n in ("accepted", "quarantined", "duplicates"))
    del made
    mark("indicators")
    bank = open_databank(folder / "databank")
    periods = [parse_period(name) for name in (*map(str, YEARS), BASELINE)]
    table = compute(
        rows_of(bank),
        periods,
        [indicator.id for indicator in registered(project)],
        population=mid_year_population(project),
        vintage=bank.edition,
    )
    mark("protection")
    protected = protect_table(table, project)
    mark("end")
    seconds = {
        name: round(after - before, 2)
        for (name, before), (_, after) in itertools.pairwise(marks[1:])
    }
    return {
        "rows": totals["read"],
        "quarantined": totals["quarantined"],
        "seconds": seconds,
        "peak_mib": peak_memory(),
        "values": len(table),
        "hidden": int((protected.table["status"] == "C").sum()),
    }


def _computed() -> float:
    """Seconds of processor so far, of this process and of those that read files for it."""
    used = os.times()
    return used.user + used.system + used.children_user + used.children_system


def _together(size: dict[str, Any]) -> dict[str, Any]:
    countries = list(size["by_country"].values())
    peaks = sorted((one["peak_mib"] or 0 for one in countries), reverse=True)
    return {
        "rows": sum(one["rows"] for one in countries),
        "computing": {
            step: round(sum(one["seconds"][step] for one in countries), 1) for step in STEPS
        },
        "peak_mib": peaks[0],
        "peak_mib_at_once": sum(peaks[: size["jobs"]]),
    }


def _growth(sizes: dict[str, Any]) -> dict[str, float]:
    """Exponents between the two largest sizes that all countries went through."""
    whole = [one["all"] for one in sizes.values() if len(one["by_country"]) == COUNTRIES][-2:]
    if len(whole) < 2:
        return {}
    rows = np.log([one["rows"] for one in whole])
    series = {step: [one["computing"][step] for one in whole] for step in STEPS}
    series["all"] = [sum(one["computing"].values()) for one in whole]
    series["memory"] = [one["peak_mib"] for one in whole]
    return {
        name: round(float(np.polyfit(rows, np.log(np.maximum(values, 0.01)), 1)[0]), 2)
        for name, values in series.items()
    }


def _table(results: dict[str, Any]) -> str:
    lines = [f"| victims | rows | seconds | {' | '.join(STEPS)} | MiB | MiB at once |"]
    lines += ["|---:|" + "---:|" * (len(STEPS) + 4)]
    for victims, size in results["sizes"].items():
        of = size["all"]
        steps = " | ".join(f"{of['computing'][step]:.1f}" for step in STEPS)
        lines.append(
            f"| {int(victims):,} | {of['rows']:,} | {size['seconds']:.0f} | {steps} "
            f"| {of['peak_mib']:,} | {of['peak_mib_at_once']:,} |"
        )
    growth = ", ".join(f"{name} {value}" for name, value in results["growth"].items())
    return "\n".join([*lines, "", f"Exponents of growth: {growth or 'two sizes are needed'}."])


if __name__ == "__main__":
    main()
