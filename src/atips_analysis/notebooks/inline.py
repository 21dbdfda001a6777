"""Inline expressions: the numbers in a notebook's words.

A Markdown cell holds Quarto's own form, a backquoted ``{python} expression``. When the house runs a
notebook, each expression is evaluated in its kernel, at its place between the code cells (Jupyter's
``user_expressions``), and its words take its place in the cell. JupyterLab and plain papermill
leave it unfilled, which is readable. Nothing that an earlier run left in a notebook is read.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from atips_analysis.errors import InputError
from atips_analysis.words.paragraphs import CODE, EXPRESSION

IN_KERNEL = (
    "__import__('atips_analysis.pages.inline_value', fromlist=['said']).said({expression}\n)"
)
"""What the kernel evaluates: the expression, and the words that may stand for its value."""


def expressions(text: str) -> tuple[str, ...]:
    """The expressions of a Markdown cell, in order, each once."""
    outside = CODE.sub("", text)
    return tuple(dict.fromkeys(found[1] for found in EXPRESSION.finditer(outside)))


def filled(text: str, values: dict[str, str]) -> str:
    """The cell with the words of each expression in its place; blocks of code stay as they are."""
    parts, at = [], 0
    for fence in CODE.finditer(text):
        parts += [_filled(text[at : fence.start()], values), fence[0]]
        at = fence.end()
    return "".join([*parts, _filled(text[at:], values)])


def _filled(text: str, values: dict[str, str]) -> str:
    return EXPRESSION.sub(lambda found: values[found[1]], text)


def asked(wanted: Iterable[str]) -> dict[str, str]:
    """The ``user_expressions`` of a request: each expression under its place."""
    return {
        str(place): IN_KERNEL.format(expression=expression)
        for place, expression in enumerate(wanted)
    }


def answered(wanted: Iterable[str], reply: dict[str, Any], place: str) -> dict[str, str]:
    """The words of each expression, from the kernel's reply.

    Raises InputError if an expression cannot be evaluated, or has no words: which one, where, and
    why.
    """
    found = {}
    for at, expression in enumerate(wanted):
        result = reply[str(at)]
        if result["status"] != "ok":
            said = " ".join(str(result.get("evalue", "")).split())
            kind = result.get("ename", "error")
            why = said if kind == "InputError" else f"{kind}: {said}"
            raise InputError(f"`{{python}} {expression}`: {why}", file=place)
        found[expression] = result["data"]["text/markdown"]
    return found
