"""The pointer that notebooks run by hand follow to the last build."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from atips_analysis.errors import InputError, MachineError
from atips_analysis.pages import last_build as pointer
from atips_analysis.project import Project


def built(work: Path) -> Path:
    public = work / "public"
    public.mkdir(parents=True)
    (public / "build.json").write_text("{}")
    (public / "indicators.csv").touch()
    return work


def published(folder: Path) -> Path:
    folder.mkdir(parents=True)
    (folder / "manifest.json").write_text("{}")
    (folder / "indicators.csv").touch()
    return folder


def written(project: Project) -> dict:
    return json.loads((project.work / "last-build.json").read_text(encoding="utf-8"))


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path / "Año (copia)")


def test_the_pointer_names_the_last_build_of_each_year_and_paths_from_the_project(
    project: Project, tmp_path: Path
) -> None:
    example, own = built(project.work / "2024-aaaaaaaa"), built(project.work / "2024-bbbbbbbb")
    earlier = built(project.work / "2023-aaaaaaaa")
    pointer.remember(project, 2023, earlier, project.reports / "2023-simulated")
    pointer.remember(project, 2024, example, project.reports / "2024-simulated")
    pointer.remember(project, 2024, own, tmp_path / "elsewhere" / "2024")
    assert written(project) == {
        "2023": {"work": "data/work/2023-aaaaaaaa", "reports": "reports/2023-simulated"},
        "2024": {
            "work": "data/work/2024-bbbbbbbb",
            "reports": (tmp_path / "elsewhere" / "2024").as_posix(),
        },
        "latest": "2024",
    }
    assert pointer.last_build(project) == own / "public"
    assert pointer.last_build(project, 2023) == earlier / "public"
    pointer.remember(project, 2023, earlier, project.reports / "2023-simulated")
    assert pointer.last_build(project) == earlier / "public", "last made, not newest year"


def test_without_a_build_the_line_says_which_command_makes_it(project: Project) -> None:
    with pytest.raises(InputError, match=r"^there is no build yet; run atips build first$"):
        pointer.last_build(project)
    with pytest.raises(InputError, match=r"no build of 2023 yet; run atips build --year 2023"):
        pointer.public_side(pointer.POINTER, project, 2023)
    with pytest.raises(InputError, match="run atips bulletin --period 2024-Q3 first"):
        pointer.last_bulletin(project, "2024-Q3")


def test_a_build_that_was_deleted_is_said_to_be_gone_and_its_reports_do_for_research(
    project: Project,
) -> None:
    pointer.remember(project, 2024, project.work / "2024-aaaaaaaa", project.reports / "2024")
    with pytest.raises(InputError, match=r"no longer in data/work; run atips build again"):
        pointer.last_build(project)
    published(project.reports / "2023")
    published(project.reports / "2024-simulated")
    found = published(project.reports / "2024")
    assert pointer.public_side(pointer.POINTER, project) == found
    assert pointer.public_side(project.reports / "2023", project).name == "2023"


def test_a_bulletin_is_found_by_its_period_and_leaves_the_years_as_they_are(
    project: Project,
) -> None:
    work = built(project.work / "2024-aaaaaaaa")
    pointer.remember(project, 2024, work, project.reports / "2024")
    quarter = built(work / "bulletins" / "bulletin-2024-Q3")
    pointer.remember_bulletin(project, "2024-Q3", quarter)
    assert pointer.last_bulletin(project, "2024-Q3") == quarter / "public"
    assert pointer.last_build(project) == work / "public"
    pointer.remember(project, 2024, work, project.reports / "2024")
    assert pointer.last_bulletin(project, "2024-Q3") == quarter / "public"


@pytest.mark.parametrize("content", ["", "{", "[1]"])
def test_a_pointer_that_cannot_be_read_is_one_line(project: Project, content: str) -> None:
    project.work.mkdir(parents=True)
    (project.work / "last-build.json").write_text(content)
    with pytest.raises(InputError, match=r"last-build.json: it cannot be read; delete it"):
        pointer.last_build(project)


def test_the_pointer_is_written_whole_or_not_at_all(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    pointer.remember(project, 2024, built(project.work / "2024-aaaaaaaa"), project.reports / "2024")
    before = written(project)

    def full(*_: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr("os.replace", full)
    with pytest.raises(MachineError, match="no space"):
        pointer.remember(project, 2025, project.work / "2025-aaaaaaaa", project.reports / "2025")
    assert written(project) == before
