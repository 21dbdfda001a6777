"""`atips doctor`: what this machine has for making reports, and what is wrong in the officer's files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import typer

from atips_analysis.errors import AtipsError, FindingsError, MachineError


@dataclass(frozen=True)
class Finding:
    """One line: what was looked for, what was found, and whether work is possible without it."""

    what: str
    found: str
    enough: bool = True


def doctor(
    mend: bool = typer.Option(
        False, "--repair", help="Mend what a killed command left, and say what was done."
    ),
    quiet: bool = typer.Option(False, "--quiet", help="Print only what is missing."),
    verbose: bool = typer.Option(False, "--verbose", help="Also the package and its folders."),
) -> None:
    """Show what this machine has, and what is wrong in the project's files."""
    if mend:
        _mend(quiet)
    missing = []
    for look in LOOKS:
        finding = look()
        mark = "ok" if finding.enough else "MISSING"
        if not (quiet and finding.enough):
            typer.echo(f"{mark:8}{finding.what:12}{finding.found}")
        if not finding.enough:
            missing.append(finding.what)
    if verbose:
        typer.echo(places())
    if missing:
        raise MachineError(
            f"needed and missing: {', '.join(missing)}; delete the folder .venv and set up "
            "again (make report; on Windows py .ci\\set_up.py)"
        )
    _look_at_files(quiet)


def _mend(quiet: bool) -> None:
    """A line for each thing that was mended in the project around."""
    from atips_analysis.custody.repair import repair
    from atips_analysis.project import find_project

    lines = repair(find_project())
    for line in lines:
        typer.echo(f"{'MENDED':8}{line}")
    if not (lines or quiet):
        typer.echo(f"{'ok':8}{'Left over':12}nothing: no command was killed halfway")


def _look_at_files(quiet: bool) -> None:
    """The files of the project around; nothing where there is none."""
    from atips_analysis.build.officers_files import officers_room, wrong_files
    from atips_analysis.custody.repair import left_over
    from atips_analysis.custody.retention import read_table
    from atips_analysis.project import RETENTION, find_registers

    project = find_registers()
    if project.read_only:
        return
    for name, what in () if quiet else officers_room(project):
        typer.echo(f"{'':20}{name:36}{what}")
    for name in left_over(project):
        typer.echo(f"{'LEFT':8}{name}: a killed command left it; run atips doctor --repair")
    faults: list[str] = list(wrong_files(project))
    try:
        if (project.council / RETENTION).is_file():  # nothing is computed from it
            read_table(project)
    except AtipsError as error:
        faults.append(str(error))
    for fault in faults:
        typer.echo(f"{'WRONG':8}{'Files':12}{fault}")
    if faults:
        raise FindingsError("correct what is marked WRONG; builds stop at it")
    if not quiet:
        typer.echo(f"{'ok':8}{'Files':12}profile, registers, mappings and rules can be used")


def places() -> str:
    """The version of this package, and the folders that it works in."""
    from atips_analysis import __version__
    from atips_analysis.project import find_registers

    project = find_registers()
    if project.read_only:
        return f"atips {__version__}, no project here"
    return f"atips {__version__}, project {project.root}, data bank {project.databank}"


def python() -> Finding:
    """The Python that runs; 3.11 or later is needed."""
    import platform
    import sys

    return Finding("Python", platform.python_version(), sys.version_info >= (3, 11))


def quarto() -> Finding:
    """Whether a Quarto that works is installed, and which."""
    from atips_analysis.render.quarto import verdict

    found = verdict()
    if found.works:
        return Finding("Quarto", f"{found.version}: used, unless --renderer embedded is given")
    return Finding("Quarto", f"{found.why}: the embedded renderer is used")


def pandoc() -> Finding:
    """The Pandoc of its wheel."""
    from atips_analysis.render.pandoc import pandoc_version

    try:
        return Finding("Pandoc", pandoc_version())
    except AtipsError as error:
        return Finding("Pandoc", str(error), enough=False)


def typst() -> Finding:
    """The Typst of its wheel."""
    return _package("Typst", "typst")


def fonts() -> Finding:
    """The typefaces that PDFs are set in."""
    from atips_analysis.render.fonts import typefaces

    faces = typefaces()
    families = ", ".join(dict.fromkeys((*faces.text, *faces.display)))
    return Finding("Fonts", families, enough=all(file.is_file() for file in faces.files))


def spoken() -> Finding:
    """The languages that have a catalogue."""
    from atips_analysis.words import languages, translator

    try:
        for lang in languages():
            translator(lang)
    except AtipsError as error:
        return Finding("Languages", str(error), enough=False)
    return Finding("Languages", ", ".join(languages()))


def kernel() -> Finding:
    """The Jupyter kernel, and whether it can be forked warm."""
    from atips_analysis.notebooks.kernels import CAN_FORK

    found = _package("Kernel", "ipykernel")
    if not found.enough:
        return found
    return replace(found, found=found.found + (", warm starts" if CAN_FORK else ", cold starts"))


def office() -> Finding:
    """Whether LibreOffice is installed; nothing needs it."""
    import shutil

    program = shutil.which("soffice") or shutil.which("libreoffice")
    return Finding("LibreOffice", "found" if program else "not found: not needed")


def _package(what: str, name: str) -> Finding:
    import importlib.metadata

    try:
        return Finding(what, importlib.metadata.version(name))
    except importlib.metadata.PackageNotFoundError:
        return Finding(what, f"the package {name} is not installed", enough=False)


LOOKS: tuple[Callable[[], Finding], ...] = (
    python,
    quarto,
    pandoc,
    typst,
    fonts,
    spoken,
    kernel,
    office,
)
