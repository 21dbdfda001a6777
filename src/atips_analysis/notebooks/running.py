"""A notebook run by papermill, with checked parameters, to the same bytes every time."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from atips_analysis.errors import AtipsError, FindingsError, InputError, MachineError
from atips_analysis.files import write_whole
from atips_analysis.notebooks.notebook_cells import read_cells
from atips_analysis.notebooks.notebook_language import DRAFTS, in_language_of, note_drafts
from atips_analysis.notebooks.parameter_cell import checked_values, declared_parameters
from atips_analysis.notebooks.stripping import KERNEL, stripped
from atips_analysis.notebooks.words_check import check_words
from atips_analysis.project import Project, find_project, known_to_kernels
from atips_analysis.words import by_language, in_language
from atips_analysis.words.catalogues import SOURCE

COUNTRY = "{country}"
"""In front matter: the name of the country, in the page's language."""

__all__ = ["declared_parameters", "run_notebook"]

STARTS = 3
HOUSE_ERRORS: dict[str, type[AtipsError]] = {
    "AtipsError": AtipsError,
    "InputError": InputError,
    "FindingsError": FindingsError,
    "MachineError": MachineError,
}
MACHINE_FAULTS = {
    "ModuleNotFoundError",
    "MemoryError",
    "OSError",
    "PermissionError",
    "DeadKernelError",
}


def run_notebook(notebook: Path, out: Path, parameters: Mapping[str, Any] | None = None) -> Path:
    """Run `notebook` from its first cell to its last and write it, executed, to `out`.

    The kernel works in the folder of `out`, which is made. Relative paths given for parameters of
    type `Path` are taken from the caller's working folder, those that the notebook itself declares
    from the folder of the project. `out` is written when every cell ran, and not touched otherwise.

    Parameters
    ----------
    parameters : mapping
        Values by name; text is converted to the declared type.

    Returns
    -------
    Path
        `out`.

    Raises
    ------
    InputError
        If a number is typed in words (`check_words`), a parameter is unknown or of the wrong
        type, an expression has no words, or a cell fails: the notebook, the cell
        and the message in one line. An error of this library raised in a cell is raised again
        with its own text.
    MachineError
        If no kernel starts, or the machine lacks what a cell needs.
    """
    check_words(read_cells(notebook), notebook.name)
    values = _default_paths(notebook) | checked_values(notebook, parameters or {})
    out.parent.mkdir(parents=True, exist_ok=True)
    project = find_project(notebook.resolve().parent)
    with known_to_kernels(project.root):
        executed = _executed(notebook, values, out.parent.resolve())
    _name_country(executed, project, str(values.get("lang") or SOURCE))
    _hide_places(executed, values)
    drafts = note_drafts(executed)
    plain = stripped(executed)
    if drafts:
        plain["metadata"][DRAFTS] = drafts
    text = json.dumps(plain, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    return write_whole(out, text.encode())


def _name_country(executed: Any, project: Project, lang: str) -> None:
    """Fill `{country}` where front matter has it."""
    for cell in executed["cells"]:
        if cell["cell_type"] == "raw" and COUNTRY in cell["source"]:
            names = by_language(project.profile["country"], "name")
            name = in_language(names, lang, "name of the country", "data/council/profile.toml")
            cell["source"] = cell["source"].replace(COUNTRY, name)


def _default_paths(notebook: Path) -> dict[str, Any]:
    root = find_project(notebook.resolve().parent).root
    return {
        parameter.name: root / parameter.default
        for parameter in declared_parameters(notebook)
        if isinstance(parameter.default, Path)
    }


def _executed(notebook: Path, values: Mapping[str, Any], folder: Path) -> Any:
    import nbformat
    from nbclient.exceptions import DeadKernelError
    from papermill import execute_notebook
    from papermill.exceptions import PapermillExecutionError
    from zmq import ZMQError

    from atips_analysis.notebooks.engine import NAME
    from atips_analysis.notebooks.kernels import manager_class

    _register_paths()
    for attempt in range(1, STARTS + 1):
        document = nbformat.read(notebook, as_version=4)
        document = in_language_of(document, values, notebook.name)
        document.metadata.kernelspec = dict(KERNEL)
        try:
            with _unlogged("papermill"):  # what fails is said once, below
                return execute_notebook(
                    document,
                    None,
                    _absolute(values) or None,
                    engine_name=NAME,
                    name=notebook.name,
                    injected=_injected_at(document) if values else None,
                    progress_bar=False,
                    record_timing=False,
                    request_save_on_cell_execute=False,
                    kernel_name="python3",
                    language="python",
                    start_timeout=120,
                    execution_timeout=None,
                    kernel_manager_class=manager_class(),
                    resources={"metadata": {"path": str(folder)}},
                )
        except PapermillExecutionError as error:
            raise _failure(error, notebook, _injected_at(document) if values else None) from None
        except (DeadKernelError, RuntimeError, TimeoutError, OSError, ZMQError) as error:
            if isinstance(error, DeadKernelError):
                raise MachineError(
                    f"{notebook.name}: the kernel died while a cell ran, which mostly means too "
                    "little memory; close other programs and run again"
                ) from None
            if attempt == STARTS:
                raise MachineError(
                    f"{notebook.name}: no kernel started in {STARTS} attempts "
                    f"({_one_line(str(error))}), as where disk or memory are full; make room, or "
                    "ask atips doctor what is missing"
                ) from None
    raise AssertionError("unreachable")  # pragma: no cover


@contextmanager
def _unlogged(name: str) -> Iterator[None]:
    logger = logging.getLogger(name)
    before, logger.disabled = logger.disabled, not os.environ.get("ATIPS_DEBUG")
    try:
        yield
    finally:
        logger.disabled = before


def _failure(error: Any, notebook: Path, injected: int | None) -> AtipsError:
    message = _one_line(str(error.evalue))
    if error.ename in HOUSE_ERRORS:
        failure = HOUSE_ERRORS[error.ename].__new__(HOUSE_ERRORS[error.ename])
        failure.args = (message,)
        return failure
    kind = MachineError if error.ename in MACHINE_FAULTS else InputError
    # Papermill puts a cell with the given values behind the notebook's own.
    before = int(injected is not None and error.cell_index >= injected)
    place = f"{notebook.name}: cell {error.cell_index + 1 - before}"
    return kind(f"{place} failed ({error.ename}: {message}); mend it and run again")


def _injected_at(document: Any) -> int:
    tagged = [
        index
        for index, cell in enumerate(document.cells)
        if "parameters" in cell.metadata.get("tags", [])
    ]
    return tagged[0] + 1 if tagged else 0


def _one_line(text: str) -> str:
    short = " ".join(text.split())
    return short if len(short) <= 400 else short[:399] + "…"


class PathText(str):
    """A path on its way through papermill, which takes JSON only."""


def _absolute(values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: PathText(value.resolve().as_posix()) if isinstance(value, Path) else value
        for name, value in values.items()
    }


def _hide_places(executed: Any, values: Mapping[str, Any]) -> None:
    """Write the given paths without the machine's folders in front of them."""
    for cell in executed.cells:
        if "injected-parameters" not in cell.metadata.get("tags", []):
            continue
        for value in values.values():
            if isinstance(value, Path):
                place = value.resolve()
                inside = place.is_relative_to(Path.cwd())
                shown = place.relative_to(Path.cwd()).as_posix() if inside else place.name
                cell.source = cell.source.replace(repr(place.as_posix()), repr(shown))


def _register_paths() -> None:
    """Teach papermill to write a path as a path, not as a text."""
    from papermill.translators import PythonTranslator, papermill_translators

    class HouseTranslator(PythonTranslator):  # type: ignore[misc]
        @classmethod
        def translate(cls, value: Any) -> Any:
            if isinstance(value, PathText):
                return f"Path({str(value)!r})"
            return super().translate(value)

    papermill_translators.register("python", HouseTranslator)
