"""What the tests of all rooms share: products made once for all workers, and the mark `fast`."""

from __future__ import annotations

import importlib.util
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Any

import pytest

HERE = Path(__file__).parent
SLOW_ROOMS = (
    "site",
    "publishing",
    "end_to_end",
    "setup",
    "research",
    "backtests",  # consolidates the example of all years
    "example",
    "notebooks",  # starts kernels
    "coalition",  # makes packs, runs notebooks
)
"""Folders whose tests run notebooks, build or install, the slowest first: workers begin with them."""
ONE_PRODUCT = {"site", "research", "backtests"}
"""Folders whose files all look at one product of the session: one worker makes it, once."""
SLOW_FILES = {
    "test_cleaning_recipes.py",
    "test_codebook_council.py",
    "test_commands_doctor.py",
    "test_commands_odd_ends.py",
    "test_commands_permissions.py",
    "test_commands_returns.py",
    "test_country_reports.py",
    "test_databank_command.py",
    "test_databank_edition.py",
    "test_databank_kept.py",
    "test_databank_linkage.py",
    "test_databank_since.py",
    "test_disclosure_baseline.py",
    "test_disclosure_suppression.py",
    "test_disclosure_system.py",
    "test_indicators_adding.py",
    "test_indicators_commands.py",
    "test_indicators_protection.py",
    "test_indicators_table.py",
    "test_intake_any_manner.py",
    "test_intake_boundaries.py",
    "test_intake_reading.py",
    "test_intake_receipt.py",
    "test_intake_two_ways.py",
    "test_pages_annual_report.py",
    "test_pages_baseline_report.py",
    "test_pages_brief.py",
    "test_pages_bulletin.py",
    "test_pages_regional_pack.py",
    "test_workbooks_whole.py",
    "test_pseudonyms.py",
    "test_quality_feedback.py",
    "test_quality_judgement.py",
    "test_quality_suites.py",
    "test_statements_edition.py",
    "test_statistics_bounded_tables.py",
    "test_statistics_comparisons.py",
    "test_statistics_estimate_command.py",
    "test_statistics_gate.py",
    "test_statistics_multiple_systems.py",
    "test_template.py",
    "test_words_catalogues.py",
}
"""In the other rooms, files that take more than four seconds of processor each; measured."""
SLOW_FIXTURES = {"example_bank", "kept_project"}
CONSOLIDATE = ("consolidate", "--submissions", "data/submissions", "--databank", "data/databank")
NEVER_FAST = ("slow", "whole", "index", "long")
SMALL_PAGES = (
    "annual-report",
    "back-test",
    "baseline",
    "brief-en",
    "brief-es",
    "data-quality",
    "research/published-sources",
)
Once = Callable[[str, Callable[[Path], object]], Path]
ModuleAt = Callable[[Path], Any]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """The tests of a file go to one worker, which makes what they share once.

    Not `--dist loadgroup`: pytest-xdist 3.8 cannot mark groups for pytest 9.2, says nothing, and
    made every session's product on each worker.
    """
    from xdist.scheduler import LoadScopeScheduling

    class ByUnit(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return _unit(nodeid)

    config.option.loadscopereorder = False
    return ByUnit(config, log)


def _unit(nodeid: str) -> str:
    """What is run by one worker: a file, or the folder where one product serves all files."""
    file = PurePosixPath(nodeid.partition("::")[0])
    return file.parent.name if file.parent.name in ONE_PRODUCT else file.as_posix()


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """With `-m fast` what is not fast is not even imported."""
    fast_alone = config.option.markexpr == "fast" and collection_path.suffix == ".py"
    return True if fast_alone and _is_slow(collection_path) else None


def _is_slow(file: Path) -> bool:
    room = file.relative_to(HERE).parts[0] if file.is_relative_to(HERE) else ""
    return room in SLOW_ROOMS or file.name in SLOW_FILES


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark as `fast` what takes no notebook, no build and no kernel: `pytest -m fast`."""
    if "PYTEST_XDIST_WORKER" in os.environ:
        items.sort(key=_turn)
    for item in items:
        slow = _is_slow(item.path) or not SLOW_FIXTURES.isdisjoint(
            getattr(item, "fixturenames", ())
        )
        if not (slow or any(map(item.get_closest_marker, NEVER_FAST))):
            item.add_marker(pytest.mark.fast)


def _turn(item: pytest.Item) -> int:
    """The slow rooms first, so that no worker is left alone with one at the end."""
    room = item.path.relative_to(HERE).parts[0]
    return SLOW_ROOMS.index(room) if room in SLOW_ROOMS else len(SLOW_ROOMS)


@pytest.fixture(scope="session")
def once(tmp_path_factory: pytest.TempPathFactory) -> Once:
    """Make a folder once a session, whichever worker needs it first: ``once(name, make)``.

    ``make(folder)`` fills it. Nobody changes what lies in it: a test that does takes a copy.
    """
    own = tmp_path_factory.getbasetemp()
    shared = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own

    def made(name: str, make: Callable[[Path], object]) -> Path:
        folder, done = shared / name, shared / f"{name}.done"
        with _alone(shared / f"{name}.lock"):
            if not done.exists():
                folder.mkdir(exist_ok=True)
                make(folder)
                done.touch()
        return folder

    return made


@pytest.fixture(scope="session")
def module_at() -> ModuleAt:
    """Import a file that is of no package: a benchmark, or what the tests of a room share."""

    def load(file: Path) -> Any:
        spec = importlib.util.spec_from_file_location(file.stem, file)
        assert spec is not None and spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules[file.stem] = module
        spec.loader.exec_module(module)
        return module

    return load


@contextmanager
def _alone(lock: Path, patience: float = 1800.0) -> Iterator[None]:
    """Hold a lock that other workers wait for; a file that only one of them can make."""
    until = time.monotonic() + patience
    while True:
        try:
            os.close(os.open(lock, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
            break
        except (FileExistsError, PermissionError):  # Windows says so while the other deletes it
            if time.monotonic() > until:
                raise TimeoutError(f"{lock} is held for too long; delete it") from None
            time.sleep(0.2)
    try:
        yield
    finally:
        lock.unlink()


@pytest.fixture(scope="session")
def example_bank(once: Once) -> Path:
    """The data bank of the simulated example of all years, consolidated once."""
    from atips_analysis.databank.consolidation import consolidate
    from atips_analysis.project import find_project

    house = find_project(HERE)

    def make(folder: Path) -> None:
        settings = house.profile["quality"]
        consolidate(house.example / "submissions", folder, house.expectations, settings)

    return once("example-databank", make)


def small_project(root: Path) -> Any:
    """A project in a folder that is not there yet: two years of the example, a page of each kind."""
    from atips_analysis.project import CHECKOUT, Project

    names = ("published", "framework", "simulator", "narrative", "council")
    for folder in ("notebooks", "expectations", "_extensions/atips", *(f"data/{n}" for n in names)):
        shutil.copytree(CHECKOUT / folder, root / folder)
    submissions = root / "data" / "example" / "submissions"
    submissions.mkdir(parents=True)
    for year in (2023, 2024):
        for file in (CHECKOUT / "data" / "example" / "submissions").glob(f"*_{year}*"):
            shutil.copyfile(file, submissions / file.name)
    register = root / "notebooks" / "pages.csv"
    head, *lines = register.read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [line for line in lines if line.split(",")[1] in SMALL_PAGES]
    register.write_text("".join([head, *kept]), encoding="utf-8")
    return Project(root)


def build_small(project: Any, **options: Any) -> Any:
    """Build the reports of a small project; see `build_reports`."""
    from atips_analysis.build.building import build_reports

    asked = {"year": 2024, "baseline": "2023", "renderer": "embedded", "show": False}
    return build_reports(project=project, **{**asked, **options})


@pytest.fixture(scope="session")
def make_project() -> Callable[[Path], Any]:
    return small_project


@pytest.fixture(scope="session")
def make_build() -> Callable[..., Any]:
    return build_small


@pytest.fixture(scope="session")
def copy_of_build(once: Once) -> Callable[[Path], tuple[Any, Path, str]]:
    """Copy a small project that was built once into a folder that is not there yet.

    Returns the project, the folder of its reports, and what its build said.
    """
    from atips_analysis.project import Project

    def make(folder: Path) -> None:
        built = build_small(small_project(folder / "project"))
        (folder / "said.txt").write_text(built.text, encoding="utf-8")

    def copy(root: Path) -> tuple[Any, Path, str]:
        made = once("small-build", make)
        shutil.copytree(made / "project", root, symlinks=True)
        project = Project(root)
        return project, project.reports / "2024-simulated", (made / "said.txt").read_text("utf-8")

    return copy


@pytest.fixture(scope="session")
def kept_project(once: Once) -> Path:
    """A project whose data bank holds an edition of two returns, with feedback and a sealed pack."""

    from atips_analysis.cli import run
    from atips_analysis.commands.init import write_project
    from atips_analysis.project import CHECKOUT

    def make(folder: Path) -> None:
        root, here = folder / "project", Path.cwd()
        write_project(root)
        for agency in ("DHS", "LABOUR"):
            sent = next((CHECKOUT / "data/example/submissions").glob(f"{agency}_2024*.xlsx"))
            shutil.copyfile(sent, root / "data/submissions" / sent.name)
        os.chdir(root)
        try:
            assert run([*CONSOLIDATE, "--quiet"]) == 0
            assert run(["check", "data/submissions", "--quiet"]) in (0, 1)
        finally:
            os.chdir(here)
        for file in ("reports/2024/pack/atips-2024.zip", "data/work/raw.csv"):
            (root / file).parent.mkdir(parents=True, exist_ok=True)
            (root / file).write_bytes(b"sealed or raw")

    return once("kept-project", make) / "project"


@pytest.fixture
def own_temporary(tmp_path_factory: pytest.TempPathFactory, monkeypatch: Any) -> None:
    """What killed commands of others left in the machine's temporary folders is not seen."""
    from atips_analysis import locks

    monkeypatch.setattr(locks, "SHORT", ())
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path_factory.mktemp("temporary")))


@pytest.fixture
def stranger(tmp_path: Path) -> dict[str, str]:
    """The environment of a user whose settings would change pages if any of them were read."""
    home = tmp_path / "home"
    for place, text in (
        (".config/matplotlib/matplotlibrc", "axes.facecolor: red\nfont.size: 30\n"),
        (".local/share/pandoc/init.lua", "error('a user's init.lua was run')\n"),
        (".config/pandoc/defaults.yaml", "no-such-option: true\n"),
        (".ipython/profile_default/ipython_config.py", "raise SystemExit('read')\n"),
    ):
        file = home / place
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    import matplotlib

    fonts = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
    (home / ".fonts").mkdir()
    shutil.copyfile(fonts / "DejaVuSerif.ttf", home / ".fonts" / "SourceSansPro-Regular.ttf")
    return {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": os.pathsep.join(sys.path),
        "HOME": str(home),
        "MATPLOTLIBRC": str(home / ".config" / "matplotlib" / "matplotlibrc"),
        "LC_ALL": "tr_TR.UTF-8",
        "LANGUAGE": "tr",
        "TZ": "Pacific/Kiritimati",
        "PYTHONHASHSEED": "7",
    }
