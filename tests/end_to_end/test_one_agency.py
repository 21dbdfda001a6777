"""The first return that ever comes is of one agency: every page is made of it, and says what is missing."""

from __future__ import annotations

import shutil

import pytest

from atips_analysis.cli import run
from atips_analysis.commands.init import write_project
from atips_analysis.project import CHECKOUT

pytestmark = pytest.mark.whole


@pytest.mark.parametrize("agency", ["DHS", "LABOUR"])  # of persons; of acts alone
def test_a_build_of_one_agencys_return_makes_every_page(agency, tmp_path, monkeypatch, capfd):
    write_project(tmp_path / "project")
    monkeypatch.chdir(tmp_path / "project")
    (sent,) = (CHECKOUT / "data/example/submissions").glob(f"{agency}_2024.xlsx")
    shutil.copyfile(sent, f"data/submissions/{sent.name}")
    asked = ["--submissions", "data/submissions", "--baseline", "2023", "--renderer", "embedded"]
    assert run(["build", *asked]) == 0, capfd.readouterr().err
