"""Set-up says in one line what it does and what is wrong, and builds on nothing half done."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parents[2]


def run(checkout: Path, variables: dict[str, str], *arguments: str):
    return subprocess.run(
        [sys.executable, ".ci/set_up.py", *arguments],
        cwd=checkout,
        env=variables,
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_a_python_that_is_too_old_can_read_the_script_and_is_told(checkout, offline):
    ast.parse((checkout / ".ci" / "set_up.py").read_text("utf-8"), feature_version=(3, 6))
    project = checkout / "pyproject.toml"
    text = project.read_text("utf-8").replace(
        'requires-python = ">=3.11"', 'requires-python = ">=3.99"'
    )
    project.write_text(text, "utf-8")
    done = run(checkout, offline)
    assert done.returncode and done.stdout == ""
    assert "3.99 or later is needed" in done.stderr and done.stderr.count("\n") == 1


def test_where_all_is_in_place_nothing_is_done_or_said(checkout, set_up, offline):
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", set_up.VENV], check=True)
    set_up.READY.write_text(set_up.fingerprint(), "utf-8")
    done = run(checkout, offline)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_an_environment_whose_python_is_gone_is_not_in_place(set_up):
    set_up.PROGRAMS.mkdir(parents=True)
    set_up.READY.write_text(set_up.fingerprint(), "utf-8")
    (set_up.PROGRAMS / "python").symlink_to(set_up.ROOT / "a Python that was removed")
    assert not set_up.in_place()


def test_what_is_installed_decides_whether_it_is_made_anew(set_up, monkeypatch):
    before = set_up.fingerprint()
    changed = set_up.PROJECT.replace("line-length = 100", "line-length = 99")
    monkeypatch.setattr(set_up, "PROJECT", changed)
    assert set_up.fingerprint() == before
    monkeypatch.setattr(set_up, "PROJECT", changed.replace('"pandas>=3.0,<4"', '"pandas>=3.1,<4"'))
    assert set_up.fingerprint() != before
    monkeypatch.undo()
    set_up.LOCK.write_text(set_up.LOCK.read_text("utf-8") + "# a line\n", "utf-8")
    assert set_up.fingerprint() != before


def test_without_an_index_one_line_says_so_and_nothing_old_is_built_on(checkout, offline):
    left = checkout / ".venv" / "left by an earlier try"
    left.parent.mkdir()
    left.write_text("x", "utf-8")
    (checkout / ".venv" / ".ready").write_text("of another lock", "utf-8")
    done = run(checkout, offline)
    assert done.returncode == 3
    first, second = done.stdout.splitlines()
    assert "1 of 4" in first and "2 of 4" in second and " MB to download" in second
    assert done.stderr.startswith("set-up: the package index cannot be reached")
    assert done.stderr.count("\n") == 1
    assert not left.exists() and not (checkout / ".venv" / ".ready").exists()


def test_a_folder_that_cannot_be_written_to_is_named_as_the_cause(checkout, offline):
    (checkout / ".venv").write_text("a file where the environment should be", "utf-8")
    done = run(checkout, offline)
    assert done.returncode == 3
    assert done.stderr.startswith("set-up: ") and done.stderr.count("\n") == 1


def test_a_machine_without_wheels_is_told_before_anything_is_made(checkout, set_up, monkeypatch):
    monkeypatch.setattr(set_up.platform, "machine", lambda: "riscv64")
    with pytest.raises(
        set_up.Failed, match=r"riscv64; the packages are there for CPython 3\.11 to"
    ):
        set_up.install()
    assert not (checkout / ".venv").exists()


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        (  # no network
            "WARNING: Retrying (Retry(total=0, connect=None)) after connection broken by "
            "'NewConnectionError('...: Failed to establish a new connection: [Errno -3]')'\n"
            "ERROR: Could not find a version that satisfies the requirement six==1.16.0\n"
            "ERROR: No matching distribution found for six==1.16.0",
            "the package index cannot be reached",
        ),
        (  # any pip, no retries
            "ERROR: Could not find a version that satisfies the requirement altair==6.3.0 "
            "(from versions: none)\nERROR: No matching distribution found for altair==6.3.0",
            "altair==6.3.0 was not found: the package index cannot be reached, or has no wheel",
        ),
        (
            "ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device",
            "the disk is full",
        ),
        (
            "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.",
            "a package that was downloaded is not the one that is locked",
        ),
        (
            "PermissionError: [WinError 32] The process cannot access the file",
            "this folder cannot be written to",
        ),
        ("one line\nERROR: a reason that nobody foresaw\nanother", "ERROR: a reason that nobody"),
    ],
)
def test_what_pip_says_becomes_one_line_that_a_person_can_act_on(set_up, said, meant):
    assert set_up.reason(said).startswith(meant)
    assert "\n" not in set_up.reason(said)


def test_the_project_is_installed_without_a_path_that_windows_could_misread(checkout, tmp_path):
    """Before Python 3.13 a .pth file is read in the encoding of Windows' locale."""
    build = "import hatchling.build, sys; print(hatchling.build.build_editable(sys.argv[1]))"
    made = subprocess.run(
        [sys.executable, "-c", build, str(tmp_path)],
        cwd=checkout,
        capture_output=True,
        text=True,
        check=True,
    )
    with zipfile.ZipFile(tmp_path / made.stdout.strip()) as wheel:
        (path,) = [name for name in wheel.namelist() if name.endswith(".pth")]
        assert wheel.read(path).decode("ascii").startswith("import ")


def test_readme_makefile_and_ci_set_up_by_the_same_commands(set_up):
    readme, makefile, ci = (
        (HERE / name).read_text("utf-8") for name in ("README.md", "Makefile", ".ci/run")
    )
    assert ".ci/set_up.py" in makefile and r"py .ci\set_up.py" in readme
    assert "make lint test-all" in ci and "pip install" not in ci
    assert f"`{set_up.WITHOUT_QUARTO}=1`" in readme
    for arguments in set_up.INSTALLS:
        assert f"python -m pip {' '.join(arguments)}" in readme
    pythons = sorted(
        {name.split()[0] for name in json.loads(set_up.CLOSURE.read_text())["download"]}
    )
    assert f"**Python {', '.join(pythons[:-1])} or {pythons[-1]}**" in readme
