"""The airlock for notebooks: what was made from raw numbers is no page and leaves no folder.

What was protected for one notebook alone, beyond the published table, may be a working page
(`atips run`); no build makes a page of it, since nothing protects two such pages together.

Raw numbers come with a mark: the researcher's API shows a block ``confidential: true`` in the
notebook whenever `confidential=True` was asked for. A notebook that hides the block is refused
all the same, for what its cells ask for; so is one whose cells read the data bank's files
themselves. That stops mistakes, and not somebody who means to: a module of one's own that reads
the files leaves no trace in a notebook. Who may open the data bank decides what may leave it.
"""

from __future__ import annotations

import re
from pathlib import Path

from atips_analysis.errors import FindingsError
from atips_analysis.notebooks.notebook_cells import front_matter_in, read_cells

CONFIDENTIAL, BEYOND = "confidential", "beyond_what_is_published"
"""The marks that the researcher's API shows: raw numbers, and numbers of no published table."""

ASKED_FOR = re.compile(r"\bconfidential\s*=\s*(?!False\b|None\b)\S")
"""`confidential=True`, or anything but a plain False."""

READ_AROUND = re.compile(
    r"\b(?:read_parquet|scan_parquet|read_table\(.*\.parquet|ParquetFile|duckdb)\b"
    r"|\batips_analysis\.databank\b(?!\.consolidation)"
    r"|\bfrom\s+atips_analysis\s+import\s+[^\n]*\bdatabank\b"
)
"""A cell that reads the data bank's files or rows without the researcher's API, which marks."""


def is_confidential(notebook: Path) -> bool:
    """Whether an executed notebook holds, or asks for, raw numbers."""
    asked = any(
        cell["cell_type"] == "code"
        and (ASKED_FOR.search(cell["source"]) or READ_AROUND.search(cell["source"]))
        for cell in read_cells(notebook)
    )
    return asked or _bears(notebook, CONFIDENTIAL)


def is_beyond_published(notebook: Path) -> bool:
    """Whether an executed notebook holds numbers that stand in no published table."""
    return _bears(notebook, BEYOND)


def _bears(notebook: Path, mark: str) -> bool:
    for number, cell in enumerate(read_cells(notebook), start=1):
        texts = [cell["source"]] if cell["cell_type"] in {"raw", "markdown"} else []
        for output in cell.get("outputs", []):
            texts.append("".join(output.get("data", {}).get("text/markdown", "")))
        for text in texts:
            found = front_matter_in(text, f"{notebook.name}, cell {number}")
            if found and found.get(mark) is True:
                return True
    return False


def refuse_confidential(notebook: Path) -> None:
    """Stop when a notebook holds raw numbers.

    Raises FindingsError in one line.
    """
    if is_confidential(notebook):
        raise FindingsError(
            f"{notebook.name} holds confidential numbers (confidential=True, or rows read from the "
            "data bank's files): no page is made of it and it may not leave; take that out and run "
            "it again"
        )


def refuse_beyond_published(notebook: Path) -> None:
    """Stop when a notebook for a build holds numbers that stand in no published table.

    Raises FindingsError in one line.
    """
    if is_beyond_published(notebook):
        raise FindingsError(
            f"{notebook.name} shows numbers of no published table, which are protected for it "
            "alone: a build makes no page of them; add the breakdown to the indicator's `by`, so "
            "that it is protected with all others, or make a working page with atips run"
        )
