"""How long a build takes, beside stock papermill and the same renderer, one page after the other.

    python benchmarks/build_speed.py [--runs 5] [--every 8] [--out benchmarks/build_speed.json] [--write]

Builds the example of a copy of this project from nothing, with one job and with two; again with
nothing changed; and again with one cell of one return corrected. Every eighth page of the register is
built (`--every 1`: all of them), so that five runs take less than a quarter of an hour on two
processors. The peer, in the same run: every notebook of the build by `papermill.execute_notebook` as
it comes, in a kernel of its own, and every page rendered by this library's renderer from what the
build had executed. Prints a table of medians
(seconds by the clock, and by processors), writes them as JSON, and with --write into
`docs/speed.md`, between its marks. Nothing else should run on the machine.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import openpyxl

from atips_analysis.project import commit_of_code, find_project

ROOT = find_project().root
PAGE = ROOT / "docs" / "speed.md"
MARKS = ("<!-- measured -->", "<!-- /measured -->")
LEFT_OUT = (".git", ".venv", "__pycache__", "build", "node_modules", "feedback", "*cache")
PEER = """
import sys
from pathlib import Path
import papermill
from atips_analysis.build.actions import render_page
from atips_analysis.build.asked_for import Build
from atips_analysis.build.page_register import load_pages
from atips_analysis.build.plan import plan_reports
from atips_analysis.project import Project

root, out = Path(sys.argv[1]), Path(sys.argv[2])
project = Project(root)
build = Build(project, 2024, "2021-2023", (project.example / "submissions").resolve(), out, "embedded")
for step in plan_reports(build, True):
    if step.name.startswith("run "):
        given = {**step.settings["parameters"], "inputs": str(root / step.settings["inputs"]), "project": str(root)}
        known = papermill.inspect_notebook(str(step.reads[0]))
        given = {name: value for name, value in given.items() if name in known}
        executed = out / (step.name.replace("/", "-") + ".ipynb")
        papermill.execute_notebook(
            str(step.reads[0]), str(executed), given, cwd=str(out), progress_bar=False
        )
    if step.name.startswith("render "):
        there = [out / "rendered" / step.name / path.name for path in step.writes]
        there[0].parent.mkdir(parents=True, exist_ok=True)
        render_page([path for path in step.reads], there, **step.settings)
"""


def main() -> None:
    """Measure, print, and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument(
        "--every", type=int, default=8, help="build every N-th page of the register"
    )
    parser.add_argument("--out", type=Path, default=ROOT / "benchmarks" / "build_speed.json")
    parser.add_argument("--write", action="store_true", help="into docs/speed.md as well")
    wanted = parser.parse_args()
    taken: dict[str, list[tuple[float, float]]] = {}
    pages = len(_every(wanted.every))
    for number in range(wanted.runs):
        for what, seconds in _one_run(wanted.every).items():
            taken.setdefault(what, []).append(seconds)
        print(f"run {number + 1} of {wanted.runs} is done", file=sys.stderr, flush=True)
    medians = {
        what: [round(statistics.median(one), 2) for one in zip(*several, strict=True)]
        for what, several in taken.items()
    }
    result = {
        "command": " ".join(["python benchmarks/build_speed.py", *sys.argv[1:]]),
        "commit": commit_of_code(),
        "runs": wanted.runs,
        "processors": os.cpu_count(),
        "pages": pages,
        "seconds": medians,
    }
    wanted.out.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    table = _table(result)
    print(table)
    if wanted.write:
        before, rest = PAGE.read_text(encoding="utf-8").split(MARKS[0])
        after = rest.split(MARKS[1])[1]
        PAGE.write_text(f"{before}{MARKS[0]}\n{table}\n{MARKS[1]}{after}", encoding="utf-8")


def _every(of: int) -> list[str]:
    """The rows of the register of pages that are built."""
    return (ROOT / "notebooks" / "pages.csv").read_text(encoding="utf-8").splitlines()[of::of]


def _one_run(every: int) -> dict[str, tuple[float, float]]:
    with tempfile.TemporaryDirectory() as name:
        root, found = Path(name) / "project", {}
        shutil.copytree(ROOT, root, ignore=shutil.ignore_patterns(*LEFT_OUT))
        register = root / "notebooks" / "pages.csv"
        head = register.read_text(encoding="utf-8").splitlines()[0]
        register.write_text("\n".join([head, *_every(every)]) + "\n", encoding="utf-8")
        for jobs in (2, 1):
            for made in ("data/work", "data/databank", "reports"):
                shutil.rmtree(root / made, ignore_errors=True)
            found[f"build from nothing, {jobs} job{'s' * (jobs > 1)}"] = _build(root, jobs)
        found["nothing changed"] = _build(root, 1)
        _correct_a_cell(root)
        found["one cell of a return corrected, 2 jobs"] = _build(root, 2)
        out = Path(name) / "peer"
        out.mkdir()
        found["stock papermill, then the same renderer, one after the other"] = _seconds(
            lambda: _run([sys.executable, "-c", PEER, str(root), str(out)], root)
        )
    return found


def _build(root: Path, jobs: int) -> tuple[float, float]:
    words = ["build", "--quiet", "--renderer", "embedded", "--jobs", str(jobs)]
    return _seconds(lambda: _run([sys.executable, "-m", "atips_analysis", *words], root))


def _run(command: list[str], root: Path) -> None:
    subprocess.run(command, cwd=root, check=True, stdout=subprocess.DEVNULL)


def _seconds(work: Callable[[], None]) -> tuple[float, float]:
    began, used = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    work()
    now = resource.getrusage(resource.RUSAGE_CHILDREN)
    computed = now.ru_utime + now.ru_stime - used.ru_utime - used.ru_stime
    return time.perf_counter() - began, computed


def _correct_a_cell(root: Path) -> None:
    """The first workbook of the example: the last of its numbers is one more."""
    path = sorted((root / "data" / "example" / "submissions").rglob("*.xlsx"))[0]
    book = openpyxl.load_workbook(path)
    numbers = [
        cell
        for sheet in book
        for row in sheet.iter_rows(min_row=2)
        for cell in row
        if isinstance(cell.value, int) and not isinstance(cell.value, bool) and cell.value < 100
    ]
    numbers[-1].value += 1
    book.save(path)


def _table(result: dict[str, object]) -> str:
    seconds: dict[str, list[float]] = result["seconds"]  # type: ignore[assignment]
    lines = ["| what | seconds | of computing |", "|---|---:|---:|"]
    lines += [f"| {what} | {clock:.1f} | {used:.1f} |" for what, (clock, used) in seconds.items()]
    said = "Medians of {runs} runs on {processors} processors, {pages} pages; commit {commit:.7}."
    return "\n".join([*lines, "", said.format(**result)])


if __name__ == "__main__":
    main()
