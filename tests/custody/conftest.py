"""A project with an edition of two returns, made once; each test gets a copy of its own."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from atips_analysis.cli import run
from atips_analysis.commands.init import write_project
from atips_analysis.project import CHECKOUT, Project

CONSOLIDATE = ("consolidate", "--submissions", "data/submissions", "--databank", "data/databank")


@pytest.fixture(scope="session")
def kept_project(once) -> Path:
    """A project whose data bank holds an edition of two returns, with feedback and a sealed pack."""

    def make(folder: Path) -> None:
        root, here = folder / "project", Path.cwd()
        write_project(root)
        for agency in ("DHS", "LABOUR"):
            sent = next((CHECKOUT / "data/example/submissions").glob(f"{agency}_2024*.xlsx"))
            shutil.copyfile(sent, root / "data/submissions" / sent.name)
        os.chdir(root)
        try:
            assert run([*CONSOLIDATE, "--quiet"]) == 0
            assert run(["check", "data/submissions", "--quiet"]) in (0, 1)
        finally:
            os.chdir(here)
        for file in ("reports/2024/pack/atips-2024.zip", "data/work/raw.csv"):
            (root / file).parent.mkdir(parents=True, exist_ok=True)
            (root / file).write_bytes(b"sealed or raw")

    return once("kept-project", make) / "project"


@pytest.fixture
def project(kept_project, tmp_path, monkeypatch) -> Project:
    root = tmp_path / "project"
    shutil.copytree(kept_project, root)
    monkeypatch.chdir(root)
    return Project(root)


@pytest.fixture
def key(project, tmp_path) -> Path:
    """A secret key away from the project, whose public key the project has."""
    file = tmp_path / "stick" / "atips.agekey"
    assert run(["lock", "--new-key", str(file), "--quiet"]) == 0
    return file
