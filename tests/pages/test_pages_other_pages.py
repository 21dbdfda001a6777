"""Names of other pages are links: in the reader's language where the page speaks it."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from atips_analysis.pages import page_file
from atips_analysis.project import find_project


@pytest.mark.parametrize(
    ("lang", "notebook", "file"),
    [
        ("en", "reference-sheets", "reference-sheets-en.html"),
        ("es", "reference-sheets", "reference-sheets-es.html"),
        ("es", "research/published-sources", "research/published-sources.html"),
        ("es", "a page that the house does not make", "index.html"),
    ],
)
def test_a_page_is_found_in_the_reader_s_language_or_in_the_one_it_has(lang, notebook, file):
    edition = SimpleNamespace(project=find_project(), lang=lang)
    assert page_file(edition, notebook) == file
