"""The words of a notebook, looked at before it is run: no number is typed in them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from atips_analysis.errors import InputError
from atips_analysis.notebooks.inline import expressions
from atips_analysis.words.paragraphs import CODE, EXPRESSION
from atips_analysis.words.typed_numbers import typed_numbers

LEFT_OVER = re.compile(r"\{(?:python|r|julia|ojs)\}", re.IGNORECASE)
"""What Quarto runs, and this house would print as code."""


def check_words(cells: Iterable[Mapping[str, Any]], name: str) -> None:
    """Stop when a Markdown cell holds a typed number, or an expression that is not Python.

    `cells` have their sources as one text; `name` is what messages call the notebook.

    Raises
    ------
    InputError
        The notebook, the cell, what stands there, and what to write instead; in one line.
    """
    for number, cell in enumerate(cells, start=1):
        if cell["cell_type"] != "markdown":
            continue
        place = f"{name}, cell {number}"
        for expression in expressions(cell["source"]):
            _refuse_unreadable(expression, place)
        left = LEFT_OVER.search(CODE.sub("", EXPRESSION.sub("", cell["source"])))
        if left:
            raise InputError(
                f"{left[0]} opens an expression that does not end as one; write "
                "`{python} number(…)`, with a blank and between backquotes",
                file=place,
            )
        typed = typed_numbers(cell["source"])
        if typed:
            line, text = typed[0]
            raise InputError(
                f"the number “{text}” is typed; write an inline expression such as "
                "`{python} number(…)`, so that it follows the data",
                file=place,
                row=line,
            )


def _refuse_unreadable(expression: str, place: str) -> None:
    try:
        compile(expression, place, "eval")
    except SyntaxError as error:
        raise InputError(
            f"`{{python}} {expression}` is not Python ({error.msg}); write one expression, and "
            "longer computations in a code cell",
            file=place,
        ) from None
