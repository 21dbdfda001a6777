from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from atips_analysis.project import find_project

HERE = Path(__file__).parent


@pytest.fixture(scope="session")
def sample(module_at: Any) -> Any:
    """The module that makes small executed notebooks."""
    return module_at(HERE / "publishing_fixture.py")


@pytest.fixture(scope="session")
def facts(module_at: Any) -> Any:
    """The module that reads what a page says."""
    return module_at(HERE / "page_facts.py")


@pytest.fixture(scope="session")
def extension() -> Path:
    return find_project(HERE).extension


@pytest.fixture(scope="session")
def profile() -> dict[str, Any]:
    return find_project(HERE).profile
