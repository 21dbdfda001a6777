"""The sites that the tests look at: the small build each time, and by `make test-all` one of every page."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parents[2]
AXE = (
    Path(__file__).parent / "node_modules" / "axe-core" / "axe.min.js",
    HERE / "node_modules" / "axe-core" / "axe.min.js",
)


@pytest.fixture(scope="session", params=["small", pytest.param("whole", marks=pytest.mark.whole)])
def site(request, copy_of_build, tmp_path_factory) -> Path:
    """The folder of a build: a page of each kind, and every page.

    For the latter `ATIPS_SITE` names one that is there already, such as that of `make report`.
    """
    root = tmp_path_factory.mktemp("site") / "project"
    if request.param == "small":
        return copy_of_build(root)[1]
    if os.environ.get("ATIPS_SITE"):
        return Path(os.environ["ATIPS_SITE"])
    from atips_analysis.build.building import build_reports
    from atips_analysis.project import Project

    for folder in ("notebooks", "expectations", "_extensions/atips", "tests"):
        shutil.copytree(HERE / folder, root / folder, ignore=shutil.ignore_patterns("node_modules"))
    for folder in (
        "data/published",
        "data/framework",
        "data/council",
        "data/narrative",
        "data/example",
        "data/simulator",
    ):
        shutil.copytree(HERE / folder, root / folder)
    for name in ("pyproject.toml", "CITATION.cff"):
        shutil.copyfile(HERE / name, root / name)
    return build_reports(renderer="embedded", show=False, project=Project(root)).folder


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
