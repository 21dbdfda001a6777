"""`atips init`: a new project from the files that came with the package."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

import typer

from atips_analysis import __version__
from atips_analysis.errors import InputError
from atips_analysis.files import can_be_written, close_to_others, for_readers
from atips_analysis.profile import PLACE as PROFILE
from atips_analysis.project import (
    MADE_WITH,
    came_with_the_package,
    files_of_a_project,
    made_with_version,
)

EMPTY = Path("data") / "submissions"
README = Path(__file__).with_name("project_readme.md")
ANOTHER = "name another folder"


def init(
    folder: Path = typer.Argument(help="A new or an empty folder."),
    quiet: bool = typer.Option(False, "--quiet", help="Print nothing but errors."),
    verbose: bool = typer.Option(False, "--verbose", help="Also each file's name."),
) -> None:
    """Write a new project: notebooks, profile, registers, rules; no records."""
    written = write_project(folder)
    for name in written if verbose else []:
        typer.echo(name.as_posix())
    if not quiet:
        typer.echo(f"a new project is in {folder} ({len(written)} files); next, in that folder:")
        typer.echo("  atips example --out data/example    simulated submissions to try it with")
        typer.echo("  atips build                         reports from them")


@for_readers()
def write_project(folder: Path) -> list[Path]:
    """Write a project into `folder`; return the names of its files, sorted.

    Raises InputError if a file is in the folder's place, the folder holds anything that is not
    hidden, or a notebook of the checkout that code runs in was left with outputs. Raises
    MachineError if nothing can be written there.
    """
    root, names = came_with_the_package().root, files_of_a_project()
    _refuse_outputs(root, names)
    _refuse_taken(folder, {name.parts[0] for name in names})
    can_be_written(folder, ANOTHER)
    # Written beside, then moved in: what breaks off leaves no half project.
    with tempfile.TemporaryDirectory(dir=folder, prefix=".atips-init-") as beside:
        new = Path(beside)
        for name in names:
            (new / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(root / name, new / name)
        (new / EMPTY).mkdir(parents=True)
        shutil.copyfile(README, new / "README.md")
        (new / MADE_WITH).write_text(f"{__version__}\n", encoding="utf-8", newline="\n")
        close_to_others(new / EMPTY)
        for entry in sorted(new.iterdir()):
            os.replace(entry, folder / entry.name)
    return sorted([*names, Path("README.md"), Path(MADE_WITH)])


def _refuse_outputs(root: Path, names: list[Path]) -> None:
    """A notebook of a checkout that was run by hand may show records: nobody else gets it."""
    from atips_analysis.notebooks.committed import left_over

    for name in names:
        what = left_over(root / name) if name.suffix == ".ipynb" else ""
        if what:
            raise InputError(f"{what}; clear it (jupyter nbconvert --clear-output)", file=name)


def _refuse_taken(folder: Path, ours: set[str]) -> None:
    """Refuse a folder that is in use. Hidden entries, such as .git and .venv, may be there."""
    if folder.exists() and not folder.is_dir():
        raise InputError(f"this is a file; {ANOTHER}", file=folder)
    if (folder / PROFILE).is_file():
        made_with = made_with_version(folder)
        by = f" (made with atips-analysis {made_with}; this is {__version__})" if made_with else ""
        raise InputError(
            f"this is a project already{by}, which init does not change; {ANOTHER}", file=folder
        )
    there = sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []
    other = [name for name in there if not name.startswith(".") or name in {*ours, MADE_WITH}]
    if other:
        more = ", …" if len(other) > 3 else ""
        raise InputError(
            f"the folder holds other things ({', '.join(other[:3])}{more}); name a new or an empty "
            "one",
            file=folder,
        )
