"""Whether anything is other than when a build ended: every file by content, in one look.

That look needs no library, so that a build in which nothing changed ends at once. Where anything
differs, be it of no importance, the checks are made and pytask finds what is out of date.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from atips_analysis.build.asked_for import Build
from atips_analysis.build.one_writer import LOCK
from atips_analysis.files import read_json, write_json
from atips_analysis.project import PACKAGE, lock_file

NOTE = "as-it-was.json"
LEFT_OUT = {NOTE, LOCK, "__pycache__"}


@dataclass(frozen=True)
class BeforeABuild:
    """A build that is asked for, and a hash of all that it will read, taken before it begins.

    What somebody changes while it runs so counts as it was: the next build sees it. The hash is
    empty where something could not be read.
    """

    build: Build
    written: str

    def said(self) -> list[str]:
        """What the last such build has to say where nothing changed since; else nothing."""
        try:
            noted = read_json(self.build.work / NOTE)
            same = self.written and noted["written"] == self.written
            if same and noted["made"] == _made(self.build):
                return [str(line) for line in noted["said"]]
        except (OSError, ValueError, KeyError, TypeError):
            pass
        return []

    def note(self, said: Iterable[str]) -> None:
        """Note, once the build has ended well, what it is to say as long as nothing changes."""
        note = {"written": self.written, "made": _made(self.build), "said": list(said)}
        write_json(self.build.work / NOTE, note)


def before(build: Build) -> BeforeABuild:
    """Look at all that a build reads and is made with: files, options, libraries, Quarto."""
    try:
        return BeforeABuild(build, _written(build))
    except OSError:
        return BeforeABuild(build, "")


def _written(build: Build) -> str:
    project = build.project
    made = {project.work, project.databank}
    places = (
        *(path for path in sorted(project.data.glob("*")) if path not in made),
        PACKAGE,
        project.notebooks,
        project.expectations,
        project.extension,
        project.tests,
        build.submissions,
        project.root / "CITATION.cff",
        *filter(None, [lock_file()]),
    )
    asked = [build.year, build.baseline, build.submissions, build.out, build.renderer]
    return _hash([*asked, sys.version, _quarto(build), *_installed()], places)


def _made(build: Build) -> str:
    project = build.project
    reports = (build.out / str(build.year), build.out / f"{build.year}-simulated")
    beside = (path for path in sorted(project.work.glob("*")) if path.is_file())
    return _hash([], (*beside, build.work, project.databank, *reports))


def _hash(said: Iterable[object], places: Iterable[Path]) -> str:
    whole = hashlib.sha256("\n".join(map(str, said)).encode())
    for place in places:
        for path in (place, *sorted(place.rglob("*"))):
            if LEFT_OUT.isdisjoint(path.parts):
                own = hashlib.sha256(path.read_bytes()).digest() if path.is_file() else b""
                whole.update(str(path).encode() + b"\0" + own)
    return whole.hexdigest()


def _installed() -> list[str]:
    """What is installed, in its version, as the folders that pip leaves say it."""
    places = [Path(place) for place in sys.path if Path(place).is_dir()]
    return sorted({path.name for place in places for path in place.glob("*.dist-info")})


def _quarto(build: Build) -> str:
    """The version of the Quarto on PATH; one that a package brought is known with the packages."""
    program = None if build.renderer == "embedded" else shutil.which("quarto")
    if program is None:
        return ""
    done = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)
    return f"{program} {done.stdout}"
