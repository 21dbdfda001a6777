"""Make `requirements.lock` and `requirements.closure.json` from `pyproject.toml` (`make lock`).

uv resolves once for every covered environment, from wheels alone. Versions that the present lock
has stay where they can; `make lock UPGRADE=1` takes the newest. The closure, which pip's installer
reports, holds what each locked wheel says of itself: its Python, its requirements with their
extras and markers, its wheels and their sizes in bytes; so that a test can prove the lock complete
without an index, and set-up can say how much there is to download. Run in an environment of its
own, with pip, uv and packaging: a lock that does not install can be made again.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from environments import COVERED, PYTHONS, Environment
from packaging.markers import Marker
from packaging.tags import Tag
from packaging.utils import canonicalize_name, parse_wheel_filename

ROOT = Path(__file__).resolve().parents[1]
LOCK = ROOT / "requirements.lock"
CLOSURE = ROOT / "requirements.closure.json"
HEAD = """\
# Everything that set-up installs: pip install --no-deps --require-hashes -r requirements.lock
# Made by `make lock` from pyproject.toml and its extra dev; requirements.closure.json proves it.
--only-binary :all:
"""


@dataclass(frozen=True)
class Wheel:
    """A wheel's file name, its size in bytes and its SHA-256."""

    name: str
    size: int
    sha256: str

    def tags(self) -> frozenset[Tag]:
        return parse_wheel_filename(self.name)[3]


@dataclass(frozen=True)
class Pin:
    """A locked version, where it is needed, and the wheels that the covered environments use."""

    name: str
    version: str
    marker: str
    wheels: tuple[Wheel, ...]

    @property
    def exact(self) -> str:
        return f"{self.name}=={self.version}"

    def needed(self, environment: Environment) -> bool:
        return not self.marker or Marker(self.marker).evaluate(environment.markers())


def main() -> None:
    """Write both files, or say in one line what is missing."""
    parser = argparse.ArgumentParser(description="Make requirements.lock from pyproject.toml.")
    parser.add_argument("--upgrade", action="store_true", help="Take the newest versions.")
    upgrade = parser.parse_args().upgrade
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        pins = resolved(work, upgrade)
        downloads = {environment.name: download(pins, environment) for environment in COVERED}
        packages = {pin.exact: {**said, "wheels": sizes(pin)} for pin, said in reported(work, pins)}
    closure = {"download": downloads, "packages": dict(sorted(packages.items()))}
    LOCK.write_text(HEAD + "".join(map(lines, pins)), encoding="utf-8", newline="\n")
    CLOSURE.write_text(json.dumps(closure, indent=1) + "\n", encoding="utf-8", newline="\n")
    print(f"{len(pins)} pins for {len(COVERED)} environments: {LOCK.name}, {CLOSURE.name}")


def resolved(work: Path, upgrade: bool) -> list[Pin]:
    """Resolve for every Python and platform; sorted by name and version."""
    shutil.copyfile(ROOT / "pyproject.toml", work / "pyproject.toml")
    versions = work / "requirements.txt"
    if LOCK.is_file() and not upgrade:
        shutil.copyfile(LOCK, versions)
    compiling = (sys.executable, "-m", "uv", "pip", "compile", "--quiet", "--universal")
    compiling += ("--python-version", PYTHONS[0], "--only-binary", ":all:", "--no-header")
    run(*compiling, "--extra", "dev", "-o", versions, work / "pyproject.toml")
    run(*compiling, "--no-deps", "--format", "pylock.toml", "-o", work / "pylock.toml", versions)
    with (work / "pylock.toml").open("rb") as file:
        packages = tomllib.load(file)["packages"]
    usable = frozenset(tag for environment in COVERED for tag in environment.tags())
    return [
        Pin(entry["name"], entry["version"], entry.get("marker", ""), wheels(entry, usable))
        for entry in packages
        if any(Pin(entry["name"], "", entry.get("marker", ""), ()).needed(e) for e in COVERED)
    ]


def wheels(entry: dict[str, Any], usable: frozenset[Tag]) -> tuple[Wheel, ...]:
    """The wheels of a package in a pylock.toml that install in a covered environment."""
    listed = [
        Wheel(wheel["url"].rpartition("/")[2], wheel["size"], wheel["hashes"]["sha256"])
        for wheel in entry.get("wheels", ())
    ]
    return tuple(wheel for wheel in listed if wheel.tags() & usable)


def download(pins: Iterable[Pin], environment: Environment) -> int:
    """Bytes that set-up downloads in an environment, where nothing is there yet."""
    rank = {tag: place for place, tag in enumerate(environment.tags())}
    total = 0
    for pin in pins:
        if not pin.needed(environment):
            continue
        fitting = [
            (min(rank[tag] for tag in wheel.tags() if tag in rank), wheel.size)
            for wheel in pin.wheels
            if any(tag in rank for tag in wheel.tags())
        ]
        if not fitting:
            raise SystemExit(
                f"{pin.exact} has no wheel for {environment.name}: constrain its version for that "
                "environment in pyproject.toml ([tool.uv] constraint-dependencies)"
            )
        total += min(fitting)[1]
    return total


def reported(work: Path, pins: Iterable[Pin]) -> Iterator[tuple[Pin, dict[str, Any]]]:
    """What each pin's wheel says of itself, asked of pip as if in an environment that needs it."""
    left = {(pin.name, pin.version): pin for pin in pins}
    for environment in COVERED:
        asked = [pin.exact for pin in left.values() if pin.needed(environment)]
        if not asked:
            continue
        command = [
            sys.executable,
            "-m",
            "pip",
            "install",
            "--quiet",
            "--dry-run",
            "--ignore-installed",
        ]
        command += ["--no-deps", "--only-binary", ":all:", "--report", work / "report.json"]
        command += ["--python-version", environment.python, "--target", work / "nowhere"]
        command += [f"--platform={tag}" for tag in environment.platforms()]
        run(*command, *asked)
        report = json.loads((work / "report.json").read_text(encoding="utf-8"))
        for installed in report["install"]:
            said = installed["metadata"]
            pin = left.pop((canonicalize_name(said["name"]), said["version"]))
            yield (
                pin,
                {
                    "requires_python": said.get("requires_python", ""),
                    "requires": said.get("requires_dist", []),
                },
            )


def sizes(pin: Pin) -> dict[str, int]:
    """What a pin's wheels weigh, by their names, in bytes."""
    return {wheel.name: wheel.size for wheel in sorted(pin.wheels, key=lambda wheel: wheel.name)}


def lines(pin: Pin) -> str:
    """A pin as pip and uv read it: the version, where it is needed, and its wheels' hashes."""
    where = f" ; {pin.marker}" if pin.marker else ""
    hashes = sorted(wheel.sha256 for wheel in pin.wheels)
    return " \\\n    ".join([pin.exact + where, *(f"--hash=sha256:{one}" for one in hashes)]) + "\n"


def run(*command: str | Path) -> None:
    """Run a command; where it fails, its last words are the message."""
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(done.stderr.strip() or f"{command[2]} failed")


if __name__ == "__main__":
    main()
