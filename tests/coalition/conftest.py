"""Packs of invented countries, made once a session: four small ones, and the nine of a region."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from atips_analysis.coalition.sealed_packs import SealedPack, open_packs
from atips_analysis.coalition.side_by_side import SideBySide
from atips_analysis.framework import load_indicators
from atips_analysis.project import find_project

HERE = Path(__file__).parent


@pytest.fixture(scope="session")
def maker(module_at: Any) -> Any:
    """The module that makes packs of invented countries."""
    return module_at(HERE / "invented_packs.py")


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
