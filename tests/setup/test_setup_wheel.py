"""What is installed from the wheel works in any folder, away from the checkout."""

from __future__ import annotations

import csv
import json
import os
import shutil
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest

from atips_analysis.commands.init import write_project
from atips_analysis.project import IN_THE_WHEEL, checkout_files, commit_of
from atips_analysis.render.front_page_name import front_page_name

CHECKOUT = Path(__file__).resolve().parents[2]
PROGRAMS = "Scripts" if os.name == "nt" else "bin"
INSIDE = f"atips_analysis/{IN_THE_WHEEL}/"
TWO_PAGES = ("specification", "data-dictionary-en")


def build_wheel(checkout: Path, out: Path, kind: str = "wheel") -> subprocess.CompletedProcess[str]:
    pytest.importorskip("hatchling")
    command = [sys.executable, "-m", "hatchling", "build", "-t", kind, "-d", str(out)]
    return subprocess.run(command, cwd=checkout, capture_output=True, text=True)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    out = tmp_path_factory.mktemp("dist")
    done = build_wheel(CHECKOUT, out)
    assert done.returncode == 0, done.stderr
    (found,) = out.glob("*.whl")
    return found


@dataclass(frozen=True)
class Installed:
    """An environment that holds the wheel and knows nothing of the checkout."""

    environment: Path

    def __call__(self, *words: str, at: Path) -> subprocess.CompletedProcess[str]:
        command = [str(self.environment / PROGRAMS / "python"), *words]
        variables = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
        return subprocess.run(
            command,
            cwd=at,
            env={**variables, "PYTHONNOUSERSITE": "1"},
            capture_output=True,
            text=True,
        )

    def atips(self, *words: str, at: Path) -> subprocess.CompletedProcess[str]:
        return self("-m", "atips_analysis", *words, at=at)


def environment(folder: Path, wheel: Path, *, shared: bool) -> Installed:
    """A new environment with the wheel, on the packages that are here or those of the lock."""
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    installed = Installed(folder)
    pip = ("-m", "pip", "install", "--quiet", "--no-deps")
    if shared:
        asked = "import sysconfig; print(sysconfig.get_paths()['purelib'])"
        own = Path(installed("-c", asked, at=folder).stdout.strip())
        # As plain paths: what makes the checkout importable from there is not followed.
        packages = [path for path in sys.path if path.endswith("site-packages")]
        (own / "shared.pth").write_text("\n".join(packages) + "\n", "utf-8")
    else:
        lock = str(CHECKOUT / "requirements.lock")
        done = installed(*pip, "--require-hashes", "-r", lock, at=folder)
        assert done.returncode == 0, done.stderr
    done = installed(*pip, "--no-index", str(wheel), at=folder)
    assert done.returncode == 0, done.stderr
    return installed


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory) -> Installed:
    return environment(tmp_path_factory.mktemp("environment") / "venv", wheel, shared=True)


def test_the_wheel_holds_the_files_of_a_project_as_they_are_in_the_checkout(wheel):
    with zipfile.ZipFile(wheel) as archive:
        inside = {
            name.removeprefix(INSIDE): archive.read(name)
            for name in archive.namelist()
            if name.startswith(INSIDE)
        }
    assert inside == {
        name.as_posix(): (CHECKOUT / name).read_bytes() for name in checkout_files(CHECKOUT)
    }


def test_an_install_for_development_holds_no_copy_of_them(tmp_path):
    pytest.importorskip("editables")
    done = build_wheel(CHECKOUT, tmp_path, "wheel:editable")
    assert done.returncode == 0, done.stderr
    (found,) = tmp_path.glob("*.whl")
    assert not [name for name in zipfile.ZipFile(found).namelist() if IN_THE_WHEEL in name]


def test_no_wheel_is_built_with_a_notebook_that_was_left_with_outputs(checkout, tmp_path):
    for name in checkout_files(CHECKOUT):
        (checkout / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(CHECKOUT / name, checkout / name)
    notebook = checkout / "notebooks" / "methods.ipynb"
    said = json.loads(notebook.read_text("utf-8"))
    code = next(cell for cell in said["cells"] if cell["cell_type"] == "code")
    code["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "3 victims"}]
    notebook.write_text(json.dumps(said), "utf-8")
    done = build_wheel(checkout, tmp_path / "dist")
    assert done.returncode == 1 and not list(tmp_path.glob("dist/*.whl"))
    last = done.stderr.strip().splitlines()[-1]
    assert last.startswith("no wheel is built: ") and "methods.ipynb" in last and "outputs" in last


def test_the_package_that_runs_is_the_wheels(installed, tmp_path):
    where = installed("-c", "import atips_analysis as a; print(a.__file__)", at=tmp_path)
    assert Path(where.stdout.strip()).is_relative_to(installed.environment), where.stderr


def test_a_project_made_from_the_wheel_is_the_one_made_from_the_checkout(installed, tmp_path):
    done = installed.atips("init", "--verbose", "proyecto", at=tmp_path)
    assert done.returncode == 0, done.stderr
    write_project(tmp_path / "from the checkout")
    assert contents(tmp_path / "proyecto") == contents(tmp_path / "from the checkout")
    assert set(done.stdout.splitlines()) >= set(contents(tmp_path / "proyecto"))


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_in_any_folder_registers_are_read_and_nothing_is_written_into_the_package(
    installed, tmp_path
):
    package = installed.environment
    before = {file for file in package.rglob("*") if IN_THE_WHEEL in file.parts}
    measures = "import atips_analysis as a; print(*a.measures()['indicator_id'])"
    assert "PROT-01" in installed("-c", measures, at=tmp_path).stdout.split()
    listed = installed.atips("run", "--list", at=tmp_path)
    assert "research/trends" in listed.stdout.split(), listed.stderr
    made = installed.atips("example", "--out", "example", at=tmp_path)
    assert made.returncode == 0, made.stderr
    file = tmp_path / "example" / "submissions" / "NOPCAN_2024_trainings.csv"
    checked = installed.atips("check", str(file), at=tmp_path)
    assert checked.returncode in (0, 1) and "accepted" in checked.stdout, checked.stderr
    assert (tmp_path / "feedback" / "NOPCAN_2024_trainings-feedback.xlsx").is_file()
    assert "no project here" in installed.atips("doctor", "--verbose", at=tmp_path).stdout
    assert {file for file in package.rglob("*") if IN_THE_WHEEL in file.parts} == before


NEED_A_PROJECT = [
    ["build"],
    ["bulletin", "--period", "2024-Q3"],
    ["run", "trends"],
    ["new-analysis", "age-of-cases"],
    ["consolidate", "--submissions", ".", "--databank", "bank"],
    ["databank", "list"],
    ["baseline", "show", "--period", "2021-2023"],
    ["indicators", "--databank", "bank", "--year", "2024", "--out", "table.csv"],
    ["release", "--year", "2024", "--checked-by", "A", "--approved-by", "B"],
]
SAID_OF_EACH = """
import contextlib, io, json, sys
from atips_analysis.cli import run

for words in json.loads(sys.argv[1]):
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = run(words)
    print(json.dumps([words[0], code, out.getvalue(), err.getvalue()]))
"""


def test_what_needs_a_project_says_in_one_line_that_there_is_none(installed, tmp_path):
    done = installed("-c", SAID_OF_EACH, json.dumps(NEED_A_PROJECT), at=tmp_path)
    said = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(said) == len(NEED_A_PROJECT), done.stderr
    for command, code, out, err in said:
        assert (code, out) == (2, ""), command
        assert err.count("\n") == 1 and "no project here" in err, command
        assert "atips init FOLDER" in err and str(tmp_path) in err, command


def builds_two_pages(installed: Installed, at: Path, agencies: tuple[str, ...] = ("",)) -> None:
    """A new project and its example, or what some agencies sent; two pages from it.

    One of the pages shows the library's tests, which a project does not have.
    """
    for words in (("init", "proyecto"), ("example", "--out", "proyecto/data/example")):
        done = installed.atips(*words, at=at)
        assert done.returncode == 0, done.stderr
    project = at / "proyecto"
    for file in (project / "data" / "example" / "submissions").iterdir():
        if not file.name.startswith(agencies):
            file.unlink()
    register = project / "notebooks" / "pages.csv"
    with register.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["name"] in TWO_PAGES]
    assert len(rows) == 2
    with register.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows({**row, "formats": "html"} for row in rows)
    done = installed.atips("build", "--renderer", "embedded", at=project)
    assert done.returncode == 0, done.stderr
    reports = project / "reports" / "2024-simulated"
    for row in rows:
        page = (reports / f"{row['name']}.html").read_text("utf-8")
        title = page.partition("<title>")[2].partition("</title>")[0]
        assert row["title"] in title
        assert f'href="{row["name"]}.html"' in (reports / front_page_name(row["lang"])).read_text(
            "utf-8"
        )
    assert "garwood_interval" in (reports / "specification.html").read_text("utf-8")


@pytest.mark.whole
def test_a_new_project_builds_its_reports_away_from_the_checkout(installed, tmp_path):
    builds_two_pages(installed, tmp_path, agencies=("LABOUR", "NOPCAN"))


@pytest.mark.index
def test_the_wheel_and_the_lock_alone_build_the_reports_of_a_new_project(wheel, tmp_path):
    builds_two_pages(environment(tmp_path / "venv", wheel, shared=False), tmp_path)


def test_the_wheel_names_the_commit_and_the_lock_that_it_was_built_from(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        lock = (CHECKOUT / "requirements.lock").read_bytes()
        assert archive.read("atips_analysis/requirements.lock") == lock
        assert archive.read("atips_analysis/COMMIT").decode().strip() == commit_of(CHECKOUT)
