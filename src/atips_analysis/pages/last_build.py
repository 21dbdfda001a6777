"""Where the last build of each year lies: what notebooks run by hand read.

The pointer is `data/work/last-build.json`, written whole at the end of a build::

    {"2024": {"work": "data/work/2024-1f0c9d3e", "reports": "reports/2024-simulated"},
     "bulletins": {"2024-Q3": "data/work/2024-1f0c9d3e/bulletins/bulletin-2024-Q3"},
     "latest": "2024"}

Paths below the project are relative to it, others absolute: the file is confidential like all of
`data/work`. Builds of the example and of agencies' files keep work folders of their own; the
pointer names whichever of them was built last, and so does `latest` of the years.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from atips_analysis.errors import InputError
from atips_analysis.files import read_json, write_json
from atips_analysis.project import Project

POINTER = Path("data") / "work" / "last-build.json"
"""Below the folder of a project; as a notebook's `inputs` it stands for the last build."""

LATEST = "latest"
BULLETINS = "bulletins"


def remember(project: Project, year: int, work: Path, reports: Path) -> None:
    """Note a build that has ended well: its work folder and its folder of reports."""
    build = {"work": _from_root(work, project), "reports": _from_root(reports, project)}
    write_json(project.root / POINTER, _noted(project) | {str(year): build, LATEST: str(year)})


def remember_bulletin(project: Project, period: str, work: Path) -> None:
    """Note a bulletin that was made: its work folder."""
    noted = _noted(project)
    bulletins = noted.get(BULLETINS, {}) | {period: _from_root(work, project)}
    write_json(project.root / POINTER, noted | {BULLETINS: bulletins})


def last_build(project: Project, year: int | None = None) -> Path:
    """The public side of the last build of a year (default: of the last build).

    Raises
    ------
    InputError
        If there is none, or it has been deleted.
    """
    noted = _noted(project)
    name = noted.get(LATEST) if year is None else str(year)
    wanted = "" if year is None else f" of {year}"
    command = "atips build" if year is None else f"atips build --year {year}"
    if name not in noted:
        raise InputError(f"there is no build{wanted} yet; run {command} first")
    return _still_there(project.root / noted[name]["work"], f"the last build{wanted}", command)


def last_bulletin(project: Project, period: str) -> Path:
    """The public side of the making of a period's bulletin; errors as `last_build`."""
    bulletins = _noted(project).get(BULLETINS, {})
    command = f"atips bulletin --period {period}"
    if period not in bulletins:
        raise InputError(f"there is no bulletin of {period} yet; run {command} first")
    return _still_there(project.root / bulletins[period], f"the bulletin of {period}", command)


def is_pointer(inputs: Path | str) -> bool:
    """Whether a notebook's `inputs` stand for the last build."""
    return Path(inputs).name == POINTER.name


def public_side(inputs: Path | str, project: Project, year: int | None = None) -> Path:
    """The folder that holds a protected table: the one named, or that of the last build.

    Parameters
    ----------
    inputs : path
        `POINTER` for the last build; or a folder with `indicators.csv`, or one in which such
        folders lie: then the newest year is taken, and real records before simulated ones. A
        relative path is looked for in the working folder, then in the project.
    year : int, optional
        Whose last build is meant (default: that of whichever year was built last).

    Raises
    ------
    InputError
        If there is no build.

    Notes
    -----
    Where the work folder of the last build is gone but its reports are not, it is these.
    """
    if is_pointer(inputs):
        try:
            return last_build(project, year)
        except InputError:
            published = _newest_in(project.reports, "" if year is None else str(year))
            if published is None:
                raise
            return published
    named = Path(inputs)
    for folder in (named, project.root / named):
        if (folder / "indicators.csv").is_file():
            return folder
        newest = _newest_in(folder)
        if newest is not None:
            return newest
    raise InputError(
        f"no build in {named.name or 'this folder'}; run atips build first, or give inputs a "
        "folder of reports such as reports/2024-simulated"
    )


def _newest_in(folder: Path, year: str = "") -> Path | None:
    builds = [
        about.parent
        for about in folder.glob(f"{year}*/manifest.json")
        if (about.parent / "indicators.csv").is_file()
    ]
    return max(builds, key=lambda one: (one.name[:4], len(one.name) == 4), default=None)


def _still_there(work: Path, what: str, command: str) -> Path:
    public = work / "public"
    if not (public / "build.json").is_file():
        raise InputError(f"{what} is no longer in data/work; run {command} again")
    return public


def _from_root(folder: Path, project: Project) -> str:
    folder, root = folder.resolve(), project.root.resolve()
    return (folder.relative_to(root) if folder.is_relative_to(root) else folder).as_posix()


def _noted(project: Project) -> dict[str, Any]:
    pointer = project.root / POINTER
    if not pointer.is_file():
        return {}
    try:
        noted = read_json(pointer)
    except ValueError:
        noted = None
    if not isinstance(noted, dict):
        raise InputError("it cannot be read; delete it and run atips build again", file=pointer)
    return noted
