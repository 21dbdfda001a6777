"""A notebook in another language: the same cells, with the catalogue's paragraphs."""

from __future__ import annotations

import copy
import re
from typing import Any

from atips_analysis.errors import InputError
from atips_analysis.words.catalogues import SOURCE, shown_name
from atips_analysis.words.paragraphs import Piece, expressions, pieces
from atips_analysis.words.translator import Translator

FRONT_MATTER = ("title", "subtitle", "description", "abstract")
"""What the front matter says in words."""


def translate_cells(notebook: Any, translator: Translator, name: str = "notebook") -> Any:
    """The same notebook with its Markdown cells and front matter in the translator's language.

    Code cells stay as they are: what they say goes through a translator when they run.

    Parameters
    ----------
    notebook : a notebook as nbformat or JSON has it (version 4)
    name : str
        What errors call it.

    Raises
    ------
    InputError
        If the catalogue lacks a paragraph, or has other inline expressions in it than the
        notebook: one line with notebook, cell and what to do.
    """
    if translator.lang == SOURCE:
        return notebook
    there = copy.deepcopy(notebook)
    for number, cell in enumerate(there["cells"], start=1):
        place = f"{name}: cell {number}"
        source = source_of(cell)
        if is_front_matter(cell, number):
            cell["source"] = _front_matter(source, translator, place)
        elif cell["cell_type"] == "markdown":
            cell["source"] = "".join(
                _translated(piece, translator, place) for piece in pieces(source)
            )
    return there


def source_of(cell: Any) -> str:
    """The source of a cell as one text; files may keep it as a list of lines."""
    return cell["source"] if isinstance(cell["source"], str) else "".join(cell["source"])


def is_front_matter(cell: Any, number: int) -> bool:
    """Whether a cell, by its number from 1, is the notebook's front matter in YAML."""
    return (
        number == 1
        and cell["cell_type"] in ("raw", "markdown")
        and source_of(cell).lstrip().startswith("---")
    )


def front_matter_of(source: str) -> dict[str, Any]:
    """The fields of a front matter cell."""
    import yaml

    inside = re.fullmatch(r"---\s*\n(.*?)\n?(?:---|\.\.\.)?", source.strip(), re.DOTALL)
    found = yaml.safe_load(inside.group(1)) if inside else None
    return found if isinstance(found, dict) else {}


def _front_matter(source: str, translator: Translator, place: str) -> str:
    import yaml

    fields = front_matter_of(source)
    for name in FRONT_MATTER:
        if fields.get(name):
            fields[name] = _translated(Piece(str(fields[name]), 1, True), translator, place)
    fields["lang"] = translator.lang
    said = yaml.safe_dump(fields, allow_unicode=True, sort_keys=False, width=10_000)
    return f"---\n{said}---"


def _translated(piece: Piece, translator: Translator, place: str) -> str:
    if not piece.message:
        return piece.text
    try:
        text = translator(piece.text)
    except InputError as error:
        raise InputError(f"{place}: {error}") from None
    here, there = set(expressions(piece.text)), set(expressions(text))
    if here != there:
        odd = sorted(here ^ there)[0]
        short = " ".join(piece.text.split())[:60]
        raise InputError(
            f'{place}: the translation of "{short}…" and the paragraph do not have the same '
            f"expressions (`{{python}} {odd}` is in one alone); copy them to "
            f"{shown_name(translator.lang)} unchanged"
        )
    return text
