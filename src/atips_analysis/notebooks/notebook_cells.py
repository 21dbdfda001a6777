"""The cells of a notebook file, and the front matter that they declare."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from atips_analysis.errors import InputError
from atips_analysis.files import read_json


def read_cells(notebook: Path) -> list[dict[str, Any]]:
    """The cells of a notebook file, sources and texts joined."""
    try:
        document = read_json(notebook)
        cells: list[dict[str, Any]] = document["cells"]
        return [cell | {"source": "".join(cell.get("source", ""))} for cell in cells]
    except FileNotFoundError:
        raise InputError("no such notebook; check the name", file=notebook.name) from None
    except (ValueError, KeyError, TypeError, AttributeError):
        raise InputError(
            "this is not a Jupyter notebook; open and save it in Jupyter", file=notebook.name
        ) from None


def split_front_matter(
    cells: list[dict[str, Any]], notebook: Path
) -> tuple[dict[str, Any], list[tuple[int, dict[str, Any]]]]:
    """The YAML between `---` lines in the first cell, and the other cells with their numbers."""
    numbered = list(enumerate(cells, start=1))
    if not cells or cells[0].get("cell_type") not in {"raw", "markdown"}:
        return {}, numbered
    found = front_matter_in(cells[0]["source"], f"{notebook.name}, cell 1")
    return ({}, numbered) if found is None else (found, numbered[1:])


def front_matter_in(text: str, place: str) -> dict[str, Any] | None:
    """The values of a text that is a YAML block between `---` lines and nothing else.

    What a cell computes about the publication (its title, whether records are simulated) it shows
    as such a block; Quarto reads these too.
    """
    import yaml

    found = re.fullmatch(r"\s*---[ \t]*\n(.*?)\n---\s*", text, re.DOTALL)
    if found is None or not re.match(r"\s*[\w-]+\s*:", found[1]):
        return None
    try:
        values = yaml.safe_load(found[1])
    except yaml.YAMLError as error:
        problem = getattr(error, "problem", None) or "not YAML"
        raise InputError(
            f"the front matter cannot be read ({problem}); write one `name: value` a line",
            file=place,
        ) from None
    return values if isinstance(values, dict) else None
