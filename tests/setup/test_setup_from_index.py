"""The README's commands by hand, from a package index, with every installer that is promised."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

OLDEST = "pip==22.3"  # comes with Python 3.11.0
PROGRAMS = "Scripts" if os.name == "nt" else "bin"


@pytest.mark.index
@pytest.mark.parametrize("installer", [OLDEST, "pip", "uv"])
def test_the_lock_installs_without_resolving_and_all_fits(checkout, installer):
    variables = {**os.environ, "PYTHONNOUSERSITE": "1", "PIP_NO_CACHE_DIR": "1", "UV_NO_CACHE": "1"}
    python = checkout / ".venv" / PROGRAMS / "python"

    def run(*command: str) -> str:
        done = subprocess.run(
            [str(python), *command], cwd=checkout, env=variables, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    subprocess.run([sys.executable, "-m", "venv", str(checkout / ".venv")], check=True)
    run("-m", "pip", "install", "--upgrade", installer)
    install = ("-m", "uv", "pip", "install") if installer == "uv" else ("-m", "pip", "install")
    run(*install, "--no-deps", "--require-hashes", "-r", "requirements.lock")
    run(*install, "--no-deps", "--no-build-isolation", "-e", ".")
    assert "No broken requirements found" in run("-m", "pip", "check")
    assert run("-m", "atips_analysis", "--version").startswith("atips ")
    assert "build" in run("-m", "atips_analysis", "--help")
