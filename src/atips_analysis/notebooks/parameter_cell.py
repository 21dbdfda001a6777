"""The parameters of a notebook: what its `parameters` cell declares, and values checked by it."""

from __future__ import annotations

import types
import typing
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

from atips_analysis.errors import InputError
from atips_analysis.notebooks.notebook_cells import read_cells
from atips_analysis.pages.parameters import Parameter, fits, parameters_of

YES = {"yes", "true", "1", "on"}
NO = {"no", "false", "0", "off"}


def declared_parameters(notebook: Path) -> tuple[Parameter, ...]:
    """The parameters that a notebook declares, in order.

    Raises InputError if a line of the cell tagged `parameters` is not ``name: type = value  #
    meaning``, or its default does not fit its type.
    """
    for number, cell in enumerate(read_cells(notebook), start=1):
        if "parameters" in cell.get("metadata", {}).get("tags", []):
            return parameters_of(cell["source"], f"{notebook.name}, cell {number}")
    return ()


def checked_values(notebook: Path, given: Mapping[str, Any]) -> dict[str, Any]:
    """The given values as the notebook's types say; text is converted ("2024" to 2024).

    Raises
    ------
    InputError
        One line naming the known parameters, if a name is unknown; one naming the type, if a
        value does not fit.
    """
    declared = {parameter.name: parameter for parameter in declared_parameters(notebook)}
    unknown = [name for name in given if name not in declared]
    if unknown:
        known = ", ".join(declared) if declared else "none"
        raise InputError(
            f"parameter {unknown[0]!r} is not known; the notebook's parameters are: {known}",
            file=notebook.name,
        )
    return {name: _converted(value, declared[name], notebook.name) for name, value in given.items()}


def parse_assignments(pairs: list[str]) -> dict[str, str]:
    """`NAME=VALUE` texts of the command line as a mapping."""
    values: dict[str, str] = {}
    for pair in pairs:
        name, sign, value = pair.partition("=")
        name = name.strip()
        if not sign or not name:
            raise InputError(f"-p {pair!r} is not NAME=VALUE; write, for example, -p year=2024")
        if name in values:
            raise InputError(f"parameter {name!r} is given twice; give it once")
        values[name] = value
    return values


def _converted(value: Any, parameter: Parameter, notebook: str) -> Any:
    result = _from_text(value, parameter.type) if isinstance(value, str) else value
    if isinstance(result, Path) and parameter.type is str:
        result = str(result)
    if isinstance(result, tuple):
        result = list(result)
    if fits(result, parameter.type):
        return result
    raise InputError(
        f"parameter {parameter.name!r} has to be {_in_words(parameter.type)}, not {value!r}"
        + (f" ({parameter.meaning})" if parameter.meaning else ""),
        file=notebook,
    )


def _from_text(text: str, kind: Any) -> Any:
    """The value that a text stands for, or the text itself if it stands for none."""
    origin, members = get_origin(kind), get_args(kind)
    if origin in {types.UnionType, typing.Union}:
        return _of_either(text, members)
    if origin is list:
        parts = [part.strip() for part in text.split(",") if part.strip()]
        return [_from_text(part, members[0] if members else str) for part in parts]
    if origin is Literal:
        return next((member for member in members if str(member) == text.strip()), text)
    if kind is bool:
        word = text.strip().lower()
        return True if word in YES else False if word in NO else text
    if kind is Path:
        return Path(text)
    if kind in {int, float}:
        try:
            return kind(text.strip())
        except ValueError:
            return text
    return text


def _of_either(text: str, members: tuple[Any, ...]) -> Any:
    if text.strip().lower() in {"", "none"} and type(None) in members:
        return None
    for member in members:
        value = _from_text(text, member)
        if member is not type(None) and fits(value, member):
            return value
    return text


def _in_words(kind: Any) -> str:
    origin, members = get_origin(kind), get_args(kind)
    if origin in {types.UnionType, typing.Union}:
        return " or ".join(_in_words(member) for member in members)
    if origin is list:
        return f"a list of {_in_words(members[0]) if members else 'values'}, comma between"
    if origin is Literal:
        return "one of " + ", ".join(str(member) for member in members)
    words = {
        int: "a whole number",
        float: "a number",
        bool: "yes or no",
        str: "a text",
        Path: "a path",
        type(None): "none",
    }
    return words.get(kind, str(kind))
