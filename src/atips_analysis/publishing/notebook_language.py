"""A notebook in its page's language, and what of its words nobody has read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from atips_analysis.publishing.publication import THEME
from atips_analysis.words import translate_cells, translator
from atips_analysis.words.catalogues import SOURCE, Key, messages_in
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

    Raises
    ------
    InputError
        If the catalogue lacks a paragraph, or has other expressions in it.
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
    return sorted(said)  # type: ignore[arg-type]


def drafts_of_page(executed: Path, lang: str) -> frozenset[Key]:
    """What a page says that nobody has read: of its notebook, and of the theme around it.

    What was read since the notebook ran is a draft no more.
    """
    if lang == SOURCE:
        return frozenset()
    metadata = json.loads(executed.read_text(encoding="utf-8"))["metadata"]
    said = {(str(context), str(message)) for context, message in metadata.get(DRAFTS, [])}
    said |= {("theme", message) for message in THEME.values()}
    return frozenset(said & messages_in(lang).drafts)


def unreviewed(executed: Path, lang: str) -> bool:
    """Whether a page says anything in a translation that only its drafter has read."""
    return bool(drafts_of_page(executed, lang))


def line_of_draft(executed: Path, lang: str) -> str:
    """Markdown that says of a page that its translation was not reviewed; else nothing."""
    if not unreviewed(executed, lang):
        return ""
    _ = translator(lang)
    line = _("The translation of this page is a draft that nobody has reviewed.")
    return f"*{line}*\n\n"
