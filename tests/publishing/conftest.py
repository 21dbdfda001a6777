from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from atips_analysis.project import find_project


def _fixture_module() -> ModuleType:
    path = Path(__file__).with_name("publishing_fixture.py")
    spec = importlib.util.spec_from_file_location("publishing_fixture", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["publishing_fixture"] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def sample() -> Any:
    """The module that makes small executed notebooks."""
    return _fixture_module()


@pytest.fixture(scope="session")
def extension() -> Path:
    return find_project(Path(__file__)).extension


@pytest.fixture(scope="session")
def profile() -> dict[str, Any]:
    return find_project(Path(__file__)).profile
