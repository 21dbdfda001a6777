"""Words in every language: English in code and notebooks, all else in gettext catalogues.

A catalogue is `locale/LANG/LC_MESSAGES/atips.po`; to add a language is to add one. Code says
``_ = translator(lang)`` and ``_("Cases in {year}", year=2024)``; notebooks say paragraphs, which
`translate_cells` puts into another language. The room stands before all others, since the form,
the feedback, the framework and the pages all speak, and one way to a language serves them all.
"""

from atips_analysis.words.catalogues import languages, locale_of
from atips_analysis.words.numbers import decimal_text
from atips_analysis.words.translated_notebook import translate_cells
from atips_analysis.words.translator import (
    N_,
    NC_,
    Translator,
    by_language,
    drafts_used,
    in_all_languages,
    in_language,
    recording_drafts,
    translator,
)
