"""A checkout of its own for each test that sets up, in a folder with spaces and accents."""

from __future__ import annotations

import importlib.util
import os
import shutil
import sys
from pathlib import Path
from types import ModuleType

import pytest

HERE = Path(__file__).resolve().parents[2]
NEEDED = (
    "pyproject.toml",
    "README.md",
    "LICENSE",
    "requirements.lock",
    "requirements.closure.json",
)


@pytest.fixture
def checkout(tmp_path) -> Path:
    """What set-up reads, copied to where an M&E officer might keep it."""
    folder = tmp_path / "Análisis de datos" / "atips"
    unbuilt = shutil.ignore_patterns("__pycache__")
    for name in (".ci", "src"):
        shutil.copytree(HERE / name, folder / name, ignore=unbuilt)
    for name in NEEDED:
        shutil.copyfile(HERE / name, folder / name)
    return folder


@pytest.fixture
def set_up(checkout, monkeypatch) -> ModuleType:
    """The script of that checkout, as a module."""
    spec = importlib.util.spec_from_file_location("set_up", checkout / ".ci" / "set_up.py")
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "set_up", module)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def offline() -> dict[str, str]:
    """Variables with which pip reaches nothing, whatever this machine's settings are."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PIP_")}
    return {
        **kept,
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_INDEX_URL": "http://127.0.0.1:9/simple",
        "PIP_RETRIES": "1",
        "PIP_NO_CACHE_DIR": "1",
    }
