"""Each test gets a copy of its own of the project that was made once."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from atips_analysis.cli import run
from atips_analysis.project import Project


@pytest.fixture
def project(kept_project, own_temporary, tmp_path, monkeypatch) -> Project:
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
