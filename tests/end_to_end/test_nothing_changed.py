"""A build in which nothing changed is known by one look at every file, whatever their times."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from atips_analysis.build import as_it_was
from atips_analysis.build.as_it_was import before
from atips_analysis.build.asked_for import asked_for
from atips_analysis.cli import run

SAID = ["renderer: embedded", "nothing has changed"]


@pytest.fixture
def project(make_project, tmp_path):
    return make_project(tmp_path)


def asked(project, **options):
    given = {"year": 2024, "baseline": "2023", "submissions": None, "out": None}
    return asked_for(project, **{**given, "renderer": "embedded", **options})


def noted(project):
    """A build that has ended, with an edition, a work folder, pages and a desk."""
    build = asked(project)
    for file in (
        build.databank / "editions" / "one" / "victims.parquet",
        build.public / "indicators.csv",
        build.out / "2024-simulated" / "annual-report.html",
        project.work / "desk.html",
    ):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("made")
    before(build).note(SAID)
    return build


def test_it_says_what_the_build_before_noted(project):
    assert before(asked(project)).said() == []
    noted(project)
    assert before(asked(project)).said() == SAID


@pytest.mark.parametrize(
    "place",
    [
        "data/council/profile.toml",
        "data/example/submissions/YES_2023.xlsx",
        "data/framework/indicators.csv",
        "notebooks/annual-report.ipynb",
        "expectations/victims.json",
        "_extensions/atips/_extension.yml",
        "data/databank/example/editions/one/victims.parquet",
        "data/work/desk.html",
        "reports/2024-simulated/annual-report.html",
    ],
)
def test_whatever_changed_is_noticed_where_time_and_size_stayed(project, place):
    noted(project)
    file = project.root / place
    times, content = file.stat(), file.read_bytes()
    file.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert before(asked(project)).said() == []
    file.write_bytes(content)
    os.utime(file, (0, 0))
    assert before(asked(project)).said() == SAID


def test_a_file_that_is_new_or_gone_is_noticed(project):
    build = noted(project)
    new = build.submissions / "YES_2024_late.xlsx"
    new.write_bytes(b"")
    assert before(build).said() == []
    new.unlink()
    (build.public / "indicators.csv").unlink()
    assert before(build).said() == []


@pytest.mark.parametrize(
    "other", [{"year": 2023}, {"baseline": "2022-2023"}, {"renderer": "auto"}, {"out": "elsewhere"}]
)
def test_what_is_asked_for_otherwise_is_another_build(project, tmp_path, other):
    noted(project)
    if "out" in other:
        other = {"out": tmp_path / other["out"]}
    assert before(asked(project, **other)).said() == []


def test_another_version_of_a_library_is_noticed(project, monkeypatch, tmp_path):
    noted(project)
    folder = tmp_path / "site"
    (folder / "pandas-0.0.dist-info").mkdir(parents=True)
    monkeypatch.syspath_prepend(folder)
    assert before(asked(project)).said() == []


def test_what_somebody_changes_while_a_build_runs_is_seen_by_the_next(project):
    build = noted(project)
    known = before(build)
    (project.council / "profile.toml").open("a").write("\n")
    known.note(SAID)
    assert before(build).said() == []


def test_a_note_that_cannot_be_read_is_none(project):
    build = noted(project)
    (build.work / as_it_was.NOTE).write_text("[]")
    assert before(build).said() == []


def test_the_look_imports_no_library_that_takes_time():
    code = (
        "import sys, atips_analysis.cli, atips_analysis.build.as_it_was, atips_analysis.build.asked_for\n"
        "print({'pandas', 'numpy', 'matplotlib', 'pytask', 'great_expectations'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_a_scheduler_that_is_no_address_is_refused_where_nothing_changed_too(
    project, monkeypatch, capfd
):
    noted(project)
    monkeypatch.chdir(project.root)
    words = ["build", "--baseline", "2023", "--renderer", "embedded"]
    assert run(words) == 0
    capfd.readouterr()
    assert run([*words, "--scheduler", "BAD"]) == 2
    (line,) = capfd.readouterr().err.strip().splitlines()
    assert line.startswith("atips: --scheduler 'BAD' is no address")
