"""Packs of invented countries, made once a session: four small ones, and the nine of a region."""

from __future__ import annotations

import importlib.util
import pickle
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from atips_analysis.coalition.sealed_packs import SealedPack, open_packs
from atips_analysis.coalition.side_by_side import SideBySide
from atips_analysis.framework import load_indicators
from atips_analysis.project import find_project

HERE = Path(__file__).parent


def _beside(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, HERE / f"{name}.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def maker() -> Any:
    """The module that makes packs of invented countries."""
    return _beside("invented_packs")


@pytest.fixture(scope="session")
def made(once: Any, maker: Any, example_bank: Path) -> Mapping[str, Any]:
    """Tables of four of the countries by their code, of a few indicators."""

    def make(folder: Path) -> None:
        four = [maker.COUNTRIES[at] for at in (0, 1, 4, 7)]
        tables = {
            one.area: maker.make(one, folder / one.area, example_bank, maker.FEW) for one in four
        }
        (folder / "made.pickle").write_bytes(pickle.dumps(tables))

    return pickle.loads((once("coalition-tables", make) / "made.pickle").read_bytes())


@pytest.fixture(scope="session")
def files(once: Any, maker: Any, made: Mapping[str, Any]) -> list[Path]:
    """The packs of the four countries."""

    def make(folder: Path) -> None:
        for area, one in made.items():
            content = maker.seal(one, folder / area)
            (folder / f"atips-2024-{area}.zip").write_bytes(content)

    return sorted(once("coalition-packs", make).glob("*.zip"))


@pytest.fixture(scope="session")
def packs(files: list[Path]) -> tuple[SealedPack, ...]:
    found, refused = open_packs(files)
    assert refused == ()
    return found


@pytest.fixture(scope="session")
def beside() -> Callable[..., SideBySide]:
    """Packs side by side, read with the register of the house."""
    indicators = load_indicators(find_project(HERE))
    return lambda *packs: SideBySide(packs, indicators)
