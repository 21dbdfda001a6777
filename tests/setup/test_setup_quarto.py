"""Quarto comes last: it is had, or it is not, and nothing half had is left.

The real package downloads a program of 130 MB; stand-ins that pip really installs take its place.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
import time
import tomllib
import zipfile
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((HERE / "pyproject.toml").read_text(encoding="utf-8"))["project"]
VERSION = PROJECT["optional-dependencies"]["quarto"][0].partition("==")[2]


@pytest.fixture(scope="module")
def bare(tmp_path_factory) -> Path:
    """A virtual environment with pip and nothing else."""
    folder = tmp_path_factory.mktemp("bare") / ".venv"
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    return folder


@pytest.fixture
def environment(bare, set_up, monkeypatch, tmp_path) -> Path:
    """The checkout's `.venv`, with pip and nothing else; packages come from `tmp_path`/index."""
    index = tmp_path / "index"
    index.mkdir()
    for name in [name for name in os.environ if name.startswith("PIP_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", index.as_uri())
    monkeypatch.setenv("PATH", os.pathsep.join(["/usr/bin", "/bin"]))
    monkeypatch.delenv(set_up.WITHOUT_QUARTO, raising=False)
    shutil.copytree(bare, set_up.VENV, symlinks=True)
    return index


def package(index: Path, program: str) -> None:
    """A wheel of quarto-cli whose command runs `program`."""
    info = f"quarto_cli-{VERSION}.dist-info"
    files = {
        "quarto_cli/quarto.py": program,
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: quarto-cli\nVersion: {VERSION}\n"
        "Requires-Dist: jupyter\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{info}/entry_points.txt": "[console_scripts]\nquarto = quarto_cli.quarto:run\n",
    }
    files[f"{info}/RECORD"] = "".join(f"{name},,\n" for name in [*files, f"{info}/RECORD"])
    with zipfile.ZipFile(index / f"quarto_cli-{VERSION}-py3-none-any.whl", "w") as wheel:
        for name, text in files.items():
            wheel.writestr(name, text)


def left(set_up) -> list[str]:
    found = [*set_up.VENV.rglob("quarto*")]
    return [path.name for path in found if path.name != "set-up.log"]


def test_a_quarto_that_works_is_installed_and_needs_no_jupyter(environment, set_up, capfd):
    package(environment, f"def run():\n    print('{VERSION}')\n")
    assert set_up.quarto(60)
    assert capfd.readouterr().out.splitlines()[-1] == f"Quarto {VERSION} is installed"
    set_up.check()
    assert set_up.quarto(60)
    assert capfd.readouterr().out == f"Quarto {VERSION} is here already\n"


def test_a_quarto_that_does_not_run_is_taken_away_again(environment, set_up, capfd):
    package(environment, "def run():\n    raise SystemExit('half a download')\n")
    assert not set_up.quarto(60)
    assert capfd.readouterr().out.splitlines()[-1].startswith("Quarto could not be installed (")
    assert left(set_up) == []


def test_a_quarto_that_is_not_to_be_had_costs_one_line(environment, set_up, capfd):
    assert not set_up.quarto(60)
    first, second = capfd.readouterr().out.splitlines()
    assert "4 of 4" in first and "the embedded renderer is used" in second
    assert left(set_up) == []


@pytest.mark.skipif(os.name == "nt", reason="the stand-in's child is a POSIX shell")
def test_at_the_end_of_the_time_all_that_was_started_is_ended(environment, set_up, tmp_path, capfd):
    beat = tmp_path / "beat"
    source = tmp_path / "source"
    source.mkdir()
    (source / "pyproject.toml").write_text(
        '[build-system]\nrequires = []\nbuild-backend = "slow"\nbackend-path = ["."]\n'
    )
    (source / "slow.py").write_text(
        "import subprocess\n"
        "def build_wheel(*arguments):\n"
        f"    subprocess.run(['sh', '-c', 'for i in $(seq 300); do echo >> \"{beat}\"; sleep 0.1; done'])\n"
    )
    (source / "PKG-INFO").write_text(
        f"Metadata-Version: 2.1\nName: quarto-cli\nVersion: {VERSION}\n"
    )
    with tarfile.open(environment / f"quarto-cli-{VERSION}.tar.gz", "w:gz") as archive:
        archive.add(source, f"quarto-cli-{VERSION}")
    assert not set_up.quarto(10)
    assert "(the time was over)" in capfd.readouterr().out
    beats = beat.stat().st_size
    assert beats
    time.sleep(0.5)
    assert beat.stat().st_size == beats
    assert left(set_up) == []


@pytest.mark.skipif(os.name == "nt", reason="the stand-in is a shell script")
@pytest.mark.parametrize(("on_path", "enough"), [("99.0.1", True), ("1.4.57", False)])
def test_a_quarto_on_the_path_is_enough_when_it_is_as_new(
    environment, set_up, tmp_path, monkeypatch, capfd, on_path, enough
):
    program = tmp_path / "programs" / "quarto"
    program.parent.mkdir()
    program.write_text(f"#!/bin/sh\necho {on_path}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:/usr/bin:/bin")
    assert set_up.quarto(60) is enough
    assert (f"Quarto {on_path} is here already" in capfd.readouterr().out) is enough


@pytest.mark.parametrize("variable", ["1", ""])
def test_a_variable_leaves_quarto_out(environment, set_up, monkeypatch, capfd, variable):
    package(environment, f"def run():\n    print('{VERSION}')\n")
    monkeypatch.setattr(set_up, "install", lambda: None)
    monkeypatch.setattr(sys, "argv", ["set_up.py"])
    monkeypatch.setenv(set_up.WITHOUT_QUARTO, variable)
    assert set_up.main() == 0
    assert (capfd.readouterr().out == "") is bool(variable)
    assert (left(set_up) == []) is bool(variable)
