"""Make `requirements.lock`, `requirements.closure.json` and `docs/licences.csv` from `pyproject.toml`.

uv resolves once for every covered environment, from wheels alone. Versions that the present lock
has stay where they can; `make lock UPGRADE=1` takes the newest, `make lock CHECK=1` writes nothing
and ends with 1 where the lock is not what `pyproject.toml` asks for. The closure, which pip's installer
reports, holds what each locked wheel says of itself: its Python, its requirements with their
extras and markers, its wheels and their sizes in bytes; so that a test can prove the lock complete
without an index, and set-up can say how much there is to download. The licences are what each
package states. Run in an environment of its
own, with pip, uv and packaging: a lock that does not install can be made again.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import re
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
LICENCES = ROOT / "docs" / "licences.csv"
READ = {"pyrage": "MIT (read in its licence file)"}
"""What was read in the licence file of a package that says nothing in its metadata."""
PINNED = re.compile(r"^(\S+==\S+)(?: ; (.*?))? \\$", re.MULTILINE)
HEAD = """\
# Everything that set-up installs: pip install --no-deps --require-hashes -r requirements.lock
# Made by `make lock` from pyproject.toml and its extras dev and cluster; requirements.closure.json proves it.
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
    parser.add_argument("--check", action="store_true", help="Write nothing; compare.")
    asked = parser.parse_args()
    if asked.check:
        check()
        return
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        pins = resolved(work, asked.upgrade)
        downloads = {environment.name: download(pins, environment) for environment in COVERED}
        said_of = dict(reported(work, pins))
    licences = {pin.exact: said.pop("licence") for pin, said in said_of.items()}
    packages = {pin.exact: {**said, "wheels": sizes(pin)} for pin, said in said_of.items()}
    closure = {"download": downloads, "packages": dict(sorted(packages.items()))}
    LOCK.write_text(HEAD + "".join(map(lines, pins)), encoding="utf-8", newline="\n")
    CLOSURE.write_text(json.dumps(closure, indent=1) + "\n", encoding="utf-8", newline="\n")
    LICENCES.write_text(table_of(licences), encoding="utf-8", newline="\n")
    print(f"{len(pins)} pins for {len(COVERED)} environments: {LOCK.name}, {CLOSURE.name}")


def check() -> None:
    """End with 1, and the first difference in a line, where the lock would be made otherwise."""
    with tempfile.TemporaryDirectory() as folder:
        now = {(pin.exact, pin.marker) for pin in resolved(Path(folder), upgrade=False)}
    there = set(PINNED.findall(LOCK.read_text(encoding="utf-8")))
    for said, pins in (("lacks", now - there), ("has and needs not", there - now)):
        for exact, marker in sorted(pins):
            where = f" ; {marker}" if marker else ""
            raise SystemExit(f"{LOCK.name} {said} {exact}{where}: run make lock and commit it")
    print(f"{LOCK.name} is what pyproject.toml asks for: {len(there)} pins")


def table_of(licences: dict[str, str]) -> str:
    """The licences as a table: package, version, licence; sorted."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["package", "version", "licence"])
    writer.writerows([*exact.split("=="), licence] for exact, licence in sorted(licences.items()))
    return out.getvalue()


def licence_of(said: dict[str, Any]) -> str:
    """What a package states as its licence: the SPDX expression, else its classifiers, else a line."""
    if said.get("license_expression"):
        return str(said["license_expression"])
    mark = "License :: "
    classified = [one.rpartition(" :: ")[2] for one in said.get("classifier", ()) if mark in one]
    stated = (str(said.get("license") or "").strip().splitlines() or [""])[0]
    stated = stated or READ.get(str(said.get("name", "")), "")
    return "; ".join(one for one in classified if one != "OSI Approved") or stated or "not stated"


def resolved(work: Path, upgrade: bool) -> list[Pin]:
    """Resolve for every Python and platform; sorted by name and version."""
    shutil.copyfile(ROOT / "pyproject.toml", work / "pyproject.toml")
    versions = work / "requirements.txt"
    if LOCK.is_file() and not upgrade:
        shutil.copyfile(LOCK, versions)
    compiling = (sys.executable, "-m", "uv", "pip", "compile", "--quiet", "--universal")
    compiling += ("--python-version", PYTHONS[0], "--only-binary", ":all:", "--no-header")
    extras = ("--extra", "dev", "--extra", "cluster")
    run(*compiling, *extras, "-o", versions, work / "pyproject.toml")
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
                    "licence": licence_of(said),
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
