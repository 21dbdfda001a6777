"""Bulletins belong to the year's reports: a build keeps them, and makes them again when due."""

from __future__ import annotations

import csv
import hashlib
import json
import shutil

import pytest

from atips_analysis.build.asked_for import Build
from atips_analysis.build.bulletin_inputs import inputs_of
from atips_analysis.build.bulletins import make_bulletin
from atips_analysis.build.bulletins_kept import bulletins_of
from atips_analysis.project import Project

NAME = "bulletin-2024-Q3"


@pytest.fixture(scope="module")
def made(copy_of_build, tmp_path_factory):
    """A year with a bulletin: the project and the folder of its reports."""
    project, folder, _ = copy_of_build(tmp_path_factory.mktemp("bulletins") / "project")
    make_bulletin("2024-Q3", renderer="embedded", project=project)
    return project, folder


@pytest.fixture(scope="module")
def corrected(made, make_build, tmp_path_factory):
    """The same, built again after the correction of one return, in a folder of its own."""
    root = tmp_path_factory.mktemp("corrected") / "project"
    project = Project(shutil.copytree(made[0].root, root, symlinks=True))
    folder = project.reports / made[1].name
    first = _edition(folder)
    late = project.example / "submissions" / "LABOUR_2024_inspections_late.csv"
    late.write_text(
        "SIMULATED RECORDS – not records of real persons\nmonth,inspection_type,sector,district,finding,n\n"
        "2024-08,COMPLAINT,A,OW,NONE,40\n",
        encoding="utf-8",
    )
    again = make_build(project)
    return project, folder, first, again.text, make_build(project).text


def _edition(folder) -> str:
    with (folder / f"{NAME}.csv").open(encoding="utf-8", newline="") as file:
        return next(csv.DictReader(file))["vintage"]


def test_the_next_build_keeps_a_bulletin_whose_inputs_stand(made, make_build):
    project, folder = made
    page = folder / f"{NAME}.html"
    before = _edition(folder), page.stat().st_mtime_ns
    said = make_build(project).text
    assert (_edition(folder), page.stat().st_mtime_ns) == before
    assert "pages made again" not in said


@pytest.mark.whole
def test_a_late_return_makes_the_bulletin_again_with_the_reports(corrected):
    _, folder, first, again, _ = corrected
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert _edition(folder) == manifest["edition"] != first
    assert {f"{NAME}.html", f"{NAME}.pdf", f"{NAME}.csv"} <= set(manifest["files"])
    assert f'href="{NAME}.html"' in (folder / "index.html").read_text(encoding="utf-8")
    lines = again.splitlines()
    assert "new: LABOUR_2024_inspections_late.csv" in lines
    assert any(line.startswith("PREV-08") and "(LABOUR inspections 2024)" in line for line in lines)
    assert sum("→" in line or line.startswith(("new", "pages", "and ")) for line in lines) <= 10


def test_a_bulletin_says_of_itself_what_it_was_made_from_and_with(made):
    _, folder = made
    year, own = (
        json.loads((folder / name).read_text(encoding="utf-8"))
        for name in ("manifest.json", f"{NAME}.json")
    )
    for name in ("edition", "simulated", "version", "commit", "made_with"):
        assert own[name] == year[name], name
    assert (own["period"], own["state"]) == ("2024-Q3", "draft")
    assert sorted(own["files"]) == [f"{NAME}.csv", f"{NAME}.html", f"{NAME}.pdf"]
    for name, digest in own["files"].items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest, name
    assert year["files"][f"{NAME}.json"]


@pytest.mark.whole
def test_a_build_after_that_does_nothing(corrected):
    assert "nothing has changed" in corrected[-1]


def test_who_deletes_a_bulletin_takes_it_out_of_the_reports(made, make_build, tmp_path):
    root = shutil.copytree(made[0].root, tmp_path / "project", symlinks=True)
    project, folder = Project(root), root / made[1].relative_to(made[0].root)
    for file in folder.glob(f"{NAME}.*"):
        file.unlink()
    make_build(project)
    assert not list(folder.glob(f"{NAME}.*"))
    assert NAME not in (folder / "index.html").read_text(encoding="utf-8")


def test_what_a_build_still_owed_when_it_was_stopped_is_made_by_the_next(made, tmp_path):
    root = shutil.copytree(made[0].root, tmp_path / "project", symlinks=True)
    project, reports = Project(root), root / made[1].parent.relative_to(made[0].root)
    build = Build(project, 2024, "2023", project.example / "submissions", reports, "embedded")
    (build.work / "bulletins.json").write_text(json.dumps({NAME: "", "bulletin-2024-Q2": "0"}))
    assert bulletins_of(build, simulated=True) == [NAME]
    before = inputs_of(build)
    table = build.public / "indicators.csv"
    table.write_bytes(table.read_bytes() + b" ")
    assert inputs_of(build) != before
