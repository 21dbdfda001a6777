"""The lock is complete wherever it is to install: proved from what its packages say, offline."""

from __future__ import annotations

import csv
import importlib.util
import json
import re
import sys
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name, parse_wheel_filename

HERE = Path(__file__).resolve().parents[2]
LOCK = (HERE / "requirements.lock").read_text(encoding="utf-8")
CLOSURE = json.loads((HERE / "requirements.closure.json").read_text(encoding="utf-8"))
PROJECT = tomllib.loads((HERE / "pyproject.toml").read_text(encoding="utf-8"))["project"]
# The promise of the README.
PROMISED = {
    f"{python} {platform}"
    for python in ("3.11", "3.12", "3.13", "3.14")
    for platform in (
        "linux x86_64",
        "linux aarch64",
        "win32 AMD64",
        "darwin arm64",
        "darwin x86_64",
    )
}


def _environments():
    spec = importlib.util.spec_from_file_location("environments", HERE / ".ci" / "environments.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module.COVERED


COVERED = _environments()


@dataclass(frozen=True)
class Pin:
    """A line of the lock: name, version, where it is needed, how many files it admits."""

    name: str
    version: str
    marker: str
    hashes: int


def pins(lock: str) -> list[Pin]:
    """The pins of a lock file."""
    entries = re.findall(r"^(\S+)==(\S+)(?: ; (.*?))? \\\n((?: +--hash=.*\n)+)", lock, re.MULTILINE)
    return [
        Pin(name, version, marker, hashes.count("--hash=sha256:"))
        for name, version, marker, hashes in entries
    ]


def missing(lock: Iterable[Pin], packages: dict, environment) -> Iterator[str]:
    """What the project or a locked package requires in an environment and the lock lacks.

    Extras are followed: a package is looked at once more for each extra that is asked of it.
    """
    markers = environment.markers()
    here = {pin.name: pin for pin in lock if not pin.marker or Marker(pin.marker).evaluate(markers)}
    asked = [Requirement(line) for line in _of_project()]
    seen: set[tuple[str, str]] = set()
    while asked:
        requirement = asked.pop()
        if requirement.marker and not requirement.marker.evaluate({**markers, "extra": ""}):
            continue
        pin = here.get(canonicalize_name(requirement.name))
        if pin is None:
            yield f"{requirement} is not locked"
            continue
        if not requirement.specifier.contains(pin.version, prereleases=True):
            yield f"{requirement} is not met by {pin.version}"
        for extra in ("", *requirement.extras):
            if (pin.name, extra) not in seen:
                seen.add((pin.name, extra))
                asked += list(_required(packages[f"{pin.name}=={pin.version}"], extra, markers))
    for name in here.keys() - {name for name, _ in seen}:
        yield f"{name} is locked and nothing requires it"


def _of_project() -> list[str]:
    building = tomllib.loads((HERE / "pyproject.toml").read_text(encoding="utf-8"))["build-system"]
    return [
        *PROJECT["dependencies"],
        *PROJECT["optional-dependencies"]["dev"],
        *PROJECT["optional-dependencies"]["cluster"],
        *building["requires"],
    ]


def _required(package: dict, extra: str, markers: dict[str, str]) -> Iterator[Requirement]:
    """What a package requires for an extra (or for none), with what the extra asks for alone."""
    for line in package["requires"]:
        requirement = Requirement(line)
        if requirement.marker is None or requirement.marker.evaluate({**markers, "extra": extra}):
            requirement.marker = None
            yield requirement


def without_wheel(lock: Iterable[Pin], packages: dict, environment) -> Iterator[str]:
    """The packages needed in an environment that it cannot install, for its Python or its tags."""
    tags = set(environment.tags())
    for pin in lock:
        if pin.marker and not Marker(pin.marker).evaluate(environment.markers()):
            continue
        package = packages[f"{pin.name}=={pin.version}"]
        if not SpecifierSet(package["requires_python"]).contains(f"{environment.python}.0"):
            yield f"{pin.name} requires Python {package['requires_python']}"
        if not any(parse_wheel_filename(wheel)[3] & tags for wheel in package["wheels"]):
            yield f"{pin.name} has no wheel"


def test_the_lock_is_made_for_what_the_readme_promises():
    assert {environment.name for environment in COVERED} == PROMISED == set(CLOSURE["download"])


@pytest.mark.parametrize("environment", COVERED, ids=lambda environment: environment.name)
def test_every_requirement_is_met_by_a_pin(environment):
    assert list(missing(pins(LOCK), CLOSURE["packages"], environment)) == []


@pytest.mark.parametrize("environment", COVERED, ids=lambda environment: environment.name)
def test_every_pin_has_a_wheel_for_the_python_and_the_platform(environment):
    assert list(without_wheel(pins(LOCK), CLOSURE["packages"], environment)) == []


def test_a_lock_with_a_line_taken_out_is_seen_not_to_be_closed():
    for name in ("msgspec", "tomli-w", "h2", "hatchling"):
        fewer = [pin for pin in pins(LOCK) if pin.name != name]
        found = list(missing(fewer, CLOSURE["packages"], COVERED[0]))
        assert any("is not locked" in line for line in found), name


def test_a_pin_out_of_range_is_seen():
    old = LOCK.replace("\npandas==", "\npandas==2.9+was.")
    pin = next(pin for pin in pins(old) if pin.name == "pandas")
    said = CLOSURE["packages"]
    packages = {**said, f"pandas=={pin.version}": said[f"pandas=={pin.version.split('was.')[1]}"]}
    found = list(missing(pins(old), packages, COVERED[0]))
    assert any("is not met by 2.9" in line for line in found)


def test_what_the_lock_and_its_proof_hold_is_the_same():
    locked = pins(LOCK)
    assert {f"{pin.name}=={pin.version}" for pin in locked} == set(CLOSURE["packages"])
    for pin in locked:
        assert pin.hashes == len(CLOSURE["packages"][f"{pin.name}=={pin.version}"]["wheels"])


def test_the_lock_names_wheels_alone_and_no_package_index():
    first, *_ = [line for line in LOCK.splitlines() if not line.startswith("#")]
    assert first == "--only-binary :all:"
    options = [line for line in LOCK.splitlines() if line.startswith("-")]
    assert options == [first]
    assert "://" not in LOCK and "://" not in json.dumps(CLOSURE)
    assert LOCK.count("==") == len(pins(LOCK)) + sum(pin.marker.count("==") for pin in pins(LOCK))


@pytest.mark.parametrize("environment", COVERED, ids=lambda environment: environment.name)
def test_what_is_to_be_downloaded_is_the_sum_of_the_best_wheels(environment):
    best = {tag: place for place, tag in enumerate(environment.tags())}
    total = 0
    for pin in pins(LOCK):
        if pin.marker and not Marker(pin.marker).evaluate(environment.markers()):
            continue
        wheels = CLOSURE["packages"][f"{pin.name}=={pin.version}"]["wheels"]
        ranked = {
            min(best.get(tag, len(best)) for tag in parse_wheel_filename(wheel)[3]): size
            for wheel, size in wheels.items()
        }
        total += ranked[min(ranked)]
    assert total == CLOSURE["download"][environment.name]


def test_every_locked_package_states_a_licence_that_lets_the_product_stay_as_it_is():
    with (HERE / "docs" / "licences.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [f"{row['package']}=={row['version']}" for row in rows] == sorted(CLOSURE["packages"])
    for row in rows:
        assert row["licence"] not in ("", "not stated"), row
        # What binds whoever serves or links it; none is locked, and none comes in unseen.
        assert not re.search(r"AGPL|Affero|SSPL|(?<!L)GPL-|^GPL", row["licence"]), row


def test_quarto_is_pinned_once_and_is_not_locked():
    (quarto,) = PROJECT["optional-dependencies"]["quarto"]
    assert re.fullmatch(r"quarto-cli==\d+\.\d+\.\d+", quarto)
    assert "quarto" not in LOCK
