"""Where things are: the folders of the project that the command works in.

What `atips init` makes a project from lies in the checkout, once. Building the wheel takes these
files in, so that whoever installed the package has them too; `came_with_the_package` is where.
"""

from __future__ import annotations

import os
import subprocess
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from atips_analysis import __version__
from atips_analysis.errors import InputError, MachineError
from atips_analysis.files import why_no_file
from atips_analysis.profile import PLACE as PROFILE
from atips_analysis.profile import PLACE_BEFORE, read_profile, refuse_place_before

OF_THE_NOTEBOOK = "ATIPS_NOTEBOOK_PROJECT"
"""Set for the kernel of a notebook: the project that it belongs to, wherever it is run."""
ANSWERS = "answers.csv"
"""What agencies answered about their returns: beside the officer's files, and confidential."""
RETENTION = "retention.csv"
"""How long records are kept: beside the officer's files, and nothing is computed from it."""
LOGOS = (".png", ".jpg", ".jpeg")
"""How the file of the Council's logo ends: `logo.png`, beside the officer's files."""
WRITTEN = (".md", ".csv", ".toml", ".json", ".ipynb", ".lua", ".yml", *LOGOS)
"""How the files that people write end."""
VAULT = "confidential.age"
"""In data/: the confidential side, encrypted, while it is locked."""
YEARS = range(2000, 2100)
"""Years that returns and reports can be of."""
MADE_WITH = ".atips-version"
"""The file of a project that names the version of the package that made it."""

PACKAGE = Path(__file__).resolve().parent
CHECKOUT = PACKAGE.parents[1]
IN_THE_WHEEL = "project_files"
COMMIT = "COMMIT"
"""The file of an installed package that names the commit it was built from."""
LOCK = "requirements.lock"
"""The locked packages: at the root of a checkout, and in the wheel beside `COMMIT`."""
MAKES_PAGES = ("src", "notebooks", "expectations", "_extensions", "_quarto.yml", "data/framework")
UNKNOWN_COMMIT = "unknown"
NOT_OF_A_PROJECT = "tests"
"""The page for developers reads the library's tests where they are; no project has a copy."""


@dataclass(frozen=True)
class Project:
    """The folders of a project, all below `root`."""

    root: Path

    @property
    def data(self) -> Path:
        return self.root / "data"

    @property
    def council(self) -> Path:
        """The officer's room: the profile, and small tables of what the Council decides."""
        return self.data / "council"

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
    def keys(self) -> Path:
        """The private keys that releases are signed with: confidential, ignored by git."""
        return self.data / "keys"

    @property
    def confidential(self) -> tuple[Path, ...]:
        """Folders of records and of what is made from them: their owner's alone."""
        return (
            self.databank,
            self.work,
            self.keys,
            self.data / "feedback",
            self.data / "submissions",
        )

    @property
    def vault(self) -> Path:
        """What the confidential side is while it is locked (`atips lock`)."""
        return self.data / VAULT

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

    @property
    def read_only(self) -> bool:
        """Whether these are the files in an installed wheel, beside which nothing is written."""
        return self.root == PACKAGE / IN_THE_WHEEL

    @property
    def tests(self) -> Path:
        """The library's tests, whose code the page for developers shows."""
        own = self.root / NOT_OF_A_PROJECT
        return own if own.is_dir() else came_with_the_package().root / NOT_OF_A_PROJECT

    @cached_property
    def profile(self) -> dict[str, Any]:
        """The country's particulars, checked (`data/council/profile.toml`)."""
        return read_profile(self.root)

    def shown(self, path: Path) -> str:
        """A path as messages name it: from the project's folder where it lies there."""
        return (path.relative_to(self.root) if path.is_relative_to(self.root) else path).as_posix()

    def refuse_no_files(self) -> None:
        """Stop where something else stands in the place of a file that people write.

        Reading a pipe waits for ever, a device has no end.

        Raises InputError naming it.
        """
        written = ("data/*/", "notebooks/", "expectations/", "_extensions/")
        for folder in (one for pattern in written for one in sorted(self.root.glob(pattern))):
            if folder in self.confidential or folder == self.example:
                continue
            for path in sorted(folder.rglob("*")):
                why = why_no_file(path, WRITTEN)
                if why:
                    raise InputError(why, file=self.shown(path))

    def refuse_published(self, place: Path) -> None:
        """Stop where what agencies sent would lie in `reports/`, which is published.

        Raises InputError naming the place.
        """
        if place.resolve().is_relative_to(self.reports.resolve()):
            raise InputError(
                "reports are published, and this holds what agencies sent; name another folder",
                file=place,
            )

    def council_files(self) -> list[Path]:
        """The officer's files that decide what is computed and said; sorted."""
        return sorted(
            path
            for path in self.council.iterdir()
            if (path.suffix in {".toml", ".csv"} and path.name not in (ANSWERS, RETENTION))
            or path.stem.lower() == "logo"
        )


def find_project(start: Path | None = None) -> Project:
    """The project around `start` (default: the working folder), else the checkout that code runs in.

    So a notebook finds its project whether its kernel works in the folder of the project, in its
    own, or elsewhere, as papermill's does that was started there.

    Raises InputError if there is no such `start`, neither is inside a project, that is, below a
    folder with `data/council/profile.toml`, or the project is of another version.
    """
    here = (start or _here()).resolve()
    if not here.exists():
        raise InputError(f"{here}: no such folder; name the folder of the project")
    around = _project_around(here)
    if around is not None:
        return around
    if _is_checkout():
        return Project(CHECKOUT)
    raise InputError(
        f"{here}: no project here (no {PROFILE.as_posix()} in this folder or above it); change to "
        "the folder of a project, or make one with atips init FOLDER"
    )


def find_registers() -> Project:
    """The project as `find_project` has it, else the files that came with the package.

    For what only reads registers, and so works in any folder. Nothing may be written there.
    """
    return _project_around(_here().resolve()) or came_with_the_package()


def project_around() -> Project | None:
    """The project around the working folder; None where there is none."""
    return _project_around(_here().resolve())


def _here() -> Path:
    """The working folder; of a notebook, its project."""
    return Path(os.environ.get(OF_THE_NOTEBOOK) or Path.cwd())


@contextmanager
def known_to_kernels(root: Path) -> Iterator[None]:
    """Kernels that start meanwhile work in the project in `root`."""
    before = os.environ.get(OF_THE_NOTEBOOK)
    os.environ[OF_THE_NOTEBOOK] = str(root)
    try:
        yield
    finally:
        if before is None:
            del os.environ[OF_THE_NOTEBOOK]
        else:
            os.environ[OF_THE_NOTEBOOK] = before


def came_with_the_package() -> Project:
    """The files of a project as they came with the package: of the checkout, or in the wheel."""
    return Project(CHECKOUT if _is_checkout() else PACKAGE / IN_THE_WHEEL)


def files_of_a_project() -> list[Path]:
    """What a new project is made from: names below the root of `came_with_the_package`, sorted.

    Raises InputError if the package came without them.
    """
    root = came_with_the_package().root
    if _is_checkout():
        names = checkout_files(root)
    else:
        names = sorted(file.relative_to(root) for file in root.rglob("*") if file.is_file())
    # Installing compiles whatever is Python in a wheel.
    left_out = {NOT_OF_A_PROJECT, "__pycache__"}
    names = [name for name in names if left_out.isdisjoint(name.parts)]
    if PROFILE not in names:
        raise InputError("the package came without the files of a project; install its wheel anew")
    return names


def checkout_files(root: Path) -> list[Path]:
    """The files of a checkout that go into the wheel, as `pyproject.toml` lists them; sorted.

    Raises InputError if a line of the list finds nothing: what it named was moved.
    """
    with (root / "pyproject.toml").open("rb") as file:
        targets = tomllib.load(file)["tool"]["hatch"]["build"]["targets"]
    found: set[Path] = set()
    for pattern in targets["wheel"]["hooks"]["custom"]["project-files"]:
        files = {path.relative_to(root) for path in root.glob(pattern) if path.is_file()}
        if not files:
            raise InputError(
                f"project-files: {pattern} finds nothing; correct it", file="pyproject.toml"
            )
        found |= files
    return sorted(found)


def made_with_version(root: Path) -> str:
    """The version of the package that made the project; empty where no file says so."""
    note = root / MADE_WITH
    if not note.is_file():
        return ""
    return note.read_text(encoding="utf-8", errors="replace").strip() or "of no version"


def _project_around(here: Path) -> Project | None:
    for folder in (here, *here.parents):
        if (folder / PROFILE).is_file():
            _refuse_another_version(folder)
            return Project(folder)
        if (folder / PLACE_BEFORE).is_file():
            refuse_place_before(folder)
    return None


def _refuse_another_version(root: Path) -> None:
    """Notebooks call the library that they came with: another minor version may not fit."""
    made_with = made_with_version(root)
    if made_with and made_with.split(".")[:2] != __version__.split(".")[:2]:
        raise InputError(
            f"{root}: a project of atips-analysis {made_with}, and this is {__version__}; install "
            f"that version, or make a new project (atips init FOLDER) and move data/ and what you "
            "changed into it"
        )


def _is_checkout() -> bool:
    return (CHECKOUT / PROFILE).is_file() and (CHECKOUT / "pyproject.toml").is_file()


def lock_file() -> Path | None:
    """The lock of the code in use: in the wheel, or of the checkout; None where there is none."""
    places = (PACKAGE / LOCK, *([CHECKOUT / LOCK] if _is_checkout() else []))
    return next((file for file in places if file.is_file()), None)


@cache
def pandoc_program() -> str:
    """Where the Pandoc of `pypandoc-binary` lies, whatever other one this machine has.

    Raises MachineError if it is not installed.
    """
    wheel = find_spec("pypandoc")
    folder = Path(wheel.origin).with_name("files") if wheel and wheel.origin else Path()
    found = [folder / name for name in ("pandoc", "pandoc.exe") if (folder / name).is_file()]
    if not found:
        raise MachineError(
            "Pandoc was not found; install the package pypandoc-binary (make report does)"
        )
    return str(found[0])


@cache
def commit_of_code() -> str:
    """The commit that the code in use is of.

    Of a wheel the one that it was built from, of a checkout the one checked out, with ``-dirty``
    where code, notebooks, rules or the framework are not as committed; ``unknown`` where nothing
    tells. The same code gives the same answer, whenever and wherever it is asked.
    """
    written = PACKAGE / COMMIT
    if written.is_file():
        return written.read_text(encoding="utf-8").strip()
    return commit_of(CHECKOUT) if _is_checkout() else UNKNOWN_COMMIT


def commit_of(checkout: Path) -> str:
    """The commit of a checkout, by git; ``unknown`` outside, and where there is no git."""
    if not (checkout / ".git").exists():
        return UNKNOWN_COMMIT
    there = {name: text for name, text in os.environ.items() if not name.startswith("GIT_")}

    def git(*words: str) -> str:
        command = ["git", *words]
        done = subprocess.run(
            command, cwd=checkout, env=there, capture_output=True, text=True, check=True
        )
        return done.stdout.strip()

    try:
        head, changed = git("rev-parse", "HEAD"), git("status", "--porcelain", "--", *MAKES_PAGES)
    except (OSError, subprocess.CalledProcessError):
        return UNKNOWN_COMMIT
    return f"{head}-dirty" if changed else head
