"""A notebook in its page's language, and which drafts of a translation it has said."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from atips_analysis.words import translate_cells, translator
from atips_analysis.words.catalogues import SOURCE, Key
from atips_analysis.words.translator import recording_drafts

ASKED = """\
import json
from atips_analysis.words import drafts_used
print(json.dumps(sorted(drafts_used())))"""
TAG = "drafts-of-the-translation"
DRAFTS = "drafts"
"""In the metadata of an executed notebook: the drafts that its page says, as context and English."""


def in_language_of(document: Any, values: Mapping[str, Any], name: str) -> Any:
    """The notebook as it is run for the value of its parameter `lang`; English stays as it is.

    A last cell asks the kernel which drafts its code has said (`note_drafts` takes it away).

    Raises InputError if the catalogue lacks a paragraph, or has other expressions in it.
    """
    lang = str(values.get("lang") or SOURCE)
    if lang == SOURCE:
        return document
    import nbformat

    with recording_drafts() as said:
        there = translate_cells(document, translator(lang), name)
    there.metadata[DRAFTS] = sorted(said)
    asking = nbformat.v4.new_code_cell(ASKED, metadata={"tags": [TAG]})
    there.cells.append(asking)
    return there


def note_drafts(executed: Any) -> list[Key]:
    """The drafts that an executed notebook has said; takes away the cell that asked for them."""
    said = {tuple(key) for key in executed["metadata"].get(DRAFTS, [])}
    if executed["cells"] and TAG in executed["cells"][-1]["metadata"].get("tags", []):
        answer = executed["cells"].pop()["outputs"][-1]["text"]
        said |= {tuple(key) for key in json.loads(answer)}
    return sorted(said)
