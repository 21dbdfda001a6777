"""The cell that declares the parameters of a notebook: ``name: type = value  # meaning``."""

from __future__ import annotations

import ast
import io
import tokenize
import types
import typing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

from atips_analysis.errors import InputError

# What an annotation may say; anything else is refused, so that -p NAME=VALUE has one meaning.
VOCABULARY = {
    "int": int,
    "float": float,
    "str": str,
    "bool": bool,
    "list": list,
    "Path": Path,
    "Literal": Literal,
    "None": None,
}


@dataclass(frozen=True)
class Parameter:
    """One line of the cell: ``year: int = 2024  # reporting year``."""

    name: str
    annotation: str
    type: Any
    default: Any
    meaning: str


def parameters_of(source: str, place: str) -> tuple[Parameter, ...]:
    """The parameters that the source of a cell declares; `place` is what messages call it."""
    try:
        lines = ast.parse(source).body
    except SyntaxError as error:
        raise InputError(
            f"the parameters cannot be read ({error.msg}, line {error.lineno})", file=place
        ) from None
    comments = _comments(source)
    parameters: list[Parameter] = []
    for line in lines:
        if isinstance(line, ast.Import | ast.ImportFrom):
            continue
        if (
            not isinstance(line, ast.AnnAssign)
            or not isinstance(line.target, ast.Name)
            or line.value is None
            or line.end_lineno not in comments
        ):
            raise InputError(
                f"line {line.lineno} of the parameters is not `name: type = value  # meaning`; "
                "write it so, one parameter a line",
                file=place,
            )
        name, annotation = line.target.id, ast.unparse(line.annotation)
        kind = _type_of(line.annotation, name, place)
        default = _default_of(line.value, kind, name, place)
        meaning = comments[line.end_lineno]
        parameters.append(Parameter(name, annotation, kind, default, meaning))
    return tuple(parameters)


def _comments(source: str) -> dict[int, str]:
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    return {
        token.start[0]: token.string.lstrip("# ").strip()
        for token in tokens
        if token.type == tokenize.COMMENT and token.string.strip("# ")
    }


def _type_of(annotation: ast.expr, name: str, place: str) -> Any:
    try:
        return eval(ast.unparse(annotation), {"__builtins__": {}}, dict(VOCABULARY))
    except Exception:
        raise InputError(
            f"parameter {name!r} has the type {ast.unparse(annotation)}, which is not known; use "
            "int, float, str, bool, Path, list[…], Literal[…], or one of them with | None",
            file=place,
        ) from None


def _default_of(value: ast.expr, kind: Any, name: str, place: str) -> Any:
    if isinstance(value, ast.Call) and ast.unparse(value.func) == "Path" and len(value.args) == 1:
        value = value.args[0]
    try:
        literal = ast.literal_eval(value)
    except ValueError:
        raise InputError(
            f"parameter {name!r} has a computed default; write a plain value", file=place
        ) from None
    literal = Path(literal) if kind is Path and isinstance(literal, str) else literal
    if not fits(literal, kind):
        raise InputError(f"the default of parameter {name!r} does not fit its type", file=place)
    return literal


def fits(value: Any, kind: Any) -> bool:
    """Whether a value is of the type that a parameter declares."""
    origin, members = get_origin(kind), get_args(kind)
    if kind is None or kind is type(None):
        return value is None
    if origin in {types.UnionType, typing.Union}:
        return any(fits(value, member) for member in members)
    if origin is list:
        return isinstance(value, list) and all(fits(part, members[0]) for part in value)
    if origin is Literal:
        return value in members
    if kind is float:
        return isinstance(value, int | float) and not isinstance(value, bool)
    if kind is int:
        return isinstance(value, int) and not isinstance(value, bool)
    return isinstance(value, kind)
