"""Where things are: the folders of the project that the command works in."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from atips_analysis.errors import InputError

PROFILE = Path("data") / "profile.toml"


@dataclass(frozen=True)
class Project:
    """The folders of a project, all below `root`."""

    root: Path

    @property
    def data(self) -> Path:
        return self.root / "data"

    @property
    def published(self) -> Path:
        return self.data / "published"

    @property
    def framework(self) -> Path:
        return self.data / "framework"

    @property
    def example(self) -> Path:
        return self.data / "example"

    @property
    def databank(self) -> Path:
        return self.data / "databank"

    @property
    def baseline(self) -> Path:
        return self.data / "baseline"

    @property
    def ledger(self) -> Path:
        return self.data / "ledger"

    @property
    def work(self) -> Path:
        """Intermediate files of builds: confidential, ignored by git, safe to delete."""
        return self.data / "work"

    @property
    def notebooks(self) -> Path:
        return self.root / "notebooks"

    @property
    def expectations(self) -> Path:
        return self.root / "expectations"

    @property
    def reports(self) -> Path:
        return self.root / "reports"

    @property
    def extension(self) -> Path:
        """The Quarto extension; the embedded renderer reads the same files."""
        return self.root / "_extensions" / "atips"

    @cached_property
    def profile(self) -> dict[str, Any]:
        """The country's particulars from `data/profile.toml`."""
        with (self.root / PROFILE).open("rb") as file:
            return tomllib.load(file)


def find_project(start: Path | None = None) -> Project:
    """The project around `start` (default: the working folder), else the package's own source tree.

    So a notebook finds its project whether its kernel works in the folder of the project, in its
    own, or elsewhere, as papermill's does that was started there.

    Raises
    ------
    InputError
        If there is no such `start`, or neither is inside a project, that is, below a folder with
        `data/profile.toml`.
    """
    here = (start or Path.cwd()).resolve()
    if not here.exists():
        raise InputError(f"{here}: no such folder; name the folder of the project")
    for folder in (here, *here.parents, *Path(__file__).resolve().parents):
        if (folder / PROFILE).is_file():
            return Project(folder)
    raise InputError(
        f"{here}: no project here (no {PROFILE} in this folder or above it); "
        "change to the folder that was cloned and run the command again"
    )
