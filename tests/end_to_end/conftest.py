"""A small project of its own: two years of the example, five pages, nothing shared with the real one."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from atips_analysis.build.building import build_reports
from atips_analysis.project import Project

HERE = Path(__file__).resolve().parents[2]
PAGES = ("annual-report", "back-test", "baseline", "data-quality", "research/published-sources")


def small_project(root: Path) -> Project:
    for folder in (
        "notebooks",
        "expectations",
        "_extensions/atips",
        "data/published",
        "data/framework",
        "data/simulator",
    ):
        shutil.copytree(HERE / folder, root / folder)
    if (HERE / "data" / "narrative").is_dir():
        shutil.copytree(HERE / "data" / "narrative", root / "data" / "narrative")
    shutil.copytree(HERE / "data" / "council", root / "data" / "council")
    submissions = root / "data" / "example" / "submissions"
    submissions.mkdir(parents=True)
    for file in (HERE / "data" / "example" / "submissions").iterdir():
        if "_2023" in file.name or "_2024" in file.name:
            shutil.copyfile(file, submissions / file.name)
    register = root / "notebooks" / "pages.csv"
    lines = register.read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [line for line in lines[1:] if line.split(",")[1] in PAGES]
    register.write_text("".join([lines[0], *kept]), encoding="utf-8")
    return Project(root)


def build(project: Project, **options):
    return build_reports(
        year=2024, baseline="2023", renderer="embedded", show=False, project=project, **options
    )


@pytest.fixture(scope="session")
def make_project():
    return small_project


@pytest.fixture(scope="session")
def make_build():
    return build


@pytest.fixture(scope="session")
def built(tmp_path_factory):
    """(project, folder of reports, what the build said)."""
    project = small_project(tmp_path_factory.mktemp("small"))
    result = build(project)
    return project, result.folder, result.text
