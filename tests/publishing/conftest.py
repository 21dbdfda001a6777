from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from atips_analysis.project import find_project


def _beside(name: str) -> ModuleType:
    path = Path(__file__).with_name(f"{name}.py")
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def sample() -> Any:
    """The module that makes small executed notebooks."""
    return _beside("publishing_fixture")


@pytest.fixture(scope="session")
def facts() -> Any:
    """The module that reads what a page says."""
    return _beside("page_facts")


@pytest.fixture(scope="session")
def extension() -> Path:
    return find_project(Path(__file__)).extension


@pytest.fixture(scope="session")
def profile() -> dict[str, Any]:
    return find_project(Path(__file__)).profile
