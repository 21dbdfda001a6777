"""The airlock for notebooks: what was made from raw numbers is no page and leaves no folder.

Raw numbers come with a mark: the researcher's API shows a block ``confidential: true`` in the
notebook whenever `confidential=True` was asked for. A notebook that hides the block is refused
all the same, for what its cells ask for.
"""

from __future__ import annotations

import re
from pathlib import Path

from atips_analysis.errors import FindingsError
from atips_analysis.publishing.markdown import front_matter_in, read_cells

ASKED_FOR = re.compile(r"\bconfidential\s*=\s*(?!False\b|None\b)\S")
"""`confidential=True`, or anything but a plain False."""


def is_confidential(notebook: Path) -> bool:
    """Whether an executed notebook holds, or asks for, raw numbers."""
    for number, cell in enumerate(read_cells(notebook), start=1):
        if cell["cell_type"] == "code" and ASKED_FOR.search(cell["source"]):
            return True
        texts = [cell["source"]] if cell["cell_type"] in {"raw", "markdown"} else []
        for output in cell.get("outputs", []):
            texts.append("".join(output.get("data", {}).get("text/markdown", "")))
        for text in texts:
            found = front_matter_in(text, f"{notebook.name}, cell {number}")
            if found and found.get("confidential") is True:
                return True
    return False


def refuse_confidential(notebook: Path) -> None:
    """Stop when a notebook holds raw numbers.

    Raises
    ------
    FindingsError
        In one line.
    """
    if is_confidential(notebook):
        raise FindingsError(
            f"{notebook.name} holds confidential numbers (confidential=True): no page is made of "
            "it and it may not leave; take confidential=True out and run it again"
        )
