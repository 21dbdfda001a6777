"""What a page says in a translation that nobody has read: its notebook, and the theme around it."""

from __future__ import annotations

from pathlib import Path

from atips_analysis.files import read_json
from atips_analysis.notebooks.notebook_language import DRAFTS
from atips_analysis.render.publication import THEME
from atips_analysis.words import translator
from atips_analysis.words.catalogues import SOURCE, Key, messages_in
from atips_analysis.words.documents import sentences_of


def drafts_of_page(executed: Path, lang: str) -> frozenset[Key]:
    """What a page says that nobody has read: of its notebook, and of the theme around it.

    What was read since the notebook ran is a draft no more.
    """
    if lang == SOURCE:
        return frozenset()
    metadata = read_json(executed)["metadata"]
    said = {(str(context), str(message)) for context, message in metadata.get(DRAFTS, [])}
    said |= set(sentences_of(THEME))
    return frozenset(said & messages_in(lang).drafts)


def unreviewed(executed: Path, lang: str) -> bool:
    """Whether a page says anything in a translation that only its drafter has read."""
    return bool(drafts_of_page(executed, lang))


def line_of_draft(executed: Path, lang: str) -> str:
    """Markdown that says of a page that its translation was not reviewed; else nothing."""
    if not unreviewed(executed, lang):
        return ""
    return f"*{words_of_draft(lang)}*\n\n"


def words_of_draft(lang: str) -> str:
    """The sentence that a page in an unread translation bears."""
    _ = translator(lang)
    return _("The translation of this page is a draft that nobody has reviewed.")
