"""The sites that the tests look at: the small build each time, and by `make test-all` one of every page."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parents[2]
AXE = (
    Path(__file__).parent / "node_modules" / "axe-core" / "axe.min.js",
    HERE / "node_modules" / "axe-core" / "axe.min.js",
)


@pytest.fixture(scope="session")
def sites(once, copy_of_build, tmp_path_factory) -> Callable[[str], Path]:
    """The folder of a build of a page of each kind ("small"), or of every page ("whole").

    For the latter `ATIPS_SITE` names one that is there already, such as that of `make report`. Each
    is made once, however often pytest sets up and tears down what is parametrised by it.
    """

    @cache
    def folder(kind: str) -> Path:
        if kind == "small":
            return copy_of_build(tmp_path_factory.mktemp("site") / "project")[1]
        if os.environ.get("ATIPS_SITE"):
            return Path(os.environ["ATIPS_SITE"])
        return once("whole-build", build_whole) / "project" / "reports" / "2024-simulated"

    return folder


def build_whole(folder: Path) -> None:
    """Every page of the example, in `folder/project`."""
    from atips_analysis.build.building import build_reports
    from atips_analysis.project import Project

    root = folder / "project"
    for name in ("notebooks", "expectations", "_extensions/atips", "tests"):
        shutil.copytree(HERE / name, root / name, ignore=shutil.ignore_patterns("node_modules"))
    for name in ("published", "framework", "council", "narrative", "example", "simulator"):
        shutil.copytree(HERE / "data" / name, root / "data" / name)
    for name in ("pyproject.toml", "CITATION.cff"):
        shutil.copyfile(HERE / name, root / name)
    build_reports(renderer="embedded", show=False, project=Project(root), jobs=2)


@pytest.fixture(scope="session", params=["small", pytest.param("whole", marks=pytest.mark.whole)])
def site(request, sites) -> Path:
    """A page of each kind, and, by `make test-all`, every page."""
    return sites(request.param)


@pytest.fixture(scope="session")
def browser(module_at):
    module = module_at(Path(__file__).with_name("site_browser.py"))
    if not module.find_chromium():
        pytest.skip("no Chromium on this machine; install the system's package chromium")
    opened = module.Browser()
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def axe() -> str:
    """The accessibility rules as a script."""
    named = [Path(os.environ["ATIPS_AXE"])] if os.environ.get("ATIPS_AXE") else []
    found = next((file for file in (*named, *AXE) if file.is_file()), None)
    if found is None:
        pytest.skip("axe-core is not installed; run npm install --prefix tests/site")
    return found.read_text(encoding="utf-8")
