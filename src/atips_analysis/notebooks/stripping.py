"""An executed notebook without what differs from run to run: times, identifiers, machines."""

from __future__ import annotations

from typing import Any

SHOWN = ("text/markdown", "text/html", "image/svg+xml")
"""What a cell shows, beside its Markdown, to whoever opens the executed notebook."""

KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}


def stripped(notebook: Any) -> dict[str, Any]:
    """The notebook as plain JSON: sources, counts and outputs; the same run gives the same.

    Papermill's and the kernel's timings go, cell identifiers become numbers, tags go (Quarto
    would carry them into the page), and of what a cell shows the object's address beside its
    Markdown goes.
    """
    return {
        "cells": [_cell(cell, number) for number, cell in enumerate(notebook["cells"], start=1)],
        "metadata": {"kernelspec": KERNEL, "language_info": {"name": "python"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def _cell(cell: Any, number: int) -> dict[str, Any]:
    kept = {
        "cell_type": cell["cell_type"],
        "id": f"cell-{number}",
        "metadata": {},
        "source": "".join(cell["source"]),
    }
    if cell["cell_type"] != "code":
        return kept
    return kept | {
        "execution_count": cell.get("execution_count"),
        "outputs": [_output(output) for output in cell.get("outputs", [])],
    }


def _output(output: Any) -> dict[str, Any]:
    kept = {key: value for key, value in output.items() if key != "transient"}
    if "data" in kept:
        data = dict(kept["data"])
        if "text/markdown" in data:
            data = {kind: one for kind, one in data.items() if kind.partition(";")[0] in SHOWN}
        kept |= {"data": data, "metadata": {}}
    return kept
