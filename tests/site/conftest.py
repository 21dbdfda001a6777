"""The site that the tests look at: a small build, or the folder that ATIPS_SITE names."""

from __future__ import annotations

import importlib.util
import os
import shutil
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parents[2]
PAGES = (
    "annual-report",
    "best-practices",
    "data-quality",
    "research/published-sources",
    "regional-pack-es",
)
AXE = (
    Path(__file__).parent / "node_modules" / "axe-core" / "axe.min.js",
    HERE / "node_modules" / "axe-core" / "axe.min.js",
)


def _load(name: str):
    spec = importlib.util.spec_from_file_location(name, Path(__file__).parent / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def site(tmp_path_factory) -> Path:
    """The folder of a build: `ATIPS_SITE` where it is set, else one of two years and five pages."""
    if os.environ.get("ATIPS_SITE"):
        return Path(os.environ["ATIPS_SITE"])
    from atips_analysis.building import build_reports
    from atips_analysis.project import Project

    root = tmp_path_factory.mktemp("site")
    for folder in ("notebooks", "expectations", "reports/theme", "data/published"):
        shutil.copytree(HERE / folder, root / folder)
    for folder in ("data/framework", "data/narrative"):
        shutil.copytree(HERE / folder, root / folder)
    shutil.copyfile(HERE / "data" / "profile.toml", root / "data" / "profile.toml")
    submissions = root / "data" / "example" / "submissions"
    submissions.mkdir(parents=True)
    for file in (HERE / "data" / "example" / "submissions").iterdir():
        if "_2023" in file.name or "_2024" in file.name:
            shutil.copyfile(file, submissions / file.name)
    register = root / "notebooks" / "pages.csv"
    lines = register.read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [line for line in lines[1:] if line.split(",")[1] in PAGES]
    register.write_text("".join([lines[0], *kept]), encoding="utf-8")
    return build_reports(
        year=2024, baseline="2023", renderer="embedded", show=False, project=Project(root)
    ).folder


@pytest.fixture(scope="session")
def browser():
    module = _load("site_browser")
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
