"""The officer's manual: every command that it tells an officer to type is typed here, in its order.

Between the commands the agencies do what agencies do: one sends late, one takes its return back,
one answers a question, and one corrects a return after the release.
"""

from __future__ import annotations

import ast
import json
import resource
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import openpyxl
import pytest

from atips_analysis.codebook import load_codebook
from atips_analysis.intake.answering import QUESTION_HEADINGS
from atips_analysis.notebooks.notebook_cells import read_cells
from atips_analysis.project import find_project

OURS = find_project(Path(__file__).parent)
MANUAL = OURS.notebooks / "manual.ipynb"
SIX = ("BPD_ATIPS", "DHS", "IMM", "JUD", "LABOUR", "ODPP")
YEAR, BEFORE = 2024, 2023
PAGES = ("brief", "methods", "data-quality", "manual")
"""What is built here; that every page can be built is another test's."""
NAMED = {"reports", "bank", "made", "care", "police", "inspects", "year", "baseline", "agencies"}


def typed() -> Iterator[tuple[str, str]]:
    """Each command of the manual with the section in which it stands, for the example of 2024."""
    codebook = load_codebook(OURS)
    edition = SimpleNamespace(simulated=True, year=YEAR, baseline=str(BEFORE), project=OURS)
    known: dict[str, Any] = {"edition": edition, "codebook": codebook}
    section = ""
    for cell in read_cells(MANUAL):
        if cell["cell_type"] == "markdown" and "{#sec-" in cell["source"]:
            section = cell["source"].rpartition("{#sec-")[2].partition("}")[0]
        if cell["cell_type"] != "code":
            continue
        for node in ast.parse(cell["source"]).body:
            if isinstance(node, ast.Assign) and _names(node.targets[0]) <= NAMED:
                exec(compile(ast.Module([node], []), str(MANUAL), "exec"), known)
            call = node.value if isinstance(node, ast.Expr) else None
            if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "commands":
                listed = ast.Expression(ast.List(call.args, ast.Load()))
                ast.fix_missing_locations(listed)
                for line in eval(compile(listed, str(MANUAL), "eval"), known):
                    yield section, line


def _names(target: ast.expr) -> set[str]:
    return {one.id for one in ast.walk(target) if isinstance(one, ast.Name)}


def test_every_command_and_option_of_the_manual_is_one_that_atips_has():
    from typer.main import get_command

    from atips_analysis.cli import app

    seen = set()
    for _, line in typed():
        program, *words = shlex.split(line)
        if program == "cd":
            continue
        command: Any = get_command(app)
        assert program == "atips"
        while hasattr(command, "commands"):
            command = command.commands[words.pop(0)]
        options = {name for one in command.params for name in one.opts}
        asked = {word.partition("=")[0] for word in words if word.startswith("--")}
        assert asked <= options, line
        seen.add(command.name)
    assert {"template", "check", "answer", "bulletin", "build", "release", "verify"} <= seen


class Agencies:
    """What agencies send and take back, in the folder of the officer's project."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.submissions = root / "data" / "submissions"

    def before(self, section: str) -> None:
        act: Callable[[], None] | None = getattr(self, section, None)
        if act:
            act()

    def forms(self) -> None:
        """Six agencies owe returns; the officer writes it into the register."""
        register = self.root / "data" / "council" / "returns.csv"
        lines = register.read_text("utf-8").splitlines()
        own = [line for line in lines if line[:1] == "#" or line.split(",")[0] in ("agency", *SIX)]
        register.write_text("\n".join(own) + "\n", "utf-8")
        pages = self.root / "notebooks" / "pages.csv"
        lines = pages.read_text("utf-8").splitlines()
        own = [line for line in lines if line.split(",")[0] in ("notebook", *PAGES)]
        pages.write_text("\n".join(own) + "\n", "utf-8")

    def returns(self) -> None:
        """Five send the year, one does not, and one writes a header that can be read in two ways."""
        for agency in SIX:
            for year in (BEFORE, YEAR):
                if (agency, year) != ("JUD", YEAR):
                    self.send(f"{agency}_{year}.xlsx")
        (self.submissions / f"LABOUR_{YEAR}_inspections.csv").write_text(
            "SIMULATED RECORDS – not records of real persons\n"
            "month,inspection_type,sector,district,finding,Inspections (net)\n"
            f"{YEAR}-08,COMPLAINT,A,OW,NONE,4\n",
            encoding="utf-8",
        )

    def questions(self) -> None:
        """The agency chooses in the feedback workbook, and sends it back."""
        file = self.root / "data" / "feedback" / f"LABOUR_{YEAR}_inspections-feedback.xlsx"
        book = openpyxl.load_workbook(file)
        headings = [str(one) for one in QUESTION_HEADINGS]
        sheet = book.worksheets[0]
        rows = list(sheet.iter_rows())
        at = next(n for n, row in enumerate(rows) if row[0].value == "Question")
        assert len(headings) <= len(rows[at])
        rows[at + 1][1].value = str(rows[at + 1][7].value).split("\n")[0]
        book.save(file)

    def corrections(self) -> None:
        """The late return comes, and one that had come is taken back."""
        self.send(f"JUD_{YEAR}.xlsx")
        (self.submissions / f"IMM_{YEAR}.xlsx").unlink()

    def late(self) -> None:
        """After the release: the whole file again, a number in it corrected."""
        book = openpyxl.load_workbook(self.submissions / f"LABOUR_{YEAR}.xlsx")
        for row in book.worksheets[0].iter_rows(max_row=20):
            if row[0].value == "Version":
                row[1].value = 2
            if row[0].value == "Replaces":
                row[1].value = f"LABOUR_{YEAR}.xlsx"
        sheet = next(one for one in book.worksheets if "inspections" in one.title.lower())
        head = next(cell for row in sheet for cell in row if cell.value == "Inspections")
        head.offset(row=1).value = 40
        book.save(self.submissions / f"LABOUR_{YEAR}_v2.xlsx")

    def send(self, name: str) -> None:
        shutil.copyfile(
            self.root / "data" / "example" / "submissions" / name, self.submissions / name
        )


def _cpu_seconds() -> float:
    """What all processes started from here have used, in seconds of a processor."""
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


@pytest.fixture(scope="module")
def year(tmp_path_factory) -> tuple[Path, dict[str, str]]:
    """The year of the manual, walked: the project, and what each command said."""
    here = tmp_path_factory.mktemp("office")
    agencies, said, before = Agencies(here / "practice"), {}, ""
    for section, line in typed():
        program, *words = shlex.split(line)
        if section != before:
            agencies.before(section)
            before = section
        if program == "cd":
            here = here / words[0]
            continue
        start, used = time.monotonic(), _cpu_seconds()
        done = subprocess.run(
            [sys.executable, "-m", "atips_analysis", *words],
            cwd=here, capture_output=True, text=True, check=False,
        )  # fmt: skip
        text = done.stdout + done.stderr
        wall, cpu = time.monotonic() - start, _cpu_seconds() - used
        print(f"{wall:6.0f} s  {cpu:6.0f} s CPU  {done.returncode}  {line}", flush=True)
        # Where agencies made mistakes, check says so: the example is full of them.
        findings = 1 if words[0] == "check" else 0
        assert done.returncode in (0, findings), f"{line}\n{text}"
        said[f"{section}: {line}"] = text
    return here, said


@pytest.mark.whole
def test_a_year_is_walked_from_the_manual_alone(year):
    root, _said = year
    reports = root / "reports" / f"{YEAR}-simulated"
    manifest = json.loads((reports / "manifest.json").read_text("utf-8"))
    assert manifest["state"] == "released"
    for quarter in (1, 2, 3, 4):
        assert f"bulletin-{YEAR}-Q{quarter}.pdf" in manifest["files"]
    ledger = json.loads((root / "data" / "ledger" / f"{YEAR}-simulated.json").read_text("utf-8"))
    assert [version["date"] for version in ledger["versions"]] == ["2025-06-30", "2025-09-30"]
    assert (root / "data" / "work" / "desk.html").is_file()


@pytest.mark.whole
def test_each_that_came_late_or_was_taken_back_or_corrected_was_told(year):
    _, said = year
    text = dict.fromkeys(("returns", "questions", "corrections", "late"), "")
    for line, told in said.items():
        section = line.partition(":")[0]
        if section in text:
            text[section] += told
    assert "questions to answer: 1" in text["returns"]
    assert (
        "JUD" in text["returns"]
        and "wrote data/feedback/letters/JUD-reminder.docx" in text["questions"]
    )
    assert f"withdrawn, and counts no more: IMM_{YEAR}.xlsx" in text["corrections"]
    assert f"new: JUD_{YEAR}.xlsx" in text["corrections"]
    assert any("PREV-08" in line and "→" in line for line in text["late"].splitlines())
