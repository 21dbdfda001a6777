"""Quarto, where it is installed: it renders the executed notebook that the embedded renderer reads.

Each report is rendered in a staging folder of its own: Quarto writes beside its source, shares one
folder of resources between formats (so HTML and Typst run one after the other) and would edit the
repository's `.gitignore`. It never executes anything.
"""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from atips_analysis.errors import InputError, MachineError
from atips_analysis.publishing.embedded import check
from atips_analysis.publishing.fonts import copy_fonts, typefaces
from atips_analysis.publishing.markdown import Flattened
from atips_analysis.publishing.page import fragment_html
from atips_analysis.publishing.particulars import (
    made_from,
    publication_json,
    stage_filter,
    stage_pictures,
)
from atips_analysis.publishing.publication import Publication, theme_words

if TYPE_CHECKING:
    from atips_analysis.publishing.rendering import Report

TARGETS = {"html": "html", "pdf": "typst"}
FILTER = "quarto.lua"
SCRIPT = "publication.js"
THEME_FILES = (
    "publication.css",
    "publication.typ",
    "theme.scss",
    "typst-show.typ",
    "typst-template.typ",
)
TIME_LIMIT = 600


def find_quarto() -> Path | None:
    """The `quarto` program on PATH, or the one that the package `quarto-cli` brought."""
    on_path = shutil.which("quarto")
    if on_path:
        return Path(on_path)
    package = importlib.util.find_spec("quarto_cli")
    if package is None or package.origin is None:
        return None
    name = "quarto.exe" if os.name == "nt" else "quarto"
    found = sorted(Path(package.origin).parent.glob(f"**/bin/{name}"))
    return found[0] if found else None


def quarto_version(program: Path) -> str:
    """What `quarto --version` says."""
    return _run(program, ["--version"], Path.cwd()).strip()


def render(
    report: Report,
    flattened: Flattened,
    extension: Path,
    work: Path,
    formats: Sequence[str],
    program: Path,
) -> list[Path]:
    """Write the report's formats into `work`, one after the other; return their paths.

    The embedded renderer's filter reads the text first: what it refuses (a reference to nothing,
    a picture without words) Quarto would pass over with a warning.
    """
    check(report, flattened, extension, work)
    source = stage(report, flattened, extension, work, f"Quarto {quarto_version(program)}")
    made = []
    for kind in formats:
        _run(program, command_line(source.name, kind), work, report)
        file = work / f"{report.name}.{kind}"
        if not file.is_file():
            raise MachineError(
                f"Quarto left no {file.name}; use --renderer embedded, and see atips doctor"
            )
        made.append(file)
    return made


def command_line(source: str, kind: str) -> list[str]:
    """Quarto's arguments for one format; `--output` would take a bare name only, so none is given.

    `--no-execute` says a second time what `_quarto.yml` says: nothing is run here.
    """
    return ["render", source, "--to", TARGETS[kind], "--no-execute", "--quiet"]


def stage(report: Report, flattened: Flattened, extension: Path, work: Path, renderer: str) -> Path:
    """Fill the staging folder; return the notebook in it.

    It holds the notebook with its front matter first, one Markdown cell for what is said and no
    code, output or metadata; the pictures; the theme with its filter; the fonts; `_quarto.yml`.
    """
    publication = report.publication
    words = theme_words(extension, publication)
    project_file = extension.parent.parent / "_quarto.yml"
    if not project_file.is_file():
        raise MachineError("_quarto.yml is missing; restore it from the repository")
    shutil.copyfile(project_file, work / "_quarto.yml")
    for file in THEME_FILES:
        shutil.copyfile(extension / file, work / file)
    stage_filter(extension, FILTER, work)
    copy_fonts(typefaces().files, work / "fonts")
    stage_pictures(flattened, work)
    particulars = publication_json(publication, words, renderer)
    (work / "publication.json").write_text(json.dumps(particulars), encoding="utf-8")
    lines = made_from(publication, words, renderer)
    scripts = {"before": "", "after": (extension / SCRIPT).read_text(encoding="utf-8")}
    for part, script in scripts.items():
        html = fragment_html(f"quarto-{part}.html", publication, words, lines, extension, script)
        (work / f"{part}.html").write_text(html, encoding="utf-8", newline="\n")
    notebook = work / f"{report.name}.ipynb"
    notebook.write_text(
        json.dumps(staged_notebook(flattened, publication, words), ensure_ascii=False, indent=1),
        encoding="utf-8",
        newline="\n",
    )
    return notebook


def staged_notebook(
    flattened: Flattened, publication: Publication, words: dict[str, str]
) -> dict[str, Any]:
    """The same Markdown that the embedded renderer reads, as a notebook for Quarto."""
    opening = front_matter(publication, words)
    cells = [
        {"cell_type": "raw", "id": "cell-1", "metadata": {}, "source": opening},
        {"cell_type": "markdown", "id": "cell-2", "metadata": {}, "source": flattened.text},
    ]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return {
        "cells": cells,
        "metadata": {"kernelspec": kernel},
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def front_matter(publication: Publication, words: dict[str, str]) -> str:
    """The publication's particulars as YAML between `---` lines.

    Our own keys stand under `params`, where no key of theirs can disturb Quarto's templates. No
    date is among them: the one that files carry is fixed, and Quarto would print it as the day
    of publication.
    """
    import yaml

    marks = [words["simulated"]] if publication.simulated else []
    tab = [part for part in (publication.title, publication.period, *marks) if part]
    values: dict[str, Any] = {
        "title": publication.title,
        "lang": publication.lang,
        "pagetitle": " – ".join(tab),
        "params": {
            "draft": publication.draft,
            "simulated": publication.simulated,
            "period": publication.period,
        },
    }
    if publication.simulated:
        values["pagetitle"] = f"{publication.title} – {words['simulated']}"
    if publication.subtitle:
        values["subtitle"] = publication.subtitle
    if publication.description:
        values["description"] = publication.description
    text = yaml.safe_dump(values, allow_unicode=True, sort_keys=True, width=10_000)
    return f"---\n{text}---"


def _run(
    program: Path, arguments: Sequence[str], folder: Path, report: Report | None = None
) -> str:
    environment = {**os.environ, "TZ": "UTC"}
    if report is not None:
        environment["SOURCE_DATE_EPOCH"] = str(report.publication.timestamp)
    try:
        done = subprocess.run(
            [str(program), *arguments],
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
            encoding="utf-8",
            errors="replace",
            timeout=TIME_LIMIT,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise MachineError(
            f"Quarto did not run ({type(error).__name__}); use --renderer embedded"
        ) from None
    unresolved = "Unable to resolve crossref" in done.stderr
    if done.returncode == 0 and not unresolved:
        return done.stdout
    said = " ".join(done.stderr.split())[:300] or f"exit code {done.returncode}"
    if report is None:
        raise MachineError(f"Quarto does not work: {said}; use --renderer embedded")
    raise InputError(f"Quarto cannot render this: {said}", file=report.notebook.name)
