"""The built project of its own that each worker's tests of this room look at."""

from __future__ import annotations

import pytest


@pytest.fixture(scope="session")
def built(copy_of_build, tmp_path_factory):
    """(project, folder of reports, what the build said)."""
    return copy_of_build(tmp_path_factory.mktemp("small") / "project")
