"""Finding the messages of code and notebooks, for Babel."""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from atips_analysis.files import read_json
from atips_analysis.words.documents import sentences_of
from atips_analysis.words.paragraphs import expressions, pieces
from atips_analysis.words.translated_notebook import (
    FRONT_MATTER,
    front_matter_of,
    is_front_matter,
    source_of,
)

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog

Found = tuple[int, Any, Any, Any]
"""Line (in a notebook: the cell's number), function, message and comments, as Babel wants them."""

LANGUAGE = re.compile(r"^lang\s*:", re.MULTILINE)
"""What the parameters of a notebook declare that is said in more than one language."""

KEYWORDS: dict[str, Any] = {
    "_": None,
    "N_": None,
    "NC_": ((1, "c"), 2),
    "Message": None,
    "worded": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
}


def extract_notebook(
    fileobj: IO[bytes], keywords: Any, comment_tags: Collection[str], options: Any
) -> Iterator[Found]:
    """The messages of a notebook: its front matter, its paragraphs and the calls in its cells.

    An extractor as Babel's entry point `babel.extractors` defines it.
    """
    notebook = json.loads(fileobj.read().decode("utf-8"))
    for number, cell in enumerate(notebook["cells"], start=1):
        source = source_of(cell)
        if is_front_matter(cell, number):
            fields = front_matter_of(source)
            for name in FRONT_MATTER:
                if fields.get(name):
                    yield number, None, str(fields[name]), []
        elif cell["cell_type"] == "markdown":
            for piece in pieces(source):
                if piece.message:
                    yield number, None, piece.text, []
            code = "\n".join(expressions(source))
            yield from _calls(code, number, keywords, comment_tags, options)
        elif cell["cell_type"] == "code":
            yield from _calls(source, number, keywords, comment_tags, options)


def messages_said(root: Path, package: Path, notebooks: Path) -> Catalog:
    """A template of all messages, each with the files that say it, relative to `root`.

    Of the notebooks those are read that declare the parameter `lang`: the others are English.
    """
    from babel.messages.catalog import Catalog
    from babel.messages.extract import extract_from_file

    template = Catalog(charset="utf-8")
    ways: tuple[tuple[Path, str, Any], ...] = (
        (notebooks, "*.ipynb", extract_notebook),
        (package, "*.py", "python"),
    )
    for folder, pattern, method in ways:
        for file in sorted(folder.rglob(pattern)):
            if file.suffix == ".ipynb" and not _is_translated(file):
                continue
            name = file.relative_to(root).as_posix()
            for _, message, _, context in extract_from_file(method, str(file), KEYWORDS):
                template.add(message, locations=[(name, 0)], context=context)
    for document in sorted(package.rglob("*words.toml")):
        name = document.relative_to(root).as_posix()
        for context, message in sentences_of(document):
            template.add(message, locations=[(name, 0)], context=context or None)
    for pages in sorted(notebooks.glob("pages.csv")):
        name = pages.relative_to(root).as_posix()
        for message in _about_pages_in_english_alone(pages):
            template.add(message, locations=[(name, 0)])
    return template


def _about_pages_in_english_alone(pages: Path) -> Iterator[str]:
    """What the front pages in other languages say of a page that has no sister in theirs."""
    rows = list(csv.DictReader(pages.read_text(encoding="utf-8").splitlines()))
    made = Counter(row["notebook"] for row in rows)
    yield from (row["about"] for row in rows if made[row["notebook"]] == 1)


def _is_translated(notebook: Path) -> bool:
    if ".ipynb_checkpoints" in notebook.parts:
        return False
    cells = read_json(notebook)["cells"]
    return any(
        "parameters" in cell["metadata"].get("tags", []) and LANGUAGE.search(source_of(cell))
        for cell in cells
    )


def _calls(
    code: str, number: int, keywords: Any, comment_tags: Collection[str], options: Any
) -> Iterator[Found]:
    from babel.messages.extract import extract_python

    lines = (("" if line.lstrip()[:1] in ("%", "!") else line) for line in code.splitlines())
    stream = io.BytesIO("\n".join(lines).encode("utf-8"))
    for _, function, message, comments in extract_python(stream, keywords, comment_tags, options):
        yield number, function, message, comments
