"""`atips init` writes a whole project into a folder that is free, and touches no other."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from atips_analysis import __version__
from atips_analysis import project as house
from atips_analysis.cli import run
from atips_analysis.errors import InputError
from atips_analysis.framework import load_indicators
from atips_analysis.project import (
    MADE_WITH,
    checkout_files,
    files_of_a_project,
    find_project,
    find_registers,
)

CHECKOUT = Path(__file__).resolve().parents[2]


def names_in(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def refused(capfd, *words: str) -> tuple[int, str]:
    """The exit code and the one line that a command leaves with."""
    code = run(list(words))
    said = capfd.readouterr().err.strip().splitlines()
    assert len(said) == 1 and "unexpected fault" not in said[0]
    return code, said[0]


@pytest.fixture(scope="module")
def written(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("officer") / "Trata de personas" / "proyecto"
    assert run(["init", str(folder), "--quiet"]) == 0
    return folder


def test_a_new_project_holds_the_files_of_the_package_a_readme_and_its_version(written):
    ours = {name.as_posix() for name in files_of_a_project()}
    assert names_in(written) == ours | {"README.md", MADE_WITH}
    assert all((written / name).read_bytes() == (CHECKOUT / name).read_bytes() for name in ours)
    assert (written / MADE_WITH).read_text("utf-8") == f"{__version__}\n"


def test_a_new_project_holds_no_record_no_report_and_no_test(written):
    assert list((written / "data" / "submissions").iterdir()) == []
    assert not {"example", "databank", "work"} & {
        path.name for path in (written / "data").iterdir()
    }
    assert not (written / "tests").exists() and not (written / "reports").exists()


def test_a_new_project_is_found_from_inside_it_and_its_registers_are_read(written):
    found = find_project(written / "notebooks" / "research")
    assert found.root == written
    assert load_indicators(found) == load_indicators(find_project(CHECKOUT))


def test_every_page_of_a_new_project_has_its_notebook_and_every_notebook_its_template(written):
    from atips_analysis.build.page_register import load_pages

    assert len(load_pages(find_project(written))) == len(load_pages(find_project(CHECKOUT)))
    assert (written / "notebooks" / "research" / "_template.ipynb").is_file()


def test_hidden_entries_of_a_folder_such_as_git_and_venv_are_left_alone(tmp_path):
    for name in (".git/config", ".venv/bin/python"):
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).write_text("mine", "utf-8")
    assert run(["init", str(tmp_path), "--quiet"]) == 0
    assert (tmp_path / ".git" / "config").read_text("utf-8") == "mine"
    assert (tmp_path / "index.qmd").is_file()
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".atips-init")] == []


@pytest.mark.parametrize("name", ["thesis.docx", ".gitignore", MADE_WITH])
def test_a_folder_that_holds_other_things_is_not_touched(tmp_path, capfd, name):
    (tmp_path / name).write_text("mine", "utf-8")
    code, said = refused(capfd, "init", str(tmp_path))
    assert code == 2 and f"holds other things ({name})" in said
    assert names_in(tmp_path) == {name} and (tmp_path / name).read_text("utf-8") == "mine"


def test_a_file_in_the_folders_place_is_refused(tmp_path, capfd):
    (tmp_path / "taken").write_text("mine", "utf-8")
    code, said = refused(capfd, "init", str(tmp_path / "taken"))
    assert code == 2 and said.endswith("taken: this is a file; name another folder")


def test_a_place_where_nothing_can_be_written_is_the_machines_fault(tmp_path, capfd):
    (tmp_path / "taken").write_text("mine", "utf-8")
    code, said = refused(capfd, "init", str(tmp_path / "taken" / "project"))
    assert code == 3 and "nothing can be written there" in said


def test_a_disk_that_fills_up_leaves_no_half_project(tmp_path, capfd, monkeypatch):
    from atips_analysis.commands import init

    copy, copied = init.shutil.copyfile, []

    def full(source, target):
        copied.append(target)
        if len(copied) > 5:
            raise OSError(28, "No space left on device", str(target))
        return copy(source, target)

    monkeypatch.setattr(init.shutil, "copyfile", full)
    code, said = refused(capfd, "init", str(tmp_path / "new"))
    assert code == 3 and "the disk is full; make room" in said
    assert list((tmp_path / "new").iterdir()) == []


def test_a_project_is_not_written_over_and_its_version_is_said(written, capfd):
    before = (written / "index.qmd").stat().st_mtime_ns
    code, said = refused(capfd, "init", str(written))
    assert code == 2 and f"a project already (made with atips-analysis {__version__};" in said
    assert (written / "index.qmd").stat().st_mtime_ns == before


@pytest.mark.parametrize(
    ("made_with", "fits"),
    [("0.0.9", False), ("0.1.7", True), ("0.2.0", False), ("1.1.0", False), ("", False)],
)
def test_a_project_of_another_minor_version_is_refused_in_one_line(
    tmp_path, monkeypatch, capfd, made_with, fits
):
    monkeypatch.setattr(house, "__version__", "0.1.0")
    (tmp_path / "data" / "council").mkdir(parents=True)
    (tmp_path / "data" / "council" / "profile.toml").write_text("", "utf-8")
    (tmp_path / MADE_WITH).write_text(f"{made_with}\n", "utf-8")
    monkeypatch.chdir(tmp_path)
    if fits:
        assert find_project().root == find_registers().root == tmp_path
        return
    code, said = refused(capfd, "build")
    named = made_with or "of no version"
    assert code == 2 and f"a project of atips-analysis {named}, and this is 0.1.0" in said


def test_the_example_of_a_new_project_is_asked_for_in_one_line(
    written, tmp_path, monkeypatch, capfd
):
    monkeypatch.chdir(shutil.copytree(written, tmp_path / "own"))
    code, said = refused(capfd, "build")
    assert code == 2 and "atips example --out data/example" in said
    code, said = refused(capfd, "bulletin", "--period", "2024-Q3")
    assert code == 2 and "atips example --out data/example" in said


def test_what_was_built_or_is_confidential_beside_the_files_of_a_project_stays_out(tmp_path):
    for name in checkout_files(CHECKOUT):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"")
    text = (CHECKOUT / "pyproject.toml").read_text("utf-8")
    (tmp_path / "pyproject.toml").write_text(text, "utf-8")
    for name in (
        "data/submissions/DHS_2024.xlsx",
        "data/databank/review.csv",
        "data/work/last-build.json",
        "data/baseline/baseline-2021-2023.csv",
        "data/ledger/2024.json",
        "data/narrative/2024/.foreword.docx",
        "notebooks/figure.svg",
        "notebooks/research/.ipynb_checkpoints/trends-checkpoint.ipynb",
        "pseudonyms.key",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"confidential")
    assert checkout_files(tmp_path) == checkout_files(CHECKOUT)


def test_a_line_of_the_list_that_finds_nothing_is_an_error(tmp_path):
    text = (CHECKOUT / "pyproject.toml").read_text("utf-8")
    (tmp_path / "pyproject.toml").write_text(text, "utf-8")
    with pytest.raises(InputError, match=r"pyproject\.toml: project-files: .* finds nothing"):
        checkout_files(tmp_path)


def test_a_notebook_that_was_left_with_outputs_goes_into_no_project(tmp_path, monkeypatch, capfd):
    from atips_analysis.commands import init

    run_by_hand = tmp_path / "checkout" / "notebooks" / "baseline.ipynb"
    run_by_hand.parent.mkdir(parents=True)
    cell = {"cell_type": "code", "outputs": [{"text": "3 victims"}], "source": ""}
    run_by_hand.write_text(json.dumps({"cells": [cell]}), "utf-8")
    monkeypatch.setattr(init, "came_with_the_package", lambda: house.Project(tmp_path / "checkout"))
    monkeypatch.setattr(init, "files_of_a_project", lambda: [Path("notebooks/baseline.ipynb")])
    code, said = refused(capfd, "init", str(tmp_path / "new"))
    assert code == 2 and "baseline.ipynb: cell 1 holds outputs" in said
    assert not (tmp_path / "new").exists()
