"""Quarto, where it is installed: it renders the executed notebook that the embedded renderer reads.

Each report is rendered in a staging folder of its own: Quarto writes beside its source and shares
one folder of resources between formats (so HTML and Typst run one after the other). It never
executes anything. What it writes is the embedded renderer's page: the same filter numbers and
names everything before Quarto's own filters run, and the same template is filled.

Facts about Quarto that this rests on, read in its source (1.11) and kept by the tests' stand-in:

- a cell's `source` that is one text loses its line ends, a list of lines keeps them;
- its reader has `table_attributes` off, so that `{#tbl-…}` is still text when our filter runs;
- it tells Pandoc no width of lines, so that columns of a pipe table with long lines get shares;
- sections come with its theme, or where they are asked for;
- `--quiet` empties standard error even when it fails, `--log-level warning` does not;
- `pdf-standard` and the Typst (0.14) that the template needs came with Quarto 1.9.
"""

from __future__ import annotations

import importlib.util
import json
import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from atips_analysis.errors import InputError, MachineError
from atips_analysis.render.markdown import Flattened
from atips_analysis.render.pandoc import FOR_THE_AUTHOR
from atips_analysis.render.publication import Publication
from atips_analysis.render.staging import Staged, stage

if TYPE_CHECKING:
    from atips_analysis.render.publication import Report

TARGETS = {"html": "atips-html", "pdf": "atips-typst"}
SINCE = (1, 9)
TIME_LIMIT = 600
VERSION_TIME_LIMIT = 60
COLOUR = re.compile(r"\x1b\[[0-9;]*m")
UNRESOLVED = "Unable to resolve crossref"


@dataclass(frozen=True)
class Verdict:
    """Whether there is a Quarto that can be used, which, and the reason in words."""

    program: Path | None
    version: str
    works: bool
    why: str


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


def verdict() -> Verdict:
    """Look for Quarto, ask it for its version, and say whether it can be used."""
    return _verdict(find_quarto())


@cache
def _verdict(program: Path | None) -> Verdict:
    if program is None:
        return Verdict(None, "", False, "Quarto was not found")
    try:
        said = _run(program, ["--version"], Path.cwd(), {}, VERSION_TIME_LIMIT)
    except MachineError as error:
        return Verdict(program, "", False, f"Quarto does not work: {error}")
    if said.returncode != 0:
        return Verdict(program, "", False, f"Quarto does not work: {_words_of(said)}")
    version = said.stdout.strip()
    numbers = re.match(r"(\d+)\.(\d+)", version)
    if numbers is None:
        return Verdict(program, "", False, "Quarto does not work: it does not tell its version")
    if (int(numbers[1]), int(numbers[2])) < SINCE:
        least = ".".join(map(str, SINCE))
        return Verdict(program, version, False, f"Quarto {version} is too old ({least} is needed)")
    return Verdict(program, version, True, f"Quarto {version} was found")


def render(
    report: Report,
    flattened: Flattened,
    extension: Path,
    work: Path,
    formats: Sequence[str],
    found: Verdict,
) -> list[Path]:
    """Write the report's formats into `work`, one after the other; return their paths.

    Raises InputError with the filter's words, if the report cannot be shown. Raises MachineError if
    Quarto fails, hangs or writes nothing: with its own words.
    """
    assert found.program is not None
    staged = stage(report, flattened, extension, work, f"Quarto {found.version}")
    source = write_source(report, flattened, staged)
    environment = {"TZ": "UTC", "SOURCE_DATE_EPOCH": str(report.publication.timestamp)}
    made = []
    for kind in formats:
        done = _run(found.program, command_line(source.name, kind), work, environment, TIME_LIMIT)
        file = work / f"{report.name}.{kind}"
        _refuse_failure(done, file, report)
        made.append(file)
    return made


def command_line(source: str, kind: str) -> list[str]:
    """Quarto's arguments for one format; `--output` would take a bare name only, so none is given.

    `--no-execute` says a second time what the extension says: nothing is run here.
    """
    return ["render", source, "--to", TARGETS[kind], "--no-execute", "--log-level", "warning"]


def write_source(report: Report, flattened: Flattened, staged: Staged) -> Path:
    """Put the notebook and the settings into the staging folder; return the notebook."""
    settings = {
        "project": {"type": "default"},
        "format": {
            # The page is the house's own, whole: no Bootstrap, no scripts of Quarto's.
            TARGETS["html"]: {
                "template": staged.page.name,
                "theme": "none",
                "minimal": True,
                "embed-resources": True,
            },
            TARGETS["pdf"]: {"font-paths": [staged.fonts.name]},
        },
    }
    # JSON is YAML.
    (staged.work / "_quarto.yml").write_text(json.dumps(settings), encoding="utf-8")
    notebook = staged.work / f"{report.name}.ipynb"
    document = as_notebook(front_matter(report.publication, staged.mark), flattened.text)
    notebook.write_text(json.dumps(document, ensure_ascii=False, indent=1), encoding="utf-8")
    return notebook


def as_notebook(opening: str, text: str, attachments: dict[str, Any] | None = None) -> Any:
    """A notebook for Quarto: front matter, one Markdown cell; no code, output or metadata."""
    cell: dict[str, Any] = {"cell_type": "markdown", "id": "cell-2", "metadata": {}}
    if attachments:
        cell["attachments"] = attachments
    front = {"cell_type": "raw", "id": "cell-1", "metadata": {}}
    return {
        "cells": [
            front | {"source": opening.splitlines(keepends=True)},
            cell | {"source": text.splitlines(keepends=True)},
        ],
        "metadata": {
            "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def front_matter(publication: Publication, mark: str, **more: Any) -> str:
    """The publication's title and its mark as YAML between `---` lines.

    No date is among them: the one that files carry is fixed, and Quarto would print it as the day
    of publication.
    """
    import yaml

    values: dict[str, Any] = {"title": publication.title, "lang": publication.lang, "atips": mark}
    if publication.subtitle:
        values["subtitle"] = publication.subtitle
    if publication.description:
        values["description"] = publication.description
    text = yaml.safe_dump(values | more, allow_unicode=True, sort_keys=True, width=10_000_000)
    return f"---\n{text}---\n"


def _refuse_failure(done: subprocess.CompletedProcess[str], file: Path, report: Report) -> None:
    own = FOR_THE_AUTHOR.search(done.stderr)
    if own:
        raise InputError(own[1].strip(), file=report.notebook.name)
    if done.returncode != 0 or UNRESOLVED in done.stderr:
        raise MachineError(
            f"{report.notebook.name}: Quarto cannot render this: {_words_of(done)}; "
            "use --renderer embedded"
        )
    if not file.is_file() or not file.stat().st_size:
        raise MachineError(
            f"{report.notebook.name}: Quarto left no {file.name}; use --renderer embedded, and see "
            "atips doctor"
        )


def _words_of(done: subprocess.CompletedProcess[str]) -> str:
    said = " ".join(COLOUR.sub("", done.stderr).split())
    return said[:300] or f"exit code {done.returncode}"


def _run(
    program: Path,
    arguments: Sequence[str],
    folder: Path,
    environment: dict[str, str],
    time_limit: int,
) -> subprocess.CompletedProcess[str]:
    try:
        return run_in_group(
            [str(program), *arguments], folder, {**os.environ, **environment}, time_limit
        )
    except subprocess.TimeoutExpired:
        raise MachineError(
            f"Quarto was stopped after {time_limit} s; use --renderer embedded"
        ) from None
    except OSError as error:
        raise MachineError(
            f"Quarto did not start ({error.strerror}); use --renderer embedded"
        ) from None


def run_in_group(
    command: Sequence[str], folder: Path, environment: dict[str, str], time_limit: int
) -> subprocess.CompletedProcess[str]:
    """Run a command to its end; past the limit it is stopped with all that it started.

    `quarto` is a script that starts other programs, which would go on and hold its output.
    """
    process = subprocess.Popen(
        command,
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        errors="replace",
        start_new_session=os.name != "nt",
    )
    try:
        out, err = process.communicate(timeout=time_limit)
    except BaseException:
        _stop(process)
        raise
    return subprocess.CompletedProcess(list(command), process.returncode, out, err)


def _stop(process: subprocess.Popen[str]) -> None:
    import signal

    try:
        if os.name == "nt":
            process.kill()
        else:
            os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    process.communicate()
