"""`atips run`: a notebook with checked parameters."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from atips_analysis.errors import FindingsError, InputError

if TYPE_CHECKING:
    from atips_analysis.project import Project


def run(
    notebook: str = typer.Argument(
        "", help="A notebook of notebooks/ or notebooks/research/ by name, or a path."
    ),
    parameter: list[str] = typer.Option(
        [], "-p", "--parameter", metavar="NAME=VALUE", help="A parameter; may be repeated."
    ),
    out: Path = typer.Option(
        None, "--out", help="Folder for the results (default: data/work/run/NOTEBOOK)."
    ),
    listing: bool = typer.Option(
        False, "--list", help="List the notebook's parameters (without one: the notebooks)."
    ),
    renderer: str = typer.Option("auto", help="auto, quarto or embedded."),
    quiet: bool = typer.Option(False, "--quiet", help="Print nothing but errors."),
    verbose: bool = typer.Option(False, "--verbose", help="Also every parameter it ran with."),
) -> None:
    """Run a notebook and render what it says as a page and a PDF, marked as a draft."""
    from atips_analysis.project import find_project, find_registers
    from atips_analysis.render.rendering import renderer_choice

    project = find_registers() if listing else find_project()
    if not notebook:
        if not listing:
            raise InputError("name a notebook; atips run --list shows them")
        for path in notebooks_of(project.notebooks):
            typer.echo(path.relative_to(project.notebooks).with_suffix("").as_posix())
        return
    path = find_notebook(notebook, project.notebooks)
    if listing:
        list_parameters(path)
    else:
        project = find_project(path.parent)  # a notebook of another project is run in that
        made = run_and_render(path, parameter, out or project.work / "run", renderer, project)
        if not quiet:
            typer.echo(renderer_choice(renderer), err=True)  # type: ignore[arg-type]
        if verbose:
            for name, value in values_of(path, parameter).items():
                typer.echo(f"{name} = {value}")
        for file in [] if quiet else made:
            typer.echo(str(file))


def notebooks_of(folder: Path) -> list[Path]:
    """The notebooks that can be run by name, sorted."""
    return sorted(path for path in folder.rglob("*.ipynb") if not path.name.startswith((".", "_")))


def find_notebook(name: str, folder: Path) -> Path:
    """The notebook of that name or path.

    Raises InputError if there is none; the line names those that there are.
    """
    file = name if name.endswith(".ipynb") else f"{name}.ipynb"
    for candidate in (folder / file, folder / "research" / file, Path(file)):
        if candidate.is_file():
            return candidate
    known = ", ".join(
        path.relative_to(folder).with_suffix("").as_posix() for path in notebooks_of(folder)
    )
    raise InputError(f"there is no notebook {name!r}; there are: {known or 'none yet'}")


def list_parameters(notebook: Path) -> None:
    """Print each parameter with its type, default and meaning."""
    from atips_analysis.notebooks import declared_parameters

    parameters = declared_parameters(notebook)
    if not parameters:
        typer.echo(f"{notebook.name} takes no parameters")
    for one in parameters:
        typer.echo(f"{one.name}: {one.annotation} = {one.default}  {one.meaning}")


def values_of(notebook: Path, pairs: list[str]) -> dict[str, Any]:
    """Every parameter with the value that it has: the one given, or its default."""
    from atips_analysis.notebooks import declared_parameters
    from atips_analysis.notebooks.parameter_cell import checked_values, parse_assignments

    defaults = {one.name: one.default for one in declared_parameters(notebook)}
    return defaults | checked_values(notebook, parse_assignments(pairs))


def run_and_render(
    notebook: Path, pairs: list[str], out: Path, renderer: str, project: Project
) -> list[Path]:
    """The executed notebook, its page and its PDF, in a folder named after the notebook.

    They are a draft without issuing body; from a data bank of simulated records they say so.

    Raises InputError if the results were to lie among the reports, where only builds and releases
    write. Raises FindingsError if the notebook shows raw numbers: then there is the executed
    notebook and no page.
    """
    from atips_analysis.files import can_be_written
    from atips_analysis.notebooks import run_notebook
    from atips_analysis.notebooks.confidential import is_confidential
    from atips_analysis.notebooks.parameter_cell import checked_values, parse_assignments
    from atips_analysis.render import Report, publication_from, render
    from atips_analysis.render.rendering import usable_quarto

    folder = out / notebook.stem
    if folder.resolve().is_relative_to(project.reports.resolve()):
        raise InputError(
            f"{out}: only atips build, bulletin and release write among the reports; give --out "
            "another folder"
        )
    usable_quarto(renderer)  # type: ignore[arg-type]  # refuses before anything is run
    can_be_written(folder)
    values = checked_values(notebook, parse_assignments(pairs))
    lang = str(values.get("lang") or "")
    simulated = reads_simulated_records(notebook, values)
    executed = run_notebook(notebook, folder / notebook.name, values)
    if is_confidential(executed):
        raise FindingsError(
            f"{executed.name} holds confidential numbers (confidential=True): no page is made of "
            f"it; the executed notebook is {executed}, which may not leave the house"
        )
    publication = publication_from(
        project.profile, simulated=simulated, issuing_body=None, lang=lang
    )
    report = Report(notebook.stem, executed, publication, working=True)
    return [executed, *render(report, folder, renderer=renderer)]  # type: ignore[arg-type]


def reads_simulated_records(notebook: Path, values: dict[str, Any]) -> bool:
    """Whether a data bank among the parameters holds simulated records."""
    from atips_analysis.databank import open_databank
    from atips_analysis.notebooks import declared_parameters

    everything = {one.name: one.default for one in declared_parameters(notebook)} | values
    databank = everything.get("databank")
    if not isinstance(databank, str | Path) or not Path(databank).is_dir():
        return False
    return bool(open_databank(Path(databank)).simulated)
