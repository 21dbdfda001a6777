"""A build knows of every room of the library that its steps may reach."""

from __future__ import annotations

import tomllib
from pathlib import Path

import atips_analysis
from atips_analysis.build.asked_for import Build
from atips_analysis.build.page_register import load_pages
from atips_analysis.build.plan import plan_reports
from atips_analysis.build.steps import ROOMS, rooms_up_to
from atips_analysis.project import find_project

PACKAGE = Path(atips_analysis.__file__).parent
REACHED_BY_NO_STEP = {"build", "coalition", "commands", "custody", "example", "release"}


def test_no_room_can_change_without_the_steps_that_reach_it_running_again():
    rooms = {file.parent.name for file in PACKAGE.glob("*/__init__.py")}
    assert rooms - REACHED_BY_NO_STEP == set(ROOMS)


def test_steps_name_the_rooms_in_the_order_that_imports_are_held_to():
    root = Path(__file__).parents[2]
    linted = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]
    layers = [layer.strip("()") for layer in reversed(linted["contracts"][0]["layers"])]
    assert [room for room in layers if room in ROOMS] == list(ROOMS)


def test_a_change_of_the_kit_runs_the_notebooks_again():
    project = find_project(Path(__file__).parent)
    build = Build(project, 2024, "2021-2023", project.example, project.reports, "embedded")
    runs = [step for step in plan_reports(build, simulated=True) if step.name.startswith("run ")]
    assert len(runs) > 10
    assert all({"pages", "notebooks"} <= set(rooms_up_to(step.room)) for step in runs)


def test_a_late_correction_makes_no_page_again_that_rests_on_published_figures_alone():
    project = find_project(Path(__file__).parent)
    build = Build(project, 2024, "2021-2023", project.example, project.reports, "embedded")
    steps = {step.name: step for step in plan_reports(build, simulated=True)}
    told = {build.public / "build.json", build.public / "indicators.csv"}
    apart = [page for page in load_pages(project) if not page.from_records]
    assert {page.notebook for page in apart} > {"best-practices", "data-dictionary"}
    for page in apart:
        for step in (steps[f"run {page.name}"], steps[f"render {page.name}"]):
            assert not told & set(step.reads), step.name
    assert told & set(steps["render annual-report"].reads)
