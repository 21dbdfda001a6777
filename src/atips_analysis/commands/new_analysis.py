"""`atips new-analysis`: a research notebook from the house template, registered as a page."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path

import typer

from atips_analysis.errors import InputError
from atips_analysis.files import csv_text, for_readers, read_json, write_text

TEMPLATE = "_template.ipynb"
LISTED = "    - notebooks/research/"
"""How the list of what Quarto renders names research notebooks."""

GOOD_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


def new_analysis(
    name: str = typer.Argument(help="Small letters, digits and dashes, such as age-of-cases."),
    title: str = typer.Option("", help="The page's title (default: the name in words)."),
    quiet: bool = typer.Option(False, "--quiet", help="Print nothing but errors."),
    verbose: bool = typer.Option(False, "--verbose", help="Also where its page is registered."),
) -> None:
    """Make notebooks/research/NAME.ipynb, which runs as it is, and register its page."""
    from atips_analysis.project import find_project

    project = find_project()
    path = make_analysis(name, project.notebooks, title)
    if quiet:
        return
    if verbose:
        typer.echo(f"page research/{name}: a row of notebooks/pages.csv")
    typer.echo(f"{project.shown(path)} is made and registered; next:")
    typer.echo(f"  atips run {name} --list    its parameters")
    typer.echo(f"  atips run {name}           its page, as a draft")
    typer.echo("  atips build                all pages, this one among them")


@for_readers()
def make_analysis(name: str, notebooks: Path, title: str = "") -> Path:
    """A copy of the template under `notebooks/research/`, and its row in `notebooks/pages.csv`.

    Raises InputError if the name is not small letters, digits and dashes, is taken, or there is no
    template.
    """
    if not GOOD_NAME.fullmatch(name) or len(name) > 50:
        raise InputError(
            f"{name!r} cannot be a notebook's name; write small letters, digits and dashes, "
            "such as age-of-cases"
        )
    path = notebooks / "research" / f"{name}.ipynb"
    rows, columns = _register(notebooks / "pages.csv")
    template = notebooks / "research" / TEMPLATE
    if not template.is_file():
        raise InputError(
            "the template is not there; get it back from the repository", file=template
        )
    words = " ".join(title.split()) or name.replace("-", " ").capitalize()
    row = {
        "notebook": f"research/{name}",
        "name": f"research/{name}",
        "title": words,
        "formats": "html pdf",
        "layout": "report",
        "from_records": "yes",
        "lang": "en",
        "about": f"Research: {words[:1].lower() + words[1:]}.",
    }
    filled, taken = _filled(template, words), any(one["name"] == row["name"] for one in rows)
    if taken or (path.exists() and path.read_text(encoding="utf-8") != filled):
        raise InputError(f"there is a research notebook {name!r} already; choose another name")
    # The register last: until it names the page, the same command once more finishes it.
    write_text(path, filled)
    _list_for_quarto(notebooks.parent / "_quarto.yml", f"notebooks/research/{name}.ipynb")
    lines = ([one.get(name, "") for name in columns] for one in (*rows, row))
    write_text(notebooks / "pages.csv", csv_text([columns, *lines]))
    return path


def _list_for_quarto(settings: Path, notebook: str) -> None:
    """Put the notebook among those that Quarto renders: any other it would copy as it stands."""
    if not settings.is_file():
        return
    lines = settings.read_text(encoding="utf-8").split("\n")
    listed = [at for at, line in enumerate(lines) if line.startswith(LISTED)]
    if listed and f"    - {notebook}" not in lines:
        lines.insert(listed[-1] + 1, f"    - {notebook}")
        write_text(settings, "\n".join(lines))


def _filled(template: Path, title: str) -> str:
    """The template with its title; what YAML could misread in it is quoted."""
    from atips_analysis.notebooks.notebook_cells import read_cells

    read_cells(template)  # refuses what is none
    document = read_json(template)
    quoted = json.dumps(title, ensure_ascii=False)
    first = document["cells"][0]
    first["source"] = "".join(first["source"]).replace("title: TITLE", f"title: {quoted}")
    first["source"] = first["source"].splitlines(keepends=True)
    return json.dumps(document, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def _register(path: Path) -> tuple[list[dict[str, str]], list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        return list(reader), list(reader.fieldnames or [])
