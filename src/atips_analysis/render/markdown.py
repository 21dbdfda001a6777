"""An executed notebook, flattened: one Markdown text, its front matter, its picture files."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from atips_analysis.errors import InputError
from atips_analysis.notebooks.notebook_cells import front_matter_in, read_cells, split_front_matter

PICTURE = re.compile(r"\]\(\s*<?([^)>\s]+\.(?:svg|png|jpe?g))>?[^)]*\)", re.IGNORECASE)
ELSEWHERE = re.compile(r"^(?:[a-z][a-z0-9+.-]*:|//|/)", re.IGNORECASE)


@dataclass(frozen=True)
class Flattened:
    """What a renderer needs of a notebook.

    `text` is the Markdown without front matter; `front_matter` what the first cell declares;
    `pictures` are paths relative to `folder`, in order of appearance; `drawn` those of them that
    the notebook itself carries, as SVG by file name.
    """

    text: str
    front_matter: dict[str, Any]
    folder: Path
    pictures: tuple[str, ...]
    drawn: Mapping[str, str] = field(default_factory=dict)


def flatten(notebook: Path) -> Flattened:
    """Markdown cells and the Markdown that code cells left, in order.

    Raises InputError if a cell was never run or holds an error; if it left text, HTML or a picture
    instead of Markdown; if a picture is missing or lies elsewhere than beside the notebook.
    """
    cells = read_cells(notebook)
    front_matter, cells_after = split_front_matter(cells, notebook)
    parts = []
    for number, cell in cells_after:
        for part in _markdown_of(cell, number, notebook):
            found = front_matter_in(part, f"{notebook.name}, cell {number}")
            if found is None:
                parts.append(part)
            else:
                front_matter |= found
    text = "\n\n".join(part.strip("\n") for part in parts if part.strip()) + "\n"
    drawn = _drawn(cells)
    return Flattened(
        text=text,
        front_matter=front_matter,
        folder=notebook.parent,
        pictures=_checked_pictures(text, drawn, notebook),
        drawn=drawn,
    )


def _markdown_of(cell: dict[str, Any], number: int, notebook: Path) -> list[str]:
    if cell["cell_type"] == "markdown":
        return [cell["source"]]
    if cell["cell_type"] != "code" or not cell["source"].strip():
        return []
    if cell.get("execution_count") is None:
        raise InputError(f"cell {number} was not run; run the notebook first", file=notebook.name)
    return [
        text
        for output in cell.get("outputs", [])
        if (text := _markdown_output(output, number, notebook)) is not None
    ]


def _markdown_output(output: dict[str, Any], number: int, notebook: Path) -> str | None:
    kind = output["output_type"]
    if kind == "error":
        raise InputError(
            f"cell {number} holds an error ({output.get('ename')}: {output.get('evalue')}); "
            "mend it and run the notebook again",
            file=notebook.name,
        )
    if kind == "stream":
        if output.get("name") == "stderr":  # warnings are for the log, not for the page
            return None
        raise InputError(
            f"cell {number} prints plain text, which a page cannot show; "
            "use display(Markdown(…)) instead of print",
            file=notebook.name,
        )
    data = output.get("data", {})
    if "text/markdown" in data:
        return "".join(data["text/markdown"])
    raise InputError(
        f"cell {number} leaves {_kind_of(data)}, which a page cannot show; end the cell with "
        "display(Markdown(…)), save pictures to a file, and close a last line with a semicolon",
        file=notebook.name,
    )


def _kind_of(data: dict[str, Any]) -> str:
    if any(kind.startswith("image/") for kind in data):
        return "a picture that was not saved to a file"
    if "text/html" in data:
        return "an HTML table or widget"
    return "a plain value"


def _drawn(cells: list[dict[str, Any]]) -> dict[str, str]:
    """Drawings that outputs carry beside the Markdown that names their file."""
    found: dict[str, str] = {}
    for cell in cells:
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            named = PICTURE.findall("".join(data.get("text/markdown", "")))
            # The one for a phone, "image/svg+xml;width=narrow", is named first.
            kinds = sorted(
                (kind for kind in data if kind.startswith("image/svg+xml")), reverse=True
            )
            found |= {name: "".join(data[kind]) for name, kind in zip(named, kinds, strict=False)}
    return found


def _checked_pictures(text: str, drawn: Mapping[str, str], notebook: Path) -> tuple[str, ...]:
    pictures = tuple(dict.fromkeys(PICTURE.findall(text)))
    for picture in pictures:
        if ELSEWHERE.match(picture) or ".." in Path(picture).parts:
            raise InputError(
                f"picture {picture} lies elsewhere; save it beside the notebook and name it "
                "relative to it",
                file=notebook.name,
            )
        if picture not in drawn and not (notebook.parent / picture).is_file():
            raise InputError(
                f"picture {picture} is missing; the cell that saves it has to run before it is "
                "shown",
                file=notebook.name,
            )
    return pictures
