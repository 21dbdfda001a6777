"""After a build every notebook runs as it stands, with Jupyter's own tools."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from atips_analysis.notebooks import warm_kernels
from atips_analysis.project import PROFILE, Project, find_project

NOTEBOOKS = find_project(Path(__file__).parent).notebooks
OF_PACKS = {"coalition.ipynb"}
"""Reads what `atips coalition` made, and no build: the tests of that command run it by hand."""
NAMES = sorted(
    {path.relative_to(NOTEBOOKS).as_posix() for path in NOTEBOOKS.rglob("*.ipynb")} - OF_PACKS
)
IN_SHORT = {"consolidate.ipynb", "research/published-sources.ipynb"}
"""One notebook without pages and one of a page; `make test-all` runs all by hand, and every build runs them for itself."""


def by_hand(small, whole):
    """Notebooks of the small site, and of the whole one."""
    later = [pytest.param("whole", name, marks=pytest.mark.whole) for name in sorted(whole)]
    return pytest.mark.parametrize(
        ("site", "name"), [*(("small", name) for name in sorted(small)), *later], indirect=["site"]
    )


@pytest.fixture(scope="module")
def house(site: Path) -> Project:
    """The project that the site was built in."""
    root = site.parents[1]
    if not (root / PROFILE).is_file() or not (root / "data" / "work").is_dir():
        pytest.skip("the site does not lie in the project that it was built in")
    return Project(root)


@pytest.fixture(scope="module")
def bulletin(house: Project, site: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """A bulletin of that build, its pages put elsewhere."""
    from atips_analysis.build.bulletins import make_bulletin

    reports = tmp_path_factory.mktemp("bulletin") / "reports"
    shutil.copytree(site, reports / site.name)
    make_bulletin("2024-Q3", out=reports, renderer="embedded", project=house)


@pytest.fixture(scope="module", autouse=True)
def warm() -> Iterator[bool]:
    with warm_kernels() as available:
        yield available


def papermill(notebook: Path, out: Path, folder: Path, **parameters: Any) -> list[str]:
    """What the notebook says when papermill runs it in a folder; kernels start warm, no more."""
    from papermill import execute_notebook

    from atips_analysis.notebooks.kernels import manager_class

    execute_notebook(
        notebook,
        out,
        parameters,
        cwd=folder,
        progress_bar=False,
        kernel_manager_class=manager_class(),
    )
    return said(json.loads(out.read_text(encoding="utf-8")))


def said(notebook: Any) -> list[str]:
    return [
        "".join(output["data"]["text/markdown"])
        for cell in notebook["cells"]
        for output in cell.get("outputs", [])
        if "text/markdown" in output.get("data", {})
    ]


@by_hand(small=IN_SHORT, whole=NAMES)
def test_papermill_runs_every_notebook_from_the_root_as_it_stands(
    house: Project, tmp_path: Path, name: str, request: pytest.FixtureRequest
) -> None:
    if name == "bulletin.ipynb":
        request.getfixturevalue("bulletin")
    assert len(papermill(house.notebooks / name, tmp_path / "out.ipynb", house.root)) > 0


@by_hand(
    small=["data-quality.ipynb"], whole=["data-quality.ipynb", "research/labour-inspections.ipynb"]
)
def test_wherever_its_kernel_works_a_notebook_says_the_same(
    house: Project, tmp_path: Path, name: str
) -> None:
    """JupyterLab and nbconvert start it in the notebook's folder, papermill where one stands."""
    import nbformat
    from nbclient import NotebookClient

    notebook = house.notebooks / name
    from_root = papermill(notebook, tmp_path / "root.ipynb", house.root)
    document = nbformat.read(notebook, as_version=4)
    there = {"metadata": {"path": str(notebook.parent)}}
    assert said(NotebookClient(document, resources=there).execute()) == from_root
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    here = papermill(notebook, tmp_path / "here.ipynb", elsewhere, project=str(house.root))
    assert here == from_root


def test_the_command_papermill_takes_a_parameter_without_a_word_of_warning(
    house: Project, site: Path, tmp_path: Path
) -> None:
    shutil.copytree(site, tmp_path / "reports" / site.name)
    notebook = house.notebooks / "research" / "labour-inspections.ipynb"
    command = [sys.executable, "-m", "papermill", "--no-progress-bar", "-k", "python3"]
    given = ["-p", "inputs", str(tmp_path / "reports"), "-p", "first_year", "2023"]
    out = tmp_path / "out.ipynb"
    done = subprocess.run(
        [*command, str(notebook), str(out), *given],
        cwd=house.root,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-500:]
    assert "unknown parameter" not in done.stderr
    assert any("2023" in part for part in said(json.loads(out.read_text(encoding="utf-8"))))


def test_the_command_nbconvert_makes_a_page_that_carries_its_tables_and_drawings(
    house: Project, tmp_path: Path
) -> None:
    command = [sys.executable, "-m", "nbconvert", "--execute", "--to", "html"]
    done = subprocess.run(
        [*command, "--output-dir", str(tmp_path), "published-sources.ipynb"],
        cwd=house.notebooks / "research",
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-500:]
    page = (tmp_path / "published-sources.html").read_text(encoding="utf-8")
    assert "<figcaption><b>The sources: what" in page and "<th>Publisher</th>" in page
    assert 'src="data:image/svg+xml;base64,' in page
    assert not list((house.notebooks / "research").glob("*.svg"))


def test_a_year_that_was_not_built_is_one_line_in_the_notebook_too(
    house: Project, tmp_path: Path
) -> None:
    from papermill.exceptions import PapermillExecutionError

    with pytest.raises(PapermillExecutionError) as failure:
        papermill(
            house.notebooks / "annual-report.ipynb", tmp_path / "out.ipynb", house.root, year=2019
        )
    assert failure.value.traceback == [
        "InputError: there is no build of 2019 yet; run atips build --year 2019 first"
    ]
